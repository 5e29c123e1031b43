//! Passkeys in a real Chromium with an authenticator that its debugger pretends: made, used to sign in and to step up, copied.

use handover::case::actor::Role;
use serde_json::{Value, json};

use crate::helpers::{
    browser::Browser,
    desk::{Desk, PASSWORD},
};

const PAGE: &str = "/desk/account/second-factors";
/// Passkeys are made for names, never for addresses.
const NAMED: &str = "http.public_url = \"http://localhost:{port}\"";

async fn authenticator(browser: &Browser) -> String {
    browser.cdp("WebAuthn.enable", json!({"enableUI": false})).await;
    let options = json!({"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true});
    let added = browser.cdp("WebAuthn.addVirtualAuthenticator", json!({"options": options})).await;
    added["authenticatorId"].as_str().unwrap().to_owned()
}

async fn credentials(browser: &Browser, authenticator: &str) -> Vec<Value> {
    let found = browser.cdp("WebAuthn.getCredentials", json!({"authenticatorId": authenticator})).await;
    found["credentials"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_passkey_is_made_signs_in_steps_up_and_is_refused_once_copied() {
    let desk = Desk::start_with(NAMED).await;
    let ann = desk.staff("ann", Role::Admin).await;
    let english = "update staff set language = 'en'";
    sqlx::query(english).execute(&desk.casework.app.pool).await.unwrap();
    desk.visitor("en").get("/desk/sign-in").await.is(200).says("Passkeys need JavaScript");
    let address = desk.casework.app.settings.http.public_url.clone();
    let browser = Browser::start(&address, "en").await;
    let key = authenticator(&browser).await;

    browser.open("/desk/sign-in").await;
    browser.judge("sign-in-passkeys").await;
    browser.fill("email", &ann.email).await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form[action='/desk/sign-in'] button").await;
    browser.open(PAGE).await;
    browser.judge("second-factors").await;
    // Without the password nothing is made.
    browser.click("form[data-passkey] button").await;
    browser.until_it_says("Enter your password").await;
    assert!(credentials(&browser, &key).await.is_empty());
    browser.find("#passkey-name").await.send_keys("Laptop").await.unwrap();
    browser.find("#passkey-password").await.send_keys(PASSWORD).await.unwrap();
    browser.click("form[data-passkey] button").await;
    browser.until_it_says("You see these codes this once").await;
    browser.judge("recovery-codes").await;
    desk.work_until_idle().await;
    assert!(desk.take_letter(&ann.email).text.contains("A passkey was set up for your account: Laptop."));
    let made = credentials(&browser, &key).await;
    assert_eq!(
        (made.len(), &made[0]["isResidentCredential"], &made[0]["rpId"]),
        (1, &json!(true), &json!("localhost"))
    );
    browser.open(PAGE).await;
    browser.until_it_says("Laptop").await;
    browser.judge("second-factors-some").await;
    browser.open("/desk/administration/second-factors").await;
    browser.judge("administration-second-factors").await;

    // A password alone: the second step, which the passkey answers.
    browser.open(PAGE).await;
    browser.submit("form[action='/desk/sign-out'] button").await;
    browser.open("/desk/sign-in").await;
    browser.fill("email", &ann.email).await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form[action='/desk/sign-in'] button").await;
    browser.until_it_says("Second step of signing in").await;
    browser.judge("second-step").await;
    browser.submit("form[data-passkey] button").await;
    browser.until_it_says("Sign out").await;

    // Step-up: what was asked for is done with it, once it is fresh.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(20)));
    browser.open(PAGE).await;
    browser.submit(&format!("form[action='{PAGE}/recovery-codes'] button")).await;
    browser.until_it_says("Show your second factor").await;
    browser.judge("step-up").await;
    browser.submit("form[data-passkey] button").await;
    browser.until_it_says("You see these codes this once").await;
    desk.work_until_idle().await;
    desk.take_letter(&ann.email);
    browser.open(PAGE).await;
    browser.submit(&format!("form[action='{PAGE}/apps'] button")).await;
    browser.judge("second-factors-app").await;

    // Another one, once what is there was shown: the browser would not make the same twice, but it is asked to.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(20)));
    browser.open(PAGE).await;
    browser.submit(&format!("form[action='{PAGE}/fresh'] button")).await;
    browser.submit("form[data-passkey] button").await;
    browser.until_it_says("Make ten new ones").await;
    browser.find("#passkey-name").await;

    // By passkey alone, which is both; the session says so.
    browser.open(PAGE).await;
    browser.submit("form[action='/desk/sign-out'] button").await;
    browser.open("/desk/sign-in").await;
    browser.submit("form[data-passkey] button").await;
    browser.until_it_says("Sign out").await;
    let pool = &desk.casework.app.pool;
    let began: (String, String) =
        sqlx::query_as("select signed_in_with, second_factor from sessions order by created_at desc limit 1")
            .fetch_one(pool)
            .await
            .unwrap();
    assert_eq!(began, ("passkey".to_owned(), "passkey".to_owned()));

    // What was signed once is signed for nothing else: the ceremony is over, and needs its browser.
    let answer = ann.visitor.post("/desk/sign-in/passkey", &[("passkey_credential", "{}")]).await.is(422);
    answer.says("That took too long");
    ann.visitor.post("/desk/sign-in/passkey/challenge", &[]).await.is(200);
    let answer = ann.visitor.post("/desk/sign-in/passkey", &[("passkey_credential", "{}")]).await.is(422);
    answer.says("could not be verified");
    let answer = ann.visitor.post("/desk/sign-in/passkey", &[("passkey_credential", "{}")]).await.is(422);
    answer.says("That took too long");

    // A copy that lags behind: refused, told, and everybody is signed out.
    browser.open(PAGE).await;
    browser.submit("form[action='/desk/sign-out'] button").await;
    let mut copy = credentials(&browser, &key).await.remove(0);
    let id = copy["credentialId"].clone();
    browser.cdp("WebAuthn.removeCredential", json!({"authenticatorId": key, "credentialId": id})).await;
    copy["signCount"] = json!(1);
    browser.cdp("WebAuthn.addCredential", json!({"authenticatorId": key, "credential": copy})).await;
    browser.open("/desk/sign-in").await;
    browser.submit("form[data-passkey] button").await;
    browser.until_it_says("there may be a copy").await;
    browser.judge("passkey-refused").await;
    desk.work_until_idle().await;
    assert!(desk.take_letter(&ann.email).text.contains("A passkey of your account is refused: Laptop."));
    let sessions: i64 = sqlx::query_scalar("select count(*) from sessions").fetch_one(pool).await.unwrap();
    assert_eq!(sessions, 0);
    browser.open("/desk/sign-in").await;
    browser.submit("form[data-passkey] button").await;
    browser.until_it_says("belongs to no account").await;
    browser.quit().await;
    desk.finish().await;
}

/// Nobody is offered what no browser would do.
#[actix_web::test]
async fn at_a_bare_address_there_are_no_passkeys() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    desk.visitor("en").get("/desk/sign-in").await.is(200).never_says("passkey");
    desk.visitor("en").post("/desk/sign-in/passkey/challenge", &[]).await.is(404);
    ann.visitor.get(PAGE).await.is(200).says("Passkeys can't be used at this address");
    desk.finish().await;
}

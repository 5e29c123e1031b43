//! The viewer of the document for programs, in a real browser under our policy: everything is drawn, an operation is tried out with a
//! token that was typed in, nothing is refused by the policy, and no cookie goes along.

use handover::case::actor::Role;
use serde_json::{Value, json};

use crate::helpers::{browser::Browser, desk::Desk, script::ALL};

#[actix_web::test]
async fn an_operation_is_tried_out_with_a_token_and_without_a_cookie() {
    let desk = Desk::start().await;
    let script = desk.script(&desk.staff("Ann", Role::Agent).await, &ALL).await;
    let plain = desk.visitor("en").get("/api/v1").await.is(200);
    assert!(plain.text.contains("href=\"/api/v1/viewer\""));
    let page = script.send(script.without_token(reqwest::Method::GET, "/api/v1/viewer")).await.is(200);
    let policy = page.header("content-security-policy").to_owned();
    for strict in ["default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';"] {
        assert!(policy.contains(strict), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    // Of the crate's files those alone that the page loads.
    for name in ["index.html", "swagger-initializer.js", "oauth2-redirect.html", "..%2fopenapi.json"] {
        let other = script.without_token(reqwest::Method::GET, &format!("/api/v1/viewer/{name}"));
        script.send(other).await.is(404);
    }

    let document = script.get("/api/v1/openapi.json").await.is(200).json();
    let told = document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len());
    let told: usize = told.sum();
    let browser = Browser::start_with(&desk.address, "en", &[], &["browser", "performance"]).await;
    browser.open("/desk/sign-in").await;
    browser
        .cdp(
            "Network.setCookie",
            json!({ "name": "handover_session", "value": "secret", "url": desk.address }),
        )
        .await;
    // An address of somebody else's in ours is not read.
    browser.open("/api/v1/viewer?url=https://evil.example/openapi.json").await;
    browser.until_it_says("/api/v1/bulk").await;
    let drawn = browser.script("return document.querySelectorAll('.opblock').length", vec![]).await;
    assert_eq!(drawn, told);

    browser.click(".authorize").await;
    browser.find(".modal-ux input").await.send_keys(&script.token).await.unwrap();
    browser.click(".modal-ux .authorize").await;
    browser.click(".modal-ux .btn-done").await;
    browser.script("document.querySelector('[id$=list_views] button').click()", vec![]).await;
    browser.until_it_says("Try it out").await;
    browser.script("document.querySelector('.try-out__btn').click()", vec![]).await;
    browser.until_it_says("Execute").await;
    browser.script("document.querySelector('.execute').click()", vec![]).await;
    browser.until_it_says("Server response").await;
    browser.until_it_says("\"views\"").await;

    let complaints = browser.driver.browser_log().await.unwrap();
    assert!(complaints.is_empty(), "{complaints:#?}");
    let mut asked = 0;
    for entry in browser.driver.get_log("performance").await.unwrap() {
        let entry: Value = serde_json::from_str(&entry.message).unwrap();
        let (method, told) = (&entry["message"]["method"], &entry["message"]["params"]);
        if method == "Network.requestWillBeSent" {
            let url = told["request"]["url"].as_str().unwrap();
            assert!(
                url.starts_with(&desk.address) || ["data:", "chrome:"].iter().any(|own| url.starts_with(own)),
                "{url}"
            );
        }
        if method == "Network.requestWillBeSentExtraInfo" {
            let headers = told["headers"].as_object().unwrap();
            let has = |name: &str| headers.keys().any(|key| key.eq_ignore_ascii_case(name));
            if has("authorization") {
                asked += 1;
                assert!(!has("cookie"), "{headers:?}");
            }
        }
    }
    assert_eq!(asked, 1, "what was tried out was asked for");
    // Nothing of the token is kept in the browser.
    let kept = "return JSON.stringify([{...localStorage}, {...sessionStorage}])";
    let kept = browser.script(kept, vec![]).await;
    assert!(!kept.as_str().unwrap().contains(&script.token), "{kept}");
    browser.quit().await;
    desk.finish().await;
}

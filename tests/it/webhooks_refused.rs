//! What webhooks never do: reach what only this machine reaches, follow a receiver elsewhere, read without end; and who may
//! not have one.

use handover::case::actor::Role;

use crate::{
    helpers::{
        browser::Browser,
        desk::{Desk, PASSWORD, StaffVisitor},
        receiver::{Manner, Receiver},
    },
    webhooks::{ALLOWED, hooks},
};

const HOOKS: &str = "/desk/administration/webhooks";

async fn tests(desk: &Desk, eva: &StaffVisitor, page: &str) {
    eva.visitor.post(&format!("{page}/test"), &[]).await.went_well();
    desk.work_until_idle().await;
}

#[actix_web::test]
async fn addresses_inside_are_refused_with_words_and_nothing_else_is_lost() {
    let desk = Desk::start().await;
    let eva = desk.staff("eva", Role::Admin).await;
    for (address, words) in [
        ("", "Please enter a whole address"),
        ("https://127.0.0.1/", "not on the public internet"),
        ("https://169.254.169.254/latest", "not on the public internet"),
        ("https://[::ffff:7f00:1]/", "not on the public internet"),
        ("https://2130706433/", "in the usual form"),
        ("https://localhost/", "in the usual form"),
        ("https://hooks.reseller.example:22/", "does not use this port"),
        ("https://user:word@hooks.reseller.example/", "leave out the user name"),
        ("ftp://hooks.reseller.example/", "must begin with https://"),
    ] {
        let fields = [("name", "Ours"), ("address", address), ("kind_case_sent", "true")];
        let page = eva.visitor.post(HOOKS, &fields).await.is(422).says(words);
        assert_eq!(page.field("name").as_deref(), Some("Ours"));
    }
    let fields = [("name", "Our\u{202e}s"), ("address", "https://hooks.reseller.example/")];
    eva.visitor.post(HOOKS, &fields).await.is(422).says("Please choose at least one");
    desk.finish().await;
}

#[actix_web::test]
async fn only_administrators_have_webhooks() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(200, String::new())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, _) = hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    for (name, role) in [("ada", Role::Auditor), ("ann", Role::Agent), ("ben", Role::Approver)] {
        let other = desk.staff(name, role).await;
        for path in [HOOKS, &page] {
            other.get(path).await.is(403);
        }
        for what in
            ["", "/test", "/rotation", "/deletion", "/disabling", "/enabling", "/deliveries/1/repetition"]
        {
            other.visitor.post(&format!("{page}{what}"), &[("version", "1")]).await.is(403);
        }
        other.get("/desk/administration").await.is(200).never_says("Webhooks");
    }
    // Somebody was faster.
    let version =
        |version: &'static str| [("name", "Other"), ("version", version), ("kind_case_sent", "true")];
    eva.visitor.post(&page, &version("1")).await.went_well();
    let stale =
        eva.visitor.post(&page, &version("1")).await.is(409).says("Somebody else changed this webhook");
    assert_eq!(stale.field("version").as_deref(), Some("2"));
    // The address stayed.
    tests(&desk, &eva, &page).await;
    assert_eq!(receiver.requests().len(), 1);
    desk.finish().await;
}

#[actix_web::test]
async fn no_receiver_leads_us_elsewhere_or_feeds_us_without_end() {
    let desk = Desk::start_with(ALLOWED).await;
    let elsewhere = Receiver::start(Manner::Says(200, String::new())).await;
    let receiver = Receiver::start(Manner::RedirectsTo(elsewhere.address())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, _) = hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    tests(&desk, &eva, &page).await;
    eva.get(&page).await.says("HTTP 307").says("waits");
    assert!(elsewhere.requests().is_empty());
    receiver.behaves(Manner::Floods);
    desk.later(1).await;
    eva.get(&page).await.says("HTTP 200").says("taken");
    let longest: i32 = sqlx::query_scalar("select max(length(response)) from webhook_deliveries")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(longest, 500);
    // Whoever hangs up before a word is told again.
    receiver.behaves(Manner::HangsUp);
    tests(&desk, &eva, &page).await;
    let page = eva.get(&page).await.says("waits");
    assert!(!page.text.contains("s3cret"), "{}", page.text);
    desk.finish().await;
}

/// A name server that says something harmless first, and another address when it is asked again, is not asked again.
#[actix_web::test]
async fn the_connection_is_made_to_the_address_that_was_judged() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(200, String::new())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let name = "hooks.reseller.example";
    let address = format!("http://{name}:{}/", receiver.port);
    let (page, _) = hooks(&eva, &address, &["case_closed"], &[]).await;
    for dns in &desk.dns {
        dns.says_addresses(name, &[&["127.0.0.1"], &["10.0.0.1"]]);
    }
    tests(&desk, &eva, &page).await;
    assert_eq!(receiver.requests().len(), 1);
    let asked =
        desk.dns.iter().flat_map(|dns| dns.questions()).filter(|one| *one == format!("A {name}")).count();
    assert_eq!(asked, 1, "one question, one answer, one connection");
    eva.get(&page).await.says("taken");

    // From now on it leads inside; and a name that leads to both is somebody's who tries.
    for answers in [&["10.0.0.1"][..], &["127.0.0.1", "169.254.169.254"], &[]] {
        desk.dns[0].says_addresses(name, &[answers]);
        tests(&desk, &eva, &page).await;
        assert_eq!(receiver.requests().len(), 1, "{answers:?}");
    }
    eva.get(&page).await.says("which is not on the public internet").says("the name has no address");
    // One resolver is silent: the other is asked.
    desk.dns[0].fails(true);
    desk.dns[1].says_addresses(name, &[&["127.0.0.1"]]);
    desk.later(1).await;
    assert_eq!(receiver.requests().len(), 4);
    desk.finish().await;
}

#[actix_web::test]
async fn the_pages_are_for_everybody() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(500, "out\u{202e} of order".to_owned())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, _) = hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    tests(&desk, &eva, &page).await;
    let browser = Browser::start(&desk.address, "en").await;
    browser.open("/desk/sign-in").await;
    browser.fill("email", "eva@reseller.example").await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form button").await;
    browser.open(HOOKS).await;
    browser.judge("webhooks").await;
    browser.open(&page).await;
    browser.judge("webhook").await;
    browser.open(&format!("{HOOKS}/new")).await;
    browser.submit("main form .button--primary").await;
    browser.judge("webhook-mistakes").await;
    browser.quit().await;
    desk.finish().await;
}

//! Open pages of the desk: told of what changed, of nothing else, and for no longer than their reader may look.

use std::time::Duration;

use handover::case::actor::Role;
use reqwest::{Response, StatusCode};

use crate::helpers::{
    browser::Browser,
    desk::{Desk, PASSWORD, StaffVisitor},
    receiver::{Manner, Receiver},
    story::REQUESTER,
};

/// Longer than anything is gathered or held back, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(45);

/// The events of one open page.
struct Line {
    response: Response,
    text: String,
}

impl Line {
    async fn open(staff: &StaffVisitor, case: &str) -> Self {
        let response = staff.visitor.fetch(&format!("/desk/live?case={case}")).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { response, text: String::new() }
    }

    /// The data of the next event with this name; those before it are passed over. `None` where the stream ends.
    async fn next(&mut self, name: &str) -> Option<String> {
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                while let Some((event, rest)) = self.text.split_once("\n\n") {
                    let data = event.strip_prefix(&format!("event: {name}\ndata: ")).map(str::to_owned);
                    self.text = rest.to_owned();
                    if data.is_some() {
                        return data;
                    }
                }
                let chunk = self.response.chunk().await.ok().flatten()?;
                self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        });
        found.await.unwrap_or_else(|_| panic!("no {name} came"))
    }

    /// Waits for the end of the stream.
    async fn ended(&mut self) {
        while self.response.chunk().await.is_ok_and(|chunk| chunk.is_some()) {}
    }

    /// The names of what comes within a moment.
    async fn names_for(&mut self, moment: Duration) -> Vec<String> {
        let _over = tokio::time::timeout(moment, async {
            while let Some(chunk) = self.response.chunk().await.unwrap() {
                self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        })
        .await;
        let names = self.text.lines().filter_map(|line| line.strip_prefix("event: ").map(str::to_owned));
        let names = names.collect();
        self.text.clear();
        names
    }
}

#[actix_web::test]
async fn a_change_is_told_to_the_pages_that_show_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let visitor = desk.visitor("de");
    let number = desk.verified_case(&visitor, &ann).await;
    let other = desk.verified_case_of(&visitor, &ann).await;
    let mut page = Line::open(&ann, &number).await;
    let mut beside = Line::open(&ann, &other).await;
    let mut queue = Line::open(&ben, "").await;
    let version: i32 = page.next("case").await.unwrap().parse().unwrap();
    beside.next("case").await.unwrap();
    queue.next("needs").await.unwrap();
    beside.names_for(Duration::from_secs(1)).await;

    ben.does(&number, "notes", &[("note", "Ich rufe morgen an.")]).await.went_well();
    // How it stood is told once more when the listener has begun to listen.
    while page.next("case").await.unwrap().parse::<i32>().unwrap() != version + 1 {}
    assert_eq!(queue.next("changed").await.unwrap(), "true");
    assert!(!beside.names_for(Duration::from_secs(3)).await.contains(&"case".to_owned()));

    // A letter changes what the page shows, though not the case.
    desk.visitor("de").get("/").await.is(200);
    ann.does(&number, "question", &[("question", "Seit wann?")]).await.went_well();
    page.next("case").await.unwrap();
    desk.work_until_idle().await;
    page.next("case").await.unwrap();
    desk.take_letter(REQUESTER);

    // Who else looks: each page says it of the others, and forgets it when they go.
    let mut bens = Line::open(&ben, &number).await;
    assert!(bens.next("watchers").await.unwrap().contains("ann is looking at this case"));
    assert!(page.next("watchers").await.unwrap().contains("ben is looking at this case"));
    ben.open(&number).await.says("ann is looking at this case");
    drop(page);
    assert_eq!(bens.next("watchers").await.unwrap(), r#"{"said":""}"#);
    desk.finish().await;
}

#[actix_web::test]
async fn a_listener_that_is_cut_off_listens_again_and_misses_nothing() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let mut page = Line::open(&ann, &number).await;
    page.next("case").await.unwrap();
    let killed: i64 = sqlx::query_scalar(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity
         where datname = current_database() and query ilike 'listen%'",
    )
    .fetch_one(&desk.casework.app.pool)
    .await
    .unwrap();
    assert!(killed >= 1, "there was a listener");
    // Told at once, as nobody knows what was missed; and of what comes after.
    page.next("case").await.unwrap();
    ann.does(&number, "notes", &[("note", "Nach dem Ausfall.")]).await.went_well();
    page.next("case").await.unwrap();
    desk.finish().await;
}

#[actix_web::test]
async fn two_servers_tell_of_each_others_changes_and_readers() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let there = ben.at(&desk.another_server().await).await;
    let mut page = Line::open(&ann, &number).await;
    let version: i32 = page.next("case").await.unwrap().parse().unwrap();
    let mut bens = Line::open(&there, &number).await;
    assert!(bens.next("watchers").await.unwrap().contains("ann is looking at this case"));
    assert!(page.next("watchers").await.unwrap().contains("ben is looking at this case"));
    there.does(&number, "notes", &[("note", "Vom anderen Rechner.")]).await.went_well();
    while page.next("case").await.unwrap().parse::<i32>().unwrap() != version + 1 {}
    drop(page);
    while bens.next("watchers").await.unwrap() != r#"{"said":""}"# {}
    desk.finish().await;
}

/// Somebody who comes by a machine that was left with a page open, or who left the reseller this morning.
#[actix_web::test]
async fn a_page_that_is_only_open_keeps_no_session_and_outlives_none() {
    let desk = Desk::start_with("desk.idle_minutes = 30").await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let mut line = Line::open(&ann, "").await;
    line.next("needs").await.unwrap();
    let begun = desk.now();
    for (minutes, expected) in [(20, StatusCode::OK), (40, StatusCode::UNAUTHORIZED)] {
        desk.clock.set(begun.after(jiff::SignedDuration::from_mins(minutes)));
        let asked = ann.visitor.asks_by_itself("/desk/cases").await;
        assert_eq!(asked.status(), expected, "after {minutes} minutes without anybody");
    }
    assert_eq!(ann.visitor.fetch("/desk/live").await.status(), 401);
    // The next sign of life finds that out, too.
    assert_eq!(tokio::time::timeout(Duration::from_secs(30), line.ended()).await, Ok(()));
    desk.finish().await;
}

#[actix_web::test]
async fn strangers_and_other_cases_are_not_told_of() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    assert_eq!(desk.visitor("de").fetch("/desk/live").await.status(), 401);
    assert_eq!(ann.visitor.fetch("/desk/live?case=HO-2026-99999").await.status(), 404);
    assert_eq!(ann.visitor.fetch("/desk/live?case=%27").await.status(), 404);
    // A page of another site that opens lines in Ann's browser, to take their places.
    let foreign = ann.visitor.fetch_with("/desk/live", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(foreign.status(), 403);

    // Nobody takes everybody's places; what is closed is free again.
    let ben = desk.staff("ben", Role::Agent).await;
    let mut lines = Vec::new();
    for _ in 0..20 {
        lines.push(Line::open(&ann, "").await);
    }
    assert_eq!(ann.visitor.fetch("/desk/live").await.status(), 503);
    Line::open(&ben, "").await.next("needs").await.unwrap();
    lines.pop();
    let freed = tokio::time::timeout(PATIENCE, async {
        while ann.visitor.fetch("/desk/live").await.status() != 200 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    freed.await.unwrap();
    desk.finish().await;
}

#[actix_web::test]
async fn what_changed_appears_and_what_somebody_types_stays() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let browser = Browser::start(&desk.address, "de").await;
    browser.open(&format!("/desk/cases/{number}")).await;
    browser.fill("email", "ann@reseller.example").await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form button").await;

    // Nothing typed: the part is there anew, on the same page.
    browser.script("window.isTheSame = true", vec![]).await;
    ben.does(&number, "notes", &[("note", "Bitte bis Freitag.")]).await.went_well();
    browser.until_it_says("Bitte bis Freitag.").await;

    // While a letter is written, its form stays, and the page says so.
    browser.script("document.querySelector('textarea[name=\"opening\"]').scrollIntoView()", vec![]).await;
    browser.find("textarea[name=\"opening\"]").await.send_keys(" Noch nicht fertig.").await.unwrap();
    let _bens = Line::open(&ben, &number).await;
    browser.until_it_says("ben sieht sich diesen Vorgang gerade an").await;
    ben.does(&number, "question", &[("question", "Seit wann ist Frau Abend fort?")]).await.went_well();
    browser.until_it_says("Hier hat sich gerade etwas geändert.").await;
    let typed = "return document.querySelector('textarea[name=\"opening\"]').value";
    let kept = browser.script(typed, vec![]).await;
    assert!(kept.as_str().unwrap().ends_with("Noch nicht fertig."), "{kept}");
    browser.judge("case-live").await;
    // Shown all the same: what was typed goes on in the new form, at the version it was typed at.
    let note = "form[action$=\"/notes\"]";
    let unsaved = format!(
        "const form = document.querySelector('{note}'); form.closest('details').open = true;
         form.elements.note.value = 'Rückruf vereinbart'; return form.elements.version?.value"
    );
    let before = browser.script(&unsaved, vec![]).await;
    browser.click("[data-live-held] button").await;
    browser.until_it_says("Seit wann ist Frau Abend fort?").await;
    assert_eq!(browser.script("return window.isTheSame", vec![]).await.as_bool(), Some(true));
    let carried = format!(
        "const form = document.querySelector('{note}'); return [form.elements.note.value, form.elements.version?.value]"
    );
    let carried = browser.script(&carried, vec![]).await;
    assert_eq!(carried[0].as_str(), Some("Rückruf vereinbart"));
    assert_eq!(carried[1], before);

    // A form that is being sent is not replaced by one that can be sent again.
    let sending = "document.querySelector('form[method=post]').dataset.sent = 'yes'";
    browser.script(sending, vec![]).await;
    ben.does(&number, "notes", &[("note", "Während gesendet wird.")]).await.went_well();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let page = browser.script("return document.body.textContent", vec![]).await;
    assert!(!page.as_str().unwrap().contains("Während gesendet wird."));

    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    browser.quit().await;
    desk.finish().await;
}

#[actix_web::test]
async fn what_becomes_of_a_webhook_is_told_to_its_page() {
    let desk = Desk::start_with(crate::webhooks::ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(200, String::new())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, _) = crate::webhooks::hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    for (path, regions) in
        [("/desk/administration/webhooks", &["endpoints"][..]), (&page, &["head", "messages", "end"])]
    {
        let text = eva.get(path).await.is(200).text;
        assert!(text.contains("data-live-list"), "{path}");
        assert!(regions.iter().all(|region| text.contains(&format!("data-region=\"{region}\""))), "{path}");
    }
    // The page with a secret stands at the address of a form, and is asked for no second time.
    let secret = eva.visitor.post(&format!("{page}/rotation"), &[]).await.is(200).text;
    assert!(secret.contains("whsec_") && !secret.contains("data-live-list"), "{secret}");
    let mut open = Line::open(&eva, "").await;
    open.next("needs").await.unwrap();
    open.names_for(Duration::from_secs(1)).await;
    eva.visitor.post(&format!("{page}/test"), &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(open.next("changed").await.unwrap(), "true");
    open.names_for(Duration::from_secs(3)).await;
    eva.visitor.post(&format!("{page}/disabling"), &[]).await.went_well();
    assert_eq!(open.next("changed").await.unwrap(), "true");
    desk.finish().await;
}

//! The figures for a monitoring system: only for whoever knows the token, and without anybody's data.

use reqwest::Client;

use crate::helpers::{
    desk::Desk,
    smtp::{Answer as Say, Stage},
    story::form,
};

const TOKEN: &str = "a token of thirty-two characters";

async fn ask(desk: &Desk, token: Option<&str>) -> (u16, String) {
    let request = Client::new().get(format!("{}/metrics", desk.address));
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[actix_web::test]
async fn figures_are_there_only_where_a_token_is_set_and_for_whoever_knows_it() {
    let desk = Desk::start().await;
    assert_eq!(ask(&desk, None).await.0, 404);
    assert_eq!(ask(&desk, Some("")).await.0, 404);
    desk.finish().await;

    let desk = Desk::start_with(&format!("metrics.token = {TOKEN:?}")).await;
    for token in [None, Some(""), Some("wrong"), Some(&TOKEN[1..])] {
        let (status, text) = ask(&desk, token).await;
        assert_eq!((status, text.as_str()), (401, ""), "{token:?}");
    }
    assert_eq!(ask(&desk, Some(TOKEN)).await.0, 200);
    desk.finish().await;
}

#[actix_web::test]
async fn they_tell_what_mail_and_cases_do_and_name_nobody() {
    let settings = format!(
        "metrics.token = {TOKEN:?}\nmail.imap.host = \"imap.reseller.example\"\nmail.imap.username = \"ann@reseller.example\""
    );
    let desk = Desk::start_with(&settings).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.staff("ann", handover::case::actor::Role::Agent).await;
    desk.smtp.answer(Stage::Recipient, Say::Say("550 5.1.1 no such mailbox"));
    desk.smtp.answer(Stage::Recipient, Say::Say("451 4.2.0 later"));
    for question in ["Seit wann?", "Und wer?"] {
        ann.does(&number, "question", &[("question", question)]).await.went_well();
        desk.work_until_idle().await;
    }
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(10)));
    let (_, text) = ask(&desk, Some(TOKEN)).await;
    for line in [
        &format!(
            "handover_build_info{{version=\"{}\",schema=\"{}\",commit=\"\"}} 1",
            env!("CARGO_PKG_VERSION"),
            handover::migrations::latest()
        ),
        "handover_emails_queued 1",
        "handover_emails_deferred 1",
        "handover_emails_oldest_queued_seconds 10",
        "handover_emails{state=\"failed\"} 1",
        "handover_emails_open 1",
        "handover_sending_put_off_tries 1",
        "handover_sending_alarm 0",
        "handover_sending_last_success_timestamp_seconds 1780300800",
        "handover_collecting_alarm{mailbox=\"imap.reseller.example:993/INBOX\"} 1",
        "handover_inbound_quarantined 0",
        "handover_cases{state=\"awaiting_customer\",waiting_for=\"customer\"} 1",
        "handover_cases_overdue{state=\"awaiting_customer\",waiting_for=\"customer\"} 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(" Nordlicht") && !text.contains('@') && !text.contains("HO-"), "{text}");
    desk.later(1).await;
    desk.take_all_letters();
    desk.finish().await;
}

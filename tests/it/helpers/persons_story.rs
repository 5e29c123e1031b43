//! Somebody who comes to stand in every table, by the ways that people really come in.

use super::{
    desk::{Desk, StaffVisitor},
    inbound::{Mail, bounce},
    receiver::{Manner, Receiver},
    story::{REQUESTER, SUCCESSOR, form_with, letter_as_pdf},
};
use crate::webhooks::hooks;
use handover::case::actor::Role;
use uuid::Uuid;

pub const QUIRIN: &str = "quirin.zabelstein@nordlicht.example";
pub const NAME: &str = "Quirin Zabelstein";
pub const PHONE: &str = "+49 30 23125 777";
const US: &str = "handover@reseller.example";

pub struct Story {
    /// One that is closed: he was the departed contact.
    pub closed: String,
    /// One that he filed, and his link to it.
    own_link: String,
}

/// The register with him as the technical contact of Nordlicht.
fn register() -> String {
    include_str!("register.csv")
        .replace("Petra Abend", NAME)
        .replace("petra.abend@nordlicht.example", QUIRIN)
        .replace("+49 30 23125 101", PHONE)
}

pub async fn who_is_everywhere(desk: &Desk, eva: &StaffVisitor) -> Story {
    desk.import(&register()).await;
    let receiver = Receiver::start(Manner::Says(200, "thanks".to_owned())).await;
    hooks(
        eva,
        &receiver.address(),
        &["case_opened", "case_confirmed", "case_state_changed", "case_closed"],
        &[("personal", "true")],
    )
    .await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let customer = desk.visitor("de");

    // The yearly question: he is asked, and wants to be asked no more.
    desk.work_until_idle().await;
    desk.later(1).await;
    let asked = desk.take_letters(QUIRIN).pop().expect("he is asked");
    customer.post(&format!("{}/unsubscription", asked.link("contact-checks")), &[]).await;

    // A case in which he has left, from the form to the end.
    let fields = form_with(&[
        ("departed_name", NAME),
        ("departed_email", QUIRIN),
        ("entitlements", "SEN-10000001"),
        ("explanation", "Herr Zabelstein ist weg, Telefon war +49 30 23125 777."),
    ]);
    let closed = desk.confirmed_case(&customer, &fields).await;
    let accept = desk.take_letter(SUCCESSOR).link("successors");
    customer.post(&accept, &[("decision", "accept")]).await.went_well();
    ann.does(
        &closed,
        "notes",
        &[(
            "note",
            "Quirin Zabelstein (quirin.zabelstein+alt@nordlicht.example) called from +49 30 23125 777.",
        )],
    )
    .await
    .went_well();
    ann.calls_back(&closed).await;
    let file = letter_as_pdf(&format!("about {NAME}"));
    ann.visitor.uploads(&format!("/desk/cases/{closed}/evidence"), "Zabelstein.pdf", &file).await.went_well();
    assert!(!desk.take_letters(QUIRIN).is_empty(), "he gets a notice");
    desk.later(8 * 24).await;
    ann.drafts(&closed).await;
    ben.approves(&closed).await.went_well();
    desk.work_until_idle().await;
    // An answer of the requester's that speaks of him in quoted-printable, to a letter of the case.
    let letter = desk.take_letters(REQUESTER).pop().expect("a letter of the case");
    let answer = Mail::authentic(REQUESTER, &letter.return_path)
        .with("Content-Type", "text/plain; charset=utf-8")
        .with("Content-Transfer-Encoding", "quoted-printable")
        .saying("Bitte fragen Sie Quirin=20Zabelstein, quirin.zabelst=\nein=40nordlicht.example.\n");
    desk.receives(&answer.raw()).await;
    desk.take_all_letters();
    ann.does(&closed, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
    desk.work_until_idle().await;
    let own = desk.take_letter(SUCCESSOR).link("successors");
    customer.post(&format!("{own}/access-confirmation"), &[("access", "yes")]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.state(&closed).await, "closed");
    desk.take_all_letters();

    // One that he files himself, and that is open.
    let fields = form_with(&[
        ("requester_name", NAME),
        ("requester_email", QUIRIN),
        ("requester_phone", PHONE),
        ("departed_name", "Jonas Reuter"),
        ("departed_email", "jonas.reuter@nordlicht.example"),
        ("contact_role", "billing"),
        ("entitlements", "SEN-10000002"),
    ]);
    desk.confirmed_case(&customer, &fields).await;
    let letters = desk.take_letters(QUIRIN);
    let own_link =
        letters.iter().find(|letter| letter.text.contains("/cases/")).map(|letter| letter.link("cases"));

    // What belongs to no case: prepared for him, written by him in base64, answered, set aside, and a way back in that nobody has.
    let id = Uuid::new_v4().to_string();
    let prepared = [
        ("id", id.as_str()),
        ("language", "de"),
        ("requester_email", QUIRIN),
        ("requester_name", NAME),
        ("explanation", "Herr Zabelstein rief an."),
    ];
    ann.visitor.post("/desk/prepared", &prepared).await.went_well();
    let body = data_encoding::BASE64.encode(format!("{NAME}, {PHONE}").as_bytes());
    for (from, subject) in
        [(QUIRIN, "Question"), ("stranger@elsewhere.example", "About quirin.zabelstein@nordlicht.example")]
    {
        let message = Mail::unauthentic(from, US)
            .with("Subject", subject)
            .with("Cc", &format!("\"{NAME}\" <{QUIRIN}>"))
            .with("Content-Transfer-Encoding", "base64")
            .saying(&body);
        desk.receives(&message.raw()).await;
    }
    desk.receives(&bounce(US, QUIRIN, None)).await;
    let waiting: Vec<(Uuid, Option<String>)> =
        sqlx::query_as("select id, from_address from inbound_emails where state = 'quarantined' order by id")
            .fetch_all(&desk.casework.app.pool)
            .await
            .unwrap();
    for (message, from) in waiting {
        let base = format!("/desk/quarantine/{message}");
        if from.as_deref() == Some(QUIRIN) {
            let answered = ann.visitor.post(&format!("{base}/answer"), &[("language", "de")]).await;
            if answered.status.as_u16() == 303 {
                continue;
            }
        }
        ann.visitor.post(&format!("{base}/discard"), &[("reason", "Nothing to do.")]).await.went_well();
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    customer.post("/desk/password-resets", &[("email", QUIRIN)]).await;
    Story { closed, own_link: own_link.expect("he has a link to his case") }
}

impl Story {
    pub async fn close_all(&self, desk: &Desk) {
        let customer = desk.visitor("de");
        customer.post(&format!("{}/withdrawal", self.own_link), &[]).await.went_well();
        desk.work_until_idle().await;
        desk.take_all_letters();
    }
}

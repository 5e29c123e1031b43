//! The customer's side as it is lived, in a real Chromium 360 pixels wide: whole ways of whoever asks, whoever follows, a contact on
//! record who is asked and the one who is said to have left, from the guide to the closed case. Links come out of the letters
//! that were sent; staff do their part over HTTP.
//!
//! Two ways, and everybody on them reads another language with scripts or without: so each kind of person meets both languages,
//! both kinds of browser, both kinds of hand, and every pair of those occurs. Every page on the way is held to what `phone.rs`
//! says. That the objection shows nowhere is proved by `told.rs`.

mod hand;
mod mistakes;
mod phone;
mod request;
mod told;
mod wire;

use handover::case::actor::Role;

use self::{
    hand::Hand,
    phone::{Person, Phone},
};
use crate::helpers::{
    desk::{Desk, StaffVisitor},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, VOUCHER},
};

/// Who is on the way, and what they have.
struct Cast {
    requester: Person,
    successor: Person,
    voucher: Person,
    departed: Person,
}

/// Each as (language, scripts).
fn cast(people: [(&'static str, bool); 4]) -> Cast {
    let person = |who, address, (language, scripts)| Person { who, address, language, scripts };
    let [requester, successor, voucher, departed] = people;
    Cast {
        requester: person("requester", REQUESTER, requester),
        successor: person("successor", SUCCESSOR, successor),
        voucher: person("voucher", VOUCHER, voucher),
        departed: person("departed", DEPARTED, departed),
    }
}

#[actix_web::test]
async fn by_keyboard_alone_from_the_guide_to_the_closed_case() {
    let people = cast([("de", true), ("en", false), ("de", false), ("en", true)]);
    the_whole_way("keys", Hand::Keys, people, false).await;
}

#[actix_web::test]
async fn with_a_finger_from_the_guide_to_the_closed_case_past_an_objection() {
    let people = cast([("en", false), ("de", true), ("en", true), ("de", false)]);
    the_whole_way("finger", Hand::Finger, people, true).await;
}

/// `objects`: whether the contact who is said to have left objects; if not, they read the notice and leave it at that.
async fn the_whole_way(story: &'static str, hand: Hand, cast: Cast, objects: bool) {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let phone = Phone::start(&desk, story, hand).await;

    phone.goes_to(cast.requester).await;
    phone.files_a_request().await;
    phone.goes_back_and_forth().await;
    phone.confirms().await;
    let status = phone.place().await;
    let number = desk.newest().await;

    phone.goes_to(cast.departed).await;
    let objection = departed_reads(&phone, objects).await;
    if objects {
        assert_eq!(desk.state(&number).await, "contested");
        let cora = desk.staff("cora", Role::Approver).await;
        dismissed(&phone, (&cast, &cora), &status, &number).await;
    }

    phone.goes_to(cast.successor).await;
    phone.follows_from(&phone.mail().await, "successors").await;
    phone.sees("invitation").await;
    let invitation = phone.place().await;
    phone.presses("main form [name=decision][value=accept]").await;
    phone.sees("accepted").await;

    let contact = ann.open(&number).await.field("contact").unwrap();
    ann.does(&number, "vouch", &[("contact", &contact)]).await.went_well();
    phone.goes_to(cast.voucher).await;
    phone.follows_from(&phone.mail().await, "vouchers").await;
    phone.sees("asked").await;
    let vouch = phone.place().await;
    phone.errs("main form[action^=\"/vouchers/\"] button", "asked-mistakes").await;
    phone.chooses("decision", "confirm").await;
    phone.types("note", "Ich kenne beide.").await;
    phone.presses("main form[action^=\"/vouchers/\"] button").await;
    phone.sees("vouched").await;

    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "verified");
    phone.goes_to(cast.requester).await;
    phone.follows_from(&phone.mail().await, "cases").await;
    phone.sees("status-verified").await;

    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    assert_eq!(desk.state(&number).await, "with_atlassian");
    phone.follows_from(&phone.mail().await, "cases").await;
    phone.sees("status-with-atlassian").await;
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Changed today.")]).await.went_well();
    closes(&phone, &cast, &number).await;
    for (person, link) in [(cast.successor, invitation), (cast.voucher, vouch), (cast.departed, objection)] {
        phone.goes_to(person).await;
        phone.mail().await;
        phone.opens(&link).await;
        phone.sees("closed").await;
    }
    phone.put_away().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// The notice, and what comes of it. Comes to the link.
async fn departed_reads(phone: &Phone<'_>, objects: bool) -> String {
    phone.follows_from(&phone.mail().await, "objections").await;
    phone.sees("notice").await;
    let link = phone.place().await;
    if objects {
        phone.types("note", "Ich bin noch da und weiß von nichts.").await;
        phone.presses("main form[action^=\"/objections/\"] button").await;
        phone.sees("objected").await;
        phone.follows_from(&phone.mail().await, "objections").await;
        phone.sees("objected-later").await;
    }
    link
}

/// Staff find the objection wrong. Whoever asked sees the same page before and after, and gets no letter.
async fn dismissed(phone: &Phone<'_>, (cast, cora): (&Cast, &StaffVisitor), status: &str, number: &str) {
    phone.goes_to(cast.requester).await;
    phone.opens(status).await;
    phone.sees("status-contested").await;
    let contested = phone.words().await;
    assert!(!contested.contains("weiß von nichts"), "{contested}");
    cora.does(number, "objection", &[("ruling", "dismissed"), ("reason", "She left in May.")])
        .await
        .went_well();
    phone.opens(status).await;
    phone.until_loaded().await;
    assert_eq!(phone.words().await, contested);
    assert_eq!(phone.mail().await.len(), 0, "who asked hears nothing of it");
    phone.goes_to(cast.departed).await;
    phone.follows_from(&phone.mail().await, "objections").await;
    phone.sees("objection-dismissed").await;
}

/// The requester says that it worked, and, where their word alone closes nothing, the new contact.
async fn closes(phone: &Phone<'_>, cast: &Cast, number: &str) {
    says_that_it_worked(phone, "cases").await;
    if phone.desk.state(number).await != "closed" {
        phone.goes_to(cast.successor).await;
        says_that_it_worked(phone, "successors").await;
        phone.goes_to(cast.requester).await;
    }
    assert_eq!(phone.desk.state(number).await, "closed");
    phone.follows_from(&phone.mail().await, "cases").await;
    phone.sees("status-closed").await;
}

async fn says_that_it_worked(phone: &Phone<'_>, folder: &str) {
    const ACCESS: &str = "main form[action$=\"/access-confirmation\"] button";
    phone.follows_from(&phone.mail().await, folder).await;
    phone.sees("access").await;
    phone.errs(ACCESS, "access-mistakes").await;
    phone.chooses("access", "yes").await;
    phone.types("note", "Anmeldung klappt wieder.").await;
    phone.presses(ACCESS).await;
    phone.sees("access-confirmed").await;
    phone.desk.work_until_idle().await;
}

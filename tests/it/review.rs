//! What a step sends is shown before it is taken, word for word; and what the customer, the requester and whoever objected read
//! of a decision.

use handover::case::{
    action::Action,
    actor::{Actor, Role},
    check::CheckKind,
    text::{Note, Text},
};

use crate::helpers::{
    desk::Desk,
    story::{DEPARTED, REQUESTER, VOUCHER, form},
};

#[actix_web::test]
async fn a_question_is_seen_as_it_goes_out_and_only_then_sent() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.staff("ann", Role::Agent).await;
    let before = desk.load(&number).await.version;
    let question = "Seit wann ist Frau Abend nicht mehr bei Ihnen?";
    let asks = [("question", question), ("review", "true")];
    let page = ann.does(&number, "question", &asks).await.is(200);
    let page = page.says("This is what goes out").says(question).says(REQUESTER).says("Send exactly this");
    desk.work_until_idle().await;
    assert!(desk.untaken().is_empty(), "nothing went out");
    assert_eq!(desk.load(&number).await.version, before, "and nothing changed");

    // The page sends the same form again.
    let version = page.field("version").unwrap();
    assert!(page.field("review").is_none());
    assert_eq!(page.field("question").as_deref(), Some(question));
    let shown = page.words();
    let path = format!("/desk/cases/{number}/question");
    ann.visitor.post(&path, &[("version", &version), ("question", question)]).await.went_well();
    desk.work_until_idle().await;
    let sent = desk.take_letter(REQUESTER);
    assert!(shown.contains(&sent.subject), "{} is not in {shown}", sent.subject);

    // Whoever thinks again finds everything that was typed.
    let asks = [("question", question), ("reconsider", "true")];
    let again = ann.does(&number, "question", &asks).await.is(200);
    assert_eq!(again.field("question").as_deref(), Some(question));

    // Somebody was faster: the answer is the one that the step itself would get.
    let asks = [("version", version.as_str()), ("question", question), ("review", "true")];
    ann.visitor.post(&path, &asks).await.is(409);
    desk.finish().await;
}

#[actix_web::test]
async fn an_end_is_asked_for_once_and_tells_the_requester_only_what_is_meant_for_them() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let reason = "Olga Nowak rief an: Das sei ein Streit.";
    let told = "Wir konnten die Angaben nicht mit unseren Unterlagen in Einklang bringen.";
    let rejects = [("reason", reason), ("told", told), ("review", "true")];
    let page = ann.does(&number, "rejection", &rejects).await.is(200);
    let page = page.says("This closes the case").says("nicht mit unseren Unterlagen");
    assert!(!page.words().contains("Streit"), "the reason stays with us");
    assert_eq!(desk.state(&number).await, "verifying");
    ann.does(&number, "rejection", &rejects[..2]).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(REQUESTER);
    assert!(letter.text.contains("nicht mit unseren Unterlagen"), "{}", letter.text);
    assert!(!letter.text.contains("Streit"), "{}", letter.text);
    let end = desk.take_letter(DEPARTED);
    assert!(!end.text.contains("Streit") && !end.text.contains("Unterlagen"), "{}", end.text);
    ben.open(&number).await.says("Streit");

    ben.does(&number, "reopening", &[("reason", "A mistake.")]).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(REQUESTER);
    assert!(letter.subject.contains("wieder"), "{}", letter.subject);
    assert!(!letter.text.contains("mistake"), "{}", letter.text);
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_objected_is_answered_when_it_is_decided() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ben = desk.staff("ben", Role::Approver).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let case = desk.find_case(&number).await;
    let note = || Some(Note::new(Text::parse("I am still here.").unwrap()));
    let objection = || Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: note() };
    desk.casework.act(case, Actor::DepartedContact, &objection(), None).await.unwrap();

    let rules = [("ruling", "dismissed"), ("reason", "The chief called."), ("review", "true")];
    let page = ben.does(&number, "objection", &rules).await.is(200).says(DEPARTED);
    assert!(!page.words().contains("chief"), "the reason stays with us");
    ben.does(&number, "objection", &rules[..2]).await.went_well();
    desk.work_until_idle().await;
    let [receipt, answer] = &desk.take_letters(DEPARTED)[..] else { panic!("a receipt and an answer") };
    assert!(receipt.subject.starts_with("Ihr Widerspruch ist angekommen"), "{}", receipt.subject);
    assert!(
        answer.text.contains("We continue") || answer.text.contains("bearbeiten die Anfrage weiter"),
        "{}",
        answer.text
    );
    // The answer brings the way to object again.
    let link = answer.link("objections");
    desk.visitor("de").get(&link).await.is(200);
    desk.take_all_letters();

    desk.casework.act(case, Actor::DepartedContact, &objection(), None).await.unwrap();
    ben.does(&number, "objection", &[("ruling", "upheld"), ("reason", "True.")]).await.went_well();
    desk.work_until_idle().await;
    let [_, answer] = &desk.take_letters(DEPARTED)[..] else { panic!("a receipt and an answer") };
    assert!(answer.text.contains("nicht um die Änderung"), "{}", answer.text);
    desk.take_letter(REQUESTER);

    // Whom staff spoke for on the telephone hears it from them; nobody else is written to.
    assert!(desk.untaken().iter().all(|letter| letter.to != VOUCHER));
    desk.take_all_letters();
    desk.finish().await;
}

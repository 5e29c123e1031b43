//! The letter to Atlassian is tied to the case: against staff who name a stranger in it, against characters that nobody sees,
//! and against a form that says otherwise than the register.

use handover::{
    case::{
        actor::Role,
        check::{CheckKind, Evidence, Verdict},
    },
    casework::find_live_draft,
};
use mail_parser::MessageParser;

use crate::helpers::{
    desk::{Answer, Desk, StaffVisitor},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

const REGISTER: &str = include_str!("helpers/register.csv");
const CLOUD: &str = "cloud-licensing@atlassian.example";

/// A case that is verified, of a form with these changes.
async fn verified(desk: &Desk, ann: &StaffVisitor, changes: &[(&'static str, &str)]) -> String {
    let visitor = desk.visitor("de");
    let number = desk.confirmed_case(&visitor, &form_with(changes)).await;
    let link = desk.take_letter(SUCCESSOR).link("successors");
    visitor.post(&link, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "verified");
    number
}

/// Puts the proposed text forward with some parts written otherwise.
async fn drafts(ann: &StaffVisitor, number: &str, changes: &[(&'static str, &str)]) -> Answer {
    let page = ann.open(number).await;
    let mut fields: Vec<(&str, String)> =
        ["subject", "opening", "closing"].map(|name| (name, page.field(name).unwrap())).into();
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ann.does(number, "draft", &fields).await
}

/// What would go out.
async fn text(desk: &Desk, number: &str) -> String {
    let case = desk.find_case(number).await;
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    let raw = find_live_draft(&mut connection, case).await.unwrap().unwrap().raw;
    MessageParser::default().parse(&raw).unwrap().body_text(0).unwrap().replace("\r\n", "\n")
}

/// What stands in elements that `selector` finds.
fn found(page: &Answer, selector: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text);
    let selector = scraper::Selector::parse(selector).unwrap();
    html.select(&selector).map(|element| element.text().collect()).collect()
}

async fn look(ben: &StaffVisitor, number: &str) -> Answer {
    ben.get(&format!("/desk/cases/{number}/approval")).await.is(200)
}

#[actix_web::test]
async fn nobody_writes_the_facts() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = verified(&desk, &ann, &[]).await;
    let shown = found(&ann.open(&number).await, "#draft-facts");
    assert!(shown[0].contains(SUCCESSOR), "{shown:?}");

    // Facts of one's own, and a whole text as it used to be: nothing takes them.
    let forged = "  New contact         Eve\n                      eve@n0rdlicht.example";
    drafts(
        &ann,
        &number,
        &[("facts", forged), ("body", forged), ("successor_email", "eve@n0rdlicht.example")],
    )
    .await
    .went_well();
    let text = text(&desk, &number).await;
    assert!(text.contains(&shown[0]) && !text.contains("Eve"), "{text}");
    assert!(text.contains(
        "  New contact         Tobias Rauch\n                      tobias.rauch@nordlicht.example"
    ));
    let page = look(&ben, &number).await.never_says("The e-mail names strangers");
    assert_eq!(found(&page, ".new-contact strong"), ["nordlicht.example"]);
    assert_eq!(
        found(&page, ".wording ins, .wording del"),
        Vec::<String>::new(),
        "nothing was written otherwise"
    );
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    let sent = desk.smtp.received().into_iter().rfind(|mail| mail.to == ATLASSIAN).unwrap();
    let sent = MessageParser::default().parse(&sent.raw).unwrap().body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(sent.trim_end(), text.trim_end());
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_stranger_in_words_of_staff_is_marked_for_the_approver() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = verified(&desk, &ann, &[]).await;
    let opening = "Hello,\n\nthe address below is a typo, please use tobias.rauch@n0rdlicht.example\n\
        (see https://evil.example/x) instead of tobias.rauch@nordlicht.example.";
    drafts(&ann, &number, &[("opening", opening), ("subject", "N\u{43e}rdlicht: contact change")])
        .await
        .went_well();
    let page = look(&ben, &number).await.says("The e-mail names strangers").says("Mixed scripts");
    assert_eq!(found(&page, ".foreign"), ["tobias.rauch@n0rdlicht.example", "https://evil.example/x"]);
    let warned = found(&page, ".notice code");
    assert!(warned.contains(&"N\u{43e}rdlicht".to_owned()), "{warned:?}");
    assert!(warned.contains(&"https://evil.example/x".to_owned()), "{warned:?}");
    assert!(found(&page, ".wording ins").concat().contains("typo"));
    assert!(!found(&page, ".wording del").is_empty());
    desk.finish().await;
}

#[actix_web::test]
async fn the_registers_word_goes_to_atlassian() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let entered = [
        ("company", "Nordlicht Holding AG"),
        ("hosting", "cloud"),
        ("departed_name", "P. Abendrot"),
        ("customer_number", "K-77"),
    ];
    let number = verified(&desk, &ann, &entered).await;
    let page = ann.open(&number).await.says("Form and register contradict each other");
    page.says("Request: Nordlicht Holding AG").says("Register: Nordlicht Maschinenbau GmbH");
    ann.drafts(&number).await;
    let text = text(&desk, &number).await;
    assert!(text.contains("Licensed to         Nordlicht Maschinenbau GmbH"), "{text}");
    assert!(text.contains("Customer no.        K-1 (with us)"), "{text}");
    assert!(text.contains("Hosting             Data Center"), "{text}");
    assert!(text.contains("Departed contact    Petra Abend\n"), "{text}");
    assert!(!text.contains("Holding") && !text.contains("Abendrot"), "{text}");
    let page = look(&ben, &number).await;
    assert_eq!(found(&page, "tr[data-differs] th"), ["Company", "Hosting", "Name of the contact on record"]);
    page.says("In the form: Nordlicht Holding AG");
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    assert!(
        desk.smtp.received().iter().any(|mail| mail.to == ATLASSIAN),
        "the recipient follows the register"
    );
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn spelling_alone_is_no_difference() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = verified(&desk, &ann, &[("company", "NORDLICHT Maschinenbau G.m.b.H.")]).await;
    ann.open(&number).await.never_says("contradict each other");
    desk.finish().await;
}

#[actix_web::test]
async fn a_correction_voids_the_draft_asks_again_and_makes_a_hand() {
    let desk = Desk::start_with(&format!("atlassian.cloud = \"{CLOUD}\"\n")).await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let (ben, cal) = (desk.staff("ben", Role::Approver).await, desk.staff("cal", Role::Approver).await);
    let number = verified(&desk, &ann, &[("company", "Nordlicht Holding AG")]).await;
    ann.drafts(&number).await;
    let old = ben.looks_at_the_message(&number).await;

    ben.does(&number, "corrections", &[("reason", "Nothing.")]).await.is(422).says("at least one fact");
    let hidden = [("company", "Nord\u{200b}licht SE"), ("reason", "Letter of the customer.")];
    ben.does(&number, "corrections", &hidden).await.is(422).says("U+200B");
    let set_right = [
        ("company", "Nordlicht SE"),
        ("hosting", "cloud"),
        // There is no such fact.
        ("successor_email", "eve@evil.example"),
        ("reason", "New name since May, by the commercial register."),
    ];
    ben.does(&number, "corrections", &set_right).await.went_well();
    assert_eq!(desk.state(&number).await, "verified");
    let due: Vec<String> =
        sqlx::query_scalar("select kind from checks where due_at is not null order by kind")
            .fetch_all(&desk.casework.app.pool)
            .await
            .unwrap();
    assert_eq!(due, [CheckKind::Entitlement.as_str(), CheckKind::RecordedContact.as_str()]);
    let page = ann.open(&number).await.says("corrected: Company, Hosting");
    page.says("New name since May").says("Request: Nordlicht SE");
    cal.approves_bytes(&number, &old).await.is(409);
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "verified", "the register says nothing new");

    ann.drafts(&number).await;
    let text = text(&desk, &number).await;
    assert!(
        text.contains("Licensed to         Nordlicht SE") && text.contains("Hosting             Cloud\n")
    );
    assert!(text.contains("technical contact") && !text.contains("eve@"), "{text}");
    look(&cal, &number).await.says("corrected by ben").says("New name since May");
    let digest = desk.digest(&number).await;
    ben.approves_bytes(&number, &digest).await.is(403).says("corrected facts");
    cal.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(CLOUD);
    desk.take_all_letters();

    // The trail holds no value.
    let trail: String = sqlx::query_scalar("select string_agg(data::text, ' ') from case_events")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert!(trail.contains("hosting") && !trail.contains("Nordlicht SE"), "{trail}");
    desk.finish().await;
}

#[actix_web::test]
async fn a_role_that_is_set_right_is_asked_about_anew() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = verified(&desk, &ann, &[]).await;
    desk.take_all_letters();
    let check = async |kind: CheckKind| {
        let checks = desk.load(&number).await.case.checks;
        checks.into_iter().find(|check| check.kind == kind).unwrap()
    };
    let set_right = async |role: &str| {
        let fields = [("contact_role", role), ("reason", "They said so on the telephone.")];
        ben.does(&number, "corrections", &fields).await.went_well();
    };

    // Petra Abend has one role of two; whoever has the other would not hear of it.
    set_right("both").await;
    assert_eq!(desk.state(&number).await, "verifying");
    assert_eq!(check(CheckKind::RecordedContact).await.verdict, Verdict::Pending);
    desk.work_until_idle().await;
    let recorded = check(CheckKind::RecordedContact).await;
    assert_eq!((recorded.verdict, recorded.evidence), (Verdict::Failed, Evidence::ContactInOtherRole));
    assert_ne!(check(CheckKind::DepartedNotice).await.verdict, Verdict::Passed);
    desk.take_all_letters();

    // The role on record: the contact hears of it once more, and the new one is asked for that role.
    set_right("technical").await;
    desk.later(1).await;
    desk.take_letter(DEPARTED);
    let asked = desk.take_letter(SUCCESSOR).link("successors");
    let visitor = desk.visitor("en");
    visitor.get(&asked).await.is(200);
    visitor.post(&asked, &[("decision", "accept")]).await.went_well();
    assert_eq!(check(CheckKind::RecordedContact).await.verdict, Verdict::Passed);
    desk.later(9 * 24).await;
    assert_eq!(desk.state(&number).await, "verified");
    ann.drafts(&number).await;
    let page = look(&ben, &number).await;
    let rows = found(&page, "tr").into_iter().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "));
    let row = rows.into_iter().find(|row| row.starts_with("Role of the contact on record")).unwrap();
    assert!(row.starts_with("Role of the contact on record technical contact"), "{row}");
    assert!(row.ends_with("corrected by ben technical contact"), "{row}");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn an_import_between_draft_and_approval_is_noticed() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = verified(&desk, &ann, &[]).await;
    ann.drafts(&number).await;
    let digest = ben.looks_at_the_message(&number).await;

    // Before any worker has come round.
    let renamed = REGISTER.replace("Nordlicht Maschinenbau GmbH", "Nordlicht Maschinenbau SE");
    desk.import(&renamed).await;
    ben.approves_bytes(&number, &digest).await.is(409).says("The facts have changed");
    look(&ben, &number).await.says("The facts have changed");
    // Then the check is asked again, and its answer is another one.
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "verified");
    ann.drafts(&number).await;
    assert!(text(&desk, &number).await.contains("Nordlicht Maschinenbau SE"));

    // Where it runs, and what no check rests on: when it renews, and how the contact is called.
    desk.import(&renamed.replace("data_center,", "cloud,")).await;
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "verified", "the draft is void");
    desk.import(&renamed).await;
    desk.work_until_idle().await;
    for changed in
        [renamed.replace("2026-07-01", "2027-07-01"), renamed.replace("Petra Abend", "Petra Morgen")]
    {
        desk.import(&renamed).await;
        desk.work_until_idle().await;
        ann.drafts(&number).await;
        desk.import(&changed).await;
        let digest = desk.digest(&number).await;
        ben.approves_bytes(&number, &digest).await.is(409).says("The facts have changed");
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_draft_of_one_text_is_approved_by_nobody() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = verified(&desk, &ann, &[]).await;
    ann.drafts(&number).await;
    // As a version before this one left it.
    for sql in [
        "alter table drafts disable trigger drafts_keep",
        "alter table case_digests disable trigger case_digests_rest_on_a_line",
        "update drafts set opening = null, facts = null, closing = null",
        "update cases set state_data = state_data #- '{draft,facts}'",
    ] {
        sqlx::query(sql).execute(&desk.owner).await.unwrap();
    }
    look(&ben, &number).await.says("The facts have changed");
    let digest = desk.digest(&number).await;
    ben.approves_bytes(&number, &digest).await.is(409);
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn characters_that_nobody_sees_are_refused_or_shown() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let visitor = desk.visitor("en");
    for (field, value) in [
        ("requester_name", "Miriam \u{202e}relsseK"),
        ("requester_position", "Head\u{2066} of IT"),
        ("company", "Nord\u{2060}\u{202d}licht"),
    ] {
        let page = visitor.escalates(&form_with(&[(field, value)])).await.is(422);
        let _ = page.says("invisible character").says("U+");
    }
    // Free text is taken as it is, and shown.
    let explanation = "Bitte \u{202e}evE\u{202c} eintragen.";
    let number = verified(&desk, &ann, &[("explanation", explanation)]).await;
    ann.does(&number, "notes", &[("note", "seen: x\u{200b}y")]).await.went_well();
    let page = ann.open(&number).await.says("⟦U+202E⟧ evE ⟦U+202C⟧").says("x ⟦U+200B⟧ y");
    assert!(!page.text.contains('\u{202e}') && !page.text.contains('\u{200b}'));
    assert_eq!(found(&page, "mark.hidden-character").len(), 3);
    // In the letter they are refused.
    for field in ["subject", "opening", "closing"] {
        drafts(&ann, &number, &[(field, "Dear\u{202e} all")]).await.is(422).says("U+202E");
    }
    ann.drafts(&number).await;
    look(&ben, &number).await.says("x ⟦U+200B⟧ y");
    desk.finish().await;
}

#[actix_web::test]
async fn the_approver_reads_what_was_objected_answered_and_noted() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let (ben, cal) = (desk.staff("ben", Role::Approver).await, desk.staff("cal", Role::Approver).await);
    let visitor = desk.visitor("de");
    let number = desk.confirmed_case(&visitor, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let link = desk.take_letter(SUCCESSOR).link("successors");
    visitor.post(&link, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    ann.does(&number, "notes", &[("note", "Sounded in a hurry.")]).await.went_well();
    ann.does(&number, "question", &[("question", "Seit wann heißt die Firma so?")]).await.went_well();
    visitor.post(&status, &[]).await;
    visitor.post(&format!("{status}/answer"), &[("answer", "Seit dem 1. Mai.")]).await.went_well();
    ann.does(&number, "objection", &[("note", "Frau Abend rief an: Sie wisse von nichts.")])
        .await
        .went_well();
    cal.does(&number, "objection", &[("ruling", "dismissed"), ("reason", "A mix-up of two firms.")])
        .await
        .went_well();
    desk.later(8 * 24).await;
    ann.drafts(&number).await;
    let page = look(&ben, &number).await;
    page.says("Sounded in a hurry.")
        .says("Seit wann heißt die Firma so?")
        .says("Seit dem 1. Mai.")
        .says("Sie wisse von nichts.")
        .says("A mix-up of two firms.")
        .says("Number on record called");
    desk.take_all_letters();
    desk.finish().await;
}

//! A customer who does not know under which address the departed contact was registered, or where the products run. Against
//! whoever says so in order to keep the notice from the contact, or to have the contact's own mailbox speak as somebody else's.

use handover::{
    case::{
        actor::Role,
        check::{CheckKind, Evidence, Verdict},
        refusal::Refusal,
    },
    casework::find_live_draft,
    lang::Language,
};
use mail_parser::MessageParser;

use crate::helpers::{
    desk::Desk,
    story::{DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form, form_with},
};

const ADDRESS_UNKNOWN: [(&str, &str); 2] = [("departed_email", ""), ("departed_email_unknown", "true")];

/// Somebody who knows neither.
fn knows_nothing() -> Vec<(&'static str, String)> {
    let [none, unknown] = ADDRESS_UNKNOWN;
    form_with(&[("hosting", "unknown"), none, unknown])
}

async fn check(desk: &Desk, number: &str, kind: CheckKind) -> (Verdict, Evidence) {
    let check = desk.load(number).await.case.check(kind).unwrap().clone();
    (check.verdict, check.evidence)
}

#[actix_web::test]
async fn nobody_keeps_the_notice_from_the_departed_contact_by_not_knowing_the_address() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let visitor = desk.visitor("en");
    let number = desk.confirmed_case(&visitor, &knows_nothing()).await;
    let recorded = check(&desk, &number, CheckKind::RecordedContact).await;
    assert_eq!(recorded, (Verdict::Inconclusive, Evidence::ContactAddressUnknown));

    // At once, though nobody of the staff has done anything; and to nobody whose role stays.
    let notice = desk.take_letter(DEPARTED);
    assert!(!notice.text.contains("Miriam"), "{}", notice.text);
    assert!(desk.untaken().iter().all(|letter| letter.to != VOUCHER));
    ann.open(&number).await.says("Nobody knows under which address");
    let link = notice.link("objections");
    visitor.get(&link).await.is(200).says("address not known").never_says(DEPARTED);
    visitor.submit(&link, &[("note", "I am still here.")]).await;
    assert_eq!(desk.state(&number).await, "contested");
    desk.take_all_letters();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_on_record_speaks_until_it_is_clear_who_has_left() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &knows_nothing()).await;
    // Asked by itself, it would be the departed contact's own mailbox.
    assert_eq!(check(&desk, &number, CheckKind::Vouch).await.1, Evidence::NobodyToAsk);
    for phone in ["+49 30 23125 101", "+49 30 23125 102"] {
        let call = [("verdict", "passed"), ("number", phone), ("note", "Answered, said yes.")];
        ann.does(&number, "checks/callback", &call)
            .await
            .says("Nobody knows yet which contact on record has left");
    }
    assert!(desk.load(&number).await.case.check(CheckKind::Callback).is_none());
    let found = [("departed_email", DEPARTED), ("reason", "By the register, and the customer said so.")];
    ann.does(&number, "corrections", &found).await.went_well();
    desk.work_until_idle().await;
    assert!(matches!(check(&desk, &number, CheckKind::Vouch).await.1, Evidence::VouchRequested { .. }));
    desk.take_letter(VOUCHER).link("vouchers");

    // Another is found out: whoever spoke may be the one, and is not heard as somebody else.
    ann.calls_back(&number).await;
    let mistaken = [("departed_email", VOUCHER), ("reason", "A slip.")];
    ann.does(&number, "corrections", &mistaken).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(check(&desk, &number, CheckKind::Callback).await, (Verdict::Pending, Evidence::None));
    let recorded = check(&desk, &number, CheckKind::RecordedContact).await;
    assert_eq!(recorded, (Verdict::Failed, Evidence::ContactInOtherRole));
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn no_letter_claims_what_nobody_knows_and_the_customer_never_reads_the_register() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let visitor = desk.visitor("en");
    let number = desk.confirmed_case(&visitor, &knows_nothing()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let link = desk.take_letter(SUCCESSOR).link("successors");
    visitor.get(&link).await.is(200).says("address not known").never_says(DEPARTED);
    visitor.post(&link, &[("decision", "accept")]).await.went_well();

    let page = ann.open(&number).await.says("enter what is not known").says("not known to the customer");
    assert_eq!(page.field("opening"), None, "there is no editor");
    let words = [("subject", "Contact change"), ("opening", "Hello"), ("closing", "Bye")];
    ann.does(&number, "draft", &words).await.is(409).says(&Language::En.text(&Refusal::FactsUnknown.key()));

    let own = [("departed_email", REQUESTER), ("reason", "They are the same.")];
    ann.does(&number, "corrections", &own).await.is(409).says("address of the requester");
    let found = [("departed_email", DEPARTED), ("reason", "By the register, and the customer said so.")];
    ann.does(&number, "corrections", &found).await.went_well();
    desk.work_until_idle().await;
    let recorded = check(&desk, &number, CheckKind::RecordedContact).await;
    assert_eq!(recorded, (Verdict::Passed, Evidence::ContactOnRecord { requester: false }));
    ann.open(&number).await.says(DEPARTED).says("found by us");
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "verified");
    ann.drafts(&number).await;
    let case = desk.find_case(&number).await;
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    let raw = find_live_draft(&mut connection, case).await.unwrap().unwrap().raw;
    drop(connection);
    let text = MessageParser::default().parse(&raw).unwrap().body_text(0).unwrap().replace("\r\n", "\n");
    assert!(text.contains(&format!("Petra Abend\n                      {DEPARTED}")), "{text}");
    // By the register, where it has one word.
    assert!(text.contains("Hosting             Data Center"), "{text}");
    ben.get(&format!("/desk/cases/{number}/approval")).await.is(200).says("not known");
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;

    visitor.get(&status).await.is(200).never_says(DEPARTED).never_says("Data Center");
    for letter in desk.take_all_letters() {
        if letter.to == REQUESTER || letter.to == SUCCESSOR {
            assert!(
                !letter.text.contains(DEPARTED) && !letter.text.contains("Data Center"),
                "{}",
                letter.text
            );
        }
    }
    desk.finish().await;
}

/// Whoever sits at the desk puts no other mailbox in the place of one that the customer knows.
#[actix_web::test]
async fn an_address_that_the_customer_stated_stays() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let other = [("departed_email", VOUCHER), ("reason", "I know better.")];
    ann.does(&number, "corrections", &other).await.is(409).says("The customer gave this address");
    let (case, note) = (desk.find_case(&number).await, uuid::Uuid::new_v4());
    crate::helpers::postgres::let_rows_be_staged(&desk.casework.app.pool).await;
    sqlx::query("insert into case_notes (id, case_id, kind, staff_id, body, created_at) values ($1, $2, 'reason', $3, 'x', now())")
        .bind(note).bind(case).bind(ann.id.0).execute(&desk.casework.app.pool).await.unwrap();
    let kept = sqlx::query("insert into corrections (id, case_id, what, value, staff_id, note_id, at) values ($1, $2, 'departed_email', $3, $4, $5, now())")
        .bind(note).bind(case).bind(VOUCHER).bind(ann.id.0).bind(note).execute(&desk.casework.app.pool).await;
    let error = kept.unwrap_err().to_string();
    assert!(error.contains("the customer stated the address"), "{error}");
    desk.take_all_letters();
    // The note that was put there behind the program is found.
    let (_, broken) = handover::casework::verify_trail(&desk.owner).await.unwrap();
    assert_eq!(broken.len(), 1, "{broken:?}");
}

/// A caller who does not know it either; and the form that is sent twice opens one case, also after staff found out.
#[actix_web::test]
async fn what_a_caller_does_not_know_goes_into_the_form() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let id = uuid::Uuid::new_v4().to_string();
    let fields = [
        ("id", id.as_str()),
        ("language", "en"),
        ("requester_email", REQUESTER),
        ("hosting", "unknown"),
        ("departed_email_unknown", "true"),
    ];
    ann.visitor.post("/desk/prepared", &fields).await.went_well();
    desk.work_until_idle().await;
    let page = desk.visitor("en").get(&desk.take_letter(REQUESTER).link("prepared")).await.is(200);
    assert_eq!(page.field("departed_email_unknown").as_deref(), Some("true"));
    let html = scraper::Html::parse_document(&page.text);
    let chosen = scraper::Selector::parse("input[name=hosting][checked]").unwrap();
    let chosen: Vec<_> = html.select(&chosen).filter_map(|input| input.value().attr("value")).collect();
    assert_eq!(chosen, ["unknown"]);
    drop(html);

    let (visitor, fields) = (desk.visitor("en"), knows_nothing());
    let number = desk.confirmed_case(&visitor, &fields).await;
    let found = [("departed_email", DEPARTED), ("reason", "By the register.")];
    ann.does(&number, "corrections", &found).await.went_well();
    visitor.escalates(&fields).await.went_well();
    let cases: i64 =
        sqlx::query_scalar("select count(*) from cases").fetch_one(&desk.casework.app.pool).await.unwrap();
    assert_eq!(cases, 1);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

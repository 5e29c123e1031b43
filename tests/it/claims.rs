//! Two cases about the same entitlement, and what a contest keeps: through the pages, the door and the database.

use handover::{
    case::{
        action::Action,
        actor::{Actor, Role},
        check::{CheckKind, Evidence, Verdict},
        contest::{Before, Cause},
        correspondence::AtlassianAnswer,
        state::{Place, State},
        text::{Note, Text},
    },
    casework::verify_trail,
};
use scraper::{Html, Selector};
use uuid::Uuid;

use crate::helpers::{
    desk::{Answer, Desk, StaffVisitor, Visitor},
    postgres::until_somebody_waits_for_a_lock,
    story::{ATLASSIAN, DEPARTED, REQUESTER, form, form_with},
};

const REGISTER: &str = include_str!("helpers/register.csv");

/// Somebody else of the same company, who asks for one of the same licences.
const RIVAL: &str = "ines.wolff@nordlicht.example";

fn rival_form() -> Vec<(&'static str, String)> {
    form_with(&[
        ("requester_name", "Ines Wolff"),
        ("requester_email", RIVAL),
        ("successor_name", "Ines Wolff"),
        ("successor_email", RIVAL),
        ("entitlements", "sen 10000002"),
    ])
}

fn note() -> Note {
    Note::new(Text::parse("because").unwrap())
}

/// The numbers of the cases that stand against this one.
async fn rivals(desk: &Desk, number: &str) -> Vec<String> {
    let State::Contested { causes, .. } = desk.load(number).await.case.state else {
        panic!("{number} is not contested")
    };
    let other = |cause: &Cause| match cause {
        Cause::SecondClaim { other, .. } => Some(other.to_string()),
        Cause::Objection { .. } => None,
    };
    causes.iter().filter_map(other).collect()
}

async fn act(desk: &Desk, number: &str, actor: Actor, action: Action) {
    desk.casework.act(desk.find_case(number).await, actor, &action, None).await.unwrap();
}

/// What the status page says, without what is new with each request.
fn main_of(page: &Answer) -> String {
    let html = Html::parse_document(&page.text);
    html.select(&Selector::parse("main").unwrap()).next().unwrap().inner_html()
}

/// Escalates and opens the confirmation page, without pressing the button.
async fn escalated(desk: &Desk, visitor: &Visitor, fields: &[(&'static str, String)]) -> (String, String) {
    let address = fields.iter().find(|(name, _)| *name == "requester_email").unwrap().1.clone();
    visitor.escalates(fields).await.went_well();
    desk.work_until_idle().await;
    (desk.newest().await, desk.take_letter(&address).link("confirmations"))
}

#[actix_web::test]
async fn a_second_claim_stops_both_and_an_approver_decides_each() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let cal = desk.staff("cal", Role::Approver).await;
    let (number, ann, ben) = desk.submitted_case(&desk.visitor("de")).await;

    // Approved, and still in the outbox when somebody else confirms.
    let (second, link) = escalated_while_the_worker_rests(&desk).await;
    assert_eq!(desk.state(&number).await, "submitted", "what nobody confirmed contests nothing");
    let rival = desk.visitor("de");
    rival.post(&link, &[]).await.went_well();
    assert_eq!(desk.state(&number).await, "submitted", "anybody can confirm a mailbox of their own");
    desk.work_until_idle().await;
    assert_eq!(rivals(&desk, &number).await, [second.as_str()]);
    assert_eq!(rivals(&desk, &second).await, [number.as_str()]);
    desk.later(1).await;
    assert!(desk.untaken().iter().all(|letter| letter.to != ATLASSIAN), "the request never left");

    // The second one is looked into like any other: whoever decides must know, and its requester must notice nothing.
    let own: Vec<String> = desk.take_all_letters().into_iter().map(|letter| letter.to).collect();
    assert!(own.contains(&RIVAL.to_owned()) && own.contains(&DEPARTED.to_owned()), "{own:?}");

    for (one, other) in [(&number, &second), (&second, &number)] {
        let page = ann.open(one).await.says("Another case claims the same licence");
        assert!(page.text.contains(&format!("href=\"/desk/cases/{other}\"")), "{other}");
    }
    ann.get("/desk/cases").await.says("Second claim");
    let ruling = |ruling| [("ruling", ruling), ("reason", "Called the managing director.")];
    ann.does(&number, "objection", &ruling("dismissed")).await.is(403);
    cal.does(&number, "objection", &ruling("duplicate")).await.is(409);
    cal.does(&number, "objection", &ruling("dismissed")).await.went_well();
    assert_eq!(desk.state(&number).await, "verified");
    assert_eq!(desk.state(&second).await, "contested", "each is decided by itself");
    cal.does(&second, "objection", &ruling("upheld")).await.went_well();
    assert_eq!(desk.state(&second).await, "closed");
    desk.work_until_idle().await;
    let ended = desk.take_letter(RIVAL);
    assert!(!ended.text.contains("managing director") && !ended.text.contains(&number), "{}", ended.text);

    // Whoever dismissed has had a hand in it.
    ann.drafts(&number).await;
    cal.approves_bytes(&number, &desk.digest(&number).await).await.is(403);
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    desk.take_all_letters();
    desk.finish().await;
}

/// As [`escalated`] for the rival, while a request to Atlassian lies in the outbox and waits for its next try.
async fn escalated_while_the_worker_rests(desk: &Desk) -> (String, String) {
    let later = "update emails set next_attempt_at = next_attempt_at + interval '30 minutes' where audience = 'atlassian'";
    sqlx::query(later).execute(&desk.casework.app.pool).await.unwrap();
    escalated(desk, &desk.visitor("de"), &rival_form()).await
}

#[actix_web::test]
async fn neither_requester_can_tell_from_the_status_page() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (visitor, ann) = (desk.visitor("de"), desk.staff("ann", Role::Agent).await);
    let number = desk.confirmed_case(&visitor, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let (_, link) = {
        desk.take_all_letters();
        escalated(&desk, &visitor, &rival_form()).await
    };
    ann.does(&number, "question", &[("question", "Seit wann?")]).await.went_well();
    desk.work_until_idle().await;
    let open_question = main_of(&visitor.get(&status).await.is(200));
    assert!(open_question.contains("Seit wann?"));

    visitor.post(&link, &[]).await.went_well();
    desk.work_until_idle().await;
    let (first, second) = (desk.take_letters(REQUESTER), desk.take_letters(RIVAL));
    assert_eq!(first.len(), 1, "the question, and nothing about the contest");
    assert_eq!(second.len(), 1, "{second:?}");
    assert_eq!(desk.state(&number).await, "contested");
    assert_eq!(main_of(&visitor.get(&status).await.is(200)), open_question);

    // The answer is taken, and the page goes on as ever.
    visitor.submit(&format!("{status}/answer"), &[("answer", "Seit Mai.")]).await.says("Wir prüfen");
    assert_eq!(desk.state(&number).await, "contested");
    ann.open(&number).await.says("Seit Mai.");
    visitor.get(&second[0].link("cases")).await.says("Wir prüfen").never_says("Wolff und");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn who_asks_twice_is_led_to_the_case_there_is_and_contests_nobody() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, visitor) = (desk.staff("ann", Role::Agent).await, desk.visitor("en"));
    let first = desk.confirmed_case(&visitor, &form()).await;
    desk.take_all_letters();
    let shouted = form_with(&[("requester_email", "MIRIAM.KESSLER@nordlicht.example")]);
    let (second, link) = escalated(&desk, &visitor, &shouted).await;
    let page = visitor.get(&link).await.is(200).says("You already have a case about this").says(&first);
    assert_eq!(page.fields_like("instead"), ["instead"]);
    let status = visitor.post(&link, &[("instead", "existing")]).await.went_well().location.unwrap();
    visitor.get(&status).await.is(200).says(&first);
    visitor.get(&link).await.is(404);
    assert_eq!((desk.state(&second).await, desk.state(&first).await), ("closed".into(), "verifying".into()));
    desk.work_until_idle().await;
    assert!(desk.untaken().is_empty(), "nobody is written to about a case that nobody confirmed");

    // Filed all the same, also with another spelling of the mailbox: two cases, of which neither stops the other.
    let tagged = form_with(&[("requester_email", "miriam.kessler+2@nordlicht.example")]);
    for (fields, named) in [(shouted, true), (tagged, false)] {
        let fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != "request_id").collect();
        let (third, link) = escalated(&desk, &visitor, &fields).await;
        let page = visitor.get(&link).await.is(200);
        assert_eq!(page.words().contains(&first), named, "only the very mailbox is told");
        visitor.post(&link, &[("instead", "")]).await.went_well();
        desk.work_until_idle().await;
        assert_eq!(
            (desk.state(&third).await, desk.state(&first).await),
            ("verifying".into(), "verifying".into())
        );
        ann.open(&third).await.says("Other open cases").says(&first);
        desk.take_all_letters();
    }
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_else_is_led_into_the_case_of_a_mailbox_that_looks_alike() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    let first = desk.confirmed_case(&visitor, &form()).await;
    desk.take_all_letters();
    // Where dots count, this is somebody else.
    let other = form_with(&[("requester_email", "miriamkessler@nordlicht.example")]);
    let (second, link) = escalated(&desk, &visitor, &other).await;
    visitor.get(&link).await.is(200).never_says(&first);
    let back = visitor.post(&link, &[("instead", "existing")]).await.went_well().location.unwrap();
    assert_eq!(back, link, "there is no case to go on with");
    assert_eq!(desk.state(&second).await, "unconfirmed");
    desk.finish().await;
}

#[actix_web::test]
async fn naming_a_licence_contests_nothing_until_licence_and_contact_hold() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let visitor = desk.visitor("en");
    let first = desk.confirmed_case(&visitor, &form()).await;
    desk.take_all_letters();
    // A mailbox made for it, a licence somebody printed, and a contact made up.
    let stranger = |address: &str| {
        form_with(&[
            ("requester_email", address),
            ("entitlements", "SEN-10000001"),
            ("departed_email", "somebody@made-up.example"),
        ])
    };
    let mut strangers = Vec::new();
    for address in ["one@made-up.example", "two@made-up.example"] {
        strangers.push(desk.confirmed_case(&visitor, &stranger(address)).await);
        desk.take_all_letters();
    }
    for number in strangers.iter().chain([&first]) {
        assert_eq!(desk.state(number).await, "verifying", "{number}");
    }
    ann.open(&first).await.says("Other open cases").says(&strangers[0]);

    // The one of which an approver lets the contact pass contests both others; these contest each other no more than before.
    let waiver = [("waive", "1"), ("reason", "They showed us the contract.")];
    ben.does(&strangers[0], "checks/recorded_contact", &waiver).await.went_well();
    assert_eq!(rivals(&desk, &first).await, [strangers[0].as_str()]);
    assert_eq!(rivals(&desk, &strangers[0]).await, [first.as_str()], "the first one holds as well");
    assert_eq!(rivals(&desk, &strangers[1]).await, [strangers[0].as_str()]);
    let dismissal = [("ruling", "dismissed"), ("reason", "Both called.")];
    ben.does(&first, "objection", &dismissal).await.went_well();
    // A verdict that counts already is no new claim.
    ann.does(&strangers[0], "checks/entitlement", &[("again", "1")]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.state(&first).await, "verifying");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_closed_case_contests_nothing_until_it_is_taken_up_again() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let visitor = desk.visitor("de");
    let first = desk.confirmed_case(&visitor, &form()).await;
    ann.does(&first, "rejection", &[("reason", "Nobody could be reached.")]).await.went_well();
    desk.take_all_letters();
    let second = desk.confirmed_case(&visitor, &rival_form()).await;
    assert_eq!(desk.state(&second).await, "verifying");
    ben.does(&first, "reopening", &[("reason", "They called.")]).await.went_well();
    assert_eq!(rivals(&desk, &first).await, [second.as_str()]);
    assert_eq!(rivals(&desk, &second).await, [first.as_str()]);

    // Taken up once more, the pair is not counted twice.
    let withdrawn = Action::Withdraw;
    act(&desk, &second, Actor::Requester, withdrawn).await;
    ben.does(&second, "reopening", &[("reason", "They called, too.")]).await.went_well();
    assert_eq!(rivals(&desk, &first).await, [second.as_str()]);
    assert_eq!(rivals(&desk, &second).await, [first.as_str()]);
    // Another entitlement is another matter.
    let other = form_with(&[
        ("requester_email", "ina@almrausch.example"),
        ("entitlements", "almrausch.atlassian.net"),
    ]);
    let other = desk.confirmed_case(&visitor, &other).await;
    assert_ne!(desk.state(&other).await, "contested");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// A verdict of the check that was missing for the case to contest others.
fn contact_found() -> Action {
    let (kind, verdict) = (CheckKind::RecordedContact, Verdict::Passed);
    Action::RecordCheck { kind, verdict, evidence: Evidence::ContactOnRecord { requester: false } }
}

/// Confirmed, and its licence found; the worker has not looked at the contact yet.
async fn half_checked(desk: &Desk, visitor: &Visitor, (number, link): (&str, &str)) -> Uuid {
    visitor.post(link, &[]).await.went_well();
    let pool = &desk.casework.app.pool;
    let customer: Uuid =
        sqlx::query_scalar("select id from customers where number = 'K-1'").fetch_one(pool).await.unwrap();
    let (kind, verdict) = (CheckKind::Entitlement, Verdict::Passed);
    let evidence = Evidence::InRegister { customer, company: None, hosting: Vec::new() };
    let found = Action::RecordCheck { kind, verdict, evidence };
    act(desk, number, Actor::System, found).await;
    desk.find_case(number).await
}

#[actix_web::test]
async fn two_cases_that_come_to_hold_at_the_same_moment_wait_for_each_other_and_see_each_other() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let (first, to_first) = escalated(&desk, &visitor, &form()).await;
    let (second, to_second) = escalated(&desk, &visitor, &rival_form()).await;
    let one = half_checked(&desk, &visitor, (&first, &to_first)).await;
    let other = half_checked(&desk, &visitor, (&second, &to_second)).await;
    let mut held = desk.casework.app.pool.begin().await.unwrap();
    let waiver = Action::WaiveCheck { kind: CheckKind::RecordedContact, reason: note() };
    let ben = desk.staff("ben", Role::Approver).await;
    desk.casework.act_in(&mut held, other, Actor::System, &contact_found(), None).await.unwrap();
    let (casework, approver) = (desk.casework.clone(), ben.actor());
    let waiting = actix_web::rt::spawn(async move { casework.act(one, approver, &waiver, None).await });
    until_somebody_waits_for_a_lock(&desk.casework.app.pool).await;
    assert!(!waiting.is_finished());
    held.commit().await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(rivals(&desk, &first).await, [second.as_str()]);
    assert_eq!(rivals(&desk, &second).await, [first.as_str()]);
    assert!(verify_trail(&desk.casework.app.pool).await.unwrap().1.is_empty());
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_verdict_waits_for_a_change_of_the_rival_and_judges_what_came_of_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let first = desk.confirmed_case(&visitor, &form()).await;
    desk.take_all_letters();
    let (second, link) = escalated(&desk, &visitor, &rival_form()).await;
    let other = half_checked(&desk, &visitor, (&second, &link)).await;
    let one = desk.find_case(&first).await;
    let mut held = desk.casework.app.pool.begin().await.unwrap();
    desk.casework.act_in(&mut held, one, Actor::Requester, &Action::Withdraw, None).await.unwrap();
    let casework = desk.casework.clone();
    let waiting =
        actix_web::rt::spawn(async move { casework.act(other, Actor::System, &contact_found(), None).await });
    until_somebody_waits_for_a_lock(&desk.casework.app.pool).await;
    held.commit().await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(desk.state(&second).await, "verifying", "the first one was withdrawn meanwhile");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Takes the case from `with_atlassian` to `place`.
async fn brought_to(desk: &Desk, number: &str, ann: &StaffVisitor, place: Place) {
    let answer = |answer| Action::RecordAtlassianAnswer { answer, note: None };
    match place {
        Place::AwaitingConfirmation => act(desk, number, ann.actor(), answer(AtlassianAnswer::Done)).await,
        Place::AwaitingCustomer => {
            act(desk, number, ann.actor(), Action::AskCustomer { question: note() }).await;
        }
        Place::Verified => act(desk, number, ann.actor(), answer(AtlassianAnswer::Question)).await,
        Place::AwaitingApproval => ann.drafts(number).await,
        _ => {
            act(desk, number, ann.actor(), answer(AtlassianAnswer::Done)).await;
            act(desk, number, Actor::Requester, Action::ReportNoAccess { note: None }).await;
        }
    }
}

#[actix_web::test]
async fn a_dismissed_contest_goes_back_to_where_it_was_and_the_customer_saw_nothing() {
    for place in [
        Place::WithAtlassian,
        Place::AwaitingConfirmation,
        Place::AwaitingCustomer,
        Place::Verified,
        Place::AwaitingApproval,
    ] {
        let desk = Desk::start().await;
        desk.import_register().await;
        let customer = desk.visitor("de");
        let (number, ann, ben) = desk.submitted_case(&customer).await;
        desk.work_until_idle().await;
        let status = desk.take_letter(REQUESTER).link("cases");
        brought_to(&desk, &number, &ann, place).await;
        let (before, page) = (desk.load(&number).await.case.state, main_of(&customer.get(&status).await));

        act(
            &desk,
            &number,
            Actor::DepartedContact,
            Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
        )
        .await;
        assert_eq!(desk.state(&number).await, "contested");
        assert_eq!(main_of(&customer.get(&status).await), page, "{place:?}");
        act(&desk, &number, ben.actor(), Action::DismissObjection { reason: note() }).await;
        let after = desk.load(&number).await.case.state;
        match place {
            // Its draft of a follow-up is void, as if it had been returned.
            Place::AwaitingApproval => assert_eq!(after.place(), Place::WithAtlassian),
            _ => {
                assert_eq!(after, before);
                assert_eq!(main_of(&customer.get(&status).await), page, "{place:?}, dismissed");
            }
        }
        desk.work_until_idle().await;
        desk.take_all_letters();
        desk.finish().await;
    }
}

#[actix_web::test]
async fn what_the_customer_does_during_a_contest_is_kept_for_after_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (number, ann, ben) = desk.submitted_case(&customer).await;
    desk.work_until_idle().await;
    let status = desk.take_letter(REQUESTER).link("cases");
    brought_to(&desk, &number, &ann, Place::AwaitingConfirmation).await;
    act(
        &desk,
        &number,
        Actor::DepartedContact,
        Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
    )
    .await;
    let access = format!("{status}/access-confirmation");
    customer.submit(&access, &[("access", "yes")]).await.says("Wir warten noch auf die neue Kontaktperson");
    act(&desk, &number, Actor::Successor, Action::ConfirmAccess).await;
    customer.get(&status).await.says("Geschafft");
    assert_eq!(desk.state(&number).await, "contested", "an objection is not to be overtaken");
    customer.post(&format!("{status}/withdrawal"), &[]).await.is(409);
    act(&desk, &number, ben.actor(), Action::DismissObjection { reason: note() }).await;
    assert_eq!(desk.state(&number).await, "closed");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn one_dismissal_settles_all_that_stands_and_what_comes_later_stands_anew() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ben = desk.staff("ben", Role::Approver).await;
    let visitor = desk.visitor("de");
    let first = desk.confirmed_case(&visitor, &form()).await;
    act(
        &desk,
        &first,
        Actor::DepartedContact,
        Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
    )
    .await;
    desk.take_all_letters();
    let second = desk.confirmed_case(&visitor, &rival_form()).await;
    let State::Contested { causes, before, .. } = desk.load(&first).await.case.state else { panic!() };
    assert_eq!((causes.iter().count(), before), (2, Before::Verifying));
    let dismissal =
        [("ruling", "dismissed"), ("reason", "Both called; she left, and Ms Wolff was mistaken.")];
    let page = ben.open(&first).await.says("objected").says(&second);
    ben.does(&first, "objection", &dismissal).await.went_well();
    assert_eq!(desk.state(&first).await, "verifying");

    // Decided on a page that did not show the latest yet.
    act(
        &desk,
        &first,
        Actor::DepartedContact,
        Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
    )
    .await;
    let version = page.field("version").unwrap();
    let old: Vec<_> = [("version", version.as_str())].into_iter().chain(dismissal).collect();
    ben.visitor.post(&format!("/desk/cases/{first}/objection"), &old).await.is(409);
    assert_eq!(desk.state(&first).await, "contested");
    desk.take_all_letters();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn cases_contested_before_the_reasons_were_kept_can_still_be_read() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ben = desk.staff("ben", Role::Approver).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    act(
        &desk,
        &number,
        Actor::DepartedContact,
        Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
    )
    .await;
    let old = "alter table cases drop constraint cases_contested_for_a_reason; \
               update cases set state_data = state_data - 'causes' - 'before' where state = 'contested'";
    let pool = &desk.owner;
    crate::helpers::postgres::let_rows_be_staged(pool).await;
    sqlx::raw_sql(old).execute(pool).await.unwrap();
    assert!(desk.casework.load(desk.find_case(&number).await).await.is_err());
    let migration = include_str!("../../migrations/20261122220000_keep_why_a_case_is_contested.sql");
    sqlx::raw_sql(migration).execute(pool).await.unwrap();
    act(&desk, &number, ben.actor(), Action::DismissObjection { reason: note() }).await;
    assert_eq!(desk.state(&number).await, "verifying");
    desk.take_all_letters();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// The register with one licence that has a number beside its SEN.
fn register_knowing_both() -> String {
    REGISTER.replace("SEN-10000002,,", "SEN-10000002,E-2AA-BCD-EFG-H99,")
}

fn rival_form_by_number() -> Vec<(&'static str, String)> {
    let mut fields = rival_form();
    fields.retain(|(name, _)| *name != "entitlements");
    fields.push(("entitlements", "E-2AA-BCD-EFG-H99".to_owned()));
    fields
}

#[actix_web::test]
async fn one_licence_under_two_of_its_numbers_is_a_second_claim() {
    let desk = Desk::start().await;
    desk.import(&register_knowing_both()).await;
    let first =
        desk.confirmed_case(&desk.visitor("de"), &form_with(&[("entitlements", "SEN-10000002")])).await;
    desk.take_all_letters();
    let second = desk.confirmed_case(&desk.visitor("de"), &rival_form_by_number()).await;
    desk.take_all_letters();
    assert_eq!(rivals(&desk, &first).await, [second.as_str()]);
    assert_eq!(rivals(&desk, &second).await, [first.as_str()]);
    // Another licence of the same customer is another matter.
    let third = desk.confirmed_case(&desk.visitor("de"), &other_rival("SEN-10000001")).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&third).await, "verifying");
    desk.finish().await;
}

fn other_rival(entitlement: &str) -> Vec<(&'static str, String)> {
    let address = "olga.brandt@nordlicht.example";
    form_with(&[
        ("requester_name", "Olga Brandt"),
        ("requester_email", address),
        ("successor_name", "Olga Brandt"),
        ("successor_email", address),
        ("entitlements", entitlement),
    ])
}

/// Two licences run on one site: who names the site claims both, who names one of them does not claim the other.
#[actix_web::test]
async fn a_site_names_all_that_runs_there_and_one_of_it_not_the_other() {
    let desk = Desk::start().await;
    let on_site = |number: &str| format!("SEN-{number},,nordlicht.atlassian.net,");
    let register = REGISTER
        .replace("SEN-10000001,,,", &on_site("10000001"))
        .replace("SEN-10000002,,,", &on_site("10000002"));
    desk.import(&register).await;
    let one = desk.confirmed_case(&desk.visitor("de"), &form_with(&[("entitlements", "SEN-10000001")])).await;
    desk.take_all_letters();
    let other = desk.confirmed_case(&desk.visitor("de"), &rival_form()).await;
    desk.take_all_letters();
    for number in [&one, &other] {
        assert_eq!(desk.state(number).await, "verifying", "two licences");
    }
    let site = desk.confirmed_case(&desk.visitor("de"), &other_rival("nordlicht.atlassian.net")).await;
    desk.take_all_letters();
    assert_eq!(rivals(&desk, &site).await, [one.as_str(), other.as_str()]);
    assert_eq!(rivals(&desk, &one).await, [site.as_str()]);
    assert_eq!(rivals(&desk, &other).await, [site.as_str()]);
    desk.finish().await;
}

/// Nobody acts: the import alone says that two cases which hold already are about one licence. It says so once.
#[actix_web::test]
async fn an_import_tells_that_two_cases_are_about_one_licence() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let cal = desk.staff("cal", Role::Approver).await;
    let first =
        desk.confirmed_case(&desk.visitor("de"), &form_with(&[("entitlements", "SEN-10000002")])).await;
    desk.take_all_letters();
    let second = desk.confirmed_case(&desk.visitor("de"), &rival_form_by_number()).await;
    desk.take_all_letters();
    // The register did not know the number, and an approver let it pass.
    for check in ["entitlement", "recorded_contact"] {
        let waived = [("waive", "true"), ("reason", "Seen on the invoice.")];
        cal.does(&second, &format!("checks/{check}"), &waived).await.went_well();
    }
    assert_eq!(desk.state(&first).await, "verifying");
    assert_eq!(desk.state(&second).await, "verifying");

    desk.import(&register_knowing_both()).await;
    desk.work_until_idle().await;
    assert_eq!(rivals(&desk, &first).await, [second.as_str()]);
    assert_eq!(rivals(&desk, &second).await, [first.as_str()]);

    for number in [&first, &second] {
        let ruling = [("ruling", "dismissed"), ("reason", "Both are right.")];
        cal.does(number, "objection", &ruling).await.went_well();
    }
    desk.import(&register_knowing_both().replace("+49 30 23125 101", "+49 30 23125 109")).await;
    desk.work_until_idle().await;
    for number in [&first, &second] {
        assert_ne!(desk.state(number).await, "contested", "{number}");
    }
    let due: i64 = sqlx::query_scalar("select count(*) from cases where weigh_at <= $1")
        .bind(desk.now())
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(due, 0);
    desk.take_all_letters();
    desk.finish().await;
}

/// Claims from ever more mailboxes fill no case beyond what a page can show, and keep nobody from objecting.
#[actix_web::test]
async fn a_case_names_only_so_many_others_and_every_objection() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number =
        desk.confirmed_case(&desk.visitor("de"), &form_with(&[("entitlements", "SEN-10000002")])).await;
    let objection = desk.take_letter(DEPARTED).link("objections");
    desk.take_all_letters();
    let claim = |at: u32| Action::RecordSecondClaim {
        other: format!("HO-2025-{at:05}").parse().unwrap(),
        same_requester: false,
    };
    for at in 0..50 {
        act(&desk, &number, Actor::System, claim(at)).await;
    }
    let case = desk.find_case(&number).await;
    let refused = desk.casework.act(case, Actor::System, &claim(50), None).await.unwrap_err();
    assert!(refused.to_string().contains("refusal-too-many-claims"), "{refused}");

    // One more that holds is stopped itself, and names the full one.
    let rival = desk.confirmed_case(&desk.visitor("de"), &rival_form()).await;
    desk.take_all_letters();
    assert_eq!(rivals(&desk, &rival).await, [number.as_str()]);
    assert_eq!(rivals(&desk, &number).await.len(), 50);

    let said = [("note", "I have never left.")];
    desk.visitor("de").post(&objection, &said).await.went_well();
    ann.open(&number).await.says("I have never left.").says("No more cases are named here");

    // The database says it again.
    let more = "update cases set state_data = jsonb_set(state_data, '{causes}', (state_data -> 'causes') || (state_data -> 'causes'))
         where state = 'contested' and jsonb_array_length(state_data -> 'causes') > 3";
    let denied = sqlx::query(more).execute(&desk.casework.app.pool).await.unwrap_err().to_string();
    assert!(denied.contains("cases_contested_within_bounds"), "{denied}");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

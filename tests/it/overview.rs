//! The overview: what it counts, when and for whom, to the minute; how it is shown and given away; and what must not upset it.

use handover::{
    case::{
        action::Action,
        actor::{Actor, Role},
        state::Outcome,
    },
    clock::Timestamp,
};
use jiff::civil::DateTime;

use crate::helpers::{
    desk::{Answer, Desk, StaffVisitor},
    inbound::{BELIEVING, Mail},
    story::{ATLASSIAN, REQUESTER, SUCCESSOR, form, form_with},
};

/// By the clock on the wall of the desk.
fn at(wall: &str) -> Timestamp {
    wall.parse::<DateTime>().unwrap().in_tz("Europe/Berlin").unwrap().timestamp().into()
}

impl Desk {
    /// Then everything due happens.
    async fn until(&self, wall: &str) {
        self.clock.set(at(wall));
        self.work_until_idle().await;
    }
}

/// The rows of a figure's table, each as a line, without what is nothing.
fn rows(page: &Answer, figure: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text);
    let select = |selector: &str| scraper::Selector::parse(selector).unwrap();
    let cells = select("th, td");
    html.select(&select(&format!("#{figure} tbody tr")))
        .map(|row| {
            let cells = row.select(&cells).map(|cell| cell.text().collect::<String>());
            cells.collect::<Vec<_>>().join(" | ")
        })
        .filter(|row| row.split(" | ").skip(1).any(|cell| !["0", "0%", "–"].contains(&cell)))
        .collect()
}

async fn overview(who: &StaffVisitor, from: &str, to: &str) -> Answer {
    who.get(&format!("/desk/overview?from={from}&to={to}")).await.is(200)
}

async fn file(who: &StaffVisitor, figure: &str, from: &str, to: &str) -> String {
    who.get(&format!("/desk/overview/{figure}.csv?from={from}&to={to}")).await.is(200).text
}

/// One case from the form to its end, each step at a time that is known: 2 hours of the customer, 7, 9 and 5 of ours, 33 of the
/// departed contact, 18 of Atlassian, and 5½ of the customer again.
async fn whole_case(desk: &Desk, ann: &StaffVisitor, ben: &StaffVisitor) {
    let visitor = desk.visitor("de");
    desk.until("2026-06-01T10:00").await;
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    desk.until("2026-06-01T12:00").await;
    visitor.post(&desk.take_letter(REQUESTER).link("confirmations"), &[]).await.went_well();
    desk.work_until_idle().await;
    let number = desk.newest().await;
    desk.take_letter(REQUESTER);
    desk.until("2026-06-02T11:00").await;
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    visitor.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.until("2026-06-08T12:00").await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "verified", "the notice's time is over");
    desk.until("2026-06-09T13:00").await;
    ann.drafts(&number).await;
    desk.until("2026-06-10T10:00").await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    desk.until("2026-06-12T12:00").await;
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Changed.")]).await.went_well();
    desk.until("2026-06-15T09:30").await;
    desk.new_contact_says(&visitor, "yes").await;
    desk.take_all_letters();
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "closed");
}

#[actix_web::test]
async fn a_case_from_the_form_to_its_end_is_counted_to_the_minute() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    whole_case(&desk, &ann, &ben).await;

    let page = overview(&ann, "2026-06-01", "2026-06-15").await;
    assert_eq!(
        rows(&page, "times"),
        [
            "Us | 1 | 21 h 0 min | 21 h 0 min",
            "Customer's side | 1 | 7 h 30 min | 7 h 30 min",
            "Departed contact | 1 | 33 h 0 min | 33 h 0 min",
            "Atlassian | 1 | 18 h 0 min | 18 h 0 min",
        ]
    );
    // The hour in which the message left was none of anybody's.
    assert_eq!(
        rows(&page, "targets"),
        [
            "Us | Verifying | 1 | 0 | 0 | 100% | 1 h 0 min | – | –",
            "Us | Verified | 0 | 1 | 0 | 0% | – | 1 h 0 min | 1 h 0 min",
            "Us | For approval | 1 | 0 | 0 | 100% | 3 h 0 min | – | –",
            "Customer's side | Unconfirmed | 1 | 0 | 0 | 100% | 38 h 0 min | – | –",
            "Customer's side | Checking access | 1 | 0 | 0 | 100% | 34 h 30 min | – | –",
            "Departed contact | Verifying | 1 | 0 | 0 | 100% | 0 min | – | –",
            "Atlassian | With Atlassian | 1 | 0 | 0 | 100% | 22 h 0 min | – | –",
        ]
    );
    assert_eq!(rows(&page, "flow"), ["1 Jun 2026 | 1 | 0 | 0", "15 Jun 2026 | 0 | 0 | 1"]);
    assert_eq!(rows(&page, "outcomes"), ["Completed | 1 | 100%"]);
    assert_eq!(rows(&page, "self_service"), ["15 Jun 2026 | 1 | 0 | 0% | 0"]);
    assert_eq!(rows(&page, "open"), [""; 0]);
    assert_eq!(rows(&page, "workload"), ["Assigned to nobody | 0 | 0 | 0 | 1"]);
    let passed = rows(&page, "checks");
    assert!(passed.contains(&"Callback | 0 | 0 | 1 | 0".to_owned()), "{passed:?}");

    // The file says the same, in hours.
    assert_eq!(
        file(&ann, "times", "2026-06-01", "2026-06-15").await,
        "\u{feff}With whom,Cases,Median (business time),90% within (business time)\nUs,1,21.00,21.00\n\
         Customer's side,1,7.50,7.50\nDeparted contact,1,33.00,33.00\nAnother contact,0,,\nAtlassian,1,18.00,18.00\n"
    );

    // A target counts once, on the day that told; what a case took counts when it ends, with what lies before the range.
    let due = overview(&ann, "2026-06-09", "2026-06-09").await;
    assert_eq!(rows(&due, "targets"), ["Us | Verified | 0 | 1 | 0 | 0% | – | 1 h 0 min | 1 h 0 min"]);
    assert_eq!(rows(&due, "times"), [""; 0]);
    let end = overview(&ann, "2026-06-15", "2026-06-15").await;
    assert_eq!(rows(&end, "times"), rows(&page, "times"));
    assert_eq!(rows(&end, "targets").len(), 1, "the customer's last");
    let before = overview(&ann, "2026-05-01", "2026-05-31").await;
    for figure in ["flow", "times", "targets", "outcomes", "self_service", "checks", "workload"] {
        assert_eq!(rows(&before, figure), [""; 0], "{figure}");
    }
    desk.finish().await;
}

#[actix_web::test]
async fn a_case_that_is_taken_up_again_and_one_that_is_late_now() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ben = desk.staff("ben", Role::Approver).await;
    desk.until("2026-06-15T10:00").await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    // Ours from ten o'clock; due on the next day at ten.
    ben.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    desk.until("2026-06-16T16:00").await;
    let page = overview(&ben, "2026-06-15", "2026-06-16").await;
    let late = "Us | Verifying | 0 | 1 | 1 | 0% | – | 6 h 0 min | 6 h 0 min";
    assert!(rows(&page, "targets").contains(&late.to_owned()), "{:?}", rows(&page, "targets"));
    assert_eq!(rows(&page, "open"), ["Verifying | 1 | 0 | 0 | 0 | 0 | 1"]);
    assert_eq!(rows(&page, "workload"), ["ben | 1 | 1 | 1 | 0"]);
    // Closed half an hour later: it was late by so much, and stays it.
    desk.until("2026-06-16T16:30").await;
    ben.does(&number, "closing", &[("outcome", "self_service")]).await.went_well();
    desk.until("2026-06-17T09:00").await;
    let page = overview(&ben, "2026-06-15", "2026-06-17").await;
    let late = "Us | Verifying | 0 | 1 | 0 | 0% | – | 6 h 30 min | 6 h 30 min";
    assert!(rows(&page, "targets").contains(&late.to_owned()), "{:?}", rows(&page, "targets"));
    assert_eq!(rows(&page, "outcomes"), ["Solved without us | 1 | 100%"]);
    assert_eq!(rows(&page, "self_service"), ["15 Jun 2026 | 1 | 1 | 100% | 0"]);
    assert_eq!(rows(&page, "times").first().unwrap(), "Us | 1 | 14 h 30 min | 14 h 30 min");

    // Taken up again, it is no longer one that was closed, though it was.
    ben.does(&number, "reopening", &[("reason", "They can't sign in after all.")]).await.went_well();
    desk.work_until_idle().await;
    let page = overview(&ben, "2026-06-15", "2026-06-17").await;
    assert_eq!(rows(&page, "flow"), ["15 Jun 2026 | 1 | 1 | 1"]);
    assert_eq!(rows(&page, "outcomes"), [""; 0]);
    assert_eq!(rows(&page, "times"), [""; 0]);
    // The time in between was nobody's.
    desk.until("2026-06-17T10:00").await;
    ben.does(&number, "closing", &[("outcome", "withdrawn")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let page = overview(&ben, "2026-06-15", "2026-06-17").await;
    assert_eq!(rows(&page, "flow"), ["15 Jun 2026 | 1 | 1 | 2"]);
    assert_eq!(rows(&page, "outcomes"), ["Withdrawn | 1 | 100%"]);
    assert_eq!(rows(&page, "times").first().unwrap(), "Us | 1 | 15 h 30 min | 15 h 30 min");
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_there_no_case_and_a_hundred_years() {
    let desk = Desk::start().await;
    let eva = desk.staff("eva", Role::Auditor).await;
    let page = eva.get("/desk/overview").await.is(200).says("There is nothing of this in the range");
    assert_eq!(rows(&page, "flow"), [""; 0]);
    assert!(!page.text.contains("<svg class=\"plot\""));
    let page = overview(&eva, "1926-06-01", "2026-06-01").await;
    assert_eq!(page.text.matches("<th scope=\"row\">19").count(), 2 * 74, "a row for each year");

    let visitor = desk.visitor("en");
    for path in ["/desk/overview", "/desk/overview/flow.csv"] {
        let answer = visitor.get(path).await;
        assert!(answer.location.unwrap().starts_with("/desk/sign-in"), "{path}");
    }
    eva.get("/desk/overview/nothing.csv").await.is(404);
    eva.get("/desk/overview/..%2Fflow.csv").await.is(404);
    desk.finish().await;
}

/// An attacker would like a range that costs the desk its database; a person mistypes a day.
#[actix_web::test]
async fn a_range_that_makes_no_sense_is_said_and_nothing_typed_is_lost() {
    let desk = Desk::start().await;
    let eva = desk.staff("eva", Role::Auditor).await;
    for (from, to, says) in [
        ("2026-06-02", "2026-06-01", "The last day lies before the first"),
        ("<b>soon</b>", "2026-06-01", "The first day is no date"),
        ("2026-06-01", "2026-02-30", "The last day is no date"),
        ("1900-01-01", "2999-12-31", "longer than a hundred years"),
        ("-009999-01-01", "", "The first day is no date"),
    ] {
        let query = serde_html_form::to_string([("from", from), ("to", to)]).unwrap();
        let page = eva.get(&format!("/desk/overview?{query}")).await.is(422).says(says);
        assert_eq!((page.field("from").unwrap().as_str(), page.field("to").unwrap().as_str()), (from, to));
        assert!(!page.text.contains("<b>soon") && !page.text.contains("<figure"));
        let file = eva.get(&format!("/desk/overview/flow.csv?{query}")).await.is(303);
        assert_eq!(file.location.unwrap(), format!("/desk/overview?{query}"), "the page says why");
    }
    desk.staff_reading("eva", Role::Auditor, "de")
        .await
        .get("/desk/overview?from=x")
        .await
        .is(422)
        .says("kein Datum");
    desk.finish().await;
}

/// Whoever manages staff could name a colleague so that the file or the page does what they want.
#[actix_web::test]
async fn names_are_neither_markup_nor_formulas() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let hostile = "=HYPERLINK(\"http://x\";\"y\")<script>alert(1)</script>";
    let ann = desk.staff("ann", Role::Agent).await;
    sqlx::query("update staff set name = $1").bind(hostile).execute(&desk.owner).await.unwrap();
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    let page = ann.get("/desk/overview").await.is(200);
    assert!(!page.text.contains("<script>alert"), "escaped in the table and in the picture");
    assert!(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let german = desk.staff_reading("ann", Role::Agent, "de").await;
    let text = file(&german, "workload", "2026-06-01", "2026-06-01").await;
    assert!(
        text.contains("\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")<script>alert(1)</script>\";1;1;0;0\n"),
        "{text}"
    );
    desk.finish().await;
}

/// The clocks of machines differ, and are set.
#[actix_web::test]
async fn a_clock_that_goes_back_stops_no_case_and_makes_no_time() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ben = desk.staff("ben", Role::Approver).await;
    desk.until("2026-06-15T10:00").await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    desk.clock.set(at("2026-06-12T10:00"));
    let case = desk.find_case(&number).await;
    let close = Action::Close { outcome: Outcome::SelfService, reason: None };
    desk.casework.act(case, ben.actor(), &close, None).await.unwrap();
    let kept: Vec<bool> = sqlx::query_scalar("select until >= since from case_waits where until is not null")
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap();
    assert!(kept.iter().all(|kept| *kept) && kept.len() > 1);
    let page = overview(&ben, "2026-06-01", "2026-06-30").await;
    assert_eq!(rows(&page, "times").first().unwrap(), "Us | 1 | 0 min | 0 min");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// A wait is kept with every change that turns it, whoever makes it, and one is going on for each case.
#[actix_web::test]
async fn the_waits_of_a_case_follow_each_other_and_the_last_one_is_the_cases_own() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    whole_case(&desk, &ann, &ben).await;
    let fields =
        form_with(&[("requester_email", "else@nordlicht.example"), ("entitlements", "SEN-10000002")]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    ann.does(&number, "question", &[("question", "Since when?")]).await.went_well();
    desk.later(1).await;
    // Asked once more, they have their time anew.
    ann.does(&number, "question", &[("question", "And who?")]).await.went_well();
    let case = desk.find_case(&number).await;
    desk.casework.act(case, Actor::Requester, &Action::Withdraw, None).await.unwrap();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let wrong: Vec<String> = sqlx::query_scalar(
        "select number from cases c where not exists (select from case_waits w where w.case_id = c.id and w.until is null
             and (w.state, w.party, w.since) = (c.state, c.waiting_for, c.waiting_since))
         union select 'gap ' || w.case_id || ' ' || w.version from case_waits w where w.until is not null and not exists (
             select from case_waits n where n.case_id = w.case_id and n.since = w.until and n.version > w.version)",
    )
    .fetch_all(&desk.casework.app.pool)
    .await
    .unwrap();
    assert_eq!(wrong, [""; 0]);
    let asked: i64 = sqlx::query_scalar(
        "select count(*) from case_waits where case_id = $1 and state = 'awaiting_customer'",
    )
    .bind(case)
    .fetch_one(&desk.casework.app.pool)
    .await
    .unwrap();
    assert_eq!(asked, 2);
    desk.finish().await;
}

/// The database counts business time as the calendar does: over holidays, weekends, and days on which the clocks change.
#[actix_web::test]
async fn the_database_counts_as_the_calendar_does() {
    for settings in [
        "",
        "calendar.regions = [\"DE-BY\"]\ncalendar.opens = \"00:00\"\ncalendar.closes = \"23:59\"",
        "time_zone = \"Africa/Cairo\"\ncalendar.regions = []\ncalendar.opens = \"00:00\"\ncalendar.closes = \"12:00\"",
    ] {
        let desk = Desk::start_with(settings).await;
        let calendar = &desk.casework.rules.calendar;
        let first = at("2026-03-20T08:00");
        let spans = calendar.spans(first, at("2026-12-31T12:00"));
        let moments: Vec<Timestamp> =
            (0..400).map(|n| first.after(jiff::SignedDuration::from_mins(n * 947))).collect();
        let counted: Vec<i64> = sqlx::query_scalar(
            "select business_seconds(at, $2, $3, $4) from unnest($1::timestamptz[]) with ordinality m (at, n) order by n",
        )
        .bind(&moments)
        .bind(&spans.opens)
        .bind(&spans.closes)
        .bind(&spans.before)
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap();
        for (n, until) in moments.iter().enumerate() {
            let from = moments[n / 2];
            let expected = calendar.time_between(from, *until).as_secs();
            assert_eq!(counted[n] - counted[n / 2], expected, "{from} {until} {settings}");
        }
        desk.finish().await;
    }
}

/// Whoever writes to us every day would keep Atlassian's time from ever ending.
#[actix_web::test]
async fn the_clock_of_the_others_stands_while_the_case_is_with_us_and_goes_on_from_there() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (number, ann, _) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    let address = desk.take_letter(REQUESTER).return_path;
    desk.take_all_letters();
    // Since Tuesday the 9th, ten o'clock: forty hours, that is, until Tuesday the 16th.
    assert_eq!(desk.load(&number).await.due_at, Some(at("2026-06-16T10:00")));
    desk.until("2026-06-10T12:00").await;
    desk.receives(&Mail::authentic(REQUESTER, &address).saying("Any news?").raw())
        .await
        .is_filed_from("requester");
    assert_eq!(desk.load(&number).await.due_at, Some(at("2026-06-11T12:00")), "ours");
    desk.until("2026-06-11T10:00").await;
    ann.does(&number, "seen", &[]).await.went_well();
    // Thirty hours are left of forty.
    assert_eq!(desk.load(&number).await.due_at, Some(at("2026-06-16T16:00")));
    desk.until("2026-06-11T15:00").await;
    desk.receives(&Mail::authentic(REQUESTER, &address).saying("And now?").raw())
        .await
        .is_filed_from("requester");
    ann.does(&number, "seen", &[]).await.went_well();
    assert_eq!(desk.load(&number).await.due_at, Some(at("2026-06-16T16:00")), "no time has passed");
    desk.until("2026-06-16T17:00").await;
    ann.open(&number).await.says("Atlassian has not answered");
    let page = overview(&ann, "2026-06-09", "2026-06-16").await;
    let targets = rows(&page, "targets");
    let one = "Atlassian | With Atlassian | 0 | 1 | 0 | 0% | – | 1 h 0 min | 1 h 0 min";
    assert!(targets.contains(&one.to_owned()), "one target, however often it stood: {targets:?}");
    desk.take_all_letters();
    desk.finish().await;
}

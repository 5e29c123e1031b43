//! Between the form and its confirmation: a letter that does not come is sent again, its address mended, its end announced once, and
//! an expired link is no dead end. And what strangers make of that.

use handover::case::actor::Role;
use reqwest::{Client, StatusCode, redirect::Policy};

use crate::helpers::{
    browser::Browser,
    desk::{Answer, Desk, Visitor},
    inbound::{BELIEVING, bounce},
    postgres::until_somebody_waits_for_a_lock,
    story::{DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form, form_with},
};

const MISTYPED: &str = "miriam.kesler@nordlicht.example";

fn mistyped() -> Vec<(&'static str, String)> {
    form_with(&[("requester_email", MISTYPED)])
}

/// Sends the form; the path of the page after it.
async fn sent(visitor: &Visitor, fields: &[(&'static str, String)]) -> String {
    visitor.escalates(fields).await.went_well().location.unwrap()
}

async fn mends(visitor: &Visitor, page: &str, address: &str) -> Answer {
    visitor.post(&format!("{page}/address"), &[("requester_email", address)]).await
}

async fn sends_again(visitor: &Visitor, page: &str) -> Answer {
    visitor.post(&format!("{page}/letter"), &[]).await
}

async fn minutes(desk: &Desk, minutes: i64) {
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(minutes)));
    desk.work_until_idle().await;
}

async fn count(desk: &Desk, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

const WAITING: &str = "select count(*) from cases where state = 'unconfirmed'";
const CASES: &str = "select count(*) from cases";

// ── a letter that does not come ───────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_letter_that_does_not_come_is_sent_again_and_the_page_says_when() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let page = sent(&customer, &form()).await;
    desk.work_until_idle().await;
    let first = desk.take_letter(REQUESTER).link("confirmations");
    let shown = customer.get(&page).await.is(200).says("miriam.kessler@ nordlicht.example");
    assert!(
        !shown.says("You can send it again in 5 minutes").text.contains("/letter\"><p class=\"buttons\">")
    );

    // Before its time, nothing goes out.
    assert_eq!(sends_again(&customer, &page).await.went_well().location.as_deref(), Some(page.as_str()));
    minutes(&desk, 1).await;
    customer.get(&page).await.says("again in 4 minutes");
    assert!(desk.untaken().is_empty());

    let mut links = vec![first];
    for n in 2..=4 {
        minutes(&desk, 5).await;
        customer.get(&page).await.says("Send again");
        customer.submit(&format!("{page}/letter"), &[]).await.says("on its way again");
        desk.work_until_idle().await;
        links.push(desk.take_letter(REQUESTER).link("confirmations"));
        assert_eq!(links.len(), n);
    }
    minutes(&desk, 60).await;
    sends_again(&customer, &page).await.went_well();
    customer.get(&page).await.says("as often as we do for one request").never_says("Send again");
    desk.work_until_idle().await;
    assert!(desk.untaken().is_empty());

    // Every one of them confirms, the same case.
    for link in &links {
        customer.get(link).await.is(200).says("Yes, this is my request");
    }
    assert_eq!(count(&desk, CASES).await, 1);
    customer.submit(&links[2], &[]).await.says("your request is confirmed");
    desk.work_until_idle().await;
    desk.take_all_letters();
    // From here on there is nothing to be done from the page, and nothing to be seen.
    customer.get(&page).await.is(200).never_says("kessler").never_says("Correct the address");
    desk.finish().await;
}

#[actix_web::test]
async fn an_address_is_mended_and_the_first_one_gets_nothing_more() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let fields = mistyped();
    let page = sent(&customer, &fields).await;
    // Before the worker came to it: what waits for the wrong address is held back.
    customer.get(&page).await.says("Correct the address");
    let shown = mends(&customer, &page, REQUESTER).await.went_well();
    assert_eq!(shown.location.as_deref(), Some(page.as_str()), "the page goes on under its address");
    customer.get(&page).await.says("The address is changed").says("miriam.kessler@ nordlicht.example");
    desk.work_until_idle().await;
    let right = desk.take_letter(REQUESTER).link("confirmations");
    assert!(desk.untaken().is_empty(), "nothing for {MISTYPED}");
    assert_eq!((count(&desk, CASES).await, count(&desk, WAITING).await), (2, 1));

    // The form sent again, by the browser's way back, leads to the case that goes on and opens none.
    let again = sent(&customer, &fields).await;
    customer.get(&again).await.says("miriam.kessler@ nordlicht.example");
    assert_eq!(count(&desk, CASES).await, 2);

    customer.submit(&right, &[]).await.says("your request is confirmed");
    let number = desk.newest().await;
    assert_eq!(desk.state(&number).await, "verifying");
    let escalation = desk.load(&number).await.escalation;
    assert_eq!(escalation.requester.email.as_str(), REQUESTER);
    assert_eq!(escalation.requester.name, "Miriam Kessler");
    desk.work_until_idle().await;
    assert!(desk.take_all_letters().iter().all(|letter| letter.to != MISTYPED));
    desk.finish().await;
}

#[actix_web::test]
async fn the_link_to_a_wrong_address_is_void_once_it_is_mended() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let page = sent(&customer, &mistyped()).await;
    desk.work_until_idle().await;
    let (wrong, before) = (desk.take_letter(MISTYPED).link("confirmations"), desk.newest().await);
    mends(&customer, &page, REQUESTER).await.went_well();
    let stranger = desk.visitor("en");
    let unknown = stranger.get(&format!("/confirmations/{}", "x".repeat(43))).await.is(404);
    assert_eq!(stranger.get(&wrong).await.is(404).words(), unknown.words());
    stranger.post(&wrong, &[]).await.went_well();
    stranger.post(&format!("{wrong}/letter"), &[]).await.went_well();
    assert_eq!(desk.state(&before).await, "closed");
    assert_eq!(count(&desk, WAITING).await, 1);
    desk.later(3).await;
    desk.take_letter(REQUESTER);
    assert!(desk.untaken().is_empty());
    desk.finish().await;
}

/// Whoever will be the contact themselves stays it, under the mended address.
#[actix_web::test]
async fn what_hangs_on_the_address_is_mended_with_it_and_mistakes_are_told() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let own = form_with(&[("requester_email", MISTYPED), ("successor_is_requester", "true")]);
    let page = sent(&customer, &own).await;
    for (typed, told) in [
        ("", "business e-mail address"),
        ("miriam", "e-mail address"),
        (MISTYPED, "We have written to this address already"),
        (DEPARTED, "the person who has left"),
        ("a@atlassian.com", "e-mail"),
    ] {
        let answer = mends(&customer, &page, typed).await.is(422).says(told);
        assert_eq!(answer.field("requester_email").as_deref(), Some(typed));
    }
    assert_eq!(count(&desk, CASES).await, 1);
    mends(&customer, &page, REQUESTER).await.went_well();
    let escalation = desk.load(&desk.newest().await).await.escalation;
    assert!(escalation.successor.is_requester && escalation.successor.email.as_str() == REQUESTER);

    // Nor does one mailbox become two people.
    let page = sent(&customer, &mistyped()).await;
    mends(&customer, &page, SUCCESSOR).await.is(422).says("new contact’s address");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn two_windows_mend_one_request_and_never_are_there_two() {
    let desk = Desk::start().await;
    let (one, other) = (desk.visitor("en"), desk.visitor("en"));
    let page = sent(&one, &mistyped()).await;
    let before = desk.newest().await;
    let mut held = desk.casework.app.pool.begin().await.unwrap();
    sqlx::query("select from cases where number = $1 for update")
        .bind(&before)
        .execute(&mut *held)
        .await
        .unwrap();
    let mending = futures_util::future::join(
        mends(&one, &page, "first@nordlicht.example"),
        mends(&other, &page, "second@nordlicht.example"),
    );
    let free = async {
        // Both have seen the first case; whoever came after the other is done would mend what that one made of it.
        let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        while count(&desk, waiting).await < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        held.commit().await.unwrap();
    };
    futures_util::future::join(mending, free).await;
    assert_eq!((count(&desk, CASES).await, count(&desk, WAITING).await), (2, 1));
    desk.work_until_idle().await;
    assert_eq!(desk.take_all_letters().len(), 1);
    desk.finish().await;
}

// ── what strangers make of it ─────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn nobody_writes_to_many_strangers_by_mending() {
    let desk = Desk::start().await;
    let attacker = desk.visitor("en");
    let page = sent(&attacker, &form_with(&[("requester_email", "victim-0@opfer.example")])).await;
    for n in 1..=9 {
        mends(&attacker, &page, &format!("victim-{n}@opfer.example")).await.went_well();
    }
    attacker.get(&page).await.says("can’t be changed from here any more").never_says("Correct the address");
    assert_eq!((count(&desk, CASES).await, count(&desk, WAITING).await), (4, 1), "three times, no more");
    // Each was withdrawn before the worker came to it, but for the last.
    desk.work_until_idle().await;
    assert_eq!(desk.take_all_letters().len(), 1);

    // Worker or not: no more than four strangers get anything, and none of them twice.
    let page = sent(&attacker, &form_with(&[("requester_email", "other-0@opfer.example")])).await;
    for n in 1..=9 {
        desk.work_until_idle().await;
        mends(&attacker, &page, &format!("other-{n}@opfer.example")).await.went_well();
    }
    desk.work_until_idle().await;
    let mut to: Vec<String> = desk.take_all_letters().into_iter().map(|letter| letter.to).collect();
    to.dedup();
    assert_eq!(to.len(), 4, "{to:?}");
    desk.finish().await;
}

/// Back and forth between two addresses is as many letters as forms would be.
#[actix_web::test]
async fn a_mailbox_gets_no_more_by_mending_than_by_forms_and_is_told_when_more_is_possible() {
    let desk = Desk::start_with("limits.form_letters_per_network = 2\n").await;
    let customer = desk.visitor("en");
    for _ in 0..2 {
        sent(&customer, &form()).await;
    }
    let page = sent(&customer, &mistyped()).await;
    let answer = mends(&customer, &page, REQUESTER).await.is(422);
    answer.says("can’t send another e-mail to this address at present").says("again in 24 hours");
    // A third form for it is held back, and its page says so.
    let third = sent(&customer, &form()).await;
    customer.get(&third).await.says("We could not send this e-mail").says("again in 24 hours");
    sends_again(&customer, &third).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.take_all_letters().len(), 3);
    desk.later(24).await;
    let late = desk.visitor("en");
    let page = sent(&late, &form()).await;
    late.get(&page).await.never_says("could not send");
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.finish().await;
}

#[actix_web::test]
async fn a_confirmed_case_is_not_led_elsewhere_and_the_page_ends_with_the_day() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let page = sent(&customer, &form()).await;
    desk.work_until_idle().await;
    customer.submit(&desk.take_letter(REQUESTER).link("confirmations"), &[]).await;
    let number = desk.newest().await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    let version = desk.load(&number).await.version;
    mends(&customer, &page, "attacker@gmx.de").await.went_well();
    minutes(&desk, 10).await;
    sends_again(&customer, &page).await.went_well();
    desk.work_until_idle().await;
    assert!(desk.untaken().is_empty());
    assert_eq!((desk.load(&number).await.version, count(&desk, CASES).await), (version, 1));

    // The page of one form does nothing for another, and nothing after a day; a token of a letter does not open it.
    let page = sent(&customer, &mistyped()).await;
    desk.work_until_idle().await;
    let link = desk.take_letter(MISTYPED).link("confirmations");
    let token = link.rsplit('/').next().unwrap();
    for stranger in [format!("/escalations/sent/{token}"), "/escalations/sent/x".to_owned()] {
        customer.get(&stranger).await.is(200).never_says("kesler");
    }
    mends(&customer, &format!("/escalations/sent/{token}"), "attacker@gmx.de").await.went_well();
    mends(&customer, "/escalations/sent/x", "attacker@gmx.de").await.is(404);
    let own = page.rsplit('/').next().unwrap();
    for elsewhere in ["confirmations", "cases", "successors", "objections", "vouchers", "prepared"] {
        customer.get(&format!("/{elsewhere}/{own}")).await.is(404);
    }
    customer.post(&format!("/confirmations/{own}"), &[]).await.is(404);
    desk.later(25).await;
    customer.get(&page).await.is(200).never_says("kesler");
    mends(&customer, &page, "attacker@gmx.de").await.went_well();
    sends_again(&customer, &page).await.went_well();
    desk.work_until_idle().await;
    assert!(desk.untaken().is_empty());
    assert_eq!(count(&desk, WAITING).await, 1);
    desk.finish().await;
}

// ── links that have expired ───────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn an_expired_link_brings_a_new_one_to_the_address_on_file() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    sent(&customer, &form()).await;
    desk.work_until_idle().await;
    let expired = desk.take_letter(REQUESTER).link("confirmations");
    let first = desk.newest().await;
    desk.later(8 * 24).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&first).await, "closed");

    // Whoever holds the link need not be who reads the mailbox: nothing of what was filed is shown.
    let holder = desk.visitor("en");
    let page = holder.get(&expired).await.is(410).says("This link has expired").says("Send a new link");
    page.never_says("Nordlicht").never_says("kessler").never_says(&first);
    holder.get(&expired).await.is(410);
    holder.post(&expired, &[]).await.is(410);
    assert_eq!(count(&desk, CASES).await, 1, "looking and pressing the old button changes nothing");

    let letter = format!("{expired}/letter");
    holder.post(&letter, &[]).await.went_well();
    holder.get(&expired).await.is(410).says("again in 5 minutes");
    for _ in 0..3 {
        holder.post(&letter, &[]).await.went_well();
    }
    desk.work_until_idle().await;
    let fresh = desk.take_letter(REQUESTER).link("confirmations");
    assert_eq!((count(&desk, CASES).await, count(&desk, WAITING).await), (2, 1));
    minutes(&desk, 5).await;
    holder.post(&letter, &[]).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    assert_eq!(count(&desk, CASES).await, 2, "one more letter, not one more case");

    customer.submit(&fresh, &[]).await.says("your request is confirmed");
    desk.work_until_idle().await;
    desk.take_all_letters();
    holder.get(&expired).await.is(404).never_says("Send a new link");
    holder.post(&letter, &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!((count(&desk, CASES).await, desk.untaken().len()), (2, 0));
    desk.finish().await;
}

#[actix_web::test]
async fn two_who_press_at_once_get_one_request_and_old_answers_are_not_taken_up() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    sent(&customer, &form()).await;
    desk.work_until_idle().await;
    let expired = desk.take_letter(REQUESTER).link("confirmations");
    let letter = format!("{expired}/letter");
    // The very moment: the worker has not closed it yet.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(7 * 24)));
    let other = desk.visitor("en");
    let (one, two) = futures_util::future::join(customer.post(&letter, &[]), other.post(&letter, &[])).await;
    one.went_well();
    two.went_well();
    assert_eq!((count(&desk, CASES).await, count(&desk, WAITING).await), (2, 1));
    desk.work_until_idle().await;
    let again = desk.take_letter(REQUESTER).link("confirmations");
    desk.later(8 * 24).await;
    desk.take_all_letters();
    customer.get(&again).await.is(410).says("Send a new link");
    desk.later(31 * 24).await;
    customer.get(&again).await.is(404);
    customer.post(&format!("{again}/letter"), &[]).await.went_well();
    assert_eq!(count(&desk, CASES).await, 2);
    desk.finish().await;
}

#[actix_web::test]
async fn links_of_others_say_what_concerns_them_and_nothing_of_the_rest() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("en"), &form()).await;
    let (status, successor, objection, voucher) = (
        desk.take_letter(REQUESTER).link("cases"),
        desk.take_letter(SUCCESSOR).link("successors"),
        desk.take_letter(DEPARTED).link("objections"),
        desk.take_letter(VOUCHER).link("vouchers"),
    );
    desk.later(91 * 24).await;
    desk.take_all_letters();
    let reader = desk.visitor("en");
    for (link, words) in [
        (&status, "The latest e-mail we sent you"),
        (&successor, "reply to our e-mail, and we will send you a new link"),
        (&objection, "You can still object"),
        (&voucher, "no longer needed"),
    ] {
        let page = reader.get(link).await.is(410).says(words);
        for name in ["Nordlicht", "Kessler", "Rauch", "Abend", "Reuter", number.as_str()] {
            assert!(!page.text.contains(name), "{link} names {name}");
        }
        if *link != status {
            reader.post(link, &[("decision", "accept")]).await.is(404);
        }
    }
    // Once the case is over, they read that.
    ann.does(&number, "closing", &[("outcome", "withdrawn"), ("reason", "Asked for by telephone.")]).await;
    if desk.state(&number).await == "closed" {
        reader.get(&successor).await.is(410).says("This case is closed");
        reader.get(&objection).await.is(410).says("changed against your will");
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// A contact who is asked no longer, since another is, or the register has them no more: the same words for both.
#[actix_web::test]
async fn a_contact_who_is_asked_no_longer_reads_so_and_not_why() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("en"), &form()).await;
    let voucher = desk.take_letter(VOUCHER).link("vouchers");
    desk.take_all_letters();
    let reader = desk.visitor("en");
    reader.get(&voucher).await.is(200);
    sqlx::query("delete from contacts where email = $1")
        .bind(VOUCHER)
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    let page = reader.get(&voucher).await.is(410).says("Your confirmation is no longer needed");
    page.never_says("Kessler").never_says("register").never_says("on record");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

// ── the reminder ──────────────────────────────────────────────────────────────────────────────────────────────────

const REMINDED: &str = "Noch nicht bestätigt";

#[actix_web::test]
async fn whoever_has_not_confirmed_is_reminded_once_and_in_time() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    sent(&customer, &form()).await;
    desk.work_until_idle().await;
    let first = desk.take_letter(REQUESTER).link("confirmations");
    desk.later(5 * 24 - 1).await;
    assert!(desk.untaken().is_empty(), "two days before the end, no sooner");
    desk.later(1).await;
    let reminder = desk.take_letter(REQUESTER);
    assert!(reminder.subject.contains(REMINDED), "in the language of the form: {}", reminder.subject);
    assert!(reminder.text.contains("Montag, 8. Juni 2026"), "{}", reminder.text);
    let link = reminder.link("confirmations");
    customer.get(&link).await.is(200);
    customer.get(&first).await.is(200);
    for _ in 0..3 {
        desk.later(12).await;
    }
    assert!(desk.untaken().is_empty(), "once");
    customer.submit(&link, &[]).await.says("your request is confirmed");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_is_reminded_who_was_not_reached_or_is_done() {
    let desk = Desk::start_with(&format!("{BELIEVING}limits.form_letters_per_mailbox = 2\n")).await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    // One whose letter came back, one who withdrew by mending, one who confirmed, and one whose letter was held back.
    sent(&customer, &form_with(&[("requester_email", "gone@nordlicht.example")])).await;
    let page = sent(&customer, &mistyped()).await;
    desk.work_until_idle().await;
    let came_back = desk.take_letter("gone@nordlicht.example");
    let id = came_back.header("Message-ID").unwrap();
    desk.receives(&bounce(&came_back.return_path, "gone@nordlicht.example", Some(&id))).await;
    mends(&customer, &page, REQUESTER).await.went_well();
    desk.work_until_idle().await;
    let confirmation = desk.take_letter(REQUESTER).link("confirmations");
    customer.submit(&confirmation, &[]).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    for _ in 0..3 {
        sent(&customer, &form_with(&[("requester_email", "often@nordlicht.example")])).await;
    }
    desk.work_until_idle().await;
    assert_eq!(desk.take_letters("often@nordlicht.example").len(), 2);
    desk.later(5 * 24 + 1).await;
    let reminders: Vec<String> = desk
        .take_all_letters()
        .into_iter()
        .filter(|letter| letter.subject.contains(REMINDED))
        .map(|letter| letter.to)
        .collect();
    assert_eq!(
        reminders,
        ["often@nordlicht.example"],
        "one mailbox once, however many forms were filled in for it"
    );
    assert_eq!(count(&desk, "select count(*) from confirmations where remind_at is not null").await, 0);
    desk.later(3 * 24).await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn staff_remind_nobody_to_confirm_and_none_can_be_switched_off() {
    let desk = Desk::start_with("deadlines.confirmation_reminder_days = 0\n").await;
    let ann = desk.staff("ann", Role::Agent).await;
    sent(&desk.visitor("de"), &form()).await;
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    let number = desk.newest().await;
    ann.does(&number, "reminder", &[]).await.is(409);
    desk.later(6 * 24).await;
    assert!(desk.untaken().is_empty());
    desk.later(2 * 24).await;
    assert_eq!(desk.state(&number).await, "closed");
    desk.finish().await;
}

/// The worker dies in the middle of it, then two of them come at once.
#[actix_web::test]
async fn a_reminder_outlives_a_worker_that_is_killed_and_is_never_sent_twice() {
    let desk = Desk::start().await;
    sent(&desk.visitor("de"), &form()).await;
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    let (number, pool) = (desk.newest().await, desk.owner.clone());
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(5 * 24)));

    let mut held = pool.begin().await.unwrap();
    sqlx::query("select from cases for update").execute(&mut *held).await.unwrap();
    let casework = desk.casework.clone();
    let killed = actix_web::rt::spawn(async move { casework.remind_step().await });
    until_somebody_waits_for_a_lock(&pool).await;
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());
    held.commit().await.unwrap();
    let queued = "select count(*) from emails where notification = 'confirmation_reminder'";
    assert_eq!(count(&desk, queued).await, 0);

    // A database that takes no letter: put off, and neither mark nor line stays behind.
    let refuse = "create function refuse_letter() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$";
    sqlx::raw_sql(refuse).execute(&pool).await.unwrap();
    sqlx::raw_sql(
        "create trigger no_letter before insert on emails for each row execute function refuse_letter()",
    )
    .execute(&pool)
    .await
    .unwrap();
    desk.work_until_idle().await;
    sqlx::raw_sql("drop trigger no_letter on emails").execute(&pool).await.unwrap();
    assert_eq!(desk.load(&number).await.case.reminded, 0);
    assert_eq!(count(&desk, "select count(*) from confirmations where reminded_at is not null").await, 0);
    desk.work_until_idle().await;
    assert!(desk.untaken().is_empty(), "put off for an hour");

    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(1)));
    let step = || desk.casework.remind_step();
    let (one, two) = futures_util::future::join(step(), step()).await;
    one.unwrap();
    two.unwrap();
    desk.work_until_idle().await;
    assert!(desk.take_letter(REQUESTER).subject.contains(REMINDED));
    assert_eq!(count(&desk, queued).await, 1);
    assert_eq!(count(&desk, "select count(*) from case_events where kind = 'reminded'").await, 1);
    desk.finish().await;
}

// ── who asks twice ────────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn who_asks_twice_gets_the_way_to_their_case_by_mail_and_the_page_tells_a_stranger_nothing() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (customer, stranger) = (desk.visitor("de"), desk.visitor("de"));
    let first = desk.confirmed_case(&customer, &form()).await;
    desk.take_all_letters();
    let version = desk.load(&first).await.version;

    // A stranger types her address; another one types somebody's who has no case.
    let of_hers = sent(&stranger, &form()).await;
    let nobody = "nobody@nordlicht.example";
    let of_nobodys = sent(&stranger, &form_with(&[("requester_email", nobody)])).await;
    let shown = async |page: &str, address: &str| {
        let token = page.rsplit('/').next().unwrap().to_owned();
        let (local, _) = address.split_once('@').unwrap();
        stranger
            .get(page)
            .await
            .is(200)
            .text
            .replace(&token, "")
            .replace(local, "")
            .replace("Miriam Kessler", "")
    };
    assert_eq!(shown(&of_hers, REQUESTER).await, shown(&of_nobodys, nobody).await);
    desk.work_until_idle().await;
    let (hers, nobodys) = (desk.take_letter(REQUESTER), desk.take_letter(nobody));
    assert!(hers.text.contains(&first) && hers.html.as_ref().unwrap().contains(&first), "{}", hers.text);
    assert!(
        hers.subject.contains("schon einen Vorgang") && !nobodys.text.contains(&first),
        "{}",
        hers.subject
    );
    let link = hers.link("confirmations");
    customer.get(&link).await.is(200).says(&format!("Mit {first} weitermachen"));
    customer.submit(&link, &[("instead", "existing")]).await.says(&first);

    // It is not sent oftener than any other letter, and nobody is reminded of what is going on already.
    for _ in 0..9 {
        sent(&stranger, &form()).await;
    }
    desk.work_until_idle().await;
    let letters = desk.take_letters(REQUESTER).len();
    assert_eq!(letters, 3, "five from one network, with the two before");
    let loaded = desk.load(&first).await;
    assert_eq!((loaded.version, loaded.case.state.place().as_str()), (version, "verifying"));
    desk.later(5 * 24 + 1).await;
    assert!(desk.take_letters(REQUESTER).iter().all(|letter| !letter.subject.contains(REMINDED)));
    desk.take_all_letters();
    desk.finish().await;
}

/// Sends the form as from `network`, behind a proxy.
async fn from_network(desk: &Desk, network: &str, fields: &[(&'static str, String)]) -> StatusCode {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client.post(format!("{}/escalations", desk.address)).header("x-forwarded-for", network);
    request.header("origin", &desk.address).form(fields).send().await.unwrap().status()
}

#[actix_web::test]
async fn one_network_uses_up_nobody_elses_letters_by_sending_again() {
    let desk = Desk::start_with("http.behind_proxy = true\n").await;
    for _ in 0..5 {
        assert_eq!(from_network(&desk, "192.0.2.1", &form()).await, StatusCode::SEE_OTHER);
    }
    assert_eq!(from_network(&desk, "198.51.100.1", &form()).await, StatusCode::SEE_OTHER);
    desk.work_until_idle().await;
    assert_eq!(desk.take_letters(REQUESTER).len(), 6);
    desk.finish().await;
}

#[actix_web::test]
async fn the_page_after_the_form_and_an_expired_link_in_a_browser() {
    let desk = Desk::start().await;
    let page = sent(&desk.visitor("de"), &mistyped()).await;
    let browser = Browser::start(&desk.address, "de").await;
    browser.open(&page).await;
    assert!(browser.words().await.contains("Noch einmal senden können Sie in 5 Minuten."));
    browser.click("details summary").await;
    browser.fill("requester_email", DEPARTED).await;
    browser.submit("details button").await;
    assert!(browser.words().await.contains("Person, die ausgeschieden ist"));
    browser.judge("sent-mistake").await;
    browser.fill("requester_email", REQUESTER).await;
    browser.submit("details button").await;
    browser.until_it_says("Die Adresse ist geändert.").await;
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("confirmations");
    minutes(&desk, 6).await;
    browser.open(&page).await;
    browser.judge("sent").await;
    desk.later(8 * 24).await;
    desk.take_all_letters();
    browser.open(&link).await;
    browser.judge("expired").await;
    browser.submit("main form button").await;
    browser.until_it_says("Die E-Mail ist noch einmal unterwegs.").await;
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    browser.quit().await;
    desk.finish().await;
}

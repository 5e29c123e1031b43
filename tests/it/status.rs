//! The page of a case for whoever asks: where it is and what comes next, what they can set right or tell, and nothing of the others.

use actix_web::test::{TestRequest, call_service, init_service};
use handover::{
    case::{actor::Role, check::CheckKind, check::Verdict, escalation::Addressed, refusal::Refusal},
    casework::ActError,
    site::Site,
};

use crate::{
    helpers::{
        desk::{Answer, Desk, StaffVisitor, Visitor},
        inbound::{BELIEVING, Mail},
        measure::{Assets, validate},
        postgres::until_somebody_waits_for_a_lock,
        statements::statements_of,
        story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
    },
    queries::talk,
    queue::plenty,
};

const OTHER: &str = "tobias.rauch@nordlicht-maschinen.example";
const RECORD: &str = "_handover-challenge.nordlicht.example";

/// The words of the parts that the selector finds.
fn words_of(page: &Answer, selector: &str) -> String {
    let document = scraper::Html::parse_document(&page.text);
    let part = scraper::Selector::parse(selector).unwrap();
    let text: String = document.select(&part).flat_map(|part| part.text()).collect::<Vec<_>>().join(" ");
    let text = text.replace(['\u{2068}', '\u{2069}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands on top says all of this.
#[track_caller]
fn top_says(page: &Answer, words: &[&str]) {
    let top = words_of(page, "#progress, .waiting");
    for words in words {
        assert!(top.contains(words), "{words:?} is not in {top}");
    }
}

async fn confirmed(desk: &Desk, customer: &Visitor) -> (String, String, String) {
    let number = desk.confirmed_case(customer, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    desk.take_all_letters();
    (number, status, invitation)
}

/// A verified case with its status page.
async fn verified(desk: &Desk, customer: &Visitor, ann: &StaffVisitor) -> (String, String, String) {
    let (number, status, invitation) = confirmed(desk, customer).await;
    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "verified");
    (number, status, invitation)
}

// ── at a glance ───────────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn the_top_says_who_is_waited_for_until_when_and_what_comes_next() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let (customer, german) = (desk.visitor("en"), desk.visitor("de"));
    let (number, status, invitation) = confirmed(&desk, &customer).await;

    // A Monday; five business days to object.
    let checking = customer.get(&status).await.is(200);
    top_says(
        &checking,
        &[
            "Step 2 of 5: Checking your answers",
            "We are checking your request",
            "Waiting for us",
            "Monday, 8 June 2026: until then, as a rule, the contact on record may object",
            "Next We write the request to Atlassian",
            "DNS record",
            "Upload a document",
            "Correct an address",
            "Withdraw",
        ],
    );
    top_says(
        &german.get(&status).await,
        &["Schritt 2 von 5", "Am Zug wir", "Montag, 8. Juni 2026", "Danach Wir schreiben die Anfrage"],
    );

    ann.does(&number, "question", &[("question", "Since when?")]).await.went_well();
    top_says(
        &customer.get(&status).await,
        &[
            "We are waiting for your answer",
            "Waiting for you",
            "Please answer by Monday, 8 June 2026",
            "Answer our question",
        ],
    );
    top_says(
        &german.get(&status).await,
        &["Bitte antworten Sie bis Montag, 8. Juni 2026", "Rückfrage beantworten"],
    );
    customer.post(&format!("{status}/answer"), &[("answer", "Since May.")]).await.went_well();

    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    desk.take_all_letters();
    top_says(
        &customer.get(&status).await,
        &[
            "Step 3 of 5",
            "We are preparing the change",
            "We want to send the request by Wednesday, 10 June 2026",
        ],
    );
    // Nobody is told that we are in time when we are not.
    desk.later(5 * 24).await;
    desk.take_all_letters();
    top_says(&customer.get(&status).await, &["We are later than we want to be"]);
    top_says(&german.get(&status).await, &["Wir sind später dran"]);

    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    top_says(
        &customer.get(&status).await,
        &[
            "Step 4 of 5",
            "Atlassian has our request",
            "Waiting for Atlassian",
            "If Atlassian has not answered by then, we ask again",
            "Then we ask you whether it worked",
            "Tell us something",
        ],
    );
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
    desk.work_until_idle().await;
    let asked = desk.take_letter(SUCCESSOR).link("successors");
    desk.take_all_letters();
    let access = customer.get(&status).await;
    top_says(&access, &["Step 5 of 5", "Please check whether it worked", "Say whether it worked"]);
    let history = words_of(&access, "#history + dl");
    let told = [
        "We heard that the change has been made",
        "The request was sent",
        "A second person approved",
        "Checking was complete",
        "The new contact agreed",
        "You answered our question",
        "We asked you a question",
        "You confirmed your e-mail address",
        "You sent the request",
    ];
    let places: Vec<usize> = told.iter().map(|words| history.find(words).expect(words)).collect();
    assert!(places.is_sorted(), "newest first: {history}");

    customer.post(&format!("{status}/access-confirmation"), &[("access", "yes")]).await.went_well();
    let said = customer.get(&status).await;
    top_says(
        &said,
        &["Step 5 of 5", "Thank you. We are waiting for the new contact", "we close the case on your word"],
    );
    desk.visitor("en").post(&format!("{asked}/access-confirmation"), &[("access", "yes")]).await.went_well();
    let closed = customer.get(&status).await;
    top_says(&closed, &["Step 5 of 5", "Done: the new contact has access"]);
    assert!(!words_of(&closed, ".waiting").contains("Waiting for"), "nobody is waited for");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_rejection_shows_what_was_written_for_the_requester_and_nothing_else() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("en"));
    let (number, status, _) = confirmed(&desk, &customer).await;
    let fields = [("reason", "Smells of fraud."), ("told", "The licence belongs to another company.")];
    ann.does(&number, "rejection", &fields).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let page = customer.get(&status).await.is(200);
    top_says(&page, &["We could not pass on your request", "The licence belongs to another company."]);
    page.never_says("Smells of fraud");
    desk.finish().await;
}

/// With everything else checked, the page waits for the new contact; an objection must not make it say that we are checking.
#[actix_web::test]
async fn an_objection_changes_nothing_when_only_the_new_contact_is_missing() {
    for objector in ["departed", "staff"] {
        let desk = Desk::start().await;
        desk.import_register().await;
        let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("en"));
        let number = desk.confirmed_case(&customer, &form()).await;
        let status = desk.take_letter(REQUESTER).link("cases");
        let objection = desk.take_letter(DEPARTED).link("objections");
        desk.take_all_letters();
        ann.calls_back(&number).await;
        let before = customer.get(&status).await.is(200);
        top_says(&before, &["We are waiting for the new contact", "We hope to hear from Tobias Rauch by"]);
        match objector {
            "staff" => {
                ann.does(&number, "objection", &[("note", "The contact called us.")]).await.went_well()
            }
            _ => desk.visitor("en").post(&objection, &[]).await.went_well(),
        };
        assert_eq!(desk.state(&number).await, "contested");
        assert_eq!(customer.get(&status).await.text, before.text, "{objector}");
        desk.work_until_idle().await;
        desk.take_all_letters();
        desk.finish().await;
    }
}

// ── how long it takes, and who comes before ───────────────────────────────────────────────────────────────────────

/// Twenty cases that were confirmed on a Monday, sent after up to four business days, four of them after each number of days, and
/// are over.
async fn twenty_finished(desk: &Desk) {
    let pool = &desk.owner;
    plenty(pool, 20).await;
    for statement in [
        "update cases set number = replace(number, '2026', '2025'), state = 'closed', waiting_for = 'nobody',
             outcome = 'completed', state_data = '{\"state\": \"closed\", \"outcome\": \"completed\"}',
             confirmed_at = '2026-05-04 08:00Z',
             delivered_at = timestamptz '2026-05-04 08:00Z' + make_interval(days => substr(number, 9)::int % 5)",
        "insert into case_waits (case_id, version, party, state, since, until)
         select id, 2, 'customer', 'awaiting_confirmation', '2026-05-18 08:00Z', '2026-05-29 08:00Z' from cases",
        "insert into case_waits (case_id, version, party, state, since)
         select id, 3, 'nobody', 'closed', '2026-05-29 08:00Z' from cases",
    ] {
        sqlx::query(statement).execute(pool).await.unwrap();
    }
}

#[actix_web::test]
async fn figures_are_told_of_twenty_requests_and_not_of_nineteen() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    twenty_finished(&desk).await;
    let outcome = async |outcome: &str| {
        sqlx::query(
            "update cases set outcome = $1, state_data = jsonb_set(state_data, '{outcome}', to_jsonb($1))
             where number = 'HO-2025-00020'",
        )
        .bind(outcome)
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    };
    outcome("withdrawn").await;
    let (_, status, _) = confirmed(&desk, &customer).await;
    customer
        .get(&status)
        .await
        .is(200)
        .never_says("Of the last requests")
        .never_says("requests are waiting for us");
    outcome("completed").await;
    // As of up to an hour ago: nobody learns at once that something ended.
    customer.get(&status).await.is(200).never_says("Of the last requests");
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(61)));
    let page = customer.get(&status).await.is(200);
    // 0 to 4 business days, each four times; nobody is promised today.
    top_says(
        &page,
        &[
            "Of the last requests, half were sent within 2 business days of being confirmed, nine out of ten within 4.",
            "Fewer than 5 requests are waiting for us before yours.",
        ],
    );
    top_says(
        &desk.visitor("de").get(&status).await,
        &[
            "ging die Hälfte innerhalb von 2 Werktagen nach der Bestätigung hinaus, neun von zehn innerhalb von 4.",
        ],
    );
}

#[actix_web::test]
async fn the_place_in_the_queue_is_rounded_and_does_not_tell_of_a_second_claim() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (customer, ann) = (desk.visitor("en"), desk.staff("ann", Role::Agent).await);
    twenty_finished(&desk).await;
    let pool = &desk.owner;
    plenty(pool, 50).await;
    let renumber = "update cases set number = replace(number, '2026', '2024') where number like 'HO-2026-%'";
    sqlx::query(renumber).execute(pool).await.unwrap();
    let (number, status, _) = confirmed(&desk, &customer).await;
    // Ten of the others wait for us, since before.
    for statement in [
        "update cases set state = 'verified', state_data = '{\"state\": \"verified\"}', waiting_since = '2026-05-01 08:00Z',
             news_since = null, news_needs_us = false,
             waiting_for = case when number ~ '[05]$' then 'us' else 'customer' end where number like 'HO-2024-%'",
        "delete from case_waits where case_id in (select id from cases where number like 'HO-2024-%')",
        "insert into case_waits (case_id, version, party, state, since)
         select id, 1, waiting_for, 'verified', waiting_since from cases where number like 'HO-2024-%'",
    ] {
        sqlx::query(statement).execute(pool).await.unwrap();
    }
    let ahead = async || {
        desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(61)));
        let page = customer.get(&status).await.is(200);
        words_of(&page, ".waiting")
            .split("How long it takes")
            .nth(1)
            .unwrap()
            .split('.')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(ahead().await.trim(), "About 10 requests are waiting for us before yours");

    // All of them are contested: those that came before still do, and no others.
    let contested = "{\"state\": \"contested\", \"since\": \"2026-06-01T10:00:00Z\", \"before\": {\"place\": \"verified\"},
         \"causes\": [{\"cause\": \"objection\", \"by\": \"departed_contact\"}]}";
    sqlx::query(
        "update cases set state = 'contested', state_data = $1::jsonb, waiting_for = 'us', waiting_since = '2026-06-01 10:00Z'
         where number like 'HO-2024-%'",
    )
    .bind(contested)
    .execute(pool)
    .await
    .unwrap();
    assert_eq!(ahead().await.trim(), "About 10 requests are waiting for us before yours");

    // Nor is one's own place another while somebody objects.
    ann.does(&number, "objection", &[("note", "The contact called us.")]).await.went_well();
    assert_eq!(ahead().await.trim(), "About 10 requests are waiting for us before yours");
}

// ── the DNS record ────────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_look_says_in_words_what_the_resolvers_show() {
    let desk = Desk::start_with("dns.timeout_seconds = 1\n").await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let (number, status, _) = confirmed(&desk, &customer).await;
    let look = format!("{status}/domain-look");
    customer.post(&look, &[]).await.is(404);
    let page = customer.submit(&format!("{status}/domain-challenge"), &[]).await;
    let text = words_of(&page, "#record-text");
    assert_eq!(words_of(&page, "#record-name"), RECORD);
    assert!(
        page.text.contains("data-copy=\"#record-text\"") && page.text.contains("data-copy=\"#record-name\"")
    );

    let said = async || words_of(&customer.submit(&look, &[]).await, "#domain [role=status]");
    assert!(said().await.starts_with("The record is not there yet."));
    for server in &desk.dns {
        server.sets(RECORD, &["handover=mistyped"]);
    }
    assert!(said().await.contains("its content is different"));
    // One resolver alone shows it: it lies, or the other does not know yet.
    desk.dns[0].sets(RECORD, &[&text]);
    assert!(said().await.contains("no clear answer"));

    // Three within a minute; then nobody is asked.
    let asked = || desk.dns.iter().map(|server| server.asked()).sum::<usize>();
    let before = asked();
    assert!(said().await.starts_with("Somebody has just checked."));
    assert_eq!(asked(), before);
    // What the address says is a word of ours or nothing.
    let odd = customer.get(&format!("{status}?looked=%3Cb%3Eowned")).await.is(200);
    assert_eq!(words_of(&odd, "#domain [role=status]"), "");
    assert_eq!(domain_verdict(&desk, &number).await, Verdict::Pending, "a look proves nothing");
    desk.finish().await;
}

async fn domain_verdict(desk: &Desk, number: &str) -> Verdict {
    desk.load(number).await.case.check(CheckKind::DomainDns).unwrap().verdict
}

#[actix_web::test]
async fn a_record_that_is_seen_is_checked_at_once_and_name_servers_that_stall_hold_up_nobody_else() {
    let desk = Desk::start_with("dns.timeout_seconds = 2\n").await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let (number, status, _) = confirmed(&desk, &customer).await;
    let page = customer.submit(&format!("{status}/domain-challenge"), &[]).await;
    let text = words_of(&page, "#record-text");
    desk.work_until_idle().await;
    let look = format!("{status}/domain-look");

    // Silent name servers: two looks wait, others are told to come back, and every other page answers meanwhile.
    desk.dns.iter().for_each(|server| server.keeps_silent(true));
    let begun = std::time::Instant::now();
    let (one, other, third) = tokio::join!(customer.submit(&look, &[]), customer.submit(&look, &[]), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let page = customer.submit(&look, &[]).await;
        assert!(begun.elapsed() < std::time::Duration::from_millis(1900), "{:?}", begun.elapsed());
        page
    });
    for page in [one, other] {
        page.says("no clear answer");
    }
    third.says("Somebody has just checked.");
    desk.dns.iter().for_each(|server| server.keeps_silent(false));

    // Another case of another person has its own looks.
    let fields = form_with(&[("requester_email", "ida@nordlicht.example"), ("entitlements", "SEN-10000002")]);
    desk.confirmed_case(&customer, &fields).await;
    let second = desk.take_letter("ida@nordlicht.example").link("cases");
    desk.take_all_letters();
    let page = customer.submit(&format!("{second}/domain-challenge"), &[]).await;
    let second_text = words_of(&page, "#record-text");
    assert_ne!(second_text, text);
    for server in &desk.dns {
        server.sets(RECORD, &[&text]);
        server.sets(RECORD, &[&second_text]);
    }
    customer.submit(&format!("{second}/domain-look"), &[]).await.says("The record is there.");
    // The first one's is looked for as ever.
    desk.later(1).await;
    assert_eq!(domain_verdict(&desk, &number).await, Verdict::Passed);
    desk.take_all_letters();
    desk.finish().await;
}

// ── an address set right ──────────────────────────────────────────────────────────────────────────────────────────

/// The attacker: has a true successor approved of, and puts another mailbox in its place before it goes out.
#[actix_web::test]
async fn another_successor_after_the_draft_voids_all_that_rested_on_the_first() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let customer = desk.visitor("en");
    let (number, status, invitation) = verified(&desk, &customer, &ann).await;
    ann.drafts(&number).await;
    let digest = desk.digest(&number).await;
    let version = desk.load(&number).await.version.to_string();

    let correct = format!("{status}/addresses/successor");
    customer.submit(&correct, &[("successor_email", OTHER)]).await.says("The address has been corrected.");
    assert_eq!(desk.state(&number).await, "verifying");
    // Whoever looks at the page of before can't approve, nor anybody the bytes of before.
    let approval = format!("/desk/cases/{number}/approval");
    ben.visitor.post(&approval, &[("version", &version), ("digest", &digest)]).await.is(409);
    ben.approves_bytes(&number, &digest).await.is(409);
    let loaded = desk.load(&number).await;
    assert_eq!(loaded.escalation.successor.email.as_str(), OTHER);
    for kind in [CheckKind::Successor, CheckKind::Callback, CheckKind::DepartedNotice] {
        assert_eq!(loaded.case.check(kind).unwrap().verdict, Verdict::Pending, "{kind:?}");
    }
    assert_eq!(loaded.case.check(CheckKind::DomainRegister).unwrap().verdict, Verdict::Passed);
    assert!(loaded.case.news.is_some_and(|news| news.needs_us), "staff look");
    ann.open(&number)
        .await
        .says("corrected the address of the new contact")
        .says(&format!("{SUCCESSOR} → {OTHER}"));

    // The new mailbox is asked, everybody who may object hears anew, and the old link opens nothing.
    desk.work_until_idle().await;
    let letters: Vec<String> = desk.untaken().iter().map(|letter| letter.to.clone()).collect();
    assert!(
        letters.iter().any(|to| to.contains(OTHER)) && letters.iter().any(|to| to.contains(DEPARTED)),
        "{letters:?}"
    );
    assert!(!letters.iter().any(|to| to.contains(ATLASSIAN)), "{letters:?}");
    let anew = desk.take_letter(OTHER).link("successors");
    desk.take_all_letters();
    customer.get(&invitation).await.is(410);
    customer.post(&anew, &[("decision", "accept")]).await.went_well();
    desk.later(8 * 24).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "verifying", "nobody has called about this one");
    ann.calls_back(&number).await;
    assert_eq!(desk.state(&number).await, "verified");
    // And it is found by the address that it has now.
    ann.get("/desk/cases?text=nordlicht-maschinen.example").await.says(&number);

    // Once it is out, nothing is set right any more.
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    customer.post(&correct, &[("successor_email", SUCCESSOR)]).await.is(409);
    desk.work_until_idle().await;
    assert!(desk.take_letter(ATLASSIAN).text.contains(OTHER));
    customer.post(&correct, &[("successor_email", SUCCESSOR)]).await.is(409);
    customer.get(&status).await.never_says("Correct an e-mail address");
    desk.take_all_letters();
    desk.finish().await;
}

/// The attacker: names a stranger until the time to object is over, and then the contact whom the register has.
#[actix_web::test]
async fn the_contact_on_record_has_all_their_time_after_their_address_is_set_right() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    let number =
        desk.confirmed_case(&customer, &form_with(&[("departed_email", "p.abend@nordlicht.example")])).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    desk.take_all_letters();
    let correct = format!("{status}/addresses/departed");
    customer.submit(&correct, &[("departed_email", DEPARTED)]).await.says("Die Adresse ist berichtigt.");
    desk.work_until_idle().await;
    let objection = desk.take_letter(DEPARTED).link("objections");
    desk.take_all_letters();
    let loaded = desk.load(&number).await;
    let verdict = |kind| loaded.case.check(kind).unwrap().verdict;
    assert_eq!(verdict(CheckKind::RecordedContact), Verdict::Passed, "asked again, of this one");
    assert_eq!(verdict(CheckKind::DepartedNotice), Verdict::Pending);
    assert_eq!(verdict(CheckKind::Callback), Verdict::Pending, "nobody called about this one");
    assert_eq!(verdict(CheckKind::Successor), Verdict::Passed, "who agreed agrees");
    customer.post(&objection, &[]).await.went_well();
    assert_eq!(desk.state(&number).await, "contested");

    // Whoever objected is not got rid of by naming somebody else.
    customer.post(&correct, &[("departed_email", "p.abend@nordlicht.example")]).await.went_well();
    assert_eq!(desk.state(&number).await, "contested");
    let loaded = desk.load(&number).await;
    assert_eq!(loaded.case.check(CheckKind::DepartedNotice).unwrap().verdict, Verdict::Failed);
    // Three times, and then it is another request.
    customer.post(&correct, &[("departed_email", DEPARTED)]).await.went_well();
    customer
        .post(&correct, &[("departed_email", "p.abend@nordlicht.example")])
        .await
        .is(409)
        .says("schon mehrmals Adressen berichtigt");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn an_address_is_not_somebody_elses_nor_the_same_nor_ours() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let (number, status, _) = confirmed(&desk, &customer).await;
    for (whose, field, address, words) in [
        ("successor", "successor_email", REQUESTER, "somebody else in this request"),
        (
            "successor",
            "successor_email",
            "miriam.kessler+x@nordlicht.example",
            "somebody else in this request",
        ),
        ("successor", "successor_email", DEPARTED, "somebody else in this request"),
        ("departed", "departed_email", SUCCESSOR, "somebody else in this request"),
        ("successor", "successor_email", SUCCESSOR, "the address that we have already"),
        ("successor", "successor_email", "desk@atlassian.com", "belongs to Atlassian or to us"),
        ("successor", "successor_email", "nobody", "not a complete e-mail address"),
        ("departed", "departed_email", "", "not a complete e-mail address"),
    ] {
        let page = customer.post(&format!("{status}/addresses/{whose}"), &[(field, address)]).await.is(422);
        let page = page.says(words);
        assert!(page.text.contains("id=\"addresses\" open"), "{address}: what is wrong is in sight");
    }
    customer.post(&format!("{status}/addresses/requester"), &[("requester_email", OTHER)]).await.is(404);
    assert_eq!(desk.load(&number).await.case.corrected, 0);
    desk.finish().await;
}

/// Two at once must not make one mailbox of two people: the second waits for the first, and is asked what holds then.
#[actix_web::test]
async fn two_corrections_at_once_are_one_after_the_other() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let (number, ..) = confirmed(&desk, &customer).await;
    let case = desk.find_case(&number).await;
    let pool = &desk.casework.app.pool;
    let mut held = pool.begin().await.unwrap();
    desk.casework.lock(&mut held, case).await.unwrap();
    let address: handover::case::address::EmailAddress = OTHER.parse().unwrap();
    let correct = |whose| {
        let (casework, address) = (desk.casework.clone(), address.clone());
        actix_web::rt::spawn(async move { casework.correct_address(case, whose, &address).await })
    };
    let both = [correct(Addressed::Successor), correct(Addressed::Departed)];
    until_somebody_waits_for_a_lock(pool).await;
    held.commit().await.unwrap();
    let [one, other] = both;
    let results = [one.await.unwrap(), other.await.unwrap()];
    let taken = results
        .iter()
        .filter(|result| matches!(result, Err(ActError::Refused(Refusal::AddressTaken))))
        .count();
    assert_eq!((results.iter().filter(|result| result.is_ok()).count(), taken), (1, 1), "{results:?}");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

// ── what they tell us ─────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn what_the_customer_says_of_atlassian_is_new_to_staff_and_moves_nothing() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let (number, status, _) = confirmed(&desk, &customer).await;
    let (atlassian, voucher) =
        (format!("{status}/claims/atlassian_answered"), format!("{status}/claims/voucher"));
    customer.post(&atlassian, &[("atlassian_answered", "They wrote.")]).await.is(409);
    customer.post(&voucher, &[("voucher", "")]).await.is(422).says("Please name somebody.");
    customer.post(&voucher, &[("voucher", "Passwort: x7!kk2abc")]).await.is(422);
    customer.post(&format!("{status}/claims/else"), &[("else", "x")]).await.is(404);
    customer
        .submit(&voucher, &[("voucher", "Ida Berg, purchasing")])
        .await
        .says("Somebody on our team reads it.");
    let ann = desk.staff("ann", Role::Agent).await;
    ann.open(&number)
        .await
        .says("named somebody who could confirm the change")
        .says("Ida Berg, purchasing")
        .says("that nobody has looked at");
    desk.work_until_idle().await;
    assert!(desk.untaken().is_empty(), "nobody is written to who was named here");
    desk.finish().await;

    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (number, ..) = desk.submitted_case(&customer).await;
    desk.work_until_idle().await;
    let status = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();
    let claim = format!("{status}/claims/atlassian_answered");
    let before = desk.load(&number).await.case.state;
    for _ in 0..10 {
        customer.post(&claim, &[("atlassian_answered", "Es ist erledigt.")]).await.went_well();
    }
    assert_eq!(desk.load(&number).await.case.state, before);
    assert!(desk.load(&number).await.case.news.is_some_and(|news| news.needs_us));
    customer
        .post(&claim, &[("atlassian_answered", "Noch einmal.")])
        .await
        .is(409)
        .says("schon einiges mitgeteilt");
    let page = customer.get(&status).await.is(200);
    assert!(words_of(&page, "#history + dl").contains("dass Atlassian Ihnen geschrieben hat"));
    top_says(&page, &["Am Zug Atlassian"]);
    desk.finish().await;
}

// ── our e-mails to them ───────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn our_letters_stand_there_with_their_words_and_without_their_links() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("en"));
    customer.escalates(&form_with(&[("language", "en")])).await.went_well();
    desk.work_until_idle().await;
    let confirmation = desk.take_letter(REQUESTER).link("confirmations");
    customer.post(&confirmation, &[]).await.went_well();
    desk.work_until_idle().await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let others = [desk.take_letter(SUCCESSOR).subject, desk.take_letter(DEPARTED).subject];
    desk.take_all_letters();
    let number = desk.newest().await;
    ann.does(&number, "question", &[("question", "Who has the mailbox now?")]).await.went_well();
    let page = customer.get(&status).await.is(200);
    let letters = words_of(&page, "#letters ~ ul");
    assert!(letters.contains("will be sent"), "{letters}");
    desk.work_until_idle().await;
    let question = desk.take_letter(REQUESTER);
    sqlx::query("update emails set state = 'failed' where notification = 'question'")
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    let page = customer.get(&status).await.is(200);
    let letters = words_of(&page, "#letters ~ ul");
    for words in ["could not be sent", "Who has the mailbox now?", "[…]", &question.subject] {
        assert!(letters.contains(words), "{words} is not in {letters}");
    }
    // No letter to anybody else, and no key to anything.
    assert!(others.iter().all(|subject| !letters.contains(subject)), "{letters}");
    for link in [&confirmation, &question.link("cases")] {
        let token = link.split('/').nth(2).unwrap();
        assert!(!words_of(&page, "main").contains(token), "{link}");
    }
    let own = status.split('/').nth(2).unwrap();
    assert!(!letters.contains(own));
    let kept: Vec<String> =
        sqlx::query_scalar("select body from letter_texts").fetch_all(&desk.casework.app.pool).await.unwrap();
    assert!(kept.iter().all(|body| !body.contains(&desk.address)), "{kept:#?}");
    desk.finish().await;
}

// ── the page as a whole ───────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn the_page_takes_as_many_statements_and_stays_light_however_much_happened() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    let (number, status, _) = confirmed(&desk, &customer).await;
    talk(&desk, &number, ann.actor(), 1, "Please look at this.").await;
    let service = init_service(Site::new(desk.casework.clone()).service()).await;
    let count = async || {
        let request = TestRequest::get().uri(&status).to_request();
        let (statements, response) = statements_of(call_service(&service, request)).await;
        assert_eq!(response.status().as_u16(), 200);
        statements
    };
    count().await;
    let few = count().await;
    assert!(few.len() > 5 && few.len() <= 10, "{few:#?}");
    talk(&desk, &number, ann.actor(), 40, &"Donaudampfschifffahrtsgesellschaft ".repeat(8)).await;
    customer.submit(&format!("{status}/domain-challenge"), &[]).await;
    assert_eq!(count().await, few);
    let page = customer.get(&status).await.is(200);
    assert!(page.text.len() < 60_000, "{} bytes", page.text.len());
    Assets::weigh(&desk.address).await.judge("the status page", &page.text);
    validate("html-validate.json", &[("status.html".to_owned(), page.text)]);
}

/// The attacker is a requester who names a mailbox of their own as the contact's, after the true contact was written to: what the
/// true one objects must not be told there, nor their link be sent there, nor the end of the case to somebody never written to.
#[actix_web::test]
async fn a_corrected_address_hears_nothing_of_who_was_written_to_before() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (customer, mine) = (desk.visitor("de"), "mine@nordlicht.example");
    let number = desk.confirmed_case(&customer, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let notice = desk.take_letter(DEPARTED);
    let objection = notice.link("objections");
    desk.take_all_letters();
    customer
        .submit(&format!("{status}/addresses/departed"), &[("departed_email", mine)])
        .await
        .says("Die Adresse ist berichtigt.");
    // The true contact answers with our letter below, which gives the link away, and objects.
    let quoted: String = notice.text.lines().map(|line| format!("> {line}\n")).collect();
    let answer = Mail::authentic(DEPARTED, &notice.return_path).saying(&format!("Wer sind Sie?\n\n{quoted}"));
    desk.receives(&answer.raw()).await;
    desk.visitor("de").post(&objection, &[]).await.went_well();
    assert_eq!(desk.state(&number).await, "contested");
    desk.work_until_idle().await;
    for letter in desk.take_all_letters() {
        let told = ["Widerspruch ist", "Ihr neuer Link", "objection has"];
        assert!(
            letter.to != mine && letter.to != REQUESTER
                || !told.iter().any(|words| letter.subject.contains(words) || letter.text.contains(words)),
            "{}: {}",
            letter.to,
            letter.subject
        );
    }
    // Withdrawn before anybody wrote there: nobody hears of a case by its end.
    customer.post(&format!("{status}/withdrawal"), &[]).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

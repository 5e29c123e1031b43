//! Staff are told by mail of what concerns them, and of nothing else: who, when, what stands in it, and what nobody can do with it.

use handover::{
    app::Step,
    case::{
        action::Action,
        actor::{Actor, Role},
        check::CheckKind,
        text::{Note, Text},
    },
};

use crate::helpers::{
    desk::{Desk, StaffVisitor},
    inbound::{BELIEVING, Mail, bounce},
    letter::Letter,
    smtp::{Answer, Stage},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

const PATH: &str = "/desk/notifications";
const KINDS: [&str; 8] =
    ["approval_wanted", "returned", "objection", "answer", "failing_mail", "mention", "due_soon", "assigned"];

impl Desk {
    async fn minutes_later(&self, minutes: i64) {
        self.clock.set(self.now().after(jiff::SignedDuration::from_mins(minutes)));
        self.work_until_idle().await;
    }

    async fn at(&self, time: &str) {
        self.clock.set(time.parse::<jiff::Timestamp>().unwrap().into());
        self.work_until_idle().await;
    }

    /// Who of these got mail a minute later, and what it tells of the case, in order; other letters are none of this.
    async fn told(&self, people: &[&StaffVisitor]) -> Vec<(String, Vec<String>)> {
        self.minutes_later(1).await;
        let mut told = Vec::new();
        for person in people {
            for letter in self.take_letters(&person.email) {
                let name = person.email.split('@').next().unwrap().to_owned();
                told.push((name, items(&letter)));
            }
        }
        self.expect_nobody_else_of_staff_was_told();
        told
    }

    fn expect_nobody_else_of_staff_was_told(&self) {
        let left: Vec<String> = self.untaken().into_iter().map(|letter| letter.to).collect();
        assert!(!left.iter().any(|to| to.ends_with("@reseller.example")), "{left:?}");
    }

    async fn act(&self, number: &str, actor: Actor, action: Action) {
        let case = self.find_case(number).await;
        self.casework.act(case, actor, &action, None).await.unwrap();
    }
}

/// The lines of a mail that say what happened.
fn items(letter: &Letter) -> Vec<String> {
    letter.text.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect()
}

fn told(people: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    people.iter().map(|(name, lines)| ((*name).to_owned(), owned(lines))).collect()
}

fn note() -> Note {
    Note::new(Text::parse("Since October.").unwrap())
}

fn objection() -> Action {
    Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None }
}

async fn reads_english(person: &StaffVisitor, desk: &Desk) {
    sqlx::query("update staff set language = 'en' where id = $1")
        .bind(person.id.0)
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
}

#[actix_web::test]
async fn each_kind_reaches_whom_it_concerns_and_nobody_else() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let mut people = Vec::new();
    for (name, role) in [
        ("ann", Role::Agent),
        ("cara", Role::Agent),
        ("ben", Role::Approver),
        ("mona", Role::Admin),
        ("eva", Role::Auditor),
    ] {
        let person = desk.told_staff(name, role).await;
        reads_english(&person, &desk).await;
        people.push(person);
    }
    let everybody: Vec<&StaffVisitor> = people.iter().collect();
    let [ann, _, ben, ..] = everybody[..] else { panic!() };

    // Whoever takes a case knows it; whoever is given one is told.
    ben.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    assert_eq!(desk.told(&everybody).await, told(&[]));
    ben.does(&number, "assignment", &[("owner", &ann.id.to_string())]).await.went_well();
    assert_eq!(desk.told(&everybody).await, told(&[("ann", &["The case was given to you."])]));

    // Ann called back and so may not approve; she wrote it, too.
    ann.drafts(&number).await;
    let wanted = &["A draft waits for your approval."][..];
    assert_eq!(desk.told(&everybody).await, told(&[("ben", wanted), ("mona", wanted)]));

    let reason = "Name the ticket. @cara, where is it? And @ann.";
    ben.does(&number, "draft/return", &[("reason", reason)]).await.went_well();
    let (returned, named) = ("Your draft was returned.", "A note names you.");
    assert_eq!(desk.told(&everybody).await, told(&[("ann", &[returned, named]), ("cara", &[named])]));

    ann.does(&number, "notes", &[("note", "@Eva, for your files; @ann does it.")]).await.went_well();
    assert_eq!(desk.told(&everybody).await, told(&[("eva", &[named])]));

    // What was done before anybody was told needs no mail.
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    assert_eq!(desk.told(&everybody).await, told(&[]));
    let request = desk.take_letter(ATLASSIAN);
    desk.take_letter(REQUESTER);
    desk.take_letter(SUCCESSOR);

    let answer = Mail::authentic("licensing@atlassian.example", &request.return_path).saying("Which site?");
    desk.receives(&answer.raw()).await.is_filed_from("atlassian");
    let came = "An answer, a letter or a file came in.";
    assert_eq!(desk.told(&everybody).await, told(&[("ann", &[came])]));

    desk.act(&number, Actor::DepartedContact, objection()).await;
    let objected = "Somebody objects, or claims the same.";
    assert_eq!(desk.told(&everybody).await, told(&[("ann", &[objected])]));
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

#[actix_web::test]
async fn a_case_of_nobody_concerns_everybody_who_works_cases() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.told_staff("ann", Role::Agent).await;
    let ben = desk.told_staff("ben", Role::Approver).await;
    let eva = desk.told_staff("eva", Role::Auditor).await;
    let gone = desk.told_staff("gone", Role::Agent).await;
    // Whoever had it is gone, and was told of nothing in the end.
    gone.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    desk.bars(&gone.email).await.unwrap();
    desk.work_until_idle().await;
    desk.take_letter(&eva.email);
    desk.act(&number, Actor::DepartedContact, objection()).await;
    let objected = &["Jemand widerspricht oder beansprucht dasselbe."][..];
    assert_eq!(desk.told(&[&ann, &ben, &eva, &gone]).await, told(&[("ann", objected), ("ben", objected)]));
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

/// A worker that dies loses nothing: what is to be told stands with the change.
#[actix_web::test]
async fn who_is_disabled_before_the_worker_comes_is_told_nothing_and_the_others_all() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let (ann, ben) = (desk.told_staff("ann", Role::Agent).await, desk.told_staff("ben", Role::Agent).await);
    desk.act(&number, Actor::DepartedContact, objection()).await;
    // Nobody works for two days.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(49)));
    desk.bars(&ben.email).await.unwrap();
    desk.work_until_idle().await;
    assert_eq!(items(&desk.take_letter(&ann.email)), ["Jemand widerspricht oder beansprucht dasselbe."]);
    desk.expect_nobody_else_of_staff_was_told();
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn what_is_collected_comes_with_the_summary_in_business_hours() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (one, other) = ("SEN-10000001", "SEN-10000002");
    let number = desk.confirmed_case(&desk.visitor("de"), &form_with(&[("entitlements", one)])).await;
    desk.take_all_letters();
    let second = desk.confirmed_case(&desk.visitor("de"), &form_with(&[("entitlements", other)])).await;
    let letter = desk.take_letter(REQUESTER);
    desk.take_all_letters();
    let (ann, ben) = (desk.told_staff("ann", Role::Agent).await, desk.told_staff("ben", Role::Agent).await);
    ben.visitor.post(PATH, &every(&[("answer", "off")], "digest", "en")).await.went_well();

    // Friday afternoon in Berlin. Nobody has the case.
    desk.clock.set("2026-06-05T12:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
    desk.work_until_idle().await;
    desk.take_all_letters();
    let reply = Mail::authentic(REQUESTER, &letter.return_path).saying("Since October.");
    desk.receives(&reply.raw()).await.is_filed_from("requester");
    ann.does(&number, "notes", &[("note", "@ben, look")]).await.went_well();
    for quiet in
        ["2026-06-05T14:59:00Z", "2026-06-05T20:00:00Z", "2026-06-06T10:00:00Z", "2026-06-08T06:59:00Z"]
    {
        desk.at(quiet).await;
        assert!(desk.take_letters(&ann.email).is_empty(), "{quiet}");
        assert!(desk.take_letters(&ben.email).is_empty(), "{quiet}");
        desk.take_all_letters();
    }
    desk.at("2026-06-08T07:00:00Z").await;
    let summary = desk.take_letter(&ann.email);
    assert!(
        items(&summary).contains(&"Eine Antwort, ein Schreiben oder eine Datei ist eingegangen.".to_owned())
    );
    assert!(summary.text.contains(&second), "{}", summary.text);
    let summary = desk.take_letter(&ben.email);
    assert!(items(&summary).contains(&"A note names you.".to_owned()), "{}", summary.text);
    assert!(!items(&summary).contains(&"An answer, a letter or a file came in.".to_owned()), "switched off");
    desk.take_all_letters();

    // The hour goes by while nobody works: nobody gets it at night.
    ann.does(&number, "notes", &[("note", "@ben, look again")]).await.went_well();
    desk.work_until_idle().await;
    desk.at("2026-06-08T19:00:00Z").await;
    assert!(desk.take_letters(&ben.email).is_empty());
    desk.at("2026-06-09T07:00:00Z").await;
    assert_eq!(desk.take_letters(&ben.email).len(), 1);
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_has_a_case_is_told_once_that_its_time_is_soon_over() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let ann = desk.told_staff("ann", Role::Agent).await;
    let ben = desk.told_staff("ben", Role::Agent).await;
    ann.visitor.post(PATH, &every(&[("due_soon", "immediate")], "off", "en")).await.went_well();
    let number = desk.confirmed_case(&visitor, &form()).await;
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    desk.act(&number, Actor::DepartedContact, objection()).await;
    desk.take_all_letters();
    let due = desk.load(&number).await.due_at.unwrap();
    desk.clock.set(due.after(-jiff::SignedDuration::from_mins(121)));
    assert_eq!(desk.told(&[&ann, &ben]).await, told(&[]), "there is time left");
    desk.clock.set(due.after(-jiff::SignedDuration::from_mins(119)));
    desk.work_until_idle().await;
    let over = &["The case waits for us, and its time is soon over, or over already."][..];
    assert_eq!(desk.told(&[&ann, &ben]).await, told(&[("ann", over)]));
    ann.does(&number, "notes", &[("note", "I wait for a call.")]).await.went_well();
    desk.clock.set(due.after(jiff::SignedDuration::from_mins(5)));
    desk.work_until_idle().await;
    assert_eq!(desk.told(&[&ann, &ben]).await, told(&[]), "once");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_letter_that_fails_is_told_to_whoever_has_the_case() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.told_staff("ann", Role::Agent).await;
    let ben = desk.told_staff("ben", Role::Approver).await;
    for person in [&ann, &ben] {
        person.visitor.post(PATH, &every(&[], "immediate", "en")).await.went_well();
    }
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    desk.smtp.answer(Stage::Recipient, Answer::Say("550 5.1.1 no such user"));
    ann.does(&number, "question", &[("question", "Since when?")]).await.went_well();
    desk.work_until_idle().await;
    let failed = &["An e-mail of ours did not arrive."][..];
    assert_eq!(desk.told(&[&ann, &ben]).await, told(&[("ann", failed)]));
    desk.finish().await;
}

/// A hundred letters of one who knows an address, and one case after another: bounded mails, and nothing is lost.
#[actix_web::test]
async fn a_storm_is_a_few_mails_and_a_summary() {
    let desk = Desk::start_with("desk.staff_mails_per_hour = 3\n").await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let ann = desk.told_staff("ann", Role::Agent).await;
    let mut numbers = Vec::new();
    for n in 0..6 {
        let licence = format!("SEN-{}", 10_000_001 + n);
        let (requester, successor) = (format!("r{n}@nordlicht.example"), format!("s{n}@nordlicht.example"));
        let changes = [
            ("entitlements", licence.as_str()),
            ("requester_email", &requester),
            ("successor_email", &successor),
        ];
        let number = desk.confirmed_case(&visitor, &form_with(&changes)).await;
        ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
        desk.take_all_letters();
        numbers.push(number);
    }
    let answers = async || {
        for _ in 0..17 {
            for number in &numbers {
                let (asks, answers) =
                    (Action::AskCustomer { question: note() }, Action::Answer { answer: note() });
                desk.act(number, Actor::Staff { id: ann.id, role: Role::Agent }, asks).await;
                desk.act(number, Actor::Requester, answers).await;
            }
        }
    };
    answers().await;
    let kept: i64 = sqlx::query_scalar("select count(*) from staff_notices where settled_at is null")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(kept, 6, "a flood is kept in a few rows, too");
    desk.minutes_later(1).await;
    let mails = desk.take_letters(&ann.email);
    assert_eq!(mails.len(), 3);
    assert_eq!(items(&mails[0]), ["17 Antworten, Schreiben oder Dateien sind eingegangen."]);
    answers().await;
    desk.minutes_later(10).await;
    assert!(desk.take_letters(&ann.email).is_empty(), "enough for this hour");
    desk.at("2026-06-01T11:00:00Z").await;
    let summary = desk.take_letter(&ann.email);
    for number in &numbers {
        assert!(mails.iter().chain([&summary]).any(|mail| mail.text.contains(number)), "{number} is lost");
    }
    desk.take_all_letters();
    desk.finish().await;
}

/// Mailboxes and laptops of staff are hostile, and what comes back of such mail proves nothing.
#[actix_web::test]
async fn mail_to_staff_says_little_and_what_comes_back_of_it_says_nothing() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let ann = desk.told_staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    desk.act(&number, Actor::DepartedContact, objection()).await;
    desk.minutes_later(1).await;
    desk.take_letter(DEPARTED);
    let mail = desk.take_letter(&ann.email);
    let raw = String::from_utf8(mail.raw.clone()).unwrap();
    for secret in ["Nordlicht", "Kessler", "Abend", "Rauch", "SEN-", "nordlicht"] {
        assert!(!raw.contains(secret) && !mail.text.contains(secret), "{secret} is in\n{raw}");
    }
    assert_eq!(mail.subject, format!("Neues zum Vorgang {number}"));
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    for words in [&*format!("/desk/cases/{number}"), PATH, "ann,"] {
        assert!(mail.text.contains(words), "{words}");
    }
    // Nobody gets in by the link alone.
    let stranger = desk.visitor("de").get(&mail.link("desk")).await.is(303);
    assert!(stranger.location.unwrap().starts_with("/desk/sign-in"));

    assert_eq!(mail.return_path, "handover@reseller.example", "no signed address");
    assert_eq!(mail.header("Reply-To").as_deref(), Some("handover@reseller.example"));
    let case = desk.find_case(&number).await;
    let before = desk.load(&number).await;
    let id = mail.header("Message-ID").unwrap();
    let id = id.trim_matches(['<', '>']).to_owned();
    let report = bounce(&mail.return_path, &ann.email, Some(&id));
    desk.receives(&report).await.is_in_quarantine("inbound-staff-bounce");
    let reply = Mail::authentic(REQUESTER, &mail.return_path).with("In-Reply-To", &format!("<{id}>"));
    desk.receives(&reply.raw()).await.is_in_quarantine("inbound-no-address");
    let after = desk.load(&number).await;
    assert_eq!((before.version, before.case.news), (after.version, after.case.news), "nothing is new");
    let bounces: i64 =
        sqlx::query_scalar("select count(*) from bounces").fetch_one(&desk.casework.app.pool).await.unwrap();
    assert_eq!(bounces, 0);

    // Refused at once: it marks no case and stands on no list of letters, and ann hears of it where she chose it.
    desk.smtp.answer(Stage::Recipient, Answer::Say("550 5.1.1 no such user"));
    desk.act(
        &number,
        Actor::System,
        Action::RecordSecondClaim { other: "HO-2026-00099".parse().unwrap(), same_requester: false },
    )
    .await;
    desk.minutes_later(1).await;
    let failed: i64 =
        sqlx::query_scalar("select count(*) from emails where state = 'failed' and audience = 'staff'")
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
    assert_eq!(failed, 1);
    for shelf in ["open", "waiting", "dead"] {
        ann.get(&format!("/desk/mail?shelf={shelf}")).await.is(200).never_says(&ann.email);
    }
    ann.open(&number).await.never_says("Neues zum Vorgang");
    ann.get(PATH).await.says("The last e-mail to you could not be delivered");
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    let listed = handover::mail::outgoing::listed::list_for(&mut connection, case, None).await.unwrap();
    assert!(listed.iter().all(|email| email.notification != "staff_news"));
    drop(connection);
    desk.finish().await;
}

/// All kinds `how`, but those that are given.
fn every<'a>(
    but: &[(&'static str, &'a str)],
    how: &'a str,
    language: &'a str,
) -> Vec<(&'static str, &'a str)> {
    let chosen = |kind: &'static str| but.iter().find(|(one, _)| *one == kind).map_or(how, |(_, how)| how);
    KINDS.into_iter().map(|kind| (kind, chosen(kind))).chain([("language", language)]).collect()
}

#[actix_web::test]
async fn everybody_chooses_for_themselves() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.told_staff("ann", Role::Agent).await, desk.told_staff("ben", Role::Agent).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();

    // What is missing is told, and what was chosen is not lost.
    let some: Vec<_> = every(&[], "off", "en").into_iter().filter(|(name, _)| *name != "mention").collect();
    let page = ann.visitor.post(PATH, &some).await.is(422);
    assert_eq!(checked(&page.text, "answer").as_deref(), Some("off"));
    assert_eq!(checked(&page.text, "mention"), None);
    ann.visitor.post(PATH, &every(&[("mention", "loudly")], "off", "en")).await.is(422);
    let page = ann.get(PATH).await.is(200);
    assert_eq!(checked(&page.text, "answer").as_deref(), Some("immediate"), "nothing was kept");
    assert_eq!(checked(&page.text, "due_soon").as_deref(), Some("digest"));
    assert_eq!(checked(&page.text, "approval_wanted"), None, "an agent approves nothing");

    ann.visitor.post(PATH, &every(&[], "off", "en")).await.went_well();
    assert_eq!(checked(&ann.get(PATH).await.text, "answer").as_deref(), Some("off"));
    desk.act(&number, Actor::DepartedContact, objection()).await;
    let objected = &["Jemand widerspricht oder beansprucht dasselbe."][..];
    assert_eq!(desk.told(&[&ann, &ben]).await, told(&[("ben", objected)]));
    assert_eq!(desk.casework.staff_mail_step().await.unwrap(), Step::Idle);
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

/// Nothing but approved messages goes to Atlassian, whoever is at the desk.
#[actix_web::test]
async fn no_member_of_staff_has_atlassians_address() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let (ann, ben) = (desk.told_staff("ann", Role::Agent).await, desk.told_staff("ben", Role::Agent).await);
    let pool = &desk.owner;
    for (person, address) in [(&ann, ATLASSIAN), (&ben, "somebody@ATLASSIAN.com")] {
        let set = "update staff set email = lower($2) where id = $1";
        sqlx::query(set).bind(person.id.0).bind(address).execute(pool).await.unwrap();
    }
    desk.act(&number, Actor::DepartedContact, objection()).await;
    desk.minutes_later(1).await;
    desk.take_letter(DEPARTED);
    assert!(desk.take_all_letters().is_empty());
    desk.finish().await;
}

#[actix_web::test]
async fn the_database_keeps_mail_to_staff_out_of_every_case() {
    let desk = Desk::start().await;
    for (case, approval, constraint) in [
        ("gen_random_uuid()", "null", "emails_staff_about_no_case"),
        ("null", "gen_random_uuid()", "emails_check1"),
    ] {
        let sql = format!(
            "insert into emails (id, audience, notification, correlation_id, approval_id, message_id, envelope_from,
                 envelope_to, subject, language, raw, digest, next_attempt_at, created_at)
             values (gen_random_uuid(), 'staff', 'staff_news', {case}, {approval}, 'x', 'a', 'b', 's', 'de', 'x',
                 sha256('x'), now(), now())"
        );
        let refused =
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&desk.casework.app.pool).await.unwrap_err();
        let found = refused.as_database_error().and_then(|error| error.constraint()).map(str::to_owned);
        assert_eq!(found.as_deref(), Some(constraint));
    }
    desk.finish().await;
}

#[actix_web::test]
async fn workers_at_the_same_moment_write_one_mail() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.told_staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    let note = "@ben, look";
    let ben = desk.told_staff("ben", Role::Agent).await;
    ann.does(&number, "notes", &[("note", note)]).await.went_well();
    desk.act(&number, Actor::DepartedContact, objection()).await;
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(2)));
    let steps = (0..6).map(|_| desk.casework.staff_mail_step());
    for step in futures_util::future::join_all(steps).await {
        step.unwrap();
    }
    desk.work_until_idle().await;
    for person in [&ann, &ben] {
        desk.take_letter(&person.email);
    }
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn one_who_cannot_be_written_to_holds_up_nobody() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let (ann, ben) = (desk.told_staff("ann", Role::Agent).await, desk.told_staff("ben", Role::Agent).await);
    let set = "update staff set email = $2 where id = $1";
    let pool = &desk.owner;
    sqlx::query(set).bind(ann.id.0).bind("änn@reseller.example").execute(pool).await.unwrap();
    desk.act(&number, Actor::DepartedContact, objection()).await;
    let objected = &["Jemand widerspricht oder beansprucht dasselbe."][..];
    assert_eq!(desk.told(&[&ann, &ben]).await, told(&[("ben", objected)]));
    sqlx::query(set).bind(ann.id.0).bind(&ann.email).execute(pool).await.unwrap();
    desk.minutes_later(10).await;
    assert_eq!(desk.take_letters(&ann.email).len(), 1, "put off, not lost");
    desk.take_all_letters();
    desk.finish().await;
}

/// Else anybody could have mail of ours sent to a colleague of their choice.
#[actix_web::test]
async fn nobody_outside_names_a_colleague() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.told_staff("ann", Role::Agent).await, desk.told_staff("ben", Role::Agent).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    // Nor does a question to the customer: it is not written for colleagues.
    ann.does(&number, "question", &[("question", "Is @ben known to you?")]).await.went_well();
    let answer = Note::new(Text::parse("@ben knows me.").unwrap());
    desk.act(&number, Actor::Requester, Action::Answer { answer }).await;
    let came = &["Eine Antwort, ein Schreiben oder eine Datei ist eingegangen."][..];
    assert_eq!(desk.told(&[&ann, &ben]).await, told(&[("ann", came)]));
    desk.take_all_letters();
    desk.finish().await;
}

fn checked(page: &str, name: &str) -> Option<String> {
    let page = scraper::Html::parse_document(page);
    let selector = scraper::Selector::parse(&format!("input[name={name:?}][checked]")).unwrap();
    page.select(&selector).next().and_then(|input| input.value().attr("value")).map(str::to_owned)
}

#[actix_web::test]
async fn every_page_says_how_many_cases_need_the_reader() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let (cara, eva) = (desk.staff("cara", Role::Agent).await, desk.staff("eva", Role::Auditor).await);
    for person in [&ann, &ben, &cara, &eva] {
        person.get("/desk/mail").await.never_says("Needs me");
    }
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.get("/desk/mail").await.says("Needs me 1 (one case)");
    eva.get("/desk/mail").await.never_says("Needs me");
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    cara.get("/desk/mail").await.never_says("Needs me");
    ben.get("/desk/quarantine").await.never_says("Needs me");
    ann.drafts(&number).await;
    ben.get("/desk/notifications").await.says("Needs me 1 (one case)");
    cara.get("/desk/mail").await.never_says("Needs me");
    // Whoever had it is gone: it is everybody's again.
    let gone = desk.staff("gone", Role::Agent).await;
    ann.does(&number, "assignment", &[("owner", &gone.id.to_string())]).await.went_well();
    cara.get("/desk/mail").await.never_says("Needs me");
    desk.bars(&gone.email).await.unwrap();
    desk.work_until_idle().await;
    desk.take_letter(&eva.email);
    // A draft needs whoever may approve it, and nobody else.
    cara.get("/desk/mail").await.never_says("Needs me");
    ben.does(&number, "draft/return", &[("reason", "Name the site.")]).await.went_well();
    cara.get("/desk/mail").await.says("Needs me 1");
    // Pages that say no say it, too.
    ann.get("/desk/cases/HO-2026-09999").await.is(404).says("Needs me 1");
    let page = ann.get("/desk/mail").await;
    assert!(page.text.contains("href=\"/desk/cases?view=needs_me\""));
    desk.finish().await;
}

/// A page does not wait for its count, and does not fail with it.
#[actix_web::test]
async fn a_count_that_takes_too_long_is_left_out() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let slow =
        "create or replace function cases_that_need(person uuid, at timestamptz, most bigint) returns table (case_id uuid)
        language sql volatile as $$ select null::uuid from pg_sleep(20) $$";
    sqlx::query(slow).execute(&desk.owner).await.unwrap();
    let asked = std::time::Instant::now();
    ann.get("/desk/quarantine").await.is(200).never_says("Needs me");
    assert!(asked.elapsed() < std::time::Duration::from_secs(15), "{:?}", asked.elapsed());
    sqlx::query("drop function cases_that_need(uuid, timestamptz, bigint)")
        .execute(&desk.owner)
        .await
        .unwrap();
    ann.get("/desk/quarantine").await.is(200).never_says("Needs me");
    desk.finish().await;
}

//! What staff show beside their password: set up, asked for when they sign in and when they approve, and every way round it that we
//! could think of. Passkeys are in `passkeys`, in a real browser.

use actix_web::rt::time::timeout;
use handover::{
    administration::trail::Doer,
    case::{actor::Role, refusal::Refusal},
    casework::ActError,
    staff::accounts,
};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use crate::helpers::{
    desk::{Answer, Desk, PASSWORD, StaffVisitor, Visitor},
    story::ATLASSIAN,
};

const PAGE: &str = "/desk/account/second-factors";
const SECOND_STEP: &str = "/desk/sign-in/second-factor";
const DEMANDED: &str = "desk.second_factor.demand_in_demo = true";

/// Somebody's telephone.
pub struct Phone(Totp);

impl Phone {
    pub fn scans(page: &Answer) -> Self {
        let html = scraper::Html::parse_document(&page.text);
        let selector = scraper::Selector::parse("code.wrap").unwrap();
        let text: String = html.select(&selector).next().unwrap().text().collect();
        let secret = Secret::try_from_base32(text.replace(' ', "")).unwrap();
        Self(Builder::new().with_secret(secret).build().unwrap())
    }

    /// What it shows, so many steps from now.
    pub fn code(&self, desk: &Desk, steps: i64) -> String {
        let second = desk.now().as_second() + 30 * steps;
        self.0.generate(u64::try_from(second).unwrap()).to_string()
    }
}

fn codes_of(page: &Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text);
    let selector = scraper::Selector::parse(".codes code").unwrap();
    html.select(&selector).map(|code| code.text().collect()).collect()
}

/// Somebody who reads English, also in their letters.
pub async fn colleague(desk: &Desk, name: &str, role: Role) -> StaffVisitor {
    let staff = desk.staff(name, role).await;
    let sql = "update staff set language = 'en' where id = $1";
    sqlx::query(sql).bind(staff.id.0).execute(&desk.casework.app.pool).await.unwrap();
    staff
}

pub async fn set_up(desk: &Desk, staff: &StaffVisitor) -> (Phone, Vec<String>) {
    let begun = staff
        .visitor
        .post(&format!("{PAGE}/apps"), &[("name", "Phone"), ("current_password", PASSWORD)])
        .await;
    let page = begun.went_well().location.unwrap();
    let phone = Phone::scans(&staff.visitor.get(&page).await.is(200));
    let code = phone.code(desk, 0);
    let codes = staff.visitor.post(&page, &[("code", &code)]).await.is(200).says("Recovery codes");
    desk.work_until_idle().await;
    assert_eq!(desk.take_letter(&staff.email).subject, "Your second factor in Handover");
    wait_a_step(desk);
    (phone, codes_of(&codes))
}

/// So that the telephone shows another code.
fn wait_a_step(desk: &Desk) {
    minutes(desk, 1);
}

fn minutes(desk: &Desk, minutes: i64) {
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(minutes)));
}

async fn shows_password(desk: &Desk, email: &str) -> Visitor {
    let visitor = desk.visitor("en");
    let answer = visitor.post("/desk/sign-in", &[("email", email), ("password", PASSWORD)]).await.went_well();
    assert!(answer.location.unwrap().starts_with(SECOND_STEP));
    visitor
}

async fn shows(visitor: &Visitor, code: &str) -> Answer {
    visitor.post(SECOND_STEP, &[("code", code)]).await
}

async fn is_signed_in(visitor: &Visitor) -> bool {
    visitor.get("/desk/cases").await.status.as_u16() == 200
}

#[track_caller]
fn led_to_the_desk(answer: &Answer) {
    assert_eq!(answer.location.as_deref(), Some("/desk/cases"), "{}", answer.text);
}

#[actix_web::test]
async fn an_app_counts_once_its_code_was_shown_and_its_owner_is_told() {
    let desk = Desk::start().await;
    let (ann, eve) = (colleague(&desk, "ann", Role::Agent).await, colleague(&desk, "eve", Role::Agent).await);
    // A stolen session sets up nothing.
    let apps = format!("{PAGE}/apps");
    ann.visitor.post(&apps, &[("name", "Evil")]).await.is(403).says("Enter your password");
    let wrong = [("name", "Evil"), ("current_password", "not the password at all")];
    ann.visitor.post(&apps, &wrong).await.is(422).says("This password is wrong");
    let begun =
        ann.visitor.post(&apps, &[("name", "Phone"), ("current_password", PASSWORD)]).await.went_well();
    let page = begun.location.unwrap();
    let picture = ann.visitor.get(&format!("{page}/code.svg")).await.is(200);
    assert!(picture.text.contains("<svg") && !picture.text.contains("style="), "{}", &picture.text[..200]);
    eve.visitor.get(&page).await.is(404);
    eve.visitor.get(&format!("{page}/code.svg")).await.is(404);
    let phone = Phone::scans(&ann.visitor.get(&page).await.is(200));
    ann.visitor.post(&page, &[("code", "000000")]).await.is(422).says("This code is wrong");
    // Before it is confirmed it counts for nothing.
    let other = desk.visitor("en");
    let sign_in = [("email", ann.email.as_str()), ("password", PASSWORD)];
    led_to_the_desk(&other.post("/desk/sign-in", &sign_in).await);
    let answer = ann.visitor.post(&page, &[("code", &phone.code(&desk, 0))]).await.is(200);
    let codes = codes_of(&answer);
    assert_eq!(codes.len(), 10);
    assert!(!is_signed_in(&other).await, "what began with the password alone has ended");
    assert!(is_signed_in(&ann.visitor).await);
    ann.visitor.get(&page).await.is(404);
    ann.visitor.get(PAGE).await.is(200).says("Phone").says("10 unused recovery codes");
    desk.work_until_idle().await;
    let letter = desk.take_letter(&ann.email);
    assert!(
        letter.text.contains("An authenticator app was set up for your account: Phone."),
        "{}",
        letter.text
    );
    // Whoever reads the database has neither.
    let pool = &desk.casework.app.pool;
    let read: String = sqlx::query_scalar(
        "select string_agg(t::text, ' ') || (select string_agg(r::text, ' ') from recovery_codes r) from totp_devices t",
    )
    .fetch_one(pool)
    .await
    .unwrap();
    let secret = data_encoding::HEXLOWER.encode(phone.0.secret().as_bytes());
    assert!(!read.contains(&secret), "{read}");
    assert!(
        codes.iter().all(|code| !read.contains(code) && !read.contains(&code.replace('-', ""))),
        "{read}"
    );
    // Removing needs a fresh factor; the recovery codes go with the last one.
    minutes(&desk, 20);
    let device: Uuid = sqlx::query_scalar("select id from totp_devices").fetch_one(pool).await.unwrap();
    let removal = format!("{PAGE}/apps/{device}/removal");
    ann.visitor.post(&removal, &[]).await.is(403).says("Show your second factor");
    eve.visitor.post(&removal, &[("current_password", PASSWORD)]).await.is(404);
    ann.visitor.post(&removal, &[("second_factor_code", &phone.code(&desk, 0))]).await.went_well();
    let left: i64 = sqlx::query_scalar("select count(*) from recovery_codes").fetch_one(pool).await.unwrap();
    assert_eq!(left, 0);
    desk.work_until_idle().await;
    desk.take_letter(&ann.email);
    let kinds: Vec<String> =
        sqlx::query_scalar("select kind from administration_events order by seq desc limit 2")
            .fetch_all(pool)
            .await
            .unwrap();
    assert_eq!(kinds, ["second_factor_removed", "second_factor_added"]);
    desk.finish().await;
}

#[actix_web::test]
async fn a_password_alone_opens_nothing_and_no_code_counts_twice() {
    let desk = Desk::start().await;
    let ann = colleague(&desk, "ann", Role::Agent).await;
    let (phone, codes) = set_up(&desk, &ann).await;

    // No session before the second step, whatever page is asked for.
    let visitor = shows_password(&desk, &ann.email).await;
    assert!(!is_signed_in(&visitor).await);
    visitor.get(SECOND_STEP).await.is(200).says("Second step");
    desk.visitor("en").get(SECOND_STEP).await.is(303);
    shows(&visitor, "").await.is(422);
    shows(&visitor, "12345").await.is(422);
    let code = phone.code(&desk, 0);
    led_to_the_desk(&shows(&visitor, &code).await);
    assert!(is_signed_in(&visitor).await);
    // The second step is over once it was taken, and the same code is nobody's any more.
    assert_eq!(shows(&visitor, &code).await.location.as_deref(), Some("/desk/sign-in"));
    let replaying = shows_password(&desk, &ann.email).await;
    shows(&replaying, &code).await.is(422).says("This code is wrong, or was used already");
    // That of the next step counts; after it, that of this step does not.
    led_to_the_desk(&shows(&replaying, &phone.code(&desk, 1)).await);
    let late = shows_password(&desk, &ann.email).await;
    shows(&late, &phone.code(&desk, 0)).await.is(422);

    // Two at once with the same code: one.
    minutes(&desk, 2);
    let (one, other) = (shows_password(&desk, &ann.email).await, shows_password(&desk, &ann.email).await);
    let code = phone.code(&desk, 0);
    let (first, second) = futures_util::join!(shows(&one, &code), shows(&other, &code));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);

    // A recovery code, once, in whatever way it is typed, and told.
    let lost = shows_password(&desk, &ann.email).await;
    led_to_the_desk(&shows(&lost, &codes[0].to_uppercase().replace('-', " ")).await);
    desk.work_until_idle().await;
    assert!(desk.take_letter(&ann.email).text.contains("Unused ones left: 9"));
    let again = shows_password(&desk, &ann.email).await;
    shows(&again, &codes[0]).await.is(422);

    // What happens between the steps ends them: another password, a reset, an end of the account.
    let id = desk.account(&ann.email).await;
    let pending = shows_password(&desk, &ann.email).await;
    let change = format!("{PASSWORD} changed");
    accounts::set_password(&desk.casework, id, change.into()).await.unwrap();
    minutes(&desk, 2);
    let over =
        |answer: Answer| assert_eq!(answer.location.as_deref(), Some("/desk/sign-in"), "{}", answer.text);
    over(shows(&pending, &phone.code(&desk, 0)).await);
    accounts::set_password(&desk.casework, id, PASSWORD.to_owned().into()).await.unwrap();
    let pending = shows_password(&desk, &ann.email).await;
    desk.bars(&ann.email).await.unwrap();
    over(shows(&pending, &phone.code(&desk, 0)).await);
    over(shows(&pending, &codes[1]).await);
    // Old ones are over by themselves.
    accounts::reactivate(&desk.casework, Doer::CommandLine, id).await.unwrap();
    accounts::set_password(&desk.casework, id, PASSWORD.to_owned().into()).await.unwrap();
    let pending = shows_password(&desk, &ann.email).await;
    minutes(&desk, 11);
    over(shows(&pending, &phone.code(&desk, 0)).await);
    // Each new password is told.
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn six_digits_are_not_to_be_guessed_and_the_owner_is_not_shut_out() {
    let desk = Desk::start().await;
    let ann = colleague(&desk, "ann", Role::Agent).await;
    let (phone, codes) = set_up(&desk, &ann).await;
    let wrong = if phone.code(&desk, 0) == "111111" { "222222" } else { "111111" };
    // At once, each with a sign-in of its own: five are looked at.
    let thieves = futures_util::future::join_all((0..9).map(|_| shows_password(&desk, &ann.email))).await;
    let answers = timeout(
        std::time::Duration::from_secs(30),
        futures_util::future::join_all(thieves.iter().map(|thief| shows(thief, wrong))),
    );
    let answers = answers.await.unwrap();
    let looked_at = answers.iter().filter(|answer| answer.status.as_u16() == 422).count();
    let refused = answers.iter().filter(|answer| answer.status.as_u16() == 429).count();
    assert_eq!((looked_at, refused), (5, 4));
    // Not the right one either, wherever it comes from; the owner is told, once.
    shows(&shows_password(&desk, &ann.email).await, &phone.code(&desk, 0))
        .await
        .is(429)
        .says("Try again in 15 minutes");
    desk.work_until_idle().await;
    let letter = desk.take_letter(&ann.email);
    assert!(letter.text.contains("one has to know your password"), "{}", letter.text);
    // With a recovery code its owner comes in all the same.
    led_to_the_desk(&shows(&shows_password(&desk, &ann.email).await, &codes[3]).await);
    desk.work_until_idle().await;
    desk.take_letter(&ann.email);
    minutes(&desk, 16);
    let owner = shows_password(&desk, &ann.email).await;
    led_to_the_desk(&shows(&owner, &phone.code(&desk, 0)).await);
    // One second step bears ten tries at most, whatever is typed.
    let thief = shows_password(&desk, &ann.email).await;
    for _ in 0..10 {
        shows(&thief, "aaaa-bbbb-cccc-dddd").await.is(422);
    }
    assert_eq!(shows(&thief, &phone.code(&desk, 1)).await.location.as_deref(), Some("/desk/sign-in"));
    // A third time within the day nobody is told again.
    for _ in 0..5 {
        minutes(&desk, 1);
        shows(&shows_password(&desk, &ann.email).await, wrong).await.is(422);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn an_approval_asks_for_a_fresh_factor_and_keeps_which() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) =
        (colleague(&desk, "ann", Role::Agent).await, colleague(&desk, "ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.drafts(&number).await;
    desk.take_all_letters();
    let (phone, _) = set_up(&desk, &ben).await;
    minutes(&desk, 20);
    let digest = desk.digest(&number).await;
    let version = desk.load(&number).await.version.to_string();
    let approval = format!("/desk/cases/{number}/approval");
    let fields = [("version", version.as_str()), ("digest", digest.as_str())];
    // The page that asks has all of the form.
    let asked = ben.visitor.post(&approval, &fields).await.is(403).says("Show your second factor");
    assert_eq!(
        (asked.field("digest"), asked.field("version")),
        (Some(digest.clone()), Some(version.clone()))
    );
    let wrong = [fields[0], fields[1], ("second_factor_code", "000000")];
    let wrong = ben.visitor.post(&approval, &wrong).await.is(422);
    assert_eq!(wrong.field("digest"), Some(digest.clone()));
    // No page decides it: whatever calls the one function that approves, the session's factor is too old.
    let case = desk.find_case(&number).await;
    let pool = &desk.casework.app.pool;
    let session: Uuid = sqlx::query_scalar("select id from sessions where staff_id = $1")
        .bind(ben.id.0)
        .fetch_one(pool)
        .await
        .unwrap();
    let bytes = digest.clone().try_into().unwrap();
    for session in [None, Some(session)] {
        let refused = desk.casework.approve(case, (ben.actor(), session), bytes, None).await;
        assert!(
            matches!(refused, Err(ActError::Refused(Refusal::SecondFactorNotFresh))),
            "{session:?} {refused:?}"
        );
    }
    // One that ended while the request came in.
    let refused = desk.casework.approve(case, (ben.actor(), Some(Uuid::nil())), bytes, None).await;
    assert!(matches!(refused, Err(ActError::Refused(Refusal::NotYours))), "{refused:?}");
    // Nor with a session of somebody else's that is fresh.
    let other = colleague(&desk, "cal", Role::Approver).await;
    set_up(&desk, &other).await;
    let fresh: Uuid = sqlx::query_scalar("select id from sessions where staff_id = $1")
        .bind(other.id.0)
        .fetch_one(pool)
        .await
        .unwrap();
    let refused = desk.casework.approve(case, (ben.actor(), Some(fresh)), bytes, None).await;
    assert!(matches!(refused, Err(ActError::Refused(Refusal::NotYours))), "{refused:?}");
    // The database says it, too.
    let insert = |factor: &str, at: &str| {
        format!(
            "insert into approvals (id, case_id, draft_id, digest, evidence_digest, drafted_by, approved_by, approved_at,
                 second_factor, second_factor_at)
             select gen_random_uuid(), case_id, id, digest, evidence_digest, author_id,
                 (select id from staff where name = 'ben'), timestamptz '2026-07-01', {factor}, {at}
             from drafts where voided_at is null"
        )
    };
    for (factor, at, constraint) in [
        ("'none'", "null", "approvals_need_the_second_factor"),
        ("null", "null", "approvals_say_the_second_factor"),
        ("'totp'", "null", "approvals_second_factor_has_a_time"),
        ("'totp'", "timestamptz '2026-06-30'", "approvals_second_factor_is_fresh"),
        ("'totp'", "timestamptz '2026-07-02'", "approvals_second_factor_is_fresh"),
    ] {
        let error = sqlx::raw_sql(sqlx::AssertSqlSafe(insert(factor, at))).execute(pool).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().constraint(), Some(constraint), "{factor} {at}");
    }
    let with_code = [fields[0], fields[1], ("second_factor_code", &phone.code(&desk, 0))];
    ben.visitor.post(&approval, &with_code).await.went_well();
    assert!(is_signed_in(&ben.visitor).await, "under another token");
    let (factor, at): (String, jiff_sqlx::Timestamp) =
        sqlx::query_as("select second_factor, second_factor_at from approvals")
            .fetch_one(pool)
            .await
            .unwrap();
    assert_eq!((factor.as_str(), at.to_jiff()), ("totp", *desk.now()));
    assert_eq!(desk.state(&number).await, "submitted");
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn who_must_have_one_can_do_nothing_else_once_the_days_are_over() {
    let desk = Desk::start_with(DEMANDED).await;
    desk.import_register().await;
    let (ann, ben) =
        (colleague(&desk, "ann", Role::Agent).await, colleague(&desk, "ben", Role::Approver).await);
    let eva = colleague(&desk, "eva", Role::Admin).await;
    let visitor = desk.visitor("de");
    let number = desk.verified_case(&visitor, &ann).await;
    ann.drafts(&number).await;
    let second = desk.verified_case_of(&visitor, &ann).await;
    ann.drafts(&second).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    let begun = "update staff set second_factor_grace_from = $1";
    sqlx::query(begun).bind(desk.now()).execute(&desk.owner).await.unwrap();
    // Within the days: told, and let work. What was approved then says so.
    ben.visitor.get(PAGE).await.is(200).says("You have no second factor");
    ben.approves(&number).await.went_well();
    let pool = &desk.owner;
    let factor: String =
        sqlx::query_scalar("select second_factor from approvals").fetch_one(pool).await.unwrap();
    assert_eq!(factor, "none");
    eva.visitor
        .get("/desk/administration/second-factors")
        .await
        .is(200)
        .says("ben")
        .says("no app, no passkey");
    desk.work_until_idle().await;
    desk.take_all_letters();

    desk.later(15 * 24).await;
    desk.take_all_letters();
    for path in ["/desk/cases", "/desk/mail", &format!("/desk/cases/{second}/approval")] {
        assert_eq!(ben.visitor.get(path).await.is(303).location.as_deref(), Some(PAGE), "{path}");
    }
    ben.visitor.get(PAGE).await.is(200).says("Set up a second factor");
    let digest = desk.digest(&second).await;
    let fields = [("version", "1"), ("digest", digest.as_str())];
    ben.visitor
        .post(&format!("/desk/cases/{second}/approval"), &fields)
        .await
        .is(403)
        .says("Your role demands a second factor");
    assert_eq!(
        eva.visitor.get("/desk/administration/second-factors").await.is(303).location.as_deref(),
        Some(PAGE)
    );
    let case = desk.find_case(&second).await;
    let refused = desk.casework.approve(case, (ben.actor(), None), digest.try_into().unwrap(), None).await;
    assert!(matches!(refused, Err(ActError::Refused(Refusal::SecondFactorMissing))), "{refused:?}");
    // Nobody else is kept from anything, and whoever sets one up goes on at once.
    assert!(is_signed_in(&ann.visitor).await);
    set_up(&desk, &ben).await;
    ben.approves(&second).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn an_administrator_takes_lost_factors_away_and_nobody_their_own() {
    let desk = Desk::start().await;
    let (eva, ann) = (colleague(&desk, "eva", Role::Admin).await, colleague(&desk, "ann", Role::Agent).await);
    let (phone, codes) = set_up(&desk, &ann).await;
    let pending = shows_password(&desk, &ann.email).await;
    let list = "/desk/administration/second-factors";
    let reset = |id: Uuid| format!("{list}/{id}/reset");
    ann.visitor.post(&reset(ann.id.0), &[]).await.is(403);
    eva.visitor
        .post(&reset(eva.id.0), &[("current_password", PASSWORD)])
        .await
        .is(403)
        .says("Nobody resets their own");
    // A machine that was left open resets nobody.
    eva.visitor.post(&reset(ann.id.0), &[]).await.is(403).says("Enter your password");
    eva.visitor.post(&reset(ann.id.0), &[("current_password", PASSWORD)]).await.went_well();
    assert!(!is_signed_in(&ann.visitor).await);
    for code in [phone.code(&desk, 0), codes[0].clone()] {
        assert_eq!(shows(&pending, &code).await.location.as_deref(), Some("/desk/sign-in"));
    }
    desk.work_until_idle().await;
    assert!(desk.take_letter(&ann.email).text.contains("An administrator has reset your second factor"));
    eva.visitor.get("/desk/administration/trail").await.is(200).says("reset the second factor of ann");
    eva.visitor.post(&reset(ann.id.0), &[("current_password", PASSWORD)]).await.is(404);
    ann.signs_in().await;
    assert!(is_signed_in(&ann.visitor).await, "with the password, to set up a new one");
    desk.finish().await;
}

//! Accounts at the desk: invited, changed, ended; the own one; forgotten passwords. Each story has somebody who misuses it.

use handover::{
    administration::trail::{self, Doer},
    case::actor::{Role, StaffId},
    staff::accounts::{self, AccountError},
};
use uuid::Uuid;

use crate::helpers::{
    desk::{Desk, PASSWORD, StaffVisitor, Visitor},
    inbound::Mail,
    letter::Letter,
    statements::statements_of,
    story::{VOUCHER, form},
};

const STAFF: &str = "/desk/administration/staff";
const OTHER: &str = "nine wooden spoons and a lamp";

fn invitation<'a>(email: &'a str, role: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("email", email), ("role", role), ("language", "en")]
}

async fn kinds(desk: &Desk) -> Vec<String> {
    let pool = &desk.casework.app.pool;
    sqlx::query_scalar("select kind from administration_events where kind like 'staff_%' order by seq")
        .fetch_all(pool)
        .await
        .unwrap()
}

/// Invites by the page; the letter that arrives.
async fn invites(desk: &Desk, admin: &StaffVisitor, email: &str, role: &str) -> Letter {
    admin.visitor.post(&format!("{STAFF}/invitations"), &invitation(email, role)).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(email)
}

async fn signs_in(visitor: &Visitor, email: &str, password: &str) -> u16 {
    let fields = [("email", email), ("password", password)];
    visitor.post("/desk/sign-in", &fields).await.status.as_u16()
}

#[actix_web::test]
async fn an_invitation_makes_one_account_once_and_the_others_hear_of_it() {
    let desk = Desk::start().await;
    let dora = desk.staff("dora", Role::Admin).await;
    desk.staff("eva", Role::Auditor).await;
    let letter = invites(&desk, &dora, "finn@reseller.example", "approver").await;
    assert!(letter.text.contains("dora invites you") && letter.text.contains("Approver"), "{}", letter.text);
    let told = desk.take_letter("eva@reseller.example").text;
    assert!(told.contains("Jemand wurde eingeladen.") && told.contains("finn@reseller.example"), "{told}");
    let link = letter.link("desk/invitations");

    let finn = desk.visitor("en");
    // Looking changes nothing, as mail scanners look.
    for _ in 0..2 {
        finn.get(&link).await.is(200).says("finn@reseller.example").says("Approver");
    }
    assert_eq!(signs_in(&finn, "finn@reseller.example", OTHER).await, 422);
    finn.post(&link, &[("name", " "), ("new_password", OTHER)]).await.is(422).says("Enter your name");
    for name in ["https://evil.example/", "ann@reseller.example", "Do\u{200b}ra"] {
        finn.post(&link, &[("name", name), ("new_password", OTHER)]).await.is(422).says("Enter your name");
    }
    for (password, why) in [("short", "at least 15"), ("Finn Reseller 2026", "easy to guess")] {
        finn.post(&link, &[("name", "Finn"), ("new_password", password)]).await.is(422).says(why);
    }
    let fields = [("name", "Finn Muster"), ("new_password", OTHER)];
    let (one, other) = tokio::join!(finn.post(&link, &fields), finn.post(&link, &fields));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 410], "pressed twice, there is one account");
    finn.get(&link).await.is(410);
    finn.get("/desk/cases").await.is(303);
    assert_eq!(signs_in(&finn, "finn@reseller.example", OTHER).await, 303);
    finn.get("/desk/cases").await.is(200);
    desk.work_until_idle().await;
    for who in ["dora", "eva"] {
        let told = desk.take_letter(&format!("{who}@reseller.example")).text;
        assert!(told.contains("Finn Muster") && told.contains("Eine Einladung wurde angenommen."), "{told}");
    }
    assert_eq!(kinds(&desk).await, ["staff_added", "staff_added", "staff_invited", "staff_joined"]);
    dora.get("/desk/administration/trail").await.says("took up an invitation (Approver)");
    desk.finish().await;
}

#[actix_web::test]
async fn who_is_no_colleague_is_not_invited() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let dora = desk.staff("dora", Role::Admin).await;
    for (email, why) in [
        ("not an address", "not an e-mail address"),
        ("Dora@reseller.example", "has an account already"),
        ("dora+second@reseller.example", "has an account already"),
        ("d.o.r.a@reseller.example", "has an account already"),
        (VOUCHER, "on record at a customer"),
        ("anybody@nordlicht.example", "on record at a customer"),
        ("licensing@atlassian.example", "on record at a customer"),
        // A Cyrillic letter in the domain.
        ("finn@r\u{435}seller.example", "No colleague has an address at this domain"),
    ] {
        let page = dora.visitor.post(&format!("{STAFF}/invitations"), &invitation(email, "agent")).await;
        page.is(422).says(why);
    }
    let mut fields = invitation("finn@r\u{435}seller.example", "agent");
    let page = dora.visitor.post(&format!("{STAFF}/invitations"), &fields).await.is(422);
    assert!(page.words().contains("xn--"), "what only looks like ours is written as it is sent");
    fields.push(("other_domain", "true"));
    fields[0].1 = "finn@partner.example";
    dora.visitor.post(&format!("{STAFF}/invitations"), &fields).await.went_well();
    dora.visitor.post(&format!("{STAFF}/invitations"), &fields).await.is(422).says("invited already");
    desk.work_until_idle().await;
    desk.take_letter("finn@partner.example");
    desk.finish().await;
}

#[actix_web::test]
async fn an_invitation_ends_by_another_by_withdrawal_by_time_and_with_who_invited() {
    let desk = Desk::start().await;
    let (dora, egon) = (desk.staff("dora", Role::Admin).await, desk.staff("egon", Role::Admin).await);
    let visitor = desk.visitor("en");
    let first = invites(&desk, &dora, "finn@reseller.example", "admin").await.link("desk/invitations");
    let id: Uuid = sqlx::query_scalar("select id from staff_invitations")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let again = format!("{STAFF}/invitations/{id}/letter");
    dora.visitor.submit(&again, &[]).await.says("wait five minutes");
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(6)));
    dora.visitor.post(&again, &[]).await.went_well();
    desk.work_until_idle().await;
    let second = desk.take_letter("finn@reseller.example").link("desk/invitations");
    visitor.get(&first).await.is(410);
    visitor.get(&second).await.is(200);
    desk.later(7 * 24 + 1).await;
    visitor.get(&second).await.is(410);
    let fields = [("name", "Finn"), ("new_password", OTHER)];
    visitor.post(&second, &fields).await.is(410);
    dora.visitor.post(&format!("{STAFF}/invitations/{id}/withdrawal"), &[]).await.went_well();
    dora.visitor.post(&again, &[]).await.is(404);

    // Who loses the right to invite leaves no way back behind.
    let own = invites(&desk, &egon, "egon2@reseller.example", "admin").await.link("desk/invitations");
    dora.visitor.post(&format!("{STAFF}/{}/role", egon.id), &[("role", "agent")]).await.went_well();
    visitor.post(&own, &fields).await.is(410);
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(
        kinds(&desk).await[2..],
        [
            "staff_invited",
            "staff_invitation_sent_again",
            "staff_invitation_withdrawn",
            "staff_invited",
            "staff_role_changed",
            "staff_invitation_withdrawn"
        ]
    );
    desk.finish().await;
}

/// Of two who demote each other at the same moment one stays, also against the database itself.
#[actix_web::test]
async fn there_is_always_an_administrator() {
    let desk = Desk::start().await;
    let (dora, egon) = (desk.staff("dora", Role::Admin).await, desk.staff("egon", Role::Admin).await);
    let demote = async |by: &StaffVisitor, whom: &StaffVisitor| {
        accounts::set_role(&desk.casework, Doer::Staff(by.id), whom.id, Role::Agent).await
    };
    let (one, other) = tokio::join!(demote(&dora, &egon), demote(&egon, &dora));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let refused = one.err().or(other.err()).unwrap();
    assert!(matches!(refused, AccountError::Forbidden), "who is none any more demotes nobody: {refused}");
    let pool = &desk.owner;
    let last: Uuid =
        sqlx::query_scalar("select id from staff where role = 'admin'").fetch_one(pool).await.unwrap();
    for refused in [
        accounts::deactivate(&desk.casework, Doer::CommandLine, StaffId(last)).await,
        accounts::set_role(&desk.casework, Doer::CommandLine, StaffId(last), Role::Auditor).await,
    ] {
        assert!(matches!(refused, Err(AccountError::LastAdmin)), "{refused:?}");
    }
    for statement in [
        "update staff set disabled_at = now()",
        "update staff set role = 'agent' where role = 'admin'",
        "delete from staff where role = 'admin'",
    ] {
        let error = sqlx::query(statement).execute(pool).await.unwrap_err();
        assert!(error.to_string().contains("the last administrator stays"), "{statement}: {error}");
    }
    // Both at once, past the program.
    sqlx::query("update staff set role = 'admin'").execute(pool).await.unwrap();
    let (mut a, mut b) = (pool.begin().await.unwrap(), pool.begin().await.unwrap());
    let off = "update staff set disabled_at = now() where id = $1";
    sqlx::query(off).bind(dora.id.0).execute(&mut *a).await.unwrap();
    let second = async { sqlx::query(off).bind(egon.id.0).execute(&mut *b).await };
    let (committed, second) = tokio::join!(a.commit(), second);
    committed.unwrap();
    assert!(second.is_err());
    drop(b);
    sqlx::query("update staff set disabled_at = null").execute(pool).await.unwrap();
    desk.work_until_idle().await;
    desk.take_all_letters();
    // Who lost the role by the program and has it by the database is found by the trail.
    let found = trail::verify(pool).await.unwrap();
    let lost = [dora.id, egon.id].into_iter().find(|id| id.0 != last).unwrap();
    assert_eq!((found.accounts.clone(), found.holds()), (vec![lost.to_string()], false));
}

#[actix_web::test]
async fn nobody_but_another_administrator_changes_an_account() {
    let desk = Desk::start().await;
    let (dora, eva, ben) = (
        desk.staff("dora", Role::Admin).await,
        desk.staff("eva", Role::Auditor).await,
        desk.staff("ben", Role::Approver).await,
    );
    desk.staff("egon", Role::Admin).await;
    ben.get(STAFF).await.is(403);
    ben.get(&format!("{STAFF}/{}", ben.id)).await.is(403);
    let page = eva.get(STAFF).await.is(200).says("ben@reseller.example");
    assert!(!page.text.contains("/invitations\""), "auditors read");
    eva.visitor.post(&format!("{STAFF}/{}/role", eva.id), &[("role", "admin")]).await.is(403);
    let own = format!("{STAFF}/{}", dora.id);
    dora.visitor
        .post(&format!("{own}/role"), &[("role", "agent")])
        .await
        .is(409)
        .says("another administrator");
    dora.visitor.post(&format!("{own}/deactivation"), &[("owner", "none")]).await.is(409);
    let of_ben = format!("{STAFF}/{}", ben.id);
    dora.visitor.post(&format!("{of_ben}/role"), &[("role", "emperor")]).await.is(404);
    dora.visitor.post(&format!("{of_ben}/role"), &[("role", "agent")]).await.went_well();
    ben.visitor.get("/desk/cases").await.is(303);
    desk.work_until_idle().await;
    let told = desk.take_letter("ben@reseller.example").text;
    assert!(told.contains("Ihr Konto in Handover wurde geändert.") && told.contains("Durch: dora"), "{told}");
    for who in ["eva", "egon"] {
        desk.take_letter(&format!("{who}@reseller.example"));
    }
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_is_deactivated_is_out_and_their_cases_have_somebody_else() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let (dora, ann, ben) = (
        desk.staff("dora", Role::Admin).await,
        desk.staff("ann", Role::Agent).await,
        desk.staff("ben", Role::Agent).await,
    );
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    ann.visitor.post("/desk/password-resets", &[("email", &ann.email)]).await.is(200);
    desk.work_until_idle().await;
    let link = desk.take_letter(&ann.email).link("desk/password-resets");
    let of_ann = format!("{STAFF}/{}", ann.id);
    dora.get(&of_ann).await.is(200).says(&number).says("Who gets the open case");
    let to_ben = ben.id.to_string();
    dora.visitor.post(&format!("{of_ann}/deactivation"), &[("owner", &ann.id.to_string())]).await.is(404);
    dora.visitor.post(&format!("{of_ann}/deactivation"), &[("owner", &to_ben)]).await.went_well();
    assert_eq!(desk.load(&number).await.owner, Some(ben.id));
    dora.open(&number).await.says("dora").says("ben");
    ann.visitor.get("/desk/cases").await.is(303);
    ann.visitor.get(&link).await.is(410);
    ann.visitor.post(&link, &[("new_password", OTHER)]).await.is(410);
    assert_eq!(signs_in(&ann.visitor, &ann.email, PASSWORD).await, 422);
    dora.visitor.post(&format!("{of_ann}/deactivation"), &[("owner", "none")]).await.is(404);

    // Let in again, she has the role she had, and needs a password of her own choice.
    dora.visitor.post(&format!("{of_ann}/reactivation"), &[]).await.went_well();
    assert_eq!(signs_in(&ann.visitor, &ann.email, PASSWORD).await, 422);
    desk.work_until_idle().await;
    let letters = desk.take_letters(&ann.email);
    let link = letters.iter().find(|letter| letter.text.contains("/desk/password-resets/")).unwrap();
    let link = link.link("desk/password-resets");
    ann.visitor.post(&link, &[("new_password", OTHER)]).await.went_well();
    assert_eq!(signs_in(&ann.visitor, &ann.email, OTHER).await, 303);
    desk.work_until_idle().await;
    desk.take_all_letters();
    let administration = trail::verify(&desk.casework.app.pool).await.unwrap();
    assert!(administration.holds());
    assert!(kinds(&desk).await.ends_with(&[
        "staff_disabled".to_owned(),
        "staff_cases_handed_over".to_owned(),
        "staff_reactivated".to_owned(),
        "staff_password_reset".to_owned(),
    ]));
    desk.finish().await;
}

#[actix_web::test]
async fn a_new_password_needs_the_old_one_and_ends_all_other_sessions() {
    let desk = Desk::start_with("desk.free_sign_in_tries = 3").await;
    let (here, there) = (desk.staff("ann", Role::Agent).await, desk.staff("ann", Role::Agent).await);
    let change = async |current: &str, new: &str| {
        here.visitor
            .post("/desk/account/password", &[("current_password", current), ("new_password", new)])
            .await
    };
    change("not it at all, no", OTHER).await.is(422).says("not your present password");
    change(PASSWORD, "ann ann ann ann ann").await.is(422).says("easy to guess");
    let before: Vec<Vec<u8>> = sqlx::query_scalar("select token_hash from sessions")
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap();
    change(PASSWORD, OTHER).await.went_well();
    here.get("/desk/account").await.is(200).says("Your password is changed");
    there.visitor.get("/desk/cases").await.is(303);
    let after: Vec<Vec<u8>> = sqlx::query_scalar("select token_hash from sessions")
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap();
    assert!(after.len() == 1 && !before.contains(&after[0]), "the session goes on under another token");
    // Somebody at an open desk guesses no more often than at the door, and slows nobody at the door.
    for _ in 0..2 {
        change("a guess of a passer-by", PASSWORD).await.is(422);
    }
    change(OTHER, PASSWORD).await.is(429);
    assert_eq!(signs_in(&there.visitor, "ann@reseller.example", OTHER).await, 303);
    desk.work_until_idle().await;
    assert!(desk.take_letter("ann@reseller.example").text.contains("wurde geändert"));
    desk.finish().await;
}

#[actix_web::test]
async fn everybody_sees_and_ends_their_own_sessions_alone() {
    let desk = Desk::start().await;
    let (here, there, ben) = (
        desk.staff("ann", Role::Auditor).await,
        desk.staff("ann", Role::Auditor).await,
        desk.staff("ben", Role::Agent).await,
    );
    let id_of = async |staff: StaffId| -> Vec<Uuid> {
        sqlx::query_scalar("select id from sessions where staff_id = $1 order by created_at")
            .bind(staff.0)
            .fetch_all(&desk.casework.app.pool)
            .await
            .unwrap()
    };
    here.get("/desk/account").await.is(200).says("This one").says("Password").says("since");
    let bens = id_of(ben.id).await[0];
    here.visitor.post(&format!("/desk/account/sessions/{bens}/ending"), &[]).await.is(404);
    ben.get("/desk/account").await.is(200);
    here.visitor.post("/desk/account/sessions/ending", &[]).await.went_well();
    there.visitor.get("/desk/cases").await.is(303);
    here.visitor.get("/desk/cases").await.is(200);
    let there = desk.staff("ann", Role::Auditor).await;
    let last = *id_of(here.id).await.last().unwrap();
    here.visitor.post(&format!("/desk/account/sessions/{last}/ending"), &[]).await.went_well();
    assert_eq!(id_of(here.id).await.len(), 1);
    drop(there);
    here.visitor.post("/desk/account/language", &[("language", "de")]).await.went_well();
    here.visitor.get("/desk/account").await.is(200).says("Ihr Konto");
    desk.finish().await;
}

#[actix_web::test]
async fn a_forgotten_password_is_set_by_mail_and_whoever_asks_learns_nothing() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let ben = desk.staff("ben", Role::Agent).await;
    desk.bars(&ben.email).await.unwrap();
    let visitor = desk.visitor("en");
    let ask =
        async |email: &str| visitor.post("/desk/password-resets", &[("email", email)]).await.is(200).words();
    let answers =
        [ask("ANN@reseller.example").await, ask(&ben.email).await, ask("nobody@reseller.example").await];
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    // A flood is one mail, and keeps nothing of strangers.
    for _ in 0..5 {
        ask(&ann.email).await;
    }
    desk.work_until_idle().await;
    let link = desk.take_letter(&ann.email).link("desk/password-resets");
    let left: i64 = sqlx::query_scalar("select count(*) from password_resets")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(left, 1);
    visitor.get(&link).await.is(200).says("ann@reseller.example");
    ann.visitor.get("/desk/cases").await.is(200);
    visitor.post(&link, &[("new_password", "short")]).await.is(422);
    let fields = [("new_password", OTHER)];
    let (one, other) = tokio::join!(visitor.post(&link, &fields), visitor.post(&link, &fields));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    ann.visitor.get("/desk/cases").await.is(303);
    visitor.get("/desk/cases").await.is(303);
    assert_eq!(signs_in(&visitor, &ann.email, PASSWORD).await, 422);
    assert_eq!(signs_in(&visitor, &ann.email, OTHER).await, 303);
    desk.later(1).await;
    assert!(desk.take_letter(&ann.email).subject.contains("wurde geändert"));
    ask(&ann.email).await;
    desk.work_until_idle().await;
    let link = desk.take_letter(&ann.email).link("desk/password-resets");
    desk.later(1).await;
    visitor.get(&link).await.is(410);
    desk.finish().await;
}

/// The attack: an agent reads an approver's link in what a full mailbox sends back, or an invitation to an administrator.
#[actix_web::test]
async fn a_link_that_comes_back_lets_nobody_in() {
    let desk = Desk::start().await;
    let (dora, ann) = (desk.staff("dora", Role::Admin).await, desk.staff("ann", Role::Agent).await);
    desk.visitor("en").post("/desk/password-resets", &[("email", &dora.email)]).await.is(200);
    let invited = invites(&desk, &dora, "finn@reseller.example", "admin").await;
    let reset = desk.take_letter(&dora.email);
    for (letter, folder) in [(&reset, "desk/password-resets"), (&invited, "desk/invitations")] {
        let link = letter.link(folder);
        ann.visitor.get(&link).await.is(200);
        let returned = format!("The mailbox is full. Your message was:\n\n{}", letter.text);
        let mail = Mail::unauthentic("mailer-daemon@reseller.example", "handover@reseller.example");
        desk.receives(&mail.saying(&returned).raw()).await;
        let secret = link.rsplit('/').next().unwrap();
        ann.get("/desk/quarantine").await.is(200).says("The mailbox is full").never_says(secret);
        ann.visitor.get(&link).await.is(410);
        let fields = [("name", "Finn"), ("new_password", OTHER)];
        ann.visitor.post(&link, &fields).await.is(410);
    }
    desk.finish().await;
}

/// What a page of the administration asks does not grow with those on it.
#[actix_web::test]
async fn the_list_of_accounts_is_a_few_statements_and_has_pages() {
    let desk = Desk::start().await;
    let dora = desk.staff("dora", Role::Admin).await;
    let pool = &desk.casework.app.pool;
    let (few, _) = statements_of(handover::staff::listed::list(pool, None, 50)).await;
    sqlx::query(
        "insert into staff (id, email, name, role, created_at, disabled_at)
         select gen_random_uuid(), 'p' || n || '@reseller.example', 'Person ' || n % 7, 'agent', '2026-01-01',
             case when n % 3 = 0 then now() end from generate_series(1, 120) n",
    )
    .execute(pool)
    .await
    .unwrap();
    let (many, listed) = statements_of(handover::staff::listed::list(pool, None, 50)).await;
    assert_eq!((few.len(), many.len(), listed.unwrap().len()), (1, 1, 50));
    let (mut next, mut seen) = (STAFF.to_owned(), 0);
    loop {
        let page = dora.get(&next).await.is(200);
        seen += page.text.matches("letters__subject").count();
        let html = scraper::Html::parse_document(&page.text);
        let selector = scraper::Selector::parse("a[rel=next]").unwrap();
        let Some(link) = html.select(&selector).next() else { break };
        next = link.value().attr("href").unwrap().to_owned();
    }
    assert_eq!(seen, 121);
    desk.finish().await;
}

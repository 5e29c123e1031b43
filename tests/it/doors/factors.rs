//! What matters wants a factor that was shown just now; whoever must have one and has none gets nothing done with a token; what takes
//! factors away waits its turn.

use std::time::Duration;

use handover::{
    administration::trail::Doer,
    case::actor::Role,
    staff::{
        accounts::AccountError,
        replays::{self, Asked, Begun},
        second_factors::enrolled,
    },
};
use uuid::Uuid;

use crate::{
    helpers::{
        desk::{Desk, PASSWORD},
        receiver::{Manner, Receiver},
        script::ALL,
    },
    second_factors::{colleague, set_up},
    webhooks::{ALLOWED, hooks},
};

const STAFF: &str = "/desk/administration/staff";
const OTHER: &str = "nine quiet otters under the bridge";

fn minutes(desk: &Desk, minutes: i64) {
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(minutes)));
}

/// Everything that somebody at a machine that was left open could do to accounts and webhooks.
#[actix_web::test]
async fn accounts_and_webhooks_change_by_a_fresh_factor_alone() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(200, String::new())).await;
    let (eva, ben) = (colleague(&desk, "eva", Role::Admin).await, desk.staff("ben", Role::Approver).await);
    let invitation = [("email", "finn@reseller.example"), ("role", "agent"), ("language", "en")];
    eva.visitor.post(&format!("{STAFF}/invitations"), &invitation).await.went_well();
    let (hook, _) = hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    let service = desk.service(&eva, "agent", &ALL).await;
    let pool = &desk.casework.app.pool;
    let id = async |sql: &'static str| sqlx::query_scalar::<_, Uuid>(sql).fetch_one(pool).await.unwrap();
    let invited = id("select id from staff_invitations").await;
    let robot = id("select id from staff where kind = 'service'").await;
    let identity = Uuid::now_v7();
    sqlx::query(
        "insert into identities (id, staff_id, provider, issuer, subject, bound_at, last_used_at)
         values ($1, $2, 'liar', 'https://id.example', 'ben-1', now(), now())",
    )
    .bind(identity)
    .bind(ben.id.0)
    .execute(pool)
    .await
    .unwrap();
    let (phone, _) = set_up(&desk, &eva).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    minutes(&desk, 20);
    let address = receiver.address();
    let hooked: &[(&str, &str)] =
        &[("name", "Ours"), ("address", &address), ("kind_case_sent", "true"), ("version", "1")];
    let steps: [(String, &[(&str, &str)]); 11] = [
        (format!("{STAFF}/invitations/{invited}/letter"), &[]),
        (format!("{STAFF}/invitations/{invited}/withdrawal"), &[]),
        (format!("{STAFF}/{}/sessions/ending", ben.id), &[]),
        (format!("{STAFF}/{}/hand-over", ben.id), &[("owner", "none")]),
        (format!("/desk/administration/identities/{identity}/unbinding"), &[]),
        ("/desk/administration/webhooks".to_owned(), hooked),
        (hook.clone(), hooked),
        (format!("{hook}/enabling"), &[]),
        (format!("{hook}/rotation"), &[]),
        (format!("/desk/administration/services/{robot}/deactivation"), &[]),
        (format!("/desk/administration/services/{robot}/reactivation"), &[]),
    ];
    let lines = async || {
        sqlx::query_scalar::<_, i64>("select count(*) from administration_events")
            .fetch_one(pool)
            .await
            .unwrap()
    };
    let before = lines().await;
    for (path, fields) in &steps {
        let page = eva.visitor.post(path, fields).await.is(403).says("Show your second factor");
        // Nothing that was typed is lost.
        assert!(fields.iter().all(|(name, value)| page.field(name).as_deref() == Some(value)), "{path}");
    }
    assert_eq!(lines().await, before);
    service.get("/api/v1/cases").await.is(200);
    // Each of them goes through with it.
    for (path, fields) in &steps {
        minutes(&desk, 20);
        let code = phone.code(&desk, 0);
        let fields = [fields, &[("second_factor_code", code.as_str())][..]].concat();
        let done = eva.visitor.post(path, &fields).await;
        assert!([200, 303].contains(&done.status.as_u16()), "{path}: {}", done.text);
    }
    assert!(lines().await >= before + 8);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// The form for a password holds passwords, which stand on no page: the factor comes first. Afterwards the cookie of the new
/// session counts, whatever else the request brought about.
#[actix_web::test]
async fn a_password_changes_after_the_second_factor_was_shown() {
    let desk = Desk::start().await;
    let ann = colleague(&desk, "ann", Role::Agent).await;
    let (phone, _) = set_up(&desk, &ann).await;
    minutes(&desk, 20);
    let fields = [("current_password", PASSWORD), ("new_password", OTHER)];
    let page =
        ann.visitor.post("/desk/account/password", &fields).await.is(403).says("Show your second factor");
    assert!(!page.text.contains(PASSWORD) && !page.text.contains(OTHER), "{}", page.text);
    let page = page.says("we do not keep them").never_says("What you typed is kept");
    assert_eq!(page.field("return_to").as_deref(), Some("/desk/account"));
    let page = ann.visitor.get("/desk/account").await.is(200).says("Before you change your password");
    assert!(page.field("new_password").is_none());
    // A code in that form itself is no way round: passwords and codes are two forms.
    let code = phone.code(&desk, 0);
    let both = [fields[0], fields[1], ("second_factor_code", code.as_str())];
    ann.visitor.post("/desk/account/password", &both).await.is(403);
    let shown = [("second_factor_code", code.as_str()), ("return_to", "/desk/account")];
    let back = ann.visitor.post("/desk/account/second-factors/fresh", &shown).await.went_well();
    assert_eq!(back.location.as_deref(), Some("/desk/account"));
    assert!(ann.visitor.get("/desk/account").await.field("new_password").is_some());
    ann.visitor.submit("/desk/account/password", &fields).await.says("password is changed");
    ann.visitor.get("/desk/cases").await.is(200);
    // Nobody is led elsewhere by that form.
    minutes(&desk, 20);
    let code = phone.code(&desk, 0);
    let evil = [("second_factor_code", code.as_str()), ("return_to", "//evil.example")];
    let back = ann.visitor.post("/desk/account/second-factors/fresh", &evil).await.went_well();
    assert_eq!(back.location.as_deref(), Some("/desk/cases"));
    desk.work_until_idle().await;
    desk.take_letter(&ann.email);
    desk.finish().await;
}

#[actix_web::test]
async fn a_token_of_somebody_who_must_set_a_factor_up_waits_until_they_did() {
    let desk = Desk::start_with(
        "desk.second_factor.demand_in_demo = true\ndesk.second_factor.required_for = [\"agent\"]\ndesk.second_factor.grace_days = 1",
    )
    .await;
    let (ann, eva) = (colleague(&desk, "ann", Role::Agent).await, desk.staff("eva", Role::Admin).await);
    let (script, service) = (desk.script(&ann, &ALL).await, desk.service(&eva, "agent", &ALL).await);
    script.get("/api/v1/cases").await.is(200);
    desk.later(25).await;
    let refused = script.get("/api/v1/cases").await.tells(403, "factor-needed");
    assert!(refused.json()["page"].as_str().unwrap().ends_with("/desk/account/second-factors"));
    assert!(refused.json()["detail"].as_str().unwrap().contains("„page“"), "{}", refused.text);
    // Nobody sets one up for a program.
    service.get("/api/v1/cases").await.is(200);
    ann.visitor.get("/desk/cases").await.went_well();
    set_up(&desk, &ann).await;
    script.get("/api/v1/cases").await.is(200);
    // What was shown at a provider that is not configured any more counts for nobody; at one that is: `identities::anew`.
    let pool = &desk.casework.app.pool;
    sqlx::query("delete from totp_devices").execute(pool).await.unwrap();
    let bind = "insert into identities (id, staff_id, provider, issuer, subject, bound_at, last_used_at, second_factor_at)
         values ($1, $2, 'liar', 'https://id.example', 'ann-1', now(), now(), now())";
    sqlx::query(bind).bind(Uuid::now_v7()).bind(ann.id.0).execute(pool).await.unwrap();
    script.get("/api/v1/cases").await.tells(403, "factor-needed");
    desk.finish().await;
}

#[actix_web::test]
async fn taking_factors_away_waits_for_other_changes_and_for_who_may() {
    let desk = Desk::start().await;
    let (ann, eva) = (colleague(&desk, "ann", Role::Agent).await, desk.staff("eva", Role::Admin).await);
    let egon = desk.staff("egon", Role::Admin).await;
    set_up(&desk, &ann).await;
    let (pool, now) = (&desk.casework.app.pool, desk.now());
    let mut other = pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('changes of accounts', 0))")
        .execute(&mut *other)
        .await
        .unwrap();
    sqlx::query("update staff set role = 'agent' where id = $1")
        .bind(eva.id.0)
        .execute(&mut *other)
        .await
        .unwrap();
    let reset = enrolled::reset(&desk.casework, ann.id, Doer::Staff(eva.id), now);
    let mut reset = Box::pin(reset);
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut reset).await.is_err(), "it does not wait");
    other.commit().await.unwrap();
    let refused = reset.as_mut().await;
    drop(reset);
    assert!(matches!(refused, Err(AccountError::Forbidden)), "{refused:?}");
    assert!(enrolled::reset(&desk.casework, ann.id, Doer::Staff(egon.id), now).await.unwrap());
    desk.work_until_idle().await;
    desk.take_letter(&ann.email);
    let back = "update staff set role = 'admin' where id = $1";
    sqlx::query(back).bind(eva.id.0).execute(pool).await.unwrap();
    desk.finish().await;
}

/// Two that clear away old requests never wait for each other's.
#[actix_web::test]
async fn old_requests_are_forgotten_in_no_order() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    desk.script(&ann, &ALL).await;
    let pool = &desk.casework.app.pool;
    let token: Uuid = sqlx::query_scalar("select id from staff_tokens").fetch_one(pool).await.unwrap();
    let asked = |key: u8| Asked { token, key: [key; 32], digest: [0; 32] };
    for key in 0..40 {
        assert!(matches!(replays::begin(pool, asked(key), desk.now(), None).await.unwrap(), Begun::Do(_)));
    }
    minutes(&desk, 25 * 60);
    // Somebody holds one of them.
    let mut other = pool.begin().await.unwrap();
    let hold = "select id from token_requests where key_hash = $1 for update";
    sqlx::query(hold).bind([7_u8; 32].as_slice()).execute(&mut *other).await.unwrap();
    let begun = replays::begin(pool, asked(100), desk.now(), None);
    let begun =
        tokio::time::timeout(Duration::from_secs(5), begun).await.expect("it waits for another's").unwrap();
    assert!(matches!(begun, Begun::Do(_)));
    other.rollback().await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from token_requests").fetch_one(pool).await.unwrap();
    assert_eq!(left, 2, "that one, and the new one");
    // Many at once, each under a key that is old: all are done.
    for key in 0..20 {
        replays::begin(pool, asked(key), desk.now(), None).await.unwrap();
    }
    minutes(&desk, 25 * 60);
    let now = desk.now();
    let all = (0..20).rev().map(|key| replays::begin(pool, asked(key), now, None));
    for begun in futures_util::future::join_all(all).await {
        assert!(matches!(begun.unwrap(), Begun::Do(_)));
    }
    desk.finish().await;
}

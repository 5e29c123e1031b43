//! The guards of the database, each taken away in a transaction that is given up: with them an attack fails, without them
//! it succeeds, and where there are several, each alone suffices.

use handover::case::actor::Role;
use sqlx::PgPool;

use crate::helpers::desk::Desk;

const BINDS_APPROVAL: &str = "alter table approvals disable trigger approvals_lawful";
const NOT_THE_AUTHOR: &str = "alter table approvals drop constraint approvals_four_eyes";
const FROZEN: &str = "alter table emails disable trigger emails_keep";

/// Drops the foreign key from one table to another.
fn unbind(from: &str, to: &str) -> String {
    format!(
        "do $$ declare name text; begin
             select conname into strict name from pg_constraint
             where contype = 'f' and conrelid = '{from}'::regclass and confrelid = '{to}'::regclass
                 and array_length(conkey, 1) > 1;
             execute format('alter table {from} drop constraint %I', name);
         end $$"
    )
}

/// An approval of the live draft by whoever has this name, with these bytes in mind.
fn approve(name: &str, digest: &str) -> String {
    format!(
        "insert into approvals (id, case_id, draft_id, digest, evidence_digest, drafted_by, approved_by, approved_at)
         select gen_random_uuid(), case_id, id, {digest}, evidence_digest, author_id,
             (select id from staff where name = '{name}'), now() from drafts where voided_at is null"
    )
}

/// An e-mail to Atlassian by that approval, with these bytes.
fn send(approval: &str, bytes: &str) -> String {
    format!(
        "insert into emails (id, audience, notification, approval_id, message_id, envelope_from, envelope_to, subject,
             language, raw, digest, next_attempt_at, created_at)
         values (gen_random_uuid(), 'atlassian', 'x', {approval}, 'm', 'a@b.example', 'c@d.example', 's', 'en', {bytes},
             sha256({bytes}), now(), now())"
    )
}

/// Whether the database lets `attack` happen without `removed`. Nothing stays of either.
async fn succeeds(pool: &PgPool, removed: &[String], before: &[String], attack: &str) -> bool {
    let mut transaction = pool.begin().await.unwrap();
    for sql in before.iter().chain(removed) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *transaction).await.unwrap();
    }
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(attack.to_owned())).execute(&mut *transaction).await;
    transaction.rollback().await.unwrap();
    done.is_ok()
}

#[actix_web::test]
async fn each_guard_of_the_database_is_what_stops_its_attack() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, cal) = (desk.staff("ann", Role::Approver).await, desk.staff("cal", Role::Approver).await);
    desk.staff("ben", Role::Approver).await;
    desk.staff("eve", Role::Approver).await;
    let number = desk.verified_case(&desk.visitor("de"), &cal).await;
    let dan = desk.staff("dan", Role::Approver).await;
    let set_right = [("departed_name", "Petra Morgen"), ("reason", "Married.")];
    dan.does(&number, "corrections", &set_right).await.went_well();
    desk.work_until_idle().await;
    ann.drafts(&number).await;
    let pool = &desk.owner;
    assert!(succeeds(pool, &[], &[], &approve("ben", "digest")).await, "a lawful approval");

    let lawful = [approve("ben", "digest")];
    let approval = "(select id from approvals)";
    let sent = [lawful[0].clone(), send(approval, "(select raw from drafts where voided_at is null)")];
    let own = |sql: &str| sql.to_owned();
    // As the trail of a case says that was opened with what staff had prepared.
    let prepared = [own(
        "insert into case_events (case_id, seq, version, at, actor, staff_id, kind, data, previous_hash, hash)
         select id, 9999, 1, now(), 'staff', (select id from staff where name = 'eve'), 'prepared', '{}', event_hash, event_hash
         from cases",
    )];
    let attacks: [(&str, Vec<String>, &[String], String); 11] = [
        (
            "the author approves",
            vec![own(BINDS_APPROVAL), own(NOT_THE_AUTHOR)],
            &[],
            approve("ann", "digest"),
        ),
        ("who decided a check approves", vec![own(BINDS_APPROVAL)], &[], approve("cal", "digest")),
        ("who set a fact right approves", vec![own(BINDS_APPROVAL)], &[], approve("dan", "digest")),
        (
            "who wrote the request down approves",
            vec![own(BINDS_APPROVAL)],
            &prepared,
            approve("eve", "digest"),
        ),
        ("other bytes are approved", vec![unbind("approvals", "drafts")], &[], approve("ben", "sha256('x')")),
        (
            "a void draft is approved",
            vec![own(BINDS_APPROVAL)],
            &[],
            approve("ben", "digest").replace("where voided_at is null", "order by revision limit 1"),
        ),
        (
            "an e-mail goes without an approval",
            vec![own("alter table emails drop constraint emails_check1")],
            &[],
            send("null", "'raw'::bytea"),
        ),
        (
            "other bytes go than were approved",
            vec![unbind("emails", "approvals")],
            &lawful,
            send(approval, "'raw'::bytea"),
        ),
        (
            "an e-mail goes to somebody else",
            vec![own(FROZEN)],
            &sent,
            own("update emails set envelope_to = 'x@y.example' where audience = 'atlassian'"),
        ),
        (
            "an approval is kept young",
            vec![own(FROZEN)],
            &sent,
            own("update emails set not_after = now() + interval '9 years' where audience = 'atlassian'"),
        ),
        (
            "an approval gets another approver",
            vec![own("alter table approvals disable trigger approvals_append_only")],
            &lawful,
            own("update approvals set approved_by = (select id from staff where name = 'cal')"),
        ),
    ];
    for (what, guards, before, attack) in &attacks {
        if *what == "a void draft is approved" {
            // With a second draft there is a void first one.
            ann.does(
                &number,
                "draft",
                &[("subject", "Another"), ("opening", "Another body."), ("closing", "Kind regards")],
            )
            .await
            .went_well();
        }
        assert!(succeeds(pool, guards, before, attack).await, "{what}: fails for another reason");
        for kept in 0..guards.len() {
            let mut others = guards.clone();
            others.remove(kept);
            assert!(
                !succeeds(pool, &others, before, attack).await,
                "{what}: {} does not stop it",
                guards[kept]
            );
        }
    }
    desk.finish().await;
}

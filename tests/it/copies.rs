//! A demo is filled with copies of cases that were played by the rules: each is as whole as its model, is found by its own words and can be gone
//! on with; and nobody who is not the owner of the tables writes one.

use handover::{
    case::actor::{Actor, Role, StaffId},
    casework::{Casework, find_by_number, find_live_draft, verify_trail},
    demo,
    transparency::verify::{Brought, verify},
};
use sqlx::{AssertSqlSafe, PgPool};

use crate::helpers::desk::Desk;

async fn count(pool: &PgPool, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from ({sql}) found")))
        .fetch_one(pool)
        .await
        .unwrap()
}

async fn list(pool: &PgPool, sql: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(pool).await.unwrap()
}

/// The first of this role: of the approvers the one who decides no check, as the second one waives one where a customer has no telephone.
async fn staff(casework: &Casework, role: Role) -> Actor {
    let word: &str = role.into();
    let id = sqlx::query_scalar("select id from staff where role = $1 order by name limit 1")
        .bind(word)
        .fetch_one(&casework.app.pool)
        .await
        .unwrap();
    Actor::Staff { id: StaffId(id), role }
}

#[actix_web::test]
async fn a_demo_is_filled_with_copies_that_hold() {
    let data = tempfile::TempDir::new().unwrap();
    let desk = Desk::start_with(&format!("data_dir = {:?}\n", data.path())).await;
    let (owner, casework) = (&desk.owner, &desk.casework);
    demo::seed_if_empty(casework).await.unwrap().unwrap();
    // Whoever has taken over a service can't write cases past the rules.
    let refused = demo::gather(casework, &casework.app.pool, 80, |_| {}).await.unwrap_err();
    assert!(format!("{refused:#}").contains("as their owner"), "{refused:#}");
    let played = count(owner, "select from cases").await;
    assert!(played < 80, "{played}");

    let mut heard = Vec::new();
    demo::gather(casework, owner, 200, |there| heard.push(there)).await.unwrap();
    assert_eq!(heard.last(), Some(&200));
    assert_eq!(count(owner, "select from cases").await, 200);
    let closed = count(owner, "select from cases where state = 'closed'").await;
    assert!((110..170).contains(&closed), "{closed}");
    assert!(list(owner, "select distinct substr(number, 4, 4) from cases").await.len() >= 5);

    // All that verification knows of holds, and all numbers that were given out are there.
    assert_eq!(verify_trail(owner).await.unwrap(), (200, Vec::new()));
    let log = verify(owner, &Brought::default()).await.unwrap();
    assert!(log.holds(), "{:?}", log.findings);
    // The tables are guarded as before, and nothing is sent.
    assert_eq!(count(owner, "select from pg_trigger where tgenabled = 'D'").await, 0);
    assert_eq!(count(owner, "select from emails where state = 'queued'").await, 0);
    assert_eq!(count(owner, "select from emails where audience = 'atlassian' and raw is null").await, 0);

    // What a copy is found by is what its own words would be found by.
    for (source, text, numbers) in [
        ("customer", "concat_ws(' ', e.company, e.customer_number)", "array[compact_number(e.customer_number)]"),
        ("people",
         "concat_ws(' ', e.requester_name, write_address(e.requester_email), e.requester_position, e.departed_name,
             write_address(e.departed_email), e.successor_name, write_address(e.successor_email))",
         "'{}'::text[]"),
        ("note", "e.explanation", "'{}'::text[]"),
    ] {
        let wrong = list(
            owner,
            &format!(
                "select concat_ws(' | ', s.words, {text}) from case_search s join escalations e on e.case_id = s.case_id
                 where e.requester_phone is null and s.source = '{source}' and s.source_id = s.case_id and s.words is distinct from array_to_tsvector(
                     find_words({text}) || array(select n from unnest({numbers}) n where n <> ''))"
            ),
        )
        .await;
        assert!(wrong.is_empty(), "{source}: {} of them, {:?}", wrong.len(), wrong.first());
    }
    let wrong = list(
        owner,
        "select concat_ws(' | ', s.words, m.subject, m.envelope_to) from case_search s join emails m on m.id = s.source_id
         where s.source = 'letter' and s.words <> array_to_tsvector(find_words(concat_ws(' ', m.subject, write_address(m.envelope_to))))",
    )
    .await;
    assert!(wrong.is_empty(), "letters: {} of them, {:?}", wrong.len(), wrong.first());
    // Nobody stands in the letters of another customer.
    let wrong = list(
        owner,
        "select m.envelope_to from emails m join escalations e on e.case_id = m.correlation_id
         where m.audience = 'customer' and m.envelope_to not in (e.requester_email, e.successor_email, e.departed_email)
             and not exists (select from customers c join entitlements l on l.customer_id = c.id join contacts k on k.entitlement_id = l.id
                 where c.number = e.customer_number and k.email = m.envelope_to)",
    )
    .await;
    assert!(wrong.is_empty(), "{wrong:?}");

    // One that waits for an approval can be approved: its draft rests on its own checks and facts.
    let number =
        list(owner, "select number from cases where state = 'awaiting_approval' order by opened_at desc")
            .await;
    let number = number.iter().find(|number| !number.is_empty()).unwrap().parse().unwrap();
    let mut connection = owner.acquire().await.unwrap();
    let case = find_by_number(&mut connection, &number).await.unwrap().unwrap();
    let draft = find_live_draft(&mut connection, case).await.unwrap().unwrap();
    let approver = staff(casework, Role::Approver).await;
    let approved = casework.approve(case, (approver, None), draft.digest, None).await;
    assert!(approved.is_ok(), "{approved:?}");
    assert_eq!(verify_trail(owner).await.unwrap(), (200, Vec::new()));
}

//! Whoever has the whole database changes one thing in a case and nothing else: each is found, or docs/AUDIT.md says why not.

use std::collections::BTreeSet;

use handover::{
    case::actor::Role,
    casework::{Broken, Fault, SUBJECTS, verify_trail, verify_trail_after},
};
use sqlx::{AssertSqlSafe, PgPool};

use crate::helpers::{
    desk::Desk,
    inbound::{BELIEVING, Mail},
    postgres::{Database, let_rows_be_staged},
    story::{REQUESTER, form, letter_as_pdf},
};

const PAGE: &str = include_str!("../../docs/AUDIT.md");

/// Tables whose rows belong to a case by way of another table.
const BY_ANOTHER: [&str; 8] = [
    "letter_texts",
    "deliveries",
    "bounces",
    "evidence_downloads",
    "inbound_downloads",
    "contact_change_verdicts",
    "prepared_letters",
    "returned_links",
];

async fn run(pool: &PgPool, sql: impl Into<String>) {
    let sql = sql.into();
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(pool).await {
        panic!("{sql}: {error}");
    }
}

async fn list(pool: &PgPool, sql: impl Into<String>) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(sql.into())).fetch_all(pool).await.unwrap()
}

async fn faults(pool: &PgPool) -> Vec<Broken> {
    verify_trail(pool).await.unwrap().1
}

/// A case from the form to its end, with a file, a note, a question and its answer, facts and addresses set right, and a bounce.
async fn a_long_case(desk: &Desk) -> String {
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let ann = desk.staff("ann", Role::Agent).await;
    let (number, _, ben) = desk.submitted_case(&visitor).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    ann.does(&number, "notes", &[("note", "They called.")]).await.went_well();
    ann.does(&number, "answer", &[("answer", "question"), ("note", "Which role?")]).await.went_well();
    ann.does(&number, "corrections", &[("departed_name", "Petra Morgen"), ("reason", "Married.")]).await;
    desk.work_until_idle().await;
    ann.does(&number, "question", &[("question", "Which role?")]).await.went_well();
    desk.work_until_idle().await;
    let question = desk.take_letter(REQUESTER);
    let status = question.link("cases");
    let reply = Mail::authentic(REQUESTER, &question.return_path).saying("The technical one.");
    desk.receives(&reply.raw()).await.is_filed_from("requester");
    visitor
        .uploads(&format!("{status}/evidence"), "letter.pdf", &letter_as_pdf("words of the letter"))
        .await
        .went_well();
    let file = &list(&desk.casework.app.pool, "select id::text from evidence_files").await[0];
    ben.visitor.fetch(&format!("/desk/cases/{number}/evidence/{file}")).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    number
}

/// What that story has none of, put there as its writers put it: each by the very statement, and a line of the trail takes them.
async fn what_else_belongs_to_a_case(desk: &Desk) {
    let pool = &desk.owner;
    let_rows_be_staged(pool).await;
    for staged in [
        "insert into address_corrections (id, case_id, whose, email, at)
         select gen_random_uuid(), id, 'successor', 'other@nordlicht.example', now() from cases",
        "insert into bounces (inbound_email_id, email_id, temporary, about_recipient, statuses, at, mailbox_gone)
         select i.id, e.id, false, true, array['5.1.1'], now(), true from inbound_emails i cross join lateral (
             select id from emails where correlation_id is not null order by id limit 1) e order by i.id limit 1",
        "insert into contact_changes (case_id, entitlement_id, role, old_email, new_name, new_email, at)
         select c.id, e.id, 'technical', 'old@nordlicht.example', 'Tobias Rauch', 'new@nordlicht.example', now()
         from cases c cross join lateral (select id from entitlements order by id limit 1) e",
        "insert into inbound_downloads (inbound_email_id, part, staff_id, at)
         select i.id, 0, s.id, now() from inbound_emails i cross join lateral (select id from staff order by id limit 1) s
         where i.correlation_id is not null limit 1",
        "with prepared as (
             insert into prepared_requests (id, prepared_by, prepared_at, language, requester_email, fields, inbound_email_id,
                 expires_at, completed_by, completed_at, case_id)
             select gen_random_uuid(), s.id, now(), 'de', 'other@nordlicht.example', '{}', i.id, now() + interval '1 day',
                 sha256('x'), now(), c.id
             from cases c cross join lateral (select id from staff order by id limit 1) s
             cross join lateral (select id from inbound_emails order by id limit 1) i returning id)
         insert into prepared_letters (token_hash, prepared_id, email_id, sent_by, at)
         select sha256('x'), p.id, e.id, s.id, now() from prepared p cross join lateral (select id from emails order by id limit 1) e
         cross join lateral (select id from staff order by id limit 1) s",
    ] {
        let staged = format!("alter table address_corrections disable trigger address_corrections_lawful;
            alter table prepared_requests alter constraint prepared_requests_completed_by_link deferrable initially deferred; {staged}");
        run(pool, staged).await;
    }
    let rows = "select count(*)::text from case_digests where seq is null and subject in ('address_corrections', 'bounces',
        'contact_changes', 'inbound_downloads', 'prepared_requests')";
    assert_eq!(list(pool, rows).await, ["5"]);
}

/// The columns that the page excuses; `table.*` for a whole table.
fn excused() -> BTreeSet<String> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| `"));
    let names = rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2));
    names.map(|name| if name.contains('.') { name.to_owned() } else { format!("{name}.*") }).collect()
}

#[actix_web::test]
async fn each_column_of_each_table_of_a_case_is_under_the_chain_or_excused() {
    let desk = Desk::start_with(BELIEVING).await;
    let number = a_long_case(&desk).await;
    what_else_belongs_to_a_case(&desk).await;
    let fay = desk.staff("fay", Role::Agent).await;
    fay.does(&number, "notes", &[("note", "So much for that.")]).await.went_well();
    let uma = desk.staff("uma", Role::Auditor).await;
    desk.work_until_idle().await;
    assert_eq!(uma.visitor.fetch(&format!("/desk/cases/{number}/pack")).await.status(), 200);
    let pool = desk.database.pool().await;
    // What came last waits no longer for a line.
    run(&pool, "update case_digests set since = '-infinity' where seq is null").await;
    desk.work_until_idle().await;
    assert_eq!(faults(&pool).await, []);
    // The attacker owns the database: nothing there stands in the way, neither triggers nor rules about values.
    let tables = list(
        &pool,
        "select distinct table_name::text from information_schema.columns join information_schema.tables using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE' and column_name in ('case_id', 'correlation_id')
         union select 'cases' order by 1",
    )
    .await;
    let tables: BTreeSet<String> = tables.into_iter().chain(BY_ANOTHER.map(str::to_owned)).collect();
    for subject in &SUBJECTS {
        assert!(tables.contains(subject.table), "{} belongs to no case", subject.table);
    }
    for table in &tables {
        run(&pool, format!("alter table {table} disable trigger all")).await;
    }
    let rules = "select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) from pg_constraint
         where contype in ('c', 'f', 'u') and connamespace = 'public'::regnamespace and conislocal";
    for rule in list(&pool, rules).await {
        sqlx::raw_sql(AssertSqlSafe(rule)).execute(&pool).await.ok();
    }
    let counted = "select format('alter table %I alter column %I drop identity', table_name, column_name) from information_schema.columns
         where table_schema = 'public' and is_identity = 'YES'";
    for counted in list(&pool, counted).await {
        run(&pool, counted).await;
    }
    let excused = excused();
    let (mut missed, mut idle) = (Vec::new(), BTreeSet::new());
    for table in &tables {
        let columns: Vec<(String, String, bool)> = sqlx::query_as(
            "select column_name::text, udt_name::text, is_generated = 'ALWAYS' from information_schema.columns
             where table_schema = 'public' and table_name = $1",
        )
        .bind(table)
        .fetch_all(&pool)
        .await
        .unwrap();
        run(&pool, format!("create table saved as select * from {table}")).await;
        if list(&pool, "select 'x' from saved limit 1").await.is_empty() {
            idle.insert(table.clone());
        }
        let kept: Vec<&str> =
            columns.iter().filter(|(_, _, generated)| !generated).map(|(name, ..)| name.as_str()).collect();
        let kept = kept.join(", ");
        for (column, kind, generated) in &columns {
            let at = format!("{table}.{column}");
            if excused.contains(&at) || excused.contains(&format!("{table}.*")) || idle.contains(table) {
                continue;
            }
            assert!(!generated, "{at} is computed");
            let other = match kind.as_str() {
                "text" => format!("coalesce({column}, '') || 'x'"),
                "int2" | "int4" | "int8" => format!("coalesce({column}, 0) + 1000"),
                "bool" => format!("not {column}"),
                "uuid" => "gen_random_uuid()".to_owned(),
                "bytea" => format!("sha256(coalesce({column}, ''))"),
                "timestamptz" => format!("coalesce({column}, now()) + interval '1 second'"),
                "date" => format!("coalesce({column}, current_date) + 1"),
                "jsonb" => format!(
                    "case jsonb_typeof({column}) when 'object' then {column} || '{{\"forged\": 1}}' else '[1]' end"
                ),
                "_text" => format!("coalesce({column}, '{{}}') || array['x']"),
                other => panic!("{at} is {other}"),
            };
            // Of all rows at once: one of them is the case's.
            run(&pool, format!("update {table} set {column} = {other}")).await;
            if faults(&pool).await.is_empty() {
                missed.push(at);
            }
            run(&pool, format!("delete from {table}; insert into {table} ({kept}) overriding system value select {kept} from saved")).await;
        }
        // A row that is taken away shows, too.
        if !excused.contains(&format!("{table}.*")) && !idle.contains(table) {
            run(&pool, format!("delete from {table}")).await;
            if table != "cases" && faults(&pool).await.is_empty() {
                missed.push(format!("a row of {table}"));
            }
            run(
                &pool,
                format!("insert into {table} ({kept}) overriding system value select {kept} from saved"),
            )
            .await;
        }
        run(&pool, "drop table saved").await;
        assert_eq!(faults(&pool).await, [], "after {table} was put back");
    }
    assert!(missed.is_empty(), "changed unnoticed, and docs/AUDIT.md does not say why: {missed:#?}");
    let without: Vec<&String> =
        idle.iter().filter(|table| !excused.contains(&format!("{table}.*"))).collect();
    assert_eq!(without, [""; 0], "tables of which the story has no row");
    desk.take_all_letters();
}

#[actix_web::test]
async fn what_a_forger_does_is_told_by_its_name() {
    let desk = Desk::start_with(BELIEVING).await;
    let number = a_long_case(&desk).await;
    let pool = desk.database.pool().await;
    let told = async |forgery: &str| {
        let attack = format!(
            "set session_replication_role = replica; {forgery}; set session_replication_role = origin"
        );
        run(&pool, attack).await;
        let told: Vec<String> = faults(&pool).await.iter().map(ToString::to_string).collect();
        told.join("\n")
    };
    let says = |told: String, what: &str| assert!(told.contains(what), "{what} in {told}");
    says(told("update approvals set approved_by = gen_random_uuid()").await, "approvals ");
    says(
        told("update checks set verdict = 'failed' where kind = 'callback'").await,
        "checks callback is not what line",
    );
    says(told("delete from case_notes where body = 'They called.'").await, "is gone, line");
    let added = "insert into case_notes (id, case_id, kind, body, created_at) select gen_random_uuid(), id, 'note', 'x', now() from cases";
    says(told(added).await, "no line of the trail speaks of case_notes ");
    // A tail that is cut, with the case set right to it: the rows are those of another time.
    let cut =
        "update cases set (event_count, event_hash) = (select seq, hash from case_events where seq = 4);
               delete from case_events where seq > 4";
    let cut = told(cut).await;
    assert!(!cut.contains("the trail does not hold"), "{cut}");
    assert!(cut.contains(&format!("{number}: cases is not what line 4 rests on")), "{cut}");
    desk.take_all_letters();
}

#[actix_web::test]
async fn nothing_that_decides_changes_without_a_line_and_nothing_slips_in_with_another() {
    let desk = Desk::start_with(BELIEVING).await;
    let number = a_long_case(&desk).await;
    let pool = desk.database.pool().await;
    for change in [
        "update checks set verdict = 'failed' where kind = 'callback'",
        "update cases set owner_id = null, atlassian_ticket = 'CA-1'",
        "insert into case_notes (id, case_id, kind, body, created_at) select gen_random_uuid(), id, 'note', 'x', now() from cases",
        "delete from case_entitlements",
    ] {
        let refused = sqlx::query(change).execute(&pool).await.unwrap_err().to_string();
        assert!(refused.contains("changes with a line of the trail"), "{change}: {refused}");
    }
    // Who takes that guard away is found, while it waits and once the worker has given it a line.
    run(&pool, "alter table case_digests disable trigger case_digests_rest_on_a_line").await;
    run(&pool, "update checks set verdict = 'failed' where kind = 'callback'").await;
    let changed = faults(&pool).await;
    assert!(matches!(changed[0].fault, Fault::Changed { .. }), "{changed:?}");
    run(&pool, "update case_digests set since = '-infinity' where seq is null").await;
    desk.work_until_idle().await;
    let slipped = faults(&pool).await;
    assert!(matches!(slipped[0].fault, Fault::Slipped { .. }), "{slipped:?}");
    assert_eq!(slipped[0].number, number);
    desk.take_all_letters();
}

#[actix_web::test]
async fn what_came_beside_the_lines_gets_one_after_a_day() {
    let desk = Desk::start_with(BELIEVING).await;
    let number = a_long_case(&desk).await;
    let pool = desk.database.pool().await;
    let waiting = "select subject from case_digests where seq is null";
    // Somebody opened a file, and nothing happened since.
    assert_eq!(list(&pool, waiting).await, ["evidence_downloads"]);
    desk.work_until_idle().await;
    assert_eq!(list(&pool, waiting).await.len(), 1, "not before a day is over");
    let version = desk.load(&number).await.version;
    run(&pool, "update case_digests set since = now() - interval '25 hours' where seq is null").await;
    desk.work_until_idle().await;
    assert_eq!(list(&pool, waiting).await, [""; 0]);
    let last = "select kind from case_events order by seq desc limit 1";
    assert_eq!(list(&pool, last).await, ["chained"]);
    assert_eq!(desk.load(&number).await.version, version, "nobody's page is old by it");
    desk.finish().await;
}

/// The program, the guard and the erasing speak of the same tables and columns.
#[actix_web::test]
async fn the_database_knows_what_decides_and_what_is_personal() {
    let database = Database::create().await;
    let pool = database.pool().await;
    let guard = "select pg_get_triggerdef(oid) from pg_trigger where tgname = 'case_digests_rest_on_a_line'";
    let guard = list(&pool, guard).await.concat();
    for subject in &SUBJECTS {
        assert_eq!(guard.contains(&format!("'{}'", subject.table)), subject.decides, "{}", subject.table);
    }
    // Taken out with the file, and forgotten with the request: columns of their own ways.
    let otherwise = ["evidence_files", "prepared_requests"];
    for subject in SUBJECTS.iter().filter(|subject| !otherwise.contains(&subject.table)) {
        let known = format!("select jsonb_object_keys(erased_columns('{}', '{{}}'))", subject.table);
        let known: BTreeSet<String> = list(&pool, known).await.into_iter().collect();
        let personal: BTreeSet<String> = subject.personal.iter().map(|column| (*column).to_owned()).collect();
        let left: Vec<_> = personal.difference(&known).collect();
        assert!(left.is_empty(), "erasing leaves {left:?} of {}", subject.table);
    }
}

#[actix_web::test]
async fn a_verification_goes_on_where_it_was_broken_off() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    for _ in 0..3 {
        desk.visitor("de").escalates(&form()).await.went_well();
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    let pool = desk.database.pool().await;
    let numbers = list(&pool, "select number from cases order by number").await;
    let mut heard = 0;
    let rest = verify_trail_after(&pool, Some(&numbers[0]), |_| heard += 1).await.unwrap();
    assert_eq!((rest.cases, heard), (numbers.len() - 1, 1));
    assert_eq!(rest.last.as_ref(), numbers.last());
    desk.finish().await;
}

//! Somebody has the services' password and whatever they want to say to the database. They add, and change what the program
//! changes; what is kept, and what keeps it, they don't get at. The attacks are made from the catalog, so that a table of
//! tomorrow is attacked, too; each of them succeeds for the owner, so that none fails for another reason.

use handover::privileges::{Columns, TABLES};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::helpers::postgres::Database;

/// What PostgreSQL answers whoever may not (`insufficient_privilege`).
const DENIED: &str = "42501";
/// What a trigger answers whoever may: the owner has to take it away first.
const KEPT: &str = "23000";

/// How the database answers `sql`, of which nothing stays; `None` where it does it.
async fn refusal(connection: &mut PgConnection, sql: &str) -> Option<String> {
    let mut transaction = connection.begin().await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *transaction).await;
    let code = done.err().map(|error| {
        let error = error.into_database_error().unwrap_or_else(|| panic!("{sql}: no answer"));
        error.code().unwrap_or_default().into_owned()
    });
    transaction.rollback().await.unwrap();
    code
}

/// Attacks on everything that is there, by what it is.
async fn list_attacks(owner: &mut PgConnection) -> Vec<String> {
    let from_catalog = "
        select unnest(array['truncate ' || t || ' cascade', 'drop table ' || t || ' cascade',
            'alter table ' || t || ' disable trigger all', 'alter table ' || t || ' disable trigger user',
            'alter table ' || t || ' owner to handover_service', 'alter table ' || t || ' add column more text',
            'alter table ' || t || ' enable row level security', 'alter table ' || t || ' rename to elsewhere',
            'create index on ' || t || ' ((1))',
            'create rule away as on insert to ' || t || ' do instead nothing',
            'create trigger more before insert on ' || t || ' for each row execute function refuse_change()',
            'grant all on ' || t || ' to public, handover_service; truncate ' || t || ' cascade', 'comment on table ' || t || ' is $$$$'])
        from (select oid::regclass::text as t from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r') tables
        union all
        select unnest(array[format('drop trigger %I on %s', tgname, tgrelid::regclass),
            format('alter table %2$s disable trigger %1$I', tgname, tgrelid::regclass),
            format('alter trigger %I on %s rename to other', tgname, tgrelid::regclass)])
        from pg_trigger where not tgisinternal
        union all
        select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname)
        from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 't'
        union all
        select unnest(array[format('drop routine %s cascade', p.oid::regprocedure),
            format('alter routine %s owner to handover_service', p.oid::regprocedure),
            format('alter routine %s set search_path = pg_temp', p.oid::regprocedure)]
            || case when prorettype = 'trigger'::regtype then array[format('create or replace function %s returns trigger '
                || 'language plpgsql as $$ begin return new; end $$', p.oid::regprocedure)] else '{}' end)
        from pg_proc p where pronamespace = 'public'::regnamespace and prolang <> 13
        union all
        select unnest(array[format('alter table %s drop column %I cascade', attrelid::regclass, attname),
            format('alter table %s alter column %I drop default', attrelid::regclass, attname)])
        from pg_attribute where attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
            and attrelid in ('case_events'::regclass, 'approvals'::regclass, 'emails'::regclass)
        union all
        select unnest(array[format('select setval(%L, 1)', c.oid::regclass), format('drop sequence %s cascade', c.oid::regclass)])
        from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'S'
            and not exists (select from pg_depend where objid = c.oid and deptype = 'i')";
    sqlx::query_scalar(from_catalog).fetch_all(owner).await.unwrap()
}

#[tokio::test]
async fn no_guard_can_be_taken_away_by_the_services() {
    let database = Database::create().await;
    let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    let mut services = PgConnection::connect_with(&database.service_options()).await.unwrap();
    let attacks = list_attacks(&mut owner).await;
    assert!(attacks.len() > 1500, "{}", attacks.len());
    let mut wrong = Vec::new();
    for attack in attacks {
        let (of_services, of_owner) =
            (refusal(&mut services, &attack).await, refusal(&mut owner, &attack).await);
        let is_done =
            of_owner.is_none() || (attack.contains("truncate") && of_owner.as_deref() == Some(KEPT));
        if of_services.as_deref() != Some(DENIED) || !is_done {
            wrong.push(format!("{attack}: the services hear {of_services:?}, the owner {of_owner:?}"));
        }
    }
    assert_eq!(wrong, [""; 0], "each should be denied to the services, and done for the owner");
    services.close().await.unwrap();
    owner.close().await.unwrap();
}

#[tokio::test]
async fn what_is_kept_can_neither_be_changed_nor_deleted_by_the_services() {
    let database = Database::create().await;
    let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    let mut services = PgConnection::connect_with(&database.service_options()).await.unwrap();
    let columns: Vec<(String, String, bool)> = sqlx::query_as(
        "select relname::text, attname::text, attgenerated <> '' or attidentity = 'a' from pg_class c
         join pg_attribute on attrelid = c.oid and attnum > 0 and not attisdropped
         where relnamespace = 'public'::regnamespace and relkind = 'r'",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let (mut changes, mut deletions) = (0, 0);
    for (table, column, is_made) in &columns {
        let writes = TABLES.iter().find(|(name, _)| name == table).map(|(_, writes)| *writes);
        let may_change = match writes.map(|writes| writes.updates) {
            Some(Columns::All) => true,
            Some(Columns::Named(named)) => named.contains(&column.as_str()),
            Some(Columns::None) | None => false,
        };
        // Nobody sets what the database makes.
        if !may_change && !is_made {
            let attack = format!("update {table} set {column} = {column}");
            assert_eq!(refusal(&mut services, &attack).await.as_deref(), Some(DENIED), "{attack}");
            changes += 1;
        }
        let is_first = columns.iter().find(|(of, ..)| of == table).is_some_and(|first| &first.1 == column);
        if is_first && !writes.is_some_and(|writes| writes.deletes) {
            for attack in [format!("delete from {table}"), format!("delete from {table} where false")] {
                assert_eq!(refusal(&mut services, &attack).await.as_deref(), Some(DENIED), "{attack}");
            }
            deletions += 1;
        }
        if is_first && !writes.is_some_and(|writes| writes.inserts) {
            let attack = format!("insert into {table} select * from {table}");
            assert_eq!(refusal(&mut services, &attack).await.as_deref(), Some(DENIED), "{attack}");
        }
    }
    assert!(changes > 300 && deletions > 40, "{changes}, {deletions}");
    services.close().await.unwrap();
    owner.close().await.unwrap();
}

#[tokio::test]
async fn there_is_no_way_around_the_tables() {
    let database = Database::create().await;
    let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    let mut services = PgConnection::connect_with(&database.service_options()).await.unwrap();
    let name: String = sqlx::query_scalar("select current_database()").fetch_one(&mut owner).await.unwrap();
    let this = |sql: &str| sql.replace("THIS", &name);
    let mut wrong = Vec::new();
    for attack in [
        // Without triggers, or as somebody else.
        "set session_replication_role = replica",
        "set local session_replication_role = replica",
        "select set_config('session_replication_role', 'replica', true)",
        "alter role handover_service set session_replication_role = replica",
        "set role postgres",
        "set session authorization postgres",
        "alter role handover_service superuser",
        "alter role handover_service createrole",
        "alter role postgres password 'x'",
        "create role accomplice",
        "grant postgres to handover_service",
        "grant pg_write_server_files to handover_service",
        "reassign owned by postgres to handover_service",
        // Something of one's own.
        "create table mine (a int)",
        "create temp table case_events (a int)",
        "create temp sequence mine",
        "create view mine as select 1",
        "create schema mine",
        "create function mine() returns int language sql as 'select 1'",
        "create function pg_temp.mine() returns int language sql as 'select 1'",
        "create type mine as (a int)",
        "create domain mine as text",
        "create operator public.=== (function = int4eq, leftarg = int4, rightarg = int4)",
        "create aggregate mine (int) (sfunc = int4pl, stype = int)",
        "create extension file_fdw",
        "create extension dblink",
        "create event trigger mine on ddl_command_start execute function refuse_change()",
        "create publication mine for all tables",
        "create subscription mine connection '' publication x with (connect = false)",
        "create cast (text as int) with inout",
        "create statistics mine on id, number from cases",
        "select lo_create(0)",
        "select lo_creat(-1)",
        "select lo_from_bytea(0, 'x')",
        "select lo_import('/etc/hostname')",
        "select lo_export(1, '/tmp/x')",
        "alter database THIS set session_replication_role = replica",
        "alter database THIS owner to handover_service",
        "alter schema public owner to handover_service",
        "drop schema public cascade",
        "drop view latest_contact_changes",
        // The machine.
        "copy cases to program 'true'",
        "copy (select 1) to program 'true'",
        "copy case_notes from program 'true'",
        "copy (select 1) to '/tmp/handover-attack'",
        "copy case_notes from '/etc/passwd'",
        "select pg_read_file('/etc/passwd')",
        "select pg_read_binary_file('/etc/passwd')",
        "select pg_ls_dir('/')",
        "select pg_stat_file('/etc/passwd')",
        "select pg_reload_conf()",
        "select pg_rotate_logfile()",
        "load 'auto_explain'",
        // The catalog.
        "select rolpassword from pg_authid",
        "select * from pg_shadow",
        "update pg_trigger set tgenabled = 'D'",
        "update pg_class set relowner = (select oid from pg_roles where rolname = current_user)",
        "delete from pg_constraint",
        "insert into pg_auth_members select * from pg_auth_members",
        // Others who work here.
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres' and datname = 'THIS'",
        // The schema's version, by which an older program would start.
        "delete from _sqlx_migrations",
        "insert into _sqlx_migrations select * from _sqlx_migrations",
        "do $$ begin alter table case_events disable trigger user; end $$",
        "do $$ begin execute 'truncate case_events cascade'; end $$",
        "do language plpgsql $$ begin perform set_config('role', 'postgres', true); end $$",
    ] {
        let attack = this(attack);
        let answer = refusal(&mut services, &attack).await;
        if answer.as_deref() != Some(DENIED) {
            wrong.push(format!("{attack}: {answer:?}"));
        }
    }
    assert_eq!(wrong, [""; 0], "each should be denied");
    // Not to be had inside a transaction.
    for attack in [
        "alter system set fsync = off",
        "create database mine",
        "drop database THIS",
        "vacuum full case_events",
    ] {
        let tried = sqlx::raw_sql(AssertSqlSafe(this(attack))).execute(&mut services).await;
        // PostgreSQL only warns whoever may not vacuum, and leaves the table alone.
        let is_left = attack.starts_with("vacuum");
        assert_eq!(tried.is_ok(), is_left, "{attack}");
    }
    // What it owns: nothing anywhere.
    let owned: i64 = sqlx::query_scalar(
        "select count(*) from pg_shdepend where refclassid = 'pg_authid'::regclass and deptype = 'o'
             and refobjid = 'handover_service'::regrole",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(owned, 0);
    services.close().await.unwrap();
    owner.close().await.unwrap();
}

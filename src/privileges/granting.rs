//! Gives a role what the services need and takes away whatever else it has, as the owner of the tables, in one transaction:
//! who works meanwhile sees the rights of before or of after. Doing it again changes nothing.
//!
//! Makes no role but that of the private server, and sets no password.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, postgres::types::Oid};

use super::{
    list::{DOORS, TABLES},
    right::{Relation, Right, describe, wanted},
};

/// Makes the role of the private server, which nobody signs in to from elsewhere.
pub async fn make_role(connection: &mut PgConnection, role: &str) -> anyhow::Result<()> {
    let is_there = sqlx::query_scalar!(
        r#"select exists (select from pg_roles where rolname = $1) as "is_there!""#,
        role
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not look for the role of the services")?;
    if !is_there {
        // Two processes may get here at once; the second finds it there, which is as good.
        let made = run(connection, format!("create role {} login", quoted(role))).await;
        if let Err(error) = made {
            ensure!(already_there(&error), "could not make the role of the services: {error:#}");
        }
    }
    Ok(())
}

fn already_there(error: &anyhow::Error) -> bool {
    let code = error.downcast_ref::<sqlx::Error>().and_then(|error| error.as_database_error()?.code());
    // duplicate_object, or unique_violation where both were quicker than the look at the catalog.
    code.is_some_and(|code| code == "42710" || code == "23505")
}

/// Grants `role` what the services need in this database, and nothing besides; a sentence for each thing done, or left to
/// somebody with more rights.
///
/// # Errors
/// In words for whoever operates Handover: there is no such role, it owns what it must not change, or we may not grant.
pub async fn grant(connection: &mut PgConnection, role: &str) -> anyhow::Result<Vec<String>> {
    let mut transaction = connection.begin().await.context("could not begin a transaction")?;
    // Two who grant at once would fail at the same row of the catalog.
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtextextended('handover database grants', 0)) as "locked: ()""#
    )
    .fetch_one(&mut *transaction)
    .await
    .context("could not wait for others who grant")?;
    must_own(&mut transaction).await?;
    let role = Role::find(&mut transaction, role).await?;
    let mut done = grant_place(&mut transaction, &role).await?;
    done.extend(take_defaults_back(&mut transaction, &role).await?);
    done.extend(grant_relations(&mut transaction, &role).await?);
    done.extend(close_doors(&mut transaction, &role).await?);
    transaction.commit().await.context("could not commit the grants")?;
    Ok(done)
}

/// Somebody else's grants PostgreSQL leaves as they are, with a warning that nobody would see.
async fn must_own(connection: &mut PgConnection) -> anyhow::Result<()> {
    let tables: Vec<String> = TABLES.iter().map(|(table, _)| (*table).to_owned()).collect();
    let owner = sqlx::query_scalar!(
        r#"select tableowner::text from pg_tables where schemaname = current_schema() and tablename = any($1)
             and not pg_has_role(current_user, tableowner, 'usage') limit 1"#,
        &tables
    )
    .fetch_optional(connection)
    .await
    .context("could not look whose the tables are")?
    .flatten();
    ensure!(
        owner.is_none(),
        "only the owner of the tables can grant: sign in as {:?} (database.owner_url)",
        owner.unwrap_or_default()
    );
    Ok(())
}

/// Whom everything is granted to.
struct Role {
    oid: Oid,
    /// Quoted, as it stands in statements.
    name: String,
}

impl Role {
    /// One that is less than the owner, or nothing could be taken from it.
    async fn find(connection: &mut PgConnection, name: &str) -> anyhow::Result<Self> {
        let found = sqlx::query!(
            r#"select r.oid as "oid!", r.rolsuper as "is_superuser!",
                 exists (select from pg_class c where c.relnamespace = current_schema()::regnamespace
                     and pg_has_role(r.oid, c.relowner, 'member')) as "owns!"
             from pg_roles r where r.rolname = $1"#,
            name
        )
        .fetch_optional(connection)
        .await
        .context("could not look at the role of the services")?;
        let quoted = quoted(name);
        let Some(found) = found else {
            anyhow::bail!(
                "there is no role {name:?}: make it first, as somebody who may: create role {quoted} login password '…'"
            );
        };
        ensure!(!found.is_superuser, "the role {name:?} is a superuser, from whom nothing can be taken");
        ensure!(
            !found.owns,
            "the role {name:?} owns tables, or is a member of a role that does: take another"
        );
        Ok(Self { oid: found.oid, name: quoted })
    }
}

/// The schema and the database: to be used, not to be added to by anybody but their owner.
async fn grant_place(connection: &mut PgConnection, role: &Role) -> anyhow::Result<Vec<String>> {
    let place = sqlx::query!(
        r#"select current_schema()::text as "schema!", current_database()::text as "database!",
             has_schema_privilege($1::oid, current_schema()::text, 'usage') as "uses!",
             has_schema_privilege($1::oid, current_schema()::text, 'create') as "creates!",
             has_database_privilege($1::oid, current_database(), 'connect') as "connects!",
             has_database_privilege($1::oid, current_database(), 'temporary')
                 or has_database_privilege($1::oid, current_database(), 'create') as "adds!",
             (select pg_has_role(current_user, datdba, 'usage') from pg_database
                 where datname = current_database()) as "owns_database!",
             (select rolsuper from pg_roles where rolname = current_user) as "is_superuser!",
             has_function_privilege($1::oid, 'pg_catalog.lo_creat(integer)', 'execute')
                 or has_function_privilege($1::oid, 'pg_catalog.lo_create(oid)', 'execute')
                 or has_function_privilege($1::oid, 'pg_catalog.lo_from_bytea(oid, bytea)', 'execute') as "makes_objects!""#,
        role.oid
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not look at what the role of the services may")?;
    let (schema, database, to) = (quoted(&place.schema), quoted(&place.database), &role.name);
    let mut done = Vec::new();
    let mut statements = vec![
        (!place.uses, true, format!("grant usage on schema {schema} to {to}")),
        (place.creates, true, format!("revoke create on schema {schema} from public, {to}")),
        (!place.connects, place.owns_database, format!("grant connect on database {database} to {to}")),
        // A table of one's own stands before every other in the path, and bears triggers.
        (
            place.adds,
            place.owns_database,
            format!("revoke temporary, create on database {database} from public, {to}"),
        ),
    ];
    statements.push((place.makes_objects, place.is_superuser, NO_LARGE_OBJECTS.to_owned()));
    for (is_due, may, statement) in statements {
        if is_due && may {
            run(connection, statement.clone()).await?;
            done.push(statement);
        } else if is_due {
            done.push(format!("left to do, in this database, for its owner or a superuser: {statement}"));
        }
    }
    Ok(done)
}

/// Large objects belong to whoever makes one, and lie beside every table. Handover has none.
pub(super) const NO_LARGE_OBJECTS: &str = "revoke execute on function pg_catalog.lo_creat(integer), \
     pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) from public";

/// Until there was this list, new tables were to be granted as a whole, by default.
async fn take_defaults_back(connection: &mut PgConnection, role: &Role) -> anyhow::Result<Vec<String>> {
    let defaults = sqlx::query!(
        r#"select distinct n.nspname::text as schema, case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
                 when 'f' then 'functions' when 'T' then 'types' else 'schemas' end as "what!"
         from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace cross join lateral aclexplode(d.defaclacl) a
         where d.defaclrole = (select oid from pg_roles where rolname = current_user) and a.grantee = $1::oid
         order by 1, 2"#,
        role.oid
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not look at default privileges")?;
    let mut done = Vec::new();
    for default in defaults {
        let place =
            default.schema.map(|schema| format!(" in schema {}", quoted(&schema))).unwrap_or_default();
        let statement =
            format!("alter default privileges{place} revoke all on {} from {}", default.what, role.name);
        run(connection, statement.clone()).await?;
        done.push(statement);
    }
    Ok(done)
}

/// Every table, view and sequence of the schema; nothing on those that are none of ours.
async fn grant_relations(connection: &mut PgConnection, role: &Role) -> anyhow::Result<Vec<String>> {
    let relations = sqlx::query!(
        r#"select relname::text as "name!", relkind = 'S' as "is_sequence!", relkind in ('v', 'm') as "is_view!",
             pg_has_role(current_user, relowner, 'usage') as "is_ours!"
         from pg_class
         where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
         order by relkind = 'S', relname"#
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not list the tables")?;
    let held = list_held(connection, role).await?;
    let mut done = Vec::new();
    for found in relations {
        let relation = Relation { name: found.name, is_view: found.is_view };
        let of_this = |right: &&(Right, bool)| right.0.relation == relation.name;
        let is_wrong = held.iter().filter(of_this).any(|(_, is_wrong)| *is_wrong);
        let has: BTreeSet<Right> = held
            .iter()
            .filter(of_this)
            .filter(|(_, is_wrong)| !is_wrong)
            .map(|(right, _)| right.clone())
            .collect();
        let wanted = if found.is_sequence { BTreeSet::new() } else { wanted(&relation) };
        if has == wanted && !is_wrong {
            continue;
        }
        if !found.is_ours {
            done.push(format!("left to the owner of {}: revoke all on it from {}", relation.name, role.name));
            continue;
        }
        let kind = if found.is_sequence { "sequence" } else { "table" };
        let (name, to) = (quoted(&relation.name), &role.name);
        run(connection, format!("revoke all on {kind} {name} from public, {to} cascade")).await?;
        for right in &wanted {
            let columns = right.column.as_deref().map(|column| format!(" ({})", quoted(column)));
            let columns = columns.unwrap_or_default();
            run(connection, format!("grant {}{columns} on table {name} to {to}", right.verb)).await?;
        }
        done.push(format!("{}: {}", relation.name, describe(&wanted)));
    }
    Ok(done)
}

/// What was granted to the role itself and, marked as wrong, to everybody, or so that it can be handed on.
async fn list_held(connection: &mut PgConnection, role: &Role) -> anyhow::Result<Vec<(Right, bool)>> {
    let rows = sqlx::query!(
        r#"select c.relname::text as "relation!", a.privilege_type::text as "verb!", a."column",
             a.grantee = 0 or a.is_grantable as "is_wrong!"
         from pg_class c cross join lateral (
             select x.privilege_type, x.grantee, x.is_grantable, null::text as "column" from aclexplode(c.relacl) x
             union all
             select x.privilege_type, x.grantee, x.is_grantable, t.attname::text
             from pg_attribute t cross join lateral aclexplode(t.attacl) x where t.attrelid = c.oid) a
         where c.relnamespace = current_schema()::regnamespace and a.grantee in (0, $1::oid)"#,
        role.oid
    )
    .fetch_all(connection)
    .await
    .context("could not list what is granted")?;
    let as_right = |relation, verb, column, is_wrong| (Right { relation, verb, column }, is_wrong);
    Ok(rows.into_iter().map(|row| as_right(row.relation, row.verb, row.column, row.is_wrong)).collect())
}

/// Who could call a function that has its owner's rights could also hang it, as a trigger, onto rows of their own.
async fn close_doors(connection: &mut PgConnection, role: &Role) -> anyhow::Result<Vec<String>> {
    let doors: Vec<String> = DOORS.iter().map(|door| (*door).to_owned()).collect();
    let functions = sqlx::query!(
        r#"select p.oid::regprocedure::text as "signature!", p.proname = any($2) as "is_door!",
             exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
                 as "is_public!",
             has_function_privilege($1::oid, p.oid, 'execute') as "calls!"
         from pg_proc p where p.pronamespace = current_schema()::regnamespace and p.prosecdef order by 1"#,
        role.oid,
        &doors
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not list the functions that have their owner's rights")?;
    let mut done = Vec::new();
    for found in functions {
        let signature = &found.signature;
        let mut statements = Vec::new();
        if found.is_public || (found.calls && !found.is_door) {
            statements.push(format!("revoke execute on function {signature} from public, {}", role.name));
        }
        if found.is_door && (found.is_public || !found.calls) {
            statements.push(format!("grant execute on function {signature} to {}", role.name));
        }
        for statement in statements {
            run(connection, statement.clone()).await?;
            done.push(statement);
        }
    }
    Ok(done)
}

/// Such statements take no parameters; every name in them is quoted, or comes from the catalog as it is written there.
async fn run(connection: &mut PgConnection, statement: String) -> anyhow::Result<()> {
    let ran = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(connection).await;
    ran.with_context(|| format!("refused by the database: {statement}")).map(drop)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

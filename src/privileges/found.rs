//! What our own role can do beyond the list, and what it lacks: by asking the database what it would allow, not by what the
//! role is called or was granted, as rights come by membership, too.

use std::collections::BTreeSet;

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{
    granting::NO_LARGE_OBJECTS,
    list::DOORS,
    right::{Relation, Right, wanted},
};

/// How a role stands to the list.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    pub role: String,
    pub is_superuser: bool,
    /// What it could do and must not, a sentence each. Not looked at for a superuser, who can do everything.
    pub over: Vec<String>,
    /// What the program needs and it may not.
    pub lacking: Vec<String>,
}

impl Standing {
    /// What makes it right, where the owner of the tables can.
    pub fn remedy(&self) -> String {
        format!(
            "run `handover database grants {}` as the owner of the tables (database.owner_url)",
            self.role
        )
    }
}

/// Looks at the role that this connection has.
pub async fn look(connection: &mut PgConnection) -> anyhow::Result<Standing> {
    let role = sqlx::query!(
        r#"select current_user::text as "name!", rolsuper as "is_superuser!", rolcreaterole or rolcreatedb or rolreplication
                 or rolbypassrls as "has_attributes!", current_schema() is not null as "uses_schema!"
         from pg_roles where rolname = current_user"#
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not look at the role of the database")?;
    let mut standing = Standing { role: role.name, is_superuser: role.is_superuser, ..Standing::default() };
    if standing.is_superuser {
        return Ok(standing);
    }
    if !role.uses_schema {
        standing.lacking.push("usage of the schema".to_owned());
        return Ok(standing);
    }
    let owners = list_owners(connection).await?;
    if !owners.is_empty() {
        let owners = owners.join(", ");
        standing.over.push(format!(
            "it owns tables or functions, or is a member of who does ({owners}), and could switch off what keeps the trail: sign in as a role that owns none"
        ));
        return Ok(standing);
    }
    if role.has_attributes {
        standing.over.push(format!(
            "it may make roles or databases, replicate, or pass row security: alter role {} nocreaterole nocreatedb noreplication nobypassrls",
            standing.role
        ));
    }
    standing.over.extend(list_ways_out(connection).await?);
    compare(connection, &mut standing).await?;
    Ok(standing)
}

/// Ourselves, or roles that we can become, where they own anything here.
async fn list_owners(connection: &mut PgConnection) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select distinct r.rolname::text as "name!" from pg_roles r
         where pg_has_role(current_user, r.oid, 'member') and (r.rolsuper or r.oid in (
             select relowner from pg_class where relnamespace = current_schema()::regnamespace
             union all select proowner from pg_proc where pronamespace = current_schema()::regnamespace
             union all select nspowner from pg_namespace where nspname = current_schema()
             union all select datdba from pg_database where datname = current_database()))
         order by 1"#
    )
    .fetch_all(connection)
    .await
    .context("could not look at what the role owns")
}

/// Whatever lies beside the tables.
async fn list_ways_out(connection: &mut PgConnection) -> anyhow::Result<Vec<String>> {
    let doors: Vec<String> = DOORS.iter().map(|door| (*door).to_owned()).collect();
    let found = sqlx::query!(
        r#"select current_database()::text as "database!",
             has_database_privilege(current_database(), 'temporary') or has_database_privilege(current_database(), 'create')
                 as "adds_to_database!",
             array(select nspname::text from pg_namespace where nspname <> 'information_schema' and nspname !~ '^pg_'
                 and has_schema_privilege(oid, 'create') order by 1) as "schemas!: Vec<String>",
             has_parameter_privilege('session_replication_role', 'set') as "skips_triggers!",
             array(select rolname::text from pg_roles where rolname in ('pg_execute_server_program', 'pg_read_server_files',
                 'pg_write_server_files', 'pg_write_all_data', 'pg_maintain', 'pg_create_subscription', 'pg_signal_backend')
                 and pg_has_role(current_user, oid, 'member') order by 1) as "powers!: Vec<String>",
             array(select f.oid::regprocedure::text from pg_proc f where f.oid in (to_regprocedure('pg_catalog.pg_read_file(text)'),
                 to_regprocedure('pg_catalog.pg_read_binary_file(text)'), to_regprocedure('pg_catalog.pg_ls_dir(text)'),
                 to_regprocedure('pg_catalog.lo_import(text)'), to_regprocedure('pg_catalog.lo_export(oid, text)'))
                 and has_function_privilege(f.oid, 'execute') order by 1) as "files!: Vec<String>",
             has_function_privilege('pg_catalog.lo_creat(integer)', 'execute')
                 or has_function_privilege('pg_catalog.lo_create(oid)', 'execute')
                 or has_function_privilege('pg_catalog.lo_from_bytea(oid, bytea)', 'execute') as "makes_objects!",
             array(select p.oid::regprocedure::text from pg_proc p where p.pronamespace = current_schema()::regnamespace
                 and p.prosecdef and p.proname <> all($1) and has_function_privilege(p.oid, 'execute') order by 1)
                 as "doors!: Vec<String>""#,
        &doors
    )
    .fetch_one(connection)
    .await
    .context("could not look at what the role may")?;
    let database = &found.database;
    let listed = |names: &[String]| names.join(", ");
    let sentences = [
        (
            found.adds_to_database,
            format!(
                "it may make temporary tables or schemas: as the owner of the database, revoke temporary, create on database {database} from public"
            ),
        ),
        (!found.schemas.is_empty(), format!("it may create in the schema {}", listed(&found.schemas))),
        (
            found.skips_triggers,
            "it may set session_replication_role and so pass every trigger: revoke set on parameter"
                .to_owned(),
        ),
        (!found.powers.is_empty(), format!("it is a member of {}: revoke that", listed(&found.powers))),
        (
            !found.files.is_empty(),
            format!("it reads or writes files of the server: {}", listed(&found.files)),
        ),
        (
            found.makes_objects,
            format!(
                "it may make large objects, which it then owns: as a superuser, in this database, {NO_LARGE_OBJECTS}"
            ),
        ),
        (!found.doors.is_empty(), format!("it may call {}, with their owner's rights", listed(&found.doors))),
    ];
    Ok(sentences.into_iter().filter(|(is_so, _)| *is_so).map(|(_, sentence)| sentence).collect())
}

/// The rights on tables, views and sequences.
async fn compare(connection: &mut PgConnection, standing: &mut Standing) -> anyhow::Result<()> {
    let rows = sqlx::query!(
        r#"with relations as (
             select oid, relname::text as name, relkind from pg_class
             where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S')),
         verbs as (
             select 'S' as relkind, unnest(array['SELECT', 'USAGE', 'UPDATE']) as verb
             union all
             select '', unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
             -- From 17 on, which also knows it.
             union all
             select '', 'MAINTAIN' where current_setting('server_version_num')::integer >= 170000)
         select r.name as "relation!", r.relkind in ('v', 'm') as "is_view!", v.verb, null::text as "column"
         from relations r left join verbs v on (r.relkind = 'S') = (v.relkind = 'S')
             and case when r.relkind = 'S' then has_sequence_privilege(r.oid, v.verb) else has_table_privilege(r.oid, v.verb) end
         union all
         select r.name, r.relkind in ('v', 'm'), v.verb, t.attname::text
         from relations r join pg_attribute t on t.attrelid = r.oid and t.attnum > 0 and not t.attisdropped
         cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) v(verb)
         where r.relkind <> 'S' and has_column_privilege(r.oid, t.attnum, v.verb) and not has_table_privilege(r.oid, v.verb)"#
    )
    .fetch_all(connection)
    .await
    .context("could not look at the rights of the role")?;
    let (mut has, mut wants) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        wants.extend(wanted(&Relation { name: row.relation.clone(), is_view: row.is_view }));
        if let Some(verb) = row.verb {
            has.insert(Right { relation: row.relation, verb, column: row.column });
        }
    }
    standing.lacking.extend(
        wants
            .iter()
            .filter(|right| !has.contains(right) && !has.contains(&right.on_all_columns()))
            .map(Right::to_string),
    );
    let over: Vec<String> = has.iter().filter(|right| !wants.contains(right)).map(Right::to_string).collect();
    if !over.is_empty() {
        standing.over.push(format!(
            "it may do what no service needs: {}: {}",
            over.join(", "),
            standing.remedy()
        ));
    }
    Ok(())
}

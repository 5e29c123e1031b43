//! The database that is restored into: whether it can take the backup, holds anything, and is anybody's at the moment.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use sqlx::PgConnection;
use uuid::Uuid;

use super::manifest::Manifest;
use crate::clock::Timestamp;

/// What a restore finds there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Empty,
    /// An earlier restore did not end; what it left is nobody's.
    HalfRestored,
    Used,
}

/// The server knows a moment later that a restore has ended, or that its process was killed: so often, and so far apart, it is asked
/// before another one is said to go on.
const TRIES: u32 = 50;
const TRY: Duration = Duration::from_millis(100);

/// # Errors
/// Where the server is older than the backup's, the encoding is another one, or a second restore goes on.
pub async fn look(connection: &mut PgConnection, manifest: &Manifest) -> anyhow::Result<State> {
    let server = super::tools::server(&mut *connection).await?;
    ensure!(
        server >= manifest.server,
        "the backup is of PostgreSQL {}, and the server here is PostgreSQL {server}: restore it on one that is at least as new",
        manifest.server
    );
    let mut tries = 0..TRIES;
    let found = loop {
        let found = sqlx::query!(
            r#"select current_setting('server_encoding') as "encoding!",
             pg_try_advisory_lock(hashtextextended('handover restore', 0)) as "is_alone!",
             (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and n.nspname not like 'pg\_%'
                     and n.nspname <> 'information_schema'
                     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                         and d.deptype = 'e')) as "relations!",
             exists (select from pg_class where relname = 'unfinished_restore' and relkind = 'r'
                 and relnamespace = to_regnamespace('public')) as "is_half_restored!""#
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not look at the database")?;
        if found.is_alone || tries.next().is_none() {
            break found;
        }
        tokio::time::sleep(TRY).await;
    };
    ensure!(found.is_alone, "another restore into this database goes on");
    ensure!(
        found.encoding == manifest.encoding,
        "the database is in {}, and the backup in {}: make one with `create database … encoding '{}' template template0`",
        found.encoding,
        manifest.encoding,
        manifest.encoding
    );
    Ok(match (found.is_half_restored, found.relations) {
        (true, _) => State::HalfRestored,
        (false, 0) => State::Empty,
        (false, _) => State::Used,
    })
}

/// # Errors
/// Where Handover works on it: its cases would go from under it.
pub async fn must_be_unused(connection: &mut PgConnection) -> anyhow::Result<()> {
    let others = sqlx::query_scalar!(
        r#"select count(*) as "others!" from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and application_name like 'handover%'"#
    )
    .fetch_one(connection)
    .await
    .context("could not look who is connected")?;
    ensure!(others == 0, "Handover is connected to this database ({others} connections): stop it first");
    Ok(())
}

/// Somebody whose erasing was carried out after the backup was made, in the database that is about to be replaced.
#[derive(Clone, Debug)]
pub struct Erased {
    pub request: Uuid,
    pub at: Timestamp,
    pub salt: Vec<u8>,
    pub address_hash: Vec<u8>,
}

/// Those of a database of whatever schema: where it knows no such requests, or says nothing, there are none.
pub async fn list_erased(connection: &mut PgConnection, since: Timestamp) -> Vec<Erased> {
    let found = sqlx::query_as!(
        Erased,
        r#"select id as request, ended_at as "at!: Timestamp", salt as "salt!", address_hash as "address_hash!"
         from erasure_requests where state = 'done' and ended_at > $1 and address_hash is not null and salt is not null
         order by ended_at"#,
        since as Timestamp,
    )
    .fetch_all(connection)
    .await;
    found.unwrap_or_default()
}

/// Where one of them is again: numbers of cases, and how often in the register.
pub async fn find_again(
    connection: &mut PgConnection,
    erased: &Erased,
) -> anyhow::Result<(Vec<String>, i64)> {
    let cases = sqlx::query_scalar!(
        r#"select distinct c.number as "number!" from escalations e join cases c on c.id = e.case_id
             cross join lateral unnest(array[e.requester_email, e.departed_email, e.successor_email]) as named (email)
         where sha256($1 || convert_to(fold_mailbox(named.email), 'UTF8')) = $2 order by 1"#,
        &erased.salt,
        &erased.address_hash,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not look for somebody who was erased")?;
    let contacts = sqlx::query_scalar!(
        r#"select count(*) as "contacts!" from contacts k
         where sha256($1 || convert_to(fold_mailbox(k.email), 'UTF8')) = $2"#,
        &erased.salt,
        &erased.address_hash,
    )
    .fetch_one(connection)
    .await
    .context("could not look for somebody who was erased")?;
    Ok((cases, contacts))
}

//! The schema's history, embedded in the program.

use anyhow::Context as _;
use sqlx::{
    PgConnection, PgPool,
    migrate::{Migrate as _, Migrator},
};

/// All of `migrations/`, in order; only ever forward.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How the schema of a database stands to that of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Same,
    /// Something is missing, or all of it.
    Older,
    /// Everything is there, and what this program does not know.
    Newer,
}

/// Compares what was applied with what this program has. Changes nothing.
pub async fn compare(connection: &mut PgConnection) -> anyhow::Result<Fit> {
    let was_begun = sqlx::query_scalar!(r#"select to_regclass('_sqlx_migrations') is not null as "begun!""#)
        .fetch_one(&mut *connection)
        .await
        .context("could not look at the schema")?;
    if !was_begun {
        return Ok(Fit::Older);
    }
    let applied = connection.list_applied_migrations("_sqlx_migrations").await.context(
        "could not look at the schema; where this role may not, run `handover database grants` as the owner of its tables",
    )?;
    let is_applied = |version| applied.iter().any(|migration| migration.version == version);
    if !MIGRATIONS.iter().all(|migration| is_applied(migration.version)) {
        return Ok(Fit::Older);
    }
    let is_known = applied.iter().all(|applied| MIGRATIONS.version_exists(applied.version));
    Ok(if is_known { Fit::Same } else { Fit::Newer })
}

/// Whether the database has every migration of this program; a newer program's may be there besides. Fails where none
/// was ever applied.
pub async fn are_applied(pool: &PgPool) -> anyhow::Result<bool> {
    let mut connection = pool.acquire().await?;
    let applied = connection.list_applied_migrations("_sqlx_migrations").await?;
    let is_applied = |version| applied.iter().any(|migration| migration.version == version);
    Ok(MIGRATIONS.iter().all(|migration| is_applied(migration.version)))
}

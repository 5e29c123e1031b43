//! The schema's history, embedded in the program; how a database stands to it; and the promise that a newer program leaves to older
//! ones, so that they can be replaced one after the other.
//!
//! Does not decide what happens where they do not fit: that is `boot`'s.

use anyhow::Context as _;
use sqlx::{
    PgConnection, PgPool,
    migrate::{Migrate as _, Migrator},
};

/// All of `migrations/`, in order; only ever forward.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The oldest schema, by its last migration, whose programs work upon this program's schema: that of the release before, or of the
/// first one that reads this. It is raised when a migration takes away what the release of that schema still used; the rule stands
/// in docs/OPERATIONS.md under "Upgrade", `tests/it/upgrade/` holds it.
pub const OLDEST_WORKING: i64 = 20_261_201_050_000;

/// How the schema of a database stands to that of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Same,
    /// Something is missing, or all of it.
    Older,
    /// Everything is there, and what this program does not know.
    Newer,
    /// As `Newer`, and the program that did it promised that this one works.
    Expanded,
    /// A restore began here and did not end: whatever else is there, it is not whole.
    HalfRestored,
}

/// The last migration of this program.
pub fn latest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Compares what was applied with what this program has. Changes nothing.
pub async fn compare(connection: &mut PgConnection) -> anyhow::Result<Fit> {
    // By the catalog, as a restore that did not end granted nothing to anybody.
    let found = sqlx::query!(
        r#"select to_regclass('_sqlx_migrations') is not null as "was_begun!",
             exists (select from pg_class where relname = 'unfinished_restore' and relkind = 'r'
                 and relnamespace = to_regnamespace('public')) as "is_half_restored!""#
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not look at the schema")?;
    if found.is_half_restored {
        return Ok(Fit::HalfRestored);
    }
    if !found.was_begun {
        return Ok(Fit::Older);
    }
    let applied = applied(&mut *connection).await?;
    if !MIGRATIONS.iter().all(|migration| applied.contains(&migration.version)) {
        return Ok(Fit::Older);
    }
    if applied.iter().all(|version| MIGRATIONS.version_exists(*version)) {
        return Ok(Fit::Same);
    }
    let promised = promise(connection).await?;
    Ok(if promised.is_some_and(|oldest| oldest <= latest()) { Fit::Expanded } else { Fit::Newer })
}

/// What was applied, the last one last. Fails where nothing ever was.
pub async fn applied(connection: &mut PgConnection) -> anyhow::Result<Vec<i64>> {
    let applied = connection.list_applied_migrations("_sqlx_migrations").await.context(
        "could not look at the schema; where this role may not, run `handover database grants` as the owner of its tables",
    )?;
    let mut versions: Vec<i64> = applied.into_iter().map(|migration| migration.version).collect();
    versions.sort_unstable();
    Ok(versions)
}

/// Applies what is missing. What is promised to older programs is narrowed before, and widened after: one that starts while this goes
/// on works upon both, or is refused.
pub async fn apply(connection: &mut PgConnection) -> anyhow::Result<()> {
    if promise(&mut *connection).await?.is_some_and(|oldest| oldest < OLDEST_WORKING) {
        keep_promise(&mut *connection).await?;
    }
    MIGRATIONS.run(&mut *connection).await.context(
        "could not migrate the database; where this role may not, run `handover migrate` as the owner of its tables (database.owner_url)",
    )?;
    keep_promise(connection).await
}

/// `None` where no program ever promised anything.
async fn promise(connection: &mut PgConnection) -> anyhow::Result<Option<i64>> {
    let is_there = sqlx::query_scalar!(r#"select to_regclass('schema_promise') is not null as "is_there!""#)
        .fetch_one(&mut *connection)
        .await
        .context("could not look at the schema")?;
    if !is_there {
        return Ok(None);
    }
    sqlx::query_scalar!("select oldest from schema_promise")
        .fetch_optional(connection)
        .await
        .context("could not read which programs work upon this schema")
}

/// Writes down which older programs work upon this program's schema, as the owner of the tables.
pub async fn keep_promise(connection: &mut PgConnection) -> anyhow::Result<()> {
    // No service's statement, so not one of those that are held against what services may do.
    sqlx::query(
        "insert into schema_promise (oldest) values ($1)
         on conflict (one) do update set oldest = excluded.oldest where schema_promise.oldest <> excluded.oldest",
    )
    .bind(OLDEST_WORKING)
    .execute(connection)
    .await
    .context("could not write down which programs work upon this schema")?;
    Ok(())
}

/// Whether the database has every migration of this program; a newer program's may be there besides. Fails where none
/// was ever applied.
pub async fn are_applied(pool: &PgPool) -> anyhow::Result<bool> {
    let mut connection = pool.acquire().await?;
    let applied = applied(&mut connection).await?;
    Ok(MIGRATIONS.iter().all(|migration| applied.contains(&migration.version)))
}

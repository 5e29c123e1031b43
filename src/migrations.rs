//! The schema's history, embedded in the program.

use sqlx::{
    PgPool,
    migrate::{Migrate as _, Migrator},
};

/// All of `migrations/`, in order; only ever forward.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Whether the database has every migration of this program; a newer program's may be there besides. Fails where none
/// was ever applied.
pub async fn are_applied(pool: &PgPool) -> anyhow::Result<bool> {
    let mut connection = pool.acquire().await?;
    let applied = connection.list_applied_migrations("_sqlx_migrations").await?;
    let is_applied = |version| applied.iter().any(|migration| migration.version == version);
    Ok(MIGRATIONS.iter().all(|migration| is_applied(migration.version)))
}

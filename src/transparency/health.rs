//! How the log does: whether it falls behind what happens, and whether its heads get elsewhere. For the desk, `doctor` and the
//! metrics alike.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use super::outlets::{self, Standing};
use crate::{app::App, clock::Timestamp};

/// For how long something may wait to be logged, beside the time between two heads.
const PATIENCE_SECONDS: i64 = 600;

#[derive(Clone, Debug, Serialize)]
pub struct Health {
    pub tree_size: i64,
    /// For how many seconds the oldest change has waited to be logged; 0 where none waits.
    pub waits_seconds: i64,
    /// Nobody logs, or somebody can't.
    pub is_behind: bool,
    pub outlets: Vec<Standing>,
}

impl Health {
    pub async fn read(connection: &mut PgConnection, app: &App) -> anyhow::Result<Self> {
        let row = sqlx::query!(
            r#"select (select tree_size from log_end) as "tree_size!",
                 coalesce((select extract(epoch from coalesce($1, now()) - at)::int8 from log_pending order by id limit 1), 0) as "waits!""#,
            app.clock.for_leases() as Option<Timestamp>,
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not read how the log does")?;
        let patience = i64::from(app.settings.log.every_seconds).saturating_add(PATIENCE_SECONDS);
        Ok(Self {
            tree_size: row.tree_size,
            waits_seconds: row.waits.max(0),
            is_behind: row.waits > patience,
            outlets: outlets::list(connection, &app.settings.log).await?,
        })
    }

    pub fn is_alarming(&self) -> bool {
        self.is_behind || self.outlets.iter().any(|outlet| outlet.is_alarming)
    }
}

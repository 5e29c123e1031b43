//! How the log does: whether it falls behind what happens, and whether its heads get elsewhere. For the desk, `doctor` and the
//! metrics alike.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use super::outlets::{ALARMING, Outlet};
use crate::{app::App, clock::Timestamp};

/// For how long something may wait to be logged, beside the time between two heads.
const PATIENCE_SECONDS: i64 = 600;

/// How one outlet stands.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    pub outlet: Outlet,
    pub tree_size: i64,
    pub done_at: Option<Timestamp>,
    pub failing_since: Option<Timestamp>,
    pub last_error: Option<String>,
    pub is_alarming: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Health {
    pub tree_size: i64,
    /// For how many seconds the oldest change has waited to be logged; 0 where none waits.
    pub waits_seconds: i64,
    /// Nobody logs, or somebody can't.
    pub is_behind: bool,
    /// Those that are configured.
    pub outlets: Vec<Standing>,
}

impl Health {
    /// One statement: every outlet has its row from the beginning.
    pub async fn read(connection: &mut PgConnection, app: &App) -> anyhow::Result<Self> {
        let rows = sqlx::query!(
            r#"select e.tree_size as "whole", o.name, o.tree_size, o.done_at as "done_at: Timestamp", o.attempts,
                 o.failing_since as "failing_since: Timestamp", o.last_error,
                 coalesce((select extract(epoch from coalesce($1, now()) - at)::int8 from log_pending order by id limit 1), 0) as "waits!"
             from log_end e cross join log_outlets o"#,
            app.clock.for_leases() as Option<Timestamp>,
        )
        .fetch_all(connection)
        .await
        .context("could not read how the log does")?;
        let first = rows.first().context("the log has no end")?;
        let log = &app.settings.log;
        let patience = i64::from(log.every_seconds).saturating_add(PATIENCE_SECONDS);
        let wanted = [Outlet::File, Outlet::TimeStamper, Outlet::Mail];
        let outlets = wanted.into_iter().filter(|outlet| outlet.is_wanted(log)).filter_map(|outlet| {
            let row = rows.iter().find(|row| row.name == outlet.as_str())?;
            Some(Standing {
                outlet,
                tree_size: row.tree_size,
                done_at: row.done_at,
                failing_since: row.failing_since,
                last_error: row.last_error.clone(),
                is_alarming: row.attempts >= ALARMING,
            })
        });
        Ok(Self {
            tree_size: first.whole,
            waits_seconds: first.waits.max(0),
            is_behind: first.waits > patience,
            outlets: outlets.collect(),
        })
    }

    pub fn is_alarming(&self) -> bool {
        self.is_behind || self.outlets.iter().any(|outlet| outlet.is_alarming)
    }
}

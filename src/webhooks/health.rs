//! How the endpoints do, for the desk, `doctor` and the metrics alike.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use crate::clock::Timestamp;

/// An endpoint that takes nothing is worth a look after so long; receivers are restarted.
const PATIENCE: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// Endpoints by how they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    pub enabled: i64,
    /// Of them, those that have taken nothing for a while.
    pub failing: i64,
    /// Switched off by the program, and nobody has looked.
    pub switched_off: i64,
}

impl Health {
    pub async fn read(connection: &mut PgConnection, now: Timestamp) -> anyhow::Result<Self> {
        let since = now.after(PATIENCE.saturating_mul(-1));
        sqlx::query_as!(
            Self,
            r#"select count(*) filter (where disabled_at is null) as "enabled!",
                 count(*) filter (where disabled_at is null and failing_since <= $1) as "failing!",
                 count(*) filter (where disabled_why in ('gone', 'failing')) as "switched_off!"
             from webhook_endpoints"#,
            since as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not read how webhooks do")
    }

    pub fn is_alarming(self) -> bool {
        self.failing > 0 || self.switched_off > 0
    }
}

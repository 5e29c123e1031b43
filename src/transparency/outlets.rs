//! How it goes with each place that heads are taken to: claimed by a lease, put off longer with each failure, never holding up
//! the log. Knows no place.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use strum::IntoStaticStr;

use super::{as_number, as_size};
use crate::{app::App, clock::Timestamp, config};

/// How long one try may last before another worker tries.
const LEASE: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);
const LONGEST_WAIT: i64 = 3_600;
/// Of what is kept of an error.
const LONGEST_ERROR: usize = 300;
/// Failures in a row from which somebody should look.
pub(super) const ALARMING: i32 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outlet {
    File,
    Mail,
    TimeStamper,
}

impl Outlet {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    pub(super) fn is_wanted(self, log: &config::Log) -> bool {
        match self {
            Self::File => !log.file.as_os_str().is_empty(),
            Self::Mail => !log.mail_to.is_empty(),
            Self::TimeStamper => !log.time_stamper.is_empty(),
        }
    }
}

/// Heads that wait for an outlet whose turn it is.
pub(super) struct Waiting {
    /// The last head that was taken there, and when.
    pub taken: u64,
    pub done_at: Option<Timestamp>,
    /// The present head.
    pub newest: u64,
}

pub(super) async fn find_waiting(app: &App, outlet: Outlet) -> anyhow::Result<Option<Waiting>> {
    let row = sqlx::query!(
        r#"select o.tree_size, o.done_at as "done_at: Timestamp", e.tree_size as newest from log_outlets o cross join log_end e
         where o.name = $1 and o.tree_size < e.tree_size and o.next_attempt_at <= coalesce($2, now())"#,
        outlet.as_str(),
        app.clock.for_leases() as Option<Timestamp>,
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not look where heads are taken to")?;
    row.map(|row| {
        Ok(Waiting { taken: as_size(row.tree_size)?, done_at: row.done_at, newest: as_size(row.newest)? })
    })
    .transpose()
}

/// Held by one worker until it is settled, or its time is over.
pub(super) struct Lease(Outlet, Timestamp);

/// `None` where another worker was faster.
pub(super) async fn claim(app: &App, outlet: Outlet) -> anyhow::Result<Option<Lease>> {
    let until = sqlx::query_scalar!(
        r#"update log_outlets set next_attempt_at = coalesce($2, now()) + make_interval(secs => $3)
         where name = $1 and next_attempt_at <= coalesce($2, now()) returning next_attempt_at as "until: Timestamp""#,
        outlet.as_str(),
        app.clock.for_leases() as Option<Timestamp>,
        LEASE.as_secs_f64(),
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not claim the way of a head")?;
    Ok(until.map(|until| Lease(outlet, until)))
}

/// A head was taken there. Nothing, where the lease had run out and another worker tries.
pub(super) async fn settle(
    connection: &mut PgConnection,
    lease: &Lease,
    taken: i64,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update log_outlets set tree_size = greatest(tree_size, $3), done_at = $4, attempts = 0, next_attempt_at = to_timestamp(0),
             failing_since = null, last_error = null
         where name = $1 and next_attempt_at = $2",
        lease.0.as_str(),
        lease.1 as Timestamp,
        taken,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not keep that a head was taken elsewhere")?;
    Ok(())
}

/// It did not go; the next try is later with each failure, within an hour.
pub(super) async fn put_off(app: &App, lease: &Lease, error: &anyhow::Error) -> anyhow::Result<()> {
    let words: String = format!("{error:#}").chars().take(LONGEST_ERROR).collect();
    tracing::warn!(
        outlet = lease.0.as_str(),
        error = words,
        "a head of the log could not be taken elsewhere"
    );
    sqlx::query!(
        "update log_outlets set attempts = attempts + 1, failing_since = coalesce(failing_since, $3), last_error = $4,
             next_attempt_at = coalesce($5, now()) + make_interval(secs => least($6, 15 * power(2, least(attempts, 20))))
         where name = $1 and next_attempt_at = $2",
        lease.0.as_str(),
        lease.1 as Timestamp,
        app.clock.now() as Timestamp,
        words,
        app.clock.for_leases() as Option<Timestamp>,
        LONGEST_WAIT as f64,
    )
    .execute(&app.pool)
    .await
    .context("could not put the way of a head off")?;
    Ok(())
}

/// Whether mail is this transaction's to write.
pub enum Locked {
    /// Another worker writes at this moment.
    Elsewhere,
    /// When it was written last.
    Mailed(Option<Timestamp>),
}

/// Mail is queued in one transaction and needs no lease.
pub async fn lock_mail(connection: &mut PgConnection) -> anyhow::Result<Locked> {
    let row = sqlx::query_scalar!(
        r#"select done_at as "done_at: Timestamp" from log_outlets where name = $1 for update skip locked"#,
        Outlet::Mail.as_str(),
    )
    .fetch_optional(connection)
    .await
    .context("could not look whether the head was mailed")?;
    Ok(row.map_or(Locked::Elsewhere, Locked::Mailed))
}

pub async fn mailed(connection: &mut PgConnection, size: u64, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "update log_outlets set done_at = $2, tree_size = $3 where name = $1",
        Outlet::Mail.as_str(),
        now as Timestamp,
        as_number(size)?,
    )
    .execute(connection)
    .await
    .context("could not keep that the head was mailed")?;
    Ok(())
}

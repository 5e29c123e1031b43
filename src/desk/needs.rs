//! What needs a member of staff: counted on every page of the desk.
//!
//! What that is, says the function `cases_that_need` of the database, for the queue and the count alike:
//! `cases_that_need($me, $now, $most)`.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgConnection;

use super::read_for_all::ReadFor;
use crate::{app::App, case::actor::StaffId, clock::Timestamp};

/// As many are counted; of more it is said that there are more, so that a full house costs no page its time.
const MOST_COUNTED: i64 = 100;
/// A page does not wait longer for its count.
const PATIENCE: Duration = Duration::from_millis(500);

/// How many cases need this person now, at most [`MOST_COUNTED`]; `None` where that can't be said in time. A page is worth more than
/// its count.
pub async fn count(connection: &mut PgConnection, me: StaffId, now: Timestamp) -> Option<i64> {
    in_time(ask(connection, me, now)).await
}

/// What was counted for each person.
pub type Kept = ReadFor<StaffId, i64>;

/// [`count`], or what was counted for this person two seconds ago: a page often follows upon another one.
pub async fn count_again(connection: &mut PgConnection, app: &App, kept: &Kept, me: StaffId) -> Option<i64> {
    in_time(kept.get_for(me, app, async || ask(connection, me, app.clock.now()).await)).await
}

async fn in_time(counting: impl Future<Output = anyhow::Result<i64>>) -> Option<i64> {
    let counted = match tokio::time::timeout(PATIENCE, counting).await {
        Ok(counted) => counted,
        Err(slow) => Err(slow).context("the count took too long"),
    };
    counted
        .inspect_err(|error| {
            tracing::warn!(error = format!("{error:#}"), "could not count what needs somebody")
        })
        .ok()
}

/// A count as it is shown: how many, and whether there are more than that.
pub fn shown(count: i64) -> (i64, bool) {
    (count.min(MOST_COUNTED - 1), count >= MOST_COUNTED)
}

async fn ask(connection: &mut PgConnection, me: StaffId, now: Timestamp) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        // The bound, [`MOST_COUNTED`], stands here itself: a plan for any bound would be for a tenth of all cases, so the statement
        // would be planned anew on each page.
        r#"select count(*) as "count!" from (select from cases_that_need($1, $2, 100) limit 100) as needs"#,
        me.0,
        now as Timestamp,
    )
    .fetch_one(connection)
    .await
    .context("could not count the cases")
}

//! Cases that are gone altogether because their time was over, and what is left of each: a number, where its trail ended, when and
//! by which rule.
//!
//! Deletes nothing itself: `delete_case` of migrations/20261201000000_delete_skeletons.sql is the only door, asks again whether it is
//! due, and lets no transaction end without a line in the administrators' trail, which is the caller's to write.

use anyhow::Context as _;
use jiff::ToSpan as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Casework;
use crate::{case::number::CaseNumber, clock::Timestamp};

/// The only rule so far: the time of the trail is over.
pub const RULE: &str = "trail";
/// What the database asks for at least, and `audit verify`: the law's years for letters.
pub const LEAST_YEARS: u32 = 6;
/// Looked at in one step: so many that can't be deleted hold up no other.
const MOST: i64 = 20;

/// What the door left of a case.
#[derive(Clone, Debug)]
pub struct Deleted {
    pub number: String,
    /// How many lines its trail had, and the hash of the last of them.
    pub lines: i32,
    pub hash: Vec<u8>,
    /// By the database's clock.
    pub at: Timestamp,
    pub years: u32,
}

/// As it is read later.
#[derive(Clone, Debug)]
pub struct Tombstone {
    pub number: String,
    pub at: Timestamp,
    pub rule: String,
    pub years: i16,
}

impl Casework {
    /// What happened before then is over: the beginning of the year so many years ago.
    pub fn deleted_before(&self, now: Timestamp) -> anyhow::Result<Timestamp> {
        let years = i64::from(self.app.settings.retention.trail_years);
        let zoned = self.app.zone.to_datetime(*now).to_zoned(self.app.zone.clone())?;
        let begun = zoned.first_of_year()?.start_of_day()?;
        Ok(begun.checked_sub(years.years())?.timestamp().into())
    }

    /// The next cases whose time is over.
    pub async fn list_due_for_deleting(&self, before: Timestamp) -> anyhow::Result<Vec<Uuid>> {
        sqlx::query_scalar!(
            "select c.id from cases c
             where c.erased = 'everything' and c.closed_at < $1 and may_be_deleted(c.id, $1, $2)
             order by c.closed_at, c.id limit $3",
            before as Timestamp,
            i32::try_from(self.app.settings.retention.trail_years)?,
            MOST,
        )
        .fetch_all(&self.app.pool)
        .await
        .context("could not look for cases that are to be deleted")
    }

    /// Deletes the case in the caller's transaction; `None` where somebody did, or where it is no longer due.
    ///
    /// # Errors
    /// When the transaction is committed, where the line of the administrators' trail is missing.
    pub async fn delete(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        before: Timestamp,
    ) -> anyhow::Result<Option<Deleted>> {
        let years = self.app.settings.retention.trail_years;
        self.lock(connection, case).await?;
        let is_due = sqlx::query_scalar!(
            "select may_be_deleted($1, $2, $3)",
            case,
            before as Timestamp,
            i32::try_from(years)?,
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not ask whether the time of a case is over")?;
        if is_due != Some(true) {
            return Ok(None);
        }
        let row = sqlx::query!(
            r#"select number as "number!", event_count as "lines!", event_hash as "hash!", at as "at!: Timestamp"
             from delete_case($1, $2)"#,
            case,
            i16::try_from(years)?,
        )
        .fetch_one(connection)
        .await
        .context("could not delete a case")?;
        Ok(Some(Deleted { number: row.number, lines: row.lines, hash: row.hash, at: row.at, years }))
    }
}

/// What is left of the case with this number.
pub async fn find_tombstone(
    connection: &mut PgConnection,
    number: &CaseNumber,
) -> anyhow::Result<Option<Tombstone>> {
    sqlx::query_as!(
        Tombstone,
        "select number, at, rule, years from case_tombstones where number = $1",
        number.as_str(),
    )
    .fetch_optional(connection)
    .await
    .context("could not look for what is left of a case")
}

/// So many cases that were deleted last.
pub async fn list_tombstones(connection: &mut PgConnection, limit: i64) -> anyhow::Result<Vec<Tombstone>> {
    sqlx::query_as!(
        Tombstone,
        "select number, at, rule, years from case_tombstones order by at desc, number limit $1",
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list what was deleted lately")
}

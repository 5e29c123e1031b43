//! Which file the scanner looks at next, and what it found. A try that fails is made again later, ever more rarely.

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    files::Scan,
    scanner::Finding,
    vault::{Owner, Sealed},
};
use crate::clock::{Clock, Timestamp};

/// The waits double up to this.
const LONGEST_WAIT_SECONDS: f64 = 4.0 * 3600.0;

/// A file to be looked at.
#[derive(Debug)]
pub struct Claimed {
    pub owner: Owner,
    pub sealed: Sealed,
}

/// Takes the next file that is due. It is due again after a wait, from `lease_seconds` on, unless it is settled before:
/// a lease, measured by the clock of all workers.
pub async fn claim(pool: &PgPool, lease_seconds: f64, clock: &Clock) -> anyhow::Result<Option<Claimed>> {
    let row = sqlx::query!(
        r#"update evidence_files set scan_attempts = scan_attempts + 1,
             scan_due_at = coalesce($1, now()) + make_interval(secs => least($2 * power(2, least(scan_attempts, 20)), $3))
         where id = (select id from evidence_files where scan_due_at <= coalesce($1, now()) order by scan_due_at limit 1
             for update skip locked)
         returning id, case_id, key_id as "key_id!", nonce as "nonce!", content as "content!""#,
        clock.for_leases() as Option<Timestamp>,
        lease_seconds,
        LONGEST_WAIT_SECONDS,
    )
    .fetch_optional(pool)
    .await
    .context("could not look for files to scan")?;
    Ok(row.map(|row| Claimed {
        owner: Owner { file: row.id, case: row.case_id },
        sealed: Sealed { key_id: row.key_id, nonce: row.nonce, content: row.content },
    }))
}

/// Gives back a file whose scan was cut off: it is due again, and the try counts as none.
pub async fn give_back(pool: &PgPool, file: Uuid, clock: &Clock) -> anyhow::Result<()> {
    sqlx::query!(
        "update evidence_files set scan_due_at = coalesce($2, now()), scan_attempts = scan_attempts - 1
         where id = $1 and scan_due_at is not null and scan_attempts > 0",
        file,
        clock.for_leases() as Option<Timestamp>,
    )
    .execute(pool)
    .await
    .context("could not give a file back")?;
    Ok(())
}

/// Makes every file due that nobody ever looked at for want of a scanner; how many. Until they are looked at nobody opens them.
pub async fn make_up_for(pool: &PgPool, now: Timestamp) -> anyhow::Result<u64> {
    let due = sqlx::query!(
        "update evidence_files set scan = 'waiting', scanned_at = null, scan_attempts = 0, scan_due_at = $1
         where scan = 'unscanned' and content is not null",
        now as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not make unscanned files due")?;
    Ok(due.rows_affected())
}

/// Writes down what was found; infected bytes are deleted in the same breath. `false` where another worker was faster
/// or the bytes are gone.
pub async fn settle(
    connection: &mut PgConnection,
    file: Uuid,
    finding: &Finding,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let (scan, signature) = match finding {
        Finding::Clean => (Scan::Clean, None),
        Finding::Infected(signature) => (Scan::Infected, Some(signature.as_str())),
        Finding::Unscanned => (Scan::Unscanned, None),
    };
    let word: &str = scan.into();
    let settled = sqlx::query!(
        "update evidence_files set scan = $2, signature = $3, scanned_at = $4, scan_due_at = null,
             content = case when $5 then null else content end, key_id = case when $5 then null else key_id end,
             nonce = case when $5 then null else nonce end,
             deleted_at = case when $5 then $4::timestamptz end
         where id = $1 and scan = 'waiting' and content is not null",
        file,
        word,
        signature,
        now as Timestamp,
        scan == Scan::Infected,
    )
    .execute(connection)
    .await
    .context("could not settle a scan")?;
    Ok(settled.rows_affected() == 1)
}

/// How many files wait for a scanner that has failed before.
pub async fn count_failing(connection: &mut PgConnection) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from evidence_files where scan_due_at is not null and scan_attempts > 1"#
    )
    .fetch_one(connection)
    .await
    .context("could not count failed scans")
}

//! Messages that the mail server would not give, by UID: asked for again with a growing wait, so that none is lost. Talks to no
//! mail server.

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};

use crate::clock::Timestamp;

/// So many at a time: a server that refuses all of them must not keep us from what is new.
const AT_ONCE: i64 = 10;
/// The wait doubles from the first to the longest.
const FIRST_WAIT_SECONDS: f64 = 600.0;
const LONGEST_WAIT_SECONDS: f64 = 24.0 * 3600.0;

/// Asked for again from now on.
pub(super) async fn remember(
    connection: &mut PgConnection,
    mailbox: &str,
    validity: u32,
    uid: u32,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into unfetched_messages (mailbox, uid_validity, uid, next_try_at)
         values ($1, $2, $3, $4::timestamptz + make_interval(secs => $5)) on conflict do nothing",
        mailbox,
        i64::from(validity),
        i64::from(uid),
        now as Timestamp,
        FIRST_WAIT_SECONDS,
    )
    .execute(connection)
    .await
    .context("could not remember a message that was not given")?;
    Ok(())
}

/// Those that are due. Under another UIDVALIDITY the whole mailbox is read again, and these mean nothing.
pub(super) async fn list_due(
    pool: &PgPool,
    mailbox: &str,
    validity: u32,
    now: Timestamp,
) -> anyhow::Result<Vec<u32>> {
    let uids = sqlx::query_scalar!(
        "select uid from unfetched_messages
         where mailbox = $1 and uid_validity = $2 and next_try_at <= $3 order by next_try_at, uid limit $4",
        mailbox,
        i64::from(validity),
        now as Timestamp,
        AT_ONCE,
    )
    .fetch_all(pool)
    .await
    .context("could not look for messages that were not given")?;
    uids.into_iter().map(|uid| u32::try_from(uid).context("a UID is too large")).collect()
}

/// Before it is tried: a try may take the connection with it.
pub(super) async fn put_off(
    pool: &PgPool,
    mailbox: &str,
    validity: u32,
    uid: u32,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update unfetched_messages set failures = failures + 1, next_try_at = $4::timestamptz
             + make_interval(secs => least($5 * power(2, least(failures, 20)), $6))
         where mailbox = $1 and uid_validity = $2 and uid = $3",
        mailbox,
        i64::from(validity),
        i64::from(uid),
        now as Timestamp,
        FIRST_WAIT_SECONDS,
        LONGEST_WAIT_SECONDS,
    )
    .execute(pool)
    .await
    .context("could not put a message off")?;
    Ok(())
}

/// It came, or is gone.
pub(super) async fn remove(
    connection: &mut PgConnection,
    mailbox: &str,
    validity: u32,
    uid: u32,
) -> anyhow::Result<()> {
    sqlx::query!(
        "delete from unfetched_messages where mailbox = $1 and uid_validity = $2 and uid = $3",
        mailbox,
        i64::from(validity),
        i64::from(uid),
    )
    .execute(connection)
    .await
    .context("could not forget a message that came")?;
    Ok(())
}

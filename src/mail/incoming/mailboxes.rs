//! How far each mailbox has been read, and whether reading it works. Talks to no mail server.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::clock::Timestamp;

/// How far a mailbox has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub uid_validity: u32,
    /// Every message up to this one is stored, or remembered as one that was not given.
    pub last_uid: u32,
    /// The message that was to be fetched when collecting last broke off, and how often in a row it was that one.
    pub failing_uid: Option<u32>,
    pub failures: i32,
}

/// Where to go on. A new UIDVALIDITY makes all UIDs of before meaningless (RFC 3501 §2.3.1.1): back to the beginning.
pub(super) async fn load(pool: &PgPool, name: &str, validity: u32) -> anyhow::Result<Cursor> {
    let row = sqlx::query!(
        "insert into mailboxes (name, uid_validity) values ($1, $2)
         on conflict (name) do update set uid_validity = $2,
             last_uid = case when mailboxes.uid_validity = $2 then mailboxes.last_uid else 0 end,
             failing_uid = case when mailboxes.uid_validity = $2 then mailboxes.failing_uid end
         returning last_uid, failing_uid, failures",
        name,
        i64::from(validity),
    )
    .fetch_one(pool)
    .await
    .context("could not load how far the mailbox was read")?;
    Ok(Cursor {
        uid_validity: validity,
        last_uid: u32::try_from(row.last_uid).context("a UID is too large")?,
        failing_uid: row.failing_uid.and_then(|uid| u32::try_from(uid).ok()),
        failures: row.failures,
    })
}

/// Says which message comes next, before it can do any harm: one that always does is not tried for ever.
pub(super) async fn announce(pool: &PgPool, name: &str, cursor: &mut Cursor, uid: u32) -> anyhow::Result<()> {
    cursor.failures = if cursor.failing_uid == Some(uid) { cursor.failures.saturating_add(1) } else { 1 };
    cursor.failing_uid = Some(uid);
    sqlx::query!(
        "update mailboxes set failing_uid = $2, failures = $3 where name = $1",
        name,
        i64::from(uid),
        cursor.failures,
    )
    .execute(pool)
    .await
    .context("could not announce a message")?;
    Ok(())
}

/// Moves behind `uid`, in the transaction that stores it.
pub(super) async fn advance(
    connection: &mut PgConnection,
    name: &str,
    cursor: Cursor,
    uid: u32,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update mailboxes set last_uid = greatest(last_uid, $3), failing_uid = null, failures = 0
         where name = $1 and uid_validity = $2",
        name,
        i64::from(cursor.uid_validity),
        i64::from(uid),
    )
    .execute(connection)
    .await
    .context("could not move on in the mailbox")?;
    Ok(())
}

pub(super) async fn note_success(pool: &PgPool, name: &str, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "update mailboxes set collected_at = $2, failing_since = null, last_error = null where name = $1",
        name,
        now as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not note that the mailbox was read")?;
    Ok(())
}

pub(super) async fn note_failure(
    pool: &PgPool,
    name: &str,
    words: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into mailboxes (name, failing_since, last_error) values ($1, $2, $3)
         on conflict (name) do update set last_error = $3, failing_since = coalesce(mailboxes.failing_since, $2)",
        name,
        now as Timestamp,
        words.chars().filter(|c| *c != '\0').take(1000).collect::<String>(),
    )
    .execute(pool)
    .await
    .context("could not note that the mailbox was not read")?;
    Ok(())
}

/// How collecting a mailbox stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mailbox {
    /// user@host:port/folder
    pub name: String,
    /// When it was last read to its end.
    pub collected_at: Option<Timestamp>,
    pub failing_since: Option<Timestamp>,
    /// Ours or the mail server's words.
    pub last_error: Option<String>,
}

/// The mailbox of this name; `None` while nobody has tried to collect it.
pub async fn find(connection: &mut PgConnection, name: &str) -> anyhow::Result<Option<Mailbox>> {
    sqlx::query_as!(
        Mailbox,
        "select name, collected_at, failing_since, last_error from mailboxes where name = $1",
        name
    )
    .fetch_optional(connection)
    .await
    .context("could not look a mailbox up")
}

/// What is wrong with collecting.
#[derive(Clone, Debug, Serialize)]
pub struct CollectingTrouble {
    pub mailbox: String,
    pub failing_since: Timestamp,
    /// Ours or the mail server's words.
    pub last_error: String,
    pub collected_at: Option<Timestamp>,
}

/// Mailboxes that can't be collected at present.
pub async fn list_troubles(connection: &mut PgConnection) -> anyhow::Result<Vec<CollectingTrouble>> {
    sqlx::query_as!(
        CollectingTrouble,
        r#"select name as mailbox, failing_since as "failing_since!", coalesce(last_error, '') as "last_error!",
             collected_at
         from mailboxes where failing_since is not null order by failing_since"#
    )
    .fetch_all(connection)
    .await
    .context("could not look for failing mailboxes")
}

//! Inbound e-mails as staff see them: those that wait for a decision, and those that are filed.
//!
//! Decides nothing; a message waits until somebody releases or discards it, and its bytes stay either way.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool, types::Json};
use uuid::Uuid;

use crate::{clock::Timestamp, message::Attachment};

/// Bytes shown of a message that could not be read.
const EXCERPT: i32 = 4000;

/// A message that waits for staff.
#[derive(Clone, Debug, Serialize)]
pub struct SetAside {
    pub id: Uuid,
    pub received_at: Timestamp,
    /// A message key.
    pub reason: String,
    /// `None` where it could not be understood.
    pub kind: Option<String>,
    pub from_address: Option<String>,
    pub subject: Option<String>,
    /// Plain text: what was written, or the beginning of the bytes where nothing could be read.
    pub text: String,
    /// What it might be about.
    pub correlation: Option<Uuid>,
    /// Bytes of the whole message.
    pub size: i64,
    /// Words of [`crate::message::Remark`].
    pub remarks: Vec<String>,
    #[serde(skip)]
    pub attachments: Vec<Attachment>,
}

macro_rules! set_aside {
    ($row:expr) => {{
        let row = $row;
        SetAside {
            id: row.id,
            received_at: row.received_at,
            reason: row.reason,
            kind: row.kind,
            from_address: row.from_address,
            subject: row.subject,
            text: row
                .visible_text
                .unwrap_or_else(|| String::from_utf8_lossy(&row.beginning).replace('\0', "�")),
            correlation: row.correlation_id,
            size: row.size,
            remarks: row.remarks,
            attachments: row.attachments.0,
        }
    }};
}

/// The messages that have waited longest, from behind the message `after` on.
pub async fn list_set_aside(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> anyhow::Result<Vec<SetAside>> {
    let rows = sqlx::query!(
        r#"select id, received_at, coalesce(reason, '') as "reason!", kind, from_address, subject, visible_text,
             substr(raw, 1, $2) as "beginning!", correlation_id, size, remarks,
             attachments as "attachments: Json<Vec<Attachment>>"
         from inbound_emails where state in ('quarantined', 'parked')
             and ($3::uuid is null or (received_at, id) > (select received_at, id from inbound_emails where id = $3))
         order by received_at, id limit $1"#,
        limit,
        EXCERPT,
        after,
    )
    .fetch_all(connection)
    .await
    .context("could not list the quarantine")?;
    Ok(rows.into_iter().map(|row| set_aside!(row)).collect())
}

/// One message that waits; `None` where there is none, or somebody decided about it.
pub async fn find_set_aside(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<Option<SetAside>> {
    let row = sqlx::query!(
        r#"select id, received_at, coalesce(reason, '') as "reason!", kind, from_address, subject, visible_text,
             substr(raw, 1, $2) as "beginning!", correlation_id, size, remarks,
             attachments as "attachments: Json<Vec<Attachment>>"
         from inbound_emails where id = $1 and state in ('quarantined', 'parked')"#,
        id,
        EXCERPT,
    )
    .fetch_optional(connection)
    .await
    .context("could not read a message of the quarantine")?;
    Ok(row.map(|row| set_aside!(row)))
}

/// What became of a message, and who of the staff said so, in which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: String,
    pub settled_by: Option<Uuid>,
    pub note: Option<String>,
}

/// `None` where there is no such message.
pub async fn find_standing(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<Option<Standing>> {
    sqlx::query_as!(Standing, "select state, settled_by, note from inbound_emails where id = $1", id)
        .fetch_optional(connection)
        .await
        .context("could not look what became of a message")
}

/// How many messages wait for staff.
pub async fn count_set_aside(connection: &mut PgConnection) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from inbound_emails where state in ('quarantined', 'parked')"#
    )
    .fetch_one(connection)
    .await
    .context("could not count the quarantine")
}

/// How many of them could not even be read.
pub async fn count_parked(connection: &mut PgConnection) -> anyhow::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from inbound_emails where state = 'parked'"#)
        .fetch_one(connection)
        .await
        .context("could not count the parked messages")
}

/// The bytes as they came.
pub async fn find_source(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select raw from inbound_emails where id = $1", id)
        .fetch_optional(connection)
        .await
        .context("could not read an inbound e-mail")
}

/// Writes down that somebody saves a message, or one attachment of it, before they get it.
pub async fn note_download(
    pool: &PgPool,
    id: Uuid,
    part: Option<usize>,
    staff: Uuid,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into inbound_downloads (inbound_email_id, part, staff_id, at) values ($1, $2, $3, $4)",
        id,
        part.map(i32::try_from).transpose()?,
        staff,
        now as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not note a download")?;
    Ok(())
}

/// Who decides about a message that waits, and when.
#[derive(Clone, Copy, Debug)]
pub struct Decider {
    pub staff: Uuid,
    pub at: Timestamp,
    /// By which of their tokens, where it was a program.
    pub token: Option<Uuid>,
}

/// Files a waiting message under `correlation`, and gives back its subject; `None` where it no longer waits.
pub async fn release(
    connection: &mut PgConnection,
    id: Uuid,
    correlation: Uuid,
    sender: &str,
    by: Decider,
) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"update inbound_emails set state = 'filed', reason = null, correlation_id = $2, sender = $3, settled_by = $4,
             settled_at = $5, settled_with = $6
         where id = $1 and state in ('quarantined', 'parked')
         returning coalesce(subject, '') as "subject!""#,
        id,
        correlation,
        sender,
        by.staff,
        by.at as Timestamp,
        by.token,
    )
    .fetch_optional(connection)
    .await
    .context("could not release an inbound e-mail")
}

/// Discards a waiting message, with what staff say about it; `false` where it no longer waits.
pub async fn discard(
    connection: &mut PgConnection,
    id: Uuid,
    note: &str,
    by: Decider,
) -> anyhow::Result<bool> {
    let discarded = sqlx::query!(
        "update inbound_emails set state = 'discarded', note = $2, settled_by = $3, settled_at = $4, settled_with = $5
         where id = $1 and state in ('quarantined', 'parked')",
        id,
        note,
        by.staff,
        by.at as Timestamp,
        by.token,
    )
    .execute(connection)
    .await
    .context("could not discard an inbound e-mail")?;
    Ok(discarded.rows_affected() == 1)
}

/// Settles a waiting message as answered; `false` where it no longer waits. Who calls has written, or writes with it.
pub async fn settle_as_answered(
    connection: &mut PgConnection,
    id: Uuid,
    by: Decider,
) -> anyhow::Result<bool> {
    let answered = sqlx::query!(
        "update inbound_emails set state = 'answered', settled_by = $2, settled_at = $3, settled_with = $4
         where id = $1 and state in ('quarantined', 'parked')",
        id,
        by.staff,
        by.at as Timestamp,
        by.token,
    )
    .execute(connection)
    .await
    .context("could not settle an inbound e-mail as answered")?;
    Ok(answered.rows_affected() == 1)
}

/// A message that is filed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Filed {
    pub id: Uuid,
    pub received_at: Timestamp,
    pub kind: Option<String>,
    pub sender: String,
    pub from_address: Option<String>,
    pub subject: Option<String>,
    pub text: Option<String>,
    pub suggestion: Option<String>,
    /// Words of [`crate::message::Remark`].
    pub remarks: Vec<String>,
    /// Bytes of the whole message.
    pub size: i64,
    #[serde(skip_serializing)]
    pub attachments: Vec<Attachment>,
    /// Staff assigned it; its marks did not.
    pub released: bool,
    /// Of a bounce: the mail server is still trying.
    pub temporary: Option<bool>,
    /// Of a bounce: whom our e-mail did not reach.
    pub unreached: Option<String>,
}

/// Erases what became no case's and was settled before then, at most so many messages. That one came stays, with the hash of its
/// bytes: collected again, it is the same message.
pub async fn forget(connection: &mut PgConnection, before: Timestamp, most: i64) -> anyhow::Result<u64> {
    let erased = sqlx::query!(
        "update inbound_emails set raw = '', message_id = null,
             from_address = case when from_address is not null then 'erased@erased.invalid' end,
             subject = case when subject is not null then '—' end,
             visible_text = case when visible_text is not null then '—' end,
             note = case when note is not null then '—' end, client_ip = null, helo = null, envelope_from = null,
             attachments = '[]'
         where id in (select id from inbound_emails where correlation_id is null and state in ('discarded', 'answered')
             and raw <> '' and settled_at < $1 order by settled_at limit $2)",
        before as Timestamp,
        most,
    )
    .execute(connection)
    .await
    .context("could not erase messages that are nobody's")?;
    Ok(erased.rows_affected())
}

//! The outbox: e-mails frozen in the transaction of the change that caused them, until they are handed over.
//!
//! Sends nothing ([`super::deliver`] does) and knows nothing of cases. Law: an e-mail to Atlassian comes in through
//! [`enqueue_approved`] alone, and the database demands an approval of the very same bytes.

use anyhow::Context as _;
use opentelemetry::trace::SpanKind;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{code::Stamp, compose::Composed};
use crate::{
    calls::{self, CHANNEL, Topic},
    clock::Timestamp,
    telemetry::{self, Doing},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailState {
    Queued,
    Sent,
    Failed,
    Cancelled,
}

impl EmailState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(word: &str) -> anyhow::Result<Self> {
        [Self::Queued, Self::Sent, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == word)
            .with_context(|| format!("an e-mail is in the unknown state {word:?}"))
    }
}

/// Letters that one mailbox gets within an hour, whatever they are about: so that no mistake of ours, and no game with
/// a machine on the other side, floods it. One more goes an hour after the first of them.
const LETTERS_PER_HOUR: i64 = 20;

/// Puts an e-mail to a customer into the outbox, under the id of its stamp, and wakes the workers at commit. Returns its id.
pub async fn enqueue_to_customer(
    connection: &mut PgConnection,
    stamp: &Stamp,
    notification: &str,
    correlation: Option<Uuid>,
    email: &Composed,
    now: Timestamp,
) -> anyhow::Result<Uuid> {
    let about = (Some(stamp), correlation);
    enqueue(connection, ("customer", notification), about, None, email, now).await
}

/// Puts an e-mail to a member of staff into the outbox. It is about no case, so it stands in no timeline, and what comes back of
/// it proves nothing.
pub async fn enqueue_to_staff(
    connection: &mut PgConnection,
    stamp: &Stamp,
    notification: &str,
    email: &Composed,
    now: Timestamp,
) -> anyhow::Result<Uuid> {
    enqueue(connection, ("staff", notification), (Some(stamp), None), None, email, now).await
}

/// A letter as it was written.
#[derive(Clone, Debug)]
pub struct Written {
    pub notification: String,
    pub raw: Vec<u8>,
    /// It is held back, because its receiver gets too many.
    pub held_back: bool,
}

/// Every e-mail of `correlation`.
pub async fn list_ids(connection: &mut PgConnection, correlation: Uuid) -> anyhow::Result<Vec<Uuid>> {
    sqlx::query_scalar!("select id from emails where correlation_id = $1", correlation)
        .fetch_all(connection)
        .await
        .context("could not list the e-mails of a case")
}

/// The letters of `correlation` but `before`, in the order in which they were written.
pub async fn list_written(
    connection: &mut PgConnection,
    correlation: Uuid,
    before: &[Uuid],
) -> anyhow::Result<Vec<Written>> {
    sqlx::query_as!(
        Written,
        r#"select notification, coalesce(raw, '') as "raw!", state = 'cancelled' as "held_back!" from emails
         where correlation_id = $1 and audience = 'customer' and not id = any($2) order by id"#,
        correlation,
        before,
    )
    .fetch_all(connection)
    .await
    .context("could not read what was written")
}

/// One letter as it was written, by its id.
pub async fn find_written(connection: &mut PgConnection, email: Uuid) -> anyhow::Result<Written> {
    sqlx::query_as!(
        Written,
        r#"select notification, coalesce(raw, '') as "raw!", state = 'cancelled' as "held_back!" from emails
         where id = $1 and audience = 'customer'"#,
        email,
    )
    .fetch_one(connection)
    .await
    .context("could not read a letter")
}

/// What lets an e-mail go to Atlassian.
#[derive(Clone, Copy, Debug)]
pub struct Approval {
    pub id: Uuid,
    /// From then on the e-mail is not handed over any more.
    pub not_after: Option<Timestamp>,
}

/// Puts an approved e-mail to Atlassian into the outbox: the one way there. Fails where `approval` does not hold the
/// digest of exactly these bytes, or was used before. It bears no code: the bytes were approved before the e-mail had an id, and
/// hold nothing but what was approved.
pub async fn enqueue_approved(
    connection: &mut PgConnection,
    notification: &str,
    correlation: Uuid,
    approval: Approval,
    email: &Composed,
    now: Timestamp,
) -> anyhow::Result<Uuid> {
    let about = (None, Some(correlation));
    enqueue(connection, ("atlassian", notification), about, Some(approval), email, now).await
}

async fn enqueue(
    connection: &mut PgConnection,
    (audience, notification): (&str, &str),
    (stamp, correlation): (Option<&Stamp>, Option<Uuid>),
    approval: Option<Approval>,
    email: &Composed,
    now: Timestamp,
) -> anyhow::Result<Uuid> {
    let id = stamp.map_or_else(Uuid::now_v7, |stamp| stamp.id);
    let doing = Doing::part("queue e-mail", SpanKind::Producer);
    doing.say("handover.notification", notification.to_owned());
    // Its delivery goes on from here.
    let traceparent = doing.during(async { telemetry::traceparent() }).await;
    let put = sqlx::query!(
        "with put as (
             insert into emails (id, audience, notification, correlation_id, approval_id, message_id, envelope_from,
                 envelope_to, subject, language, raw, digest, next_attempt_at, created_at, not_after, code_tag, traceparent)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                 greatest($13, (select next_attempt_at + interval '1 hour' from emails
                     where $2 = 'customer' and audience = 'customer' and lower(envelope_to) = lower($8)
                         and state <> 'cancelled'
                     order by next_attempt_at desc offset $14 limit 1)), $13, $15, $16, $17)
             returning id)
         select pg_notify($18, $19) from put",
        id,
        audience,
        notification,
        correlation,
        approval.map(|approval| approval.id),
        email.message_id,
        email.envelope_from,
        email.envelope_to,
        email.subject,
        email.language.as_str(),
        email.raw,
        &email.digest,
        now as Timestamp,
        LETTERS_PER_HOUR - 1,
        approval.and_then(|approval| approval.not_after) as Option<Timestamp>,
        stamp.map(Stamp::tag),
        traceparent,
        CHANNEL,
        Topic::Outbox.as_str(),
    )
    .execute(connection)
    .await
    .context("could not put an e-mail into the outbox");
    if put.is_err() {
        doing.fail();
    }
    doing.end();
    put?;
    Ok(id)
}

/// Takes back everything for Atlassian about `correlation` that has not arrived, queued or failed, and returns how many
/// e-mails that were.
///
/// Also what a worker is handing over at this moment: that try can't be stopped, but it is the last one. If it succeeds,
/// the e-mail is `sent` after all and [`take_settled`] returns it; otherwise it stays cancelled. What was cancelled here is
/// known to the caller, so [`take_settled`] leaves it out.
pub async fn cancel_approved(
    connection: &mut PgConnection,
    correlation: Uuid,
    now: Timestamp,
) -> anyhow::Result<u64> {
    let cancelled = sqlx::query!(
        "with cancelled as (
             update emails set state = 'cancelled', settled_at = $2, noticed_at = $2
             where correlation_id = $1 and audience = 'atlassian' and state in ('queued', 'failed')
             returning id, attempts
         )
         insert into deliveries (email_id, attempt, at, outcome, response)
         select id, attempts, $2, 'cancelled', '' from cancelled",
        correlation,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not cancel e-mails")?;
    Ok(cancelled.rows_affected())
}

/// Puts off telling of a settled e-mail that could not be passed on.
pub async fn defer_notice(pool: &PgPool, email: Uuid, now: Timestamp) -> anyhow::Result<()> {
    let later = now.after(jiff::SignedDuration::from_mins(10));
    sqlx::query!("update emails set notice_after = $2 where id = $1", email, later as Timestamp)
        .execute(pool)
        .await
        .context("could not put a delivery off")?;
    Ok(())
}

/// Queues a failed e-mail again: the same bytes, with all its tries ahead. `false` where it has not failed.
pub async fn retry(connection: &mut PgConnection, email: Uuid, now: Timestamp) -> anyhow::Result<bool> {
    let queued = sqlx::query!(
        "update emails set state = 'queued', attempts = 0, next_attempt_at = $2, settled_at = null, noticed_at = null,
             seen_at = null, seen_by = null
         where id = $1 and state = 'failed' and raw is not null",
        email,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not queue an e-mail again")?;
    calls::call(connection, Topic::Outbox).await?;
    Ok(queued.rows_affected() == 1)
}

/// A settled e-mail that nobody has noticed yet; for Atlassian, and where it failed, with what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Unnoticed {
    pub email: Uuid,
    pub about: Option<Uuid>,
}

/// The next settled e-mail that nobody has noticed yet. What another transaction is noticing is skipped; the lock that finds
/// it out ends with this statement, so that the caller can lock what the e-mail is about before the e-mail.
pub async fn find_settled(pool: &PgPool, now: Timestamp) -> anyhow::Result<Option<Unnoticed>> {
    sqlx::query_as!(
        Unnoticed,
        r#"select id as email, case when audience = 'atlassian' or state = 'failed' then correlation_id end as about from emails
         where settled_at is not null and noticed_at is null and (notice_after is null or notice_after <= $1)
         order by settled_at, id limit 1 for update skip locked"#,
        now as Timestamp,
    )
    .fetch_optional(pool)
    .await
    .context("could not look for settled e-mails")
}

/// An e-mail whose fate is known.
#[derive(Clone, Debug)]
pub struct Settled {
    pub email: Uuid,
    pub correlation: Option<Uuid>,
    pub atlassian: bool,
    pub notification: String,
    /// [`EmailState::Sent`] or [`EmailState::Failed`].
    pub state: EmailState,
    /// The mail server's last words.
    pub response: String,
    pub at: Timestamp,
}

/// What became of a settled e-mail, marked as noticed in the caller's transaction: rolled back, it comes again. `None` where
/// somebody else has noticed it, or it waits again. The caller holds the lock of what it is about already.
pub async fn take_settled(
    connection: &mut PgConnection,
    email: Uuid,
    now: Timestamp,
) -> anyhow::Result<Option<Settled>> {
    let row = sqlx::query!(
        r#"update emails set noticed_at = $1
         where id = $2 and settled_at is not null and noticed_at is null
             and (notice_after is null or notice_after <= $1)
         returning id, correlation_id, audience = 'atlassian' as "atlassian!", notification, state,
             settled_at as "settled_at!",
             (select response from deliveries where email_id = emails.id order by id desc limit 1) as response"#,
        now as Timestamp,
        email,
    )
    .fetch_optional(connection)
    .await
    .context("could not take a settled e-mail")?;
    row.map(|row| {
        Ok(Settled {
            email: row.id,
            correlation: row.correlation_id,
            atlassian: row.atlassian,
            notification: row.notification,
            state: EmailState::parse(&row.state)?,
            response: row.response.unwrap_or_default(),
            at: row.settled_at,
        })
    })
    .transpose()
}

/// The bytes of an e-mail to Atlassian, for staff to look at. A customer's holds secret links and is never shown.
pub async fn find_raw(connection: &mut PgConnection, email: Uuid) -> anyhow::Result<Option<Vec<u8>>> {
    let raw = sqlx::query_scalar!("select raw from emails where id = $1 and audience = 'atlassian'", email)
        .fetch_optional(connection)
        .await
        .context("could not read an e-mail")?;
    Ok(raw.flatten())
}

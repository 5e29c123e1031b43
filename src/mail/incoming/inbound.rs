//! Inbound e-mails: stored raw before anybody tries to understand them, then settled once.
//!
//! Knows messages, not cases: what one is about and who wrote it are words that mean nothing here. What was stored
//! never changes and is never deleted; a message that nobody can settle is parked, shown, and blocks no other (law 5).

use anyhow::Context as _;
use jiff::SignedDuration;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::{
    calls::{self, Topic},
    clock::{Clock, Timestamp},
    message::{Kind, Remark, Said, Understanding, envelope::Envelope},
    token::sha256,
};

/// A worker that takes longer over a message is taken for dead.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Workers a message may take with it before it is parked.
const MAX_ATTEMPTS: i32 = 3;
/// Characters of what was understood that are kept beside the raw bytes.
const LONGEST_FIELD: usize = 1000;
const LONGEST_TEXT: usize = 100_000;

/// The way a message came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Collected from a mailbox.
    Imap,
    /// Handed to `handover mail ingest`.
    Pipe,
}

impl Source {
    fn as_str(self) -> &'static str {
        match self {
            Self::Imap => "imap",
            Self::Pipe => "pipe",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InboundState {
    /// Not looked at yet.
    Stored,
    /// Belongs to what its correlation says.
    Filed,
    /// No rule could assign it with certainty.
    Quarantined,
    /// Looked at and of no use.
    Discarded,
    /// Could not be read to its end.
    Parked,
    /// Belongs to nothing, and staff wrote to its author.
    Answered,
}

/// Keeps a message as it came, and wakes the workers at commit. `false` where these very bytes are here already.
pub async fn store(
    connection: &mut PgConnection,
    source: Source,
    raw: &[u8],
    now: Timestamp,
) -> anyhow::Result<bool> {
    insert(connection, source, raw, raw.len(), None, &Envelope::default(), now).await
}

/// As [`store`], with what the mail server tells of the conversation in which it got the message.
pub async fn store_piped(
    connection: &mut PgConnection,
    raw: &[u8],
    envelope: &Envelope,
    now: Timestamp,
) -> anyhow::Result<bool> {
    insert(connection, Source::Pipe, raw, raw.len(), None, envelope, now).await
}

/// Keeps what there is of a message that could not be taken in whole: parked for `reason`, a message key.
pub async fn store_parked(
    connection: &mut PgConnection,
    source: Source,
    raw: &[u8],
    size: usize,
    reason: &str,
    now: Timestamp,
) -> anyhow::Result<bool> {
    insert(connection, source, raw, size, Some(reason), &Envelope::default(), now).await
}

async fn insert(
    connection: &mut PgConnection,
    source: Source,
    raw: &[u8],
    size: usize,
    parked: Option<&str>,
    envelope: &Envelope,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let state = if parked.is_some() { InboundState::Parked } else { InboundState::Stored };
    let (state, hash): (&str, _) = (state.into(), sha256(raw));
    let stored = sqlx::query!(
        "insert into inbound_emails (id, content_hash, source, received_at, raw, size, state, reason, settled_at, client_ip,
             helo, envelope_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, case when $7 = 'stored' then null else $4::timestamptz end, $9, $10,
             $11)
         on conflict (content_hash) do nothing",
        Uuid::now_v7(),
        hash.as_slice(),
        source.as_str(),
        now as Timestamp,
        raw,
        i64::try_from(size).unwrap_or(i64::MAX),
        state,
        parked,
        envelope.client_ip.map(|ip| ip.to_string()),
        field(envelope.helo.as_deref()),
        field(envelope.mail_from.as_deref()),
    )
    .execute(&mut *connection)
    .await
    .context("could not store an inbound e-mail")?;
    calls::call(connection, Topic::Inbound).await?;
    Ok(stored.rows_affected() == 1)
}

/// A message that one worker looks at for the time of its lease.
#[derive(Clone)]
pub struct Claimed {
    pub id: Uuid,
    pub raw: Vec<u8>,
    pub received_at: Timestamp,
    pub envelope: Envelope,
    attempt: i32,
    /// The message took its workers with it, one after another.
    pub hopeless: bool,
}

/// Leases the message that has waited longest. One statement, so one short transaction: whatever the message does to
/// its worker, the next one gets another message first.
pub async fn claim(pool: &PgPool, clock: &Clock) -> anyhow::Result<Option<Claimed>> {
    let row = sqlx::query!(
        "update inbound_emails set claimed_until = coalesce($1, now()) + make_interval(secs => $2),
             attempts = attempts + 1
         where id = (select id from inbound_emails
             where state = 'stored' and (claimed_until is null or claimed_until <= coalesce($1, now()))
             order by attempts, received_at, id limit 1 for update skip locked)
         returning id, raw, received_at, attempts, client_ip, helo, envelope_from",
        clock.for_leases() as Option<Timestamp>,
        LEASE.as_secs_f64(),
    )
    .fetch_optional(pool)
    .await
    .context("could not claim an inbound e-mail")?;
    Ok(row.map(|row| Claimed {
        id: row.id,
        raw: row.raw,
        received_at: row.received_at,
        envelope: Envelope {
            client_ip: row.client_ip.and_then(|ip| ip.parse().ok()),
            helo: row.helo,
            mail_from: row.envelope_from,
        },
        attempt: row.attempts,
        hopeless: row.attempts > MAX_ATTEMPTS,
    }))
}

/// Gives a claimed message back; after `pause` it is looked at again. That counts as no attempt.
pub async fn postpone(
    pool: &PgPool,
    claimed: &Claimed,
    clock: &Clock,
    pause: SignedDuration,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update inbound_emails set claimed_until = coalesce($3, now()) + make_interval(secs => $4),
             attempts = attempts - 1
         where id = $1 and state = 'stored' and attempts = $2",
        claimed.id,
        claimed.attempt,
        clock.for_leases() as Option<Timestamp>,
        pause.as_secs_f64(),
    )
    .execute(pool)
    .await
    .context("could not put an inbound e-mail off")?;
    Ok(())
}

/// How many letters by this author were filed since `since`, bounces not counted; of one correlation, or of all.
pub async fn count_filed_from(
    connection: &mut PgConnection,
    author: &str,
    correlation: Option<Uuid>,
    since: Timestamp,
) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from inbound_emails
         where lower(from_address) = lower($1) and received_at > $2 and state = 'filed' and kind <> 'bounce'
             and ($3::uuid is null or correlation_id = $3)"#,
        author,
        since as Timestamp,
        correlation,
    )
    .fetch_one(connection)
    .await
    .context("could not count an author's letters")
}

/// What a machine said of whom it answers for, in what was filed under `correlation` since `since`: an absence before all else,
/// else the last. Whoever understands
/// messages keeps such a word only where it was authentic and answered the letter it is asked about.
pub async fn find_said(
    connection: &mut PgConnection,
    correlation: Uuid,
    since: Timestamp,
) -> anyhow::Result<Option<(Said, Timestamp)>> {
    let row = sqlx::query!(
        r#"select suggestion as "suggestion!", received_at as "at: Timestamp" from inbound_emails
         where correlation_id = $1 and state = 'filed' and kind = 'auto_reply' and suggestion in ('left', 'absent') and settled_by is null and received_at >= $2
         order by (suggestion = 'absent') desc, received_at desc, id desc limit 1"#,
        correlation,
        since as Timestamp,
    )
    .fetch_optional(connection)
    .await
    .context("could not look for what a mailbox says of its owner")?;
    Ok(row.and_then(|row| Some((Said::parse(&row.suggestion)?, row.at))))
}

/// What became of a message, in words of whoever understood it.
#[derive(Clone, Copy, Debug)]
pub struct Settlement<'a> {
    pub state: InboundState,
    /// A message key; needed for every state but [`InboundState::Filed`].
    pub reason: Option<&'a str>,
    pub correlation: Option<Uuid>,
    pub sender: Option<&'a str>,
    pub suggestion: Option<&'a str>,
    /// Our e-mail that it answers or sends back.
    pub answers: Option<Uuid>,
    /// A link of ours stood in it.
    pub held_link: bool,
    /// `None` where it could not be understood.
    pub understood: Option<&'a Understanding>,
}

/// Settles a claimed message; `false` where the claim is no longer the worker's, and nothing has changed then.
pub async fn settle(
    connection: &mut PgConnection,
    claimed: &Claimed,
    settlement: Settlement<'_>,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let state: &str = settlement.state.into();
    let understood = settlement.understood;
    let text = understood.map(|message| storable(&message.visible_text, LONGEST_TEXT));
    let mut remarks =
        understood.map(|message| remarks(message, text.as_deref().unwrap_or_default())).unwrap_or_default();
    remarks.extend(settlement.held_link.then(|| HELD_LINK.to_owned()));
    let attachments = understood.map(|message| message.attachments.as_slice()).unwrap_or_default();
    let from = understood.and_then(|message| message.from.as_ref()).and_then(|from| from.address.as_deref());
    let settled = sqlx::query!(
        "update inbound_emails set state = $3, reason = $4, correlation_id = $5, sender = $6, suggestion = $7,
             answers_email_id = $8, kind = $9, message_id = $10, from_address = $11, subject = $12, visible_text = $13,
             settled_at = $14, claimed_until = null, remarks = $15, attachments = $16
         where id = $1 and state = 'stored' and attempts = $2",
        claimed.id,
        claimed.attempt,
        state,
        settlement.reason,
        settlement.correlation,
        settlement.sender,
        settlement.suggestion,
        settlement.answers,
        understood.map(|message| kind_word(message.kind)),
        understood.and_then(|message| field(message.message_id.as_deref())),
        field(from),
        understood.and_then(|message| field(message.subject.as_deref())),
        text,
        now as Timestamp,
        &remarks,
        serde_json::to_value(attachments)?,
    )
    .execute(connection)
    .await
    .context("could not settle an inbound e-mail")?;
    Ok(settled.rows_affected() == 1)
}

/// What is remarked of a message in which a link of ours stood.
const HELD_LINK: &str = "held_link";

/// What a reader should know of the text that is kept.
fn remarks(message: &Understanding, text: &str) -> Vec<String> {
    let is_longer = text.len() < message.visible_text.len() && !message.remarks.contains(&Remark::CutShort);
    let remarks = message.remarks.iter().copied().chain(is_longer.then_some(Remark::CutShort));
    remarks.map(|remark| remark.as_str().to_owned()).collect()
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Reply => "reply",
        Kind::Bounce => "bounce",
        Kind::AutoReply => "auto_reply",
        Kind::Other => "other",
    }
}

fn field(text: Option<&str>) -> Option<String> {
    text.map(|text| storable(text, LONGEST_FIELD))
}

/// Of bounded length; PostgreSQL takes no NUL.
fn storable(text: &str, longest: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(longest).collect()
}

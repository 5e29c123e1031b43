//! Our e-mails as people see them: where each stands, what mail servers said, try by try. Changes nothing.
//!
//! Mail to staff stands on no such page: whom it did not reach is told at `/desk/notifications`.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::outbox::EmailState;
use crate::clock::Timestamp;

/// An e-mail as people see it on a page.
#[derive(Clone, Debug, Serialize)]
pub struct ListedEmail {
    pub id: Uuid,
    /// What it is about.
    pub correlation: Option<Uuid>,
    pub notification: String,
    pub atlassian: bool,
    pub envelope_to: String,
    pub subject: String,
    /// `None` where it stands there in a word that this program does not know.
    pub state: Option<EmailState>,
    /// A mail server sent it back for good, after ours had handed it over.
    pub bounced: bool,
    pub attempts: i32,
    pub next_attempt_at: Timestamp,
    /// A worker is handing it over.
    pub leased: bool,
    /// The mail server's last words; `None` before the first try came to an end.
    pub response: Option<String>,
    pub created_at: Timestamp,
    pub settled_at: Option<Timestamp>,
    /// When staff said that they know it did not arrive.
    pub seen_at: Option<Timestamp>,
    /// Another one was written in its place.
    pub replaced: bool,
}

impl ListedEmail {
    /// Whether it did not arrive, as far as anybody knows.
    pub fn is_dead(&self) -> bool {
        self.state == Some(EmailState::Failed) || (self.bounced && self.state == Some(EmailState::Sent))
    }
}

/// An e-mail as it is stored.
#[derive(Debug, Deserialize)]
pub(in crate::mail) struct Row {
    id: Uuid,
    correlation: Option<Uuid>,
    notification: String,
    atlassian: bool,
    envelope_to: String,
    subject: String,
    state: String,
    bounced: bool,
    attempts: i32,
    next_attempt_at: Timestamp,
    leased: bool,
    response: Option<String>,
    created_at: Timestamp,
    settled_at: Option<Timestamp>,
    seen_at: Option<Timestamp>,
    replaced: bool,
}

impl From<Row> for ListedEmail {
    /// One that can't be read is shown as such and takes no other with it.
    fn from(row: Row) -> Self {
        let state = EmailState::parse(&row.state);
        if let Err(error) = &state {
            tracing::error!(email_id = %row.id, error = format!("{error:#}"), "a stored e-mail can't be read");
        }
        Self {
            id: row.id,
            correlation: row.correlation,
            notification: row.notification,
            atlassian: row.atlassian,
            envelope_to: row.envelope_to,
            subject: row.subject,
            state: state.ok(),
            bounced: row.bounced,
            attempts: row.attempts,
            next_attempt_at: row.next_attempt_at,
            leased: row.leased,
            response: row.response,
            created_at: row.created_at,
            settled_at: row.settled_at,
            seen_at: row.seen_at,
            replaced: row.replaced,
        }
    }
}

/// All e-mails about `correlation`, oldest first. `leases` here and below as [`crate::clock::Clock::for_leases`] says: whether a
/// worker hands one over.
pub async fn list_for(
    connection: &mut PgConnection,
    correlation: Uuid,
    leases: Option<Timestamp>,
) -> anyhow::Result<Vec<ListedEmail>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, correlation_id as correlation, notification, audience = 'atlassian' as "atlassian!", envelope_to,
             subject, state, attempts, next_attempt_at, created_at, settled_at, seen_at,
             coalesce(claimed_until > coalesce($2, now()), false) as "leased!", replaced_by is not null as "replaced!",
             returned as "bounced!",
             (select response from deliveries where email_id = emails.id order by id desc limit 1) as response
         from emails where correlation_id = $1 order by created_at, id"#,
        correlation,
        leases as Option<Timestamp>,
    )
    .fetch_all(connection)
    .await
    .context("could not list e-mails")?;
    Ok(rows.into_iter().map(ListedEmail::from).collect())
}

/// Which e-mails of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, IntoStaticStr, EnumString, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Shelf {
    /// That did not arrive, and nobody has looked at them.
    #[default]
    Open,
    /// That are to be sent.
    Waiting,
    /// All that did not arrive.
    Dead,
}

/// The newest e-mails of a shelf that were queued before the e-mail `before`. `quiet`: notifications that are no news
/// when they do not arrive, and so are not open.
pub async fn list_shelf(
    connection: &mut PgConnection,
    shelf: Shelf,
    quiet: &Quiet,
    before: Option<Uuid>,
    limit: i64,
    leases: Option<Timestamp>,
) -> anyhow::Result<Vec<ListedEmail>> {
    let rows = match shelf {
        Shelf::Waiting => list_waiting(connection, before, limit, leases).await,
        Shelf::Open | Shelf::Dead => {
            list_dead(connection, (shelf == Shelf::Open).then_some(quiet), before, limit).await
        }
    };
    let rows = rows.context("could not list the e-mails of all cases")?;
    Ok(rows.into_iter().map(ListedEmail::from).collect())
}

async fn list_waiting(
    connection: &mut PgConnection,
    before: Option<Uuid>,
    limit: i64,
    leases: Option<Timestamp>,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select id, correlation_id as correlation, notification, audience = 'atlassian' as "atlassian!", envelope_to,
             subject, state, attempts, next_attempt_at, created_at, settled_at, seen_at,
             coalesce(claimed_until > coalesce($3, now()), false) as "leased!", replaced_by is not null as "replaced!",
             false as "bounced!",
             (select response from deliveries where email_id = emails.id order by id desc limit 1) as response
         from emails where state = 'queued' and audience <> 'staff' and ($1::uuid is null or id < $1) order by id desc limit $2"#,
        before,
        limit,
        leases as Option<Timestamp>,
    )
    .fetch_all(connection)
    .await
}

/// Letters that were given up or came back, or of which nobody can tell; with `unseen`, those that somebody has to look at. Each is
/// read along its index.
async fn list_dead(
    connection: &mut PgConnection,
    unseen: Option<&Quiet>,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    let ids: Vec<Uuid> = match unseen {
        Some(quiet) => {
            sqlx::query_scalar!(
                "select id from emails
                 where seen_at is null and audience <> 'staff'
                     and (state = 'failed' and notification <> 'confirmation_request'
                         or returned and notification not in ('confirmation_request', 'departed_notice')
                         or state not in ('queued', 'sent', 'failed', 'cancelled'))
                     and (state = 'failed' and notification <> all ($2) or returned and notification <> all ($3)
                         or state not in ('queued', 'sent', 'failed', 'cancelled'))
                     and id < coalesce($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
                 order by id desc limit $4",
                before,
                &quiet.failed,
                &quiet.returned,
                limit,
            )
            .fetch_all(&mut *connection)
            .await?
        }
        None => {
            sqlx::query_scalar!(
                "select id from emails
                 where (state = 'failed' or returned or state not in ('queued', 'sent', 'failed', 'cancelled'))
                     and audience <> 'staff' and id < coalesce($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
                 order by id desc limit $2",
                before,
                limit,
            )
            .fetch_all(&mut *connection)
            .await?
        }
    };
    sqlx::query_as!(
        Row,
        r#"select id, correlation_id as correlation, notification, audience = 'atlassian' as "atlassian!", envelope_to,
             subject, state, attempts, next_attempt_at, created_at, settled_at, seen_at,
             false as "leased!", replaced_by is not null as "replaced!", returned as "bounced!",
             (select response from deliveries where email_id = emails.id order by id desc limit 1) as response
         from emails where id = any(array(select unnest($1::uuid[]))) order by id desc"#,
        &ids,
    )
    .fetch_all(connection)
    .await
}

/// Notifications whose e-mails may fail, or come back, without anybody having to look. Those that pile up, requests to confirm and notices to
/// who has left, are named in the statements too, so that an index leaves them out.
#[derive(Clone, Debug, Default)]
pub struct Quiet {
    pub failed: Vec<String>,
    pub returned: Vec<String>,
}

/// How many e-mails did not arrive without anybody having looked.
pub async fn count_open(connection: &mut PgConnection, quiet: &Quiet) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from emails
         where seen_at is null and audience <> 'staff'
             and (state = 'failed' and notification <> 'confirmation_request'
                 or returned and notification not in ('confirmation_request', 'departed_notice')
                 or state not in ('queued', 'sent', 'failed', 'cancelled'))
             and (state = 'failed' and notification <> all ($1) or returned and notification <> all ($2)
                 or state not in ('queued', 'sent', 'failed', 'cancelled'))"#,
        &quiet.failed,
        &quiet.returned,
    )
    .fetch_one(connection)
    .await
    .context("could not count undelivered e-mails")
}

/// One thing that happened to an e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    #[serde(skip_serializing)]
    pub email: Uuid,
    pub at: Timestamp,
    /// `sent`, `deferred`, `refused`, `failed`, `cancelled`; `delayed` or `bounced` by a mail server further on.
    pub outcome: String,
    /// The mail server's words.
    pub words: String,
}

/// All that happened to these e-mails, in order.
pub async fn list_happenings(
    connection: &mut PgConnection,
    emails: &[Uuid],
) -> anyhow::Result<Vec<Happening>> {
    sqlx::query_as!(
        Happening,
        r#"select email_id as "email!", at as "at!: Timestamp", outcome as "outcome!", response as "words!"
         from deliveries where email_id = any(array(select unnest($1::uuid[])))
         union all
         select email_id, at, case when temporary then 'delayed' else 'bounced' end, array_to_string(statuses, ' ')
         from bounces where email_id = any(array(select unnest($1::uuid[])))
         order by 2"#,
        emails,
    )
    .fetch_all(connection)
    .await
    .context("could not list what happened to e-mails")
}

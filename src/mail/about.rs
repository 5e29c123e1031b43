//! All mail about one thing, as a page shows it: what we wrote and what happened to it, and what came in. One statement.
//!
//! Each list is as `outgoing::listed` reads it alone, row for row; no bytes of a message. Changes nothing.

use anyhow::Context as _;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{
    incoming::quarantine::Filed,
    outgoing::listed::{Happening, ListedEmail, Row},
};
use crate::clock::Timestamp;

/// The mail about one thing.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Oldest first.
    pub emails: Vec<ListedEmail>,
    /// What happened to them, in order.
    pub happenings: Vec<Happening>,
    /// What is filed there, latest first.
    pub filed: Vec<Filed>,
    /// So many messages in quarantine might be about it: they name it, and nothing shows that whoever wrote them may.
    pub set_aside: i64,
}

/// `leases` as [`crate::clock::Clock::for_leases`] says: whether a worker hands an e-mail over.
pub async fn read(
    connection: &mut PgConnection,
    correlation: Uuid,
    leases: Option<Timestamp>,
) -> anyhow::Result<Mail> {
    let row = sqlx::query!(
        r#"select
             (select coalesce(json_agg(m order by m.created_at, m.id), '[]') from (
                 select id, correlation_id as correlation, notification, audience = 'atlassian' as atlassian, envelope_to, subject,
                     state, attempts, next_attempt_at, created_at, settled_at, seen_at,
                     coalesce(claimed_until > coalesce($2, now()), false) as leased, replaced_by is not null as replaced,
                     returned as bounced,
                     (select response from deliveries where email_id = emails.id order by id desc limit 1) as response
                 from emails where correlation_id = $1) m) as "emails!: Json<Vec<Row>>",
             (select coalesce(json_agg(h order by h.at), '[]') from (
                 select d.email_id as email, d.at, d.outcome, d.response as words
                 from emails e join deliveries d on d.email_id = e.id where e.correlation_id = $1
                 union all
                 select b.email_id, b.at, case when b.temporary then 'delayed' else 'bounced' end, array_to_string(b.statuses, ' ')
                 from emails e join bounces b on b.email_id = e.id where e.correlation_id = $1) h)
                 as "happenings!: Json<Vec<Happening>>",
             (select coalesce(json_agg(f order by f.received_at desc, f.id desc), '[]') from (
                 select i.id, i.received_at, i.kind, coalesce(i.sender, '') as sender, i.from_address, i.subject,
                     i.visible_text as text, i.suggestion, i.remarks, i.size, i.attachments, i.settled_by is not null as released,
                     b.temporary, e.envelope_to as unreached
                 from inbound_emails i
                     left join bounces b on b.inbound_email_id = i.id
                     left join emails e on e.id = b.email_id
                 where i.correlation_id = $1 and i.state = 'filed') f) as "filed!: Json<Vec<Filed>>",
             (select count(*) from inbound_emails
                 where correlation_id = $1 and state in ('quarantined', 'parked')) as "set_aside!""#,
        correlation,
        leases as Option<Timestamp>,
    )
    .fetch_one(connection)
    .await
    .context("could not read the mail about something")?;
    Ok(Mail {
        emails: row.emails.0.into_iter().map(ListedEmail::from).collect(),
        happenings: row.happenings.0,
        filed: row.filed.0,
        set_aside: row.set_aside,
    })
}

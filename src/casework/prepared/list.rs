//! What was prepared, as staff see it: by whom, for whom, how its last letter fared, what came of it. Never a link.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::{actor::StaffId, prepared::Standing},
    clock::Timestamp,
    lang::Language,
};

/// One line of the list.
#[derive(Clone, Debug, Serialize)]
pub struct ListedPrepared {
    pub id: Uuid,
    pub standing: Standing,
    pub prepared_at: Timestamp,
    pub prepared_by: String,
    /// By whoever looks at the list.
    pub mine: bool,
    /// `None` once it was forgotten.
    pub to: Option<String>,
    pub company: Option<String>,
    pub expires_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    /// The number of the case that came of it.
    pub number: Option<String>,
    /// The message that it was prepared from.
    pub message: Option<Uuid>,
    pub letters: i64,
    /// The last letter did not arrive.
    pub undelivered: bool,
    /// The link in it came back to us, and no other took its place.
    pub came_back: bool,
    /// It was not handed over yet.
    pub queued: bool,
    /// The mail server's last words about it.
    pub response: Option<String>,
}

/// The newest, from behind `before` on. One statement.
pub async fn list_prepared(
    connection: &mut PgConnection,
    (viewer, before): (StaffId, Option<Uuid>),
    limit: i64,
    now: Timestamp,
) -> anyhow::Result<Vec<ListedPrepared>> {
    let rows = sqlx::query!(
        r#"select p.id, p.prepared_at, p.prepared_by, s.name, p.requester_email, p.fields ->> 'company' as company,
             p.expires_at, p.withdrawn_at, p.completed_at, p.inbound_email_id, c.number as "number?",
             (select count(*) from prepared_letters where prepared_id = p.id) as "letters!",
             coalesce(last.undelivered, false) as "undelivered!", coalesce(last.queued, false) as "queued!", last.response,
             coalesce(last.came_back, false) as "came_back!"
         from prepared_requests p join staff s on s.id = p.prepared_by
             left join cases c on c.id = p.case_id
             left join lateral (
                 select e.state = 'failed' or exists (select from bounces where email_id = e.id and not temporary)
                         as undelivered,
                     e.state = 'queued' as queued,
                     exists (select from returned_links where token_hash = l.token_hash) as came_back,
                     (select response from deliveries where email_id = e.id order by id desc limit 1) as response
                 from prepared_letters l join emails e on e.id = l.email_id
                 where l.prepared_id = p.id order by l.at desc, e.id desc limit 1) last on true
         where $1::uuid is null
             or (p.prepared_at, p.id) < (select prepared_at, id from prepared_requests where id = $1)
         order by p.prepared_at desc, p.id desc limit $2"#,
        before,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list what was prepared")?;
    let listed = rows.into_iter().map(|row| ListedPrepared {
        id: row.id,
        standing: Standing::of(row.expires_at, row.withdrawn_at.is_some(), row.completed_at.is_some(), now),
        prepared_at: row.prepared_at,
        prepared_by: row.name,
        mine: row.prepared_by == viewer.0,
        to: row.requester_email,
        company: row.company,
        expires_at: row.expires_at,
        withdrawn_at: row.withdrawn_at,
        completed_at: row.completed_at,
        number: row.number,
        message: row.inbound_email_id,
        letters: row.letters,
        undelivered: row.undelivered,
        came_back: row.came_back,
        queued: row.queued,
        response: row.response,
    });
    Ok(listed.collect())
}

/// Whether there is something prepared under this id, whatever became of it.
pub async fn is_prepared(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from prepared_requests where id = $1) as "is!""#, id)
        .fetch_one(connection)
        .await
        .context("could not look for what was prepared")
}

/// What was written down, to be prepared anew.
#[derive(Clone, Debug)]
pub struct Written {
    pub fields: BTreeMap<String, String>,
    pub language: Language,
}

/// `None` where it was forgotten, or written by somebody else: whoever sends a colleague's words as their own would hide that
/// the colleague had a hand in the case.
pub async fn find_own(
    connection: &mut PgConnection,
    id: Uuid,
    staff: StaffId,
) -> anyhow::Result<Option<Written>> {
    let row = sqlx::query!(
        r#"select fields as "fields!", language from prepared_requests where id = $1 and prepared_by = $2 and fields is not null"#,
        id,
        staff.0,
    )
    .fetch_optional(connection)
    .await
    .context("could not read what was prepared")?;
    row.map(|row| {
        Ok(Written {
            fields: serde_json::from_value(row.fields).context("what was prepared")?,
            language: Language::parse(&row.language).context("unknown language")?,
        })
    })
    .transpose()
}

//! The audit trail: append, list. Each line carries the hash of the one before it, per case, and the digests of the rows that
//! it rests on (`digests`). `verify` follows both.
//!
//! Lines hold no personal content, so that erasing a person's words leaves the trail whole (law 7). The database
//! refuses to change or delete one.

pub(super) mod chained;
pub(super) mod copied;
pub(super) mod fault;
mod stored;
pub(super) mod verify;

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{digests, load::Loaded};
use crate::{
    case::{
        actor::{Actor, Role, StaffId},
        event::Event,
        state::{Place, State},
    },
    clock::Timestamp,
    token::{Sha256Bytes, sha256},
};

/// The hash before the first line.
const BEGINNING: Sha256Bytes = [0; 32];
/// Where a line names the rows that it rests on, each with its digest.
const RESTS_ON: &str = "rests_on";

/// The token of staff that something is done by, and the request that is answered once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via {
    pub token: Uuid,
    pub request: Option<Uuid>,
}

/// One line as people read it.
#[derive(Clone, Debug)]
pub struct TrailLine {
    pub seq: i32,
    /// The version of the case that this line made.
    pub version: i32,
    pub at: Timestamp,
    /// The stored word of the actor.
    pub actor: String,
    pub staff_name: Option<String>,
    /// Of the token that they did it by.
    pub token_name: Option<String>,
    pub event: Event,
    /// Where the case was; `None` at its opening.
    pub from: Option<Place>,
    pub to: Place,
}

/// Appends the line for `event`, whose state is already in `loaded`.
pub(super) async fn append(
    connection: &mut PgConnection,
    loaded: &mut Loaded,
    (actor, via): (Actor, Option<Via>),
    (event, before): (&Event, &State),
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut data = line_data(event, Some(before.place()), loaded.case.state.place())?;
    // What follows by itself in other cases is nobody's.
    if let Some(via) = via.filter(|_| actor.staff_id().is_some()) {
        data.insert("token".to_owned(), serde_json::to_value(via.token)?);
        if let Some(request) = via.request {
            data.insert("request".to_owned(), serde_json::to_value(request)?);
        }
    }
    let (seq, hash) = insert(
        connection,
        Line {
            case: loaded.case.id,
            seq: loaded.event_count.saturating_add(1),
            version: loaded.version,
            at: now,
            actor: actor.as_str(),
            staff: actor.staff_id().map(|staff| staff.0),
            kind: event.as_str(),
            data: &mut data,
            previous: loaded.event_hash,
        },
    )
    .await?;
    loaded.event_count = seq;
    loaded.event_hash = hash;
    Ok(())
}

/// The first line of a case, once all of it stands there, and who of the staff had `prepared` it, where somebody had.
pub(super) async fn begin(
    connection: &mut PgConnection,
    case: Uuid,
    prepared: Option<(StaffId, Event)>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let opened = Line {
        case,
        seq: 1,
        version: 1,
        at: now,
        actor: Actor::Requester.as_str(),
        staff: None,
        kind: Event::Opened.as_str(),
        data: &mut line_data(&Event::Opened, None, Place::Unconfirmed)?,
        previous: BEGINNING,
    };
    let (seq, previous) = insert(connection, opened).await?;
    let Some((staff, event)) = prepared else { return Ok(()) };
    // Their role does not stand in the trail.
    let actor = Actor::Staff { id: staff, role: Role::Agent };
    let line = Line {
        case,
        seq: seq.saturating_add(1),
        version: 1,
        at: now,
        actor: actor.as_str(),
        staff: Some(staff.0),
        kind: event.as_str(),
        data: &mut line_data(&event, Some(Place::Unconfirmed), Place::Unconfirmed)?,
        previous,
    };
    insert(connection, line).await?;
    Ok(())
}

/// What is stored and hashed of an event: flat, sorted by key, so that it reads back the same.
fn line_data(event: &Event, from: Option<Place>, to: Place) -> anyhow::Result<BTreeMap<String, Value>> {
    let mut data: BTreeMap<String, Value> = serde_json::from_value(serde_json::to_value(event)?)?;
    data.insert("from".to_owned(), serde_json::to_value(from)?);
    data.insert("to".to_owned(), serde_json::to_value(to)?);
    Ok(data)
}

struct Line<'a> {
    case: Uuid,
    seq: i32,
    version: i32,
    at: Timestamp,
    actor: &'a str,
    staff: Option<Uuid>,
    kind: &'a str,
    data: &'a mut BTreeMap<String, Value>,
    previous: Sha256Bytes,
}

impl Line<'_> {
    /// SHA-256 over the hash before and the fields, each on a line of its own.
    fn hash(&self) -> anyhow::Result<Sha256Bytes> {
        let staff = self.staff.map(|staff| staff.to_string()).unwrap_or_default();
        let fields = format!(
            "{}\n{}\n{}\n{}\n{}\n{staff}\n{}\n{}\n",
            self.case,
            self.seq,
            self.version,
            self.at.as_microsecond(),
            self.actor,
            self.kind,
            serde_json::to_string(&*self.data)?
        );
        Ok(sha256(&[self.previous.as_slice(), fields.as_bytes()].concat()))
    }
}

/// Appends the line, with the digests of what it rests on, and keeps the new end of the chain beside the case.
async fn insert(connection: &mut PgConnection, line: Line<'_>) -> anyhow::Result<(i32, Sha256Bytes)> {
    let rests_on = digests::take(connection, line.case, line.seq).await?;
    if !rests_on.is_empty() {
        line.data.insert(RESTS_ON.to_owned(), serde_json::to_value(rests_on)?);
    }
    let hash = line.hash()?;
    sqlx::query!(
        "with line as (
             insert into case_events (case_id, seq, version, at, actor, staff_id, kind, data, previous_hash, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))
         update cases set event_count = $2, event_hash = $10 where id = $1",
        line.case,
        line.seq,
        line.version,
        line.at as Timestamp,
        line.actor,
        line.staff,
        line.kind,
        serde_json::to_value(&*line.data)?,
        line.previous.as_slice(),
        hash.as_slice(),
    )
    .execute(connection)
    .await
    .context("could not append to the trail")?;
    Ok((line.seq, hash))
}

/// The trail of a case, oldest first. One query.
pub async fn list_events(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<TrailLine>> {
    let rows = sqlx::query_as!(
        LineRow,
        r#"select e.seq, e.version, e.at, e.actor, e.data, s.name as "staff_name?", t.name as "token_name?"
         from case_events e left join staff s on s.id = e.staff_id
         -- A line that somebody damaged must not hide the others.
         left join staff_tokens t on t.id = case
             when e.data ->> 'token' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (e.data ->> 'token')::uuid end
         where e.case_id = $1 order by e.seq"#,
        case
    )
    .fetch_all(connection)
    .await
    .context("could not list the trail")?;
    rows.into_iter().map(LineRow::restore).collect()
}

/// A line as it is stored, with the names beside it.
#[derive(Debug, Deserialize)]
pub(super) struct LineRow {
    seq: i32,
    version: i32,
    at: Timestamp,
    actor: String,
    data: Value,
    staff_name: Option<String>,
    token_name: Option<String>,
}

impl LineRow {
    pub(super) fn restore(self) -> anyhow::Result<TrailLine> {
        let place = |key: &str| -> Result<Option<Place>, serde_json::Error> {
            serde_json::from_value(self.data.get(key).cloned().unwrap_or_default())
        };
        Ok(TrailLine {
            seq: self.seq,
            version: self.version,
            at: self.at,
            from: place("from").context("a line of the trail comes from nowhere")?,
            to: place("to")?.context("a line of the trail leads nowhere")?,
            event: serde_json::from_value(self.data).context("a line of the trail is unknown")?,
            actor: self.actor,
            staff_name: self.staff_name,
            token_name: self.token_name,
        })
    }
}

/// The files of a case that decisions were ever made on.
pub async fn list_decided_on(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select distinct (named ->> 'file')::uuid as "file!" from case_events e
             cross join lateral jsonb_array_elements(
                 case jsonb_typeof(e.data -> 'files') when 'array' then e.data -> 'files' else '[]' end) named
         where e.case_id = $1 and e.kind = 'check_decided'"#,
        case,
    )
    .fetch_all(connection)
    .await
    .context("could not list the files that were decided on")
}

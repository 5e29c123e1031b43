//! The trail of what administrators change: append, list, verify. Each line carries the hash of the one before it; the end of
//! the chain is kept beside it.
//!
//! Lines hold ids, versions, digests and counts, nothing personal (law 7). The attacker is whoever took over an account, or the
//! database, and wants a change not to have been: the database refuses to rewrite a line, and what a superuser does to one, or
//! to the words of a text block, shows in [`verify`]. Whoever rewrites the whole chain is found by its end alone, which
//! `audit verify` prints so that it can be kept elsewhere.

mod change;
mod verify;

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::actor::StaffId,
    clock::Timestamp,
    token::{Sha256Bytes, sha256},
};

pub use self::{
    change::Change,
    verify::{Verified, verify},
};

/// The hash before the first line.
const BEGINNING: Sha256Bytes = [0; 32];

/// Who changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// Somebody at the desk.
    Staff(StaffId),
    /// The same by a token of theirs, which stands in the data of the line.
    ByToken(StaffId, Uuid),
    /// Whoever may run the program on its machine.
    CommandLine,
    /// The program itself, when it starts.
    Program,
}

impl Doer {
    fn as_str(self) -> &'static str {
        match self {
            Self::Staff(_) | Self::ByToken(..) => "staff",
            Self::CommandLine => "command_line",
            Self::Program => "program",
        }
    }

    pub fn staff_id(self) -> Option<StaffId> {
        match self {
            Self::Staff(id) | Self::ByToken(id, _) => Some(id),
            Self::CommandLine | Self::Program => None,
        }
    }
}

/// A line as it is stored and hashed.
struct Line<'a> {
    seq: i64,
    at: Timestamp,
    actor: &'a str,
    staff: Option<Uuid>,
    kind: &'a str,
    data: &'a BTreeMap<String, Value>,
    previous: Sha256Bytes,
}

impl Line<'_> {
    /// SHA-256 over the hash before and the fields, each on a line of its own.
    fn hash(&self) -> anyhow::Result<Sha256Bytes> {
        let staff = self.staff.map(|staff| staff.to_string()).unwrap_or_default();
        let fields = format!(
            "{}\n{}\n{}\n{staff}\n{}\n{}\n",
            self.seq,
            self.at.as_microsecond(),
            self.actor,
            self.kind,
            serde_json::to_string(self.data)?
        );
        Ok(sha256(&[self.previous.as_slice(), fields.as_bytes()].concat()))
    }
}

/// Appends a line, in the transaction of the change. Whoever appends waits for whoever does already: call it last.
pub async fn append(
    connection: &mut PgConnection,
    doer: Doer,
    change: &Change,
    now: Timestamp,
) -> anyhow::Result<()> {
    let end = sqlx::query!("select event_count, event_hash from administration_chain for update")
        .fetch_one(&mut *connection)
        .await
        .context("could not find the end of the trail of administration")?;
    let mut data: BTreeMap<String, Value> = serde_json::from_value(serde_json::to_value(change)?)?;
    if let Doer::ByToken(_, token) = doer {
        data.entry("token".to_owned()).or_insert_with(|| token.to_string().into());
    }
    let line = Line {
        seq: end.event_count.saturating_add(1),
        at: now,
        actor: doer.as_str(),
        staff: doer.staff_id().map(|staff| staff.0),
        kind: change.into(),
        data: &data,
        previous: as_hash(&end.event_hash)?,
    };
    let hash = line.hash()?;
    sqlx::query!(
        "insert into administration_events (seq, at, actor, staff_id, kind, data, previous_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        line.seq,
        line.at as Timestamp,
        line.actor,
        line.staff,
        line.kind,
        serde_json::to_value(line.data)?,
        line.previous.as_slice(),
        hash.as_slice(),
    )
    .execute(&mut *connection)
    .await
    .context("could not append to the trail of administration")?;
    sqlx::query!(
        "update administration_chain set event_count = $1, event_hash = $2",
        line.seq,
        hash.as_slice()
    )
    .execute(connection)
    .await
    .context("could not move the end of the trail of administration")?;
    Ok(())
}

fn as_hash(bytes: &[u8]) -> anyhow::Result<Sha256Bytes> {
    bytes.try_into().context("a hash of the trail of administration has another length")
}

/// A line as people read it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub seq: i64,
    pub at: Timestamp,
    /// The stored word of who did it.
    pub actor: String,
    pub staff_name: Option<String>,
    /// `None` where this program does not know it.
    pub change: Option<Change>,
    pub data: Value,
    /// The name of the member of staff, or of the endpoint of webhooks, that it is about.
    pub about: Option<String>,
    /// The title of the text block that it is about, in German and English.
    pub title: Option<(String, String)>,
}

/// So many lines, the latest first, before that line. One query.
pub async fn list(
    connection: &mut PgConnection,
    before: Option<i64>,
    limit: i64,
) -> anyhow::Result<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"select e.seq, e.at, e.actor, e.data, s.name as "staff_name?", coalesce(about.name, w.name) as "about?",
             v.title_de as "title_de?", v.title_en as "title_en?"
         from administration_events e
         left join staff s on s.id = e.staff_id
         -- A line that somebody damaged must not hide the others.
         cross join lateral (select
             case when e.data ->> 'staff' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (e.data ->> 'staff')::uuid end as staff,
             case when e.data ->> 'endpoint' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (e.data ->> 'endpoint')::uuid end as endpoint,
             case when e.data ->> 'block' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (e.data ->> 'block')::uuid end as block,
             case when e.data ->> 'version' ~ '^[0-9]{1,9}$' then (e.data ->> 'version')::integer end as version) named
         left join staff about on about.id = named.staff
         left join webhook_endpoints w on w.id = named.endpoint
         left join lateral (
             select title_de, title_en from text_block_versions
             where block_id = named.block and version <= coalesce(named.version, version)
             order by version desc limit 1) v on true
         where e.seq < coalesce($1, e.seq + 1) order by e.seq desc limit $2"#,
        before,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list the trail of administration")?;
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            seq: row.seq,
            at: row.at,
            actor: row.actor,
            staff_name: row.staff_name,
            change: serde_json::from_value(row.data.clone()).ok(),
            data: row.data,
            about: row.about,
            title: row.title_de.zip(row.title_en),
        })
        .collect())
}

//! What a verification reads of a batch of cases: lines, digests, and bytes that are not those of their digest. Judges none of it.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{casework::digests::name, clock::Timestamp};

/// What is kept to check a row by.
pub(super) struct Held {
    pub salt: Option<Vec<u8>>,
    pub digest: Vec<u8>,
    /// The line that carries it; `None` while it waits for one.
    pub line: Option<i32>,
}

pub(super) async fn list_digests(
    connection: &mut PgConnection,
    cases: &[Uuid],
) -> anyhow::Result<HashMap<Uuid, BTreeMap<String, Held>>> {
    let rows = sqlx::query!(
        "select case_id, subject, key, salt, digest, seq from case_digests where case_id = any($1)",
        cases,
    )
    .fetch_all(connection)
    .await
    .context("could not read the digests")?;
    let mut found: HashMap<Uuid, BTreeMap<String, Held>> = HashMap::new();
    for row in rows {
        let held = Held { salt: row.salt, digest: row.digest, line: row.seq };
        found.entry(row.case_id).or_default().insert(name(&row.subject, &row.key), held);
    }
    Ok(found)
}

/// Rows whose bytes are not those of their digest, as no constraint lets them be. Those of an erased case may be gone.
pub(super) async fn list_false_bytes(
    connection: &mut PgConnection,
    cases: &[Uuid],
) -> anyhow::Result<HashMap<Uuid, Vec<String>>> {
    let rows = sqlx::query!(
        r#"select case_id as "case_id!", row as "row!" from (
             select case_id, 'drafts ' || id as row from drafts where case_id = any($1) and sha256(raw) <> digest
                 and not (raw = '' and exists (select from case_erasures e where e.case_id = drafts.case_id))
             union all
             select correlation_id, 'emails ' || id from emails where correlation_id = any($1) and sha256(raw) <> digest
             union all
             select correlation_id, 'inbound_emails ' || id from inbound_emails
             where correlation_id = any($1) and sha256(raw) <> content_hash
                 and not (raw = '' and exists (select from case_erasures e where e.case_id = correlation_id))) wrong"#,
        cases,
    )
    .fetch_all(connection)
    .await
    .context("could not hold bytes against their digests")?;
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in rows {
        found.entry(row.case_id).or_default().push(row.row);
    }
    Ok(found)
}

pub(super) struct StoredLine {
    pub case_id: Uuid,
    pub seq: i32,
    pub version: i32,
    pub at: Timestamp,
    pub actor: String,
    pub staff_id: Option<Uuid>,
    pub kind: String,
    pub data: Value,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

pub(super) async fn list_lines(
    connection: &mut PgConnection,
    cases: &[Uuid],
) -> anyhow::Result<HashMap<Uuid, Vec<StoredLine>>> {
    let rows = sqlx::query_as!(
        StoredLine,
        "select case_id, seq, version, at, actor, staff_id, kind, data, previous_hash, hash from case_events
         where case_id = any($1) order by case_id, seq",
        cases,
    )
    .fetch_all(connection)
    .await
    .context("could not read the trails")?;
    let mut found: HashMap<Uuid, Vec<StoredLine>> = HashMap::new();
    for row in rows {
        found.entry(row.case_id).or_default().push(row);
    }
    Ok(found)
}

//! Reads what a pack is made of, in one snapshot and a number of statements that does not depend on the case. Changes nothing.
//!
//! What is wrong with a row is not looked for here: a pack of a case that somebody damaged is made like every other, and whoever
//! checks it finds the damage.

use std::collections::BTreeMap;

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::format::{Chain, Line, Proof, Record};
use crate::{
    app::App,
    case::digest::Digest,
    casework::SUBJECTS,
    clock::Timestamp,
    evidence::files::{self, StoredFile},
    transparency::{keys, leaves::Kind, proofs},
};

/// A message whose bytes can go into a pack.
#[derive(Clone, Debug)]
pub struct StoredMail {
    pub id: Uuid,
    pub is_inbound: bool,
    pub size: i64,
}

#[derive(Debug)]
pub struct Rows {
    pub case: Uuid,
    pub chain: Chain,
    pub records: Vec<Record>,
    pub proof: Option<Proof>,
    pub people: BTreeMap<Uuid, String>,
    pub mails: Vec<StoredMail>,
    pub files: Vec<StoredFile>,
}

/// All of it, as of one moment.
pub async fn read(app: &App, case: Uuid) -> anyhow::Result<Rows> {
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    let number = sqlx::query_scalar!("select number from cases where id = $1", case)
        .fetch_one(&mut *transaction)
        .await
        .context("could not read the case")?;
    let lines = list_lines(&mut transaction, case).await?;
    let records = list_records(&mut transaction, case).await?;
    let inclusion = proofs::inclusion(&mut transaction, Kind::Case, &number).await?;
    let proof = inclusion.map(|found| Proof {
        leaf: found.leaf.text(),
        leaf_index: found.index,
        tree_size: found.tree_size,
        proof: found.proof.into_iter().map(Digest).collect(),
        head: found.head.text(),
        public_key: keys::pem(&found.public_key),
    });
    let people = list_people(&mut transaction, case).await?;
    let mails = list_mails(&mut transaction, case).await?;
    let files = files::list(&mut transaction, case).await?;
    Ok(Rows { case, chain: Chain { case, number, lines }, records, proof, people, mails, files })
}

async fn list_lines(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Line>> {
    let rows = sqlx::query!(
        r#"select seq, version, at as "at: Timestamp", actor, staff_id, kind, data, previous_hash, hash from case_events
         where case_id = $1 order by seq"#,
        case,
    )
    .fetch_all(connection)
    .await
    .context("could not read the trail")?;
    rows.into_iter()
        .map(|row| {
            // Sorted by key, as it was hashed.
            let data: BTreeMap<String, Value> =
                serde_json::from_value(row.data).context("a line of the trail has no data")?;
            Ok(Line {
                seq: row.seq,
                version: row.version,
                at: row.at.as_microsecond(),
                actor: row.actor,
                staff: row.staff_id,
                kind: row.kind,
                data: serde_json::to_string(&data)?,
                previous: as_digest(&row.previous_hash)?,
                hash: as_digest(&row.hash)?,
            })
        })
        .collect()
}

/// What is kept of a row's digest.
struct Held {
    salt: Option<Vec<u8>>,
    digest: Vec<u8>,
    waits: bool,
}

async fn list_records(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Record>> {
    let held = sqlx::query!(
        r#"select subject, key, salt, digest, seq is null as "waits!" from case_digests where case_id = $1"#,
        case,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not read the digests")?;
    let mut held: BTreeMap<(String, String), Held> = held
        .into_iter()
        .map(|row| ((row.subject, row.key), Held { salt: row.salt, digest: row.digest, waits: row.waits }))
        .collect();
    let mut records = Vec::new();
    for subject in &SUBJECTS {
        let mut rows = subject.list(&mut *connection, &[case]).await?;
        rows.sort_by(|one, other| one.key.cmp(&other.key));
        for row in rows {
            let kept = held.remove(&(subject.table.to_owned(), row.key.clone()));
            let salt = kept.as_ref().and_then(|kept| kept.salt.as_deref());
            // A row that nobody kept a digest of shows as one that no line speaks of.
            let digest = match &kept {
                Some(kept) => as_digest(&kept.digest)?,
                None => Digest(row.digest(subject.table, None)),
            };
            records.push(Record {
                subject: subject.table.to_owned(),
                salt: salt.map(|salt| HEXLOWER.encode(salt)),
                key: row.key,
                plain: Some(row.plain),
                personal: Some(row.personal),
                personal_digest: None,
                digest,
                waits: kept.is_some_and(|kept| kept.waits),
                gone: false,
            });
        }
    }
    // Of rows that are gone, the lines speak; but for those that no line has heard of yet.
    for ((subject, key), kept) in held.into_iter().filter(|(_, kept)| kept.waits) {
        let digest = as_digest(&kept.digest)?;
        records.push(Record {
            subject,
            key,
            plain: None,
            personal: None,
            salt: None,
            personal_digest: None,
            digest,
            waits: true,
            gone: true,
        });
    }
    Ok(records)
}

/// The names of all who stand in the case, by their ids.
async fn list_people(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<BTreeMap<Uuid, String>> {
    let rows = sqlx::query!(
        "select id, name from staff where id in (
             select staff_id from case_events where case_id = $1
             union select owner_id from cases where id = $1
             union select author_id from drafts where case_id = $1
             union select approved_by from approvals where case_id = $1
             union select uploaded_by from evidence_files where case_id = $1
             union select decided_by from checks where case_id = $1
             union select staff_id from case_exports where case_id = $1)",
        case,
    )
    .fetch_all(connection)
    .await
    .context("could not read the names of staff")?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Messages to Atlassian, and what came in and was filed. Letters to the customer's side are not among them: they hold links that
/// work, until their bytes are forgotten.
async fn list_mails(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<StoredMail>> {
    sqlx::query_as!(
        StoredMail,
        r#"select id as "id!", is_inbound as "is_inbound!", size as "size!" from (
             select id, false as is_inbound, octet_length(raw)::int8 as size, created_at as at from emails
             where correlation_id = $1 and audience = 'atlassian' and raw is not null
             union all
             select id, true, octet_length(raw)::int8, received_at from inbound_emails
             where correlation_id = $1 and state = 'filed' and raw is not null) mail
         order by at, id"#,
        case,
    )
    .fetch_all(connection)
    .await
    .context("could not list the messages of the case")
}

/// The bytes of some of them, in no order.
pub async fn read_mails(app: &App, mails: &[StoredMail]) -> anyhow::Result<BTreeMap<Uuid, Vec<u8>>> {
    let ids: Vec<Uuid> = mails.iter().map(|mail| mail.id).collect();
    let rows = sqlx::query!(
        r#"select id as "id!", raw as "raw!" from (
             select id, raw from emails where id = any($1) and audience = 'atlassian'
             union all
             select id, raw from inbound_emails where id = any($1)) mail where raw is not null"#,
        &ids,
    )
    .fetch_all(&app.pool)
    .await
    .context("could not read messages of the case")?;
    Ok(rows.into_iter().map(|row| (row.id, row.raw)).collect())
}

/// Writes down that somebody takes the case out of the house, before they get it.
pub async fn note_export(
    app: &App,
    case: Uuid,
    staff: Option<Uuid>,
    (redacted, with_files): (bool, bool),
) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into case_exports (case_id, staff_id, at, redacted, with_files) values ($1, $2, $3, $4, $5)",
        case,
        staff,
        app.clock.now() as Timestamp,
        redacted,
        with_files,
    )
    .execute(&app.pool)
    .await
    .context("could not note an export")?;
    Ok(())
}

fn as_digest(bytes: &[u8]) -> anyhow::Result<Digest> {
    Ok(Digest(bytes.try_into().context("a digest is not 32 bytes")?))
}

//! The table of evidence files: put in, listed, opened for reading, deleted. Bytes come and go encrypted only.
//!
//! One file is in memory at a time. Who may do what is not asked here.

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use super::{
    Rejection,
    content::Kind,
    rejection::Limits,
    vault::{Owner, Sealed},
};
use crate::{clock::Timestamp, token::Sha256Bytes};

/// What is known of a file's looks for viruses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Scan {
    Waiting,
    Clean,
    Infected,
    Unscanned,
}

/// A file to be put in.
#[derive(Debug)]
pub struct NewFile {
    pub owner: Owner,
    pub uploaded_by: Option<Uuid>,
    pub name: String,
    pub kind: Kind,
    /// Of the plain bytes, as the hash.
    pub size: usize,
    pub sha256: Sha256Bytes,
    pub sealed: Sealed,
    /// Whether a scanner will look at it.
    pub is_scanned: bool,
}

/// A file without its bytes.
#[derive(Clone, Debug)]
pub struct StoredFile {
    pub id: Uuid,
    /// `None` for the requester.
    pub uploaded_by: Option<Uuid>,
    /// `None` once its time is over.
    pub name: Option<String>,
    pub kind: Kind,
    pub size: u64,
    pub sha256: Sha256Bytes,
    pub created_at: Timestamp,
    pub scan: Scan,
    pub signature: Option<String>,
    pub deleted_at: Option<Timestamp>,
}

impl StoredFile {
    /// Whether people may open it: its bytes are there, and nobody is still looking at them.
    pub fn is_readable(&self) -> bool {
        self.deleted_at.is_none() && matches!(self.scan, Scan::Clean | Scan::Unscanned)
    }
}

/// The files of a case, oldest first.
pub async fn list(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<StoredFile>> {
    let rows = sqlx::query_as!(
        FileRow,
        r#"select id, uploaded_by, name, kind, size, encode(sha256, 'hex') as "sha256!", created_at, scan, signature, deleted_at
         from evidence_files where case_id = $1 order by created_at, id"#,
        case
    )
    .fetch_all(connection)
    .await
    .context("could not list evidence files")?;
    rows.into_iter().map(FileRow::restore).collect()
}

/// A file as it is stored, without its bytes; its hash as hexadecimal digits.
#[derive(Debug, Deserialize)]
pub struct FileRow {
    id: Uuid,
    uploaded_by: Option<Uuid>,
    name: Option<String>,
    kind: String,
    size: i64,
    sha256: String,
    created_at: Timestamp,
    scan: String,
    signature: Option<String>,
    deleted_at: Option<Timestamp>,
}

impl FileRow {
    pub fn restore(self) -> anyhow::Result<StoredFile> {
        let sha256 = HEXLOWER.decode(self.sha256.as_bytes()).context("a hash is not hexadecimal")?;
        Ok(StoredFile {
            id: self.id,
            uploaded_by: self.uploaded_by,
            name: self.name,
            kind: self.kind.parse().context("unknown kind of file")?,
            size: self.size.try_into().context("a size below zero")?,
            sha256: sha256.try_into().ok().context("a hash is not 32 bytes")?,
            created_at: self.created_at,
            scan: self.scan.parse().context("unknown result of a scan")?,
            signature: self.signature,
            deleted_at: self.deleted_at,
        })
    }
}

/// Puts a file in. The caller holds the lock of its case, so that nobody else counts meanwhile.
/// `leases` as [`crate::clock::Clock::for_leases`] says: its scan is due by the clock that its claims are measured by.
///
/// # Errors
/// The inner one when the limits say no.
pub async fn insert(
    connection: &mut PgConnection,
    file: &NewFile,
    limits: Limits,
    now: Timestamp,
    leases: Option<Timestamp>,
) -> anyhow::Result<Result<(), Rejection>> {
    let (case, size) = (file.owner.case, i64::try_from(file.size)?);
    let there = sqlx::query!(
        r#"select count(*) as "count!", coalesce(sum(size) filter (where content is not null), 0)::bigint as "bytes!",
             coalesce(bool_or(sha256 = $2 and content is not null), false) as "known!"
         from evidence_files where case_id = $1"#,
        case,
        file.sha256.as_slice(),
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not count the evidence files of a case")?;
    if there.known {
        return Ok(Err(Rejection::Duplicate));
    }
    if there.count >= i64::from(limits.files_per_case) {
        return Ok(Err(Rejection::TooMany));
    }
    if u64::try_from(there.bytes.saturating_add(size))? > limits.case_bytes {
        return Ok(Err(Rejection::CaseFull));
    }
    // Cases are not locked against each other: what arrives in the same moment may go beyond it by so much.
    if count_bytes(&mut *connection).await?.saturating_add(u64::try_from(size)?) > limits.total_bytes {
        return Ok(Err(Rejection::StoreFull));
    }
    let scan: &str = if file.is_scanned { Scan::Waiting } else { Scan::Unscanned }.into();
    sqlx::query!(
        "insert into evidence_files (id, case_id, uploaded_by, name, kind, size, sha256, created_at, key_id, nonce,
             content, scan, scanned_at, scan_due_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
             case when $14 then coalesce($15, now()) end)",
        file.owner.file,
        case,
        file.uploaded_by,
        file.name,
        file.kind.as_str(),
        size,
        file.sha256.as_slice(),
        now as Timestamp,
        file.sealed.key_id,
        file.sealed.nonce,
        file.sealed.content,
        scan,
        (!file.is_scanned).then_some(now) as Option<Timestamp>,
        file.is_scanned,
        leases as Option<Timestamp>,
    )
    .execute(connection)
    .await
    .context("could not store an evidence file")?;
    Ok(Ok(()))
}

/// The bytes of all files that are kept, before encryption.
pub async fn count_bytes(connection: &mut PgConnection) -> anyhow::Result<u64> {
    let bytes = sqlx::query_scalar!(
        r#"select coalesce(sum(size), 0)::bigint as "bytes!" from evidence_files where content is not null"#
    )
    .fetch_one(connection)
    .await
    .context("could not count the bytes of evidence files")?;
    u64::try_from(bytes).context("a sum below zero")
}

/// The bytes of a file as they lie there; `None` once they are deleted.
pub async fn find_sealed(pool: &PgPool, owner: Owner) -> anyhow::Result<Option<Sealed>> {
    let row = sqlx::query!(
        r#"select key_id as "key_id!", nonce as "nonce!", content as "content!" from evidence_files
         where id = $1 and case_id = $2 and content is not null"#,
        owner.file,
        owner.case,
    )
    .fetch_optional(pool)
    .await
    .context("could not read an evidence file")?;
    Ok(row.map(|row| Sealed { key_id: row.key_id, nonce: row.nonce, content: row.content }))
}

/// Deletes the bytes for good; name, size and hash stay. `false` where they were gone already. A scan that is under way finds
/// nothing to settle.
pub async fn remove(connection: &mut PgConnection, file: Uuid, now: Timestamp) -> anyhow::Result<bool> {
    let removed = sqlx::query!(
        "update evidence_files set content = null, key_id = null, nonce = null, deleted_at = $2, scan_due_at = null
         where id = $1 and content is not null",
        file,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not remove an evidence file")?;
    Ok(removed.rows_affected() == 1)
}

/// Deletes bytes and name for good; size and hash stay. `false` where they were gone already.
pub async fn forget(connection: &mut PgConnection, file: Uuid, now: Timestamp) -> anyhow::Result<bool> {
    let deleted = sqlx::query!(
        "update evidence_files set content = null, key_id = null, nonce = null, name = null,
             deleted_at = coalesce(deleted_at, $2), scan_due_at = null
         where id = $1 and (content is not null or name is not null)",
        file,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not delete an evidence file")?;
    Ok(deleted.rows_affected() == 1)
}

/// Writes down that somebody opens a file, before they get it.
pub async fn note_download(pool: &PgPool, file: Uuid, staff: Uuid, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into evidence_downloads (file_id, staff_id, at) values ($1, $2, $3)",
        file,
        staff,
        now as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not note a download")?;
    Ok(())
}

/// When somebody last opened a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Download {
    pub file: Uuid,
    pub staff: Uuid,
    pub at: Timestamp,
}

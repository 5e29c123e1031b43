//! Rotation of keys: every file under the first key, one file a transaction, so that it can stop and go on anywhere. And
//! which keys the files need.

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    Cabinet, files,
    vault::{Owner, Sealed},
};

/// What came of one file.
#[derive(Debug)]
pub struct Turned {
    pub file: Uuid,
    /// Why it stays as it is: no configured key opens it.
    pub failed: Option<anyhow::Error>,
}

/// Encrypts the next file behind `after` anew that is not under the first key; `None` where there is none.
pub async fn turn_next(pool: &PgPool, cabinet: &Cabinet, after: Uuid) -> anyhow::Result<Option<Turned>> {
    let first = cabinet.keyring.first().context("evidence.keys is empty")?;
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    let row = sqlx::query!(
        r#"select id, case_id, key_id as "key_id!", nonce as "nonce!", content as "content!" from evidence_files
         where content is not null and key_id <> $1 and id > $2 order by id limit 1 for update"#,
        first,
        after,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look for files under older keys")?;
    let Some(row) = row else { return Ok(None) };
    let owner = Owner { file: row.id, case: row.case_id };
    let sealed = Sealed { key_id: row.key_id, nonce: row.nonce, content: row.content };
    let keyring = cabinet.keyring.clone();
    let sealed = tokio::task::spawn_blocking(move || {
        let plain = keyring.open(owner, sealed)?;
        keyring.seal(owner, plain)
    })
    .await
    .context("the encryption was interrupted")?;
    let failed = match sealed {
        Ok(sealed) => {
            replace(&mut transaction, owner.file, &sealed).await?;
            transaction.commit().await.context("could not commit a file under its new key")?;
            None
        }
        Err(error) => Some(error),
    };
    Ok(Some(Turned { file: owner.file, failed }))
}

/// How many files are under other keys than the first.
pub async fn count_others(pool: &PgPool, cabinet: &Cabinet) -> anyhow::Result<u64> {
    let first = cabinet.keyring.first().context("evidence.keys is empty")?;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from evidence_files where content is not null and key_id <> $1"#,
        first,
    );
    let count = count.fetch_one(pool).await.context("could not count the files under older keys")?;
    Ok(u64::try_from(count)?)
}

async fn replace(connection: &mut PgConnection, file: Uuid, sealed: &Sealed) -> anyhow::Result<()> {
    sqlx::query!(
        "update evidence_files set key_id = $2, nonce = $3, content = $4 where id = $1",
        file,
        sealed.key_id,
        sealed.nonce,
        sealed.content,
    )
    .execute(connection)
    .await
    .context("could not store a file under its new key")?;
    Ok(())
}

/// A key that files lie under.
#[derive(Debug)]
pub struct KeyInUse {
    pub id: String,
    pub files: i64,
    /// Whether the configured key of this name opens one of them.
    pub opens: bool,
}

/// The keys in use, each tried on its smallest file.
pub async fn list_keys(pool: &PgPool, cabinet: &Cabinet) -> anyhow::Result<Vec<KeyInUse>> {
    let rows = sqlx::query!(
        r#"select key_id as "key_id!", count(*) as "files!",
             (array_agg(id order by size, id))[1] as "file!", (array_agg(case_id order by size, id))[1] as "case!"
         from evidence_files where content is not null group by key_id order by key_id"#
    )
    .fetch_all(pool)
    .await
    .context("could not list the keys of evidence files")?;
    let mut keys = Vec::new();
    for row in rows {
        let owner = Owner { file: row.file, case: row.case };
        let sealed = files::find_sealed(pool, owner).await?;
        let opens = sealed.is_none_or(|sealed| cabinet.keyring.open(owner, sealed).is_ok());
        keys.push(KeyInUse { id: row.key_id, files: row.files, opens });
    }
    Ok(keys)
}

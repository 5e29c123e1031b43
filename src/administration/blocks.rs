//! Text blocks as they are kept: each change a new version, none ever deleted, one that is not wanted any more retired.
//!
//! Whoever changes one says which version they saw: of two who change it at once, the second is told.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    trail::{Change, Doer, append},
    variables::Kind,
    words::Words,
};
use crate::clock::Timestamp;

/// As many there can be, so that whoever took over an account fills nobody's list; the list is one page.
pub const MOST: i64 = 300;

/// A version of a block.
#[derive(Clone, Debug, Serialize)]
pub struct Block {
    pub id: Uuid,
    pub kind: Kind,
    pub version: i32,
    pub version_id: Uuid,
    #[serde(flatten)]
    pub words: Words,
    pub at: Timestamp,
    /// `None` for what Handover brought along.
    pub author: Option<String>,
    pub retired: bool,
}

macro_rules! block {
    ($row:expr) => {{
        let row = $row;
        Ok(Block {
            id: row.block_id,
            kind: row.kind.parse().context("an unknown kind of text block")?,
            version: row.version,
            version_id: row.id,
            words: Words { title_de: row.title_de, title_en: row.title_en, de: row.body_de, en: row.body_en },
            at: row.created_at,
            author: row.author,
            retired: row.retired,
        })
    }};
}

/// Every block in its latest version, by kind, those retired last. One query.
pub async fn list(connection: &mut PgConnection) -> anyhow::Result<Vec<Block>> {
    let rows = sqlx::query!(
        r#"select v.id, v.block_id, b.kind, v.version, v.title_de, v.title_en, v.body_de, v.body_en, v.created_at,
             s.name as "author?", b.retired_at is not null as "retired!"
         from text_blocks b
         cross join lateral (select * from text_block_versions where block_id = b.id order by version desc limit 1) v
         left join staff s on s.id = v.author_id
         order by b.retired_at is not null, b.kind, b.created_at, b.id"#
    )
    .fetch_all(connection)
    .await
    .context("could not list text blocks")?;
    rows.into_iter().map(|row| block!(row)).collect()
}

/// A block that can be offered, as a list names it.
#[derive(Clone, Debug)]
pub struct Offered {
    pub id: Uuid,
    pub kind: Kind,
    pub title_de: String,
    pub title_en: String,
}

/// A block in its latest version, or in that one.
pub async fn find(
    connection: &mut PgConnection,
    block: Uuid,
    version: Option<i32>,
) -> anyhow::Result<Option<Block>> {
    let row = sqlx::query!(
        r#"select v.id, v.block_id, b.kind, v.version, v.title_de, v.title_en, v.body_de, v.body_en, v.created_at,
             s.name as "author?", b.retired_at is not null as "retired!"
         from text_blocks b join text_block_versions v on v.block_id = b.id left join staff s on s.id = v.author_id
         where b.id = $1 and v.version = coalesce($2, v.version) order by v.version desc limit 1"#,
        block,
        version,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up a text block")?;
    row.map(|row| block!(row)).transpose()
}

/// So many versions, the latest first, before that one.
pub async fn list_versions(
    connection: &mut PgConnection,
    block: Uuid,
    before: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<Block>> {
    let rows = sqlx::query!(
        r#"select v.id, v.block_id, b.kind, v.version, v.title_de, v.title_en, v.body_de, v.body_en, v.created_at,
             s.name as "author?", b.retired_at is not null as "retired!"
         from text_blocks b join text_block_versions v on v.block_id = b.id left join staff s on s.id = v.author_id
         where b.id = $1 and v.version < coalesce($2, v.version + 1) order by v.version desc limit $3"#,
        block,
        before,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list the versions of a text block")?;
    rows.into_iter().map(|row| block!(row)).collect()
}

/// Whether this version is of a block of that kind. Also of a retired one: a form that was open meanwhile may still be sent.
pub async fn is_version(connection: &mut PgConnection, version: Uuid, kind: Kind) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from text_block_versions v join text_blocks b on b.id = v.block_id
             where v.id = $1 and b.kind = $2) as "is!""#,
        version,
        kind.as_str(),
    )
    .fetch_one(connection)
    .await
    .context("could not look up a version of a text block")
}

/// Adds a block under that id, once. `None` where there are as many as there can be.
pub async fn create(
    pool: &PgPool,
    doer: Doer,
    (id, kind, words): (Uuid, Kind, &Words),
    now: Timestamp,
) -> anyhow::Result<Option<Uuid>> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    if lock(&mut transaction, id).await? {
        return Ok(Some(id));
    }
    let created = create_in(&mut transaction, doer, (id, kind, words), now).await?;
    transaction.commit().await.context("could not commit a text block")?;
    Ok(created)
}

/// As [`create`], inside the caller's transaction.
pub(super) async fn create_in(
    connection: &mut PgConnection,
    doer: Doer,
    (block, kind, words): (Uuid, Kind, &Words),
    now: Timestamp,
) -> anyhow::Result<Option<Uuid>> {
    let added = sqlx::query!(
        "insert into text_blocks (id, kind, created_at) select $1, $2, $3 where (select count(*) from text_blocks) < $4",
        block,
        kind.as_str(),
        now as Timestamp,
        MOST,
    )
    .execute(&mut *connection)
    .await
    .context("could not add a text block")?;
    if added.rows_affected() == 0 {
        return Ok(None);
    }
    add_version(connection, doer, (block, 1), words, now).await?;
    let digest = words.digest(block, 1, kind.as_str());
    append(connection, doer, &Change::BlockCreated { block, version: 1, digest }, now).await?;
    Ok(Some(block))
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// By this version.
    As(i32),
    /// The words are those of the latest version already.
    Same,
    /// Somebody else changed it meanwhile; nothing was done.
    Stale,
    NotFound,
}

/// Gives a block other words, if it is still at the version that was looked at. Asked for the same by the same again, it is done.
pub async fn change(
    pool: &PgPool,
    doer: Doer,
    (block, seen): (Uuid, i32),
    words: &Words,
    now: Timestamp,
) -> anyhow::Result<Saved> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    if !lock(&mut transaction, block).await? {
        return Ok(Saved::NotFound);
    }
    let Some(latest) = find(&mut transaction, block, None).await? else { return Ok(Saved::NotFound) };
    if latest.version == seen.saturating_add(1) && latest.words == *words {
        let author = sqlx::query_scalar!(
            "select author_id from text_block_versions where block_id = $1 and version = $2",
            block,
            latest.version,
        )
        .fetch_one(&mut *transaction)
        .await
        .context("could not look who wrote a version of a text block")?;
        if author.is_some() && author == doer.staff_id().map(|staff| staff.0) {
            return Ok(Saved::As(latest.version));
        }
    }
    if latest.version != seen {
        return Ok(Saved::Stale);
    }
    if latest.words == *words {
        return Ok(Saved::Same);
    }
    let version = seen.saturating_add(1);
    add_version(&mut transaction, doer, (block, version), words, now).await?;
    let digest = words.digest(block, version, latest.kind.as_str());
    append(&mut transaction, doer, &Change::BlockChanged { block, version, digest }, now).await?;
    transaction.commit().await.context("could not commit a change of a text block")?;
    Ok(Saved::As(version))
}

/// Takes a block out of what is offered, or puts it back. `None` where there is no such block; `false` where it was so already.
pub async fn offer(
    pool: &PgPool,
    doer: Doer,
    (block, offered): (Uuid, bool),
    now: Timestamp,
) -> anyhow::Result<Option<bool>> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    if !lock(&mut transaction, block).await? {
        return Ok(None);
    }
    let changed = sqlx::query!(
        "update text_blocks set retired_at = case when $2 then null else $3::timestamptz end
         where id = $1 and (retired_at is null) <> $2",
        block,
        offered,
        now as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not retire or restore a text block")?;
    if changed.rows_affected() == 0 {
        return Ok(Some(false));
    }
    let change = if offered { Change::BlockRestored { block } } else { Change::BlockRetired { block } };
    append(&mut transaction, doer, &change, now).await?;
    transaction.commit().await.context("could not commit that a text block is offered or not")?;
    Ok(Some(true))
}

/// `false` where there is no such block.
async fn lock(connection: &mut PgConnection, block: Uuid) -> anyhow::Result<bool> {
    let found = sqlx::query_scalar!("select id from text_blocks where id = $1 for update", block)
        .fetch_optional(connection)
        .await
        .context("could not lock a text block")?;
    Ok(found.is_some())
}

async fn add_version(
    connection: &mut PgConnection,
    doer: Doer,
    (block, version): (Uuid, i32),
    words: &Words,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into text_block_versions (id, block_id, version, title_de, title_en, body_de, body_en, author_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        Uuid::now_v7(),
        block,
        version,
        words.title_de,
        words.title_en,
        words.de,
        words.en,
        doer.staff_id().map(|staff| staff.0),
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not keep a version of a text block")?;
    Ok(())
}

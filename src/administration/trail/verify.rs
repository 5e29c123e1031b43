//! Whether the trail of what administrators change holds, and what it speaks of is what it says.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::{BEGINNING, Line};
use crate::{administration::words::Words, token::Sha256Bytes};

/// Lines that are verified at once.
const BATCH: i64 = 1000;

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub lines: i64,
    /// Of the last line that holds.
    pub hash: Sha256Bytes,
    /// The first line that is wrong or missing.
    pub broken_at: Option<i64>,
    /// Text blocks that are not what the trail says of them.
    pub blocks: Vec<String>,
    /// Accounts whose role, or whether they are active, is not what the trail says of them.
    pub accounts: Vec<String>,
}

impl Verified {
    pub fn holds(&self) -> bool {
        self.broken_at.is_none() && self.blocks.is_empty() && self.accounts.is_empty()
    }
}

/// Recomputes the chain: a changed line, a missing one, two that changed places, or a cut-off end; and holds the words of every
/// text block, whether it is offered, and roles and ends of accounts against it.
pub async fn verify(pool: &PgPool) -> anyhow::Result<Verified> {
    // One picture of it all, while others go on appending.
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    let end = sqlx::query!("select event_count, event_hash from administration_chain")
        .fetch_optional(&mut *transaction)
        .await
        .context("could not find the end of the trail of administration")?;
    let (lines, hash, whole) = follow(&mut transaction).await?;
    let ends_right =
        end.is_some_and(|end| end.event_count == lines && end.event_hash.as_slice() == hash.as_slice());
    let blocks = list_false_blocks(&mut transaction).await?;
    let accounts = list_false_accounts(&mut transaction).await?;
    let broken_at = (!whole || !ends_right).then(|| lines.saturating_add(1));
    Ok(Verified { lines, hash, broken_at, blocks, accounts })
}

/// Follows the chain as far as it holds: the last right line, its hash, and whether all lines hold.
async fn follow(connection: &mut PgConnection) -> anyhow::Result<(i64, Sha256Bytes, bool)> {
    let (mut seq, mut previous) = (0_i64, BEGINNING);
    // By place and not by number: a number below the first would never be looked at.
    let mut after = i64::MIN;
    loop {
        let rows = sqlx::query!(
            "select seq, at, actor, staff_id, kind, data, previous_hash, hash from administration_events
             where seq > $1 order by seq limit $2",
            after,
            BATCH,
        )
        .fetch_all(&mut *connection)
        .await
        .context("could not read the trail of administration")?;
        if rows.is_empty() {
            return Ok((seq, previous, true));
        }
        for row in rows {
            let Ok(data) = serde_json::from_value::<BTreeMap<String, Value>>(row.data) else {
                return Ok((seq, previous, false));
            };
            let line = Line {
                seq: seq.saturating_add(1),
                at: row.at,
                actor: &row.actor,
                staff: row.staff_id,
                kind: &row.kind,
                data: &data,
                previous,
            };
            let hash = line.hash()?;
            let holds = row.seq == line.seq
                && row.previous_hash.as_slice() == previous.as_slice()
                && row.hash.as_slice() == hash.as_slice();
            if !holds {
                return Ok((seq, previous, false));
            }
            seq = row.seq;
            after = row.seq;
            previous = hash;
        }
    }
}

/// Compared as texts: what somebody damaged need not be an id any more.
async fn list_false_blocks(connection: &mut PgConnection) -> anyhow::Result<Vec<String>> {
    let rows = sqlx::query!(
        r#"select coalesce(v.block_id::text, e.block, '') as "named!", v.block_id as "block?", v.version as "version?",
             b.kind as "kind?", v.title_de as "title_de?", v.title_en as "title_en?", v.body_de, v.body_en as "body_en?",
             e.digest as "digest?",
             coalesce(retired.kind = 'block_retired', false) = (b.retired_at is not null) as "offered_right!"
         from text_block_versions v
         full join (select data ->> 'block' as block, data ->> 'version' as version, data ->> 'digest' as digest
                    from administration_events where kind in ('block_created', 'block_changed')) e
             on e.block = v.block_id::text and e.version = v.version::text
         left join text_blocks b on b.id = v.block_id
         left join lateral (select kind from administration_events
             where kind in ('block_retired', 'block_restored') and data ->> 'block' = v.block_id::text
             order by seq desc limit 1) retired on true
         order by 1"#
    )
    .fetch_all(connection)
    .await
    .context("could not read the text blocks")?;
    let mut wrong = Vec::new();
    for row in rows {
        let stored = (|| {
            let (title_de, title_en, en) = (row.title_de?, row.title_en?, row.body_en?);
            let words = Words { title_de, title_en, de: row.body_de, en };
            Some(words.digest(row.block?, row.version?, &row.kind?))
        })();
        let right =
            row.offered_right && stored.is_some_and(|digest| row.digest == Some(String::from(digest)));
        if !right && wrong.last() != Some(&row.named) {
            wrong.push(row.named);
        }
    }
    Ok(wrong)
}

/// Accounts that the trail speaks of otherwise, or not at all, or that are gone. One from before the trail is known by its day.
async fn list_false_accounts(connection: &mut PgConnection) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"with said as (
             select data ->> 'staff' as staff,
                 (array_agg(data ->> 'role' order by seq desc) filter (where data ? 'role'))[1] as role,
                 (array_agg(kind like '%_disabled' order by seq desc) filter (where kind like '%_disabled' or kind like '%_reactivated'))[1]
                     as disabled
             from administration_events
             where kind in ('staff_added', 'staff_joined', 'staff_joined_by_provider', 'service_added', 'staff_role_changed',
                 'staff_role_by_provider', 'staff_disabled', 'staff_reactivated', 'service_disabled', 'service_reactivated')
             group by data ->> 'staff')
         select coalesce(s.id::text, said.staff, '') as "account!" from staff s full join said on said.staff = s.id::text
         where case when said.staff is null
             then s.created_at >= (select min(at) from administration_events)
             else s.id is null or s.role <> said.role or (s.disabled_at is not null) <> coalesce(said.disabled, false) end
         order by 1"#
    )
    .fetch_all(connection)
    .await
    .context("could not read the accounts")
}

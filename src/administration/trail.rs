//! The trail of what administrators change: append, list, verify. Each line carries the hash of the one before it; the end of
//! the chain is kept beside it.
//!
//! Lines hold ids, versions, digests and counts, nothing personal (law 7). The attacker is whoever took over an account, or the
//! database, and wants a change not to have been: the database refuses to rewrite a line, and what a superuser does to one, or
//! to the words of a text block, shows in [`verify`]. Whoever rewrites the whole chain is found by its end alone, which
//! `audit verify` prints so that it can be kept elsewhere.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::words::Words;
use crate::{
    case::{
        actor::{Role, StaffId},
        digest::Digest,
        second_factor::SecondFactor,
    },
    clock::Timestamp,
    token::{Sha256Bytes, sha256},
};

/// The hash before the first line.
const BEGINNING: Sha256Bytes = [0; 32];
/// Lines that are verified at once.
const BATCH: i64 = 1000;

/// Who changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// Somebody at the desk.
    Staff(StaffId),
    /// Whoever may run the program on its machine.
    CommandLine,
    /// The program itself, when it starts.
    Program,
}

impl Doer {
    fn as_str(self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::CommandLine => "command_line",
            Self::Program => "program",
        }
    }

    pub fn staff_id(self) -> Option<StaffId> {
        match self {
            Self::Staff(id) => Some(id),
            Self::CommandLine | Self::Program => None,
        }
    }
}

/// What was changed. Stored under its snake_case word with its data as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Change {
    /// `digest` is that of the words, so that they lie under the chain.
    BlockCreated {
        block: Uuid,
        version: i32,
        digest: Digest,
    },
    BlockChanged {
        block: Uuid,
        version: i32,
        digest: Digest,
    },
    BlockRetired {
        block: Uuid,
    },
    BlockRestored {
        block: Uuid,
    },
    StaffAdded {
        staff: Uuid,
        role: Role,
    },
    StaffDisabled {
        staff: Uuid,
    },
    StaffPasswordChanged {
        staff: Uuid,
    },
    /// By a link that was sent to their address.
    StaffPasswordReset {
        staff: Uuid,
    },
    StaffRoleChanged {
        staff: Uuid,
        from: Role,
        role: Role,
    },
    StaffReactivated {
        staff: Uuid,
        role: Role,
    },
    StaffSessionsEnded {
        staff: Uuid,
        sessions: u64,
    },
    /// Their open cases were given to somebody else, or to nobody.
    StaffCasesHandedOver {
        staff: Uuid,
        to: Option<Uuid>,
        cases: u64,
    },
    StaffInvited {
        invitation: Uuid,
        role: Role,
    },
    StaffInvitationSentAgain {
        invitation: Uuid,
    },
    StaffInvitationWithdrawn {
        invitation: Uuid,
    },
    /// Somebody took an invitation up, by the link in it.
    StaffJoined {
        staff: Uuid,
        invitation: Uuid,
        role: Role,
    },
    /// One that nobody signs in as.
    ServiceAdded {
        staff: Uuid,
        role: Role,
    },
    /// `staff` is its owner, `scopes` what it is for.
    TokenCreated {
        token: Uuid,
        staff: Uuid,
        scopes: Vec<String>,
    },
    TokenEnded {
        token: Uuid,
        staff: Uuid,
    },
    /// An account was made for somebody who came by an identity provider; `provider` is its word in the configuration.
    StaffJoinedByProvider {
        staff: Uuid,
        role: Role,
        provider: String,
    },
    /// The groups of an identity provider say another role than before.
    StaffRoleByProvider {
        staff: Uuid,
        role: Role,
        provider: String,
    },
    IdentityBound {
        staff: Uuid,
        provider: String,
    },
    IdentityUnbound {
        staff: Uuid,
        provider: String,
    },
    SecondFactorAdded {
        staff: Uuid,
        factor: SecondFactor,
    },
    SecondFactorRemoved {
        staff: Uuid,
        factor: SecondFactor,
    },
    /// A passkey's counter went back: there may be a copy of it.
    PasskeyRefused {
        staff: Uuid,
    },
    RecoveryCodesRenewed {
        staff: Uuid,
    },
    RecoveryCodeUsed {
        staff: Uuid,
    },
    /// All of somebody's second factors are gone, as after a lost telephone.
    SecondFactorsReset {
        staff: Uuid,
    },
    /// `file` is the digest of its bytes, `token` what it came with, if it did.
    RegisterImported {
        file: Digest,
        lines: u64,
        refused: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<Uuid>,
    },
    /// A list of customers with what is weak about them was saved as a file.
    CustomersSaved {
        customers: u64,
    },
    /// The key of the log was lost, and nothing signs the new one; `key` is its id.
    LogKeyReplaced {
        key: String,
    },
    /// Before the first file is touched; `key` is the name of the key, not the key.
    EvidenceRekeyBegun {
        key: String,
    },
    EvidenceRekeyEnded {
        key: String,
        files: u64,
        failures: u64,
    },
    /// `digest` is that of what was chosen: address, events, and whether people go along.
    WebhookCreated {
        endpoint: Uuid,
        personal: bool,
        digest: Digest,
    },
    /// Where the address was not `moved`, the digest is without it.
    WebhookChanged {
        endpoint: Uuid,
        personal: bool,
        moved: bool,
        digest: Digest,
    },
    WebhookSecretChanged {
        endpoint: Uuid,
    },
    WebhookEnabled {
        endpoint: Uuid,
    },
    /// By an administrator, or by the program, which says why.
    WebhookDisabled {
        endpoint: Uuid,
        why: String,
    },
    WebhookDeleted {
        endpoint: Uuid,
    },
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
    let data: BTreeMap<String, Value> = serde_json::from_value(serde_json::to_value(change)?)?;
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
}

impl Verified {
    pub fn holds(&self) -> bool {
        self.broken_at.is_none() && self.blocks.is_empty()
    }
}

/// Recomputes the chain: a changed line, a missing one, two that changed places, or a cut-off end; and holds the words of every
/// text block, and whether it is offered, against it.
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
    let broken_at = (!whole || !ends_right).then(|| lines.saturating_add(1));
    Ok(Verified { lines, hash, broken_at, blocks })
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

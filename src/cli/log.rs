//! `audit head`, `audit prove`, `audit replace-lost-key`, and the log's part of `audit verify`.

use std::{collections::BTreeSet, fs, path::Path, process::ExitCode};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use data_encoding::HEXLOWER;
use serde::Serialize;
use sqlx::PgPool;

use super::say;
use crate::{
    administration::trail::{self, Change, Doer},
    boot::{Company, Ground},
    case::number::CaseNumber,
    config::Settings,
    token::Sha256Bytes,
    transparency::{
        heads::{self, SignedHead},
        keys::{self, Keys},
        leaves::{ADMINISTRATION, Kind},
        proofs,
        verify::{Brought, verify},
    },
};

/// So many unused numbers are named.
const MOST_NAMED: usize = 50;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the present head of the log over all cases, signed. Keep it elsewhere: `audit verify --since` goes by it.
    Head,
    /// Print, as JSON, the proof that a case is in the log as it last was: what was logged, the path, and the signed head.
    Prove {
        /// The number of the case, or "administration".
        number: String,
    },
    /// Let the configured key sign from now on, although the one before it is lost and can't sign it.
    ///
    /// Whoever verifies is told of it for ever, and has to name the key: `audit verify --accept-key`.
    ReplaceLostKey,
}

/// What somebody kept who verifies.
#[derive(Debug, Args)]
pub(super) struct Kept {
    /// An earlier head, or a file with one or more of them: prove that the log only grew since, and nothing before was changed.
    #[arg(long, value_name = "HEAD")]
    since: Option<String>,
    /// A key (its id in hexadecimal) that you know to be the reseller's although the one before it did not sign it.
    #[arg(long, value_name = "KEY")]
    accept_key: Vec<String>,
}

impl Kept {
    fn read(&self) -> anyhow::Result<Brought> {
        let since = match &self.since {
            None => Vec::new(),
            Some(given) if Path::new(given).is_file() => {
                let text = fs::read_to_string(given).with_context(|| format!("could not read {given}"))?;
                SignedHead::read_all(&text).with_context(|| given.clone())?
            }
            Some(given) => SignedHead::read_all(given).context("--since is neither a file nor a head")?,
        };
        let accepted_keys: BTreeSet<Sha256Bytes> = self
            .accept_key
            .iter()
            .map(|text| {
                let bytes = HEXLOWER.decode(text.trim().to_lowercase().as_bytes()).ok();
                bytes
                    .and_then(|bytes| bytes.try_into().ok())
                    .with_context(|| format!("{text} is no id of a key"))
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Brought { since, accepted_keys })
    }
}

/// Says whether the log holds.
pub(super) async fn look(pool: &PgPool, kept: &Kept) -> anyhow::Result<bool> {
    let brought = kept.read()?;
    let verified = verify(pool, &brought).await?;
    for finding in &verified.findings {
        say(format!("log: {finding}"));
    }
    if verified.untold > 0 {
        say(format!("log: and {} more", verified.untold));
    }
    let (leaves, found) = (verified.leaves, verified.findings.len().saturating_add(verified.untold));
    say(format!(
        "log: {leaves} leaves and {} heads verified, {} changes wait to be logged, {found} findings",
        verified.heads, verified.pending
    ));
    if verified.deleted > 0 {
        say(format!("log: {} cases are deleted, since their time was over", verified.deleted));
    }
    if verified.unused.count > 0 {
        let named = verified.unused.numbers.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>();
        let (count, named) = (verified.unused.count, named.join(", "));
        say(format!(
            "log: {count} numbers were reserved for a request that has no case, as it failed or is under way: {named}"
        ));
    }
    if let (Some(first), true) = (brought.since.iter().min_by_key(|head| head.head.size), verified.holds()) {
        let (size, at) = (first.head.size, first.head.at);
        say(format!("log: grew from {size} to {leaves} leaves since {at}, and nothing before was changed"));
    }
    Ok(verified.holds())
}

/// What `prove` prints.
#[derive(Serialize)]
struct Proof {
    leaf: String,
    leaf_index: u64,
    tree_size: u64,
    proof: Vec<String>,
    head: String,
    public_key: String,
}

pub(super) async fn run(settings: Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let app = &ground.casework.app;
    let mut connection = app.pool.acquire().await?;
    match command {
        Command::Head => {
            let head = heads::current(&mut connection).await?.context("nothing was logged yet")?;
            say(head.text().trim_end());
        }
        Command::Prove { number } => {
            let subject = if number == Kind::Administration.as_str() {
                (Kind::Administration, ADMINISTRATION.to_owned())
            } else {
                let Ok(number) = number.parse::<CaseNumber>() else {
                    bail!("{number} is no number of a case")
                };
                (Kind::Case, number.as_str().to_owned())
            };
            let found = proofs::inclusion(&mut connection, subject.0, &subject.1).await?;
            let found = found.with_context(|| format!("nothing of {number} was logged yet"))?;
            let proof = Proof {
                leaf: found.leaf.text(),
                leaf_index: found.index,
                tree_size: found.tree_size,
                proof: found.proof.iter().map(|hash| HEXLOWER.encode(hash)).collect(),
                head: found.head.text(),
                public_key: keys::pem(&found.public_key),
            };
            say(serde_json::to_string_pretty(&proof)?);
        }
        Command::ReplaceLostKey => {
            let keys = Keys::find(&app.settings)?;
            let id = HEXLOWER.encode(&keys::id(&keys.current.verifying_key()));
            drop(connection);
            let mut transaction = app.pool.begin().await?;
            let now = app.clock.now();
            if keys::replace_lost(&mut transaction, &keys, now).await? {
                let change = Change::LogKeyReplaced { key: id.clone() };
                trail::append(&mut transaction, Doer::CommandLine, &change, now).await?;
                transaction.commit().await?;
                tracing::warn!(
                    key = id,
                    "a key of the log was replaced without the word of the one before it"
                );
                say(format!("the key {id} signs from now on; tell those who verify"));
            } else {
                say(format!("the key {id} is the log's already"));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

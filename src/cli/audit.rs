//! `audit verify`: recomputes the hash chain of every case with all that it rests on, that of what administrators change, and the log over
//! all of them (`log.rs`).

use std::process::ExitCode;

use clap::Subcommand;
use data_encoding::HEXLOWER;
use sqlx::PgPool;

use super::{check, log, say};
use crate::{
    administration::trail,
    boot::{Company, Ground},
    casework::verify_trail_after,
    config::Settings,
};

/// A line is printed about every so many cases.
const STRIDE: usize = 10_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Recompute the audit trail of every case with all that it rests on, and that of what administrators change. Exit code 1 when one
    /// does not hold.
    ///
    /// Prints the end of the second: kept elsewhere, it shows even that somebody rewrote it as a whole. Then the log over all
    /// of them: the tree anew, every head, and that no case is gone.
    Verify {
        /// Go on after this case, where an earlier run was broken off.
        #[arg(long, value_name = "NUMBER")]
        after: Option<String>,
        #[command(flatten)]
        kept: log::Kept,
    },
    /// Verify an evidence pack by itself: needs no settings and no database. Exit code 1 where anything of it does not hold.
    ///
    /// Says what holds, what does not, and what can't be told from a pack.
    Check(check::Check),
    #[command(flatten)]
    Log(log::Command),
}

pub(super) async fn run(settings: Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let (after, kept) = match command {
        Command::Verify { after, kept } => (after, kept),
        Command::Check(command) => return Ok(check::run(command)),
        Command::Log(command) => return log::run(settings, command).await,
    };
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let holds = look(&ground.casework.app.pool, after.as_deref(), kept).await?;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Verifies all of it, and says what was found; whether it holds.
pub(super) async fn look(pool: &PgPool, after: Option<&str>, kept: &log::Kept) -> anyhow::Result<bool> {
    let mut told = STRIDE;
    let findings = verify_trail_after(pool, after, |findings| {
        if findings.cases >= told {
            told = findings.cases.saturating_add(STRIDE);
            let last = findings.last.as_deref().unwrap_or_default();
            say(format!("{} cases so far, up to {last} (go on after it with --after)", findings.cases));
        }
    })
    .await?;
    for case in &findings.broken {
        say(case.to_string());
    }
    say(format!("{} cases verified, {} faults", findings.cases, findings.faults));
    let administration = trail::verify(pool).await?;
    if let Some(line) = administration.broken_at {
        say(format!("administration: the trail does not hold from line {line} on"));
    }
    for block in &administration.blocks {
        say(format!("administration: text block {block} is not what the trail says"));
    }
    for account in &administration.accounts {
        say(format!("administration: account {account} is not what the trail says"));
    }
    let (lines, end) = (administration.lines, HEXLOWER.encode(&administration.hash));
    say(format!("administration: {lines} lines verified, the last is {end}"));
    let log_holds = log::look(pool, kept).await?;
    Ok(findings.faults == 0 && administration.holds() && log_holds)
}

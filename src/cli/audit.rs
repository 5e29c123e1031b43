//! `audit verify`: recomputes the hash chain of every case, that of what administrators change, and the log over all of them
//! (`log.rs`).

use std::process::ExitCode;

use clap::Subcommand;
use data_encoding::HEXLOWER;

use super::{check, log, say};
use crate::{
    administration::trail,
    boot::{Company, Ground},
    casework::verify_trail,
    config::Settings,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Recompute the audit trail of every case, and that of what administrators change. Exit code 1 when one does not hold.
    ///
    /// Prints the end of the second: kept elsewhere, it shows even that somebody rewrote it as a whole. Then the log over all
    /// of them: the tree anew, every head, and that no case is gone.
    Verify(log::Kept),
    /// Verify an evidence pack by itself: needs no settings and no database. Exit code 1 where anything of it does not hold.
    ///
    /// Says what holds, what does not, and what can't be told from a pack.
    Check(check::Check),
    #[command(flatten)]
    Log(log::Command),
}

pub(super) async fn run(settings: Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let kept = match command {
        Command::Verify(kept) => kept,
        Command::Check(command) => return Ok(check::run(command)),
        Command::Log(command) => return log::run(settings, command).await,
    };
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let (cases, broken) = verify_trail(&ground.casework.app.pool).await?;
    for case in &broken {
        say(case.to_string());
    }
    say(format!("{cases} cases verified, {} broken", broken.len()));
    let administration = trail::verify(&ground.casework.app.pool).await?;
    if let Some(line) = administration.broken_at {
        say(format!("administration: the trail does not hold from line {line} on"));
    }
    for block in &administration.blocks {
        say(format!("administration: text block {block} is not what the trail says"));
    }
    let (lines, end) = (administration.lines, HEXLOWER.encode(&administration.hash));
    say(format!("administration: {lines} lines verified, the last is {end}"));
    let log_holds = log::look(&ground.casework.app.pool, kept).await?;
    Ok(if broken.is_empty() && administration.holds() && log_holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

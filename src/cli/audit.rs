//! `audit verify`: recomputes the hash chain of every case.

use std::process::ExitCode;

use clap::Subcommand;

use super::say;
use crate::{
    boot::{Company, Ground},
    casework::verify_trail,
    config::Settings,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Recompute the audit trail of every case. Exit code 1 when one does not hold.
    Verify,
}

pub(super) async fn run(settings: Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Verify = command;
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let (cases, broken) = verify_trail(&ground.casework.app.pool).await?;
    for case in &broken {
        say(format!("{}: the trail does not hold from line {} on", case.number, case.seq));
    }
    say(format!("{cases} cases verified, {} broken", broken.len()));
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

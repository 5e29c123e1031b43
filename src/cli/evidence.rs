//! `evidence rekey`: encrypts every evidence file under the first key, so that older keys can go.

use std::process::ExitCode;

use clap::Subcommand;
use uuid::Uuid;

use super::say;
use crate::{
    boot::{Company, Ground},
    config::Settings,
    evidence::rotation::{self, Turned},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Encrypt every file anew that is not under the first of evidence.keys.
    ///
    /// One file after the other, beside the running service; it can be stopped and started again at any time. Exit code
    /// 1 when a file could not be opened by any configured key: such files stay as they are.
    Rekey,
}

pub(super) async fn run(settings: Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Rekey = command;
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let casework = &ground.casework;
    let (mut done, mut failures, mut last) = (0_u64, 0_u64, Uuid::nil());
    while let Some(Turned { file, failed }) =
        rotation::turn_next(&casework.app.pool, &casework.cabinet, last).await?
    {
        last = file;
        match failed {
            None => done = done.saturating_add(1),
            Some(error) => {
                failures = failures.saturating_add(1);
                say(format!("{file}: {error:#}"));
            }
        }
    }
    let first = casework.cabinet.keyring.first().unwrap_or_default();
    say(format!("{done} files are under {first:?} now, {failures} could not be opened"));
    Ok(if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

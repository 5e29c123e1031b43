//! `evidence rekey`: encrypts every evidence file under the first key, so that older keys can go.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use uuid::Uuid;

use super::{progress::Progress, say};
use crate::{
    administration::trail::{Change, Doer, append},
    boot::{Company, Ground},
    casework::Casework,
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
    let key = casework.cabinet.keyring.first().unwrap_or_default().to_owned();
    // Each file is a transaction of its own: the first line stands before any of them is touched.
    record(casework, &Change::EvidenceRekeyBegun { key: key.clone() }).await?;
    let (mut done, mut failures, mut last) = (0_u64, 0_u64, Uuid::nil());
    let waiting = rotation::count_others(&casework.app.pool, &casework.cabinet).await?;
    let mut progress = Progress::begin("files", 0, Some(waiting));
    while let Some(Turned { file, failed }) =
        rotation::turn_next(&casework.app.pool, &casework.cabinet, last).await?
    {
        last = file;
        progress.step(1);
        match failed {
            None => done = done.saturating_add(1),
            Some(error) => {
                failures = failures.saturating_add(1);
                say(format!("{file}: {error:#}"));
            }
        }
    }
    drop(progress);
    record(casework, &Change::EvidenceRekeyEnded { key: key.clone(), files: done, failures }).await?;
    say(format!("{done} files are under {key:?} now, {failures} could not be opened"));
    Ok(if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn record(casework: &Casework, change: &Change) -> anyhow::Result<()> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    append(&mut transaction, Doer::CommandLine, change, casework.app.clock.now()).await?;
    transaction.commit().await.context("could not record the change of a key")
}

//! `mail inspect`: what Handover understands of message files. Needs no settings and no database.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Subcommand;

use super::{complain, say};
use crate::message::inspect;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print what Handover understands of each file, one JSON object a line.
    Inspect {
        /// JSON lines; the only format there is so far, named so that another can follow.
        #[arg(long, required = true)]
        json: bool,
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Exit code 1 when a file could not be read; the others are printed all the same.
pub(super) fn run(command: &Command) -> ExitCode {
    let Command::Inspect { files, .. } = command;
    let mut outcome = ExitCode::SUCCESS;
    for file in files {
        match line(file) {
            Ok(line) => say(line),
            Err(error) => {
                complain(&error);
                outcome = ExitCode::FAILURE;
            }
        }
    }
    outcome
}

fn line(file: &Path) -> anyhow::Result<String> {
    let raw = std::fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    Ok(inspect::line(&file.display().to_string(), &raw)?)
}

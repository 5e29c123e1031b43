//! `register import`: what a file changes in the register, as a report.

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;
use nix::unistd::{User, getuid};

use super::{progress::Progress, say};
use crate::{
    boot::{Company, Ground},
    config::Settings,
    lang::Language,
    register::import::{self, ImportOptions, MappingChoice, Pace},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Import customers, entitlements and contacts from CSV or JSON.
    ///
    /// Good lines are applied in one transaction; bad ones are listed with their reason and change nothing. Exit code 1
    /// when a line was refused.
    Import {
        file: PathBuf,
        /// TOML file that says which of their columns is which of our fields.
        #[arg(long, value_name = "FILE", conflicts_with = "preset")]
        mapping: Option<PathBuf>,
        /// A mapping that Handover brings along: handover (our own headers, the default) or marketplace.
        #[arg(long)]
        preset: Option<String>,
        /// Say what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Import { file, mapping, preset, dry_run, json } = command;
    let mapping = match (mapping, preset) {
        (Some(file), _) => MappingChoice::File(file),
        (None, Some(name)) => MappingChoice::Preset(name),
        (None, None) => MappingChoice::default(),
    };
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let app = &ground.casework.app;
    let options = ImportOptions { file, mapping, dry_run, ran_by: account() };
    let mut bar = Bar::default();
    let shared = &ground.casework.rules.shared_domains;
    let report = import::run(&app.pool, &app.clock, shared, options, &mut |pace| bar.show(pace)).await?;
    drop(bar);
    if json {
        say(serde_json::to_string_pretty(&report)?);
    } else {
        say(report.text(Language::En));
    }
    Ok(if report.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// First the lines of the file, then the rows that changed.
#[derive(Default)]
struct Bar(Option<(&'static str, Progress)>);

impl Bar {
    fn show(&mut self, pace: Pace) {
        let (what, done, total) = match pace {
            Pace::Lines(done, total) => ("lines", done, total),
            Pace::Rows(done, total) => ("rows", done, total),
        };
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        match &mut self.0 {
            Some((shown, progress)) if *shown == what => progress.reach(count(done), ""),
            other => *other = Some((what, Progress::begin(what, count(done), Some(count(total))))),
        }
    }
}

/// Who runs this, as the operating system says: the environment says whatever it is told.
fn account() -> String {
    let uid = getuid();
    let name = User::from_uid(uid).ok().flatten().map(|user| user.name);
    name.unwrap_or_else(|| uid.to_string())
}

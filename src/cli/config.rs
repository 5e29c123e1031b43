//! `config check` and `config show`: what is wrong with the settings, and what they are. Neither asks a server.

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::json;

use super::{WRONG_SETTINGS, complain, say};
use crate::{
    boot::{Fault, refused},
    characters::write_visible,
    config::{Listed, Reading, Settings, Shown, Source},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say all that is wrong with the settings, at once. Exit code 2 where something is.
    ///
    /// Reads the settings file, the environment and the files of secrets, and asks no server: `handover doctor` does. What is refused
    /// here, `handover serve` refuses, too.
    Check {
        /// As JSON: {"problems": […]}.
        #[arg(long)]
        json: bool,
    },
    /// List every setting with its value and where that comes from. Of a secret only whether it is set.
    ///
    /// Where some settings can't be read, lists the others, says why, and ends with exit code 2.
    Show {
        /// As JSON: {"settings": [{"key", "value" or "is_set", "source", …}], "problems": […]}.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(file: Option<&Path>, command: &Command) -> ExitCode {
    match read(file).and_then(|reading| answer(&reading, command)) {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            WRONG_SETTINGS.into()
        }
    }
}

/// As much of the settings as can be read.
pub(super) fn read(file: Option<&Path>) -> anyhow::Result<Reading> {
    if let Some(file) = file {
        anyhow::ensure!(file.is_file(), "there is no settings file {}", file.display());
    }
    Settings::read(file)
}

fn answer(reading: &Reading, command: &Command) -> anyhow::Result<ExitCode> {
    let (problems, json) = match command {
        Command::Check { json } => (refused::list_all(reading), *json),
        // What production refuses is no reason not to show it.
        Command::Show { json } => (reading.complaints.clone(), *json),
    };
    let listed = match command {
        Command::Check { .. } => None,
        Command::Show { .. } => Some(reading.list()?),
    };
    let code = if problems.is_empty() { ExitCode::SUCCESS } else { WRONG_SETTINGS.into() };
    if json {
        let answer = match listed {
            Some(settings) => json!({ "settings": settings, "problems": problems }),
            None => json!({ "problems": problems }),
        };
        say(serde_json::to_string_pretty(&answer).context("could not write the settings as JSON")?);
        return Ok(code);
    }
    match listed {
        Some(listed) => listed.iter().for_each(|one| say(line(one))),
        None if problems.is_empty() => {
            let mode = if reading.settings.is_demo() { "a demo" } else { "production" };
            say(format!(
                "The settings are valid, for {mode}. `handover doctor` tries the servers that they name."
            ));
        }
        None => {}
    }
    if !problems.is_empty() {
        complain(&Fault::Settings(problems).into());
    }
    Ok(code)
}

/// As in a settings file, with the source as its comment.
fn line(listed: &Listed) -> String {
    let value = match &listed.shown {
        Shown::Value(value) => value.to_string(),
        Shown::Secret { is_set: true } => "(a secret, set)".to_owned(),
        Shown::Secret { is_set: false } => "(a secret, not set)".to_owned(),
    };
    let source = match &listed.source {
        Source::Default => "default".to_owned(),
        Source::Made => "made of other settings".to_owned(),
        Source::File(file) => format!("file {}", file.display()),
        Source::Variable(name) => format!("environment {name}"),
        Source::SecretFile(file) => format!("secret file {}", file.display()),
    };
    write_visible(&format!("{} = {value}  # {source}", listed.key))
}

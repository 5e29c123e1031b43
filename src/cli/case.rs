//! `case export`: the evidence pack of a case, as a file that only whoever runs this can read.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use super::say;
use crate::{
    boot::{Company, Ground},
    case::number::CaseNumber,
    casework::find_by_number,
    config::Settings,
    lang::Language,
    pack::{
        export::{self, Pack, Wanted},
        format::Variant,
    },
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write everything about a case into one ZIP that proves by itself that nothing of it was changed: `audit check`.
    Export(Export),
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The number of the case.
    number: String,
    /// The file, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Without anything that is about somebody: digests in its place, no messages, no files, no names.
    #[arg(long)]
    redacted: bool,
    /// Without the evidence files.
    #[arg(long)]
    without_files: bool,
    /// The language of the case file.
    #[arg(long, value_parser = ["de", "en"], default_value = "de")]
    language: String,
}

pub(super) async fn run(settings: Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Export(wanted) = command;
    let Ok(number) = wanted.number.parse::<CaseNumber>() else {
        bail!("{} is no number of a case", wanted.number)
    };
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let casework = &ground.casework;
    let mut connection = casework.app.pool.acquire().await?;
    let case = find_by_number(&mut connection, &number).await?;
    drop(connection);
    let Some(case) = case else { bail!("there is no case {}", wanted.number) };
    let output = &wanted.output;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(output)
        .with_context(|| format!("could not create {}", output.display()))?;
    let options = Wanted {
        variant: if wanted.redacted { Variant::Redacted } else { Variant::Whole },
        with_files: !wanted.without_files,
        language: Language::parse(&wanted.language).unwrap_or(Language::De),
    };
    let written = match export::begin(casework, case, None, options).await {
        Ok(pack) => write(pack, &mut file).await,
        Err(error) => Err(error),
    };
    if let Err(error) = written {
        give_up(output);
        return Err(error);
    }
    say(format!("{} is written; `handover audit check` verifies it", output.display()));
    Ok(ExitCode::SUCCESS)
}

async fn write(pack: Pack, file: &mut fs::File) -> anyhow::Result<()> {
    let mut pieces = pack.pieces();
    while let Some(piece) = pieces.recv().await {
        file.write_all(&piece?).context("could not write the pack")?;
    }
    file.sync_all().context("could not write the pack")
}

/// Half a pack is none.
fn give_up(output: &Path) {
    // What went wrong before is said.
    let _ = fs::remove_file(output);
}

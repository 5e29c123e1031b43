//! `audit check`: verifies an evidence pack. Needs no settings and no database, and writes nothing.

use std::{fs::File, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Args;

use super::{complain, say};
use crate::{
    case::digest::Digest,
    characters::write_in_one_line,
    pack::{check, format::Variant},
    transparency::keys,
};

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The pack, as `case export` or the desk wrote it.
    pack: PathBuf,
    /// The reseller's key, which you have from elsewhere: a file (PEM), or its id in hexadecimal. Every signature must be by one of
    /// those that are named.
    #[arg(long, value_name = "PUBLIC_KEY")]
    key: Vec<String>,
}

pub(super) fn run(command: &Check) -> ExitCode {
    match look(command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn look(command: &Check) -> anyhow::Result<bool> {
    let keys = command.key.iter().map(|key| read_key(key)).collect::<anyhow::Result<Vec<Digest>>>()?;
    let pack = command.pack.display();
    let file = File::open(&command.pack).with_context(|| format!("could not open {pack}"))?;
    let report = check::check(file, &keys).with_context(|| format!("{pack} is no pack"))?;
    let redacted = if report.variant == Some(Variant::Redacted) { ", redacted" } else { "" };
    say(format!("{}{redacted}", report.number));
    if let Some(key) = report.signed_by {
        say(format!("signed by the key {}", String::from(key)));
    }
    for (word, found) in
        [("holds", &report.holds), ("can't be told", &report.open), ("DOES NOT HOLD", &report.broken)]
    {
        for what in found {
            say(format!("{word}: {}", write_in_one_line(what)));
        }
    }
    Ok(report.is_sound())
}

fn read_key(given: &str) -> anyhow::Result<Digest> {
    if let Ok(id) = Digest::try_from(given.to_lowercase()) {
        return Ok(id);
    }
    let text =
        std::fs::read_to_string(given).with_context(|| format!("--key: {given} is no key and no file"))?;
    let key = keys::read_pem(&text).with_context(|| format!("--key: {given} holds no Ed25519 public key"))?;
    Ok(Digest(keys::id(&key)))
}

//! `backup` and `restore`: what they are told, what they say, and that they can be broken off.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::bail;
use clap::Args;

use super::{audit, log, progress::Progress, say};
use crate::{
    backup::{self, Manifest, Own, Proven, Restored, Wanted},
    config::Settings,
    stop::Signals,
};

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file, which must not be there yet; with --check, which is.
    file: PathBuf,
    /// Read a backup, and say whether it is whole and yours. Needs no database.
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// What `handover backup` wrote.
    file: PathBuf,
    /// Where the database is not empty: all that it holds is gone, for good.
    #[arg(long)]
    replace: bool,
    /// Where it was made under a secrets.key that is lost: nobody can tell whose it is, and you know it.
    #[arg(long)]
    accept_unproven: bool,
    /// Where the audit trail in it does not hold: serve it nevertheless.
    #[arg(long)]
    accept_findings: bool,
    #[command(flatten)]
    kept: log::Kept,
}

pub(super) async fn back_up(settings: Settings, command: &Backup) -> anyhow::Result<ExitCode> {
    let file = &command.file;
    if command.check {
        return check(&settings, file);
    }
    let mut signals = Signals::catch()?;
    let mut shown = Shown::default();
    let mut on = |what: &str, total, more| shown.step(what, total, more);
    let taken = tokio::select! {
        taken = backup::take(&settings, file, &mut on) => taken?,
        () = signals.received() => bail!("stopped: there is no backup, and nothing half of one"),
    };
    drop(shown);
    tell_of(&taken.warnings);
    say(format!("{}: {}", file.display(), describe(&taken.manifest)));
    say(
        "It holds personal data: encrypt it and take it to another machine. The keys are not in it; keep these apart from it:",
    );
    say("  secrets.key");
    for key in &taken.manifest.keys.evidence {
        say(format!("  evidence.keys: {} ({} files)", key.name, key.files));
    }
    if let Some(key) = taken.manifest.keys.log.last() {
        say(format!("  the key of the log: {key}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn check(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let mut shown = Shown::default();
    let total = std::fs::metadata(file).ok().map(|found| found.len());
    let opened = backup::open(file, |more| shown.step("comparing", total, more))?;
    drop(shown);
    say(format!("{}: whole. {}", file.display(), describe(&opened.manifest)));
    let proven = backup::judge(&opened, &Own::find(settings)?)?;
    say(match proven {
        Proven::Ours => "It was made under the secrets.key that is configured here.",
        Proven::OtherKey => {
            "It was made under another secrets.key than the one configured here: nobody can tell whose it is."
        }
        Proven::Forged => "Somebody changed it: its proof is not by the key that it names.",
    });
    Ok(if proven == Proven::Ours { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn describe(manifest: &Manifest) -> String {
    format!(
        "{} cases as of {}, by Handover {} (schema {}), PostgreSQL {}",
        manifest.cases, manifest.made_at, manifest.program, manifest.schema, manifest.server
    )
}

pub(super) async fn restore(settings: Settings, command: &Restore) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::catch()?;
    let mut shown = Shown::default();
    let total = std::fs::metadata(&command.file).ok().map(|found| found.len());
    let opened = backup::open(&command.file, |more| shown.step("comparing", total, more))?;
    let manifest = opened.manifest.clone();
    let wanted = Wanted { replaces: command.replace, accepts_unproven: command.accept_unproven };
    let work = async {
        let restored = backup::restore(&settings, opened, wanted, &mut |what, total, more| {
            shown.step(what, total, more)
        })
        .await?;
        drop(shown);
        tell_of(&restored.warnings);
        let holds = audit::look(restored.pool(), &command.kept).await?;
        if holds || command.accept_findings {
            restored.end().await?;
        }
        anyhow::Ok((restored, holds))
    };
    let (restored, holds) = tokio::select! {
        done = work => done?,
        () = signals.received() => bail!(
            "stopped: if the restore had begun, the database is not whole and says so to whoever would serve it; restore again"
        ),
    };
    if !holds && !command.accept_findings {
        bail!(
            "what was restored does not hold, as said above, so the database stays marked and serves nobody; to serve it nevertheless, restore again with --accept-findings"
        );
    }
    say(format!("Restored: {}", describe(&manifest)));
    tell_what_is_left(&restored, &manifest);
    Ok(ExitCode::SUCCESS)
}

fn tell_what_is_left(restored: &Restored, manifest: &Manifest) {
    match &restored.granted {
        Some(granted) => say(format!("The services were granted what they need ({} rights).", granted.len())),
        None => {
            say("Nobody was granted anything: run `handover database grants` for the role of the services.")
        }
    }
    for missing in &restored.missing {
        say(format!("Missing: {missing}."));
    }
    if restored.queued > 0 {
        say(format!(
            "{} e-mails wait to be sent, as they did then, and go out when a worker runs: look first which of them did (docs/OPERATIONS.md, Backup and restore).",
            restored.queued
        ));
    }
    say(format!(
        "Whoever was erased after {} is back. Erase them again, by your own list of requests:",
        manifest.made_at
    ));
    for (erased, cases, contacts) in &restored.erased {
        let mut places = cases.clone();
        if *contacts > 0 {
            places.push("the register".to_owned());
        }
        let places = if places.is_empty() { "nowhere that was looked".to_owned() } else { places.join(", ") };
        say(format!("  request {}, carried out {}: they are in {places}", erased.request, erased.at));
    }
    say(
        "  handover person erase ADDRESS. What is over by the periods of [retention] a worker erases by itself.",
    );
}

fn tell_of(warnings: &str) {
    for line in warnings.lines() {
        say(format!("PostgreSQL says: {line}"));
    }
}

/// One bar for each thing that is done, in MiB.
#[derive(Default)]
struct Shown {
    now: Option<(String, Progress)>,
    /// Less than a MiB.
    rest: u64,
}

impl Shown {
    fn step(&mut self, what: &str, total: Option<u64>, more: u64) {
        if self.now.as_ref().is_none_or(|(shown, _)| shown != what) {
            self.rest = 0;
            self.now = Some((
                what.to_owned(),
                Progress::begin(&format!("MiB {what}"), 0, total.map(|total| total >> 20)),
            ));
        }
        let bytes = self.rest.saturating_add(more);
        self.rest = bytes & ((1 << 20) - 1);
        if let Some((_, bar)) = &mut self.now {
            bar.step(bytes >> 20);
        }
    }
}

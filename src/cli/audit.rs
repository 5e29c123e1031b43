//! `audit verify`: recomputes the hash chain of every case with all that it rests on, that of what administrators change, and the log over
//! all of them (`log.rs`).

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use data_encoding::HEXLOWER;
use sqlx::PgPool;

use super::{check, log, progress::Progress, say};
use crate::{
    administration::trail,
    app::App,
    boot::{Company, Ground},
    casework::{Findings, verification::Verification, verify_trail_after},
    config::Settings,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Recompute the audit trail of every case with all that it rests on, and that of what administrators change. Exit code 1 when one
    /// does not hold.
    ///
    /// Prints the end of the second: kept elsewhere, it shows even that somebody rewrote it as a whole. Then the log over all
    /// of them: the tree anew, every head, and that no case is gone.
    Verify {
        /// Look at the cases after this one alone.
        #[arg(long, value_name = "NUMBER", conflicts_with = "resume")]
        after: Option<String>,
        /// Go on where the last run was broken off, by what it left below the data directory. What it found then is counted, not told again.
        #[arg(long)]
        resume: bool,
        #[command(flatten)]
        kept: log::Kept,
    },
    /// Verify an evidence pack by itself: needs no settings and no database. Exit code 1 where anything of it does not hold.
    ///
    /// Says what holds, what does not, and what can't be told from a pack.
    Check(check::Check),
    #[command(flatten)]
    Log(log::Command),
}

pub(super) async fn run(settings: Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let (after, resume, kept) = match command {
        Command::Verify { after, resume, kept } => (after, *resume, kept),
        Command::Check(command) => return Ok(check::run(command)),
        Command::Log(command) => return log::run(settings, command).await,
    };
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let app = &ground.casework.app;
    let faults = match after {
        Some(after) => {
            let findings = verify_trail_after(&app.pool, Some(after), |_| {}).await?;
            tell(&findings);
            say(format!("{} cases after {after} verified, {} faults", findings.cases, findings.faults));
            findings.faults
        }
        None => verify_cases(app, resume).await?,
    };
    let holds = look_beside_the_cases(&app.pool, kept).await? && faults == 0;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Verifies all of it, and says what was found; whether it holds. Keeps nothing of how far it came.
pub(super) async fn look(pool: &PgPool, kept: &log::Kept) -> anyhow::Result<bool> {
    let mut progress = Progress::begin("cases", 0, Some(count_cases(pool).await?));
    let findings = verify_trail_after(pool, None, |findings| {
        let done = u64::try_from(findings.cases).unwrap_or(u64::MAX);
        progress.reach(done, findings.last.as_deref().unwrap_or_default());
    })
    .await?;
    drop(progress);
    tell(&findings);
    say(format!("{} cases verified, {} faults", findings.cases, findings.faults));
    Ok(look_beside_the_cases(pool, kept).await? && findings.faults == 0)
}

/// The trail of administration and the log over all cases; whether they hold.
async fn look_beside_the_cases(pool: &PgPool, kept: &log::Kept) -> anyhow::Result<bool> {
    let administration = trail::verify(pool).await?;
    if let Some(line) = administration.broken_at {
        say(format!("administration: the trail does not hold from line {line} on"));
    }
    for block in &administration.blocks {
        say(format!("administration: text block {block} is not what the trail says"));
    }
    for account in &administration.accounts {
        say(format!("administration: account {account} is not what the trail says"));
    }
    let (lines, end) = (administration.lines, HEXLOWER.encode(&administration.hash));
    say(format!("administration: {lines} lines verified, the last is {end}"));
    Ok(log::look(pool, kept).await? && administration.holds())
}

async fn count_cases(pool: &PgPool) -> anyhow::Result<u64> {
    let total = sqlx::query_scalar!(r#"select count(*) as "count!" from cases"#)
        .fetch_one(pool)
        .await
        .context("could not count the cases")?;
    Ok(u64::try_from(total).unwrap_or_default())
}

/// All of them, or those that a run left which was broken off. How many faults there are.
async fn verify_cases(app: &App, resume: bool) -> anyhow::Result<usize> {
    let begun = if resume { Verification::resume(app)? } else { Verification::begin(app).await? };
    let from = begun.last.clone();
    if let Some(from) = &from {
        let (cases, faults, at) = (begun.cases, begun.faults, begun.begun_at);
        say(format!(
            "goes on after {from}: the {cases} cases up to there were looked at since {at}, {faults} faults"
        ));
    }
    let total = count_cases(&app.pool).await?;
    let count = |cases: usize| u64::try_from(cases).unwrap_or(u64::MAX);
    let mut progress = Progress::begin("cases", count(begun.cases), Some(total));
    let mut kept = Ok(());
    let findings = verify_trail_after(&app.pool, from.as_deref(), |findings| {
        let reached = begun.with(findings);
        progress.reach(count(reached.cases), reached.last.as_deref().unwrap_or_default());
        let written = reached.keep(app);
        if kept.is_ok() {
            kept = written;
        }
    })
    .await?;
    drop(progress);
    tell(&findings);
    let all = begun.with(&findings);
    match &from {
        None => say(format!("{} cases verified, {} faults", all.cases, all.faults)),
        Some(from) => say(format!(
            "{} cases verified after {from}, {} with those before; {} faults",
            findings.cases, all.cases, all.faults
        )),
    }
    // A disk that is full stops no verification: it could only not be resumed.
    if let Err(error) = kept.and_then(|()| all.keep(app)).and_then(|()| all.end(app)) {
        say(format!("how far it came could not be kept: {error:#}"));
    }
    Ok(all.faults)
}

fn tell(findings: &Findings) {
    for case in &findings.broken {
        say(case.to_string());
    }
    let untold = findings.faults.saturating_sub(findings.broken.len());
    if untold > 0 {
        say(format!("and {untold} more"));
    }
}

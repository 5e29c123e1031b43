//! `person`: what is kept of somebody, as a copy in a folder; and requests to erase somebody, which administrators consent to at the desk.
//!
//! Consents to nothing: whoever runs a command has no name here. It asks, or carries out what two administrators consented to.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Subcommand;

use super::say;
use crate::{
    administration::{
        persons::{
            Person, copy,
            requests::{self, Outcome},
        },
        trail::Doer,
    },
    boot::{Company, Ground},
    case::address::EmailAddress,
    casework::Casework,
    config::Settings,
    lang::Language,
    work::erasure,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write down all that is kept of somebody: to read in German and English, and as JSON.
    ///
    /// Finds the mailbox in every spelling. Other people are left out. The trail says that it was done, not whose copy it is.
    Export {
        address: EmailAddress,
        /// A folder that is not there yet; only you can read it.
        #[arg(long, value_name = "FOLDER")]
        output: PathBuf,
    },
    /// Ask that somebody is erased; or do it, where two administrators have consented at the desk.
    ///
    /// A worker does it as well, soon after the second consent. Exit code 1 where consent is missing, which the first call always
    /// ends with.
    Erase {
        address: EmailAddress,
        /// Why, for those who consent. Forgotten with the request's end.
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let casework = &ground.casework;
    match command {
        Command::Export { address, output } => export(casework, address, &output).await,
        Command::Erase { address, reason } => erase(casework, &address, &reason).await,
    }
}

async fn export(casework: &Casework, address: EmailAddress, output: &Path) -> anyhow::Result<ExitCode> {
    // Before anything is looked for, so that nobody waits for nothing.
    fs::DirBuilder::new()
        .mode(0o700)
        .create(output)
        .with_context(|| format!("could not create {}", output.display()))?;
    let app = &casework.app;
    let copy = copy::export(app, Doer::CommandLine, &Person::new(address)).await?;
    write(&output.join("person.json"), &copy.json()?)?;
    for language in Language::ALL {
        let page = copy.html(app, language)?;
        write(&output.join(format!("person.{}.html", language.as_str())), page.as_bytes())?;
    }
    say(format!("{} records in {}", copy.rows(), output.display()));
    for (table, count) in &copy.named {
        say(format!("{table}: {count} more in which the name stands, which may be somebody else's"));
    }
    Ok(ExitCode::SUCCESS)
}

fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(bytes).context("could not write the copy")
}

async fn erase(casework: &Casework, address: &EmailAddress, reason: &str) -> anyhow::Result<ExitCode> {
    let app = &casework.app;
    if let Some(open) = requests::find_open(&app.pool, address).await? {
        if let Some((request, outcome)) = erasure::carry_out(casework, Some(open), Doer::CommandLine).await? {
            tell(&request.to_string(), &outcome);
            return Ok(ExitCode::SUCCESS);
        }
        say(format!("{open}: two administrators have to consent at {}", page(casework)));
        return Ok(ExitCode::FAILURE);
    }
    let request = requests::ask(app, Doer::CommandLine, address, reason).await?;
    say(format!("{request}: asked. Two administrators have to consent at {}", page(casework)));
    Ok(ExitCode::FAILURE)
}

fn page(casework: &Casework) -> String {
    casework.app.link("/desk/administration/persons")
}

fn tell(request: &str, outcome: &Outcome) {
    say(format!("{request}: done"));
    for (table, rows) in &outcome.erased {
        say(format!("erased\t{table}\t{rows}"));
    }
    for kept in &outcome.kept {
        let number = kept.number.as_deref().unwrap_or("-");
        say(format!("kept\t{}\t{}\t{number}\t{}", kept.table, kept.rows, kept.why));
    }
}

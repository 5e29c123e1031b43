//! The command line: what can be asked for, and how the answer is printed. Each command is a few lines over the rooms.
//!
//! Exit codes: 0 done; 1 failed or found something wrong; 2 the command line or the configuration is not valid; 3 the
//! database has another schema.

mod audit;
mod backup;
mod case;
mod check;
mod config;
mod database;
mod doctor;
mod evidence;
mod health;
mod ingest;
mod inspect;
mod log;
mod mail_test;
mod manual;
mod person;
mod progress;
mod register;
mod running;
mod staff;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{
    boot::{Fault, refused},
    config::Settings,
    version,
};

/// Service desk for cases in which a customer's primary Atlassian contact has left the company.
///
/// Without a command, serves. Without any configuration, runs as a demo: a private PostgreSQL below ./data, invented
/// data, mail into a folder. docs/OPERATIONS.md says how to run it in production.
///
/// Exit codes: 0 done; 1 failed, or found something wrong; 2 the command line or the configuration is not valid; 3 the
/// schema of the database is older or newer than this program. Some commands have more, as their help says.
#[derive(Debug, Parser)]
#[command(name = "handover", version = version::IN_FULL.as_str(), max_term_width = 100)]
struct Cli {
    /// Settings file (TOML). Every key and its default stands in config/default.toml; HANDOVER__SECTION__KEY in the
    /// environment wins over the file. Without it, what is installed by the Debian package reads /etc/handover/handover.toml.
    #[arg(long, global = true, env = "HANDOVER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Cli {
    /// A package says where its settings file lies, so that a command by hand never runs on the demo beside the service.
    fn settings_file(&self) -> Option<&Path> {
        let packaged = option_env!("HANDOVER_SETTINGS_FILE").map(Path::new);
        self.config.as_deref().or(packaged)
    }
}

/// As clap's own, for a command line that is not valid.
const WRONG_SETTINGS: u8 = 2;
/// The database has an older or a newer schema.
const OTHER_SCHEMA: u8 = 3;

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages, with a worker in the same process (the default).
    Serve {
        /// Leave the background work to `handover work` processes.
        #[arg(long)]
        without_worker: bool,
    },
    /// Do the background work only: checks, deliveries, deadlines.
    Work,
    /// Bring the database to this program's schema, grant the services what they need there, and end.
    ///
    /// Signs in as the owner of the tables (database.owner_url, else database.url). Grants to database.service_role, else to the user
    /// in database.url where that is another one.
    Migrate,
    /// Say what is wrong with the settings, or which there are.
    #[command(subcommand)]
    Config(config::Command),
    /// Say who may do what in the database.
    #[command(subcommand)]
    Database(database::Command),
    /// Write all that is kept into one file that only you can read, and read it back.
    ///
    /// Takes `pg_dump` and `pg_restore` of PostgreSQL, at least as new as the server (database.bin_dir, else the usual places). Signs in by
    /// database.owner_url, else database.url, as a role that reads everything. The service goes on meanwhile. No key is in the file, and all personal data is.
    Backup(backup::Backup),
    /// Bring back what `handover backup` wrote, into an empty database, and verify it.
    ///
    /// Signs in as the owner of the tables (database.owner_url, else database.url). Migrates what is older than this program, grants the services
    /// what they need, verifies the audit trail, and says what is left to do. Until it has ended, nobody can serve the database.
    Restore(backup::Restore),
    /// Seed the demo into an empty database, and end. Never in production.
    Demo {
        /// Go on until there are so many cases, for trying and measuring; also in a demo that is there already, or where an earlier
        /// run was broken off. Some tens are played by the rules, the rest are copies of them, written as the owner of the tables.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
        cases: Option<u32>,
    },
    /// Manage the people who work the desk.
    #[command(subcommand)]
    Staff(staff::Command),
    /// Manage the register of customers, entitlements and contacts.
    #[command(subcommand)]
    Register(register::Command),
    /// Take in, look at or try e-mails.
    #[command(subcommand)]
    Mail(Mail),
    /// Look after evidence files.
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// Take cases out of the house.
    #[command(subcommand)]
    Case(case::Command),
    /// What is kept of a person: a copy for them, and that it is erased.
    #[command(subcommand)]
    Person(person::Command),
    /// Verify the audit trail and the log over all cases.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Look over configuration, database, schema, mail, files and trail, try every server, and say what is wrong.
    ///
    /// Sends and changes nothing. Exit codes: 0 all is well; 4 something is worth a look and nothing fails; 1 something
    /// fails; 2 a setting is refused; 3 the database has another schema.
    Doctor,
    /// Ask the Handover that runs on this machine whether it lives. Exit code 1 where it does not.
    Health(health::Health),
    /// Write man pages and completions for shells.
    #[command(hide = true)]
    Manual(manual::Manual),
}

#[derive(Debug, Subcommand)]
enum Mail {
    #[command(flatten)]
    Inspect(inspect::Command),
    /// Store the message on standard input, for mail servers that pipe (Postfix: pipe(8), Exim: pipe transport).
    ///
    /// Exit codes (sysexits.h): 0 stored, or stored before; 65 larger than mail.inbound.max_bytes or empty: give it back
    /// to the sender; 75 nothing could be stored now: try again later.
    Ingest(ingest::Conversation),
    /// Send one message to an address, by the way of every other, and say each step. Exit code 1 when one fails.
    Test(mail_test::Test),
}

/// Of the runtime that the background work and all connections to the database live on; pages are answered on others.
const THREADS: usize = 2;

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // What needs neither settings nor a database.
    if let Some(Command::Mail(Mail::Inspect(command))) = &cli.command {
        return inspect::run(command);
    }
    if let Some(Command::Audit(audit::Command::Check(command))) = &cli.command {
        return check::run(command);
    }
    if let Some(Command::Manual(manual)) = &cli.command {
        return manual::run(manual);
    }
    if let Some(Command::Config(command)) = &cli.command {
        return config::run(cli.settings_file(), command);
    }
    // A mail server gives a message back to its sender at once on any code but this one.
    let ingests = matches!(cli.command, Some(Command::Mail(Mail::Ingest(_))));
    let settings = match load(&cli) {
        Ok(settings) => settings,
        Err(error) => {
            complain(&error);
            return if ingests { ingest::TRY_AGAIN } else { WRONG_SETTINGS }.into();
        }
    };
    running::start_logging(&settings);
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                complain(&error.into());
                return if ingests { ingest::TRY_AGAIN.into() } else { ExitCode::FAILURE };
            }
        };
    let outcome = runtime.block_on(dispatch(cli.command, settings));
    // A thread that waits for a name server must not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    outcome.unwrap_or_else(|error| {
        complain(&error);
        if ingests { ingest::TRY_AGAIN.into() } else { code(&error) }
    })
}

fn code(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref::<Fault>() {
        Some(Fault::Settings(_)) => WRONG_SETTINGS.into(),
        Some(Fault::OlderSchema | Fault::NewerSchema | Fault::HalfRestored) => OTHER_SCHEMA.into(),
        None => ExitCode::FAILURE,
    }
}

fn load(cli: &Cli) -> anyhow::Result<Settings> {
    let reading = config::read(cli.settings_file())?;
    if reading.complaints.is_empty() {
        return Ok(reading.settings);
    }
    Err(Fault::Settings(refused::list_all(&reading)).into())
}

async fn dispatch(command: Option<Command>, settings: Settings) -> anyhow::Result<ExitCode> {
    match command.unwrap_or(Command::Serve { without_worker: false }) {
        Command::Serve { without_worker } => running::serve(settings, !without_worker).await,
        Command::Work => running::work(settings).await,
        Command::Migrate => running::migrate(settings).await,
        Command::Config(command) => Ok(config::run(None, &command)),
        Command::Database(command) => database::run(settings, command).await,
        Command::Backup(command) => backup::back_up(settings, &command).await,
        Command::Restore(command) => backup::restore(settings, &command).await,
        Command::Demo { cases } => running::demo(settings, cases).await,
        Command::Staff(command) => staff::run(settings, command).await,
        Command::Register(command) => register::run(settings, command).await,
        Command::Mail(Mail::Inspect(command)) => Ok(inspect::run(&command)),
        Command::Mail(Mail::Ingest(conversation)) => ingest::run(settings, &conversation).await,
        Command::Mail(Mail::Test(test)) => mail_test::run(settings, &test).await,
        Command::Evidence(command) => evidence::run(settings, &command).await,
        Command::Case(command) => case::run(settings, &command).await,
        Command::Person(command) => person::run(settings, command).await,
        Command::Audit(command) => audit::run(settings, &command).await,
        Command::Doctor => doctor::run(settings).await,
        Command::Health(health) => Ok(health::run(&settings.http, &health)),
        Command::Manual(manual) => Ok(manual::run(&manual)),
    }
}

/// Prints a line of the answer.
#[expect(clippy::print_stdout, reason = "a command answers on standard output")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

/// Says how far something is, beside the answer.
#[expect(clippy::print_stderr, reason = "standard output is the answer's")]
fn report(line: impl std::fmt::Display) {
    eprintln!("{line}");
}

/// Prints what went wrong, with its causes.
#[expect(clippy::print_stderr, reason = "a command complains on standard error")]
fn complain(error: &anyhow::Error) {
    eprintln!("handover: {error:#}");
}

//! `database grants`: what the services may do in the database, and nothing besides.

use std::process::ExitCode;

use clap::Subcommand;

use super::say;
use crate::{boot::owner, config::Settings};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Give a role just what `serve`, `work` and the other commands need, and take away whatever else it has; say what was done.
    ///
    /// Signs in as the owner of the tables: database.owner_url, else database.url. The role must be there, with a password that you
    /// gave it, and own nothing. Doing it again changes nothing; `handover migrate` does it, too, where it knows the role.
    Grants {
        /// Whom the services sign in as.
        role: String,
    },
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Grants { role } = command;
    let done = owner::grant(&settings, &role).await?;
    done.iter().for_each(say);
    if done.is_empty() {
        say(format!("{role} has what the services need, and nothing besides."));
    }
    Ok(ExitCode::SUCCESS)
}

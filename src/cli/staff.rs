//! `staff add`: the first people at the desk of a production instance.

use std::{io::Read as _, process::ExitCode};

use anyhow::Context as _;
use clap::Subcommand;
use secrecy::SecretString;

use super::say;
use crate::{
    boot::{Company, Ground},
    case::{actor::Role, address::EmailAddress},
    config::Settings,
    desk,
    token::Token,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add somebody. Without --password-stdin a password is made and printed once.
    Add {
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: EmailAddress,
        /// auditor, agent, approver or admin; each may do what those before it may.
        #[arg(long)]
        role: Role,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Add { name, email, role, password_stdin } = command;
    let (password, made) = if password_stdin { (read_password()?, None) } else { make_password() };
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let app = &ground.casework.app;
    desk::staff::add(&app.pool, &name, &email, role, password, app.clock.now())
        .await
        .with_context(|| format!("could not add {email}"))?;
    let word: &str = role.into();
    say(format!("{name} <{email}> can sign in as {word} at {}", app.link("/desk/sign-in")));
    if let Some(made) = made {
        say(format!("Password: {made}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn read_password() -> anyhow::Result<SecretString> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("could not read the password")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned().into())
}

fn make_password() -> (SecretString, Option<String>) {
    let made: String = Token::random().reveal().chars().take(20).collect();
    (made.clone().into(), Some(made))
}

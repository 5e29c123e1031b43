//! `staff`: who may sign in at the desk. The pages manage no accounts.

use std::{io::Read as _, process::ExitCode};

use anyhow::Context as _;
use clap::Subcommand;
use secrecy::SecretString;

use super::say;
use crate::{
    administration::trail::Doer,
    boot::{Company, Ground},
    case::{actor::Role, address::EmailAddress},
    config::Settings,
    staff::{members, second_factors::enrolled},
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
        /// auditor, agent, approver or admin; each may do what those before it may. The trail of what administrators change is
        /// for auditors and admins alone.
        #[arg(long)]
        role: Role,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Bar somebody from the desk, at once: no sign-in, no session. The account stays, as the trail names it.
    Disable {
        #[arg(long)]
        email: EmailAddress,
    },
    /// Take all second factors away from somebody who has lost them; all their sessions end, and they are told by mail. With their
    /// password they can set up new ones.
    ResetSecondFactors {
        #[arg(long)]
        email: EmailAddress,
    },
    /// Give somebody another password; all their sessions end. Without --password-stdin one is made and printed once.
    Password {
        #[arg(long)]
        email: EmailAddress,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    // Before anything else, so that a password that can't be read touches nothing.
    let (password, made) = match &command {
        Command::Add { password_stdin: true, .. } | Command::Password { password_stdin: true, .. } => {
            (read_password()?, None)
        }
        _ => make_password(),
    };
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let app = &ground.casework.app;
    let made = match command {
        Command::Add { name, email, role, .. } => {
            members::add(&app.pool, &name, &email, role, password, app.clock.now())
                .await
                .with_context(|| format!("could not add {email}"))?;
            let word: &str = role.into();
            say(format!("{name} <{email}> can sign in as {word} at {}", app.link("/desk/sign-in")));
            made
        }
        Command::Disable { email } => {
            let disabled = members::disable(&app.pool, &email, app.clock.now()).await?;
            anyhow::ensure!(disabled, "nobody with the address {email} can sign in");
            say(format!("{email} is signed out everywhere and can't sign in any more."));
            None
        }
        Command::ResetSecondFactors { email } => {
            let staff = enrolled::find_by_email(&app.pool, email.as_str()).await?;
            let staff = staff.with_context(|| format!("nobody with the address {email} can sign in"))?;
            let now = app.clock.now();
            let reset = enrolled::reset(&ground.casework, staff, Doer::CommandLine, now).await?;
            anyhow::ensure!(reset, "{email} has no second factor");
            say(format!("{email} is signed out everywhere and has no second factor any more."));
            None
        }
        Command::Password { email, .. } => {
            let changed = members::set_password(&app.pool, &email, password, app.clock.now())
                .await
                .with_context(|| format!("could not change the password of {email}"))?;
            anyhow::ensure!(changed, "nobody with the address {email} can sign in");
            say(format!("{email} is signed out everywhere and has another password."));
            made
        }
    };
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

//! `staff`: who may sign in at the desk, by the same functions as the pages.

use std::{io::Read as _, process::ExitCode};

use anyhow::Context as _;
use clap::Subcommand;
use secrecy::SecretString;

use super::say;
use crate::{
    administration::trail::Doer,
    boot::{Company, Ground},
    case::{
        actor::{Role, StaffId},
        address::EmailAddress,
    },
    casework::Casework,
    config::Settings,
    lang::Language,
    staff::{
        accounts,
        invitations::{self, New},
        listed, members,
        password::{self, Owner},
        second_factors::enrolled,
    },
    token::Token,
};

/// Accounts that are listed at a time.
const BATCH: i64 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Invite somebody by mail: whoever has the mailbox chooses a name and a password within a week. A worker sends the mail.
    Invite {
        #[arg(long)]
        email: EmailAddress,
        /// auditor, agent, approver or admin; each may do what those before it may. The trail of what administrators change is
        /// for auditors and admins alone.
        #[arg(long)]
        role: Role,
        /// Of the mail: de or en.
        #[arg(long, default_value = "de", value_parser = parse_language)]
        language: Language,
        /// The address is right, though no colleague has one at its domain.
        #[arg(long)]
        other_domain: bool,
    },
    /// Add somebody. Without --password-stdin a password is made and printed once.
    Add {
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: EmailAddress,
        /// auditor, agent, approver or admin, as for `invite`.
        #[arg(long)]
        role: Role,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the accounts: address, role, whether active, when last signed in, name.
    List,
    /// Give somebody another role. The last active administrator keeps theirs.
    Role {
        #[arg(long)]
        email: EmailAddress,
        #[arg(long)]
        role: Role,
    },
    /// Bar somebody from the desk, at once: no sign-in, no session, no password. The account stays, as the trail names it; open
    /// cases count as nobody's until an administrator hands them over at the desk. The last active administrator stays.
    #[command(visible_alias = "disable")]
    Deactivate {
        #[arg(long)]
        email: EmailAddress,
    },
    /// Let somebody in again who was deactivated. A mail brings them the link to set a password.
    Activate {
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

fn parse_language(word: &str) -> Result<Language, String> {
    Language::parse(word).ok_or_else(|| "de or en".to_owned())
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
    let casework = &ground.casework;
    let app = &casework.app;
    let mut printed = None;
    match command {
        Command::Invite { email, role, language, other_domain } => {
            let new = New { email, role, language, other_domain };
            invitations::invite(casework, Doer::CommandLine, &new)
                .await
                .with_context(|| format!("could not invite {}", new.email))?;
            say(format!("{} is invited as {}.", new.email, <&str>::from(role)));
        }
        Command::Add { name, email, role, .. } => {
            let added = async {
                password::check(&password, &Owner::new(&name, email.as_str()).of_company(&app.settings))?;
                members::add(&app.pool, &name, &email, role, password, app.clock.now()).await?;
                anyhow::Ok(())
            };
            added.await.with_context(|| format!("could not add {email}"))?;
            let word: &str = role.into();
            say(format!("{name} <{email}> can sign in as {word} at {}", app.link("/desk/sign-in")));
            printed = made;
        }
        Command::List => list(casework).await?,
        Command::Role { email, role } => {
            let staff = find(casework, &email).await?;
            accounts::set_role(casework, Doer::CommandLine, staff, role)
                .await
                .with_context(|| format!("could not change the role of {email}"))?;
            say(format!("{email} is {} from now on, and signed out everywhere.", <&str>::from(role)));
        }
        Command::Deactivate { email } => {
            let staff = find(casework, &email).await?;
            accounts::deactivate(casework, Doer::CommandLine, staff)
                .await
                .with_context(|| format!("could not deactivate {email}"))?;
            say(format!("{email} is signed out everywhere and can't sign in any more."));
            let left = listed::find(&app.pool, staff.0).await?.map_or(0, |person| person.cases);
            if left > 0 {
                let page = app.link(&format!("/desk/administration/staff/{staff}"));
                say(format!("Open cases that count as nobody's now: {left}. Hand them over at {page}"));
            }
        }
        Command::Activate { email } => {
            let staff = find(casework, &email).await?;
            accounts::reactivate(casework, Doer::CommandLine, staff)
                .await
                .with_context(|| format!("could not let {email} in again"))?;
            say(format!("{email} gets a mail with the link to set a password."));
        }
        Command::ResetSecondFactors { email } => {
            let staff = enrolled::find_by_email(&app.pool, email.as_str()).await?;
            let staff = staff.with_context(|| format!("nobody with the address {email} can sign in"))?;
            let now = app.clock.now();
            let reset = enrolled::reset(casework, staff, Doer::CommandLine, now).await?;
            anyhow::ensure!(reset, "{email} has no second factor");
            say(format!("{email} is signed out everywhere and has no second factor any more."));
        }
        Command::Password { email, .. } => {
            let staff = find(casework, &email).await?;
            accounts::set_password(casework, staff, password)
                .await
                .with_context(|| format!("could not change the password of {email}"))?;
            say(format!("{email} is signed out everywhere and has another password."));
            printed = made;
        }
    }
    if let Some(made) = printed {
        say(format!("Password: {made}"));
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(casework: &Casework, email: &EmailAddress) -> anyhow::Result<StaffId> {
    let found = members::find_by_address(&casework.app.pool, email).await?;
    found.with_context(|| format!("nobody with the address {email} has an account"))
}

async fn list(casework: &Casework) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let people = listed::list(&casework.app.pool, after, BATCH).await?;
        let Some(last) = people.last() else { return Ok(()) };
        after = Some(last.id);
        for one in &people {
            let standing = if one.disabled_at.is_some() { "deactivated" } else { "active" };
            let signed_in = one.last_signed_in_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
            say(format!("{}\t{}\t{standing}\t{signed_in}\t{}", one.email, one.role, one.name));
        }
    }
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

//! `mail test ADDRESS`: one message to that address by the very way of every other, and each step of it on the terminal.
//!
//! Composed, signed and handed over by the same code under the same settings. It belongs to no case, is not kept in the
//! outbox and needs no database; nothing that comes back is known as ours.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use anyhow::Context as _;
use clap::Args;
use jiff::SignedDuration;
use secrecy::SecretString;
use uuid::Uuid;

use super::say;
use crate::{
    boot::{self, Fault, refused},
    brand::Brand,
    case::address::EmailAddress,
    clock::{Clock, Timestamp},
    config::{Settings, Tls, TransportKind},
    lang::Language,
    mail::{
        address::signed_address,
        outgoing::{
            compose::{Composed, Letter, Profile, Sender, compose},
            dkim::Dkim,
            receipt::{ClaimedEmail, Receipt},
            transport::{Step, Transport},
        },
    },
    token::Signer,
    view::Views,
};

/// The tag of its return address, as the number of a case is for the others.
const TAG: &str = "test";

#[derive(Debug, Args)]
pub(super) struct Test {
    /// Who gets it.
    address: EmailAddress,
    /// de or en; else the one of the settings.
    #[arg(long, value_name = "LANGUAGE", value_parser = read_language)]
    language: Option<Language>,
}

fn read_language(word: &str) -> Result<Language, String> {
    Language::parse(word).ok_or_else(|| "de or en".to_owned())
}

pub(super) async fn run(settings: Settings, test: &Test) -> anyhow::Result<ExitCode> {
    let complaints = refused::list(&settings);
    if !complaints.is_empty() {
        return Err(Fault::Settings(complaints).into());
    }
    let now = Clock::wall().now();
    let email = write(&settings, test, &boot::find_secret(&settings)?, now)?;
    line(
        "composed",
        format!("<{}>, {} bytes, from {}", email.message_id, email.raw.len(), email.envelope_from),
    );
    if settings.mail.transport == TransportKind::Smtp {
        resolve(&settings).await?;
    }
    let transport = Transport::try_new(&settings.mail, &settings.data_dir)?;
    let mut told = Vec::new();
    let receipt = transport
        .send_watched(&claimed(email, now), &mut |step| {
            say_step(&step);
            told.push(step);
        })
        .await;
    Ok(match receipt {
        Receipt::Accepted { response } => {
            line("accepted", format!("the message: {response}"));
            ExitCode::SUCCESS
        }
        Receipt::Deferred { response }
        | Receipt::Crowded { response, .. }
        | Receipt::Refused { response }
        | Receipt::Rejected { response } => {
            line("FAILED", format!("{}: {response}", next(&settings, &told)));
            ExitCode::FAILURE
        }
    })
}

fn write(
    settings: &Settings,
    test: &Test,
    secret: &SecretString,
    now: Timestamp,
) -> anyhow::Result<Composed> {
    let views = Views::try_new(settings.zone()?, &Brand::try_new(settings)?)?;
    let language = test.language.unwrap_or(settings.language);
    let render = |part: &str| {
        let template = format!("emails/delivery_test/{}.{part}", language.as_str());
        views.render(&template, language, &())
    };
    let (subject, text) = (render("subject")?, render("txt")?);
    let mail = &settings.mail;
    let return_address = signed_address(&mail.from_address, &Signer::new(secret, "reply addresses"), TAG);
    let letter = Letter {
        to_name: "",
        to_address: test.address.as_str(),
        reply_to: &return_address,
        return_path: &return_address,
        subject: subject.trim(),
        text: text.trim_end(),
        html: None,
        languages: &[language],
        thread: &[],
        unsubscribe: None,
    };
    let sender = Sender { name: &mail.from_name, address: &mail.from_address };
    Dkim::try_new(mail)?.sign(compose(sender, &letter, Profile::Automatic, now)?)
}

/// As the worker would hold it at its first try.
fn claimed(email: Composed, now: Timestamp) -> ClaimedEmail {
    ClaimedEmail {
        traceparent: None,
        id: Uuid::new_v4(),
        attempt: 1,
        claimed_until: now.after(SignedDuration::from_mins(10)),
        created_at: now,
        not_after: None,
        envelope_from: email.envelope_from,
        envelope_to: email.envelope_to,
        raw: email.raw,
    }
}

/// Says where the name of the mail server leads. The connection asks again by itself.
async fn resolve(settings: &Settings) -> anyhow::Result<()> {
    let server = &settings.mail.smtp;
    let patience = Duration::from_secs(server.timeout_seconds.into());
    let found = tokio::time::timeout(patience, tokio::net::lookup_host((server.host.as_str(), server.port)))
        .await
        .with_context(|| format!("no answer to where {} is", server.host))?
        .with_context(|| format!("the name {} leads nowhere", server.host))?;
    let addresses: Vec<String> = found.map(|address: SocketAddr| address.to_string()).collect();
    line("resolved", format!("{} is {}", server.host, addresses.join(", ")));
    Ok(())
}

fn line(what: &str, words: impl AsRef<str>) {
    // A server's words may hold what moves a terminal.
    let words: String = words.as_ref().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    say(format!("{what:<10}{words}"));
}

fn say_step(step: &Step) {
    match step {
        Step::Connected(name) => line("connected", format!("the server calls itself {name}")),
        Step::Encrypted => line("encrypted", "and its certificate is trusted"),
        Step::SignedIn => line("signed in", "as mail.smtp.username"),
        Step::SenderAccepted(words) => line("accepted", format!("the sender: {words}")),
        Step::RecipientAccepted(words) => line("accepted", format!("the recipient: {words}")),
    }
}

/// What was tried after the last step that came to its end.
fn next(settings: &Settings, told: &[Step]) -> &'static str {
    let smtp = &settings.mail.smtp;
    match told.last() {
        None if settings.mail.transport == TransportKind::Folder => "the folder",
        None if smtp.tls == Tls::Implicit => "connecting or encrypting",
        None => "connecting",
        Some(Step::Connected(_)) if smtp.tls != Tls::None => "encrypting",
        Some(Step::Connected(_) | Step::Encrypted) if !smtp.username.is_empty() => "signing in",
        Some(Step::Connected(_) | Step::Encrypted | Step::SignedIn) => "the sender",
        Some(Step::SenderAccepted(_)) => "the recipient",
        Some(Step::RecipientAccepted(_)) => "the message",
    }
}

//! The servers that Handover depends on, each tried as far as that costs nobody anything: nothing is sent, no file is
//! scanned, no message is read. All of them at once; one that stalls is a failure and holds up no other.

use futures_util::future::join_all;

use super::report::{Grade, Section, patience, within};
use crate::{
    config::{Settings, TransportKind},
    dns,
    evidence::Cabinet,
    mail::{
        incoming::collect,
        outgoing::transport::{Smtp, Step},
    },
};

/// A peer that is down is a failure where people depend on it.
fn grade(settings: &Settings) -> Grade {
    if settings.is_demo() { Grade::Warning } else { Grade::Failure }
}

pub(super) async fn look(settings: &Settings) -> Vec<Section> {
    let (smtp, imap, resolvers, scanner) =
        tokio::join!(try_smtp(settings), try_imap(settings), try_resolvers(settings), try_scanner(settings));
    [smtp, imap, resolvers, scanner].into()
}

async fn try_smtp(settings: &Settings) -> Section {
    let server = &settings.mail.smtp;
    if settings.mail.transport == TransportKind::Folder {
        return Section::new("smtp", "none: e-mails lie in a folder (mail.transport)");
    }
    let mut steps = Vec::new();
    let tried = within(patience(server.timeout_seconds), async {
        let smtp = Smtp::try_new(&settings.mail)?;
        smtp.sign_in(&mut |step| steps.push(step)).await.map_err(anyhow::Error::msg)
    })
    .await;
    let mut section = Section::new("smtp", format!("{}:{}", server.host, server.port));
    match tried {
        Ok(()) if steps.contains(&Step::SignedIn) => section.add(Grade::Note, "takes our sign-in"),
        Ok(()) => section.add(Grade::Note, "answers; no sign-in is configured"),
        Err(error) => {
            let place = match steps.last() {
                None => "can't be connected to",
                Some(Step::Connected(_))
                    if !steps.contains(&Step::Encrypted) && server.tls != crate::config::Tls::None =>
                {
                    "does not encrypt"
                }
                Some(_) => "does not take our sign-in",
            };
            section.add(grade(settings), format!("{place}: {error:#}"));
        }
    }
    section
}

async fn try_imap(settings: &Settings) -> Section {
    let server = &settings.mail.imap;
    let Some(name) = server.name() else { return Section::new("imap", "none is collected (mail.imap.host)") };
    let mut section = Section::new("imap", name);
    match within(patience(server.timeout_seconds), collect::sign_in(server)).await {
        Ok(messages) => section.add(Grade::Note, format!("opens; {messages} messages lie in it")),
        Err(error) => section.add(grade(settings), format!("{error:#}")),
    }
    section
}

async fn try_resolvers(settings: &Settings) -> Section {
    let dns = &settings.dns;
    let tried = join_all(dns.resolvers.iter().map(async |server| {
        (
            server,
            within(patience(dns.timeout_seconds.saturating_mul(2)), dns::try_resolver(dns, *server)).await,
        )
    }))
    .await;
    let answering = tried.iter().filter(|(_, answer)| answer.is_ok()).count();
    let mut section = Section::new("resolvers", format!("{answering} of {} answer", tried.len()));
    for (server, error) in tried.iter().filter_map(|(server, answer)| Some((server, answer.as_ref().err()?)))
    {
        section.add(grade(settings), format!("{server}: {error:#}"));
    }
    section
}

async fn try_scanner(settings: &Settings) -> Section {
    let evidence = &settings.evidence;
    if evidence.clamd.is_empty() {
        let mut section = Section::new("scanner", "none");
        if evidence.uploads {
            let grade = if settings.is_demo() { Grade::Note } else { Grade::Warning };
            section.add(grade, "files are not scanned for viruses: set evidence.clamd");
        }
        return section;
    }
    let mut section = Section::new("scanner", &*evidence.clamd);
    let asked = async { Cabinet::try_new(settings)?.scanner.greet().await };
    match within(patience(evidence.clamd_timeout_seconds), asked).await {
        Ok(version) => section.add(Grade::Note, version),
        Err(error) => section.add(grade(settings), format!("{error:#}")),
    }
    section
}

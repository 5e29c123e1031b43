//! `mail ingest`: stores one message from standard input, and says in its exit code what the mail server is to do.

use std::{
    io::{Read, stdin},
    process::ExitCode,
};

use anyhow::{Context as _, anyhow};
use clap::Args;

use super::complain;
use crate::{
    boot::{Company, Ground},
    config::Settings,
    mail::incoming::{
        collect,
        inbound::{self, Source},
    },
    message::envelope::Envelope,
};

/// EX_TEMPFAIL of sysexits.h.
pub(super) const TRY_AGAIN: u8 = 75;
/// EX_DATAERR of sysexits.h.
const GIVE_BACK: u8 = 65;

/// What the mail server knows of whoever handed the message to it.
#[derive(Debug, Default, Args)]
pub(super) struct Conversation {
    /// The client's IP address, for SPF. Postfix: ${client_address}, Exim: $sender_host_address.
    #[arg(long, value_name = "ADDRESS")]
    client_ip: Option<String>,
    /// The name that the client gave itself. Postfix: ${client_helo}, Exim: $sender_helo_name.
    #[arg(long, value_name = "NAME")]
    helo: Option<String>,
    /// The sender of the envelope, empty for a bounce. Postfix: ${sender}, Exim: $sender_address.
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
}

/// An error means that nothing is stored and the message must come again.
pub(super) async fn run(settings: Settings, conversation: &Conversation) -> anyhow::Result<ExitCode> {
    let max_bytes = settings.mail.inbound.max_bytes;
    let (raw, size) = read(stdin().lock(), max_bytes)?;
    if raw.is_empty() {
        complain(&anyhow!("there is no message on standard input"));
        return Ok(GIVE_BACK.into());
    }
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let app = &ground.casework.app;
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    let now = app.clock.now();
    if size <= max_bytes {
        let Conversation { client_ip, helo, mail_from } = conversation;
        let envelope = Envelope::told(client_ip.as_deref(), helo.as_deref(), mail_from.as_deref());
        inbound::store_piped(&mut transaction, &raw, &envelope, now).await?;
    } else {
        let header = header(&raw);
        inbound::store_parked(&mut transaction, Source::Pipe, header, size, collect::TOO_LARGE, now).await?;
    }
    transaction.commit().await.context("could not store an inbound e-mail")?;
    if size <= max_bytes {
        return Ok(ExitCode::SUCCESS);
    }
    complain(&anyhow!(
        "the message has {size} bytes and is larger than mail.inbound.max_bytes ({max_bytes})"
    ));
    Ok(GIVE_BACK.into())
}

/// The message up to one byte more than `max_bytes`, and its whole size: the rest is counted, not kept.
fn read(mut input: impl Read, max_bytes: usize) -> anyhow::Result<(Vec<u8>, usize)> {
    let context = "could not read the message from standard input";
    let mut raw = Vec::new();
    let bound = u64::try_from(max_bytes.saturating_add(1))?;
    input.by_ref().take(bound).read_to_end(&mut raw).context(context)?;
    let rest = std::io::copy(&mut input, &mut std::io::sink()).context(context)?;
    let size = raw.len().saturating_add(usize::try_from(rest)?);
    Ok((raw, size))
}

/// The header section; all there is where it never ends.
fn header(raw: &[u8]) -> &[u8] {
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n"];
    let end = ends.iter().filter_map(|end| raw.windows(end.len()).position(|found| found == *end)).min();
    end.and_then(|end| raw.get(..end)).unwrap_or(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_counted_and_not_kept() {
        let message = b"Subject: large\r\n\r\n0123456789";
        assert_eq!(read(message.as_slice(), 28).unwrap(), (message.to_vec(), 28));
        let (kept, size) = read(message.as_slice(), 20).unwrap();
        assert_eq!((kept.len(), size), (21, 28));
        assert_eq!(header(&kept), b"Subject: large");
        assert_eq!(header(b"Subject: x\n\nbody\r\n\r\n"), b"Subject: x");
        assert_eq!(header(b"no end"), b"no end");
    }
}

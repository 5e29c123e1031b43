//! Did the message really come from the domain in its `From`? Our own checks: SPF (RFC 7208), DKIM (RFC 6376) and DMARC
//! (RFC 7489), for where no mail server in front makes them.
//!
//! Believes nothing that the message says of itself, above all no `Authentication-Results`. Every configured name server
//! must come to the same yes; what none can say now is [`Doubt::Unclear`] and not a no.

use std::{borrow::Cow, time::Duration};

use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, DmarcResult, MessageAuthenticator, SpfOutput, SpfResult,
    common::crypto::Algorithm, dkim::Signature, dmarc::verify::DmarcParameters, spf::verify::SpfParameters,
};

use super::authentication::{Doubt, author_domain, domain_of, is_aligned};
use crate::{
    clock::Timestamp,
    config, dns,
    message::{Understanding, envelope::Envelope},
};

/// Signatures looked at; each costs a question to the name servers, and a message may claim thousands.
const MOST_SIGNATURES: usize = 10;
/// Who writes names the domains that are asked about, and so may choose name servers that never answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Checks the author's domain. `told` is what the mail server said of the conversation; where it said nothing, the
/// `Received` field of `received_by` is read, if that is not empty. A signature counts by the time `received_at`, however late
/// it is looked at.
///
/// # Errors
/// The [`Doubt`].
pub async fn verify(
    raw: &[u8],
    message: &Understanding,
    told: &Envelope,
    (received_by, received_at): (&str, Timestamp),
    servers: &config::Dns,
) -> Result<(), Doubt> {
    let domain = author_domain(message)?;
    let raw = with_crlf(raw);
    let mut signed = AuthenticatedMessage::parse(&raw).ok_or(Doubt::NotPassed)?;
    signed.dkim_headers.truncate(MOST_SIGNATURES);
    signed.dkim_headers.retain(|signature| counts_at(&signature.header, received_at));
    // The library would ask the machine's clock. What was signed is hashed as it was written, whatever stands here.
    signed.dkim_headers.iter_mut().for_each(|signature| signature.header.x = 0);
    // Two parsers must see the same author: what is checked is what people are shown.
    let authors: Vec<_> = signed.from.iter().map(|author| domain_of(author)).collect();
    if authors.as_slice() != [Some(domain.clone())] {
        return Err(Doubt::NoAuthor);
    }
    let envelope = if told.client_ip.is_none() && !received_by.is_empty() {
        Cow::Owned(Envelope::of_received(signed.headers.iter().copied(), received_by))
    } else {
        Cow::Borrowed(told)
    };
    if servers.resolvers.is_empty() {
        return Err(Doubt::NotConfigured);
    }
    within(PATIENCE, async {
        for server in &servers.resolvers {
            let resolver =
                dns::resolver(*server, servers.timeout_seconds).map_err(|_error| Doubt::Unclear)?;
            judge(&MessageAuthenticator(resolver), &signed, &domain, &envelope, received_by).await?;
        }
        Ok(())
    })
    .await
}

async fn within(patience: Duration, judging: impl Future<Output = Result<(), Doubt>>) -> Result<(), Doubt> {
    tokio::time::timeout(patience, judging).await.unwrap_or(Err(Doubt::Unclear))
}

async fn judge(
    authenticator: &MessageAuthenticator,
    message: &AuthenticatedMessage<'_>,
    domain: &str,
    envelope: &Envelope,
    host: &str,
) -> Result<(), Doubt> {
    let signatures: Vec<DkimOutput<'_>> =
        authenticator.verify_dkim(message).await.into_iter().filter(is_sound).collect();
    let (sender_domain, spf) = check_sender(authenticator, envelope, host).await;
    let dmarc = authenticator.verify_dmarc(DmarcParameters {
        message,
        dkim_output: &signatures,
        dkim2_output: None,
        rfc5321_mail_from_domain: &sender_domain,
        spf_output: &spf,
    });
    match dmarc.await.result() {
        DmarcResult::Pass => Ok(()),
        DmarcResult::TempError(_) => Err(Doubt::Unclear),
        DmarcResult::Fail(_) | DmarcResult::PermError(_) => Err(Doubt::NotPassed),
        DmarcResult::None => without_policy(&signatures, &sender_domain, &spf, domain),
    }
}

/// A domain that publishes no DMARC policy: a signature, or SPF, of the same organisation.
fn without_policy(
    signatures: &[DkimOutput<'_>],
    sender_domain: &str,
    spf: &SpfOutput,
    domain: &str,
) -> Result<(), Doubt> {
    let mut is_unclear = false;
    for output in signatures {
        let signer = output.signature().and_then(|signature| domain_of(&signature.d));
        if signer.is_some_and(|signer| is_aligned(&signer, domain)) {
            match output.result() {
                DkimResult::Pass => return Ok(()),
                DkimResult::TempError(_) => is_unclear = true,
                _ => {}
            }
        }
    }
    if domain_of(sender_domain).is_some_and(|sender| is_aligned(&sender, domain)) {
        match spf.result() {
            SpfResult::Pass => return Ok(()),
            SpfResult::TempError => is_unclear = true,
            _ => {}
        }
    }
    Err(if is_unclear { Doubt::Unclear } else { Doubt::NotPassed })
}

/// Whether it has not run out, and runs out after it was made (RFC 6376 §3.5, `x=`). Without an end it goes on counting.
fn counts_at(signature: &Signature, at: Timestamp) -> bool {
    let at = u64::try_from(at.as_second()).unwrap_or_default();
    signature.x == 0 || signature.x > at && signature.x > signature.t
}

/// A signature that covers the author (RFC 6376 §5.4) by an algorithm that still counts (RFC 8301 §3.1). The library has
/// refused those over a part of the body.
fn is_sound(output: &DkimOutput<'_>) -> bool {
    output.signature().is_some_and(|signature| {
        signature.a != Algorithm::RsaSha1 && signature.h.iter().any(|name| name.eq_ignore_ascii_case("from"))
    })
}

/// SPF of the envelope sender, or of the client's name for the null sender (RFC 7208 §2.4), and the domain checked. None
/// where the client's address is not known.
async fn check_sender(
    authenticator: &MessageAuthenticator,
    envelope: &Envelope,
    host: &str,
) -> (String, SpfOutput) {
    let helo = envelope.helo.as_deref().unwrap_or_default();
    let sender = envelope.mail_from.as_deref().unwrap_or_default();
    let domain = sender.rsplit_once('@').map_or(helo, |(_, domain)| domain).to_owned();
    let Some(ip) = envelope.client_ip else { return (String::new(), SpfOutput::new(domain)) };
    let output = if sender.is_empty() {
        authenticator.verify_spf(SpfParameters::verify_ehlo(ip, helo, host)).await
    } else {
        authenticator.verify_spf(SpfParameters::verify_mail_from(ip, helo, host, sender)).await
    };
    (domain, output)
}

/// What was piped may have lost its line ends on the way (RFC 6376 §5.3 signs CRLF).
fn with_crlf(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.windows(2).any(|two| two == b"\r\n") {
        return Cow::Borrowed(raw);
    }
    let mut whole = Vec::with_capacity(raw.len().saturating_add(raw.len() / 32));
    for byte in raw {
        if *byte == b'\n' {
            whole.push(b'\r');
        }
        whole.push(*byte);
    }
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_judgement_that_never_ends_is_none() {
        let patience = Duration::from_millis(10);
        assert_eq!(within(patience, std::future::pending()).await, Err(Doubt::Unclear));
        assert_eq!(within(PATIENCE, async { Ok(()) }).await, Ok(()));
    }
}

//! One log over the ends of all chains, in the shape of Certificate Transparency (RFC 9162, 2.1): its head is signed, and whoever
//! keeps heads elsewhere need not trust this database, nor us, that nothing before them was changed.
//!
//! Knows chains by number, count and hash; not what a case is. Stops nobody from changing the database: it makes that show. Who
//! holds the signing key and the database can make another log; only a head that was kept elsewhere shows that.

pub mod append;
pub mod file;
pub mod heads;
pub mod health;
pub mod keys;
pub mod leaves;
pub mod outlets;
pub mod proofs;
pub mod stamps;
pub mod tree;
pub mod verify;

use anyhow::{Context as _, ensure};

use crate::{config::Settings, token::Sha256Bytes};

/// What of `[log]` could never work, said before anything starts.
///
/// # Errors
/// In words for whoever operates Handover; they begin with the key.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    keys::Keys::configured(settings)?;
    let log = &settings.log;
    let url = &log.time_stamper;
    let is_web = |scheme: &str| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty());
    ensure!(
        url.is_empty() || is_web("https://") || is_web("http://"),
        "log.time_stamper must be an address that starts with https:// or http://"
    );
    ensure!(log.time_stamper_seconds > 0, "log.time_stamper_seconds is 0: no stamper is that fast");
    for address in &log.mail_to {
        ensure!(
            email_address::EmailAddress::is_valid(address) && !settings.atlassian.owns(address),
            "log.mail_to names {address:?}, which nothing can be sent to"
        );
    }
    Ok(())
}

fn as_hash(bytes: &[u8]) -> anyhow::Result<Sha256Bytes> {
    bytes.try_into().context("a hash of the log has another length")
}

fn as_size(number: i64) -> anyhow::Result<u64> {
    u64::try_from(number).context("the log has a size or an index below zero")
}

fn as_number(size: u64) -> anyhow::Result<i64> {
    i64::try_from(size).context("the log is too large")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_never_work_is_said_by_its_key() {
        let said = |lines: &str| check(&Settings::with(lines).unwrap()).map_err(|error| format!("{error:#}"));
        assert_eq!(said(""), Ok(()));
        assert_eq!(
            said("log.time_stamper = \"https://stamps.example/tsa\"\nlog.mail_to = [\"a@b.example\"]"),
            Ok(())
        );
        for (lines, begins) in [
            ("log.signing_keys = [\"short\"]", "log.signing_keys"),
            ("log.time_stamper = \"ftp://stamps.example\"", "log.time_stamper"),
            ("log.time_stamper = \"https://\"", "log.time_stamper"),
            ("log.time_stamper_seconds = 0", "log.time_stamper_seconds"),
            ("log.mail_to = [\"nobody\"]", "log.mail_to"),
        ] {
            let error = said(lines).unwrap_err();
            assert!(error.starts_with(begins) && !error.contains("short"), "{lines}: {error}");
        }
    }
}

//! Whether the author of a message is genuine, found out in the way that is configured. Judges nothing else.

use super::{
    authentication::{self, Doubt},
    authenticity,
};
use crate::{
    clock::Timestamp,
    config::{Authentication, Settings},
    message::{Understanding, envelope::Envelope},
};

/// # Errors
/// The [`Doubt`].
pub async fn authenticate(
    settings: &Settings,
    raw: &[u8],
    envelope: &Envelope,
    received_at: Timestamp,
    message: &Understanding,
) -> Result<(), Doubt> {
    let inbound = &settings.mail.inbound;
    match inbound.authentication {
        Authentication::Header => authentication::authenticate(message, &inbound.authserv_id),
        Authentication::Own => {
            let received = (inbound.received_by.as_str(), received_at);
            authenticity::verify(raw, message, envelope, received, &settings.dns).await
        }
    }
}

/// The message key of a doubt.
pub fn in_words(doubt: Doubt, by: Authentication) -> &'static str {
    match (doubt, by) {
        (Doubt::NotConfigured, _) => "inbound-not-configured",
        (Doubt::NoResults, _) => "inbound-no-results",
        (Doubt::NoAuthor, _) => "inbound-no-author",
        (Doubt::NotPassed, Authentication::Header) => "inbound-unauthenticated",
        (Doubt::NotPassed, Authentication::Own) => "inbound-not-genuine",
        (Doubt::Unclear, _) => "inbound-unclear",
    }
}

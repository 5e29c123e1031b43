//! What a provider announces about itself, with its keys: asked for once an hour, and anew when a key is not known.
//!
//! Nobody can make us ask more often: an unknown key counts once a minute, a failure holds for some seconds. A provider that does
//! not answer now is believed what it said within a day.

use std::sync::{Arc, Mutex, PoisonError};

use openidconnect::{
    AdditionalProviderMetadata, HttpRequest, IssuerUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex as Turn;

use super::{Denied, Provider, SignInError, peer::PeerError};
use crate::clock::Timestamp;

const FRESH: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
const BELIEVED: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
const UNKNOWN_KEY_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
const FAILED_FOR: jiff::SignedDuration = jiff::SignedDuration::from_secs(5);

/// What the library does not read by itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Announced {
    /// RP-Initiated Logout 1.0.
    pub end_session_endpoint: Option<String>,
    /// RFC 9207: what comes back names the provider.
    pub authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for Announced {}

pub(super) type Metadata = ProviderMetadata<
    Announced,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

#[derive(Debug, Default)]
pub(super) struct Cache {
    kept: Mutex<Kept>,
    /// One asks, the others wait for the answer.
    turn: Turn<()>,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    known: Option<(Arc<Metadata>, Timestamp)>,
    /// When it was asked last.
    asked_at: Option<Timestamp>,
    failed: bool,
}

/// Why it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Any,
    /// A token names a key that is not among those known.
    OtherKeys,
}

impl Cache {
    pub(super) fn known(&self) -> Option<Arc<Metadata>> {
        self.kept().known.map(|(known, _)| known)
    }

    fn kept(&self) -> Kept {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, kept: Kept) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

impl Kept {
    /// What does without asking: something to take, or nothing to be had now.
    fn answer(&self, want: Want, now: Timestamp) -> Option<Result<Arc<Metadata>, ()>> {
        let asked_within = |time| self.asked_at.is_some_and(|asked_at: Timestamp| asked_at.after(time) > now);
        match (&self.known, want) {
            (Some((known, at)), Want::Any) if at.after(FRESH) > now => Some(Ok(Arc::clone(known))),
            (Some((known, _)), Want::OtherKeys) if asked_within(UNKNOWN_KEY_AFTER) => {
                Some(Ok(Arc::clone(known)))
            }
            (Some((known, at)), _) if self.failed && asked_within(FAILED_FOR) && at.after(BELIEVED) > now => {
                Some(Ok(Arc::clone(known)))
            }
            (None, _) if self.failed && asked_within(FAILED_FOR) => Some(Err(())),
            _ => None,
        }
    }
}

impl Provider {
    pub(super) async fn metadata(&self, want: Want, now: Timestamp) -> Result<Arc<Metadata>, SignInError> {
        let failed = || Denied::Away.because("it did not answer a moment ago");
        if let Some(answer) = self.cache.kept().answer(want, now) {
            return answer.map_err(|()| failed());
        }
        let _turn = self.cache.turn.lock().await;
        if let Some(answer) = self.cache.kept().answer(want, now) {
            return answer.map_err(|()| failed());
        }
        let known = self.cache.kept().known;
        match self.discover().await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                let known = Some((Arc::clone(&metadata), now));
                self.cache.keep(Kept { known, asked_at: Some(now), failed: false });
                Ok(metadata)
            }
            Err(reason) => {
                self.cache.keep(Kept { known: known.clone(), asked_at: Some(now), failed: true });
                match known.filter(|(_, at)| at.after(BELIEVED) > now) {
                    Some((known, _)) => {
                        tracing::warn!(
                            provider = self.settings.name,
                            reason,
                            "what it announced before is used"
                        );
                        Ok(known)
                    }
                    None => Err(Denied::Away.because(reason)),
                }
            }
        }
    }

    async fn discover(&self) -> Result<Metadata, String> {
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| error.to_string())?;
        let ask = |request: HttpRequest| async move { self.peer.call(request).await };
        let metadata = Metadata::discover_async(issuer, &ask).await.map_err(told)?;
        // What browsers are sent to is not asked by us; it must be the provider's all the same.
        let token = metadata.token_endpoint().map(|url| url.as_str());
        let ways = [Some(metadata.authorization_endpoint().as_str()), token];
        if ways.into_iter().any(|way| way.and_then(|way| self.peer.own(way)).is_none()) {
            return Err("it announces an address that is none of its own, or none for tokens".to_owned());
        }
        Ok(metadata)
    }
}

fn told(error: openidconnect::DiscoveryError<PeerError>) -> String {
    use openidconnect::DiscoveryError as E;
    match error {
        E::Request(error) => error.to_string(),
        E::Response(status, ..) => format!("what it announces: status {status}, or no JSON"),
        E::Parse(error) => format!("what it announces can't be read at {}", error.path()),
        E::Validation(_) => "what it announces is about another issuer".to_owned(),
        _ => "what it announces can't be used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        jiff::Timestamp::from_second(1_800_000_000 + second).unwrap().into()
    }

    #[test]
    fn nobody_can_make_us_ask_again_and_again() {
        let text = r#"{"issuer": "https://id.example", "authorization_endpoint": "https://id.example/a", "jwks_uri": "https://id.example/k",
            "response_types_supported": ["code"], "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]}"#;
        let known = Some((Arc::new(serde_json::from_str::<Metadata>(text).unwrap()), at(0)));
        let nothing = Kept { known: None, asked_at: Some(at(0)), failed: true };
        let good = Kept { known: known.clone(), asked_at: Some(at(0)), failed: false };
        let old = Kept { known, asked_at: Some(at(4000)), failed: true };
        let day = 24 * 3600;
        for (kept, want, now, expected) in [
            (&Kept::default(), Want::Any, 0, "ask"),
            (&nothing, Want::Any, 4, "away"),
            (&nothing, Want::Any, 5, "ask"),
            (&good, Want::Any, 3599, "known"),
            (&good, Want::Any, 3600, "ask"),
            (&good, Want::OtherKeys, 59, "known"),
            (&good, Want::OtherKeys, 60, "ask"),
            (&old, Want::Any, 4004, "known"),
            (&old, Want::Any, 4005, "ask"),
            (&Kept { asked_at: Some(at(day)), ..old.clone() }, Want::Any, day + 1, "ask"),
        ] {
            let answer = match kept.answer(want, at(now)) {
                None => "ask",
                Some(Ok(_)) => "known",
                Some(Err(())) => "away",
            };
            assert_eq!(answer, expected, "{want:?} at {now}");
        }
    }
}

//! Signing in with an identity provider (OpenID Connect): which there are, the way there and back, what it says of somebody, and
//! whose account that is.
//!
//! The enemies: whoever is no member of staff and forges what a provider says; whoever lures somebody of the desk into an
//! account of theirs; a provider that lies about others than its own, stalls or dies; and whoever has left and still has a session.
//! Decides nothing about cases, shows no page. Owns the tables `identities`, `provider_sign_ins`, `provider_sessions` and
//! `used_logout_tokens`.

mod accounts;
mod claims;
mod discovery;
mod flow;
mod list;
pub mod logout;
mod peer;
mod settings;
mod token;

use std::sync::Arc;

use strum::{IntoStaticStr, VariantArray};

pub use flow::{Returned, SignedInThere, Wish, begin, finish};
pub use list::{Identity, count_refused_roles, list_of, provider_of, unbind};
pub use settings::check;

use crate::config::{IdentityProvider, Settings};

/// The providers of one process, shared by its workers, with what they announced.
#[derive(Clone, Debug, Default)]
pub struct Providers(Arc<Vec<Provider>>);

/// One of them.
#[derive(Debug)]
pub struct Provider {
    pub(crate) settings: IdentityProvider,
    peer: peer::Peer,
    cache: discovery::Cache,
}

impl Providers {
    /// What [`check`] refuses is left out: nothing starts with it.
    pub fn new(settings: &Settings) -> Self {
        let made =
            settings.desk.providers.iter().filter_map(|provider| match peer::Peer::try_new(provider) {
                Ok(peer) => {
                    Some(Provider { settings: provider.clone(), peer, cache: discovery::Cache::default() })
                }
                Err(error) => {
                    tracing::error!(
                        provider = provider.name,
                        error = format!("{error:#}"),
                        "an identity provider is left out"
                    );
                    None
                }
            });
        Self(Arc::new(made.collect()))
    }

    pub fn find(&self, name: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.settings.name == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }
}

impl Provider {
    /// Where somebody signs out there, too; `None` where it is not known, or the provider has no such page.
    pub fn sign_out_link(&self, come_back_to: &str) -> Option<String> {
        let known = self.cache.known()?;
        let mut link = self.peer.own(known.additional_metadata().end_session_endpoint.as_deref()?)?;
        link.query_pairs_mut()
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", come_back_to);
        Some(link.into())
    }
}

/// Why somebody was not signed in. The sentences are `provider-denied-<word>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Denied {
    /// Begun in another browser, too long ago, used already, or not at all.
    Stale,
    /// Refused there, by the person or the provider.
    Declined,
    /// The provider does not answer, or with nothing that could be used.
    Away,
    /// What the provider says is not proved.
    Unproved,
    /// The provider does not say that the address is theirs.
    Unverified,
    /// An address that is not let in.
    Domain,
    /// Nobody may come in by this address; also who was barred.
    NoAccount,
    /// No group that has a role here.
    NoRole,
    /// The account is bound to somebody else there.
    BoundOtherwise,
    /// A second factor is demanded and was not shown.
    SecondFactor,
    /// The provider has ended this sign-in meanwhile.
    SignedOut,
    /// It had to ask them who they are, and did not, or does not say so.
    NotAnew,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// With the reason, for the log: without a secret, an address or a name.
    #[error("{1}")]
    Denied(Denied, String),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Denied {
    fn because(self, reason: impl Into<String>) -> SignInError {
        SignInError::Denied(self, reason.into())
    }
}

//! Webhooks after Standard Webhooks (<https://www.standardwebhooks.com>): programs of the reseller's own are told what happens.
//!
//! The outbox's twin: a message is written in the transaction of the change, its bytes frozen; a worker hands it over, at least
//! once, in no promised order. Knows no case: what a message says is up to who writes it. The attackers are whoever has an
//! administrator's session and wants to reach what only this machine reaches (`networks`), a name server that changes its mind
//! (`send`), and a receiver that lies, stalls or never ends.

pub mod deliver;
pub mod endpoints;
pub mod health;
mod kind;
mod networks;
pub mod outbox;
mod secret;
mod send;
mod target;

pub use kind::EventKind;
pub use networks::Network;
pub use secret::{Sealed, Secret};
pub use target::{Reach, Target, WrongTarget};

use anyhow::Context as _;

use crate::{app::App, config};

/// What the settings say of webhooks, and the client that sends them.
#[derive(Debug)]
pub struct Webhooks {
    /// Seals addresses and secrets.
    pub sealer: secret::Sealer,
    pub reach: Reach,
    sender: send::Sender,
}

impl Webhooks {
    /// # Errors
    /// Where `webhooks.allowed_networks` names something else than networks.
    pub fn try_new(app: &App) -> anyhow::Result<Self> {
        let settings: &config::Webhooks = &app.settings.webhooks;
        let allowed = settings
            .allowed_networks
            .iter()
            .map(|text| {
                text.parse().ok().with_context(|| {
                    format!("webhooks.allowed_networks: {text:?} is no network such as \"10.1.2.0/24\"")
                })
            })
            .collect::<anyhow::Result<Vec<Network>>>()?;
        let reach = Reach { allowed: allowed.into(), only_https: !app.settings.is_demo() };
        let sender = send::Sender::new(reach.clone(), app.settings.dns.clone());
        Ok(Self { sealer: secret::Sealer::new(&app.webhook_signer), reach, sender })
    }
}

//! How often programs may ask. Counts in memory, per process.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use uuid::Uuid;

use crate::{
    config::Http,
    web::{WebError, limit::network},
};

/// How often a token, and a network without one that works, may ask. One for the whole process, shared by its workers.
#[derive(Clone, Debug)]
pub struct TokenLimit(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tokens: DefaultKeyedRateLimiter<Uuid>,
    strangers: DefaultKeyedRateLimiter<IpAddr>,
}

impl TokenLimit {
    pub fn new(settings: &Http) -> Self {
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(at_least_one(settings.api_per_minute))
            .allow_burst(at_least_one(settings.api_burst));
        Self(Arc::new(Inner { tokens: RateLimiter::keyed(quota), strangers: RateLimiter::keyed(quota) }))
    }

    /// Only tokens that work are counted by their id, so nobody makes the table grow.
    pub(super) fn check(&self, token: Uuid) -> Result<(), WebError> {
        self.0.tokens.check_key(&token).map_err(|wait| too_many(&wait))
    }

    pub(super) fn check_stranger(&self, address: IpAddr) -> Result<(), WebError> {
        let strangers = &self.0.strangers;
        if strangers.len() > 10_000 {
            strangers.retain_recent();
        }
        strangers.check_key(&network(address)).map_err(|wait| too_many(&wait))
    }
}

fn too_many(wait: &governor::NotUntil<governor::clock::QuantaInstant>) -> WebError {
    let retry_after = wait.wait_time_from(governor::clock::DefaultClock::default().now());
    WebError::TooMany { retry_after }
}

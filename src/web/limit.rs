//! How often one address may use the public forms, and how often a provider may sign people out. Counts in memory, per process;
//! knows nothing of passwords.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{HttpRequest, http::header::HeaderMap};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use super::error::WebError;
use crate::config::{Http, Settings};

/// After so many requests, addresses that are quiet again are forgotten.
const CLEAN_EVERY: usize = 1024;

/// One for the whole process, shared by its workers.
#[derive(Clone, Debug)]
pub struct FormLimit(Arc<Inner>);

/// The same for what identity providers say of who signed out there: a whole desk may do so at once, when an administrator there
/// ends all sessions or a provider starts anew, and whoever is turned away may stay signed in here. It bounds what a forger makes
/// us verify, and is no part of how often people may send forms.
#[derive(Clone, Debug)]
pub struct LogoutLimit(Arc<Inner>);

/// So many at once from one network, and in each minute after that.
const LOGOUTS: u32 = 600;

#[derive(Debug)]
struct Inner {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    seen: AtomicUsize,
}

impl FormLimit {
    pub fn new(settings: &Http) -> Self {
        Self(Arc::new(Inner::new(settings.forms_per_minute, settings.forms_burst)))
    }

    /// # Errors
    /// [`WebError::TooMany`] when `address` has to wait.
    pub fn check(&self, address: IpAddr) -> Result<(), WebError> {
        self.0.check(address)
    }
}

impl LogoutLimit {
    /// # Errors
    /// [`WebError::TooMany`] when `address` has to wait.
    pub fn check(&self, address: IpAddr) -> Result<(), WebError> {
        self.0.check(address)
    }
}

impl Default for LogoutLimit {
    fn default() -> Self {
        Self(Arc::new(Inner::new(LOGOUTS, LOGOUTS)))
    }
}

impl Inner {
    fn new(per_minute: u32, burst: u32) -> Self {
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(at_least_one(per_minute)).allow_burst(at_least_one(burst));
        Self { limiter: RateLimiter::keyed(quota), seen: AtomicUsize::new(0) }
    }

    fn check(&self, address: IpAddr) -> Result<(), WebError> {
        let Self { limiter, seen } = self;
        if seen.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(&network(address)).map_err(|wait| {
            let retry_after = wait.wait_time_from(governor::clock::DefaultClock::default().now());
            WebError::TooMany { retry_after }
        })
    }
}

/// The address of the client; behind a proxy, the one that the proxy saw.
pub fn client_address(request: &HttpRequest, settings: &Settings) -> IpAddr {
    let forwarded = settings.http.behind_proxy.then(|| last_forwarded(request.headers())).flatten();
    let peer = || request.peer_addr().map(|peer| peer.ip());
    forwarded.or_else(peer).unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED))
}

/// Only the last entry is our proxy's own word; the client can write all the others.
fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").last()?.to_str().ok()?;
    parse_forwarded(line.rsplit(',').next()?)
}

/// Proxies write an address with or without its port, one of IPv6 then in brackets, and some quote it (RFC 7239 §6). Read as
/// none, it would count everybody behind such a proxy as one.
fn parse_forwarded(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim().trim_matches('"').trim();
    let bare = || entry.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    let address = entry.parse().ok().or_else(bare);
    address.or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// What one party easily has for itself: a /24 of IPv4, a /48 of IPv6. Forms and the letters they cause are counted by it.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << 8)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 80)).into(),
    }
}

/// One subscriber, for sign-ins, where neighbours must not shut each other out: a customer of an IPv6 network has at least
/// a /64 to himself, so that counts as one address.
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

/// As whole seconds, rounded up, for `Retry-After`.
pub fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_network() {
        for (one, other, same) in [
            ("192.0.2.1", "192.0.2.254", true),
            ("192.0.2.1", "::ffff:192.0.2.9", true),
            ("192.0.2.1", "192.0.3.1", false),
            ("2001:db8:1:2::3", "2001:db8:1:ffff::1", true),
            ("2001:db8:1::1", "2001:db8:2::1", false),
        ] {
            let network = |text: &str| network(text.parse().unwrap());
            assert_eq!(network(one) == network(other), same, "{one} {other}");
        }
    }

    #[test]
    fn an_address_is_read_however_a_proxy_writes_it() {
        for (written, address) in [
            ("203.0.113.7", Some("203.0.113.7")),
            (" 203.0.113.7 ", Some("203.0.113.7")),
            ("203.0.113.7:5555", Some("203.0.113.7")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            (" \"[2001:db8::1]:443\" ", Some("2001:db8::1")),
            ("unknown", None),
            ("_hidden", None),
            ("[203.0.113.7", None),
            ("203.0.113.7:port", None),
            ("", None),
        ] {
            assert_eq!(
                parse_forwarded(written),
                address.map(|address| address.parse().unwrap()),
                "{written:?}"
            );
        }
    }
}

//! Counts wrong passwords per address and per account, in memory, per process. Locks nobody out for longer than a
//! minute after the last tries.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    clock::Timestamp,
    token::{Sha256Bytes, sha256},
};

const WINDOW: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
/// From so many keys on, those without a recent try are forgotten.
const MANY: usize = 10_000;

/// One for the whole process, shared by its workers.
#[derive(Clone, Debug)]
pub struct SignInAttempts {
    allowed: usize,
    tries: Arc<Mutex<HashMap<Key, VecDeque<Timestamp>>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Account(Sha256Bytes),
}

/// A try that counts as wrong until [`SignInAttempts::forgive`]: tries at the same time can't slip past the limit.
#[derive(Debug)]
pub struct Attempt([Key; 2], Timestamp);

impl SignInAttempts {
    pub fn new(per_minute: u32) -> Self {
        Self { allowed: usize::try_from(per_minute).unwrap_or(usize::MAX).max(1), tries: Arc::default() }
    }

    /// Counts a try for `account`, as typed, from `address`.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    pub fn begin(&self, address: IpAddr, account: &str, now: Timestamp) -> Result<Attempt, Duration> {
        let keys = [Key::Address(address), Key::Account(sha256(account.to_lowercase().as_bytes()))];
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= MANY {
            tries.retain(|_, times| times.back().is_some_and(|last| last.after(WINDOW) > now));
        }
        for key in keys {
            let times = tries.entry(key).or_default();
            while times.front().is_some_and(|first| first.after(WINDOW) <= now) {
                times.pop_front();
            }
            if let (true, Some(first)) = (times.len() >= self.allowed, times.front()) {
                return Err(Duration::try_from(first.after(WINDOW).duration_since(*now)).unwrap_or_default());
            }
        }
        for key in keys {
            tries.entry(key).or_default().push_back(now);
        }
        Ok(Attempt(keys, now))
    }

    /// The password was right: the try does not count.
    pub fn forgive(&self, Attempt(keys, at): Attempt) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Some(times) = tries.get_mut(&key)
                && let Some(position) = times.iter().position(|time| *time == at)
            {
                times.remove(position);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn at(second: i64) -> Timestamp {
        jiff::Timestamp::from_second(1_800_000_000 + second).unwrap().into()
    }

    #[test]
    fn an_account_is_guarded_from_every_address() {
        let attempts = SignInAttempts::new(2);
        attempts.begin(HERE, "ann@reseller.example", at(0)).unwrap();
        attempts.begin(THERE, "Ann@reseller.example", at(10)).unwrap();
        let wait = attempts.begin(THERE, "ann@reseller.example", at(20)).unwrap_err();
        assert_eq!(wait, Duration::from_secs(40));
        attempts.begin(THERE, "ann@reseller.example", at(60)).unwrap();
    }

    #[test]
    fn an_address_is_limited_over_all_accounts() {
        let attempts = SignInAttempts::new(2);
        attempts.begin(HERE, "a@reseller.example", at(0)).unwrap();
        attempts.begin(HERE, "b@reseller.example", at(0)).unwrap();
        attempts.begin(HERE, "c@reseller.example", at(1)).unwrap_err();
        attempts.begin(THERE, "c@reseller.example", at(1)).unwrap();
    }

    #[test]
    fn right_passwords_do_not_count() {
        let attempts = SignInAttempts::new(1);
        for _ in 0..3 {
            let attempt = attempts.begin(HERE, "ann@reseller.example", at(0)).unwrap();
            attempts.forgive(attempt);
        }
    }
}

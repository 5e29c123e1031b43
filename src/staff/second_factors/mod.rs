//! What staff show beside their password: codes of an authenticator app, passkeys, and recovery codes for who has lost both.
//!
//! The attackers: who stole a password (gets no session, and is told of); who tries six digits (limited over all processes); who
//! reads the database (secrets are encrypted, recovery codes keyed, passkeys public); who looks over a shoulder (no code counts
//! twice). Codes can be relayed by a page that looks like ours while they are fresh; passkeys can't, they are made for our
//! address alone. Knows no page.

pub mod ceremonies;
pub mod enrolled;
pub mod news;
pub mod passkeys;
pub mod pending;
pub mod recovery_codes;
pub mod show;
pub mod totp;
mod tries;

use crate::{
    case::second_factor::{demanded_from, fresh_for},
    clock::Timestamp,
    config::Settings,
    staff::session::SignedIn,
};

/// The longest name of an app or a passkey, in characters.
pub const LONGEST_NAME: usize = 60;
/// So many of each kind are enough for anybody.
pub const MOST: i64 = 10;

impl SignedIn {
    /// From when on they can do nothing but set up a second factor; `None` where they have one or need none.
    pub fn must_enrol_from(&self, settings: &Settings) -> Option<Timestamp> {
        // An identity provider's counts: it was asked for there.
        let has_one = self.has_second_factor || self.second_factor.is_some();
        demanded_from(settings, self.role, self.grace_from).filter(|_| !has_one)
    }

    /// Whether they have one and did not show it in this session: a provider that asked for none lets in no further than a
    /// password does.
    pub fn must_show(&self) -> bool {
        self.has_second_factor && self.second_factor.is_none()
    }

    /// Whether they can do nothing else now.
    pub fn must_enrol(&self, settings: &Settings, now: Timestamp) -> bool {
        self.must_enrol_from(settings).is_some_and(|from| from <= now)
    }

    /// Whether they showed their second factor lately.
    pub fn is_fresh(&self, settings: &Settings, now: Timestamp) -> bool {
        self.second_factor.is_some_and(|(_, at)| at <= now && at.after(fresh_for(settings)) > now)
    }
}

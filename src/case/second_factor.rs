//! The second factor of an approval: a password alone approves nothing for whoever has, or must have, more.
//!
//! The attacker holds a stolen password, or sits at a machine that was left open. Pure: what was shown and when is read by
//! `casework` in the transaction of the approval, never taken from a page. The database says it again in `approvals`.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::{actor::Role, refusal::Refusal};
use crate::{clock::Timestamp, config::Settings};

/// What somebody showed beside their password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SecondFactor {
    Totp,
    RecoveryCode,
    /// A passkey is both at once: it is had, and it asks for a finger, a face or a PIN.
    Passkey,
    /// The identity provider says that it asked for one.
    Provider,
}

/// From when on somebody of this role can do nothing without one; `None` where the settings do not demand it. `grace_from`: when
/// their account began, or the rule, if that was later.
pub fn demanded_from(settings: &Settings, role: Role, grace_from: Timestamp) -> Option<Timestamp> {
    let rule = &settings.desk.second_factor;
    let word: &str = role.into();
    let holds = !settings.is_demo() || rule.demand_in_demo;
    let demanded = holds && rule.required_for.iter().any(|required| required == word);
    let grace = jiff::SignedDuration::from_hours(i64::from(rule.grace_days).saturating_mul(24));
    demanded.then(|| grace_from.after(grace))
}

/// For how long one that was shown counts as fresh.
pub fn fresh_for(settings: &Settings) -> jiff::SignedDuration {
    jiff::SignedDuration::from_mins(settings.desk.second_factor.fresh_minutes.into())
}

/// Where somebody stands who wants to approve.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    /// They have set one up.
    pub has_one: bool,
    /// The rules demand one of them, and the days of grace are over.
    pub must_have: bool,
    /// What their session was strengthened with, and when.
    pub shown: Option<(SecondFactor, Timestamp)>,
}

/// Proof that somebody showed what is demanded of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown(Option<(SecondFactor, Timestamp)>);

impl Shown {
    /// # Errors
    /// [`Refusal::SecondFactorNotFresh`] and [`Refusal::SecondFactorMissing`].
    pub fn weigh(
        standing: &Standing,
        fresh_for: jiff::SignedDuration,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let fresh = standing.shown.filter(|(_, at)| *at <= now && at.after(fresh_for) > now);
        match (fresh, standing.has_one, standing.must_have) {
            (Some(shown), ..) => Ok(Self(Some(shown))),
            (None, true, _) => Err(Refusal::SecondFactorNotFresh),
            // Of an identity provider's: it is asked anew by signing in there.
            (None, false, true) if standing.shown.is_some() => Err(Refusal::SecondFactorNotFresh),
            (None, false, true) => Err(Refusal::SecondFactorMissing),
            (None, false, false) => Ok(Self(None)),
        }
    }

    /// The word for it, as approvals keep it.
    pub fn word(self) -> &'static str {
        self.0.map_or("none", |(factor, _)| factor.into())
    }

    pub fn at(self) -> Option<Timestamp> {
        self.0.map(|(_, at)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        jiff::Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap().into()
    }

    fn weigh(has_one: bool, must_have: bool, shown_at: Option<i64>) -> Result<&'static str, Refusal> {
        let shown = shown_at.map(|minute| (SecondFactor::Totp, at(minute)));
        let standing = Standing { has_one, must_have, shown };
        Shown::weigh(&standing, jiff::SignedDuration::from_mins(15), at(100)).map(Shown::word)
    }

    #[test]
    fn who_has_one_shows_it_and_lately() {
        for must_have in [false, true] {
            assert_eq!(weigh(true, must_have, Some(100)), Ok("totp"));
            assert_eq!(weigh(true, must_have, Some(86)), Ok("totp"));
            assert_eq!(
                weigh(true, must_have, Some(85)),
                Err(Refusal::SecondFactorNotFresh),
                "at its end it is over"
            );
            assert_eq!(
                weigh(true, must_have, Some(101)),
                Err(Refusal::SecondFactorNotFresh),
                "not yet shown"
            );
            assert_eq!(weigh(true, must_have, None), Err(Refusal::SecondFactorNotFresh));
        }
    }

    #[test]
    fn who_must_have_one_approves_nothing_without() {
        assert_eq!(weigh(false, true, None), Err(Refusal::SecondFactorMissing));
        assert_eq!(weigh(false, true, Some(10)), Err(Refusal::SecondFactorNotFresh));
        assert_eq!(weigh(false, true, Some(99)), Ok("totp"));
        assert_eq!(weigh(false, false, None), Ok("none"));
    }
}

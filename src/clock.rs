//! The time, as PostgreSQL keeps it (microseconds), and where it comes from.
//!
//! [`Clock`] is the only place that reads the wall clock; everything else takes a [`Timestamp`] as a parameter,
//! so that tests can stop time. Business hours and holidays are not here.

use std::{
    fmt,
    ops::Deref,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff_sqlx::ToSqlx as _;
use serde::{Deserialize, Serialize};
use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef},
};

macro_rules! postgres_time {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $sqlx:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($inner);

        impl Deref for $name {
            type Target = $inner;
            fn deref(&self) -> &$inner {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Type<Postgres> for $name {
            fn type_info() -> PgTypeInfo {
                <$sqlx as Type<Postgres>>::type_info()
            }
        }

        impl PgHasArrayType for $name {
            fn array_type_info() -> PgTypeInfo {
                <$sqlx as PgHasArrayType>::array_type_info()
            }
        }

        impl Encode<'_, Postgres> for $name {
            fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                Encode::<Postgres>::encode(self.0.to_sqlx(), buffer)
            }
        }

        impl<'r> Decode<'r, Postgres> for $name {
            fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(Self::from(<$sqlx as Decode<Postgres>>::decode(value)?.to_jiff()))
            }
        }
    };
}

postgres_time!(
    /// An instant, cut to whole microseconds so that it comes back from the database as it went in.
    Timestamp, jiff::Timestamp, jiff_sqlx::Timestamp
);
postgres_time!(
    /// A civil date without a time zone.
    Day, jiff::civil::Date, jiff_sqlx::Date
);

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(jiff::Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant))
    }
}

impl From<jiff::civil::Date> for Day {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date)
    }
}

impl Timestamp {
    /// This instant and `duration` later; the end of time where that would overflow.
    pub fn after(self, duration: jiff::SignedDuration) -> Self {
        Self(self.0.saturating_add(duration).unwrap_or(jiff::Timestamp::MAX))
    }

    /// The civil date of this instant in `zone`.
    pub fn day_in(self, zone: &jiff::tz::TimeZone) -> Day {
        Day(zone.to_datetime(self.0).date())
    }
}

/// Where the time comes from: the wall clock, or, in tests, a hand that somebody moves.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    /// The machine's clock and so much.
    Wall(jiff::SignedDuration),
    /// The machine's clock and so many seconds, which somebody can put forward: the demo's.
    Forward(Arc<AtomicI64>),
    Stopped(Arc<Mutex<Timestamp>>),
}

impl Default for Source {
    fn default() -> Self {
        Self::Wall(jiff::SignedDuration::ZERO)
    }
}

impl Clock {
    /// The wall clock.
    pub fn wall() -> Self {
        Self::default()
    }

    /// The clock of a machine that is ahead by `offset`: for tests of what machines do that disagree.
    pub fn wall_ahead_by(offset: jiff::SignedDuration) -> Self {
        Self(Source::Wall(offset))
    }

    /// The wall clock until [`Clock::put_forward`].
    pub fn to_be_put_forward() -> Self {
        Self(Source::Forward(Arc::default()))
    }

    /// A clock that stands still at `now` until [`Clock::set`].
    pub fn stopped(now: Timestamp) -> Self {
        Self(Source::Stopped(Arc::new(Mutex::new(now))))
    }

    /// The present instant.
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Wall(offset) => Timestamp::from(jiff::Timestamp::now()).after(*offset),
            Source::Forward(seconds) => {
                let ahead = jiff::SignedDuration::from_secs(seconds.load(Ordering::Relaxed));
                Timestamp::from(jiff::Timestamp::now()).after(ahead)
            }
            Source::Stopped(hand) => *hand.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// What leases are measured by: PostgreSQL's clock, which all processes share, for which `None` stands
    /// (`coalesce($1, now())`). By its own, a worker whose clock is ahead would take what another one still holds. Only a
    /// stopped clock holds for leases, too.
    pub fn for_leases(&self) -> Option<Timestamp> {
        match &self.0 {
            Source::Wall(_) | Source::Forward(_) => None,
            Source::Stopped(_) => Some(self.now()),
        }
    }

    /// What other people's devices go by, whatever time the demo pretends it is: a code on a telephone is of the real minute.
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    pub fn of_devices(&self) -> Timestamp {
        match &self.0 {
            Source::Wall(_) | Source::Stopped(_) => self.now(),
            Source::Forward(_) => Timestamp::from(jiff::Timestamp::now()),
        }
    }

    /// Puts a clock forward that was made for it; does nothing to others.
    pub fn put_forward(&self, by: jiff::SignedDuration) {
        if let Source::Forward(seconds) = &self.0 {
            seconds.fetch_add(by.as_secs().max(0), Ordering::Relaxed);
        }
    }

    /// Moves a stopped clock; does nothing to the wall clock.
    pub fn set(&self, now: Timestamp) {
        if let Source::Stopped(hand) = &self.0 {
            *hand.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }
}

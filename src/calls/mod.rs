//! Calls to workers by NOTIFY: what there is to do, so that nobody looks who has nothing to do with it.
//!
//! A call is a hint and may get lost; that each worker looks for everything from time to time is the promise. Knows no work: what
//! looks at a call is the worker's.

mod wake;

use anyhow::Context as _;
use sqlx::PgConnection;
use strum::{EnumString, IntoStaticStr, VariantArray};

pub use wake::{Wake, Woken};

/// The one channel of all calls; a connection of each worker listens to it. A statement that writes what there is to do may call by itself,
/// with `pg_notify` of this channel and the topic's word.
pub(crate) const CHANNEL: &str = "work";

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Topic {
    /// A form came in. Nothing of a case is due before it is confirmed.
    Opened,
    /// A case changed.
    Case,
    /// An e-mail is to be sent.
    Outbox,
    /// What became of an e-mail about a case is known.
    Settled,
    /// A message came in.
    Inbound,
    /// A message to a program is to be sent.
    Webhook,
    /// Somebody wants a new password.
    Reset,
    /// Somebody is to be erased.
    Erasure,
    /// Calls may have been lost, or come from another version.
    #[strum(serialize = "")]
    Anything,
}

impl Topic {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn read(payload: &str) -> Self {
        payload.parse().unwrap_or(Self::Anything)
    }
}

/// Calls the workers when the transaction commits; PostgreSQL folds equal calls of one transaction into one.
pub async fn call(connection: &mut PgConnection, topic: Topic) -> anyhow::Result<()> {
    sqlx::query!("select pg_notify($1, $2)", CHANNEL, topic.as_str())
        .execute(connection)
        .await
        .context("could not call the workers")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_nobody_understands_may_be_about_anything() {
        for topic in Topic::VARIANTS {
            assert_eq!(Topic::read(topic.as_str()), *topic);
        }
        assert_eq!((Topic::read(""), Topic::read("of the next version")), (Topic::Anything, Topic::Anything));
    }
}

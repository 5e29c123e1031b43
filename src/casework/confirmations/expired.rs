//! A confirmation link that has expired: whether it is worth a new letter, and the letter, which goes to the address on file.
//!
//! Whoever holds such a link may be somebody else than who reads the mailbox: it shows nothing, and leads nowhere by itself.

use std::net::IpAddr;

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{Asked, Pause, find_kept, waits};
use crate::{
    case::{
        action::Action,
        actor::Actor,
        state::{Outcome, State},
    },
    casework::{
        ActError, Casework,
        letters::{
            links::{self, Purpose},
            quota,
        },
        load::Loaded,
        open::find_replacement,
    },
    clock::Timestamp,
    token::Token,
};

/// How long after its end a request can be asked for once more.
const OFFER_DAYS: i64 = 30;

/// What an expired link is good for.
enum Expired {
    /// The request has ended; its answers are there.
    Ended(Box<Loaded>),
    /// It was asked for again, and that one waits.
    Waiting(Box<Loaded>),
}

impl Casework {
    /// Whether an expired link is worth a new letter, and why not now. `None` for a token that nobody knows, and where nothing is
    /// left that could be confirmed.
    pub async fn find_expired(&self, token: &Token, client: IpAddr) -> anyhow::Result<Option<Option<Pause>>> {
        let now = self.app.clock.now();
        let mut connection = self.app.pool.acquire().await?;
        let Some(expired) = self.find_behind(&mut connection, token, false, now).await? else {
            return Ok(None);
        };
        let pause = match expired {
            Expired::Waiting(loaded) => {
                let kept = find_kept(&mut connection, loaded.case.id).await?;
                self.pause(&mut connection, &loaded, &kept, client, now).await?
            }
            Expired::Ended(loaded) => {
                let to = &loaded.escalation.requester.email;
                let free = quota::free_from(&mut connection, &self.app, to, client, now).await?;
                free.map(Pause::Until)
            }
        };
        Ok(Some(pause))
    }

    /// A new letter for what was filed, in answer to an expired link. It goes to the address on file and to nobody else: whoever
    /// holds the link may not be who reads that mailbox.
    ///
    /// # Errors
    /// [`ActError`] as `act`; nothing has changed then.
    pub async fn ask_once_more(&self, token: &Token, client: IpAddr) -> Result<Asked, ActError> {
        let now = self.app.clock.now();
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let asked = match self.find_behind(&mut transaction, token, true, now).await? {
            None => return Ok(Asked::Over),
            Some(Expired::Waiting(loaded)) => self.ask_again(&mut transaction, &loaded, client, now).await?,
            Some(Expired::Ended(loaded)) => {
                let escalation = &loaded.escalation;
                let to = &escalation.requester.email;
                if let Some(at) = quota::free_from(&mut transaction, &self.app, to, client, now).await? {
                    return Ok(Asked::NotNow(Pause::Until(at)));
                }
                // The worker has not come to it yet.
                if !loaded.case.state.is_closed() {
                    let expire = Action::Expire;
                    self.act_in(&mut transaction, loaded.case.id, Actor::System, &expire, None).await?;
                }
                self.replace(&mut transaction, loaded.case.id, escalation, client, now).await?;
                Asked::Sent
            }
        };
        transaction.commit().await.context("could not commit a new letter")?;
        Ok(asked)
    }

    /// What stands behind an expired link to confirm. `lock`: nobody else changes it until the end of the transaction.
    async fn find_behind(
        &self,
        connection: &mut PgConnection,
        token: &Token,
        lock: bool,
        now: Timestamp,
    ) -> anyhow::Result<Option<Expired>> {
        let Some((case, ..)) = links::find_any_link(connection, token, Purpose::Confirmation).await? else {
            return Ok(None);
        };
        let Some(first) = self.load_in(connection, case, lock).await? else { return Ok(None) };
        if !has_expired(&first, now) || find_kept(connection, case).await?.prepared {
            return Ok(None);
        }
        let last = find_replacement(connection, case).await?;
        if last == case {
            return Ok(Some(Expired::Ended(Box::new(first))));
        }
        let Some(last) = self.load_in(connection, last, lock).await? else { return Ok(None) };
        Ok(match &last.case.state {
            _ if waits(&last, now) => Some(Expired::Waiting(Box::new(last))),
            _ if has_expired(&last, now) => Some(Expired::Ended(Box::new(last))),
            _ => None,
        })
    }
}

/// Nobody confirmed in time, and not so long ago that the answers are no longer to be trusted.
fn has_expired(loaded: &Loaded, now: Timestamp) -> bool {
    let offered = jiff::SignedDuration::from_hours(OFFER_DAYS.saturating_mul(24));
    match &loaded.case.state {
        State::Unconfirmed { expires_at } => *expires_at <= now,
        State::Closed { outcome: Outcome::Expired } => {
            // What is erased can't be filed again.
            let stands = loaded.case.confirmed_at.is_none() && loaded.case.erased.is_none();
            stands && now < loaded.changed_at.after(offered)
        }
        _ => false,
    }
}

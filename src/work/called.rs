//! Which kinds of work look after a call, and the calls that each loop has not answered yet.
//!
//! Loops look for all of their kinds from time to time anyway, and after each step that did something: what a topic leaves out
//! waits for that at the longest.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use strum::VariantArray as _;
use tokio::sync::Notify;

use super::kind::{Kind, LOOPS, Loop};
use crate::calls::Topic;

/// The kinds that may have something to do.
fn concerned(topic: Topic) -> &'static [Kind] {
    match topic {
        Topic::Opened => &[Kind::Log],
        Topic::Case => &[
            Kind::Deadlines,
            Kind::Upkeep,
            Kind::Checks,
            Kind::DomainProofs,
            Kind::FollowUps,
            Kind::Reminders,
            Kind::Settlements,
            Kind::Retention,
            Kind::Chain,
            Kind::StaffMail,
            Kind::Log,
            Kind::MailServers,
            Kind::Scans,
        ],
        Topic::Outbox => &[Kind::Deliveries],
        // Checks of a case wait for its letters.
        Topic::Settled => &[Kind::Checks, Kind::Settlements],
        Topic::Inbound => &[Kind::InboundEmails],
        Topic::Webhook => &[Kind::Webhooks, Kind::WebhookUpkeep],
        Topic::Reset => &[Kind::PasswordResets],
        Topic::Erasure => &[Kind::Erasure],
        Topic::Anything => Kind::VARIANTS,
    }
}

/// The calls that one loop has not answered yet.
#[derive(Debug, Default)]
pub struct Calls {
    kinds: Mutex<BTreeSet<Kind>>,
    rang: Notify,
}

impl Calls {
    /// The kinds that were called, as soon as there are any. What was called while the loop worked is not lost.
    pub async fn next(&self) -> BTreeSet<Kind> {
        loop {
            let kinds = std::mem::take(&mut *self.kinds.lock().unwrap_or_else(PoisonError::into_inner));
            if !kinds.is_empty() {
                return kinds;
            }
            self.rang.notified().await;
        }
    }

    fn add(&self, kinds: impl Iterator<Item = Kind>) {
        let mut waiting = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.extend(kinds);
        if !waiting.is_empty() {
            self.rang.notify_one();
        }
    }
}

/// Calls the loops that the topics concern, each for its kinds, and no other.
pub fn call(loops: &[Calls; LOOPS.len()], topics: &BTreeSet<Topic>) {
    for (Loop { kinds, .. }, calls) in LOOPS.iter().zip(loops) {
        let called = topics.iter().flat_map(|topic| concerned(*topic));
        calls.add(called.copied().filter(|kind| kinds.contains(kind)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn called(topic: Topic) -> Vec<(&'static str, BTreeSet<Kind>)> {
        let loops = std::array::from_fn(|_| Calls::default());
        call(&loops, &BTreeSet::from([topic]));
        let mut heard = Vec::new();
        for (one, calls) in LOOPS.iter().zip(&loops) {
            let waiting = !calls.kinds.lock().unwrap().is_empty();
            if waiting {
                heard.push((one.name, calls.next().await));
            }
        }
        heard
    }

    #[tokio::test]
    async fn a_letter_wakes_who_delivers_it_and_nobody_else() {
        assert_eq!(called(Topic::Outbox).await, [("deliveries", BTreeSet::from([Kind::Deliveries]))]);
        let after = BTreeSet::from([Kind::Checks, Kind::Settlements]);
        assert_eq!(called(Topic::Settled).await, [("cases", after)]);
    }

    #[tokio::test]
    async fn a_call_that_may_be_about_anything_wakes_all() {
        let all: BTreeSet<Kind> =
            called(Topic::Anything).await.into_iter().flat_map(|(_, kinds)| kinds).collect();
        assert_eq!(all.len(), Kind::VARIANTS.len());
    }

    #[tokio::test]
    async fn calls_that_come_while_a_loop_works_are_kept() {
        let loops = std::array::from_fn(|_| Calls::default());
        call(&loops, &BTreeSet::from([Topic::Opened]));
        call(&loops, &BTreeSet::from([Topic::Settled]));
        let heard = loops[0].next().await;
        assert_eq!(heard, BTreeSet::from([Kind::Log, Kind::Checks, Kind::Settlements]));
    }
}

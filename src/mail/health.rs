//! Whether sending and collecting work at this moment, from what is written down. Talks to no mail server.
//!
//! One letter that fails says little about us: addresses are mistyped and mailboxes are gone. What counts is that we are
//! refused, that nothing gets through any more, or that nobody tries.

use anyhow::Context as _;
use jiff::SignedDuration;
use serde::Serialize;
use sqlx::PgConnection;

use super::incoming::mailboxes::{self, Mailbox};
use crate::{clock::Timestamp, config};

/// So many rows are read at most, those that are due first: that sending stands is plain long before.
const MOST_READ: i64 = 10_000;

/// How sending stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sending {
    pub queued: i64,
    /// Of them, tried before without success.
    pub deferred: i64,
    /// When the e-mail was queued that has waited longest.
    pub oldest: Option<Timestamp>,
    /// Since when the longest waiting e-mail could have been tried, though nobody does.
    pub oldest_due: Option<Timestamp>,
    /// Tries in a row, up to the last one, after which the e-mail was put off.
    pub put_off: i64,
    pub put_off_since: Option<Timestamp>,
    /// What was said at the last of them.
    pub last_words: Option<String>,
    /// Since when the mail server refuses us, with nothing sent in between.
    pub refused_since: Option<Timestamp>,
    /// Different recipients that failed within the last day, with nothing sent in between.
    pub failed: i64,
    pub failed_since: Option<Timestamp>,
    /// What was said at the last of them.
    pub failed_words: Option<String>,
    pub last_sent_at: Option<Timestamp>,
}

/// Why nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SendingAlarm {
    /// The mail server puts off one e-mail after another.
    PutOff { since: Timestamp, words: String },
    /// One recipient after another fails for good: that is hardly about all of them.
    Failed { since: Timestamp, words: String },
    /// E-mails are due and nobody sends them: no worker runs, or they are more than it can do.
    Stuck { since: Timestamp },
}

impl Sending {
    /// `leases` as [`crate::clock::Clock::for_leases`] says.
    pub async fn read(
        connection: &mut PgConnection,
        now: Timestamp,
        leases: Option<Timestamp>,
    ) -> anyhow::Result<Self> {
        sqlx::query_as!(
            Self,
            r#"with waiting as (
                 select count(*) as queued, count(*) filter (where attempts > 0 and claimed_until is null) as deferred,
                     min(created_at) as oldest,
                     min(next_attempt_at) filter (where next_attempt_at <= $1
                         and (claimed_until is null or claimed_until <= coalesce($2, now()))) as oldest_due
                 from (select attempts, claimed_until, created_at, next_attempt_at from emails
                     where state = 'queued' order by next_attempt_at limit $3) queued),
             success as (
                 select id, at from deliveries where outcome = 'sent' order by id desc limit 1),
             row as (
                 select d.at, d.response from deliveries d
                 where d.outcome in ('deferred', 'refused') and d.id > coalesce((select id from success), 0)
                 order by d.id desc limit $3),
             refused as (
                 select d.at from deliveries d
                 where d.outcome = 'refused' and d.id > coalesce((select id from success), 0) order by d.id limit 1),
             failed as (
                 select d.at, d.response, e.envelope_to from deliveries d join emails e on e.id = d.email_id
                 where d.outcome = 'failed' and d.id > coalesce((select id from success), 0)
                     and d.at > $1 - interval '1 day' order by d.id desc limit $3)
             select queued as "queued!", deferred as "deferred!", oldest, oldest_due,
                 (select count(*) from row) as "put_off!", (select min(at) from row) as put_off_since,
                 (select response from row limit 1) as last_words,
                 (select min(at) from refused) as refused_since,
                 (select count(distinct lower(envelope_to)) from failed) as "failed!",
                 (select min(at) from failed) as failed_since, (select response from failed limit 1) as failed_words,
                 (select at from success) as "last_sent_at?"
             from waiting"#,
            now as Timestamp,
            leases as Option<Timestamp>,
            MOST_READ,
        )
        .fetch_one(connection)
        .await
        .context("could not look at how sending stands")
    }

    /// What is wrong now, if anything.
    pub fn alarm(&self, settings: &config::Mail, now: Timestamp) -> Option<SendingAlarm> {
        let many = i64::from(settings.alarm_failures.max(1));
        let put_off = self.put_off_since.filter(|_| self.put_off >= many);
        // One refusal of us is enough: the next e-mail will fare no better.
        if let (true, Some(since)) = (self.deferred > 0, self.refused_since.or(put_off)) {
            let words = self.last_words.clone().unwrap_or_default();
            return Some(SendingAlarm::PutOff { since, words });
        }
        if let (true, Some(since)) = (self.failed >= many, self.failed_since) {
            let words = self.failed_words.clone().unwrap_or_default();
            return Some(SendingAlarm::Failed { since, words });
        }
        let since = self.oldest_due.filter(|since| since.after(patience(settings)) < now)?;
        Some(SendingAlarm::Stuck { since })
    }
}

/// The configured mailbox and how collecting it stands; `None` where none is configured.
pub async fn collecting(
    connection: &mut PgConnection,
    settings: &config::Mail,
) -> anyhow::Result<Option<Mailbox>> {
    let Some(name) = settings.imap.name() else { return Ok(None) };
    Ok(Some(mailboxes::find(connection, &name).await?.unwrap_or(Mailbox { name, ..Mailbox::default() })))
}

impl Mailbox {
    /// Whether it is not collected now: it fails for some time, never worked, or nobody collects it.
    pub fn is_alarming(&self, settings: &config::Mail, now: Timestamp) -> bool {
        let Some(collected_at) = self.collected_at else { return true };
        let patience = patience(settings);
        let poll = SignedDuration::from_secs(settings.imap.poll_seconds.into());
        match self.failing_since {
            Some(since) => since.after(patience) < now,
            None => collected_at.after(poll.saturating_add(patience)) < now,
        }
    }
}

fn patience(settings: &config::Mail) -> SignedDuration {
    SignedDuration::from_mins(settings.alarm_minutes.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn at(minute: i64) -> Timestamp {
        jiff::Timestamp::from_second(1_800_000_000 + minute * 60).unwrap().into()
    }

    fn settings() -> config::Mail {
        Settings::with("[mail]\nalarm_minutes = 15\nalarm_failures = 3\nimap.poll_seconds = 120")
            .unwrap()
            .mail
    }

    #[test]
    fn sending_alarms_when_nothing_gets_through_or_nobody_tries() {
        let (settings, now) = (settings(), at(100));
        let fine = Sending { queued: 5, deferred: 1, oldest: Some(at(0)), put_off: 2, ..Sending::default() };
        assert_eq!(fine.alarm(&settings, now), None, "one that waits is not all");
        let words = Some("451 later".to_owned());
        let refused = Sending { put_off: 3, put_off_since: Some(at(90)), last_words: words, ..fine.clone() };
        let alarm = SendingAlarm::PutOff { since: at(90), words: "451 later".to_owned() };
        assert_eq!(refused.alarm(&settings, now), Some(alarm));
        assert_eq!(
            Sending { deferred: 0, ..refused.clone() }.alarm(&settings, now),
            None,
            "nothing waits any more"
        );
        let of_us = Sending { put_off: 1, refused_since: Some(at(95)), ..refused };
        let alarm = SendingAlarm::PutOff { since: at(95), words: "451 later".to_owned() };
        assert_eq!(of_us.alarm(&settings, now), Some(alarm), "once is enough");
        let words = Some("550 no".to_owned());
        let failing = Sending { failed: 3, failed_since: Some(at(80)), failed_words: words, ..fine.clone() };
        let alarm = SendingAlarm::Failed { since: at(80), words: "550 no".to_owned() };
        assert_eq!(failing.alarm(&settings, now), Some(alarm));
        assert_eq!(Sending { failed: 2, ..failing }.alarm(&settings, now), None, "addresses are mistyped");
        let due = |since| Sending { oldest_due: Some(since), ..fine.clone() }.alarm(&settings, now);
        assert_eq!(due(at(84)), Some(SendingAlarm::Stuck { since: at(84) }));
        assert_eq!(due(at(86)), None);
    }

    #[test]
    fn a_mailbox_alarms_when_it_fails_for_some_time_or_nobody_collects_it() {
        let alarms = |collected_at: Option<i64>, failing_since: Option<i64>| {
            let mailbox = Mailbox {
                collected_at: collected_at.map(at),
                failing_since: failing_since.map(at),
                ..Mailbox::default()
            };
            mailbox.is_alarming(&settings(), at(100))
        };
        assert!(!alarms(Some(99), None));
        assert!(!alarms(Some(84), None), "polled every two minutes, and a quarter of an hour");
        assert!(alarms(Some(82), None));
        assert!(!alarms(Some(80), Some(90)));
        assert!(alarms(Some(80), Some(84)));
        assert!(alarms(None, None) && alarms(None, Some(99)), "it never worked");
    }
}

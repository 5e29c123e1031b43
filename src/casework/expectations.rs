//! How long it took others, and how many wait before: for the page of whoever waits now.
//!
//! Of the last requests that came to their end, in business days. The attacker is a competitor who files, or watches, to learn of
//! somebody else's case: nothing is told before there are [`ENOUGH`] of them, it is rounded, as of up to an hour ago, the same for
//! everybody, and a contest changes nothing of it, as it changes nothing that its requester reads. Read at most once an hour, so
//! no page looks through cases.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use jiff::SignedDuration;
use sqlx::PgConnection;

use super::Casework;
use crate::{business_time::Calendar, case::escalation::Hosting, clock::Timestamp};

/// Of fewer requests nothing is told.
pub const ENOUGH: usize = 20;
/// The last so many, of a year at most.
const MOST: i64 = 300;
const OLDEST: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Of more, nobody counts who comes before whom.
const MOST_WAITING: i64 = 1000;
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);
/// To so many it is rounded how many wait before.
const STEP: usize = 5;

/// Half of the requests took so many business days at most, nine of ten so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub half: u32,
    pub most: u32,
}

/// How many requests wait for us before one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    FewerThan(usize),
    About(usize),
}

/// What can be said of how long it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// From the confirmation until the request is sent.
    pub until_sent: Option<Figure>,
    /// From then until it is changed, by Atlassian and by our own licensing desk.
    at_atlassian: Option<Figure>,
    with_licensing: Option<Figure>,
    /// Since when each case waits that waits for us, in order.
    waiting: Vec<Timestamp>,
}

/// What was read last, and when.
pub(super) type Cache = Arc<Mutex<Option<(Timestamp, Arc<Expectations>)>>>;

impl Figure {
    /// By nearest rank; `None` of too few.
    fn of(mut days: Vec<u32>) -> Option<Self> {
        if days.len() < ENOUGH {
            return None;
        }
        days.sort_unstable();
        let rank = |tenths: usize| {
            let at = days.len().saturating_mul(tenths).div_ceil(10).saturating_sub(1);
            // Nobody is promised today.
            days.get(at).map(|days| (*days).max(1))
        };
        Some(Self { half: rank(5)?, most: rank(9)? })
    }
}

impl Expectations {
    pub fn until_changed(&self, hosting: Hosting) -> Option<Figure> {
        match hosting {
            Hosting::CloudPartnerManaged => self.with_licensing,
            Hosting::DataCenter | Hosting::Cloud => self.at_atlassian,
        }
    }

    /// How many waited for us before somebody who waits since then. Told where figures are told at all.
    pub fn ahead(&self, since: Timestamp) -> Option<Ahead> {
        self.until_sent?;
        let ahead = self.waiting.partition_point(|other| *other < since);
        Some(if ahead < STEP {
            Ahead::FewerThan(STEP)
        } else {
            Ahead::About(ahead.saturating_add(STEP / 2) / STEP * STEP)
        })
    }
}

impl Casework {
    /// As of up to an hour ago. Two queries within an hour.
    pub async fn expectations(&self, connection: &mut PgConnection) -> anyhow::Result<Arc<Expectations>> {
        let now = self.app.clock.now();
        let kept = self.expected.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, expectations)) = kept
            && at <= now
            && now < at.after(GOOD_FOR)
        {
            return Ok(expectations);
        }
        let expectations = Arc::new(Expectations {
            waiting: list_waiting(connection).await?,
            ..list_figures(connection, &self.rules.calendar, now).await?
        });
        *self.expected.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, expectations.clone()));
        Ok(expectations)
    }
}

async fn list_figures(
    connection: &mut PgConnection,
    calendar: &Calendar,
    now: Timestamp,
) -> anyhow::Result<Expectations> {
    let rows = sqlx::query!(
        r#"select c.confirmed_at as "confirmed_at!: Timestamp", c.delivered_at as "delivered_at!: Timestamp",
             (select min(w.since) from case_waits w where w.case_id = c.id and w.state = 'awaiting_confirmation')
                 as "changed_at: Timestamp",
             e.hosting = 'cloud_partner_managed' as "managed!"
         from cases c join escalations e on e.case_id = c.id
         where c.id in (select case_id from case_waits where state = 'closed' and since > $1
                 order by since desc limit $2)
             and c.outcome = 'completed' and c.confirmed_at is not null and c.delivered_at is not null"#,
        now.after(-OLDEST) as Timestamp,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not read how long requests took")?;
    let (mut sent, mut atlassian, mut licensing) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        sent.push(calendar.days_between(row.confirmed_at, row.delivered_at));
        let changed = row.changed_at.map(|at| calendar.days_between(row.delivered_at, at));
        if row.managed { &mut licensing } else { &mut atlassian }.extend(changed);
    }
    Ok(Expectations {
        until_sent: Figure::of(sent),
        at_atlassian: Figure::of(atlassian),
        with_licensing: Figure::of(licensing),
        waiting: Vec::new(),
    })
}

/// A contested case counts as it stood before: to file a second claim must not show in anybody's number.
async fn list_waiting(connection: &mut PgConnection) -> anyhow::Result<Vec<Timestamp>> {
    sqlx::query_scalar!(
        r#"select case when c.state = 'contested' then w.since else c.waiting_since end as "since!: Timestamp"
         from cases c left join lateral (
             select since, party from case_waits where case_id = c.id and state <> 'contested'
             order by version desc limit 1) w on c.state = 'contested'
         where c.waiting_for = 'us' and c.state <> 'closed' and c.confirmed_at is not null
             and (c.state <> 'contested' or w.party = 'us')
         order by 1 limit $1"#,
        MOST_WAITING,
    )
    .fetch_all(connection)
    .await
    .context("could not read who waits for us")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        jiff::Timestamp::from_second(second).unwrap().into()
    }

    #[test]
    fn nothing_is_told_of_fewer_than_twenty() {
        assert_eq!(Figure::of(vec![3; ENOUGH - 1]), None);
        assert_eq!(Figure::of(vec![3; ENOUGH]), Some(Figure { half: 3, most: 3 }));
        let few = Expectations { waiting: vec![at(1); 40], ..Expectations::default() };
        assert_eq!(few.ahead(at(2)), None);
    }

    #[test]
    fn half_and_nine_of_ten_are_by_rank() {
        assert_eq!(Figure::of((1..=20).collect()), Some(Figure { half: 10, most: 18 }));
        assert_eq!(Figure::of((1..=21).rev().collect()), Some(Figure { half: 11, most: 19 }));
        assert_eq!(Figure::of(vec![0; 30]), Some(Figure { half: 1, most: 1 }), "nobody is promised today");
    }

    #[test]
    fn who_waits_before_is_rounded() {
        let waiting: Vec<Timestamp> = (0..100).map(at).collect();
        let known = Expectations {
            until_sent: Some(Figure { half: 1, most: 2 }),
            waiting,
            ..Expectations::default()
        };
        for (since, ahead) in [
            (0, Ahead::FewerThan(5)),
            (1, Ahead::FewerThan(5)),
            (4, Ahead::FewerThan(5)),
            (5, Ahead::About(5)),
            (7, Ahead::About(5)),
            (8, Ahead::About(10)),
            (100, Ahead::About(100)),
        ] {
            assert_eq!(known.ahead(at(since)), Some(ahead), "{since}");
        }
    }
}

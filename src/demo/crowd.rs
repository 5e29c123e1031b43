//! As many invented cases as somebody wants, for trying and measuring: `handover demo --cases N`.
//!
//! Some tens are told like those of the demo, through the rules, with letters, trail and evidence (`plays`). The rest are copies of
//! them (`casework::copies`), each with people, a customer and days of its own (`cast`): nine in ten closed, spread over the past
//! years, then the open ones, whose days are those of the models. A batch is in one transaction: broken off, the same command goes on.
//! Memory grows with the register alone, which an import reads as a whole.

mod cast;
mod plays;

use anyhow::{Context as _, ensure};
use jiff::SignedDuration;
use sqlx::{PgConnection, PgPool};

use self::{
    cast::{Agent, list_agents, list_words},
    plays::Plays,
};
use super::register::{self, CUSTOMERS, NamedCustomer, chance::Chance};
use crate::{
    app::{App, Step},
    casework::{
        Casework,
        copies::{Copying, Part, try_out, write},
    },
    transparency,
};

/// Copies that are written at once.
const BATCH: usize = 1_000;
/// Customers that are imported at once: each import reads the whole register.
const IMPORTED: usize = 25_000;
/// So many cases does a customer have, and the last of them may be open.
const CASES_PER_CUSTOMER: usize = 10;
/// Since when there are cases.
const WEEKS: usize = 260;
/// How far copies of the same day lie apart, in minutes.
const APART: usize = 8 * 60;

/// Goes on until there are `wanted` cases. `says` hears how many there are.
///
/// # Errors
/// Where the database is not one that the demo made, or `owner` does not own its tables.
pub async fn gather(
    casework: &Casework,
    owner: &PgPool,
    wanted: usize,
    mut says: impl FnMut(usize),
) -> anyhow::Result<()> {
    let app = &casework.app;
    let invented = sqlx::query_scalar!(r#"select exists (select from invented_data) as "exists!""#);
    ensure!(
        app.settings.is_demo() && invented.fetch_one(&app.pool).await?,
        "the database is not one that the demo made"
    );
    let mut connection = owner.acquire().await.context("could not connect as the owner of the tables")?;
    try_out(&mut connection).await?;
    let there = count(app).await?;
    let missing = wanted.saturating_sub(there);
    let patterns = plays::list_patterns()?;
    // Nobody has a case yet who comes from here on.
    let begin = find_position(app).await?;
    let played = plays::play(casework, &patterns, begin, missing).await?;
    says(there.saturating_add(missing.min(plays::MOST)));
    let missing = missing.saturating_sub(plays::MOST);
    if missing == 0 {
        return Ok(());
    }
    let crowd = Crowd {
        patterns,
        begin: begin.saturating_add(plays::MOST),
        customers: missing.div_ceil(CASES_PER_CUSTOMER),
        cases: missing,
        agents: list_agents(casework, missing).await?,
        plays: Plays::read(casework, played).await?,
    };
    crowd.import(casework).await?;
    let mut done = 0;
    let next = |done: usize| crowd.cast(casework, done..missing.min(done.saturating_add(BATCH)));
    let mut batch = next(done).await?;
    while !batch.is_empty() {
        done = done.saturating_add(batch.len());
        // What the batch before left for the log is logged beside this one.
        let logged = tokio::spawn(log(app.clone()));
        let (written, after) = tokio::join!(write(casework, &mut connection, batch), next(done));
        written?;
        batch = after?;
        logged.await.context("the log was interrupted")??;
        says(there.saturating_add(plays::MOST).saturating_add(done));
    }
    log(app.clone()).await?;
    tidy(&mut connection).await
}

struct Crowd {
    patterns: Vec<NamedCustomer>,
    /// The position of the first customer.
    begin: usize,
    customers: usize,
    cases: usize,
    agents: Vec<Agent>,
    plays: Plays,
}

impl Crowd {
    async fn import(&self, casework: &Casework) -> anyhow::Result<()> {
        let app = &casework.app;
        let (now, end) = (app.clock.now(), self.begin.saturating_add(self.customers));
        let days = (now, now.day_in(&app.zone));
        let mut begin = self.begin;
        while begin < end {
            let until = end.min(begin.saturating_add(IMPORTED));
            let customers = register::list_like(&self.patterns, begin..until)?;
            register::seed_these(&app.pool, &customers, days, &casework.rules.shared_domains).await?;
            begin = until;
        }
        Ok(())
    }

    /// The copies from one place to another.
    async fn cast(
        &self,
        casework: &Casework,
        places: std::ops::Range<usize>,
    ) -> anyhow::Result<Vec<Copying>> {
        let mut connection = casework.app.pool.acquire().await?;
        let mut batch = Vec::with_capacity(places.len());
        let mut place = places.start;
        while place < places.end {
            // Customers in turn, as far as they go.
            let nth = place.checked_rem(self.customers).unwrap_or_default();
            let many = places.end.saturating_sub(place).min(self.customers.saturating_sub(nth));
            let from = self.begin.saturating_add(nth);
            let customers = register::list_like(&self.patterns, from..from.saturating_add(many))?;
            let ids = cast::find_ids(&mut connection, &customers).await?;
            for (customer, ids) in customers.iter().zip(&ids) {
                batch.push(self.copy(place, customer, ids)?);
                place = place.saturating_add(1);
            }
        }
        Ok(batch)
    }

    fn copy(&self, place: usize, customer: &NamedCustomer, ids: &[String]) -> anyhow::Result<Copying> {
        let mut chance = Chance::new(u64::try_from(place)?.wrapping_add(u64::try_from(self.begin)? << 32));
        let closed = self.cases.saturating_mul(9) / 10;
        let position = customer.number.trim_start_matches("K-").parse::<usize>()?.saturating_sub(10_001);
        let pattern = position.checked_rem(self.patterns.len()).unwrap_or_default();
        let model = self.plays.pick(pattern, place >= closed, &mut chance)?;
        let agent = self.agents.get(chance.below(self.agents.len())).context("nobody works the desk")?;
        let past = closed.saturating_sub(place).saturating_mul(WEEKS) / closed.max(1);
        let minutes = i64::try_from(chance.below(APART.saturating_mul(60)))?;
        let part = Part {
            words: list_words(customer, ids, &cast::invent_people(&mut chance)?, agent),
            weeks: -i64::try_from(past)?,
            beside: -SignedDuration::from_secs(minutes),
        };
        Ok(Copying { model, part })
    }
}

/// Logs what waits to be, as far as it fills a head.
async fn log(app: App) -> anyhow::Result<()> {
    while transparency::append::step(&app).await? == Step::Did {}
    Ok(())
}

async fn count(app: &App) -> anyhow::Result<usize> {
    let there = sqlx::query_scalar!(r#"select count(*) as "count!" from cases"#).fetch_one(&app.pool).await;
    Ok(usize::try_from(there.context("could not count the cases")?)?)
}

/// Behind all customers that the demo invented so far.
async fn find_position(app: &App) -> anyhow::Result<usize> {
    let last = sqlx::query_scalar!(
        r#"select max(substr(number, 3)::bigint) from customers where number ~ '^K-[0-9]{5,9}$'"#
    );
    let last = last.fetch_one(&app.pool).await.context("could not find the last customer")?;
    Ok(usize::try_from(last.unwrap_or_default())?.saturating_sub(10_000).max(CUSTOMERS))
}

/// So that the planner knows what came.
async fn tidy(owner: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query!("analyze").execute(owner).await.context("could not let the planner know")?;
    Ok(())
}

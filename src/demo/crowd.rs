//! As many invented cases as somebody wants, for trying and measuring: `handover demo --cases N`.
//!
//! Each is told like those of the demo, through the rules, with letters, trail and evidence. Told in batches that begin on the same
//! day, the oldest first, so that what was left undone became late as it would have.

use anyhow::{Context as _, ensure};

use super::{
    register::{self, NamedCustomer, chance::Chance, slug},
    script::{Script, Words},
    story::{Story, Teller},
};
use crate::{case::state::Place, casework::Casework};

/// Stories that begin on the same day.
const BATCH: usize = 40;
/// The oldest cases began so many days ago.
const OLDEST_DAYS: usize = 180;
/// A story that goes to its end takes so many days.
const WHOLE_STORY_DAYS: usize = 14;

/// How far cases have come, of twenty.
const UNTIL: [Place; 20] = [
    Place::Closed,
    Place::Closed,
    Place::Closed,
    Place::Closed,
    Place::Closed,
    Place::Closed,
    Place::Closed,
    Place::Closed,
    Place::Unconfirmed,
    Place::Verifying,
    Place::Verifying,
    Place::AwaitingCustomer,
    Place::Contested,
    Place::Verified,
    Place::Verified,
    Place::AwaitingApproval,
    Place::WithAtlassian,
    Place::WithAtlassian,
    Place::WithAtlassian,
    Place::AwaitingConfirmation,
];

/// Tells cases until there are `wanted` in the database, each about a customer of its own. `says` hears how many there are.
pub async fn gather(casework: &Casework, wanted: usize, says: impl Fn(usize)) -> anyhow::Result<()> {
    let app = &casework.app;
    let invented = sqlx::query_scalar!(r#"select exists (select from invented_data) as "exists!""#);
    ensure!(
        app.settings.is_demo() && invented.fetch_one(&app.pool).await?,
        "the database is not one that the demo made"
    );
    let there = sqlx::query_scalar!(r#"select count(*) as "count!" from cases"#)
        .fetch_one(&app.pool)
        .await
        .context("could not count the cases")?;
    let there = usize::try_from(there)?;
    let named = register::list_named_customers()?.len();
    // Customers with cases are the first ones.
    let begin = named.max(there);
    let until = begin.saturating_add(wanted.saturating_sub(there));
    let now = app.clock.now();
    let days = (now, now.day_in(&app.zone));
    register::seed_many(&app.pool, until, days, &casework.rules.shared_domains).await?;
    let customers = register::list_customers(register::SEED, until)?;
    let customers = customers.get(begin..until).context("there are not customers enough")?;
    let batches = customers.len().div_ceil(BATCH).max(1);
    let words = Script::load()?.crowd;
    let mut people = register::invented_people(2)?;
    let mut chance = Chance::new(3);
    for (nth, batch) in customers.chunks(BATCH).enumerate() {
        let spread = OLDEST_DAYS.saturating_sub(WHOLE_STORY_DAYS);
        let days_ago = OLDEST_DAYS.saturating_sub(nth.saturating_mul(spread) / batches);
        let days_ago = i64::try_from(days_ago)?;
        let stories = batch
            .iter()
            .map(|customer| invent(customer, days_ago, &words, &mut people, &mut chance))
            .collect::<anyhow::Result<Vec<Story>>>()?;
        let stories: Vec<(&Story, &NamedCustomer)> = stories.iter().zip(batch).collect();
        Teller::try_new(casework, days_ago).await?.tell_together(&stories).await?;
        says(there.saturating_add(nth.saturating_mul(BATCH)).saturating_add(batch.len()));
    }
    Ok(())
}

fn invent(
    customer: &NamedCustomer,
    days_ago: i64,
    words: &[Words],
    people: &mut impl Iterator<Item = String>,
    chance: &mut Chance,
) -> anyhow::Result<Story> {
    let until = UNTIL.get(chance.below(UNTIL.len())).copied().unwrap_or(Place::Closed);
    let domain = customer.domains.first().map_or("", String::as_str);
    let mut person = || people.next().unwrap_or_default();
    let (requester, successor) = (person(), person());
    let address = |name: &str| format!("{}@{domain}", slug(name).replace('-', "."));
    let has_successor = chance.below(2) == 0 && slug(&requester) != slug(&successor);
    let words =
        if customer.country.is_empty() && chance.below(2) == 0 { words.last() } else { words.first() };
    let words = words.context("demo/cases.toml has no words for a crowd")?.clone();
    Ok(Story {
        customer: customer.number.clone(),
        days_ago,
        until,
        language: words.language,
        requester_email: address(&requester),
        requester_name: requester,
        requester_position: "IT".to_owned(),
        requester_phone: None,
        successor_email: has_successor.then(|| address(&successor)),
        successor_name: has_successor.then_some(successor),
        explanation: words.explanation,
        question: (until == Place::AwaitingCustomer).then_some(words.question),
        objection: (until == Place::Contested).then_some(words.objection),
        note: Some(words.note),
    })
}

//! The cases of a crowd that are played by the rules, and the models that are made of them: several ways for a case to go, each with
//! customers of several kinds.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use uuid::Uuid;

use super::cast::{address, find_ids, invent_people, list_agents, list_words, share_a_word};
use crate::{
    case::{escalation::Hosting, state::Place},
    casework::{Casework, copies::Model},
    demo::{
        register::{self, CUSTOMERS, NamedCustomer, SEED, chance::Chance},
        script::{Script, Words},
        story::{Story, Teller},
    },
    lang::Language,
};

/// How a case goes, and how many days ago it began.
struct Way {
    until: Place,
    days_ago: i64,
    has_successor: bool,
    /// Nobody confirms, and its time is over.
    expires: bool,
}

const fn way(until: Place, days_ago: i64, has_successor: bool) -> Way {
    Way { until, days_ago, has_successor, expires: false }
}

/// Told beside each other, the oldest first. Each is as old as it must be, and not much older.
const WAYS: [Way; 8] = [
    way(Place::Closed, 45, true),
    way(Place::Closed, 45, false),
    Way { expires: true, ..way(Place::Unconfirmed, 30, false) },
    way(Place::WithAtlassian, 13, true),
    way(Place::AwaitingApproval, 12, false),
    way(Place::Verifying, 3, true),
    way(Place::AwaitingCustomer, 2, false),
    way(Place::Contested, 2, true),
];
/// Kinds of customers.
const PATTERNS: usize = 5;
/// Cases that are played. The numbers of ways and of kinds have no factor in common: each way is gone with each kind.
pub(super) const MOST: usize = WAYS.len() * PATTERNS;

/// One customer of each kind.
pub(super) fn list_patterns() -> anyhow::Result<Vec<NamedCustomer>> {
    let customers = register::list_customers(SEED, CUSTOMERS)?;
    let kinds: [(&str, Hosting, bool); PATTERNS] = [
        ("DE", Hosting::DataCenter, true),
        ("DE", Hosting::Cloud, true),
        ("AT", Hosting::DataCenter, false),
        ("CH", Hosting::Cloud, false),
        ("DE", Hosting::CloudPartnerManaged, true),
    ];
    kinds
        .iter()
        .map(|(country, hosting, has_phone)| {
            let is_it = |customer: &&NamedCustomer| {
                customer.country == *country
                    && customer.technical.phone.is_empty() != *has_phone
                    && customer.billing.phone.is_empty() != *has_phone
                    && customer
                        .entitlements
                        .first()
                        .is_some_and(|entitlement| entitlement.hosting == *hosting)
            };
            customers.iter().skip(CUSTOMERS / 10).find(is_it).cloned().context("no customer is of that kind")
        })
        .collect()
}

/// A case that was played.
pub(super) struct Played {
    case: Uuid,
    pattern: usize,
    words: Vec<String>,
    is_clear: bool,
}

/// Plays at most [`MOST`] cases, with customers from a position on.
pub(super) async fn play(
    casework: &Casework,
    patterns: &[NamedCustomer],
    begin: usize,
    wanted: usize,
) -> anyhow::Result<Vec<Played>> {
    let app = &casework.app;
    let many = wanted.min(MOST);
    if many == 0 {
        return Ok(Vec::new());
    }
    let customers = register::list_like(patterns, begin..begin.saturating_add(many))?;
    let (now, words) = (app.clock.now(), Script::load()?.crowd);
    let days = (now, now.day_in(&app.zone));
    register::seed_these(&app.pool, &customers, days, &casework.rules.shared_domains).await?;
    let mut connection = app.pool.acquire().await?;
    let ids = find_ids(&mut connection, &customers).await?;
    drop(connection);
    let agents = list_agents(casework, 0).await?;
    let agent = agents.first().context("nobody works the desk")?;
    let mut played = Vec::new();
    for (nth, way) in WAYS.iter().enumerate() {
        let mut stories = Vec::new();
        for (place, (customer, ids)) in customers.iter().zip(&ids).enumerate().skip(nth).step_by(WAYS.len()) {
            let position = begin.saturating_add(place);
            let people = invent_people(&mut Chance::new(u64::try_from(position)?))?;
            let story = tell(way, customer, &people, &words)?;
            let names =
                [&customer.name, &customer.technical.name, &customer.billing.name, &people[0], &people[1]];
            let is_clear = !share_a_word(&names.map(String::as_str));
            let words = list_words(customer, ids, &people, agent);
            stories.push((story, customer, position % PATTERNS, words, is_clear));
        }
        let told: Vec<(&Story, &NamedCustomer)> =
            stories.iter().map(|(story, customer, ..)| (story, *customer)).collect();
        if told.is_empty() {
            continue;
        }
        let teller = Teller::try_new(casework, way.days_ago).await?;
        let cases = teller.tell_together(&told).await?;
        if way.expires {
            teller.later(24 * 10).await;
        }
        played.extend(
            cases.into_iter().zip(stories).map(|(case, (_, _, pattern, words, is_clear))| Played {
                case,
                pattern,
                words,
                is_clear,
            }),
        );
    }
    Ok(played)
}

fn tell(
    way: &Way,
    customer: &NamedCustomer,
    [requester, successor]: &[String; 2],
    words: &[Words],
) -> anyhow::Result<Story> {
    let speaks_english = customer.country == "CH";
    let words = words.iter().find(|words| (words.language == Language::En) == speaks_english);
    let words = words.context("demo/cases.toml has no words for a crowd")?.clone();
    let until = way.until;
    Ok(Story {
        customer: customer.number.clone(),
        days_ago: way.days_ago,
        until,
        language: words.language,
        requester_email: address(requester, customer),
        requester_name: requester.clone(),
        requester_position: "IT".to_owned(),
        requester_phone: None,
        successor_email: way.has_successor.then(|| address(successor, customer)),
        successor_name: way.has_successor.then(|| successor.clone()),
        explanation: words.explanation,
        question: (until == Place::AwaitingCustomer).then_some(words.question),
        objection: (until == Place::Contested).then_some(words.objection),
        note: Some(words.note),
    })
}

/// The models, by the kind of their customer.
pub(super) struct Plays(Vec<(usize, Arc<Model>)>);

impl Plays {
    pub async fn read(casework: &Casework, played: Vec<Played>) -> anyhow::Result<Self> {
        let mut models = Vec::new();
        for played in played.into_iter().filter(|played| played.is_clear) {
            let model = Model::read(casework, played.case, &played.words).await?;
            models.push((played.pattern, Arc::new(model)));
        }
        ensure!(!models.is_empty(), "no case of the demo can be a model");
        Ok(Self(models))
    }

    /// One for a customer of this kind.
    pub fn pick(&self, pattern: usize, open: bool, chance: &mut Chance) -> anyhow::Result<Arc<Model>> {
        let fitting = self.0.iter().filter(|(kind, model)| *kind == pattern && model.is_closed() != open);
        let fitting: Vec<&Arc<Model>> = fitting.map(|(_, model)| model).collect();
        let picked = fitting.get(chance.below(fitting.len())).copied().cloned();
        picked.context("no model fits a customer")
    }
}

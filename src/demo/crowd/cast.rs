//! Who acts in a case of a crowd: the people, the customer as the register has it, and who of the staff.

use std::collections::BTreeMap;

use anyhow::Context as _;
use secrecy::SecretString;
use sqlx::PgConnection;

use crate::{
    case::actor::Role,
    casework::Casework,
    demo::register::{NamedCustomer, chance::Chance, invented_people, slug},
    staff::members,
    token::Token,
};

/// So many work the desk where there is much to do.
const AGENTS: usize = 6;
/// From so many cases on.
const MUCH: usize = 1_000;

/// Somebody who works the desk.
pub(super) struct Agent {
    id: String,
    name: String,
    email: String,
}

/// The agents; the first is whoever plays. Where much is wanted, there are some more.
pub(super) async fn list_agents(casework: &Casework, cases: usize) -> anyhow::Result<Vec<Agent>> {
    let app = &casework.app;
    let word: &str = Role::Agent.into();
    let stored = sqlx::query!(
        "select id, name, email from staff where role = $1 and kind = 'person' and disabled_at is null order by name",
        word
    )
    .fetch_all(&app.pool)
    .await
    .context("could not list the agents")?;
    let mut agents: Vec<Agent> = stored
        .into_iter()
        .map(|row| Agent { id: row.id.to_string(), name: row.name, email: row.email })
        .collect();
    let mut people = invented_people(4)?;
    while cases >= MUCH && agents.len() < AGENTS {
        let name = people.next().context("nobody is left")?;
        let email = format!("{}@reseller.example", slug(&name).replace('-', "."));
        if agents.iter().any(|agent| agent.email == email) {
            continue;
        }
        // Nobody signs in as them.
        let password = SecretString::from(Token::random().reveal().chars().take(20).collect::<String>());
        let id =
            members::add(&app.pool, &name, &email.parse()?, Role::Agent, password, app.clock.now()).await?;
        agents.push(Agent { id: id.to_string(), name, email });
    }
    Ok(agents)
}

/// A requester and a new contact, whose names have nothing in common.
pub(super) fn invent_people(chance: &mut Chance) -> anyhow::Result<[String; 2]> {
    let seed = u64::try_from(chance.below(usize::MAX))?;
    let mut people = invented_people(seed)?;
    let requester = people.next().context("nobody is left")?;
    let successor = people.find(|other| !share_a_word(&[&requester, other])).context("nobody is left")?;
    Ok([requester, successor])
}

pub(super) fn address(name: &str, customer: &NamedCustomer) -> String {
    let domain = customer.domains.first().map_or("", String::as_str);
    format!("{}@{domain}", slug(name).replace('-', "."))
}

/// Whether two of these names have a word in common: then nobody can tell whose it is.
pub(super) fn share_a_word(names: &[&str]) -> bool {
    let mut seen = Vec::new();
    for name in names {
        let slug = slug(name);
        let words: Vec<String> =
            slug.split('-').filter(|word| word.len() > 2).map(ToOwned::to_owned).collect();
        if words.iter().any(|word| seen.contains(word)) {
            return true;
        }
        seen.extend(words);
    }
    false
}

/// What is another one's in each case, always in the same order.
pub(super) fn list_words(
    customer: &NamedCustomer,
    ids: &[String],
    [requester, successor]: &[String; 2],
    agent: &Agent,
) -> Vec<String> {
    let domain = customer.domains.first().cloned().unwrap_or_default();
    let slug = domain.trim_end_matches(".example").to_owned();
    let mut words = vec![customer.name.clone(), customer.number.clone(), domain, slug];
    for contact in [&customer.technical, &customer.billing] {
        words.extend([contact.name.clone(), contact.email.clone(), contact.phone.clone()]);
    }
    for person in [requester, successor] {
        words.extend([person.clone(), address(person, customer)]);
    }
    for entitlement in &customer.entitlements {
        words.extend([
            entitlement.sen.clone(),
            entitlement.entitlement_number.clone(),
            entitlement.site.clone(),
        ]);
    }
    words.extend([agent.id.clone(), agent.name.clone(), agent.email.clone()]);
    words.extend(ids.iter().cloned());
    words
}

/// The ids that the register has for each of these customers: its own, and of each licence and its contacts, in order.
pub(super) async fn find_ids(
    connection: &mut PgConnection,
    customers: &[NamedCustomer],
) -> anyhow::Result<Vec<Vec<String>>> {
    let numbers: Vec<String> = customers.iter().map(|customer| customer.number.clone()).collect();
    let rows = sqlx::query!(
        r#"select c.number, c.id as customer_id, e.id as entitlement_id, coalesce(e.sen, e.entitlement_number, e.site) as "value!",
             t.id as "technical?", b.id as "billing?"
         from customers c join entitlements e on e.customer_id = c.id
         left join contacts t on t.entitlement_id = e.id and t.role = 'technical'
         left join contacts b on b.entitlement_id = e.id and b.role = 'billing'
         where c.number = any($1)"#,
        &numbers,
    )
    .fetch_all(connection)
    .await
    .context("could not find the customers of a crowd")?;
    let mut found = BTreeMap::new();
    for row in rows {
        found.insert((row.number.clone(), row.value.clone()), row);
    }
    customers
        .iter()
        .map(|customer| {
            let mut ids = Vec::new();
            for entitlement in &customer.entitlements {
                let value = if entitlement.sen.is_empty() {
                    &entitlement.entitlement_number
                } else {
                    &entitlement.sen
                };
                let row = found.get(&(customer.number.clone(), value.clone()));
                let row = row.with_context(|| format!("the register has no {value}"))?;
                let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
                ids.extend([row.customer_id.to_string(), row.entitlement_id.to_string()]);
                ids.extend([id(row.technical), id(row.billing)]);
            }
            Ok(ids)
        })
        .collect()
}

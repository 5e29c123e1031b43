//! The demo that the default mode begins with: an invented register, four people at the desk, cases in different states.
//!
//! Everything goes the ordinary way (import, casework, worker), under a clock that is set back. Nothing is seeded into a
//! database that holds anything, and never in production.

use anyhow::{Context as _, bail};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use super::{
    script::{Person, Script},
    story::Teller,
};
use crate::{
    boot::write_private,
    case::actor::Role,
    casework::Casework,
    clock::Timestamp,
    demo::register::{list_named_customers, seed},
    staff::members,
};

/// One person of the demo, as the printed list and `demo-credentials.json` show them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credential {
    pub name: String,
    pub email: String,
    pub role: Role,
    pub password: String,
}

/// Seeds the demo into an empty database and keeps the sign-ins in `<data>/demo-credentials.json`. Returns them, or
/// `None` where the database holds something already.
pub async fn seed_if_empty(casework: &Casework) -> anyhow::Result<Option<Vec<Credential>>> {
    if !casework.app.settings.is_demo() {
        bail!("the demo is not for production");
    }
    if !is_empty(&casework.app.pool).await? {
        return Ok(None);
    }
    let now = casework.app.clock.now();
    mark_invented(&casework.app.pool, now).await?;
    seed(&casework.app.pool, now, now.day_in(&casework.app.zone), &casework.rules.shared_domains)
        .await
        .context("could not seed the register")?;
    let script = Script::load()?;
    let credentials = add_staff(casework, &script.staff).await?;
    let customers = list_named_customers()?;
    for story in &script.cases {
        let customer = customers.iter().find(|customer| customer.number == story.customer);
        let customer = customer.with_context(|| format!("the demo register has no {}", story.customer))?;
        let told = Teller::try_new(casework, story.days_ago).await?.tell(story, customer).await;
        told.with_context(|| format!("the demo case of {} does not follow its story", story.customer))?;
    }
    Ok(Some(credentials))
}

async fn is_empty(pool: &PgPool) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select not exists (select from staff) and not exists (select from customers)
             and not exists (select from cases) as "empty!""#
    )
    .fetch_one(pool)
    .await
    .context("could not look whether the database is empty")
}

/// Before anything else, so that half a demo is marked, too.
async fn mark_invented(pool: &PgPool, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into invented_data (seeded_at) values ($1) on conflict do nothing",
        now as Timestamp
    )
    .execute(pool)
    .await
    .context("could not mark the database as invented")?;
    Ok(())
}

async fn add_staff(casework: &Casework, people: &[Person]) -> anyhow::Result<Vec<Credential>> {
    let mut credentials = Vec::new();
    for person in people {
        let password: String = crate::token::Token::random().reveal().chars().take(20).collect();
        let email = person.email.parse().context("a demo address")?;
        let secret = SecretString::from(password.clone());
        let now = casework.app.clock.now();
        members::add(&casework.app.pool, &person.name, &email, person.role, secret, now).await?;
        credentials.push(Credential {
            name: person.name.clone(),
            email: person.email.clone(),
            role: person.role,
            password,
        });
    }
    let file = casework.app.settings.data_dir.join("demo-credentials.json");
    std::fs::create_dir_all(&casework.app.settings.data_dir).context("could not make the data directory")?;
    write_private(&file, &serde_json::to_string_pretty(&credentials)?)?;
    Ok(credentials)
}

//! Carries out a request to erase somebody that two administrators consented to: goes round the writers of all tables, in one
//! transaction, then looks once more and says of whatever is left why it stays.
//!
//! Decides nothing: who consented is the request's, what of a case may go is the case's. What was found by name alone stays, and is
//! said: others are called alike.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    administration::{
        persons::{
            Person,
            find::{By, Everything, Found, find},
            requests::{self, Kept, Outcome},
            returned,
        },
        trail::Doer,
    },
    app::Step,
    casework::{Casework, Standing, caseless_erasure},
    clock::Timestamp,
    mail, register, staff, webhooks, yearly,
};

/// The next request, or an end for one that is over, or a look whether an import brought somebody again.
pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    if requests::expire(&casework.app).await? > 0 || carry_out(casework, None, Doer::Program).await?.is_some()
    {
        return Ok(Step::Did);
    }
    returned::step(&casework.app).await
}

/// Carries out a request that two consented to: `wanted`, or the next one. `None` where there is none.
pub async fn carry_out(
    casework: &Casework,
    wanted: Option<Uuid>,
    doer: Doer,
) -> anyhow::Result<Option<(Uuid, Outcome)>> {
    let now = casework.app.clock.now();
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let Some((request, address)) = requests::take_due(&mut transaction, wanted, now).await? else {
        return Ok(None);
    };
    let person = Person::new(address.clone());
    let all = find(&mut transaction, &person).await?;
    let mut outcome = Outcome::default();
    erase(&mut transaction, casework, (&person, &all), &mut outcome, now).await?;
    let left = find(&mut transaction, &person).await?;
    outcome.kept = explain(&mut transaction, casework, &left, now).await?;
    requests::finish(&mut transaction, request, &address, &outcome, (doer, now)).await?;
    transaction.commit().await.context("could not commit that somebody is erased")?;
    Ok(Some((request, outcome)))
}

async fn erase(
    connection: &mut PgConnection,
    casework: &Casework,
    (person, all): (&Person, &Everything),
    outcome: &mut Outcome,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut note = |table: &str, rows: u64| {
        if rows > 0 {
            let sum = outcome.erased.entry(table.to_owned()).or_default();
            *sum = sum.saturating_add(rows);
        }
    };
    // Cases first: a case is locked before its e-mails.
    let of_cases = casework.erase_person(connection, &person.address, &all_of_cases(all), now).await?;
    for (table, rows) in of_cases {
        note(&table, rows);
    }
    let ids = |table: &str| -> Vec<Uuid> {
        let rows = all.certain().filter(|found| found.table.name == table);
        rows.filter_map(|found| found.key.parse().ok()).collect()
    };
    let numbers = |table: &str| -> Vec<i64> {
        let rows = all.certain().filter(|found| found.table.name == table);
        rows.filter_map(|found| found.key.parse().ok()).collect()
    };
    let emails = ids("emails");
    note(
        "prepared_requests",
        caseless_erasure::erase_prepared(connection, &ids("prepared_requests"), now).await?,
    );
    note("letter_texts", caseless_erasure::erase_texts(connection, &emails).await?);
    note("emails", mail::erasure::erase_outgoing(connection, &emails).await?);
    note("inbound_emails", mail::erasure::erase_incoming(connection, &ids("inbound_emails")).await?);
    note("contacts", register::erasure::erase(connection, &ids("contacts"), now).await?);
    note("contact_questions", yearly::erasure::erase(connection, &ids("contact_questions")).await?);
    note("password_resets", staff::erasure::erase_resets(connection, &ids("password_resets")).await?);
    note(
        "staff_invitations",
        staff::erasure::erase_invitations(connection, &ids("staff_invitations")).await?,
    );
    note("token_requests", staff::erasure::erase_replays(connection, &ids("token_requests")).await?);
    let told = webhooks::outbox::forget_settled(connection, &numbers("webhook_deliveries")).await?;
    note("webhook_deliveries", told);
    Ok(())
}

/// By case, what of it was found: table and keys.
fn all_of_cases(all: &Everything) -> BTreeMap<Uuid, Vec<(&'static str, String)>> {
    let mut cases: BTreeMap<Uuid, Vec<(&'static str, String)>> = BTreeMap::new();
    for found in all.certain() {
        if let Some(case) = found.case {
            cases.entry(case).or_default().push((found.table.name, found.key.clone()));
        }
    }
    cases
}

/// Of what is left, why: by table, case and reason.
async fn explain(
    connection: &mut PgConnection,
    casework: &Casework,
    left: &Everything,
    now: Timestamp,
) -> anyhow::Result<Vec<Kept>> {
    let mut kept: BTreeMap<(String, Option<String>, String), u64> = BTreeMap::new();
    let mut cases: BTreeMap<Uuid, (String, Standing)> = BTreeMap::new();
    for found in &left.rows {
        // The request itself forgets whom it is about in a moment.
        if found.table.name == "erasure_requests" {
            continue;
        }
        let case = match found.case {
            Some(case) if !cases.contains_key(&case) => {
                let number = number_of(connection, case).await?;
                let standing = casework.standing(connection, case, now).await?;
                cases.insert(case, (number, standing));
                cases.get(&case)
            }
            Some(case) => cases.get(&case),
            None => None,
        };
        let why = why(found, case.map(|(_, standing)| *standing));
        let number = case.map(|(number, _)| number.clone());
        let count = kept.entry((found.table.name.to_owned(), number, why.to_owned())).or_default();
        *count = count.saturating_add(1);
    }
    Ok(kept.into_iter().map(|((table, number, why), rows)| Kept { table, number, why, rows }).collect())
}

fn why(found: &Found, standing: Option<Standing>) -> &'static str {
    match (found.table.name, standing) {
        _ if found.by == By::Name => "name",
        (_, Some(standing)) if standing != Standing::Free => standing.into(),
        (_, Some(_)) => "mention",
        ("contacts", None) => Standing::OpenCase.into(),
        ("unsubscribed_mailboxes", None) => "unsubscribed",
        ("emails", None) => Standing::UnderWay.into(),
        ("inbound_emails", None) => "undecided",
        ("staff_invitations", None) => "invited",
        (
            "staff" | "sessions" | "identities" | "passkeys" | "totp_devices" | "staff_tokens"
            | "saved_views" | "pending_sign_ins",
            None,
        ) => "account",
        _ => "mention",
    }
}

async fn number_of(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<String> {
    sqlx::query_scalar!("select number from cases where id = $1", case)
        .fetch_one(connection)
        .await
        .context("could not read the number of a case")
}

//! The worker's part: one question at a time, spread over the day, and none while another worker looks for one.
//!
//! Stops a flood: whatever an import brings, there is one letter, then a pause. A clock that jumps forward makes everybody due and
//! still lets one go at a time; one that jumps back does not stop it.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    answers,
    due::{self, Due},
    pages::FOLDER,
};
use crate::{
    app::Step,
    case::address::EmailAddress,
    casework::{Casework, ContactQuestion},
    clock::Timestamp,
    token::Token,
};

/// Nobody was due: the register changes by imports, which are no matter of minutes.
const NOBODY: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
/// No pause is longer: one that seems so was made by a clock that has been set back since.
const LONGEST: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    let app = &casework.app;
    let settings = &app.settings.yearly;
    if !settings.enabled {
        return Ok(Step::Idle);
    }
    let now = app.clock.now();
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    let next_at = sqlx::query_scalar!(
        r#"select next_at as "next_at: Timestamp" from contact_question_pace for update skip locked"#
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look up when the next contact is asked")?;
    // Another worker is at it.
    let Some(next_at) = next_at else { return Ok(Step::Idle) };
    if now < next_at && next_at <= now.after(LONGEST) {
        return Ok(Step::Idle);
    }
    let due = due::find(&mut transaction, now).await?;
    let (pause, did) = match &due {
        None => (NOBODY, Step::Idle),
        Some(due) => {
            let asked = ask(casework, &mut transaction, due, now).await?;
            let seconds = 24 * 60 * 60 / i64::from(settings.letters_per_day.max(1));
            let pause =
                if asked { jiff::SignedDuration::from_secs(seconds) } else { jiff::SignedDuration::ZERO };
            (pause, Step::Did)
        }
    };
    sqlx::query!("update contact_question_pace set next_at = $1", now.after(pause) as Timestamp)
        .execute(&mut *transaction)
        .await
        .context("could not put off when the next contact is asked")?;
    transaction.commit().await.context("could not commit a question to a contact")?;
    Ok(did)
}

/// Whether a letter goes out. One that can't is answered for once and for all, so that it holds up no other.
async fn ask(
    casework: &Casework,
    connection: &mut PgConnection,
    due: &Due,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let Ok(address) = due.mailbox.parse::<EmailAddress>() else {
        answers::refuse(connection, &due.mailbox, now).await?;
        return Ok(false);
    };
    // The same mailbox, spelt otherwise by an import.
    if answers::is_refused(connection, address.as_str()).await? {
        answers::refuse(connection, &due.mailbox, now).await?;
        return Ok(false);
    }
    let token = Token::random();
    let path = format!("/{FOLDER}/{}", token.reveal());
    let question = ContactQuestion {
        to: &address,
        unsubscribe_path: &format!("{path}/unsubscription"),
        path: &path,
        licences: &due.labels,
    };
    let email = casework.enqueue_contact_question(connection, &question, now).await?;
    let (id, hash) = (Uuid::now_v7(), token.hash());
    sqlx::query!(
        "insert into contact_questions (id, token_hash, mailbox, email_id, asked_at) values ($1, $2, $3, $4, $5)",
        id,
        hash.as_slice(),
        due.mailbox,
        email,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not keep a question to a contact")?;
    sqlx::query!(
        "insert into contact_question_entitlements (question_id, entitlement_id) select $1, unnest($2::uuid[])",
        id,
        &due.entitlements,
    )
    .execute(connection)
    .await
    .context("could not keep what a contact was asked about")?;
    Ok(true)
}

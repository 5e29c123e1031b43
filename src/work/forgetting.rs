//! One step of forgetting what belongs to no case: a bounded number of rows of one class, by whoever owns them, in one transaction
//! with their count.

use anyhow::Context as _;

use crate::{
    administration::retention::{self, Class},
    app::{App, Step},
    casework, mail, staff, verification, yearly,
};

/// Rows of one table that a step forgets at most.
const MOST: i64 = 500;

pub(super) async fn step(app: &App) -> anyhow::Result<Step> {
    let now = app.clock.now();
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    let Some(class) = retention::claim(&mut transaction, now).await? else { return Ok(Step::Idle) };
    let before = class.ends_before(&app.settings.retention, now);
    let connection = &mut *transaction;
    let counts: Vec<u64> = match class {
        Class::Access => staff::forgetting::forget(connection, before, MOST).await?,
        Class::FormLetters => vec![casework::forget_form_letters(connection, before, MOST).await?],
        Class::StaffLetters => {
            vec![mail::outgoing::forgetting::forget_to_staff(connection, before, MOST).await?]
        }
        Class::OtherLetters => vec![
            mail::outgoing::forgetting::forget_to_others(connection, before, MOST).await?,
            yearly::forget_mailboxes(connection, before, MOST).await?,
        ],
        Class::SetAsideMail => vec![
            mail::incoming::quarantine::forget(connection, before, MOST).await?,
            casework::forget_answered_mailboxes(connection, before, MOST).await?,
        ],
        Class::LookUps => vec![verification::mail_servers::forget(connection, before, MOST).await?],
    };
    let is_last = counts.iter().all(|count| i64::try_from(*count).is_ok_and(|count| count < MOST));
    retention::note(connection, class, (counts.iter().sum(), is_last), now).await?;
    transaction.commit().await.context("could not commit what was forgotten")?;
    Ok(Step::Did)
}

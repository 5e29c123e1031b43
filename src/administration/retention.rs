//! What belongs to no case and is forgotten by itself: which classes there are, how long each is kept, and when it was looked at
//! last. Forgets nothing itself; each owner does (`work::forgetting`).
//!
//! One line of the trail for each run that forgot something, with how many rows that were: enough to see that it happens, and
//! nothing of whom it was about.

use anyhow::Context as _;
use sqlx::PgConnection;
use strum::{IntoStaticStr, VariantArray};

use super::trail::{self, Change, Doer};
use crate::{clock::Timestamp, config::Retention};

/// Hours between two runs of a class.
const EVERY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Class {
    /// Sessions, ways back to a password, invitations, counted tries, what programs asked before.
    Access,
    /// Which mailbox and network letters of the form went to: counted for a day.
    FormLetters,
    /// Mail to staff.
    StaffLetters,
    /// Letters to others about no case, and what was asked of contacts on record.
    OtherLetters,
    /// Inbound mail that became no case's: discarded, or answered with the form.
    SetAsideMail,
    /// What name servers said of the domains of requests.
    LookUps,
}

impl Class {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// How many days it is kept.
    pub fn days(self, settings: &Retention) -> u32 {
        match self {
            Self::Access => settings.access_days,
            Self::FormLetters => settings.form_letter_days,
            Self::StaffLetters => settings.staff_letter_days,
            Self::OtherLetters => settings.other_letter_days,
            Self::SetAsideMail => settings.set_aside_days,
            Self::LookUps => settings.look_up_days,
        }
    }

    /// What is older is over.
    pub fn ends_before(self, settings: &Retention, now: Timestamp) -> Timestamp {
        now.after(-jiff::SignedDuration::from_hours(i64::from(self.days(settings)).saturating_mul(24)))
    }
}

/// A class whose run is due or under way; nobody else has it until the transaction ends.
pub async fn claim(connection: &mut PgConnection, now: Timestamp) -> anyhow::Result<Option<Class>> {
    let waiting = sqlx::query_scalar!(
        r#"select c as "class!" from unnest($1::text[]) c
         where not exists (select from retention_runs r where r.class = c and r.due_at > $2) limit 1"#,
        &Class::VARIANTS.iter().map(|class| class.as_str().to_owned()).collect::<Vec<_>>(),
        now as Timestamp,
    )
    .fetch_optional(&mut *connection)
    .await
    .context("could not look for what is forgotten next")?;
    let Some(class) =
        Class::VARIANTS.iter().copied().find(|class| waiting.as_deref() == Some(class.as_str()))
    else {
        return Ok(None);
    };
    sqlx::query!(
        "insert into retention_runs (class, due_at) values ($1, $2) on conflict (class) do nothing",
        class.as_str(),
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not note a class that is forgotten")?;
    // Another worker may have ended its run meanwhile.
    let held = sqlx::query_scalar!(
        r#"select true as "held!" from retention_runs where class = $1 and due_at <= $2 for update"#,
        class.as_str(),
        now as Timestamp,
    )
    .fetch_optional(connection)
    .await
    .context("could not claim a class that is forgotten")?;
    Ok(held.map(|_| class))
}

/// Counts what a step forgot. Where it was the last of its run, the trail says how many rows that were in all.
pub async fn note(
    connection: &mut PgConnection,
    class: Class,
    (rows, is_last): (u64, bool),
    now: Timestamp,
) -> anyhow::Result<()> {
    let so_far = sqlx::query_scalar!(
        r#"update retention_runs set forgotten = case when $3 then 0 else forgotten + $2 end,
             due_at = case when $3 then $4 else due_at end, ran_at = case when $3 then $5 else ran_at end
         where class = $1
         returning (select forgotten from retention_runs where class = $1) + $2 as "so_far!""#,
        class.as_str(),
        i64::try_from(rows)?,
        is_last,
        now.after(EVERY) as Timestamp,
        now as Timestamp,
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not count what was forgotten")?;
    let rows = u64::try_from(so_far)?;
    if is_last && rows > 0 {
        let change = Change::Forgotten { class: class.as_str().to_owned(), rows };
        trail::append(connection, Doer::Program, &change, now).await?;
    }
    Ok(())
}

/// When each class was looked at last.
pub async fn list_runs(connection: &mut PgConnection) -> anyhow::Result<Vec<(String, Option<Timestamp>)>> {
    let rows = sqlx::query!(r#"select class, ran_at as "ran_at: Timestamp" from retention_runs"#)
        .fetch_all(connection)
        .await
        .context("could not list when something was forgotten")?;
    Ok(rows.into_iter().map(|row| (row.class, row.ran_at)).collect())
}

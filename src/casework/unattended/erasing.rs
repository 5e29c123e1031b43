//! Cases whose time is over: what nobody ever confirmed, the content of what was closed, in the end its correspondence.
//!
//! One case at a time, whichever has been over for longest. When it was closed is said by its trail; the column that finds it may
//! have been changed by whoever has the database and wants something gone. What is held, or still under way, waits.

use anyhow::Context as _;
use jiff::{SignedDuration, ToSpan as _};
use uuid::Uuid;

use crate::{
    case::{
        actor::Actor,
        erasure::{Rule, Scope},
    },
    casework::Casework,
    clock::Timestamp,
    panics::caught_in,
};

/// Tried in one step: so many that can't be erased hold up no other.
const MOST: i64 = 20;

impl Casework {
    /// Erases what is due of the next case. Whether there was one.
    pub(super) async fn erase_next(&self, now: Timestamp) -> anyhow::Result<bool> {
        for rule in [Rule::Unconfirmed, Rule::Content, Rule::Correspondence] {
            let before = self.erased_before(rule, now)?;
            let scope = if rule == Rule::Content { Scope::Content } else { Scope::Everything };
            let mut failed = None;
            for case in self.list_due_for_erasing(rule, before).await? {
                match caught_in(self.erase_alone(case, (rule, scope), before)).await {
                    Ok(()) => return Ok(true),
                    Err(error) => {
                        tracing::error!(%case, error = format!("{error:#}"), "could not erase a case");
                        failed = Some(error);
                    }
                }
            }
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(false)
    }

    async fn erase_alone(
        &self,
        case: Uuid,
        (rule, scope): (Rule, Scope),
        before: Timestamp,
    ) -> anyhow::Result<()> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        self.lock(&mut transaction, case).await?;
        // Reopened, held, written to or erased in between.
        let is_due = sqlx::query_scalar!(
            r#"select state = 'closed' and coalesce(erased, 'part') <> all (case $3 when 'content' then '{content,everything}'
                 else '{everything}' end::text[]) and may_be_erased(id, $2) as "is_due!" from cases where id = $1"#,
            case,
            before as Timestamp,
            scope.as_str(),
        )
        .fetch_one(&mut *transaction)
        .await
        .context("could not ask whether the time of a case is over")?;
        if is_due && self.erase_case(&mut transaction, case, (rule, Actor::System), scope).await? {
            transaction.commit().await.context("could not commit that content was erased")?;
        }
        Ok(())
    }

    /// What was closed before then is over by this rule.
    pub fn erased_before(&self, rule: Rule, now: Timestamp) -> anyhow::Result<Timestamp> {
        let settings = &self.app.settings.retention;
        let zoned = self.app.zone.to_datetime(*now).to_zoned(self.app.zone.clone())?;
        Ok(match rule {
            Rule::Unconfirmed => now
                .after(-SignedDuration::from_hours(i64::from(settings.unconfirmed_days).saturating_mul(24))),
            Rule::Content => {
                zoned.checked_sub(i64::from(settings.content_months).months())?.timestamp().into()
            }
            // The beginning of the year after the last one whose letters are over.
            Rule::Correspondence => zoned
                .first_of_year()?
                .start_of_day()?
                .checked_sub(i64::from(settings.letter_years).years())?
                .timestamp()
                .into(),
            Rule::Request => now,
        })
    }

    async fn list_due_for_erasing(&self, rule: Rule, before: Timestamp) -> anyhow::Result<Vec<Uuid>> {
        // One statement for each, so that each has its index. The first of that index are wanted: a planner that thinks them few, after a
        // restore or an import, would ask of all that are old whether they may be erased, and sort them, for each case anew.
        let begin = "begin read only; set local enable_sort = off; set local enable_bitmapscan = off; set local enable_seqscan = off";
        let mut transaction = self.app.pool.begin_with(begin).await.context("could not begin to read")?;
        let found = match rule {
            Rule::Unconfirmed => {
                sqlx::query_scalar!(
                    "select c.id from cases c
                     where c.state = 'closed' and coalesce(c.erased, 'part') = 'part' and c.closed_at < (select $1::timestamptz)
                         and c.confirmed_at is null and may_be_erased(c.id, $1)
                     order by c.closed_at, c.id limit $2",
                    before as Timestamp,
                    MOST,
                )
                .fetch_all(&mut *transaction)
                .await
            }
            Rule::Content => {
                sqlx::query_scalar!(
                    "select c.id from cases c
                     where c.state = 'closed' and coalesce(c.erased, 'part') = 'part' and c.closed_at < (select $1::timestamptz)
                         and c.confirmed_at is not null and may_be_erased(c.id, $1)
                     order by c.closed_at, c.id limit $2",
                    before as Timestamp,
                    MOST,
                )
                .fetch_all(&mut *transaction)
                .await
            }
            Rule::Correspondence => {
                sqlx::query_scalar!(
                    "select c.id from cases c where c.erased = 'content' and c.closed_at < (select $1::timestamptz) and may_be_erased(c.id, $1)
                         and not exists (select from emails where correlation_id = c.id and created_at >= $1)
                         and not exists (select from inbound_emails where correlation_id = c.id and received_at >= $1)
                     order by c.closed_at, c.id limit $2",
                    before as Timestamp,
                    MOST,
                )
                .fetch_all(&mut *transaction)
                .await
            }
            Rule::Request => return Ok(Vec::new()),
        };
        found.context("could not look for cases whose time is over")
    }
}

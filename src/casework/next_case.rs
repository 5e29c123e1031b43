//! The case that somebody takes up next: the most urgent one that waits for us and is theirs or nobody's.
//!
//! Assigning is the ordinary action. Two who ask at once get different cases: whoever comes second passes over what the first
//! one holds.

use anyhow::Context as _;

use super::{ActError, Casework};
use crate::case::{
    action::{Action, ActionKind},
    actor::{Actor, StaffId},
    number::CaseNumber,
};

impl Casework {
    /// Gives `staff`, who acts, the next case; `None` where none waits. A draft that waits for its second person is nobody's to
    /// take, and what is contested only for those who may rule on it.
    ///
    /// # Errors
    /// [`ActError`]; nobody has the case then.
    pub async fn take_next(&self, actor: Actor, staff: StaffId) -> Result<Option<CaseNumber>, ActError> {
        let may_rule = actor.may(ActionKind::DismissObjection).is_ok();
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let found = sqlx::query!(
            "select id, number, owner_id from cases
             where state <> 'closed' and urgency < 2 and waiting_for = 'us' and state <> 'awaiting_approval'
                 and (state <> 'contested' or $2) and (owner_id is null or owner_id = $1)
             order by urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number
             limit 1 for update skip locked",
            staff.0,
            may_rule,
        )
        .fetch_optional(&mut *transaction)
        .await
        .context("could not look for the next case")?;
        let Some(found) = found else { return Ok(None) };
        let number = found.number.parse().context("the case number")?;
        if found.owner_id.is_none() {
            let action = Action::Assign { owner: Some(staff) };
            self.act_in(&mut transaction, found.id, actor, &action, None).await?;
        }
        transaction.commit().await.context("could not commit who has a case")?;
        Ok(Some(number))
    }
}

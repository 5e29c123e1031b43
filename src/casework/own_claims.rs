//! Who asks twice: a case of the same mailbox about the same entitlement, before the second one is confirmed.
//!
//! The very mailbox, not a like one: the way into the case that there is goes to whoever has just shown to read it. At some
//! providers addresses that differ by a dot or what follows a plus sign are different people's. And the very name of the
//! entitlement: the register, which knows its other names, is not asked in answer to a customer.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    ActError, Casework,
    letters::{
        LINK_DAYS,
        links::{self, Purpose},
    },
};
use crate::{
    case::{action::Action, actor::Actor, number::CaseNumber},
    token::Token,
};

/// A case that goes on already.
#[derive(Clone, Debug)]
pub struct OwnCase {
    pub id: Uuid,
    pub number: CaseNumber,
}

/// The first open, confirmed case of the same requester's mailbox about one of the entitlements of `case`.
pub async fn find_own_case(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Option<OwnCase>> {
    let row = sqlx::query!(
        "select c.id, c.number from cases c join escalations e on e.case_id = c.id
         join escalations own on own.case_id = $1
         where c.id <> $1 and c.state not in ('unconfirmed', 'closed')
             -- For its requester it is over.
             and c.state_data #>> '{before,place}' is distinct from 'access_confirmed'
             and lower(e.requester_email) = lower(own.requester_email)
             and c.id in (select other.case_id from case_entitlements mine
                 join case_entitlements other using (kind, value) where mine.case_id = $1)
         order by c.number limit 1",
        case
    )
    .fetch_optional(connection)
    .await
    .context("could not look for a case of the same requester")?;
    row.map(|row| Ok(OwnCase { id: row.id, number: row.number.parse().context("the case number")? }))
        .transpose()
}

impl Casework {
    /// The number of the case that [`find_own_case`] finds, for the letter that asks for confirmation.
    pub(super) async fn find_own_number(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
    ) -> anyhow::Result<Option<CaseNumber>> {
        Ok(find_own_case(connection, case).await?.map(|own| own.number))
    }

    /// Withdraws `case`, which at `version` nobody has confirmed, in favour of the one that its requester has already, and
    /// opens a way into that. `None` where that has ended, or this one changed, meanwhile; nothing is done then.
    ///
    /// # Errors
    /// [`ActError`] as `act`.
    pub async fn go_on_with_own_case(&self, case: Uuid, version: i32) -> Result<Option<Token>, ActError> {
        let now = self.app.clock.now();
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let Some(own) = find_own_case(&mut transaction, case).await? else { return Ok(None) };
        match self.act_in(&mut transaction, case, Actor::Requester, &Action::Withdraw, Some(version)).await {
            Ok(_) => {}
            Err(ActError::Stale { .. }) => return Ok(None),
            Err(error) => return Err(error),
        }
        let ends_at = now.after(jiff::SignedDuration::from_hours(LINK_DAYS.saturating_mul(24)));
        let token = links::issue(&mut transaction, own.id, (Purpose::Status, None), now, ends_at).await?;
        transaction.commit().await.context("could not commit the end of a second request")?;
        Ok(Some(token))
    }
}

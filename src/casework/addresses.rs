//! An address that the requester sets right: kept beside the request, which stays as it was sent.
//!
//! Whether it may be, and what falls with the old one, is for `case::decide::address`. Whether the new one is somebody else's is
//! asked under the lock: two corrections at once must not make one mailbox of two people.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    ActError, Acted, Casework,
    letters::links::{self, Purpose},
    load::Loaded,
};
use crate::{
    case::{
        action::Action,
        actor::Actor,
        address::EmailAddress,
        escalation::Addressed,
        text::{Note, Text},
    },
    clock::Timestamp,
};

impl Casework {
    /// The requester gives another address of `whose`.
    ///
    /// # Errors
    /// [`Refusal`](crate::case::refusal::Refusal) where it is somebody else's of the case, or theirs already; [`ActError`] as
    /// `act`.
    pub async fn correct_address(
        &self,
        case: Uuid,
        whose: Addressed,
        address: &EmailAddress,
    ) -> Result<Acted, ActError> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let loaded = self.load_in(&mut transaction, case, true).await?.ok_or(ActError::NotFound)?;
        loaded.escalation.admits(whose, address)?;
        let before = loaded.escalation.address_of(whose).map_or("?", EmailAddress::as_str);
        let change = format!("{before} → {address}");
        // An address may look like a password; that of the case is seen all the same.
        let Ok(text) = Text::parse(&change).or_else(|_| Text::parse("→")) else {
            return Err(ActError::Other(anyhow::anyhow!("an arrow is no text")));
        };
        let action = Action::CorrectAddress { whose, address: address.clone(), note: Note::new(text) };
        let acted = self.act_in(&mut transaction, case, Actor::Requester, &action, None).await?;
        transaction.commit().await.context("could not commit a change of a case")?;
        Ok(acted)
    }
}

/// Whether the requester gave another address of whoever has left. What comes of a link that went to an earlier one is nobody's
/// business there: the last address may be the requester's own.
pub(super) async fn was_departed_corrected(
    connection: &mut PgConnection,
    case: Uuid,
) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from address_corrections where case_id = $1 and whose = 'departed') as "corrected!""#,
        case,
    )
    .fetch_one(connection)
    .await
    .context("could not look up whether an address was set right")
}

/// From here on the case has this address. A link that the old one got as new contact opens nothing any more; an objection is
/// heard from whoever got a notice.
pub(super) async fn correct(
    connection: &mut PgConnection,
    loaded: &mut Loaded,
    whose: Addressed,
    address: &EmailAddress,
    now: Timestamp,
) -> anyhow::Result<()> {
    let case = loaded.case.id;
    sqlx::query!(
        "insert into address_corrections (id, case_id, whose, email, at) values ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        case,
        whose.as_str(),
        address.as_str(),
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not set an address right")?;
    if whose == Addressed::Successor {
        links::end(connection, case, Purpose::Successor, now).await?;
    }
    loaded.escalation.correct(whose, address.clone());
    loaded.case.corrected = loaded.case.corrected.saturating_add(1);
    Ok(())
}

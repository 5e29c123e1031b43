//! The customer's side: what a link opens, and what comes of the form that is sent there.
//!
//! Looking changes nothing. Sending waits for the lock of the row, so that two windows make one case.

use std::{collections::BTreeMap, net::IpAddr};

use anyhow::Context as _;
use sqlx::PgConnection;

use super::lock;
use crate::{
    case::{
        action::Action,
        actor::{Actor, StaffId},
        escalation::Escalation,
        prepared::{Prepared, Standing},
        refusal::Refusal,
    },
    casework::{
        ActError, Casework,
        letters::{
            LINK_DAYS,
            links::{self, Purpose},
        },
        own_claims::find_own_case,
    },
    clock::{Day, Timestamp},
    token::Token,
};

/// What a link opens.
#[derive(Clone, Debug)]
pub struct Found {
    pub standing: Standing,
    /// What staff wrote down, by the names of the form.
    pub fields: BTreeMap<String, String>,
    pub prepared_on: Day,
    pub expires_on: Day,
}

/// What came of sending it.
#[derive(Clone, Debug)]
pub enum Sent {
    /// A case, whose requester is confirmed by the link.
    Confirmed,
    /// A case, whose requester is still to confirm the mailbox.
    ToBeConfirmed {
        /// The way to the page after the form.
        page: Token,
    },
    /// It was sent before, or its time is over.
    Over,
}

impl Casework {
    /// What `token` opens; `None` for one that nobody knows or that came back to us, and where it was forgotten what it opened.
    pub async fn find_prepared(&self, token: &Token) -> anyhow::Result<Option<Found>> {
        let hash = token.hash();
        let row = sqlx::query!(
            r#"select p.prepared_by, p.prepared_at, p.requester_email as "requester_email!", p.fields as "fields!", p.expires_at,
                 p.withdrawn_at is not null as "withdrawn!", p.case_id is not null as "completed!"
             from prepared_letters l join prepared_requests p on p.id = l.prepared_id
             where l.token_hash = $1 and p.erased_at is null
                 and not exists (select from returned_links r where r.token_hash = l.token_hash)"#,
            hash.as_slice(),
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look up what was prepared")?;
        let Some(row) = row else { return Ok(None) };
        let prepared = Prepared {
            by: StaffId(row.prepared_by),
            to: row.requester_email.parse().context("whom something was prepared for")?,
            expires_at: row.expires_at,
            withdrawn: row.withdrawn,
            completed: row.completed,
            link_came_back: false,
        };
        Ok(Some(Found {
            standing: prepared.standing(self.app.clock.now()),
            fields: serde_json::from_value(row.fields).context("what was prepared")?,
            prepared_on: row.prepared_at.day_in(&self.app.zone),
            expires_on: row.expires_at.day_in(&self.app.zone),
        }))
    }

    /// The customer sends the form behind `token`: one transaction with the case, its trail, and either the confirmation or the
    /// letter that asks for it.
    ///
    /// # Errors
    /// [`ActError::NotFound`] for a link that nobody knows. Nothing has changed then.
    pub async fn complete_prepared(
        &self,
        token: &Token,
        escalation: &Escalation,
        client: IpAddr,
    ) -> Result<Sent, ActError> {
        let now = self.app.clock.now();
        let hash = token.hash();
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let id = sqlx::query_scalar!(
            "select prepared_id from prepared_letters where token_hash = $1",
            hash.as_slice()
        )
        .fetch_optional(&mut *transaction)
        .await
        .context("could not look up what was prepared")?
        .ok_or(ActError::NotFound)?;
        let Some(locked) = lock(&mut transaction, id).await? else { return Ok(Sent::Over) };
        let requester = &escalation.requester.email;
        let prepared =
            Prepared { link_came_back: came_back(&mut transaction, &hash).await?, ..locked.prepared };
        let completed = match prepared.complete(Actor::Requester, requester, now) {
            Ok(completed) => completed,
            Err(Refusal::AlreadyDecided | Refusal::NotNow) => return Ok(Sent::Over),
            Err(refusal) => return Err(refusal.into()),
        };
        let begun = self.begin_case_within(&mut transaction, escalation, Some(&completed), now).await?;
        sqlx::query!(
            "update prepared_requests set case_id = $2, completed_by = $3, completed_at = $4 where id = $1",
            id,
            begun.id,
            hash.as_slice(),
            now as Timestamp,
        )
        .execute(&mut *transaction)
        .await
        .context("could not note what came of what was prepared")?;
        // Whoever has a case about the same is asked first, with the letter to confirm, whether to go on with that.
        let own = find_own_case(&mut transaction, begun.id).await?;
        let sent = if completed.confirms() && own.is_none() {
            // From now on the link leads to the case. The first one to the mailbox of a requester who has confirmed by it.
            let ends_at = now.after(jiff::SignedDuration::from_hours(LINK_DAYS.saturating_mul(24)));
            let purpose = (Purpose::Status, None);
            links::admit(&mut transaction, begun.id, purpose, token, now, ends_at).await?;
            self.act_in(&mut transaction, begun.id, Actor::Requester, &Action::Confirm, None).await?;
            Sent::Confirmed
        } else {
            let page = Token::random();
            self.ask_to_confirm(&mut transaction, &begun, escalation, (client, Some(&page)), now).await?;
            Sent::ToBeConfirmed { page }
        };
        transaction.commit().await.context("could not commit a new case")?;
        Ok(sent)
    }
}

async fn came_back(connection: &mut PgConnection, hash: &[u8]) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(select from returned_links where token_hash = $1) as "came_back!""#,
        hash,
    )
    .fetch_one(connection)
    .await
    .context("could not look whether a link came back")
}

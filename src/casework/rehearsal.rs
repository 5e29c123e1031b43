//! What a step would send, without taking it: the step is done in a transaction that is given up, and the letters it wrote are
//! read first. So what staff see is what would go out, and not a second way of writing it.
//!
//! Changes nothing. Links in these letters lead nowhere: they were never kept.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{ActError, Casework};
use crate::{
    case::{action::Action, actor::Actor, state::State},
    mail::outgoing::outbox::{self, Written},
};

/// A step that can be rehearsed.
#[derive(Clone, Copy, Debug)]
pub enum Rehearsed<'a> {
    Act(&'a Action),
    /// To ask this contact on record to vouch.
    RequestVouch {
        contact: Uuid,
    },
}

/// What it would lead to.
#[derive(Debug)]
pub struct Rehearsal {
    /// To the customer's side, in the order in which they were written.
    pub letters: Vec<Written>,
    pub state: State,
}

impl Casework {
    /// # Errors
    /// [`ActError`] as the step itself.
    pub async fn rehearse(
        &self,
        case: Uuid,
        actor: Actor,
        step: Rehearsed<'_>,
        expected: Option<i32>,
    ) -> Result<Rehearsal, ActError> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let rehearsal = self.rehearse_in(&mut transaction, case, actor, step, expected).await;
        transaction.rollback().await.context("could not give a rehearsal up")?;
        rehearsal
    }

    async fn rehearse_in(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        actor: Actor,
        step: Rehearsed<'_>,
        expected: Option<i32>,
    ) -> Result<Rehearsal, ActError> {
        self.lock(connection, case).await?;
        let before = outbox::list_ids(connection, case).await?;
        let acted = match step {
            Rehearsed::Act(action) => self.act_in(connection, case, actor, action, expected).await?,
            Rehearsed::RequestVouch { contact } => {
                self.request_vouch_in(connection, case, actor, contact, expected).await?
            }
        };
        let letters = outbox::list_written(connection, case, &before).await?;
        Ok(Rehearsal { letters, state: acted.state })
    }
}

//! One action on one case: the whole of it in one transaction, in one function.

use anyhow::Context as _;
use opentelemetry::trace::SpanKind;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    ActError, Acted, Casework, changed_contacts, claims, load::Loaded, told_staff, trail, waits, webhooks,
};
use crate::{
    calls::{self, Topic},
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        event::Event,
        outcome::Transition,
        reference::Reference,
        state::{Place, State},
    },
    clock::{Day, Timestamp},
    panics::caught,
    telemetry::Doing,
};

impl Casework {
    /// `actor` does `action`. With `expected`, only if the case is still at that version.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed then.
    pub async fn act(
        &self,
        case: Uuid,
        actor: Actor,
        action: &Action,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        traced("transaction", async {
            let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
            let acted = self.act_in(&mut transaction, case, actor, action, expected).await?;
            transaction.commit().await.context("could not commit a change of a case")?;
            Ok(acted)
        })
        .await
    }

    /// As [`Casework::act`], for what happens by itself: a panic is an error like any other, so that the one case is put off.
    pub(super) async fn act_by_itself(&self, case: Uuid, action: &Action) -> Result<Acted, ActError> {
        let acted = caught(self.act(case, Actor::System, action, None)).await;
        acted.unwrap_or_else(|panicked| Err(ActError::Other(panicked.into())))
    }

    /// As [`Casework::act`], inside the caller's transaction, which must be given up after an error.
    pub async fn act_in(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        actor: Actor,
        action: &Action,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let doing = Doing::part("act", SpanKind::Internal);
        doing.say("handover.action", ActionKind::from(action).as_str());
        doing.say("handover.actor", actor.as_str());
        let acting = async {
            if claims::may_contest(action) {
                self.claim(connection, case, actor, action, expected).await
            } else {
                self.act_alone(connection, case, actor, action, expected).await
            }
        };
        let acted = doing.during(acting).await;
        conclude(&doing, &acted);
        acted
    }

    /// As [`Casework::act_in`], about this one case only.
    pub(super) async fn act_alone(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        actor: Actor,
        action: &Action,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let loaded = self.load_in(connection, case, true).await?.ok_or(ActError::NotFound)?;
        self.act_loaded(connection, loaded, actor, action, expected).await
    }

    /// As [`Casework::act_alone`], for who has loaded the case under its lock.
    pub(super) async fn act_loaded(
        &self,
        connection: &mut PgConnection,
        loaded: Loaded,
        actor: Actor,
        action: &Action,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        if expected.is_some_and(|version| version != loaded.version) {
            return Err(ActError::Stale { current: loaded.version });
        }
        if let Action::CorrectFacts { corrections, .. } = action {
            corrections.fit(&loaded.escalation)?;
        }
        let now = self.app.clock.now();
        let transition = loaded.case.decide(actor, action, now)?;
        Ok(self.record(connection, loaded, actor, &transition, now).await?)
    }

    /// Row, event and effects of a transition. The effects come first: the database judges an approval by the state
    /// in which it was given. The event comes after all that it rests on.
    async fn record(
        &self,
        connection: &mut PgConnection,
        mut loaded: Loaded,
        actor: Actor,
        transition: &Transition,
        now: Timestamp,
    ) -> anyhow::Result<Acted> {
        let before = loaded.case.state.clone();
        for effect in &transition.effects {
            self.carry_out(connection, &mut loaded, actor, effect, transition, now).await?;
        }
        loaded.case.news = loaded.case.news_after(actor, transition, now);
        loaded.case.state = transition.next.clone();
        loaded.version = loaded.version.saturating_add(1);
        let waiting_for = loaded.case.waiting_for(now);
        // The clock of a wait starts anew only when the wait is a new one.
        let reminded = transition.event == Event::Reminded;
        // Whose word is still missing has as long again.
        let asked = match transition.event {
            Event::CustomerAsked { .. } => true,
            Event::AccessReported => transition.next.place() == Place::AwaitingConfirmation,
            _ => false,
        };
        let is_new = asked || (before.place(), loaded.waiting_for) != (transition.next.place(), waiting_for);
        if is_new {
            loaded.due_at = loaded.case.due_at(now);
            if !asked && before.place() == transition.next.place() {
                let wait = waits::Wait { party: waiting_for, ..wait_of(&loaded) };
                if let Some(left) = waits::go_on(connection, &loaded.case.rules.calendar, wait).await? {
                    loaded.due_at = Some(loaded.case.rules.calendar.add_time(now, left));
                }
            }
            loaded.waiting_since = now;
            loaded.case.reminded = 0;
        } else if reminded {
            loaded.due_at = loaded.case.due_at(now);
            loaded.case.reminded = loaded.case.reminded.saturating_add(1);
        }
        loaded.waiting_for = waiting_for;
        let weighed = transition.event == Event::Reconsidered;
        store(connection, &loaded, weighed, now).await?;
        changed_contacts::keep(connection, &loaded, &before, now).await?;
        if is_new {
            waits::turn(connection, wait_of(&loaded), now).await?;
        }
        // Last of what decides: the line rests on all of it.
        let event = (&transition.event, &before);
        trail::append(connection, &mut loaded, (actor, self.via), event, now).await?;
        told_staff::keep(connection, &loaded, (actor, &before), transition, now).await?;
        webhooks::tell(&self.app, connection, &loaded, &before, &transition.event, now).await?;
        calls::call(connection, Topic::Case).await?;
        Ok(Acted { number: loaded.case.number, version: loaded.version, state: loaded.case.state })
    }
}

/// `work` as a part of what is under way.
pub(super) async fn traced<T>(
    name: &'static str,
    work: impl Future<Output = Result<T, ActError>>,
) -> Result<T, ActError> {
    let doing = Doing::part(name, SpanKind::Internal);
    let done = doing.during(work).await;
    conclude(&doing, &done);
    done
}

/// A refusal is an answer like another; only what nobody meant to happen is a failure.
fn conclude<T>(doing: &Doing, done: &Result<T, ActError>) {
    let outcome = match done {
        Ok(_) => "done",
        Err(ActError::NotFound) => "not_found",
        Err(ActError::Refused(_)) => "refused",
        Err(ActError::Stale { .. }) => "stale",
        Err(ActError::Other(_)) => "failed",
    };
    doing.say("handover.outcome", outcome);
    if matches!(done, Err(ActError::Other(_))) {
        doing.fail();
    }
    doing.end();
}

fn wait_of(loaded: &Loaded) -> waits::Wait {
    waits::Wait {
        case: loaded.case.id,
        version: loaded.version,
        party: loaded.waiting_for,
        place: loaded.case.state.place(),
        due_at: loaded.due_at,
    }
}

async fn store(
    connection: &mut PgConnection,
    loaded: &Loaded,
    weighed: bool,
    now: Timestamp,
) -> anyhow::Result<()> {
    let case = &loaded.case;
    let outcome: Option<&'static str> = match case.state {
        State::Closed { outcome } => Some(outcome.into()),
        _ => None,
    };
    let waiting_for: &str = loaded.waiting_for.into();
    sqlx::query!(
        "update cases set version = $2, state = $3, state_data = $4, waiting_for = $5, outcome = $6, owner_id = $7,
             due_at = $8, renews_on = $9, confirmed_at = $10, delivered_at = $11, changed_at = $12, atlassian_ticket = $13,
             news_since = $16, news_needs_us = $17, waiting_since = $18, reminded = $19, reference = $20,
             -- What is due already was made so by another policy or an expiry, and waits for its own decision.
             weigh_at = case when weigh_at <= $12 and not $15 then weigh_at else $14 end
         where id = $1",
        case.id,
        loaded.version,
        case.state.place().as_str(),
        serde_json::to_value(&case.state)?,
        waiting_for,
        outcome,
        loaded.owner.map(|owner| owner.0),
        loaded.due_at as Option<Timestamp>,
        loaded.renews_on as Option<Day>,
        case.confirmed_at as Option<Timestamp>,
        case.delivered_at as Option<Timestamp>,
        now as Timestamp,
        loaded.ticket.as_ref().map(|key| key.as_str()),
        case.weigh_at(now) as Option<Timestamp>,
        weighed,
        case.news.map(|news| news.since) as Option<Timestamp>,
        case.news.is_some_and(|news| news.needs_us),
        loaded.waiting_since as Timestamp,
        i16::try_from(case.reminded).unwrap_or(i16::MAX),
        loaded.reference.as_ref().map(Reference::as_str),
    )
    .execute(connection)
    .await
    .context("could not store a change of a case")?;
    Ok(())
}

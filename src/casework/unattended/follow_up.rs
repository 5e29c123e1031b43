//! Following up with Atlassian: when it is time, and the text that the editor begins with. Who writes, approves and sends
//! it is as with the first request.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    app::Step,
    case::{action::Action, state::State},
    casework::{ActError, Casework, load::Loaded},
    clock::{Day, Timestamp},
};

/// Why Atlassian is written to again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::casework) enum Occasion {
    /// It has not answered.
    Silence,
    /// It has asked something.
    Question,
    /// It says that it is done, and the customer has no access.
    NoAccess,
}

/// What was written to Atlassian before, for the text of another message.
#[derive(Clone, Debug, Serialize)]
pub(in crate::casework) struct Before {
    pub occasion: Occasion,
    pub first_on: Day,
    /// Of the last message, where it is not the first.
    pub last_on: Option<Day>,
    /// The subject of the first, which all share.
    pub subject: String,
    pub ticket: Option<String>,
}

impl Casework {
    /// Makes the next case ours in which Atlassian has not answered in time.
    pub async fn follow_up_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        let due = sqlx::query_scalar!(
            "select id from cases where state = 'with_atlassian' and waiting_for = 'atlassian' and due_at <= $1
             order by due_at limit 1",
            now as Timestamp
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for cases that Atlassian has not answered")?;
        let Some(case) = due else { return Ok(Step::Idle) };
        let asked = count_unanswered(&self.app.pool, case).await?;
        match self.act_by_itself(case, &Action::NoteSilence { asked }).await {
            Ok(_) => {}
            Err(error) => {
                if !matches!(error, ActError::Refused(_)) {
                    let error = anyhow::Error::from(error);
                    tracing::error!(%case, error = format!("{error:#}"), "could not note that Atlassian is silent");
                }
                self.put_off(case, now).await?;
            }
        }
        Ok(Step::Did)
    }

    /// So that a case of which this can't be noted now holds up no other. One that has moved on is left alone.
    async fn put_off(&self, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
        let later = now.after(jiff::SignedDuration::from_hours(1));
        sqlx::query!(
            "update cases set due_at = $2
             where id = $1 and state = 'with_atlassian' and waiting_for = 'atlassian' and due_at <= $3",
            case,
            later as Timestamp,
            now as Timestamp,
        )
        .execute(&self.app.pool)
        .await
        .context("could not put a follow-up off")?;
        Ok(())
    }

    /// What was written before; `None` while nothing has reached Atlassian.
    pub(in crate::casework) fn before(&self, loaded: &Loaded, sent: Option<&SentBefore>) -> Option<Before> {
        let sent = sent?;
        let occasion = match (&loaded.case.state, sent.answer.as_deref()) {
            (State::WithAtlassian { no_access: true, .. }, _) => Occasion::NoAccess,
            (_, None) => Occasion::Silence,
            (_, Some("question")) => Occasion::Question,
            (_, Some(_)) => Occasion::NoAccess,
        };
        let day = |at: Timestamp| at.day_in(&self.app.zone);
        Some(Before {
            occasion,
            first_on: day(sent.first_at),
            last_on: Some(day(sent.last_at)).filter(|last| *last != day(sent.first_at)),
            subject: sent.subject.clone(),
            ticket: loaded.ticket.as_ref().map(ToString::to_string),
        })
    }
}

/// Messages that Atlassian has got since it last answered.
async fn count_unanswered(pool: &PgPool, case: Uuid) -> anyhow::Result<u32> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from case_events
         where case_id = $1 and kind = 'delivered' and seq > coalesce(
             (select max(seq) from case_events where case_id = $1 and kind = 'atlassian_answered'), 0)"#,
        case
    )
    .fetch_one(pool)
    .await
    .context("could not count the messages that were not answered")?;
    u32::try_from(count).context("too many messages")
}

/// What has reached Atlassian of a case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SentBefore {
    first_at: Timestamp,
    last_at: Timestamp,
    subject: String,
    /// What Atlassian answered to the last message.
    answer: Option<String>,
}

pub(in crate::casework) async fn find_sent(
    connection: &mut PgConnection,
    case: Uuid,
) -> anyhow::Result<Option<SentBefore>> {
    sqlx::query_as!(
        SentBefore,
        r#"select first.settled_at as "first_at!", first.subject,
             (select max(settled_at) from emails where correlation_id = $1 and audience = 'atlassian' and state = 'sent')
                 as "last_at!",
             (select data ->> 'answer' from case_events where case_id = $1 and kind = 'atlassian_answered' and seq > (
                 select max(seq) from case_events where case_id = $1 and kind = 'delivered') order by seq desc limit 1)
                 as answer
         from emails first
         where first.correlation_id = $1 and first.audience = 'atlassian' and first.state = 'sent'
         order by first.settled_at, first.id limit 1"#,
        case
    )
    .fetch_optional(connection)
    .await
    .context("could not look up what was written to Atlassian")
}

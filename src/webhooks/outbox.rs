//! Messages to endpoints, frozen in the transaction of the change that they tell of. Sends nothing: `deliver` does.
//!
//! The bytes are all that ever goes out: number, what happened, state and a link to the desk, behind which one must sign in; and
//! people only to endpoints that an administrator chose them for.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::kind::EventKind;
use crate::{
    calls::{self, Topic},
    clock::Timestamp,
};

/// What is told of a case.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    pub case: Uuid,
    pub number: &'a str,
    /// The trail's word for what happened.
    pub happened: &'a str,
    pub state: &'a str,
    /// To the case at the desk.
    pub link: &'a str,
    pub people: People<'a>,
}

/// Only for endpoints that get personal data.
#[derive(Clone, Debug, Serialize)]
pub struct People<'a> {
    pub company: &'a str,
    pub requester_name: &'a str,
    pub requester_email: &'a str,
}

/// In this order on the wire.
#[derive(Debug, Serialize)]
struct Body<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: String,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    link: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<&'a People<'a>>,
}

/// What the header `webhook-id` says: the same in every try and at every endpoint.
pub fn id_on_the_wire(event: Uuid) -> String {
    format!("evt_{}", event.simple())
}

/// Writes what happened, as each of `kinds`, for every endpoint that wants it. One statement, whoever listens.
pub async fn tell(
    connection: &mut PgConnection,
    kinds: &[EventKind],
    told: &Told<'_>,
    now: Timestamp,
) -> anyhow::Result<()> {
    if kinds.is_empty() {
        return Ok(());
    }
    let (mut events, mut words, mut bodies, mut personal) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for kind in kinds {
        let event = Uuid::now_v7();
        let write = |people| {
            let data = Data {
                number: Some(told.number),
                kind: told.happened,
                state: Some(told.state),
                link: told.link,
                people,
            };
            freeze(event, *kind, data, now)
        };
        bodies.push(write(None)?);
        personal.push(write(Some(&told.people))?);
        events.push(event);
        words.push(kind.as_str().to_owned());
    }
    sqlx::query!(
        "insert into webhook_deliveries (endpoint_id, event_id, kind, case_id, body, state, next_attempt_at, created_at)
         select e.id, t.event, t.kind, $1, case when e.personal then t.personal else t.body end, 'queued', $2, $2
         from unnest($3::uuid[], $4::text[], $5::bytea[], $6::bytea[]) with ordinality as t (event, kind, body, personal, place)
         join webhook_endpoints e on e.disabled_at is null and e.gone_at is null and t.kind = any(e.kinds)
         order by t.place, e.id",
        told.case,
        now as Timestamp,
        &events,
        &words,
        &bodies,
        &personal,
    )
    .execute(connection)
    .await
    .context("could not write what endpoints are told")?;
    Ok(())
}

/// Writes a message about no case for one endpoint, also one that is switched off. `None` where there is none.
pub async fn test(
    connection: &mut PgConnection,
    endpoint: Uuid,
    link: &str,
    now: Timestamp,
) -> anyhow::Result<Option<()>> {
    let (event, kind) = (Uuid::now_v7(), EventKind::WebhookTest);
    let body =
        freeze(event, kind, Data { number: None, kind: "test", state: None, link, people: None }, now)?;
    let written = sqlx::query!(
        "insert into webhook_deliveries (endpoint_id, event_id, kind, body, state, next_attempt_at, created_at)
         select id, $2, $3, $4, 'queued', $5, $5 from webhook_endpoints where id = $1",
        endpoint,
        event,
        kind.as_str(),
        body,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not write a test message")?;
    calls::call(connection, Topic::Webhook).await?;
    Ok((written.rows_affected() == 1).then_some(()))
}

/// What was settled goes out once more: the same bytes under the same id, so that whoever has it drops it.
pub async fn repeat(
    connection: &mut PgConnection,
    endpoint: Uuid,
    delivery: i64,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let repeated = sqlx::query!(
        "update webhook_deliveries set state = 'queued', settled_at = null, attempts = 0, next_attempt_at = $3,
             claimed_until = null
         where endpoint_id = $1 and id = $2 and state <> 'queued'",
        endpoint,
        delivery,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not have a message sent again")?;
    calls::call(connection, Topic::Webhook).await?;
    Ok(repeated.rows_affected() == 1)
}

fn freeze(event: Uuid, kind: EventKind, data: Data<'_>, now: Timestamp) -> anyhow::Result<Vec<u8>> {
    let id = id_on_the_wire(event);
    let body = Body { id: &id, kind: kind.on_the_wire(), timestamp: now, data };
    serde_json::to_vec(&body).context("could not write a message")
}

/// A message as its page lists it.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub id: i64,
    pub kind: String,
    /// The number of its case.
    pub number: Option<String>,
    pub state: String,
    pub attempts: i32,
    pub created_at: Timestamp,
    pub last_attempt_at: Option<Timestamp>,
    pub next_attempt_at: Timestamp,
    pub status: Option<i16>,
    pub response: Option<String>,
}

/// So many messages of an endpoint, the latest first, before that one.
pub async fn list(
    connection: &mut PgConnection,
    endpoint: Uuid,
    before: Option<i64>,
    limit: i64,
) -> anyhow::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select d.id, d.kind, c.number as "number?", d.state, d.attempts, d.created_at, d.last_attempt_at, d.next_attempt_at,
             d.status, d.response
         from webhook_deliveries d left join cases c on c.id = d.case_id
         where d.endpoint_id = $1 and d.id < coalesce($2, 9223372036854775807) order by d.id desc limit $3"#,
        endpoint,
        before,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list the messages of an endpoint")
}

/// Messages that wait, by now.
pub async fn count_queued(connection: &mut PgConnection) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (select from webhook_deliveries where state = 'queued'
             order by endpoint_id, next_attempt_at, id limit 10000) queued"#
    )
    .fetch_one(connection)
    .await
    .context("could not count messages that wait")
}

/// Forgets what was sent about a case. What still waits is sent first.
pub async fn forget_case(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<()> {
    sqlx::query!("delete from webhook_deliveries where case_id = $1 and settled_at is not null", case)
        .execute(connection)
        .await
        .context("could not forget the messages about a case")?;
    Ok(())
}

/// Forgets messages that were settled before then: some at a time. How many.
pub async fn forget(connection: &mut PgConnection, before: Timestamp) -> anyhow::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from webhook_deliveries where id in
             (select id from webhook_deliveries where settled_at < $1 order by settled_at limit 500)",
        before as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not forget old messages")?;
    Ok(forgotten.rows_affected())
}

/// Forgets these messages, where they were settled: somebody stands in them who is erased. How many.
pub async fn forget_settled(connection: &mut PgConnection, deliveries: &[i64]) -> anyhow::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from webhook_deliveries d where id = any($1) and state <> 'queued'
             and not exists (select from cases c where c.id = d.case_id and c.state <> 'closed')",
        deliveries,
    )
    .execute(connection)
    .await
    .context("could not forget messages about somebody")?;
    Ok(forgotten.rows_affected())
}

//! A new case from an escalation. The same answer and the same work whether or not the register knows the customer.

mod beginning;

use std::net::IpAddr;

use anyhow::Context as _;
use opentelemetry::trace::SpanKind;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use super::{Casework, numbers, trail, webhooks};
use crate::{
    case::{escalation::Escalation, number::CaseNumber, prepared::Completed},
    clock::Timestamp,
    telemetry::Doing,
    token::Token,
};
use beginning::Beginning;

/// The case that an escalation has.
#[derive(Clone, Debug)]
pub struct Opened {
    pub number: CaseNumber,
    /// `false` when this request had opened it before.
    pub new: bool,
    /// The way to the page after the form.
    pub page: Token,
}

/// A case that waits for its confirmation.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    pub id: Uuid,
    pub number: CaseNumber,
    pub expires_at: Timestamp,
    /// What went to and fro with the requester's mailbox before: nothing, where it has just begun.
    pub conversation: Vec<String>,
}

impl Casework {
    /// Opens a case, once per `request_id`: its number, then one transaction with case, first event and the confirmation letter.
    ///
    /// `client` is where the request comes from. An anonymous form must not bomb a mailbox, nor, once confirmed, use us to
    /// write to others: a letter too many is held back, where staff see it and can send it.
    pub async fn open(
        &self,
        request_id: Uuid,
        escalation: &Escalation,
        client: IpAddr,
    ) -> anyhow::Result<Opened> {
        let doing = Doing::part("open", SpanKind::Internal);
        let opened = doing.during(self.open_traced(request_id, escalation, client)).await;
        if opened.is_err() {
            doing.fail();
        }
        doing.end();
        opened
    }

    async fn open_traced(
        &self,
        request_id: Uuid,
        escalation: &Escalation,
        client: IpAddr,
    ) -> anyhow::Result<Opened> {
        match self.file(request_id, escalation, client).await? {
            Some(opened) => Ok(opened),
            None => self.opened_before(request_id, escalation, client).await,
        }
    }

    /// `None` where this request has a case.
    async fn file(
        &self,
        request_id: Uuid,
        escalation: &Escalation,
        client: IpAddr,
    ) -> anyhow::Result<Option<Opened>> {
        let now = self.app.clock.now();
        let mut connection = self.app.pool.acquire().await?;
        let today = now.day_in(&self.app.zone);
        let Some(number) = numbers::reserve(&mut connection, request_id, today, now).await? else {
            return Ok(None);
        };
        let mut transaction = connection.begin().await.context("could not begin a transaction")?;
        let asked = (request_id, escalation);
        let Some(begun) = self.begin_case(&mut transaction, number, asked, None, now).await? else {
            transaction.rollback().await?;
            return Ok(None);
        };
        let page = Token::random();
        self.ask_to_confirm(&mut transaction, &begun, escalation, (client, Some(&page)), now).await?;
        transaction.commit().await.context("could not commit a new case")?;
        Ok(Some(Opened { number: begun.number, new: true, page }))
    }

    /// A case that nobody has confirmed, with the beginning of its trail. `None` where this request has one.
    /// With `completed`, it began with what staff had prepared, and says so.
    pub(super) async fn begin_case(
        &self,
        connection: &mut PgConnection,
        number: CaseNumber,
        (request_id, escalation): (Uuid, &Escalation),
        completed: Option<&Completed>,
        now: Timestamp,
    ) -> anyhow::Result<Option<Begun>> {
        let days = i64::from(self.rules.deadlines.confirmation_days);
        let expires_at = now.after(jiff::SignedDuration::from_hours(days.saturating_mul(24)));
        let id = Uuid::now_v7();
        let beginning = Beginning { id, number: &number, request_id, expires_at, escalation };
        let Some(written) = beginning.write(connection, now).await? else { return Ok(None) };
        trail::begin(connection, id, completed.map(Completed::line), now).await?;
        if written.is_told {
            webhooks::tell_of_opening(&self.app, connection, (id, &number), escalation, now).await?;
        }
        Ok(Some(Begun { id, number, expires_at, conversation: Vec::new() }))
    }

    /// The same in a transaction that changes more than this: its number is taken there, too, and nobody else gets one until it ends.
    pub(super) async fn begin_case_within(
        &self,
        connection: &mut PgConnection,
        escalation: &Escalation,
        completed: Option<&Completed>,
        now: Timestamp,
    ) -> anyhow::Result<Begun> {
        let number = numbers::take(connection, now.day_in(&self.app.zone)).await?;
        self.begin_case(connection, number, (Uuid::new_v4(), escalation), completed, now)
            .await?
            .context("a fresh request has a case already")
    }

    /// The case that this request opened before. A form that was mended and sent again, with the browser's way back, is
    /// another request under the same id, and opens a case of its own.
    async fn opened_before(
        &self,
        request_id: Uuid,
        escalation: &Escalation,
        client: IpAddr,
    ) -> anyhow::Result<Opened> {
        let case = sqlx::query_scalar!("select id from cases where request_id = $1", request_id)
            .fetch_one(&self.app.pool)
            .await
            .context("could not find the case of an earlier submission")?;
        let loaded = self.load(case).await?.context("the case of an earlier submission is gone")?;
        if loaded.escalation.as_sent() == *escalation {
            // Where its address was mended since, to the case that goes on.
            let mut connection = self.app.pool.acquire().await?;
            let last = find_replacement(&mut connection, case).await?;
            let page = self.open_sent_page(&mut connection, last, self.app.clock.now()).await?;
            return Ok(Opened { number: loaded.case.number, new: false, page });
        }
        Box::pin(self.open(Uuid::new_v4(), escalation, client)).await
    }
}

/// The case that goes on with what `case` asked: itself, where none took its place.
pub(super) async fn find_replacement(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Uuid> {
    let last = sqlx::query_scalar!(
        r#"with recursive chain (id) as (
             select $1::uuid
             union
             select k.replaced_by from confirmations k join chain on k.case_id = chain.id where k.replaced_by is not null
         )
         select id as "id!" from chain
         where not exists (select from confirmations k where k.case_id = chain.id and k.replaced_by is not null)
         limit 1"#,
        case
    )
    .fetch_optional(connection)
    .await
    .context("could not look up what took the place of a request")?;
    Ok(last.unwrap_or(case))
}

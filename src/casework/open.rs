//! A new case from an escalation. The same answer and the same work whether or not the register knows the customer.

use std::net::IpAddr;

use anyhow::Context as _;
use opentelemetry::trace::SpanKind;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Casework,
    letters::{self, links, quota},
    trail,
    waits::{self, Wait},
    webhooks,
};
use crate::{
    calls::{self, Topic},
    case::{
        address::EmailAddress,
        escalation::Escalation,
        number::CaseNumber,
        outcome::Notification,
        prepared::Completed,
        state::{Party, Place, State},
    },
    clock::{Day, Timestamp},
    mail::outgoing::handling,
    telemetry::Doing,
    token::Token,
};

/// The case that an escalation has.
#[derive(Clone, Debug)]
pub struct Opened {
    pub number: CaseNumber,
    /// `false` when this request had opened it before.
    pub new: bool,
    /// The way to the page after the form.
    pub page: Token,
}

/// A case that has just begun.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    pub id: Uuid,
    pub number: CaseNumber,
    pub expires_at: Timestamp,
}

impl Casework {
    /// Opens a case, once per `request_id`: one transaction with case, first event and the confirmation letter.
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
        let now = self.app.clock.now();
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let Some(begun) = self.begin_case(&mut transaction, request_id, escalation, None, now).await? else {
            // The number goes back with the transaction.
            transaction.rollback().await?;
            return self.opened_before(request_id, escalation, client).await;
        };
        self.ask_to_confirm(&mut transaction, &begun, escalation, client, now).await?;
        let page = self.open_sent_page(&mut transaction, begun.id, now).await?;
        transaction.commit().await.context("could not commit a new case")?;
        Ok(Opened { number: begun.number, new: true, page })
    }

    /// A case that nobody has confirmed, with its number and the beginning of its trail. `None` where this request has one.
    /// With `completed`, it began with what staff had prepared, and says so.
    pub(super) async fn begin_case(
        &self,
        connection: &mut PgConnection,
        request_id: Uuid,
        escalation: &Escalation,
        completed: Option<&Completed>,
        now: Timestamp,
    ) -> anyhow::Result<Option<Begun>> {
        let number = next_number(connection, now.day_in(&self.app.zone)).await?;
        let days = i64::from(self.rules.deadlines.confirmation_days);
        let expires_at = now.after(jiff::SignedDuration::from_hours(days.saturating_mul(24)));
        let id = Uuid::now_v7();
        let state = State::Unconfirmed { expires_at };
        if !insert_case(connection, id, &number, request_id, &state, now).await? {
            return Ok(None);
        }
        let (party, place, due_at) = (Party::Customer, Place::Unconfirmed, Some(expires_at));
        waits::begin(connection, Wait { case: id, version: 1, party, place, due_at }, now).await?;
        insert_escalation(connection, id, escalation).await?;
        trail::begin(connection, id, completed.map(Completed::line), now).await?;
        webhooks::tell_of_opening(&self.app, connection, (id, &number), escalation, now).await?;
        calls::call(connection, Topic::Opened).await?;
        Ok(Some(Begun { id, number, expires_at }))
    }

    /// The letter by which the requester confirms the mailbox.
    pub(super) async fn ask_to_confirm(
        &self,
        connection: &mut PgConnection,
        begun: &Begun,
        escalation: &Escalation,
        client: IpAddr,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let Begun { id, number, expires_at } = begun;
        let link = (links::Purpose::Confirmation, None);
        let token = links::issue(connection, *id, link, now, *expires_at).await?;
        let path = links::path(links::Purpose::Confirmation, &token);
        // It goes to that very mailbox: whoever typed the address into the form sees nothing of it.
        let own = self.find_own_number(connection, *id).await?;
        let letter = self
            .letter_view(number, escalation, &path)
            .expiring(expires_at.day_in(&self.app.zone))
            .naming(own)
            .without_typed();
        let to = letters::Recipient::requester(escalation);
        let kind = Notification::ConfirmationRequest;
        let email = self.enqueue_letter(connection, *id, kind, &to, &letter, now).await?;
        let about = (kind, &escalation.requester.email);
        if !quota::take(connection, &self.app, about, quota::Cause::Form(client), now).await? {
            handling::cancel(connection, email, quota::TOO_MANY, now, self.app.clock.for_leases()).await?;
        }
        self.note_asked(connection, *id, *expires_at, now).await
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

async fn next_number(connection: &mut PgConnection, today: Day) -> anyhow::Result<CaseNumber> {
    let running = sqlx::query_scalar!(
        "insert into case_numbers (year, last) values ($1, 1)
         on conflict (year) do update set last = case_numbers.last + 1 returning last",
        i32::from(today.year()),
    )
    .fetch_one(connection)
    .await
    .context("could not take a case number")?;
    Ok(CaseNumber::new(today.year(), u32::try_from(running).context("the case numbers ran out")?))
}

/// `false` where this request has a case already.
async fn insert_case(
    connection: &mut PgConnection,
    id: Uuid,
    number: &CaseNumber,
    request_id: Uuid,
    state: &State,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let State::Unconfirmed { expires_at } = state else { anyhow::bail!("a case begins unconfirmed") };
    let waiting_for: &str = Party::Customer.into();
    let inserted = sqlx::query!(
        "insert into cases (id, number, request_id, version, state, state_data, waiting_for, due_at, opened_at, changed_at,
             waiting_since, event_count, event_hash)
         values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $8, $8, 1, $9)
         on conflict (request_id) do nothing",
        id,
        number.as_str(),
        request_id,
        Place::Unconfirmed.as_str(),
        serde_json::to_value(state)?,
        waiting_for,
        *expires_at as Timestamp,
        now as Timestamp,
        [0_u8; 32].as_slice(),
    )
    .execute(connection)
    .await
    .context("could not insert a case")?;
    Ok(inserted.rows_affected() == 1)
}

async fn insert_escalation(
    connection: &mut PgConnection,
    id: Uuid,
    escalation: &Escalation,
) -> anyhow::Result<()> {
    let hosting: Option<&str> = escalation.hosting.map(Into::into);
    let role: &str = escalation.departed.role.into();
    sqlx::query!(
        "insert into escalations (case_id, language, requester_name, requester_email, requester_phone, requester_position,
             company, customer_number, hosting, departed_name, departed_email, departed_on, contact_role,
             successor_is_requester, successor_name, successor_email, explanation)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        id,
        escalation.language.as_str(),
        escalation.requester.name,
        escalation.requester.email.as_str(),
        escalation.requester.phone,
        escalation.requester.position,
        escalation.company,
        escalation.customer_number,
        hosting,
        escalation.departed.name,
        escalation.departed.email.stated().map(EmailAddress::as_str),
        escalation.departed.on as Option<Day>,
        role,
        escalation.successor.is_requester,
        escalation.successor.name,
        escalation.successor.email.as_str(),
        escalation.explanation.as_str(),
    )
    .execute(&mut *connection)
    .await
    .context("could not insert an escalation")?;
    let (kinds, values): (Vec<String>, Vec<String>) = escalation
        .entitlements
        .iter()
        .map(|entitlement| (entitlement.kind().to_owned(), entitlement.value().to_owned()))
        .unzip();
    sqlx::query!(
        "insert into case_entitlements (case_id, position, kind, value)
         select $1, position::smallint, kind, value
         from unnest($2::text[], $3::text[]) with ordinality as given (kind, value, position)",
        id,
        &kinds,
        &values,
    )
    .execute(connection)
    .await
    .context("could not insert the entitlements of a case")?;
    Ok(())
}

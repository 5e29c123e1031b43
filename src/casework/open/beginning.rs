//! The rows that a case begins with, in one statement; the digests of them are made by triggers, and taken by the first line of the trail.
//!
//! Whatever is added to a case at its opening belongs here, and not in a statement of its own: each costs a way to the database and back,
//! and this is what a crowd of customers does.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    calls::{CHANNEL, Topic},
    case::{
        address::EmailAddress,
        escalation::Escalation,
        number::CaseNumber,
        state::{Party, Place, State},
    },
    clock::{Day, Timestamp},
    webhooks::EventKind,
};

/// A case that nobody has confirmed.
pub(super) struct Beginning<'a> {
    pub id: Uuid,
    pub number: &'a CaseNumber,
    pub request_id: Uuid,
    pub expires_at: Timestamp,
    pub escalation: &'a Escalation,
}

pub(super) struct Written {
    /// There is an endpoint that wants to hear of new cases.
    pub is_told: bool,
}

impl Beginning<'_> {
    /// Writes the case, its first wait and what was asked, ends the reservation of its number, and calls the workers. `None` where the
    /// request has a case already.
    pub(super) async fn write(
        &self,
        connection: &mut PgConnection,
        now: Timestamp,
    ) -> anyhow::Result<Option<Written>> {
        let Self { id, number, request_id, expires_at, escalation } = self;
        let state = State::Unconfirmed { expires_at: *expires_at };
        let party: &str = Party::Customer.into();
        let hosting: Option<&str> = escalation.hosting.map(Into::into);
        let role: &str = escalation.departed.role.into();
        let (kinds, values): (Vec<String>, Vec<String>) = escalation
            .entitlements
            .iter()
            .map(|entitlement| (entitlement.kind().to_owned(), entitlement.value().to_owned()))
            .unzip();
        let written = sqlx::query!(
            r#"with opened as (
                 insert into cases (id, number, request_id, version, state, state_data, waiting_for, due_at, opened_at, changed_at,
                     waiting_since, event_count, event_hash)
                 values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $8, $8, 1, $9)
                 on conflict do nothing returning id
             ), reserved as (
                 delete from reserved_numbers where request_id = $3 and year = substr($2, 4, 4)::integer
             ), waits as (
                 insert into case_waits (case_id, version, party, state, since, due_at) select id, 1, $6, $4, $8, $7 from opened
             ), asked as (
                 insert into escalations (case_id, language, requester_name, requester_email, requester_phone, requester_position,
                     company, customer_number, hosting, departed_name, departed_email, departed_on, contact_role,
                     successor_is_requester, successor_name, successor_email, explanation)
                 select id, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25 from opened
             ), licences as (
                 insert into case_entitlements (case_id, position, kind, value)
                 select id, position::smallint, kind, value
                 from opened, unnest($26::text[], $27::text[]) with ordinality as given (kind, value, position)
             )
             select pg_notify($28, $29) is not null as called, exists (select from webhook_endpoints
                 where disabled_at is null and gone_at is null and $30 = any(kinds)) as "is_told!"
             from opened"#,
            id,
            number.as_str(),
            request_id,
            Place::Unconfirmed.as_str(),
            serde_json::to_value(state)?,
            party,
            *expires_at as Timestamp,
            now as Timestamp,
            [0_u8; 32].as_slice(),
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
            &kinds,
            &values,
            CHANNEL,
            Topic::Opened.as_str(),
            EventKind::CaseOpened.as_str(),
        )
        .fetch_optional(connection)
        .await
        .context("could not write a new case")?;
        Ok(written.map(|row| Written { is_told: row.is_told }))
    }
}

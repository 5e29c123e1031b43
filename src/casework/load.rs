//! Rows → [`Case`]. A row that no code could have written is a named error, never a default.

use std::collections::HashMap;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::Casework;
use crate::{
    case::{
        Case, Hands,
        actor::StaffId,
        check::Check,
        correspondence::TicketKey,
        entitlement::EntitlementNumber,
        escalation::{ContactRole, Departed, DepartedAddress, Escalation, Requester, Successor},
        news::News,
        number::CaseNumber,
        reference::Reference,
        root::Homes,
        second_factor::Shown,
        state::Party,
        text::Text,
    },
    clock::{Day, Timestamp},
    lang::Language,
    token::Sha256Bytes,
};

/// A case with what stands around it.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub case: Case,
    /// Grows with each change.
    pub version: i32,
    pub owner: Option<StaffId>,
    pub escalation: Escalation,
    /// The role that is to change: what the form says, unless staff set it right since. Said here and nowhere else.
    pub asked_role: ContactRole,
    pub waiting_for: Party,
    /// Since when it waits for them, or in this state.
    pub waiting_since: Timestamp,
    pub opened_at: Timestamp,
    pub changed_at: Timestamp,
    pub due_at: Option<Timestamp>,
    pub renews_on: Option<Day>,
    /// Atlassian's own key for the matter, once it is known.
    pub ticket: Option<TicketKey>,
    /// How the reseller's own system calls the case. For staff alone.
    pub reference: Option<Reference>,
    /// What whoever approves it showed beside their password; weighed for an approval alone.
    pub(super) shown: Option<Shown>,
    pub(super) event_count: i32,
    pub(super) event_hash: Sha256Bytes,
}

/// The case with this number.
pub async fn find_by_number(
    connection: &mut PgConnection,
    number: &CaseNumber,
) -> anyhow::Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from cases where number = $1", number.as_str())
        .fetch_optional(connection)
        .await
        .context("could not look up a case number")
}

/// The numbers of cases, by their id.
pub async fn find_numbers(
    connection: &mut PgConnection,
    cases: &[Uuid],
) -> anyhow::Result<HashMap<Uuid, String>> {
    let rows =
        sqlx::query!("select id, number from cases where id = any(array(select unnest($1::uuid[])))", cases)
            .fetch_all(connection)
            .await
            .context("could not look up the numbers of cases")?;
    Ok(rows.into_iter().map(|row| (row.id, row.number)).collect())
}

impl Casework {
    /// The case as it is now, without a lock. One query.
    pub async fn load(&self, case: Uuid) -> anyhow::Result<Option<Loaded>> {
        let mut connection = self.app.pool.acquire().await?;
        self.load_in(&mut connection, case, false).await
    }

    /// As [`Casework::load`], by its number, on the connection that the rest of a page is read on.
    pub async fn load_by_number(
        &self,
        connection: &mut PgConnection,
        number: &CaseNumber,
    ) -> anyhow::Result<Option<Loaded>> {
        let found = list_rows(connection, Wanted::Numbered(number)).await?.pop();
        let loaded = found.map(|row| self.assemble(row)).transpose();
        loaded.with_context(|| format!("the rows of case {number} are not a case"))
    }

    /// Keeps everybody else from changing the case until the transaction ends. For a transaction that also changes an e-mail or a
    /// message: first the case, then those, everywhere, or two of them wait for each other.
    pub async fn lock(&self, connection: &mut PgConnection, case: Uuid) -> anyhow::Result<()> {
        sqlx::query_scalar!("select id from cases where id = $1 for update", case)
            .fetch_optional(connection)
            .await
            .context("could not lock the case")?;
        Ok(())
    }

    /// The case; with `lock`, nobody else can change it until the transaction ends.
    pub(super) async fn load_in(
        &self,
        connection: &mut PgConnection,
        id: Uuid,
        lock: bool,
    ) -> anyhow::Result<Option<Loaded>> {
        if lock {
            self.lock(connection, id).await?;
        }
        let Some(row) = list_rows(connection, Wanted::These(&[id])).await?.pop() else { return Ok(None) };
        let loaded = self.assemble(row);
        loaded.map(Some).with_context(|| format!("the rows of case {id} are not a case"))
    }

    /// Several cases as they are now, without a lock. One query, however many. One that can't be read is missing and takes no
    /// other with it.
    pub async fn load_all(&self, ids: &[Uuid]) -> anyhow::Result<HashMap<Uuid, Loaded>> {
        let mut connection = self.app.pool.acquire().await?;
        self.load_these(&mut connection, ids).await
    }

    /// As [`Casework::load_all`], on the connection that the rest of a page is read on.
    pub(super) async fn load_these(
        &self,
        connection: &mut PgConnection,
        ids: &[Uuid],
    ) -> anyhow::Result<HashMap<Uuid, Loaded>> {
        let rows = list_rows(connection, Wanted::These(ids)).await?;
        let assembled = rows.into_iter().map(|row| (row.id, self.assemble(row)));
        let readable = assembled.filter_map(|(id, loaded)| match loaded {
            Ok(loaded) => Some((id, loaded)),
            Err(error) => {
                tracing::error!(case_id = %id, error = format!("{error:#}"), "the rows of a case are not a case");
                None
            }
        });
        Ok(readable.collect())
    }

    fn assemble(&self, row: Row) -> anyhow::Result<Loaded> {
        let checks = row.checks.0.into_iter().map(CheckRow::restore).collect::<anyhow::Result<Vec<_>>>()?;
        let entitlements = row
            .entitlement_kinds
            .iter()
            .zip(&row.entitlement_values)
            .map(|(kind, value)| {
                EntitlementNumber::restore(kind, value)
                    .with_context(|| format!("{kind} {value:?} is no entitlement"))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let Some(explanation) = Text::restore(&row.explanation) else {
            bail!("the explanation is not a text")
        };
        let escalation = Escalation {
            language: Language::parse(&row.language).context("unknown language")?,
            requester: Requester {
                name: row.requester_name,
                email: row.requester_email.parse().context("the requester's address")?,
                phone: row.requester_phone,
                position: row.requester_position,
            },
            company: row.company,
            customer_number: row.customer_number,
            hosting: row.hosting.map(|word| word.parse().context("unknown hosting")).transpose()?,
            entitlements,
            departed: Departed {
                name: row.departed_name,
                email: departed_address(row.departed_email, row.found_address)?,
                on: row.departed_on,
                role: row.contact_role.parse().context("unknown contact role")?,
            },
            successor: Successor {
                name: row.successor_name,
                email: row.successor_email.parse().context("the successor's address")?,
                is_requester: row.successor_is_requester,
            },
            explanation,
        };
        let case = Case {
            id: row.id,
            number: row.number.parse().context("the case number")?,
            state: serde_json::from_value(row.state_data).context("unknown state")?,
            checks,
            hands: Hands {
                authors: row.authors.into_iter().map(StaffId).collect(),
                deciders: row.deciders.into_iter().map(StaffId).collect(),
            },
            successor_is_requester: escalation.successor.is_requester,
            homes: Homes::of(&escalation, &self.rules.shared_domains),
            confirmed_at: row.confirmed_at,
            delivered_at: row.delivered_at,
            reminded: u32::try_from(row.reminded).unwrap_or_default(),
            told_us: u32::try_from(row.told_us).unwrap_or(u32::MAX),
            corrected: u32::try_from(row.corrected).unwrap_or(u32::MAX),
            news: row.news_since.map(|since| News { since, needs_us: row.news_needs_us }),
            erased: row
                .erased
                .map(|scope| scope.parse().context("unknown scope of an erasure"))
                .transpose()?,
            held: row.held,
            rules: self.rules.clone(),
        };
        Ok(Loaded {
            case,
            version: row.version,
            owner: row.owner_id.map(StaffId),
            escalation,
            asked_role: row.asked_role.parse().context("unknown contact role")?,
            waiting_for: row.waiting_for.parse().context("unknown party")?,
            waiting_since: row.waiting_since,
            opened_at: row.opened_at,
            changed_at: row.changed_at,
            due_at: row.due_at,
            renews_on: row.renews_on,
            ticket: row.atlassian_ticket.map(|key| key.parse().context("the ticket key")).transpose()?,
            reference: row.reference.map(|text| text.parse().context("the reference")).transpose()?,
            shown: None,
            event_count: row.event_count,
            event_hash: row.event_hash.try_into().ok().context("the trail's hash is not 32 bytes")?,
        })
    }
}

/// What staff found out never stands in the place of what the customer said.
fn departed_address(stated: Option<String>, found: Option<String>) -> anyhow::Result<DepartedAddress> {
    let parse = |address: String| address.parse().context("the departed contact's address");
    Ok(match (stated, found) {
        (Some(stated), _) => DepartedAddress::Stated(parse(stated)?),
        (None, Some(found)) => DepartedAddress::FoundOut(parse(found)?),
        (None, None) => DepartedAddress::Unknown,
    })
}

struct Row {
    id: Uuid,
    number: String,
    version: i32,
    state_data: serde_json::Value,
    waiting_for: String,
    waiting_since: Timestamp,
    owner_id: Option<Uuid>,
    due_at: Option<Timestamp>,
    renews_on: Option<Day>,
    atlassian_ticket: Option<String>,
    reference: Option<String>,
    opened_at: Timestamp,
    confirmed_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    changed_at: Timestamp,
    news_since: Option<Timestamp>,
    news_needs_us: bool,
    reminded: i16,
    event_count: i32,
    event_hash: Vec<u8>,
    erased: Option<String>,
    held: bool,
    language: String,
    requester_name: String,
    requester_email: String,
    requester_phone: Option<String>,
    requester_position: Option<String>,
    company: String,
    customer_number: Option<String>,
    hosting: Option<String>,
    departed_name: String,
    departed_email: Option<String>,
    /// What staff found out where the form has none.
    found_address: Option<String>,
    departed_on: Option<Day>,
    contact_role: String,
    asked_role: String,
    successor_is_requester: bool,
    successor_name: String,
    successor_email: String,
    explanation: String,
    corrected: i64,
    told_us: i64,
    authors: Vec<Uuid>,
    deciders: Vec<Uuid>,
    entitlement_kinds: Vec<String>,
    entitlement_values: Vec<String>,
    checks: Json<Vec<CheckRow>>,
}

/// A check as it is stored.
#[derive(Debug, Deserialize)]
struct CheckRow {
    case_id: Uuid,
    kind: String,
    verdict: String,
    evidence: serde_json::Value,
    decided_by: Option<Uuid>,
    decided_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
}

impl CheckRow {
    fn restore(self) -> anyhow::Result<Check> {
        Ok(Check {
            kind: self.kind.parse().with_context(|| format!("there is no check {:?}", self.kind))?,
            verdict: self
                .verdict
                .parse()
                .with_context(|| format!("there is no verdict {:?}", self.verdict))?,
            evidence: serde_json::from_value(self.evidence).context("the evidence of a check")?,
            decided_by: self.decided_by.map(StaffId),
            decided_at: self.decided_at,
            expires_at: self.expires_at,
            due_at: self.due_at,
        })
    }
}

/// Which cases are read.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    These(&'a [Uuid]),
    Numbered(&'a CaseNumber),
}

/// What is asked for comes out of a subquery, so that one plan holds for one case and for many, and is kept.
async fn list_rows(connection: &mut PgConnection, wanted: Wanted<'_>) -> anyhow::Result<Vec<Row>> {
    let (ids, number) = match wanted {
        Wanted::These(ids) => (Some(ids), None),
        Wanted::Numbered(number) => (None, Some(number.as_str())),
    };
    sqlx::query_as!(
        Row,
        r#"select c.id, c.number, c.version, c.state_data, c.waiting_for, c.waiting_since, c.owner_id, c.due_at, c.renews_on,
             c.atlassian_ticket, c.reference, c.opened_at,
             c.confirmed_at, c.delivered_at, c.changed_at, c.news_since, c.news_needs_us, c.reminded, c.event_count, c.event_hash, c.erased,
             -- By the trail, whose last word on it counts.
             is_held(c.id) as "held!",
             e.language, e.requester_name, e.requester_email, e.requester_phone, e.requester_position, e.company,
             e.customer_number, e.hosting, e.departed_name, e.departed_on, e.contact_role,
             coalesce((select value from corrections where case_id = c.id and what = 'departed_role'
                 order by at desc, id desc limit 1), e.contact_role) as "asked_role!",
             (select value from corrections where case_id = c.id and what = 'departed_email'
                 order by at desc, id desc limit 1) as found_address,
             e.successor_is_requester, e.successor_name, e.explanation,
             coalesce((select email from address_corrections where case_id = c.id and whose = 'departed'
                 order by at desc, id desc limit 1), e.departed_email) as "departed_email?",
             coalesce((select email from address_corrections where case_id = c.id and whose = 'successor'
                 order by at desc, id desc limit 1), e.successor_email) as "successor_email!",
             (select count(*) from address_corrections where case_id = c.id) as "corrected!",
             (select count(*) from case_events where case_id = c.id and kind = 'customer_told') as "told_us!",
             array(select distinct author_id from drafts where case_id = c.id) as "authors!",
             array(select distinct staff_id from case_events where case_id = c.id and staff_id is not null
                 and kind in ('called', 'check_decided', 'check_waived', 'objection_dismissed', 'facts_corrected', 'prepared')) as "deciders!",
             array(select kind from case_entitlements where case_id = c.id order by position) as "entitlement_kinds!",
             array(select value from case_entitlements where case_id = c.id order by position) as "entitlement_values!",
             coalesce((select json_agg(k order by k.kind) from checks k where k.case_id = c.id), '[]')
                 as "checks!: Json<Vec<CheckRow>>"
         from cases c join escalations e on e.case_id = c.id
         where c.id = any(array(select unnest($1::uuid[]) union all select id from cases where number = $2))"#,
        ids as Option<&[Uuid]>,
        number,
    )
    .fetch_all(connection)
    .await
    .context("could not load a case")
}

/// The checks by their case, each case's in the order of their names.
pub(super) async fn list_checks(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> anyhow::Result<HashMap<Uuid, Vec<Check>>> {
    let rows = sqlx::query_as!(
        CheckRow,
        "select case_id, kind, verdict, evidence, decided_by, decided_at, expires_at, due_at from checks
         where case_id = any(array(select unnest($1::uuid[]))) order by kind",
        ids
    )
    .fetch_all(connection)
    .await
    .context("could not load the checks of a case")?;
    let mut found: HashMap<Uuid, Vec<Check>> = HashMap::new();
    for row in rows {
        found.entry(row.case_id).or_default().push(row.restore()?);
    }
    Ok(found)
}

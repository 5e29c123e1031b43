//! Gathers what the signals of a case are made from. One query, however much there is; what the register has under the licences is
//! known by then.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};

use super::{
    find::Facts,
    signal::{Change, ContactChange, DomainChange, Named, OtherCase},
};
use crate::{
    app::App,
    case::{
        address::EmailAddress, check::CheckKind, escalation::Escalation, facts::Difference, state::Place,
    },
    casework::{ChangeRow, ContactChangeRow, Licences, Loaded},
    clock::Timestamp,
    dns::MailServers,
    message::Said,
    public_mail::PublicMail,
};

/// More of a kind than this are not listed.
pub(super) const MOST: i64 = 20;

/// So many days ago.
pub(super) fn since(app: &App, days: u32) -> Timestamp {
    app.clock.now().after(-jiff::SignedDuration::from_hours(i64::from(days).saturating_mul(24)))
}

pub async fn gather<'a>(
    connection: &mut PgConnection,
    loaded: &'a Loaded,
    (licences, domains_on_record, differences): (&Licences, Vec<String>, &'a [Difference]),
    app: &App,
) -> anyhow::Result<Facts<'a>> {
    let (settings, now) = (&app.settings.signals, app.clock.now());
    let elsewhere = Elsewhere::read(connection, loaded, since(app, settings.domain_change_days)).await?;
    let reports = DomainReports::of(elsewhere.names, app)?;
    Ok(Facts {
        escalation: &loaded.escalation,
        is_known: elsewhere.is_known,
        rejected: elsewhere
            .rejected
            .into_iter()
            .map(|number| OtherCase { number, state: Place::Closed })
            .collect(),
        open: elsewhere
            .open
            .into_iter()
            .map(|row| other_case(row.number, &row.state))
            .collect::<anyhow::Result<_>>()?,
        contact_changes: licences
            .contact_changes
            .iter()
            .map(contact_change)
            .collect::<anyhow::Result<_>>()?,
        changes: licences.changes.iter().map(change).collect::<anyhow::Result<_>>()?,
        mail_servers: reports.mail_servers,
        domain_changes: reports.changes,
        domains_on_record,
        shared: &loaded.case.rules.shared_domains,
        differences,
        says_left: elsewhere.said.and_then(|word| Said::parse(&word)).map(|said| said == Said::Left),
        notice: loaded.case.check(CheckKind::DepartedNotice).map(|check| &check.evidence),
        renews_on: loaded.renews_on,
        today: now.day_in(&app.zone),
        renewal_days: settings.renewal_days,
    })
}

fn other_case(number: String, state: &str) -> anyhow::Result<OtherCase> {
    Ok(OtherCase { number, state: state.parse().context("a case in an unknown state")? })
}

fn contact_change(row: &ContactChangeRow) -> anyhow::Result<ContactChange> {
    let named = match (row.new, row.old) {
        (true, _) => Named::New,
        (_, true) => Named::Old,
        _ => Named::Other,
    };
    Ok(ContactChange { case: other_case(row.number.clone(), &row.state)?, named })
}

fn change(row: &ChangeRow) -> anyhow::Result<Change> {
    let what = row.what.parse().context("an unknown change")?;
    Ok(Change { what, entitlement: row.entitlement.clone(), at: row.at })
}

/// What is known outside the case and its licences.
struct Elsewhere {
    /// Somebody wrote from the requester's domain before, or has it on record. Where the provider is public, only the very
    /// mailbox says anything.
    is_known: bool,
    /// The numbers of earlier cases from there that were rejected.
    rejected: Vec<String>,
    /// Confirmed open cases about the same entitlements, or about others of the same customer.
    open: Vec<OtherRow>,
    /// Whether the domains of the request take mail, and what became of those above them since then.
    names: Vec<NameRow>,
    /// As [`crate::mail::incoming::inbound::find_said`] finds it.
    said: Option<String>,
}

#[derive(Debug, Deserialize)]
struct OtherRow {
    number: String,
    state: String,
}

#[derive(Debug, Deserialize)]
struct NameRow {
    domain: String,
    answer: Option<String>,
    what: Option<String>,
    at: Option<Timestamp>,
}

impl Elsewhere {
    async fn read(connection: &mut PgConnection, loaded: &Loaded, since: Timestamp) -> anyhow::Result<Self> {
        let Escalation { requester, successor, departed, .. } = &loaded.escalation;
        let shared = &loaded.case.rules.shared_domains;
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<String>>();
        let own = Some(requester.email.domain()).filter(|domain| PublicMail::of(domain).is_none());
        // Read from its end, a domain begins as those below it do: all that lies between "." and "/", the next character,
        // which finds them in an index whatever the plan (a pattern does not).
        let reversed = own
            .and_then(|domain| shared.controlled(domain))
            .map(|domain| domain.chars().rev().collect::<String>());
        let departed = departed.email.known().map(EmailAddress::domain);
        let people: Vec<&str> =
            [requester.email.domain(), successor.email.domain()].into_iter().chain(departed).collect();
        // What comes out of a subquery is not weighed by its value or length, so that one plan holds for all and is kept.
        let row = sqlx::query!(
            r#"with earlier as (
                 select c.number, c.outcome from cases c
                 where c.id <> $1 and c.confirmed_at is not null and c.opened_at <= (select $2::timestamptz) and c.id = any(array(
                     -- One beside the other, each along its index: `or` would read all requests there ever were.
                     select case_id from escalations where reverse(split_part(requester_email, '@', 2)) = (select $3::text)
                     union all
                     select case_id from escalations where reverse(split_part(requester_email, '@', 2)) ~>=~ (select $3 || '.')
                         and reverse(split_part(requester_email, '@', 2)) ~<~ (select $3 || '/')
                     union all
                     select case_id from escalations where (select $3) is null and lower(requester_email) = lower($4)))),
               asked as (select value from case_entitlements where case_id = $1)
               select (select count(*) from earlier) > 0
                     or exists (select from customer_domains where domain = any(array(select unnest($5::text[]))))
                     -- By themselves, each is found in the index also where the plan knows no value.
                     or exists (select from contacts k where reverse(lower(split_part(k.email, '@', 2))) = (select $3))
                     or exists (select from contacts k where reverse(lower(split_part(k.email, '@', 2))) ~>=~ (select $3 || '.')
                         and reverse(lower(split_part(k.email, '@', 2))) ~<~ (select $3 || '/')) as "is_known!",
                 array(select number from earlier where outcome = 'rejected' order by number desc limit $6) as "rejected!",
                 (select coalesce(json_agg(o order by o.number), '[]') from (
                     select c.number, c.state from cases c
                     where c.id <> $1 and c.state <> 'closed' and c.confirmed_at is not null and c.id = any(array(
                         select case_id from case_entitlements where value = any(array(
                             select value from asked
                             union all
                             select v.value from entitlements theirs
                             cross join lateral (values (theirs.sen), (theirs.entitlement_number), (theirs.site)) as v (value)
                             where v.value is not null and theirs.customer_id = any(array(
                                 select mine.customer_id from entitlements mine
                                 where mine.sen = any(array(select value from asked))
                                     or mine.entitlement_number = any(array(select value from asked))
                                     or mine.site = any(array(select value from asked))))))))
                     order by c.number limit $6) o) as "open!: Json<Vec<OtherRow>>",
                 (select coalesce(json_agg(n order by n.at desc nulls last, n.domain, n.what), '[]') from (
                     select domain, answer, null as what, null::timestamptz as at
                     from mail_servers where domain = any(array(select unnest($7::text[]))) and answer is not null
                     union all
                     select domain, null, what, at
                     from domain_changes where domain = any(array(select unnest($8::text[]))) and at >= (select $9::timestamptz)) n)
                     as "names!: Json<Vec<NameRow>>",
                 (select suggestion from inbound_emails
                     where correlation_id = $1 and state = 'filed' and kind = 'auto_reply' and suggestion in ('left', 'absent')
                         and settled_by is null and received_at >= (select $2::timestamptz)
                     order by (suggestion = 'absent') desc, received_at desc, id desc limit 1) as said"#,
            loaded.case.id,
            loaded.opened_at as Timestamp,
            reversed,
            requester.email.as_str(),
            &owned(own.map(|domain| shared.names(domain)).unwrap_or_default()),
            MOST,
            &owned(people.clone()),
            &owned(people.into_iter().flat_map(|domain| shared.names(domain)).collect()),
            since as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not look for what is known of the people of a case")?;
        Ok(Self {
            is_known: row.is_known,
            rejected: row.rejected,
            open: row.open.0,
            names: row.names.0,
            said: row.said,
        })
    }
}

/// What name servers say, and said.
struct DomainReports {
    /// By domain as behind the `@`.
    mail_servers: BTreeMap<String, MailServers>,
    changes: Vec<DomainChange>,
}

impl DomainReports {
    fn of(rows: Vec<NameRow>, app: &App) -> anyhow::Result<Self> {
        let mut reports = Self { mail_servers: BTreeMap::new(), changes: Vec::new() };
        for row in rows {
            if let Some(answer) = row.answer {
                let answer = answer.parse().context("an unknown answer of name servers")?;
                reports.mail_servers.insert(row.domain, answer);
            } else if let (Some(what), Some(at)) = (row.what, row.at) {
                let what = what.parse().context("an unknown change of a domain")?;
                reports.changes.push(DomainChange { domain: row.domain, what, on: at.day_in(&app.zone) });
            }
        }
        Ok(reports)
    }
}

//! Gathers what the signals of a case are made from. Six queries, however much there is.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    find::Facts,
    signal::{Change, Changed, ContactChange, DomainChange, Named, OtherCase},
};
use crate::{
    app::App,
    case::{address::EmailAddress, check::CheckKind, escalation::Escalation, facts::Difference},
    casework::Loaded,
    clock::Timestamp,
    dns::MailServers,
    mail::incoming::inbound,
    message::Said,
    public_mail::PublicMail,
};

/// More of a kind than this are not listed.
const MOST: i64 = 20;

pub async fn gather<'a>(
    connection: &mut PgConnection,
    loaded: &'a Loaded,
    (domains_on_record, differences): (Vec<String>, &'a [Difference]),
    app: &App,
) -> anyhow::Result<Facts<'a>> {
    let (settings, now) = (&app.settings.signals, app.clock.now());
    let escalation = &loaded.escalation;
    let values: Vec<String> = escalation.entitlements.iter().map(|asked| asked.value().to_owned()).collect();
    let since = |days: u32| now.after(-jiff::SignedDuration::from_hours(i64::from(days).saturating_mul(24)));
    let past = list_past(&mut *connection, loaded).await?;
    let reports = read_names(&mut *connection, loaded, app, since(settings.domain_change_days)).await?;
    Ok(Facts {
        escalation,
        is_known: past.is_known,
        rejected: past.rejected,
        open: list_open(&mut *connection, loaded.case.id, &values).await?,
        contact_changes: list_contact_changes(&mut *connection, loaded, &values).await?,
        changes: list_changes(&mut *connection, &values, since(settings.register_change_days)).await?,
        mail_servers: reports.mail_servers,
        domain_changes: reports.changes,
        domains_on_record,
        shared: &loaded.case.rules.shared_domains,
        differences,
        says_left: inbound::find_said(&mut *connection, loaded.case.id, loaded.opened_at)
            .await?
            .map(|(said, _)| said == Said::Left),
        notice: loaded.case.check(CheckKind::DepartedNotice).map(|check| &check.evidence),
        renews_on: loaded.renews_on,
        today: now.day_in(&app.zone),
        renewal_days: settings.renewal_days,
    })
}

struct Past {
    is_known: bool,
    rejected: Vec<OtherCase>,
}

/// Who wrote from the requester's domain before, or has it on record. Where the provider is public, only the very
/// mailbox says anything.
async fn list_past(connection: &mut PgConnection, loaded: &Loaded) -> anyhow::Result<Past> {
    let requester = &loaded.escalation.requester.email;
    let shared = &loaded.case.rules.shared_domains;
    let domain = Some(requester.domain()).filter(|domain| PublicMail::of(domain).is_none());
    let own = domain.and_then(|domain| shared.controlled(domain));
    let names: Vec<String> = domain
        .map(|domain| shared.names(domain))
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect();
    // Read from its end, a domain begins as those below it do: all that lies between "." and "/", the next character,
    // which finds them in an index whatever the plan (a pattern does not).
    let reversed = own.map(|domain| domain.chars().rev().collect::<String>());
    let row = sqlx::query!(
        r#"with earlier as (
             select c.number, c.outcome from escalations e join cases c on c.id = e.case_id
             where c.id <> $1 and c.confirmed_at is not null and c.opened_at <= $2
                 and (reverse(split_part(e.requester_email, '@', 2)) = $3
                     or reverse(split_part(e.requester_email, '@', 2)) ~>=~ ($3 || '.')
                         and reverse(split_part(e.requester_email, '@', 2)) ~<~ ($3 || '/')
                     or $3 is null and lower(e.requester_email) = lower($4)))
           select (select count(*) from earlier) > 0
                 or exists (select from customer_domains where domain = any($5))
                 or exists (select from contacts k where reverse(lower(split_part(k.email, '@', 2))) = $3
                     or reverse(lower(split_part(k.email, '@', 2))) ~>=~ ($3 || '.')
                         and reverse(lower(split_part(k.email, '@', 2))) ~<~ ($3 || '/')) as "is_known!",
             array(select number from earlier where outcome = 'rejected' order by number desc limit $6) as "rejected!""#,
        loaded.case.id,
        loaded.opened_at as Timestamp,
        reversed,
        requester.as_str(),
        &names,
        MOST,
    )
    .fetch_one(connection)
    .await
    .context("could not look for earlier cases")?;
    let rejected = row.rejected.into_iter();
    let state = crate::case::state::Place::Closed;
    Ok(Past {
        is_known: row.is_known,
        rejected: rejected.map(|number| OtherCase { number, state }).collect(),
    })
}

/// Confirmed open cases about the same entitlements, or about others of the same customer.
async fn list_open(
    connection: &mut PgConnection,
    case: Uuid,
    values: &[String],
) -> anyhow::Result<Vec<OtherCase>> {
    let rows = sqlx::query!(
        "select c.number, c.state from cases c
         where c.id <> $1 and c.state <> 'closed' and c.confirmed_at is not null and c.id in (
             select case_id from case_entitlements where value = any($2)
             union
             select a.case_id from entitlements mine
             join entitlements theirs on theirs.customer_id = mine.customer_id
             cross join lateral (values (theirs.sen), (theirs.entitlement_number), (theirs.site)) as v (value)
             join case_entitlements a on a.value = v.value
             where mine.sen = any($2) or mine.entitlement_number = any($2) or mine.site = any($2))
         order by c.number limit $3",
        case,
        values,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not look for other cases of the customer")?;
    rows.into_iter()
        .map(|row| {
            let state = row.state.parse().context("a case in an unknown state")?;
            Ok(OtherCase { number: row.number, state })
        })
        .collect()
}

/// Earlier cases that changed the contact of one of the entitlements, latest first, unless an import has confirmed it.
async fn list_contact_changes(
    connection: &mut PgConnection,
    loaded: &Loaded,
    values: &[String],
) -> anyhow::Result<Vec<ContactChange>> {
    let departed = loaded.escalation.departed.email.known().map(|address| address.as_str().to_lowercase());
    let rows = sqlx::query!(
        r#"select c.number, c.state, coalesce(bool_or(l.old_email = $3), false) as "old!",
             coalesce(bool_or(l.new_email = $3), false) as "new!"
           from latest_contact_changes l join cases c on c.id = l.case_id
           where l.verdict is distinct from 'confirmed' and c.id <> $1 and l.entitlement_id in (
               select id from entitlements where sen = any($2) or entitlement_number = any($2) or site = any($2))
           group by c.id order by c.number desc limit $4"#,
        loaded.case.id,
        values,
        departed,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not look for earlier changes of the contact")?;
    let named = |old: bool, new: bool| match (new, old) {
        (true, _) => Named::New,
        (_, true) => Named::Old,
        _ => Named::Other,
    };
    rows.into_iter()
        .map(|row| {
            let state = row.state.parse().context("a case in an unknown state")?;
            Ok(ContactChange {
                case: OtherCase { number: row.number, state },
                named: named(row.old, row.new),
            })
        })
        .collect()
}

/// What imports changed about the customer since then, latest first.
async fn list_changes(
    connection: &mut PgConnection,
    values: &[String],
    since: Timestamp,
) -> anyhow::Result<Vec<Change>> {
    let rows = sqlx::query!(
        r#"with mine as (
             select distinct customer_id from entitlements
             where sen = any($1) or entitlement_number = any($1) or site = any($1))
           select 'domains' as "what!", '' as "entitlement!", domains_changed_at as "at!: Timestamp"
             from customers where id in (select customer_id from mine) and domains_changed_at >= $2
           union all
           select 'contacts', coalesce(sen, entitlement_number, site), contacts_changed_at
             from entitlements where customer_id in (select customer_id from mine) and contacts_changed_at >= $2
           union all
           select 'entitlement', coalesce(sen, entitlement_number, site), updated_at
             from entitlements where customer_id in (select customer_id from mine)
                 and updated_at >= $2 and updated_at > created_at
           order by 3 desc, 1, 2 limit $3"#,
        values,
        since as Timestamp,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not look for changes of the register")?;
    rows.into_iter()
        .map(|row| {
            let what: Changed = row.what.parse().context("an unknown change")?;
            Ok(Change { what, entitlement: row.entitlement, at: row.at })
        })
        .collect()
}

/// What name servers say, and said.
struct DomainReports {
    /// By domain as behind the `@`.
    mail_servers: BTreeMap<String, MailServers>,
    changes: Vec<DomainChange>,
}

/// Whether the domains of the request take mail, and what became of those above them since then.
async fn read_names(
    connection: &mut PgConnection,
    loaded: &Loaded,
    app: &App,
    since: Timestamp,
) -> anyhow::Result<DomainReports> {
    let Escalation { requester, successor, departed, .. } = &loaded.escalation;
    let departed = departed.email.known().map(EmailAddress::domain);
    let people: Vec<&str> =
        [requester.email.domain(), successor.email.domain()].into_iter().chain(departed).collect();
    let shared = &loaded.case.rules.shared_domains;
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<String>>();
    let rows = sqlx::query!(
        r#"select domain as "domain!", answer, null as what, null as "at: Timestamp"
           from mail_servers where domain = any($1) and answer is not null
           union all
           select domain, null, what, at from domain_changes where domain = any($2) and at >= $3
           order by 4 desc nulls last, 1, 3"#,
        &owned(people.to_vec()),
        &owned(people.into_iter().flat_map(|domain| shared.names(domain)).collect()),
        since as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not read what name servers say")?;
    let mut reports = DomainReports { mail_servers: BTreeMap::new(), changes: Vec::new() };
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

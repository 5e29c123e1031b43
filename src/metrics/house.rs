//! What the database knows of the whole house, one connection and a fixed number of statements.
//!
//! Each figure is found along an index and counted to [`MOST_COUNTED`]: beyond that, how many it is exactly changes nothing.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgConnection;
use strum::VariantArray as _;

use super::page::{Page, Sample};
use crate::{
    app::App,
    case::state::{Party, Place},
    casework::{Wave, quiet_letters},
    clock::Timestamp,
    mail::{
        health::{self, Sending},
        outgoing::listed,
    },
    staff::attempts::Guessing,
    transparency,
    webhooks::{health::Health, outbox},
};

/// So many are counted of anything, as on the desk, where it is 500.
const MOST_COUNTED: i64 = 1000;

pub async fn tell(app: &App) -> anyhow::Result<Page> {
    let now = app.clock.now();
    let mut transaction = app.pool.begin().await.context("could not ask the database")?;
    keep_to_indexes(&mut transaction).await?;
    let (page, connection) = (&mut Page::default(), &mut *transaction);
    page.number("counted_to", "No figure of cases, checks and messages is counted beyond", MOST_COUNTED);
    tell_of_sending(page, connection, app, now).await?;
    tell_of_collecting(page, connection, app, now).await?;
    tell_of_forms(page, connection, app, now).await?;
    tell_of_cases(page, connection, now).await?;
    tell_of_checks(page, connection, now).await?;
    tell_of_webhooks(page, connection, now).await?;
    tell_of_log(page, connection, app, now).await?;
    let guessing = Guessing::read(connection, now).await?;
    page.number("sign_in_failures", "Wrong tries to sign in within a quarter of an hour", guessing.tries);
    page.flag("sign_in_alarm", "Whether somebody goes through passwords or accounts", guessing.is_alarming());
    Ok(std::mem::take(page))
}

/// Where a state is common, the planner would find a handful of its cases by reading the table from its beginning, and read all that was
/// closed since. Nor is a whole list of rows made before some of them are counted.
async fn keep_to_indexes(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query!(
        r#"select set_config('enable_seqscan', 'off', true) as "a!", set_config('enable_bitmapscan', 'off', true) as "b!",
             set_config('enable_sort', 'off', true) as "c!", set_config('statement_timeout', '4s', true) as "d!""#
    )
    .fetch_one(connection)
    .await
    .context("could not ask for figures by indexes alone")?;
    Ok(())
}

async fn tell_of_sending(
    page: &mut Page,
    connection: &mut PgConnection,
    app: &App,
    now: Timestamp,
) -> anyhow::Result<()> {
    let sending = Sending::read(connection, now, app.clock.for_leases()).await?;
    let open = listed::count_open(connection, &quiet_letters()).await?;
    page.number("emails_queued", "E-mails that wait to be sent", sending.queued);
    page.number("emails_deferred", "Of them, tried before without success", sending.deferred);
    page.number(
        "emails_oldest_queued_seconds",
        "For how long the oldest of them has waited",
        age(sending.oldest, now),
    );
    let due = age(sending.oldest_due, now);
    page.number(
        "emails_oldest_due_seconds",
        "For how long one of them could have been tried, and nobody did",
        due,
    );
    page.number("emails_open", "E-mails that did not arrive and that nobody has looked at", open);
    page.number("sending_put_off_tries", "Tries in a row that the mail server put off", sending.put_off);
    page.flag("sending_alarm", "Whether sending fails now", sending.alarm(&app.settings.mail, now).is_some());
    page.moment(
        "sending_last_success_timestamp_seconds",
        "When an e-mail was last sent",
        sending.last_sent_at,
    );
    Ok(())
}

async fn tell_of_collecting(
    page: &mut Page,
    connection: &mut PgConnection,
    app: &App,
    now: Timestamp,
) -> anyhow::Result<()> {
    if let Some(mailbox) = health::collecting(connection, &app.settings.mail).await? {
        // Without the user: that may be somebody's address.
        let name = mailbox.name.rsplit_once('@').map_or("", |(_, place)| place);
        let alarm = i64::from(mailbox.is_alarming(&app.settings.mail, now));
        let at = mailbox.collected_at.map_or(0, |at| at.as_second());
        let labels: &[(&str, &str)] = &[("mailbox", name)];
        page.gauge("collecting_alarm", "Whether collecting the mailbox fails now", &[(labels, alarm)]);
        let help = "When the mailbox was last read to its end";
        page.gauge("collecting_last_success_timestamp_seconds", help, &[(labels, at)]);
    }
    let waiting = sqlx::query!(
        r#"select
             (select count(*) from (select from inbound_emails where state = 'stored' order by received_at limit $1) c) as "stored!",
             (select received_at from inbound_emails where state = 'stored' order by received_at limit 1)
                 as "unread_since: Timestamp",
             count(*) filter (where state = 'quarantined') as "quarantined!", count(*) filter (where state = 'parked') as "parked!",
             min(received_at) as "set_aside_since: Timestamp"
         from (select state, received_at from inbound_emails where state in ('quarantined', 'parked')
             order by received_at limit $1) set_aside"#,
        MOST_COUNTED,
    )
    .fetch_one(connection)
    .await
    .context("could not count inbound e-mails")?;
    page.number("inbound_quarantined", "Messages that wait for a decision", waiting.quarantined);
    page.number("inbound_parked", "Messages that could not be read", waiting.parked);
    let oldest = age(waiting.set_aside_since, now);
    page.number("inbound_oldest_set_aside_seconds", "For how long the oldest of both has waited", oldest);
    page.number("inbound_unread", "Messages that nobody has looked at yet, by program", waiting.stored);
    let oldest = age(waiting.unread_since, now);
    page.number("inbound_oldest_unread_seconds", "For how long the oldest of them has waited", oldest);
    Ok(())
}

async fn tell_of_forms(
    page: &mut Page,
    connection: &mut PgConnection,
    app: &App,
    now: Timestamp,
) -> anyhow::Result<()> {
    let wave = Wave::read(connection, now).await?;
    page.number(
        "form_letters_last_hour",
        "Letters that strangers can cause, within the last hour",
        wave.letters,
    );
    page.number("form_letters_held_last_hour", "Of them, those held back", wave.held);
    page.flag("form_letters_alarm", "Whether they are a wave", wave.is_alarming(&app.settings.limits));
    Ok(())
}

/// Open ones: how many were closed says the overview of the desk.
///
/// A word is asked for as a range of one: where it is a value that is equal, the planner may follow an index that does not begin
/// with it, which gives the same order, past every case of another state.
async fn tell_of_cases(page: &mut Page, connection: &mut PgConnection, now: Timestamp) -> anyhow::Result<()> {
    let places = Place::VARIANTS.iter().filter(|place| **place != Place::Closed);
    let places: Vec<String> = places.map(|place| place.as_str().to_owned()).collect();
    let parties: Vec<String> = Party::VARIANTS
        .iter()
        .map(|party| <&str>::from(*party).to_owned())
        .filter(|party| party != "nobody")
        .collect();
    let rows = sqlx::query!(
        r#"with late as materialized (
             select waiting_for from cases where state <> 'closed' and coalesce(due_at, 'infinity') < $4
             order by coalesce(due_at, 'infinity'), number limit $3)
         select 'state' as "what!", word as "word!", (select count(*) from (
                 select from cases where state between word and word and state <> 'closed'
                 order by state, urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number limit $3) c) as "count!"
             from unnest($1::text[]) as word
         union all
         select 'waiting', word, (select count(*) from (
                 select from cases where waiting_for between word and word and state <> 'closed'
                 order by waiting_for, urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number limit $3) c)
             from unnest($2::text[]) as word
         union all
         select 'overdue', word, count(late.waiting_for) from unnest($2::text[]) as word
             left join late on late.waiting_for = word group by word"#,
        &places,
        &parties,
        MOST_COUNTED,
        now as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not count cases")?;
    let of = |what: &str| -> Vec<(String, i64)> {
        let mut found: Vec<_> =
            rows.iter().filter(|row| row.what == what).map(|row| (row.word.clone(), row.count)).collect();
        found.sort();
        found
    };
    page.by("cases", "Open cases by where they are", "state", &of("state"));
    page.by("cases_waiting", "Open cases by whom they wait for", "waiting_for", &of("waiting"));
    let help = "Of the open cases that are due longest, those past their due date, by whom they wait for";
    page.by("cases_overdue", help, "waiting_for", &of("overdue"));
    Ok(())
}

async fn tell_of_checks(
    page: &mut Page,
    connection: &mut PgConnection,
    now: Timestamp,
) -> anyhow::Result<()> {
    let due = sqlx::query!(
        r#"select count(*) as "count!", min(due_at) as "since: Timestamp" from (
             -- Those that name servers answer and all others, as their index has them.
             select due_at from (select true union all select false) k (dns) cross join lateral (
                 select due_at from checks where (kind = 'domain_dns') = k.dns and due_at <= $1 order by due_at limit $2) d
             order by due_at limit $2) due"#,
        now as Timestamp,
        MOST_COUNTED,
    )
    .fetch_one(connection)
    .await
    .context("could not count the checks that are due")?;
    page.number("checks_due", "Checks that could run now", due.count);
    page.number(
        "checks_oldest_due_seconds",
        "For how long the first of them could have",
        age(due.since, now),
    );
    Ok(())
}

async fn tell_of_webhooks(
    page: &mut Page,
    connection: &mut PgConnection,
    now: Timestamp,
) -> anyhow::Result<()> {
    let health = Health::read(connection, now).await?;
    let queued = outbox::count_queued(connection).await?;
    let counted: [(&[(&str, &str)], i64); 3] = [
        (&[("state", "enabled")], health.enabled),
        (&[("state", "failing")], health.failing),
        (&[("state", "switched_off")], health.switched_off),
    ];
    page.gauge("webhook_endpoints", "Endpoints of webhooks; those that fail are enabled, too", &counted);
    page.number("webhooks_queued", "Messages to endpoints that wait to be taken", queued);
    page.flag("webhooks_alarm", "Whether an endpoint takes nothing", health.is_alarming());
    Ok(())
}

async fn tell_of_log(
    page: &mut Page,
    connection: &mut PgConnection,
    app: &App,
    now: Timestamp,
) -> anyhow::Result<()> {
    let log = transparency::health::Health::read(connection, app).await?;
    page.number("log_leaves", "Leaves of the log over all cases", log.tree_size);
    let pending = "For how long the oldest change waits to be logged";
    page.number("log_oldest_pending_seconds", pending, log.waits_seconds);
    let head =
        sqlx::query_scalar!(r#"select at as "at: Timestamp" from log_heads order by tree_size desc limit 1"#)
            .fetch_optional(connection)
            .await
            .context("could not read the last head of the log")?;
    page.number(
        "log_head_age_seconds",
        "How old the last signed head of the log is; it grows while nothing happens",
        age(head, now),
    );
    let outlets: Vec<_> = log
        .outlets
        .iter()
        .map(|outlet| ([("outlet", outlet.outlet.as_str())], i64::from(outlet.failing_since.is_some())))
        .collect();
    let outlets: Vec<Sample<'_>> =
        outlets.iter().map(|(labels, fails)| (labels.as_slice(), *fails)).collect();
    if !outlets.is_empty() {
        page.gauge("log_outlet_failing", "Whether heads of the log do not get there now", &outlets);
    }
    page.flag("log_alarm", "Whether the log or the way of its heads fails now", log.is_alarming());
    Ok(())
}

fn age(since: Option<Timestamp>, now: Timestamp) -> i64 {
    let age = since
        .map_or(Duration::ZERO, |since| Duration::try_from(now.duration_since(*since)).unwrap_or_default());
    i64::try_from(age.as_secs()).unwrap_or(i64::MAX)
}

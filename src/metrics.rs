//! `GET /metrics`: how Handover does, for a monitoring system, in the text format of Prometheus (version 0.0.4).
//!
//! Every figure is read from the database when it is asked for, so that one process tells of all, and one that was started
//! a second ago tells no less: a library of counters would keep what nobody here counts. Holds no personal data: words of
//! the program and numbers.

use std::fmt::Write as _;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderMap},
    web,
};
use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use sqlx::PgConnection;
use subtle::ConstantTimeEq as _;

use crate::{
    app::App,
    casework::{Wave, quiet_letters},
    clock::Timestamp,
    mail::{
        health::{self, Sending},
        outgoing::listed,
    },
    migrations,
    staff::attempts::Guessing,
    token::sha256,
    transparency, version,
    web::WebError,
    webhooks::{health::Health, outbox},
};

/// `GET /metrics` for whoever knows the token; not there where none is configured.
pub async fn show(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, WebError> {
    let token = app.settings.metrics.token.expose_secret();
    if token.is_empty() {
        return Err(WebError::NotFound);
    }
    if !knows(request.headers(), token) {
        return Ok(HttpResponse::Unauthorized().insert_header((header::WWW_AUTHENTICATE, "Bearer")).finish());
    }
    show_unguarded(app).await
}

/// The same for a port that only this machine reaches.
pub async fn show_unguarded(app: web::Data<App>) -> Result<HttpResponse, WebError> {
    let text = gather(&app).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

fn knows(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    sha256(given.as_bytes()).ct_eq(&sha256(token.as_bytes())).into()
}

async fn gather(app: &App) -> anyhow::Result<String> {
    let now = app.clock.now();
    let mut connection = app.pool.acquire().await?;
    let mut page = Page::default();
    let schema = migrations::latest().to_string();
    let build = [("version", version::VERSION), ("schema", schema.as_str()), ("commit", version::COMMIT)];
    page.gauge("build_info", "The program's version, schema and commit", &[(&build, 1)]);
    tell_of_sending(&mut page, &mut connection, app, now).await?;
    tell_of_collecting(&mut page, &mut connection, app, now).await?;
    tell_of_forms(&mut page, &mut connection, app, now).await?;
    tell_of_cases(&mut page, &mut connection, now).await?;
    tell_of_webhooks(&mut page, &mut connection, now).await?;
    tell_of_log(&mut page, &mut connection, app).await?;
    let guessing = Guessing::read(&mut connection, now).await?;
    page.number("sign_in_failures", "Wrong tries to sign in within a quarter of an hour", guessing.tries);
    Ok(page.0)
}

async fn tell_of_sending(
    page: &mut Page,
    connection: &mut PgConnection,
    app: &App,
    now: Timestamp,
) -> anyhow::Result<()> {
    let sending = Sending::read(connection, now, app.clock.for_leases()).await?;
    let rows = sqlx::query!(
        r#"select state as "state!", count(*) as "count!" from emails group by state
         union all
         select 'bounced', count(distinct email_id) from bounces where not temporary
         order by 1"#
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not count e-mails")?;
    let open = listed::count_open(connection, &quiet_letters()).await?;
    let alarm = i64::from(sending.alarm(&app.settings.mail, now).is_some());
    let age = sending.oldest.map_or(0, |oldest| now.duration_since(*oldest).as_secs());

    page.number("emails_queued", "E-mails that wait to be sent", sending.queued);
    page.number("emails_deferred", "Of them, tried before without success", sending.deferred);
    page.number("emails_oldest_queued_seconds", "For how long the oldest of them has waited", age);
    let states: Vec<_> = rows.iter().map(|row| ([("state", row.state.as_str())], row.count)).collect();
    let states: Vec<(&[(&str, &str)], i64)> =
        states.iter().map(|(labels, count)| (labels.as_slice(), *count)).collect();
    page.gauge("emails", "E-mails by what became of them", &states);
    page.number("emails_open", "E-mails that did not arrive and that nobody has looked at", open);
    page.number("sending_put_off_tries", "Tries in a row that the mail server put off", sending.put_off);
    page.number("sending_alarm", "Whether sending fails now", alarm);
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
        r#"select count(*) filter (where state = 'quarantined') as "quarantined!",
             count(*) filter (where state = 'parked') as "parked!", count(*) filter (where state = 'stored') as "stored!"
         from inbound_emails where state in ('quarantined', 'parked', 'stored')"#
    )
    .fetch_one(connection)
    .await
    .context("could not count inbound e-mails")?;
    page.number("inbound_quarantined", "Messages that wait for a decision", waiting.quarantined);
    page.number("inbound_parked", "Messages that could not be read", waiting.parked);
    page.number("inbound_unread", "Messages that nobody has looked at yet, by program", waiting.stored);
    Ok(())
}

async fn tell_of_forms(
    page: &mut Page,
    connection: &mut PgConnection,
    app: &App,
    now: Timestamp,
) -> anyhow::Result<()> {
    let wave = Wave::read(connection, now).await?;
    let alarm = i64::from(wave.is_alarming(&app.settings.limits));
    page.number(
        "form_letters_last_hour",
        "Letters that strangers can cause, within the last hour",
        wave.letters,
    );
    page.number("form_letters_held_last_hour", "Of them, those held back", wave.held);
    page.number("form_letters_alarm", "Whether they are a wave", alarm);
    Ok(())
}

async fn tell_of_cases(page: &mut Page, connection: &mut PgConnection, now: Timestamp) -> anyhow::Result<()> {
    let rows = sqlx::query!(
        r#"select state, waiting_for, count(*) as "count!", count(*) filter (where due_at < $1) as "overdue!"
         from cases group by state, waiting_for order by state, waiting_for"#,
        now as Timestamp
    )
    .fetch_all(connection)
    .await
    .context("could not count cases")?;
    let labels: Vec<_> = rows
        .iter()
        .map(|row| [("state", row.state.as_str()), ("waiting_for", row.waiting_for.as_str())])
        .collect();
    let counted = |count: fn(i64, i64) -> i64| -> Vec<(&[(&str, &str)], i64)> {
        let rows = labels.iter().zip(&rows);
        rows.map(|(labels, row)| (labels.as_slice(), count(row.count, row.overdue))).collect()
    };
    page.gauge("cases", "Cases by where they are and who is waited for", &counted(|all, _| all));
    page.gauge("cases_overdue", "Of them, those past their due date", &counted(|_, overdue| overdue));
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
    page.number("webhooks_alarm", "Whether an endpoint takes nothing", i64::from(health.is_alarming()));
    Ok(())
}

async fn tell_of_log(page: &mut Page, connection: &mut PgConnection, app: &App) -> anyhow::Result<()> {
    let log = transparency::health::Health::read(connection, app).await?;
    page.number("log_leaves", "Leaves of the log over all cases", log.tree_size);
    page.number(
        "log_oldest_pending_seconds",
        "For how long the oldest change waits to be logged",
        log.waits_seconds,
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
    page.number(
        "log_alarm",
        "Whether the log or the way of its heads fails now",
        i64::from(log.is_alarming()),
    );
    Ok(())
}

/// The text under work.
#[derive(Debug, Default)]
struct Page(String);

/// Labels, each name with its value, and the figure.
type Sample<'a> = (&'a [(&'a str, &'a str)], i64);

impl Page {
    fn number(&mut self, name: &str, help: &str, value: i64) {
        self.gauge(name, help, &[(&[], value)]);
    }

    /// Seconds since 1970; 0 for never.
    fn moment(&mut self, name: &str, help: &str, at: Option<Timestamp>) {
        self.number(name, help, at.map_or(0, |at| at.as_second()));
    }

    fn gauge(&mut self, name: &str, help: &str, samples: &[Sample<'_>]) {
        // Writing to a string can't fail.
        let _ = writeln!(self.0, "# HELP handover_{name} {help}\n# TYPE handover_{name} gauge");
        for (labels, value) in samples {
            let labels: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(self.0, "handover_{name}{labels} {value}");
        }
    }
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_written_as_prometheus_reads_it() {
        let mut page = Page::default();
        page.number("queued", "Waiting", 3);
        page.gauge("cases", "By state", &[(&[("state", "a\"\\\n"), ("waiting_for", "us")], 1), (&[], 2)]);
        assert_eq!(
            page.0,
            "# HELP handover_queued Waiting\n# TYPE handover_queued gauge\nhandover_queued 3\n\
             # HELP handover_cases By state\n# TYPE handover_cases gauge\n\
             handover_cases{state=\"a\\\"\\\\\\n\",waiting_for=\"us\"} 1\nhandover_cases 2\n"
        );
    }
}

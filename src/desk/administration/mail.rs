//! `GET /desk/administration/mail`: how mail is set up and how it goes: figures of today, what is put off and why, what came back.
//! `/desk/mail` lists the e-mails themselves. Talks to no mail server, changes nothing.

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    casework::Casework,
    clock::Timestamp,
    config::{Authentication, Mail, TransportKind},
    desk::alarms::AlarmsView,
    mail::{
        health::{self, Sending},
        incoming::mailboxes::Mailbox,
    },
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/mail";
/// So many different answers of mail servers are quoted.
const MOST_WORDS: i64 = 5;

#[derive(Debug, Serialize)]
struct MailView {
    alarms: AlarmsView,
    queued: i64,
    deferred: i64,
    oldest_due: Option<Timestamp>,
    last_sent_at: Option<Timestamp>,
    today: Today,
    put_off: Vec<PutOff>,
    mailbox: Option<Mailbox>,
    last_bounce_at: Option<Timestamp>,
    setup: Setup,
}

/// Since midnight.
#[derive(Debug, Serialize)]
struct Today {
    sent: i64,
    put_off: i64,
    /// The mail server would not take anything from us.
    refused: i64,
    failed: i64,
    bounced: i64,
    received: i64,
}

/// What a mail server said, and how many e-mails wait because of it.
#[derive(Debug, Serialize)]
struct PutOff {
    words: String,
    count: i64,
}

/// What is configured, in words that name neither account nor key.
#[derive(Debug, Serialize)]
struct Setup {
    smtp: bool,
    dkim: Vec<&'static str>,
    /// Who finds out whether an author is genuine: `header`, `own`; `nobody` where nothing is believed.
    authentication: &'static str,
    collects: bool,
    reminds_of_imprint: bool,
}

pub async fn show(reader: Reader, casework: web::Data<Casework>) -> Result<HttpResponse, WebError> {
    let app = &casework.app;
    let now = app.clock.now();
    let mut connection = app.pool.acquire().await?;
    let alarms = AlarmsView::read(&mut connection, app).await?;
    let sending = Sending::read(&mut connection, now, app.clock.for_leases()).await?;
    let mailbox = health::collecting(&mut connection, &app.settings.mail).await?;
    let midnight = now.day_in(&app.zone).to_zoned(app.zone.clone()).map_or(now, |day| day.timestamp().into());
    let (today, last_bounce_at) = read_today(&mut connection, midnight).await?;
    let put_off = list_put_off(&mut connection).await?;
    drop(connection);
    let view = MailView {
        alarms,
        queued: sending.queued,
        deferred: sending.deferred,
        oldest_due: sending.oldest_due,
        last_sent_at: sending.last_sent_at,
        today,
        put_off,
        mailbox,
        last_bounce_at,
        setup: setup(&app.settings.mail),
    };
    reader.at(PATH).ok("desk/administration/mail.html", &view)
}

fn setup(mail: &Mail) -> Setup {
    let keys = [("Ed25519", &mail.dkim.ed25519_selector), ("RSA", &mail.dkim.rsa_selector)];
    let named = !mail.inbound.authserv_id.is_empty();
    Setup {
        smtp: mail.transport == TransportKind::Smtp,
        dkim: keys.into_iter().filter(|(_, selector)| !selector.is_empty()).map(|(name, _)| name).collect(),
        authentication: match mail.inbound.authentication {
            Authentication::Own => "own",
            Authentication::Header if named => "header",
            Authentication::Header => "nobody",
        },
        collects: mail.imap.name().is_some(),
        reminds_of_imprint: mail.imprint.is_empty(),
    }
}

async fn read_today(
    connection: &mut PgConnection,
    midnight: Timestamp,
) -> anyhow::Result<(Today, Option<Timestamp>)> {
    let row = sqlx::query!(
        r#"select count(*) filter (where outcome = 'sent') as "sent!", count(*) filter (where outcome = 'deferred') as "put_off!",
             count(*) filter (where outcome = 'refused') as "refused!", count(*) filter (where outcome = 'failed') as "failed!",
             (select count(*) from bounces where at >= $1 and not temporary) as "bounced!",
             (select count(*) from inbound_emails where received_at >= $1) as "received!",
             (select max(at) from bounces) as "last_bounce_at: Timestamp"
           from deliveries where at >= $1"#,
        midnight as Timestamp,
    )
    .fetch_one(connection)
    .await
    .context("could not read how mail went today")?;
    let today = Today {
        sent: row.sent,
        put_off: row.put_off,
        refused: row.refused,
        failed: row.failed,
        bounced: row.bounced,
        received: row.received,
    };
    Ok((today, row.last_bounce_at))
}

async fn list_put_off(connection: &mut PgConnection) -> anyhow::Result<Vec<PutOff>> {
    sqlx::query_as!(
        PutOff,
        r#"select left(d.response, 300) as "words!", count(*) as "count!" from emails m
           cross join lateral (
               select response from deliveries where email_id = m.id and outcome in ('deferred', 'refused')
               order by id desc limit 1) d
           where m.state = 'queued' group by 1 order by 2 desc, 1 limit $1"#,
        MOST_WORDS,
    )
    .fetch_all(connection)
    .await
    .context("could not read why e-mails are put off")
}

//! `/desk/mail`: our e-mails over all cases: those that did not arrive, and those that wait. And how mail stands.
//!
//! Changes nothing: each button leads to the e-mail's own case (`actions::emails`). As many queries for a full page as for
//! an empty one.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use super::{alarms::AlarmsView, letters::LetterView};
use crate::{
    casework::{Casework, Loaded, caseless_letters, quiet_letters},
    clock::Timestamp,
    mail::{
        health::{self, Sending},
        incoming::mailboxes::Mailbox,
        outgoing::listed::{self, Happening, ListedEmail, Shelf},
    },
    staff::session::SignedIn,
    web::{Reader, WebError},
};

const PATH: &str = "/desk/mail";
const PAGE_SIZE: usize = 50;

/// What of the address counts; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    shelf: String,
    before: String,
}

/// `desk/mail.html`.
#[derive(Debug, Serialize)]
struct MailView {
    alarms: AlarmsView,
    /// Where none is configured, mail comes in by another way or not at all.
    mailbox: Option<Mailbox>,
    last_sent_at: Option<Timestamp>,
    queued: i64,
    tabs: Vec<Tab>,
    shelf: Shelf,
    rows: Vec<RowView>,
    next: Option<String>,
    first: Option<String>,
}

#[derive(Debug, Serialize)]
struct Tab {
    shelf: Shelf,
    /// Where counting costs nothing.
    count: Option<i64>,
    href: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct RowView {
    /// `None` where the case can't be read.
    number: Option<String>,
    /// It is about none: what was prepared for somebody, or the way to the form.
    caseless: bool,
    company: String,
    version: i32,
    language: &'static str,
    letter: LetterView,
}

pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let app = &casework.app;
    let now = app.clock.now();
    let shelf: Shelf = query.shelf.parse().unwrap_or_default();
    let before: Option<Uuid> = query.before.parse().ok();
    let limit = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let mut connection = app.pool.acquire().await?;
    let alarms = AlarmsView::read(&mut connection, app).await?;
    let sending = Sending::read(&mut connection, now, app.clock.for_leases()).await?;
    let mailbox = health::collecting(&mut connection, &app.settings.mail).await?;
    let quiet = quiet_letters();
    let leases = app.clock.for_leases();
    let mut emails = listed::list_shelf(&mut connection, shelf, &quiet, before, limit, leases).await?;
    let more = emails.len() > PAGE_SIZE;
    emails.truncate(PAGE_SIZE);
    let ids: Vec<Uuid> = emails.iter().map(|email| email.id).collect();
    let happenings = listed::list_happenings(&mut connection, &ids).await?;
    drop(connection);

    let view = MailView {
        tabs: tabs(shelf, &alarms, sending.queued),
        mailbox,
        last_sent_at: sending.last_sent_at,
        queued: sending.queued,
        next: ids.last().filter(|_| more).map(|last| format!("{}&before={last}", address(shelf))),
        first: before.map(|_| address(shelf)),
        rows: rows(&casework, &staff, emails, &happenings, now).await?,
        alarms,
        shelf,
    };
    reader.at(PATH).ok("desk/mail.html", &view)
}

fn address(shelf: Shelf) -> String {
    let word: &str = shelf.into();
    format!("{PATH}?shelf={word}")
}

fn tabs(chosen: Shelf, alarms: &AlarmsView, queued: i64) -> Vec<Tab> {
    let tab = |shelf: &Shelf| Tab {
        shelf: *shelf,
        count: match shelf {
            Shelf::Open => Some(alarms.open),
            Shelf::Waiting => Some(queued),
            Shelf::Dead => None,
        },
        href: address(*shelf),
        chosen: *shelf == chosen,
    };
    Shelf::VARIANTS.iter().map(tab).collect()
}

/// Each e-mail beside its case; every e-mail is about one. Where a case can't be read, its e-mails are shown all the same: one
/// row that something damaged must not hide what else did not arrive.
async fn rows(
    casework: &Casework,
    staff: &SignedIn,
    emails: Vec<ListedEmail>,
    happenings: &[Happening],
    now: Timestamp,
) -> anyhow::Result<Vec<RowView>> {
    let cases: Vec<Uuid> = emails.iter().filter_map(|email| email.correlation).collect();
    let cases = casework.load_all(&cases).await?;
    let quiet = quiet_letters();
    let row = |loaded: &Loaded, email: ListedEmail| RowView {
        number: Some(loaded.case.number.to_string()),
        caseless: false,
        company: loaded.escalation.company.clone(),
        version: loaded.version,
        language: if email.atlassian { "en" } else { loaded.escalation.language.as_str() },
        letter: LetterView::new(&loaded.case, staff.actor(), email, happenings, &quiet, now),
    };
    let unreadable = |email: ListedEmail| RowView {
        number: None,
        caseless: email.correlation.is_none() && caseless_letters().contains(&email.notification.as_str()),
        company: String::new(),
        version: 0,
        language: if email.atlassian { "en" } else { "de" },
        letter: LetterView::without_case(email, happenings),
    };
    let found = emails.into_iter().map(|email| match email.correlation.and_then(|case| cases.get(&case)) {
        Some(loaded) => row(loaded, email),
        None => unreadable(email),
    });
    Ok(found.collect())
}

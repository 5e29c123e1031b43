//! `GET /api/v1/mail`: our e-mails over all cases, as the page has them, with what could be done with each: the addresses are those
//! of the e-mail's own case. Never the bytes of one.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PATH, answer};
use crate::{
    casework::{Casework, Loaded, quiet_letters},
    clock::Timestamp,
    desk::letters::LetterView,
    mail::outgoing::{
        listed::{self, ListedEmail, Shelf},
        outbox::EmailState,
    },
    staff::session::SignedIn,
    web::WebError,
};

/// A page of e-mails, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mail {
    emails: Vec<MailSummary>,
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MailSummary {
    id: Uuid,
    /// The case that it is about, and its version: what a change names as `If-Match`.
    number: Option<String>,
    version: Option<i32>,
    notification: String,
    to_atlassian: bool,
    to: String,
    subject: String,
    #[schema(value_type = Option<String>)]
    state: Option<EmailState>,
    bounced: bool,
    /// The mail server's last words.
    response: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// What could be done with it now: addresses to POST to.
    offers: Vec<String>,
}

pub async fn list(
    request: HttpRequest,
    casework: web::Data<Casework>,
    staff: SignedIn,
) -> Result<HttpResponse, WebError> {
    let pairs = answer::parameters(&request, &["shelf", "before", "limit"])?;
    let shelf: Option<Shelf> = match answer::value(&pairs, "shelf") {
        "" => Some(Shelf::default()),
        word => word.parse().ok(),
    };
    let (Some(shelf), Some(limit)) = (shelf, answer::limit(&pairs)) else {
        let name = if shelf.is_none() { "shelf" } else { "limit" };
        return Err(answer::wrong_parameters(&request, &[name])?.into());
    };
    let before = answer::id(&request, &pairs, "before")?;
    let (app, quiet) = (&casework.app, quiet_letters());
    let one_more = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let mut connection = app.pool.acquire().await?;
    let leases = app.clock.for_leases();
    let mut emails = listed::list_shelf(&mut connection, shelf, &quiet, before, one_more, leases).await?;
    drop(connection);
    let more = emails.len() > limit;
    emails.truncate(limit);
    let word: &str = shelf.into();
    let next = emails.last().filter(|_| more);
    let next = next.map(|last| format!("{PATH}/mail?shelf={word}&before={}&limit={limit}", last.id));
    let cases: Vec<Uuid> = emails.iter().filter_map(|email| email.correlation).collect();
    let cases = casework.load_all(&cases).await?;
    let now = app.clock.now();
    let row = |email: ListedEmail| {
        let case: Option<&Loaded> = email.correlation.and_then(|case| cases.get(&case));
        let offers = case.map(|loaded| {
            let number = loaded.case.number.to_string();
            let view = LetterView::new(&loaded.case, staff.actor(), email.clone(), &[], &quiet, now);
            view.offers().map(|(id, what)| format!("{PATH}/cases/{number}/emails/{id}/{what}")).collect()
        });
        MailSummary {
            id: email.id,
            number: case.map(|loaded| loaded.case.number.to_string()),
            version: case.map(|loaded| loaded.version),
            notification: email.notification,
            to_atlassian: email.atlassian,
            to: email.envelope_to,
            subject: email.subject,
            state: email.state,
            bounced: email.bounced,
            response: email.response,
            created_at: email.created_at,
            offers: offers.unwrap_or_default(),
        }
    };
    let mail = Mail { emails: emails.into_iter().map(row).collect(), next: next.clone() };
    Ok(answer::page(&mail, next.as_deref()))
}

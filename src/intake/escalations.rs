//! The form: served, sent, and "look into your mailbox", which is the same for everybody.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;
use uuid::Uuid;

use super::{
    field_errors::{ErrorsView, FieldErrors},
    form::{self, Conditions},
};
use crate::{
    casework::Casework,
    web::{Fields, Reader, WebError, limit::client_address, see_other},
};

/// What `intake/form.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct FormView {
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
    /// The kind of the field for a day. Browsers empty a `date` field whose value they can't read.
    day_type: &'static str,
}

/// What `intake/sent.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct SentView {
    /// For how many days the link in the letter works.
    valid_days: u32,
}

const FORM: &str = "intake/form.html";

/// `GET /escalations/new`
pub async fn new(reader: Reader) -> Result<HttpResponse, WebError> {
    let mut values = Fields::default();
    values.set("request_id", &Uuid::new_v4().to_string());
    reader.ok(FORM, &FormView { values, errors: ErrorsView::default(), day_type: "date" })
}

/// `POST /escalations`
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    fields: Fields,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let app = &casework.app;
    let conditions = Conditions {
        today: app.clock.now().day_in(&app.zone),
        language: reader.language,
        foreign_domains: form::foreign_domains(&app.settings),
    };
    match form::parse(&fields, &conditions) {
        Ok(submission) => {
            let client = client_address(&request, &app.settings);
            casework.open(submission.request_id, &submission.escalation, client).await?;
            Ok(see_other("/escalations/sent"))
        }
        Err(errors) => again(&reader.at("/escalations/new"), fields, &errors),
    }
}

/// `GET /escalations/sent`
pub async fn sent(reader: Reader) -> Result<HttpResponse, WebError> {
    let valid_days = reader.app.settings.deadlines.confirmation_days;
    reader.ok("intake/sent.html", &SentView { valid_days })
}

/// The form with all that was typed and all that is wrong with it.
fn again(reader: &Reader, mut values: Fields, errors: &FieldErrors) -> Result<HttpResponse, WebError> {
    let view = errors.view(reader.language);
    if reader.wants_json {
        return Err(view.into());
    }
    for tick_box in ["successor_is_requester", "authority", "privacy"] {
        let ticked = if values.is_ticked(tick_box) { "true" } else { "" };
        values.set(tick_box, ticked);
    }
    if values.get("request_id").is_empty() || view.errors.contains_key("request_id") {
        values.set("request_id", &Uuid::new_v4().to_string());
    }
    let day = form::day::parse(values.get("departed_on"));
    if let Some(day) = day {
        values.set("departed_on", &day.to_string());
    }
    let day_type = if day.is_some() || values.get("departed_on").is_empty() { "date" } else { "text" };
    reader.page(StatusCode::UNPROCESSABLE_ENTITY, FORM, &FormView { values, errors: view, day_type })
}

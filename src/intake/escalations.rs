//! The form: served and sent.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    web,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    field_errors::{ErrorsView, FieldErrors},
    form::{self, Conditions},
    guide::leaf::Leaf,
};
use crate::{
    case::escalation::Hosting,
    casework::{Casework, foreign_domains, links::Purpose},
    clock::Day,
    lang::Language,
    web::{Fields, Reader, WebError, limit::client_address, see_other},
};

/// What `intake/form.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct FormView {
    /// Where it is sent to.
    action: String,
    /// Staff wrote down what stands in it.
    prepared: Option<PreparedNote>,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
    /// The kind of the field for a day. Browsers empty a `date` field whose value they can't read.
    day_type: &'static str,
    /// It could not be taken in now, through no fault of what was typed.
    not_sent: bool,
    /// The guide led here, and what was said there stands in the form.
    from_guide: bool,
}

/// When it was prepared, and until when it can be sent.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PreparedNote {
    pub on: Day,
    pub until: Day,
}

/// A form by its address: the empty one, or one that staff prepared.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent to.
    pub action: String,
    /// Where it is opened, as the language switch must.
    pub page: String,
    pub prepared: Option<PreparedNote>,
}

impl Form {
    fn empty() -> Self {
        Self { action: "/escalations".to_owned(), page: "/escalations/new".to_owned(), prepared: None }
    }

    /// The form with these values.
    pub fn show(&self, reader: &Reader, values: Fields) -> Result<HttpResponse, WebError> {
        reader.ok(FORM, &self.filled(values, ErrorsView::default()))
    }

    /// The form with all that was typed and all that is wrong with it.
    pub fn again(
        &self,
        reader: &Reader,
        values: Fields,
        errors: &FieldErrors,
    ) -> Result<HttpResponse, WebError> {
        let view = errors.view(reader.language);
        if reader.wants_json {
            return Err(view.into());
        }
        let reader = reader.clone().at(&self.page);
        reader.page(StatusCode::UNPROCESSABLE_ENTITY, FORM, &self.filled(values, view))
    }

    /// The form with all that was typed, to be sent once more: under the same request id, so that it makes one case even where
    /// it was taken in after all.
    pub fn not_now(&self, reader: &Reader, values: Fields) -> Result<HttpResponse, WebError> {
        let view = FormView { not_sent: true, ..self.filled(values, ErrorsView::default()) };
        let reader = reader.clone().at(&self.page);
        let mut answer = reader.page(StatusCode::SERVICE_UNAVAILABLE, FORM, &view)?;
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        Ok(answer)
    }

    fn filled(&self, mut values: Fields, errors: ErrorsView) -> FormView {
        for tick_box in ["successor_is_requester", "authority", "privacy"] {
            let ticked = if values.is_ticked(tick_box) { "true" } else { "" };
            values.set(tick_box, ticked);
        }
        if values.get("request_id").is_empty() || errors.errors.contains_key("request_id") {
            values.set("request_id", &Uuid::new_v4().to_string());
        }
        let day = form::day::parse(values.get("departed_on"));
        if let Some(day) = day {
            values.set("departed_on", &day.to_string());
        }
        let day_type = if day.is_some() || values.get("departed_on").is_empty() { "date" } else { "text" };
        let (action, prepared) = (self.action.clone(), self.prepared);
        FormView { action, prepared, values, errors, day_type, not_sent: false, from_guide: false }
    }
}

/// What a form is measured against now.
pub fn conditions(reader: &Reader, casework: &Casework) -> Conditions {
    let app = &casework.app;
    Conditions {
        today: app.clock.now().day_in(&app.zone),
        language: reader.language,
        foreign_domains: foreign_domains(&app.settings),
    }
}

const FORM: &str = "intake/form.html";

/// `GET /escalations/new`, with what the guide knows: `hosting`, and `guide` = the leaf somebody comes from.
pub async fn new(reader: Reader, request: HttpRequest) -> Result<HttpResponse, WebError> {
    let values = preset(request.query_string(), reader.language);
    let from_guide = values != Fields::default();
    let view = FormView { from_guide, ..Form::empty().filled(values, ErrorsView::default()) };
    reader.ok(FORM, &view)
}

/// Against an address made by somebody who wants others to send words of theirs: it only chooses among words of ours.
fn preset(query: &str, language: Language) -> Fields {
    let asked = Fields::decode(query.as_bytes()).unwrap_or_default();
    let mut values = Fields::default();
    if let Ok(hosting) = asked.get("hosting").parse::<Hosting>() {
        values.set("hosting", hosting.into());
    }
    if let Some(hint) = asked.get("guide").parse().ok().and_then(Leaf::hint) {
        values.set("explanation", &language.text(&format!("guide-hint-{hint}")));
    }
    values
}

/// `POST /escalations`
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    fields: Fields,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    match form::parse(&fields, &conditions(&reader, &casework)) {
        Ok(submission) => {
            let client = client_address(&request, &casework.app.settings);
            let opened = casework.open(submission.request_id, &submission.escalation, client).await;
            match opened.map_err(WebError::from) {
                Ok(opened) => Ok(see_other(&Purpose::Sent.path(&opened.page))),
                Err(WebError::Unavailable(error)) if !reader.wants_json => {
                    tracing::warn!(error = format!("{error:#}"), "an escalation could not be taken in now");
                    Form::empty().not_now(&reader, fields)
                }
                Err(error) => Err(error),
            }
        }
        Err(errors) => Form::empty().again(&reader, fields, &errors),
    }
}

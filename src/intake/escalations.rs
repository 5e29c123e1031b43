//! The form as a whole: sent, and come back.

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
};
use crate::{
    case::text::Text,
    casework::{
        Casework, foreign_domains,
        links::{Purpose, path},
    },
    clock::Day,
    lang::Language,
    web::{Fields, Reader, WebError, limit::client_address, see_other},
};

/// What `intake/form.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct FormView {
    /// Where it is sent to.
    action: String,
    /// Under which name the browser keeps what was typed.
    kept: String,
    /// Staff wrote down what stands in it.
    prepared: Option<PreparedNote>,
    /// What staff had prepared was over when it was sent.
    lapsed: bool,
    /// All questions on one page, not those of one step.
    step: &'static str,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
    limits: Limits,
    /// It was sent before.
    answered: bool,
    /// It could not be taken in now, through no fault of what was typed.
    not_sent: bool,
    /// The Enter key sends it.
    enter: bool,
    /// Where the language switch sends it; empty: where it is sent to.
    switch_at: &'static str,
}

/// What is said before anybody meets it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Limits {
    text: usize,
    licences: usize,
}

pub const LIMITS: Limits = Limits { text: Text::MAX, licences: form::MOST_LICENCES };

/// When it was prepared, and until when it can be sent.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PreparedNote {
    pub on: Day,
    pub until: Day,
}

/// The form on one page: one that staff prepared, or one that was sent as a whole and came back.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent to.
    pub action: String,
    /// Where it is opened.
    pub page: String,
    /// Under which name the browser keeps what was typed.
    pub kept: String,
    pub prepared: Option<PreparedNote>,
    /// What staff had prepared was over when it was sent; from here on it is a form like any other.
    pub lapsed: bool,
}

impl Form {
    pub fn empty() -> Self {
        Self {
            action: "/escalations".to_owned(),
            page: "/escalations/new".to_owned(),
            kept: KEPT.to_owned(),
            prepared: None,
            lapsed: false,
        }
    }

    /// The form with these values.
    pub fn show(
        &self,
        reader: &Reader,
        status: StatusCode,
        values: Fields,
    ) -> Result<HttpResponse, WebError> {
        self.page(reader, status, self.filled(values, ErrorsView::default()))
    }

    /// The form with all that was typed and all that is wrong with it.
    pub fn again(
        &self,
        reader: &Reader,
        mut values: Fields,
        errors: &FieldErrors,
    ) -> Result<HttpResponse, WebError> {
        let view = errors.view(reader.language);
        if reader.wants_json {
            return Err(view.into());
        }
        for (field, proposed) in errors.proposals() {
            values.set(field, proposed);
        }
        let view = FormView { answered: true, ..self.filled(values, view) };
        self.page(reader, StatusCode::UNPROCESSABLE_ENTITY, view)
    }

    /// The same form in the language that was asked for, with all that was typed; `None` where another button was pressed.
    pub fn in_other_language(
        &self,
        reader: &Reader,
        values: &Fields,
    ) -> Option<Result<HttpResponse, WebError>> {
        let language = Language::parse(values.get(SWITCH))?;
        let reader = reader.clone().speaking(language);
        let view = FormView { answered: true, ..self.filled(values.clone(), ErrorsView::default()) };
        Some(self.page(&reader, StatusCode::OK, view))
    }

    /// The form with all that was typed, to be sent once more: under the same request id, so that it makes one case even where
    /// it was taken in after all.
    pub fn not_now(&self, reader: &Reader, values: Fields) -> Result<HttpResponse, WebError> {
        let view = FormView { not_sent: true, answered: true, ..self.filled(values, ErrorsView::default()) };
        let mut answer = self.page(reader, StatusCode::SERVICE_UNAVAILABLE, view)?;
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        Ok(answer)
    }

    fn page(&self, reader: &Reader, status: StatusCode, view: FormView) -> Result<HttpResponse, WebError> {
        reader.clone().at(&self.page).page(status, FORM, &view)
    }

    fn filled(&self, mut values: Fields, errors: ErrorsView) -> FormView {
        if errors.errors.contains_key("request_id") {
            values.set("request_id", "");
        }
        make_whole(&mut values);
        FormView {
            action: self.action.clone(),
            kept: self.kept.clone(),
            prepared: self.prepared,
            lapsed: self.lapsed,
            step: "",
            values,
            errors,
            limits: LIMITS,
            answered: self.lapsed,
            not_sent: false,
            enter: true,
            switch_at: "",
        }
    }
}

/// Each form has an identifier, and each box is ticked in one way.
pub fn make_whole(values: &mut Fields) {
    for tick_box in form::TICK_BOXES {
        let ticked = if values.is_ticked(tick_box) { "true" } else { "" };
        values.set(tick_box, ticked);
    }
    if values.get("request_id").is_empty() {
        values.set("request_id", &Uuid::new_v4().to_string());
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

/// Whether the browser shows the answer in a frame, by its own word (Fetch Metadata).
fn is_framed(request: &HttpRequest) -> bool {
    request.headers().get("sec-fetch-dest").is_some_and(|place| place == "iframe")
}

/// The field of the buttons that show the same page in another language.
pub const SWITCH: &str = "switch_to";

/// Under which name a browser keeps the form that is everybody's.
pub const KEPT: &str = "escalation";

/// `POST /escalations`
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    mut fields: Fields,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    if let Some(page) = Form::empty().in_other_language(&reader, &fields) {
        return page;
    }
    form::mend(&mut fields);
    match form::parse(&fields, &conditions(&reader, &casework)) {
        Ok(submission) => {
            let client = client_address(&request, &casework.app.settings);
            let opened = casework.open(submission.request_id, &submission.escalation, client).await;
            match opened.map_err(WebError::from) {
                // A page behind a secret is shown in nobody's frame.
                Ok(_) if is_framed(&request) => Ok(see_other("/escalations/sent")),
                Ok(opened) => Ok(see_other(&path(Purpose::Sent, &opened.page))),
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

//! The form step by step, and the page that shows all answers before they are sent.
//!
//! Keeps nothing: what strangers typed and did not send travels with their pages, in hidden fields, and is read anew each time. Works
//! without script; with one, the browser keeps what was typed (`static/keep.js`).

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;
use uuid::Uuid;

use super::{
    escalations::{KEPT, LIMITS, Limits, SWITCH, conditions, make_whole},
    field_errors::{ErrorsView, FieldErrors},
    form::{
        self, Conditions,
        review::{Section, sections},
        step::{self, Step},
    },
    guide::leaf::Leaf,
};
use crate::{
    case::escalation::Hosting,
    casework::Casework,
    lang::Language,
    web::{Fields, Reader, WebError, see_other},
};

/// What takes the answers of a page.
pub const PATH: &str = "/escalations/steps";

/// Where the form begins.
const START: &str = "/escalations/new";

/// What `intake/step.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    step: &'static str,
    number: usize,
    steps: usize,
    kept: &'static str,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
    carried: Vec<(&'static str, String)>,
    limits: Limits,
    /// From the review, and back to it.
    returning: bool,
    /// What is in it was sent, so it is newer than what a browser kept.
    answered: bool,
    /// The guide led here, and what was said there stands in the form.
    from_guide: bool,
    /// Fields that the address chose.
    preset: &'static str,
    /// The Enter key goes on.
    enter: bool,
    /// Where the language switch sends the form.
    switch_at: &'static str,
}

/// What `intake/review.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct ReviewView {
    kept: &'static str,
    request_id: String,
    carried: Vec<(&'static str, String)>,
    sections: Vec<Section>,
    enter: bool,
    switch_at: &'static str,
}

/// `GET /escalations/new`, with what a link or the guide knows: `language`, `hosting`, and `guide` = the leaf somebody comes from.
/// `step` is where a browser that keeps the answers goes on.
pub async fn new(reader: Reader, request: HttpRequest) -> Result<HttpResponse, WebError> {
    let asked = Fields::decode(request.query_string().as_bytes()).unwrap_or_default();
    let step = asked.get("step").parse().unwrap_or(Step::FIRST);
    let mut view = step_view(step, preset(&asked, reader.language), ErrorsView::default());
    view.from_guide = asked.get("guide").parse::<Leaf>().is_ok();
    view.preset = if view.values.get("hosting").is_empty() { "" } else { "hosting" };
    reader.ok(STEP, &view)
}

/// Against an address made by somebody who wants others to send words of theirs: it only chooses among words of ours.
fn preset(asked: &Fields, language: Language) -> Fields {
    let mut values = Fields::default();
    if let Ok(hosting) = asked.get("hosting").parse::<Hosting>() {
        values.set("hosting", hosting.into());
    }
    if let Some(hint) = asked.get("guide").parse().ok().and_then(Leaf::hint) {
        values.set("explanation", &language.text(&format!("guide-hint-{hint}")));
    }
    values
}

/// `GET /escalations/steps`: an address that only forms are sent to, opened by hand.
pub async fn resume() -> HttpResponse {
    see_other(START)
}

/// `POST /escalations/steps`: the answers of one page, with those of the others. `go`: `next` | `back` | a step; `switch_to`: a
/// language, in which the same page is shown.
pub async fn take(
    reader: Reader,
    casework: web::Data<Casework>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let reader = match Language::parse(fields.get(SWITCH)) {
        Some(language) => reader.speaking(language),
        None => reader.reading(Language::parse(fields.get("language"))),
    };
    let steps = Steps { conditions: conditions(&reader, &casework), reader: reader.at(START) };
    steps.go(fields)
}

const STEP: &str = "intake/step.html";

struct Steps {
    reader: Reader,
    conditions: Conditions,
}

impl Steps {
    fn go(&self, mut typed: Fields) -> Result<HttpResponse, WebError> {
        if !typed.get("request_id").parse().is_ok_and(|id: Uuid| !id.is_nil()) {
            typed.set("request_id", "");
        }
        make_whole(&mut typed);
        let shown = typed.get("step").parse::<Step>();
        let on_review = typed.get("step") == "review";
        let step = shown.unwrap_or(if on_review { Step::LAST } else { Step::FIRST });
        let returning = typed.is_ticked("returning");
        if typed.find(SWITCH).is_some() {
            return if on_review { self.review(typed) } else { self.show(step, typed, returning) };
        }
        if let Ok(wanted) = typed.get("go").parse::<Step>() {
            return self.show(wanted, typed, true);
        }
        if typed.get("go") == "back" {
            let before = if on_review { Some(step) } else { step.before() };
            return self.show(before.unwrap_or(step), typed, false);
        }
        form::mend(&mut typed);
        let errors = self.mistakes(&typed).only(step.fields());
        if !errors.is_empty() {
            return self.again(step, typed, &errors, returning);
        }
        match step.next() {
            Some(next) if !returning => self.show(next, typed, false),
            _ => self.review(typed),
        }
    }

    /// All that is wrong so far. A month alone is enough here: the review shows which day is noted for it.
    fn mistakes(&self, typed: &Fields) -> FieldErrors {
        let mut settled = typed.clone();
        form::settle_month(&mut settled, &self.conditions);
        form::parse(&settled, &self.conditions).err().unwrap_or_default()
    }

    fn show(&self, step: Step, typed: Fields, returning: bool) -> Result<HttpResponse, WebError> {
        let view = StepView { returning, answered: true, ..step_view(step, typed, ErrorsView::default()) };
        self.reader.ok(STEP, &view)
    }

    fn again(
        &self,
        step: Step,
        mut typed: Fields,
        errors: &FieldErrors,
        returning: bool,
    ) -> Result<HttpResponse, WebError> {
        let view = errors.view(self.reader.language);
        if self.reader.wants_json {
            return Err(view.into());
        }
        for (field, proposed) in errors.proposals() {
            typed.set(field, proposed);
        }
        let view = StepView { returning, answered: true, ..step_view(step, typed, view) };
        self.reader.page(StatusCode::UNPROCESSABLE_ENTITY, STEP, &view)
    }

    /// Everything as it was understood; or, where something is wrong, the first page with a mistake.
    fn review(&self, mut typed: Fields) -> Result<HttpResponse, WebError> {
        form::mend(&mut typed);
        let mut settled = typed.clone();
        let month_only = form::settle_month(&mut settled, &self.conditions);
        match form::parse(&settled, &self.conditions) {
            Ok(submission) => {
                let view = ReviewView {
                    kept: KEPT,
                    request_id: submission.request_id.to_string(),
                    carried: step::all(&settled),
                    sections: sections(&submission.escalation, month_only, self.reader.language),
                    enter: false,
                    switch_at: PATH,
                };
                self.reader.ok("intake/review.html", &view)
            }
            Err(errors) => {
                let wrong = |step: &Step| !errors.only(step.fields()).is_empty();
                let step = step::in_order().find(wrong).unwrap_or(Step::FIRST);
                self.again(step, typed, &errors.only(step.fields()), true)
            }
        }
    }
}

fn step_view(step: Step, mut values: Fields, errors: ErrorsView) -> StepView {
    make_whole(&mut values);
    StepView {
        step: step.into(),
        number: step.number(),
        steps: Step::LAST.number(),
        kept: KEPT,
        carried: step.carried(&values),
        values,
        errors,
        limits: LIMITS,
        returning: false,
        answered: false,
        from_guide: false,
        preset: "",
        enter: true,
        switch_at: "",
    }
}

//! The way that all forms of a case page go: read, done, and answered.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};

use super::{
    conflict,
    entries::Entries,
    review,
    submission::{Request, Submission},
};
use crate::{
    case::refusal::Refusal,
    casework::{ActError, Acted, Written},
    desk::{
        api::{answer, stay},
        case_page::{self, Mistake, Typed},
    },
    web::{Problem, WebError, error::FieldError},
};

impl Submission {
    /// Reads the form and does what it asks for. `form` is its name on the page, `notice` the sentence after success.
    pub async fn perform(
        self,
        form: &str,
        notice: &'static str,
        read: impl FnOnce(&mut Entries<'_>) -> Option<Request>,
    ) -> Result<HttpResponse, WebError> {
        if self.fields.get("reconsider") == "true" {
            return self.reconsider(form).await;
        }
        let mut entries = Entries::new(&self.fields, self.reader.language);
        let read = read(&mut entries);
        let errors = entries.errors;
        let Some(request) = read.filter(|_| errors.is_empty()) else {
            return self.answer_invalid(form, errors).await;
        };
        stay::check(self.by_token.as_ref(), request.kind(), &self.page())?;
        if self.is_to_be_reviewed() {
            match review::rehearse(&self, &request).await {
                Ok(Some(page)) => return Ok(page),
                // Nothing goes out and nothing ends: nobody has to look first.
                Ok(None) => {}
                // Answered as the step itself is.
                Err(ActError::Refused(_) | ActError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        match self.carry_out(&request).await {
            Ok(acted) if self.by_token.is_some() => {
                Ok(answer::acted(acted.number.as_str(), acted.version, acted.state.place().as_str()))
            }
            Ok(acted) => {
                let case = || format!("/desk/cases/{}", acted.number);
                Ok(self.reader.see_other(&self.leads_to.clone().unwrap_or_else(case), notice))
            }
            Err(ActError::Stale { current }) if self.by_token.is_some() => self.answer_changed(current).await,
            Err(ActError::Stale { current }) if !self.reader.wants_json => {
                conflict::answer_stale(&self, &request, current).await
            }
            Err(ActError::Refused(refusal)) => match field_about(refusal) {
                // A slip of the fingers rather than a rule that stands against it.
                Some(field) => {
                    let errors = [(field, self.reader.language.text(&refusal.key()))].into();
                    self.answer_invalid(form, errors).await
                }
                None => self.refuse(refusal).await,
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Whether somebody wants to see first what it sends, as the forms of the case page ask for.
    fn is_to_be_reviewed(&self) -> bool {
        self.fields.get("review") == "true" && !self.reader.wants_json
    }

    /// The rules say no.
    pub async fn refuse(&self, refusal: Refusal) -> Result<HttpResponse, WebError> {
        if self.reader.wants_json {
            return Err(ActError::Refused(refusal).into());
        }
        conflict::answer_refused(self, refusal).await
    }

    /// The page of the case, as people reach it.
    fn page(&self) -> String {
        let number = self.path.split('/').skip_while(|part| *part != "cases").nth(1).unwrap_or_default();
        self.reader.app.link(&format!("/desk/cases/{}", number.to_uppercase()))
    }

    /// A program that looked at an older version: what happened since.
    async fn answer_changed(&self, current: i32) -> Result<HttpResponse, WebError> {
        let version = self.version.unwrap_or(current);
        let changes = case_page::list_since(&self.casework, self.case, version, self.reader.language).await?;
        let changes = serde_json::to_value(changes).map_err(anyhow::Error::from)?;
        let problem = Problem::new(StatusCode::PRECONDITION_FAILED, "version-stale")
            .with("current_version", current)
            .with("changes", changes)
            .with_header(header::ETAG, &answer::tag(current));
        Err(problem.into())
    }

    async fn carry_out(&self, request: &Request) -> Result<Acted, ActError> {
        let actor = self.staff.actor();
        match request {
            Request::Act(action) => self.casework.act(self.case, actor, action, self.version).await,
            Request::SaveDraft { subject, opening, closing } => {
                let (subject, opening, closing) = (subject.as_str(), opening.as_str(), closing.as_str());
                let written = Written { subject, opening, closing };
                self.casework.save_draft(self.case, actor, &written, self.version).await
            }
            Request::Approve { digest } => {
                let approver = (actor, Some(self.staff.session));
                self.casework.approve(self.case, approver, *digest, self.version).await
            }
            Request::DecideCallback { number, verdict, note } => {
                let (number, found) = (number.as_str(), (*verdict, note));
                self.casework.decide_callback(self.case, actor, number, found, self.version).await
            }
            Request::DecideDocument { files, answers, verdict, note } => {
                let (review, found) = ((files.as_slice(), answers), (*verdict, note));
                self.casework.decide_document(self.case, actor, review, found, self.version).await
            }
            Request::RemoveEvidence { file, reason } => {
                let reason = Some(reason.clone());
                self.casework.remove_evidence(self.case, actor, *file, reason, self.version).await
            }
            Request::AskForVouch { contact } => {
                self.casework.request_vouch(self.case, actor, *contact, self.version).await
            }
        }
    }

    /// The page again, with everything that was typed, for somebody who looked at it and wants it otherwise.
    async fn reconsider(self, form: &str) -> Result<HttpResponse, WebError> {
        let typed = Typed { form: form.to_owned(), values: self.fields, ..Typed::default() };
        case_page::render(&self.reader, &self.casework, &self.staff, self.case, StatusCode::OK, typed).await
    }

    /// The page again, with everything that was typed and what is wrong with it.
    async fn answer_invalid(
        self,
        form: &str,
        errors: BTreeMap<&'static str, String>,
    ) -> Result<HttpResponse, WebError> {
        if self.reader.wants_json {
            let errors =
                errors.into_iter().map(|(field, message)| FieldError { field: field.to_owned(), message });
            return Err(WebError::Invalid(errors.collect()));
        }
        let mistake = |(name, message): (&&str, &String)| Mistake {
            field: format!("{form}-{name}"),
            message: message.clone(),
        };
        let typed = Typed {
            form: form.to_owned(),
            error_list: errors.iter().map(mistake).collect(),
            values: self.fields,
            errors,
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        case_page::render(&self.reader, &self.casework, &self.staff, self.case, status, typed).await
    }
}

/// The field that a slip of the fingers was made in.
fn field_about(refusal: Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::NotOnRecord | Refusal::DepartedNumber => Some("number"),
        Refusal::NoVoucher => Some("contact"),
        Refusal::NothingCorrected => Some("company"),
        Refusal::NoEvidenceFile => Some("files"),
        Refusal::DecidedOn => Some("file"),
        Refusal::ChecklistNotMet => Some("checklist"),
        _ => None,
    }
}

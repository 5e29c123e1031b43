//! One form of a case page that was sent, and the way all of them go.

use std::collections::BTreeMap;

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode, web};
use uuid::Uuid;

use super::{conflict, entries::Entries};
use crate::{
    case::{
        action::Action,
        check::Verdict,
        document::Criterion,
        draft::Digest,
        refusal::Refusal,
        text::{Note, Text},
    },
    casework::{ActError, Acted, Casework, Written},
    desk::{
        case_page::{self, Mistake, Typed},
        session::SignedIn,
    },
    web::{Fields, Reader, WebError, error::FieldError},
};

/// Who sent what about which case.
#[derive(Debug)]
pub struct Submission {
    pub reader: Reader,
    pub casework: web::Data<Casework>,
    pub staff: SignedIn,
    pub case: Uuid,
    /// The address the form was sent to.
    pub path: String,
    pub fields: Fields,
    /// The version of the case that the form was made from. A script that looked at nothing sends none and takes the
    /// case as it is.
    pub version: Option<i32>,
    /// Where the browser goes after success; `None` for the case.
    pub leads_to: Option<String>,
}

/// What a form asks for.
#[derive(Debug)]
pub enum Request {
    Act(Action),
    SaveDraft {
        subject: Text,
        opening: Text,
        closing: Text,
    },
    /// These bytes were looked at and are right.
    Approve {
        digest: Digest,
    },
    /// Staff called this number.
    DecideCallback {
        number: Text,
        verdict: Verdict,
        note: Note,
    },
    /// Staff looked at these files and answered the checklist.
    DecideDocument {
        files: Vec<Uuid>,
        answers: BTreeMap<Criterion, bool>,
        verdict: Verdict,
        note: Note,
    },
    /// This file of the case was put there by mistake.
    RemoveEvidence {
        file: Uuid,
        reason: Note,
    },
    /// This contact on record is to be asked.
    AskForVouch {
        contact: Uuid,
    },
}

impl FromRequest for Submission {
    type Error = WebError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let fields = Fields::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let fields = fields.await?;
            let number = request.match_info().get("number").unwrap_or_default();
            let missing = || anyhow::anyhow!("the web application was put together without casework");
            let casework = request.app_data::<web::Data<Casework>>().ok_or_else(missing)?.clone();
            Ok(Self {
                case: case_page::find(&casework, number).await?,
                reader: Reader::of(&request)?.at(&format!("/desk/cases/{}", number.to_uppercase())),
                staff: SignedIn::extract(&request).await?,
                path: request.path().to_owned(),
                version: fields.get("version").parse().ok(),
                leads_to: None,
                casework,
                fields,
            })
        })
    }
}

impl Submission {
    /// Reads the form and does what it asks for. `form` is its name on the page, `notice` the sentence after success.
    pub async fn perform(
        self,
        form: &str,
        notice: &'static str,
        read: impl FnOnce(&mut Entries<'_>) -> Option<Request>,
    ) -> Result<HttpResponse, WebError> {
        let mut entries = Entries::new(&self.fields, self.reader.language);
        let read = read(&mut entries);
        let errors = entries.errors;
        let Some(request) = read.filter(|_| errors.is_empty()) else {
            return self.answer_invalid(form, errors).await;
        };
        match self.carry_out(&request).await {
            Ok(acted) => {
                let case = || format!("/desk/cases/{}", acted.number);
                Ok(self.reader.see_other(&self.leads_to.clone().unwrap_or_else(case), notice))
            }
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

    /// The rules say no.
    pub async fn refuse(&self, refusal: Refusal) -> Result<HttpResponse, WebError> {
        if self.reader.wants_json {
            return Err(ActError::Refused(refusal).into());
        }
        conflict::answer_refused(self, refusal).await
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
                self.casework.approve(self.case, actor, *digest, self.version).await
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

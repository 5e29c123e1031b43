//! Evidence files from staff: what reached them by letter or fax is put to the case like any other; what came by mistake is
//! taken out, with a reason.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, http::StatusCode, web};

use super::submission::{Request, Submission};
use crate::{
    casework::{AddError, Casework},
    desk::{
        api::answer,
        case_page::{self, Mistake, Typed},
        door::Door,
    },
    evidence::Rejection,
    staff::{again::Again, session::SignedIn},
    web::{
        Reader, WebError,
        error::FieldError,
        upload::{Queue, Uploads},
    },
};

/// `POST /evidence`, `multipart/form-data`: `file`.
pub async fn add(
    reader: Reader,
    casework: Door,
    again: Again,
    uploads: web::Data<Uploads>,
    number: web::Path<String>,
    form: Multipart,
) -> Result<HttpResponse, WebError> {
    let case = case_page::find(&casework, &number).await?;
    let reader = reader.at(&format!("/desk/cases/{}", number.to_uppercase()));
    let read = uploads.read(Queue::Desk, form).await?;
    let staff = again.ask().await?;
    let rejection = match read {
        Err(missing) => missing.into(),
        Ok(upload) => {
            let added = casework.add_evidence(case, staff.actor(), &upload.name, upload.bytes).await;
            match added {
                Ok(acted) if casework.by_token.is_some() => {
                    let place = acted.state.place();
                    return Ok(answer::acted(acted.number.as_str(), acted.version, place.as_str()));
                }
                Ok(acted) => {
                    let page = format!("/desk/cases/{}", acted.number);
                    return Ok(reader.see_other(&page, "notice-evidence-added"));
                }
                Err(AddError::Rejected(rejection)) => rejection,
                Err(AddError::Act(error)) => return Err(error.into()),
            }
        }
    };
    refuse(&reader, &casework, &staff, case, rejection).await
}

/// `POST /evidence-removal`: `file`, the id of a file that no decision was made on, and `reason`.
pub async fn remove(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("removal", "notice-evidence-removed", |entries| {
            let file = entries.choice("file");
            let reason = entries.note("reason");
            Some(Request::RemoveEvidence { file: file?, reason: reason? })
        })
        .await
}

/// The page again, with why the file was not taken.
async fn refuse(
    reader: &Reader,
    casework: &Casework,
    staff: &SignedIn,
    case: uuid::Uuid,
    rejection: Rejection,
) -> Result<HttpResponse, WebError> {
    let message = rejection.sentence(casework.cabinet.limits, reader.language);
    if reader.wants_json {
        return Err(WebError::Invalid(vec![FieldError { field: "file".to_owned(), message }]));
    }
    let typed = Typed {
        form: "evidence".to_owned(),
        error_list: vec![Mistake { field: "evidence-file".to_owned(), message: message.clone() }],
        errors: [("file", message)].into(),
        ..Typed::default()
    };
    case_page::render(reader, casework, staff, case, StatusCode::UNPROCESSABLE_ENTITY, typed).await
}

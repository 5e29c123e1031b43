//! Evidence files from staff: what reached them by letter or fax is put to the case like any other.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, http::StatusCode, web};

use crate::{
    casework::{AddError, Casework},
    desk::{
        case_page::{self, Mistake, Typed},
        session::SignedIn,
    },
    evidence::Rejection,
    web::{
        Reader, WebError,
        error::FieldError,
        upload::{Queue, Uploads},
    },
};

/// `POST /evidence`, `multipart/form-data`: `file`.
pub async fn add(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    uploads: web::Data<Uploads>,
    number: web::Path<String>,
    form: Multipart,
) -> Result<HttpResponse, WebError> {
    let case = case_page::find(&casework, &number).await?;
    let reader = reader.at(&format!("/desk/cases/{}", number.to_uppercase()));
    let rejection = match uploads.read(Queue::Desk, form).await? {
        Err(missing) => missing.into(),
        Ok(upload) => {
            let added = casework.add_evidence(case, staff.actor(), &upload.name, upload.bytes).await;
            match added {
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

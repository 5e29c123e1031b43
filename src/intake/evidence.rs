//! Files that the requester puts to the case. None can be had back: what was sent stays with the desk.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};

use super::{cases, field_errors::ErrorsView, links};
use crate::{
    case::actor::Actor,
    casework::{AddError, Casework, links::Purpose},
    web::{
        Fields, Reader, WebError,
        error::FieldError,
        upload::{Queue, Uploads},
    },
};

/// `POST /cases/{token}/evidence`, `multipart/form-data`: `file`.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    uploads: web::Data<Uploads>,
    token: web::Path<String>,
    form: Multipart,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let rejection = match uploads.read(Queue::Public, form).await? {
        Err(missing) => missing.into(),
        Ok(upload) => {
            let case = loaded.case.id;
            match casework.add_evidence(case, Actor::Requester, &upload.name, upload.bytes).await {
                Ok(_) => {
                    let page = format!("{}#evidence", cases::address(&token));
                    return Ok(reader.see_other(&page, "notice-evidence-added"));
                }
                Err(AddError::Rejected(rejection)) => rejection,
                Err(AddError::Act(error)) => return Err(error.into()),
            }
        }
    };
    let message = rejection.sentence(casework.cabinet.limits, reader.language);
    let errors = ErrorsView {
        errors: [("file", message.clone())].into(),
        error_list: vec![FieldError { field: "file".to_owned(), message }],
    };
    cases::answer_invalid(&reader, &casework, &token, &loaded, Fields::default(), errors).await
}

//! Files that the requester puts to the case. None can be had back. What was sent by mistake can be removed until it is decided
//! on.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use uuid::Uuid;

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

/// `POST /cases/{token}/evidence/{id}/removal`
pub async fn remove(
    reader: Reader,
    casework: web::Data<Casework>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let (token, id) = path.into_inner();
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let file: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    casework.remove_evidence(loaded.case.id, Actor::Requester, file, None, None).await?;
    Ok(reader.see_other(&format!("{}#evidence", cases::address(&token)), "notice-evidence-removed"))
}

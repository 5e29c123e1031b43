//! Files that the requester puts to the case. None can be had back. What was sent by mistake can be removed until it is decided
//! on.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::{cases, files::FileAnswer, links};
use crate::{
    case::actor::Actor,
    casework::{AddError, Casework, links::Purpose},
    evidence::{Rejection, name},
    web::{
        Reader, WebError,
        upload::{Arrived, Queue, Uploads},
    },
};

/// `POST /cases/{token}/evidence`, `multipart/form-data`: `file`, once or oftener. Each is taken or refused by itself, and has an
/// answer of its own.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    uploads: web::Data<Uploads>,
    token: web::Path<String>,
    form: Multipart,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let language = reader.language;
    let sentence = |rejection: Rejection| rejection.sentence(casework.cabinet.limits, language);
    let mut answers = Vec::new();
    match uploads.begin(Queue::Public, form).await? {
        Err(missing) => answers.push(FileAnswer::refused("", sentence(missing.into()))),
        Ok(mut incoming) => {
            while let Some(Arrived { name, bytes }) = incoming.next().await? {
                let shown = name::clean(&name).unwrap_or_default();
                let bytes = match bytes {
                    Ok(bytes) => bytes,
                    Err(missing) => {
                        answers.push(FileAnswer::refused(&shown, sentence(missing.into())));
                        continue;
                    }
                };
                match casework.add_evidence(loaded.case.id, Actor::Requester, &name, bytes).await {
                    Ok(_) => answers.push(FileAnswer::taken(shown)),
                    Err(AddError::Rejected(rejection)) => {
                        answers.push(FileAnswer::refused(&shown, sentence(rejection)));
                    }
                    Err(AddError::Act(error)) if answers.is_empty() => return Err(error.into()),
                    // Of what came before it there is an answer already, which must be told.
                    Err(AddError::Act(error)) => {
                        tracing::warn!(error = %error, "a file of several could not be taken in");
                        answers.push(FileAnswer::refused(&shown, sentence(Rejection::BrokenOff)));
                        break;
                    }
                }
            }
        }
    }
    let taken = answers.iter().filter(|answer| answer.taken).count();
    if taken == 0 && answers.is_empty() {
        answers.push(FileAnswer::refused("", sentence(Rejection::NoFile)));
    }
    if taken == answers.len() {
        if reader.wants_json {
            return Ok(HttpResponse::Created().json(serde_json::json!({ "files": answers })));
        }
        let page = format!("{}#evidence", cases::address(&token));
        let notice = if taken == 1 { "notice-evidence-added" } else { "notice-evidence-several-added" };
        return Ok(reader.see_other(&page, notice));
    }
    let errors = FileAnswer::errors(&answers, reader.language, reader.wants_json);
    cases::answer_files(&reader, &casework, &token, &loaded, (errors, answers)).await
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

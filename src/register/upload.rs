//! `POST /api/v1/register/imports`: what `register import` does, with a file that an administrator's program sends. One at a time.
//!
//! The attacker is whoever has such a token: with the register they change what checks rest on. So the trail of administration names
//! the token and its owner, the import's history the owner, and the token needs an administrator's role at that moment.

use actix_web::{HttpResponse, http::header, web};
use serde_json::json;
use tokio::sync::Semaphore;

use super::import::{self, Mapping, MappingChoice, Sender};
use crate::{
    casework::Casework,
    lang::{Arguments, Language},
    staff::{session::SignedIn, tokens::ByToken},
    web::{
        Body, Reader, WebError,
        error::{FieldError, Overloaded},
    },
};

static IMPORTING: Semaphore = Semaphore::const_new(1);
/// So many refused lines are told.
const MOST_REFUSED: usize = 200;

/// What the address may say besides; the guard has looked at it.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Query {
    preset: String,
    dry_run: String,
}

pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    by: web::ReqData<ByToken>,
    query: web::Query<Query>,
    body: web::ReqData<Body>,
) -> Result<HttpResponse, WebError> {
    let choice = match query.preset.as_str() {
        "" => MappingChoice::default(),
        preset => MappingChoice::Preset(preset.to_owned()),
    };
    let mapping = Mapping::load(&choice)?;
    let Body(file) = body.into_inner();
    let _place = IMPORTING.try_acquire().map_err(|_| anyhow::Error::from(Overloaded))?;
    let sender = Sender { staff: staff.id, name: &staff.name, token: by.id };
    let (app, shared) = (&casework.app, &casework.rules.shared_domains);
    let now = app.clock.now();
    let imported =
        import::import_sent(&app.pool, now, &file, (&mapping, sender), shared, query.dry_run == "true");
    let report = match imported.await {
        Ok(report) => report,
        Err(error) if error.chain().any(|cause| cause.is::<sqlx::Error>()) => return Err(error.into()),
        // The file as a whole can't be read.
        Err(_) => return Err(WebError::Invalid(vec![unreadable(reader.language)])),
    };
    let refused: Vec<_> = report
        .refused
        .iter()
        .take(MOST_REFUSED)
        .map(|refused| {
            let (key, reason) = (refused.reason.key(), refused.reason.text(reader.language));
            json!({ "line": refused.line, "key": key, "reason": reason })
        })
        .collect();
    let body = json!({
        "dry_run": report.dry_run,
        "lines": report.lines,
        "added": report.entitlements.added,
        "changed": report.entitlements.changed,
        "unchanged": report.entitlements.unchanged,
        "refused_lines": report.refused.len(),
        "refused": refused,
    });
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}

fn unreadable(language: Language) -> FieldError {
    FieldError {
        field: "file".to_owned(),
        message: language.text_with("api-file-unreadable", &Arguments::new()),
    }
}

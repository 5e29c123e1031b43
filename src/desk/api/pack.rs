//! `GET /api/v1/cases/{number}/pack`: the evidence pack for programs, the very bytes of the page's. A token needs a scope of its own,
//! since a pack holds what nothing else here gives out; its owner has to be an auditor or an administrator.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer;
use crate::{
    casework::Casework,
    desk::pack::{self, WHATS},
    staff::session::SignedIn,
    web::{Reader, WebError},
};

pub async fn download(
    request: HttpRequest,
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    number: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let pairs = answer::parameters(&request, &["what"])?;
    let what = answer::value(&pairs, "what");
    // Whoever misspells `redacted` must not get everything.
    if !what.is_empty() && !WHATS.contains(&what) {
        return Err(answer::wrong_parameters(&request, &["what"])?.into());
    }
    pack::send(&reader, &casework, &staff, &number, what).await
}

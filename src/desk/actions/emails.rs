//! Sending a refused e-mail once more, the very same bytes.

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::submission::{Request, Submission};
use crate::{
    case::{action::Action, refusal::Refusal},
    mail::outbox::{self, EmailState},
    web::WebError,
};

/// `POST /emails/{id}/retry`. Only an e-mail of this case that was given up.
pub async fn retry(
    submission: Submission,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let id: Uuid = path.1.parse().map_err(|_| WebError::NotFound)?;
    let mut connection = submission.casework.app.pool.acquire().await?;
    let emails = outbox::list_for(&mut connection, submission.case).await?;
    drop(connection);
    let email = emails.iter().find(|email| email.id == id).ok_or(WebError::NotFound)?;
    if email.state == EmailState::Cancelled {
        return submission.refuse(Refusal::NotNow).await;
    }
    if email.state != EmailState::Failed {
        // Somebody else pressed the same button a moment ago.
        let location = format!("{}#letters", submission.path.split("/emails/").next().unwrap_or_default());
        return Ok(submission.reader.see_other(&location, "notice-email-retried"));
    }
    let action = Action::RetryEmail { email: id, to_atlassian: email.atlassian };
    submission.perform("retry", "notice-email-retried", |_| Some(Request::Act(action))).await
}

//! What staff do with an e-mail of a case: send the same bytes once more, write the letter anew, hold it back, or say
//! that they know it did not arrive. Pressing a button twice does it once.

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::submission::{Request, Submission};
use crate::{
    case::{action::Action, refusal::Refusal},
    desk::{
        api::answer,
        letters::{Letter, may_be_replaced},
    },
    mail::outgoing::{
        listed::{self, ListedEmail},
        outbox::EmailState,
    },
    web::WebError,
};

type Path = web::Path<(String, String)>;

/// `POST /emails/{id}/retry`. Only an e-mail of this case that was given up.
pub async fn retry(submission: Submission, path: Path) -> Result<HttpResponse, WebError> {
    let (submission, email) = find(submission, &path).await?;
    let action = Action::RetryEmail { email: email.id, to_atlassian: email.atlassian };
    match email.state {
        Some(EmailState::Failed) if !email.replaced => {
            submission.handle("retry", "notice-email-retried", action).await
        }
        None | Some(EmailState::Failed | EmailState::Cancelled) => submission.refuse(Refusal::NotNow).await,
        // Somebody else pressed the same button a moment ago.
        Some(EmailState::Queued | EmailState::Sent) => submission.done("notice-email-retried").await,
    }
}

/// `POST /emails/{id}/replacement`. A letter that came back, was given up long ago or was held back.
pub async fn replace(submission: Submission, path: Path) -> Result<HttpResponse, WebError> {
    let (submission, email) = find(submission, &path).await?;
    if email.replaced {
        return submission.done("notice-email-replaced").await;
    }
    match Letter::of(&email).filter(|_| may_be_replaced(&email)) {
        Some(Letter(notification)) => {
            let action = Action::ResendLetter { email: email.id, notification };
            submission.handle("replacement", "notice-email-replaced", action).await
        }
        None => submission.refuse(Refusal::NotNow).await,
    }
}

/// `POST /emails/{id}/cancellation`. A letter that still waits.
pub async fn cancel(submission: Submission, path: Path) -> Result<HttpResponse, WebError> {
    let (submission, email) = find(submission, &path).await?;
    match (email.state, Letter::of(&email)) {
        (Some(EmailState::Cancelled), _) => submission.done("notice-email-cancelled").await,
        (Some(EmailState::Queued), Some(Letter(notification))) => {
            let action = Action::CancelLetter { email: email.id, notification };
            submission.handle("cancellation", "notice-email-cancelled", action).await
        }
        (Some(EmailState::Queued), None) => submission.refuse(Refusal::LetterAwaited).await,
        (Some(EmailState::Sent | EmailState::Failed), _) => {
            submission.refuse(Refusal::AlreadyHandedOver).await
        }
        (None, _) => submission.refuse(Refusal::NotNow).await,
    }
}

/// `POST /emails/{id}/settlement`. One that did not arrive.
pub async fn settle(submission: Submission, path: Path) -> Result<HttpResponse, WebError> {
    let (submission, email) = find(submission, &path).await?;
    if email.seen_at.is_some() {
        return submission.done("notice-email-settled").await;
    }
    if !email.is_dead() {
        return submission.refuse(Refusal::NotNow).await;
    }
    let action = Action::SettleLetter { email: email.id };
    submission.handle("settlement", "notice-email-settled", action).await
}

/// The e-mail of the case, and where the answer leads: back to the list of all e-mails, or to those of the case.
async fn find(mut submission: Submission, path: &Path) -> Result<(Submission, ListedEmail), WebError> {
    let id: Uuid = path.1.parse().map_err(|_| WebError::NotFound)?;
    let app = &submission.casework.app;
    let mut connection = app.pool.acquire().await?;
    let emails = listed::list_for(&mut connection, submission.case, app.clock.for_leases()).await?;
    drop(connection);
    let email = emails.into_iter().find(|email| email.id == id).ok_or(WebError::NotFound)?;
    let case = submission.path.split("/emails/").next().unwrap_or_default();
    let listed = submission.fields.get("from") == "mail";
    submission.leads_to = Some(if listed { "/desk/mail".to_owned() } else { format!("{case}#timeline") });
    Ok((submission, email))
}

impl Submission {
    async fn handle(
        self,
        form: &str,
        notice: &'static str,
        action: Action,
    ) -> Result<HttpResponse, WebError> {
        self.perform(form, notice, |_| Some(Request::Act(action))).await
    }

    /// It is done already.
    async fn done(&self, notice: &'static str) -> Result<HttpResponse, WebError> {
        if self.by_token.is_some() {
            let loaded = self.casework.load(self.case).await?.ok_or(WebError::NotFound)?;
            let case = &loaded.case;
            return Ok(answer::acted(case.number.as_str(), loaded.version, case.state.place().as_str()));
        }
        Ok(self.reader.see_other(self.leads_to.as_deref().unwrap_or("/desk/cases"), notice))
    }
}

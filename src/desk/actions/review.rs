//! What a step would send, shown before it is taken: the letters as their readers get them, and once more whether a case that
//! is to end shall end.
//!
//! The page sends the same form again, without asking to look. It takes no step itself.

use actix_web::HttpResponse;
use serde::Serialize;
use uuid::Uuid;

use super::submission::{Request, Submission};
use crate::{
    case::{outcome::Notification, state::State},
    casework::{ActError, Rehearsed},
    desk::message::MessageView,
    web::WebError,
};

/// `desk/review.html`.
#[derive(Debug, Serialize)]
struct ReviewView {
    number: String,
    company: String,
    /// The address of the form, and what was sent to it.
    path: String,
    fields: Vec<(String, String)>,
    letters: Vec<LetterView>,
    /// The case ends with it.
    ends: bool,
}

#[derive(Debug, Serialize)]
struct LetterView {
    notification: Notification,
    message: MessageView,
    held_back: bool,
}

/// The page; `None` where the step sends nothing and ends nothing, or can't be rehearsed.
pub async fn rehearse(submission: &Submission, request: &Request) -> Result<Option<HttpResponse>, ActError> {
    let step = match request {
        Request::Act(action) => Rehearsed::Act(action),
        Request::AskForVouch { contact } => Rehearsed::RequestVouch { contact: *contact },
        _ => return Ok(None),
    };
    let Submission { casework, case, staff, version, .. } = submission;
    let rehearsal = casework.rehearse(*case, staff.actor(), step, *version).await?;
    let ends = matches!(rehearsal.state, State::Closed { .. });
    if rehearsal.letters.is_empty() && !ends {
        return Ok(None);
    }
    let letters = rehearsal.letters.into_iter().map(|letter| {
        Ok(LetterView {
            notification: letter.notification.parse()?,
            message: MessageView::of(&letter.raw)?,
            held_back: letter.held_back,
        })
    });
    let letters = letters.collect::<anyhow::Result<Vec<_>>>()?;
    answer(submission, *case, letters, ends).await.map(Some)
}

async fn answer(
    submission: &Submission,
    case: Uuid,
    letters: Vec<LetterView>,
    ends: bool,
) -> Result<HttpResponse, ActError> {
    let loaded = submission.casework.load(case).await?.ok_or(ActError::NotFound)?;
    let fields = &submission.fields.0;
    let view = ReviewView {
        number: loaded.case.number.to_string(),
        company: loaded.escalation.company,
        path: submission.path.clone(),
        fields: fields
            .iter()
            .filter(|(name, _)| name.as_str() != "review")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        letters,
        ends,
    };
    let page = submission.reader.ok("desk/review.html", &view);
    page.map_err(|error: WebError| ActError::Other(anyhow::anyhow!("could not show a review: {error:?}")))
}

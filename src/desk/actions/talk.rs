//! Questions to the customer, notes among staff, what was looked at, and who has the case.

use actix_web::HttpResponse;
use uuid::Uuid;

use super::submission::{Request, Submission};
use crate::{
    case::{action::Action, actor::StaffId},
    desk::staff,
    web::WebError,
};

/// `POST /question`: `question`.
pub async fn ask(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("question", "notice-asked", |entries| {
            Some(Request::Act(Action::AskCustomer { question: entries.note("question")? }))
        })
        .await
}

/// `POST /notes`: `note`. Stands in nobody's way, so it needs no version.
pub async fn add_note(mut submission: Submission) -> Result<HttpResponse, WebError> {
    submission.version = None;
    submission
        .perform("note", "notice-note-added", |entries| {
            Some(Request::Act(Action::AddNote { note: entries.note("note")? }))
        })
        .await
}

/// `POST /seen`: somebody has looked at what is new. With `version`, at no more than what the page showed.
pub async fn mark_seen(submission: Submission) -> Result<HttpResponse, WebError> {
    submission.perform("seen", "notice-seen", |_| Some(Request::Act(Action::MarkSeen))).await
}

/// `POST /assignment`: `owner` (`me` | `none` | the id of a colleague).
pub async fn assign(submission: Submission) -> Result<HttpResponse, WebError> {
    let mut connection = submission.casework.app.pool.acquire().await?;
    let members = staff::list_members(&mut connection).await?;
    drop(connection);
    let me = submission.staff.id;
    submission
        .perform("assignment", "notice-assigned", |entries| {
            let owner = match entries.get("owner") {
                "me" => Some(me),
                "none" => None,
                id => {
                    let id: Option<Uuid> = id.parse().ok();
                    let known = members.iter().any(|member| member.works_cases && Some(member.id) == id);
                    if !known {
                        entries.refuse("owner", "desk-choose");
                    }
                    id.map(StaffId)
                }
            };
            Some(Request::Act(Action::Assign { owner }))
        })
        .await
}

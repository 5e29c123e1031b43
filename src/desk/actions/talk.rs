//! Questions to the customer, notes among staff, what was looked at, and who has the case.

use actix_web::HttpResponse;
use uuid::Uuid;

use super::{
    entries::Entries,
    submission::{Request, Submission},
};
use crate::{
    administration::variables::Kind,
    case::{action::Action, actor::StaffId, reference::Reference},
    staff::members::{self, Member},
    web::WebError,
};

/// `POST /question`: `question`; `block`, the version of a text block that it began with, may be left out.
pub async fn ask(submission: Submission) -> Result<HttpResponse, WebError> {
    let block = submission.find_block(Kind::Question).await?;
    submission
        .perform("question", "notice-asked", |entries| {
            let question = entries.note("question");
            entries.refuse_gap("question");
            Some(Request::Act(Action::AskCustomer { question: question?.from_block(block) }))
        })
        .await
}

/// `POST /notes`: `note`; `block` as above. Stands in nobody's way, so it needs no version.
pub async fn add_note(mut submission: Submission) -> Result<HttpResponse, WebError> {
    submission.version = None;
    let block = submission.find_block(Kind::Note).await?;
    submission
        .perform("note", "notice-note-added", |entries| {
            Some(Request::Act(Action::AddNote { note: entries.note("note")?.from_block(block) }))
        })
        .await
}

/// `POST /seen`: somebody has looked at what is new. With `version`, at no more than what the page showed.
pub async fn mark_seen(submission: Submission) -> Result<HttpResponse, WebError> {
    submission.perform("seen", "notice-seen", |_| Some(Request::Act(Action::MarkSeen))).await
}

/// `POST /reminder`: the letter that was not answered goes out once more.
pub async fn remind(submission: Submission) -> Result<HttpResponse, WebError> {
    submission.perform("reminder", "notice-reminded", |_| Some(Request::Act(Action::Remind))).await
}

/// `POST /assignment`: `owner` (`me` | `none` | the id of a colleague).
pub async fn assign(submission: Submission) -> Result<HttpResponse, WebError> {
    let mut connection = submission.casework.app.pool.acquire().await?;
    let members = members::list_members(&mut connection).await?;
    drop(connection);
    let me = submission.staff.id;
    submission
        .perform("assignment", "notice-assigned", |entries| {
            Some(Request::Act(Action::Assign { owner: read_owner(entries, me, &members)? }))
        })
        .await
}

/// `POST /reference`: `reference`; an empty one takes it away.
pub async fn refer(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("reference", "notice-referred", |entries| {
            let typed = entries.get("reference").to_owned();
            if typed.is_empty() {
                return Some(Request::Act(Action::Refer { reference: None }));
            }
            let reference: Option<Reference> = typed.parse().ok();
            if reference.is_none() {
                entries.refuse("reference", "desk-reference-wrong");
            }
            Some(Request::Act(Action::Refer { reference: Some(reference?) }))
        })
        .await
}

/// The field `owner`: the reader, nobody, or a colleague who works cases.
pub fn read_owner(entries: &mut Entries<'_>, me: StaffId, members: &[Member]) -> Option<Option<StaffId>> {
    match entries.get("owner") {
        "me" if members.iter().any(|member| member.works_cases && member.id == me.0) => Some(Some(me)),
        "none" => Some(None),
        id => {
            let id: Option<Uuid> = id.parse().ok();
            let known = members.iter().find(|member| member.works_cases && Some(member.id) == id);
            if known.is_none() {
                entries.refuse("owner", "desk-choose");
            }
            known.map(|member| Some(StaffId(member.id)))
        }
    }
}

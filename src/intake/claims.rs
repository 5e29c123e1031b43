//! What the requester tells us by themselves: that Atlassian wrote to them, or who else at the company could confirm.
//!
//! Their word alone: it is shown to staff as new and moves no case. Whoever is named here is written to only if the register has
//! them, which staff see and this page does not tell.

use actix_web::{HttpResponse, web};

use super::{cases, form::answers::Answers, links};
use crate::{
    case::{action::Action, correspondence::Topic, text::Note},
    casework::{Casework, links::Purpose},
    web::{Fields, Reader, WebError},
};

/// `POST /cases/{token}/claims/{topic}`: field `atlassian_answered` or `voucher`, as the topic is called.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let (token, topic) = path.into_inner();
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let topic: Topic = topic.parse().map_err(|_| WebError::NotFound)?;
    let missing = match topic {
        Topic::AtlassianAnswered => "intake-error-claim-atlassian",
        Topic::Voucher => "intake-error-claim-voucher",
    };
    let mut answers = Answers::new(&fields);
    let Some(text) = answers.text(topic.as_str(), missing) else {
        let errors = answers.errors;
        return cases::again(&reader, &casework, &token, &loaded, fields, &errors).await;
    };
    let action = Action::Tell { topic, note: Note::new(text) };
    cases::act(&reader, &casework, &token, &loaded, &action, "notice-told").await
}

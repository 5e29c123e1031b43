//! `/api/v1/quarantine`: mail that no rule could assign, as the page shows it; decided about by the page's functions.
//!
//! Never the bytes of a message or of a file in it: those are saved by people, past the scanner and with their name. All of it is its
//! writer's claim. A link of ours that came back in it ended in the moment in which it could be read.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PATH, answer};
use crate::{
    casework::{Casework, find_numbers},
    clock::Timestamp,
    desk::quarantine::{likely_writer, may_be_answered},
    evidence::name,
    mail::incoming::quarantine::{self, SetAside},
    message::Attachment,
    web::WebError,
};

/// A page of messages, longest waiting first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Quarantine {
    messages: Vec<MessageSummary>,
    total: i64,
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MessageSummary {
    id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// Why no rule could assign it.
    reason: String,
    from: Option<String>,
    subject: Option<String>,
    /// The case that it might be about: it names it, and nothing shows that its writer may.
    guess: Option<String>,
}

/// A message that waits for staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinedMessage {
    id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    reason: String,
    /// `reply`, `bounce`, …; nothing where it could not be read.
    kind: Option<String>,
    from: Option<String>,
    subject: Option<String>,
    /// Plain text; the beginning of the bytes where nothing could be read.
    text: String,
    guess: Option<String>,
    /// Who probably wrote it.
    writer: &'static str,
    /// Somebody may have written it.
    may_be_answered: bool,
    /// What is odd about it.
    remarks: Vec<String>,
    /// Bytes of the whole message.
    size: i64,
    files: Vec<MessageFile>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MessageFile {
    name: Option<String>,
    /// What its sender says that it is.
    media_type: String,
    size: usize,
}

pub async fn list(request: HttpRequest, casework: web::Data<Casework>) -> Result<HttpResponse, WebError> {
    let pairs = answer::parameters(&request, &["after", "limit"])?;
    let Some(limit) = answer::limit(&pairs) else {
        return Err(answer::wrong_parameters(&request, &["limit"])?.into());
    };
    let after = answer::id(&request, &pairs, "after")?;
    let one_more = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let mut connection = casework.app.pool.acquire().await?;
    let mut rows = quarantine::list_set_aside(&mut connection, after, one_more).await?;
    let total = quarantine::count_set_aside(&mut connection).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let guesses = guesses(&mut connection, &rows).await?;
    drop(connection);
    let next = rows.last().filter(|_| more);
    let next = next.map(|last| format!("{PATH}/quarantine?after={}&limit={limit}", last.id));
    let messages = rows.into_iter().zip(guesses).map(|(message, guess)| MessageSummary {
        id: message.id,
        received_at: message.received_at,
        reason: message.reason,
        from: message.from_address,
        subject: message.subject,
        guess,
    });
    let body = Quarantine { messages: messages.collect(), total, next: next.clone() };
    Ok(answer::page(&body, next.as_deref()))
}

pub async fn show(
    request: HttpRequest,
    casework: web::Data<Casework>,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    answer::parameters(&request, &[])?;
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let mut connection = casework.app.pool.acquire().await?;
    let message = quarantine::find_set_aside(&mut connection, id).await?.ok_or(WebError::NotFound)?;
    let guess = guesses(&mut connection, std::slice::from_ref(&message)).await?.pop().flatten();
    drop(connection);
    Ok(answer::begin(StatusCode::OK).json(QuarantinedMessage {
        id: message.id,
        received_at: message.received_at,
        writer: likely_writer(&message).as_str(),
        may_be_answered: may_be_answered(&message),
        files: message.attachments.iter().map(file).collect(),
        reason: message.reason,
        kind: message.kind,
        from: message.from_address,
        subject: message.subject,
        text: message.text,
        guess,
        remarks: message.remarks,
        size: message.size,
    }))
}

fn file(attachment: &Attachment) -> MessageFile {
    MessageFile {
        name: attachment.name.as_deref().and_then(name::clean),
        media_type: attachment.essence.clone(),
        size: attachment.size,
    }
}

/// For each message the number of the case that it might be about.
async fn guesses(
    connection: &mut PgConnection,
    messages: &[SetAside],
) -> anyhow::Result<Vec<Option<String>>> {
    let cases: Vec<Uuid> = messages.iter().filter_map(|message| message.correlation).collect();
    let numbers = find_numbers(connection, &cases).await?;
    Ok(messages.iter().map(|message| numbers.get(&message.correlation?).cloned()).collect())
}

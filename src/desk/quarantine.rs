//! `/desk/quarantine`: mail that no rule could assign. Staff release it to a case or discard it, with a reason.
//!
//! Shows plain text only, never a message's own HTML. A release changes nothing but the case's correspondence and trail.

use actix_web::{HttpResponse, http::StatusCode, web};
use anyhow::Context as _;
use serde::Serialize;
use strum::VariantArray as _;
use uuid::Uuid;

use super::{api::answer, door::Door, inbound::FileView};
use crate::{
    case::{
        action::Action,
        correspondence::{Manner, TicketKey, Writer},
        text::Text,
    },
    casework::{Casework, find_by_number, find_numbers},
    mail::incoming::{
        mailboxes::{self, CollectingTrouble},
        quarantine::{self, Decider, SetAside},
    },
    staff::session::SignedIn,
    web::{Fields, Reader, WebError},
};

const PATH: &str = "/desk/quarantine";
/// Messages on one page; the others come up as these are decided.
const SHOWN: i64 = 50;

/// `desk/quarantine.html`.
#[derive(Debug, Serialize)]
struct QuarantineView {
    total: i64,
    messages: Vec<MessageView>,
    writers: &'static [Writer],
    collecting: Vec<CollectingTrouble>,
    may_decide: bool,
    mistake: Option<Mistake>,
}

#[derive(Debug, Serialize)]
struct MessageView {
    #[serde(flatten)]
    message: SetAside,
    files: Vec<FileView>,
    /// The number of the case it might be about.
    guess: Option<String>,
    writer: Writer,
    /// Somebody may have written it, and it could be read: whether it is answered is for the page that leads to.
    may_be_answered: bool,
}

/// What was wrong with a decision that was sent.
#[derive(Debug, Serialize)]
struct Mistake {
    message: Uuid,
    field: &'static str,
    typed: String,
    /// A message key.
    error: &'static str,
}

pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
) -> Result<HttpResponse, WebError> {
    render(&reader, &casework, &staff, None).await
}

/// `POST /desk/quarantine/{id}/release`
pub async fn release(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let typed = fields.get("number").to_owned();
    let mut transaction = casework.app.pool.begin().await?;
    let case = match typed.parse() {
        Ok(number) => find_by_number(&mut transaction, &number).await?,
        Err(_) => None,
    };
    let Some(case) = case else {
        // The page takes a connection of its own: held on to, two such requests could wait for each other's.
        transaction.rollback().await?;
        if reader.is_api {
            return Err(answer::invalid(&reader, "number", "quarantine-no-such-case"));
        }
        let error = "quarantine-no-such-case";
        let mistake = Mistake { message: id, field: "number", typed, error };
        return render(&reader, &casework, &staff, Some(mistake)).await;
    };
    let writer: Writer = fields.get("writer").parse().unwrap_or(Writer::Other);
    let by = Decider { staff: staff.id.0, at: casework.app.clock.now(), token: casework.token() };
    casework.lock(&mut transaction, case).await?;
    let Some(subject) = quarantine::release(&mut transaction, id, case, writer.as_str(), by).await? else {
        transaction.rollback().await?;
        return gone(&reader, &casework, id).await;
    };
    let ticket = TicketKey::find_in(&subject);
    let action = Action::FileMail { email: id, writer, ticket, manner: Manner::Written };
    let acted = casework.act_in(&mut transaction, case, staff.actor(), &action, None).await?;
    transaction.commit().await.context("could not release an inbound e-mail")?;
    if reader.is_api {
        return Ok(answer::acted(acted.number.as_str(), acted.version, acted.state.place().as_str()));
    }
    let location = format!("/desk/cases/{}#timeline", acted.number);
    Ok(reader.see_other(&location, "notice-quarantine-released"))
}

/// `POST /desk/quarantine/{id}/discard`
pub async fn discard(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let Ok(reason) = Text::parse(fields.get("reason")) else {
        if reader.is_api {
            return Err(answer::invalid(&reader, "reason", "quarantine-no-reason"));
        }
        let typed = fields.get("reason").to_owned();
        let mistake = Mistake { message: id, field: "reason", typed, error: "quarantine-no-reason" };
        return render(&reader, &casework, &staff, Some(mistake)).await;
    };
    let by = Decider { staff: staff.id.0, at: casework.app.clock.now(), token: casework.token() };
    let mut connection = casework.app.pool.acquire().await?;
    let discarded = quarantine::discard(&mut connection, id, reason.as_str(), by).await?;
    if reader.is_api {
        // Asked again after an answer that got lost, it is done.
        let standing = quarantine::find_standing(&mut connection, id).await?.ok_or(WebError::NotFound)?;
        let is_so = standing.state == "discarded"
            && standing.settled_by == Some(staff.id.0)
            && standing.note.as_deref() == Some(reason.as_str());
        return if is_so {
            Ok(answer::settled(id, "discarded"))
        } else {
            Err(answer::refused("notice-quarantine-gone"))
        };
    }
    let notice = if discarded { "notice-quarantine-discarded" } else { "notice-quarantine-gone" };
    Ok(reader.see_other(PATH, notice))
}

/// Whether it ended so, by whoever asks.
pub(super) async fn is_settled(
    casework: &Casework,
    id: Uuid,
    (state, staff): (&str, &SignedIn),
) -> Result<bool, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let standing = quarantine::find_standing(&mut connection, id).await?;
    Ok(standing.is_some_and(|standing| standing.state == state && standing.settled_by == Some(staff.id.0)))
}

/// Somebody decided about it meanwhile. A program may also have named a message that never was.
pub(super) async fn gone(reader: &Reader, casework: &Casework, id: Uuid) -> Result<HttpResponse, WebError> {
    if !reader.is_api {
        return Ok(reader.see_other(PATH, "notice-quarantine-gone"));
    }
    let mut connection = casework.app.pool.acquire().await?;
    quarantine::find_standing(&mut connection, id).await?.ok_or(WebError::NotFound)?;
    Err(answer::refused("notice-quarantine-gone"))
}

fn parse(id: &str) -> Result<Uuid, WebError> {
    id.parse().map_err(|_| WebError::NotFound)
}

async fn render(
    reader: &Reader,
    casework: &Casework,
    staff: &SignedIn,
    mistake: Option<Mistake>,
) -> Result<HttpResponse, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let listed = quarantine::list_set_aside(&mut connection, None, SHOWN).await?;
    let guessed: Vec<Uuid> = listed.iter().filter_map(|message| message.correlation).collect();
    let numbers = find_numbers(&mut connection, &guessed).await?;
    let number_of = |case: Option<Uuid>| numbers.get(&case?).cloned();
    let view = QuarantineView {
        total: quarantine::count_set_aside(&mut connection).await?,
        messages: listed
            .into_iter()
            .map(|message| MessageView {
                guess: number_of(message.correlation),
                writer: likely_writer(&message),
                may_be_answered: may_be_answered(&message),
                files: FileView::list(&message.attachments, reader.language),
                message,
            })
            .collect(),
        writers: Writer::VARIANTS,
        collecting: mailboxes::list_troubles(&mut connection).await?,
        may_decide: staff.actor().may(crate::case::action::ActionKind::FileMail).is_ok(),
        mistake,
    };
    let status = if view.mistake.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    reader.clone().at(PATH).page(status, "desk/quarantine.html", &view)
}

/// Somebody may have written it, and it could be read.
pub(super) fn may_be_answered(message: &SetAside) -> bool {
    matches!(message.kind.as_deref(), Some("reply" | "other")) && message.from_address.is_some()
}

pub(super) fn likely_writer(message: &SetAside) -> Writer {
    if message.kind.as_deref() == Some("bounce") { Writer::MailServer } else { Writer::Other }
}

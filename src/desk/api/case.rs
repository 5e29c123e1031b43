//! `GET /api/v1/cases/{number}`: one case for programs. What could be done with it now is what the page of the case offers its reader.
//!
//! Bounded: of a long history the latest. Never a link of a customer's, and never the bytes of a letter.

mod document;
mod history;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use uuid::Uuid;

pub use self::document::CaseDocument;
use self::{
    document::{Draft, OfferDocument, Owner, check_document, request},
    history::{email, list_waits, trail},
};
use super::{PATH, answer, stay};
use crate::{
    case::state::State,
    casework::{Casework, find_live_draft, list_events, list_notes},
    desk::case_page::{self, Offer, find},
    mail::outgoing::listed,
    staff::{members, session::SignedIn, tokens::ByToken},
    web::{Reader, WebError, error::Overloaded},
};

/// So many lines of the trail, waits and e-mails: the latest.
const MOST: usize = 200;

pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    by: web::ReqData<ByToken>,
    number: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let id = find(&casework, &number).await?;
    // Read twice where somebody changes it in between: offers of another version would be worse than none.
    for _ in 0..3 {
        let (version, offers) = case_page::read_offers(&reader, &casework, &staff, id).await?;
        let document = read(&casework, id, (&offers, by.is_service)).await?;
        if document.version == version {
            let tag = (header::ETAG, answer::tag(version));
            return Ok(answer::begin(StatusCode::OK).insert_header(tag).json(document));
        }
    }
    Err(anyhow::Error::from(Overloaded).into())
}

async fn read(
    casework: &Casework,
    id: Uuid,
    (offers, is_service): (&[Offer], bool),
) -> Result<CaseDocument, WebError> {
    let (app, now) = (&casework.app, casework.app.clock.now());
    let loaded = casework.load(id).await?.ok_or(WebError::NotFound)?;
    let mut connection = app.pool.acquire().await?;
    let events = list_events(&mut connection, id).await?;
    let notes = list_notes(&mut connection, id).await?;
    let emails = listed::list_for(&mut connection, id, app.clock.for_leases()).await?;
    let members = members::list_members(&mut connection).await?;
    let draft = find_live_draft(&mut connection, id).await?;
    let waits = list_waits(&mut connection, id).await?;
    drop(connection);
    let case = &loaded.case;
    let number = case.number.to_string();
    let page = app.link(&format!("/desk/cases/{number}"));
    let older_lines = events.len().saturating_sub(MOST);
    Ok(CaseDocument {
        version: loaded.version,
        state: case.state.place().as_str(),
        outcome: match &case.state {
            State::Closed { outcome } => Some((*outcome).into()),
            _ => None,
        },
        waiting_for: loaded.waiting_for.into(),
        waiting_since: loaded.waiting_since,
        due_at: loaded.due_at,
        late: loaded.due_at.is_some_and(|due| due < now),
        renews_on: loaded.renews_on,
        owner: loaded.owner.and_then(|owner| {
            let member = members.iter().find(|member| member.id == owner.0)?;
            Some(Owner { id: member.id, name: member.name.clone() })
        }),
        opened_at: loaded.opened_at,
        changed_at: loaded.changed_at,
        has_news: case.news.is_some(),
        reference: loaded.reference.as_ref().map(|reference| reference.as_str().to_owned()),
        ticket: loaded.ticket.as_ref().map(|key| key.as_str().to_owned()),
        checks: case.checks.iter().map(|check| check_document(check, now)).collect(),
        draft: draft.map(|draft| Draft {
            author: draft.author_name,
            created_at: draft.created_at,
            subject: draft.subject,
            digest: draft.digest.into(),
            page: format!("{page}/approval"),
        }),
        waits,
        emails: emails.into_iter().rev().take(MOST).map(email).collect(),
        trail: trail(&events, &notes, older_lines)?,
        older_lines,
        offers: offers.iter().map(|offer| offer_document(offer, &number, &page, is_service)).collect(),
        request: request(&loaded),
        number,
    })
}

fn offer_document(offer: &Offer, number: &str, page: &str, is_service: bool) -> OfferDocument {
    let by_hand = is_service && stay::is_a_hand(&offer.path);
    let needs_person = offer.needs_sign_in || by_hand;
    let at = if offer.path == "approval" { format!("{page}/approval") } else { page.to_owned() };
    OfferDocument {
        method: "POST",
        href: format!("{PATH}/cases/{number}/{}", offer.path),
        needs_person,
        page: needs_person.then_some(at),
    }
}

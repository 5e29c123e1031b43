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

pub use self::document::CaseDocument;
use self::{
    document::{Draft, OfferDocument, Owner, Wait, check_document, request},
    history::{email, list_waits, trail},
};
use super::{PATH, answer, stay};
use crate::{
    case::state::State,
    casework::Casework,
    desk::case_page::{self, Material, Offer},
    staff::{session::SignedIn, tokens::ByToken},
    web::{Reader, WebError},
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
    let material = case_page::read(&casework, &staff, &number).await?;
    let mut connection = casework.app.pool.acquire().await?;
    let waits = list_waits(&mut connection, material.loaded.case.id).await?;
    drop(connection);
    let mut document = read(&casework, &material, waits)?;
    let offers = case_page::list_offers(&reader, &casework, &staff, material)?;
    let page = casework.app.link(&format!("/desk/cases/{}", document.number));
    let offered = offers.iter().map(|offer| offer_document(offer, &document.number, &page, by.is_service));
    document.offers = offered.collect();
    let tag = (header::ETAG, answer::tag(document.version));
    Ok(answer::begin(StatusCode::OK).insert_header(tag).json(document))
}

/// All but what could be done with it.
fn read(casework: &Casework, material: &Material, waits: Vec<Wait>) -> anyhow::Result<CaseDocument> {
    let (app, now) = (&casework.app, casework.app.clock.now());
    let Material { loaded, record, mail, around, .. } = material;
    let draft = record.draft.as_ref().filter(|draft| !draft.void);
    let case = &loaded.case;
    let number = case.number.to_string();
    let page = app.link(&format!("/desk/cases/{number}"));
    let older_lines = record.events.len().saturating_sub(MOST);
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
            let member = around.members.iter().find(|member| member.id == owner.0)?;
            Some(Owner { id: member.id, name: member.name.clone() })
        }),
        opened_at: loaded.opened_at,
        changed_at: loaded.changed_at,
        has_news: case.news.is_some(),
        reference: loaded.reference.as_ref().map(|reference| reference.as_str().to_owned()),
        ticket: loaded.ticket.as_ref().map(|key| key.as_str().to_owned()),
        checks: case.checks.iter().map(|check| check_document(check, now)).collect(),
        draft: draft.map(|draft| Draft {
            author: draft.author_name.clone(),
            created_at: draft.created_at,
            subject: draft.subject.clone(),
            digest: draft.digest.into(),
            page: format!("{page}/approval"),
        }),
        waits,
        emails: mail.emails.iter().rev().take(MOST).map(email).collect(),
        trail: trail(&record.events, &record.notes, older_lines)?,
        older_lines,
        offers: Vec::new(),
        request: request(loaded),
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

//! `GET /api/v1/cases/{number}`: one case for programs. What could be done with it now is what the page of the case offers its reader.
//!
//! Bounded: of a long history the latest. Never a link of a customer's, and never the bytes of a letter.

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PATH, answer, stay};
use crate::{
    case::{check::Check, state::State},
    casework::{Casework, Loaded, StoredNote, TrailLine, find_live_draft, list_events, list_notes},
    clock::{Day, Timestamp},
    desk::case_page::{self, Offer, find},
    mail::outgoing::{
        listed::{self, ListedEmail},
        outbox::EmailState,
    },
    staff::{members, session::SignedIn, tokens::ByToken},
    web::{Reader, WebError, error::Overloaded},
};

/// So many lines of the trail, waits and e-mails: the latest.
const MOST: usize = 200;

/// A case with all that stands around it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseDocument {
    number: String,
    /// Also the `ETag`.
    version: i32,
    state: &'static str,
    outcome: Option<&'static str>,
    waiting_for: &'static str,
    #[schema(value_type = String, format = DateTime)]
    waiting_since: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    late: bool,
    #[schema(value_type = Option<String>, format = Date)]
    renews_on: Option<Day>,
    owner: Option<Owner>,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// Something came in that nobody has looked at.
    has_news: bool,
    /// Atlassian's own key for the matter.
    ticket: Option<String>,
    /// How your own system calls it.
    reference: Option<String>,
    request: Request,
    checks: Vec<CheckDocument>,
    draft: Option<Draft>,
    waits: Vec<Wait>,
    emails: Vec<Email>,
    trail: Vec<Line>,
    /// Lines of the trail that are older than those.
    older_lines: usize,
    offers: Vec<OfferDocument>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Owner {
    id: Uuid,
    name: String,
}

/// What the customer asked for.
#[derive(Debug, Serialize, ToSchema)]
struct Request {
    company: String,
    customer_number: Option<String>,
    /// Licence numbers and sites.
    entitlements: Vec<String>,
    hosting: Option<&'static str>,
    language: &'static str,
    requester: Person,
    departed: Person,
    #[schema(value_type = Option<String>, format = Date)]
    departed_on: Option<Day>,
    contact_role: &'static str,
    successor: Person,
    successor_is_requester: bool,
    explanation: String,
}

#[derive(Debug, Default, Serialize, ToSchema)]
struct Person {
    name: String,
    email: Option<String>,
    phone: Option<String>,
    position: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CheckDocument {
    kind: &'static str,
    verdict: &'static str,
    /// It is in the customer's favour and not over.
    counts: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// The message that waits for approval.
#[derive(Debug, Serialize, ToSchema)]
struct Draft {
    author: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    subject: String,
    /// SHA-256 of the bytes that would go out.
    digest: String,
    /// Where a person looks at it and approves.
    page: String,
}

/// Whom the case waited for, from when to when.
#[derive(Debug, Serialize, ToSchema)]
struct Wait {
    waiting_for: String,
    state: String,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Email {
    id: Uuid,
    notification: String,
    to_atlassian: bool,
    to: String,
    subject: String,
    #[schema(value_type = Option<String>)]
    state: Option<EmailState>,
    bounced: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A line of the trail.
#[derive(Debug, Serialize, ToSchema)]
struct Line {
    seq: i32,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    actor: String,
    /// Who of the staff, and by which of their tokens.
    staff: Option<String>,
    token: Option<String>,
    event: String,
    from: Option<&'static str>,
    to: &'static str,
    /// The words that were written with it.
    note: Option<String>,
}

/// Something that could be done now.
#[derive(Debug, Serialize, ToSchema)]
struct OfferDocument {
    method: &'static str,
    href: String,
    /// Not with this token: a person has to do it, at `page`.
    needs_person: bool,
    page: Option<String>,
}

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

fn request(loaded: &Loaded) -> Request {
    let escalation = &loaded.escalation;
    let departed = &escalation.departed;
    Request {
        company: escalation.company.clone(),
        customer_number: escalation.customer_number.clone(),
        entitlements: escalation.entitlements.iter().map(ToString::to_string).collect(),
        hosting: escalation.hosting.map(Into::into),
        language: escalation.language.as_str(),
        requester: Person {
            name: escalation.requester.name.clone(),
            email: Some(escalation.requester.email.to_string()),
            phone: escalation.requester.phone.clone(),
            position: escalation.requester.position.clone(),
        },
        departed: Person {
            name: departed.name.clone(),
            email: departed.email.known().map(ToString::to_string),
            ..Person::default()
        },
        departed_on: departed.on,
        contact_role: loaded.asked_role.into(),
        successor: Person {
            name: escalation.successor.name.clone(),
            email: Some(escalation.successor.email.to_string()),
            ..Person::default()
        },
        successor_is_requester: escalation.successor.is_requester,
        explanation: escalation.explanation.as_str().to_owned(),
    }
}

fn check_document(check: &Check, now: Timestamp) -> CheckDocument {
    CheckDocument {
        kind: check.kind.as_str(),
        verdict: check.verdict.into(),
        counts: check.counts(now),
        decided_at: check.decided_at,
        expires_at: check.expires_at,
    }
}

fn email(email: ListedEmail) -> Email {
    Email {
        id: email.id,
        notification: email.notification,
        to_atlassian: email.atlassian,
        to: email.envelope_to,
        subject: email.subject,
        state: email.state,
        bounced: email.bounced,
        created_at: email.created_at,
    }
}

fn trail(events: &[TrailLine], notes: &[StoredNote], skipped: usize) -> anyhow::Result<Vec<Line>> {
    let notes: HashMap<Uuid, &str> = notes.iter().map(|note| (note.id, note.body.as_str())).collect();
    let line = |line: &TrailLine| -> anyhow::Result<Line> {
        let data = serde_json::to_value(&line.event).context("a line of the trail")?;
        let note: Option<Uuid> = data.get("note").and_then(Value::as_str).and_then(|id| id.parse().ok());
        Ok(Line {
            seq: line.seq,
            version: line.version,
            at: line.at,
            actor: line.actor.clone(),
            staff: line.staff_name.clone(),
            token: line.token_name.clone(),
            event: line.event.as_str().to_owned(),
            from: line.from.map(Into::into),
            to: line.to.as_str(),
            note: note.and_then(|note| notes.get(&note)).map(|note| (*note).to_owned()),
        })
    };
    events.iter().skip(skipped).map(line).collect()
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

async fn list_waits(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Wait>> {
    sqlx::query_as!(
        Wait,
        r#"select party as waiting_for, state, since as "since: Timestamp", until as "until: Timestamp",
             due_at as "due_at: Timestamp"
         from case_waits where case_id = $1 order by version desc limit $2"#,
        case,
        i64::try_from(MOST).unwrap_or(i64::MAX),
    )
    .fetch_all(connection)
    .await
    .context("could not list the waits of a case")
}

//! `GET /desk/cases/{number}/approval`: whom it makes the contact, its facts beside the register, what staff wrote otherwise
//! than proposed, what was said, the exact message, rendered and raw, and what it rests on; and
//! `GET /desk/cases/{number}/emails/{id}`: the same of one that was approved before.
//!
//! Approving itself is in `actions`. Law 3: what is shown here are the bytes that go out.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod facts;
mod wording;

use self::{
    facts::{FactRow, NewContact},
    wording::{Change, Warning},
};
use super::{
    case_page::{CheckView, RegisterView, TrailEntry, Words, checks, find, list_said, load},
    message::MessageView,
    signals::{self, SignalView},
};
use crate::{
    case::{
        action::{Action, ActionKind},
        draft::facts_digest,
    },
    casework::{Casework, LiveDraft, find_live_draft, read_licences, read_record},
    clock::Timestamp,
    mail::outgoing::{
        listed::{self, ListedEmail},
        outbox,
    },
    staff::{members, session::SignedIn},
    web::{Reader, WebError},
};

/// `desk/approval.html`.
#[derive(Debug, Serialize)]
struct ApprovalView {
    number: String,
    version: i32,
    company: String,
    author: String,
    created_at: Timestamp,
    revision: i32,
    new_contact: NewContact,
    facts: Vec<FactRow>,
    warnings: Vec<Warning>,
    /// What staff wrote, against what the template proposes.
    changes: Vec<Change>,
    /// What was objected, asked, answered and noted, oldest first.
    said: Vec<TrailEntry>,
    message: MessageView,
    /// The checks that count, which the approval binds together with the bytes.
    evidence: Vec<CheckView>,
    signals: Vec<SignalView>,
    may_approve: bool,
    may_return: bool,
    /// The key of the sentence why the reader can't approve.
    refusal: Option<String>,
    /// The link led to another draft than the one that waits now.
    changed: bool,
}

#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// The bytes that somebody means to look at, if a link says which.
    digest: Option<String>,
}

/// Without a draft that waits for approval, leads back to the case.
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    number: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, WebError> {
    let now = casework.app.clock.now();
    let mut connection = casework.app.pool.acquire().await?;
    let loaded = load(&casework, &mut connection, &number).await?;
    let id = loaded.case.id;
    let Some(LiveDraft { draft, raw }) = find_live_draft(&mut connection, id).await? else {
        return Ok(crate::web::see_other(&format!("/desk/cases/{}", loaded.case.number)));
    };
    let record = read_record(&mut connection, id).await?;
    let members = members::list_members(&mut connection).await?;
    let (since, most) = signals::bounds(&casework.app);
    let licences = read_licences(&mut connection, &loaded, since, most).await?;
    let register = RegisterView::of(&licences, &loaded.escalation);
    let letter = licences.letter_facts(&loaded, &record);
    let known = (&licences, register.domains(), letter.differences.as_slice());
    let signals = signals::list(&mut connection, &casework.app, &loaded, known, reader.language).await?;
    let proposed = casework.letter_text(&loaded, &letter, record.sent.as_ref(), &draft.author_name)?;
    drop(connection);

    let words = Words::new(&casework.app, reader.language, &members, &record.notes)
        .with_people(&loaded.escalation, &register);
    let case = &loaded.case;
    let mut evidence = checks::view(case, staff.actor(), &register, &words, now);
    evidence.retain(|check| check.counts);
    let present = facts_digest(&proposed.facts);
    let action = Action::Approve { digest: draft.digest, facts: present };
    let refusal = case.decide(staff.actor(), &action, now).err();
    let known = wording::known(&casework.app.settings, &loaded.escalation);
    let view = ApprovalView {
        number: case.number.to_string(),
        version: loaded.version,
        company: loaded.escalation.company.clone(),
        author: draft.author_name.clone(),
        created_at: draft.created_at,
        revision: draft.revision,
        new_contact: facts::new_contact(&loaded.escalation),
        facts: facts::rows((&loaded.escalation, &letter), (&register, &licences.contacts), &words),
        warnings: wording::warnings(&draft, &loaded.escalation, &letter, &known),
        changes: wording::changes(&draft, &proposed, &known),
        said: list_said(&record.events, &words),
        changed: wanted.digest.as_ref().is_some_and(|digest| *digest != String::from(draft.digest)),
        message: MessageView::of(&raw)?,
        evidence,
        signals,
        may_approve: refusal.is_none(),
        may_return: case.offers_one(staff.actor(), ActionKind::ReturnDraft, now),
        refusal: refusal.map(|refusal| refusal.key()),
    };
    reader.ok("desk/approval.html", &view)
}

/// `desk/email.html`.
#[derive(Debug, Serialize)]
struct EmailView {
    number: String,
    email: ListedEmail,
    message: MessageView,
}

/// Only e-mails to Atlassian: a customer's holds links that only the customer may use.
pub async fn show_email(
    reader: Reader,
    casework: web::Data<Casework>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let (number, email) = path.into_inner();
    let case = find(&casework, &number).await?;
    let email: Uuid = email.parse().map_err(|_| WebError::NotFound)?;
    let mut connection = casework.app.pool.acquire().await?;
    let emails = listed::list_for(&mut connection, case, casework.app.clock.for_leases()).await?;
    let email = emails.into_iter().find(|listed| listed.id == email).ok_or(WebError::NotFound)?;
    let raw = outbox::find_raw(&mut connection, email.id).await?.ok_or(WebError::NotFound)?;
    let number = number.to_uppercase();
    reader.ok("desk/email.html", &EmailView { number, email, message: MessageView::of(&raw)? })
}

//! What a program reads of a case: its kinds of values, and those that are made of the case alone.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    case::check::Check,
    casework::Loaded,
    clock::{Day, Timestamp},
    mail::outgoing::outbox::EmailState,
};

/// A case with all that stands around it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseDocument {
    pub(super) number: String,
    /// Also the `ETag`.
    pub(super) version: i32,
    pub(super) state: &'static str,
    pub(super) outcome: Option<&'static str>,
    pub(super) waiting_for: &'static str,
    #[schema(value_type = String, format = DateTime)]
    pub(super) waiting_since: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) due_at: Option<Timestamp>,
    pub(super) late: bool,
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) renews_on: Option<Day>,
    pub(super) owner: Option<Owner>,
    #[schema(value_type = String, format = DateTime)]
    pub(super) opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(super) changed_at: Timestamp,
    /// Something came in that nobody has looked at.
    pub(super) has_news: bool,
    /// Atlassian's own key for the matter.
    pub(super) ticket: Option<String>,
    /// How your own system calls it.
    pub(super) reference: Option<String>,
    pub(super) request: Request,
    pub(super) checks: Vec<CheckDocument>,
    pub(super) draft: Option<Draft>,
    pub(super) waits: Vec<Wait>,
    pub(super) emails: Vec<Email>,
    pub(super) trail: Vec<Line>,
    /// Lines of the trail that are older than those.
    pub(super) older_lines: usize,
    pub(super) offers: Vec<OfferDocument>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Owner {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// What the customer asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Request {
    pub(super) company: String,
    pub(super) customer_number: Option<String>,
    /// Licence numbers and sites.
    pub(super) entitlements: Vec<String>,
    pub(super) hosting: Option<&'static str>,
    pub(super) language: &'static str,
    pub(super) requester: Person,
    pub(super) departed: Person,
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) departed_on: Option<Day>,
    pub(super) contact_role: &'static str,
    pub(super) successor: Person,
    pub(super) successor_is_requester: bool,
    pub(super) explanation: String,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) position: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckDocument {
    pub(super) kind: &'static str,
    pub(super) verdict: &'static str,
    /// It is in the customer's favour and not over.
    pub(super) counts: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) decided_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) expires_at: Option<Timestamp>,
}

/// The message that waits for approval.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Draft {
    pub(super) author: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    pub(super) subject: String,
    /// SHA-256 of the bytes that would go out.
    pub(super) digest: String,
    /// Where a person looks at it and approves.
    pub(super) page: String,
}

/// Whom the case waited for, from when to when.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Wait {
    pub(super) waiting_for: String,
    pub(super) state: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) since: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) until: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) due_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Email {
    pub(super) id: Uuid,
    pub(super) notification: String,
    pub(super) to_atlassian: bool,
    pub(super) to: String,
    pub(super) subject: String,
    #[schema(value_type = Option<String>)]
    pub(super) state: Option<EmailState>,
    pub(super) bounced: bool,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
}

/// A line of the trail.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Line {
    pub(super) seq: i32,
    pub(super) version: i32,
    #[schema(value_type = String, format = DateTime)]
    pub(super) at: Timestamp,
    pub(super) actor: String,
    /// Who of the staff, and by which of their tokens.
    pub(super) staff: Option<String>,
    pub(super) token: Option<String>,
    pub(super) event: String,
    pub(super) from: Option<&'static str>,
    pub(super) to: &'static str,
    /// The words that were written with it.
    pub(super) note: Option<String>,
}

/// Something that could be done now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferDocument {
    pub(super) method: &'static str,
    pub(super) href: String,
    /// Not with this token: a person has to do it, at `page`.
    pub(super) needs_person: bool,
    pub(super) page: Option<String>,
}

pub(super) fn request(loaded: &Loaded) -> Request {
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

pub(super) fn check_document(check: &Check, now: Timestamp) -> CheckDocument {
    CheckDocument {
        kind: check.kind.as_str(),
        verdict: check.verdict.into(),
        counts: check.counts(now),
        decided_at: check.decided_at,
        expires_at: check.expires_at,
    }
}

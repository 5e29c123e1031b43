//! Which letter is due, what it says of its own, and who gets it. Writes none.

use anyhow::Context as _;
use data_encoding::BASE32_NOPAD;
use uuid::Uuid;

use super::links::Purpose;
use crate::{
    case::{
        escalation::Escalation,
        event::Event,
        outcome::{Effect, Notification, Transition},
        state::State,
        text::NoteKind,
    },
    token::sha256,
};

/// The party of the requester in return addresses.
pub(super) const REQUESTER: &str = "r";

/// Which letter is due, and what it says of its own.
pub(in crate::casework) struct Occasion<'a> {
    pub notification: Notification,
    /// Where the case is afterwards.
    pub next: &'a State,
    /// Words of staff that it passes on.
    pub text: String,
    /// The contact on record who is asked to vouch.
    pub voucher: Option<Uuid>,
    /// It was sent before and not answered.
    pub reminds: bool,
    /// What the link was for that it takes the place of.
    pub replaces: Option<Purpose>,
}

impl<'a> Occasion<'a> {
    /// The letter that `transition` brings.
    pub(in crate::casework) fn of(notification: Notification, transition: &'a Transition) -> Self {
        let voucher = match transition.event {
            Event::VouchRequested { contact } => Some(contact),
            _ => None,
        };
        Self {
            notification,
            next: &transition.next,
            text: text_of(transition),
            voucher,
            reminds: false,
            replaces: None,
        }
    }
}

/// Who gets a letter.
pub(in crate::casework) struct Recipient<'a> {
    pub name: &'a str,
    pub address: &'a str,
    /// Stands in the signed return address, so that an answer or bounce tells whose it is.
    pub party: String,
}

impl<'a> Recipient<'a> {
    pub(in crate::casework) fn requester(escalation: &'a Escalation) -> Self {
        Self {
            name: &escalation.requester.name,
            address: escalation.requester.email.as_str(),
            party: REQUESTER.to_owned(),
        }
    }

    /// Several contacts of one case get letters: with one return address for all, each of them could send back, in the name of
    /// a mail server, what went to another. So the address says whose mailbox it was.
    pub(super) fn on_record(name: &'a str, address: &'a str) -> Self {
        let mailbox = BASE32_NOPAD.encode(&sha256(address.to_lowercase().as_bytes())).to_lowercase();
        Self { name, address, party: format!("v{}", mailbox.get(..4).unwrap_or_default()) }
    }

    pub(super) fn of(occasion: &Occasion<'_>, escalation: &'a Escalation) -> anyhow::Result<Self> {
        Ok(match (occasion.notification, occasion.replaces) {
            (
                Notification::SuccessorInvitation
                | Notification::SuccessorBriefing
                | Notification::SuccessorAccessRequest
                | Notification::SuccessorOutcome,
                _,
            )
            | (_, Some(Purpose::Successor)) => Self {
                name: &escalation.successor.name,
                address: escalation.successor.email.as_str(),
                party: "s".to_owned(),
            },
            (
                Notification::DepartedNotice
                | Notification::ObjectionReceived
                | Notification::ObjectionAnswered
                | Notification::ContactOutcome,
                _,
            )
            | (_, Some(Purpose::Objection)) => Self {
                name: &escalation.departed.name,
                address: escalation
                    .departed
                    .email
                    .known()
                    .context("the contact's address is unknown")?
                    .as_str(),
                party: "d".to_owned(),
            },
            _ => Self::requester(escalation),
        })
    }
}

/// The words of staff that a letter passes on: a question, or what the requester is told of a rejection. Reasons stay here: they
/// are written for colleagues, and that of an upheld objection could tell one party about the other.
fn text_of(transition: &Transition) -> String {
    let passed_on = |kind: NoteKind| matches!(kind, NoteKind::Question | NoteKind::Told);
    transition
        .effects
        .iter()
        .find_map(|effect| match effect {
            Effect::KeepNote(kind, note) if passed_on(*kind) => Some(note.text.as_str().to_owned()),
            _ => None,
        })
        .unwrap_or_default()
}

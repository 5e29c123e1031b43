//! What follows from a decision: the next state, the event, and what must be done in the same transaction.
//!
//! Only says it; `casework` does it.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{
    actor::StaffId,
    address::EmailAddress,
    check::Check,
    correspondence::TicketKey,
    digest::Digest,
    draft::NewDraft,
    escalation::Addressed,
    event::Event,
    facts::Corrections,
    four_eyes::FourEyes,
    link::Purpose,
    policy::Verified,
    reference::Reference,
    state::State,
    text::{Note, NoteKind},
};

/// A transition that the rules allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    pub next: State,
    pub event: Event,
    pub effects: Vec<Effect>,
}

/// One thing to be done with a transition, all or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A letter to somebody on the customer's side.
    Notify(Notification),
    /// The same letter again, to this contact on record or to whom it always goes.
    Remind(Notification, Option<Uuid>),
    /// A letter to whoever objected: this contact on record, or the departed one.
    TellObjector(Notification, Option<Uuid>),
    /// The check is to be stored like this.
    PutCheck(Check),
    /// The text is to be kept.
    KeepNote(NoteKind, Note),
    /// The draft is to be stored, resting on this evidence; an earlier one is void.
    SaveDraft(Box<NewDraft>, Digest),
    /// The draft under work no longer stands.
    VoidDraft,
    /// These facts are set right; why stands in the note of that id.
    CorrectFacts(Corrections, Uuid),
    /// This is the address from now on; links that the old one got open nothing any more.
    CorrectAddress(Addressed, EmailAddress),
    /// The approved bytes go to Atlassian. The one effect that does so, and it takes both proofs.
    Submit(Verified, FourEyes),
    /// No request of this case that has not reached Atlassian may go out any more.
    CancelSubmission,
    /// A refused e-mail goes back into the outbox as it is.
    RetryEmail(Uuid),
    /// A letter is written anew in place of this one.
    ResendLetter(Uuid, Notification),
    /// Whom a link that came back was for gets another one: this contact on record, or to whom such a link always goes.
    ReplaceLink(Purpose, Option<Uuid>),
    /// A letter that was not handed over yet is held back.
    CancelLetter(Uuid),
    /// This e-mail needs nobody's attention any more.
    SettleLetter(Uuid),
    /// The case gets this owner.
    Assign(Option<StaffId>),
    /// This is how the reseller's own system calls the case.
    Refer(Option<Reference>),
    /// This is how Atlassian calls the matter.
    LearnTicket(TicketKey),
    /// The requester confirmed now.
    MarkConfirmed,
    /// A request reached Atlassian now.
    MarkDelivered,
}

/// Which letter; each has templates of its own below `templates/emails`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Notification {
    ConfirmationRequest,
    /// Nobody has confirmed, and the request is about to expire.
    ConfirmationReminder,
    /// The confirmation has expired.
    ConfirmationRenewal,
    CaseConfirmed,
    /// Files of the requester's have come in.
    FilesReceived,
    /// Nothing is missing any more.
    ProofsComplete,
    SuccessorInvitation,
    /// To the new contact, who has accepted: Atlassian was asked, and may write to them now.
    SuccessorBriefing,
    /// To the same: the case is over.
    SuccessorOutcome,
    DepartedNotice,
    /// To everybody else on record whose role the request would change.
    ContactNotice,
    VouchRequest,
    Question,
    RequestSubmitted,
    AccessConfirmationRequest,
    /// To the new contact, who has accepted: whether they have access.
    SuccessorAccessRequest,
    CaseClosed,
    /// A closed case is taken up again.
    CaseReopened,
    /// To whoever objected: that it has arrived, and stops the case.
    ObjectionReceived,
    /// To whoever objected: what was decided.
    ObjectionAnswered,
    /// A link came back to us, and another one takes its place.
    LinkReplaced,
    /// To everybody on record who was written to about the case: it is over.
    ContactOutcome,
    /// To Atlassian; made from a draft, never by a notification alone.
    AtlassianRequest,
    /// To Atlassian again, likewise made from a draft.
    AtlassianFollowUp,
}

impl Notification {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// To whoever asked for it, whose language the form tells.
    pub fn is_to_requester(self) -> bool {
        match self {
            Self::ConfirmationRequest
            | Self::ConfirmationReminder
            | Self::ConfirmationRenewal
            | Self::CaseConfirmed
            | Self::FilesReceived
            | Self::ProofsComplete
            | Self::Question
            | Self::RequestSubmitted
            | Self::AccessConfirmationRequest
            | Self::CaseClosed
            | Self::CaseReopened => true,
            Self::SuccessorInvitation
            | Self::SuccessorBriefing
            | Self::SuccessorAccessRequest
            | Self::SuccessorOutcome
            | Self::DepartedNotice
            | Self::ContactNotice
            | Self::VouchRequest
            | Self::ObjectionReceived
            | Self::ObjectionAnswered
            | Self::ContactOutcome
            // By what it is for, also to others: none of them is whoever asks alone.
            | Self::LinkReplaced
            | Self::AtlassianRequest
            | Self::AtlassianFollowUp => false,
        }
    }

    /// Of a letter whose link shows that its user reads the mailbox: what the link may be for. Who gets hold of such a letter
    /// can make a proof of it.
    pub fn proving(self) -> &'static [Purpose] {
        match self {
            Self::ConfirmationRequest | Self::ConfirmationReminder | Self::ConfirmationRenewal => {
                &[Purpose::Confirmation]
            }
            Self::SuccessorInvitation
            | Self::SuccessorBriefing
            | Self::SuccessorAccessRequest
            | Self::SuccessorOutcome => &[Purpose::Successor],
            Self::VouchRequest => &[Purpose::Voucher],
            Self::LinkReplaced => &[Purpose::Confirmation, Purpose::Successor, Purpose::Voucher],
            _ => &[],
        }
    }

    pub fn is_to_atlassian(self) -> bool {
        matches!(self, Self::AtlassianRequest | Self::AtlassianFollowUp)
    }
}

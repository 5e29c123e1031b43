//! One line of the audit trail: what happened, without personal content. Who and when stand beside it.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use uuid::Uuid;

use super::{
    actor::StaffId,
    check::{CheckKind, Verdict},
    correspondence::{AtlassianAnswer, Manner, TicketKey, Topic, Writer},
    digest::Digest,
    document::{FileRef, ScanResult},
    erasure::{Rule, Scope},
    escalation::Addressed,
    facts::Fact,
    link::Purpose,
    number::CaseNumber,
    state::Outcome,
};
use crate::clock::Timestamp;

/// What the review of a document rests on; older lines name no files.
type Reviewed = Option<Vec<FileRef>>;

/// Stored under its snake_case word with its data as JSON; notes are named by id only (law 7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantNames)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Event {
    Opened,
    /// What the case began with was written down by this member of staff; the customer completed and sent it.
    Prepared,
    Confirmed,
    ConfirmedAgain,
    Expired,
    Withdrawn,
    CheckRecorded {
        check: CheckKind,
        verdict: Verdict,
    },
    CheckPostponed {
        check: CheckKind,
    },
    CheckRequested {
        check: CheckKind,
    },
    Reconsidered,
    ContactGone {
        check: CheckKind,
    },
    DomainChallengeStarted,
    DepartedContactNotified {
        window_ends_at: Timestamp,
    },
    SuccessorInvited,
    VouchRequested {
        contact: Uuid,
    },
    Vouched {
        contact: Uuid,
    },
    Called {
        verdict: Verdict,
        contact: Uuid,
        note: Uuid,
    },
    CheckDecided {
        check: CheckKind,
        verdict: Verdict,
        note: Uuid,
        files: Reviewed,
    },
    CheckWaived {
        check: CheckKind,
        note: Uuid,
    },
    SuccessionAccepted,
    SuccessionDeclined,
    Objected {
        note: Option<Uuid>,
    },
    SecondClaimRecorded {
        other: CaseNumber,
    },
    /// With all that stood against the case.
    ObjectionDismissed {
        note: Uuid,
    },
    ObjectionUpheld {
        note: Uuid,
    },
    CustomerAsked {
        note: Uuid,
    },
    Answered {
        note: Uuid,
    },
    /// The customer told us something by themselves.
    CustomerTold {
        topic: Topic,
        note: Uuid,
    },
    /// By the customer; what it was and is stands in the note.
    AddressCorrected {
        whose: Addressed,
        note: Uuid,
    },
    Drafted {
        draft: Uuid,
        digest: Digest,
    },
    DraftReturned {
        note: Uuid,
    },
    FactsCorrected {
        what: Vec<Fact>,
        note: Uuid,
    },
    Approved {
        draft: Uuid,
        digest: Digest,
    },
    Delivered,
    DeliveryFailed,
    Recalled {
        note: Uuid,
    },
    AtlassianAnswered {
        answer: AtlassianAnswer,
        note: Option<Uuid>,
    },
    SilenceNoted {
        asked: u32,
    },
    /// Somebody on the customer's side was reminded of what is asked.
    Reminded,
    /// The requester says that there is access; the new contact is still asked.
    AccessReported,
    AccessConfirmed,
    NoAccessReported {
        note: Option<Uuid>,
    },
    Rejected {
        note: Uuid,
        /// What the requester was told. Older lines do not name it: there the note was.
        #[serde(default)]
        told: Option<Uuid>,
    },
    Closed {
        outcome: Outcome,
        note: Option<Uuid>,
    },
    Reopened {
        note: Uuid,
    },
    /// Nothing of it is erased from here on, until the hold is lifted.
    Held {
        note: Uuid,
    },
    HoldLifted {
        note: Uuid,
    },
    Assigned {
        owner: Option<StaffId>,
    },
    /// The reseller's own reference was set, or taken away; what it is stands beside the case.
    Referred {
        given: bool,
    },
    NoteAdded {
        note: Uuid,
    },
    EmailRetried {
        email: Uuid,
    },
    LetterResent {
        email: Uuid,
    },
    LetterCancelled {
        email: Uuid,
    },
    LetterSettled {
        email: Uuid,
    },
    /// A link stood in a message that came in, and others may have read it there.
    LinkEnded {
        purpose: Purpose,
        /// Whether another one was sent.
        replaced: bool,
    },
    MailFiled {
        email: Uuid,
        writer: Writer,
        ticket: Option<TicketKey>,
        /// Older lines do not name it.
        #[serde(default, skip_serializing_if = "Manner::is_written")]
        manner: Manner,
    },
    /// Somebody of the staff looked at what had come in.
    Seen,
    EvidenceAdded {
        file: Uuid,
        sha256: Digest,
    },
    EvidenceScanned {
        file: Uuid,
        result: ScanResult,
    },
    /// With why, where staff did it.
    EvidenceRemoved {
        file: Uuid,
        note: Option<Uuid>,
    },
    EvidenceDeleted {
        file: Uuid,
    },
    /// What was said is gone for good; digests of what stands there instead come with this line.
    ContentErased {
        rule: Rule,
        scope: Scope,
    },
    /// What came beside the lines lies under the chain from here on.
    Chained,
}

impl Event {
    pub fn as_str(&self) -> &'static str {
        self.into()
    }
}

//! What somebody wants to do with a case, and who may want it at all. Whether it is possible now is for `decide`.

use serde::Serialize;
use strum::{EnumDiscriminants, EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{
    actor::{Actor, Role, StaffId},
    address::EmailAddress,
    check::{CheckKind, Evidence, Verdict},
    contact::{Called, Voucher},
    correspondence::{AtlassianAnswer, Manner, TicketKey, Topic, Writer},
    digest::Digest,
    document::{FileRef, Review, ScanResult},
    draft::NewDraft,
    escalation::Addressed,
    facts::Corrections,
    link::Purpose,
    number::CaseNumber,
    outcome::Notification,
    reference::Reference,
    refusal::Refusal,
    state::Outcome,
    text::Note,
};
use crate::clock::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, EnumDiscriminants)]
#[strum_discriminants(
    name(ActionKind),
    doc = "The name of an action without its data.",
    derive(Hash, PartialOrd, Ord, Serialize, IntoStaticStr, EnumString, VariantArray),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case")
)]
pub enum Action {
    /// The requester used the confirmation link.
    Confirm,
    /// The requester used the link of a later letter: the first confirmation has expired.
    ConfirmAgain,
    /// Time or the policy may have changed how the case stands.
    Reconsider,
    /// A check that runs by itself shall run again.
    CheckAgain { kind: CheckKind },
    /// The contact on whose word the check rests is no longer on record.
    RecordContactGone { kind: CheckKind },
    /// The time to confirm is over.
    Expire,
    /// The requester no longer wants it.
    Withdraw,
    /// A check that runs by itself came to a verdict.
    RecordCheck { kind: CheckKind, verdict: Verdict, evidence: Evidence },
    /// A check that could not be run now is tried again later.
    PostponeCheck { kind: CheckKind, due_at: Timestamp },
    /// The requester is going to show by DNS whose domain it is; the token comes from chance.
    StartDomainChallenge { token: String },
    /// The notice with the objection link goes to the departed contact.
    NotifyDepartedContact,
    /// The new contact is asked to confirm and accept.
    InviteSuccessor,
    /// Another contact on record is asked to vouch.
    RequestVouch { voucher: Voucher },
    /// The contact on record vouches.
    Vouch,
    /// A member of staff called a number on record.
    DecideCallback { called: Called, verdict: Verdict, note: Note },
    /// A member of staff reviewed evidence files against the checklist.
    DecideDocument { review: Review, verdict: Verdict, note: Note },
    /// The case shall go on without this check.
    WaiveCheck { kind: CheckKind, reason: Note },
    /// The new contact accepts.
    AcceptSuccession,
    /// The new contact declines.
    DeclineSuccession,
    /// Somebody objects to the change: in answer to the notice, or to the question whether it is right (`kind`).
    /// `contact`: the contact on record who does, in answer to the notice; nobody for the departed one.
    Object { kind: CheckKind, contact: Option<Uuid>, note: Option<Note> },
    /// Another confirmed case is about one of the same entitlements.
    RecordSecondClaim { other: CaseNumber, same_requester: bool },
    /// Nothing of what stands against the case is justified.
    DismissObjection { reason: Note },
    /// Something of what stands against the case is right.
    UpholdObjection { reason: Note },
    /// Staff need to know something from the customer.
    AskCustomer { question: Note },
    /// The customer answers.
    Answer { answer: Note },
    /// The customer tells us something that nobody asked for.
    Tell { topic: Topic, note: Note },
    /// The customer sets an address of the request right; the note has the old one and the new one.
    CorrectAddress { whose: Addressed, address: EmailAddress, note: Note },
    /// A message to Atlassian is put forward for approval.
    SaveDraft { draft: Box<NewDraft> },
    /// The draft is not good enough yet.
    ReturnDraft { reason: Note },
    /// A second person approves these very bytes, while the facts of the case are these.
    Approve { digest: Digest, facts: Digest },
    /// A fact of the letter is not as the form or the register has it.
    CorrectFacts { corrections: Corrections, reason: Note },
    /// The outbox settled the request made of `draft`: delivered or given up.
    RecordDelivery { draft: Uuid, delivered: bool },
    /// The request that could not be delivered is taken back.
    Recall { reason: Note },
    /// What Atlassian said.
    RecordAtlassianAnswer { answer: AtlassianAnswer, note: Option<Note> },
    /// Atlassian has not answered in time; so many messages of ours in a row are unanswered.
    NoteSilence { asked: u32 },
    /// The new contact has access, by their own word or the requester's.
    ConfirmAccess,
    /// The requester says that it works, and the new contact has said nothing in time.
    SettleAccess,
    /// The new contact has no access yet.
    ReportNoAccess { note: Option<Note> },
    /// We do not take the case further.
    Reject {
        reason: Note,
        /// What the requester reads beside the decision.
        told: Option<Note>,
    },
    /// The case ends for another reason.
    Close { outcome: Outcome, reason: Option<Note> },
    /// A closed case is taken up again.
    Reopen { reason: Note },
    /// Nothing of the case is erased until this is lifted, as long as a dispute or an authority needs it.
    Hold { reason: Note },
    /// What is over may be erased again.
    LiftHold { reason: Note },
    /// Somebody takes the case, or gives it back.
    Assign { owner: Option<StaffId> },
    /// The reseller's own reference of the case is set or taken away.
    Refer { reference: Option<Reference> },
    /// An e-mail that the mail server refused for good is tried again, the very same bytes.
    RetryEmail { email: Uuid, to_atlassian: bool },
    /// A letter to the customer's side that did not arrive is written anew, with a fresh link.
    ResendLetter { email: Uuid, notification: Notification },
    /// A letter to the customer's side that still waits in the outbox is held back.
    CancelLetter { email: Uuid, notification: Notification },
    /// Somebody has seen that an e-mail did not arrive.
    SettleLetter { email: Uuid },
    /// A link came back in a message: it ends, and whom it was for gets another one, unless that came back too often.
    EndLink { purpose: Purpose, contact: Option<Uuid>, replace: bool },
    /// A note among staff.
    AddNote { note: Note },
    /// An inbound e-mail was filed with the case, by its marks or by staff.
    FileMail { email: Uuid, writer: Writer, ticket: Option<TicketKey>, manner: Manner },
    /// Whoever we wait for on the customer's side has not answered in time and is reminded.
    Remind,
    /// Somebody looked at what is new.
    MarkSeen,
    /// An evidence file is put to the case.
    AddEvidence { file: FileRef },
    /// An evidence file was looked at for viruses.
    RecordScan { file: Uuid, result: ScanResult },
    /// An evidence file put to the case by mistake is taken out again: whether it is `own` to whoever asks, and whether a
    /// decision was ever made on it.
    RemoveEvidence { file: Uuid, own: bool, decided_on: bool, reason: Option<Note> },
    /// The bytes of an evidence file are no longer kept.
    DeleteEvidence { file: Uuid },
}

impl ActionKind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Actor {
    /// Whether this actor may ask for such an action at all, in whatever state.
    ///
    /// # Errors
    /// [`Refusal::NotYours`] or, for staff, [`Refusal::RoleTooLow`].
    pub fn may(self, kind: ActionKind) -> Result<(), Refusal> {
        use ActionKind as A;
        let needed = match kind {
            A::Approve
            | A::WaiveCheck
            | A::DismissObjection
            | A::UpholdObjection
            | A::Reopen
            | A::Hold
            | A::LiftHold => Some(Role::Approver),
            A::CheckAgain
            | A::DecideDocument
            | A::DecideCallback
            | A::RequestVouch
            | A::Object
            | A::AskCustomer
            | A::SaveDraft
            | A::ReturnDraft
            | A::CorrectFacts
            | A::Recall
            | A::RecordAtlassianAnswer
            | A::Reject
            | A::Close
            | A::Assign
            | A::Refer
            | A::RetryEmail
            | A::ResendLetter
            | A::CancelLetter
            | A::SettleLetter
            | A::AddNote
            | A::MarkSeen
            | A::Remind
            | A::FileMail
            | A::AddEvidence
            | A::RemoveEvidence => Some(Role::Agent),
            _ => None,
        };
        let allowed = match self {
            Self::Staff { role, .. } => match needed {
                Some(needed) if role < needed => return Err(Refusal::RoleTooLow),
                needed => needed.is_some(),
            },
            Self::System => matches!(
                kind,
                A::Expire
                    | A::RecordCheck
                    | A::PostponeCheck
                    | A::NotifyDepartedContact
                    | A::InviteSuccessor
                    | A::RequestVouch
                    | A::RecordSecondClaim
                    | A::Reconsider
                    | A::RecordContactGone
                    | A::RecordDelivery
                    | A::NoteSilence
                    | A::SettleAccess
                    | A::Remind
                    | A::FileMail
                    | A::EndLink
                    | A::RecordScan
                    | A::DeleteEvidence
            ),
            Self::Requester => {
                matches!(
                    kind,
                    A::Confirm
                        | A::ConfirmAgain
                        | A::Withdraw
                        | A::Answer
                        | A::Tell
                        | A::CorrectAddress
                        | A::StartDomainChallenge
                        | A::AddEvidence
                        | A::RemoveEvidence
                        | A::ConfirmAccess
                        | A::ReportNoAccess
                )
            }
            Self::Successor => matches!(
                kind,
                A::AcceptSuccession | A::DeclineSuccession | A::ConfirmAccess | A::ReportNoAccess
            ),
            Self::DepartedContact => kind == A::Object,
            Self::RegisteredContact => matches!(kind, A::Vouch | A::Object),
            // Mail never changes a state by itself (law 5): staff record what Atlassian said.
            Self::Atlassian => false,
        };
        if allowed { Ok(()) } else { Err(Refusal::NotYours) }
    }
}

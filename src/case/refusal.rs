//! An expected "no" by the rules, with the key of the sentence that explains it.

use strum::{IntoStaticStr, VariantArray};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[error("refused by the rules: {}", self.key())]
pub enum Refusal {
    /// This party has no say in this.
    NotYours,
    /// The role does not allow it.
    RoleTooLow,
    /// Not possible in the present state.
    NotNow,
    /// The case is closed.
    Closed,
    /// Its words are erased.
    Erased,
    /// Somebody put off that it is erased, and nobody has lifted that.
    AlreadyHeld,
    /// Nobody has put off that it is erased.
    NotHeld,
    /// The draft's author can't approve it.
    OwnDraft,
    /// Who decided a check, set a fact right or wrote the request down can't approve.
    OwnCheck,
    /// The draft is not the one that was looked at.
    DraftChanged,
    /// A check changed since the draft was written.
    EvidenceChanged,
    /// The facts of the case are no longer those that the draft states.
    FactsChanged,
    /// There is nothing to set right.
    NothingCorrected,
    /// The policy is not satisfied (any more).
    PolicyNotSatisfied,
    /// This check was decided already.
    AlreadyDecided,
    /// This check is not one that staff decide.
    NotDecidedByStaff,
    /// This person is not on record for the case, or has a part in it.
    NoVoucher,
    /// Nobody on record for the case has this number.
    NotOnRecord,
    /// Only the contact who is said to have left has this number.
    DepartedNumber,
    /// Nobody knows who of those on record has left: none of them can speak for the request.
    DepartedUnknown,
    /// The customer stated the departed contact's address: only they can change it.
    AddressStated,
    /// The address is the requester's or the new contact's.
    AddressInvolved,
    /// The letter would have to claim what nobody knows.
    FactsUnknown,
    /// It is too early for that.
    TooEarly,
    /// The case waits for what this letter asks.
    LetterAwaited,
    /// The e-mail is being handed over, or is out already.
    AlreadyHandedOver,
    /// A document is decided on a file that can be opened, and none was named.
    NoEvidenceFile,
    /// A document passes only when every item of the checklist is met.
    ChecklistNotMet,
    /// Nobody on the customer's side was asked for anything.
    NobodyToRemind,
    /// The settings allow no further reminder.
    RemindedEnough,
    /// Nothing came in that nobody has looked at.
    NothingNew,
    /// The case is contested by as many others as it names.
    TooManyClaims,
    /// A decision was made on the file, so it stays.
    DecidedOn,
    /// Staff say why they take out what somebody sent.
    WithoutReason,
    /// Nothing was ever sent to Atlassian, so there is no answer to record.
    NothingSent,
    /// The address is somebody else's of the case.
    AddressTaken,
    /// Addresses of this request were set right so often that it is another request.
    CorrectedEnough,
    /// The customer told us so much that somebody has to read it first.
    ToldEnough,
    /// Whoever approves shows their second factor, and lately.
    SecondFactorNotFresh,
    /// Their role demands a second factor, and they have none.
    SecondFactorMissing,
}

impl Refusal {
    /// `refusal-…`, the message key of the sentence that explains it.
    pub fn key(self) -> String {
        let word: &str = self.into();
        format!("refusal-{word}")
    }

    /// Whether it is about who asks (403) rather than about when (409).
    pub fn is_about_rights(self) -> bool {
        matches!(
            self,
            Self::NotYours
                | Self::RoleTooLow
                | Self::OwnDraft
                | Self::OwnCheck
                | Self::SecondFactorNotFresh
                | Self::SecondFactorMissing
        )
    }
}

//! Setting an address of the request right: by the requester alone, and everything that rested on the old one falls.
//!
//! The attacker is a requester who has a true successor checked, called about and approved, and then puts their own mailbox in
//! its place; or who names the contact on record only until the notice is over. So whoever heard of the old address is asked
//! anew, whoever decided something about it decides anew, and a draft is void. A no stays, whoever said it. Once a message is on
//! its way nothing can be set right: it names the old address.

use super::Decision;
use crate::{
    case::{
        Case,
        address::EmailAddress,
        check::{Asking, Check, CheckKind, Evidence, Verdict},
        escalation::Addressed,
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::State,
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

/// So often the addresses of one request are set right: each time strangers may get letters, and everybody is asked anew.
const MOST_CORRECTIONS: u32 = 3;

impl Case {
    pub(super) fn correct_address(
        &self,
        whose: Addressed,
        address: &EmailAddress,
        note: &Note,
        now: Timestamp,
    ) -> Decision {
        let told = self.state.told();
        let open = matches!(
            told,
            State::Verifying
                | State::AwaitingCustomer { .. }
                | State::Verified
                | State::AwaitingApproval { follows: None, .. }
        );
        // Who is to be the contact and asks is one person, whose mailbox is confirmed.
        let own = whose == Addressed::Successor && self.successor_is_requester;
        if !open || own || self.delivered_at.is_some() {
            return Err(Refusal::NotNow);
        }
        if self.corrected >= MOST_CORRECTIONS {
            return Err(Refusal::CorrectedEnough);
        }
        let mut checks = self.checks.clone();
        let mut effects = vec![
            Effect::KeepNote(NoteKind::Answer, note.clone()),
            Effect::CorrectAddress(whose, address.clone()),
        ];
        for check in checks.iter_mut().filter(|check| rests_on(whose, check.kind)) {
            let Some(anew) = self.anew(check, now) else { continue };
            *check = anew;
            effects.push(Effect::PutCheck(check.clone()));
        }
        if whose == Addressed::Successor {
            effects.push(Effect::Notify(Notification::SuccessorInvitation));
        }
        effects.extend(self.void_draft());
        let place = match told {
            State::AwaitingCustomer { .. } => told,
            _ => self.place_for(&checks, now),
        };
        let next = self.state.advance(place);
        Ok(Transition { next, event: Event::AddressCorrected { whose, note: note.id }, effects })
    }

    /// The check as it is to be made again; `None` where it says no, or nothing.
    fn anew(&self, check: &Check, now: Timestamp) -> Option<Check> {
        let kind = check.kind;
        let begin = |evidence, due_at| Some(Check::pending(kind, evidence, due_at));
        match (kind, &check.evidence) {
            (_, Evidence::Objected { contact, .. }) => {
                let evidence = Evidence::Objected { asking: Asking::Anew, contact: *contact };
                Some(Check { evidence, ..check.clone() })
            }
            // Another mailbox: who declined in the old one may be a stranger.
            (CheckKind::Successor, _) => begin(Evidence::InvitationSent { sent_at: now }, None),
            (CheckKind::RecordedContact | CheckKind::DepartedNotice, _) => begin(Evidence::None, Some(now)),
            // The domain is another one; its token proves nothing about this one.
            (CheckKind::DomainDns, _) => begin(Evidence::None, None),
            (_, evidence)
                if matches!(check.verdict, Verdict::Passed | Verdict::Waived)
                    || matches!(evidence, Evidence::VouchRequested { .. } | Evidence::NobodyToAsk) =>
            {
                let asks = kind == CheckKind::Vouch && self.rules.policy.asks_voucher();
                begin(Evidence::None, asks.then_some(now))
            }
            _ => None,
        }
    }
}

/// Whether somebody who decided such a check, or answered it, had that address before them.
fn rests_on(whose: Addressed, kind: CheckKind) -> bool {
    match kind {
        CheckKind::DepartedNotice | CheckKind::Vouch | CheckKind::Callback | CheckKind::Document => true,
        CheckKind::Successor => whose == Addressed::Successor,
        CheckKind::RecordedContact | CheckKind::DomainDns => whose == Addressed::Departed,
        CheckKind::RequesterEmail | CheckKind::Entitlement | CheckKind::DomainRegister => false,
    }
}

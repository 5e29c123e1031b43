//! Setting a fact of the letter right: by name, with a reason, and by somebody who then can't approve.
//!
//! The attacker is a member of staff who calls the customer by a stranger's name. An address that the customer stated can't be
//! set right here: only the customer can change it (`address`). That of the departed contact, where the customer does
//! not know it, is found out by staff; then the register is asked about it, and whoever spoke for the request is asked anew:
//! they may be the one who has left. Whoever sets the role right has everybody asked anew whom the role is
//! about: else the contact whose role it is would never hear of it.

use super::Decision;
use crate::{
    case::{
        Case,
        check::{Asking, Check, CheckKind, Evidence, Verdict},
        event::Event,
        facts::Corrections,
        outcome::{Effect, Transition},
        refusal::Refusal,
        state::State,
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

/// What the register is asked again: it may have changed with what staff found out.
const ASKED_AGAIN: [CheckKind; 2] = [CheckKind::Entitlement, CheckKind::RecordedContact];

/// What is about the role that changes: who on record has it, who else hears of it, what the new contact agreed to and what
/// the other contact vouched for. Whoever learnt of another role was not asked about this one.
const ABOUT_ROLE: [CheckKind; 4] =
    [CheckKind::RecordedContact, CheckKind::DepartedNotice, CheckKind::Successor, CheckKind::Vouch];

/// What rests on who it is that has left: whether the register has them, and who of the others spoke.
const ABOUT_PERSON: [CheckKind; 3] = [CheckKind::RecordedContact, CheckKind::Vouch, CheckKind::Callback];

impl Case {
    /// Until a message is on its way. A draft that waits states other facts and is void.
    pub(super) fn correct_facts(&self, corrections: &Corrections, reason: &Note, now: Timestamp) -> Decision {
        self.checks_are_open()?;
        if matches!(self.state.told(), State::WithAtlassian { .. }) {
            return Err(Refusal::NotNow);
        }
        let what = corrections.facts();
        if what.is_empty() {
            return Err(Refusal::NothingCorrected);
        }
        // Atlassian was asked about the other role, or person, and nobody can be asked anew.
        let asks_anew = corrections.departed_role.is_some() || corrections.departed_email.is_some();
        if asks_anew && self.delivered_at.is_some() {
            return Err(Refusal::NotNow);
        }
        let mut effects = vec![
            Effect::KeepNote(NoteKind::Reason, reason.clone()),
            Effect::CorrectFacts(corrections.clone(), reason.id),
        ];
        let mut checks = self.checks.clone();
        if corrections.departed_role.is_some() {
            for check in checks.iter_mut().filter(|check| ABOUT_ROLE.contains(&check.kind)) {
                // An objection stays, and so does a refusal.
                match &mut check.evidence {
                    Evidence::Declined | Evidence::VouchRefused { .. } => continue,
                    Evidence::Objected { asking, .. } => *asking = Asking::Anew,
                    // Nobody was asked, or staff go without.
                    evidence if check.kind == CheckKind::Vouch && evidence.contact().is_none() => continue,
                    _ => {
                        let asks = check.kind != CheckKind::Vouch || self.rules.policy.asks_voucher();
                        *check = Check::pending(check.kind, Evidence::None, asks.then_some(now));
                    }
                }
                effects.push(Effect::PutCheck(check.clone()));
            }
        }
        if corrections.departed_email.is_some() {
            for check in checks.iter_mut().filter(|check| rests_on_person(check)) {
                let begins = check.kind == CheckKind::RecordedContact
                    || check.kind == CheckKind::DepartedNotice
                    || check.kind == CheckKind::Vouch && self.rules.policy.asks_voucher();
                *check = Check::pending(check.kind, Evidence::None, begins.then_some(now));
                effects.push(Effect::PutCheck(check.clone()));
            }
        }
        if self.delivered_at.is_none() {
            let asked = checks.iter().filter(|check| ASKED_AGAIN.contains(&check.kind));
            // The verdicts stand until the register says otherwise; what was waived stays so.
            let due = asked
                .filter(|check| check.verdict != Verdict::Waived && check.due_at != Some(now))
                .map(|check| Check { due_at: Some(now), ..check.clone() });
            effects.extend(due.map(Effect::PutCheck));
        }
        effects.extend(self.void_draft());
        let next = match self.state {
            State::AwaitingApproval { .. } => self.place_without_message(&checks, now),
            State::Verified if checks != self.checks => self.place_for(&checks, now),
            _ => self.state.clone(),
        };
        Ok(Transition { next, event: Event::FactsCorrected { what, note: reason.id }, effects })
    }
}

/// A refusal stays, and so does a decision to go without: neither speaks for the request by somebody's word.
fn rests_on_person(check: &Check) -> bool {
    match (&check.evidence, check.kind) {
        // There was nobody to write to, or to ask, because it might have been anybody.
        (Evidence::NobodyToNotify | Evidence::NobodyToAsk, _) => check.verdict == Verdict::Inconclusive,
        (_, CheckKind::RecordedContact) => true,
        // Only the others were written to: whoever is found now has had no time to object at all.
        (_, CheckKind::DepartedNotice) => !matches!(check.verdict, Verdict::Failed | Verdict::Waived),
        (evidence, kind) => {
            ABOUT_PERSON.contains(&kind) && evidence.contact().is_some() && check.verdict != Verdict::Failed
        }
    }
}

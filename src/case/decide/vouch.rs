//! The word of another contact on record: asked for by letter, given or refused through its link.

use super::Decision;
use crate::{
    case::{
        Case,
        check::{Check, CheckKind, Evidence, Verdict},
        contact::Voucher,
        event::Event,
        outcome::{Effect, Notification},
        refusal::Refusal,
    },
    clock::Timestamp,
};

impl Case {
    /// Also when somebody was asked before and has not answered: the letter before is then worth nothing any more.
    pub(super) fn request_vouch(&self, voucher: &Voucher, now: Timestamp) -> Decision {
        self.checks_are_open()?;
        let settled = |check: &Check| match check.verdict {
            Verdict::Pending | Verdict::Inconclusive => false,
            Verdict::Passed | Verdict::Waived => check.counts(now),
            Verdict::Failed => true,
        };
        if self.check(CheckKind::Vouch).is_some_and(settled) {
            return Err(Refusal::AlreadyDecided);
        }
        let contact = voucher.contact();
        let evidence = Evidence::VouchRequested { contact, sent_at: now, home: voucher.home().clone() };
        let check = Check::pending(CheckKind::Vouch, evidence, None);
        let effects = vec![Effect::PutCheck(check), Effect::Notify(Notification::VouchRequest)];
        Ok(self.stay(Event::VouchRequested { contact }, effects))
    }

    pub(super) fn vouch(&self, now: Timestamp) -> Decision {
        let Evidence::VouchRequested { contact, home, .. } = self.pending(CheckKind::Vouch)?.evidence.clone()
        else {
            return Err(Refusal::NotNow);
        };
        let evidence = Evidence::Vouched { contact, home };
        let check = self.verdict(CheckKind::Vouch, Verdict::Passed, evidence, None, now);
        self.with_check(check, Event::Vouched { contact }, Vec::new(), now)
    }
}

//! Evidence files and the check that rests on them. A file moves no case and no verdict; only its review does.

use uuid::Uuid;

use super::{Decision, checks::is_finding};
use crate::{
    case::{
        Case,
        actor::Actor,
        check::{CheckKind, Evidence, Verdict},
        document::{FileRef, Review, ScanResult},
        event::Event,
        outcome::{Effect, Notification},
        refusal::Refusal,
        state::State,
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

impl Case {
    /// In every state from the confirmation on, contested too: that it is not offered then would tell of the objection.
    /// So would that it is, to a requester for whom the case is over.
    pub(super) fn add_evidence(&self, actor: Actor, file: FileRef) -> Decision {
        if matches!(self.state, State::Unconfirmed { .. }) {
            return Err(Refusal::NotNow);
        }
        if actor == Actor::Requester && self.state.told().is_closed() {
            return Err(Refusal::Closed);
        }
        // Staff see what they put in.
        let receipt = (actor == Actor::Requester).then_some(Effect::Notify(Notification::FilesReceived));
        let event = Event::EvidenceAdded { file: file.file, sha256: file.sha256 };
        Ok(self.stay(event, receipt.into_iter().collect()))
    }

    /// Also late: a case may be closed while the scanner works.
    pub(super) fn record_scan(&self, file: Uuid, result: ScanResult) -> Decision {
        Ok(self.stay(Event::EvidenceScanned { file, result }, Vec::new()))
    }

    /// What somebody sent by mistake, in whatever state the like could be sent. Never what a decision was made on: a forger
    /// would take out the paper that was believed before anybody looks at it again.
    pub(super) fn remove_evidence(
        &self,
        actor: Actor,
        (file, own, decided_on): (Uuid, bool, bool),
        reason: Option<&Note>,
    ) -> Decision {
        if matches!(self.state, State::Unconfirmed { .. }) {
            return Err(Refusal::NotNow);
        }
        if decided_on {
            return Err(Refusal::DecidedOn);
        }
        if actor == Actor::Requester && !own {
            return Err(Refusal::NotYours);
        }
        if actor == Actor::Requester && self.state.told().is_closed() {
            return Err(Refusal::Closed);
        }
        if actor.staff_id().is_some() && reason.is_none() {
            return Err(Refusal::WithoutReason);
        }
        let effects = reason.map(|reason| Effect::KeepNote(NoteKind::Reason, reason.clone()));
        let event = Event::EvidenceRemoved { file, note: reason.map(|reason| reason.id) };
        Ok(self.stay(event, effects.into_iter().collect()))
    }

    /// An open case keeps its files, a reopened one too. What was decided on one stays decided.
    pub(super) fn delete_evidence(&self, file: Uuid) -> Decision {
        if !self.state.is_closed() {
            return Err(Refusal::NotNow);
        }
        Ok(self.stay(Event::EvidenceDeleted { file }, Vec::new()))
    }

    pub(super) fn decide_document(
        &self,
        actor: Actor,
        review: &Review,
        verdict: Verdict,
        note: &Note,
        now: Timestamp,
    ) -> Decision {
        self.checks_are_open()?;
        if !is_finding(verdict) {
            return Err(Refusal::NotDecidedByStaff);
        }
        if verdict == Verdict::Passed && !review.is_met() {
            return Err(Refusal::ChecklistNotMet);
        }
        let files = review.files().to_vec();
        let answers = review.answers().clone();
        let evidence = Evidence::DocumentReviewed { files: files.clone(), answers, note: note.id };
        let check = self.verdict(CheckKind::Document, verdict, evidence, Some(actor), now);
        let event =
            Event::CheckDecided { check: CheckKind::Document, verdict, note: note.id, files: Some(files) };
        self.with_check(check, event, vec![Effect::KeepNote(NoteKind::Reason, note.clone())], now)
    }
}

//! The checks with verdict and evidence in words, and what the reader may decide about each.

use serde::Serialize;
use strum::VariantArray as _;

use super::{RegisterView, Words};
use crate::{
    case::{
        Case,
        action::{Action, ActionKind},
        actor::Actor,
        check::{Check, CheckKind, Evidence, Verdict},
        policy::{Gap, Standing},
        text::{Note, Text},
    },
    clock::Timestamp,
};

#[derive(Debug, Serialize)]
pub struct CheckView {
    pub kind: CheckKind,
    pub verdict: Verdict,
    pub evidence: String,
    /// What somebody would have to own to fake it.
    pub rests_on: String,
    /// What staff wrote when they decided it.
    pub note: String,
    /// What the register says about it.
    pub on_record: Vec<String>,
    pub decided_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// It had a verdict in the customer's favour that no longer counts.
    pub expired: bool,
    pub counts: bool,
    /// Staff find out, not the program.
    pub by_staff: bool,
    pub required: bool,
    pub may_decide: bool,
    pub may_waive: bool,
    /// Whether the reader could have it run again.
    pub may_again: bool,
}

/// The checks that the case has, those it needs, and those that staff may decide.
pub fn view(
    case: &Case,
    actor: Actor,
    register: &RegisterView,
    words: &Words,
    now: Timestamp,
) -> Vec<CheckView> {
    let policy = &case.rules.policy;
    CheckKind::VARIANTS
        .iter()
        .filter(|kind| {
            let begun_by_staff = kind.is_decided_by_staff() || **kind == CheckKind::Vouch;
            let of_use = policy.requires(**kind) || (policy.asks_for(**kind) && begun_by_staff);
            of_use || case.check(**kind).is_some()
        })
        .map(|kind| one(case, *kind, actor, register, words, now))
        .collect()
}

fn one(
    case: &Case,
    kind: CheckKind,
    actor: Actor,
    register: &RegisterView,
    words: &Words,
    now: Timestamp,
) -> CheckView {
    let none = Check::pending(kind, Evidence::None, None);
    let check = case.check(kind).unwrap_or(&none);
    let counts = check.counts(now);
    let policy = &case.rules.policy;
    let favourable = matches!(check.verdict, Verdict::Passed | Verdict::Waived);
    CheckView {
        kind,
        verdict: check.verdict,
        evidence: words.evidence(&check.evidence, check.decided_by),
        rests_on: if counts { words.roots_of(&check.roots(&case.homes)) } else { String::new() },
        note: match check.evidence {
            Evidence::StaffDecision { note }
            | Evidence::WithoutOthers { note }
            | Evidence::Called { note, .. }
            | Evidence::DocumentReviewed { note, .. } => words.note(note),
            _ => String::new(),
        },
        on_record: register.about(kind),
        decided_at: check.decided_at,
        expires_at: check.expires_at.filter(|_| favourable),
        expired: favourable && !counts,
        counts,
        by_staff: kind.is_decided_by_staff(),
        required: policy.requires(kind),
        may_decide: match kind {
            CheckKind::Callback => case.offers_one(actor, ActionKind::DecideCallback, now),
            CheckKind::Document => case.offers_one(actor, ActionKind::DecideDocument, now),
            _ => false,
        },
        may_waive: (policy.requires(kind) || kind == CheckKind::Vouch && lacks_others(case, now))
            && !counts
            && allowed(case, actor, now, |reason| Action::WaiveCheck { kind, reason }),
        may_again: case.decide(actor, &Action::CheckAgain { kind }, now).is_ok(),
    }
}

/// Whether nobody but those who ask was heard so far, which an approver may let pass.
fn lacks_others(case: &Case, now: Timestamp) -> bool {
    match case.standing(now) {
        Standing::Missing(gaps) => gaps.iter().any(|gap| matches!(gap, Gap::FromOthers { .. })),
        Standing::Satisfied(_) | Standing::Blocked(_) => false,
    }
}

/// Asks the rules with some note.
fn allowed(case: &Case, actor: Actor, now: Timestamp, action: impl FnOnce(Note) -> Action) -> bool {
    Text::parse("…").is_ok_and(|text| case.decide(actor, &action(Note::new(text)), now).is_ok())
}

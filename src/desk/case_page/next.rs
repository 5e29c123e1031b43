//! What is to be done next, with the forms for it in place; what else the reader could do stands behind.
//!
//! The order is `case::path`'s, what is allowed `decide`'s. Only chooses and puts into words.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CheckView, Words, vouchers::VoucherView};
use crate::{
    case::{
        Case,
        check::{CheckKind, Verdict},
        facts::Fact,
        path::{Next, Progress, Stage},
        state::Party,
    },
    casework::Loaded,
    clock::Timestamp,
};

/// One form of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionView {
    /// Which: `answer`, `ruling`, `seen`, …; see `desk/parts/action.html`.
    pub name: &'static str,
    /// Of a form about one check: which.
    pub check: Option<CheckKind>,
    /// It ends the case or something of it.
    pub danger: bool,
}

#[derive(Debug, Serialize)]
pub struct NextView {
    /// The word of the step.
    pub step: &'static str,
    title: String,
    text: String,
    /// The forms of the step, the best first.
    actions: Vec<ActionView>,
    /// What else the reader could do; about single checks where each stands.
    more: Vec<ActionView>,
    /// `waive-<check>` and `again-<check>` of the forms of this step.
    names: Vec<String>,
}

/// One step of the way.
#[derive(Debug, Serialize)]
pub struct StageView {
    title: String,
    /// `done`, `ours`, `waits`, `blocked` or `later`.
    progress: &'static str,
    /// When it was done, or until when it is waited for.
    at: Option<Timestamp>,
    /// Whom it is waited for.
    who: String,
}

/// What decides which forms there are.
pub struct Means<'a> {
    pub may: &'a BTreeMap<&'static str, bool>,
    pub checks: &'a [CheckView],
    pub vouchers: &'a [VoucherView],
    pub has_editor: bool,
    pub has_outcomes: bool,
    pub may_add_files: bool,
    pub may_remove_files: bool,
    /// There is a file that could be decided on.
    pub any_readable: bool,
    /// What a letter would have to state and nobody knows.
    pub unknown: &'a [Fact],
}

pub fn view(case: &Case, means: &Means<'_>, words: &Words, now: Timestamp) -> NextView {
    let next = case.next(now);
    let mut all = list_all(means);
    let mut actions = Vec::new();
    let unknown = holds_up(next, means.unknown);
    let wanted = if unknown { facts_wanted() } else { wanted(next) };
    for wanted in wanted {
        let (taken, rest) = all.into_iter().partition::<Vec<_>, _>(|action| wanted.fits(action));
        actions.extend(taken);
        all = rest;
    }
    all.retain(|action| !matches!(action.name, "waive" | "again"));
    let about_checks = |action: &ActionView| Some(format!("{}-{}", action.name, action.check?.as_str()));
    let word = match next {
        _ if unknown => "facts-unknown".to_owned(),
        Next::Wait(party) => format!("wait-{}", Into::<&str>::into(party)),
        other => other.as_str().to_owned(),
    };
    let about = match next {
        Next::Blocked(kind) | Next::Check(kind) => words.check(kind),
        _ => String::new(),
    };
    NextView {
        names: actions.iter().filter_map(about_checks).collect(),
        step: next.as_str(),
        title: words.about(&format!("next-{word}"), &about),
        text: words.about(&format!("next-{word}-text"), &about),
        actions,
        more: all,
    }
}

/// Whether the step can't be taken while these facts are unknown: the register is asked about an address, and a letter states it.
fn holds_up(next: Next, unknown: &[Fact]) -> bool {
    match next {
        Next::Check(CheckKind::RecordedContact) | Next::Proof => unknown.contains(&Fact::DepartedEmail),
        Next::Draft => !unknown.is_empty(),
        _ => false,
    }
}

fn facts_wanted() -> Vec<Wanted> {
    let waive = Wanted("waive", Some(CheckKind::RecordedContact));
    vec![Wanted("corrections", None), Wanted("question", None), waive]
}

/// A form that a step asks for.
#[derive(Clone, Copy)]
struct Wanted(&'static str, Option<CheckKind>);

impl Wanted {
    fn fits(self, action: &ActionView) -> bool {
        action.name == self.0 && (self.1.is_none() || action.check == self.1)
    }
}

fn wanted(next: Next) -> Vec<Wanted> {
    let plain = |name| Wanted(name, None);
    match next {
        Next::Ruling => vec![plain("ruling")],
        Next::Blocked(kind) => {
            vec![
                Wanted("again", Some(kind)),
                Wanted("waive", Some(kind)),
                plain("question"),
                plain("rejection"),
            ]
        }
        Next::Check(kind) => {
            vec![
                Wanted("again", Some(kind)),
                plain("question"),
                plain("corrections"),
                Wanted("waive", Some(kind)),
            ]
        }
        Next::Proof => vec![
            plain("callback"),
            plain("vouch"),
            plain("document"),
            plain("evidence"),
            Wanted("waive", Some(CheckKind::Vouch)),
        ],
        Next::Draft | Next::NoAccess | Next::FollowUp => vec![plain("draft")],
        Next::Undeliverable => vec![plain("recall")],
        Next::Wait(Party::Atlassian) => vec![plain("answer")],
        Next::Closed => vec![plain("reopening")],
        Next::Approval | Next::Wait(_) => Vec::new(),
    }
}

/// Every form that the reader could send now, in the order in which it is mostly needed.
pub fn list_all(means: &Means<'_>) -> Vec<ActionView> {
    let may = |action: &str| means.may.get(action).copied().unwrap_or_default();
    let mut all = Vec::new();
    let mut offer = |offered: bool, name: &'static str, check: Option<CheckKind>, danger: bool| {
        if offered {
            all.push(ActionView { name, check, danger });
        }
    };
    let check = |kind: CheckKind| means.checks.iter().find(|check| check.kind == kind);
    let decides = |kind: CheckKind| check(kind).is_some_and(|check| check.may_decide);
    offer(may("record_atlassian_answer"), "answer", None, false);
    offer(may("dismiss_objection"), "ruling", None, false);
    offer(means.has_editor, "draft", None, false);
    offer(decides(CheckKind::Callback), "callback", Some(CheckKind::Callback), false);
    offer(!means.vouchers.is_empty(), "vouch", Some(CheckKind::Vouch), false);
    offer(decides(CheckKind::Document), "document", Some(CheckKind::Document), false);
    for check in means.checks {
        // What passed and still counts is asked again where it stands.
        offer(check.may_again && check.verdict != Verdict::Passed, "again", Some(check.kind), false);
    }
    offer(may("ask_customer"), "question", None, false);
    offer(may("remind"), "reminder", None, false);
    offer(may("correct_facts"), "corrections", None, false);
    offer(may("add_note"), "note", None, false);
    offer(means.may_add_files, "evidence", None, false);
    offer(may("assign"), "assignment", None, false);
    offer(may("refer"), "reference", None, false);
    for check in means.checks {
        offer(check.may_waive, "waive", Some(check.kind), true);
    }
    offer(may("reopen"), "reopening", None, false);
    offer(may("hold"), "hold", None, false);
    offer(may("lift_hold"), "hold-lifting", None, false);
    offer(means.may_remove_files, "removal", None, true);
    offer(may("recall"), "recall", None, true);
    offer(may("object"), "objection", None, true);
    offer(may("close") && means.has_outcomes, "closing", None, true);
    offer(may("reject"), "rejection", None, true);
    all
}

/// The way of the case.
pub fn path(loaded: &Loaded, words: &Words, now: Timestamp) -> Vec<StageView> {
    // The wait that runs has its own end, whatever one would begin now.
    let ends = |party: Party| loaded.due_at.filter(|_| party == loaded.waiting_for);
    loaded
        .case
        .path(now)
        .into_iter()
        .map(|(stage, progress)| {
            let (word, at, who) = match progress {
                Progress::Done { at } => ("done", at, String::new()),
                Progress::Ours => ("ours", None, words.text(staff_for(stage))),
                Progress::Waits { party, until } => (
                    "waits",
                    until.or_else(|| ends(party)),
                    words.text(&format!("stage-who-{}", Into::<&str>::into(party))),
                ),
                Progress::Blocked => ("blocked", None, words.text("stage-blocked")),
                Progress::Later => ("later", None, String::new()),
            };
            StageView { title: words.text(&format!("stage-{}", stage.as_str())), progress: word, at, who }
        })
        .collect()
}

fn staff_for(stage: Stage) -> &'static str {
    match stage {
        Stage::Approval => "stage-who-approver",
        _ => "stage-who-us",
    }
}

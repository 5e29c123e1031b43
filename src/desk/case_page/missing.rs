//! What is missing before a draft can be written, in words.

use serde::Serialize;

use super::Words;
use crate::{
    case::{
        Case,
        check::{Check, CheckKind, Evidence, Verdict},
        facts::Fact,
        policy::{self, Gap, Standing},
        state::State,
    },
    clock::Timestamp,
};

#[derive(Debug, Serialize)]
pub struct MissingView {
    /// Whether it matters now: not before the confirmation, not once the request is with Atlassian or all is over.
    shown: bool,
    satisfied: bool,
    blocked: bool,
    /// What somebody would have to own to fake all that was proven so far; empty where nothing was.
    rests_on: String,
    /// The configured policy lets one thing suffice.
    one_root_suffices: bool,
    lines: Vec<Line>,
}

/// One thing that is missing.
#[derive(Debug, Serialize)]
struct Line {
    /// `pending`: somebody's answer is out; `warn`: staff have to do something; `bad`: it holds up the case.
    tone: &'static str,
    text: String,
}

/// `unknown`: what a letter would have to state and nobody knows.
pub fn view(case: &Case, unknown: &[Fact], words: &Words, now: Timestamp) -> MissingView {
    let shown = matches!(
        case.state,
        State::Verifying | State::AwaitingCustomer { .. } | State::Contested { .. } | State::Verified
    );
    let standing = case.standing(now);
    let said = |gap: &&Gap| {
        let contact = Gap::Required { kind: CheckKind::RecordedContact };
        !(**gap == contact && unknown.contains(&Fact::DepartedEmail))
    };
    let mut lines: Vec<Line> = match &standing {
        Standing::Satisfied(_) => Vec::new(),
        Standing::Blocked(kinds) => kinds
            .iter()
            .map(|kind| Line { tone: "bad", text: words.gap_about("gap-blocked", *kind) })
            .collect(),
        Standing::Missing(gaps) => gaps.iter().filter(said).map(|gap| line(case, gap, words)).collect(),
    };
    let facts = unknown.iter().map(|fact| format!("gap-unknown-{}", fact.as_str()));
    lines.extend(facts.map(|key| Line { tone: "warn", text: words.text(&key) }));
    let roots = policy::rest_on(&case.rules.policy, &case.checks, &case.homes, now);
    MissingView {
        rests_on: words.rest_on(&roots),
        one_root_suffices: case.rules.policy.one_root_suffices(),
        shown,
        satisfied: matches!(standing, Standing::Satisfied(_)) && unknown.is_empty(),
        blocked: matches!(standing, Standing::Blocked(_)),
        lines,
    }
}

fn line(case: &Case, gap: &Gap, words: &Words) -> Line {
    match gap {
        Gap::Required { kind } => required(case.check(*kind), *kind, words),
        Gap::Roots { count, of, .. } => Line { tone: "warn", text: words.gap_of("gap-roots", *count, of) },
        Gap::OutsideDomain { count, of } => {
            Line { tone: "warn", text: words.gap_of("gap-outside_domain", *count, of) }
        }
        Gap::FromOthers { count, of } => {
            Line { tone: "warn", text: words.gap_of("gap-from_others", *count, of) }
        }
    }
}

fn required(check: Option<&Check>, kind: CheckKind, words: &Words) -> Line {
    match check.map(|check| check.verdict) {
        Some(Verdict::Passed | Verdict::Waived) => {
            Line { tone: "warn", text: words.gap_about("gap-expired", kind) }
        }
        Some(Verdict::Failed | Verdict::Inconclusive) => {
            Line { tone: "warn", text: words.gap_about("gap-unclear", kind) }
        }
        Some(Verdict::Pending) => {
            if let Some(Evidence::NoticeSent { window_ends_at, .. }) = check.map(|check| &check.evidence) {
                return Line { tone: "pending", text: words.window(*window_ends_at) };
            }
            Line { tone: "pending", text: words.text(&format!("gap-{}", kind.as_str())) }
        }
        None => Line { tone: "warn", text: words.text(&format!("gap-{}", kind.as_str())) },
    }
}

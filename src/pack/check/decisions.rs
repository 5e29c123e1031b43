//! Every approval once more, without us: which bytes, on which checks, by whom, and whether the policy was met. Pure: asks the very
//! rules that the program decides by.
//!
//! Checks are kept as they were last. What an approval rested on is known by its digest: where they still lead to it, the policy
//! is evaluated as of that moment; where a later line changed them, that is said.

use super::{
    Report,
    chain::{Said, data},
};
use crate::{
    case::{
        actor::StaffId,
        draft::{DraftRef, evidence_digest},
        four_eyes::{FourEyes, Hands},
        policy::{Policy, Standing, evaluate},
    },
    clock::Timestamp,
    pack::{
        format::{Chain, Line, Record, Settings},
        rebuilt::{self, Approval, Draft, rows},
    },
    shared_domains::SharedDomains,
};

/// Lines by which somebody of the staff has a hand in what is decided, beside writing a draft.
const DECIDING: [&str; 6] =
    ["called", "check_decided", "check_waived", "objection_dismissed", "facts_corrected", "prepared"];

pub struct Given<'g> {
    pub chain: &'g Chain,
    pub records: &'g [Record],
    pub settings: &'g Settings,
    pub said: &'g Said,
}

pub fn check(given: &Given<'_>, report: &mut Report) {
    let mut approved: Vec<&Line> = given.chain.lines.iter().filter(|line| line.kind == "approved").collect();
    for record in rows(given.records, "approvals") {
        let name = format!("approval {}", record.key);
        let Some(approval) = rebuilt::row::<Approval>(record) else {
            report.broken(format!("{name} can't be read"));
            continue;
        };
        let place = approved.iter().position(|line| is_of(line, &approval));
        let Some(line) = place.map(|place| approved.remove(place)) else {
            report.broken(format!("{name}: no line says that it was given, by whom and when"));
            continue;
        };
        let Some(draft) = draft_of(given, &approval, &name, report) else { continue };
        by_four_eyes(given, line, (&approval, draft), &name, report);
        by_policy(given, line, &approval, &name, report);
    }
    for line in approved {
        report.broken(format!("line {} is an approval that no record holds", line.seq));
    }
    let others = given.chain.lines.iter().filter(|line| DECIDING.contains(&line.kind.as_str())).count();
    if others > 0 {
        report.open(format!(
            "{others} decisions of staff about checks, objections and facts: who and when holds; that they were right, no file can say"
        ));
    }
}

fn is_of(line: &Line, approval: &Approval) -> bool {
    let data = data(line);
    let says = |name: &str, value: &str| data.get(name).and_then(serde_json::Value::as_str) == Some(value);
    line.staff == Some(approval.approved_by.0)
        && line.at == approval.approved_at.as_microsecond()
        && says("draft", &approval.draft_id.to_string())
        && says("digest", &String::from(approval.digest))
        && says("from", "awaiting_approval")
}

/// The draft that was approved, where it is the one that the approval names; and the message that went out is that, too.
fn draft_of(given: &Given<'_>, approval: &Approval, name: &str, report: &mut Report) -> Option<DraftRef> {
    let id = approval.draft_id.to_string();
    let record = rows(given.records, "drafts").find(|record| record.key == id);
    let Some(draft) = record.and_then(rebuilt::row::<Draft>) else {
        report.broken(format!("{name}: the draft is not there"));
        return None;
    };
    let same = draft.digest == approval.digest
        && draft.evidence_digest == approval.evidence_digest
        && draft.author_id == approval.drafted_by;
    if !same {
        report.broken(format!("{name} is not of the draft that it names"));
    }
    let sent = rows(given.records, "emails").filter(|record| {
        let columns = record.columns();
        columns.get("approval_id").and_then(serde_json::Value::as_str).is_some_and(|id| name.ends_with(id))
    });
    for email in sent {
        if rebuilt::digest_of(email, "digest") != Some(approval.digest) {
            report.broken(format!("{name}: other bytes were sent than were approved"));
        }
    }
    let (author, digest, evidence) = (draft.author_id, draft.digest, draft.evidence_digest);
    Some(DraftRef { id: approval.draft_id, author, digest, evidence, facts: None })
}

fn by_four_eyes(
    given: &Given<'_>,
    line: &Line,
    (approval, draft): (&Approval, DraftRef),
    name: &str,
    report: &mut Report,
) {
    let before = || given.chain.lines.iter().filter(|earlier| earlier.seq < line.seq);
    let staff = |kinds: &[&str]| -> Vec<StaffId> {
        let meant = before().filter(|line| kinds.contains(&line.kind.as_str()));
        meant.filter_map(|line| line.staff.map(StaffId)).collect()
    };
    let mut hands = Hands { authors: staff(&["drafted"]), deciders: staff(&DECIDING) };
    hands.authors.extend(
        rows(given.records, "drafts")
            .filter_map(rebuilt::row::<Draft>)
            .filter(|draft| draft.created_at <= approval.approved_at)
            .map(|draft| draft.author_id),
    );
    match FourEyes::of(&draft, &approval.digest.0, &hands, &approval.evidence_digest.0, approval.approved_by)
    {
        Ok(_) => report.holds(format!("{name}: given by somebody who neither wrote nor decided any of it")),
        Err(refusal) => report.broken(format!("{name}: four eyes are not met ({})", refusal.key())),
    }
}

fn by_policy(given: &Given<'_>, line: &Line, approval: &Approval, name: &str, report: &mut Report) {
    let Some(checks) = rebuilt::checks(given.records) else {
        report.open(format!("{name}: the checks are not in the pack, so that the policy can't be evaluated"));
        return;
    };
    if evidence_digest(&checks) != approval.evidence_digest {
        let later: Vec<&str> = given
            .said
            .iter()
            .filter(|(_, said)| said.last().is_some_and(|(seq, _)| *seq > line.seq))
            .filter_map(|(name, _)| name.strip_prefix("checks "))
            .collect();
        if later.is_empty() && !given.said.is_empty() {
            report.broken(format!("{name} was given on other checks than there are"));
        } else if later.is_empty() {
            report.open(format!("{name}: on which checks it was given can't be told"));
        } else {
            let later = later.join(", ");
            report
                .open(format!("{name}: checked again since, so that the policy can't be evaluated: {later}"));
        }
        return;
    }
    let shared = SharedDomains::new(&given.settings.shared_domains);
    let at: Timestamp = approval.approved_at;
    let homes = rebuilt::homes(given.records, &shared, at);
    let (Some(homes), Ok(policy)) = (homes, Policy::try_new(&given.settings.policy)) else {
        report.open(format!("{name}: the request or the policy is not in the pack"));
        return;
    };
    match evaluate(&policy, &checks, &homes, at) {
        Standing::Satisfied(verified) => {
            let by: Vec<&str> = verified.by().iter().map(|kind| kind.as_str()).collect();
            report.holds(format!("{name}: the policy in the pack was met, by {}", by.join(", ")));
        }
        Standing::Missing(_) | Standing::Blocked(_) => report.broken(format!(
            "{name}: the policy in the pack was not met; it is the one at the export, and may have been another then"
        )),
    }
}

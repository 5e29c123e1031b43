//! Whom a bounce without a machine-readable report is about, read from its prose.
//!
//! Every address in the notice is weighed by how it stands there: alone on its line, behind a label, below a
//! line that announces recipients, known from the returned message. The best ones win.

use super::{
    address,
    header::Headers,
    phrases,
    status::{self, Status},
};

/// Addresses that are weighed at most; a notice does not need more.
const MAX_CANDIDATES: usize = 500;
/// Recipients named by their local part only that are kept.
const MAX_NAMES: usize = 50;
/// Weight from which an address counts as a failed recipient.
const ENOUGH: i32 = 3;
/// Characters before an address that are read as its label.
const LABEL: usize = 160;

/// What else is known about the bounce.
pub(super) struct Context<'a> {
    /// Addresses the bounce itself is addressed to: the sender of the original, that is us.
    pub own: Vec<String>,
    /// The header section of the returned message.
    pub returned: Option<&'a Headers>,
    /// Domain of the reporting server, completes a recipient named by its local part only.
    pub reporter: Option<String>,
}

/// A failed recipient and the status code that stands with it.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub address: String,
    pub status: Option<Status>,
}

struct Candidate {
    address: String,
    score: i32,
    line: usize,
}

/// The recipients the notice is about.
pub(super) fn failures(notice: &str, context: &Context<'_>) -> Vec<Failure> {
    let lines: Vec<&str> = notice.lines().collect();
    let returned_to = returned_recipients(context.returned);
    let candidates = weigh(&lines, context, &returned_to);
    let best = candidates.iter().map(|candidate| candidate.score).max().unwrap_or_default();
    let chosen: Vec<&Candidate> = if best >= ENOUGH {
        let floor = ENOUGH.max(best - 1);
        candidates.iter().filter(|candidate| candidate.score >= floor).collect()
    } else {
        Vec::new()
    };
    let mut failures: Vec<Failure> = Vec::new();
    for candidate in &chosen {
        if failures.iter().any(|failure| address::same(&failure.address, &candidate.address)) {
            continue;
        }
        let next = chosen
            .iter()
            .find(|other| other.line > candidate.line && !address::same(&other.address, &candidate.address))
            .map_or(lines.len(), |other| other.line);
        let section = lines.get(candidate.line..next).unwrap_or_default().join("\n");
        let status = status::best(&section);
        failures.push(Failure { address: candidate.address.clone(), status });
    }
    if failures.is_empty() {
        let named = by_local_part(&lines, context, &returned_to);
        let found = [named, returned_to, quoted_recipients(&lines, context), remaining(&candidates)];
        let addresses = found.into_iter().find(|addresses| !addresses.is_empty()).unwrap_or_default();
        failures.extend(addresses.into_iter().map(|address| Failure { address, status: None }));
    }
    let general = status::best(notice);
    for failure in &mut failures {
        failure.status = failure.status.or(general);
    }
    failures
}

/// The one address left that is neither ours nor a place to ask.
fn remaining(candidates: &[Candidate]) -> Vec<String> {
    let mut left: Vec<&str> = Vec::new();
    for candidate in candidates.iter().filter(|candidate| candidate.score >= 0) {
        if !left.iter().any(|known| address::same(known, &candidate.address)) {
            left.push(&candidate.address);
        }
    }
    if let [only] = left[..] { vec![only.to_owned()] } else { Vec::new() }
}

/// Whom the returned message was addressed to. Trace fields know it better than the visible ones.
pub(super) fn returned_recipients(returned: Option<&Headers>) -> Vec<String> {
    let Some(returned) = returned else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    for name in ["x-failed-recipients", "x-original-to", "delivered-to", "to", "cc"] {
        found.extend(returned.addresses(name));
        if !found.is_empty() {
            break;
        }
    }
    if found.is_empty() {
        found.extend(returned.all("received").filter_map(|value| {
            let (_, addressee) = value.split_once("for ")?;
            address::in_text(addressee).into_iter().next()
        }));
    }
    found.dedup_by(|one, other| address::same(one, other));
    found.truncate(50);
    found
}

/// Whom the original was addressed to, where the notice quotes that field: `To: …`.
fn quoted_recipients(lines: &[&str], context: &Context<'_>) -> Vec<String> {
    let to = lines.iter().filter(|line| phrases::any_starts("bounce.to", &line.trim().to_lowercase()));
    let addresses = to.flat_map(|line| address::in_text(line));
    addresses.filter(|address| !context.own.iter().any(|own| address::same(own, address))).take(10).collect()
}

fn weigh(lines: &[&str], context: &Context<'_>, returned_to: &[String]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut announced: Option<usize> = None;
    for (number, line) in lines.iter().enumerate() {
        let lower = line.to_lowercase();
        let coded = status::is_in(line) || lines.get(number + 1).is_some_and(|next| status::is_in(next));
        // A sentence that says it all: "your message to eva@customer.example could not be delivered".
        let told = phrases::any_in("bounce.body", &lower);
        let mut on_line = 0;
        for found in address::find(line) {
            on_line += 1;
            let before = line.get(..found.start).unwrap_or_default();
            let after = line.get(found.end..).unwrap_or_default();
            let mut score = place(before, after);
            if announced.is_some_and(|at| number - at <= 6) {
                score += 2;
            }
            if returned_to.iter().any(|known| address::same(known, found.address)) {
                score += 2;
            }
            if context.own.iter().any(|own| address::same(own, found.address)) {
                score -= 4;
            } else if is_role(found.address)
                && !returned_to.iter().any(|known| address::same(known, found.address))
            {
                score -= 2;
            }
            score += i32::from(coded) + 3 * i32::from(told);
            candidates.push(Candidate { address: found.address.to_owned(), score, line: number });
        }
        if phrases::any_in("bounce.announces", &lower) {
            announced = Some(number);
        } else if on_line > 0 && announced.is_some_and(|at| number - at <= 6) {
            // A list of recipients may be long: each keeps the announcement alive.
            announced = Some(number);
        }
        if candidates.len() >= MAX_CANDIDATES {
            break;
        }
    }
    candidates
}

/// How an address stands in its line.
fn place(before: &str, after: &str) -> i32 {
    let decoration = |c: char| c.is_whitespace() || "<>\"'*-•·([{>:;,.)]}=".contains(c);
    let near: Vec<char> = before.chars().rev().take(LABEL).collect();
    let label = near.into_iter().rev().collect::<String>().to_lowercase();
    let starts = before.chars().rev().all(decoration);
    let ends = after.chars().all(decoration);
    let mut score = match (starts, ends) {
        (true, true) => 4,
        (true, false) => 3,
        (false, _) => 0,
    };
    if !starts && phrases::any_in("bounce.labels", &label) {
        score += 3;
    }
    if phrases::any_in("bounce.not-recipient", &label) {
        score -= 5;
    }
    score
}

/// Mailboxes that notices name as the place to ask.
fn is_role(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    ["postmaster", "mailer-daemon", "abuse", "support", "helpdesk", "hostmaster", "noreply", "no-reply"]
        .contains(&local.as_str())
}

/// Recipients named without their domain, below a line that announces them.
fn by_local_part(lines: &[&str], context: &Context<'_>, returned_to: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut announced: Option<usize> = None;
    for (number, line) in lines.iter().enumerate() {
        let word = line.trim().trim_matches(['<', '>', ':', '"', '\'']);
        let is_name = !word.is_empty()
            && word.len() < 64
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'))
            && word.chars().any(char::is_alphanumeric);
        if announced.is_some_and(|at| number - at <= 4) && is_name {
            let local = |address: &&String| {
                address.split('@').next().is_some_and(|local| local.eq_ignore_ascii_case(word))
            };
            let known = returned_to.iter().find(local).cloned();
            found
                .extend(known.or_else(|| context.reporter.as_ref().map(|domain| format!("{word}@{domain}"))));
        }
        if phrases::any_in("bounce.announces", &line.to_lowercase()) {
            announced = Some(number);
        }
    }
    found.truncate(MAX_NAMES);
    found
}

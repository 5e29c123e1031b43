//! What staff wrote around the facts: against what the template proposes, and with everybody marked whom the case does not
//! know. The attacker is whoever names a stranger in words of their own.

use std::collections::BTreeSet;

use serde::Serialize;
use similar::{Algorithm, ChangeTag, utils::diff_words};

use crate::{
    case::{
        characters::{Known, mixes_scripts, pieces, words_of_mixed_scripts},
        entitlement::EntitlementNumber,
        escalation::Escalation,
        facts::LetterFacts,
    },
    casework::{DraftText, StoredDraft},
    config::Settings,
};

/// One text of the draft, against the proposed one.
#[derive(Debug, Serialize)]
pub struct Change {
    /// `subject`, `opening` or `closing`.
    part: &'static str,
    pieces: Vec<ShownPiece>,
    /// Whether staff changed anything.
    changed: bool,
}

#[derive(Debug, Serialize)]
struct ShownPiece {
    text: String,
    change: &'static str,
    foreign: bool,
}

/// What the approver should look at in the words.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// `foreign` or `scripts`.
    about: &'static str,
    /// What was found, each once.
    found: Vec<String>,
}

/// Whom and what a letter about this case may name: its people, its sites, us, and where letters to Atlassian go.
pub fn known(settings: &Settings, escalation: &Escalation) -> Known {
    let mut known = Known::default();
    let customer = [&escalation.requester.email, &escalation.successor.email];
    for address in customer.into_iter().chain(escalation.departed.email.known()) {
        known.add_address(address.as_str());
    }
    let atlassian = &settings.atlassian;
    for address in [&atlassian.data_center, &atlassian.cloud, &atlassian.cloud_partner_managed] {
        known.add_address(address);
    }
    known.add_address(&settings.mail.from_address);
    known.add_text(&settings.mail.imprint);
    let sites = escalation.entitlements.iter().map(EntitlementNumber::value);
    sites.filter(|value| value.contains('.')).for_each(|site| known.add_domain(site));
    known
}

pub fn changes(draft: &StoredDraft, proposed: &DraftText, known: &Known) -> Vec<Change> {
    parts(draft)
        .into_iter()
        .zip([&proposed.subject, &proposed.opening, &proposed.closing])
        .map(|((part, written), proposed)| {
            let found = diff_words(Algorithm::Myers, proposed.as_str(), written);
            let pieces: Vec<ShownPiece> =
                found.iter().flat_map(|(tag, text)| shown(*tag, text, known)).collect();
            Change { part, changed: found.iter().any(|(tag, _)| *tag != ChangeTag::Equal), pieces }
        })
        .collect()
}

fn parts(draft: &StoredDraft) -> [(&'static str, &str); 3] {
    [("subject", &draft.subject), ("opening", &draft.opening), ("closing", &draft.closing)]
}

fn shown(tag: ChangeTag, text: &str, known: &Known) -> Vec<ShownPiece> {
    let change = match tag {
        ChangeTag::Equal => "same",
        ChangeTag::Insert => "added",
        ChangeTag::Delete => "removed",
    };
    let piece = |text: &str, foreign| ShownPiece { text: text.to_owned(), change, foreign };
    // What no longer stands there names nobody.
    if tag == ChangeTag::Delete {
        return vec![piece(text, false)];
    }
    pieces(text, known).into_iter().map(|found| piece(found.text, found.foreign.is_some())).collect()
}

pub fn warnings(
    draft: &StoredDraft,
    escalation: &Escalation,
    facts: &LetterFacts,
    known: &Known,
) -> Vec<Warning> {
    let mut foreign: BTreeSet<String> = BTreeSet::new();
    let mut scripts: BTreeSet<String> = BTreeSet::new();
    for (_, text) in parts(draft) {
        let named = pieces(text, known).into_iter().filter(|piece| piece.foreign.is_some());
        foreign.extend(named.map(|piece| piece.text.to_owned()));
        scripts.extend(words_of_mixed_scripts(text));
    }
    let names = [
        &facts.company,
        &facts.departed_name,
        &escalation.successor.name,
        &escalation.requester.name,
        &draft.subject,
    ];
    let names = names.into_iter().chain(&escalation.requester.position);
    scripts.extend(names.filter(|name| mixes_scripts(name)).cloned());
    [("foreign", foreign), ("scripts", scripts)]
        .into_iter()
        .filter(|(_, found)| !found.is_empty())
        .map(|(about, found)| Warning { about, found: found.into_iter().collect() })
        .collect()
}

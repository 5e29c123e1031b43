//! What the reader could do with the case now, as addresses below the case's own: what the forms of the page are sent to, and what a
//! program is offered. Both are made of the same answers of the rules.

use std::collections::BTreeMap;

use crate::{case::check::CheckKind, desk::letters::LetterView};

use super::{
    CheckView,
    next::{Means, list_all},
};

/// One thing that could be done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offer {
    /// Below the case: `question`, `checks/callback`.
    pub path: String,
    /// A person has to sign in for it, whoever asks.
    pub needs_sign_in: bool,
}

/// In the order of the page, each address once; one that can be used in two ways needs a person only where both do.
pub fn list(
    means: &Means<'_>,
    (may, letters): (&BTreeMap<&'static str, bool>, &[LetterView]),
    may_approve: bool,
) -> Vec<Offer> {
    let mut found: Vec<Offer> = Vec::new();
    let mut offer =
        |path: String, needs_sign_in: bool| match found.iter_mut().find(|offer| offer.path == path) {
            Some(known) => known.needs_sign_in &= needs_sign_in,
            None => found.push(Offer { path, needs_sign_in }),
        };
    let check = |kind: Option<CheckKind>| format!("checks/{}", kind.map_or("", CheckKind::as_str));
    for action in list_all(means) {
        match action.name {
            // The page asks for a file first.
            "document" if !means.any_readable => {}
            "callback" | "document" | "again" => offer(check(action.check), false),
            "waive" => offer(check(action.check), true),
            "ruling" => offer("objection".to_owned(), true),
            "note" => offer("notes".to_owned(), false),
            "removal" => offer("evidence-removal".to_owned(), false),
            "reopening" | "hold" | "hold-lifting" => offer(action.name.to_owned(), true),
            name => offer(name.to_owned(), false),
        }
    }
    for check in means.checks.iter().filter(|check| check.may_again) {
        offer(address(check), false);
    }
    let may = |action: &str| may.get(action).copied().unwrap_or_default();
    if may("mark_seen") {
        offer("seen".to_owned(), false);
    }
    if may("return_draft") {
        offer("draft/return".to_owned(), false);
    }
    if may_approve {
        offer("approval".to_owned(), true);
    }
    for (letter, what) in letters.iter().flat_map(LetterView::offers) {
        offer(format!("emails/{letter}/{what}"), false);
    }
    found
}

fn address(check: &CheckView) -> String {
    format!("checks/{}", check.kind.as_str())
}

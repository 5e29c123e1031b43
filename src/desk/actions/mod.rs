//! What the forms of a case page do: each a `POST` below `/desk/cases/{number}`, each one action of the rules.
//!
//! All go the same way (`submission`): read the fields, ask `casework`, answer with the case, with the page again and
//! what is wrong (422), or with what has changed meanwhile and what was typed (409, 403).

mod checks;
mod conflict;
mod draft;
mod emails;
mod ends;
mod entries;
mod evidence;
mod perform;
mod review;
mod submission;
mod talk;

pub use self::{
    checks::{decide as decide_check, request_vouch},
    draft::{approve, correct_facts, recall, record_answer, return_draft, save},
    emails::{cancel, replace, retry, settle},
    ends::{close, hold, lift_hold, object, reject, reopen},
    entries::text_key,
    evidence::{add as add_evidence, remove as remove_evidence},
    talk::{add_note, ask, assign, mark_seen, refer, remind},
};
pub(super) use self::{entries::Entries, talk::read_owner};

//! What is sent along with operations, in the words that several of them take.

use crate::web::json::{Field, Kind};

pub(super) const fn text(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Text, required: false, about }
}

pub(super) const fn word(name: &'static str, words: &'static [&'static str], about: &'static str) -> Field {
    Field { name, kind: Kind::Choice(words), required: false, about }
}

pub(super) const fn tick(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Bool, required: false, about }
}

pub(super) const fn id(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Id, required: false, about }
}

pub(super) const fn needed(field: Field) -> Field {
    Field { required: true, ..field }
}

pub(super) const REASON: Field = needed(text("reason", "Why; stays at the desk"));
pub(super) const BLOCK: Field = id("block", "Version of the text block that the text began with");
pub(super) const LIMIT: Field = text("limit", "How many on a page, 1 to 100; 50 where it is left out");
pub(super) const AFTER: Field = text("after", "Where the page begins: from `next` of the page before");
pub(super) const BEFORE: Field = text("before", "The id of the last of the page before");
pub(super) const CRITERIA: [&str; 5] = ["letterhead", "signature", "names", "date", "register"];
pub(super) const PLACES: &[&str] = &[
    "unconfirmed",
    "verifying",
    "awaiting_customer",
    "contested",
    "verified",
    "awaiting_approval",
    "submitted",
    "with_atlassian",
    "awaiting_confirmation",
    "closed",
];
pub(super) const PARTIES: &[&str] = &["us", "customer", "departed_contact", "voucher", "atlassian"];
pub(super) const VIEWS: &[&str] = &[
    "all",
    "needs_me",
    "mine",
    "unassigned",
    "new",
    "us",
    "customer",
    "departed_contact",
    "voucher",
    "atlassian",
    "contested",
    "failing_mail",
    "due_today",
    "closed",
];
pub(super) const ROLES: &[&str] = &["technical", "billing", "both"];
pub(super) const HOSTINGS: &[&str] = &["data_center", "cloud", "cloud_partner_managed"];
pub(super) const HOWS: &[&str] = &["immediate", "digest", "off"];
pub(super) const WRITERS: &[&str] = &[
    "requester",
    "successor",
    "departed_contact",
    "registered_contact",
    "atlassian",
    "mail_server",
    "other",
];
pub(super) const BLOCK_KINDS: &[&str] = &["question", "rejection", "follow_up", "note"];
pub(super) const SHELVES: &[&str] = &["open", "waiting", "dead"];

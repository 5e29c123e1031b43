//! Every operation for programs: its address, what a token needs for it, what it takes and gives. One table, from which the guard, the
//! document and the page are made.

mod changes;

use actix_web::http::Method;

pub use self::changes::CHANGES;
use crate::{
    case::actor::Role,
    staff::tokens::Scope,
    web::json::{Field, Kind},
};

#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// Stays, whatever becomes of the address.
    pub id: &'static str,
    pub method: Verb,
    pub path: &'static str,
    pub scope: Scope,
    /// The least role; of a twin of a page's action that page's.
    pub least: Role,
    /// A service account can't.
    pub by_people: bool,
    pub takes: Takes,
    /// Demands `If-Match` with the version of the case.
    pub asks_version: bool,
    pub gives: Gives,
    /// In English, for the reference.
    pub about: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

impl Verb {
    pub fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
        }
    }
}

/// What is sent along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Of the address alone: its parameters.
    Query(&'static [Field]),
    /// A JSON object.
    Fields(&'static [Field]),
    /// A file for the register; parameters beside it.
    Register(&'static [Field]),
    /// `multipart/form-data` with `file`.
    File,
}

/// What comes back where it went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    Cases,
    Case,
    Acted,
    PreparedList,
    Prepared,
    Customers,
    Customer,
    Imported,
    /// JSON, or CSV where that is asked for.
    Report,
    /// It never goes well.
    Nothing,
}

impl Operation {
    /// The action of the pages that it is the twin of, if it is one.
    pub fn twin(&self) -> String {
        self.path.replacen(super::PATH, "/desk", 1)
    }

    pub fn fields(&self) -> &'static [Field] {
        match self.takes {
            Takes::Query(fields) | Takes::Fields(fields) | Takes::Register(fields) => fields,
            Takes::File => &[],
        }
    }
}

const fn text(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Text, required: false, about }
}

const fn word(name: &'static str, words: &'static [&'static str], about: &'static str) -> Field {
    Field { name, kind: Kind::Choice(words), required: false, about }
}

const fn tick(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Bool, required: false, about }
}

const fn id(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Id, required: false, about }
}

const fn needed(field: Field) -> Field {
    Field { required: true, ..field }
}

const REASON: Field = needed(text("reason", "Why; stays at the desk"));
const BLOCK: Field = id("block", "Version of the text block that the text began with");
const LIMIT: Field = text("limit", "How many on a page, 1 to 100; 50 where it is left out");
const AFTER: Field = text("after", "Where the page begins: from `next` of the page before");
const CRITERIA: [&str; 5] = ["letterhead", "signature", "names", "date", "register"];
const PLACES: &[&str] = &[
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
const PARTIES: &[&str] = &["us", "customer", "departed_contact", "voucher", "atlassian"];
const VIEWS: &[&str] = &[
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
const ROLES: &[&str] = &["technical", "billing", "both"];
const HOSTINGS: &[&str] = &["data_center", "cloud", "cloud_partner_managed"];

/// A change of a case, by the handler of its page.
const fn change(
    id: &'static str,
    path: &'static str,
    fields: &'static [Field],
    about: &'static str,
) -> Operation {
    Operation {
        id,
        method: Verb::Post,
        path,
        scope: Scope::CasesWrite,
        least: Role::Agent,
        by_people: false,
        takes: Takes::Fields(fields),
        asks_version: true,
        gives: Gives::Acted,
        about,
    }
}

const fn reading(
    id: &'static str,
    path: &'static str,
    scope: Scope,
    gives: Gives,
    fields: &'static [Field],
    about: &'static str,
) -> Operation {
    Operation {
        id,
        method: Verb::Get,
        path,
        scope,
        least: Role::Auditor,
        by_people: false,
        takes: Takes::Query(fields),
        asks_version: false,
        gives,
        about,
    }
}

pub static LIST_CASES: Operation = reading(
    "list_cases",
    "/api/v1/cases",
    Scope::CasesRead,
    Gives::Cases,
    &[
        word("view", VIEWS, "One of the places of the queue"),
        word("state", PLACES, "The state"),
        word("waiting_for", PARTIES, "Who is being waited for"),
        text("owner", "`me`, `none` or the id of a member of staff"),
        text("customer", "A customer's name or number"),
        word("hosting", HOSTINGS, "Where the product runs"),
        word("due", &["overdue", "today", "week"], "When something is to be done by"),
        word("renewal", &["7", "30", "90"], "Within how many days a licence renews"),
        word("sort", &["urgency", "due", "renewal", "waiting", "changed"], "What comes first"),
        text("text", "Anything that is known of a case"),
        AFTER,
        LIMIT,
    ],
    "Cases, by the filters of the queue",
);
pub static READ_CASE: Operation = reading(
    "read_case",
    "/api/v1/cases/{number}",
    Scope::CasesRead,
    Gives::Case,
    &[],
    "One case: what it is about, its checks, its trail, and what could be done with it now",
);
pub static LIST_PREPARED: Operation = reading(
    "list_prepared",
    "/api/v1/prepared",
    Scope::CasesRead,
    Gives::PreparedList,
    &[text("before", "The id of the last of the page before"), LIMIT],
    "What staff wrote down for callers, and what became of it",
);
pub static PREPARE: Operation = Operation {
    gives: Gives::Prepared,
    by_people: true,
    asks_version: false,
    ..change(
        "prepare",
        "/api/v1/prepared",
        &[
            needed(word("language", &["de", "en"], "The language of the letter")),
            needed(text("requester_email", "Where the letter goes; nothing else is needed")),
            text("requester_name", "The customer's name"),
            text("requester_position", "Their position"),
            text("requester_phone", "Their telephone number"),
            text("company", "The company"),
            text("customer_number", "The customer's number"),
            text("hosting", "Where the product runs: a word of the form"),
            text("entitlements", "Licence numbers and sites, one a line"),
            text("departed_name", "Who has left"),
            text("departed_email", "Their address"),
            tick("departed_email_unknown", "Nobody knows the address"),
            text("departed_on", "When they left, as YYYY-MM-DD"),
            text("contact_role", "Which contact: a word of the form"),
            tick("successor_is_requester", "The customer is the new contact"),
            text("successor_name", "Who is the new contact"),
            text("successor_email", "Their address"),
            text("explanation", "In the customer's words"),
        ],
        "Writes down a request for a caller, who completes and sends it: no case before that",
    )
};
pub static LIST_CUSTOMERS: Operation = reading(
    "list_customers",
    "/api/v1/register/customers",
    Scope::RegisterRead,
    Gives::Customers,
    &[text("text", "Name, number, domain, licence or contact"), AFTER, LIMIT],
    "Looks the register up",
);
pub static READ_CUSTOMER: Operation = reading(
    "read_customer",
    "/api/v1/register/customers/{id}",
    Scope::RegisterRead,
    Gives::Customer,
    &[AFTER],
    "One customer with licences, contacts and domains",
);
pub static IMPORT_REGISTER: Operation = Operation {
    scope: Scope::RegisterImport,
    least: Role::Admin,
    takes: Takes::Register(&[
        word("preset", &["handover", "marketplace"], "Whose columns the file has"),
        word("dry_run", &["true", "false"], "Say what would change, and change nothing"),
    ]),
    asks_version: false,
    gives: Gives::Imported,
    ..change(
        "import_register",
        "/api/v1/register/imports",
        &[],
        "Imports a CSV file, as `handover register import` does",
    )
};
pub static READ_REPORT: Operation = reading(
    "read_report",
    "/api/v1/reports/{figure}",
    Scope::ReportsRead,
    Gives::Report,
    &[text("from", "The first day, as YYYY-MM-DD"), text("to", "The last day")],
    "One figure of the overview, as JSON or, with `Accept: text/csv`, as a file",
);
pub static APPROVE: Operation = Operation {
    least: Role::Approver,
    gives: Gives::Nothing,
    ..change(
        "approve",
        "/api/v1/cases/{number}/approval",
        &[text("digest", "Of the bytes that were looked at")],
        "Never: approving needs a person who signed in. The answer names the page",
    )
};

/// All of them, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    [&LIST_CASES, &READ_CASE].into_iter().chain(&CHANGES).chain([
        &APPROVE,
        &LIST_PREPARED,
        &PREPARE,
        &LIST_CUSTOMERS,
        &READ_CUSTOMER,
        &IMPORT_REGISTER,
        &READ_REPORT,
    ])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::VariantArray;

    use super::*;
    use crate::case::{
        document::Criterion,
        escalation::{ContactRole, Hosting},
        state::{Party, Place},
    };

    fn words<T: VariantArray + Copy + Into<&'static str>>() -> Vec<&'static str> {
        T::VARIANTS.iter().map(|variant| (*variant).into()).collect()
    }

    #[test]
    fn words_are_those_of_the_rules() {
        assert_eq!(PLACES, words::<Place>());
        assert_eq!(HOSTINGS, words::<Hosting>());
        assert_eq!(ROLES, words::<ContactRole>());
        assert_eq!(PARTIES, &words::<Party>()[..5]);
        let criteria: Vec<&str> = Criterion::VARIANTS.iter().map(|criterion| criterion.as_str()).collect();
        assert_eq!(CRITERIA.to_vec(), criteria);
    }

    #[test]
    fn no_operation_stands_twice_and_each_is_below_the_path() {
        let mut seen = HashSet::new();
        for operation in all() {
            assert!(seen.insert((operation.method.method(), operation.path)), "{}", operation.path);
            assert!(seen.insert((Method::TRACE, operation.id)), "{}", operation.id);
            assert!(operation.path.starts_with("/api/v1/"));
            let changes = operation.method == Verb::Post;
            assert_eq!(
                changes,
                matches!(operation.takes, Takes::Fields(_) | Takes::Register(_) | Takes::File)
            );
            assert!(changes || operation.least == Role::Auditor);
        }
    }
}

//! What is read: by everybody at the desk whose token is for it, and nothing is changed by it.

use super::{
    Gives, Operation, Takes, Verb,
    fields::{AFTER, BEFORE, HOSTINGS, LIMIT, PARTIES, PLACES, SHELVES, VIEWS, text, word},
};
use crate::{case::actor::Role, staff::tokens::Scope, web::json::Field};

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
        for_overseers: false,
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

pub static READ_PACK: Operation = Operation {
    for_overseers: true,
    ..reading(
        "read_pack",
        "/api/v1/cases/{number}/pack",
        Scope::CasesExport,
        Gives::Pack,
        &[word(
            "what",
            &["whole", "without-files", "redacted"],
            "How much of it; without the parameter the whole",
        )],
        "The evidence pack of a case as a ZIP, which `handover audit check` verifies",
    )
};

pub static LIST_PREPARED: Operation = reading(
    "list_prepared",
    "/api/v1/prepared",
    Scope::CasesRead,
    Gives::PreparedList,
    &[BEFORE, LIMIT],
    "What staff wrote down for callers, and what became of it",
);

pub static LIST_VIEWS: Operation = reading(
    "list_views",
    "/api/v1/views",
    Scope::SettingsRead,
    Gives::Views,
    &[],
    "Saved views of the queue: your own, and those that are shared",
);
pub static READ_NOTIFICATIONS: Operation = Operation {
    by_people: true,
    ..reading(
        "read_notifications",
        "/api/v1/notifications",
        Scope::SettingsRead,
        Gives::Notifications,
        &[],
        "What you are told by mail, and how",
    )
};
pub static LIST_QUARANTINE: Operation = reading(
    "list_quarantine",
    "/api/v1/quarantine",
    Scope::MailRead,
    Gives::Quarantine,
    &[AFTER, LIMIT],
    "Mail that no rule could assign, longest waiting first",
);
pub static READ_QUARANTINED: Operation = reading(
    "read_message",
    "/api/v1/quarantine/{id}",
    Scope::MailRead,
    Gives::Quarantined,
    &[],
    "One such message as the page shows it: plain text, and what is attached by name",
);
pub static LIST_MAIL: Operation = reading(
    "list_mail",
    "/api/v1/mail",
    Scope::MailRead,
    Gives::Mail,
    &[
        word(
            "shelf",
            SHELVES,
            "Did not arrive and nobody looked (`open`), is to be sent, or did not arrive at all",
        ),
        BEFORE,
        LIMIT,
    ],
    "E-mails of ours over all cases, and what could be done with each",
);
pub static LIST_BLOCKS: Operation = Operation {
    least: Role::Admin,
    ..reading(
        "list_blocks",
        "/api/v1/administration/text_blocks",
        Scope::BlocksRead,
        Gives::Blocks,
        &[],
        "Text blocks, those retired last",
    )
};
pub static READ_BLOCK: Operation = Operation {
    least: Role::Admin,
    ..reading(
        "read_block",
        "/api/v1/administration/text_blocks/{id}",
        Scope::BlocksRead,
        Gives::Block,
        &[text("version", "An older version; the latest where it is left out")],
        "One text block with its words",
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

pub static READ_REPORT: Operation = reading(
    "read_report",
    "/api/v1/reports/{figure}",
    Scope::ReportsRead,
    Gives::Report,
    &[text("from", "The first day, as YYYY-MM-DD"), text("to", "The last day")],
    "One figure of the overview, as JSON or, with `Accept: text/csv`, as a file",
);

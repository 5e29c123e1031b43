//! What is done at the desk beside a single case: several at once, the next one, views, what one is told by mail; and what is
//! written down for callers.

use super::{
    Gives, Operation, doing,
    fields::{HOWS, id, needed, text, tick, word},
};
use crate::{
    case::actor::Role,
    staff::tokens::Scope,
    web::json::{Field, Kind},
};

/// Each the twin of an action of the pages.
pub static OTHERS: [Operation; 5] = [
    Operation {
        // A service account has no cases.
        by_people: true,
        ..doing(
            "take_next",
            "/api/v1/next",
            (Scope::CasesWrite, Gives::Acted),
            &[],
            "Gives you the most urgent case that waits for us and is yours or nobody's",
        )
    },
    doing(
        "do_to_several",
        "/api/v1/bulk",
        (Scope::CasesWrite, Gives::Bulk),
        &[
            needed(word("what", &["assign", "remind", "close"], "What is done to each")),
            needed(Field {
                name: "cases",
                kind: Kind::Versions,
                required: false,
                about: "Up to 50 numbers, each with the version that was looked at: `{\"HO-2026-00042\": 7}`",
            }),
            text("owner", "For `assign`: `me`, `none` or the id of a colleague"),
            word("outcome", &["self_service", "withdrawn"], "For `close`: how they end"),
            text("reason", "For `close`: why"),
            tick("confirmed", "Do it; without, the answer says what would happen"),
        ],
        "Does one thing to several cases: each by its own rules, and one that is refused holds up no other",
    ),
    doing(
        "save_view",
        "/api/v1/views",
        (Scope::SettingsWrite, Gives::View),
        &[
            needed(text("name", "At most 60 characters; one that you have already is changed")),
            text("query", "What stands behind the `?` of `/api/v1/cases`, without `after` and `limit`"),
            tick("shared", "Everybody at the desk sees it"),
        ],
        "Keeps a filter of the queue under a name",
    ),
    doing(
        "delete_view",
        "/api/v1/views/{id}/deletion",
        (Scope::SettingsWrite, Gives::Settled),
        &[],
        "Deletes a view: your own, or as an administrator one that is shared",
    ),
    Operation {
        // Nobody writes to a service account.
        by_people: true,
        least: Role::Auditor,
        ..doing(
            "choose_notifications",
            "/api/v1/notifications",
            (Scope::SettingsWrite, Gives::Notifications),
            &[
                word("approval_wanted", HOWS, "A draft waits for an approval that you could give"),
                word("returned", HOWS, "Your draft was returned"),
                word("objection", HOWS, "Somebody objected, or claims the same"),
                word("answer", HOWS, "Something came in, and somebody has to look at it"),
                word("failing_mail", HOWS, "An e-mail of ours did not arrive"),
                word("mention", HOWS, "A colleague named you in a note"),
                word("due_soon", HOWS, "A case waits for us, and not for long any more"),
                word("assigned", HOWS, "Somebody gave you a case"),
                needed(word("language", &["de", "en"], "The language of these e-mails")),
            ],
            "Chooses what you are told by mail: all kinds that there are for your role",
        )
    },
];

/// What is written down for callers. A hand in the case that comes of it, so a service account has none.
pub static PREPARING: [Operation; 3] = [
    Operation {
        by_people: true,
        ..doing(
            "prepare",
            "/api/v1/prepared",
            (Scope::CasesWrite, Gives::Prepared),
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
                id("message", "The message of the quarantine that it comes of, which is settled with it"),
            ],
            "Writes down a request for a caller, who completes and sends it: no case before that",
        )
    },
    Operation {
        by_people: true,
        ..doing(
            "resend_prepared",
            "/api/v1/prepared/{id}/letter",
            (Scope::CasesWrite, Gives::Settled),
            &[],
            "Writes to the caller once more, with a link of its own",
        )
    },
    Operation {
        by_people: true,
        ..doing(
            "withdraw_prepared",
            "/api/v1/prepared/{id}/withdrawal",
            (Scope::CasesWrite, Gives::Settled),
            &[],
            "Takes back what was prepared: its links end",
        )
    },
];

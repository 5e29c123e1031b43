//! The changes of a case. What each asks of a token and of the case is that of the page's own action.

use super::{
    BLOCK, CRITERIA, HOSTINGS, Operation, REASON, ROLES, Takes, change, id, needed, text, tick, word,
};
use crate::{
    case::actor::Role,
    web::json::{Field, Kind},
};

/// Each the twin of an action of the pages.
pub static CHANGES: [Operation; 25] = [
    change(
        "decide_check",
        "/api/v1/cases/{number}/checks/{kind}",
        &[
            word(
                "verdict",
                &["passed", "failed", "inconclusive"],
                "What staff found; for a callback or a document",
            ),
            text("note", "How they found it"),
            text("number", "The number that was dialled; for a callback"),
            Field {
                name: "files",
                kind: Kind::Files,
                required: false,
                about: "The files that were looked at; for a document",
            },
            Field {
                name: "criteria",
                kind: Kind::Criteria(&CRITERIA),
                required: false,
                about: "The checklist; for a document",
            },
            tick("again", "Run the check again instead"),
            tick("waive", "Go on without the check instead: needs a person who signed in"),
            text("reason", "Why it is waived"),
        ],
        "Decides a check, or has it run again",
    ),
    Operation {
        takes: Takes::File,
        asks_version: false,
        ..change("add_evidence", "/api/v1/cases/{number}/evidence", &[], "Puts a file to the case")
    },
    change(
        "remove_evidence",
        "/api/v1/cases/{number}/evidence-removal",
        &[needed(id("file", "The file")), REASON],
        "Takes a file out that was put there by mistake",
    ),
    change(
        "request_vouch",
        "/api/v1/cases/{number}/vouch",
        &[needed(id("contact", "A contact on record"))],
        "Asks another contact on record to vouch",
    ),
    change(
        "save_draft",
        "/api/v1/cases/{number}/draft",
        &[
            needed(text("subject", "At most 200 characters")),
            needed(text("opening", "Before the facts")),
            needed(text("closing", "After the facts")),
        ],
        "Puts the message to Atlassian forward for approval",
    ),
    change(
        "correct_facts",
        "/api/v1/cases/{number}/corrections",
        &[
            text("company", "The company"),
            word("hosting", HOSTINGS, "Where the product runs"),
            text("departed_name", "Who has left"),
            text("departed_email", "Their address, where the customer does not know it"),
            word("contact_role", ROLES, "Which contact is to change"),
            REASON,
        ],
        "Sets facts of the letter right",
    ),
    change(
        "return_draft",
        "/api/v1/cases/{number}/draft/return",
        &[REASON],
        "Sends the draft back to its author",
    ),
    change(
        "recall",
        "/api/v1/cases/{number}/recall",
        &[REASON],
        "Takes a request back that could not be delivered",
    ),
    change(
        "ask_customer",
        "/api/v1/cases/{number}/question",
        &[needed(text("question", "As the customer reads it")), BLOCK],
        "Asks the customer",
    ),
    change(
        "record_answer",
        "/api/v1/cases/{number}/answer",
        &[
            needed(word("answer", &["done", "told_customer", "question", "declined"], "What Atlassian said")),
            text("note", "In which words"),
        ],
        "Records what Atlassian said",
    ),
    change(
        "reject",
        "/api/v1/cases/{number}/rejection",
        &[REASON, text("told", "What the customer reads beside the decision"), BLOCK],
        "Ends the case: we do not take it further",
    ),
    change(
        "close",
        "/api/v1/cases/{number}/closing",
        &[
            needed(word("outcome", &["completed", "self_service", "duplicate", "withdrawn"], "How it ended")),
            text("reason", "Why"),
        ],
        "Ends the case for another reason",
    ),
    Operation {
        least: Role::Approver,
        ..change(
            "reopen",
            "/api/v1/cases/{number}/reopening",
            &[REASON],
            "Takes a closed case up again: needs a person who signed in",
        )
    },
    Operation {
        least: Role::Approver,
        ..change(
            "hold",
            "/api/v1/cases/{number}/hold",
            &[REASON],
            "Puts off that anything of the case is erased: needs a person who signed in",
        )
    },
    Operation {
        least: Role::Approver,
        ..change(
            "lift_hold",
            "/api/v1/cases/{number}/hold-lifting",
            &[REASON],
            "Lets what is over be erased again: needs a person who signed in",
        )
    },
    change(
        "object",
        "/api/v1/cases/{number}/objection",
        &[
            text("note", "An objection that somebody made by other means"),
            word(
                "ruling",
                &["dismissed", "upheld", "duplicate"],
                "Settles all that stands against the case: needs a person who signed in",
            ),
            text("reason", "Why it is settled so"),
        ],
        "Records an objection, or settles what stands against the case",
    ),
    change(
        "assign",
        "/api/v1/cases/{number}/assignment",
        &[needed(text("owner", "`me`, `none` or the id of a colleague"))],
        "Says who has the case",
    ),
    change(
        "refer",
        "/api/v1/cases/{number}/reference",
        &[text("reference", "How your own system calls the case, in 40 signs; empty: not at all")],
        "Keeps a reference of your own, for staff alone",
    ),
    change("mark_seen", "/api/v1/cases/{number}/seen", &[], "Says that somebody has looked at what is new"),
    change(
        "remind",
        "/api/v1/cases/{number}/reminder",
        &[],
        "Sends the letter once more that was not answered",
    ),
    Operation {
        asks_version: false,
        ..change(
            "add_note",
            "/api/v1/cases/{number}/notes",
            &[needed(text("note", "For colleagues")), BLOCK],
            "Adds a note among staff",
        )
    },
    change("retry_email", "/api/v1/cases/{number}/emails/{id}/retry", &[], "Sends the same bytes again"),
    change(
        "replace_email",
        "/api/v1/cases/{number}/emails/{id}/replacement",
        &[],
        "Writes a letter anew, with a link of its own",
    ),
    change(
        "cancel_email",
        "/api/v1/cases/{number}/emails/{id}/cancellation",
        &[],
        "Holds a letter back that still waits",
    ),
    change(
        "settle_email",
        "/api/v1/cases/{number}/emails/{id}/settlement",
        &[],
        "Says that somebody knows it did not arrive",
    ),
];

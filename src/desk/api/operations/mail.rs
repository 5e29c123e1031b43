//! What staff decide about mail that no rule could assign. Each time a person: a program that released whatever names a case would be
//! the very rule that the quarantine stands for, and one that discarded would have nobody look.

use super::{
    Gives, Operation, doing,
    fields::{WRITERS, needed, text, word},
};
use crate::staff::tokens::Scope;

/// Each the twin of an action of the pages.
pub static MAIL: [Operation; 3] = [
    Operation {
        by_people: true,
        ..doing(
            "release_message",
            "/api/v1/quarantine/{id}/release",
            (Scope::MailWrite, Gives::Acted),
            &[
                needed(text("number", "Of the case that it belongs to")),
                needed(word("writer", WRITERS, "Who wrote it, as far as you know")),
            ],
            "Files a message with a case; nothing but its correspondence changes",
        )
    },
    Operation {
        by_people: true,
        ..doing(
            "discard_message",
            "/api/v1/quarantine/{id}/discard",
            (Scope::MailWrite, Gives::Settled),
            &[needed(text("reason", "Why; stays at the desk"))],
            "Sets a message aside for good; its bytes are kept",
        )
    },
    Operation {
        by_people: true,
        ..doing(
            "answer_message",
            "/api/v1/quarantine/{id}/answer",
            (Scope::MailWrite, Gives::Settled),
            &[needed(word("language", &["de", "en"], "The language of the answer"))],
            "Answers the author with the way to the form",
        )
    },
];

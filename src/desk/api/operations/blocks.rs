//! Text blocks: administrators', as on the page. What they say goes out in letters, so a service account writes none.

use super::{
    Gives, Operation, doing,
    fields::{BLOCK_KINDS, needed, text, word},
};
use crate::{case::actor::Role, staff::tokens::Scope, web::json::Field};

const TITLE_DE: Field = needed(text("title_de", "The title in German, at most 80 characters"));
const TITLE_EN: Field = needed(text("title_en", "The title in English"));
const DE: Field = text("de", "The text in German; a `follow_up` has none");
const EN: Field = needed(text("en", "The text in English"));

/// Each the twin of an action of the pages.
pub static BLOCKS: [Operation; 4] = [
    Operation {
        least: Role::Admin,
        by_people: true,
        ..doing(
            "create_block",
            "/api/v1/administration/text_blocks",
            (Scope::BlocksWrite, Gives::NewBlock),
            &[needed(word("kind", BLOCK_KINDS, "What it is for")), TITLE_DE, TITLE_EN, DE, EN],
            "Adds a text block",
        )
    },
    Operation {
        least: Role::Admin,
        by_people: true,
        asks_version: true,
        ..doing(
            "change_block",
            "/api/v1/administration/text_blocks/{id}",
            (Scope::BlocksWrite, Gives::Block),
            &[TITLE_DE, TITLE_EN, DE, EN],
            "Gives a text block other words: a new version",
        )
    },
    Operation {
        least: Role::Admin,
        by_people: true,
        ..doing(
            "retire_block",
            "/api/v1/administration/text_blocks/{id}/retirement",
            (Scope::BlocksWrite, Gives::Block),
            &[],
            "Offers a text block no more",
        )
    },
    Operation {
        least: Role::Admin,
        by_people: true,
        ..doing(
            "restore_block",
            "/api/v1/administration/text_blocks/{id}/restoration",
            (Scope::BlocksWrite, Gives::Block),
            &[],
            "Offers a text block again",
        )
    },
];

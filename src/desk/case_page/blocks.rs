//! Text blocks on the case page: which are offered beside which form, and one of them filled with the case's values.
//!
//! The page brings titles only; the words come when one is chosen. Without script that is the page again, with `?block=<id>` and
//! the words in the field; with it, `GET /desk/cases/{number}/blocks/{id}`, put in where the cursor is.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{editor::EditorView, typed::Typed};
use crate::{
    administration::{
        blocks::{self, Block, Offered},
        variables::Kind,
        words::fill_in,
    },
    case::{action::ActionKind, facts::LetterFacts},
    casework::{Casework, Loaded, read_facts},
    clock::Timestamp,
    desk::block_values,
    lang::Language,
    staff::session::SignedIn,
    web::{Fields, Reader, WebError},
};

/// What is offered, by kind; and whether one was asked for that is not (any more).
#[derive(Debug, Default, Serialize)]
pub struct BlocksView {
    pub offered: BTreeMap<Kind, Vec<OfferView>>,
    pub gone: bool,
}

#[derive(Debug, Serialize)]
pub struct OfferView {
    id: Uuid,
    title: String,
}

/// The form of the page and its field that blocks of a kind go into.
fn field_of(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Question => ("question", "question"),
        Kind::Rejection => ("rejection", "told"),
        Kind::FollowUp => ("draft", "opening"),
        Kind::Note => ("note", "note"),
    }
}

/// Whether the reader has the form that blocks of this kind go into.
fn has_form(kind: Kind, loaded: &Loaded, reading: &SignedIn, now: Timestamp) -> bool {
    let may = |action| loaded.case.offers_one(reading.actor(), action, now);
    match kind {
        Kind::Question => may(ActionKind::AskCustomer),
        Kind::Rejection => may(ActionKind::Reject),
        // The first letter has words of its own.
        Kind::FollowUp => may(ActionKind::SaveDraft) && loaded.case.delivered_at.is_some(),
        Kind::Note => may(ActionKind::AddNote),
    }
}

/// The language of whoever reads what a block of this kind ends up in.
fn language_for(kind: Kind, loaded: &Loaded, reader: Language) -> Language {
    match kind {
        Kind::Question | Kind::Rejection => loaded.escalation.language,
        Kind::FollowUp => Language::En,
        Kind::Note => reader,
    }
}

pub fn view(
    offered: Vec<Offered>,
    loaded: &Loaded,
    reading: &SignedIn,
    reader: Language,
    now: Timestamp,
) -> BlocksView {
    let mut view = BlocksView::default();
    for block in offered {
        if has_form(block.kind, loaded, reading, now) {
            let title = if reader == Language::De { block.title_de } else { block.title_en };
            view.offered.entry(block.kind).or_default().push(OfferView { id: block.id, title });
        }
    }
    view
}

/// The block that an address asks for, where it is on offer.
pub async fn find(
    connection: &mut PgConnection,
    id: &str,
    loaded: &Loaded,
    reading: &SignedIn,
    now: Timestamp,
) -> anyhow::Result<Option<Block>> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let block = blocks::find(connection, id, None).await?;
    Ok(block.filter(|block| !block.retired && has_form(block.kind, loaded, reading, now)))
}

/// The words of a block for this case.
fn fill(
    casework: &Casework,
    block: &Block,
    (loaded, facts): (&Loaded, &LetterFacts),
    reading: &SignedIn,
    reader: Language,
    now: Timestamp,
) -> String {
    let language = language_for(block.kind, loaded, reader);
    let values = block_values::of_case(casework, block.kind, (loaded, facts), &reading.name, language, now);
    fill_in(block.kind, block.words.body(language), &values, language)
}

/// The form with the block in it, as if somebody had typed it and the form had come back.
pub fn typed(
    casework: &Casework,
    block: &Block,
    (loaded, facts): (&Loaded, &LetterFacts),
    (reading, reader): (&SignedIn, Language),
    editor: Option<&EditorView>,
    now: Timestamp,
) -> Typed {
    let (form, field) = field_of(block.kind);
    let mut values = Fields::default();
    let mut text = fill(casework, block, (loaded, facts), reading, reader, now);
    if let Some(editor) = editor.filter(|_| block.kind == Kind::FollowUp) {
        for (name, begun) in editor.words() {
            values.set(name, begun);
        }
        // The proposed opening stays, with its greeting; what is too much is deleted by hand.
        text = format!("{}\n\n{text}", values.get(field));
    }
    values.set(field, &text);
    values.set("block", &block.version_id.to_string());
    Typed { form: form.to_owned(), values, ..Typed::default() }
}

/// What the script puts in.
#[derive(Debug, Serialize)]
struct Answer {
    version: Uuid,
    text: String,
}

/// `GET /desk/cases/{number}/blocks/{id}`: the words of a block for this case, as JSON.
pub async fn show_block(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let (number, id) = path.into_inner();
    let now = casework.app.clock.now();
    let case = super::find(&casework, &number).await?;
    let loaded = casework.load(case).await?.ok_or(WebError::NotFound)?;
    let mut connection = casework.app.pool.acquire().await?;
    let block = find(&mut connection, &id, &loaded, &staff, now).await?.ok_or(WebError::NotFound)?;
    let facts = read_facts(&mut connection, &loaded).await?;
    drop(connection);
    let text = fill(&casework, &block, (&loaded, &facts), &staff, reader.language, now);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(Answer { version: block.version_id, text }))
}

//! `/desk/administration/text_blocks`: administrators write the sentences that staff begin with; see them with a case's values
//! before they save, every older version, and what was changed.
//!
//! Nothing is deleted: a block is retired and can be restored. Of two who change one at once the second gets both texts (409).

mod difference;
mod form;
mod page;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use self::page::{Asked, Open};
use crate::{
    administration::{
        blocks::{self, Block, Saved},
        variables::Kind,
    },
    casework::Casework,
    desk::{
        api::{answer, blocks as for_programs},
        door::Door,
    },
    staff::session::SignedIn,
    web::{Fields, Reader, WebError},
};

pub const PATH: &str = "/desk/administration/text_blocks";

/// `desk/administration/text_blocks.html`.
#[derive(Debug, Serialize)]
struct ListView {
    kinds: &'static [Kind],
    blocks: Vec<Block>,
    /// There are as many as there can be.
    full: bool,
}

/// What the address of a block or of a new one chooses; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    kind: String,
    /// Shown against the one before it.
    version: String,
    /// Versions before that one.
    before: String,
}

pub async fn list(reader: Reader) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let blocks = blocks::list(&mut connection).await?;
    drop(connection);
    let full = i64::try_from(blocks.len()).is_ok_and(|count| count >= blocks::MOST);
    reader.ok("desk/administration/text_blocks.html", &ListView { kinds: Kind::VARIANTS, blocks, full })
}

/// `GET /desk/administration/text_blocks/new?kind=`
pub async fn new(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let kind: Kind = query.kind.parse().map_err(|_| WebError::NotFound)?;
    let asked = Asked { reader, casework, staff, fields: Fields::default() };
    page::render(&asked, Open::New(kind), StatusCode::OK, page::Said::default()).await
}

/// `POST /desk/administration/text_blocks`: `kind`, `title_de`, `title_en`, `de`, `en`. With `preview`, only shown: with the
/// values of the case with the number `case`, or of an invented one.
pub async fn create(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let kind: Kind = fields.get("kind").parse().map_err(|_| WebError::NotFound)?;
    // What is made under the request's own id is made once.
    let id = casework.request().unwrap_or_else(Uuid::now_v7);
    let reader = reader.at(&format!("{PATH}/new?kind={}", kind.as_str()));
    let asked = Asked { reader, casework, staff, fields };
    let words = match asked.words(kind) {
        Ok(words) => words,
        Err(errors) => return page::answer_wrong(&asked, Open::New(kind), errors).await,
    };
    if asked.wants_preview() {
        return page::preview(&asked, Open::New(kind), &words).await;
    }
    let app = &asked.casework.app;
    let created = blocks::create(&app.pool, asked.doer(), (id, kind, &words), app.clock.now()).await?;
    if asked.reader.is_api {
        created.ok_or_else(|| answer::refused("notice-block-too-many"))?;
        return for_programs::answer(&asked.casework, id, StatusCode::CREATED).await;
    }
    Ok(match created {
        Some(_) => asked.reader.see_other(PATH, "notice-block-saved"),
        None => asked.reader.see_other(PATH, "notice-block-too-many"),
    })
}

/// `GET /desk/administration/text_blocks/{id}`
pub async fn show(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let block = find(&casework, &id).await?;
    let said = page::Said {
        version: query.version.parse().ok(),
        before: query.before.parse().ok(),
        ..page::Said::default()
    };
    let asked = Asked { reader, casework, staff, fields: page::as_typed(&block) };
    page::render(&asked, Open::Stored(&block), StatusCode::OK, said).await
}

/// `POST /desk/administration/text_blocks/{id}`: as for a new one, and `version`, the one that was looked at.
pub async fn change(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let block = find(&casework, &id).await?;
    let address = format!("{PATH}/{}", block.id);
    let asked = Asked { reader: reader.at(&address), casework, staff, fields };
    let words = match asked.words(block.kind) {
        Ok(words) => words,
        Err(errors) => return page::answer_wrong(&asked, Open::Stored(&block), errors).await,
    };
    if asked.wants_preview() {
        return page::preview(&asked, Open::Stored(&block), &words).await;
    }
    let app = &asked.casework.app;
    // Without a version, none was looked at.
    let seen = asked.fields.get("version").parse().unwrap_or_default();
    let saved = blocks::change(&app.pool, asked.doer(), (block.id, seen), &words, app.clock.now()).await?;
    if let (true, Saved::As(_) | Saved::Same) = (asked.reader.is_api, saved) {
        return for_programs::answer(&asked.casework, block.id, StatusCode::OK).await;
    }
    match saved {
        Saved::As(_) => Ok(asked.reader.see_other(&address, "notice-block-saved")),
        Saved::Same => Ok(asked.reader.see_other(&address, "notice-block-same")),
        Saved::NotFound => Err(WebError::NotFound),
        Saved::Stale => page::answer_stale(&asked, block.id, seen).await,
    }
}

/// `POST /desk/administration/text_blocks/{id}/retirement`: not offered any more.
pub async fn retire(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    offer(&reader, &casework, &staff, (&id, false)).await
}

/// `POST /desk/administration/text_blocks/{id}/restoration`: offered again.
pub async fn restore(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    offer(&reader, &casework, &staff, (&id, true)).await
}

async fn offer(
    reader: &Reader,
    door: &Door,
    staff: &SignedIn,
    (id, offered): (&str, bool),
) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let app = &reader.app;
    let changed = blocks::offer(&app.pool, door.doer(staff.id), (id, offered), app.clock.now()).await?;
    changed.ok_or(WebError::NotFound)?;
    if reader.is_api {
        return for_programs::answer(door, id, StatusCode::OK).await;
    }
    let notice = if offered { "notice-block-restored" } else { "notice-block-retired" };
    Ok(reader.see_other(&format!("{PATH}/{id}"), notice))
}

async fn find(casework: &Casework, id: &str) -> Result<Block, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let mut connection = casework.app.pool.acquire().await?;
    blocks::find(&mut connection, id, None).await?.ok_or(WebError::NotFound)
}

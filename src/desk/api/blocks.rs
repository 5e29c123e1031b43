//! `/api/v1/administration/text_blocks`: text blocks for administrators' programs; written by the pages' functions.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PATH, answer};
use crate::{
    administration::blocks::{self, Block},
    casework::Casework,
    clock::Timestamp,
    web::WebError,
};

/// Every text block, without its words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Blocks {
    blocks: Vec<BlockSummary>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BlockSummary {
    id: Uuid,
    kind: &'static str,
    version: i32,
    title_de: String,
    title_en: String,
    /// It is not offered.
    retired: bool,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
}

/// A version of a text block.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockDocument {
    id: Uuid,
    kind: &'static str,
    /// Also the `ETag` of the latest; the next change names it as `If-Match`.
    version: i32,
    /// What an action's `block` names.
    version_id: Uuid,
    title_de: String,
    title_en: String,
    /// Nothing where it is in English alone.
    de: Option<String>,
    en: String,
    /// Who wrote this version; nobody of the staff where it came with the program.
    author: Option<String>,
    retired: bool,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
}

/// As many as there can be stand on one page.
pub async fn list(casework: web::Data<Casework>) -> Result<HttpResponse, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let listed = blocks::list(&mut connection).await?;
    drop(connection);
    let blocks = listed.into_iter().map(|block| BlockSummary {
        id: block.id,
        kind: block.kind.as_str(),
        version: block.version,
        title_de: block.words.title_de,
        title_en: block.words.title_en,
        retired: block.retired,
        changed_at: block.at,
    });
    Ok(answer::begin(StatusCode::OK).json(Blocks { blocks: blocks.collect() }))
}

pub async fn show(
    request: HttpRequest,
    casework: web::Data<Casework>,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let pairs = answer::parameters(&request, &["version"])?;
    let version: Option<i32> = match answer::value(&pairs, "version") {
        "" => None,
        given => match given.parse() {
            Ok(version) => Some(version),
            Err(_) => return Err(answer::wrong_parameters(&request, &["version"])?.into()),
        },
    };
    let mut connection = casework.app.pool.acquire().await?;
    let block = blocks::find(&mut connection, id, version).await?.ok_or(WebError::NotFound)?;
    Ok(document(block, StatusCode::OK))
}

/// The block as it is now, after a page's function did something to it.
pub async fn answer(casework: &Casework, id: Uuid, status: StatusCode) -> Result<HttpResponse, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let block = blocks::find(&mut connection, id, None).await?.ok_or(WebError::NotFound)?;
    Ok(document(block, status))
}

fn document(block: Block, status: StatusCode) -> HttpResponse {
    let mut answer = answer::begin(status);
    answer.insert_header((header::ETAG, answer::tag(block.version)));
    if status == StatusCode::CREATED {
        let location = format!("{PATH}/administration/text_blocks/{}", block.id);
        answer.insert_header((header::LOCATION, location));
    }
    answer.json(BlockDocument {
        id: block.id,
        kind: block.kind.as_str(),
        version: block.version,
        version_id: block.version_id,
        title_de: block.words.title_de,
        title_en: block.words.title_en,
        de: block.words.de,
        en: block.words.en,
        author: block.author,
        retired: block.retired,
        changed_at: block.at,
    })
}

//! `GET /desk/administration/log`: the log over all cases: its present head and key, how it does, and all its heads, the latest
//! first; each as a file, with the time stamper's answer where there is one. For those who oversee. Changes nothing.

use actix_web::{HttpResponse, http::header, web};
use anyhow::Context as _;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    clock::Timestamp,
    desk::reading,
    transparency::{
        heads::{self, SignedHead},
        health::Health,
        keys, stamps,
    },
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/log";
const PAGE_SIZE: usize = 50;

/// What of the address counts; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    before: String,
}

/// `desk/administration/log.html`.
#[derive(Debug, Serialize)]
struct LogView {
    head: Option<PresentView>,
    health: Health,
    keys: Vec<KeyView>,
    heads: Vec<HeadView>,
    next: Option<String>,
    first: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct PresentView {
    size: u64,
    at: Timestamp,
    text: String,
    file: String,
}

#[derive(Debug, Serialize)]
struct KeyView {
    id: String,
    pem: String,
    since: Timestamp,
    signs: bool,
    /// The one before it signed it, or it is the first.
    follows: bool,
}

#[derive(Debug, Serialize)]
struct HeadView {
    size: i64,
    at: Timestamp,
    root: String,
    file: String,
    stamped_at: Option<Timestamp>,
    stamp: String,
}

fn file(size: impl std::fmt::Display) -> String {
    format!("{PATH}/heads/{size}")
}

pub async fn show(reader: Reader, query: web::Query<Query>) -> Result<HttpResponse, WebError> {
    let before: Option<i64> = query.before.parse().ok();
    let mut connection = reading::begin(&reader.app.pool).await?;
    let head = heads::current(&mut connection).await?;
    let health = Health::read(&mut connection, &reader.app).await?;
    let known = keys::list(&mut connection).await?;
    let mut heads = list(&mut connection, before).await?;
    drop(connection);
    let more = heads.len() > PAGE_SIZE;
    heads.truncate(PAGE_SIZE);
    let signs = head.as_ref().map(|head| head.head.key_id);
    let view = LogView {
        next: heads.last().filter(|_| more).map(|last| format!("{PATH}?before={}", last.size)),
        first: before.map(|_| PATH),
        keys: known
            .iter()
            .enumerate()
            .map(|(place, known)| KeyView {
                id: HEXLOWER.encode(&known.id()),
                pem: keys::pem(&known.key),
                since: known.since,
                signs: signs == Some(known.id()),
                follows: place == 0 || known.previous.is_some(),
            })
            .collect(),
        head: head.map(PresentView::new),
        health,
        heads,
    };
    reader.at(PATH).ok("desk/administration/log.html", &view)
}

impl PresentView {
    fn new(head: SignedHead) -> Self {
        let size = head.head.size;
        Self { size, at: head.head.at, text: head.text(), file: file(size) }
    }
}

/// One more than a page shows.
async fn list(connection: &mut PgConnection, before: Option<i64>) -> anyhow::Result<Vec<HeadView>> {
    let rows = sqlx::query!(
        r#"select h.tree_size, h.at as "at: Timestamp", h.root_hash, s.stamped_at as "stamped_at?: Timestamp"
         from log_heads h left join log_stamps s on s.tree_size = h.tree_size
         where h.tree_size < coalesce($1, h.tree_size + 1) order by h.tree_size desc limit $2"#,
        before,
        i64::try_from(PAGE_SIZE.saturating_add(1)).unwrap_or(i64::MAX),
    )
    .fetch_all(connection)
    .await
    .context("could not list the heads of the log")?;
    Ok(rows
        .into_iter()
        .map(|row| HeadView {
            size: row.tree_size,
            at: row.at,
            root: HEXLOWER.encode(&row.root_hash),
            file: file(row.tree_size),
            stamped_at: row.stamped_at,
            stamp: format!("{}/stamp", file(row.tree_size)),
        })
        .collect())
}

/// `GET /desk/administration/log/heads/{size}`
pub async fn download(reader: Reader, size: web::Path<u64>) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let head = heads::find(&mut connection, known(*size)?).await?.ok_or(WebError::NotFound)?;
    Ok(as_file("text/plain; charset=utf-8", &format!("handover-log-{size}.txt"), head.text().into_bytes()))
}

/// `GET /desk/administration/log/heads/{size}/stamp`
pub async fn download_stamp(reader: Reader, size: web::Path<u64>) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let stamp = stamps::find(&mut connection, known(*size)?).await?.ok_or(WebError::NotFound)?;
    Ok(as_file("application/timestamp-reply", &format!("handover-log-{size}.tsr"), stamp))
}

/// A size that the database could hold.
fn known(size: u64) -> Result<u64, WebError> {
    i64::try_from(size).map(|_| size).map_err(|_| WebError::NotFound)
}

fn as_file(kind: &'static str, name: &str, body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}

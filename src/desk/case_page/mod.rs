//! `GET /desk/cases/{number}`: the whole case on one page, with exactly the actions that the rules allow its reader.
//!
//! Changes nothing; what the forms send goes to `actions`. However long the case, the page costs eight queries, that of the session
//! and the reader's count among them (`tests/it/queries.rs` counts them), two or three more where one came from a list.

mod approvals;
mod blocks;
pub(super) mod checks;
mod contest;
mod editor;
mod evidence;
mod follow_up;
mod material;
mod missing;
mod next;
mod offers;
mod people;
mod quoted;
pub(super) mod register;
mod timeline;
mod trail;
mod typed;
mod view;
mod vouchers;
mod words;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Deserialize;
use sqlx::{PgConnection, Postgres, pool::PoolConnection};
use uuid::Uuid;

pub use self::{
    blocks::show_block,
    checks::CheckView,
    material::Material,
    offers::Offer,
    register::RegisterView,
    trail::{TrailEntry, list_said, list_since},
    typed::{Mistake, Typed},
    words::Words,
};
use self::{
    timeline::Filter,
    view::{Beside, CaseView, assemble},
};
use super::{deleted, queue::CaseNav, signals};
use crate::{
    casework::{Casework, Loaded, find_by_number},
    staff::session::SignedIn,
    web::{Reader, WebError},
};

/// What the address chooses.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// What of the timeline is shown: `mail`, `notes` or `checks`; anything else is all.
    show: String,
    /// The oldest so many entries of it, instead of the latest.
    past: Option<usize>,
    /// The query of the list that the case was opened from.
    from: String,
    /// The text block that is put into its form.
    block: String,
}

pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    number: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let loaded = match load(&casework, &mut connection, &number).await {
        // There was one, perhaps.
        Err(WebError::NotFound) => {
            drop(connection);
            return deleted::show(&reader, &casework, &number).await;
        }
        found => found?,
    };
    let shown = (query.show.parse().unwrap_or_default(), query.past);
    let with = (Typed::default(), shown, &*query);
    let view = gather(&reader, &casework, &staff, (connection, loaded), with).await?;
    reader.page(StatusCode::OK, "desk/case.html", &view)
}

/// The case with the number in an address.
pub async fn find(casework: &Casework, number: &str) -> Result<Uuid, WebError> {
    let number = number.parse().map_err(|_| WebError::NotFound)?;
    let mut connection = casework.app.pool.acquire().await?;
    find_by_number(&mut connection, &number).await?.ok_or(WebError::NotFound)
}

/// The case with the number in an address, as it is now. One query.
pub async fn load(
    casework: &Casework,
    connection: &mut PgConnection,
    number: &str,
) -> Result<Loaded, WebError> {
    let number = number.parse().map_err(|_| WebError::NotFound)?;
    casework.load_by_number(connection, &number).await?.ok_or(WebError::NotFound)
}

/// The page, with what was typed into one of its forms where that was wrong.
pub async fn render(
    reader: &Reader,
    casework: &Casework,
    staff: &SignedIn,
    case: Uuid,
    status: StatusCode,
    typed: Typed,
) -> Result<HttpResponse, WebError> {
    let shown = (Filter::All, None);
    let loaded = casework.load(case).await?.ok_or(WebError::NotFound)?;
    let connection = casework.app.pool.acquire().await?;
    let with = (typed, shown, &Query::default());
    let view = gather(reader, casework, staff, (connection, loaded), with).await?;
    reader.page(status, "desk/case.html", &view)
}

/// The case with the number in an address, with what its page is made of. Five queries.
pub async fn read(casework: &Casework, staff: &SignedIn, number: &str) -> Result<Material, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let loaded = load(casework, &mut connection, number).await?;
    Ok(Material::read(&mut connection, &casework.app, loaded, staff).await?)
}

/// What the reader could do with the case.
pub fn list_offers(
    reader: &Reader,
    casework: &Casework,
    staff: &SignedIn,
    material: Material,
) -> Result<Vec<Offer>, WebError> {
    Ok(assemble(reader, casework, staff, material, Beside::default())?.offers)
}

async fn gather(
    reader: &Reader,
    casework: &Casework,
    reading: &SignedIn,
    (mut connection, loaded): (PoolConnection<Postgres>, Loaded),
    (typed, shown, query): (Typed, (Filter, Option<usize>), &Query),
) -> Result<CaseView, WebError> {
    let app = &casework.app;
    let material = Material::read(&mut connection, app, loaded, reading).await?;
    let Material { loaded, licences, register, letter, .. } = &material;
    let known = (licences, register.domains(), letter.differences.as_slice());
    let signals = signals::list(&mut connection, app, loaded, known, reader.language).await?;
    let block = if query.block.is_empty() {
        None
    } else {
        Some(blocks::find(&mut connection, &query.block, loaded, reading, app.clock.now()).await?)
    };
    let number = loaded.case.number.to_string();
    let nav = CaseNav::read(&mut connection, app, reading, &query.from, &number).await?;
    drop(connection);
    assemble(reader, casework, reading, material, Beside { signals, nav, block, typed, shown })
}

//! An authenticator app: begun, shown once with its picture, and counted once its first code was typed.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use anyhow::Context as _;
use qrcode::{EcLevel, QrCode, render::svg};
use serde::Serialize;
use uuid::Uuid;

use super::{PATH, added, cookies::strengthened, name_of, step_up::Asking};
use crate::{
    casework::Casework,
    staff::{
        second_factors::totp,
        session::{SecondFactor, SignedIn},
    },
    web::{Fields, Reader, WebError, error::FieldError, see_other},
};

/// `desk/second_factors/totp.html`
#[derive(Debug, Serialize)]
struct SetupView {
    id: Uuid,
    name: String,
    /// In groups of four, for who types.
    secret: String,
    address: String,
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
}

/// `POST …/apps`: `name`; asks for a fresh factor, or the password.
pub async fn begin(asking: Asking) -> Result<HttpResponse, WebError> {
    if let Some(page) = asking.demand(PATH).await? {
        return Ok(page);
    }
    let name = name_of(&asking.fields, asking.reader.language.text("second-factor-kind-totp"));
    let begun =
        totp::begin(&asking.reader.app, asking.staff.id, &name, asking.reader.app.clock.now()).await?;
    let too_many = || WebError::Refused { key: "second-factor-too-many".to_owned(), about_rights: false };
    Ok(see_other(&format!("{PATH}/apps/{}", begun.ok_or_else(too_many)?)))
}

/// `GET …/apps/{id}`: only while it is being set up.
pub async fn show(reader: Reader, staff: SignedIn, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let view = view(&reader, &staff, &id, None).await?;
    reader.ok("desk/second_factors/totp.html", &view)
}

async fn view(
    reader: &Reader,
    staff: &SignedIn,
    id: &str,
    mistake: Option<&'static str>,
) -> Result<SetupView, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let now = reader.app.clock.now();
    let setup = totp::find_setup(&reader.app, staff.id, id, now).await?.ok_or(WebError::NotFound)?;
    let characters: Vec<char> = setup.secret.chars().collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    let message = mistake.map(|key| reader.language.text(key));
    Ok(SetupView {
        id,
        name: setup.name,
        secret: groups.join(" "),
        address: setup.address,
        values: BTreeMap::new(),
        errors: message.iter().map(|message| ("code", message.clone())).collect(),
        error_list: message
            .into_iter()
            .map(|message| FieldError { field: "code".to_owned(), message })
            .collect(),
    })
}

/// `GET …/apps/{id}/code.svg`: the address as a picture to scan.
pub async fn picture(
    reader: Reader,
    staff: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let now = reader.app.clock.now();
    let setup = totp::find_setup(&reader.app, staff.id, id, now).await?.ok_or(WebError::NotFound)?;
    let code = QrCode::with_error_correction_level(setup.address.as_bytes(), EcLevel::M)
        .context("could not draw an address for an authenticator app")?;
    // With its quiet zone, dark on light in every scheme: scanners need both.
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(drawn))
}

/// `POST …/apps/{id}`: `code`, the first that the app shows.
pub async fn confirm(
    reader: Reader,
    request: HttpRequest,
    casework: web::Data<Casework>,
    staff: SignedIn,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let device: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let code: String = fields.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    let now = reader.app.clock.now();
    let Some(codes) = totp::confirm(&casework, &staff, device, &code, now).await? else {
        let view = view(&reader, &staff, &id, Some("second-factor-wrong")).await?;
        let reader = reader.at(&format!("{PATH}/apps/{device}"));
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "desk/second_factors/totp.html", &view);
    };
    strengthened(&reader.app, &request, SecondFactor::Totp).await?;
    added(reader, codes)
}

/// `POST …/apps/{id}/removal`
pub async fn remove(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let device: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    if let Some(page) = asking.demand(PATH).await? {
        return Ok(page);
    }
    if !totp::remove(&asking.casework, &asking.staff, device, asking.reader.app.clock.now()).await? {
        return Err(WebError::NotFound);
    }
    Ok(asking.reader.see_other(PATH, "notice-second-factor-removed"))
}

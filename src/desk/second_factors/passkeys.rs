//! Passkeys of somebody who is signed in. What a browser is to make or sign comes as JSON for `static/passkeys.js`; what it made
//! comes with a form like any other.

use actix_web::{HttpRequest, HttpResponse, web};
use uuid::Uuid;

use super::{
    PATH, added,
    cookies::{ceremony_name, json, strengthened, token_in},
    name_of,
    step_up::Asking,
};
use crate::{
    casework::Casework,
    staff::{
        second_factors::{
            ceremonies::Purpose,
            passkeys::{self, NotTaken, relying_party},
        },
        session::{SecondFactor, SignedIn},
    },
    web::{Fields, Reader, WebError},
};

/// `POST …/challenge`: what a passkey is to sign in this session.
pub async fn challenge(reader: Reader, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    relying_party(&app.settings).ok_or(WebError::NotFound)?;
    let purpose = Purpose::StepUp(staff.session);
    let (options, token) = passkeys::begin(app, purpose, app.clock.now()).await?;
    json(app, &options, (ceremony_name(&app.settings), &token))
}

/// `POST …/passkeys/enrolment`: what the browser is to make a passkey of; asks for a fresh factor, or the password.
pub async fn begin(asking: Asking) -> Result<HttpResponse, WebError> {
    let app = &asking.reader.app;
    relying_party(&app.settings).ok_or(WebError::NotFound)?;
    if let Some(page) = asking.demand(PATH).await? {
        return Ok(page);
    }
    let (options, token) = passkeys::begin_enrolment(app, &asking.staff, app.clock.now()).await?;
    json(app, &options, (ceremony_name(&app.settings), &token))
}

/// `POST …/passkeys`: `name`, `passkey_credential`.
pub async fn create(
    reader: Reader,
    request: HttpRequest,
    casework: web::Data<Casework>,
    staff: SignedIn,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let refused = |why: NotTaken| WebError::Refused { key: why.key().to_owned(), about_rights: false };
    let token = token_in(&request, ceremony_name(&app.settings)).ok_or_else(|| refused(NotTaken::Over))?;
    let name = name_of(&fields, reader.language.text("second-factor-kind-passkey"));
    let made = (name.as_str(), fields.get("passkey_credential"));
    let codes = passkeys::finish_enrolment(&casework, &staff, &token, made, app.clock.now())
        .await?
        .map_err(refused)?;
    strengthened(app, &request, SecondFactor::Passkey).await?;
    added(reader, codes)
}

/// `POST …/passkeys/{id}/removal`
pub async fn remove(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let passkey: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    if let Some(page) = asking.demand(PATH).await? {
        return Ok(page);
    }
    if !passkeys::remove(&asking.casework, &asking.staff, passkey, asking.reader.app.clock.now()).await? {
        return Err(WebError::NotFound);
    }
    Ok(asking.reader.see_other(PATH, "notice-second-factor-removed"))
}

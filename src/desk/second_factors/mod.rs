//! `/desk/account/second-factors`: what somebody shows beside their password, set up and taken away by themselves.
//!
//! The second step of signing in is in `sign_in`, asking for a fresh factor in `step_up`. What a factor is and when it counts is said
//! in `staff::second_factors`.

mod cookies;
pub mod passkeys;
pub mod sign_in;
pub mod step_up;
pub mod totp;

use actix_web::HttpResponse;
use serde::Serialize;

use self::step_up::Asking;
use crate::{
    clock::Timestamp,
    staff::{
        second_factors::{
            LONGEST_NAME,
            enrolled::{self, Enrolled},
            passkeys::relying_party,
            recovery_codes,
        },
        session::SignedIn,
    },
    web::{Fields, Reader, WebError},
};

pub const PATH: &str = "/desk/account/second-factors";

/// `desk/second_factors/index.html`; `desk/account/second_factors.html` is the part that others include.
#[derive(Debug, Serialize)]
struct IndexView {
    enrolled: Enrolled,
    /// They have none that counts.
    none: bool,
    /// From when on they can do nothing else; where one is demanded and missing.
    missing_from: Option<Timestamp>,
    /// That moment is past.
    must_enrol: bool,
    /// Passkeys can be made for the address of this Handover.
    passkeys: bool,
    fresh_minutes: u32,
    /// A passkey is made by script, which can't ask as a page does: what they have is to be shown before.
    fresh_first: bool,
    /// Whether a new one is to be asked for with the password, as nothing better is there.
    asks_password: bool,
}

/// `GET /desk/account/second-factors`
pub async fn show(reader: Reader, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let (settings, now) = (&reader.app.settings, reader.app.clock.now());
    let mut connection = reader.app.pool.acquire().await?;
    let enrolled = enrolled::list(&mut connection, staff.id).await?;
    let view = IndexView {
        enrolled,
        none: !staff.has_second_factor,
        missing_from: staff.must_enrol_from(settings),
        must_enrol: staff.must_enrol(settings, now),
        passkeys: relying_party(settings).is_some(),
        fresh_minutes: settings.desk.second_factor.fresh_minutes,
        fresh_first: staff.has_second_factor && !staff.is_fresh(settings, now),
        asks_password: !staff.has_second_factor,
    };
    reader.ok("desk/second_factors/index.html", &view)
}

/// `POST /desk/account/second-factors/fresh`: asks for a fresh factor, and nothing more.
pub async fn show_fresh(asking: Asking) -> Result<HttpResponse, WebError> {
    Ok(asking.demand(PATH).await?.unwrap_or_else(|| crate::web::see_other(PATH)))
}

/// `desk/second_factors/recovery_codes.html`
#[derive(Debug, Serialize)]
struct CodesView {
    codes: Vec<String>,
}

/// The codes, on this one page and never again.
fn show_codes(reader: Reader, codes: Vec<String>) -> Result<HttpResponse, WebError> {
    reader.at(PATH).ok("desk/second_factors/recovery_codes.html", &CodesView { codes })
}

/// `POST /desk/account/second-factors/recovery-codes`: ten new ones.
pub async fn renew_codes(asking: Asking) -> Result<HttpResponse, WebError> {
    if let Some(page) = asking.demand(PATH).await? {
        return Ok(page);
    }
    // Without a factor they would be the only one.
    if !asking.staff.has_second_factor {
        return Ok(crate::web::see_other(PATH));
    }
    let codes = recovery_codes::renew(&asking.casework, &asking.staff, asking.reader.app.clock.now()).await?;
    show_codes(asking.reader, codes)
}

/// There is another factor; with the first come codes.
fn added(reader: Reader, codes: Vec<String>) -> Result<HttpResponse, WebError> {
    if codes.is_empty() {
        Ok(reader.see_other(PATH, "notice-second-factor-added"))
    } else {
        show_codes(reader, codes)
    }
}

/// What somebody calls a device; a word where they call it nothing.
fn name_of(fields: &Fields, otherwise: String) -> String {
    let name: String = fields.get("name").chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if name.trim().is_empty() { otherwise } else { name.trim().to_owned() }
}

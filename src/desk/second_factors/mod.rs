//! `/desk/account/second-factors`: what somebody shows beside their password, set up and taken away by themselves.
//!
//! The second step of signing in is in `sign_in`, asking for a fresh factor in `step_up`. What a factor is and when it counts is said
//! in `staff::second_factors`.

mod cookies;
mod elsewhere;
pub mod passkeys;
pub mod sign_in;
pub mod step_up;
pub mod totp;

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use self::{elsewhere::Elsewhere, step_up::Asking};
use crate::{
    case::second_factor::fresh_for,
    clock::Timestamp,
    desk::entrance::desk_path,
    staff::{
        members,
        second_factors::{
            LONGEST_NAME,
            enrolled::{self, Enrolled},
            passkeys::relying_party,
            recovery_codes,
        },
        session::{self, SignedIn},
    },
    web::{Fields, Reader, WebError},
};

pub const PATH: &str = "/desk/account/second-factors";
/// Where a fresh factor is asked for by itself.
pub const FRESH: &str = "/desk/account/second-factors/fresh";

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
    /// Where they sign in anew first, as they know no password of ours.
    elsewhere: Option<Elsewhere>,
}

/// `GET /desk/account/second-factors`
pub async fn show(reader: Reader, request: HttpRequest, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let (settings, now) = (&reader.app.settings, reader.app.clock.now());
    let mut connection = reader.app.pool.acquire().await?;
    let enrolled = enrolled::list(&mut connection, staff.id).await?;
    let has_password = members::find_own(&mut connection, staff.id).await?.has_password;
    drop(connection);
    let asks = !staff.has_second_factor && !staff.is_fresh(settings, now);
    let since = now.after(-fresh_for(settings));
    let elsewhere = if asks
        && !has_password
        && !(staff.opened_at > since
            && session::began_elsewhere(&reader.app.pool, staff.session, since).await?)
    {
        elsewhere::find(&reader.app, &request, &staff, PATH).await?
    } else {
        None
    };
    let view = IndexView {
        enrolled,
        none: !staff.has_second_factor,
        missing_from: staff.must_enrol_from(settings),
        must_enrol: staff.must_enrol(settings, now),
        passkeys: relying_party(settings).is_some(),
        fresh_minutes: settings.desk.second_factor.fresh_minutes,
        fresh_first: staff.has_second_factor && !staff.is_fresh(settings, now),
        asks_password: asks && has_password,
        elsewhere,
    };
    reader.ok("desk/second_factors/index.html", &view)
}

/// `POST /desk/account/second-factors/fresh`: asks for a fresh factor, and nothing more. `return_to`: a page of the desk.
pub async fn show_fresh(asking: Asking) -> Result<HttpResponse, WebError> {
    let back = asking.fields.find("return_to").map_or(PATH, desk_path).to_owned();
    Ok(asking.demand(&back).await?.unwrap_or_else(|| crate::web::see_other(&back)))
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

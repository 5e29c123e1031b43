//! `/desk/administration/second-factors`: who has which, who must have one and has none, and what takes them away from somebody who
//! has lost all of theirs.
//!
//! One administrator does that alone, with a fresh factor of their own: it opens nothing by itself, as the password is still asked
//! for; its owner is told by mail, their sessions end, and the trail keeps it.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    case::actor::StaffId,
    desk::second_factors::step_up::Asking,
    staff::{
        second_factors::enrolled::{self, Standing},
        session::SignedIn,
    },
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/second-factors";

/// `desk/administration/second_factors.html`
#[derive(Debug, Serialize)]
struct StandingView {
    people: Vec<Standing>,
    /// Whose own page it is: nobody resets themselves.
    own: Uuid,
}

pub async fn show(reader: Reader, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let now = reader.app.clock.now();
    let people = enrolled::list_standing(&mut connection, &reader.app.settings, now).await?;
    reader.ok("desk/administration/second_factors.html", &StandingView { people, own: staff.id.0 })
}

/// `POST /desk/administration/second-factors/{id}/reset`
pub async fn reset(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let person: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    // Who can show a factor takes it away on their own page; who can't must not by this one.
    if person == asking.staff.id.0 {
        return Err(WebError::Refused { key: "second-factor-own-reset".to_owned(), about_rights: true });
    }
    if let Some(page) = asking.demand(PATH).await? {
        return Ok(page);
    }
    let now = asking.reader.app.clock.now();
    if !enrolled::reset(&asking.casework, StaffId(person), asking.doer(), now).await? {
        return Err(WebError::NotFound);
    }
    Ok(asking.reader.see_other(PATH, "notice-second-factors-reset"))
}

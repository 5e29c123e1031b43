//! `/desk/administration/staff/{id}`: one account. What a change would do stands on the page before its button is pressed.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use strum::VariantArray as _;
use uuid::Uuid;

use super::PATH;
use crate::{
    case::actor::{Role, StaffId},
    casework::Casework,
    desk::second_factors::step_up::Asking,
    staff::{
        accounts,
        identities::{self, Identity},
        listed::{self, Listed},
        members::{self, Member},
        session::SignedIn,
    },
    web::{Fields, Reader, WebError},
};

/// Cases that are named; of the others it says how many.
const MOST_NAMED: i64 = 50;

/// `desk/administration/person.html`.
#[derive(Debug, Serialize)]
struct PersonView {
    person: Listed,
    may: bool,
    is_me: bool,
    roles: Vec<&'static str>,
    /// Numbers of the open cases that would be handed over.
    cases: Vec<String>,
    more_cases: i64,
    /// Who could have them.
    colleagues: Vec<Member>,
    /// The cases are nobody's already: this person can't work them.
    hand_over_now: bool,
    /// Whom the identity providers know them as.
    identities: Vec<Identity>,
    may_unbind: bool,
    return_to: String,
}

pub async fn show(reader: Reader, staff: SignedIn, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let pool = &reader.app.pool;
    let person = listed::find(pool, id.0).await?.ok_or(WebError::NotFound)?;
    let cases = listed::list_cases(pool, id.0, MOST_NAMED).await?;
    let mut connection = pool.acquire().await?;
    let members = members::list_members(&mut connection).await?;
    let identities = identities::list_of(&mut connection, id).await?;
    drop(connection);
    let works = members.iter().any(|member| member.id == id.0 && member.works_cases);
    let view = PersonView {
        may: staff.role == Role::Admin,
        may_unbind: staff.role == Role::Admin,
        return_to: address(id),
        identities,
        is_me: staff.id == id,
        roles: Role::VARIANTS.iter().map(|role| (*role).into()).collect(),
        more_cases: person.cases.saturating_sub(i64::try_from(cases.len()).unwrap_or(i64::MAX)),
        hand_over_now: !works && !cases.is_empty(),
        cases,
        colleagues: members.into_iter().filter(|member| member.works_cases && member.id != id.0).collect(),
        person,
    };
    reader.ok("desk/administration/person.html", &view)
}

/// `POST …/role`: `role`.
pub async fn set_role(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let role: Role = asking.fields.get("role").parse().map_err(|_| WebError::NotFound)?;
    let back = address(id);
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    accounts::set_role(&asking.casework, asking.doer(), id, role).await?;
    Ok(asking.reader.see_other(&address(id), "notice-role-changed"))
}

/// `POST …/deactivation`: `owner` (`none` | the id of a colleague), who gets the open cases.
pub async fn deactivate(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let to = read_owner(&asking.casework, id, &asking.fields).await?;
    let back = address(id);
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    accounts::deactivate(&asking.casework, asking.doer(), id).await?;
    listed::hand_over(&asking.casework, asking.staff.actor(), id, to).await?;
    Ok(asking.reader.see_other(&address(id), "notice-deactivated"))
}

/// `POST …/hand-over`: `owner`, for whoever can't work cases any more.
pub async fn hand_over(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let to = read_owner(&asking.casework, id, &asking.fields).await?;
    let back = address(id);
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    listed::hand_over(&asking.casework, asking.staff.actor(), id, to).await?;
    Ok(asking.reader.see_other(&back, "notice-handed-over"))
}

/// `POST …/reactivation`
pub async fn reactivate(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let back = address(id);
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    accounts::reactivate(&asking.casework, asking.doer(), id).await?;
    Ok(asking.reader.see_other(&address(id), "notice-reactivated"))
}

/// `POST …/sessions/ending`
pub async fn end_sessions(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let back = address(id);
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    accounts::end_sessions(&asking.casework, asking.doer(), id).await?;
    Ok(asking.reader.see_other(&back, "notice-sessions-ended"))
}

fn parse(id: &str) -> Result<StaffId, WebError> {
    id.parse::<Uuid>().map(StaffId).map_err(|_| WebError::NotFound)
}

fn address(id: StaffId) -> String {
    format!("{PATH}/{id}")
}

async fn read_owner(casework: &Casework, of: StaffId, fields: &Fields) -> Result<Option<StaffId>, WebError> {
    if fields.get("owner") == "none" {
        return Ok(None);
    }
    let id = parse(fields.get("owner"))?;
    let mut connection = casework.app.pool.acquire().await?;
    let members = members::list_members(&mut connection).await?;
    let works = members.iter().any(|member| member.id == id.0 && member.works_cases && id != of);
    if works { Ok(Some(id)) } else { Err(WebError::NotFound) }
}

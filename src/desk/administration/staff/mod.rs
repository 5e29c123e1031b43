//! `/desk/administration/staff`: who has an account, who is invited. Administrators invite; those who oversee read.

pub mod person;

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use crate::{
    case::{actor::Role, address::EmailAddress},
    desk::second_factors::step_up::Asking,
    lang::Language,
    staff::{
        invitations::{self, InviteError, New},
        listed::{self, Listed},
        session::SignedIn,
    },
    web::{Reader, WebError, error::FieldError},
};

pub const PATH: &str = "/desk/administration/staff";
const PAGE_SIZE: i64 = 50;
/// Fields of the form, in its order.
const FIELDS: [&str; 4] = ["email", "other_domain", "role", "language"];

/// After which account the page begins; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    after: String,
}

/// `desk/administration/staff.html`.
#[derive(Debug, Serialize)]
struct StaffView {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
    people: Vec<Listed>,
    invitations: Vec<invitations::Listed>,
    /// Whether the reader may change anything.
    may: bool,
    /// The reader.
    me: Uuid,
    roles: Vec<&'static str>,
    /// The domain that has to be confirmed.
    other_domain: Option<String>,
    first: Option<&'static str>,
    next: Option<String>,
}

/// The form as it is shown.
#[derive(Default)]
struct Form {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    other_domain: Option<String>,
    after: Option<Uuid>,
}

pub async fn list(
    reader: Reader,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let values = [("role", "agent".to_owned()), ("language", reader.language.as_str().to_owned())].into();
    let form = Form { values, after: query.after.parse().ok(), ..Form::default() };
    page(&reader, &staff, StatusCode::OK, form).await
}

async fn page(
    reader: &Reader,
    staff: &SignedIn,
    status: StatusCode,
    form: Form,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let mut people = listed::list(&app.pool, form.after, PAGE_SIZE.saturating_add(1)).await?;
    let more = i64::try_from(people.len()).is_ok_and(|count| count > PAGE_SIZE);
    people.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let invitations = invitations::list_open(&app.pool, app.clock.now()).await?;
    let in_order = FIELDS.iter().filter_map(|field| form.errors.get_key_value(*field));
    let view = StaffView {
        error_list: in_order
            .map(|(field, message)| FieldError { field: (*field).to_owned(), message: message.clone() })
            .collect(),
        values: form.values,
        errors: form.errors,
        next: people.last().filter(|_| more).map(|last| format!("{PATH}?after={}", last.id)),
        first: form.after.map(|_| PATH),
        people,
        invitations,
        may: staff.role == Role::Admin,
        me: staff.id.0,
        roles: Role::VARIANTS.iter().map(|role| (*role).into()).collect(),
        other_domain: form.other_domain,
    };
    reader.page(status, "desk/administration/staff.html", &view)
}

/// `POST /desk/administration/staff/invitations`: `email`, `role`, `language`, `other_domain`.
pub async fn invite(asking: Asking) -> Result<HttpResponse, WebError> {
    let reader = asking.reader.clone().at(PATH);
    let say = |key: &str| reader.language.text(key);
    let values = FIELDS.iter().map(|name| (*name, asking.fields.get(name).to_owned())).collect();
    let mut form = Form { values, ..Form::default() };
    let email: Option<EmailAddress> = asking.fields.get("email").parse().ok();
    let role: Option<Role> = asking.fields.get("role").parse().ok();
    let language = Language::parse(asking.fields.get("language"));
    if email.is_none() {
        form.errors.insert("email", say("staff-invite-address"));
    }
    if role.is_none() {
        form.errors.insert("role", say("desk-choose"));
    }
    if language.is_none() {
        form.errors.insert("language", say("desk-choose"));
    }
    if let (Some(email), Some(role), Some(language)) = (email, role, language) {
        if let Some(page) = asking.demand_where_there_is_one(PATH).await? {
            return Ok(page);
        }
        let domain = email.domain().to_owned();
        let new = New { email, role, language, other_domain: asking.fields.is_ticked("other_domain") };
        match invitations::invite(&asking.casework, asking.doer(), &new).await {
            Ok(_) => return Ok(asking.reader.see_other(PATH, "notice-invited")),
            Err(InviteError::Known) => form.errors.insert("email", say("staff-invite-known")),
            Err(InviteError::Invited) => form.errors.insert("email", say("staff-invite-invited")),
            Err(InviteError::Foreign) => form.errors.insert("email", say("staff-invite-foreign")),
            Err(InviteError::TooMany) => form.errors.insert("email", say("staff-invite-too-many")),
            Err(InviteError::OtherDomain) => {
                form.other_domain = Some(domain);
                form.errors.insert("other_domain", say("staff-invite-other-domain"))
            }
            Err(error) => return Err(error.into()),
        };
    }
    page(&reader, &asking.staff, StatusCode::UNPROCESSABLE_ENTITY, form).await
}

/// `POST /desk/administration/staff/invitations/{id}/letter`
pub async fn send_again(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    if let Some(page) = asking.demand_where_there_is_one(PATH).await? {
        return Ok(page);
    }
    let reader = &asking.reader;
    match invitations::send_again(&asking.casework, asking.doer(), id).await {
        Ok(()) => Ok(reader.see_other(PATH, "notice-invited")),
        Err(InviteError::TooSoon) => Ok(reader.see_other(PATH, "notice-invited-just-now")),
        Err(error) => Err(error.into()),
    }
}

/// `POST /desk/administration/staff/invitations/{id}/withdrawal`
pub async fn withdraw(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    if let Some(page) = asking.demand_where_there_is_one(PATH).await? {
        return Ok(page);
    }
    invitations::withdraw(&asking.casework, asking.doer(), id).await?;
    Ok(asking.reader.see_other(PATH, "notice-invitation-withdrawn"))
}

//! `GET /api/v1/register/customers` and one of them: the register as the administration's pages show it, for programs.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PATH, answer};
use crate::{
    clock::{Day, Timestamp},
    desk::administration::{customer, register},
    web::{Reader, WebError},
};

/// A page of customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customers {
    customers: Vec<CustomerSummary>,
    total: i64,
    /// Nothing is written as it was looked for; these are spelt like it.
    tolerant: bool,
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CustomerSummary {
    id: Uuid,
    number: String,
    name: String,
    country: Option<String>,
    licences: i64,
    contacts: i64,
    #[schema(value_type = Option<String>, format = Date)]
    renews_on: Option<Day>,
}

/// A customer as the register has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerDocument {
    id: Uuid,
    number: String,
    name: String,
    country: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    domains: Vec<String>,
    /// How many there are; those of this page.
    licences: i64,
    entitlements: Vec<Entitlement>,
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Entitlement {
    id: Uuid,
    label: String,
    other_names: Vec<String>,
    product: String,
    hosting: String,
    tier: Option<String>,
    status: String,
    #[schema(value_type = Option<String>, format = Date)]
    starts_on: Option<Day>,
    #[schema(value_type = Option<String>, format = Date)]
    renews_on: Option<Day>,
    contacts: Vec<Contact>,
    /// On record, and not among those.
    more_contacts: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Contact {
    role: String,
    name: String,
    email: String,
    phone: Option<String>,
    is_primary: bool,
}

pub async fn list(request: HttpRequest, reader: Reader) -> Result<HttpResponse, WebError> {
    let pairs = answer::parameters(&request, &["text", "after", "limit"])?;
    let (text, after) = (answer::value(&pairs, "text"), answer::value(&pairs, "after"));
    let Some(limit) = answer::limit(&pairs) else {
        return Err(answer::wrong_parameters(&request, &["limit"])?.into());
    };
    if !after.is_empty() && !register::is_cursor(after) {
        return Err(answer::wrong_parameters(&request, &["after"])?.into());
    }
    let page = register::read(&reader.app, text, after, limit).await?;
    let next = page.next.map(|after| {
        let limit = limit.to_string();
        let query = serde_html_form::to_string([
            ("text", text),
            ("after", after.as_str()),
            ("limit", limit.as_str()),
        ]);
        format!("{PATH}/register/customers?{}", query.unwrap_or_default())
    });
    let summary = |row: register::Row| CustomerSummary {
        id: row.id,
        number: row.number,
        name: row.name,
        country: row.country,
        licences: row.licences,
        contacts: row.contacts,
        renews_on: row.renews_on,
    };
    let customers = Customers {
        customers: page.rows.into_iter().map(summary).collect(),
        total: page.total,
        tolerant: page.tolerant,
        next: next.clone(),
    };
    Ok(answer::page(&customers, next.as_deref()))
}

pub async fn show(
    request: HttpRequest,
    reader: Reader,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let pairs = answer::parameters(&request, &["after"])?;
    let after = answer::value(&pairs, "after");
    let after: Option<Uuid> = match after {
        "" => None,
        given => match given.parse() {
            Ok(after) => Some(after),
            Err(_) => return Err(answer::wrong_parameters(&request, &["after"])?.into()),
        },
    };
    let found = customer::read(&reader.app, id, after).await?.ok_or(WebError::NotFound)?;
    let next = found.next.map(|after| format!("{PATH}/register/customers/{id}?after={after}"));
    let contact = |contact: customer::Contact| Contact {
        role: contact.role,
        name: contact.name,
        email: contact.email,
        phone: contact.phone,
        is_primary: contact.is_primary,
    };
    let entitlement = |one: customer::Entitlement| Entitlement {
        id: one.id,
        label: one.label,
        other_names: one.others,
        product: one.product,
        hosting: one.hosting,
        tier: one.tier,
        status: one.status,
        starts_on: one.starts_on,
        renews_on: one.renews_on,
        contacts: one.contacts.into_iter().map(contact).collect(),
        more_contacts: one.more_contacts,
    };
    let document = CustomerDocument {
        id,
        number: found.customer.number,
        name: found.customer.name,
        country: found.customer.country,
        updated_at: found.customer.updated_at,
        domains: found.domains,
        licences: found.customer.licences,
        entitlements: found.entitlements.into_iter().map(entitlement).collect(),
        next: next.clone(),
    };
    let mut answer = answer::begin(StatusCode::OK);
    if let Some(next) = next {
        answer.insert_header((actix_web::http::header::LINK, format!("<{next}>; rel=\"next\"")));
    }
    Ok(answer.json(document))
}

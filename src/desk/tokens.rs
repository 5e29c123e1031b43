//! `/desk/account/tokens`: one's own tokens, made, listed and ended; for administrators those of everybody, and service accounts.
//!
//! A token is shown once, in the answer to the form that made it, and stands nowhere afterwards. Whoever leaves that page without it
//! makes another.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use anyhow::Context as _;
use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use crate::{
    case::actor::{Role, StaffId},
    characters::is_hidden,
    clock::{Day, Timestamp},
    desk::second_factors::step_up::Asking,
    staff::{
        services::{self, Account},
        session::SignedIn,
        tokens::{self, LONGEST_NAME, ListedToken, MOST_DAYS, NewToken, Scope},
    },
    token::Token,
    web::{Reader, WebError, error::FieldError},
};

pub const PATH: &str = "/desk/account/tokens";
const PAGE_SIZE: usize = 50;
/// What the form proposes.
const USUAL_DAYS: i64 = 90;
/// What a service account may be; approving is a person's.
const SERVICE_ROLES: [Role; 3] = [Role::Auditor, Role::Agent, Role::Admin];

/// What of the address counts; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    before: String,
    /// The service account that a token is to be for; for administrators.
    account: String,
}

/// `desk/account/tokens.html`, a form as the components for fields want it.
#[derive(Debug, Serialize)]
struct TokensView {
    values: BTreeMap<String, String>,
    errors: BTreeMap<String, String>,
    error_list: Vec<FieldError>,
    own: Vec<ListedToken>,
    /// Of everybody; for administrators.
    all: Vec<ListedToken>,
    is_admin: bool,
    /// The service account that the new one is for, where it is there already.
    account: Option<services::Listed>,
    scopes: Vec<ScopeView>,
    roles: [Role; 3],
    most_days: i64,
    /// The token that was made just now.
    made: Option<String>,
    first: Option<&'static str>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct ScopeView {
    word: &'static str,
    /// Of its field and its sentence.
    name: String,
}

fn field_of(scope: Scope) -> String {
    format!("scope-{}", scope.as_str().replace(':', "-"))
}

/// `GET /desk/account/tokens`
pub async fn show(
    reader: Reader,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let today = reader.app.clock.now().day_in(&reader.app.zone);
    let until = today.saturating_add(USUAL_DAYS.days());
    let mut values: BTreeMap<String, String> =
        [("until".to_owned(), until.to_string()), ("role".to_owned(), "agent".to_owned())].into();
    if !query.account.is_empty() {
        values.insert("account".to_owned(), query.account.clone());
    }
    answer(&reader, &staff, StatusCode::OK, (values, Vec::new(), None), query.before.parse().ok()).await
}

/// `POST /desk/account/tokens`: `name`, `scope-…` for each, `until`; for a service account `account` (its id), or for a new one
/// `service` (its name) and `role`.
pub async fn create(asking: Asking) -> Result<HttpResponse, WebError> {
    let (reader, app, language) = (&asking.reader, &asking.reader.app, asking.reader.language);
    let now = app.clock.now();
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, key: &str| {
        wrong.push(FieldError { field: field.to_owned(), message: language.text(key) });
    };
    let name = one_line(asking.fields.get("name"));
    if name.is_none() {
        refuse("name", "tokens-error-name");
    }
    let ticked = |scope: &&Scope| asking.fields.is_ticked(&field_of(**scope));
    let scopes: Vec<Scope> = Scope::VARIANTS.iter().filter(ticked).copied().collect();
    if scopes.is_empty() {
        refuse("scopes", "tokens-error-scopes");
    }
    let today = now.day_in(&app.zone);
    let until: Option<Day> = asking.fields.get("until").parse::<jiff::civil::Date>().ok().map(Day::from);
    let last = today.saturating_add(MOST_DAYS.saturating_sub(1).days());
    let until = until.filter(|until| *until >= today && **until <= last);
    if until.is_none() {
        refuse("until", "tokens-error-until");
    }
    let is_admin = asking.staff.role == Role::Admin;
    let (known, service) = (asking.fields.find("account"), asking.fields.find("service"));
    let account = match (known.filter(|_| is_admin), service.filter(|_| is_admin)) {
        (Some(known), _) => Some(For::Known(StaffId(known.parse().map_err(|_| WebError::NotFound)?))),
        (None, None) => Some(For::Oneself),
        (None, Some(service)) => {
            let role = asking.fields.get("role").parse().ok().filter(|role| SERVICE_ROLES.contains(role));
            let account = one_line(service).zip(role);
            if account.is_none() {
                refuse("service", "tokens-error-service");
            }
            account.map(|(name, role)| For::New(name, role))
        }
    };
    let (Some(name), Some(until), Some(account), true) = (name, until, account, !scopes.is_empty()) else {
        return answer(
            reader,
            &asking.staff,
            StatusCode::UNPROCESSABLE_ENTITY,
            (asking.fields.0, wrong, None),
            None,
        )
        .await;
    };
    // A token outlasts the session: who sits down at a machine that was left open must not take one along.
    if let Some(page) = asking.demand_where_there_is_one(PATH).await? {
        return Ok(page);
    }
    let new = NewToken { owner: asking.staff.id, name: &name, scopes: &scopes, until };
    let made = match &account {
        For::Oneself => create_own(&asking, &new, now).await?,
        For::Known(id) => {
            let known = Account::Known(*id);
            services::create_token(&asking.casework, asking.staff.id, known, &new).await?
        }
        For::New(name, role) => {
            let account = Account::New { name, role: *role };
            services::create_token(&asking.casework, asking.staff.id, account, &new).await?
        }
    };
    let Some(token) = made else {
        let message = language.text("tokens-error-many");
        let wrong = vec![FieldError { field: "name".to_owned(), message }];
        return answer(
            reader,
            &asking.staff,
            StatusCode::UNPROCESSABLE_ENTITY,
            (asking.fields.0, wrong, None),
            None,
        )
        .await;
    };
    let shown = tokens::reveal(&token);
    answer(reader, &asking.staff, StatusCode::OK, (BTreeMap::new(), Vec::new(), Some(shown)), None).await
}

/// Whom a token is to act for.
enum For {
    Oneself,
    Known(StaffId),
    New(String, Role),
}

async fn create_own(asking: &Asking, new: &NewToken<'_>, now: Timestamp) -> Result<Option<Token>, WebError> {
    let app = &asking.reader.app;
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    let made = tokens::create(&mut transaction, asking.staff.id, new, (now, &app.zone)).await?;
    if made.is_some() {
        transaction.commit().await.context("could not commit a token")?;
    }
    Ok(made)
}

/// People are told the last day, not the first moment after it.
pub fn show_last_days(listed: &mut [ListedToken]) {
    for token in listed {
        token.expires_at = token.expires_at.after(jiff::SignedDuration::from_secs(-1));
    }
}

/// `POST /desk/account/tokens/{id}/end`: one's own; an administrator's, anybody's.
pub async fn end(reader: Reader, staff: SignedIn, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let by = (staff.id, staff.role == Role::Admin);
    if !tokens::end(&reader.app.pool, by, id, reader.app.clock.now()).await? {
        return Err(WebError::NotFound);
    }
    Ok(reader.see_other(PATH, "notice-token-ended"))
}

/// A name in one line, of characters that are seen.
fn one_line(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let seen = !typed.chars().any(|c| c.is_control() || is_hidden(c));
    (!typed.is_empty() && typed.chars().count() <= LONGEST_NAME && seen).then(|| typed.to_owned())
}

type Form = (BTreeMap<String, String>, Vec<FieldError>, Option<String>);

async fn answer(
    reader: &Reader,
    staff: &SignedIn,
    status: StatusCode,
    (values, error_list, made): Form,
    before: Option<Uuid>,
) -> Result<HttpResponse, WebError> {
    let is_admin = staff.role == Role::Admin;
    let now = reader.app.clock.now();
    let mut connection = reader.app.pool.acquire().await?;
    let mut own = tokens::list(&mut connection, (Some(staff.id), None), tokens::MOST, now).await?;
    let limit = i64::try_from(PAGE_SIZE.saturating_add(1)).unwrap_or(i64::MAX);
    let mut all = match is_admin {
        true => tokens::list(&mut connection, (None::<StaffId>, before), limit, now).await?,
        false => Vec::new(),
    };
    let account = match values.get("account").and_then(|id| id.parse().ok()).filter(|_| is_admin) {
        Some(id) => services::find(&mut connection, StaffId(id), now).await?,
        None => None,
    };
    drop(connection);
    let more = all.len() > PAGE_SIZE;
    all.truncate(PAGE_SIZE);
    show_last_days(&mut own);
    show_last_days(&mut all);
    let scopes =
        Scope::VARIANTS.iter().map(|scope| ScopeView { word: scope.as_str(), name: field_of(*scope) });
    let view = TokensView {
        errors: error_list.iter().map(|error| (error.field.clone(), error.message.clone())).collect(),
        values,
        error_list,
        next: all.last().filter(|_| more).map(|last| format!("{PATH}?before={}", last.id)),
        first: before.map(|_| PATH),
        own,
        all,
        is_admin,
        account: account.filter(|account| account.disabled_at.is_none()),
        scopes: scopes.collect(),
        roles: SERVICE_ROLES,
        most_days: MOST_DAYS,
        made,
    };
    reader.clone().at(PATH).page(status, "desk/account/tokens.html", &view)
}

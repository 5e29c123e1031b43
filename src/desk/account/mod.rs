//! `/desk/account`: what somebody at the desk does with their own account: the password, the language, where they are signed in.
//!
//! Each section is a file of its own below `templates/desk/account/`, with what it shows in a field of [`AccountView`].

mod browser;
pub mod invitations;
pub mod resets;

use std::collections::BTreeMap;

use actix_web::{HttpMessage as _, HttpResponse, http::StatusCode, web};
use secrecy::SecretString;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    clock::Timestamp,
    desk::{notifications, second_factors::step_up::Asking},
    lang::{Arguments, Language},
    staff::{
        accounts::{self, AccountError},
        attempts::{self, Trying},
        identities::{self, Identity},
        members,
        password::{self, PasswordError},
        session::{self, SignedIn},
    },
    web::{Fields, Reader, WebError, cookies, error::FieldError, limit},
};

/// The page.
pub const PATH: &str = "/desk/account";
/// Fields of the page, in its order.
const FIELDS: [&str; 2] = ["current_password", "new_password"];

/// `desk/account.html`.
#[derive(Debug, Serialize)]
struct AccountView {
    /// The form of the password.
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
    name: String,
    address: String,
    role: &'static str,
    language: String,
    /// They come in with one.
    has_password: bool,
    /// A second factor comes before the form for the password.
    factor_first: bool,
    least: usize,
    sessions: Vec<SessionView>,
    identities: Vec<Identity>,
    /// Administrators unbind identities, on another page.
    may_unbind: bool,
}

#[derive(Debug, Serialize)]
struct SessionView {
    id: Uuid,
    /// The one that shows this page.
    is_this: bool,
    browser: String,
    since: Timestamp,
    last_seen_at: Timestamp,
    signed_in_with: String,
    second_factor: Option<String>,
}

type Errors = BTreeMap<&'static str, String>;

/// `GET /desk/account`
pub async fn show(reader: Reader, staff: SignedIn) -> Result<HttpResponse, WebError> {
    page(&reader, &staff, StatusCode::OK, Errors::new()).await
}

async fn page(
    reader: &Reader,
    staff: &SignedIn,
    status: StatusCode,
    errors: Errors,
) -> Result<HttpResponse, WebError> {
    let (app, now) = (&reader.app, reader.app.clock.now());
    let mut connection = app.pool.acquire().await?;
    let own = members::find_own(&mut connection, staff.id).await?;
    let sessions = session::list(&mut connection, app, staff.id, now).await?;
    let identities = identities::list_of(&mut connection, staff.id).await?;
    drop(connection);
    let in_order = FIELDS.iter().filter_map(|field| errors.get_key_value(*field));
    let view = AccountView {
        values: BTreeMap::new(),
        error_list: in_order
            .map(|(field, message)| FieldError { field: (*field).to_owned(), message: message.clone() })
            .collect(),
        errors,
        identities,
        may_unbind: false,
        name: staff.name.clone(),
        address: own.email,
        role: staff.role.into(),
        language: own.language,
        has_password: own.has_password,
        factor_first: staff.has_second_factor && !staff.is_fresh(&app.settings, now),
        least: password::SHORTEST,
        sessions: sessions
            .into_iter()
            .map(|one| SessionView {
                is_this: one.id == staff.session,
                id: one.id,
                browser: browser::in_words(&one.user_agent),
                since: one.created_at,
                last_seen_at: one.last_seen_at,
                signed_in_with: one.signed_in_with,
                second_factor: one.second_factor,
            })
            .collect(),
    };
    reader.page(status, "desk/account.html", &view)
}

/// `POST /desk/account/password`: `current_password`, `new_password`.
pub async fn change_password(asking: Asking) -> Result<HttpResponse, WebError> {
    if let Some(page) = asking.demand_before(PATH).await? {
        return Ok(page);
    }
    let Asking { reader, casework, request, staff, fields } = asking;
    let (app, now) = (&casework.app, casework.app.clock.now());
    // Whoever sits down at an open desk may guess no more often than at the door; counted by the session, so that it slows
    // nobody else.
    let session = staff.session.to_string();
    let trying = Trying {
        address: limit::client_address(&request, &app.settings),
        account: "",
        device: Some(&session),
    };
    let attempt =
        attempts::begin(app, &trying, now).await?.map_err(|retry_after| WebError::TooMany { retry_after })?;
    let secret = |field: &str| SecretString::from(fields.0.get(field).cloned().unwrap_or_default());
    let current = secret("current_password");
    let changed = accounts::change_password(&casework, &staff, current, secret("new_password")).await;
    let reader = reader.at(PATH);
    match changed {
        Ok(token) => {
            attempts::forgive(&app.pool, attempt, now).await?;
            // In the place of any other that the request brought about: this token alone opens the session.
            request.extensions_mut().insert(cookies::InAnyCase(session::cookie(app, &token)));
            Ok(reader.see_other(PATH, "notice-password-changed"))
        }
        Err(AccountError::WrongPassword) => {
            let errors = [("current_password", reader.language.text("account-password-wrong"))].into();
            page(&reader, &staff, StatusCode::UNPROCESSABLE_ENTITY, errors).await
        }
        Err(AccountError::Password(error)) => {
            attempts::forgive(&app.pool, attempt, now).await?;
            let errors = [("new_password", password_error(error, reader.language))].into();
            page(&reader, &staff, StatusCode::UNPROCESSABLE_ENTITY, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Why a password is not taken, in words.
pub fn password_error(error: PasswordError, language: Language) -> String {
    let (key, number) = match error {
        PasswordError::TooShort => ("password-too-short", password::SHORTEST),
        PasswordError::TooLong => ("password-too-long", password::LONGEST),
        PasswordError::Guessable => ("password-guessable", 0),
    };
    let arguments: Arguments<'_> = [("number".into(), number.into())].into();
    language.text_with(key, &arguments)
}

/// `POST /desk/account/language`: `language`, of the pages and the mails.
pub async fn choose_language(
    reader: Reader,
    staff: SignedIn,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let language = Language::parse(fields.get(notifications::LANGUAGE)).ok_or(WebError::NotFound)?;
    let app = &reader.app;
    let mut connection = app.pool.acquire().await?;
    members::choose_language(&mut connection, staff.id, language).await?;
    drop(connection);
    let mut answer = reader.see_other(PATH, "notice-notifications-saved");
    answer.add_cookie(&cookies::language(&app.settings, language)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// `POST /desk/account/sessions/{id}/ending`: one of one's own.
pub async fn end_session(
    reader: Reader,
    staff: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    if !session::end_one(&reader.app.pool, staff.id, id).await? {
        return Err(WebError::NotFound);
    }
    Ok(reader.see_other(PATH, "notice-session-ended"))
}

/// `POST /desk/account/sessions/ending`: all of one's own but this one.
pub async fn end_other_sessions(reader: Reader, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    session::end_others(&mut connection, staff.id, Some(staff.session)).await?;
    drop(connection);
    Ok(reader.see_other(PATH, "notice-sessions-ended"))
}

//! The guard before the pages of the desk: who is signed in, whether they may, and whether a second factor has to come first.
//!
//! A form is read before anybody is looked for, and who sends a file is asked for again when it is there: whoever sends the head of
//! a request and takes their time over the rest must not act with a session that ended, or a role they lost, meanwhile.
//!
//! Decides nothing about cases. Programs come in by `tokens`.

use actix_web::{
    Error, HttpMessage as _,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web,
};
use anyhow::Context as _;

use crate::{
    app::App,
    desk::{live, needs, second_factors, sign_in},
    routes::Who,
    staff::{
        again::Again,
        session::{self, SignedIn},
    },
    view::FrameStaff,
    web::{Fields, Reader, WebError, fields, see_other},
};

/// As [`needs::shown`]; `None` where nobody could say in time.
type Needs = Option<(i64, bool)>;

/// Where one signs in to come to `wanted`.
fn sign_in_for(wanted: &str) -> String {
    let query = serde_html_form::to_string([("return_to", wanted)]).unwrap_or_default();
    format!("{}?{query}", sign_in::PATH)
}

/// The page that a form stands on: of a case the case's own, where the browser still has what was typed.
fn page_of(form: &str) -> String {
    match form.strip_prefix("/desk/cases/").and_then(|rest| rest.split('/').next()) {
        Some(number) if !number.is_empty() => format!("/desk/cases/{number}"),
        _ => "/desk/cases".to_owned(),
    }
}

/// Lets only signed-in staff through whom `who` admits, and tells the handler who it is.
pub(super) async fn only_staff(
    who: Who,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let read = read_form(&mut request).await;
    let (reader, signed_in) = match recognise(&request).await {
        Ok(recognised) => recognised,
        Err(error) => return Ok(request.error_response(error)),
    };
    let Some((signed_in, needs)) = signed_in else {
        // A page can be come back to after signing in; what was typed can't.
        return Ok(if is_browsing(&request, &reader) {
            let wanted = request.uri().path_and_query().map_or("", |address| address.as_str());
            let location = sign_in_for(wanted);
            request.into_response(see_other(&location))
        } else {
            let at = sign_in_for(&page_of(request.path()));
            let typed = if is_watching(&request) { Vec::new() } else { written_in(read) };
            request.error_response(WebError::NotSignedIn { at, typed })
        });
    };
    let word: &str = signed_in.role.into();
    let shown = FrameStaff {
        name: signed_in.name.clone(),
        role: reader.language.text(&format!("role-{word}")),
        needs: needs.map(|(count, _)| count),
        needs_more: needs.is_some_and(|(_, more)| more),
    };
    request.extensions_mut().insert(shown);
    match may(who, &signed_in, &reader.app, request.path()) {
        Err(WebError::Refused { .. }) if is_browsing(&request, &reader) => {
            return Ok(request.into_response(see_other(second_factors::PATH)));
        }
        Err(error) => return Ok(request.error_response(error)),
        Ok(()) => {}
    }
    match read {
        Some(Err(error)) => return Ok(request.error_response(error)),
        Some(Ok(fields)) => {
            request.extensions_mut().insert(fields);
        }
        None => {}
    }
    let again = again(who, &request, &reader.app);
    request.extensions_mut().insert(again);
    request.extensions_mut().insert(signed_in);
    let changes = !request.method().is_safe();
    let answered = next.call(request).await;
    if changes {
        reader.app.announcements.note_own();
    }
    answered
}

/// The fields, where a form is sent; `None` for everything else.
async fn read_form(request: &mut ServiceRequest) -> Option<Result<Fields, WebError>> {
    let is_form = request.method() == Method::POST && fields::is_form(request.request());
    if is_form { Some(request.extract::<Fields>().await) } else { None }
}

/// Whether somebody may: by their role; and whoever must have a second factor and has none can set one up, and leave, as whoever
/// came without theirs can show it.
fn may(who: Who, signed_in: &SignedIn, app: &App, path: &str) -> Result<(), WebError> {
    if !who.admits(signed_in.role) {
        return Err(WebError::Forbidden);
    }
    let must_enrol = signed_in.must_enrol(&app.settings, app.clock.now());
    if (must_enrol || signed_in.must_show()) && !is_for_enrolment(path) {
        let key =
            if must_enrol { "refusal-second-factor-missing" } else { "refusal-second-factor-not-shown" };
        return Err(WebError::Refused { key: key.to_owned(), about_rights: true });
    }
    Ok(())
}

/// For a handler that reads a body itself.
fn again(who: Who, request: &ServiceRequest, app: &App) -> Again {
    let (app, path) = (app.clone(), request.path().to_owned());
    let token = session::token_of(request.request(), &app);
    Again::new(move || {
        let (app, path, token) = (app.clone(), path.clone(), token.clone());
        Box::pin(async move {
            let now = app.clock.now();
            let found = match token {
                Some(token) => {
                    let mut connection = app.pool.acquire().await?;
                    session::find(&mut connection, &app, &token, (now, session::Use::Working)).await?
                }
                None => None,
            };
            let gone = || WebError::NotSignedIn { at: sign_in_for(&page_of(&path)), typed: Vec::new() };
            let signed_in = found.ok_or_else(gone)?;
            may(who, &signed_in, &app, &path)?;
            Ok(signed_in)
        })
    })
}

/// What can be done without a second factor by who must have one.
fn is_for_enrolment(path: &str) -> bool {
    path == "/desk/sign-out"
        || path == second_factors::PATH
        || path.starts_with("/desk/account/second-factors/")
}

/// What somebody wrote into a form, rather than chose or was given in it; never a password.
fn written_in(read: Option<Result<Fields, WebError>>) -> Vec<(String, String)> {
    let Some(Ok(fields)) = read else { return Vec::new() };
    let is_text = |name: &str, value: &str| {
        let secret = name.contains("password") || name.contains("token") || name.contains("digest");
        // What a page gives to choose from is a word in lower case, a path or an identifier.
        let own = |c: char| c.is_whitespace() || c.is_uppercase() || !c.is_ascii() || c == '@';
        !secret && !value.starts_with('/') && value.trim().contains(own)
    };
    fields.0.into_iter().filter(|(name, value)| is_text(name, value)).collect()
}

/// Whether an open page asks by itself, rather than somebody.
fn is_watching(request: &ServiceRequest) -> bool {
    request.path() == live::PATH || request.headers().contains_key("x-handover-live")
}

/// Whether somebody goes to a page, and can be led to another.
fn is_browsing(request: &ServiceRequest, reader: &Reader) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && !reader.wants_json && !is_watching(request)
}

/// Who sends the request, and how many cases need them.
async fn recognise(request: &ServiceRequest) -> Result<(Reader, Option<(SignedIn, Needs)>), WebError> {
    let reader = Reader::of(request.request())?;
    let Some(token) = session::token_of(request.request(), &reader.app) else { return Ok((reader, None)) };
    let used = if is_watching(request) { session::Use::Watching } else { session::Use::Working };
    let now = reader.app.clock.now();
    let mut connection = reader.app.pool.acquire().await?;
    let Some(staff) = session::find(&mut connection, &reader.app, &token, (now, used)).await? else {
        return Ok((reader, None));
    };
    let kept = request.app_data::<web::Data<needs::Kept>>().context("what was counted is not known")?;
    let needs = needs::count_again(&mut connection, &reader.app, kept, staff.id).await.map(needs::shown);
    Ok((reader, Some((staff, needs))))
}

//! The guard before every operation for programs: whose token it is, whether that is enough, how often, what is sent and what is
//! wanted back. What passes is read as the forms of the pages are, by the same handlers.
//!
//! Stops: a token in an address or a cookie (only `Authorization` is looked at), one that ended or whose owner lost a right a
//! moment ago (it is asked at each request, and once more when the body is there: whoever sends it slowly acts with the rights of
//! now), one of somebody who has to set up a second factor first, one header sent twice so that two readers see two things, bodies
//! without end, and a flood by whoever has a token or guesses one.

mod limit;

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
    web::{self, Bytes},
};
use tracing_actix_web::RootSpan;

pub use limit::TokenLimit;

use super::{
    once::{self, Once},
    single::single,
};
use crate::{
    app::App,
    case::actor::Role,
    desk::{
        api::{
            operations::{Gives, Operation, Takes},
            stay,
        },
        second_factors,
    },
    staff::{
        again::Again,
        session::{SignedIn, oversees},
        tokens::{self, Found},
    },
    web::{
        Problem, Reader, WebError, answer,
        json::{self, Body, Unread},
        limit::client_address,
    },
};

/// Middleware of one operation.
pub async fn only_tokens(
    (operation, least): (&'static Operation, Role),
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let once = match admit((operation, least), &mut request).await {
        Ok(once) => once,
        Err(error) => return Ok(request.error_response(error)),
    };
    let Some(once) = once else { return next.call(request).await };
    match once {
        Once::Answered(answered) => Ok(request.into_response(once::again(answered))),
        Once::Do { pool, id } => {
            // What went wrong is put into words here, so that the same words are kept.
            let response = answer::answered(next.call(request).await?);
            Ok(once::keep(&pool, id, response).await)
        }
    }
}

/// Who asks, and whether they may; then what they send. The request afterwards is that of somebody signed in.
async fn admit(
    (operation, least): (&'static Operation, Role),
    request: &mut ServiceRequest,
) -> Result<Option<Once>, WebError> {
    let reader = Reader::of(request.request())?;
    let app = reader.app.clone();
    let missing = || anyhow::anyhow!("the web application was put together without its limits");
    let limit = request.app_data::<web::Data<TokenLimit>>().ok_or_else(missing)?.clone();
    let found = match find(&app, request.request()).await {
        Ok(found) => found,
        Err(error) => {
            limit.check_stranger(client_address(request.request(), &app.settings))?;
            return Err(error);
        }
    };
    if let Some(span) = request.extensions().get::<RootSpan>() {
        span.record("token", found.token.id.to_string().as_str());
    }
    limit.check(found.token.id)?;
    weigh(&app, (operation, least), &found)?;
    check_accepted(operation, request.request())?;
    // Nothing in an address is ignored, whatever a handler looks at.
    let known: Vec<&str> = match operation.takes {
        Takes::Query(fields) | Takes::Register(fields) => fields.iter().map(|field| field.name).collect(),
        Takes::Fields(_) | Takes::File => Vec::new(),
    };
    crate::desk::api::answer::parameters(request.request(), &known)?;
    let read = read_body(operation, request, &reader).await?;
    let found = if matches!(operation.takes, Takes::Query(_)) {
        found
    } else {
        let found = find(&app, request.request()).await?;
        weigh(&app, (operation, least), &found)?;
        found
    };
    let mut token = found.token.clone();
    let mut once = None;
    if let Some((key, body)) = read {
        let begun = once::begin(&app, request.request(), (token.id, &key), &body, operation.gives).await?;
        if let Once::Do { id, .. } = &begun {
            token.request = Some(*id);
        }
        once = Some(begun);
    }
    request.extensions_mut().insert(signed_in(&app, &found));
    request.extensions_mut().insert(token);
    // The handler reads a file itself, and asks once more when it is there.
    if let (Takes::File, Some(given)) = (operation.takes, given(request.request())?) {
        request.extensions_mut().insert(Again::new(move || {
            let (app, given) = (app.clone(), given.clone());
            Box::pin(async move {
                let found = find_given(&app, Some(&given)).await?;
                weigh(&app, (operation, least), &found)?;
                Ok(signed_in(&app, &found))
            })
        }));
    }
    Ok(once)
}

/// What the handlers of the pages read.
fn signed_in(app: &App, found: &Found) -> SignedIn {
    SignedIn {
        id: found.staff,
        name: found.name.clone(),
        role: found.role,
        // Nobody signed in: what asks for a second factor finds none.
        session: found.token.id,
        second_factor: None,
        has_second_factor: false,
        grace_from: app.clock.now(),
        opened_at: app.clock.now(),
    }
}

/// Whether token and owner may, as they are at this moment.
fn weigh(app: &App, (operation, least): (&Operation, Role), found: &Found) -> Result<(), WebError> {
    let Found { token, role, must_enrol_from, .. } = found;
    if must_enrol_from.is_some_and(|from| from <= app.clock.now()) {
        return Err(stay::problem(&app.link(second_factors::PATH), "factor-needed"));
    }
    if !token.scopes.contains(&operation.scope) {
        let scope = operation.scope.as_str();
        let challenge = format!("Bearer realm=\"handover\", error=\"insufficient_scope\", scope=\"{scope}\"");
        return Err(Problem::new(StatusCode::FORBIDDEN, "scope-missing")
            .with("scope", scope)
            .with_header(header::WWW_AUTHENTICATE, &challenge)
            .into());
    }
    if *role < least || (operation.for_overseers && !oversees(*role)) {
        return Err(WebError::Forbidden);
    }
    if operation.by_people && token.is_service {
        return Err(stay::problem(&app.link("/desk/cases"), "needs-a-person"));
    }
    Ok(())
}

async fn find(app: &App, request: &HttpRequest) -> Result<Found, WebError> {
    find_given(app, given(request)?.as_deref()).await
}

/// What came as `Authorization`.
fn given(request: &HttpRequest) -> Result<Option<String>, WebError> {
    Ok(single(request, &header::AUTHORIZATION)?.map(str::to_owned))
}

async fn find_given(app: &App, given: Option<&str>) -> Result<Found, WebError> {
    let refuse = |code: &'static str, error: &str| -> WebError {
        let challenge = format!("Bearer realm=\"handover\"{error}");
        Problem::new(StatusCode::UNAUTHORIZED, code).with_header(header::WWW_AUTHENTICATE, &challenge).into()
    };
    let Some(given) = given else {
        return Err(refuse("token-missing", ""));
    };
    let unknown = || refuse("token-unknown", ", error=\"invalid_token\"");
    let (scheme, text) = given.split_once(' ').ok_or_else(unknown)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refuse("token-missing", ""));
    }
    let token = tokens::parse(text.trim()).ok_or_else(unknown)?;
    tokens::find(app, &token, app.clock.now()).await?.ok_or_else(unknown)
}

/// Whether the sender takes what the operation gives (RFC 9110 §12.5.1). Problems are sent to anybody.
fn check_accepted(operation: &Operation, request: &HttpRequest) -> Result<(), WebError> {
    let gives: &[&str] = if operation.gives == Gives::Report {
        &["application/json", "text/csv"]
    } else {
        &["application/json"]
    };
    let accepts: Vec<&str> =
        request.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    let accepts = accepts.join(",");
    let takes = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|part| {
            part.strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0))
        });
        let family = |one: &&str| one.split('/').next().is_some_and(|family| kind == format!("{family}/*"));
        !refused && (kind == "*/*" || gives.contains(&kind.as_str()) || gives.iter().any(family))
    };
    if accepts.trim().is_empty() || accepts.split(',').any(takes) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable").with("gives", gives.to_vec()).into())
}

/// Reads what is sent with a change: its kind, its condition, its body. The key that it is to be done once under, with the body.
async fn read_body(
    operation: &'static Operation,
    request: &mut ServiceRequest,
    reader: &Reader,
) -> Result<Option<(String, Bytes)>, WebError> {
    let kind = match operation.takes {
        Takes::Query(_) => return Ok(None),
        Takes::Fields(_) => "application/json",
        Takes::Register(_) => "text/csv",
        Takes::File => "multipart/form-data",
    };
    let media = || Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type").with("takes", kind);
    let encoded = single(request.request(), &header::CONTENT_ENCODING)?;
    if encoded.is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        return Err(media().into());
    }
    let sent_as = single(request.request(), &header::CONTENT_TYPE)?.unwrap_or_default().to_owned();
    let is_right = sent_as.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind);
    let version = if operation.asks_version { Some(version_in(request.request())?) } else { None };
    let key = once::key_of(request.request())?;
    if operation.takes == Takes::File {
        if key.is_some() {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "key-not-here").into());
        }
        // The handler reads it, piece by piece and within its own limits.
        return if is_right { Ok(None) } else { Err(media().into()) };
    }
    if matches!(operation.takes, Takes::Register(_)) {
        let query = request.query_string().to_owned();
        check_query(operation, request.request(), &query)?;
    }
    let most = match operation.takes {
        Takes::Register(_) => {
            usize::try_from(reader.app.settings.http.api_import_bytes).unwrap_or(usize::MAX)
        }
        _ => crate::web::fields::LIMIT,
    };
    let body = once::read(request, most, &reader.app.settings).await?;
    let nothing = body.is_empty() && sent_as.is_empty();
    if !is_right && !nothing {
        return Err(media().into());
    }
    match operation.takes {
        Takes::Fields(fields) => {
            let mut fields = json::read(&body, fields, reader.language).map_err(unread)?;
            if let Some(version) = version {
                fields.set("version", &version.to_string());
            }
            request.extensions_mut().insert(fields);
        }
        _ => {
            request.extensions_mut().insert(Body(body.clone()));
        }
    }
    Ok(key.map(|key| (key, body)))
}

/// Of an operation whose handler reads its parameters itself.
fn check_query(operation: &Operation, request: &HttpRequest, query: &str) -> Result<(), WebError> {
    let known: Vec<&str> = operation.fields().iter().map(|field| field.name).collect();
    let pairs = crate::desk::api::answer::parameters(request, &known)?;
    let words = |name: &str| {
        operation.fields().iter().find(|field| field.name == name).map_or(&[][..], |field| match field.kind {
            json::Kind::Choice(words) => words,
            _ => &[],
        })
    };
    let wrong: Vec<&str> = pairs
        .iter()
        .filter(|(name, value)| !words(name).contains(&value.as_str()))
        .map(|(name, _)| name.as_str())
        .collect();
    if wrong.is_empty() || query.is_empty() {
        return Ok(());
    }
    Err(crate::desk::api::answer::wrong_parameters(request, &wrong)?.into())
}

fn unread(unread: Unread) -> WebError {
    match unread {
        Unread::Malformed => Problem::new(StatusCode::BAD_REQUEST, "malformed").into(),
        Unread::Wrong(errors) => WebError::Invalid(errors),
    }
}

/// The version that `If-Match` names: one strong tag as we write them. `*` names none, and a weak one compares with none
/// (RFC 9110 §13.1.1), so both say nothing of what was looked at.
fn version_in(request: &HttpRequest) -> Result<i32, WebError> {
    let given = single(request, &header::IF_MATCH)?.unwrap_or_default().trim();
    let digits = given.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let version = digits.parse().ok().filter(|_| plain);
    version.ok_or_else(|| Problem::new(StatusCode::PRECONDITION_REQUIRED, "version-needed").into())
}

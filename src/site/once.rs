//! A request under an `Idempotency-Key`: read as a whole, told from others by its digest, answered once.

use std::time::Duration;

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    body::{BoxBody, to_bytes_limited},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt as _;
use sqlx::PgPool;
use uuid::Uuid;

use super::single::single;
use crate::{
    app::App,
    config::Settings,
    desk::api::{answer::acted, operations::Gives},
    staff::replays::{self, Answered, Asked, Begun, LEASE_SECONDS},
    token::sha256,
    web::{Problem, WebError},
};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// No answer to a change is longer.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;
/// A longer one is not kept: what was done is then told from the trail.
const LONGEST_KEPT: usize = 256 * 1024;

/// What becomes of such a request.
#[derive(Debug)]
pub enum Once {
    /// It is done now; its answer is kept.
    Do {
        pool: PgPool,
        id: Uuid,
    },
    Answered(Answered),
}

/// The key, if one was sent.
pub fn key_of(request: &HttpRequest) -> Result<Option<String>, WebError> {
    let Some(key) = single(request, &KEY)? else { return Ok(None) };
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.is_empty() || key.len() > 200 || !plain {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "key-malformed").into());
    }
    Ok(Some(key.to_owned()))
}

/// The whole body, within its limit of size and time.
pub async fn read(request: &mut ServiceRequest, most: usize, settings: &Settings) -> Result<Bytes, WebError> {
    let said = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if said.and_then(|said| said.parse::<usize>().ok()).is_some_and(|said| said > most) {
        return Err(WebError::TooLarge);
    }
    let seconds = if most > crate::web::fields::LIMIT {
        settings.evidence.upload_seconds
    } else {
        settings.http.form_seconds
    };
    let mut payload = request.take_payload();
    let reading = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk =
                chunk.map_err(|_| WebError::from(Problem::new(StatusCode::BAD_REQUEST, "malformed")))?;
            if body.len().saturating_add(chunk.len()) > most {
                return Err(WebError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    tokio::time::timeout(Duration::from_secs(seconds.into()), reading).await.unwrap_or(Err(WebError::TooSlow))
}

/// Whether it was asked before.
pub async fn begin(
    app: &App,
    request: &HttpRequest,
    (token, key): (Uuid, &str),
    body: &[u8],
    gives: Gives,
) -> Result<Once, WebError> {
    let condition = single(request, &header::IF_MATCH)?.unwrap_or_default();
    let path = request.uri().path_and_query().map_or("", |path| path.as_str());
    let head = format!("{}\n{path}\n{condition}\n", request.method());
    let digest = sha256(&[head.as_bytes(), body].concat());
    let asked = Asked { token, key: sha256(key.as_bytes()), digest };
    let problem = |status, code| Err(Problem::new(status, code).into());
    match replays::begin(&app.pool, asked, app.clock.now(), app.clock.for_leases()).await? {
        Begun::Do(id) => Ok(Once::Do { pool: app.pool.clone(), id }),
        Begun::Answered(answered) => Ok(Once::Answered(answered)),
        // One line of one trail does not tell all of it: the handler knows what it finds done under this id.
        Begun::Done { id, .. } if gives != Gives::Acted => Ok(Once::Do { pool: app.pool.clone(), id }),
        Begun::Done { id, number, version, state } => {
            let response = acted(&number, version, &state);
            let etag =
                response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
            let body = to_bytes_limited(response.into_body(), LONGEST_ANSWER).await;
            let body = body.ok().and_then(Result::ok).unwrap_or_default().to_vec();
            let content_type = Some("application/json".to_owned());
            let answered = Answered { status: 200, content_type, etag, location: None, body };
            replays::keep(&app.pool, id, &answered).await?;
            Ok(Once::Answered(answered))
        }
        Begun::UnderWay => Err(Problem::new(StatusCode::CONFLICT, "key-under-way")
            .with_header(header::RETRY_AFTER, &LEASE_SECONDS.to_string())
            .into()),
        Begun::Other => problem(StatusCode::UNPROCESSABLE_ENTITY, "key-reused"),
        Begun::TooMany => Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "keys-too-many")
            .with_header(header::RETRY_AFTER, "3600")
            .into()),
    }
}

/// The answer that was given before.
pub fn again(answered: Answered) -> HttpResponse {
    let status = u16::try_from(answered.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::OK));
    let headers = [
        (header::CONTENT_TYPE, answered.content_type),
        (header::ETAG, answered.etag),
        (header::LOCATION, answered.location),
    ];
    for (name, value) in headers {
        if let Some(value) = value {
            response.insert_header((name, value));
        }
    }
    response.insert_header((REPLAYED, "true"));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.body(answered.body)
}

/// Keeps the answer, unless it is our fault: then it may be asked again. A failure to keep it is no failure of the request: the
/// trail says that it was done.
pub async fn keep(pool: &PgPool, id: Uuid, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let text = |name: HeaderName| {
        response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned)
    };
    let (content_type, etag, location) =
        (text(header::CONTENT_TYPE), text(header::ETAG), text(header::LOCATION));
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let body = match to_bytes_limited(body, LONGEST_ANSWER).await {
        Ok(Ok(body)) => body,
        _ => return ServiceResponse::new(request, response.set_body(BoxBody::new(()))),
    };
    let passes = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
    let kept = match i16::try_from(status.as_u16()) {
        Ok(_) if !passes && body.len() > LONGEST_KEPT => Ok(()),
        Ok(code) if !passes => {
            let answered = Answered { status: code, content_type, etag, location, body: body.to_vec() };
            replays::keep(pool, id, &answered).await
        }
        _ => replays::take_back(pool, id).await,
    };
    if let Err(error) = kept {
        tracing::warn!(error = format!("{error:#}"), "an answer was not kept");
    }
    ServiceResponse::new(request, response.set_body(BoxBody::new(body)))
}

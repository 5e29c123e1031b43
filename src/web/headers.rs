//! Security headers on every answer. A handler that needs another value sets it itself; what is set stays.

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};

use super::error::WebError;
use crate::app::App;

/// Nothing but our own files, and forms that go to ourselves: no inline script or style anywhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For pages whose scripts ask us: the desk's for what changed, a case's that sends files.
const ASKING_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For a file that a stranger sent us, even if a browser showed it: no script, no form, nothing loaded, an origin of its own.
pub const FOR_FOREIGN_FILES: &str = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/// Middleware, for pages that hold nobody's secret alone: lets the sites that the configuration names show them in a frame.
///
/// The attacker is a site that lays our page, unseen, under something of its own, so that people press our buttons without
/// knowing. It is no site that the configuration names, and where a button has power, no site may.
pub async fn allow_frames(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let mut response = next.call(request).await?;
    let sites = app.map(|app| app.settings.http.embedded_by.join(" ")).filter(|sites| !sites.is_empty());
    if let Some(sites) = sites {
        let policy =
            CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", &format!("frame-ancestors {sites}"));
        let policy = HeaderValue::from_str(&policy).map_err(anyhow::Error::from).map_err(WebError::from)?;
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Tokens stand in paths, so no other site may see an address. Not `no-referrer`: with it browsers send
    // `Origin: null` with our own forms (Fetch, "append a request Origin header"), and the origin check needs it.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    // Pages hold people's data; what may be kept says so itself.
    (header::CACHE_CONTROL, "no-store"),
];

/// Middleware: adds the headers.
pub async fn add(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let https = app.as_ref().is_some_and(|app| app.settings.is_https());
    let asks = ["/desk/", "/cases/"].iter().any(|folder| request.path().starts_with(folder));
    let mut response = next.call(request).await?;
    // So that nobody sends the next request on a connection that is about to be closed.
    if app.is_some_and(|app| app.stop.asked.is_cancelled()) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let headers = response.headers_mut();
    if asks && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = HeaderValue::from_static(ASKING_CONTENT_SECURITY_POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    Ok(response)
}

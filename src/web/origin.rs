//! Refuses what another site's page makes a browser send (cross-site request forgery).
//!
//! Says nothing about who may do what. The cookies are `SameSite=Lax` besides.

use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap},
    },
    middleware::Next,
    web,
};

use super::{cookies, error::WebError};
use crate::app::App;

/// Middleware: lets only requests of our own pages, and of scripts that ride on nobody's session, change something.
pub async fn check<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let public_url = request.app_data::<web::Data<App>>().map(|app| app.settings.http.public_url.clone());
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_one_click(request.path()) || is_ours(request.headers(), &public_url.unwrap_or_default()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    Ok(request.error_response(WebError::CrossSite).map_into_right_body())
}

/// What mail programs send on behalf of their readers (RFC 8058), some from a page of theirs: the secret in the address is all that
/// it asks for, no cookie is looked at, and all that it can do is stop a mail.
fn is_one_click(path: &str) -> bool {
    path.starts_with("/contact-checks/") && path.ends_with("/unsubscription")
}

/// By `Sec-Fetch-Site`, which no page can forge; else by `Origin`, for browsers that do not send it, as none does over
/// plain HTTP to another machine.
///
/// Every browser sends one of both with a POST. Where both are missing, the sender is a script; with a session it is
/// refused all the same, as nothing tells it from a browser that keeps both back. Without one it has no power that its
/// own connection does not have: the public forms ask for a secret in the address, never for a cookie.
fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        return origin == origin_of(public_url) || (authority.is_some() && authority == text("host"));
    }
    !cookies::holds_session(headers)
}

/// Whether a page of another site sent it, by the browser's own word: for what changes nothing, but costs something.
pub fn is_from_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin")
}

/// Scheme, host and port of an address (RFC 6454 §4).
fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |position| position.saturating_add(3));
    let end = url.get(start..).and_then(|rest| rest.find('/')).map(|length| start.saturating_add(length));
    end.and_then(|end| url.get(..end)).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn ours(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_ours(&map, "https://desk.reseller.example")
    }

    #[test]
    fn what_a_mail_program_posts_may_come_from_anywhere() {
        assert!(is_one_click("/contact-checks/abc/unsubscription"));
        assert!(!is_one_click("/contact-checks/abc"));
        assert!(!is_one_click("/desk/contact-checks/abc/unsubscription"));
    }

    #[test]
    fn a_browser_says_where_it_comes_from() {
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("sec-fetch-site", "none")]));
        assert!(!ours(&[("sec-fetch-site", "same-site")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site"), ("origin", "https://desk.reseller.example")]));
    }

    #[test]
    fn else_its_origin_must_be_ours() {
        assert!(ours(&[("origin", "https://desk.reseller.example")]));
        assert!(ours(&[("origin", "http://10.0.0.5:8080"), ("host", "10.0.0.5:8080")]));
        assert!(!ours(&[
            ("origin", "https://desk.reseller.example.evil.example"),
            ("host", "desk.reseller.example")
        ]));
        assert!(!ours(&[("origin", "null"), ("host", "null")]));
        assert!(!ours(&[("origin", "null")]));
    }

    #[test]
    fn a_script_may_post_only_without_a_session() {
        assert!(ours(&[]));
        assert!(ours(&[("cookie", "language=de")]));
        assert!(!ours(&[("cookie", "language=de; handover_session=x")]));
        assert!(!ours(&[("cookie", "__Host-handover_session=x")]));
    }
}

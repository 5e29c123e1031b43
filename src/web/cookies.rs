//! The cookies Handover sets: their names and how they are protected. What a session means is up to `desk`.

use actix_web::{
    cookie::{Cookie, SameSite, time},
    http::header,
};

use crate::{config::Settings, lang::Language};

/// The language somebody chose.
pub const LANGUAGE: &str = "language";
/// The sentence to show once, after a redirect.
pub const NOTICE: &str = "notice";

/// The name of the session cookie. The prefix makes browsers refuse it from anywhere but this very host over TLS
/// (RFC 6265bis §4.1.3.2); over plain HTTP, where that can't be had, it goes without.
pub fn session_name(settings: &Settings) -> &'static str {
    if settings.is_https() { "__Host-handover_session" } else { "handover_session" }
}

/// The name of the cookie that ties a sign-in at an identity provider to the browser that began it; prefixed as the session's.
pub fn provider_name(settings: &Settings) -> &'static str {
    if settings.is_https() { "__Host-handover_provider" } else { "handover_provider" }
}

/// A cookie of this host: unreadable for scripts, not sent along with other sites' requests.
pub fn cookie(
    settings: &Settings,
    name: &'static str,
    value: String,
    age: time::Duration,
) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .max_age(age)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(settings.is_https())
        .finish()
}

/// What remembers a language for a year.
pub fn language(settings: &Settings, language: Language) -> Cookie<'static> {
    cookie(settings, LANGUAGE, language.as_str().to_owned(), time::Duration::days(365))
}

/// What makes the browser forget the cookie.
pub fn removal(settings: &Settings, name: &'static str) -> Cookie<'static> {
    cookie(settings, name, String::new(), time::Duration::ZERO)
}

/// Whether the request carries a session, valid or not.
pub fn holds_session(headers: &header::HeaderMap) -> bool {
    headers
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .any(|pair| pair.split('=').next().is_some_and(|name| name.trim().ends_with("handover_session")))
}

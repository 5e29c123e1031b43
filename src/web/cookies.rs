//! The cookies Handover sets: their names, how they are protected, and how they are read. What a session means is up to `staff`.
//!
//! They are read from the header as it came, and names are compared byte for byte. A library that decodes `__Host%2Dname` into
//! `__Host-name` undoes what browsers promise of the prefix: a page of a sibling host could plant such a cookie and have
//! somebody work in a session of its own. A name that comes twice is nobody's: which one a browser sends first is up to whoever
//! planted the other.

use actix_web::{
    cookie::{Cookie, SameSite, time},
    http::header::{self, HeaderMap},
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

/// The name of the cookie by which a browser is known that somebody has signed in with before.
pub fn device_name(settings: &Settings) -> &'static str {
    if settings.is_https() { "__Host-handover_device" } else { "handover_device" }
}

/// The value of the one cookie that is called `name`, as it came; `None` for none, and for more than one.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers
        .get_all(header::COOKIE)
        // One that is not text is no cookie of ours; what stands beside it in the same line may have been put there with it.
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim_matches([' ', '\t']).split_once('='))
        .filter_map(|(found, value)| (found == name).then_some(value));
    let value = values.next()?;
    values.next().is_none().then_some(value)
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

/// In the extensions of a request: goes along with whatever is answered, an error too. A session that has another token now must
/// not be lost because of what came after.
#[derive(Clone, Debug)]
pub struct InAnyCase(pub Cookie<'static>);

/// What remembers a language for a year.
pub fn language(settings: &Settings, language: Language) -> Cookie<'static> {
    cookie(settings, LANGUAGE, language.as_str().to_owned(), time::Duration::days(365))
}

/// What makes the browser forget the cookie.
pub fn removal(settings: &Settings, name: &'static str) -> Cookie<'static> {
    cookie(settings, name, String::new(), time::Duration::ZERO)
}

/// Whether the request carries a session, valid or not.
pub fn holds_session(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .any(|pair| pair.split('=').next().is_some_and(|name| name.trim().ends_with("handover_session")))
}

#[cfg(test)]
mod tests {
    use header::{COOKIE, HeaderValue};

    use super::*;

    const NAME: &str = "__Host-handover_session";

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        headers
    }

    #[test]
    fn a_name_is_compared_as_it_came() {
        for (line, found) in [
            ("__Host-handover_session=a", Some("a")),
            ("language=de; __Host-handover_session=a=b; notice=x", Some("a=b")),
            ("language=de;\t__Host-handover_session=a", Some("a")),
            ("__Host-handover_session=%61", Some("%61")),
            ("__Host-handover_session=", Some("")),
            ("__Host%2Dhandover_session=a", None),
            ("__Host-handover%5Fsession=a", None),
            ("__host-handover_session=a", None),
            ("__Host-handover_session =a", None),
            (" x__Host-handover_session=a", None),
            ("handover_session=a", None),
            ("__Host-handover_session", None),
            ("\"__Host-handover_session\"=a", None),
            ("", None),
        ] {
            assert_eq!(read(&headers(&[line.as_bytes()]), NAME), found, "{line}");
        }
    }

    #[test]
    fn a_name_that_comes_twice_is_nobodys() {
        for lines in [
            &[&b"__Host-handover_session=a; __Host-handover_session=b"[..]][..],
            &[b"__Host-handover_session=a; __Host-handover_session=a"],
            &[b"__Host-handover_session=a", b"__Host-handover_session=b"],
        ] {
            assert_eq!(read(&headers(lines), NAME), None);
        }
        // What only decodes to the same name is another one, and takes nothing away.
        let both = headers(&[b"__Host%2Dhandover_session=a; __Host-handover_session=b"]);
        assert_eq!(read(&both, NAME), Some("b"));
        let odd = headers(&[b"\xff=1", b"__Host-handover_session=b"]);
        assert_eq!(read(&odd, NAME), Some("b"));
    }
}

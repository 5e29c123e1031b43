//! Did the message really come from the domain in its `From`? As our own mail server judged it (RFC 8601).
//!
//! Asks nobody and checks no signature itself ([`super::authenticity`] does): it reads the topmost `Authentication-Results` of the configured server,
//! and nothing that any other server, or the sender, wrote. Whatever is missing or odd counts as no.

use crate::message::Understanding;

/// Why a message counts as not authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No mail server of ours is configured, so nothing can be believed.
    NotConfigured,
    /// Our mail server wrote no results into it, or none that can be read.
    NoResults,
    /// It has no author, or several.
    NoAuthor,
    /// Neither DMARC nor an aligned DKIM or SPF passed.
    NotPassed,
    /// Name servers could not say; perhaps they can later.
    Unclear,
}

/// Checks the author's domain against the results of the mail server `authserv_id`.
///
/// # Errors
/// The [`Doubt`].
pub fn authenticate(message: &Understanding, authserv_id: &str) -> Result<(), Doubt> {
    if authserv_id.is_empty() {
        return Err(Doubt::NotConfigured);
    }
    let domain = author_domain(message)?;
    let written = message.authentication_results.iter().map(|value| Results::parse(value));
    // The topmost is ours; one below it came with the message, whoever it says it is from.
    let ours = written
        .into_iter()
        .find_map(|results| match results {
            Some(results) if results.server.eq_ignore_ascii_case(authserv_id) => Some(Ok(results)),
            Some(_other_server) => None,
            // What can't be read might have been ours: whatever stands below it is not believed.
            None => Some(Err(Doubt::NoResults)),
        })
        .ok_or(Doubt::NoResults)??;
    if ours.vouch_for(&domain) { Ok(()) } else { Err(Doubt::NotPassed) }
}

/// The domain of the one author.
pub(super) fn author_domain(message: &Understanding) -> Result<String, Doubt> {
    let author = message.from.as_ref().and_then(|from| from.address.as_deref());
    author.filter(|_| message.has_one_author).and_then(domain_of).ok_or(Doubt::NoAuthor)
}

/// Whether two domains are of one organisation (RFC 7489 §3.1, relaxed).
pub(super) fn is_aligned(one: &str, other: &str) -> bool {
    let organisation = psl::domain_str(one);
    organisation.is_some() && organisation == psl::domain_str(other)
}

/// One `Authentication-Results` field.
struct Results {
    server: String,
    methods: Vec<Method>,
}

/// `dkim=pass header.d=customer.example`
struct Method {
    name: String,
    result: String,
    properties: Vec<(String, String)>,
}

impl Results {
    fn parse(value: &str) -> Option<Self> {
        let plain = without_comments(value)?;
        let mut parts = plain.split(';');
        // After the name may stand a version.
        let server = parts.next()?.split_whitespace().next()?.to_owned();
        let methods = parts.filter_map(Method::parse).collect();
        Some(Self { server, methods })
    }

    /// DMARC, where it was asked, decides; else a DKIM signature or SPF of the author's organisation.
    fn vouch_for(&self, domain: &str) -> bool {
        let mut dmarc = self.methods.iter().filter(|method| method.name == "dmarc").peekable();
        let has_policy = dmarc.peek().is_some_and(|method| method.result != "none");
        if has_policy {
            return dmarc.all(|method| method.result == "pass" && method.says("header.from", domain));
        }
        self.methods.iter().filter(|method| method.result == "pass").any(|method| {
            match method.name.as_str() {
                "dkim" => method.is_aligned(&["header.d", "header.i"], domain),
                "spf" => method.is_aligned(&["smtp.mailfrom"], domain),
                _ => false,
            }
        })
    }
}

impl Method {
    fn parse(part: &str) -> Option<Self> {
        let mut words = part.split_whitespace();
        let (name, result) = words.next()?.split_once('=')?;
        let name = name.split('/').next()?.to_ascii_lowercase();
        let properties = words
            .filter_map(|word| word.split_once('='))
            .map(|(key, value)| (key.to_ascii_lowercase(), value.to_ascii_lowercase()))
            .collect();
        Some(Self { name, result: result.to_ascii_lowercase(), properties })
    }

    fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.properties.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn says(&self, key: &str, domain: &str) -> bool {
        let mut values = self.values(key).peekable();
        values.peek().is_some() && values.all(|value| domain_of(value).as_deref() == Some(domain))
    }

    fn is_aligned(&self, keys: &[&str], domain: &str) -> bool {
        let mut values = keys.iter().flat_map(|key| self.values(key)).peekable();
        values.peek().is_some()
            && values.all(|value| domain_of(value).is_some_and(|named| is_aligned(&named, domain)))
    }
}

/// The domain of an address, or of what is one already, in lower-case ASCII.
pub(super) fn domain_of(text: &str) -> Option<String> {
    let domain = text.trim().trim_matches(['<', '>']).rsplit('@').next()?;
    idna::domain_to_ascii_strict(domain).ok().filter(|domain| !domain.is_empty())
}

/// Without comments (RFC 5322 §3.2.2), folding and space around `=`. What stood in quotes becomes one harmless word:
/// nobody's name or local part may end a result and begin another. `None` where brackets or quotes do not close.
fn without_comments(value: &str) -> Option<String> {
    let mut plain = String::with_capacity(value.len());
    let (mut depth, mut quoted) = (0_usize, false);
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' if depth > 0 || quoted => {
                characters.next()?;
                if quoted {
                    plain.push('_');
                }
            }
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth = depth.checked_add(1)?,
            ')' if !quoted => depth = depth.checked_sub(1)?,
            _ if depth > 0 => {}
            c if quoted => plain.push(if c.is_ascii_alphanumeric() || "@.-_+".contains(c) { c } else { '_' }),
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
    }
    if depth > 0 || quoted {
        return None;
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    Some(words.join(" ").replace(" =", "=").replace("= ", "="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::understand;

    const OURS: &str = "mx.reseller.example";

    fn judge(headers: &str) -> Result<(), Doubt> {
        authenticate(&understand(format!("{headers}\r\nSubject: x\r\n\r\nHello\r\n").as_bytes()), OURS)
    }

    fn of(results: &str) -> Result<(), Doubt> {
        judge(&format!("{results}\r\nFrom: Eva <eva@customer.co.at>"))
    }

    #[test]
    fn what_our_server_passed_passes() {
        for results in [
            "Authentication-Results: mx.reseller.example; dmarc=pass (p=reject) header.from=customer.co.at",
            "Authentication-Results: MX.reseller.example 1;\r\n\tdkim=pass (2048-bit key; secure) header.d=customer.co.at header.i=@customer.co.at;\r\n\tdmarc = pass header.from = Customer.co.at",
            "Authentication-Results: mx.reseller.example; spf=fail smtp.mailfrom=x@bounces.example; dkim=pass header.d=mail.customer.co.at",
            "Authentication-Results: mx.reseller.example; dmarc=none header.from=customer.co.at; spf=pass smtp.mailfrom=bounce@lists.customer.co.at",
            "Authentication-Results: relay.elsewhere.example; dmarc=fail header.from=customer.co.at\r\nAuthentication-Results: mx.reseller.example; dmarc=pass header.from=customer.co.at",
        ] {
            assert_eq!(of(results), Ok(()), "{results}");
        }
    }

    #[test]
    fn nothing_else_does() {
        for (results, doubt) in [
            ("X-Nothing: at all", Doubt::NoResults),
            (
                "Authentication-Results: mx.attacker.example; dmarc=pass header.from=customer.co.at",
                Doubt::NoResults,
            ),
            (
                "Authentication-Results: mx.reseller.example.evil.example; dmarc=pass header.from=customer.co.at",
                Doubt::NoResults,
            ),
            ("Authentication-Results: mx.reseller.example; none", Doubt::NotPassed),
            (
                "Authentication-Results: mx.reseller.example; dmarc=fail header.from=customer.co.at; dkim=pass header.d=customer.co.at",
                Doubt::NotPassed,
            ),
            (
                "Authentication-Results: mx.reseller.example; dmarc=pass header.from=evil.example",
                Doubt::NotPassed,
            ),
            ("Authentication-Results: mx.reseller.example; dmarc=pass", Doubt::NotPassed),
            (
                "Authentication-Results: mx.reseller.example; dkim=pass header.d=evil.example",
                Doubt::NotPassed,
            ),
            ("Authentication-Results: mx.reseller.example; dkim=pass header.d=other.co.at", Doubt::NotPassed),
            ("Authentication-Results: mx.reseller.example; dkim=pass header.d=co.at", Doubt::NotPassed),
            ("Authentication-Results: mx.reseller.example; dkim=pass", Doubt::NotPassed),
            (
                "Authentication-Results: mx.reseller.example; iprev=pass policy.iprev=192.0.2.1",
                Doubt::NotPassed,
            ),
            // The topmost of ours counts, not one that came with the message.
            (
                "Authentication-Results: mx.reseller.example; dmarc=fail header.from=customer.co.at\r\nAuthentication-Results: mx.reseller.example; dmarc=pass header.from=customer.co.at",
                Doubt::NotPassed,
            ),
            (
                "Authentication-Results: mx.reseller.example; spf=fail (open\r\nAuthentication-Results: mx.reseller.example; dmarc=pass header.from=customer.co.at",
                Doubt::NoResults,
            ),
            // A sender's words can't speak for our server.
            (
                "Authentication-Results: mx.reseller.example; spf=fail smtp.mailfrom=\"x; dmarc=pass header.from=customer.co.at;\"@evil.example",
                Doubt::NotPassed,
            ),
            (
                "Authentication-Results: mx.reseller.example; spf=fail (x; dkim=pass header.d=customer.co.at)",
                Doubt::NotPassed,
            ),
            (
                "Authentication-Results: (mx.reseller.example;) mx.evil.example; dmarc=pass header.from=customer.co.at",
                Doubt::NoResults,
            ),
        ] {
            assert_eq!(of(results), Err(doubt), "{results}");
        }
    }

    #[test]
    fn several_authors_are_none() {
        let pass = "Authentication-Results: mx.reseller.example; dmarc=pass header.from=customer.co.at";
        for from in [
            "From: eva@customer.co.at\r\nFrom: mallory@evil.example",
            "From: eva@customer.co.at, mallory@evil.example",
            "From: \"eva@customer.co.at\" <mallory@evil.example>",
            "X-From: eva@customer.co.at",
            "From: nobody",
        ] {
            assert_eq!(judge(&format!("{pass}\r\n{from}")), Err(Doubt::NoAuthor), "{from}");
        }
        assert_eq!(judge(&format!("{pass}\r\nFrom: \"eva@customer.co.at\" <eva@customer.co.at>")), Ok(()));
    }

    #[test]
    fn without_a_configured_server_nothing_is_believed() {
        let message = understand(
            b"Authentication-Results: ; dmarc=pass header.from=customer.co.at\r\nFrom: eva@customer.co.at\r\n\r\nx",
        );
        assert_eq!(authenticate(&message, ""), Err(Doubt::NotConfigured));
    }
}

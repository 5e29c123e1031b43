//! What production refuses in the settings. That they can be read at all is seen to before; what only the database knows,
//! `boot` asks it.

mod face;

use std::net::IpAddr;

use data_encoding::BASE64;
use secrecy::ExposeSecret as _;

pub use self::face::EXAMPLE_RESELLER;
use super::{Settings, Tls, TransportKind, weak};

impl Settings {
    /// What must be set before production may start; empty when all is well.
    pub fn production_problems(&self) -> Vec<String> {
        let house = self.check_house().into_iter().chain(self.check_second_factor()).chain(face::check(self));
        let checks =
            house.chain(self.check_policy()).chain(self.check_letters()).chain(self.check_retention());
        let found = checks.filter(|(wrong, _)| *wrong).map(|(_, sentence)| sentence.to_owned());
        self.check_secrets().into_iter().chain(found).collect()
    }

    /// Which secrets are none. Never shows one.
    fn check_secrets(&self) -> Vec<String> {
        let metrics = self.metrics.token.expose_secret();
        let mut found = vec![("secrets.key", weak::find(self.secrets.key.expose_secret()))];
        if !metrics.is_empty() {
            found.push(("metrics.token", weak::find(metrics)));
        }
        for key in &self.evidence.keys {
            // What is no key at all is refused with more words where keys are read.
            let bytes =
                key.expose_secret().split_once(':').map(|(_, text)| BASE64.decode(text.trim().as_bytes()));
            if let Some(Ok(bytes)) = bytes {
                found.push(("evidence.keys", weak::find_pattern(&bytes)));
            }
        }
        for key in &self.log.signing_keys {
            if let Ok(bytes) = BASE64.decode(key.expose_secret().trim().as_bytes()) {
                found.push(("log.signing_keys", weak::find_pattern(&bytes)));
            }
        }
        found.into_iter().filter_map(|(key, why)| why.map(|why| format!("{key} {why}"))).collect()
    }

    /// What is wrong about where it runs and how people reach it.
    fn check_house(&self) -> Vec<(bool, &'static str)> {
        let url = &self.http.public_url;
        vec![
            (
                self.database.url.expose_secret().is_empty(),
                "database.url is not set: production needs its own PostgreSQL",
            ),
            (!self.is_https(), "http.public_url must start with https://"),
            (
                self.is_https() && !is_origin(url),
                "http.public_url must be https://host or https://host:port alone: no path, user or query, no slash at the end",
            ),
            (
                self.is_https() && is_origin(url) && is_reserved(host_of(url)),
                "http.public_url needs a host of your own",
            ),
            (
                self.evidence.uploads && self.evidence.keys.is_empty(),
                "evidence.keys is not set: files of customers must be encrypted (or set evidence.uploads = false)",
            ),
        ]
    }

    /// What would leave the approval of a request to whoever knows a password.
    fn check_second_factor(&self) -> Vec<(bool, &'static str)> {
        let factor = &self.desk.second_factor;
        let demanded = |role: &str| factor.required_for.iter().any(|required| required == role);
        vec![
            (
                !(demanded("approver") && demanded("admin")),
                "desk.second_factor.required_for must name \"approver\" and \"admin\": a stolen password would approve",
            ),
            (
                factor.grace_days > 90,
                "desk.second_factor.grace_days is above 90: nobody would ever have to set one up",
            ),
        ]
    }

    /// What would forget too early, never, or in the wrong order.
    fn check_retention(&self) -> Vec<(bool, &'static str)> {
        let kept = &self.retention;
        vec![
            (
                kept.letter_years < 6,
                "retention.letter_years is below 6: § 257 HGB and § 147 AO want commercial letters kept for six years",
            ),
            (
                kept.trail_years < kept.letter_years || kept.trail_years < 6 || kept.trail_years > 100,
                "retention.trail_years is below 6 or letter_years, or above 100: a trail is kept for as long as the letters that it is about",
            ),
            (
                kept.content_months > kept.letter_years.saturating_mul(12),
                "retention.content_months is longer than retention.letter_years: nothing of a case may outlive its correspondence",
            ),
            (
                kept.content_months == 0 || kept.unconfirmed_days == 0 || kept.access_days == 0,
                "retention.content_months, unconfirmed_days and access_days must be above 0: what just ended is still looked at",
            ),
            (
                kept.letter_years > 30 || kept.unconfirmed_days > 366 || kept.set_aside_days > 3660,
                "retention keeps what nobody needs for more than letter_years = 30, unconfirmed_days = 366 or set_aside_days = 3660",
            ),
            (
                kept.evidence_days > kept.content_months.saturating_mul(31),
                "retention.evidence_days is longer than retention.content_months: files go with the content at the latest",
            ),
            (
                kept.other_letter_days < 366,
                "retention.other_letter_days is below 366: whoever was asked within the year would be asked again",
            ),
        ]
    }

    /// What would let a case pass that nobody proved, or that nobody could object to.
    fn check_policy(&self) -> Vec<(bool, &'static str)> {
        let (policy, deadlines) = (&self.policy, &self.deadlines);
        let notices = policy.required.iter().any(|check| check == "departed_notice");
        vec![
            (
                policy.distinct_roots < 2 && !policy.one_root_may_suffice,
                "policy.distinct_roots is below 2, so that one compromise is enough (or set policy.one_root_may_suffice = true)",
            ),
            (
                policy.one_root_may_suffice && (policy.distinct_roots == 0 || policy.proofs.is_empty()),
                "policy.distinct_roots is 0: nobody would have to prove that they may speak for the customer (set it to 2)",
            ),
            (
                policy.blocking.is_empty(),
                "policy.blocking is empty: a check that failed would stop nothing (take the list of config/default.toml)",
            ),
            (
                notices && deadlines.notice_business_days == 0,
                "deadlines.notice_business_days is 0: the departed contact would have no time to object (5 is the default)",
            ),
            (
                notices && deadlines.returned_notice_business_days == 0,
                "deadlines.returned_notice_business_days is 0: whoever makes a mailbox bounce would take all time to object (1 is the default)",
            ),
        ]
    }

    /// What is wrong about what is sent, by which server and to whom.
    fn check_letters(&self) -> Vec<(bool, &'static str)> {
        vec![
            (
                self.mail.transport == TransportKind::Folder,
                "mail.transport is \"folder\": nothing would be sent",
            ),
            (
                self.mail.transport == TransportKind::Smtp && self.mail.smtp.host.is_empty(),
                "mail.smtp.host is not set",
            ),
            (
                self.mail.transport == TransportKind::Smtp
                    && self.mail.smtp.tls == Tls::None
                    && !is_this_machine(&self.mail.smtp.host),
                "mail.smtp.tls is \"none\": password and letters would cross the network for everybody to read (\"starttls\" or \"implicit\")",
            ),
            (
                self.mail.imap.tls == Tls::None && !is_this_machine(&self.mail.imap.host),
                "mail.imap.tls is \"none\": password and answers would cross the network for everybody to read (\"implicit\" or \"starttls\")",
            ),
            (is_reserved(&self.mail.from_address), "mail.from_address is still the example"),
            (
                [&self.atlassian.data_center, &self.atlassian.cloud, &self.atlassian.cloud_partner_managed]
                    .into_iter()
                    .any(|address| is_reserved(address)),
                "a recipient in [atlassian] is still an example",
            ),
            (
                self.atlassian.partner_name.trim().is_empty()
                    || self.atlassian.partner_name == EXAMPLE_RESELLER,
                "atlassian.partner_name is still the example",
            ),
            (self.atlassian.partner_id == "P-000000", "atlassian.partner_id is still the example"),
        ]
    }
}

/// Whether `url` is an address that a page may link to: https and something behind it.
fn is_https(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty())
}

/// Whether `url` is a scheme and a host, at most with a port, as paths bring their own slash. With a user in front
/// (`https://your-bank@host`) links would look as if they led elsewhere.
fn is_origin(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    !rest.contains(|c: char| {
        matches!(c, '/' | '\\' | '?' | '#' | '@' | '%') || c.is_whitespace() || c.is_control()
    })
}

/// The host of an origin, without its port; empty where there is none.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _port)) => address,
        None => rest.split(':').next().unwrap_or_default(),
    }
}

/// Whether what is sent to `host` never leaves the machine. An empty host names no server.
fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.is_empty()
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

/// `.example` is reserved (RFC 2606 §2): no mail ever arrives there.
fn is_reserved(address: &str) -> bool {
    address.is_empty() || address.ends_with(".example")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILLED_IN: &str = r#"
        mode = "production"
        evidence.keys = ["2026:9DdHBx0B1PTaEFUeIJlvZZkWZ9r8wLnl0d3DYdTuJrk="]
        database.url = "postgres://127.0.0.1/handover"
        secrets.key = "kT8sW2pQ9vX4mZ7bN3cR6yF1gH5jL0dA"
        http.public_url = "https://desk.customer-name.test"
        reseller.name = "Name GmbH"
        reseller.phone = "+49 30 23125 999"
        reseller.hours = "Mo–Fr"
        reseller.address = "Berlin"
        http.privacy_url = "https://customer-name.test/privacy"
        http.imprint_url = "https://customer-name.test/imprint"
        mail.from_name = "Name, licences"
        mail.imprint = "Name GmbH, HRB 1"
        mail.transport = "smtp"
        mail.from_address = "licences@customer-name.test"
        mail.smtp.host = "mail.customer-name.test"
        atlassian.data_center = "a@customer-name.test"
        atlassian.cloud = "a@customer-name.test"
        atlassian.cloud_partner_managed = "a@customer-name.test"
        atlassian.partner_name = "Name"
        atlassian.partner_id = "P-1"
    "#;

    fn problems(from: &str, to: &str) -> Vec<String> {
        assert!(from.is_empty() || FILLED_IN.contains(from), "{from}");
        Settings::with(&FILLED_IN.replace(from, to)).unwrap().production_problems()
    }

    /// More lines for the settings above.
    fn with(lines: &str) -> Vec<String> {
        Settings::with(&format!("{FILLED_IN}\n{lines}")).unwrap().production_problems()
    }

    #[test]
    fn what_is_filled_in_well_may_start() {
        for (from, to) in [
            ("", ""),
            ("desk.customer-name.test", "[2001:db8::1]:8443"),
            ("desk.customer-name.test", "desk.customer-name.test:8443"),
            (
                "smtp.host = \"mail.customer-name.test\"",
                "smtp.tls = \"none\"\nmail.smtp.host = \"127.0.0.1\"",
            ),
            (
                "smtp.host = \"mail.customer-name.test\"",
                "smtp.tls = \"none\"\nmail.smtp.host = \"LocalHost\"",
            ),
            (
                "partner_id = \"P-1\"",
                "partner_id = \"P-1\"\nmail.imap.tls = \"none\"\nmail.imap.host = \"::1\"",
            ),
            // Nobody is written to, so nobody needs the time.
            (
                "partner_id = \"P-1\"",
                "partner_id = \"P-1\"\npolicy.required = [\"requester_email\"]\ndeadlines.notice_business_days = 0",
            ),
        ] {
            assert_eq!(problems(from, to), [""; 0], "{to}");
        }
    }

    /// Each case is one mistake, and is answered with the one sentence about it.
    #[test]
    fn production_looks_at_what_was_filled_in() {
        let secret = "kT8sW2pQ9vX4mZ7bN3cR6yF1gH5jL0dA";
        let key = "9DdHBx0B1PTaEFUeIJlvZZkWZ9r8wLnl0d3DYdTuJrk=";
        let url = "https://desk.customer-name.test";
        let smtp = "smtp.host = ";
        for (from, to, begins) in [
            (secret, "kT8sW2pQ9vX4", "secrets.key needs at least"),
            (secret, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1", "secrets.key is the same few"),
            (secret, "0123456789abcdef0123456789abcdef", "secrets.key is the same few"),
            (secret, "0123456789abcdefghijklmnopqrstuv", "secrets.key is a row"),
            (secret, "change-me-change-it-change-all-of-it", "secrets.key is an example"),
            // 0123456789abcdef twice, and the bytes from 0 to 31.
            (key, "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "evidence.keys is the same few"),
            (key, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "evidence.keys is a row"),
            (url, "http://desk.customer-name.test", "http.public_url must start"),
            (url, "https://desk.customer-name.test/", "http.public_url must be"),
            (url, "https://desk.customer-name.test/handover", "http.public_url must be"),
            (url, "https://desk.customer-name.test?a=b", "http.public_url must be"),
            (url, "https://desk.customer-name.test#a", "http.public_url must be"),
            (url, "https://user:word@desk.customer-name.test", "http.public_url must be"),
            (url, "https://desk.customer-name.test\\\\elsewhere.test", "http.public_url must be"),
            (url, "https://desk.customer-name.test\\u000a", "http.public_url must be"),
            (url, "https://", "http.public_url needs a host"),
            (url, "https://:8443", "http.public_url needs a host"),
            (url, "https://handover.reseller.example:8443", "http.public_url needs a host"),
            ("https://customer-name.test/privacy", "", "http.privacy_url"),
            ("https://customer-name.test/privacy", "javascript:alert(1)", "http.privacy_url"),
            ("https://customer-name.test/imprint", "https://", "http.imprint_url"),
            (smtp, "smtp.tls = \"none\"\nmail.smtp.host = ", "mail.smtp.tls"),
            ("mail.customer-name.test", "", "mail.smtp.host"),
            ("\"Name\"", "\"Beispiel Software Partner GmbH\"", "atlassian.partner_name"),
            ("Name GmbH\"", " \"", "reseller.name"),
            ("Name GmbH\"", "Beispiel Software Partner GmbH\"", "reseller.name"),
            ("+49 30 23125 999", "+49 30 23125 100", "reseller.phone"),
            ("\"Mo–Fr\"", "{ de = \"Mo–Fr\" }", "reseller.hours"),
            ("\"Berlin\"", "\"\"\"\nBeispielallee 1\n10115 Berlin\"\"\"", "reseller.address"),
            (
                "https://customer-name.test/privacy",
                "https://www.reseller.example/privacy",
                "http.privacy_url",
            ),
            ("https://customer-name.test/privacy", "https://reseller.example", "http.privacy_url"),
            ("Name, licences", "", "mail.from_name"),
            ("Name GmbH, HRB 1", "", "mail.imprint"),
        ] {
            let said = problems(from, to);
            assert!(said.len() == 1 && said[0].starts_with(begins), "{to}: {said:?}");
        }
        for (lines, begins) in [
            ("metrics.token = \"short\"", "metrics.token needs at least"),
            ("metrics.token = \"abcdefghijklmnopqrstuvwxyz0123456789\"", "metrics.token is a row"),
            ("mail.imap.tls = \"none\"\nmail.imap.host = \"192.0.2.1\"", "mail.imap.tls"),
            // Looks like this machine, and is not.
            ("mail.imap.tls = \"none\"\nmail.imap.host = \"127.0.0.1.customer-name.test\"", "mail.imap.tls"),
            (
                "log.signing_keys = [\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"]",
                "log.signing_keys is a row",
            ),
            ("policy.distinct_roots = 1", "policy.distinct_roots is below 2"),
            ("policy.distinct_roots = 0\npolicy.one_root_may_suffice = true", "policy.distinct_roots is 0"),
            ("policy.proofs = []\npolicy.one_root_may_suffice = true", "policy.distinct_roots is 0"),
            ("policy.blocking = []", "policy.blocking"),
            ("deadlines.notice_business_days = 0", "deadlines.notice_business_days"),
            ("deadlines.returned_notice_business_days = 0", "deadlines.returned_notice_business_days"),
        ] {
            let said = with(lines);
            assert!(said.len() == 1 && said[0].starts_with(begins), "{lines}: {said:?}");
        }
        assert_eq!(problems("evidence.keys = [", "evidence.keys = []\nevidence.clamd = \"\" #").len(), 1);
    }

    #[test]
    fn everything_is_said_at_once_and_no_secret_is_shown() {
        let said = with(
            "policy.blocking = []\ndeadlines.notice_business_days = 0\nmetrics.token = \"4711471147114711471147114711471147114711\"",
        );
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(!said.concat().contains("4711"), "{said:?}");
    }
}

//! What production refuses in the settings. That they can be read at all is seen to before.

use std::collections::HashSet;

use secrecy::ExposeSecret as _;

use super::{Settings, Tls, TransportKind};

/// As in `config/default.toml`.
const EXAMPLE_PARTNER_NAME: &str = "Beispiel Software Partner GmbH";

impl Settings {
    /// What must be set before production may start; empty when all is well.
    pub fn production_problems(&self) -> Vec<&'static str> {
        let checks = self.check_house().into_iter().chain(self.check_letters()).chain(self.check_evidence());
        checks.filter_map(|(wrong, sentence)| wrong.then_some(sentence)).collect()
    }

    /// What is wrong about where it runs and how people reach it.
    fn check_house(&self) -> Vec<(bool, &'static str)> {
        vec![
            (
                self.database.url.expose_secret().is_empty(),
                "database.url is not set: production needs its own PostgreSQL",
            ),
            (
                self.secrets.key.expose_secret().len() < 32,
                "secrets.key needs at least 32 characters (openssl rand -base64 32)",
            ),
            (
                // Of 32 random bytes in base64 some thirty differ; of a held-down key, one.
                self.secrets.key.expose_secret().len() >= 32
                    && self.secrets.key.expose_secret().chars().collect::<HashSet<_>>().len() < 8,
                "secrets.key is the same few characters over and over (openssl rand -base64 32)",
            ),
            (!self.is_https(), "http.public_url must start with https://"),
            (
                self.is_https() && !leads_to_a_host(&self.http.public_url),
                "http.public_url needs a host of your own and no slash at the end",
            ),
            (
                (1..32).contains(&self.metrics.token.expose_secret().len()),
                "metrics.token needs at least 32 characters (openssl rand -base64 32)",
            ),
            (
                self.policy.distinct_roots < 2 && !self.policy.one_root_may_suffice,
                "policy.distinct_roots is below 2, so that one compromise is enough (or set policy.one_root_may_suffice = true)",
            ),
            (
                !is_https(&self.http.privacy_url),
                "http.privacy_url is not set: people must be able to read how their data is handled",
            ),
            (
                !is_https(&self.http.imprint_url),
                "http.imprint_url is not set: people must be able to see who runs this",
            ),
        ]
    }

    /// What is wrong about the files that are taken in.
    fn check_evidence(&self) -> Vec<(bool, &'static str)> {
        vec![(
            self.evidence.uploads && self.evidence.keys.is_empty(),
            "evidence.keys is not set: files of customers must be encrypted (or set evidence.uploads = false)",
        )]
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
                self.mail.smtp.tls == Tls::None && !self.mail.smtp.password.expose_secret().is_empty(),
                "mail.smtp.tls is \"none\": the password would be sent for everybody to read",
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
                    || self.atlassian.partner_name == EXAMPLE_PARTNER_NAME,
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

/// Whether links can begin with `url`: a host that is no example, and no slash at the end, as paths bring their own.
fn leads_to_a_host(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    !is_reserved(host) && !url.ends_with('/')
}

/// `.example` is reserved (RFC 2606 §2): no mail ever arrives there.
fn is_reserved(address: &str) -> bool {
    address.is_empty() || address.ends_with(".example")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_that_of_the_defaults() {
        assert_eq!(Settings::with("").unwrap().atlassian.partner_name, EXAMPLE_PARTNER_NAME);
    }

    #[test]
    fn production_looks_at_what_was_filled_in() {
        const FILLED_IN: &str = r#"
            mode = "production"
            evidence.keys = ["2026:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="]
            database.url = "postgres://127.0.0.1/handover"
            secrets.key = "0123456789abcdef0123456789abcdef"
            http.public_url = "https://handover.customer-name.test"
            http.privacy_url = "https://customer-name.test/privacy"
            http.imprint_url = "https://customer-name.test/imprint"
            mail.transport = "smtp"
            mail.from_address = "handover@customer-name.test"
            mail.smtp.host = "127.0.0.1"
            atlassian.data_center = "a@customer-name.test"
            atlassian.cloud = "a@customer-name.test"
            atlassian.cloud_partner_managed = "a@customer-name.test"
            atlassian.partner_name = "Name"
            atlassian.partner_id = "P-1"
        "#;
        let problems = |from: &str, to: &str| {
            assert!(from.is_empty() || FILLED_IN.contains(from), "{from}");
            Settings::with(&FILLED_IN.replace(from, to)).unwrap().production_problems().join("\n")
        };
        assert_eq!(problems("handover.customer-name.test", "[2001:db8::1]:8443"), "");
        assert_eq!(problems("smtp.host = ", "smtp.tls = \"none\"\nmail.smtp.host = "), "");
        for (from, to, key) in [
            ("0123456789abcdef0123456789abcdef", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1", "secrets.key"),
            ("handover.customer-name.test\"", "handover.customer-name.test/\"", "http.public_url"),
            ("https://handover.customer-name.test", "https://", "http.public_url"),
            ("https://handover.customer-name.test", "https://:8443", "http.public_url"),
            (
                "https://handover.customer-name.test",
                "https://handover.reseller.example:8443",
                "http.public_url",
            ),
            ("https://handover.customer-name.test", "http://handover.reseller.example/", "http.public_url"),
            (
                "smtp.host = ",
                "smtp.tls = \"none\"\nmail.smtp.password = \"x\"\nmail.smtp.host = ",
                "mail.smtp.tls",
            ),
            ("partner_id = \"P-1\"", "partner_id = \"P-1\"\nmetrics.token = \"short\"", "metrics.token"),
            (
                "partner_id = \"P-1\"",
                "partner_id = \"P-1\"\n[policy]\ndistinct_roots = 1",
                "policy.distinct_roots",
            ),
            ("[\"2026:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"]", "[]", "evidence.keys"),
            ("https://customer-name.test/privacy", "", "http.privacy_url"),
            ("https://customer-name.test/privacy", "javascript:alert(1)", "http.privacy_url"),
            ("https://customer-name.test/imprint", "https://", "http.imprint_url"),
            ("\"Name\"", "\"Beispiel Software Partner GmbH\"", "atlassian.partner_name"),
        ] {
            let said = problems(from, to);
            assert!(said.starts_with(key) && said.lines().count() == 1, "{to}: {said}");
        }
    }
}

//! Parent domains that strangers share: tenants of a provider, authorities of a state. The public suffix list knows the
//! suffixes below which anybody can register; here are those below which names are given to different owners otherwise.
//!
//! The list is never complete, and nothing is looked up in a network: whoever runs Handover adds to it by configuration.

use std::{
    collections::{BTreeSet, HashSet},
    sync::LazyLock,
};

use crate::token::{Sha256Bytes, sha256};

static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("shared_domains.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// The known shared parents and those of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedDomains {
    more: HashSet<String>,
}

impl SharedDomains {
    /// `more`: domains besides the known ones, in any writing; one that did not match for its capital letters would let
    /// strangers in.
    pub fn new(more: &[String]) -> Self {
        let canonical = |domain: &String| {
            let domain = domain.trim().trim_start_matches(['@', '.']).trim_end_matches('.');
            idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_ascii_lowercase())
        };
        Self { more: more.iter().map(canonical).collect() }
    }

    /// Two lists of the same names have the same.
    pub fn digest(&self) -> Sha256Bytes {
        let all: BTreeSet<&str> = KNOWN.iter().copied().chain(self.more.iter().map(String::as_str)).collect();
        sha256(all.into_iter().collect::<Vec<_>>().join("\n").as_bytes())
    }

    /// Whether names directly below `domain` belong to different owners.
    pub fn contains(&self, domain: &str) -> bool {
        KNOWN.contains(domain) || self.more.contains(domain)
    }

    /// The name that one owner holds whole: of `domain` the shortest ending that is neither a public suffix nor shared.
    /// `None` where `domain` itself is one of these. In lower-case ASCII.
    pub fn controlled<'a>(&self, domain: &'a str) -> Option<&'a str> {
        let registrable = psl::domain_str(domain)?;
        let above = ancestors(domain).filter(|name| name.len() >= registrable.len());
        let shared = above.filter(|name| self.contains(name)).map(str::len).max();
        match shared {
            // One label more than the longest shared name.
            Some(length) => ancestors(domain).filter(|name| name.len() > length).last(),
            None => Some(registrable),
        }
    }

    /// `domain` and the names above it that the same owner holds, the whole one first. Empty for a shared name or a suffix.
    pub fn names<'a>(&self, domain: &'a str) -> Vec<&'a str> {
        let Some(controlled) = self.controlled(domain) else { return Vec::new() };
        ancestors(domain).take_while(|name| name.len() >= controlled.len()).collect()
    }
}

/// The domain itself and every name above it.
fn ancestors(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |name| name.split_once('.').map(|(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_holds_its_own_name_and_nothing_above() {
        let shared = SharedDomains::new(&["state.example".to_owned()]);
        for (domain, controlled, names) in [
            ("nordlicht.example", Some("nordlicht.example"), vec!["nordlicht.example"]),
            (
                "mail.berlin.nordlicht.example",
                Some("nordlicht.example"),
                vec!["mail.berlin.nordlicht.example", "berlin.nordlicht.example", "nordlicht.example"],
            ),
            ("contoso.onmicrosoft.com", Some("contoso.onmicrosoft.com"), vec!["contoso.onmicrosoft.com"]),
            (
                "mail.contoso.onmicrosoft.com",
                Some("contoso.onmicrosoft.com"),
                vec!["mail.contoso.onmicrosoft.com", "contoso.onmicrosoft.com"],
            ),
            ("onmicrosoft.com", None, vec![]),
            ("office.state.example", Some("office.state.example"), vec!["office.state.example"]),
            ("state.example", None, vec![]),
            ("nordlicht.github.io", Some("nordlicht.github.io"), vec!["nordlicht.github.io"]),
            ("co.uk", None, vec![]),
            ("", None, vec![]),
        ] {
            assert_eq!(shared.controlled(domain), controlled, "{domain}");
            assert_eq!(shared.names(domain), names, "{domain}");
        }
    }

    #[test]
    fn the_list_is_canonical() {
        let lines = include_str!("shared_domains.txt").lines();
        let listed = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).count();
        assert_eq!(listed, KNOWN.len(), "none stands there twice");
        for domain in KNOWN.iter() {
            assert!(psl::domain_str(domain).is_some(), "{domain} is a public suffix already");
            assert_eq!(idna::domain_to_ascii_strict(domain).unwrap(), *domain);
        }
    }

    #[test]
    fn the_list_knows_the_usual_ones_and_leaves_companies_alone() {
        let shared = SharedDomains::default();
        for domain in [
            "onmicrosoft.com",
            "mail.onmicrosoft.com",
            "onmicrosoft.us",
            "partner.onmschina.cn",
            "sharepoint.com",
            "test-google-a.com",
            "atlassian.net",
            "zendesk.com",
            "freshdesk.com",
            "service-now.com",
            "my.salesforce.com",
            "slack.com",
            "mailgun.org",
            "your-server.de",
            "bund.de",
            "bayern.de",
            "nrw.de",
            "berlin.de",
            "hamburg.de",
            "hessen.de",
            "sachsen.de",
            "bwl.de",
            "landsh.de",
            "mv-regierung.de",
            "ooe.gv.at",
            "admin.ch",
            "zh.ch",
            "europa.eu",
            "mpg.de",
            "dhbw.de",
            "elkb.de",
            "drk.de",
            "caritas.de",
            "aok.de",
            "ihk.de",
        ] {
            assert!(shared.contains(domain), "{domain}");
            assert_eq!(shared.names(domain), [""; 0], "{domain}");
        }
        for domain in
            ["siemens.com", "atlassian.com", "microsoft.com", "gv.at", "nordlicht.example", "muenchen.de", ""]
        {
            assert!(!shared.contains(domain), "{domain}");
        }
    }

    #[test]
    fn what_is_configured_counts_in_any_writing() {
        let more = ["State.Example", "@b\u{fc}ro.example.", " .party.example "].map(str::to_owned);
        let shared = SharedDomains::new(&more);
        for domain in ["state.example", "xn--bro-hoa.example", "party.example"] {
            assert!(shared.contains(domain), "{domain}");
        }
        assert_eq!(
            shared.names("mail.office.state.example"),
            ["mail.office.state.example", "office.state.example"]
        );
    }

    #[test]
    fn another_list_has_another_digest() {
        let digest = |more: &[&str]| {
            SharedDomains::new(&more.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).digest()
        };
        assert_eq!(digest(&["a.example", "b.example"]), digest(&["B.example", "a.example", "bund.de"]));
        assert_ne!(digest(&["a.example"]), digest(&[]));
    }

    #[test]
    fn what_lies_above_a_shared_name_is_no_more_than_itself() {
        let shared = SharedDomains::new(&["offices.state.example".to_owned()]);
        assert_eq!(shared.names("press.state.example"), ["press.state.example", "state.example"]);
        assert_eq!(shared.names("press.offices.state.example"), ["press.offices.state.example"]);
        assert_eq!(shared.controlled("state.example"), Some("state.example"));
        assert_eq!(shared.controlled("contoso.mail.onmicrosoft.com"), Some("contoso.mail.onmicrosoft.com"));
        assert_eq!(shared.controlled("mail.onmicrosoft.com"), None);
    }
}

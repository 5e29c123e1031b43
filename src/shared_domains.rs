//! Parent domains that strangers share: tenants of a provider, authorities of a state. The public suffix list knows the
//! suffixes below which anybody can register; here are those below which names are given to different owners otherwise.
//!
//! The list is never complete, and nothing is looked up in a network: whoever runs Handover adds to it by configuration.

use std::{collections::HashSet, sync::LazyLock};

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
    /// `more`: domains in lower-case ASCII besides the known ones.
    pub fn new(more: &[String]) -> Self {
        Self { more: more.iter().cloned().collect() }
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
        for domain in KNOWN.iter() {
            assert!(psl::domain_str(domain).is_some(), "{domain} is a public suffix already");
            assert_eq!(domain.to_lowercase(), **domain);
        }
    }
}

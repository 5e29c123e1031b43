//! Mail providers where anybody can have an address: such a domain says nothing about the company behind it.
//!
//! A short kept list (its file names its sources), not a complete one; throw-away providers are not in it.

use std::{collections::HashSet, sync::LazyLock};

static DOMAINS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("free_mail.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Whether the registrable domain `domain` (lower-case ASCII) is a public mail provider's.
pub fn is_free_mail(domain: &str) -> bool {
    DOMAINS.contains(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_canonical_and_knows_the_usual_ones() {
        for domain in DOMAINS.iter() {
            assert_eq!(crate::case::address::registrable_domain(domain), Some(*domain));
            assert_eq!(domain.to_lowercase(), **domain);
        }
        assert!(is_free_mail("gmx.de") && is_free_mail("bluewin.ch") && is_free_mail("aon.at"));
        assert!(!is_free_mail("nordlicht-maschinenbau.example"));
    }
}

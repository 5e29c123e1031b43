//! Mail domains where anybody can have an address: they say nothing about the company behind it.
//!
//! Free-mail providers are a short list kept here (its file names its sources); disposable ones come from a crate whose
//! list is renewed with each of its releases. Neither is complete, and nothing is looked up in a network.

use std::{collections::HashSet, sync::LazyLock};

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// Why a mail domain is nobody's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PublicMail {
    /// Everybody gets a mailbox there.
    Free,
    /// Mailboxes there last for minutes or can be read by all.
    Disposable,
}

static FREE: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("public_mail.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// In order: a set of the 56,000 would take two and a half times the memory.
static DISPOSABLE: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut domains = mailchecker::blacklist();
    domains.sort_unstable();
    domains.shrink_to_fit();
    domains
});

impl PublicMail {
    /// What kind of public provider's `domain` (lower-case ASCII) is, judged by each name from the whole one up to the
    /// registrable one; `None` for what may be a company's own. A free-mail provider that the other list names too is
    /// called free.
    pub fn of(domain: &str) -> Option<Self> {
        let registrable = psl::domain_str(domain)?;
        let names = || {
            std::iter::successors(Some(domain), |name| name.split_once('.').map(|(_, rest)| rest))
                .take_while(|name| name.len() >= registrable.len())
        };
        if names().any(|name| FREE.contains(name)) {
            Some(Self::Free)
        } else if names().any(|name| DISPOSABLE.binary_search(&name).is_ok()) {
            Some(Self::Disposable)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_canonical_and_knows_the_usual_ones() {
        for domain in FREE.iter() {
            assert_eq!(psl::domain_str(domain), Some(*domain));
            assert_eq!(domain.to_lowercase(), **domain);
        }
        for domain in ["gmx.de", "bluewin.ch", "aon.at", "gmail.com", "mail.gmx.net"] {
            assert_eq!(PublicMail::of(domain), Some(PublicMail::Free), "{domain}");
        }
    }

    #[test]
    fn throw_away_providers_are_known_also_below_their_domain() {
        for domain in
            ["mailinator.com", "anything.mailinator.com", "a.b.yopmail.com", "trash-mail.com", "byom.de"]
        {
            assert_eq!(PublicMail::of(domain), Some(PublicMail::Disposable), "{domain}");
        }
    }

    #[test]
    fn companies_and_suffixes_are_not_public_mail() {
        for domain in [
            "nordlicht-maschinenbau.example",
            "atlassian.com",
            "siemens.com",
            "notgmx.de",
            "mailinator.com.nordlicht.example",
            "xn--mller-kva.example",
            "co.uk",
            "",
        ] {
            assert_eq!(PublicMail::of(domain), None, "{domain}");
        }
    }
}

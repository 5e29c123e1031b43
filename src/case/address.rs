//! E-mail addresses and the domains behind them. Says nothing about who owns a mailbox.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::message;

/// An address as RFC 5321 §4.1.2 has it, without display name; the domain in lower case and ASCII (IDNA 2008).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Where a dot in front of the `@` makes no other mailbox, as the provider says itself.
const DOTLESS: [&str; 2] = ["gmail.com", "googlemail.com"];

/// The text is not an e-mail address that mail can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidAddress;

impl FromStr for EmailAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(InvalidAddress)?;
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| InvalidAddress)?;
        let address = format!("{local}@{domain}");
        let options = email_address::Options::default()
            .with_required_tld()
            .without_domain_literal()
            .without_display_text();
        email_address::EmailAddress::parse_with_options(&address, options).map_err(|_| InvalidAddress)?;
        // Quoted local parts are legal and never real; refusing them keeps envelopes and headers simple.
        if local.contains(['"', '\\']) || !local.is_ascii() || address.len() > 254 {
            return Err(InvalidAddress);
        }
        Ok(Self(address))
    }
}

impl EmailAddress {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`, in lower-case ASCII.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The domain somebody can register (public suffix list, publicsuffix.org): `mail.firma.co.at` → `firma.co.at`.
    /// `None` where the domain is itself a public suffix.
    pub fn registrable_domain(&self) -> Option<&str> {
        registrable_domain(self.domain())
    }

    /// Whether mail to both surely ends in one mailbox, however it is written: without regard to case, to what follows a plus
    /// sign (RFC 5233 subaddressing) and, at providers that say so, to dots.
    pub fn shares_mailbox(&self, other: &Self) -> bool {
        self.without_tag() == other.without_tag()
    }

    fn without_tag(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        let base = match local.split_once('+') {
            Some((base, _)) if !base.is_empty() => base,
            _ => local,
        }
        .to_lowercase();
        if DOTLESS.contains(&domain) {
            // One provider under two names.
            return format!("{}@gmail.com", base.replace('.', ""));
        }
        format!("{base}@{domain}")
    }

    /// The mailbox that it most likely ends in: in lower case, without what follows a plus sign (RFC 5233 subaddressing),
    /// and without dots, which large providers do not tell apart. Two people whose addresses differ by a dot alone are
    /// taken for one.
    pub fn mailbox(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        let base = local.split_once('+').map_or(local, |(base, _)| base);
        let base = if base.is_empty() { local } else { base };
        format!("{}@{domain}", base.to_lowercase().replace('.', ""))
    }

    /// Whether one person most likely reads both: [`EmailAddress::mailbox`] is the same. Where identity matters, one person
    /// with two addresses must not count twice.
    pub fn same_person(&self, other: &str) -> bool {
        other.parse::<Self>().is_ok_and(|other| self.mailbox() == other.mailbox())
    }

    /// Whether both name the same mailbox, however the other is written. Local parts are compared without regard to case, as
    /// mail providers do.
    pub fn same_mailbox(&self, other: &str) -> bool {
        message::address::same(&self.0, other.trim())
    }
}

/// The registrable domain of a lower-case ASCII domain by the public suffix list.
pub fn registrable_domain(domain: &str) -> Option<&str> {
    psl::domain_str(domain)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidAddress;
    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_real_addresses_and_refuses_the_rest() {
        let address: EmailAddress = " Jana.Weiß@x.example".replace('ß', "ss").parse().unwrap();
        assert_eq!(address.as_str(), "Jana.Weiss@x.example");
        assert_eq!("a@BÜRO.example".parse::<EmailAddress>().unwrap().domain(), "xn--bro-hoa.example");
        for wrong in [
            "",
            "a",
            "a@",
            "@b.example",
            "a@b",
            "a b@c.example",
            "Jana <a@b.example>",
            "a@[127.0.0.1]",
            "a@b..example",
            "a@b.example\r\nBcc: c@d.example",
            "\"a b\"@c.example",
            "a,b@c.example",
        ] {
            assert!(wrong.parse::<EmailAddress>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn one_mailbox_is_known_under_its_other_names() {
        let parse = |text: &str| text.parse::<EmailAddress>().unwrap();
        for (one, other, shared) in [
            ("eva@müller-idn.example", "EVA@xn--mller-idn-q9a.example", true),
            ("eva@nordlicht.example", "Eva+atlassian@Nordlicht.example", true),
            ("eva.ernst@gmail.com", "evaernst+x@googlemail.com", true),
            // Two people, for all we know.
            ("eva.ernst@nordlicht.example", "evaernst@nordlicht.example", false),
            ("eva@nordlicht.example", "eva@mail.nordlicht.example", false),
            ("+a@nordlicht.example", "+b@nordlicht.example", false),
        ] {
            assert_eq!(parse(one).shares_mailbox(&parse(other)), shared, "{one} {other}");
            assert_eq!(parse(other).shares_mailbox(&parse(one)), shared, "{other} {one}");
        }
    }

    #[test]
    fn one_person_with_many_addresses_is_one() {
        let susanne: EmailAddress = "susanne.weiss@nordlicht.example".parse().unwrap();
        for same in [
            "Susanne.Weiss+it@NORDLICHT.example",
            "susanneweiss@nordlicht.example",
            " s.usanneweiss@nordlicht.example",
        ] {
            assert!(susanne.same_person(same), "{same}");
        }
        for other in [
            "susanne@nordlicht.example",
            "susanne.weiss@nord-licht.example",
            "+it@nordlicht.example",
            "",
            "x",
        ] {
            assert!(!susanne.same_person(other), "{other}");
        }
    }

    #[test]
    fn registrable_domains_follow_the_public_suffix_list() {
        for (address, expected) in [
            ("a@mail.firma.co.at", Some("firma.co.at")),
            ("a@firma.example", Some("firma.example")),
            ("a@x.y.firma.de", Some("firma.de")),
            ("a@mail.nordlicht.co.uk", Some("nordlicht.co.uk")),
            // Whoever hosts pages for others is a suffix of its own: two names below it are two owners.
            ("a@nordlicht.github.io", Some("nordlicht.github.io")),
            ("a@mail.nordlicht.github.io", Some("nordlicht.github.io")),
            ("a@post.BÜRO.example", Some("xn--bro-hoa.example")),
            ("a@post.xn--bro-hoa.example", Some("xn--bro-hoa.example")),
            ("a@co.at", None),
            ("a@co.uk", None),
            ("a@github.io", None),
        ] {
            assert_eq!(address.parse::<EmailAddress>().unwrap().registrable_domain(), expected, "{address}");
        }
    }
}

//! What staff may write down for a caller: any part of the form, of which only the requester's address is needed.
//!
//! Held to the same length and the same secrets as what customers write (law 8). What makes a whole of it is asked of the
//! customer, by the form itself.

use std::{collections::BTreeMap, str::FromStr};

use crate::case::{
    address::EmailAddress,
    characters::find_hidden,
    escalation::{ContactRole, Hosting},
    text::{InvalidText, Text},
};

/// Characters that one line may have.
const LONGEST_LINE: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Line,
    Email,
    Text,
    Hosting,
    Role,
    Tick,
}

/// The fields of the form that staff can fill in, in its order. Never the boxes by which the customer stands for the request.
const KINDS: [(&str, Kind); 17] = [
    ("requester_name", Kind::Line),
    ("requester_email", Kind::Email),
    ("requester_position", Kind::Line),
    ("requester_phone", Kind::Line),
    ("company", Kind::Line),
    ("customer_number", Kind::Line),
    ("hosting", Kind::Hosting),
    ("entitlements", Kind::Text),
    ("departed_name", Kind::Line),
    ("departed_email", Kind::Email),
    ("departed_email_unknown", Kind::Tick),
    ("departed_on", Kind::Line),
    ("contact_role", Kind::Role),
    ("successor_is_requester", Kind::Tick),
    ("successor_name", Kind::Line),
    ("successor_email", Kind::Email),
    ("explanation", Kind::Text),
];

/// Their names, in that order.
pub fn field_names() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(name, _)| *name)
}

/// The field that is needed.
const ADDRESS: &str = "requester_email";

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// There is nobody to write to.
    NoAddress,
    InvalidAddress,
    /// Our own, or Atlassian's: no customer writes from there.
    ForeignAddress,
    /// A character that nobody sees, by its name.
    Hidden(String),
    /// A line break where one line belongs.
    NotOneLine,
    TooLong(usize),
    HoldsPassword,
    HoldsLicenceKey,
    HoldsLink,
    /// None of the words that can be chosen.
    NotAChoice,
}

/// What was written down, read and found in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedWords {
    email: EmailAddress,
    fields: BTreeMap<String, String>,
}

impl PreparedWords {
    /// Reads the fields by name; `foreign` are the domains that no customer writes from.
    ///
    /// # Errors
    /// All mistakes, in the order of the form.
    pub fn parse(
        typed: impl Fn(&str) -> String,
        foreign: &[String],
    ) -> Result<Self, Vec<(&'static str, Mistake)>> {
        let (mut fields, mut mistakes, mut email) = (BTreeMap::new(), Vec::new(), None);
        for (name, kind) in KINDS {
            let typed = typed(name);
            let typed = typed.trim();
            if typed.is_empty() {
                if name == ADDRESS {
                    mistakes.push((name, Mistake::NoAddress));
                }
                continue;
            }
            match read(kind, typed) {
                Ok(read) => {
                    if name == ADDRESS {
                        email = read.parse().ok();
                    }
                    if !read.is_empty() {
                        fields.insert(name.to_owned(), read);
                    }
                }
                Err(mistake) => mistakes.push((name, mistake)),
            }
        }
        let is_foreign = |email: &EmailAddress| foreign.iter().any(|domain| is_below(email.domain(), domain));
        if email.as_ref().is_some_and(is_foreign) {
            mistakes.push((ADDRESS, Mistake::ForeignAddress));
        }
        match email {
            Some(email) if mistakes.is_empty() => Ok(Self { email, fields }),
            _ => Err(mistakes),
        }
    }

    pub fn email(&self) -> &EmailAddress {
        &self.email
    }

    /// By the names of the form; what was left empty is not in it.
    pub fn fields(&self) -> &BTreeMap<String, String> {
        &self.fields
    }
}

/// Whether `host` is `domain` or a name below it.
pub fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn read(kind: Kind, typed: &str) -> Result<String, Mistake> {
    match kind {
        Kind::Line => line(typed),
        Kind::Email => {
            let address: Result<EmailAddress, _> = line(typed)?.parse();
            address.map(|address| address.to_string()).map_err(|_| Mistake::InvalidAddress)
        }
        Kind::Text => text(typed),
        // The caller does not know it, either.
        Kind::Hosting if typed == "unknown" => Ok(typed.to_owned()),
        Kind::Hosting => choice::<Hosting>(typed),
        Kind::Role => choice::<ContactRole>(typed),
        Kind::Tick => Ok("true".to_owned()),
    }
}

fn line(typed: &str) -> Result<String, Mistake> {
    if typed.chars().any(char::is_control) {
        return Err(Mistake::NotOneLine);
    }
    if let Some(hidden) = find_hidden(typed) {
        return Err(Mistake::Hidden(hidden.to_string()));
    }
    if typed.chars().count() > LONGEST_LINE {
        return Err(Mistake::TooLong(LONGEST_LINE));
    }
    text(typed)
}

fn text(typed: &str) -> Result<String, Mistake> {
    match Text::parse(typed) {
        Ok(text) => Ok(text.as_str().to_owned()),
        // Nothing that anybody could read.
        Err(InvalidText::Empty) => Ok(String::new()),
        Err(InvalidText::TooLong) => Err(Mistake::TooLong(Text::MAX)),
        Err(InvalidText::HoldsPassword) => Err(Mistake::HoldsPassword),
        Err(InvalidText::HoldsLicenceKey) => Err(Mistake::HoldsLicenceKey),
        Err(InvalidText::HoldsLink) => Err(Mistake::HoldsLink),
    }
}

fn choice<T: FromStr>(typed: &str) -> Result<String, Mistake> {
    typed.parse::<T>().map(|_| typed.to_owned()).map_err(|_| Mistake::NotAChoice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(typed: &[(&str, &str)]) -> Result<PreparedWords, Vec<(&'static str, Mistake)>> {
        let value = |name: &str| {
            typed.iter().find(|(field, _)| *field == name).map_or(String::new(), |(_, v)| (*v).to_owned())
        };
        PreparedWords::parse(value, &["reseller.example".to_owned(), "atlassian.com".to_owned()])
    }

    #[test]
    fn an_address_is_enough_and_needed() {
        let words = parse(&[("requester_email", " M@Bücher.example ")]).unwrap();
        assert_eq!(words.email().as_str(), "M@xn--bcher-kva.example");
        assert_eq!(words.fields().len(), 1);
        assert_eq!(parse(&[("company", "Nordlicht")]), Err(vec![("requester_email", Mistake::NoAddress)]));
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let long = "x".repeat(201);
        let mistakes = parse(&[
            ("requester_name", &long),
            ("requester_email", "a@mail.reseller.example"),
            ("company", "Nord\u{200b}licht"),
            ("hosting", "on the moon"),
            ("departed_email", "nobody"),
            ("successor_name", "two\nlines"),
            ("explanation", "Passwort: x7!kk2pq"),
        ])
        .unwrap_err();
        let fields: Vec<&str> = mistakes.iter().map(|(field, _)| *field).collect();
        assert_eq!(
            fields,
            [
                "requester_name",
                "company",
                "hosting",
                "departed_email",
                "successor_name",
                "explanation",
                "requester_email"
            ]
        );
        assert!(mistakes.contains(&("explanation", Mistake::HoldsPassword)));
        assert!(mistakes.contains(&("requester_email", Mistake::ForeignAddress)));
    }

    #[test]
    fn what_the_customer_stands_for_is_never_prepared() {
        let words = parse(&[("requester_email", "m@nordlicht.example"), ("authority", "true")]).unwrap();
        assert!(!words.fields().contains_key("authority"));
        assert!(field_names().all(|name| name != "privacy" && name != "authority"));
    }
}

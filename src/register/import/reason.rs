//! Why a line of a file was refused, as data; the words are in `locales/*/register.ftl`.

use std::borrow::Cow;

use super::mapping::Field;
use crate::lang::{Arguments, Language};

/// Why a line was refused. Nothing of a refused line gets into the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The line has another number of columns than the header.
    Columns {
        found: usize,
        expected: usize,
    },
    /// The line could not be read as CSV at all.
    Unreadable,
    /// The entry of a JSON list is not an object.
    NotAnObject,
    /// A control character, as binary data has.
    ControlCharacter {
        field: Field,
    },
    /// Longer than [`super::layout::LONGEST_VALUE`] characters, as after a forgotten quotation mark.
    TooLong {
        field: Field,
    },
    Missing {
        field: Field,
    },
    /// Neither SEN, entitlement number nor site.
    NoNumber,
    NotANumber {
        field: Field,
        value: String,
    },
    UnknownHosting {
        value: String,
    },
    NotADate {
        field: Field,
        value: String,
    },
    NotAnAddress {
        field: Field,
        value: String,
    },
    /// A contact with a name or phone but no address.
    ContactWithoutAddress {
        field: Field,
    },
    NotADomain {
        value: String,
    },
    /// Everybody can have an address there, so it can't stand for a customer.
    PublicMailDomain {
        value: String,
    },
    /// Strangers have names below it, so it can't stand for a customer; one of those names can.
    SharedDomain {
        value: String,
    },
    UnknownPrimary {
        value: String,
    },
    /// An earlier line of the file says something else about the same customer or entitlement.
    Contradiction {
        line: u64,
        field: Field,
    },
    /// The numbers of the line belong to different entitlements.
    DifferentEntitlements,
    /// Only site and product are given, and several entitlements fit.
    SeveralEntitlements,
    /// No customer number is given, and the entitlement belongs to a customer of another name.
    OtherCustomer {
        number: String,
        name: String,
    },
    /// No customer number is given, and several customers bear the name.
    SeveralCustomers {
        name: String,
    },
}

impl Reason {
    /// The message key; also the word in machine-readable reports.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Columns { .. } => "register-refused-columns",
            Self::Unreadable => "register-refused-unreadable",
            Self::NotAnObject => "register-refused-not-an-object",
            Self::ControlCharacter { .. } => "register-refused-control-character",
            Self::TooLong { .. } => "register-refused-too-long",
            Self::Missing { .. } => "register-refused-missing",
            Self::NoNumber => "register-refused-no-number",
            Self::NotANumber { field: Field::Site, .. } => "register-refused-not-a-site",
            Self::NotANumber { field: Field::EntitlementNumber, .. } => {
                "register-refused-not-an-entitlement-number"
            }
            Self::NotANumber { .. } => "register-refused-not-a-sen",
            Self::UnknownHosting { .. } => "register-refused-unknown-hosting",
            Self::NotADate { .. } => "register-refused-not-a-date",
            Self::NotAnAddress { .. } => "register-refused-not-an-address",
            Self::ContactWithoutAddress { .. } => "register-refused-contact-without-address",
            Self::NotADomain { .. } => "register-refused-not-a-domain",
            Self::PublicMailDomain { .. } => "register-refused-public-mail-domain",
            Self::SharedDomain { .. } => "register-refused-shared-domain",
            Self::UnknownPrimary { .. } => "register-refused-unknown-primary",
            Self::Contradiction { .. } => "register-refused-contradiction",
            Self::DifferentEntitlements => "register-refused-different-entitlements",
            Self::SeveralEntitlements => "register-refused-several-entitlements",
            Self::OtherCustomer { .. } => "register-refused-other-customer",
            Self::SeveralCustomers { .. } => "register-refused-several-customers",
        }
    }

    /// The reason in words.
    pub fn text(&self, language: Language) -> String {
        let mut arguments = Arguments::new();
        let mut give = |name: &'static str, value: &str| {
            arguments.insert(Cow::Borrowed(name), value.to_owned().into());
        };
        match self {
            Self::Columns { found, expected } => {
                give("found", &found.to_string());
                give("expected", &expected.to_string());
            }
            Self::ControlCharacter { field }
            | Self::TooLong { field }
            | Self::Missing { field }
            | Self::ContactWithoutAddress { field } => give("field", field.as_str()),
            Self::NotANumber { field, value }
            | Self::NotADate { field, value }
            | Self::NotAnAddress { field, value } => {
                give("field", field.as_str());
                give("value", value);
            }
            Self::UnknownHosting { value }
            | Self::NotADomain { value }
            | Self::PublicMailDomain { value }
            | Self::SharedDomain { value }
            | Self::UnknownPrimary { value } => give("value", value),
            Self::Contradiction { line, field } => {
                give("line", &line.to_string());
                give("field", field.as_str());
            }
            Self::OtherCustomer { number, name } => {
                give("number", number);
                give("name", name);
            }
            Self::SeveralCustomers { name } => give("name", name),
            Self::Unreadable | Self::NotAnObject | Self::NoNumber => {}
            Self::DifferentEntitlements | Self::SeveralEntitlements => {}
        }
        language.text_with(self.key(), &arguments)
    }
}

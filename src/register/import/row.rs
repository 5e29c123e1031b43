//! One record as what it says about a customer, an entitlement and its contacts, parsed or refused.
//!
//! Looks at the record alone; whether it fits the register is for `plan` to say.

use std::collections::BTreeSet;

use super::{
    layout::{Layout, simplified},
    mapping::Field,
    reason::Reason,
    table::Record,
};
use crate::{
    case::{
        address::{EmailAddress, registrable_domain},
        entitlement::EntitlementNumber,
        escalation::Hosting,
    },
    clock::Day,
    public_mail::PublicMail,
    shared_domains::SharedDomains,
};

/// What one record says. `None` and empty mean that the cell is empty or the file has no such column: see [`Layout`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    pub customer_number: Option<String>,
    pub customer_name: Option<String>,
    pub country: Option<String>,
    pub domains: BTreeSet<String>,
    pub sen: Option<String>,
    pub entitlement_number: Option<String>,
    pub site: Option<String>,
    pub product: String,
    pub hosting: Hosting,
    pub tier: Option<String>,
    pub status: Option<String>,
    pub starts_on: Option<Day>,
    pub renews_on: Option<Day>,
    pub technical: Option<RowContact>,
    pub billing: Option<RowContact>,
    pub primary: Option<Role>,
}

/// A contact as a record names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowContact {
    pub name: Option<String>,
    pub email: EmailAddress,
    pub phone: Option<String>,
}

/// What a contact is contact for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Technical,
    Billing,
}

impl Role {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Billing => "billing",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Technical, Self::Billing].into_iter().find(|role| role.as_str() == word)
    }
}

impl Row {
    /// Reads a record, or says the first thing that is wrong with it.
    pub fn parse(layout: &Layout, record: &Record, shared: &SharedDomains) -> Result<Self, Reason> {
        let text = |field| layout.value(field, record);
        let needed = |field| text(field)?.ok_or(Reason::Missing { field });
        let row = Self {
            line: record.line,
            customer_number: text(Field::CustomerNumber)?,
            customer_name: text(Field::CustomerName)?,
            country: text(Field::Country)?,
            domains: parse_domains(&text(Field::Domains)?.unwrap_or_default(), shared)?,
            sen: parse_number(Field::Sen, text(Field::Sen)?)?,
            entitlement_number: parse_number(Field::EntitlementNumber, text(Field::EntitlementNumber)?)?,
            site: parse_number(Field::Site, text(Field::Site)?)?,
            product: needed(Field::Product)?,
            hosting: parse_hosting(&needed(Field::Hosting)?)?,
            tier: text(Field::Tier)?,
            status: text(Field::Status)?.map(|status| status.to_lowercase()),
            starts_on: parse_day(Field::StartsOn, text(Field::StartsOn)?)?,
            renews_on: parse_day(Field::RenewsOn, text(Field::RenewsOn)?)?,
            technical: parse_contact(
                Field::TechnicalEmail,
                text(Field::TechnicalName)?,
                text(Field::TechnicalEmail)?,
                text(Field::TechnicalPhone)?,
            )?,
            billing: parse_contact(
                Field::BillingEmail,
                text(Field::BillingName)?,
                text(Field::BillingEmail)?,
                text(Field::BillingPhone)?,
            )?,
            primary: parse_primary(text(Field::Primary)?)?,
        };
        if row.sen.is_none() && row.entitlement_number.is_none() && row.site.is_none() {
            return Err(Reason::NoNumber);
        }
        if row.customer_number.is_none() && name_key(row.customer_name.as_deref()).is_empty() {
            return Err(Reason::Missing { field: Field::CustomerName });
        }
        Ok(row)
    }
}

/// A company name as it is compared: letters and digits in lower case, everything between them one hyphen.
pub fn name_key(name: Option<&str>) -> String {
    name.unwrap_or_default()
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

fn parse_number(field: Field, value: Option<String>) -> Result<Option<String>, Reason> {
    let Some(value) = value else { return Ok(None) };
    // Exports that have a column for it often leave the letters out.
    let bare = field == Field::Sen && value.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = if bare {
        EntitlementNumber::parse(&format!("SEN-{value}"))
    } else {
        EntitlementNumber::parse(&value)
    };
    match (field, parsed) {
        (Field::Sen, Ok(EntitlementNumber::Sen(number)))
        | (Field::EntitlementNumber, Ok(EntitlementNumber::EntitlementNumber(number)))
        | (Field::Site, Ok(EntitlementNumber::Site(number))) => Ok(Some(number)),
        _ => Err(Reason::NotANumber { field, value }),
    }
}

fn parse_hosting(value: &str) -> Result<Hosting, Reason> {
    match simplified(value).as_str() {
        "server" | "datacenter" | "datacentre" | "dc" => Ok(Hosting::DataCenter),
        "cloud" => Ok(Hosting::Cloud),
        "cloudpartnermanaged" | "partnermanaged" | "partnermanagedcloud" => Ok(Hosting::CloudPartnerManaged),
        _ => Err(Reason::UnknownHosting { value: value.to_owned() }),
    }
}

/// `2027-03-31`, also with a time behind it, or `31.3.2027`.
fn parse_day(field: Field, value: Option<String>) -> Result<Option<Day>, Reason> {
    let Some(value) = value else { return Ok(None) };
    let date = value.split([' ', 'T']).next().unwrap_or_default();
    let parsed = match date.split('.').collect::<Vec<_>>().as_slice() {
        [day, month, year] if year.len() == 4 => match (year.parse(), month.parse(), day.parse()) {
            (Ok(year), Ok(month), Ok(day)) => jiff::civil::Date::new(year, month, day).ok(),
            _ => None,
        },
        _ => jiff::civil::Date::strptime("%Y-%m-%d", date).ok(),
    };
    parsed.map(|day| Some(Day::from(day))).ok_or(Reason::NotADate { field, value })
}

fn parse_contact(
    email_field: Field,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
) -> Result<Option<RowContact>, Reason> {
    let Some(email) = email else {
        let is_named = name.is_some() || phone.is_some();
        return if is_named { Err(Reason::ContactWithoutAddress { field: email_field }) } else { Ok(None) };
    };
    let address: EmailAddress =
        email.parse().map_err(|_| Reason::NotAnAddress { field: email_field, value: email.clone() })?;
    Ok(Some(RowContact { name, email: address, phone }))
}

fn parse_primary(value: Option<String>) -> Result<Option<Role>, Reason> {
    let Some(value) = value else { return Ok(None) };
    Role::parse(&value.to_lowercase()).map(Some).ok_or(Reason::UnknownPrimary { value })
}

/// A list of domains as they are written, in lower-case ASCII. What is not one owner's alone is refused: a public suffix, a
/// public mail provider's, and a parent that strangers share, or somebody else below it would speak for the customer.
fn parse_domains(value: &str, shared: &SharedDomains) -> Result<BTreeSet<String>, Reason> {
    value
        .split([' ', ',', ';'])
        .filter(|item| !item.is_empty())
        .map(|item| {
            let wrong = || Reason::NotADomain { value: item.to_owned() };
            let host = item.trim_start_matches("https://").trim_start_matches("http://");
            let host = host.trim_start_matches('@').trim_end_matches(['/', '.']);
            let ascii = idna::domain_to_ascii_strict(host).map_err(|_| wrong())?;
            let domain = without_www(&ascii);
            registrable_domain(domain).filter(|_| !is_number(domain)).ok_or_else(wrong)?;
            if PublicMail::of(domain).is_some() {
                return Err(Reason::PublicMailDomain { value: domain.to_owned() });
            }
            if shared.contains(domain) {
                return Err(Reason::SharedDomain { value: domain.to_owned() });
            }
            Ok(domain.to_owned())
        })
        .collect()
}

/// The address of a web site, which lists of customers often hold, for the domain it stands for: nobody writes from `www.`.
fn without_www(domain: &str) -> &str {
    domain.strip_prefix("www.").filter(|rest| registrable_domain(rest).is_some()).unwrap_or(domain)
}

/// `192.0.2.1`: no top-level domain is a number.
fn is_number(domain: &str) -> bool {
    domain.rsplit('.').next().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::import::{
        mapping::{Mapping, MappingChoice},
        table::Table,
    };

    /// A row of our own format from the named cells, over a good one.
    fn parse(cells: &[(&str, &str)]) -> Result<Row, Reason> {
        let mut good = vec![
            ("customer_number", "K-1"),
            ("customer_name", "Nordlicht GmbH"),
            ("sen", "SEN-10000001"),
            ("product", "Jira"),
            ("hosting", "Cloud"),
        ];
        good.retain(|(name, _)| !cells.iter().any(|(other, _)| name == other));
        good.extend(cells);
        let (columns, values): (Vec<_>, Vec<_>) = good.into_iter().unzip();
        let quoted = |cells: Vec<&str>| format!("\"{}\"", cells.join("\",\""));
        let text = format!("{}\n{}\n", quoted(columns), quoted(values));
        let table = Table::parse(&text).unwrap();
        let mapping = Mapping::load(&MappingChoice::default()).unwrap();
        let shared = SharedDomains::new(&["state.example".to_owned()]);
        let layout = Layout::find(&mapping, &table).unwrap();
        Row::parse(&layout, &table.into_records().next().unwrap(), &shared)
    }

    #[test]
    fn hosting_words_are_normalised() {
        for (word, hosting) in [
            ("Server", Hosting::DataCenter),
            ("Data Center", Hosting::DataCenter),
            ("data_center", Hosting::DataCenter),
            ("CLOUD", Hosting::Cloud),
            ("Cloud (partner-managed)", Hosting::CloudPartnerManaged),
            ("cloud_partner_managed", Hosting::CloudPartnerManaged),
        ] {
            assert_eq!(parse(&[("hosting", word)]).unwrap().hosting, hosting, "{word}");
        }
        let refused = parse(&[("hosting", "on the moon")]);
        assert_eq!(refused, Err(Reason::UnknownHosting { value: "on the moon".into() }));
    }

    #[test]
    fn dates_are_iso_or_german() {
        let expected = Some(Day::from(jiff::civil::date(2027, 3, 1)));
        for text in ["2027-03-01", "1.3.2027", "01.03.2027", "2027-03-01T00:00:00Z", "2027-03-01 12:00"] {
            assert_eq!(parse(&[("renews_on", text)]).unwrap().renews_on, expected, "{text}");
        }
        for text in ["31.2.2027", "3/1/2027", "1.3.27", "2027-13-01", "soon", "20270301", "=TODAY()"] {
            let refused = Err(Reason::NotADate { field: Field::RenewsOn, value: text.into() });
            assert_eq!(parse(&[("renews_on", text)]), refused);
        }
    }

    #[test]
    fn numbers_get_their_canonical_writing_and_their_own_column() {
        let row = parse(&[("sen", "12345678"), ("site", "https://Nordlicht.atlassian.net/wiki")]).unwrap();
        assert_eq!(row.sen.as_deref(), Some("SEN-12345678"));
        assert_eq!(row.site.as_deref(), Some("nordlicht.atlassian.net"));
        let refused = Reason::NotANumber { field: Field::Sen, value: "E-3W8-NHD-V5E-GM7".into() };
        assert_eq!(parse(&[("sen", "E-3W8-NHD-V5E-GM7")]), Err(refused));
        assert_eq!(parse(&[("sen", " ")]), Err(Reason::NoNumber));
    }

    #[test]
    fn domains_stay_as_they_are_written() {
        let written = "mail.Nordlicht.example; https://M\u{fc}ller.example/, @x.co.at www.suedlicht.example \
            contoso.onmicrosoft.com poststelle.office.state.example. www.co.at";
        let row = parse(&[("domains", written)]).unwrap();
        let expected = [
            "contoso.onmicrosoft.com",
            "mail.nordlicht.example",
            "poststelle.office.state.example",
            "suedlicht.example",
            "www.co.at",
            "x.co.at",
            "xn--mller-kva.example",
        ];
        assert_eq!(row.domains.iter().collect::<Vec<_>>(), expected);
        for wrong in ["co.at", "not_a_domain!", "a..example", "github.io", "192.0.2.1", "localhost"] {
            assert_eq!(parse(&[("domains", wrong)]), Err(Reason::NotADomain { value: wrong.into() }));
        }
    }

    #[test]
    fn what_is_not_one_owners_alone_is_refused_as_a_domain() {
        for (written, value) in
            [("gmx.de", "gmx.de"), ("mail.GMX.de", "mail.gmx.de"), ("www.web.de", "web.de")]
        {
            assert_eq!(parse(&[("domains", written)]), Err(Reason::PublicMailDomain { value: value.into() }));
        }
        for (written, value) in [
            ("onmicrosoft.com", "onmicrosoft.com"),
            ("nordlicht.example; https://www.Bund.de/", "bund.de"),
            ("@mail.onmicrosoft.com", "mail.onmicrosoft.com"),
            ("STATE.example", "state.example"),
        ] {
            assert_eq!(parse(&[("domains", written)]), Err(Reason::SharedDomain { value: value.into() }));
        }
    }

    #[test]
    fn contacts_need_an_address() {
        let row = parse(&[("technical_email", "Petra.Abend@Nordlicht.example")]).unwrap();
        assert_eq!(row.technical.unwrap().email.as_str(), "Petra.Abend@nordlicht.example");
        assert_eq!(
            parse(&[("billing_name", "Jonas Reuter")]),
            Err(Reason::ContactWithoutAddress { field: Field::BillingEmail })
        );
        assert_eq!(
            parse(&[("billing_email", "nobody")]),
            Err(Reason::NotAnAddress { field: Field::BillingEmail, value: "nobody".into() })
        );
    }

    #[test]
    fn values_are_plain_text() {
        let row = parse(&[("customer_name", " =HYPERLINK(1)\u{a0}\n  GmbH "), ("tier", "@x")]).unwrap();
        assert_eq!(row.customer_name.as_deref(), Some("=HYPERLINK(1) GmbH"));
        assert_eq!(row.tier.as_deref(), Some("@x"));
        let refused = Err(Reason::ControlCharacter { field: Field::Product });
        assert_eq!(parse(&[("product", "Ji\0ra")]), refused);
        let refused = Err(Reason::TooLong { field: Field::Product });
        assert_eq!(parse(&[("product", &"x".repeat(501))]), refused);
    }

    #[test]
    fn companies_are_compared_by_their_letters_and_digits() {
        let key = name_key(Some("  M\u{fc}ller & S\u{f6}hne GmbH. "));
        assert_eq!(key, "m\u{fc}ller-s\u{f6}hne-gmbh");
        assert_eq!(name_key(Some("--")), "");
        assert_eq!(
            parse(&[("customer_number", ""), ("customer_name", "-")]),
            Err(Reason::Missing { field: Field::CustomerName })
        );
    }
}

//! What an import did or would do, for people and for machines. Holds numbers, field names and lines, no values of good lines.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
};

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{
    domains::LeftOut,
    layout::Layout,
    mapping::Field,
    reason::Reason,
    row::Role,
    state::{Contact, Counts, Customer, Entitlement, State},
    table::Format,
    text::TextEncoding,
};
use crate::lang::{Arguments, Language};

/// Changes that the text lists one by one; the JSON lists all.
const CHANGES_IN_TEXT: usize = 30;

/// What an import did, or in a dry run would have done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub dry_run: bool,
    pub format: Format,
    pub encoding: TextEncoding,
    /// Lines or entries that hold anything, the header not counted.
    pub lines: usize,
    /// The entitlements that the good lines speak of.
    #[serde(flatten)]
    pub entitlements: Counts,
    pub customers: Counts,
    pub changes: Vec<Change>,
    pub refused: Vec<Refused>,
    /// Columns of the file that no field was read from.
    pub unused_columns: Vec<String>,
    /// Domains of contacts that more than one customer's contacts have, and that therefore stand for none.
    pub shared_domains: BTreeSet<String>,
    /// Domains of contacts below which strangers have names, and that therefore stand for nobody.
    pub shared_parents: BTreeSet<String>,
}

/// A customer or entitlement that was there before and is different now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The first line that speaks of it.
    pub line: u64,
    /// Customer number, or the number or site of the entitlement.
    pub what: String,
    /// Names of the fields that differ, as in mappings; `technical_email` and `billing_email` stand for the contact.
    pub fields: Vec<&'static str>,
}

/// A line nothing was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The line of a CSV file as an editor counts; the number of the entry in JSON, from 1.
    pub line: u64,
    pub reason: Reason,
}

impl Serialize for Refused {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut refused = serializer.serialize_struct("Refused", 3)?;
        refused.serialize_field("line", &self.line)?;
        refused.serialize_field("reason", &self.reason.text(Language::En))?;
        refused.serialize_field("key", self.reason.key())?;
        refused.end()
    }
}

impl Report {
    pub(super) fn new(
        (format, columns): (Format, &[String]),
        layout: &Layout,
        (encoding, lines): (TextEncoding, usize),
        dry_run: bool,
        state: &State,
        refused: Vec<(u64, Reason)>,
        left_out: LeftOut,
    ) -> Self {
        let mut refused: Vec<Refused> =
            refused.into_iter().map(|(line, reason)| Refused { line, reason }).collect();
        refused.sort_by_key(|refused| refused.line);
        let mut report = Self {
            dry_run,
            format,
            encoding,
            lines,
            entitlements: Counts::default(),
            customers: Counts::default(),
            changes: Vec::new(),
            refused,
            unused_columns: layout.unused(columns).into_iter().map(str::to_owned).collect(),
            shared_domains: left_out.claimed_twice,
            shared_parents: left_out.parents,
        };
        report.count(state);
        report
    }

    fn count(&mut self, state: &State) {
        for customer in &state.customers {
            let Some(line) = customer.line else { continue };
            let fields = customer.stored.as_ref().map(|_| changed_fields_of_customer(customer));
            let change = note(&mut self.customers, line, &customer.now.number, fields);
            self.changes.extend(change);
        }
        for entitlement in &state.entitlements {
            let Some(line) = entitlement.line else { continue };
            let fields = entitlement.stored.as_ref().map(|_| changed_fields_of_entitlement(entitlement));
            let change = note(&mut self.entitlements, line, entitlement.label(), fields);
            self.changes.extend(change);
        }
        self.changes.sort_by_key(|change| change.line);
    }

    /// The report in words, with a line break at the end.
    pub fn text(&self, language: Language) -> String {
        let mut lines = self.summary(language);
        for Refused { line, reason } in &self.refused {
            let place = self.place(*line, language);
            lines.push(sentence(
                language,
                "register-item",
                [("place", place), ("text", reason.text(language))],
            ));
        }
        for Change { line, what, fields } in self.changes.iter().take(CHANGES_IN_TEXT) {
            let place = self.place(*line, language);
            let values = [("place", place), ("what", what.clone()), ("fields", fields.join(", "))];
            lines.push(sentence(language, "register-change", values));
        }
        if let Some(more @ 1..) = self.changes.len().checked_sub(CHANGES_IN_TEXT) {
            lines.push(sentence(language, "register-more-changes", [("count", more.to_string())]));
        }
        if !self.unused_columns.is_empty() {
            let columns = self.unused_columns.join(", ");
            lines.push(sentence(language, "register-unused-columns", [("columns", columns)]));
        }
        let left_out = [
            ("register-shared-domains", &self.shared_domains),
            ("register-shared-parents", &self.shared_parents),
        ];
        for (key, domains) in left_out.into_iter().filter(|(_, domains)| !domains.is_empty()) {
            let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
            lines.push(sentence(language, key, [("domains", domains.join(", "))]));
        }
        lines.join("\n") + "\n"
    }

    fn summary(&self, language: Language) -> Vec<String> {
        let format = match self.format {
            Format::Csv { delimiter: '\t' } => language.text("register-format-tabs"),
            Format::Csv { delimiter } => format!("CSV ({delimiter})"),
            Format::Json => "JSON".to_owned(),
        };
        let encoding = self.encoding.as_str().to_owned();
        let read = [("lines", self.lines.to_string()), ("format", format), ("encoding", encoding)];
        let mut lines = vec![
            language.text(if self.dry_run { "register-dry-run" } else { "register-imported" }),
            sentence(language, "register-read", read),
        ];
        if self.encoding == TextEncoding::Windows1252 {
            lines.push(language.text("register-encoding-guessed"));
        }
        lines.push(sentence(language, "register-entitlements", counted(self.entitlements)));
        lines.push(sentence(language, "register-customers", counted(self.customers)));
        lines.push(sentence(language, "register-refused", [("count", self.refused.len().to_string())]));
        lines
    }

    fn place(&self, line: u64, language: Language) -> String {
        let key = match self.format {
            Format::Csv { .. } => "register-line",
            Format::Json => "register-entry",
        };
        sentence(language, key, [("line", line.to_string())])
    }
}

fn sentence<const N: usize>(language: Language, key: &str, values: [(&'static str, String); N]) -> String {
    let arguments: Arguments<'_> =
        values.into_iter().map(|(name, value)| (Cow::Borrowed(name), value.into())).collect();
    language.text_with(key, &arguments)
}

fn counted(counts: Counts) -> [(&'static str, String); 3] {
    [("added", counts.added), ("changed", counts.changed), ("unchanged", counts.unchanged)]
        .map(|(name, count)| (name, count.to_string()))
}

/// Counts one thing of the file; says how it changed if it did. `fields` is `None` for what was not there before.
fn note(counts: &mut Counts, line: u64, what: &str, fields: Option<Vec<&'static str>>) -> Option<Change> {
    match fields {
        None => counts.added += 1,
        Some(fields) if fields.is_empty() => counts.unchanged += 1,
        Some(fields) => {
            counts.changed += 1;
            return Some(Change { line, what: what.to_owned(), fields });
        }
    }
    None
}

fn changed_fields_of_customer(customer: &Customer) -> Vec<&'static str> {
    let Some(stored) = &customer.stored else { return Vec::new() };
    let now = &customer.now;
    names([
        (Field::CustomerName, stored.name != now.name),
        (Field::Country, stored.country != now.country),
        (Field::Domains, stored.domains != now.domains),
    ])
}

fn changed_fields_of_entitlement(entitlement: &Entitlement) -> Vec<&'static str> {
    let Some(stored) = &entitlement.stored else { return Vec::new() };
    let now = &entitlement.now;
    let contacts_differ =
        |role| contacts_of(&entitlement.stored_contacts, role) != contacts_of(&entitlement.contacts, role);
    names([
        (Field::CustomerNumber, stored.customer != now.customer),
        (Field::Sen, stored.sen != now.sen),
        (Field::EntitlementNumber, stored.entitlement_number != now.entitlement_number),
        (Field::Site, stored.site != now.site),
        (Field::Product, stored.product != now.product),
        (Field::Hosting, stored.hosting != now.hosting),
        (Field::Tier, stored.tier != now.tier),
        (Field::Status, stored.status != now.status),
        (Field::StartsOn, stored.starts_on != now.starts_on),
        (Field::RenewsOn, stored.renews_on != now.renews_on),
        (Field::TechnicalEmail, contacts_differ(Role::Technical)),
        (Field::BillingEmail, contacts_differ(Role::Billing)),
    ])
}

fn contacts_of(contacts: &[Contact], role: Role) -> HashSet<&Contact> {
    contacts.iter().filter(|contact| contact.role == role).collect()
}

fn names<const N: usize>(fields: [(Field, bool); N]) -> Vec<&'static str> {
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field.as_str()).collect()
}

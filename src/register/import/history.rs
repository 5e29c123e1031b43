//! Keeps what an import did, in its transaction: who ran it with which file, how much it added, changed and removed, whose it
//! was, and which lines it refused why. For whoever later asks which file made a customer's contacts what they are.
//!
//! Of a refused line it keeps where and why, never what stood there: the file says that, and this is kept for good.

use std::collections::{BTreeSet, HashSet};

use anyhow::Context as _;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Sender,
    reason::Reason,
    report::{Refused, Report},
    state::{Contact, CustomerAt, State},
};
use crate::{
    clock::Timestamp,
    token::{Sha256Bytes, sha256},
};

/// So many refused lines are kept; their number always is.
const MOST_REFUSALS: usize = 200;
/// Longest name of a file or account that is kept, in characters.
const LONGEST: usize = 200;

/// What is imported; names are empty where nobody says them.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub bytes: &'a [u8],
    /// Without its folder.
    pub file: &'a str,
    /// The account that runs the import.
    pub ran_by: &'a str,
    /// Of a program with a token: whose.
    pub sender: Option<Sender<'a>>,
}

/// Notes an import that is about to be committed.
pub(super) async fn keep(
    connection: &mut PgConnection,
    given: Given<'_>,
    report: &Report,
    state: &State,
    now: Timestamp,
) -> anyhow::Result<()> {
    let digest: Sha256Bytes = sha256(given.bytes);
    let removed = Difference::of(state);
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let refusals: Vec<Value> = report.refused.iter().take(MOST_REFUSALS).map(refusal).collect();
    let id = sqlx::query_scalar!(
        "insert into import_reports (at, ran_by, file_name, file_digest, lines, customers_added, customers_changed,
             customers_unchanged, entitlements_added, entitlements_changed, entitlements_unchanged, contacts_added,
             contacts_removed, domains_added, domains_removed, refused, refusals, contacts_changed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) returning id",
        now as Timestamp,
        short(given.ran_by),
        short(given.file),
        &digest,
        number(report.lines),
        number(report.customers.added),
        number(report.customers.changed),
        number(report.customers.unchanged),
        number(report.entitlements.added),
        number(report.entitlements.changed),
        number(report.entitlements.unchanged),
        number(removed.contacts_added),
        number(removed.contacts_removed),
        number(removed.domains_added),
        number(removed.domains_removed),
        number(report.refused.len()),
        Value::Array(refusals),
        number(removed.contacts_changed),
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not keep what the import did")?;
    sqlx::query!(
        "insert into import_customers (import_id, customer_id) select $1, unnest($2::uuid[])",
        id,
        &removed.customers,
    )
    .execute(connection)
    .await
    .context("could not keep whom the import was about")?;
    Ok(())
}

/// PostgreSQL takes no NUL; names of files may hold anything else.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

fn refusal(refused: &Refused) -> Value {
    let mut kept = json!({ "line": refused.line, "key": refused.reason.key() });
    let Some(object) = kept.as_object_mut() else { return kept };
    match &refused.reason {
        Reason::Columns { found, expected } => {
            object.insert("found".to_owned(), json!(found));
            object.insert("expected".to_owned(), json!(expected));
        }
        Reason::ControlCharacter { field }
        | Reason::TooLong { field }
        | Reason::Missing { field }
        | Reason::ContactWithoutAddress { field }
        | Reason::NotANumber { field, .. }
        | Reason::NotADate { field, .. }
        | Reason::NotAnAddress { field, .. } => {
            object.insert("field".to_owned(), json!(field.as_str()));
        }
        Reason::Contradiction { line, field } => {
            object.insert("other_line".to_owned(), json!(line));
            object.insert("field".to_owned(), json!(field.as_str()));
        }
        Reason::Unreadable
        | Reason::NotAnObject
        | Reason::NoNumber
        | Reason::UnknownHosting { .. }
        | Reason::NotADomain { .. }
        | Reason::PublicMailDomain { .. }
        | Reason::SharedDomain { .. }
        | Reason::UnknownPrimary { .. }
        | Reason::DifferentEntitlements
        | Reason::SeveralEntitlements
        | Reason::OtherCustomer { .. }
        | Reason::SeveralCustomers { .. } => {}
    }
    kept
}

/// What is other than before, beside what the report counts.
#[derive(Default)]
struct Difference {
    contacts_added: usize,
    contacts_removed: usize,
    /// The same contact by another name, number or role.
    contacts_changed: usize,
    domains_added: usize,
    domains_removed: usize,
    /// Whose something is other than before, however small.
    customers: Vec<Uuid>,
}

impl Difference {
    fn of(state: &State) -> Self {
        let mut difference = Self::default();
        let mut touched: BTreeSet<CustomerAt> = BTreeSet::new();
        for (at, customer) in state.customers.iter().enumerate() {
            if customer.stored.as_ref() == Some(&customer.now) {
                continue;
            }
            touched.insert(at);
            let none = BTreeSet::new();
            let before = customer.stored.as_ref().map_or(&none, |stored| &stored.domains);
            difference.domains_added += customer.now.domains.difference(before).count();
            difference.domains_removed += before.difference(&customer.now.domains).count();
        }
        for entitlement in &state.entitlements {
            let before: HashSet<Uuid> =
                entitlement.stored_contacts.iter().map(|contact| contact.id).collect();
            let after: HashSet<Uuid> = entitlement.contacts.iter().map(|contact| contact.id).collect();
            difference.contacts_added += after.difference(&before).count();
            difference.contacts_removed += before.difference(&after).count();
            let is_changed = |contact: &&Contact| {
                let before = entitlement.stored_contacts.iter().find(|before| before.id == contact.id);
                before.is_some_and(|before| before != *contact)
            };
            difference.contacts_changed += entitlement.contacts.iter().filter(is_changed).count();
            let same = entitlement.stored.as_ref() == Some(&entitlement.now)
                && entitlement.contacts == entitlement.stored_contacts;
            if !same {
                touched.insert(entitlement.now.customer);
                touched.extend(entitlement.stored.as_ref().map(|stored| stored.customer));
            }
        }
        difference.customers =
            touched.into_iter().filter_map(|at| state.customer(at)).map(|customer| customer.id).collect();
        difference
    }
}

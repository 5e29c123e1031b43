//! What makes the register weak, by customer, as the database's function `register_findings` says. Prevention begins here: each of
//! them is a case that will one day be hard to prove, or that somebody else could win.
//!
//! Asks of given customers, which takes milliseconds. The whole register is looked through elsewhere ([`super::survey`]).

use std::collections::HashMap;

use anyhow::Context as _;
use jiff::ToSpan as _;
use serde::Serialize;
use sqlx::PgConnection;
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use crate::{
    app::App,
    clock::{Day, Timestamp},
    public_mail::PublicMail,
};

/// In the order in which they are told: what is worst first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Finding {
    /// Mail to a contact came back for good.
    Bounced,
    /// A case of ours changed the contact, and a later import does not show it.
    ChangeContradicted,
    /// Whoever reads the mailbox says that the contact is no longer the right one.
    SaidGone,
    /// A domain on record does not exist, or no longer: whoever registers it receives the customer's mail.
    DomainGone,
    /// A domain on record has other servers, or came back, within the days that signals look back.
    DomainMoved,
    /// One person for everything.
    SingleContact,
    /// Both roles of a licence with the same person.
    SamePerson,
    /// A licence without a primary contact.
    NoPrimary,
    /// No contact can be called.
    NoPhone,
    /// A contact at a provider where anybody can have a mailbox.
    PublicMail,
    /// An address that several customers name: an outside administrator, or a mistake.
    SharedContact,
}

impl Finding {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Within how many days a licence of the customer renews.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, EnumString, VariantArray)]
pub enum Ahead {
    #[serde(rename = "30")]
    #[strum(serialize = "30")]
    Month,
    #[serde(rename = "60")]
    #[strum(serialize = "60")]
    TwoMonths,
    #[serde(rename = "90")]
    #[strum(serialize = "90")]
    Quarter,
}

impl Ahead {
    fn days(self) -> i64 {
        match self {
            Self::Month => 30,
            Self::TwoMonths => 60,
            Self::Quarter => 90,
        }
    }
}

/// What the questions need to know beside the register itself.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    pub domains_since: Timestamp,
    pub today: Day,
}

impl Asking {
    pub fn of(app: &App) -> Self {
        let now = app.clock.now();
        let days = i64::from(app.settings.signals.domain_change_days);
        Self {
            domains_since: now.after(jiff::SignedDuration::from_hours(days.saturating_mul(-24))),
            today: now.day_in(&app.zone),
        }
    }

    pub fn within(&self, ahead: Ahead) -> Day {
        self.today.saturating_add(ahead.days().days()).into()
    }
}

/// Which mail domains of contacts are public, of these customers or of all: the lists of those are the program's, not the database's.
pub async fn public_domains(
    connection: &mut PgConnection,
    customers: Option<&[Uuid]>,
) -> anyhow::Result<Vec<String>> {
    let mut domains = sqlx::query_scalar!(
        r#"select distinct split_part(lower(k.email), '@', 2) collate "C" as "domain!"
           from entitlements e join contacts k on k.entitlement_id = e.id
           where $1::uuid[] is null or e.customer_id = any($1)"#,
        customers as Option<&[Uuid]>,
    )
    .fetch_all(connection)
    .await
    .context("could not read the mail domains of contacts")?;
    domains.retain(|domain| PublicMail::of(domain).is_some());
    Ok(domains)
}

/// One finding of a customer, with what it is about: addresses, domains, licences.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    pub finding: Finding,
    /// The first few.
    pub what: Vec<String>,
    /// How many there are beside those.
    pub more: i64,
}

/// So many addresses, domains or licences are named for one finding.
const MOST_NAMED: usize = 3;

/// All that is found of these customers.
pub async fn explain(
    connection: &mut PgConnection,
    asking: &Asking,
    customers: &[Uuid],
) -> anyhow::Result<HashMap<Uuid, Vec<Found>>> {
    let public = public_domains(&mut *connection, Some(customers)).await?;
    let rows = sqlx::query!(
        r#"select customer_id as "customer_id!", finding as "finding!", count(*) as "count!",
             (array_agg(what order by what))[1:$4::int] as "what!: Vec<String>"
           from register_findings(null, $1, $2, $3) group by customer_id, finding"#,
        customers,
        &public,
        asking.domains_since as Timestamp,
        i32::try_from(MOST_NAMED).unwrap_or(i32::MAX),
    )
    .fetch_all(connection)
    .await
    .context("could not read what makes the register weak")?;
    let mut found: HashMap<Uuid, Vec<Found>> = HashMap::new();
    for row in rows {
        let finding = row.finding.parse().context("an unknown finding")?;
        let named = i64::try_from(row.what.len()).unwrap_or(i64::MAX);
        let what = row.what.into_iter().filter(|what| !what.is_empty()).collect();
        found.entry(row.customer_id).or_default().push(Found {
            finding,
            what,
            more: row.count.saturating_sub(named),
        });
    }
    for findings in found.values_mut() {
        findings.sort_by_key(|found| found.finding);
    }
    Ok(found)
}

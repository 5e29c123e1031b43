//! What makes the register weak, by customer, as the database's function `register_findings` says. Prevention begins here: each of
//! them is a case that will one day be hard to prove, or that somebody else could win.
//!
//! Every question is one statement over the whole register, some 0.1 s for 10,000 customers with 40,000 contacts; no page asks
//! more than three of them.

use std::collections::HashMap;

use anyhow::Context as _;
use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};
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
pub struct Asking {
    public_domains: Vec<String>,
    domains_since: Timestamp,
    today: Day,
}

impl Asking {
    /// Reads which mail domains of contacts are public: the lists of those are the program's, not the database's.
    pub async fn read(connection: &mut PgConnection, app: &App) -> anyhow::Result<Self> {
        let domains = sqlx::query_scalar!(
            r#"select distinct split_part(lower(email), '@', 2) as "domain!" from contacts"#
        )
        .fetch_all(connection)
        .await
        .context("could not read the mail domains of contacts")?;
        let now = app.clock.now();
        let days = i64::from(app.settings.signals.domain_change_days);
        Ok(Self {
            public_domains: domains.into_iter().filter(|domain| PublicMail::of(domain).is_some()).collect(),
            domains_since: now.after(jiff::SignedDuration::from_hours(days.saturating_mul(-24))),
            today: now.day_in(&app.zone),
        })
    }

    fn within(&self, ahead: Ahead) -> Day {
        self.today.saturating_add(ahead.days().days()).into()
    }
}

/// Of how many customers something is found, and of how many of them a licence renews soon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    pub customers: i64,
    pub within_30: i64,
    pub within_60: i64,
    pub within_90: i64,
}

/// Of each finding, and of all together.
#[derive(Debug, Default)]
pub struct Counts {
    pub any: Count,
    by_finding: HashMap<String, Count>,
}

impl Counts {
    pub async fn read(connection: &mut PgConnection, asking: &Asking) -> anyhow::Result<Self> {
        let rows = sqlx::query!(
            r#"with found as materialized (
                 select distinct customer_id, finding from register_findings(null, null, $1, $2)),
               ahead as (
                 select customer_id, min(renews_on) as renews_on from entitlements
                 where renews_on between $3 and $6 group by customer_id)
               select finding, count(distinct customer_id) as "customers!",
                 count(distinct customer_id) filter (where renews_on <= $4) as "within_30!",
                 count(distinct customer_id) filter (where renews_on <= $5) as "within_60!",
                 count(distinct customer_id) filter (where renews_on <= $6) as "within_90!"
               from found left join ahead using (customer_id) group by grouping sets ((finding), ())"#,
            &asking.public_domains,
            asking.domains_since as Timestamp,
            asking.today as Day,
            asking.within(Ahead::Month) as Day,
            asking.within(Ahead::TwoMonths) as Day,
            asking.within(Ahead::Quarter) as Day,
        )
        .fetch_all(connection)
        .await
        .context("could not count what makes the register weak")?;
        let mut counts = Self::default();
        for row in rows {
            let count = Count {
                customers: row.customers,
                within_30: row.within_30,
                within_60: row.within_60,
                within_90: row.within_90,
            };
            match row.finding {
                Some(finding) => {
                    counts.by_finding.insert(finding, count);
                }
                None => counts.any = count,
            }
        }
        Ok(counts)
    }

    pub fn of(&self, finding: Finding) -> Count {
        self.by_finding.get(finding.as_str()).copied().unwrap_or_default()
    }
}

/// A customer of whom something is found.
#[derive(Clone, Debug)]
pub struct Weak {
    pub id: Uuid,
    pub number: String,
    pub name: String,
    /// The next renewal within 90 days.
    pub renews_on: Option<Day>,
    sort_name: String,
}

/// Where a page ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    renews_on: Option<Day>,
    sort_name: String,
    number: String,
}

impl Weak {
    pub fn after(&self) -> After {
        After { renews_on: self.renews_on, sort_name: self.sort_name.clone(), number: self.number.clone() }
    }
}

/// The customers with this finding, or with any: those whose licences renew soonest first, then by name.
pub async fn list(
    connection: &mut PgConnection,
    asking: &Asking,
    finding: Option<Finding>,
    ahead: Option<Ahead>,
    after: Option<&After>,
    limit: i64,
) -> anyhow::Result<Vec<Weak>> {
    sqlx::query_as!(
        Weak,
        r#"select c.id, c.number, c.name, a.renews_on as "renews_on?: Day", lower(c.name) as "sort_name!"
           from (select distinct customer_id from register_findings($1, null, $2, $3)) f
           join customers c on c.id = f.customer_id
           left join (
               select customer_id, min(renews_on) as renews_on from entitlements
               where renews_on between $4 and $5 group by customer_id) a on a.customer_id = c.id
           where ($6::date is null or a.renews_on <= $6)
               and (not $7::bool or (coalesce(a.renews_on, 'infinity'), lower(c.name), c.number)
                   > (coalesce($8::date, 'infinity'), $9, $10))
           order by coalesce(a.renews_on, 'infinity'), lower(c.name), c.number limit $11"#,
        finding.map(Finding::as_str),
        &asking.public_domains,
        asking.domains_since as Timestamp,
        asking.today as Day,
        asking.within(Ahead::Quarter) as Day,
        ahead.map(|ahead| asking.within(ahead)) as Option<Day>,
        after.is_some(),
        after.and_then(|after| after.renews_on) as Option<Day>,
        after.map(|after| after.sort_name.as_str()).unwrap_or_default(),
        after.map(|after| after.number.as_str()).unwrap_or_default(),
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list what makes the register weak")
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
    let rows = sqlx::query!(
        r#"select customer_id as "customer_id!", finding as "finding!", count(*) as "count!",
             (array_agg(what order by what))[1:$4::int] as "what!: Vec<String>"
           from register_findings(null, $1, $2, $3) group by customer_id, finding"#,
        customers,
        &asking.public_domains,
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

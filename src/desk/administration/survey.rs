//! The whole register looked through for what makes it weak: sizes, and of each customer of whom something is found which findings.
//!
//! To look through 100,000 customers with 400,000 contacts takes seconds, so a process keeps what it found, some 30 bytes a customer,
//! and looks again after ten minutes, an import or midnight. What is found of one customer is read as it is now:
//! [`super::findings::explain`].

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection};
use strum::VariantArray as _;
use tokio::{task::JoinHandle, time::timeout};
use uuid::Uuid;

use super::findings::{Ahead, Asking, Finding, public_domains};
use crate::{
    app::App,
    clock::{Day, Timestamp},
    web::error::Overloaded,
};

/// Then it is looked again, while the last survey is shown.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);
/// Whoever comes while nothing is known waits so long, and is told to come again.
const PATIENCE: Duration = Duration::from_secs(8);
/// Nobody waits for it, and no other work is held up.
const BEGIN: &str = "begin isolation level repeatable read read only; set local statement_timeout = '2min'";

/// What the register was found to be like, at one moment.
#[derive(Debug)]
pub struct Survey {
    pub at: Timestamp,
    pub customers: i64,
    pub licences: i64,
    /// People: each address once.
    pub contacts: i64,
    /// Those whose licences renew soonest first, then by name.
    weak: Vec<Weak>,
    asking: Asking,
}

/// A customer of whom something is found.
#[derive(Clone, Copy, Debug)]
pub struct Weak {
    pub customer: Uuid,
    /// The next renewal within 90 days.
    pub renews_on: Option<Day>,
    found: Findings,
}

/// A set: one bit for each finding, in their order.
#[derive(Clone, Copy, Debug, Default)]
struct Findings(u16);

impl Findings {
    fn bit(finding: Finding) -> u16 {
        let at = Finding::VARIANTS.iter().position(|other| *other == finding).unwrap_or_default();
        u32::try_from(at).ok().and_then(|at| 1_u16.checked_shl(at)).unwrap_or_default()
    }

    fn with(self, finding: Finding) -> Self {
        Self(self.0 | Self::bit(finding))
    }

    fn holds(self, finding: Finding) -> bool {
        self.0 & Self::bit(finding) != 0
    }
}

/// Where a page ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    renews_on: Option<Day>,
    customer: Uuid,
}

impl Weak {
    pub fn after(&self) -> After {
        After { renews_on: self.renews_on, customer: self.customer }
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

impl Count {
    fn add(&mut self, renews_on: Option<Day>, asking: &Asking) {
        let within = |ahead| i64::from(renews_on.is_some_and(|day| day <= asking.within(ahead)));
        self.customers += 1;
        self.within_30 += within(Ahead::Month);
        self.within_60 += within(Ahead::TwoMonths);
        self.within_90 += within(Ahead::Quarter);
    }
}

/// Of each finding, and of all together.
#[derive(Debug, Default)]
pub struct Counts {
    pub any: Count,
    by_finding: HashMap<Finding, Count>,
}

impl Counts {
    pub fn of(&self, finding: Finding) -> Count {
        self.by_finding.get(&finding).copied().unwrap_or_default()
    }
}

impl Survey {
    /// Looks through all of it.
    async fn read(connection: &mut PgConnection, app: &App) -> anyhow::Result<Self> {
        let at = app.clock.now();
        let mut transaction = connection.begin_with(BEGIN).await.context("could not begin to read")?;
        let connection: &mut PgConnection = &mut transaction;
        let asking = Asking::of(app);
        let sizes = sqlx::query!(
            r#"select (select count(*) from customers) as "customers!", (select count(*) from entitlements) as "licences!",
                 (select count(distinct lower(email) collate "C") from contacts) as "contacts!""#
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not count what is in the register")?;
        let public = public_domains(connection, None).await?;
        let mut rows = sqlx::query!(
            r#"with found as materialized (
                 select customer_id, array_agg(distinct finding) as findings
                 from register_findings(null, null, $1, $2) group by customer_id),
               ahead as (
                 select customer_id, min(renews_on) as renews_on from entitlements
                 where renews_on between $3 and $4 group by customer_id)
               select c.id, a.renews_on as "renews_on?: Day", f.findings as "findings!: Vec<String>"
               from found f join customers c on c.id = f.customer_id left join ahead a on a.customer_id = c.id
               order by coalesce(a.renews_on, 'infinity'), lower(c.name), c.number"#,
            &public,
            asking.domains_since as Timestamp,
            asking.today as Day,
            asking.within(Ahead::Quarter) as Day,
        )
        .fetch(connection);
        let mut weak = Vec::new();
        while let Some(row) = rows.try_next().await.context("could not read what makes the register weak")? {
            let mut found = Findings::default();
            for word in row.findings {
                found = found.with(word.parse().context("an unknown finding")?);
            }
            weak.push(Weak { customer: row.id, renews_on: row.renews_on, found });
        }
        drop(rows);
        weak.shrink_to_fit();
        drop(transaction);
        let (customers, licences, contacts) = (sizes.customers, sizes.licences, sizes.contacts);
        Ok(Self { at, customers, licences, contacts, weak, asking })
    }

    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for weak in &self.weak {
            counts.any.add(weak.renews_on, &self.asking);
            for finding in Finding::VARIANTS.iter().filter(|finding| weak.found.holds(**finding)) {
                counts.by_finding.entry(*finding).or_default().add(weak.renews_on, &self.asking);
            }
        }
        counts
    }

    /// At most `size` customers with this finding, or with any, and whether there are more.
    ///
    /// Where the customer at which the last page ended is none of them any longer, the page begins with the first that renews no
    /// earlier: somebody may be shown twice, but nobody is left out.
    pub fn page(
        &self,
        finding: Option<Finding>,
        ahead: Option<Ahead>,
        after: Option<After>,
        size: usize,
    ) -> (Vec<Weak>, bool) {
        let first = after.map_or(0, |after| {
            let found = self.weak.iter().position(|weak| weak.customer == after.customer);
            found.map_or_else(
                || {
                    let renews_earlier = |weak: &Weak| match (weak.renews_on, after.renews_on) {
                        (Some(this), Some(other)) => this < other,
                        (this, other) => this.is_some() && other.is_none(),
                    };
                    self.weak.partition_point(renews_earlier)
                },
                |at| at + 1,
            )
        });
        let until = ahead.map(|ahead| self.asking.within(ahead));
        let chosen = |weak: &&Weak| {
            finding.is_none_or(|finding| weak.found.holds(finding))
                && until.is_none_or(|until| weak.renews_on.is_some_and(|day| day <= until))
        };
        let mut page: Vec<Weak> =
            self.weak.iter().skip(first).filter(chosen).take(size.saturating_add(1)).copied().collect();
        let more = page.len() > size;
        page.truncate(size);
        (page, more)
    }
}

/// The last survey of this process. A page takes it as application data; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Surveys(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    last: Mutex<Option<(Basis, Arc<Survey>)>>,
    /// One looks, and the others wait for what it finds.
    looking: tokio::sync::Mutex<()>,
}

/// What makes another survey necessary at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Basis {
    last_import: Option<i64>,
    day: Day,
}

impl Surveys {
    /// The last survey, or a new one. By a clock that stands still, always of now. Fails as [`Overloaded`] where it takes longer than
    /// somebody waits; it goes on then, for whoever comes next.
    pub async fn get(&self, app: &App) -> anyhow::Result<Arc<Survey>> {
        if app.clock.for_leases().is_some() {
            let mut connection = app.pool.acquire().await?;
            return Survey::read(&mut connection, app).await.map(Arc::new);
        }
        let last_import = sqlx::query_scalar!("select max(id) from import_reports")
            .fetch_one(&app.pool)
            .await
            .context("could not find the last import")?;
        let basis = Basis { last_import, day: app.clock.now().day_in(&app.zone) };
        let Some(last) = self.find(basis) else {
            return match timeout(PATIENCE, self.look(app, basis)).await {
                Ok(survey) => survey.context("looking through the register was broken off")?,
                Err(_) => Err(Overloaded.into()),
            };
        };
        // Nobody waits for the next one.
        if !is_fresh(&last, app) && self.0.looking.try_lock().is_ok() {
            drop(self.look(app, basis));
        }
        Ok(last)
    }

    /// Looks by itself, whoever waits for it or does not; no longer than this process is to go on.
    fn look(&self, app: &App, basis: Basis) -> JoinHandle<anyhow::Result<Arc<Survey>>> {
        let (surveys, app) = (self.clone(), app.clone());
        tokio::spawn(async move {
            let asked = app.stop.asked.clone();
            let looked = asked.run_until_cancelled(surveys.renew(&app, basis)).await;
            let looked = looked.unwrap_or_else(|| Err(Overloaded.into()));
            if let Err(error) = &looked {
                tracing::warn!(?error, "could not look through the register");
            }
            looked
        })
    }

    async fn renew(&self, app: &App, basis: Basis) -> anyhow::Result<Arc<Survey>> {
        let _turn = self.0.looking.lock().await;
        // Somebody else has, meanwhile.
        if let Some(last) = self.find(basis).filter(|last| is_fresh(last, app)) {
            return Ok(last);
        }
        // Not one that the pool waits for: the database may be long at it when this process ends.
        let mut connection = app.pool.acquire().await?.detach();
        let survey = Arc::new(Survey::read(&mut connection, app).await?);
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((basis, Arc::clone(&survey)));
        connection.close().await.context("could not end reading")?;
        Ok(survey)
    }

    fn find(&self, basis: Basis) -> Option<Arc<Survey>> {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(known, _)| *known == basis).map(|(_, survey)| Arc::clone(survey))
    }
}

fn is_fresh(survey: &Survey, app: &App) -> bool {
    let now = app.clock.now();
    survey.at <= now && now < survey.at.after(GOOD_FOR)
}

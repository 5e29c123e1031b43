//! What a filter's words mean for whoever asks: values for the columns of a case, and, where no column says which cases are meant, the
//! cases themselves, looked up first and so many at most that a page costs the same in a house full of them.

use anyhow::Context as _;
use jiff::ToSpan as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    filter::{Due, Filter, Owner, Scope, View},
    sort::Sort,
};
use crate::{
    app::App,
    clock::{Day, Timestamp},
    staff::session::SignedIn,
};

/// As many cases are looked at where a search, or what somebody needs to do, says which.
const MOST_FOUND: i64 = 5000;

/// Who asks, and when: what a filter's words mean.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    pub(super) me: Uuid,
    pub(super) now: Timestamp,
    today: Day,
    /// The first moment of tomorrow.
    pub(super) tomorrow: Timestamp,
    /// The first moment after seven days, this one included.
    next_week: Timestamp,
}

impl Asking {
    pub fn new(app: &App, staff: &SignedIn, now: Timestamp) -> Self {
        let today = now.day_in(&app.zone);
        let after = |days: i64| {
            let day = today.saturating_add(days.days());
            day.to_zoned(app.zone.clone()).map_or(now, |start| start.timestamp().into())
        };
        Self { me: staff.id.0, now, today, tomorrow: after(1), next_week: after(7) }
    }
}

/// Whose cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Anybodys,
    Nobodys,
    Of(Uuid),
}

/// A filter as the queries take it.
#[derive(Debug)]
pub struct Asked {
    pub(super) scope: Scope,
    pub(super) sort: Sort,
    pub(super) state: Option<&'static str>,
    pub(super) party: Option<&'static str>,
    pub(super) whose: Whose,
    pub(super) hosting: Option<&'static str>,
    pub(super) due_before: Option<Timestamp>,
    pub(super) renews_until: Option<Day>,
    /// No others than these.
    pub(super) among: Option<Vec<Uuid>>,
    /// Words that stand in more cases than can be looked up first: each case is asked for them.
    pub(super) common: Option<Vec<String>>,
    pub(super) now: Timestamp,
    /// Nothing is written as it was typed; these are spelt like it.
    pub tolerant: bool,
    /// There are more than were looked at.
    pub is_cut: bool,
}

impl Asked {
    /// One query for each of a text, a customer and a view that is no column; a second for a text that nothing is written like.
    pub async fn read(
        connection: &mut PgConnection,
        filter: &Filter,
        asking: &Asking,
    ) -> anyhow::Result<Self> {
        let due = if filter.view == View::DueToday { Some(Due::Today) } else { filter.due };
        let within = |days: i64| Day::from(asking.today.saturating_add(days.days()));
        let mut asked = Self {
            scope: filter.scope(),
            sort: filter.order(),
            state: filter.place().map(Into::into),
            party: filter.party().map(Into::into),
            whose: match filter.whose() {
                Owner::Anybody => Whose::Anybodys,
                Owner::Nobody => Whose::Nobodys,
                Owner::Me => Whose::Of(asking.me),
                Owner::Colleague(id) => Whose::Of(id),
            },
            hosting: filter.hosting.map(Into::into),
            due_before: due.map(|due| match due {
                Due::Overdue => asking.now,
                Due::Today => asking.tomorrow,
                Due::Week => asking.next_week,
            }),
            renews_until: filter.renewal.map(|renewal| within(renewal.days())),
            among: None,
            common: None,
            now: asking.now,
            tolerant: false,
            is_cut: false,
        };
        let view = match filter.view {
            View::New => Some(list_new(connection).await?),
            View::FailingMail => Some(list_failing(connection).await?),
            View::NeedsMe => Some(list_needing(connection, asking).await?),
            _ => None,
        };
        if let Some(cases) = view {
            asked.narrow(cases);
        }
        if !filter.customer.is_empty() {
            let sources = ["customer".to_owned(), "correction".to_owned()];
            let found = search(connection, &filter.customer, Some(&sources)).await?;
            asked.search(found);
        }
        if !filter.text.is_empty() {
            let found = search(connection, &filter.text, None).await?;
            if matches!(&found, Found::Cases(cases) if cases.is_empty()) {
                let alike = search_alike(connection, &filter.text).await?;
                asked.tolerant = !alike.is_empty();
                asked.narrow(alike);
            } else {
                asked.search(found);
            }
        }
        Ok(asked)
    }

    /// Whether the cases that were looked up first are those that match, each of them, open or closed.
    pub(super) fn is_all_of_them(&self) -> bool {
        self.among.is_some()
            && self.common.is_none()
            && self.scope == Scope::Both
            && self.whose == Whose::Anybodys
            && self.state.is_none()
            && self.party.is_none()
            && self.hosting.is_none()
            && self.due_before.is_none()
            && self.renews_until.is_none()
    }

    fn search(&mut self, found: Found) {
        match found {
            Found::Cases(cases) => self.narrow(cases),
            Found::Common(terms) => {
                // Open and closed cases have no order in common that could be walked along.
                if self.scope == Scope::Both && self.among.is_none() {
                    self.scope = Scope::Open;
                    self.is_cut = true;
                }
                self.common.get_or_insert_default().extend(terms);
            }
        }
    }

    fn narrow(&mut self, mut cases: Vec<Uuid>) {
        let most = usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
        if cases.len() > most {
            self.is_cut = true;
            cases.truncate(most);
        }
        self.among = Some(match self.among.take() {
            None => cases,
            Some(among) => {
                let among: std::collections::HashSet<Uuid> = among.into_iter().collect();
                cases.retain(|case| among.contains(case));
                cases
            }
        });
    }
}

/// What a search found.
enum Found {
    Cases(Vec<Uuid>),
    /// Each of these words stands in too many cases.
    Common(Vec<String>),
}

async fn search(
    connection: &mut PgConnection,
    text: &str,
    sources: Option<&[String]>,
) -> anyhow::Result<Found> {
    let row = sqlx::query!(
        r#"select is_common as "is_common!", cases as "cases!", terms as "terms!" from find_cases($1, $2, $3)"#,
        text,
        sources,
        MOST_FOUND,
    )
    .fetch_one(connection)
    .await
    .context("could not search")?;
    Ok(if row.is_common { Found::Common(row.terms) } else { Found::Cases(row.cases) })
}

/// Those that have names spelt like the words.
async fn search_alike(connection: &mut PgConnection, text: &str) -> anyhow::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select c as "case!" from search_cases($1, null, true) c limit $2"#,
        text,
        MOST_FOUND + 1
    )
    .fetch_all(connection)
    .await
    .context("could not search for what is spelt alike")
}

async fn list_new(connection: &mut PgConnection) -> anyhow::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select id as "id!" from (
             (select id from cases where news_since is not null order by news_since limit $1)
             union select i.correlation_id from inbound_emails i
             where i.state in ('quarantined', 'parked') and i.correlation_id is not null) new limit $1"#,
        MOST_FOUND + 1
    )
    .fetch_all(connection)
    .await
    .context("could not list what is new")
}

async fn list_failing(connection: &mut PgConnection) -> anyhow::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select distinct correlation_id as "id!" from emails
         where seen_at is null and (state = 'failed' or returned and notification <> 'departed_notice')
             and correlation_id is not null limit $1"#,
        MOST_FOUND + 1
    )
    .fetch_all(connection)
    .await
    .context("could not list cases whose e-mails did not arrive")
}

/// One more than [`MOST_FOUND`], as a number: `needs::count` says why.
async fn list_needing(connection: &mut PgConnection, asking: &Asking) -> anyhow::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select case_id as "id!" from cases_that_need($1, $2, 5001)"#,
        asking.me,
        asking.now as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not list what needs somebody")
}

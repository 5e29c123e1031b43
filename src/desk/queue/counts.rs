//! How many cases are in each view, whatever else is filtered: counted to a bound along an index, in one query for what is the reader's
//! own and one for what is everybody's.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{asked::Asking, filter::View, list::MOST_COUNTED};
use crate::clock::Timestamp;

/// One number for each view, and whether there are more.
#[derive(Debug)]
pub struct Counts(Vec<(View, Option<(i64, bool)>)>);

/// Of the views that are the same for everybody.
#[derive(Clone, Debug)]
pub struct CountsOfAll {
    all: i64,
    unassigned: i64,
    new: i64,
    us: i64,
    customer: i64,
    departed_contact: i64,
    voucher: i64,
    atlassian: i64,
    contested: i64,
    failing_mail: i64,
    due_today: i64,
    closed: i64,
}

/// How many open cases the reader has. Along the index that has the order, whoever asks: planned for nobody in particular, once.
pub async fn count_own(connection: &mut PgConnection, asking: &Asking) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        // One more than [`MOST_COUNTED`], as a number: `needs::count` says why.
        r#"select count(*) as "mine!" from (select from cases where owner_id = (select $1::uuid) and state <> 'closed'
             order by urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number limit 501) c"#,
        asking.me,
    )
    .fetch_one(connection)
    .await
    .context("could not count the reader's cases")
}

impl CountsOfAll {
    pub async fn read(connection: &mut PgConnection, asking: &Asking) -> anyhow::Result<Self> {
        sqlx::query_as!(
            Self,
            // As far as [`count_own`].
            r#"select
                 (select count(*) from (select from cases where state <> 'closed' limit 501) c) as "all!",
                 (select count(*) from (select from cases where owner_id is null and state <> 'closed' limit 501) c) as "unassigned!",
                 (select count(*) from (
                     (select id from cases where news_since is not null limit 501)
                     union select i.correlation_id from inbound_emails i join cases n on n.id = i.correlation_id
                     where i.state in ('quarantined', 'parked')) c) as "new!",
                 (select count(*) from (select from cases where waiting_for = 'us' and state <> 'closed' limit 501) c) as "us!",
                 (select count(*) from (select from cases where waiting_for = 'customer' and state <> 'closed' limit 501) c)
                     as "customer!",
                 (select count(*) from (select from cases where waiting_for = 'departed_contact' and state <> 'closed' limit 501) c)
                     as "departed_contact!",
                 (select count(*) from (select from cases where waiting_for = 'voucher' and state <> 'closed' limit 501) c)
                     as "voucher!",
                 (select count(*) from (select from cases where waiting_for = 'atlassian' and state <> 'closed' limit 501) c)
                     as "atlassian!",
                 (select count(*) from (select from cases where state = 'contested' limit 501) c) as "contested!",
                 (select count(*) from (select distinct m.correlation_id from emails m join cases c on c.id = m.correlation_id
                     where m.seen_at is null and (m.state = 'failed' or m.returned and m.notification <> 'departed_notice')
                         and c.state <> 'closed' limit 501) c) as "failing_mail!",
                 (select count(*) from (select from cases where waiting_for = 'us' and due_at < $1::timestamptz limit 501) c)
                     as "due_today!",
                 (select count(*) from (select from cases where state = 'closed' limit 501) c) as "closed!""#,
            asking.tomorrow as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not count the views of the queue")
    }
}

impl Counts {
    /// `needs`: how many cases need the reader and whether there are more, as every page of the desk says it; `None` where nobody could say.
    pub fn new(needs: Option<(i64, bool)>, mine: i64, of_all: CountsOfAll) -> Self {
        let bounded = |count: i64| Some((count.min(MOST_COUNTED), count > MOST_COUNTED));
        Self(vec![
            (View::NeedsMe, needs),
            (View::Mine, bounded(mine)),
            (View::Unassigned, bounded(of_all.unassigned)),
            (View::New, bounded(of_all.new)),
            (View::DueToday, bounded(of_all.due_today)),
            (View::Contested, bounded(of_all.contested)),
            (View::FailingMail, bounded(of_all.failing_mail)),
            (View::All, bounded(of_all.all)),
            (View::Us, bounded(of_all.us)),
            (View::Customer, bounded(of_all.customer)),
            (View::DepartedContact, bounded(of_all.departed_contact)),
            (View::Voucher, bounded(of_all.voucher)),
            (View::Atlassian, bounded(of_all.atlassian)),
            (View::Closed, bounded(of_all.closed)),
        ])
    }

    /// In the order in which they are shown: how many, and whether there are more.
    pub fn iter(&self) -> impl Iterator<Item = (View, Option<(i64, bool)>)> + '_ {
        self.0.iter().copied()
    }
}

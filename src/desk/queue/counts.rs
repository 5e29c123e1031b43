//! How many cases are in each view, whatever else is filtered: one query, which counts each to a bound along an index.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{asked::Asking, filter::View, list::MOST_COUNTED};
use crate::clock::Timestamp;

/// One number for each view.
#[derive(Debug)]
pub struct Counts(Vec<(View, i64)>);

impl Counts {
    pub async fn read(connection: &mut PgConnection, asking: &Asking) -> anyhow::Result<Self> {
        let row = sqlx::query!(
            r#"select
                 (select count(*) from (select from cases where state <> 'closed' limit $4) c) as "all!",
                 (select count(*) from (select from cases_that_need($1, $2, $4) limit $4) c) as "needs_me!",
                 (select count(*) from (select from cases where owner_id = $1 and state <> 'closed' limit $4) c) as "mine!",
                 (select count(*) from (select from cases where owner_id is null and state <> 'closed' limit $4) c) as "unassigned!",
                 (select count(*) from (
                     (select id from cases where news_since is not null limit $4)
                     union select i.correlation_id from inbound_emails i join cases n on n.id = i.correlation_id
                     where i.state in ('quarantined', 'parked')) c) as "new!",
                 (select count(*) from (select from cases where waiting_for = 'us' and state <> 'closed' limit $4) c) as "us!",
                 (select count(*) from (select from cases where waiting_for = 'customer' and state <> 'closed' limit $4) c)
                     as "customer!",
                 (select count(*) from (select from cases where waiting_for = 'departed_contact' and state <> 'closed' limit $4) c)
                     as "departed_contact!",
                 (select count(*) from (select from cases where waiting_for = 'voucher' and state <> 'closed' limit $4) c)
                     as "voucher!",
                 (select count(*) from (select from cases where waiting_for = 'atlassian' and state <> 'closed' limit $4) c)
                     as "atlassian!",
                 (select count(*) from (select from cases where state = 'contested' limit $4) c) as "contested!",
                 (select count(*) from (select distinct m.correlation_id from emails m join cases c on c.id = m.correlation_id
                     where m.seen_at is null and (m.state = 'failed' or m.returned and m.notification <> 'departed_notice')
                         and c.state <> 'closed' limit $4) c) as "failing_mail!",
                 (select count(*) from (select from cases where waiting_for = 'us' and due_at < $3::timestamptz limit $4) c)
                     as "due_today!",
                 (select count(*) from (select from cases where state = 'closed' limit $4) c) as "closed!""#,
            asking.me,
            asking.now as Timestamp,
            asking.tomorrow as Timestamp,
            MOST_COUNTED + 1,
        )
        .fetch_one(connection)
        .await
        .context("could not count the views of the queue")?;
        Ok(Self(vec![
            (View::NeedsMe, row.needs_me),
            (View::Mine, row.mine),
            (View::Unassigned, row.unassigned),
            (View::New, row.new),
            (View::DueToday, row.due_today),
            (View::Contested, row.contested),
            (View::FailingMail, row.failing_mail),
            (View::All, row.all),
            (View::Us, row.us),
            (View::Customer, row.customer),
            (View::DepartedContact, row.departed_contact),
            (View::Voucher, row.voucher),
            (View::Atlassian, row.atlassian),
            (View::Closed, row.closed),
        ]))
    }

    /// In the order in which they are shown: how many, and whether there are more.
    pub fn iter(&self) -> impl Iterator<Item = (View, (i64, bool))> + '_ {
        self.0.iter().map(|(view, count)| (*view, ((*count).min(MOST_COUNTED), *count > MOST_COUNTED)))
    }
}

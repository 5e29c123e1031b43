//! How many cases are in each view, whatever else is filtered: one query over the open cases, who are few.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{filter::View, list::Asking};
use crate::clock::Timestamp;

/// One number for each view.
#[derive(Debug)]
pub struct Counts(Vec<(View, i64)>);

impl Counts {
    pub async fn read(connection: &mut PgConnection, asking: &Asking) -> anyhow::Result<Self> {
        let row = sqlx::query!(
            r#"with failing as materialized (
                 select m.correlation_id as id from emails m where m.state = 'failed' and m.seen_at is null
                 union select m.correlation_id from bounces b join emails m on m.id = b.email_id
                 where not b.temporary and m.seen_at is null and m.notification <> 'departed_notice')
             select count(*) as "all!",
                 (select count(*) from cases_that_need($1, $2)) as "needs_me!",
                 count(*) filter (where c.owner_id = $1) as "mine!",
                 count(*) filter (where c.owner_id is null) as "unassigned!",
                 (select count(*) from (
                     select n.id from cases n where n.news_since is not null
                     union select i.correlation_id from inbound_emails i join cases n on n.id = i.correlation_id
                     where i.state in ('quarantined', 'parked')) as news) as "new!",
                 count(*) filter (where c.waiting_for = 'us') as "us!",
                 count(*) filter (where c.waiting_for = 'customer') as "customer!",
                 count(*) filter (where c.waiting_for = 'departed_contact') as "departed_contact!",
                 count(*) filter (where c.waiting_for = 'voucher') as "voucher!",
                 count(*) filter (where c.waiting_for = 'atlassian') as "atlassian!",
                 count(*) filter (where c.state = 'contested') as "contested!",
                 count(*) filter (where c.id in (select id from failing)) as "failing_mail!",
                 count(*) filter (where c.waiting_for = 'us' and c.due_at < $3::timestamptz) as "due_today!",
                 (select count(*) from cases where state = 'closed') as "closed!"
             from cases c where c.state <> 'closed'"#,
            asking.me,
            asking.now as Timestamp,
            asking.tomorrow as Timestamp,
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

    /// In the order in which they are shown.
    pub fn iter(&self) -> impl Iterator<Item = (View, i64)> + '_ {
        self.0.iter().copied()
    }
}

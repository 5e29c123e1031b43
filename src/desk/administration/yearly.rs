//! `GET /desk/administration/yearly`: the yearly question to contacts on record: how many were asked, what they answered, what came
//! back, who does not want to be asked; and each question, latest first. Changes nothing.

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::register::customer_address;
use crate::{
    clock::Timestamp,
    desk::reading,
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/yearly";
const PAGE_SIZE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// The question that the page before ended with.
    before: String,
}

#[derive(Debug, Serialize)]
struct YearlyView {
    enabled: bool,
    letters_per_day: u32,
    counts: Counts,
    rows: Vec<Row>,
    first: Option<&'static str>,
    next: Option<String>,
}

/// Over all questions; of the answers the last one of each.
#[derive(Debug, Serialize)]
pub(super) struct Counts {
    pub asked: i64,
    pub still: i64,
    pub gone: i64,
    pub bounced: i64,
    pub unsubscribed: i64,
}

#[derive(Debug, Serialize)]
struct Row {
    #[serde(skip)]
    id: Uuid,
    mailbox: String,
    asked_at: Timestamp,
    answer: Option<String>,
    answered_at: Option<Timestamp>,
    bounced: bool,
    /// One of the customers that it is about; none once they are no longer on record.
    customer: Option<String>,
    href: Option<String>,
}

pub async fn show(reader: Reader, query: web::Query<Query>) -> Result<HttpResponse, WebError> {
    let before: Option<Uuid> = query.before.parse().ok();
    let settings = &reader.app.settings.yearly;
    let (enabled, letters_per_day) = (settings.enabled, settings.letters_per_day);
    let mut connection = reading::begin(&reader.app.pool).await?;
    let counts = count(&mut connection).await?;
    let mut rows = list(&mut connection, before).await?;
    drop(connection);
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let next = rows.last().filter(|_| more).map(|last| format!("{PATH}?before={}", last.id));
    let view = YearlyView { enabled, letters_per_day, counts, rows, first: before.map(|_| PATH), next };
    reader.at(PATH).ok("desk/administration/yearly.html", &view)
}

pub(super) async fn count(connection: &mut PgConnection) -> anyhow::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"select count(*) as "asked!", count(*) filter (where answer = 'still') as "still!",
             count(*) filter (where answer = 'gone') as "gone!",
             count(*) filter (where exists (select from bounces b where b.email_id = q.email_id
                 and not b.temporary and b.about_recipient)) as "bounced!",
             (select count(*) from unsubscribed_mailboxes) as "unsubscribed!"
           from contact_questions q"#
    )
    .fetch_one(connection)
    .await
    .context("could not count the questions to contacts")
}

/// One more than a page holds.
async fn list(connection: &mut PgConnection, before: Option<Uuid>) -> anyhow::Result<Vec<Row>> {
    let rows = sqlx::query!(
        r#"select q.id, q.mailbox, q.asked_at as "asked_at: Timestamp", q.answer, q.answered_at as "answered_at: Timestamp",
             exists (select from bounces b where b.email_id = q.email_id
                 and not b.temporary and b.about_recipient) as "bounced!",
             c.id as "customer_id?", c.name as "customer?"
           from contact_questions q
           left join lateral (select c.id, c.name from contact_question_entitlements a
               join entitlements e on e.id = a.entitlement_id join customers c on c.id = e.customer_id
               where a.question_id = q.id order by c.id limit 1) c on true
           where $1::uuid is null or (q.asked_at, q.id) < (select b.asked_at, b.id from contact_questions b where b.id = $1)
           order by q.asked_at desc, q.id desc limit $2"#,
        before,
        i64::try_from(PAGE_SIZE.saturating_add(1)).unwrap_or(i64::MAX),
    )
    .fetch_all(connection)
    .await
    .context("could not list the questions to contacts")?;
    let rows = rows.into_iter().map(|row| Row {
        id: row.id,
        mailbox: row.mailbox,
        asked_at: row.asked_at,
        answer: row.answer,
        answered_at: row.answered_at,
        bounced: row.bounced,
        customer: row.customer,
        href: row.customer_id.map(customer_address),
    });
    Ok(rows.collect())
}

//! What is kept of whom staff mail goes to and what it tells: read and settled in the transaction that writes the mail. Decides
//! nothing.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::{
        state::{Party, Place},
        told_staff::{How, NoticeKind},
    },
    clock::Timestamp,
    lang::Language,
};

/// Looked at within one step; whatever is more has its turn in the next.
const MOST_AT_ONCE: i64 = 500;
/// How long is known what somebody was told.
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);

/// Who is to be told.
#[derive(Debug)]
pub(super) struct Person {
    pub name: String,
    pub address: String,
    pub language: Language,
    pub is_there: bool,
}

/// What somebody was not told yet.
pub(super) struct Open {
    pub id: i64,
    pub case: Uuid,
    pub number: String,
    pub kind: NoticeKind,
    pub own: bool,
    pub times: i32,
    pub at: Timestamp,
    pub due_at: Timestamp,
    /// It waits for the summary.
    pub collected: bool,
    pub chosen: Option<How>,
    pub place: Place,
    pub waiting_for: Party,
}

impl Open {
    /// Somebody did meanwhile what it was to tell of.
    pub(super) fn is_over(&self) -> bool {
        match self.kind {
            NoticeKind::ApprovalWanted => self.place != Place::AwaitingApproval,
            NoticeKind::DueSoon => self.waiting_for != Party::Us,
            _ => false,
        }
    }
}

pub(super) async fn find_person(connection: &mut PgConnection, staff: Uuid) -> anyhow::Result<Person> {
    let row = sqlx::query!(
        r#"select name, email, language, disabled_at is null as "is_there!" from staff where id = $1"#,
        staff,
    )
    .fetch_one(connection)
    .await
    .context("could not look up whom to tell")?;
    let language = Language::parse(&row.language).context("a member of staff reads an unknown language")?;
    Ok(Person { name: row.name, address: row.email, language, is_there: row.is_there })
}

/// What this person was not told yet, what is due first. What a change of a case is adding to at this moment is left out: it
/// may wait for another one of these.
pub(super) async fn list_open(connection: &mut PgConnection, staff: Uuid) -> anyhow::Result<Vec<Open>> {
    let rows = sqlx::query!(
        r#"select n.id, n.case_id, c.number, n.kind, n.own, n.times, n.at as "at: Timestamp", n.due_at as "due_at: Timestamp",
             n.collected, s.how as "how?", c.state, c.waiting_for
         from staff_notices n join cases c on c.id = n.case_id
             left join staff_notice_settings s on s.staff_id = n.staff_id and s.kind = n.kind
         where n.staff_id = $1 and n.settled_at is null
         order by n.due_at, n.id limit $2 for update of n skip locked"#,
        staff,
        MOST_AT_ONCE,
    )
    .fetch_all(connection)
    .await
    .context("could not list what somebody is to be told")?;
    rows.into_iter()
        .map(|row| {
            Ok(Open {
                id: row.id,
                case: row.case_id,
                number: row.number,
                kind: row.kind.parse().context("an unknown kind of notice")?,
                own: row.own,
                times: row.times,
                at: row.at,
                due_at: row.due_at,
                collected: row.collected,
                chosen: row.how.map(|how| how.parse()).transpose().context("an unknown way to be told")?,
                place: row.state.parse().context("a case in an unknown state")?,
                waiting_for: row.waiting_for.parse().context("a case waits for an unknown party")?,
            })
        })
        .collect()
}

pub(super) async fn settle(
    connection: &mut PgConnection,
    notices: &[i64],
    email: Option<Uuid>,
    now: Timestamp,
) -> anyhow::Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update staff_notices set settled_at = $2, email_id = $3 where id = any($1)",
        notices,
        now as Timestamp,
        email,
    )
    .execute(connection)
    .await
    .context("could not keep that somebody was told")?;
    Ok(())
}

pub(super) async fn collect(
    connection: &mut PgConnection,
    notices: &[(i64, Timestamp)],
) -> anyhow::Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    let (ids, until): (Vec<i64>, Vec<Timestamp>) = notices.iter().copied().unzip();
    sqlx::query!(
        "update staff_notices n set collected = true, due_at = later.until
         from unnest($1::int8[], $2::timestamptz[]) as later (id, until) where n.id = later.id",
        &ids,
        &until as &[Timestamp],
    )
    .execute(connection)
    .await
    .context("could not put a notice into the summary")?;
    Ok(())
}

/// What was told long ago is of no use to anybody.
pub(super) async fn forget(connection: &mut PgConnection, staff: Uuid, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "delete from staff_notices where staff_id = $1 and settled_at < $2",
        staff,
        now.after(-KEPT) as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not forget what was told")?;
    Ok(())
}

//! Who looks at a case right now, so that two do not do the same work without knowing of each other.
//!
//! Shared by all processes through the database. A row lives as long as the open page ([`super::live`]) renews it. It says who looks,
//! never that somebody else may not: two who change a case are told apart by its version.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    case::actor::StaffId,
    lang::{Arguments, Language},
};

/// How long somebody counts as looking after the last sign of it.
const LASTS: Duration = Duration::from_secs(25);

/// One open page, while somebody looks.
#[derive(Clone, Copy, Debug)]
pub struct Watcher {
    pub page: Uuid,
    pub case: Uuid,
    pub staff: StaffId,
}

impl Watcher {
    /// Somebody looks, still or from now on. Only the beginning is announced.
    pub async fn looks(&self, pool: &PgPool) -> anyhow::Result<()> {
        sqlx::query!(
            "with seen as (
                 insert into case_watchers (page, case_id, staff_id, seen_until)
                 values ($1, $2, $3, now() + make_interval(secs => $4))
                 on conflict (page) do update set seen_until = excluded.seen_until
                 returning xmax = 0 as begins
             ),
             -- Of pages whose process died.
             gone as (delete from case_watchers where page in (
                 select w.page from case_watchers w where w.seen_until < now() - interval '1 minute' and w.page <> $1
                 limit 100 for update skip locked))
             select pg_notify('handover_changes', 'watchers ' || $2::uuid) from seen where begins",
            self.page,
            self.case,
            self.staff.0,
            LASTS.as_secs_f64(),
        )
        .fetch_optional(pool)
        .await
        .context("could not keep who looks at a case")?;
        Ok(())
    }

    /// The page is closed.
    pub async fn leaves(&self, pool: &PgPool) -> anyhow::Result<()> {
        sqlx::query!(
            "with gone as (delete from case_watchers where page = $1 returning case_id)
             select pg_notify('handover_changes', 'watchers ' || case_id) from gone",
            self.page,
        )
        .fetch_optional(pool)
        .await
        .context("could not forget who looked at a case")?;
        Ok(())
    }
}

/// The names of others who look at the case.
pub async fn list_others(
    connection: &mut PgConnection,
    case: Uuid,
    me: StaffId,
) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct s.name from case_watchers w join staff s on s.id = w.staff_id
         where w.case_id = $1 and w.staff_id <> $2 and w.seen_until > now() order by s.name limit 10",
        case,
        me.0,
    )
    .fetch_all(connection)
    .await
    .context("could not list who looks at a case")
}

/// Who looks, as a sentence; empty where nobody does.
pub fn in_words(names: &[String], language: Language) -> String {
    if names.is_empty() {
        return String::new();
    }
    let arguments: Arguments<'_> =
        [("count".into(), names.len().into()), ("names".into(), names.join(", ").into())].into();
    language.text_with("desk-watchers", &arguments)
}

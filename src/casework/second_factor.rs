//! What whoever approves showed beside their password, read where the approval is made.
//!
//! In its transaction, by the session's row: no page, no form and no script says it, and a factor that gets old between page and
//! approval is too old. Writes nothing.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    app::App,
    case::{
        actor::{Role, StaffId},
        refusal::Refusal,
        second_factor::{Shown, Standing, demanded_from, fresh_for},
    },
    clock::Timestamp,
};

/// `session`: of whoever approves; the stories of the demo have none.
pub(super) async fn weigh(
    connection: &mut PgConnection,
    app: &App,
    (approver, session): (StaffId, Option<Uuid>),
    now: Timestamp,
) -> anyhow::Result<Shown> {
    // Under a lock: nobody is barred, or loses their factors, between this look and the approval.
    let row = sqlx::query!(
        r#"select st.role, coalesce(st.second_factor_grace_from, st.created_at) as "grace_from!: Timestamp",
             exists (select from totp_devices t where t.staff_id = st.id and t.confirmed_at is not null)
                 or exists (select from passkeys p where p.staff_id = st.id and p.refused_at is null) as "has_one!",
             se.second_factor as "factor?", se.second_factor_at as "shown_at?: Timestamp",
             se.id is not null as "stands!"
         from staff st left join sessions se on se.staff_id = st.id and se.id = $2 and se.expires_at > $3
         where st.id = $1 and st.disabled_at is null for share of st"#,
        approver.0,
        session,
        now as Timestamp,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up what an approver showed")?
    .ok_or(Refusal::NotYours)?;
    let role: Role = row.role.parse().context("a member of staff has an unknown role")?;
    // Demoted or signed out while the request came in.
    if role < Role::Approver || (session.is_some() && !row.stands) {
        return Err(Refusal::NotYours.into());
    }
    let shown = row.factor.zip(row.shown_at);
    let shown = shown.map(|(word, at)| Ok::<_, anyhow::Error>((word.parse()?, at))).transpose();
    let standing = Standing {
        has_one: row.has_one,
        must_have: demanded_from(&app.settings, role, row.grace_from).is_some_and(|from| from <= now),
        shown: shown.context("a session has an unknown second factor")?,
    };
    Ok(Shown::weigh(&standing, fresh_for(&app.settings), now)?)
}

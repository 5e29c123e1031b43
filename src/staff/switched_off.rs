//! What happens to endpoints of webhooks by themselves: one that takes nothing is switched off, and those who administer are told by
//! mail, in the same transaction; old messages are forgotten.
//!
//! It is nobody's account, and stands here because it is told to people. A receiver that was taken from the reseller, or broken on
//! purpose, so that nobody hears of a case any more, does not end in silence.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    administration::webhooks::{self, SwitchedOff},
    app::Step,
    casework::{Casework, ToStaff},
    clock::Timestamp,
    lang::Language,
};

/// `emails/webhook_switched_off`.
#[derive(Debug, Serialize)]
struct View<'a> {
    endpoint: &'a str,
    host: &'a str,
    /// `gone` or `failing`.
    why: &'static str,
    days: u32,
    at: Timestamp,
    link: String,
}

/// One unit of it.
pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    let app = &casework.app;
    let (now, settings) = (app.clock.now(), &app.settings.webhooks);
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    if let Some(off) = webhooks::find_hopeless(&mut transaction, settings.disable_after_days).await? {
        tell(casework, &mut transaction, &off, now).await?;
        webhooks::switch_off(&mut transaction, &off, now).await?;
        transaction.commit().await.context("could not commit an endpoint")?;
        let why: &str = off.why.into();
        tracing::warn!(endpoint = %off.id, why, "an endpoint of webhooks was switched off");
        return Ok(Step::Did);
    }
    let days = i64::from(settings.keep_days);
    let before = now.after(jiff::SignedDuration::from_hours(days.saturating_mul(-24)));
    let forgotten = webhooks::forget(&mut transaction, before).await?;
    transaction.commit().await.context("could not commit what is forgotten")?;
    Ok(if forgotten > 0 { Step::Did } else { Step::Idle })
}

async fn tell(
    casework: &Casework,
    connection: &mut PgConnection,
    off: &SwitchedOff,
    now: Timestamp,
) -> anyhow::Result<()> {
    let people = sqlx::query!(
        "select name, email, language from staff
         where kind = 'person' and role = 'admin' and disabled_at is null order by id"
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not look up who administers")?;
    let view = View {
        endpoint: &off.name,
        host: &off.host,
        why: off.why.into(),
        days: casework.app.settings.webhooks.disable_after_days,
        at: now,
        link: casework.app.link(&format!("/desk/administration/webhooks/{}", off.id)),
    };
    for person in people {
        let to = ToStaff {
            folder: "webhook_switched_off",
            name: &person.name,
            address: &person.email,
            language: Language::parse(&person.language)
                .context("an administrator reads an unknown language")?,
        };
        casework.enqueue_to_staff(connection, &to, &view, now).await?;
    }
    Ok(())
}

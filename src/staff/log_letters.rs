//! The head of the log by mail, once a day, to those who keep it: auditors, and whom else `log.mail_to` names. Who holds the
//! database and the key can't take a mail back.
//!
//! Also on a day on which nothing was logged, so that whoever gets none knows that something is wrong.

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    app::Step,
    casework::{Casework, ToStaff},
    clock::Timestamp,
    lang::Language,
    transparency::{
        heads::{self, SignedHead},
        outlets::{self, Locked},
    },
};

/// `emails/log_head`.
#[derive(Serialize)]
struct View {
    size: u64,
    at: Timestamp,
    key: String,
    head: String,
    link: String,
}

/// Writes today's letters, if nobody did.
pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    let (app, now) = (&casework.app, casework.app.clock.now());
    let addresses = &app.settings.log.mail_to;
    if addresses.is_empty() {
        return Ok(Step::Idle);
    }
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    let is_due = match outlets::lock_mail(&mut transaction).await? {
        Locked::Elsewhere => false,
        Locked::Mailed(last) => last.is_none_or(|last| last.day_in(&app.zone) != now.day_in(&app.zone)),
    };
    let head = if is_due { heads::current(&mut transaction).await? } else { None };
    let Some(head) = head else { return Ok(Step::Idle) };
    for address in addresses {
        write(casework, &mut transaction, address, &head, now).await?;
    }
    outlets::mailed(&mut transaction, head.head.size, now).await?;
    transaction.commit().await.context("could not commit the letters with the head")?;
    Ok(Step::Did)
}

/// In the language of whoever of the staff has this address.
async fn write(
    casework: &Casework,
    connection: &mut PgConnection,
    address: &str,
    head: &SignedHead,
    now: Timestamp,
) -> anyhow::Result<()> {
    let app = &casework.app;
    let person = sqlx::query!(
        "select name, language from staff where lower(email) = lower($1) and disabled_at is null",
        address
    )
    .fetch_optional(&mut *connection)
    .await
    .context("could not look up who reads the head")?;
    let language = person.as_ref().and_then(|person| Language::parse(&person.language));
    let to = ToStaff {
        folder: "log_head",
        name: person.as_ref().map_or("", |person| &person.name),
        address,
        language: language.unwrap_or(app.settings.language),
    };
    let view = View {
        size: head.head.size,
        at: head.head.at,
        key: HEXLOWER.encode(&head.head.key_id),
        head: head.text(),
        link: app.link("/desk/administration/log"),
    };
    casework.enqueue_to_staff(connection, &to, &view, now).await?;
    Ok(())
}

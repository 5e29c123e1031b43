//! `GET`, `POST /dev/time`: the demo's clock can be put forward, so that deadlines, waits and reminders can be seen without waiting
//! for them. Only in the default mode: elsewhere there is no such page, and the clock is the machine's.
//!
//! Never back: what happened stays in the past. Sessions go along, or whoever pressed the button would be signed out by it.

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use jiff::SignedDuration;
use serde::Serialize;
use sqlx::PgPool;
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    app::App,
    casework::Casework,
    clock::Timestamp,
    staff::session,
    web::{Fields, Reader, WebError},
};

pub const PATH: &str = "/dev/time";
/// Ten years, as the database has it: nobody's session, deadline or calendar means anything beyond.
const MOST: i64 = 315_360_000;

/// How far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray, Serialize)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum Span {
    Hour,
    Day,
    Week,
}

impl Span {
    fn length(self) -> SignedDuration {
        SignedDuration::from_hours(match self {
            Self::Hour => 1,
            Self::Day => 24,
            Self::Week => 7 * 24,
        })
    }
}

/// `mailbox/time.html`.
#[derive(Debug, Serialize)]
struct TimeView {
    now: Timestamp,
    /// Days ahead of the machine's clock.
    ahead: i64,
    spans: &'static [Span],
}

/// Brings the clock to where it was put before a restart.
pub async fn take_up(app: &App) -> anyhow::Result<()> {
    let ahead = find_ahead(&app.pool).await?;
    app.clock.put_forward(SignedDuration::from_secs(ahead));
    Ok(())
}

pub async fn show(reader: Reader) -> Result<HttpResponse, WebError> {
    only_in_the_demo(&reader)?;
    let ahead = find_ahead(&reader.app.pool).await? / SignedDuration::from_hours(24).as_secs();
    let view = TimeView { now: reader.app.clock.now(), ahead, spans: Span::VARIANTS };
    reader.ok("mailbox/time.html", &view)
}

/// `by` (`hour` | `day` | `week`).
pub async fn pass(
    reader: Reader,
    casework: web::Data<Casework>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    only_in_the_demo(&reader)?;
    let Ok(span) = fields.get("by").parse::<Span>() else { return Err(WebError::NotAForm) };
    let app = &casework.app;
    let length = span.length();
    let moved = sqlx::query!(
        "insert into demo_time (ahead_seconds) values ($1)
         on conflict (single) do update set ahead_seconds = demo_time.ahead_seconds + $1
             where demo_time.ahead_seconds + $1 <= $2",
        length.as_secs(),
        MOST,
    )
    .execute(&app.pool)
    .await
    .context("could not keep the demo's time")?;
    if moved.rows_affected() == 0 {
        return Ok(reader.see_other(PATH, "notice-time-ends"));
    }
    session::carry_over(&app.pool, length).await?;
    app.clock.put_forward(length);
    // What is open shows what is late by now.
    sqlx::query!("select pg_notify('handover_changes', '')").execute(&app.pool).await?;
    Ok(reader.see_other(PATH, "notice-time-passed"))
}

fn only_in_the_demo(reader: &Reader) -> Result<(), WebError> {
    if reader.app.settings.is_demo() { Ok(()) } else { Err(WebError::NotFound) }
}

async fn find_ahead(pool: &PgPool) -> anyhow::Result<i64> {
    let ahead = sqlx::query_scalar!("select ahead_seconds from demo_time").fetch_optional(pool).await;
    Ok(ahead.context("could not read the demo's time")?.unwrap_or_default())
}

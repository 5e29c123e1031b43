//! Whether the process lives, and whether it can work: for load balancers and container platforms. Tells nothing else.
//!
//! Anybody may ask, so the database is asked once a second at most, whoever asks how often.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, web};
use sqlx::PgPool;
use tokio::{sync::Mutex, time::timeout};

use crate::{app::App, migrations, postgres::Vitals, pulse::Trouble};

/// A database that takes longer to answer is not ready.
const PATIENCE: Duration = Duration::from_millis(900);
/// So long an answer of the database counts.
const FRESH: Duration = Duration::from_secs(1);

/// What the database said last. One for the whole process, shared by its workers.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<Known>>>);

#[derive(Clone, Copy, Debug)]
struct Known {
    since: Instant,
    answer: Result<(), &'static str>,
}

/// `GET /health/live`.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("live\n")
}

/// `GET /health/ready`: 503 while the worker of this process has ended, its private database has died, or the database can't be reached, has not all
/// migrations, or takes no writes.
pub async fn ready(app: web::Data<App>, readiness: web::Data<Readiness>) -> HttpResponse {
    let trouble = app.pulse.trouble().map(|trouble| match trouble {
        Trouble::Ended => "the background work has ended",
        Trouble::Hangs(_) => "the background work hangs",
    });
    if let Some(why) = trouble {
        return not_ready(why);
    }
    if app.private_database.as_ref().is_some_and(Vitals::is_down) {
        return not_ready("the private database died and is started again");
    }
    match timeout(PATIENCE, readiness.ask(&app.pool)).await {
        Ok(Ok(())) => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        Ok(Err(why)) => not_ready(why),
        Err(_elapsed) => not_ready(SILENT),
    }
}

const SILENT: &str = "the database does not answer";

fn not_ready(why: &'static str) -> HttpResponse {
    tracing::warn!(why, "not ready");
    HttpResponse::ServiceUnavailable().content_type("text/plain").body(format!("{why}\n"))
}

impl Readiness {
    /// One question at a time; the others take its answer.
    async fn ask(&self, pool: &PgPool) -> Result<(), &'static str> {
        let mut known = self.0.lock().await;
        if let Some(known) = known.filter(|known| known.since.elapsed() < FRESH) {
            return known.answer;
        }
        let answer = look(pool).await;
        *known = Some(Known { since: Instant::now(), answer });
        answer
    }
}

async fn look(pool: &PgPool) -> Result<(), &'static str> {
    match migrations::are_applied(pool).await {
        Ok(true) => write(pool).await.map_err(|error| why(&error)),
        Ok(false) => Err("migrations are missing"),
        Err(_) => Err(SILENT),
    }
}

/// A row is written anew and committed, which needs the log; and rows are put into a file, which needs room on the disk:
/// the row alone would find its old place.
async fn write(pool: &PgPool) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("select set_config('work_mem', '64kB', true)").fetch_one(&mut *transaction).await?;
    sqlx::query!("select count(*) from generate_series(1, 10000)").fetch_one(&mut *transaction).await?;
    // Another process that is writing it at this moment says as much.
    sqlx::query!(
        "update probes set at = now() where only_row = (select only_row from probes for update skip locked)"
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}

/// By SQLSTATE (PostgreSQL's manual, appendix A).
fn why(error: &sqlx::Error) -> &'static str {
    match error.as_database_error().and_then(|error| error.code()).as_deref() {
        Some("25006") => "the database is read-only",
        Some("53100") => "the disk of the database is full",
        Some(_) => "the database takes no writes",
        None => SILENT,
    }
}

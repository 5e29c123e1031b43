//! Whether the process lives, and whether it can work: for load balancers and container platforms. Tells nothing else.

use std::time::Duration;

use actix_web::{HttpResponse, web};

use crate::{app::App, migrations};

/// A database that takes longer to answer is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /health/live`.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("live\n")
}

/// `GET /health/ready`: 503 while the database can't be reached or has not all migrations.
pub async fn ready(app: web::Data<App>) -> HttpResponse {
    match tokio::time::timeout(PATIENCE, migrations::are_applied(&app.pool)).await {
        Ok(Ok(true)) => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        Ok(Ok(false)) => not_ready("migrations are missing"),
        Ok(Err(_)) | Err(_) => not_ready("the database does not answer"),
    }
}

fn not_ready(why: &'static str) -> HttpResponse {
    tracing::warn!(why, "not ready");
    HttpResponse::ServiceUnavailable().content_type("text/plain").body(format!("{why}\n"))
}

//! What is true of this process alone: its version, its connections, its worker, and what was last verified below its data directory.

use std::time::Instant;

use super::page::Page;
use crate::{app::App, casework::verification::Verification, migrations, version};

pub fn tell(page: &mut Page, app: &App) {
    let schema = migrations::latest().to_string();
    let build = [("version", version::VERSION), ("schema", schema.as_str()), ("commit", version::COMMIT)];
    page.gauge("build_info", "The program's version, schema and commit", &[(&build, 1)]);
    tell_of_connections(page, app);
    tell_of_worker(page, app);
    tell_of_verification(page, app);
    page.flag(
        "telemetry_enabled",
        "Whether traces are configured",
        !app.settings.telemetry.endpoint.is_empty(),
    );
}

fn tell_of_connections(page: &mut Page, app: &App) {
    let idle = i64::try_from(app.pool.num_idle()).unwrap_or(i64::MAX);
    let all = i64::from(app.pool.size());
    let connections = [("in_use".to_owned(), all.saturating_sub(idle).max(0)), ("idle".to_owned(), idle)];
    page.by("database_connections", "Connections to the database", "state", &connections);
    page.number(
        "database_connections_most",
        "So many connections there may be",
        app.pool.options().get_max_connections().into(),
    );
}

/// Nothing of it where this process has no worker.
fn tell_of_worker(page: &mut Page, app: &App) {
    let silent = app.pulse.silent_for(Instant::now());
    page.flag("worker_running", "Whether this process does background work", !silent.is_empty());
    let silent: Vec<(String, i64)> = silent
        .into_iter()
        .map(|(name, silent)| (name.to_owned(), i64::try_from(silent.as_secs()).unwrap_or(i64::MAX)))
        .collect();
    page.by(
        "worker_loop_silent_seconds",
        "For how long each loop of background work has not said that it goes on",
        "loop",
        &silent,
    );
}

/// Of `audit verify`, which writes it down where the data directory is the same.
fn tell_of_verification(page: &mut Page, app: &App) {
    let whole = Verification::find_whole(app).unwrap_or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "what was verified can't be read");
        None
    });
    page.moment(
        "verification_last_timestamp_seconds",
        "When the last verification of all trails began",
        whole.as_ref().map(|whole| whole.begun_at),
    );
    let faults = whole.map_or(0, |whole| i64::try_from(whole.faults).unwrap_or(i64::MAX));
    page.number("verification_faults", "What it found not to hold", faults);
}

//! `serve`, `work`, `migrate`, `demo`: the commands that bring the application up.

use std::{io::IsTerminal as _, process::ExitCode};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use super::{progress::Progress, say};
use crate::{
    boot::{Company, Ground, owner},
    config::Settings,
    demo::{self, Credential},
    panics, serve,
    stop::Signals,
    work::Worker,
};

/// Plain lines for people in demo mode, JSON for machines in production. `RUST_LOG` chooses what is logged.
pub(super) fn start_logging(settings: &Settings) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(if settings.is_demo() { "warn" } else { "info,sqlx=warn" }));
    let registry = tracing_subscriber::registry().with(filter);
    if settings.is_demo() {
        let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
        // In a file, colours are noise; on a terminal, `NO_COLOR` takes them away.
        let lines = if std::io::stderr().is_terminal() { lines } else { lines.with_ansi(false) };
        registry.with(lines).init();
    } else {
        // The list of spans holds the innermost once more.
        registry.with(fmt::layer().json().with_span_list(false).with_writer(std::io::stderr)).init();
    }
    panics::log_places_only();
}

pub(super) async fn serve(settings: Settings, with_worker: bool) -> anyhow::Result<ExitCode> {
    let ground = Ground::prepare_to_serve(settings, Company::Alone).await?;
    let listener = serve::bind(&ground.casework)?;
    if ground.casework.app.settings.is_demo() {
        demo::time::take_up(&ground.casework.app).await?;
        demo::seed_if_empty(&ground.casework).await?;
    }
    // Before anybody is told that it runs; and not before the seeding, which a signal may end at once.
    let signals = Signals::catch()?;
    if ground.casework.app.settings.is_demo() {
        greet(&ground)?;
    } else {
        say(format!("Handover serves {}", ground.casework.app.settings.http.public_url));
    }
    let served = serve::run(ground.casework.clone(), listener, with_worker, signals).await;
    end(ground).await;
    served?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn work(settings: Settings) -> anyhow::Result<ExitCode> {
    let ground = Ground::prepare_to_serve(settings, Company::Guest).await?;
    if ground.casework.app.settings.is_demo() {
        demo::time::take_up(&ground.casework.app).await?;
    }
    let worker = Worker::try_new(ground.casework.clone())?;
    let signals = Signals::catch()?;
    say("Handover works in the background; stop it with SIGTERM");
    let worked = serve::work_alone(&ground.casework.app, worker, signals).await;
    end(ground).await;
    worked?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn migrate(settings: Settings) -> anyhow::Result<ExitCode> {
    let granted = owner::migrate(&settings).await?;
    say("The database has this program's schema.");
    match granted {
        Some(done) => done.iter().for_each(|line| say(format!("  {line}"))),
        None => say(
            "Nobody was granted anything: name the role of the services in database.service_role, or run `handover database grants`.",
        ),
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn demo(settings: Settings, cases: Option<u32>) -> anyhow::Result<ExitCode> {
    // The private database is the demo's own, and empty at first; the schema of another is its owner's.
    let is_private = settings.database.url.expose_secret().is_empty();
    let ground = if is_private {
        Ground::prepare_to_serve(settings, Company::Guest).await?
    } else {
        Ground::prepare(settings, Company::Guest).await?
    };
    match demo::seed_if_empty(&ground.casework).await? {
        Some(credentials) => say_credentials(&credentials),
        None if cases.is_some() => {}
        None => say("The database holds something already; the demo was not seeded."),
    }
    if let Some(wanted) = cases {
        let owner = ground.connect_as_owner().await?;
        let mut progress = Progress::begin("cases", 0, Some(wanted.into()));
        let mut reached = 0;
        demo::gather(&ground.casework, &owner, wanted.try_into()?, |there| {
            reached = there;
            progress.reach(u64::try_from(there).unwrap_or(u64::MAX), "");
        })
        .await?;
        drop(progress);
        say(format!("  {reached} of {wanted} cases"));
    }
    Ok(ExitCode::SUCCESS)
}

/// A private server that does not stop is no reason to stay, nor one for another exit code: its watchdog ends it.
async fn end(ground: Ground) {
    if let Err(error) = ground.end().await {
        tracing::error!(error = format!("{error:#}"), "the private PostgreSQL did not stop");
    }
}

/// What the default mode tells whoever started it.
fn greet(ground: &Ground) -> anyhow::Result<()> {
    let settings = &ground.casework.app.settings;
    let url = &settings.http.public_url;
    say("");
    say("Handover runs as a DEMO with invented data. This mode is not for production (docs/OPERATIONS.md).");
    say("");
    say(format!("  Customers   {url}/"));
    say(format!("  Desk        {url}/desk/cases"));
    say(format!("  Mailbox     {url}/dev/mail   (mail is kept in {}/mail)", settings.data_dir.display()));
    say("");
    let file = settings.data_dir.join("demo-credentials.json");
    if let Ok(text) = std::fs::read_to_string(&file) {
        let credentials: Vec<Credential> =
            serde_json::from_str(&text).with_context(|| format!("{} is not valid", file.display()))?;
        say_credentials(&credentials);
    }
    Ok(())
}

fn say_credentials(credentials: &[Credential]) {
    say("  Sign in at the desk as:");
    for credential in credentials {
        let role: &str = credential.role.into();
        say(format!(
            "    {role:<9} {:<32} {}   ({})",
            credential.email, credential.password, credential.name
        ));
    }
    say("");
}

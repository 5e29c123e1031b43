//! The web server, with a worker beside it unless told otherwise, until a signal asks it to stop.
//!
//! Routes stand in `routes`; what every request passes stands in `site`.

use std::{
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use actix_web::{HttpServer, dev::ServerHandle, web};
use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::{app::App, casework::Casework, metrics, site::Site, stop::Signals, work::Worker};

/// Threads that answer requests. Pages wait for the database, not for the processor.
const THREADS: usize = 4;
/// How long we listen on to somebody who was answered before all had come, so that the answer reaches them.
const LINGER: Duration = Duration::from_secs(5);
/// What the collector of traces has at most, once everything else has ended, for what it has not taken yet.
const FLUSH: Duration = Duration::from_secs(2);

/// Takes the configured address, before anything is promised to anybody.
pub fn bind(casework: &Casework) -> anyhow::Result<TcpListener> {
    let http = &casework.app.settings.http;
    TcpListener::bind((http.host, http.port))
        .with_context(|| format!("could not listen on {}, port {}", http.host, http.port))
}

/// Serves until SIGTERM or SIGINT; requests and steps of work under way are finished first, or given back where they take too
/// long: within `stop_seconds` it returns, whatever mail server or database does.
///
/// # Errors
/// Also where the worker ended by itself: a process whose work stands still must not look alive.
pub async fn run(
    casework: Casework,
    listener: TcpListener,
    with_worker: bool,
    mut signals: Signals,
) -> anyhow::Result<()> {
    let app = casework.app.clone();
    let pages = app.for_pages();
    let figures = serve_metrics(&pages, app.settings.metrics.port)?;
    let worker = if with_worker { Some(Worker::try_new(casework.clone())?) } else { None };
    let site = Site::new(casework.with_app(pages.clone()));
    let http = &app.settings.http;
    let server = HttpServer::new(move || site.service())
        .workers(THREADS)
        .disable_signals()
        .client_request_timeout(Duration::from_secs(http.header_seconds.into()))
        .client_disconnect_timeout(LINGER)
        // Before the whole patience is over, or the process would be gone first.
        .shutdown_timeout(patience(&app).as_secs().saturating_sub(1).max(1))
        .listen(listener)
        .context("could not serve")?
        .run();
    let handle = server.handle();
    let mut serving = tokio::spawn(server);
    let mut working = tokio::spawn(work(worker, app.stop.asked.clone()));
    tokio::select! {
        () = signals.received() => {}
        served = &mut serving => return served.context("the web server failed")?.context("the web server failed"),
        // It is not asked to: whatever it says is why the process ends.
        worked = &mut working => return worked.context("the worker failed")?,
    }
    app.stop.ask();
    let ending = async {
        let worked = async { working.await.context("the worker failed")? };
        let (worked, ()) = tokio::join!(worked, handle.stop(true));
        if let Some(figures) = figures {
            figures.stop(false).await;
        }
        tokio::join!(app.pool.close(), pages.pool.close());
        worked
    };
    let ended = within_patience(&app, ending).await;
    flush(&app).await;
    ended
}

/// Works without serving, until SIGTERM or SIGINT; ends as [`run`] does.
pub async fn work_alone(app: &App, worker: Worker, mut signals: Signals) -> anyhow::Result<()> {
    let figures = serve_metrics(app, app.settings.metrics.worker_port)?;
    let asked = app.stop.asked.clone();
    let mut working = tokio::spawn(async move { worker.run(&asked).await });
    tokio::select! {
        () = signals.received() => {}
        worked = &mut working => return worked.context("the worker failed")?,
    }
    app.stop.ask();
    let ending = async {
        let worked = working.await.context("the worker failed")?;
        if let Some(figures) = figures {
            figures.stop(false).await;
        }
        app.pool.close().await;
        worked
    };
    let ended = within_patience(app, ending).await;
    flush(app).await;
    ended
}

/// How long pages and work have to end. A private server, which comes after them, has the rest, and a quarter at least.
fn patience(app: &App) -> Duration {
    let all = Duration::from_secs(app.settings.stop_seconds.into());
    if app.private_database.is_some() { all * 3 / 4 } else { all }
}

/// Whatever has not ended by then is left to itself: leases run out, transactions are rolled back.
async fn within_patience(app: &App, ending: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::time::timeout(patience(app), ending).await.unwrap_or_else(|_elapsed| {
        tracing::warn!("ended before everything was finished: somebody did not answer in time");
        Ok(())
    })
}

/// Last of all, and only in the time that is left: a collector that is silent keeps no process.
async fn flush(app: &App) {
    let all = Duration::from_secs(app.settings.stop_seconds.into());
    app.telemetry.end(app.stop.left_of(all).min(FLUSH)).await;
}

/// Works until `stop`, or waits for it where there is no worker.
async fn work(worker: Option<Worker>, stop: CancellationToken) -> anyhow::Result<()> {
    match worker {
        Some(worker) => worker.run(&stop).await,
        None => {
            stop.cancelled().await;
            Ok(())
        }
    }
}

/// The figures alone, for this machine alone; nowhere on port 0.
fn serve_metrics(app: &App, port: u16) -> anyhow::Result<Option<ServerHandle>> {
    if port == 0 {
        return Ok(None);
    }
    let app = app.clone();
    let service = move || {
        let app = web::Data::new(app.clone());
        actix_web::App::new().app_data(app).route("/metrics", web::get().to(metrics::show_unguarded))
    };
    let server = HttpServer::new(service)
        .workers(1)
        .disable_signals()
        .bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("could not listen on port {port} for the figures (metrics)"))?
        .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(Some(handle))
}

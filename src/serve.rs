//! The web server, with a worker beside it unless told otherwise, until a signal asks it to stop.
//!
//! Routes stand in `routes`; what every request passes stands in `site`.

use std::net::{Ipv4Addr, TcpListener};

use actix_web::{HttpServer, dev::ServerHandle, web};
use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::{casework::Casework, metrics, site::Site, work::Worker};

/// Threads that answer requests. Pages wait for the database, not for the processor.
const THREADS: usize = 4;

/// Takes the configured address, before anything is promised to anybody.
pub fn bind(casework: &Casework) -> anyhow::Result<TcpListener> {
    let http = &casework.app.settings.http;
    TcpListener::bind((http.host, http.port))
        .with_context(|| format!("could not listen on {}, port {}", http.host, http.port))
}

/// Serves until SIGTERM or SIGINT; requests and steps of work under way are finished first.
///
/// # Errors
/// Also where the worker ended by itself: a process whose work stands still must not look alive.
pub async fn run(casework: Casework, listener: TcpListener, with_worker: bool) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let figures = casework.app.settings.metrics.port;
    let figures = if figures == 0 { None } else { Some(serve_metrics(&casework, figures)?) };
    let worker = if with_worker { Some(Worker::try_new(casework.clone())?) } else { None };
    let site = Site::new(casework.clone());
    let mut server = HttpServer::new(move || site.service())
        .workers(THREADS)
        .shutdown_timeout(10)
        .listen(listener)
        .context("could not serve")?
        .run();
    let handle = server.handle();
    let mut working = tokio::spawn(work(worker, stop.clone()));
    let (served, worked) = tokio::select! {
        served = &mut server => {
            stop.cancel();
            (served, working.await)
        }
        worked = &mut working => {
            let (served, ()) = tokio::join!(server, handle.stop(true));
            (served, worked)
        }
    };
    if let Some(figures) = figures {
        figures.stop(true).await;
    }
    casework.app.pool.close().await;
    worked.context("the worker failed")??;
    served.context("the web server failed")
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

/// The figures alone, for this machine alone.
fn serve_metrics(casework: &Casework, port: u16) -> anyhow::Result<ServerHandle> {
    let app = casework.app.clone();
    let service = move || {
        let app = web::Data::new(app.clone());
        actix_web::App::new().app_data(app).route("/metrics", web::get().to(metrics::show_unguarded))
    };
    let server = HttpServer::new(service)
        .workers(1)
        .disable_signals()
        .bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("could not listen on metrics.port {port}"))?
        .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

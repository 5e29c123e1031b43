//! The web server, with a worker beside it unless told otherwise, until a signal asks it to stop.
//!
//! Routes stand in `routes`; what every request passes stands in `site`.

use std::net::TcpListener;

use actix_web::HttpServer;
use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::{casework::Casework, site::Site, work::Worker};

/// Threads that answer requests. Pages wait for the database, not for the processor.
const THREADS: usize = 4;

/// Takes the configured address, before anything is promised to anybody.
pub fn bind(casework: &Casework) -> anyhow::Result<TcpListener> {
    let http = &casework.app.settings.http;
    TcpListener::bind((http.host, http.port))
        .with_context(|| format!("could not listen on {}, port {}", http.host, http.port))
}

/// Serves until SIGTERM or SIGINT; requests and steps of work under way are finished first.
pub async fn run(casework: Casework, listener: TcpListener, with_worker: bool) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let worker = if with_worker { Some(start_worker(&casework, &stop)?) } else { None };
    let site = Site::new(casework.clone());
    let served = HttpServer::new(move || site.service())
        .workers(THREADS)
        .shutdown_timeout(10)
        .listen(listener)
        .context("could not serve")?
        .run()
        .await
        .context("the web server failed");
    stop.cancel();
    if let Some(worker) = worker {
        worker.await.context("the worker failed")?;
    }
    casework.app.pool.close().await;
    served
}

fn start_worker(
    casework: &Casework,
    stop: &CancellationToken,
) -> anyhow::Result<tokio::task::JoinHandle<()>> {
    let (worker, stop) = (Worker::try_new(casework.clone())?, stop.clone());
    Ok(tokio::spawn(async move { worker.run(&stop).await }))
}

//! Appends each head to a file, which should be on a disk that those who run this machine can't change.
//!
//! A disk that stalls holds up nothing but this. One that tears a head off gets it again, as a whole.

use std::{fs::OpenOptions, io::Write as _, path::PathBuf, time::Duration};

use anyhow::{Context as _, ensure};
use tokio::time::timeout;

use super::{
    as_number, heads,
    outlets::{self, Outlet},
};
use crate::app::{App, Step};

/// Heads that are appended at once.
const BATCH: i64 = 500;
const PATIENCE: Duration = Duration::from_secs(20);

/// Appends the next heads.
pub async fn step(app: &App) -> anyhow::Result<Step> {
    let file = app.settings.log.file.clone();
    if file.as_os_str().is_empty() {
        return Ok(Step::Idle);
    }
    let Some(waiting) = outlets::find_waiting(app, Outlet::File).await? else { return Ok(Step::Idle) };
    let Some(lease) = outlets::claim(app, Outlet::File).await? else { return Ok(Step::Idle) };
    let mut connection = app.pool.acquire().await.context("could not get a connection")?;
    let heads = heads::list_after(&mut connection, waiting.taken, BATCH).await?;
    drop(connection);
    let text: String = heads.iter().map(|head| format!("\n{}", head.text())).collect();
    match append(file, text).await {
        Ok(()) => {
            let last = heads.last().map_or(waiting.taken, |head| head.head.size);
            let mut connection = app.pool.acquire().await.context("could not get a connection")?;
            outlets::settle(&mut connection, &lease, as_number(last)?, app.clock.now()).await?;
        }
        Err(error) => outlets::put_off(app, &lease, &error).await?,
    }
    Ok(Step::Did)
}

async fn append(file: PathBuf, text: String) -> anyhow::Result<()> {
    let written = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        ensure!(!file.is_dir(), "it is a folder");
        let mut opened = OpenOptions::new().create(true).append(true).open(&file)?;
        opened.write_all(text.as_bytes())?;
        opened.sync_data()?;
        Ok(())
    });
    timeout(PATIENCE, written)
        .await
        .context("log.file: the disk does not answer")?
        .context("log.file: writing was interrupted")?
        .context("log.file can't be written")
}

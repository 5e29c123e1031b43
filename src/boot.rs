//! From settings to a running ground: the database (private or configured), its migrations, the secret, the context.
//!
//! Starts no server and no worker.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    str::FromStr as _,
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    app::App, casework::Casework, clock::Clock, config::Settings, evidence::vault, migrations,
    postgres::Server, token::Token,
};

/// What a process needs at least: the five loops of the worker, one that listens for them, the collector, and a page.
const LEAST_CONNECTIONS: u32 = 8;
/// How long a start waits for the database.
const PATIENCE_AT_START: Duration = Duration::from_secs(10);
/// How long whoever needs a connection waits for one: longer, and a page would not answer within a second.
const PATIENCE: Duration = Duration::from_millis(900);

/// What a command runs on. The private server stops when this is dropped.
#[derive(Debug)]
pub struct Ground {
    pub casework: Casework,
    _server: Option<Server>,
}

/// Who may be asked for a database that nobody configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// Start the private server; another one on the same folder is an error.
    Alone,
    /// Use the private server of a Handover that is running, or start one.
    Guest,
}

impl Ground {
    /// Connects and migrates.
    ///
    /// # Errors
    /// In words for whoever operates Handover; above all, production with unsafe settings is refused.
    pub async fn prepare(mut settings: Settings, company: Company) -> anyhow::Result<Self> {
        refuse_unsafe_production(&settings)?;
        let (options, server) = find_database(&settings, company).await?;
        let pool = connect(&settings, options).await?;
        migrate(&pool).await?;
        let secret = find_secret(&settings)?;
        find_evidence_key(&mut settings)?;
        let casework = Casework::try_new(App::try_new(pool, settings, Clock::wall(), &secret)?)?;
        Ok(Self { casework, _server: server })
    }
}

/// Applies what is missing. Where nothing is, it does not even try: the program may then run under a role that owns no
/// table and so can't switch off their triggers.
async fn migrate(pool: &PgPool) -> anyhow::Result<()> {
    if migrations::are_applied(pool).await.unwrap_or(false) {
        return Ok(());
    }
    migrations::MIGRATIONS
        .run(pool)
        .await
        .context("could not migrate the database; where this role may not, run `handover migrate` as the owner of its tables")
}

fn refuse_unsafe_production(settings: &Settings) -> anyhow::Result<()> {
    let problems = settings.production_problems();
    if settings.is_demo() || problems.is_empty() {
        return Ok(());
    }
    bail!("production refuses to start on defaults:\n  - {}", problems.join("\n  - "))
}

async fn find_database(
    settings: &Settings,
    company: Company,
) -> anyhow::Result<(PgConnectOptions, Option<Server>)> {
    let url = settings.database.url.expose_secret();
    if !url.is_empty() {
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| anyhow::anyhow!("database.url is not a PostgreSQL address"))?;
        return Ok((options, None));
    }
    if let (Company::Guest, Some(options)) = (company, Server::find_running(&settings.data_dir)) {
        return Ok((options, None));
    }
    let data_dir = settings.data_dir.clone();
    let binaries =
        (!settings.database.bin_dir.as_os_str().is_empty()).then(|| settings.database.bin_dir.clone());
    let server = tokio::task::spawn_blocking(move || Server::start(&data_dir, binaries.as_deref()))
        .await
        .context("the start of PostgreSQL was interrupted")??;
    Ok((server.connect_options(), Some(server)))
}

async fn connect(settings: &Settings, options: PgConnectOptions) -> anyhow::Result<PgPool> {
    let most = settings.database.max_connections;
    ensure!(
        most >= LEAST_CONNECTIONS,
        "database.max_connections is {most}, and one process needs at least {LEAST_CONNECTIONS}"
    );
    // A database may be about to start; a page may not wait that long for it.
    let options = options.application_name("handover");
    let connect = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE_AT_START)
        .connect_with(options.clone());
    connect.await.context("could not connect to the database")?.close().await;
    Ok(PgPoolOptions::new()
        .max_connections(settings.database.max_connections)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options))
}

/// The configured secret, or, in demo mode, one made once and kept below the data directory.
fn find_secret(settings: &Settings) -> anyhow::Result<SecretString> {
    if !settings.secrets.key.expose_secret().is_empty() {
        return Ok(settings.secrets.key.clone());
    }
    find_kept(&settings.data_dir, "secret", || Token::random().reveal().to_owned())
}

/// In demo mode, a key for evidence files, as the secret.
fn find_evidence_key(settings: &mut Settings) -> anyhow::Result<()> {
    if settings.is_demo() && settings.evidence.keys.is_empty() {
        let key = find_kept(&settings.data_dir, "evidence-key", || vault::make_key("demo"))?;
        settings.evidence.keys.push(key);
    }
    Ok(())
}

/// What lies in the file `name` below the data directory; made if it is not there yet.
fn find_kept(data_dir: &Path, name: &str, make: impl FnOnce() -> String) -> anyhow::Result<SecretString> {
    let file = data_dir.join(name);
    if let Ok(secret) = fs::read_to_string(&file) {
        return Ok(secret.trim().to_owned().into());
    }
    fs::create_dir_all(data_dir).context("could not make the data directory")?;
    // Two processes may get here at once: both must end with the one secret whose link came first.
    let fresh = data_dir.join(format!("{name}.{}", std::process::id()));
    write_private(&fresh, &make())?;
    let linked = fs::hard_link(&fresh, &file);
    fs::remove_file(&fresh).with_context(|| format!("could not remove {}", fresh.display()))?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("could not make {}", file.display()))
        }
        _ => fs::read_to_string(&file)
            .map(|secret| secret.trim().to_owned().into())
            .with_context(|| format!("could not read {}", file.display())),
    }
}

/// Writes a file that only its owner may read.
pub fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut opened| opened.write_all(text.as_bytes()))
        .with_context(|| format!("could not write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pool_that_is_too_small_is_refused_with_the_number_needed() {
        let settings = Settings::with("database.max_connections = 7").unwrap();
        let error = connect(&settings, PgConnectOptions::new_without_pgpass()).await.unwrap_err().to_string();
        assert!(error.contains("7") && error.contains("at least 8"), "{error}");
    }
}

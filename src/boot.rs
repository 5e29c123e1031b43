//! From settings to a running ground: the database (private or configured), its migrations, the secret, the context.
//!
//! Starts no server and no worker.

pub mod refused;

use std::{
    fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    app::App,
    casework::Casework,
    clock::Clock,
    config::Settings,
    evidence::vault,
    migrations::{self, Fit},
    postgres::Server,
    token::Token,
};

/// Why nothing can begin, as far as the exit code of a command tells it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("these settings are refused, nothing was started:\n  - {}", .0.join("\n  - "))]
    Settings(Vec<String>),
    #[error(
        "the schema of the database is older than this program: run `handover migrate` as the owner of its tables"
    )]
    OlderSchema,
    #[error(
        "the schema of the database is newer than this program: run the Handover that did `handover migrate`, not this one"
    )]
    NewerSchema,
}

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
    /// Connects, and wants this program's schema: the same command by hand or by a timer must not change, in passing,
    /// what every other process works on.
    ///
    /// # Errors
    /// In words for whoever operates Handover; above all, production with unsafe settings is refused.
    pub async fn prepare(settings: Settings, company: Company) -> anyhow::Result<Self> {
        Self::begin(settings, company, false).await
    }

    /// As [`Ground::prepare`], and migrates where `database.migrate_at_start` says so.
    ///
    /// # Errors
    /// As for [`Ground::prepare`].
    pub async fn prepare_to_serve(settings: Settings, company: Company) -> anyhow::Result<Self> {
        let migrates = settings.database.migrate_at_start;
        Self::begin(settings, company, migrates).await
    }

    /// As [`Ground::prepare`], and migrates.
    ///
    /// # Errors
    /// As for [`Ground::prepare`].
    pub async fn migrate(settings: Settings) -> anyhow::Result<Self> {
        Self::begin(settings, Company::Guest, true).await
    }

    async fn begin(mut settings: Settings, company: Company, migrates: bool) -> anyhow::Result<Self> {
        let complaints = refused::list(&settings);
        if !complaints.is_empty() {
            return Err(Fault::Settings(complaints).into());
        }
        let (options, server) = find_database(&settings, company).await?;
        let pool = connect(&settings, options).await?;
        look_at_schema(&pool, migrates).await?;
        let secret = find_secret(&settings)?;
        find_evidence_key(&mut settings)?;
        let casework = Casework::try_new(App::try_new(pool, settings, Clock::wall(), &secret)?)?;
        Ok(Self { casework, _server: server })
    }
}

/// Wants this program's schema, or makes it. Where nothing is missing it does not even try: the program may then run under
/// a role that owns no table and so can't switch off their triggers.
async fn look_at_schema(pool: &PgPool, migrates: bool) -> anyhow::Result<()> {
    match migrations::compare(pool).await? {
        Fit::Same => Ok(()),
        Fit::Newer => Err(Fault::NewerSchema.into()),
        Fit::Older if !migrates => Err(Fault::OlderSchema.into()),
        Fit::Older => migrations::MIGRATIONS.run(pool).await.context(
            "could not migrate the database; where this role may not, run `handover migrate` as the owner of its tables",
        ),
    }
}

async fn find_database(
    settings: &Settings,
    company: Company,
) -> anyhow::Result<(PgConnectOptions, Option<Server>)> {
    if let Some(options) = refused::find_address(settings)? {
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
    PgPoolOptions::new()
        .max_connections(settings.database.max_connections)
        .acquire_timeout(std::time::Duration::from_secs(10))
        .connect_with(options.application_name("handover"))
        .await
        .context("could not connect to the database")
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

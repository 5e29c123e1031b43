//! From settings to a running ground: the database (private or configured), its migrations, the secret, the context.
//!
//! Starts no server and no worker.

mod database;
pub mod owner;
pub mod refused;

pub use database::{Database, OWNER_IS_KNOWN};

pub use crate::kept::write_private;

use std::time::Duration;

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgPool;
use tokio::time::timeout;

use crate::{
    administration::seeds, app::App, casework::Casework, clock::Clock, config::Settings, evidence::vault,
    kept, postgres::Keeper, telemetry::Telemetry, token::Token,
};

/// How long a database is asked that is not needed to say no.
const PATIENCE: Duration = Duration::from_secs(3);

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
        "the schema of the database is newer than this program: run the Handover that did `handover migrate`, not this one. A schema never goes back; who has to, restores the backup from before"
    )]
    NewerSchema,
    #[error(
        "a restore into this database began and did not end, so it is not whole: run `handover restore` again"
    )]
    HalfRestored,
}

/// What a command runs on. The private server stops when this is dropped.
#[derive(Debug)]
pub struct Ground {
    pub casework: Casework,
    database: Database,
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

    /// As [`Ground::prepare`], and migrates where `database.migrate_at_start` says so. Looks whether the role of the services
    /// is one. Writes the first text blocks.
    ///
    /// # Errors
    /// As for [`Ground::prepare`].
    pub async fn prepare_to_serve(settings: Settings, company: Company) -> anyhow::Result<Self> {
        let migrates = settings.database.migrate_at_start;
        let mut ground = Self::begin(settings, company, migrates).await?;
        ground.database.look_at_role(&ground.casework.app.settings).await?;
        let app = &ground.casework.app;
        seeds::plant(&app.pool, app.clock.now()).await?;
        let telemetry = Telemetry::try_new(&app.settings.telemetry, &app.meters)?;
        ground.casework.app.telemetry = telemetry;
        Ok(ground)
    }

    async fn begin(settings: Settings, company: Company, migrates: bool) -> anyhow::Result<Self> {
        let database = Self::open(&settings, company).await?;
        database.look_at_schema(migrates).await?;
        Self::furnish(settings, database)
    }

    /// The database, where nothing is refused.
    async fn open(settings: &Settings, company: Company) -> anyhow::Result<Database> {
        let mut complaints = refused::list(settings);
        if settings.is_demo() && complaints.is_empty() {
            return Database::open(settings, company).await;
        }
        let tells = !settings.is_demo() && !settings.database.url.expose_secret().is_empty();
        if complaints.is_empty() {
            let database = Database::open(settings, company).await?;
            complaints = database.list_refused().await?;
            if complaints.is_empty() {
                return Ok(database);
            }
        } else if tells && let Ok(Ok(database)) = timeout(PATIENCE, Database::open(settings, company)).await {
            // Whoever has to mend the settings hears of the database, too, if it can be asked.
            complaints.extend(database.list_refused().await.unwrap_or_default());
        }
        Err(Fault::Settings(complaints).into())
    }

    /// As the owner of the tables: as `database.owner_url` says, else as `database.url`; in the private database, as who made it. One
    /// connection.
    ///
    /// # Errors
    /// When it can't be reached.
    pub async fn connect_as_owner(&self) -> anyhow::Result<PgPool> {
        let settings = &self.casework.app.settings;
        let owner = match &self.database.owner {
            Some(owner) => owner.clone(),
            None => {
                let owner = refused::find_owner_address(settings)?.or(refused::find_address(settings)?);
                owner.context("nobody knows who owns the tables")?
            }
        };
        database::connect_once(owner).await
    }

    /// Ends the private server, within what is left of `stop_seconds` or a quarter of them.
    ///
    /// # Errors
    /// When it could not be stopped.
    pub async fn end(self) -> anyhow::Result<()> {
        let app = &self.casework.app;
        let all = Duration::from_secs(app.settings.stop_seconds.into());
        let patience = app.stop.left_of(all).max(all / 4);
        let Some(private) = self.database.private else { return Ok(()) };
        tokio::task::spawn_blocking(move || private.stop(patience))
            .await
            .context("the end of PostgreSQL was interrupted")?
    }

    /// The context over a database that has this program's schema.
    pub(crate) fn furnish(mut settings: Settings, database: Database) -> anyhow::Result<Self> {
        let secret = find_secret(&settings)?;
        find_evidence_key(&mut settings)?;
        let clock = if settings.is_demo() { Clock::to_be_put_forward() } else { Clock::wall() };
        let mut app = App::try_new(database.pool.clone(), settings, clock, &secret)?;
        app.stop = database.stop.clone();
        app.private_database = database.private.as_ref().map(Keeper::vitals);
        Ok(Self { casework: Casework::try_new(app)?, database })
    }
}

/// The configured secret, or, in demo mode, one made once and kept below the data directory.
pub(crate) fn find_secret(settings: &Settings) -> anyhow::Result<SecretString> {
    if !settings.secrets.key.expose_secret().is_empty() {
        return Ok(settings.secrets.key.clone());
    }
    kept::find(&settings.data_dir, "secret", || Token::random().reveal().to_owned())
}

/// In demo mode, a key for evidence files, as the secret.
pub(crate) fn find_evidence_key(settings: &mut Settings) -> anyhow::Result<()> {
    if settings.is_demo() && settings.evidence.keys.is_empty() {
        let key = kept::find(&settings.data_dir, "evidence-key", || vault::make_key("demo"))?;
        settings.evidence.keys.push(key);
    }
    Ok(())
}

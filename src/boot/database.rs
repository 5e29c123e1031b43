//! The database that a command runs on: the configured one, or the private one of the demo; its schema, and what only it
//! knows that production refuses.

use std::time::Duration;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use sqlx::{
    Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{Company, Fault, refused};
use crate::{
    app::AS_IT_IS,
    config::Settings,
    migrations::{self, Fit},
    postgres::{Keeper, SERVICE_ROLE, Server},
    privileges,
    stop::Stop,
};

/// How long a start waits for the database.
const PATIENCE_AT_START: Duration = Duration::from_secs(10);
/// How long whoever needs a connection waits for one: longer, and a page would not answer within a second.
const PATIENCE: Duration = Duration::from_millis(900);

/// A connected database. The private server stops when this is dropped.
#[derive(Debug)]
pub struct Database {
    /// As the role of the services.
    pub pool: PgPool,
    /// Once asked, the private server is not started again.
    pub stop: Stop,
    pub private: Option<Keeper>,
    /// How to be the owner of the private database. That of a configured one is nobody's business here ([`super::owner`]).
    pub(super) owner: Option<PgConnectOptions>,
}

/// Where the database is, and as whom.
struct Found {
    services: PgConnectOptions,
    owner: Option<PgConnectOptions>,
    private: Option<Keeper>,
}

impl Database {
    /// Connects, and starts the private server where none is configured. Looks at nothing in it.
    ///
    /// # Errors
    /// In words for whoever operates Handover.
    pub async fn open(settings: &Settings, company: Company) -> anyhow::Result<Self> {
        let stop = Stop::default();
        let found = find(settings, company, &stop).await?;
        if let Some(owner) = &found.owner {
            let pool = connect_once(owner.clone()).await?;
            let mut connection = pool.acquire().await.context("could not connect to the database")?;
            privileges::make_role(&mut connection, SERVICE_ROLE).await?;
            drop(connection);
            pool.close().await;
        }
        // A database may be about to start; a page may not wait that long for it.
        connect_once(found.services.clone()).await?.close().await;
        let pool = PgPoolOptions::new()
            .max_connections(settings.database.max_connections)
            .acquire_timeout(PATIENCE)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(sqlx::raw_sql(AS_IT_IS)).await.map(drop) })
            })
            .connect_lazy_with(found.services.application_name("handover"));
        Ok(Self { pool, stop, private: found.private, owner: found.owner })
    }

    /// Wants this program's schema, or makes it. Where nothing is missing it does not even try: the program may then run
    /// under a role that owns no table and so can't switch off their triggers. The private database is its own owner's
    /// business alone, so its services get here what they need. A program that is older than the schema may go on where the newer
    /// one promised that it works: it is replaced in a moment, and grants nobody anything.
    ///
    /// # Errors
    /// [`Fault`], or that it could not be made.
    pub async fn look_at_schema(&self, migrates: bool) -> anyhow::Result<()> {
        let Some(owner) = &self.owner else {
            let mut connection = self.pool.acquire().await.context("could not connect to the database")?;
            if migrations::compare(&mut connection).await? == Fit::Expanded {
                tracing::warn!(
                    "the schema of the database is newer than this program, which works upon it: replace it soon"
                );
                return Ok(());
            }
            return bring_up(&mut connection, migrates).await;
        };
        let pool = connect_once(owner.clone()).await?;
        let mut connection = pool.acquire().await.context("could not connect to the database")?;
        bring_up(&mut connection, migrates).await?;
        privileges::grant(&mut connection, SERVICE_ROLE).await?;
        drop(connection);
        pool.close().await;
        Ok(())
    }

    /// Whether the services can do what they have to, and, in production, no more.
    ///
    /// # Errors
    /// Where something is lacking: half of them would fail later, one page after the other.
    pub async fn look_at_role(&self, settings: &Settings) -> anyhow::Result<()> {
        let mut connection = self.pool.acquire().await.context("could not connect to the database")?;
        let standing = privileges::look(&mut connection).await?;
        anyhow::ensure!(
            standing.lacking.is_empty(),
            "the role {:?} may not {}: {}",
            standing.role,
            standing.lacking.join(", "),
            standing.remedy()
        );
        if settings.is_demo() {
            return Ok(());
        }
        for excess in standing.over {
            tracing::warn!(
                role = standing.role,
                "the role of the services can do more than they need: {excess}"
            );
        }
        if !settings.database.owner_url.expose_secret().is_empty() {
            tracing::warn!("{}", OWNER_IS_KNOWN);
        }
        Ok(())
    }

    /// What production refuses of it, as [`refused::list`] does of the settings.
    ///
    /// A superuser switches off the triggers that keep the trail, and reads every file of the server: so does whoever
    /// takes over the program. The passwords of a demo were printed, and its cases go to nobody.
    pub async fn list_refused(&self) -> anyhow::Result<Vec<String>> {
        let mut complaints = Vec::new();
        let found = sqlx::query!(
            r#"select rolname as "name!", rolsuper as "is_superuser!", to_regclass('invented_data') is not null as "can_be_invented!"
             from pg_roles where rolname = current_user"#
        )
        .fetch_one(&self.pool)
        .await
        .context("could not look at the role of the database")?;
        if found.is_superuser {
            complaints.push(format!(
                "database.url signs in as {:?}, a superuser: make a role that owns no table (docs/OPERATIONS.md, First start in production)",
                found.name
            ));
        }
        if found.can_be_invented && self.is_invented().await? {
            complaints.push(
                "database.url leads to a database that holds the demo, with its printed passwords: give production an empty one"
                    .to_owned(),
            );
        }
        Ok(complaints)
    }

    /// Whether a demo ever filled it.
    pub async fn is_invented(&self) -> anyhow::Result<bool> {
        sqlx::query_scalar!(r#"select exists (select from invented_data) as "invented!""#)
            .fetch_one(&self.pool)
            .await
            .context("could not look whether the database holds the demo")
    }
}

/// What `serve` and `work` say of it, and `doctor`.
pub const OWNER_IS_KNOWN: &str = "database.owner_url is set for the services: whoever takes them over owns the tables. Give it to `handover migrate` and `handover database grants` alone";

/// A pool of one connection, once there is one.
pub(super) async fn connect_once(options: PgConnectOptions) -> anyhow::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE_AT_START)
        .connect_with(options.application_name("handover"))
        .await
        .context("could not connect to the database")
}

/// As [`Database::look_at_schema`], on this connection.
pub(super) async fn bring_up(connection: &mut PgConnection, migrates: bool) -> anyhow::Result<()> {
    match migrations::compare(connection).await? {
        Fit::Same => Ok(()),
        Fit::HalfRestored => Err(Fault::HalfRestored.into()),
        Fit::Newer | Fit::Expanded => Err(Fault::NewerSchema.into()),
        Fit::Older if !migrates => Err(Fault::OlderSchema.into()),
        Fit::Older => migrations::apply(connection).await,
    }
}

async fn find(settings: &Settings, company: Company, stop: &Stop) -> anyhow::Result<Found> {
    if let Some(services) = refused::find_address(settings)? {
        return Ok(Found { services, owner: None, private: None });
    }
    let of_private = |owner: PgConnectOptions, private| Found {
        services: owner.clone().username(SERVICE_ROLE),
        owner: Some(owner),
        private,
    };
    if let (Company::Guest, Some(owner)) = (company, Server::find_running(&settings.data_dir)) {
        return Ok(of_private(owner, None));
    }
    let data_dir = settings.data_dir.clone();
    let binaries =
        (!settings.database.bin_dir.as_os_str().is_empty()).then(|| settings.database.bin_dir.clone());
    let server = tokio::task::spawn_blocking(move || Server::start(&data_dir, binaries.as_deref()))
        .await
        .context("the start of PostgreSQL was interrupted")??;
    let keeper = Keeper::try_new(server, &stop.asked, Duration::from_secs(settings.stop_seconds.into()))?;
    Ok(of_private(keeper.connect_options(), Some(keeper)))
}

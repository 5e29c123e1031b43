//! What is done as the owner of the tables: migrating, and granting the services what they need. The services never are it.

use anyhow::Context as _;
use sqlx::{PgPool, postgres::PgConnectOptions};

use super::{
    Company, Database, Fault,
    database::{bring_up, connect_once},
    refused,
};
use crate::{config::Settings, migrations, postgres::SERVICE_ROLE, privileges};

/// The owner's connection. A private server stops when this is dropped.
pub(crate) struct Owner {
    pub pool: PgPool,
    /// How to sign in as it, for programs of PostgreSQL's.
    pub options: PgConnectOptions,
    /// Whom `migrate` grants to, where it is told or known.
    pub services: Option<String>,
    _private: Option<Database>,
}

impl Owner {
    /// As `database.owner_url` says, else as `database.url`; in the private database, as who made it.
    pub async fn sign_in(settings: &Settings) -> anyhow::Result<Self> {
        let complaints = refused::list(settings);
        if !complaints.is_empty() {
            return Err(Fault::Settings(complaints).into());
        }
        if let Some(services) = refused::find_address(settings)? {
            let owner = refused::find_owner_address(settings)?;
            let named = find_services(settings, &services, owner.as_ref());
            let options = owner.unwrap_or(services);
            let pool = connect_once(options.clone()).await?;
            return Ok(Self { pool, options, services: named, _private: None });
        }
        let database = Database::open(settings, Company::Guest).await?;
        let owner = database.owner.clone().context("the private database has no owner")?;
        let pool = connect_once(owner.clone()).await?;
        let services = Some(SERVICE_ROLE.to_owned());
        Ok(Self { pool, options: owner, services, _private: Some(database) })
    }
}

/// The role that is named; without a name, whom the services sign in as, where that is somebody else than the owner.
fn find_services(
    settings: &Settings,
    services: &PgConnectOptions,
    owner: Option<&PgConnectOptions>,
) -> Option<String> {
    let named = &settings.database.service_role;
    if !named.is_empty() {
        return Some(named.clone());
    }
    let owner = owner?.get_username();
    (services.get_username() != owner).then(|| services.get_username().to_owned())
}

/// Brings the schema to this program's and grants the services what they need, where it is known who they are. Looks at
/// nothing else. What was granted, or left to somebody else, a sentence each; `None` where nobody was named.
///
/// # Errors
/// [`Fault`], or what the database says.
pub async fn migrate(settings: &Settings) -> anyhow::Result<Option<Vec<String>>> {
    let owner = Owner::sign_in(settings).await?;
    let mut connection = owner.pool.acquire().await.context("could not connect to the database")?;
    bring_up(&mut connection, true).await?;
    migrations::keep_promise(&mut connection).await?;
    match &owner.services {
        Some(role) => privileges::grant(&mut connection, role).await.map(Some),
        None => Ok(None),
    }
}

/// Grants `role` what the services need in a database that has this program's schema.
///
/// # Errors
/// As for [`migrate`].
pub async fn grant(settings: &Settings, role: &str) -> anyhow::Result<Vec<String>> {
    let owner = Owner::sign_in(settings).await?;
    let mut connection = owner.pool.acquire().await.context("could not connect to the database")?;
    bring_up(&mut connection, false).await?;
    privileges::grant(&mut connection, role).await
}

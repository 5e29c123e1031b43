//! What is done as the owner of the tables: migrating, and granting the services what they need. The services never are it.

use anyhow::Context as _;
use sqlx::{PgPool, postgres::PgConnectOptions};

use super::{
    Company, Database, Fault,
    database::{bring_up, connect_once},
    refused,
};
use crate::{config::Settings, postgres::SERVICE_ROLE, privileges};

/// The owner's connection. A private server stops when this is dropped.
struct Owner {
    pool: PgPool,
    /// Whom `migrate` grants to, where it is told or known.
    services: Option<String>,
    _private: Option<Database>,
}

impl Owner {
    /// As `database.owner_url` says, else as `database.url`; in the private database, as who made it.
    async fn sign_in(settings: &Settings) -> anyhow::Result<Self> {
        let complaints = refused::list(settings);
        if !complaints.is_empty() {
            return Err(Fault::Settings(complaints).into());
        }
        if let Some(services) = refused::find_address(settings)? {
            let owner = refused::find_owner_address(settings)?;
            let named = find_services(settings, &services, owner.as_ref());
            let pool = connect_once(owner.unwrap_or(services)).await?;
            return Ok(Self { pool, services: named, _private: None });
        }
        let database = Database::open(settings, Company::Guest).await?;
        let owner = database.owner.clone().context("the private database has no owner")?;
        let pool = connect_once(owner).await?;
        Ok(Self { pool, services: Some(SERVICE_ROLE.to_owned()), _private: Some(database) })
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

//! The one context that pages, workers and commands share: pool, settings, clock, views and signing key.
//!
//! Holds no behaviour; transports and rooms take what they need from it.

use std::{sync::Arc, time::Duration};

use secrecy::SecretString;
use sqlx::{Connection as _, Executor as _, PgPool, postgres::PgConnectOptions};
use tokio::sync::Semaphore;

use crate::{
    announcements::Announcements, brand::Brand, clock::Clock, config::Settings, meters::Meters,
    postgres::Vitals, pulse::Pulse, sealing::Sealer, stop::Stop, telemetry::Telemetry, token::Signer,
    view::Views,
};

#[derive(Clone, Debug)]
pub struct App {
    pub pool: PgPool,
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub views: Views,
    /// The reseller's face.
    pub brand: Brand,
    pub zone: jiff::tz::TimeZone,
    /// Signs the addresses that replies and bounces come back to.
    pub reply_signer: Signer,
    /// Hides whom and whence the public form's quota counts.
    pub quota_signer: Signer,
    /// Makes the codes that our e-mails are known by.
    pub code_signer: Signer,
    /// Signs what is kept of a verification of the trails.
    pub verification_signer: Signer,
    /// Seals what endpoints of webhooks keep.
    pub webhook_signer: Signer,
    /// Hides what wrong tries to sign in are counted by, and knows browsers that somebody has signed in with.
    pub sign_in_signer: Signer,
    /// Keeps the secrets of authenticator apps, and makes recovery codes into what is kept of them.
    pub factor_sealer: Sealer,
    pub recovery_signer: Signer,
    /// Whether the worker of this process goes on.
    pub pulse: Pulse,
    /// What this process counts.
    pub meters: Meters,
    /// Where traces go; nowhere, until whoever serves or works says so.
    pub telemetry: Telemetry,
    /// Tells whoever works that this process ends.
    pub stop: Stop,
    /// Turns of searches: a third of the connections of pages.
    pub searches: Arc<Semaphore>,
    /// What changes in the database, for pages that are open.
    pub announcements: Announcements,
    /// How the private database is, where this process keeps one.
    pub private_database: Option<Vitals>,
}

impl App {
    /// Puts the context together; fails on templates that do not parse or an unknown time zone, or a face that can't be shown.
    pub fn try_new(
        pool: PgPool,
        settings: Settings,
        clock: Clock,
        secret: &SecretString,
    ) -> anyhow::Result<Self> {
        let zone = settings.zone()?;
        let brand = Brand::try_new(&settings)?;
        Ok(Self {
            pool,
            clock,
            views: Views::try_new(zone.clone(), &brand)?,
            brand,
            zone,
            reply_signer: Signer::new(secret, "reply addresses"),
            quota_signer: Signer::new(secret, "form quota"),
            code_signer: Signer::new(secret, "mail codes"),
            verification_signer: Signer::new(secret, "verifications"),
            webhook_signer: Signer::new(secret, "webhooks"),
            sign_in_signer: Signer::new(secret, "sign-ins"),
            factor_sealer: Sealer::new(secret, "authenticator apps"),
            recovery_signer: Signer::new(secret, "recovery codes"),
            searches: Arc::new(Semaphore::new(
                usize::try_from(settings.database.page_connections / 3)?.max(1),
            )),
            settings: Arc::new(settings),
            pulse: Pulse::default(),
            meters: Meters::try_new()?,
            telemetry: Telemetry::default(),
            stop: Stop::default(),
            announcements: Announcements::default(),
            private_database: None,
        })
    }

    /// The same with connections of its own, none of whose statements takes for ever. For pages: neither a worker that is busy nor a reader
    /// whose question takes long leaves the other without a connection.
    ///
    /// Nor is one compiled, or read by several processes of the database at once: what pages ask is planned for any value, which looks
    /// costlier than it is, and to compile it, or to start processes for it, takes longer than any of it.
    ///
    /// This is no parameter of the connection but said on it, since poolers refuse parameters.
    #[must_use]
    pub fn for_pages(&self) -> Self {
        let database = &self.settings.database;
        let limit = format!("set statement_timeout = '{}s'; {AS_IT_IS}", database.page_seconds);
        let options = self.pool.options().clone().max_connections(database.page_connections);
        // A connection that served a page a moment ago is taken as it is; the round trip that asks whether it stands costs as much as a small statement.
        let options = options.test_before_acquire(false).before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
        let options = options.after_connect(move |connection, _| {
            let limit = sqlx::AssertSqlSafe(limit.clone());
            Box::pin(async move { connection.execute(sqlx::raw_sql(limit)).await.map(drop) })
        });
        let pool = options.connect_lazy_with(PgConnectOptions::clone(&self.pool.connect_options()));
        Self { pool, ..self.clone() }
    }

    /// The address of a page as people outside reach it; `path` starts with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.settings.http.public_url)
    }
}

/// Said on each connection: neither compile a statement nor start processes for it.
pub const AS_IT_IS: &str = "set jit = off; set max_parallel_workers_per_gather = 0";

/// A connection that nobody used for longer is asked whether it still stands before a page gets it.
const IDLE: Duration = Duration::from_secs(1);

/// What one unit of background work did. A worker goes on at once after `Did` and rests after `Idle`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Did,
    Idle,
}

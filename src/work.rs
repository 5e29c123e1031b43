//! The worker: takes one step after another of everything that is due, then waits to be woken.
//!
//! Deliveries, inbound e-mails, scans and the look-ups that nothing waits for have loops of their own, so that a silent server holds
//! nothing else up. Knows which kinds of work there are, not what they do. Any number of workers may run; each step
//! claims its own work.

use std::{future::Future, time::Duration};

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::{
    app::Step,
    casework::Casework,
    correspondence,
    mail::{
        incoming::collect::Collector,
        outgoing::{deliver, transport::Transport, wake::Wake},
    },
    verification,
};

/// How long a worker rests at most when nobody calls it.
const REST: Duration = Duration::from_secs(10);
/// Steps of one kind in a row before the next kind has its turn.
const TURN: usize = 50;

#[derive(Debug)]
pub struct Worker {
    casework: Casework,
    transport: Transport,
    collector: Option<Collector>,
}

impl Worker {
    /// One that collects no mailbox.
    pub fn new(casework: Casework, transport: Transport) -> Self {
        Self { casework, transport, collector: None }
    }

    /// With everything that the settings name; fails on settings that could never work.
    pub fn try_new(casework: Casework) -> anyhow::Result<Self> {
        let app = &casework.app;
        let transport = Transport::try_new(&app.settings.mail, &app.settings.data_dir)?;
        let collector = Collector::try_new(app.pool.clone(), app.clock.clone(), &app.settings.mail)?;
        Ok(Self { casework, transport, collector })
    }

    /// Works until `stop`; steps under way are finished first. The mailbox is collected meanwhile.
    pub async fn run(&self, stop: &CancellationToken) {
        self.follow_settings().await;
        let pool = &self.casework.app.pool;
        let collecting = async {
            if let Some(collector) = &self.collector {
                collector.run(stop).await;
            }
        };
        tokio::join!(
            repeat(pool, stop, || self.deliver()),
            repeat(pool, stop, || self.decide()),
            repeat(pool, stop, || self.read()),
            repeat(pool, stop, || self.look_up()),
            repeat(pool, stop, || self.scan()),
            collecting
        );
    }

    /// Works until nothing is due any more.
    pub async fn run_until_idle(&self) {
        self.follow_settings().await;
        while self.decide().await == Step::Did
            || self.read().await == Step::Did
            || self.deliver().await == Step::Did
            || self.look_up().await == Step::Did
            || self.scan().await == Step::Did
        {}
    }

    async fn follow_settings(&self) {
        let followed = [self.casework.follow_policy().await, self.casework.follow_shared_domains().await];
        for error in followed.into_iter().filter_map(Result::err) {
            tracing::error!(
                error = format!("{error:#}"),
                "could not compare the settings with those of the last start"
            );
        }
    }

    async fn deliver(&self) -> Step {
        let app = &self.casework.app;
        turn("deliveries", || deliver::step(&app.pool, &self.transport, &app.clock, &app.settings.mail)).await
    }

    /// Inbound e-mails, whose authors choose name servers that may be slow.
    async fn read(&self) -> Step {
        turn("inbound e-mails", || correspondence::step(&self.casework)).await
    }

    /// What name servers say that nothing waits for.
    async fn look_up(&self) -> Step {
        let turns = [
            turn("mail servers", || verification::mail_servers::step(&self.casework)).await,
            turn("domains on record", || verification::domain_watch::step(&self.casework)).await,
        ];
        if turns.contains(&Step::Did) { Step::Did } else { Step::Idle }
    }

    async fn scan(&self) -> Step {
        turn("scans", || self.casework.scan_step()).await
    }

    /// A turn for each kind of work on cases.
    async fn decide(&self) -> Step {
        let turns = [
            turn("deadlines", || self.casework.deadline_step()).await,
            turn("upkeep", || self.casework.upkeep_step()).await,
            turn("checks", || verification::step(&self.casework)).await,
            turn("follow-ups", || self.casework.follow_up_step()).await,
            turn("settlements", || self.casework.settlement_step()).await,
            turn("retention", || self.casework.retention_step()).await,
        ];
        if turns.contains(&Step::Did) { Step::Did } else { Step::Idle }
    }
}

/// Works while there is work, rests while there is none, until `stop`.
async fn repeat<F>(pool: &PgPool, stop: &CancellationToken, work: impl Fn() -> F)
where
    F: Future<Output = Step>,
{
    let mut wake = Wake::new(pool.clone());
    while !stop.is_cancelled() {
        while work().await == Step::Did && !stop.is_cancelled() {}
        wake.wait(REST, stop).await;
    }
}

/// Steps of one kind until there are none, or it is the others' turn. A failure ends the turn: it is logged and tried
/// again after the rest, and the other kinds go on meanwhile.
async fn turn<F>(name: &str, mut step: impl FnMut() -> F) -> Step
where
    F: Future<Output = anyhow::Result<Step>>,
{
    let mut did = Step::Idle;
    for _ in 0..TURN {
        match step().await {
            Ok(Step::Did) => did = Step::Did,
            Ok(Step::Idle) => break,
            Err(error) => {
                tracing::error!(work = name, error = format!("{error:#}"), "a step of work failed");
                return Step::Idle;
            }
        }
    }
    did
}

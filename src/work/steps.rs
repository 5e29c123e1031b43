//! What a step of each kind of work is, what is counted and traced of it, and how it ends when the process has no more patience.

use std::{sync::atomic::Ordering, time::Instant};

use anyhow::Context as _;
use futures_util::{FutureExt as _, future::BoxFuture};
use opentelemetry::trace::SpanKind;

use super::{BeforeStep, Worker, deletion, erasure, forgetting, kind::Kind};
use crate::{
    app::Step,
    correspondence,
    mail::outgoing::deliver::{self, Office},
    panics::caught_in,
    staff::{log_letters, resets, switched_off},
    telemetry::Doing,
    transparency, verification, webhooks, yearly,
};

impl Worker {
    /// A step, counted, timed and traced, unless it found nothing to do. An e-mail is traced with what queued it, not with the step
    /// that hands it over.
    pub(super) async fn measured_step(&self, kind: Kind) -> anyhow::Result<Step> {
        let (app, begun) = (&self.casework.app, Instant::now());
        let doing = match kind {
            Kind::Deliveries => Doing::default(),
            _ => app.telemetry.begin(kind.as_str(), SpanKind::Internal),
        };
        let stepped = doing.during(caught_in(self.step_in_time(kind))).await;
        let outcome = match stepped {
            Ok(Step::Did) => {
                doing.end();
                "did"
            }
            Ok(Step::Idle) => {
                doing.forget();
                "idle"
            }
            Err(_) => {
                doing.fail();
                doing.end();
                "failed"
            }
        };
        app.meters.stepped(kind.as_str(), outcome, begun.elapsed());
        stepped
    }

    async fn step_in_time(&self, kind: Kind) -> anyhow::Result<Step> {
        tokio::time::timeout(self.patience, self.step(kind)).await.context("it hung, and was given up")?
    }

    pub(super) async fn step(&self, kind: Kind) -> anyhow::Result<Step> {
        if let Some(BeforeStep(look)) = &self.before_step {
            look(kind);
        }
        match kind {
            // They give back themselves what they have claimed.
            Kind::Deliveries | Kind::InboundEmails | Kind::Scans | Kind::Webhooks => self.work_on(kind).await,
            // Nothing is lost with them: a transaction that is dropped is rolled back.
            _ => self.casework.app.stop.unless_cut(self.work_on(kind)).await.unwrap_or(Ok(Step::Idle)),
        }
    }

    /// Boxed: together the futures of all kinds would fill a thread's stack.
    fn work_on(&self, kind: Kind) -> BoxFuture<'_, anyhow::Result<Step>> {
        let (casework, app) = (&self.casework, &self.casework.app);
        match kind {
            Kind::Settings => self.follow_settings().boxed(),
            Kind::Deadlines => casework.deadline_step().boxed(),
            Kind::Upkeep => casework.upkeep_step().boxed(),
            Kind::Checks => verification::step(casework).boxed(),
            Kind::DomainProofs => verification::domain_step(casework).boxed(),
            Kind::FollowUps => casework.follow_up_step().boxed(),
            Kind::Reminders => casework.remind_step().boxed(),
            Kind::Settlements => casework.settlement_step().boxed(),
            Kind::Retention => casework.retention_step().boxed(),
            Kind::Forgetting => forgetting::step(app).boxed(),
            Kind::Deletion => deletion::step(casework).boxed(),
            Kind::Chain => casework.chain_step().boxed(),
            Kind::Erasure => erasure::step(casework).boxed(),
            Kind::StaffMail => casework.staff_mail_step().boxed(),
            Kind::ContactQuestions => yearly::step(casework).boxed(),
            Kind::PasswordResets => resets::step(casework).boxed(),
            Kind::InboundEmails => correspondence::step(casework).boxed(),
            Kind::Deliveries => {
                let (transport, settings) = (&self.transport, &app.settings.mail);
                let (telemetry, meters) = (&app.telemetry, &app.meters);
                let (pool, clock) = (&app.pool, &app.clock);
                let office = Office { telemetry, meters, pool, transport, clock, settings };
                deliver::deliver_due(office, &app.stop).boxed()
            }
            Kind::MailServers => verification::mail_servers::step(casework).boxed(),
            Kind::DomainsOnRecord => verification::domain_watch::step(casework, &self.watch).boxed(),
            Kind::Scans => casework.scan_step().boxed(),
            Kind::Webhooks => {
                webhooks::deliver::step(&app.pool, &casework.webhooks, &app.clock, &app.stop).boxed()
            }
            Kind::Log => transparency::append::step(app).boxed(),
            Kind::LogFile => transparency::file::step(app).boxed(),
            Kind::TimeStamps => transparency::stamps::step(app).boxed(),
            Kind::LogMail => log_letters::step(casework).boxed(),
            Kind::WebhookUpkeep => switched_off::step(casework).boxed(),
        }
    }

    async fn follow_settings(&self) -> anyhow::Result<Step> {
        if !self.settings_followed.load(Ordering::Relaxed) {
            self.casework.follow_policy().await?;
            self.casework.follow_shared_domains().await?;
            self.casework.follow_scanner().await?;
            self.settings_followed.store(true, Ordering::Relaxed);
        }
        Ok(Step::Idle)
    }
}

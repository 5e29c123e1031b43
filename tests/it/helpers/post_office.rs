//! A post office of a test's own: a database, a mail server, a clock that stands still, and e-mails to send.

use std::time::Duration;

use handover::app::Step;
use handover::clock::{Clock, Timestamp};
use handover::config::{self, Settings};
use handover::lang::Language;
use handover::mail::outgoing::code::Stamp;
use handover::mail::outgoing::compose::{Composed, Letter, Profile, Sender, compose};
use handover::mail::outgoing::transport::Transport;
use handover::mail::outgoing::{
    deliver::{self, Office},
    outbox,
};
use handover::meters::Meters;
use handover::stop::Stop;
use handover::telemetry::Telemetry;
use handover::token::Signer;
use jiff::SignedDuration;
use secrecy::SecretString;
use sqlx::PgPool;
use uuid::Uuid;

use super::postgres::Database;
use super::smtp::{Encryption, SmtpServer};

/// Longer than anything here takes; only a test that is about to fail waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct PostOffice {
    pub pool: PgPool,
    pub clock: Clock,
    pub settings: config::Mail,
    pub server: SmtpServer,
    pub transport: Transport,
    pub database: Database,
    telemetry: Telemetry,
    meters: Meters,
}

/// What the outbox knows about one e-mail.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub state: String,
    pub attempts: i32,
    pub has_bytes: bool,
    pub is_leased: bool,
    pub is_settled: bool,
    pub next_attempt_at: Timestamp,
}

/// One line of `deliveries`.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivery {
    pub attempt: i32,
    pub outcome: String,
    pub response: String,
}

impl PostOffice {
    pub async fn open() -> PostOffice {
        Self::open_with("").await
    }

    /// `overrides` are lines of the section `[mail]`.
    pub async fn open_with(overrides: &str) -> PostOffice {
        Self::open_before(SmtpServer::start_with(Encryption::None).await, overrides).await
    }

    pub async fn open_before(server: SmtpServer, overrides: &str) -> PostOffice {
        let database = Database::create().await;
        let settings = settings(server.port, overrides);
        let transport = Transport::try_new(&settings, "unused".as_ref()).unwrap();
        let clock = Clock::stopped("2026-11-22T08:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        let (telemetry, meters) = (Telemetry::default(), Meters::try_new().unwrap());
        let pool = database.service_pool().await;
        PostOffice { pool, clock, settings, server, transport, database, telemetry, meters }
    }

    pub async fn step(&self) -> Step {
        self.step_with(&self.transport).await
    }

    pub async fn step_with(&self, transport: &Transport) -> Step {
        let step = deliver::step(self.office(transport, &self.clock));
        tokio::time::timeout(PATIENCE, step).await.expect("a step comes to an end").unwrap()
    }

    /// Delivers all that is due, several at once, as the worker does.
    pub async fn deliver(&self) -> Step {
        let (stop, mut did) = (Stop::default(), Step::Idle);
        loop {
            let step = deliver::deliver_due(self.office(&self.transport, &self.clock), &stop);
            let step = tokio::time::timeout(PATIENCE, step).await.expect("a step comes to an end").unwrap();
            if step == Step::Idle {
                return did;
            }
            did = step;
        }
    }

    pub fn office<'a>(&'a self, transport: &'a Transport, clock: &'a Clock) -> Office<'a> {
        let Self { pool, settings, telemetry, meters, .. } = self;
        Office { telemetry, meters, pool, transport, clock, settings }
    }

    /// Moves the clock on.
    pub fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now().after(SignedDuration::from_secs(seconds)));
    }

    /// Moves the clock to where every deferred e-mail is due and every lease has run out.
    pub fn much_later(&self) {
        self.later(24 * 60 * 60);
    }

    /// Puts an e-mail to a customer into the outbox.
    pub async fn enqueue(&self, subject: &str) -> (Uuid, Composed) {
        let email =
            self.compose(subject, "Hello,\n\n.a line with a dot in front\n..and one with two\n.\n\nBye\n");
        (self.enqueue_composed(&email, None).await, email)
    }

    pub async fn enqueue_composed(&self, email: &Composed, correlation: Option<Uuid>) -> Uuid {
        let mut connection = self.pool.acquire().await.unwrap();
        let (stamp, now) = (self.stamp(), self.clock.now());
        outbox::enqueue_to_customer(&mut connection, &stamp, "confirmation", correlation, email, now)
            .await
            .unwrap()
    }

    /// What the next e-mail is known by.
    pub fn stamp(&self) -> Stamp {
        let secret = SecretString::from("a secret that is long enough to be one");
        Stamp::new(&Signer::new(&secret, "mail codes"))
    }

    pub fn compose(&self, subject: &str, text: &str) -> Composed {
        self.compose_to("zoe.capek@customer.example", subject, text)
    }

    pub fn compose_to(&self, to_address: &str, subject: &str, text: &str) -> Composed {
        let sender = Sender { name: &self.settings.from_name, address: &self.settings.from_address };
        let letter = Letter {
            to_name: "Zoë Čapek",
            to_address,
            reply_to: "handover+case.r.signature@reseller.example",
            return_path: "handover+case.b.signature@reseller.example",
            subject,
            text,
            html: None,
            languages: &[Language::En],
            thread: &[],
            unsubscribe: None,
        };
        compose(sender, &letter, Profile::Automatic, self.clock.now()).unwrap()
    }

    pub async fn row(&self, email: Uuid) -> Row {
        sqlx::query_as!(
            Row,
            r#"select state, attempts, raw is not null as "has_bytes!", claimed_until is not null as "is_leased!",
                 settled_at is not null as "is_settled!", next_attempt_at
             from emails where id = $1"#,
            email
        )
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    pub async fn state(&self, email: Uuid) -> String {
        self.row(email).await.state
    }

    pub async fn deliveries(&self, email: Uuid) -> Vec<Delivery> {
        sqlx::query_as!(
            Delivery,
            "select attempt, outcome, response from deliveries where email_id = $1 order by id",
            email
        )
        .fetch_all(&self.pool)
        .await
        .unwrap()
    }
}

/// Settings that send to the mail server of a test; `overrides` are lines of the section `[mail]`.
pub fn settings(port: u16, overrides: &str) -> config::Mail {
    let tls = if overrides.contains("smtp.tls") { "" } else { "smtp.tls = \"none\"\n" };
    let text = format!(
        "[mail]\ntransport = \"smtp\"\nsmtp.host = \"localhost\"\nsmtp.port = {port}\n{tls}{overrides}"
    );
    Settings::with(&text).unwrap().mail
}

//! What somebody at the desk should know about mail over all cases: whether it comes and goes now, whether somebody uses the
//! form against others or guesses passwords, and what nobody has looked at; that a private database died; whether webhooks are
//! taken, whether the log over all cases does what it should, and whether a provider's groups leave nobody to administer. Some
//! ten queries.

use jiff::SignedDuration;
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    app::App,
    casework::{Wave, quiet_letters},
    clock::Timestamp,
    mail::{
        health::{self, Sending, SendingAlarm},
        incoming::{mailboxes::Mailbox, quarantine},
        outgoing::listed,
    },
    postgres::Vitals,
    staff::{attempts::Guessing, identities},
    transparency,
    webhooks::health::Health,
};

/// `desk/parts/alarms.html`.
#[derive(Clone, Debug, Serialize)]
pub struct AlarmsView {
    sending: Option<SendingAlarm>,
    /// When the private database died, where it did within a day.
    database: Option<Timestamp>,
    /// The mailbox that is not collected now.
    collecting: Option<Mailbox>,
    /// Letters that forms cause, where they are more than usual.
    wave: Option<Wave>,
    /// Endpoints of webhooks that take nothing.
    webhooks: Option<Health>,
    /// The log over all cases, where it falls behind or its heads get nowhere.
    log: Option<transparency::health::Health>,
    /// Wrong tries to sign in, where they are more than people make.
    pub guessing: Option<Guessing>,
    /// Administrators who stay so against their identity provider, because nobody else is one.
    refused_roles: i64,
    /// E-mails that did not arrive and that nobody has looked at.
    pub open: i64,
    /// Messages that wait for a decision.
    pub set_aside: i64,
}

impl AlarmsView {
    /// Something about mail or the database does not work now, or is out of the ordinary.
    pub fn any(&self) -> bool {
        self.sending.is_some()
            || self.database.is_some()
            || self.collecting.is_some()
            || self.wave.is_some()
            || self.refused_roles > 0
    }

    pub async fn read(connection: &mut PgConnection, app: &App) -> anyhow::Result<Self> {
        let webhooks = Health::read(connection, app.clock.now()).await?;
        let log = transparency::health::Health::read(connection, app).await?;
        Self::beside(connection, app, (webhooks, log)).await
    }

    /// As [`Self::read`], for a page that has read how webhooks and the log do.
    pub async fn beside(
        connection: &mut PgConnection,
        app: &App,
        (webhooks, log): (Health, transparency::health::Health),
    ) -> anyhow::Result<Self> {
        let (settings, now) = (&app.settings.mail, app.clock.now());
        let mailbox = health::collecting(connection, settings).await?;
        Ok(Self {
            database: app
                .private_database
                .as_ref()
                .and_then(Vitals::died_at)
                .filter(|died_at| died_at.after(SignedDuration::from_hours(24)) > now),
            sending: Sending::read(connection, now, app.clock.for_leases()).await?.alarm(settings, now),
            collecting: mailbox.filter(|mailbox| mailbox.is_alarming(settings, now)),
            wave: Some(Wave::read(connection, now).await?)
                .filter(|wave| wave.is_alarming(&app.settings.limits)),
            webhooks: Some(webhooks).filter(|health| health.is_alarming()),
            log: Some(log).filter(transparency::health::Health::is_alarming),
            guessing: Some(Guessing::read(connection, now).await?).filter(Guessing::is_alarming),
            refused_roles: identities::count_refused_roles(connection).await?,
            open: listed::count_open(connection, &quiet_letters()).await?,
            set_aside: quarantine::count_set_aside(connection).await?,
        })
    }
}

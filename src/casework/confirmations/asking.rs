//! The letter by which the requester confirms the mailbox, with its link, and what is kept of it.

use std::net::IpAddr;

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::PAGE_HOURS;
use crate::{
    case::{escalation::Escalation, outcome::Notification},
    casework::{
        Casework,
        letters::{
            self,
            links::{self, Purpose},
            quota,
        },
        open::Begun,
    },
    clock::Timestamp,
    mail::outgoing::handling,
    token::Token,
};

/// What is kept of a letter that asks to confirm.
struct Asking<'a> {
    case: Uuid,
    email: Uuid,
    words: Option<&'a str>,
    /// Stands in the letter.
    link: &'a Token,
    expires_at: Timestamp,
    /// Leads to the page after the form.
    page: Option<&'a Token>,
    /// Of the first letter of a request.
    remind_at: Option<Timestamp>,
}

impl Casework {
    /// Asks whoever reads the requester's mailbox to confirm. From `client` came the form; `page` is the way to the page after it, where
    /// there is to be one.
    pub(in crate::casework) async fn ask_to_confirm(
        &self,
        connection: &mut PgConnection,
        begun: &Begun,
        escalation: &Escalation,
        (client, page): (IpAddr, Option<&Token>),
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let Begun { id, number, expires_at, conversation } = begun;
        let link = Token::random();
        // It goes to that very mailbox: whoever typed the address into the form sees nothing of it.
        let own = self.find_own_number(connection, *id).await?;
        let letter = self
            .letter_view(number, escalation, &links::path(Purpose::Confirmation, &link))
            .expiring(expires_at.day_in(&self.app.zone))
            .naming(own)
            .without_typed();
        let to = letters::Recipient::requester(escalation);
        let kind = Notification::ConfirmationRequest;
        let queued = self.queue_letter(connection, *id, (kind, &to), &letter, conversation, now).await?;
        let asking = Asking {
            case: *id,
            email: queued.id,
            words: queued.words.as_deref(),
            link: &link,
            expires_at: *expires_at,
            page,
            remind_at: self.reminder(*expires_at, now),
        };
        asking.keep(connection, now).await?;
        let about = (kind, &escalation.requester.email);
        if !quota::take(connection, &self.app, about, quota::Cause::Form(client), now).await? {
            handling::cancel(connection, queued.id, quota::TOO_MANY, now, self.app.clock.for_leases())
                .await?;
        }
        Ok(())
    }

    /// When whoever has not confirmed by then is reminded, if at all.
    fn reminder(&self, expires_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let days = i64::from(self.rules.deadlines.confirmation_reminder_days);
        let before = jiff::SignedDuration::from_hours(days.saturating_mul(24));
        Some(expires_at.after(-before)).filter(|at| days > 0 && *at > now)
    }
}

impl Asking<'_> {
    /// One statement, as [`crate::casework::open`] has it.
    async fn keep(&self, connection: &mut PgConnection, now: Timestamp) -> anyhow::Result<()> {
        let (link, page) = (self.link.hash(), self.page.map(Token::hash));
        let page_ends_at = now.after(jiff::SignedDuration::from_hours(PAGE_HOURS));
        let (confirmation, sent): (&str, &str) = (Purpose::Confirmation.into(), Purpose::Sent.into());
        sqlx::query!(
            "with words as (
                 insert into letter_texts (email_id, body) select $1, $2::text where $2 is not null
             ), ways as (
                 insert into links (token_hash, case_id, purpose, created_at, expires_at)
                 select hash, $3, purpose, $4, ends_at
                 from (values ($5::bytea, $6::text, $7::timestamptz), ($8, $9, $10)) as given (hash, purpose, ends_at)
                 where hash is not null
             )
             insert into confirmations (case_id, letters, asked_at, mended, remind_at) values ($3, 1, $4, 0, $11)
             on conflict (case_id) do update set letters = confirmations.letters + 1, asked_at = excluded.asked_at",
            self.email,
            self.words,
            self.case,
            now as Timestamp,
            link.as_slice(),
            confirmation,
            self.expires_at as Timestamp,
            page.as_ref().map(|hash| hash.as_slice()),
            sent,
            page_ends_at as Timestamp,
            self.remind_at as Option<Timestamp>,
        )
        .execute(connection)
        .await
        .context("could not keep a letter that asks to confirm")?;
        Ok(())
    }
}

//! What staff write down for a caller, until the customer completes and sends it: a row of its own, with letters and links. The
//! only writer of `prepared_requests` and `prepared_letters`.
//!
//! Whether something may be prepared, and whether a case may come of it, is for `case::prepared`. What staff see before they
//! send is the letter itself, written in a transaction that is given up.

mod completion;
mod ending;
mod list;

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Casework,
    letters::{
        caseless::{Caseless, Kind},
        quota::{self, Cause},
    },
};
use crate::{
    case::{
        actor::{Actor, StaffId},
        address::EmailAddress,
        link::PREPARED,
        outcome::Notification,
        prepared::{Prepared, PreparedWords, Standing, may_prepare},
        refusal::Refusal,
    },
    clock::Timestamp,
    lang::Language,
    mail::{
        incoming::quarantine::{self, Decider},
        outgoing::outbox::{self, Written},
    },
    token::{Token, sha256},
};

pub use completion::{Found, Sent};
pub use list::{ListedPrepared, find_own, is_prepared, list_prepared};

/// What staff want to send to a caller.
#[derive(Clone, Debug)]
pub struct NewPrepared {
    /// The form's own key: sent twice, it is prepared once.
    pub id: Uuid,
    pub language: Language,
    pub words: PreparedWords,
    /// The message of the quarantine that it comes of, which is settled with it.
    pub message: Option<Uuid>,
}

/// Why nothing was written to the customer.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error("the mailbox or its domain gets too many letters")]
    MailboxFull,
    #[error("this member of staff writes too many such letters")]
    TooMany,
    #[error("somebody decided about the message meanwhile")]
    MessageGone,
    /// It was sent, withdrawn or forgotten meanwhile.
    #[error("it is over")]
    Over,
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<sqlx::Error> for PrepareError {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

impl Casework {
    /// Keeps what was written down, and writes to the customer.
    ///
    /// # Errors
    /// [`PrepareError`]; nothing has changed then.
    pub async fn prepare(&self, actor: Actor, new: &NewPrepared) -> Result<(), PrepareError> {
        let mut transaction = self.app.pool.begin().await?;
        self.prepare_in(&mut transaction, actor, new).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The letter that [`Casework::prepare`] would send; `None` where it was sent already. Its link leads nowhere.
    ///
    /// # Errors
    /// [`PrepareError`] as the step itself.
    pub async fn rehearse_preparing(
        &self,
        actor: Actor,
        new: &NewPrepared,
    ) -> Result<Option<Written>, PrepareError> {
        let mut transaction = self.app.pool.begin().await?;
        let email = self.prepare_in(&mut transaction, actor, new).await?;
        let written = match email {
            Some(email) => Some(outbox::find_written(&mut transaction, email).await?),
            None => None,
        };
        transaction.rollback().await?;
        Ok(written)
    }

    async fn prepare_in(
        &self,
        connection: &mut PgConnection,
        actor: Actor,
        new: &NewPrepared,
    ) -> Result<Option<Uuid>, PrepareError> {
        let (staff, now) = (may_prepare(actor)?, self.app.clock.now());
        let to = new.words.email();
        let kept = sqlx::query!(
            "insert into prepared_requests (id, prepared_by, prepared_at, language, requester_email, fields,
                 inbound_email_id, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing",
            new.id,
            staff.0,
            now as Timestamp,
            new.language.as_str(),
            to.as_str(),
            serde_json::to_value(new.words.fields()).context("what was prepared")?,
            new.message,
            self.prepared_until(now) as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not keep what was prepared")?;
        if kept.rows_affected() == 0 {
            return self.prepare_mended(connection, actor, new, staff).await;
        }
        if let Some(message) = new.message {
            let by = Decider { staff: staff.0, at: now, token: self.via.map(|via| via.token) };
            if !quarantine::settle_as_answered(connection, message, by).await? {
                return Err(PrepareError::MessageGone);
            }
        }
        let about = (new.id, to, new.language);
        self.write_to_caller(connection, about, (staff, false), now).await.map(Some)
    }

    /// The form was sent before. The very same is not sent again; one that was mended since, with the browser's way back, takes
    /// the place of the first, which is withdrawn.
    async fn prepare_mended(
        &self,
        connection: &mut PgConnection,
        actor: Actor,
        new: &NewPrepared,
        staff: StaffId,
    ) -> Result<Option<Uuid>, PrepareError> {
        let fields = serde_json::to_value(new.words.fields()).context("what was prepared")?;
        let first = sqlx::query!(
            r#"select prepared_by, inbound_email_id,
                 fields is not distinct from $2 and language = $3 as "is_same!" from prepared_requests where id = $1"#,
            new.id,
            fields,
            new.language.as_str(),
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not look what was prepared before")?;
        if first.is_same {
            return Ok(None);
        }
        if first.prepared_by == staff.0 {
            self.withdraw_in(connection, new.id, staff).await?;
        }
        // The message is settled with the first.
        let message = new.message.filter(|message| first.inbound_email_id != Some(*message));
        // Always the same for the same words, so that this one, too, is sent once however often the button is pressed.
        let words =
            [new.id.as_bytes(), fields.to_string().as_bytes(), new.language.as_str().as_bytes()].concat();
        let id = Uuid::from_bytes(sha256(&words).first_chunk().copied().unwrap_or_default());
        let mended = NewPrepared { id, message, ..new.clone() };
        Box::pin(self.prepare_in(connection, actor, &mended)).await
    }

    /// Writes once more to the same mailbox, with a link of its own; the time begins anew.
    ///
    /// # Errors
    /// [`PrepareError`]; nothing has changed then.
    pub async fn resend_prepared(&self, actor: Actor, id: Uuid) -> Result<(), PrepareError> {
        let (staff, now) = (may_prepare(actor)?, self.app.clock.now());
        let mut transaction = self.app.pool.begin().await?;
        self.write_anew(&mut transaction, id, Some(staff), now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// As [`Casework::resend_prepared`], in the name of whoever prepared it where it is `None`: the last link came back to us.
    pub(super) async fn write_anew(
        &self,
        connection: &mut PgConnection,
        id: Uuid,
        staff: Option<StaffId>,
        now: Timestamp,
    ) -> Result<(), PrepareError> {
        let locked = lock(connection, id).await?.ok_or(PrepareError::Over)?;
        let standing = locked.prepared.standing(now);
        let may_be = standing == Standing::Waiting || (standing == Standing::Expired && staff.is_some());
        if !may_be {
            return Err(PrepareError::Over);
        }
        let about = (id, &locked.prepared.to, locked.language);
        let by = staff.unwrap_or(locked.prepared.by);
        self.write_to_caller(connection, about, (by, staff.is_none()), now).await?;
        sqlx::query!(
            "update prepared_requests set expires_at = $2 where id = $1",
            id,
            self.prepared_until(now) as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not give what was prepared more time")?;
        Ok(())
    }

    fn prepared_until(&self, now: Timestamp) -> Timestamp {
        let days = i64::from(self.rules.deadlines.confirmation_days);
        now.after(jiff::SignedDuration::from_hours(days.saturating_mul(24)))
    }

    async fn write_to_caller(
        &self,
        connection: &mut PgConnection,
        (id, to, language): (Uuid, &EmailAddress, Language),
        (staff, replaces): (StaffId, bool),
        now: Timestamp,
    ) -> Result<Uuid, PrepareError> {
        self.allow_to_stranger(connection, staff, to, now).await?;
        let token = Token::random();
        let hash = token.hash();
        let letter = Caseless {
            kind: Kind::PreparedRequest,
            to,
            language,
            path: &format!("/{PREPARED}/{}", token.reveal()),
            expires_on: Some(self.prepared_until(now).day_in(&self.app.zone)),
            thread: &[],
            replaces,
        };
        let email = self.enqueue_caseless(connection, &letter, now).await?;
        sqlx::query!(
            "insert into prepared_letters (token_hash, prepared_id, email_id, sent_by, at) values ($1, $2, $3, $4, $5)",
            hash.as_slice(),
            id,
            email,
            staff.0,
            now as Timestamp,
        )
        .execute(connection)
        .await
        .context("could not keep the link to what was prepared")?;
        Ok(email)
    }

    /// Stops who has us write to many strangers, and who has us flood one: so many letters a day by one member of staff, and as
    /// many to one mailbox and one domain as forms may cause.
    pub(super) async fn allow_to_stranger(
        &self,
        connection: &mut PgConnection,
        staff: StaffId,
        to: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), PrepareError> {
        let day_ago = now.after(jiff::SignedDuration::from_hours(-24));
        // Two at once would each count too few.
        sqlx::query!(
            r#"select pg_advisory_xact_lock(hashtextextended('letters by ' || $1::text, 0)) as "locked: ()""#,
            staff.0.to_string(),
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not wait for another letter of theirs")?;
        let written = sqlx::query_scalar!(
            r#"select (select count(*) from prepared_letters where sent_by = $1 and at > $2)
                 + (select count(*) from form_answers where staff_id = $1 and at > $2) as "count!""#,
            staff.0,
            day_ago as Timestamp,
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not count the letters of a member of staff")?;
        if written >= i64::from(self.app.settings.limits.desk_letters_per_staff) {
            return Err(PrepareError::TooMany);
        }
        let about = (Notification::ConfirmationRequest, to);
        if !quota::take(connection, &self.app, about, Cause::Desk, now).await? {
            return Err(PrepareError::MailboxFull);
        }
        Ok(())
    }
}

/// Something prepared, locked; `None` where there is none, or it was forgotten.
pub(super) struct Locked {
    prepared: Prepared,
    language: Language,
}

pub(super) async fn lock(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<Option<Locked>> {
    let row = sqlx::query!(
        r#"select prepared_by, language, requester_email as "requester_email!", expires_at,
             withdrawn_at is not null as "withdrawn!", case_id is not null as "completed!"
         from prepared_requests where id = $1 and requester_email is not null for update"#,
        id,
    )
    .fetch_optional(connection)
    .await
    .context("could not lock what was prepared")?;
    row.map(|row| {
        Ok(Locked {
            prepared: Prepared {
                by: StaffId(row.prepared_by),
                to: row.requester_email.parse().context("whom something was prepared for")?,
                expires_at: row.expires_at,
                withdrawn: row.withdrawn,
                completed: row.completed,
                // Known of a link, not of what it opens.
                link_came_back: false,
            },
            language: Language::parse(&row.language).context("unknown language")?,
        })
    })
    .transpose()
}

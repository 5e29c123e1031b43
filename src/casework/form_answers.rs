//! A message that belongs to no case, answered with the way to the form: because a member of staff says so, never by itself.
//! The only writer of `form_answers`.
//!
//! Stops two machines that answer each other, and who has us write to strangers in a forged name: once per message, once per
//! mailbox within some days, within the limits of letters to strangers, to the one author alone whatever `Reply-To` says, and
//! never to what a machine, a list or a mail server wrote. The answer quotes nothing.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{
    Casework, PrepareError, foreign_domains,
    letters::caseless::{Caseless, Kind},
};
use crate::{
    case::{
        actor::{Actor, StaffId},
        address::EmailAddress,
        prepared::{is_below, may_prepare},
    },
    clock::Timestamp,
    config::Settings,
    lang::Language,
    mail::{
        incoming::{
            quarantine::{self, Decider},
            reread::Reread,
        },
        outgoing::outbox::{self, Written},
    },
    message,
};

/// The way to the form.
const PATH: &str = "/escalations/new";

/// Why a message is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NotAnswered {
    /// Somebody decided about it meanwhile.
    Gone,
    /// A machine, a list or a mail server wrote it, or it wants no answer.
    Automatic,
    /// It has no author, several, or one that can't be written to.
    NoAuthor,
    /// Nobody reads that mailbox.
    NoReply,
    /// From us or from Atlassian.
    Foreign,
    /// The mailbox was answered like this not long ago.
    Recently,
    /// The mailbox or its domain gets too many letters.
    MailboxFull,
    /// This member of staff writes too many such letters.
    TooMany,
}

/// What came of it.
pub type Answered<T> = Result<Result<T, NotAnswered>, PrepareError>;

/// Whom an answer to `reread` goes to.
///
/// # Errors
/// [`NotAnswered`] where nobody may be answered.
pub fn recipient_of(reread: &Reread, settings: &Settings) -> Result<EmailAddress, NotAnswered> {
    let message = &reread.understood;
    let has_null_path = reread.envelope.mail_from.as_deref().is_some_and(|from| from.trim().is_empty());
    if !message.answerable || message.bounce.is_some() || has_null_path {
        return Err(NotAnswered::Automatic);
    }
    let author = message.from.as_ref().and_then(|from| from.address.as_deref());
    let author = author.filter(|_| message.has_one_author).and_then(|author| author.parse().ok());
    let author: EmailAddress = author.ok_or(NotAnswered::NoAuthor)?;
    let foreign = foreign_domains(settings);
    let answering = settings.atlassian.answer_domains.iter().map(|domain| domain.to_ascii_lowercase());
    if foreign.into_iter().chain(answering).any(|domain| is_below(author.domain(), &domain)) {
        return Err(NotAnswered::Foreign);
    }
    if message::nobody_reads(author.as_str()) {
        return Err(NotAnswered::NoReply);
    }
    Ok(author)
}

impl Casework {
    /// Writes to the author of a message of the quarantine, and settles it.
    ///
    /// # Errors
    /// [`PrepareError`] for rights and what breaks; nothing has changed then, nor where it is not answered.
    pub async fn answer_with_form(
        &self,
        actor: Actor,
        reread: &Reread,
        language: Language,
    ) -> Answered<EmailAddress> {
        let mut transaction = self.app.pool.begin().await?;
        match self.answer_in(&mut transaction, actor, reread, language).await? {
            Ok((to, _)) => {
                transaction.commit().await?;
                Ok(Ok(to))
            }
            Err(why) => Ok(Err(why)),
        }
    }

    /// The letter that [`Casework::answer_with_form`] would send.
    ///
    /// # Errors
    /// As the step itself.
    pub async fn rehearse_answer(
        &self,
        actor: Actor,
        reread: &Reread,
        language: Language,
    ) -> Answered<Written> {
        let mut transaction = self.app.pool.begin().await?;
        let answered = self.answer_in(&mut transaction, actor, reread, language).await?;
        let written = match answered {
            Ok((_, email)) => Ok(outbox::find_written(&mut transaction, email).await?),
            Err(why) => Err(why),
        };
        transaction.rollback().await?;
        Ok(written)
    }

    async fn answer_in(
        &self,
        connection: &mut PgConnection,
        actor: Actor,
        reread: &Reread,
        language: Language,
    ) -> Answered<(EmailAddress, Uuid)> {
        let (staff, now) = (may_prepare(actor)?, self.app.clock.now());
        let to = match recipient_of(reread, &self.app.settings) {
            Ok(to) => to,
            Err(why) => return Ok(Err(why)),
        };
        let by = Decider { staff: staff.0, at: now };
        if !quarantine::settle_as_answered(connection, reread.id, by).await? {
            return Ok(Err(NotAnswered::Gone));
        }
        let mailbox = self.app.quota_signer.sign(&format!("form to {}", to.mailbox()));
        if self.was_answered(connection, &mailbox, now).await? {
            return Ok(Err(NotAnswered::Recently));
        }
        match self.allow_to_stranger(connection, staff, &to, now).await {
            Ok(()) => {}
            Err(PrepareError::MailboxFull) => return Ok(Err(NotAnswered::MailboxFull)),
            Err(PrepareError::TooMany) => return Ok(Err(NotAnswered::TooMany)),
            Err(error) => return Err(error),
        }
        let understood = &reread.understood;
        let thread: Vec<String> =
            understood.references.iter().chain(&understood.message_id).cloned().collect();
        let letter = Caseless {
            kind: Kind::FormLink,
            to: &to,
            language,
            path: PATH,
            expires_on: None,
            thread: &thread,
            replaces: false,
        };
        let email = self.enqueue_caseless(connection, &letter, now).await?;
        keep(connection, reread.id, (&mailbox, email), staff, now).await?;
        Ok(Ok((to, email)))
    }

    /// Whether this mailbox was answered within the days that are configured. Two answers at once wait for each other.
    async fn was_answered(
        &self,
        connection: &mut PgConnection,
        mailbox: &str,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        sqlx::query!(
            r#"select pg_advisory_xact_lock(hashtextextended('form to ' || $1::text, 0)) as "locked: ()""#,
            mailbox,
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not wait for another answer to a mailbox")?;
        let days = i64::from(self.app.settings.limits.form_answer_days);
        let since = now.after(jiff::SignedDuration::from_hours(days.saturating_mul(-24)));
        sqlx::query_scalar!(
            r#"select exists(select from form_answers where mailbox = $1 and at > $2) as "answered!""#,
            mailbox,
            since as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not look whether a mailbox was answered")
    }
}

async fn keep(
    connection: &mut PgConnection,
    message: Uuid,
    (mailbox, email): (&str, Uuid),
    staff: StaffId,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into form_answers (inbound_email_id, mailbox, email_id, staff_id, at) values ($1, $2, $3, $4, $5)",
        message,
        mailbox,
        email,
        staff.0,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not keep that a message was answered")?;
    Ok(())
}

/// An answer, as staff see it.
#[derive(Clone, Debug, Serialize)]
pub struct ListedAnswer {
    /// The message that was answered.
    pub message: Uuid,
    pub to: String,
    pub at: Timestamp,
    pub by: String,
    pub undelivered: bool,
    pub queued: bool,
    /// The mail server's last words.
    pub response: Option<String>,
}

/// The newest answers.
pub async fn list_answers(connection: &mut PgConnection, limit: i64) -> anyhow::Result<Vec<ListedAnswer>> {
    sqlx::query_as!(
        ListedAnswer,
        r#"select a.inbound_email_id as message, e.envelope_to as "to", a.at, s.name as "by",
             (e.state = 'failed' or exists (select from bounces where email_id = e.id and not temporary)) as "undelivered!",
             e.state = 'queued' as "queued!",
             (select response from deliveries where email_id = e.id order by id desc limit 1) as response
         from form_answers a join emails e on e.id = a.email_id join staff s on s.id = a.staff_id
         order by a.at desc limit $1"#,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list the answers to messages")
}

/// Erases whom an answer went to before then, at most so many. How many.
pub async fn forget_answered_mailboxes(
    connection: &mut PgConnection,
    before: Timestamp,
    most: i64,
) -> anyhow::Result<u64> {
    let erased = sqlx::query!(
        "update form_answers set mailbox = 'erased@erased.invalid' where inbound_email_id in (
             select inbound_email_id from form_answers
             where at < $1 and mailbox <> 'erased@erased.invalid' order by at limit $2)",
        before as Timestamp,
        most,
    )
    .execute(connection)
    .await
    .context("could not erase whom we answered")?;
    Ok(erased.rows_affected())
}

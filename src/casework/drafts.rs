//! The message to Atlassian: the composed draft. Its first words are `suggestion`'s, letting it go is `submission`'s.

use std::ops::Deref;

use anyhow::Context as _;
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{ActError, Acted, Casework, facts::read_facts, letters::thread, load::Loaded};
use crate::{
    case::{
        action::Action,
        actor::{Actor, StaffId},
        digest::Digest,
        draft::NewDraft,
        escalation::Hosting,
        number::CaseNumber,
        refusal::Refusal,
    },
    clock::Timestamp,
    lang::Language,
    mail::{
        address::signed_address,
        outgoing::compose::{Composed, Letter, Profile, Sender, compose},
    },
};

/// What staff write of a draft. The facts stand between opening and closing and are nobody's to write.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    pub subject: &'a str,
    pub opening: &'a str,
    pub closing: &'a str,
}

/// The draft under work. Its exact bytes are read where they are needed ([`LiveDraft`]).
#[derive(Clone, Debug)]
pub struct StoredDraft {
    pub id: Uuid,
    pub revision: i32,
    pub author: StaffId,
    pub author_name: String,
    pub recipient: String,
    pub subject: String,
    /// What staff wrote around the facts; an older draft is one text, and that is its opening.
    pub opening: String,
    pub closing: String,
    /// As they stand in the draft; empty in an older one.
    pub facts: String,
    pub digest: Digest,
    pub created_at: Timestamp,
    /// It no longer stands.
    pub void: bool,
}

/// A draft that stands, with its exact bytes.
#[derive(Clone, Debug)]
pub struct LiveDraft {
    pub draft: StoredDraft,
    pub raw: Vec<u8>,
}

impl Deref for LiveDraft {
    type Target = StoredDraft;
    fn deref(&self) -> &StoredDraft {
        &self.draft
    }
}

/// A draft as it is stored, its digest as hexadecimal digits.
#[derive(Debug, Deserialize)]
pub(super) struct DraftRow {
    id: Uuid,
    revision: i32,
    author_id: Uuid,
    author_name: String,
    recipient: String,
    subject: String,
    body: String,
    opening: Option<String>,
    facts: Option<String>,
    closing: Option<String>,
    digest: String,
    created_at: Timestamp,
    void: bool,
}

impl DraftRow {
    pub(super) fn restore(self) -> anyhow::Result<StoredDraft> {
        Ok(StoredDraft {
            id: self.id,
            revision: self.revision,
            author: StaffId(self.author_id),
            author_name: self.author_name,
            recipient: self.recipient,
            subject: self.subject,
            opening: self.opening.unwrap_or(self.body),
            facts: self.facts.unwrap_or_default(),
            closing: self.closing.unwrap_or_default(),
            digest: Digest::try_from(self.digest).map_err(anyhow::Error::msg).context("a draft's digest")?,
            created_at: self.created_at,
            void: self.void,
        })
    }
}

/// The draft of a case that is not void. Only the last one can stand.
pub async fn find_live_draft(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Option<LiveDraft>> {
    let row = sqlx::query!(
        r#"select d.id, d.revision, d.author_id, s.name as author_name, d.recipient, d.subject, d.body, d.opening, d.facts,
             d.closing, encode(d.digest, 'hex') as "digest!", d.created_at, d.raw
         from drafts d join staff s on s.id = d.author_id
         where d.case_id = $1 and d.voided_at is null
             and d.revision = (select max(revision) from drafts where case_id = $1)"#,
        case
    )
    .fetch_optional(connection)
    .await
    .context("could not load a draft")?;
    row.map(|row| {
        let draft = DraftRow {
            id: row.id,
            revision: row.revision,
            author_id: row.author_id,
            author_name: row.author_name,
            recipient: row.recipient,
            subject: row.subject,
            body: row.body,
            opening: row.opening,
            facts: row.facts,
            closing: row.closing,
            digest: row.digest,
            created_at: row.created_at,
            void: false,
        };
        Ok(LiveDraft { draft: draft.restore()?, raw: row.raw })
    })
    .transpose()
}

impl Casework {
    /// Composes what staff wrote and the facts of the case to the exact bytes and puts them forward for approval.
    ///
    /// # Errors
    /// [`Refusal::FactsUnknown`] while the letter would have to claim what nobody knows; else [`ActError`]; a draft that can't be composed (an address that is none) is [`ActError::Other`].
    pub async fn save_draft(
        &self,
        case: Uuid,
        actor: Actor,
        written: &Written<'_>,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let loaded = self.load(case).await?.ok_or(ActError::NotFound)?;
        let draft = self.compose_draft(&loaded, actor, written).await?;
        self.act(case, actor, &Action::SaveDraft { draft: Box::new(draft) }, expected).await
    }

    async fn compose_draft(
        &self,
        loaded: &Loaded,
        actor: Actor,
        written: &Written<'_>,
    ) -> Result<NewDraft, ActError> {
        let author = actor.staff_id().context("a draft without an author")?;
        let mut connection = self.app.pool.acquire().await.context("no connection")?;
        let name = sqlx::query_scalar!("select name from staff where id = $1", author.0)
            .fetch_one(&mut *connection)
            .await
            .context("could not look up the author of a draft")?;
        let facts = read_facts(&mut connection, loaded).await?;
        if !facts.unknown().is_empty() {
            return Err(Refusal::FactsUnknown.into());
        }
        let text = self.write_letter_text(&mut connection, loaded, &facts, &name).await?;
        drop(connection);
        let thread = thread::with_atlassian(&self.app.pool, loaded.case.id).await?;
        let mut draft = NewDraft {
            id: Uuid::now_v7(),
            recipient: String::new(),
            subject: String::new(),
            opening: written.opening.to_owned(),
            closing: written.closing.to_owned(),
            facts: text.facts,
            message_id: String::new(),
            raw: Vec::new(),
        };
        let body = draft.body();
        let words = (text.recipient.as_str(), written.subject, body.as_str());
        let (number, now) = (&loaded.case.number, self.app.clock.now());
        let composed = self.compose_to_atlassian(&name, words, (number, &thread), now)?;
        draft.recipient = composed.envelope_to;
        draft.subject = composed.subject;
        draft.message_id = composed.message_id;
        draft.raw = composed.raw;
        Ok(draft)
    }

    /// The bytes of a letter to Atlassian that `author` signs.
    pub(super) fn compose_to_atlassian(
        &self,
        author: &str,
        (recipient, subject, text): (&str, &str, &str),
        (number, thread): (&CaseNumber, &[String]),
        at: Timestamp,
    ) -> anyhow::Result<Composed> {
        let settings = &self.app.settings;
        let return_address = self.return_address(number);
        let letter = Letter {
            to_name: "Atlassian",
            to_address: recipient,
            reply_to: &return_address,
            return_path: &return_address,
            subject,
            text,
            html: None,
            languages: &[Language::En],
            thread,
            unsubscribe: None,
        };
        // No comma: a display name with one is written in base64, which reads like a machine's.
        let from = format!("{author} - {}", settings.atlassian.partner_name);
        let sender = Sender { name: &from, address: &settings.mail.from_address };
        self.dkim.sign(compose(sender, &letter, Profile::Personal, at)?)
    }

    pub(super) fn recipient(&self, hosting: Hosting) -> &str {
        let atlassian = &self.app.settings.atlassian;
        match hosting {
            Hosting::DataCenter => &atlassian.data_center,
            Hosting::Cloud => &atlassian.cloud,
            Hosting::CloudPartnerManaged => &atlassian.cloud_partner_managed,
        }
    }

    /// Where Atlassian's answers and bounces about a case come back to.
    pub(super) fn return_address(&self, number: &CaseNumber) -> String {
        let tag = format!("{}.a", number.as_str().to_lowercase());
        signed_address(&self.app.settings.mail.from_address, &self.app.reply_signer, &tag)
    }
}

pub(super) async fn store(
    connection: &mut PgConnection,
    case: Uuid,
    draft: &NewDraft,
    author: StaffId,
    evidence: Digest,
    now: Timestamp,
) -> anyhow::Result<()> {
    let digest = draft.digest();
    sqlx::query!(
        "insert into drafts (id, case_id, revision, author_id, recipient, subject, body, message_id, raw, digest,
             evidence_digest, created_at, opening, facts, closing)
         values ($1, $2, (select coalesce(max(revision), 0) + 1 from drafts where case_id = $2), $3, $4, $5, $6, $7, $8,
             $9, $10, $11, $12, $13, $14)",
        draft.id,
        case,
        author.0,
        draft.recipient,
        draft.subject,
        draft.body(),
        draft.message_id,
        draft.raw,
        digest.0.as_slice(),
        evidence.0.as_slice(),
        now as Timestamp,
        draft.opening,
        draft.facts,
        draft.closing,
    )
    .execute(connection)
    .await
    .context("could not store a draft")?;
    Ok(())
}

pub(super) async fn void(connection: &mut PgConnection, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "update drafts set voided_at = $2 where case_id = $1 and voided_at is null",
        case,
        now as Timestamp
    )
    .execute(connection)
    .await
    .context("could not void a draft")?;
    Ok(())
}

//! What was asked, what was answered, and who does not want to be asked again.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    clock::Timestamp,
    token::{Token, sha256},
};

/// Days in which an answer counts; the next question comes with a link of its own.
const ANSWERABLE: i64 = 365;

/// A question that somebody holds the link of.
#[derive(Debug)]
pub(super) struct Asked {
    pub id: Uuid,
    pub mailbox: String,
    pub asked_at: Timestamp,
    pub answer: Option<String>,
    pub answered_at: Option<Timestamp>,
    pub labels: Vec<String>,
    pub hostings: Vec<String>,
}

impl Asked {
    pub(super) fn is_open(&self, now: Timestamp) -> bool {
        now < self.asked_at.after(jiff::SignedDuration::from_hours(24 * ANSWERABLE))
    }
}

pub(super) async fn find(connection: &mut PgConnection, token: &str) -> anyhow::Result<Option<Asked>> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let hash = token.hash();
    sqlx::query_as!(
        Asked,
        r#"select q.id, q.mailbox, q.asked_at as "asked_at: Timestamp", q.answer, q.answered_at as "answered_at: Timestamp",
             array(select coalesce(e.sen, e.entitlement_number, e.site) from contact_question_entitlements a
                 join entitlements e on e.id = a.entitlement_id where a.question_id = q.id order by 1) as "labels!",
             array(select distinct e.hosting from contact_question_entitlements a
                 join entitlements e on e.id = a.entitlement_id where a.question_id = q.id) as "hostings!"
           from contact_questions q where q.token_hash = $1"#,
        hash.as_slice(),
    )
    .fetch_optional(connection)
    .await
    .context("could not look up a question to a contact")
}

/// The last answer counts.
pub(super) async fn keep(
    connection: &mut PgConnection,
    question: Uuid,
    answer: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update contact_questions set answer = $2, answered_at = $3 where id = $1",
        question,
        answer,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not keep the answer of a contact")?;
    Ok(())
}

/// Nobody asks this mailbox again. Twice is as good as once.
pub(super) async fn refuse(
    connection: &mut PgConnection,
    mailbox: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    let hash = hash_of(mailbox);
    sqlx::query!(
        "insert into unsubscribed_mailboxes (mailbox_hash, at) values ($1, $2) on conflict do nothing",
        hash.as_slice(),
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not keep that a mailbox is not to be asked")?;
    Ok(())
}

pub(super) async fn is_refused(connection: &mut PgConnection, mailbox: &str) -> anyhow::Result<bool> {
    let hash = hash_of(mailbox);
    sqlx::query_scalar!(
        r#"select exists (select from unsubscribed_mailboxes where mailbox_hash = $1) as "refused!""#,
        hash.as_slice(),
    )
    .fetch_one(connection)
    .await
    .context("could not look up whether a mailbox is to be asked")
}

/// As the statements of `due` make it of what the register has.
fn hash_of(mailbox: &str) -> [u8; 32] {
    sha256(mailbox.trim().to_lowercase().as_bytes())
}

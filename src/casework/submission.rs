//! The way out: the one function that lets a message go to Atlassian, with the approval it rests on.
//!
//! Takes both proofs and decides nothing; the text and its bytes come from `drafts`.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Casework,
    drafts::{LiveDraft, find_live_draft, void},
    load::Loaded,
};
use crate::{
    case::{
        draft::evidence_digest, four_eyes::FourEyes, outcome::Notification, policy::Verified,
        refusal::Refusal, second_factor::Shown,
    },
    clock::Timestamp,
    lang::Language,
    mail::outgoing::{compose::Composed, outbox},
};

impl Casework {
    /// The one function through which an e-mail can reach Atlassian. It takes the proof that the policy is satisfied and
    /// the proof that a second person approved these bytes; the database checks both again (law 1).
    pub(super) async fn send_to_atlassian(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        verified: &Verified,
        four_eyes: &FourEyes,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let case = loaded.case.id;
        let LiveDraft { draft, raw } =
            find_live_draft(connection, case).await?.context("the approved draft is gone")?;
        anyhow::ensure!(
            (draft.id, draft.digest) == (four_eyes.draft().id, four_eyes.draft().digest),
            "the stored draft is not the approved one"
        );
        // Weighed by `approve` alone: an action that came here by another way sends nothing.
        let shown = loaded.shown.context("nobody asked what the approver showed beside their password")?;
        let id = store_approval(connection, case, (four_eyes, shown), now).await?;
        let approval = outbox::Approval { id, not_after: verified.until() };
        let email = Composed {
            message_id: find_message_id(connection, draft.id).await?,
            envelope_from: self.return_address(&loaded.case.number),
            envelope_to: draft.recipient,
            subject: draft.subject,
            language: Language::En,
            raw,
            digest: draft.digest.0,
        };
        let notification = match loaded.case.delivered_at {
            None => Notification::AtlassianRequest,
            Some(_) => Notification::AtlassianFollowUp,
        };
        outbox::enqueue_approved(connection, notification.as_str(), case, approval, &email, now).await?;
        // Its work is done: a follow-up needs a draft of its own.
        void(connection, case, now).await
    }
}

/// The same bytes once more. To Atlassian only on what was approved: the checks as the approver saw them, and before the
/// first of them expires. Else the e-mail would only fail again, or go out on a proof that is another by now.
pub(super) async fn send_again(
    connection: &mut PgConnection,
    loaded: &Loaded,
    email: Uuid,
    now: Timestamp,
) -> anyhow::Result<()> {
    let approved = sqlx::query!(
        r#"select a.evidence_digest, e.not_after as "not_after: Timestamp"
         from emails e join approvals a on a.id = e.approval_id where e.id = $1"#,
        email,
    )
    .fetch_optional(&mut *connection)
    .await
    .context("could not look up what an e-mail rests on")?;
    if let Some(approved) = approved {
        if approved.evidence_digest != evidence_digest(&loaded.case.checks).0 {
            return Err(Refusal::EvidenceChanged.into());
        }
        if approved.not_after.is_some_and(|end| end <= now) {
            return Err(Refusal::PolicyNotSatisfied.into());
        }
    }
    let queued = outbox::retry(connection, email, now).await?;
    anyhow::ensure!(queued, "the e-mail has not failed, so it can't be tried again");
    Ok(())
}

async fn store_approval(
    connection: &mut PgConnection,
    case: Uuid,
    (four_eyes, shown): (&FourEyes, Shown),
    now: Timestamp,
) -> anyhow::Result<Uuid> {
    let id = Uuid::now_v7();
    let draft = four_eyes.draft();
    sqlx::query!(
        "insert into approvals (id, case_id, draft_id, digest, evidence_digest, drafted_by, approved_by, approved_at,
             second_factor, second_factor_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        case,
        draft.id,
        draft.digest.0.as_slice(),
        draft.evidence.0.as_slice(),
        draft.author.0,
        four_eyes.approver().0,
        now as Timestamp,
        shown.word(),
        shown.at() as Option<Timestamp>,
    )
    .execute(connection)
    .await
    .context("could not store an approval")?;
    Ok(id)
}

async fn find_message_id(connection: &mut PgConnection, draft: Uuid) -> anyhow::Result<String> {
    sqlx::query_scalar!("select message_id from drafts where id = $1", draft)
        .fetch_one(connection)
        .await
        .context("could not look up a draft's Message-ID")
}

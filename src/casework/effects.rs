//! Carries out what a transition says, inside its transaction. One function per effect; none decides anything.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Casework, addresses, contacts, drafts, facts,
    letters::{self, quota, receipts, resending},
    load::Loaded,
    notes, submission,
};
use crate::{
    case::{
        actor::{Actor, StaffId},
        check::{Check, CheckKind, Verdict},
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        root::Homes,
    },
    clock::Timestamp,
    mail::outgoing::{handling, outbox},
};

impl Casework {
    pub(super) async fn carry_out(
        &self,
        connection: &mut PgConnection,
        loaded: &mut Loaded,
        actor: Actor,
        effect: &Effect,
        transition: &Transition,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let case = loaded.case.id;
        match effect {
            Effect::Notify(notification) => {
                let letter = letters::Occasion::of(*notification, transition);
                let cause = if actor.staff_id().is_some() { quota::Cause::Staff } else { quota::Cause::Case };
                match notification {
                    Notification::DepartedNotice | Notification::ContactNotice => {
                        self.write_notice(connection, loaded, &letter, cause, now).await
                    }
                    Notification::ContactOutcome => {
                        self.write_outcomes(connection, loaded, (&letter, transition), cause, now).await
                    }
                    Notification::FilesReceived
                        if receipts::was_written_lately(connection, case, now).await? =>
                    {
                        Ok(())
                    }
                    _ => self.write_limited(connection, loaded, &letter, cause, now).await,
                }
            }
            Effect::Remind(notification, contact) => {
                let text = resending::find_text(connection, loaded, *notification).await?;
                let letter = letters::Occasion {
                    text,
                    voucher: *contact,
                    reminds: true,
                    ..letters::Occasion::of(*notification, transition)
                };
                if let Some(contact) = contact
                    && !contacts::is_on_record(connection, *contact).await?
                {
                    return Err(Refusal::NoVoucher.into());
                }
                self.write_limited(connection, loaded, &letter, quota::Cause::Case, now).await
            }
            Effect::TellObjector(notification, contact) => {
                let notification = *notification;
                let cause = if actor.staff_id().is_some() { quota::Cause::Staff } else { quota::Cause::Case };
                let letter = letters::Occasion {
                    voucher: *contact,
                    ..letters::Occasion::of(notification, transition)
                };
                // Nobody knows where the contact could be told; or by which address whoever objected was written to, and the
                // requester must not learn of it.
                let nowhere = contact.is_none()
                    && (loaded.escalation.departed.email.is_unknown()
                        || addresses::was_departed_corrected(connection, case).await?);
                if nowhere {
                    return Ok(());
                }
                // One who is no longer on record is told nothing: the mailbox may be somebody else's by now.
                if let Some(contact) = contact
                    && !contacts::is_on_record(connection, *contact).await?
                {
                    return Ok(());
                }
                self.write_limited(connection, loaded, &letter, cause, now).await
            }
            Effect::PutCheck(check) => {
                put_check(connection, case, check).await?;
                loaded.case.checks.retain(|old| old.kind != check.kind);
                loaded.case.checks.push(check.clone());
                if check.kind == CheckKind::Entitlement && check.verdict != Verdict::Pending {
                    loaded.renews_on = facts::find_renewal(connection, case).await?;
                }
                Ok(())
            }
            Effect::KeepNote(kind, note) => {
                notes::keep(connection, case, *kind, note, actor.staff_id(), now).await
            }
            Effect::SaveDraft(draft, evidence) => {
                let author = actor.staff_id().context("a draft without an author")?;
                drafts::store(connection, case, draft, author, *evidence, now).await
            }
            Effect::VoidDraft => drafts::void(connection, case, now).await,
            Effect::CorrectFacts(corrections, note) => {
                let staff = actor.staff_id().context("facts are set right by nobody")?;
                facts::keep(connection, case, corrections, (staff, *note), now).await
            }
            Effect::CorrectAddress(whose, address) => {
                addresses::correct(connection, loaded, *whose, address, now).await?;
                loaded.case.homes = Homes::of(&loaded.escalation, &self.rules.shared_domains);
                Ok(())
            }
            Effect::Submit(verified, four_eyes) => {
                self.send_to_atlassian(connection, loaded, verified, four_eyes, now).await
            }
            Effect::CancelSubmission => outbox::cancel_approved(connection, case, now).await.map(|_| ()),
            Effect::RetryEmail(email) => submission::send_again(connection, loaded, *email, now).await,
            Effect::ResendLetter(email, notification) => {
                let letter = (*email, *notification);
                self.resend_letter(connection, loaded, actor, letter, transition, now).await
            }
            Effect::ReplaceLink(purpose, contact) => {
                // The mailbox of one who is no longer on record may be somebody else's by now.
                if let Some(contact) = contact
                    && !contacts::is_on_record(connection, *contact).await?
                {
                    return Ok(());
                }
                let notification = Notification::LinkReplaced;
                let letter = letters::Occasion {
                    voucher: *contact,
                    replaces: Some(*purpose),
                    ..letters::Occasion::of(notification, transition)
                };
                self.write_limited(connection, loaded, &letter, quota::Cause::Case, now).await
            }
            Effect::CancelLetter(email) => {
                let cancelled =
                    handling::cancel(connection, *email, "", now, self.app.clock.for_leases()).await?;
                if cancelled { Ok(()) } else { Err(Refusal::AlreadyHandedOver.into()) }
            }
            Effect::SettleLetter(email) => {
                let staff = actor.staff_id().context("a letter is settled by nobody")?;
                resending::settle(connection, *email, None, staff, now).await
            }
            Effect::Assign(owner) => assign(loaded, *owner),
            Effect::Refer(reference) => {
                loaded.reference.clone_from(reference);
                Ok(())
            }
            Effect::LearnTicket(key) => {
                loaded.ticket = Some(key.clone());
                Ok(())
            }
            Effect::MarkConfirmed => {
                loaded.case.confirmed_at = Some(now);
                Ok(())
            }
            Effect::MarkDelivered => {
                loaded.case.delivered_at = loaded.case.delivered_at.or(Some(now));
                Ok(())
            }
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "stands in a match whose other arms can fail")]
fn assign(loaded: &mut Loaded, owner: Option<StaffId>) -> anyhow::Result<()> {
    loaded.owner = owner;
    Ok(())
}

async fn put_check(connection: &mut PgConnection, case: Uuid, check: &Check) -> anyhow::Result<()> {
    let verdict: &str = check.verdict.into();
    sqlx::query!(
        "insert into checks (case_id, kind, verdict, evidence, decided_by, decided_at, expires_at, due_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (case_id, kind) do update set verdict = excluded.verdict, evidence = excluded.evidence,
             decided_by = excluded.decided_by, decided_at = excluded.decided_at, expires_at = excluded.expires_at,
             due_at = excluded.due_at, due_at_if_reopened = null, attempts = 0",
        case,
        check.kind.as_str(),
        verdict,
        serde_json::to_value(&check.evidence)?,
        check.decided_by.map(|staff| staff.0),
        check.decided_at as Option<Timestamp>,
        check.expires_at as Option<Timestamp>,
        check.due_at as Option<Timestamp>,
    )
    .execute(connection)
    .await
    .context("could not store a check")?;
    Ok(())
}

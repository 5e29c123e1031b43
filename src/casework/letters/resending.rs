//! A letter that did not arrive, written anew: the same purpose, today's words, a fresh link and another Message-ID.
//!
//! A letter's own bytes can be tried again only while they are kept, that is until a mail server took them
//! ([`outbox::retry`](crate::mail::outgoing::outbox::retry)). What came back was taken, so it takes a new letter.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::{
        actor::{Actor, StaffId},
        check::{CheckKind, Evidence},
        outcome::{Notification, Transition},
        refusal::Refusal,
        state::{Outcome, State},
    },
    casework::{
        Casework, contacts,
        letters::{Occasion, quota},
        load::Loaded,
    },
    clock::Timestamp,
    mail::outgoing::handling,
};

impl Casework {
    pub(in crate::casework) async fn resend_letter(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        actor: Actor,
        (email, notification): (Uuid, Notification),
        transition: &Transition,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let staff = actor.staff_id().context("a letter is written anew by nobody")?;
        let voucher = match loaded.case.check(CheckKind::Vouch).map(|check| &check.evidence) {
            Some(Evidence::VouchRequested { contact, .. }) if notification == Notification::VouchRequest => {
                Some(*contact)
            }
            // Nobody is asked any more; the letter must not go to the requester instead.
            _ if notification == Notification::VouchRequest => return Err(Refusal::NotNow.into()),
            _ => None,
        };
        if let Some(contact) = voucher
            && !contacts::is_on_record(connection, contact).await?
        {
            return Err(Refusal::NotNow.into());
        }
        let text = find_text(connection, loaded, notification).await?;
        let occasion =
            Occasion { notification, next: &transition.next, text, voucher, reminds: false, replaces: None };
        let (replacement, to) = self.write_letter(connection, loaded, &occasion, now).await?;
        self.count(connection, (replacement, notification, &to), quota::Cause::Staff, now).await?;
        settle(connection, email, Some(replacement), staff, now).await
    }
}

/// An e-mail of which staff know what became of it.
pub(in crate::casework) async fn settle(
    connection: &mut PgConnection,
    email: Uuid,
    replacement: Option<Uuid>,
    staff: StaffId,
    now: Timestamp,
) -> anyhow::Result<()> {
    let settled = handling::settle(connection, email, replacement, staff.0, now).await?;
    if settled { Ok(()) } else { Err(Refusal::NotNow.into()) }
}

/// The words of staff that the letter passed on.
pub(in crate::casework) async fn find_text(
    connection: &mut PgConnection,
    loaded: &Loaded,
    notification: Notification,
) -> anyhow::Result<String> {
    let rejected = matches!(loaded.case.state, State::Closed { outcome: Outcome::Rejected });
    // The reason of an upheld objection is for colleagues.
    let (kind, or) = match notification {
        Notification::Question => ("customer_asked", ""),
        Notification::CaseClosed if rejected => ("rejected", "objection_upheld"),
        _ => return Ok(String::new()),
    };
    let text = sqlx::query_scalar!(
        r#"select case when e.kind = $2 then n.body else '' end as "text!"
         from case_events e join case_notes n on n.id::text = case when e.data ? 'told' then e.data ->> 'told' else e.data ->> 'note' end
         where e.case_id = $1 and e.kind in ($2, $3) order by e.seq desc limit 1"#,
        loaded.case.id,
        kind,
        or,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up the words of a letter")?;
    Ok(text.unwrap_or_default())
}

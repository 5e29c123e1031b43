//! Does the contact on record object? One dated notice with an objection link, then a window in business days.
//!
//! The notice goes out only once the register has confirmed that the address is the contact's: nobody can have us
//! write to a stranger, or name a mailbox of their own as "the departed contact". Silence is no objection, never consent.

use anyhow::Context as _;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    case::{
        action::Action,
        check::{CheckKind, Evidence, Verdict},
        outcome::Notification,
    },
    casework::{Casework, Loaded},
    clock::Timestamp,
};

pub(super) async fn find_action(
    casework: &Casework,
    loaded: &Loaded,
    now: Timestamp,
) -> anyhow::Result<Action> {
    let kind = CheckKind::DepartedNotice;
    let own = loaded.case.check(kind).context("the check is gone")?;
    match own.evidence {
        Evidence::NoticeSent { sent_at, window_ends_at } => {
            let after_window = match find_letter_state(&casework.app.pool, loaded.case.id).await?.as_deref() {
                Some("sent") => (Verdict::Passed, Evidence::NoObjection { sent_at, window_ends_at }),
                Some("queued") => {
                    // Still in our outbox: nobody had a chance to object.
                    let due_at = casework.rules.calendar.add_days(now, 1);
                    return Ok(Action::PostponeCheck { kind, due_at });
                }
                // Refused by a mail server, which may be our own: no proof of anything.
                _ => (Verdict::Inconclusive, Evidence::NoticeUndeliverable { sent_at }),
            };
            let (verdict, evidence) = after_window;
            Ok(Action::RecordCheck { kind, verdict, evidence })
        }
        _ => Ok(begin(loaded, now)),
    }
}

fn begin(loaded: &Loaded, now: Timestamp) -> Action {
    let kind = CheckKind::DepartedNotice;
    match loaded.case.check(CheckKind::RecordedContact) {
        Some(recorded) if recorded.counts(now) => Action::NotifyDepartedContact,
        Some(recorded) if recorded.verdict == Verdict::Pending => {
            Action::PostponeCheck { kind, due_at: now.after(jiff::SignedDuration::from_mins(5)) }
        }
        _ => Action::RecordCheck { kind, verdict: Verdict::Inconclusive, evidence: Evidence::NobodyToNotify },
    }
}

async fn find_letter_state(pool: &PgPool, case: Uuid) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        "select state from emails where correlation_id = $1 and notification = $2 order by created_at desc limit 1",
        case,
        Notification::DepartedNotice.as_str(),
    )
    .fetch_optional(pool)
    .await
    .context("could not look up the notice")
}

//! Does the contact on record object? Dated notices with an objection link, within one window in business days.
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
    let Evidence::NoticeSent { sent_at, window_ends_at, reminded_at } = own.evidence.clone() else {
        return Ok(begin(loaded, now));
    };
    let (pool, calendar) = (&casework.app.pool, &casework.rules.calendar);
    let returned_at = find_return(pool, loaded.case.id, sent_at).await?;
    let (last_letter, first_sent_at) = find_letters(pool, loaded.case.id, sent_at).await?;
    // Nobody reads a mailbox that is gone: what is left of the window is for mistakes of mail servers.
    let days = casework.rules.deadlines.returned_notice_business_days;
    let ends_at = returned_at.map_or(window_ends_at, |at| calendar.add_days(at, days).min(window_ends_at));
    if now < ends_at {
        let may_write = returned_at.is_none() && matches!(last_letter.as_deref(), Some("sent" | "bounced"));
        return Ok(match loaded.case.next_notice_at().filter(|_| may_write) {
            Some(at) if at <= now => Action::NotifyDepartedContact,
            next => Action::PostponeCheck { kind, due_at: next.unwrap_or(ends_at).min(ends_at) },
        });
    }
    // The time to object begins when a letter has left, however long it lay in the outbox.
    let days = casework.rules.deadlines.notice_business_days;
    let window_ends_at =
        first_sent_at.map_or(window_ends_at, |at| calendar.add_days(at, days).max(window_ends_at));
    if last_letter.as_deref() == Some("sent") && returned_at.is_none() && now < window_ends_at {
        return Ok(Action::PostponeCheck { kind, due_at: window_ends_at });
    }
    let (verdict, evidence) = match (returned_at, last_letter.as_deref()) {
        (Some(returned_at), _) => (Verdict::Passed, Evidence::NoticeReturned { sent_at, returned_at }),
        (None, Some("sent")) => {
            (Verdict::Passed, Evidence::NoObjection { sent_at, window_ends_at, reminded_at })
        }
        (None, Some("queued")) => {
            // Still in our outbox: nobody had a chance to object.
            return Ok(Action::PostponeCheck { kind, due_at: calendar.add_days(now, 1) });
        }
        // Refused by a mail server, which may be our own, or sent back for another reason: no proof of anything.
        _ => (Verdict::Inconclusive, Evidence::NoticeUndeliverable { sent_at }),
    };
    Ok(Action::RecordCheck { kind, verdict, evidence })
}

fn begin(loaded: &Loaded, now: Timestamp) -> Action {
    let kind = CheckKind::DepartedNotice;
    match loaded.case.check(CheckKind::RecordedContact) {
        // Only a contact found on record: a waiver names nobody, and the form may name a mailbox of the requester's own.
        Some(recorded) if recorded.verdict == Verdict::Passed => Action::NotifyDepartedContact,
        Some(recorded) if recorded.verdict == Verdict::Pending => {
            Action::PostponeCheck { kind, due_at: now.after(jiff::SignedDuration::from_mins(5)) }
        }
        _ => Action::RecordCheck { kind, verdict: Verdict::Inconclusive, evidence: Evidence::NobodyToNotify },
    }
}

/// What became of the last notice since the window was opened, a state of the outbox or `bounced`, and when the first one left.
async fn find_letters(
    pool: &PgPool,
    case: Uuid,
    since: Timestamp,
) -> anyhow::Result<(Option<String>, Option<Timestamp>)> {
    let row = sqlx::query!(
        r#"select (array_agg(case when exists (select from bounces b
                 where b.email_id = e.id and b.about_recipient and not b.temporary)
               then 'bounced' else e.state end order by e.created_at desc))[1] as state,
             min(e.settled_at) filter (where e.state = 'sent') as "first_sent_at: Timestamp"
         from emails e
           where e.correlation_id = $1 and e.notification = $2 and e.created_at >= $3"#,
        case,
        Notification::DepartedNotice.as_str(),
        since as Timestamp,
    )
    .fetch_one(pool)
    .await
    .context("could not look up the notices")?;
    Ok((row.state, row.first_sent_at))
}

/// When a mail server first said of one of the notices that there is no such mailbox (RFC 3463 §3.2: X.1.*; X.2.1 disabled).
/// Other reasons, as a full mailbox or a filter, do not mean that nobody reads it.
async fn find_return(pool: &PgPool, case: Uuid, since: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let at = sqlx::query_scalar!(
        r#"select min(b.at) as "at: Timestamp" from bounces b
         where b.email_id in (select id from emails
                 where correlation_id = $1 and notification = $2 and created_at >= $3)
             and b.about_recipient and not b.temporary
             and exists (select from unnest(b.statuses) status where status like '5.1.%' or status = '5.2.1')"#,
        case,
        Notification::DepartedNotice.as_str(),
        since as Timestamp,
    )
    .fetch_one(pool)
    .await
    .context("could not look for a returned notice")?;
    Ok(at)
}

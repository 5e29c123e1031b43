//! Does anybody object whose role the request would change? Dated notices with an objection link to each of them, within one
//! window in business days.
//!
//! The contact who is said to have left gets one only once the register has confirmed that the address is the contact's:
//! nobody can have us write to a stranger, or name a mailbox of their own as "the departed contact". The others come from the
//! register alone. Where nobody knows the contact's address, they hear of it at once: one of them is the contact, and whoever
//! says "I don't know" keeps nothing from them. Silence is no objection, never consent. That the contact's mailbox answers by itself "no longer with us" is
//! kept with the verdict; "back on Monday" is a reason to stop and look.

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
    mail::incoming::inbound,
    message::Said,
};

/// What became of the notices to one mailbox since the window was opened.
#[derive(Debug)]
struct Mailbox {
    /// Of the last one: a state of the outbox, or `bounced`.
    last: String,
    /// When the first one left.
    first_sent_at: Option<Timestamp>,
    /// When a mail server first said that there is no such mailbox.
    gone_at: Option<Timestamp>,
}

pub(super) async fn find_action(
    casework: &Casework,
    loaded: &Loaded,
    now: Timestamp,
) -> anyhow::Result<Action> {
    let kind = CheckKind::DepartedNotice;
    let own = loaded.case.check(kind).context("the check is gone")?;
    let Evidence::NoticeSent { sent_at, window_ends_at, reminded_at } = own.evidence.clone() else {
        return begin(casework, loaded, now).await;
    };
    let (pool, calendar) = (&casework.app.pool, &casework.rules.calendar);
    let mut connection = pool.acquire().await.context("no connection")?;
    // What another mailbox said, at an address that was set right since, says nothing of this one.
    let corrected_at = sqlx::query_scalar!(
        r#"select max(at) as "at: Timestamp" from address_corrections where case_id = $1 and whose = 'departed'"#,
        loaded.case.id,
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not look up whether an address was set right")?;
    let since = corrected_at.unwrap_or(loaded.opened_at);
    let said = inbound::find_said(&mut connection, loaded.case.id, since).await?;
    if let Some((Said::Absent, said_at)) = said {
        // Who is away may come back to learn of the change only afterwards. Said once it stands: such programs often answer a
        // sender only once (RFC 3834 §2), so that asking again brings silence.
        let evidence = Evidence::ContactAway { sent_at, said_at };
        return Ok(Action::RecordCheck { kind, verdict: Verdict::Inconclusive, evidence });
    }
    let said_left_at = said.map(|(_, at)| at);
    drop(connection);
    let mailboxes = list_mailboxes(pool, loaded.case.id, sent_at).await?;
    // Nobody reads mailboxes that are all gone: what is left of the window is for mistakes of mail servers.
    let all_gone = !mailboxes.is_empty() && mailboxes.iter().all(|mailbox| mailbox.gone_at.is_some());
    let returned_at = mailboxes.iter().filter_map(|mailbox| mailbox.gone_at).max().filter(|_| all_gone);
    let days = casework.rules.deadlines.returned_notice_business_days;
    let ends_at = returned_at.map_or(window_ends_at, |at| calendar.add_days(at, days).min(window_ends_at));
    if now < ends_at {
        let settled = mailboxes.iter().all(|mailbox| matches!(mailbox.last.as_str(), "sent" | "bounced"));
        let may_write = returned_at.is_none() && !mailboxes.is_empty() && settled;
        return Ok(match loaded.case.next_notice_at().filter(|_| may_write) {
            Some(at) if at <= now => Action::NotifyDepartedContact,
            next => Action::PostponeCheck { kind, due_at: next.unwrap_or(ends_at).min(ends_at) },
        });
    }
    if let Some(returned_at) = returned_at {
        let evidence = Evidence::NoticeReturned { sent_at, returned_at };
        return Ok(Action::RecordCheck { kind, verdict: Verdict::Passed, evidence });
    }
    let unread = |mailbox: &&Mailbox| mailbox.gone_at.is_none() && mailbox.last != "sent";
    if mailboxes.iter().filter(unread).any(|mailbox| mailbox.last == "queued") {
        // Still in our outbox: somebody had no chance to object.
        return Ok(Action::PostponeCheck { kind, due_at: calendar.add_days(now, 1) });
    }
    if mailboxes.is_empty() || mailboxes.iter().any(|mailbox| unread(&mailbox)) {
        // Refused by a mail server, which may be our own, or sent back for another reason: no proof of anything.
        let evidence = Evidence::NoticeUndeliverable { sent_at };
        return Ok(Action::RecordCheck { kind, verdict: Verdict::Inconclusive, evidence });
    }
    // The time to object begins when a letter has left, however long it lay in the outbox; for everybody who got one.
    let days = casework.rules.deadlines.notice_business_days;
    let last_first = mailboxes.iter().filter_map(|mailbox| mailbox.first_sent_at).max();
    let window_ends_at =
        last_first.map_or(window_ends_at, |at| calendar.add_days(at, days).max(window_ends_at));
    if now < window_ends_at {
        return Ok(Action::PostponeCheck { kind, due_at: window_ends_at });
    }
    let evidence = Evidence::NoObjection { sent_at, window_ends_at, reminded_at, said_left_at };
    Ok(Action::RecordCheck { kind, verdict: Verdict::Passed, evidence })
}

async fn begin(casework: &Casework, loaded: &Loaded, now: Timestamp) -> anyhow::Result<Action> {
    let kind = CheckKind::DepartedNotice;
    let recorded = loaded.case.check(CheckKind::RecordedContact);
    if recorded.is_some_and(|check| check.verdict == Verdict::Pending) {
        let due_at = now.after(jiff::SignedDuration::from_mins(5));
        return Ok(Action::PostponeCheck { kind, due_at });
    }
    // While the contact is in doubt nobody is disturbed; a waiver lets the others on record hear of it.
    let goes_on =
        recorded.is_some_and(|check| check.counts(now) || check.evidence == Evidence::ContactAddressUnknown);
    let mut connection = casework.app.pool.acquire().await.context("no connection")?;
    if goes_on && !casework.list_noticed(&mut connection, loaded).await?.is_nobody() {
        return Ok(Action::NotifyDepartedContact);
    }
    let (verdict, evidence) = (Verdict::Inconclusive, Evidence::NobodyToNotify);
    Ok(Action::RecordCheck { kind, verdict, evidence })
}

/// By mailbox. That one is gone is stated by a code of a report on the very recipient; other reasons, as a full mailbox or a
/// filter, or a server that refuses *us*, do not mean that nobody reads it.
async fn list_mailboxes(pool: &PgPool, case: Uuid, since: Timestamp) -> anyhow::Result<Vec<Mailbox>> {
    let notices =
        [Notification::DepartedNotice, Notification::ContactNotice].map(|kind| kind.as_str().to_owned());
    sqlx::query_as!(
        Mailbox,
        r#"select (array_agg(case when exists (select from bounces b
                 where b.email_id = e.id and b.about_recipient and not b.temporary)
               then 'bounced' else e.state end order by e.created_at desc))[1] as "last!",
             min(e.settled_at) filter (where e.state = 'sent') as "first_sent_at: Timestamp",
             min((select min(b.at) from bounces b where b.email_id = e.id and b.mailbox_gone)) as "gone_at: Timestamp"
         from emails e
         where e.correlation_id = $1 and e.notification = any($2) and e.created_at >= $3
         group by lower(e.envelope_to)"#,
        case,
        &notices,
        since as Timestamp,
    )
    .fetch_all(pool)
    .await
    .context("could not look up the notices")
}

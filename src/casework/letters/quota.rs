//! How many letters that strangers can cause one receiver gets within a day, over all kinds of them.
//!
//! Stops who has us flood a mailbox or a company. Three limits: one for each network that the form is sent from, so that
//! nobody can use up what is somebody else's; a generous one for the mailbox, so that many networks together can't flood it;
//! and one for the domain behind it, but for public mail providers, where it would shut everybody out. A letter too many is
//! held back, where staff see it. What is counted are keyed hashes.

use std::net::IpAddr;

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    app::App,
    case::{address::EmailAddress, outcome::Notification},
    clock::Timestamp,
    config::Limits,
    public_mail::PublicMail,
    web::limit::network,
};

/// What stands with a letter that was held back.
pub(in crate::casework) const TOO_MANY: &str =
    "held back: too many letters for this mailbox or its domain within a day";

/// For how long a letter counts.
const DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
/// So many that count no more are forgotten with each letter: more than one, so that they get fewer. The rest is left to retention.
const FORGOTTEN: i64 = 8;

/// Who has a letter written.
#[derive(Clone, Copy, Debug)]
pub(in crate::casework) enum Cause {
    /// A form from here.
    Form(IpAddr),
    /// What follows from a form that was confirmed.
    Case,
    /// A member of staff, who sees what they do: counted, never held back.
    Staff,
    /// A member of staff who writes to somebody outside every case: a mistyped or forged address is a stranger's.
    Desk,
}

/// Whether a letter of this kind goes to somebody who may have nothing to do with who caused it.
pub(in crate::casework) fn counts(notification: Notification) -> bool {
    matches!(
        notification,
        Notification::ConfirmationRequest
            | Notification::ConfirmationReminder
            | Notification::SuccessorInvitation
            | Notification::DepartedNotice
            | Notification::ContactNotice
            | Notification::VouchRequest
            | Notification::SuccessorBriefing
            | Notification::SuccessorAccessRequest
            | Notification::SuccessorOutcome
            | Notification::ObjectionReceived
            | Notification::ObjectionAnswered
            | Notification::LinkReplaced
            | Notification::ContactOutcome
    )
}

/// What a letter of this kind may use up of the limits. To people on record we write because of what the register says:
/// they have as much room again, so that nobody keeps a notice from them by filling in forms.
fn room(notification: Notification) -> i64 {
    match notification {
        Notification::DepartedNotice
        | Notification::ContactNotice
        | Notification::VouchRequest
        | Notification::ObjectionReceived
        | Notification::ObjectionAnswered
        | Notification::ContactOutcome => 2,
        _ => 1,
    }
}

/// Whether one more letter may go to `address`. Counts it, also where it may not.
pub(in crate::casework) async fn take(
    connection: &mut PgConnection,
    app: &App,
    (notification, address): (Notification, &EmailAddress),
    cause: Cause,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let limits = &app.settings.limits;
    let Counted { mailbox, network, domain } = Counted::of(app, address, cause);
    let room = room(notification);
    let limit = |limit: u32| i64::from(limit).saturating_mul(room);
    // What is forgotten besides is bounded, or the first after a quiet day would pay for all before; it waits for nobody who forgets the
    // same: the form must not take longer because of what else is going on.
    let held = sqlx::query_scalar!(
        "with forgotten as (
             delete from form_letters where ctid = any(array(
                 select ctid from form_letters where at <= $9 order by at limit $10 for update skip locked)))
         insert into form_letters (mailbox, network, domain, at, held)
         select $1, $2, $3, $4, not $5 and (
             (select count(*) from form_letters where mailbox = $1 and not held and at > $9) >= $6
             or (select count(*) from form_letters where mailbox = $1 and network = $2 and not held and at > $9) >= $7
             or (select count(*) from form_letters where domain = $3 and not held and at > $9) >= $8)
         returning held",
        mailbox,
        network,
        domain,
        now as Timestamp,
        matches!(cause, Cause::Staff),
        limit(limits.form_letters_per_mailbox),
        limit(limits.form_letters_per_network),
        limit(limits.form_letters_per_domain),
        now.after(-DAY) as Timestamp,
        FORGOTTEN,
    )
    .fetch_one(connection)
    .await
    .context("could not count a letter")?;
    Ok(!held)
}

/// From when on a form from `client` may cause one more letter to `address`; `None` where it may now. Counts nothing.
pub(in crate::casework) async fn free_from(
    connection: &mut PgConnection,
    app: &App,
    address: &EmailAddress,
    client: IpAddr,
    now: Timestamp,
) -> anyhow::Result<Option<Timestamp>> {
    let limits = &app.settings.limits;
    let Counted { mailbox, network, domain } = Counted::of(app, address, Cause::Form(client));
    // Of as many as are allowed, the oldest: once it is a day old, there is room for one.
    let oldest = sqlx::query_scalar!(
        "select max(at) from (
             (select at from form_letters where mailbox = $1 and not held and at > $4
                 order by at desc offset greatest($5::bigint - 1, 0) limit 1)
             union all
             (select at from form_letters where mailbox = $1 and network = $2 and not held and at > $4
                 order by at desc offset greatest($6::bigint - 1, 0) limit 1)
             union all
             (select at from form_letters where domain = $3 and not held and at > $4
                 order by at desc offset greatest($7::bigint - 1, 0) limit 1)
         ) as oldest (at)",
        mailbox,
        network,
        domain,
        now.after(-DAY) as Timestamp,
        i64::from(limits.form_letters_per_mailbox),
        i64::from(limits.form_letters_per_network),
        i64::from(limits.form_letters_per_domain),
    )
    .fetch_one(connection)
    .await
    .context("could not look up when there is room for a letter")?;
    Ok(oldest.map(|at| at.after(DAY)))
}

/// What a letter is counted by: keyed hashes.
struct Counted {
    mailbox: String,
    network: Option<String>,
    domain: Option<String>,
}

impl Counted {
    fn of(app: &App, address: &EmailAddress, cause: Cause) -> Self {
        let signer = &app.quota_signer;
        Self {
            mailbox: signer.sign(&format!("mailbox {}", address.mailbox())),
            network: match cause {
                Cause::Form(client) => Some(signer.sign(&format!("network {}", network(client)))),
                Cause::Case | Cause::Staff | Cause::Desk => None,
            },
            domain: own_domain(address).map(|domain| signer.sign(&format!("domain {domain}"))),
        }
    }
}

/// The registrable domain behind a mailbox, unless it is a provider of mailboxes to all.
fn own_domain(address: &EmailAddress) -> Option<&str> {
    if PublicMail::of(address.domain()).is_some() {
        return None;
    }
    Some(address.registrable_domain().unwrap_or(address.domain()))
}

/// A wave of letters that forms cause, sent or held back: somebody may be using the form against others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wave {
    /// Within the last hour.
    pub letters: i64,
    pub held: i64,
}

impl Wave {
    pub async fn read(connection: &mut PgConnection, now: Timestamp) -> anyhow::Result<Self> {
        let hour_ago = now.after(jiff::SignedDuration::from_hours(-1));
        sqlx::query_as!(
            Self,
            r#"select count(*) as "letters!", count(*) filter (where held) as "held!" from (
                 select held from form_letters where at > $1 order by at desc limit 10000) lately"#,
            hour_ago as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not count the letters of forms")
    }

    pub fn is_alarming(&self, limits: &Limits) -> bool {
        self.letters > i64::from(limits.form_letters_alarm)
    }
}

/// Forgets what was counted before then, at most so many letters. Each letter of the form does so, too; where none comes, nobody
/// else would. How many.
pub async fn forget_form_letters(
    connection: &mut PgConnection,
    before: Timestamp,
    most: i64,
) -> anyhow::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from form_letters where ctid = any(array(
             select ctid from form_letters where at <= $1 order by at limit $2 for update skip locked))",
        before as Timestamp,
        most,
    )
    .execute(connection)
    .await
    .context("could not forget old letters")?;
    Ok(forgotten.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_counts_as_a_whole_unless_everybody_has_a_mailbox_there() {
        for (address, domain) in [
            ("a@it.nordlicht.example", Some("nordlicht.example")),
            ("b@nordlicht.example", Some("nordlicht.example")),
            ("c@gmx.de", None),
            ("c@mail.gmx.net", None),
            ("d@mailinator.com", None),
        ] {
            assert_eq!(own_domain(&address.parse().unwrap()), domain, "{address}");
        }
    }
}

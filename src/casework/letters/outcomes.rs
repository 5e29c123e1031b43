//! The end of a case, told to everybody on record who was written to about it: the contact who was said to have left, others
//! whose role would have changed, and whoever was asked to confirm.
//!
//! Only to whom a letter went before, and who is on record still: nobody hears of a case by its end, and a mailbox that has
//! changed hands hears nothing. They learn whether the contact changes, and nothing of who said what. Whoever objected and is
//! told by that same decision gets no second letter.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::{
        address::EmailAddress,
        outcome::{Effect, Notification, Transition},
    },
    casework::{
        Casework,
        contacts::Addressee,
        letters::{Occasion, quota},
        load::Loaded,
    },
    clock::Timestamp,
};

impl Casework {
    pub(in crate::casework) async fn write_outcomes(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        (occasion, transition): (&Occasion<'_>, &Transition),
        cause: quota::Cause,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let told = |contact: Option<Uuid>| {
            let tells =
                |effect: &Effect| matches!(effect, Effect::TellObjector(_, objector) if *objector == contact);
            transition.effects.iter().any(tells)
        };
        let address = loaded.escalation.departed.email.known().map_or("", EmailAddress::as_str);
        if was_departed_told(connection, loaded.case.id, address).await? && !told(None) {
            self.write_limited(connection, loaded, occasion, cause, now).await?;
        }
        for contact in list_told(connection, loaded.case.id).await? {
            if !told(Some(contact.id)) {
                let to = Some(&contact);
                let (email, address) = self.write_letter_to(connection, loaded, occasion, to, now).await?;
                self.count(connection, (email, occasion.notification, &address), cause, now).await?;
            }
        }
        Ok(())
    }
}

/// Whether a notice went to the departed contact at this very address, and their mailbox took it: nobody hears of a case by its
/// end.
async fn was_departed_told(connection: &mut PgConnection, case: Uuid, address: &str) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from emails e where e.correlation_id = $1 and e.notification = $2
                 and e.state = 'sent' and lower(e.envelope_to) = lower($3))
             and not exists (select from emails e where e.correlation_id = $1 and e.notification = $2
                 and (e.state = 'failed'
                     or exists (select from bounces b where b.email_id = e.id and not b.temporary))) as "told!""#,
        case,
        Notification::DepartedNotice.as_str(),
        address,
    )
    .fetch_one(connection)
    .await
    .context("could not look up whether the departed contact was written to")
}

/// The others on record who were written to, a mailbox once.
async fn list_told(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Addressee>> {
    sqlx::query_as!(
        Addressee,
        "select distinct on (lower(c.email)) c.id, c.name, c.email from contacts c
         where c.id in (select contact_id from links
             where case_id = $1 and purpose in ('objection', 'voucher') and contact_id is not null)
         order by lower(c.email), c.id",
        case,
    )
    .fetch_all(connection)
    .await
    .context("could not list who on record was written to")
}

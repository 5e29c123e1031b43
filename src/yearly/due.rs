//! Who is to be asked next, and about what: the contact on record, as imports say it, or as a case of ours made it since.
//!
//! Not who was asked within a year, however the clock jumps; nor while a case about the licence is open, when other letters go out
//! about it; nor where an import and a case contradict each other, since nobody knows whom to ask. Not whose mailbox sent our mail
//! back for good, who said that they are not the one, or who does not want to be asked.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::clock::Timestamp;

/// A mailbox and what it is asked about.
#[derive(Debug)]
pub(super) struct Due {
    /// As the register has it, in lower case.
    pub mailbox: String,
    pub entitlements: Vec<Uuid>,
    /// What these are called, as many as one letter names.
    pub labels: Vec<String>,
}

/// Days from one question to the next.
const YEAR: i64 = 365;

pub(super) async fn find(connection: &mut PgConnection, now: Timestamp) -> anyhow::Result<Option<Due>> {
    let year_ago = now.after(jiff::SignedDuration::from_hours(-24 * YEAR));
    sqlx::query_as!(
        Due,
        r#"with people as (
             select k.entitlement_id, lower(trim(k.email)) as mailbox
             from contacts k left join latest_contact_changes c on c.entitlement_id = k.entitlement_id
             where (c.id is null or c.verdict = 'confirmed')
                 -- The primary one; where the register names none, whoever is technical contact.
                 and (k.is_primary or k.role = 'technical' and not exists (
                     select from contacts p where p.entitlement_id = k.entitlement_id and p.is_primary))
             union
             -- Nobody is behind what stands in place of who was erased.
             select entitlement_id, new_email from latest_contact_changes
             where verdict is null and new_email <> 'erased@erased.invalid'),
           busy as (
             select e.id from case_entitlements a join cases c on c.id = a.case_id
             join entitlements e on a.value in (e.sen, e.entitlement_number, e.site)
             -- What nobody confirmed anybody can send.
             where c.state not in ('unconfirmed', 'closed'))
           select p.mailbox as "mailbox!", array_agg(e.id order by e.id) as "entitlements!",
             array_agg(coalesce(e.sen, e.entitlement_number, e.site)
                 order by coalesce(e.sen, e.entitlement_number, e.site)) as "labels!"
           from people p join entitlements e on e.id = p.entitlement_id
           where e.id not in (select id from busy)
             and not exists (select from contact_questions q where q.mailbox = p.mailbox and q.asked_at > $1)
             and not exists (select from unsubscribed_mailboxes u
                 where u.mailbox_hash = sha256(convert_to(p.mailbox, 'UTF8')))
             and not exists (select from emails m join bounces b on b.email_id = m.id
                 where m.audience = 'customer' and lower(m.envelope_to) = p.mailbox
                     and not b.temporary and b.about_recipient)
             and coalesce((select q.answer from contact_questions q where q.mailbox = p.mailbox
                 and q.answer is not null order by q.asked_at desc limit 1), '') <> 'gone'
           group by p.mailbox order by p.mailbox limit 1"#,
        year_ago as Timestamp,
    )
    .fetch_optional(connection)
    .await
    .context("could not look for a contact to ask")
}

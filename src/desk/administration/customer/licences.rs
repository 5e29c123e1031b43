//! The licences of a customer with their contacts: what the register has, what a case of ours made of it, and what the yearly
//! question was answered.

use std::collections::HashMap;

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{LICENCES, MOST};
use crate::clock::{Day, Timestamp};

#[derive(Debug, Serialize)]
pub struct Entitlement {
    #[serde(skip)]
    pub id: Uuid,
    pub label: String,
    pub others: Vec<String>,
    pub product: String,
    pub hosting: String,
    pub tier: Option<String>,
    pub status: String,
    pub starts_on: Option<Day>,
    pub renews_on: Option<Day>,
    /// What a case of ours made of its contact, until an import confirms it.
    pub change: Option<ContactChange>,
    pub contacts: Vec<Contact>,
    pub more_contacts: i64,
}

#[derive(Debug, Serialize)]
pub struct ContactChange {
    number: String,
    at: Timestamp,
    new_name: String,
    new_email: String,
    /// When an import spoke against it.
    contradicted_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
pub struct Contact {
    #[serde(skip)]
    entitlement_id: Uuid,
    pub role: String,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub is_primary: bool,
    /// When mail to the address came back for good.
    bounced_at: Option<Timestamp>,
    /// Our yearly question: when it was sent last, and what was answered last.
    asked_at: Option<Timestamp>,
    answer: Option<String>,
    answered_at: Option<Timestamp>,
    unsubscribed: bool,
    #[serde(skip)]
    of: i64,
}

/// One more than a page holds, without their contacts.
pub(super) async fn list(
    connection: &mut PgConnection,
    customer: Uuid,
    after: Option<Uuid>,
) -> anyhow::Result<Vec<Entitlement>> {
    let rows = sqlx::query!(
        r#"select e.id, coalesce(e.sen, e.entitlement_number, e.site) as "label!", e.sen, e.entitlement_number, e.site, e.product,
             e.hosting, e.tier, e.status, e.starts_on as "starts_on: Day", e.renews_on as "renews_on: Day",
             ch.number as "change_number?", ch.at as "change_at: Timestamp", ch.new_name as "new_name?", ch.new_email as "new_email?",
             case when ch.verdict = 'contradicted' then ch.verdict_at end as "contradicted_at: Timestamp"
           from entitlements e
           left join lateral (select c.number, l.at, l.new_name, l.new_email, l.verdict, l.verdict_at
               from latest_contact_changes l join cases c on c.id = l.case_id
               where l.entitlement_id = e.id and l.verdict is distinct from 'confirmed') ch on true
           where e.customer_id = $1 and ($2::uuid is null
               or (coalesce(e.sen, e.entitlement_number, e.site), e.id) > (
                   select coalesce(l.sen, l.entitlement_number, l.site), l.id from entitlements l where l.id = $2))
           order by coalesce(e.sen, e.entitlement_number, e.site), e.id limit $3"#,
        customer,
        after,
        LICENCES.saturating_add(1),
    )
    .fetch_all(connection)
    .await
    .context("could not read a customer's licences")?;
    let entitlements = rows.into_iter().map(|row| {
        let names = [row.sen, row.entitlement_number, row.site].into_iter().flatten();
        Entitlement {
            id: row.id,
            others: names.filter(|name| *name != row.label).collect(),
            label: row.label,
            product: row.product,
            hosting: row.hosting,
            tier: row.tier,
            status: row.status,
            starts_on: row.starts_on,
            renews_on: row.renews_on,
            change: match (row.change_number, row.change_at, row.new_name, row.new_email) {
                (Some(number), Some(at), Some(new_name), Some(new_email)) => Some(ContactChange {
                    number,
                    at,
                    new_name,
                    new_email,
                    contradicted_at: row.contradicted_at,
                }),
                _ => None,
            },
            contacts: Vec::new(),
            more_contacts: 0,
        }
    });
    Ok(entitlements.collect())
}

pub(super) async fn add_contacts(
    connection: &mut PgConnection,
    to: &mut [Entitlement],
) -> anyhow::Result<()> {
    let ids: Vec<Uuid> = to.iter().map(|entitlement| entitlement.id).collect();
    let rows = sqlx::query_as!(
        Contact,
        r#"select k.entitlement_id as "entitlement_id!", k.role as "role!", k.name as "name!", k.email as "email!", k.phone,
             k.is_primary as "is_primary!", k.of as "of!", (
                 select max(b.at) from emails m join bounces b on b.email_id = m.id
                 where m.audience = 'customer' and lower(m.envelope_to) = lower(k.email) and not b.temporary
                     and b.about_recipient) as "bounced_at: Timestamp",
             (select max(q.asked_at) from contact_questions q where q.mailbox = lower(trim(k.email))) as "asked_at: Timestamp",
             said.answer as "answer?", said.answered_at as "answered_at: Timestamp",
             exists (select from unsubscribed_mailboxes u
                 where u.mailbox_hash = sha256(convert_to(lower(trim(k.email)), 'UTF8'))) as "unsubscribed!"
           from (
               select *, row_number() over (partition by entitlement_id order by is_primary desc, role desc, lower(email), id) as place,
                   count(*) over (partition by entitlement_id) as of
               from contacts where entitlement_id = any($1)) k
           left join lateral (select q.answer, q.answered_at from contact_questions q
               where q.mailbox = lower(trim(k.email)) and q.answer is not null
               order by q.asked_at desc limit 1) said on true
           where k.place <= $2 order by k.entitlement_id, k.place"#,
        &ids,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not read the contacts of a customer's licences")?;
    let mut by_entitlement: HashMap<Uuid, Vec<Contact>> = HashMap::new();
    for contact in rows {
        by_entitlement.entry(contact.entitlement_id).or_default().push(contact);
    }
    for entitlement in to {
        entitlement.contacts = by_entitlement.remove(&entitlement.id).unwrap_or_default();
        let shown = i64::try_from(entitlement.contacts.len()).unwrap_or(i64::MAX);
        let of = entitlement.contacts.first().map_or(0, |contact| contact.of);
        entitlement.more_contacts = of.saturating_sub(shown);
    }
    Ok(())
}

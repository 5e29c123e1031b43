//! What the register has under the licences of a case, all of it in one statement: for pages of the desk, which show it together.
//!
//! No answer to a customer rests on it. What an action rests on is read by itself, in the transaction in which it counts
//! (`contacts`, `facts`); each part is as it would be read there.

use anyhow::Context as _;
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{contacts::Owner, facts::OnRecordRow, load::Loaded, record::CaseRecord};
use crate::{
    case::{
        address::EmailAddress,
        contact::RegisterContact,
        facts::{LetterFacts, OnRecord},
    },
    clock::{Day, Timestamp},
};

/// What the register has under the licences that a case names.
#[derive(Clone, Debug)]
pub struct Licences {
    /// By product.
    pub found: Vec<Licence>,
    /// Everybody on record for one of them, by address, the one who is said to have left last.
    pub people: Vec<OnLicence>,
    /// As [`super::list_contacts`] lists them: empty until the licences are known to belong to one customer.
    pub contacts: Vec<RegisterContact>,
    /// What imports changed about their customers since then, latest first.
    pub changes: Vec<ChangeRow>,
    /// Earlier cases that changed the contact of one of them, latest first, unless an import has confirmed it.
    pub contact_changes: Vec<ContactChangeRow>,
    on_record: Option<OnRecord>,
    renews_on: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Licence {
    /// One of these three is what the case names.
    pub sen: String,
    pub entitlement_number: String,
    pub site: String,
    pub product: String,
    pub status: String,
    pub renews_on: Option<Day>,
    /// Of the customer.
    pub number: String,
    pub name: String,
    pub domains: Vec<String>,
}

/// Somebody on record for a licence, by address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnLicence {
    pub ids: Vec<Uuid>,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub roles: Vec<String>,
    pub is_departed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChangeRow {
    /// `domains`, `contacts` or `entitlement`.
    pub what: String,
    /// Number or site; empty for a customer's domains.
    pub entitlement: String,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ContactChangeRow {
    pub number: String,
    pub state: String,
    /// Whether the contact who is said to have left was replaced by it, or came by it.
    pub old: bool,
    pub new: bool,
}

impl Licences {
    /// What the letter says of the case, as [`super::read_facts`] reads it.
    pub fn letter_facts(&self, loaded: &Loaded, record: &CaseRecord) -> LetterFacts {
        let facts = LetterFacts::of(
            &loaded.escalation,
            loaded.asked_role,
            self.on_record.clone(),
            record.corrections.clone(),
        );
        LetterFacts { renews_on: self.renews_on, ..facts }
    }
}

/// One query. Changes `since` then, `most` of each kind.
pub async fn read_licences(
    connection: &mut PgConnection,
    loaded: &Loaded,
    since: Timestamp,
    most: i64,
) -> anyhow::Result<Licences> {
    let (checked, by_register) = match Owner::of(loaded) {
        Owner::Checked(customer) => (Some(customer), false),
        Owner::ByRegister => (None, true),
        Owner::Unknown => (None, false),
    };
    let departed = loaded.escalation.departed.email.known().map_or("", EmailAddress::as_str);
    let row = sqlx::query!(
        r#"with mine as materialized (
             select e.* from entitlements e
             where e.sen = any(array(select value from case_entitlements where case_id = $1))
                 or e.entitlement_number = any(array(select value from case_entitlements where case_id = $1))
                 or e.site = any(array(select value from case_entitlements where case_id = $1)))
           select
             (select coalesce(json_agg(l order by l.product, l.id), '[]') from (
                 select e.id, coalesce(e.sen, '') as sen, coalesce(e.entitlement_number, '') as entitlement_number,
                     coalesce(e.site, '') as site, e.product, e.status, e.renews_on, c.number, c.name,
                     array(select domain from customer_domains where customer_id = c.id order by domain) as domains
                 from mine e join customers c on c.id = e.customer_id) l) as "found!: Json<Vec<Licence>>",
             (select coalesce(json_agg(p order by p.is_departed, p.is_primary desc, p.mailbox), '[]') from (
                 select array_agg(k.id) as ids, min(k.name) as name, min(k.email) as email, min(k.phone) as phone,
                     array_agg(distinct k.role order by k.role) as roles, lower(k.email) = lower($2) as is_departed,
                     bool_or(k.is_primary) as is_primary, lower(k.email) as mailbox
                 from contacts k where k.entitlement_id = any(array(select id from mine)) group by lower(k.email)) p)
                 as "people!: Json<Vec<OnLicence>>",
             (select coalesce(json_agg(p order by p.is_primary desc, p.mailbox), '[]') from (
                 select (array_agg(c.id order by c.phone is null, c.id))[1] as id, array_agg(c.id order by c.id) as ids,
                     (array_agg(c.name order by c.id))[1] as name, (array_agg(c.email order by c.id))[1] as email,
                     coalesce(array_agg(distinct c.phone) filter (where c.phone is not null), '{}') as phones,
                     bool_or(c.role = 'technical') as is_technical, bool_or(c.role = 'billing') as is_billing,
                     bool_or(exists (select from latest_contact_changes ch where ch.entitlement_id = e.id
                         and ch.old_email = lower(trim(c.email)) and ch.verdict is null)) as said_left,
                     bool_or(c.is_primary) as is_primary, lower(c.email) as mailbox
                 from mine e join contacts c on c.entitlement_id = e.id
                 where e.customer_id = case
                     when $3::uuid is not null then $3
                     when $4 then (select (array_agg(distinct customer_id))[1] from mine having count(distinct customer_id) = 1)
                 end
                 group by lower(c.email)) p) as "contacts!: Json<Vec<RegisterContact>>",
             (select to_json(r) from (
                 select c.name, c.number, array(select distinct e.hosting from mine e where e.customer_id = c.id) as hosting,
                     (select k.name from mine e join contacts k on k.entitlement_id = e.id
                         where e.customer_id = c.id and lower(k.email) = lower($2)
                         order by k.is_primary desc, k.name limit 1) as departed_name
                 from customers c where c.id = $3) r) as "on_record: Json<OnRecordRow>",
             (select min(renews_on) from mine) as "renews_on: Day",
             (select coalesce(json_agg(c order by c.at desc, c.what, c.entitlement), '[]') from (
                 select 'domains' as what, '' as entitlement, domains_changed_at as at
                 from customers where id = any(array(select customer_id from mine)) and domains_changed_at >= $5
                 union all
                 select 'contacts', coalesce(sen, entitlement_number, site), contacts_changed_at
                 from entitlements where customer_id = any(array(select customer_id from mine)) and contacts_changed_at >= $5
                 union all
                 select 'entitlement', coalesce(sen, entitlement_number, site), updated_at
                 from entitlements where customer_id = any(array(select customer_id from mine))
                     and updated_at >= $5 and updated_at > created_at
                 order by 3 desc, 1, 2 limit $6) c) as "changes!: Json<Vec<ChangeRow>>",
             (select coalesce(json_agg(c order by c.number desc), '[]') from (
                 select c.number, c.state, coalesce(bool_or(l.old_email = lower($2)), false) as old,
                     coalesce(bool_or(l.new_email = lower($2)), false) as new
                 from latest_contact_changes l join cases c on c.id = l.case_id
                 where l.verdict is distinct from 'confirmed' and c.id <> $1
                     and l.entitlement_id = any(array(select id from mine))
                 group by c.id order by c.number desc limit $6) c) as "contact_changes!: Json<Vec<ContactChangeRow>>""#,
        loaded.case.id,
        departed,
        checked,
        by_register,
        since as Timestamp,
        most,
    )
    .fetch_one(connection)
    .await
    .context("could not read what the register has under the licences of a case")?;
    Ok(Licences {
        found: row.found.0,
        people: row.people.0,
        contacts: RegisterContact::merge(row.contacts.0),
        changes: row.changes.0,
        contact_changes: row.contact_changes.0,
        on_record: row.on_record.map(|row| row.0.restore()).transpose()?,
        renews_on: row.renews_on,
    })
}

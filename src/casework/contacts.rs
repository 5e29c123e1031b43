//! The register's contacts for a case, and the actions that rest on one of them.
//!
//! Whom somebody asks or calls is looked up in the same transaction in which it counts.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{ActError, Acted, Casework, load::Loaded};
use crate::case::{
    action::Action,
    actor::Actor,
    check::{Check, CheckKind, Evidence, Verdict},
    contact::{Called, RegisterContact, Voucher},
    refusal::Refusal,
    text::Note,
};

/// The customer that the case's entitlements belong to, once that is known: by their check or, where an approver waived it, by
/// the register, if what it has of them is one customer's. A waiver sets aside what the check demands, not what the register
/// knows: else all that rests on the register would fall with the next import.
pub async fn find_customer(connection: &mut PgConnection, loaded: &Loaded) -> anyhow::Result<Option<Uuid>> {
    match Owner::of(loaded) {
        Owner::Checked(customer) => return Ok(Some(customer)),
        Owner::Unknown => return Ok(None),
        Owner::ByRegister => {}
    }
    let asked: Vec<&str> = loaded.escalation.entitlements.iter().map(|asked| asked.value()).collect();
    let customers = sqlx::query_scalar!(
        "select distinct customer_id from entitlements
         where sen = any($1) or entitlement_number = any($1) or site = any($1) limit 2",
        asked as Vec<&str>,
    )
    .fetch_all(connection)
    .await
    .context("could not look up whose the entitlements are")?;
    Ok(match customers.as_slice() {
        [customer] => Some(*customer),
        _ => None,
    })
}

/// Whose the case's entitlements are, as far as their check says.
pub(super) enum Owner {
    Checked(Uuid),
    /// Whoever the register says, if that is one customer.
    ByRegister,
    Unknown,
}

impl Owner {
    pub(super) fn of(loaded: &Loaded) -> Self {
        match loaded.case.check(CheckKind::Entitlement) {
            Some(Check { evidence: Evidence::InRegister { customer, .. }, .. }) => Self::Checked(*customer),
            Some(check) if check.verdict == Verdict::Waived => Self::ByRegister,
            _ => Self::Unknown,
        }
    }
}

/// The people on record for the entitlements of a case, each once, a primary contact first. Empty until the entitlements
/// are known to belong to one customer.
pub async fn list_contacts(
    connection: &mut PgConnection,
    loaded: &Loaded,
) -> anyhow::Result<Vec<RegisterContact>> {
    let Some(customer) = find_customer(connection, loaded).await? else { return Ok(Vec::new()) };
    let asked: Vec<&str> = loaded.escalation.entitlements.iter().map(|asked| asked.value()).collect();
    let rows = sqlx::query_as!(
        RegisterContact,
        r#"select (array_agg(c.id order by c.phone is null, c.id))[1] as "id!", array_agg(c.id order by c.id) as "ids!",
             (array_agg(c.name order by c.id))[1] as "name!", (array_agg(c.email order by c.id))[1] as "email!",
             coalesce(array_agg(distinct c.phone) filter (where c.phone is not null), '{}') as "phones!",
             bool_or(c.role = 'technical') as "is_technical!", bool_or(c.role = 'billing') as "is_billing!",
             bool_or(exists (select from latest_contact_changes ch where ch.entitlement_id = e.id
                 and ch.old_email = lower(trim(c.email)) and ch.verdict is null)) as "said_left!"
         from contacts c join entitlements e on e.id = c.entitlement_id
         where e.customer_id = $1
             and (e.sen = any($2) or e.entitlement_number = any($2) or e.site = any($2))
         group by lower(c.email)
         order by bool_or(c.is_primary) desc, lower(c.email)"#,
        customer,
        asked as Vec<&str>,
    )
    .fetch_all(connection)
    .await
    .context("could not list the contacts on record")?;
    Ok(RegisterContact::merge(rows))
}

/// Name and address of a contact on record.
pub(super) struct Addressee {
    pub id: Uuid,
    pub name: String,
    pub email: String,
}

pub(super) async fn find_contact(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<Addressee> {
    sqlx::query_as!(Addressee, "select id, name, email from contacts where id = $1", id)
        .fetch_one(connection)
        .await
        .context("the contact is no longer on record")
}

/// Whether the contact is still in the register: an import may have taken it out since.
pub(super) async fn is_on_record(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from contacts where id = $1) as "known!""#, id)
        .fetch_one(connection)
        .await
        .context("could not look up a contact")
}

impl Casework {
    /// Asks the contact on record `contact` to vouch.
    ///
    /// # Errors
    /// [`Refusal::NoVoucher`] for anybody who is not on record for the case or has a part in it; [`ActError`] as `act`.
    pub async fn request_vouch(
        &self,
        case: Uuid,
        actor: Actor,
        contact: Uuid,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let acted = self.request_vouch_in(&mut transaction, case, actor, contact, expected).await?;
        transaction.commit().await.context("could not commit a change of a case")?;
        Ok(acted)
    }

    /// As [`Casework::request_vouch`], inside the caller's transaction.
    pub(super) async fn request_vouch_in(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        actor: Actor,
        contact: Uuid,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let loaded = self.load_in(connection, case, true).await?.ok_or(ActError::NotFound)?;
        let contacts = list_contacts(connection, &loaded).await?;
        let contact =
            contacts.iter().find(|on_record| on_record.ids.contains(&contact)).ok_or(Refusal::NoVoucher)?;
        let voucher = Voucher::of(contact, &loaded.escalation, &self.rules.shared_domains)?;
        let action = Action::RequestVouch { voucher };
        self.act_in(connection, case, actor, &action, expected).await
    }

    /// Records what a call to the number `dialled` showed.
    ///
    /// # Errors
    /// [`Refusal::NotOnRecord`] when nobody on record for the case has that number, [`Refusal::DepartedNumber`] when only
    /// the departed contact has it; [`ActError`] as `act`.
    pub async fn decide_callback(
        &self,
        case: Uuid,
        actor: Actor,
        dialled: &str,
        (verdict, note): (Verdict, &Note),
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let loaded = self.load_in(&mut transaction, case, true).await?.ok_or(ActError::NotFound)?;
        let contacts = list_contacts(&mut transaction, &loaded).await?;
        let called = Called::find(dialled, &contacts, &loaded.escalation)?;
        let action = Action::DecideCallback { called, verdict, note: note.clone() };
        let acted = self.act_in(&mut transaction, case, actor, &action, expected).await?;
        transaction.commit().await.context("could not commit a change of a case")?;
        Ok(acted)
    }
}

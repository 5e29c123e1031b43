//! The facts of the letter, read from the register and from what staff set right; and the letter approved while they stand.
//!
//! Always as they are now: inside the transaction of an approval they are read once more, under the case's lock. What the
//! facts are made of is for `case::facts`.

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{ActError, Acted, Casework, load::Loaded, second_factor};
use crate::{
    case::{
        action::Action,
        actor::{Actor, StaffId},
        address::EmailAddress,
        check::{CheckKind, Evidence},
        digest::Digest,
        draft::facts_digest,
        escalation::Hosting,
        facts::{Correction, Corrections, LetterFacts, OnRecord},
    },
    clock::{Day, Timestamp},
};

/// What the letter says of the case, by form, register and staff. Three queries.
pub async fn read_facts(connection: &mut PgConnection, loaded: &Loaded) -> anyhow::Result<LetterFacts> {
    let on_record = match loaded.case.check(CheckKind::Entitlement).map(|check| &check.evidence) {
        Some(Evidence::InRegister { customer, .. }) => find_on_record(connection, loaded, *customer).await?,
        _ => None,
    };
    let corrections = list_corrections(connection, loaded.case.id).await?;
    let renews_on = find_renewal(connection, loaded.case.id).await?;
    Ok(LetterFacts {
        renews_on,
        ..LetterFacts::of(&loaded.escalation, loaded.asked_role, on_record, corrections)
    })
}

/// The earliest renewal of the case's entitlements by the register. Asked beside their check, which runs in the
/// background, so that no answer to a customer's request waits for the register.
pub(super) async fn find_renewal(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Option<Day>> {
    sqlx::query_scalar!(
        r#"select min(e.renews_on) as "renews_on: Day" from entitlements e
         join case_entitlements c on c.value in (e.sen, e.entitlement_number, e.site)
         where c.case_id = $1"#,
        case
    )
    .fetch_one(connection)
    .await
    .context("could not look up the renewal date")
}

async fn find_on_record(
    connection: &mut PgConnection,
    loaded: &Loaded,
    customer: Uuid,
) -> anyhow::Result<Option<OnRecord>> {
    let asked: Vec<&str> = loaded.escalation.entitlements.iter().map(|asked| asked.value()).collect();
    let row = sqlx::query_as!(
        OnRecordRow,
        r#"select c.name, c.number,
             array(select distinct e.hosting from entitlements e where e.customer_id = c.id
                 and (e.sen = any($2) or e.entitlement_number = any($2) or e.site = any($2))) as "hosting!",
             (select k.name from contacts k join entitlements e on e.id = k.entitlement_id
                 where e.customer_id = c.id and lower(k.email) = lower($3)
                     and (e.sen = any($2) or e.entitlement_number = any($2) or e.site = any($2))
                 order by k.is_primary desc, k.name limit 1) as departed_name
         from customers c where c.id = $1"#,
        customer,
        &asked as &[&str],
        loaded.escalation.departed.email.known().map_or("", EmailAddress::as_str),
    )
    .fetch_optional(connection)
    .await
    .context("could not read what the register says")?;
    row.map(OnRecordRow::restore).transpose()
}

/// What the register says of a customer and the entitlements that were named.
#[derive(Debug, Deserialize)]
pub(super) struct OnRecordRow {
    name: String,
    number: String,
    hosting: Vec<String>,
    departed_name: Option<String>,
}

impl OnRecordRow {
    pub(super) fn restore(self) -> anyhow::Result<OnRecord> {
        let words: BTreeSet<String> = self.hosting.into_iter().collect();
        let hosting = words.iter().map(|word| word.parse()).collect::<Result<Vec<Hosting>, _>>();
        Ok(OnRecord {
            company: self.name,
            customer_number: self.number,
            hosting: hosting.context("unknown hosting")?,
            departed_name: self.departed_name,
        })
    }
}

/// The latest of each fact.
async fn list_corrections(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Correction>> {
    let rows = sqlx::query_as!(
        CorrectionRow,
        r#"select distinct on (what) what, value, staff_id, at as "at: Timestamp" from corrections
         where case_id = $1 order by what, at desc, id desc"#,
        case
    )
    .fetch_all(connection)
    .await
    .context("could not read what staff set right")?;
    rows.into_iter().map(CorrectionRow::restore).collect()
}

/// What staff set right, as it is stored.
#[derive(Debug, Deserialize)]
pub(super) struct CorrectionRow {
    what: String,
    value: String,
    staff_id: Uuid,
    at: Timestamp,
}

impl CorrectionRow {
    pub(super) fn restore(self) -> anyhow::Result<Correction> {
        let fact = self.what.parse().with_context(|| format!("there is no fact {:?}", self.what))?;
        Ok(Correction { fact, value: self.value, by: StaffId(self.staff_id), at: self.at })
    }
}

pub(super) async fn keep(
    connection: &mut PgConnection,
    case: Uuid,
    corrections: &Corrections,
    (staff, note): (StaffId, Uuid),
    now: Timestamp,
) -> anyhow::Result<()> {
    for (fact, value) in corrections.values() {
        sqlx::query!(
            "insert into corrections (id, case_id, what, value, staff_id, note_id, at)
             values ($1, $2, $3, $4, $5, $6, $7)",
            Uuid::now_v7(),
            case,
            fact.as_str(),
            value,
            staff.0,
            note,
            now as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not keep what was set right")?;
    }
    Ok(())
}

impl Casework {
    /// A second person approves the bytes of `digest`. The facts are read once more, under the lock, and so is what the person
    /// showed in `session` beside their password; `None` has shown nothing.
    ///
    /// # Errors
    /// [`Refusal::SecondFactorNotFresh`](crate::case::refusal::Refusal::SecondFactorNotFresh) and
    /// [`Refusal::SecondFactorMissing`](crate::case::refusal::Refusal::SecondFactorMissing);
    /// [`Refusal::FactsChanged`](crate::case::refusal::Refusal::FactsChanged) when they are no longer those that the draft
    /// states; [`ActError`] as `act`.
    pub async fn approve(
        &self,
        case: Uuid,
        (actor, session): (Actor, Option<Uuid>),
        digest: Digest,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let mut loaded = self.load_in(&mut transaction, case, true).await?.ok_or(ActError::NotFound)?;
        let facts = self.present_facts(&mut transaction, &loaded).await?;
        if let Some(approver) = actor.staff_id() {
            let now = self.app.clock.now();
            loaded.shown =
                Some(second_factor::weigh(&mut transaction, &self.app, (approver, session), now).await?);
        }
        let approve = Action::Approve { digest, facts };
        let acted = self.act_loaded(&mut transaction, loaded, actor, &approve, expected).await?;
        transaction.commit().await.context("could not commit a change of a case")?;
        Ok(acted)
    }

    /// Digest of the facts as a letter would state them now.
    pub async fn present_facts(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
    ) -> anyhow::Result<Digest> {
        let facts = read_facts(connection, loaded).await?;
        let text = self.write_letter_text(connection, loaded, &facts, "").await?;
        Ok(facts_digest(&text.facts))
    }
}

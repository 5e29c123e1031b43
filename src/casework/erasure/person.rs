//! What a case that is closed says of one person, because two administrators had them erased.
//!
//! Of who has a part in it (requester, departed or new contact): their names and addresses, and all that anybody wrote among staff;
//! the other two stay. Of who is only mentioned: the rows that do. The correspondence stays as long as the law wants commercial letters
//! kept, and then goes with the rest. Open and held cases stay as they are; the database says so, too.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Rows, begin, end, forget_files, is_under_way, list_internal_notes, put_erased};
use crate::{
    case::{
        actor::Actor,
        address::EmailAddress,
        erasure::{Rule, Scope},
    },
    casework::Casework,
    clock::Timestamp,
};

/// Rows of a case by table, and how many of each went.
pub type Erased = BTreeMap<String, u64>;

/// Why what a case says of somebody stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    OpenCase,
    OpenObjection,
    Held,
    /// A letter of it waits to leave, or a message has to be looked at.
    UnderWay,
    /// Commercial letters are kept for some years.
    Duty,
    /// Nothing keeps it.
    Free,
}

/// Of the correspondence; `erasure::CORRESPONDENCE` without the notes, of which some are none.
const LETTERS: [&str; 5] = ["drafts", "emails", "letter_texts", "deliveries", "inbound_emails"];
/// Rows that name their people by address: what is theirs was found.
const WITH_ADDRESS: [&str; 2] = ["address_corrections", "contact_changes"];

impl Casework {
    /// Erases `person` from these cases, of which the rows that they stand in were found: table and key. In the caller's transaction;
    /// cases are locked in the order of their ids.
    pub async fn erase_person(
        &self,
        connection: &mut PgConnection,
        person: &EmailAddress,
        cases: &BTreeMap<Uuid, Vec<(&'static str, String)>>,
        now: Timestamp,
    ) -> anyhow::Result<Erased> {
        let mut erased = Erased::new();
        for (case, found) in cases {
            let Some(mut loaded) = self.load_in(connection, *case, true).await? else { continue };
            let letters_too = match self.standing(connection, *case, now).await? {
                Standing::Free => true,
                Standing::Duty => false,
                Standing::OpenCase | Standing::OpenObjection | Standing::Held | Standing::UnderWay => {
                    continue;
                }
            };
            let plan = Plan::of(connection, *case, person, found, letters_too).await?;
            if plan.is_empty() {
                continue;
            }
            let by = (Rule::Request, Scope::Part);
            begin(connection, &loaded, by, now).await?;
            plan.carry_out(connection, *case, person, &mut erased, now).await?;
            end(connection, &mut loaded, by, (Actor::System, self.via), now).await?;
        }
        Ok(erased)
    }

    /// Why what a case says of somebody would stay.
    pub async fn standing(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        now: Timestamp,
    ) -> anyhow::Result<Standing> {
        let row = sqlx::query!(
            r#"select state, closed_at as "closed_at: Timestamp", is_held(id) as "held!" from cases c where id = $1"#,
            case,
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not look how a case stands")?;
        Ok(match row.closed_at {
            _ if row.state == "contested" => Standing::OpenObjection,
            _ if row.state != "closed" => Standing::OpenCase,
            _ if row.held => Standing::Held,
            _ if is_under_way(connection, case).await? => Standing::UnderWay,
            Some(at) if self.letters_are_kept(connection, case, at, now).await? => Standing::Duty,
            _ => Standing::Free,
        })
    }
}

/// What is to be erased of one case.
struct Plan {
    /// They have a part in it.
    is_party: bool,
    rows: Vec<(&'static str, Option<Vec<String>>)>,
    files: bool,
}

impl Plan {
    async fn of(
        connection: &mut PgConnection,
        case: Uuid,
        person: &EmailAddress,
        found: &[(&'static str, String)],
        letters_too: bool,
    ) -> anyhow::Result<Self> {
        let is_party = is_party(connection, case, person).await?;
        let keys = |table: &str| -> Vec<String> {
            found.iter().filter(|(name, _)| *name == table).map(|(_, key)| key.clone()).collect()
        };
        let mut rows: Vec<(&'static str, Option<Vec<String>>)> = Vec::new();
        let mut notes = keys("case_notes");
        let own = list_internal_notes(connection, case).await?;
        if !letters_too {
            notes.retain(|note| own.contains(note));
        }
        if is_party {
            rows.push(("checks", None));
            // Also of what was said without an address.
            rows.push(("corrections", None));
            rows.push(("case_notes", if letters_too { None } else { Some(own) }));
        } else {
            // `kind` alone is the key of a check within its case.
            let kinds =
                keys("checks").iter().filter_map(|key| key.split(' ').nth(1).map(str::to_owned)).collect();
            rows.push(("checks", Some(kinds)));
            rows.push(("corrections", Some(keys("corrections"))));
            rows.push(("case_notes", Some(notes)));
        }
        rows.extend(WITH_ADDRESS.map(|table| (table, Some(keys(table)))));
        if letters_too {
            rows.extend(LETTERS.map(|table| (table, (!is_party).then(|| keys(table)))));
        }
        rows.retain(|(_, keys)| keys.as_ref().is_none_or(|keys| !keys.is_empty()));
        Ok(Self { is_party, rows, files: is_party })
    }

    fn is_empty(&self) -> bool {
        !self.is_party && self.rows.is_empty()
    }

    async fn carry_out(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        person: &EmailAddress,
        erased: &mut Erased,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let mut note = |table: &str, count: u64| {
            let sum = erased.entry(table.to_owned()).or_default();
            *sum = sum.saturating_add(count);
        };
        for (table, keys) in &self.rows {
            let rows = Rows { table, keys: keys.as_deref() };
            note(table, put_erased(connection, case, &[rows]).await?);
        }
        if self.is_party {
            note("escalations", put_erased_in_form(connection, case, person).await?);
        }
        if self.files {
            forget_files(connection, case, now).await?;
        }
        Ok(())
    }
}

async fn is_party(connection: &mut PgConnection, case: Uuid, person: &EmailAddress) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from escalations where case_id = $1
             and $2 in (fold_mailbox(requester_email), fold_mailbox(departed_email), fold_mailbox(successor_email))) as "is_party!""#,
        case,
        person.mailbox(),
    )
    .fetch_one(connection)
    .await
    .context("could not ask who has a part in a case")
}

/// Of the form, what is theirs and what was told in free words.
async fn put_erased_in_form(
    connection: &mut PgConnection,
    case: Uuid,
    person: &EmailAddress,
) -> anyhow::Result<u64> {
    let changed = sqlx::query!(
        "with gone as (select case_id, fold_mailbox(requester_email) = $2 as requester, fold_mailbox(departed_email) = $2 as departed,
                 coalesce(fold_mailbox(successor_email) = $2, false) as successor
             from escalations where case_id = $1)
         update escalations e set explanation = case when e.explanation is not null then '—' end,
             requester_name = case when g.requester then '—' else e.requester_name end,
             requester_email = case when g.requester then 'erased@erased.invalid' else e.requester_email end,
             requester_phone = case when g.requester then null else e.requester_phone end,
             requester_position = case when g.requester then null else e.requester_position end,
             departed_name = case when g.departed then '—' else e.departed_name end,
             departed_email = case when g.departed then 'erased@erased.invalid' else e.departed_email end,
             departed_on = case when g.departed then null else e.departed_on end,
             successor_name = case when g.successor then '—' else e.successor_name end,
             successor_email = case when g.successor then 'erased@erased.invalid' else e.successor_email end
         from gone g where g.case_id = e.case_id",
        case,
        person.mailbox(),
    )
    .execute(connection)
    .await
    .context("could not erase somebody from a form")?;
    Ok(changed.rows_affected())
}

impl Casework {
    /// Whether the law wants the letters of a case kept that was closed then, as the worker reads `retention.letter_years`.
    async fn letters_are_kept(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        closed_at: Timestamp,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        let before = self.erased_before(Rule::Correspondence, now)?;
        if closed_at >= before {
            return Ok(true);
        }
        sqlx::query_scalar!(
            r#"select exists (select from emails where correlation_id = $1 and created_at >= $2)
                 or exists (select from inbound_emails where correlation_id = $1 and received_at >= $2) as "kept!""#,
            case,
            before as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not ask how old the letters of a case are")
    }
}

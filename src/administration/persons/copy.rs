//! The copy that somebody gets (articles 15 and 20): as a page to read in German or English, and as JSON for programs.
//!
//! Of an open case it leaves out what others wrote about it and how it stands: whoever would have another's role could ask for a copy to
//! learn that somebody objected, and get ahead of it (article 15 (4); the pages of a case keep it from them, too). That it may be left out is said
//! wherever a case is open, whether or not there was anything.
//!
//! One for each row that they stand in, with everybody else left out ([`super::masks`]). Where only a name was found it says how often
//! and where, and shows nothing: others are called alike.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    columns::TABLES,
    find::{self, Everything, Found},
    masks::Masks,
    person::Person,
};
use crate::{
    administration::trail::{Change, Doer, append},
    app::App,
    clock::Timestamp,
    lang::{Arguments, Language},
    view::write_instant,
};

/// What a program reads; its names are a promise.
#[derive(Debug, Serialize)]
pub struct Copy {
    pub format: &'static str,
    pub address: String,
    pub spellings: Vec<String>,
    pub names: Vec<String>,
    pub made_at: Timestamp,
    /// By table, and there by row.
    pub data: BTreeMap<&'static str, Vec<Map<String, Value>>>,
    /// Where more was found than a copy holds.
    pub cut: Vec<&'static str>,
    /// A case is open: what others wrote about it and how it stands are left out.
    pub has_open_case: bool,
    /// In how many other rows of which table their name stands.
    pub named: BTreeMap<&'static str, usize>,
}

/// `desk/administration/person_copy.html`
#[derive(Debug, Serialize)]
struct CopyView {
    address: String,
    spellings: Vec<String>,
    made_at: Timestamp,
    sections: Vec<Section>,
    named: Vec<(String, usize)>,
    is_cut: bool,
    has_open_case: bool,
}

#[derive(Debug, Serialize)]
struct Section {
    title: String,
    rows: Vec<Vec<(String, String)>>,
}

/// What others write of an open case.
const TOLD_LATER: [&str; 9] = [
    "emails",
    "case_notes",
    "checks",
    "corrections",
    "drafts",
    "evidence_files",
    "inbound_emails",
    "contact_changes",
    "webhook_deliveries",
];
/// Of an open case itself.
const SAID_AT_ONCE: [&str; 4] = ["id", "number", "opened_at", "confirmed_at"];

fn is_told_later(found: &Found, person: &Person, own_letters: &BTreeSet<&str>) -> bool {
    match found.table.name {
        // They hang on an e-mail, which went to them or did not.
        "letter_texts" | "deliveries" => {
            let letter = found.row.get("email_id").and_then(Value::as_str);
            !letter.is_some_and(|letter| own_letters.contains(letter))
        }
        table => TOLD_LATER.contains(&table) && !find::is_about(found, person),
    }
}

async fn list_open(connection: &mut PgConnection, all: &Everything) -> anyhow::Result<BTreeSet<Uuid>> {
    let cases: Vec<Uuid> = all.rows.iter().filter_map(|found| found.case).collect();
    let open = sqlx::query_scalar!("select id from cases where id = any($1) and state <> 'closed'", &cases)
        .fetch_all(connection)
        .await
        .context("could not ask which cases are open")?;
    Ok(open.into_iter().collect())
}

impl Copy {
    /// What was found, without the others.
    pub async fn of(
        connection: &mut PgConnection,
        person: &Person,
        all: &Everything,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let (names, _) = find::others(connection, all).await?;
        let masks = Masks::new(person, all, &names);
        let mut data: BTreeMap<&'static str, Vec<Map<String, Value>>> = BTreeMap::new();
        let open = list_open(connection, all).await?;
        let letters =
            all.certain().filter(|found| found.table.name == "emails" && find::is_about(found, person));
        let own_letters: BTreeSet<&str> = letters.map(|found| found.key.as_str()).collect();
        for found in all.certain() {
            let is_open = found.case.is_some_and(|case| open.contains(&case));
            if is_open && is_told_later(found, person, &own_letters) {
                continue;
            }
            let mut row = masks.row(found);
            if is_open {
                row.retain(|name, _| found.table.name != "cases" || SAID_AT_ONCE.contains(&name.as_str()));
            }
            data.entry(found.table.name).or_default().push(row);
        }
        let mut named: BTreeMap<&'static str, usize> = BTreeMap::new();
        for Found { table, .. } in all.by_name() {
            let count = named.entry(table.name).or_default();
            *count = count.saturating_add(1);
        }
        Ok(Self {
            format: "handover-person-1",
            address: person.address.to_string(),
            spellings: all.spellings.iter().cloned().collect(),
            names: all.names.iter().cloned().collect(),
            made_at: now,
            data,
            cut: all.cut.iter().copied().collect(),
            has_open_case: !open.is_empty(),
            named,
        })
    }

    pub fn rows(&self) -> usize {
        self.data.values().map(Vec::len).sum()
    }

    pub fn json(&self) -> anyhow::Result<Vec<u8>> {
        serde_json::to_vec_pretty(self).context("could not write the copy")
    }

    /// A page that needs nothing beside it.
    pub fn html(&self, app: &App, language: Language) -> anyhow::Result<String> {
        let title = |table: &str| language.text(&format!("person-table-{table}"));
        let sections = TABLES.iter().filter_map(|table| {
            let rows = self.data.get(table.name)?;
            let rows = rows.iter().map(|row| lines(row, app, language)).collect();
            Some(Section { title: title(table.name), rows })
        });
        let view = CopyView {
            address: self.address.clone(),
            spellings: self.spellings.clone(),
            made_at: self.made_at,
            sections: sections.collect(),
            named: self.named.iter().map(|(table, count)| (title(table), *count)).collect(),
            is_cut: !self.cut.is_empty(),
            has_open_case: self.has_open_case,
        };
        app.views.render("desk/administration/person_copy.html", language, &view)
    }
}

/// What of a row means something to whom it is about; ids are in the JSON.
fn lines(row: &Map<String, Value>, app: &App, language: Language) -> Vec<(String, String)> {
    let label = |name: &str| language.find_text(&format!("person-column-{name}"), &Arguments::new());
    let known = row.iter().filter_map(|(name, value)| Some((label(name)?, value)));
    known.map(|(label, value)| (label, written(value, app, language))).collect()
}

fn written(value: &Value, app: &App, language: Language) -> String {
    match value {
        Value::Bool(yes) => language.text(if *yes { "person-yes" } else { "person-no" }),
        Value::String(text) => match text.parse::<jiff::Timestamp>() {
            Ok(at) => write_instant(at.into(), &app.zone, language),
            Err(_) => text.clone(),
        },
        Value::Array(list) => {
            list.iter().map(|one| written(one, app, language)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// Finds, copies, and says in the trail that it was done: how many rows, not whose.
pub async fn export(app: &App, doer: Doer, person: &Person) -> anyhow::Result<Copy> {
    let now = app.clock.now();
    let copy = {
        let mut reading = begin(app).await?;
        let all = find::find(&mut reading, person).await?;
        Copy::of(&mut reading, person, &all, now).await?
    };
    let rows = u64::try_from(copy.rows()).unwrap_or(u64::MAX);
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    let change = Change::PersonExported { export: Uuid::now_v7(), rows };
    append(&mut transaction, doer, &change, now).await?;
    transaction.commit().await.context("could not commit that a copy was made")?;
    Ok(copy)
}

/// All of one moment. Whole tables are read: that may take longer than a page of the desk may.
pub async fn begin(app: &App) -> anyhow::Result<sqlx::Transaction<'static, sqlx::Postgres>> {
    const BEGIN: &str =
        "begin isolation level repeatable read read only; set local statement_timeout = '60s'";
    app.pool.begin_with(BEGIN).await.context("could not begin to read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::administration::persons::columns::Held;

    #[test]
    fn whatever_a_copy_holds_of_somebody_has_a_name() {
        for language in Language::ALL {
            for table in TABLES {
                let key = format!("person-table-{}", table.name);
                assert!(language.find_text(&key, &Arguments::new()).is_some(), "{key}");
                for (column, held) in table.columns {
                    let shown =
                        matches!(held, Held::Address | Held::Words | Held::Json | Held::Bytes | Held::Own);
                    let key = format!("person-column-{column}");
                    assert!(!shown || language.find_text(&key, &Arguments::new()).is_some(), "{key}");
                }
            }
        }
    }
}

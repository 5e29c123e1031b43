//! One right on one table, and which of them the list means.

use std::{collections::BTreeSet, fmt};

use super::list::{Columns, TABLES};

/// What compares the schema's version before anything is done.
const MIGRATIONS: &str = "_sqlx_migrations";

/// As PostgreSQL calls it, on a relation or on one of its columns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Right {
    pub relation: String,
    pub verb: String,
    pub column: Option<String>,
}

impl Right {
    fn new(relation: &str, verb: &str, column: Option<&str>) -> Self {
        Self { relation: relation.to_owned(), verb: verb.to_owned(), column: column.map(str::to_owned) }
    }

    /// The same on all columns.
    pub(super) fn on_all_columns(&self) -> Self {
        Self { column: None, ..self.clone() }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = self.verb.to_lowercase();
        match &self.column {
            Some(column) => write!(f, "{verb} {}.{column}", self.relation),
            None => write!(f, "{verb} {}", self.relation),
        }
    }
}

/// A table, view or sequence that is there.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub name: String,
    /// A view, which is read.
    pub is_view: bool,
}

/// What the services are to have on it. Nothing on what no line of the list names.
pub(super) fn wanted(relation: &Relation) -> BTreeSet<Right> {
    let name = relation.name.as_str();
    let right = |verb, column| Right::new(name, verb, column);
    let line = TABLES.iter().find(|(table, _)| *table == name).map(|(_, writes)| writes);
    let Some(writes) = line else {
        let is_read = relation.is_view || name == MIGRATIONS;
        return is_read.then(|| right("SELECT", None)).into_iter().collect();
    };
    let mut rights = BTreeSet::from([right("SELECT", None)]);
    rights.extend(writes.inserts.then(|| right("INSERT", None)));
    rights.extend(writes.deletes.then(|| right("DELETE", None)));
    match writes.updates {
        Columns::None => {}
        Columns::All => drop(rights.insert(right("UPDATE", None))),
        Columns::Named(columns) => {
            rights.extend(columns.iter().map(|column| right("UPDATE", Some(column))));
        }
    }
    rights
}

/// As one line for people: `select, insert, update (voided_at)`.
pub(super) fn describe(rights: &BTreeSet<Right>) -> String {
    let mut words: Vec<String> = Vec::new();
    for verb in ["SELECT", "INSERT", "UPDATE", "DELETE"] {
        let of_verb = rights.iter().filter(|right| right.verb == verb);
        let columns: Vec<&str> = of_verb.clone().filter_map(|right| right.column.as_deref()).collect();
        if !columns.is_empty() {
            words.push(format!("{} ({})", verb.to_lowercase(), columns.join(", ")));
        } else if of_verb.count() > 0 {
            words.push(verb.to_lowercase());
        }
    }
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, is_view: bool) -> String {
        describe(&wanted(&Relation { name: name.to_owned(), is_view }))
    }

    #[test]
    fn the_list_is_what_is_wanted_and_a_stranger_gets_nothing() {
        assert_eq!(said("case_events", false), "select, insert");
        assert_eq!(said("case_waits", false), "select, insert, update (due_at, until)");
        assert_eq!(said("contacts", false), "select, insert, update, delete");
        assert_eq!(said("latest_contact_changes", true), "select");
        assert_eq!(said("_sqlx_migrations", false), "select");
        assert_eq!(said("somebody_elses", false), "nothing");
    }

    #[test]
    fn every_table_has_one_line() {
        let names: BTreeSet<&str> = TABLES.iter().map(|(table, _)| *table).collect();
        assert_eq!(names.len(), TABLES.len());
    }
}

//! What a migration may do while programs of the release before still run: add. What it takes away, no program that may still run can
//! use any more, and it says since when (docs/OPERATIONS.md, Upgrade).

use super::*;

/// Statements that an older program can't live with, by their words.
const CONTRACTS: [(&str, &[&str]); 12] = [
    ("drops a table", &["drop", "table"]),
    ("drops a view", &["drop", "view"]),
    ("drops a column", &["drop", "column"]),
    ("renames", &["rename", "to"]),
    ("renames a column", &["rename", "column"]),
    ("changes a type", &["type", "using"]),
    ("changes a type", &["alter", "column", "type"]),
    ("wants a value", &["set", "not", "null"]),
    ("lets a value be missing that is read", &["drop", "not", "null"]),
    ("takes a default away", &["drop", "default"]),
    ("drops what is called", &["drop", "function"]),
    ("narrows what is there", &["add", "constraint", "check"]),
];

/// Whether the words stand there in this order, next to each other or with one name between.
fn has(words: &[&str], wanted: &[&str]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    (0..words.len()).filter(|at| words[*at] == *first).any(|at| {
        let mut at = at;
        rest.iter().all(|word| {
            let near = [at + 1, at + 2];
            let found = near.into_iter().find(|next| words.get(*next) == Some(word));
            at = found.unwrap_or(at);
            found.is_some()
        })
    })
}

/// What is wrong about a migration, a sentence each. A statement may contract what no program of a schema from `oldest` on uses.
fn complaints(sql: &str, released: &[i64], oldest: i64) -> Vec<String> {
    // What stands in a function happens later.
    let outside: String = sql.split("$$").step_by(2).collect::<Vec<_>>().join(" ");
    let mut complaints = Vec::new();
    for statement in outside.split(';') {
        let mark = statement.lines().find_map(|line| line.trim().strip_prefix("-- contract: unused since "));
        let bare: Vec<&str> = statement.lines().map(|line| line.split("--").next().unwrap()).collect();
        let text = bare.join(" ").to_lowercase().replace(['(', ')', ','], " , ");
        let words: Vec<&str> = text.split_whitespace().collect();
        let makes_a_table = words.starts_with(&["create", "table"]);
        let mut found: Vec<&str> = Vec::new();
        if !makes_a_table {
            found.extend(CONTRACTS.iter().filter(|(_, wanted)| has(&words, wanted)).map(|(what, _)| *what));
            // A row of an older program comes without it.
            for column in text.split("add column").skip(1) {
                let definition = column.split(" , ").next().unwrap();
                if definition.contains("not null")
                    && !definition.contains("default")
                    && !definition.contains("generated")
                {
                    found.push("adds a column that older programs do not fill");
                }
            }
        }
        let Some(what) = found.first() else { continue };
        let unused = mark.map(|since| since.trim().parse::<i64>());
        match unused {
            Some(Ok(since)) if released.contains(&since) && since <= oldest => {}
            Some(_) => complaints.push(format!(
                "{what}, and says a schema that is not released, or that programs from before may still run (migrations::OLDEST_WORKING)"
            )),
            None => complaints.push(format!("{what}, and does not say since which released schema no program uses it")),
        }
    }
    complaints
}

#[test]
fn a_migration_takes_nothing_away_that_a_running_program_uses() {
    let released: Vec<i64> = kept(".dump").into_keys().collect();
    let newest = *released.last().unwrap();
    assert!(
        released.contains(&migrations::OLDEST_WORKING) || migrations::OLDEST_WORKING == migrations::latest(),
        "OLDEST_WORKING is no released schema"
    );
    for migration in migrations::MIGRATIONS.iter().filter(|migration| migration.version > newest) {
        let complaints = complaints(migration.sql.as_str(), &released, migrations::OLDEST_WORKING);
        assert_eq!(complaints, [""; 0], "{} {}", migration.version, migration.description);
    }
}

#[test]
fn the_rule_finds_what_it_is_about() {
    let judged = |sql: &str| complaints(sql, &[10, 20], 20).len();
    for contracts in [
        "alter table cases drop column due_at",
        "alter table cases\n    drop column due_at;",
        "drop table probes",
        "alter table cases rename column due_at to due",
        "alter table cases rename to matters",
        "alter table cases alter column version type bigint",
        "alter table cases alter column due_at set not null",
        "alter table cases alter column due_at drop not null",
        "alter table cases alter column due_at drop default",
        "alter table cases add column a text not null",
        "alter table cases add column a text, add column b text not null",
        "alter table cases add constraint cases_a check (a > 0)",
        "drop function fold_mailbox(text)",
        "-- contract: unused since 15\ndrop table probes",
        "-- contract: unused since 30\ndrop table probes",
        "-- contract: unused since then\ndrop table probes",
    ] {
        assert_eq!(judged(contracts), 1, "{contracts}");
    }
    for expands in [
        "create table a (b text not null constraint a_b check (b <> ''))",
        "alter table cases add column a text",
        "alter table cases add column a text not null default ''",
        "alter table cases add column a int, add column b int not null default 0",
        "create index a on cases (due_at)",
        "-- drop table probes\ncreate index a on cases (due_at)",
        "create function f() returns trigger language plpgsql as $$ begin drop table x; end $$;",
        "insert into a values ('drop', 'table')",
        "-- contract: unused since 20\ndrop table probes",
        "create index a on b (c); -- contract: unused since 10\nalter table cases drop column due_at",
    ] {
        assert_eq!(judged(expands), 0, "{expands}");
    }
}

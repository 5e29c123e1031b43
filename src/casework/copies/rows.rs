//! The rows of a case, table by table, as COPY writes and reads them. Knows which tables hold a case, not what they say.

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// The tables that are copied as they are, each after those that its rows refer to, and how a row says whose it is. Lines and digests are
/// made anew; what else can belong to a case (messages that came in, forms that staff prepared, exports) no story of the demo has.
pub(super) const TABLES: [(&str, &str); 18] = [
    ("cases", "id = $"),
    ("confirmations", "case_id = $"),
    ("escalations", "case_id = $"),
    ("case_entitlements", "case_id = $"),
    ("case_notes", "case_id = $"),
    ("checks", "case_id = $"),
    ("corrections", "case_id = $"),
    ("address_corrections", "case_id = $"),
    ("evidence_files", "case_id = $"),
    ("links", "case_id = $"),
    ("drafts", "case_id = $"),
    ("approvals", "case_id = $"),
    ("emails", "correlation_id = $"),
    ("letter_texts", "email_id in (select id from emails where correlation_id = $)"),
    ("deliveries", "email_id in (select id from emails where correlation_id = $)"),
    ("contact_changes", "case_id = $"),
    ("case_waits", "case_id = $"),
    ("case_search", "case_id = $"),
];

/// Those whose rows are numbered by the database.
pub(super) const NUMBERED: [&str; 2] = ["deliveries", "contact_changes"];

/// The rows of one table as they stand there.
pub(super) struct Rows {
    pub table: &'static str,
    pub columns: Vec<String>,
    /// In the text form of COPY, `None` for null.
    pub rows: Vec<Vec<Option<String>>>,
}

impl Rows {
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// One column of all rows, where it is not null.
    pub fn list<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let place = self.column(name);
        self.rows.iter().filter_map(move |row| row.get(place?)?.as_deref())
    }
}

pub(super) async fn read(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Rows>> {
    let mut all = Vec::new();
    for (table, whose) in TABLES {
        let columns = list_columns(connection, table).await?;
        // Names from the catalog, and an id.
        let whose = whose.replace('$', &format!("'{case}'"));
        let sql = format!("copy (select {} from {table} where {whose}) to stdout", columns.join(", "));
        let bytes = connection
            .copy_out_raw(&sql)
            .await
            .with_context(|| format!("could not read {table}"))?
            .try_fold(Vec::new(), |mut all, chunk| async move {
                all.extend_from_slice(&chunk);
                Ok(all)
            })
            .await
            .with_context(|| format!("could not read {table}"))?;
        let text = String::from_utf8(bytes).context("the database writes something else than UTF-8")?;
        let cell = |cell: &str| (cell != "\\N").then(|| cell.to_owned());
        let rows = text.lines().map(|line| line.split('\t').map(cell).collect()).collect();
        all.push(Rows { table, columns, rows });
    }
    Ok(all)
}

/// Those that can be written.
async fn list_columns(connection: &mut PgConnection, table: &str) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select column_name::text as "name!" from information_schema.columns
         where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER' order by ordinal_position"#,
        table,
    )
    .fetch_all(connection)
    .await
    .context("could not list the columns of a table")
}

/// What a cell says.
pub(super) fn unescape(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut signs = cell.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            text.push(sign);
            continue;
        }
        match signs.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('v') => text.push('\u{b}'),
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}

/// A text as a cell.
pub(super) fn escape_into(text: &str, to: &mut String) {
    for sign in text.chars() {
        match sign {
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            other => to.push(other),
        }
    }
}

/// The hexadecimal digits of a cell of bytes.
pub(super) fn hex(cell: &str) -> &str {
    cell.strip_prefix("\\\\x").unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_after_a_cell() {
        for text in ["", "a\tb\\c\r\nd", "\\N", "{\"a\": \"\\n\"}"] {
            let mut cell = String::new();
            escape_into(text, &mut cell);
            assert!(!cell.contains(['\n', '\t']), "{cell}");
            assert_eq!(unescape(&cell), text);
        }
        assert_eq!(unescape("a\\vb\\fc\\bd"), "a\u{b}b\u{c}c\u{8}d");
    }
}

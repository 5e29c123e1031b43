//! Indented blocks of HTML (`<blockquote>` without a word of what it is): a quotation only below a line that introduces one.
//!
//! Leaves nothing out; what becomes of quotations is for `visible`.

use super::{
    marks::{INDENT_MARK, is_mark},
    quote::{self, Heading},
};

/// Makes quotations of the indented lines that stand below a line which introduces one; the others lose their mark.
pub(super) fn settle(text: &str) -> String {
    if !text.contains(INDENT_MARK) {
        return text.to_owned();
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut settled = String::with_capacity(text.len());
    let mut quoting: Option<bool> = None;
    for (at, line) in lines.iter().enumerate() {
        match line.strip_prefix(INDENT_MARK) {
            Some(line) => {
                if *quoting.get_or_insert_with(|| is_introduced(lines.get(..at).unwrap_or_default())) {
                    settled.push_str("> ");
                }
                settled.push_str(line);
            }
            None => {
                if !line.trim().is_empty() {
                    quoting = None;
                }
                settled.push_str(line);
            }
        }
        settled.push('\n');
    }
    settled
}

/// Whether the last of the lines are such that what follows is quoted.
fn is_introduced(above: &[&str]) -> bool {
    let mut last: Vec<&str> = above
        .iter()
        .rev()
        .filter(|line| !line.trim().is_empty() && !line.starts_with(is_mark))
        .take(3)
        .copied()
        .collect();
    last.reverse();
    (0..last.len()).any(|from| {
        let mut lines = last.get(from..).unwrap_or_default().to_vec();
        let length = lines.len();
        lines.push("> x");
        matches!(quote::heading(&lines), Some(Heading::Attribution { lines, .. } | Heading::Message(lines)) if lines == length)
    })
}

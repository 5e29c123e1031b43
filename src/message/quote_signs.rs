//! Signs of a quotation that one line, or the lines beside it, show without an introduction. Leaves nothing out.

use super::quote;

/// An empty line or one drawn with dashes.
pub(super) fn is_drawn(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '—' | '–' | '_' | '=' | '#'))
}

/// GroupWise heads a quote with `>>> Eva Sample <eva@customer.example> 05/03/26 10:12 >>>`.
pub(super) fn is_groupwise(line: &str) -> bool {
    line.starts_with(">>> ")
        && line.contains(|c: char| c.is_ascii_digit())
        && (line.contains('@') || line.ends_with(">>>"))
        && !line.contains("<<<")
}

/// The rest of a quoted line that a mail program broke without repeating the `>`.
pub(super) fn is_torn_quote(lines: &[&str], at: usize) -> bool {
    let quoted =
        |at: Option<usize>| at.and_then(|at| lines.get(at)).copied().filter(|line| quote::is_quoted(line));
    let (Some(above), Some(_)) = (quoted(at.checked_sub(1)), quoted(at.checked_add(1))) else { return false };
    let full = above.chars().count() >= 60 && !above.ends_with(['.', '?', '!', ':']);
    full && lines.get(at).is_some_and(|line| line.starts_with(char::is_lowercase))
}

/// What somebody marks quoted lines with instead of `>`: signs that the next lines with content all start with.
pub(super) fn own_mark<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let mut below = lines.iter().map(|line| line.trim_start()).skip_while(|line| line.is_empty());
    let (first, second) = (below.next()?, below.next()?);
    let length: usize =
        first.chars().take_while(|c| MARK_SIGNS.contains(*c)).take(4).map(char::len_utf8).sum();
    let mark = first.get(..length).filter(|mark| !mark.trim_matches(['-', '=']).is_empty())?;
    (second.starts_with(mark) && !first.ends_with('|')).then_some(mark)
}

/// Signs of such marks; not those of lists, headings in rules and citations.
const MARK_SIGNS: &str = "#|})]:%»›│¦-=";

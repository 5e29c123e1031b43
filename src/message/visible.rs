//! What the person wrote: the text of a message without quoted messages and signatures.
//!
//! What may be the message is never dropped: forwarded messages stay, and so does a text that is all quote.

use super::{
    html::{QUOTE_MARK, SIGNATURE_END, SIGNATURE_MARK},
    quote::{self, Heading},
    signature::{self, Extent},
};

/// The visible text and whether something quoted was found.
pub(super) struct Visible {
    pub text: String,
    pub has_quote: bool,
}

/// Why a text has nothing of its own in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Nothing,
    Signature,
    Quoted,
    Attribution,
    Message,
}

/// Takes quotes and signatures out of a text.
pub(super) fn of(text: &str) -> Visible {
    let clean = tidy(text);
    let lines: Vec<&str> = clean.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut cut = Cut::Nothing;
    let mut at = 0;
    let mut mark: Option<&str> = None;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let quoted = mark.is_some_and(|mark| line.trim_start().starts_with(mark));
        match if quoted { Step::Quoted(1, Cut::Quoted) } else { step(line, rest) } {
            Step::Keep if is_torn_quote(&lines, at) => {}
            Step::Keep => kept.push(line),
            Step::Skip(count) => at += count - 1,
            Step::Attribution { lines, own, marked } => {
                kept.extend(line.get(..own).filter(|own| !own.is_empty()));
                cut = Cut::Attribution;
                if !marked {
                    mark = own_mark(rest.get(lines..).unwrap_or_default());
                }
                if !marked && mark.is_none() {
                    break;
                }
                at += lines - 1;
            }
            Step::Quoted(count, reason) => {
                cut = if cut == Cut::Attribution { cut } else { reason };
                at += count - 1;
            }
            Step::Stop(reason) => {
                cut = reason;
                break;
            }
            // At the top it is the ticket system's own mail; further down it is what was answered.
            Step::ReplyAbove if kept.iter().all(|line| is_drawn(line)) => kept.clear(),
            Step::ReplyAbove => {
                cut = Cut::Attribution;
                break;
            }
            Step::KeepLines(count) => {
                kept.extend(rest.iter().take(count));
                at += count - 1;
            }
            Step::KeepRest => {
                kept.extend(rest);
                break;
            }
        }
        at += 1;
    }
    let text = join(&kept);
    let has_quote = !matches!(cut, Cut::Nothing | Cut::Signature);
    let below = || has_content(lines.get(at..).unwrap_or_default());
    let all = matches!(cut, Cut::Quoted | Cut::Signature) || (cut == Cut::Message && below());
    if text.is_empty() && all {
        return Visible { text: join(&lines), has_quote };
    }
    Visible { text, has_quote }
}

enum Step {
    Keep,
    /// Drop this many lines.
    Skip(usize),
    /// Drop this many lines but for the first bytes; go on if the quote below is marked.
    Attribution {
        lines: usize,
        own: usize,
        marked: bool,
    },
    /// Drop this many lines of an earlier message.
    Quoted(usize, Cut),
    Stop(Cut),
    ReplyAbove,
    KeepRest,
    /// These lines as they are.
    KeepLines(usize),
}

fn step(line: &str, rest: &[&str]) -> Step {
    if line == QUOTE_MARK {
        return Step::Stop(Cut::Message);
    }
    if let Some(length) = fence(rest) {
        return Step::KeepLines(length);
    }
    if line == SIGNATURE_MARK {
        let end = rest.iter().position(|line| *line == SIGNATURE_END).unwrap_or(rest.len() - 1);
        return Step::Skip(end + 1);
    }
    if is_groupwise(line) {
        return Step::Stop(Cut::Attribution);
    }
    if quote::is_quoted(line) {
        return Step::Quoted(1, Cut::Quoted);
    }
    match quote::heading(rest) {
        Some(Heading::Forward) => return Step::KeepRest,
        Some(Heading::ReplyAbove) => return Step::ReplyAbove,
        Some(Heading::Message(_)) => return Step::Stop(Cut::Message),
        Some(Heading::Attribution { lines, own }) => {
            // Where the lines below are marked as quoted, an answer may follow between or below them.
            let marked = rest.get(lines..).is_some_and(quoted_follows);
            return Step::Attribution { lines, own, marked };
        }
        None => {}
    }
    match signature::begins(rest) {
        Some(Extent::Lines(lines)) => return Step::Skip(lines),
        // Below a signature that stands above its quote there may be an answer between the lines.
        Some(Extent::Rest) => return next_quote(rest).map_or(Step::Stop(Cut::Signature), Step::Skip),
        None => {}
    }
    if line == SIGNATURE_END || signature::is_program_line(line) {
        return Step::Skip(1);
    }
    Step::Keep
}

/// The lines of a block of code between two lines of three backticks: nothing in it is a quote.
fn fence(lines: &[&str]) -> Option<usize> {
    lines.first().filter(|line| line.trim_start().starts_with("```"))?;
    let close = lines.iter().skip(1).take(MAX_FENCE).position(|line| line.trim() == "```")?;
    Some(close + 2)
}

/// Lines a block of code may have.
const MAX_FENCE: usize = 60;

/// Whether there is more than the heading of a message: without it, there is nothing to lose.
fn has_content(lines: &[&str]) -> bool {
    let mut rest = lines;
    for _ in 0..3 {
        let length = match (rest.first(), quote::heading(rest)) {
            (Some(&QUOTE_MARK), _) => 1,
            (_, Some(Heading::Message(length))) => length,
            _ => break,
        };
        rest = rest.get(length..).unwrap_or_default();
        let blank = rest.iter().take_while(|line| line.trim().is_empty()).count();
        rest = rest.get(blank..).unwrap_or_default();
    }
    rest.iter().any(|line| !line.trim().is_empty() && !line.starts_with(MARKS))
}

/// An empty line or one drawn with dashes.
fn is_drawn(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '—' | '–' | '_' | '=' | '#'))
}

/// GroupWise heads a quote with `>>> Eva Sample <eva@customer.example> 05/03/26 10:12 >>>`.
fn is_groupwise(line: &str) -> bool {
    line.starts_with(">>> ")
        && line.contains(|c: char| c.is_ascii_digit())
        && (line.contains('@') || line.ends_with(">>>"))
        && !line.contains("<<<")
}

/// The rest of a quoted line that a mail program broke without repeating the `>`.
fn is_torn_quote(lines: &[&str], at: usize) -> bool {
    let quoted =
        |at: Option<usize>| at.and_then(|at| lines.get(at)).copied().filter(|line| quote::is_quoted(line));
    let (Some(above), Some(_)) = (quoted(at.checked_sub(1)), quoted(at.checked_add(1))) else { return false };
    let full = above.chars().count() >= 60 && !above.ends_with(['.', '?', '!', ':']);
    full && lines.get(at).is_some_and(|line| line.starts_with(char::is_lowercase))
}

/// What somebody marks quoted lines with instead of `>`: signs that the next lines with content all start with.
fn own_mark<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let mut below = lines.iter().map(|line| line.trim_start()).skip_while(|line| line.is_empty());
    let (first, second) = (below.next()?, below.next()?);
    let length: usize =
        first.chars().take_while(|c| MARK_SIGNS.contains(*c)).take(4).map(char::len_utf8).sum();
    let mark = first.get(..length).filter(|mark| !mark.trim_matches(['-', '=']).is_empty())?;
    (second.starts_with(mark) && !first.ends_with('|')).then_some(mark)
}

/// Signs of such marks; not those of lists, headings in rules and citations.
const MARK_SIGNS: &str = "#|})]:%»›│¦-=";

/// Whether the next line with content is quoted with `>`.
fn quoted_follows(lines: &[&str]) -> bool {
    lines.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| quote::is_quoted(line))
}

/// The distance to the next quote below a signature.
fn next_quote(lines: &[&str]) -> Option<usize> {
    (1..lines.len().min(MAX_SIGNATURE)).find(|at| {
        let rest = lines.get(*at..).unwrap_or_default();
        rest.first().is_some_and(|line| quote::is_quoted(line) || *line == QUOTE_MARK)
            || quote::heading(rest).is_some()
    })
}

/// First characters of the lines that the HTML reader adds.
const MARKS: [char; 3] = ['\u{E000}', '\u{E001}', '\u{E002}'];
/// Lines below a signature delimiter in which a quote is looked for.
const MAX_SIGNATURE: usize = 60;

/// One kind of line end and of space; invisible characters dropped.
fn tidy(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !matches!(
                c,
                '\r' | '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\0'
            )
        })
        .map(|c| if matches!(c, '\u{a0}' | '\u{202f}') { ' ' } else { c })
        .collect()
}

/// Lines joined, at most one blank line in a row, none at the ends, no marks.
fn join(lines: &[&str]) -> String {
    let mut joined = String::new();
    let mut blank = false;
    for line in lines.iter().map(|line| line.trim_end()) {
        if line.starts_with(MARKS) {
            continue;
        }
        if line.is_empty() {
            blank = !joined.is_empty();
            continue;
        }
        if blank {
            joined.push('\n');
        }
        blank = false;
        joined.push_str(line);
        joined.push('\n');
    }
    joined.truncate(joined.trim_end().len());
    joined
}

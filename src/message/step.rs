//! What a line of a text, and those below it, are taken for: the author's, quoted, a signature, the end.

use super::{
    marks::{QUOTE_MARK, RULE_MARK, SIGNATURE_END, SIGNATURE_MARK, WRAP_END, WRAP_MARK, is_mark},
    quote::{self, Heading},
    quote_signs::is_groupwise,
    signature::{self, Extent},
};

/// Why a text has nothing of its own in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Nothing,
    Signature,
    Quoted,
    Attribution,
    Message,
}

/// What is to be done with a line and those below it.
pub(super) enum Step {
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

/// Reads `line`, the first of `rest`.
pub(super) fn step(line: &str, rest: &[&str]) -> Step {
    if line == QUOTE_MARK {
        return Step::Stop(Cut::Message);
    }
    if line == WRAP_MARK {
        return wrapped(rest);
    }
    if line == RULE_MARK {
        let below = rest
            .iter()
            .take(MAX_MARKS)
            .skip(1)
            .position(|line| !line.trim().is_empty() && !line.starts_with(is_mark));
        let headed =
            below.and_then(|at| rest.get(at + 1..)).is_some_and(|rest| quote::heading(rest).is_some());
        return if headed { Step::Quoted(1, Cut::Message) } else { Step::Skip(1) };
    }
    if line == WRAP_END {
        return Step::Skip(1);
    }
    if let Some(length) = fence(rest) {
        return Step::KeepLines(length);
    }
    if line == SIGNATURE_MARK {
        // One without an end is none.
        return Step::Skip(rest.iter().position(|line| *line == SIGNATURE_END).map_or(1, |end| end + 1));
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
        // Where the lines below are marked, an answer may stand between them.
        Some(Heading::Message(lines)) if rest.get(lines..).is_some_and(quoted_follows) => {
            return Step::Quoted(lines, Cut::Message);
        }
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

/// What a mail program wrapped up as an earlier message. Where its lines are marked, too, an answer may stand between them;
/// a forwarded message stays.
fn wrapped(lines: &[&str]) -> Step {
    let content = |line: &&str| !line.trim().is_empty() && !line.starts_with(is_mark);
    let first =
        lines.iter().take(MAX_MARKS).position(content).and_then(|at| lines.get(at..)).unwrap_or_default();
    if quote::heading(first) == Some(Heading::Forward) {
        return Step::Skip(1);
    }
    let end = lines.iter().position(|line| *line == WRAP_END).unwrap_or(lines.len() - 1);
    let inside = lines.get(..=end).unwrap_or_default();
    let mut seen = 0;
    for (at, line) in inside.iter().enumerate() {
        if quote::is_quoted(line) {
            return Step::Quoted(at, Cut::Attribution);
        }
        seen += usize::from(content(line));
        if seen > MAX_ATTRIBUTION {
            break;
        }
    }
    Step::Quoted(end + 1, Cut::Message)
}

/// Marks and empty lines behind which the next line with content is looked for.
const MAX_MARKS: usize = 30;
/// Lines with content that the heading of a wrapped message may have.
const MAX_ATTRIBUTION: usize = 3;

/// The lines of a block of code between two lines of three backticks: nothing in it is a quote.
fn fence(lines: &[&str]) -> Option<usize> {
    lines.first().filter(|line| line.trim_start().starts_with("```"))?;
    let close = lines.iter().skip(1).take(MAX_FENCE).position(|line| line.trim() == "```")?;
    Some(close + 2)
}

/// Lines a block of code may have.
const MAX_FENCE: usize = 60;

/// Whether the next line with content is quoted with `>`.
fn quoted_follows(lines: &[&str]) -> bool {
    lines.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| quote::is_quoted(line))
}

/// The distance to the next quote below a signature.
fn next_quote(lines: &[&str]) -> Option<usize> {
    (1..lines.len().min(MAX_SIGNATURE)).find(|at| {
        let rest = lines.get(*at..).unwrap_or_default();
        rest.first().is_some_and(|line| quote::is_quoted(line) || [QUOTE_MARK, WRAP_MARK].contains(line))
            || quote::heading(rest).is_some()
    })
}

/// Lines below a signature delimiter in which a quote is looked for.
const MAX_SIGNATURE: usize = 60;

//! What the person wrote: the text of a message without quoted messages and signatures.
//!
//! Nothing goes without a word. A quotation is left out only where it is marked as one or stands below the line that
//! introduces it; answers between quoted lines are shown with these lines; forwarded messages stay; and where nothing is left,
//! or the author says that the answers are further down, the whole text is shown and said to be uncut.

use super::{
    indents,
    marks::{QUOTE_MARK, RULE_MARK, WRAP_MARK, is_mark},
    phrases,
    quote::{self, Heading},
    quote_signs::{is_drawn, is_torn_quote, own_mark},
    step::{Cut, Step, step},
};

/// The visible text and what was done to it.
pub(super) struct Visible {
    pub text: String,
    /// The author's own lines alone; empty where that can't be told.
    pub own: String,
    pub has_quote: bool,
    /// Lines were left out.
    pub is_shortened: bool,
    /// Nothing was left out, because it could not be told what.
    pub is_uncut: bool,
}

/// What a line was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Own,
    /// Of a message that the author passes on: to be read, and not the author's own words.
    Forwarded,
    /// Quoted, or introducing what is.
    Quoted,
    Signature,
}

/// Takes quotes and signatures out of a text.
pub(super) fn of(text: &str) -> Visible {
    let clean = indents::settle(&tidy(text));
    let lines: Vec<&str> = clean.lines().collect();
    let mut told: Vec<(Line, &str)> = Vec::with_capacity(lines.len());
    let mut cut = Cut::Nothing;
    let mut at = 0;
    let mut mark: Option<&str> = None;
    let mut torn = false;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let first = |line: Line, count: usize| rest.iter().take(count).map(move |text| (line, *text));
        let quoted = mark.is_some_and(|mark| line.trim_start().starts_with(mark));
        match if quoted { Step::Quoted(1, Cut::Quoted) } else { step(line, rest) } {
            // Once it may be a short answer; a program tears them all.
            Step::Keep if is_torn_quote(&lines, at) && (torn || tears_again(&lines, at)) => {
                torn = true;
                told.extend(first(Line::Quoted, 1));
            }
            Step::Keep => told.extend(first(Line::Own, 1)),
            Step::Skip(count) => {
                told.extend(first(Line::Signature, count));
                at += count - 1;
            }
            Step::Attribution { lines: count, own, marked } => {
                let (before, heading) = line.split_at_checked(own).unwrap_or(("", line));
                if !before.is_empty() {
                    told.push((Line::Own, before));
                }
                told.push((Line::Quoted, heading));
                told.extend(rest.iter().take(count).skip(1).map(|text| (Line::Quoted, *text)));
                cut = Cut::Attribution;
                at += count;
                if !marked {
                    mark = own_mark(rest.get(count..).unwrap_or_default());
                }
                if !marked && mark.is_none() {
                    break;
                }
                continue;
            }
            Step::Quoted(count, reason) => {
                told.extend(first(Line::Quoted, count));
                cut = if cut == Cut::Attribution { cut } else { reason };
                at += count - 1;
            }
            Step::Stop(reason) => {
                cut = reason;
                break;
            }
            // At the top it is the ticket system's own mail; further down it is what was answered.
            Step::ReplyAbove if told.iter().all(|(_, line)| is_drawn(line)) => told.clear(),
            Step::ReplyAbove => {
                cut = Cut::Attribution;
                break;
            }
            Step::KeepLines(count) => {
                told.extend(first(Line::Own, count));
                at += count - 1;
            }
            Step::KeepRest => {
                told.extend(first(Line::Forwarded, rest.len()));
                at = lines.len();
                break;
            }
        }
        at += 1;
    }
    let below = lines.get(at..).unwrap_or_default();
    let quotes = |(line, text): &(Line, &str)| *line == Line::Quoted && !text.trim().is_empty();
    let has_quote = !matches!(cut, Cut::Nothing | Cut::Signature) || told.iter().any(quotes);
    show(&told, &lines, below, has_quote)
}

fn show(told: &[(Line, &str)], lines: &[&str], below: &[&str], has_quote: bool) -> Visible {
    let pick = |wanted: &dyn Fn(Line) -> bool| -> Vec<&str> {
        told.iter().filter(|(line, _)| wanted(*line)).map(|(_, text)| *text).collect()
    };
    let own = join(&pick(&|line| line == Line::Own));
    let read = join(&pick(&|line| matches!(line, Line::Own | Line::Forwarded)));
    let is_left_out = |line: &str| !line.trim().is_empty() && !line.starts_with(is_mark);
    let is_empty = !has_content(below) && !told.iter().any(|(_, line)| is_left_out(line));
    let refers = has_quote && own.len() < MAX_POINTER && phrases::any_in("quote.below", &own.to_lowercase());
    if (read.is_empty() && !is_empty) || refers {
        let text = join(lines);
        let is_uncut = !text.is_empty();
        // Boilerplate alone is the author's, too.
        let own = if has_quote { String::new() } else { text.clone() };
        return Visible { text, own, has_quote, is_shortened: false, is_uncut };
    }
    let last =
        told.iter().rposition(|(line, text)| matches!(line, Line::Own | Line::Forwarded) && !is_drawn(text));
    let shown = told.get(..last.map_or(0, |last| last + 1)).unwrap_or_default();
    let answers_between = is_interleaved(shown);
    let text = if answers_between {
        join(
            &shown
                .iter()
                .filter(|(line, _)| *line != Line::Signature)
                .map(|(_, text)| *text)
                .collect::<Vec<_>>(),
        )
    } else {
        read
    };
    let is_shortened = below.iter().copied().any(is_left_out)
        || told
            .iter()
            .any(|(line, text)| matches!(line, Line::Quoted | Line::Signature) && is_left_out(text));
    Visible { text, own, has_quote, is_shortened, is_uncut: false }
}

/// Bytes of a text of one's own that may do no more than say where the answers are.
const MAX_POINTER: usize = 400;

/// Whether something of the author's own stands between two quotations.
fn is_interleaved(told: &[(Line, &str)]) -> bool {
    let mut blocks =
        told.iter().filter(|(line, text)| *line != Line::Signature && !is_drawn(text)).map(|(line, _)| *line);
    let mut turns = 0;
    let mut quoted = false;
    // Quoted, own, quoted, own: the last part is the author's, as the caller has cut it.
    blocks.by_ref().for_each(|line| {
        let now = line == Line::Quoted;
        turns += usize::from(now && !quoted);
        quoted = now;
    });
    turns >= 2
}

/// Lines in which a second torn quotation is looked for.
const MAX_TORN: usize = 60;

/// Whether further down there is another line like that.
fn tears_again(lines: &[&str], at: usize) -> bool {
    (at + 1..lines.len()).take(MAX_TORN).any(|at| is_torn_quote(lines, at))
}

/// Whether there is more than the heading of a message: without it, there is nothing to lose.
fn has_content(lines: &[&str]) -> bool {
    let mut rest = lines;
    for _ in 0..3 {
        let length = match (rest.first(), quote::heading(rest)) {
            (Some(&(QUOTE_MARK | WRAP_MARK | RULE_MARK)), _) => 1,
            (_, Some(Heading::Message(length))) => length,
            _ => break,
        };
        rest = rest.get(length..).unwrap_or_default();
        let blank = rest.iter().take_while(|line| line.trim().is_empty()).count();
        rest = rest.get(blank..).unwrap_or_default();
    }
    rest.iter().any(|line| !line.trim().is_empty() && !line.starts_with(is_mark))
}

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
        if line.starts_with(is_mark) {
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

//! Where the earlier message begins: reply headings, separators and header blocks of mail programs.
//!
//! Works on lines, in German, English and the other languages of `phrases.txt`. Says where, never removes.

use super::{
    fields::{self, label},
    phrases,
};

/// Lines a reply heading may be wrapped over, and bytes it may have.
const MAX_HEADING_LINES: usize = 6;
const MAX_HEADING: usize = 500;

/// Decoration that programs put around headings.
const RULE: [char; 15] = ['-', '_', '=', '*', ' ', '–', '—', ':', '>', '<', '.', '#', '~', '+', '\t'];

/// What introduces an earlier message, and how many lines it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// `On … wrote:`; an answer may follow between the quoted lines.
    Attribution {
        /// Lines the heading takes.
        lines: usize,
        /// Bytes of the first line that stand before it and are the sender's own.
        own: usize,
    },
    /// A separator or a block of header fields; the whole earlier message follows.
    Message(usize),
    /// The earlier message is what the sender wants to be read.
    Forward,
    /// The line above which a ticket system wants to be answered.
    ReplyAbove,
}

/// The heading that the lines start with.
pub(super) fn heading(lines: &[&str]) -> Option<Heading> {
    separator(lines)
        .or_else(|| fields::block(lines).map(Heading::Message))
        .or_else(|| shared_line(lines).filter(|_| !opens(lines.first().copied().unwrap_or_default())))
        .or_else(|| attribution(lines).map(|lines| Heading::Attribution { lines, own: 0 }))
}

/// Whether a line is quoted with `>`, also with the initials of the quoted person before it: `ES> `. Not one between arrows:
/// `>>> here <<<`.
pub(super) fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    let initials = line.bytes().take(4).take_while(u8::is_ascii_uppercase).count();
    line.get(initials..).is_some_and(|rest| rest.starts_with('>')) && !line.trim_end().ends_with("<<<")
}

/// `-----Original Message-----` and its kin.
fn separator(lines: &[&str]) -> Option<Heading> {
    let line = lines.first()?.trim();
    let inner = line.trim_matches(RULE);
    let lower = inner.to_lowercase();
    let ruled =
        line.starts_with(['-', '_', '=', '–', '—', '*', '#', '~', '+']) && line.len() > inner.len() + 2;
    let starts = phrases::any_starts("quote.separator-start", &lower) && line.len() < 200;
    let next = lines.iter().skip(1).position(|line| !line.trim().is_empty()).map_or(lines.len(), |at| at + 1);
    let below = lines.get(next..).unwrap_or_default();
    if starts
        || is_collapsed(line)
        || (ruled && inner.len() < 120 && phrases::any_in("quote.separator", &lower))
    {
        let forward = phrases::any_in("quote.forward", &lower);
        return Some(if forward { Heading::Forward } else { Heading::Message(1) });
    }
    if line.len() < 200 && phrases::any_in("quote.reply-above", &lower) {
        return Some(Heading::ReplyAbove);
    }
    // Words we do not know between rules, or Outlook's rule of underscores: the fields below tell.
    let sandwiched = line.starts_with("----") && line.ends_with("----") && inner.len() < 60;
    let rule = line.len() >= 4 && inner.is_empty();
    let followed = if rule {
        fields::block(below).is_some()
    } else {
        below.first().is_some_and(|line| label(line).is_some())
    };
    ((sandwiched || rule) && next <= 3 && followed).then_some(Heading::Message(next))
}

/// A separator that lost the line break behind it: `----- Original Message -----From: …`.
fn is_collapsed(line: &str) -> bool {
    let lower = line.to_lowercase();
    let Some(words) = lower.strip_prefix("--").map(|line| line.trim_start_matches(['-', ' '])) else {
        return false;
    };
    phrases::list("quote.separator")
        .iter()
        .any(|phrase| words.strip_prefix(phrase).is_some_and(|rest| rest.trim_start().starts_with("--")))
}

/// An answer and the heading on one line: `Yes. On 3 May 2026, eva@customer.example wrote:`.
fn shared_line(lines: &[&str]) -> Option<Heading> {
    let line = lines.first()?;
    if !line.trim_end().ends_with(':') || line.len() > MAX_HEADING {
        return None;
    }
    let next_quoted =
        lines.iter().skip(1).find(|line| !line.trim().is_empty()).is_some_and(|line| is_quoted(line));
    let places = line.match_indices(['-', ' ', '.']).map(|(at, gap)| at + gap.len());
    let own = places.take(60).find(|at| {
        let (before, rest) = line.split_at_checked(*at).unwrap_or_default();
        let capital =
            rest.starts_with(char::is_uppercase) && rest.chars().nth(1).is_some_and(char::is_lowercase);
        let opens = capital && phrases::any_word_starts("quote.on", &rest.to_lowercase());
        opens
            && !before.trim_matches(RULE).is_empty()
            && is_short(rest)
            && is_attribution(rest, true, next_quoted)
    })?;
    let before = line.split_at_checked(own)?.0.trim_end_matches(['-', ' ', '\t', '_']);
    let is_separator = phrases::any_in("quote.separator", &before.to_lowercase());
    Some(Heading::Attribution { lines: 1, own: if is_separator { 0 } else { before.len() } })
}

/// `On 3 May 2026 at 10:12, Eva Sample <eva@customer.example> wrote:`, wrapped or not.
fn attribution(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?.trim().trim_start_matches(RULE);
    if first.is_empty() {
        return None;
    }
    let opens = opens(first);
    let telling = is_telling(first) || lines.get(1).is_some_and(|next| is_wrapped_name(first, next));
    let mut joined = String::new();
    let mut blanks = 0;
    for (at, line) in lines.iter().enumerate().take(MAX_HEADING_LINES) {
        let line = line.trim();
        if line.is_empty() {
            blanks += 1;
            if !opens || blanks > 1 {
                return None;
            }
            continue;
        }
        if at > 0 {
            joined.push(' ');
        }
        joined.push_str(line);
        if joined.len() > MAX_HEADING {
            return None;
        }
        let next = lines.iter().skip(at + 1).find(|line| !line.trim().is_empty());
        let next_quoted =
            next.is_some_and(|line| (is_quoted(line) && !is_tail(line)) || label(line).is_some());
        if is_attribution(&joined, opens, next_quoted) {
            // What stands above a heading that is complete in itself is no part of it.
            let complete = at > 0
                && !opens
                && !starts_dated(first)
                && !is_name(first.trim_end_matches('<'))
                && !has_verb(&first.to_lowercase())
                && !phrases::any_word_starts("quote.wrote", &line.to_lowercase())
                && is_telling(line)
                && is_attribution(line, false, next_quoted);
            return (!complete).then_some(at + 1);
        }
        // Without an opening word only a heading on few lines is believed.
        if !opens && (at >= 2 || !telling) {
            return None;
        }
    }
    None
}

/// Whether a line starts like a reply heading in one of the known languages.
fn opens(line: &str) -> bool {
    let line = line.trim().trim_start_matches(RULE);
    let lower = line.to_lowercase();
    is_telling(line)
        && ["quote.on", "quote.weekday"].iter().any(|section| phrases::any_word_starts(section, &lower))
}

/// Whether the first line is a name that the address on the second belongs to.
fn is_wrapped_name(first: &str, second: &str) -> bool {
    let second = second.trim();
    let addressed = second.split_whitespace().next().is_some_and(|word| word.contains('@'));
    addressed && (second.starts_with('<') && is_name(first) || first.strip_suffix('<').is_some_and(is_name))
}

/// Whether a text may be a name: few words, each with a capital.
fn is_name(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '(' | '\''));
    text.len() < 60 && (1..=4).contains(&words.clone().count()) && words.all(capital)
}

/// Whether there is a date or an address in a line, which every heading has on its first line.
fn is_telling(line: &str) -> bool {
    line.contains(|c: char| c.is_numeric() || c == '@')
}

fn is_attribution(joined: &str, opens: bool, next_quoted: bool) -> bool {
    let dashed = joined.starts_with("--") && joined.ends_with("--");
    let bare = joined.trim_start_matches(RULE).trim_end_matches(['*', '_', ' ', '>', '-']).to_lowercase();
    let ends = dashed || bare.ends_with([':', '：']);
    let dated = bare.chars().filter(|c| c.is_numeric()).count() >= 3;
    let addressed = bare.contains('@');
    let verb = has_verb(&bare);
    let bracketed = joined.contains('<') && joined.contains('>') || bare.contains("mailto:");
    let known = dated || addressed || bracketed;
    let closed = ends || ends_with_verb(&bare) || (next_quoted && is_short(&bare) && !bare.ends_with('.'));
    // A sentence tells what somebody wrote; a heading lets it follow.
    let reports = bare.contains(" that ") || phrases::any_in("quote.reports", &bare);
    if opens && verb && known && closed && (next_quoted || !reports) {
        return true;
    }
    // `Zitat von Eva Sample <eva@customer.example>:`
    if opens && addressed && bracketed && ends && is_short(&bare) {
        return true;
    }
    if verb && ends && (next_quoted || known && is_short(&bare)) {
        return true;
    }
    // Some write the date only, some leave the colon out: the quoted lines below tell.
    let figures = bare.chars().filter(|c| c.is_numeric()).count();
    if next_quoted
        && is_short(&bare)
        && !bare.ends_with(['.', '!', '?'])
        && (opens && figures >= 6 && !joined.contains('<') || dated && bracketed && addressed)
    {
        return true;
    }
    // A date, a time and a colon above quoted lines, in whatever language.
    if next_quoted && ends && fields::has_moment(&bare) && is_short(&bare) {
        return true;
    }
    // `2026-05-03 10:12 GMT+02:00 Eva <eva@customer.example>:` has no verb at all.
    dated && addressed && ends && (bracketed || next_quoted) && is_short(&bare)
}

/// Whether a line starts with a date or time in figures.
fn starts_dated(line: &str) -> bool {
    line.chars().take(20).filter(char::is_ascii_digit).count() >= 6
}

/// Whether a lower-case text has one of the words for "wrote".
fn has_verb(text: &str) -> bool {
    phrases::list("quote.wrote").iter().any(|verb| has_word(text, verb))
}

fn ends_with_verb(text: &str) -> bool {
    phrases::list("quote.wrote").iter().any(|verb| text.ends_with(verb))
}

/// The end of a heading wrapped behind its `<address>`: `> wrote:`.
fn is_tail(line: &str) -> bool {
    let words = line.trim().trim_matches(['>', ':', ' ']).to_lowercase();
    phrases::is_one("quote.wrote", &words)
}

/// A sentence may hold a verb, an address and a colon, too; a heading is short.
fn is_short(text: &str) -> bool {
    text.split_whitespace().count() <= 24
}

/// Whether a phrase stands in the text with no letter right before or after it.
fn has_word(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + phrase.len()..).and_then(|after| after.chars().next());
        let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphabetic() || u32::from(c) > 0x2E80);
        open(before) && open(after)
    })
}

#[cfg(test)]
mod tests {
    use super::{Heading, heading};

    #[test]
    fn headings_are_recognised_in_several_languages() {
        let headings: [&[&str]; 5] = [
            &["On Tue, 5 May 2026 at 09:13, Eva Sample <eva@customer.example> wrote:"],
            &["On Tue, 5 May 2026 at 09:13, Eva Sample", "<eva@customer.example>", "wrote:"],
            &["2026-05-05 9:13 GMT+02:00 Eva Sample <eva@customer.example>:"],
            &["Le mar. 5 mai 2026 à 09:13, Eva Sample <eva@customer.example> a écrit :"],
            &["---- On Tue, 05 May 2026 09:13:00 +0200 eva@customer.example wrote ----"],
        ];
        for lines in headings {
            let expected = Heading::Attribution { lines: lines.len(), own: 0 };
            assert_eq!(heading(lines), Some(expected), "{lines:?}");
        }
    }

    #[test]
    fn sentences_are_no_headings() {
        let sentences: [&[&str]; 5] = [
            &["On Monday we will decide."],
            &["As Eva wrote:"],
            &["From: here on we need help."],
            &["To: do", "", "Call Eva"],
            &["------------------------------", "Totals below"],
        ];
        for lines in sentences {
            assert_eq!(heading(lines), None, "{lines:?}");
        }
    }
}

//! Where a signature begins: the `-- ` of RFC 3676, what phones put under a mail, and boilerplate.
//!
//! A name under a greeting is no signature: it is what the person wrote.

use super::phrases;

/// Lines below a rule that are searched for the words of boilerplate.
const BOILERPLATE_LINES: usize = 12;
/// Lines a framed disclaimer may have.
const FRAME_LINES: usize = 30;

/// How much of the lines is signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// This many lines: a frame with boilerplate in it.
    Lines(usize),
    /// Everything, up to a quote.
    Rest,
}

/// Whether a signature or boilerplate begins with the first of these lines.
pub(super) fn begins(lines: &[&str]) -> Option<Extent> {
    let line = lines.first()?;
    if let Some(length) = frame(lines) {
        return Some(Extent::Lines(length));
    }
    (is_delimiter(line) || is_long_rule(line) || is_boilerplate(lines)).then_some(Extent::Rest)
}

/// A disclaimer between two equal rules.
fn frame(lines: &[&str]) -> Option<usize> {
    let rule = lines.first().filter(|line| is_rule(line))?;
    let inside: Vec<&str> =
        lines.iter().skip(1).take(FRAME_LINES).copied().take_while(|line| line != rule).collect();
    let closed = lines.get(inside.len() + 1).is_some_and(|line| line == rule);
    let text = inside.join(" ").to_lowercase();
    (closed && phrases::any_in("signature.disclaimer", &text)).then_some(inside.len() + 2)
}

fn is_delimiter(line: &str) -> bool {
    matches!(line.trim_end(), "--" | "__" | "-- --" | "– –" | "---- --")
}

/// A line of underscores, drawn above a signature or a list's footer.
fn is_long_rule(line: &str) -> bool {
    let line = line.trim();
    line.matches('_').count() >= 10 && line.chars().all(|c| matches!(c, '_' | ' '))
}

/// A disclaimer: known by its first words, or by its words below a rule.
fn is_boilerplate(lines: &[&str]) -> bool {
    let Some(line) = lines.first() else { return false };
    let text = line.trim().trim_matches(['*', '_', '"', '-', ' ', '#']).to_lowercase();
    if phrases::any_starts("signature.disclaimer-start", &text) {
        return true;
    }
    if !is_rule(line) {
        return false;
    }
    // Only up to the next rule: what stands between two rules is judged by itself.
    let below = lines.iter().skip(1).take(BOILERPLATE_LINES).take_while(|line| !is_rule(line));
    let below = below.copied().collect::<Vec<_>>().join(" ").to_lowercase();
    phrases::any_in("signature.disclaimer", &below)
}

/// A line drawn with characters.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 5 && line.chars().all(|c| matches!(c, '-' | '*' | '=' | '_' | '#' | ' ' | '~'))
}

/// Whether the line is the small advertisement a mail program adds: `Sent from my phone`.
pub(super) fn is_program_line(line: &str) -> bool {
    let line = line
        .trim()
        .trim_matches(['*', '_', '-', '(', ')', '[', ']', '>', '<', '.', '~', ' ', '"'])
        .to_lowercase();
    // A comma makes it a sentence, unless the device has a long name.
    let words = line.split_whitespace().count();
    let is_short = words <= 8 || (words <= 12 && !line.contains(','));
    is_short && phrases::any_starts("signature.program", &line)
}

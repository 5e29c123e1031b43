//! Where a signature begins: the `-- ` of RFC 3676, what phones put under a mail, and boilerplate.
//!
//! A name under a greeting is no signature: it is what the person wrote.

use super::phrases;

/// Lines below a rule that are searched for the words of boilerplate.
const BOILERPLATE_LINES: usize = 12;

/// Whether everything from the first of these lines on is signature.
pub(super) fn begins(lines: &[&str]) -> bool {
    let Some(line) = lines.first() else { return false };
    is_delimiter(line) || is_long_rule(line) || is_boilerplate(lines)
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
    let rule = line.trim();
    let drawn = rule.len() >= 5 && rule.chars().all(|c| matches!(c, '-' | '*' | '=' | '_' | '#' | ' ' | '~'));
    drawn && {
        let below = lines
            .iter()
            .skip(1)
            .take(BOILERPLATE_LINES)
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        phrases::any_in("signature.disclaimer", &below)
    }
}

/// Whether the line is the small advertisement a mail program adds: `Sent from my phone`.
pub(super) fn is_program_line(line: &str) -> bool {
    let line = line
        .trim()
        .trim_matches(['*', '_', '-', '(', ')', '[', ']', '>', '<', '.', '~', ' ', '"'])
        .to_lowercase();
    let is_short = line.split_whitespace().count() <= 12 && !line.contains(',');
    is_short && phrases::any_starts("signature.program", &line)
}

//! The block of header fields that mail programs put above a quoted message.
//!
//! Known by its labels, and in languages nobody listed by its shape: who, when, to whom, about what. It says
//! how many lines the block takes and never removes anything.

use super::{address, phrases};

const LABELS: [&str; 5] =
    ["quote.label-from", "quote.label-date", "quote.label-to", "quote.label-subject", "quote.label-cc"];
/// Lines below its first one in which a block must be complete.
const MAX_BLOCK_LINES: usize = 14;
/// Bytes of a line on which a whole block is looked for.
const MAX_LINE: usize = 1000;

/// The lines of the block of header fields that the lines start with.
pub(super) fn block(lines: &[&str]) -> Option<usize> {
    known(lines).or_else(|| shaped(lines)).or_else(|| on_one_line(lines))
}

/// `From: … / Sent: … / To: … / Subject: …`: several different labels close together.
fn known(lines: &[&str]) -> Option<usize> {
    let first = label(lines.first()?)?;
    let mut seen = vec![first];
    let mut end = 1;
    let mut unlabelled = 0;
    let mut gap = false;
    for (at, line) in lines.iter().enumerate().skip(1).take(MAX_BLOCK_LINES) {
        if line.trim().is_empty() {
            // Some programs put a blank line between the fields.
            gap = true;
            unlabelled += 1;
        } else if let Some(label) = label(line) {
            if !seen.contains(&label) {
                seen.push(label);
            }
            end = at + 1;
            unlabelled = 0;
        } else {
            unlabelled += if gap { 3 } else { 1 };
        }
        if unlabelled >= 3 {
            break;
        }
    }
    let has = |label| seen.contains(&label);
    let dated = has("quote.label-date");
    let complete = match seen.len() {
        0 | 1 => false,
        2 => {
            first == "quote.label-from"
                || (dated && (has("quote.label-from") || end == 2 && has("quote.label-to")))
        }
        _ => dated || has("quote.label-from"),
    };
    complete.then_some(end)
}

/// The kind of header label a line starts with.
pub(super) fn label(line: &str) -> Option<&'static str> {
    let line = line.trim_start_matches(['*', '_', '|', ' ', '\t']);
    let window: String = line.chars().take(40).collect();
    let (name, _) = window.split_once([':', '：'])?;
    let name = name.trim_matches(['*', '_', ' ', '\t']).to_lowercase();
    LABELS.into_iter().find(|section| phrases::is_one(section, &name))
}

/// Four fields, or three if the first names an address, with labels nobody listed: the author first, then a
/// moment, then the rest.
fn shaped(lines: &[&str]) -> Option<usize> {
    let mut values: Vec<&str> = Vec::new();
    let mut end = 0;
    let mut gap = 0;
    let mut moment = false;
    for (at, line) in lines.iter().enumerate().take(MAX_BLOCK_LINES) {
        if line.trim().is_empty() {
            gap += 1;
            if gap > 1 || values.is_empty() {
                break;
            }
            continue;
        }
        let Some(value) = field(line) else { break };
        let dated = has_moment(value);
        // The author comes first and has no moment; the second or the third field has one.
        if values.is_empty() && (dated || value.is_empty()) {
            return None;
        }
        moment |= dated;
        if values.len() == 2 && !moment {
            return None;
        }
        values.push(value);
        (end, gap) = (at + 1, 0);
    }
    let named = address::find(values.first()?).next().is_some();
    let enough = values.len() >= if named { 3 } else { 4 };
    (enough && moment).then_some(end)
}

/// The value of a line that looks like a header field: a label of few words, a colon, something behind it.
fn field(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['*', '_', '|', ' ', '\t']);
    let (name, value) = line.split_once([':', '：'])?;
    let name = name.trim_matches(['*', '_', ' ', '\t']);
    let is_word = |c: char| c.is_alphabetic() || (!c.is_ascii() && !c.is_numeric()) || " '-./()".contains(c);
    let is_label = name.starts_with(|c: char| c.is_uppercase() || !c.is_ascii())
        && name.chars().count() <= 24
        && name.split_whitespace().count() <= 3
        && name.chars().all(is_word);
    is_label.then(|| value.trim_matches(['*', '_', ' ', '\t']))
}

/// A date with a time of day, in figures of any script: `3. Mai 2026 10:12`.
pub(super) fn has_moment(text: &str) -> bool {
    let characters: Vec<char> = text.chars().take(200).collect();
    let time = characters.windows(4).any(|window| {
        matches!(window, [hour, mark, ten, one]
            if hour.is_numeric() && matches!(mark, ':' | '.' | 'h') && ten.is_numeric() && one.is_numeric())
    });
    time && characters.iter().filter(|c| c.is_numeric()).count() >= 7
}

/// A block whose line breaks were lost: `Von: Eva Sample Gesendet: 3. Mai 2026 10:12 An: Desk Betreff: Re`.
fn on_one_line(lines: &[&str]) -> Option<usize> {
    let line = lines.first()?;
    if line.len() > MAX_LINE || line.matches([':', '：']).count() < 3 {
        return None;
    }
    label(line)?;
    let lower = line.to_lowercase();
    let mut seen: Vec<&str> = Vec::new();
    for (at, colon) in lower.match_indices([':', '：']).take(20) {
        let before = lower.get(..at).unwrap_or_default().trim_end_matches(['*', '_', ' ']);
        let kind = LABELS.into_iter().find(|section| {
            phrases::list(section).iter().any(|name| {
                before.strip_suffix(name).is_some_and(|rest| {
                    !rest.ends_with(char::is_alphabetic) || is_run_together(line, before, name)
                })
            })
        });
        if let Some(kind) = kind.filter(|kind| !colon.is_empty() && !seen.contains(kind)) {
            seen.push(kind);
        }
    }
    (seen.len() >= 3 && (has_moment(line) || address::find(line).next().is_some())).then_some(1)
}

/// A capital letter in the middle of letters: `13:46Nadawca:` and `SampleGesendet:`.
fn is_run_together(line: &str, before: &str, name: &str) -> bool {
    let start = before.len() - name.len();
    line.get(start..).is_some_and(|rest| rest.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn blocks_are_known_by_labels_or_by_shape() {
        let german =
            ["Von: Eva Sample", "Gesendet: Dienstag, 5. Mai 2026 09:13", "An: Desk", "Betreff: AW: Frage"];
        assert_eq!(block(&german), Some(4));
        // No language: only the shape tells.
        let invented =
            ["Zor: Eva Sample", "Tempik: 5. mai 2026 09:13", "Alkun: desk@reseller.example", "Omnit: Re"];
        assert_eq!(block(&invented), Some(4));
        let flat = ["Von: Eva Sample Gesendet: 5. Mai 2026 09:13 An: desk@reseller.example Betreff: Frage"];
        assert_eq!(block(&flat), Some(1));
    }

    #[test]
    fn lists_of_a_person_are_no_blocks() {
        let texts: [&[&str]; 4] = [
            &[
                "Tel: +49 30 1234567",
                "Fax: +49 30 1234568",
                "Mail: eva@customer.example",
                "Web: customer.example",
            ],
            &["Where: Berlin", "Who: all of us", "What: cake", "Why: because"],
            &["Treffen: 5. Mai 2026 10:00", "Ort: Berlin", "Raum: 3", "Thema: Kuchen"],
            &["Note: from: here: on"],
        ];
        for lines in texts {
            assert_eq!(block(lines), None, "{lines:?}");
        }
    }
}

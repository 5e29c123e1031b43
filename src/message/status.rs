//! Enhanced status codes (RFC 3463) and SMTP reply codes (RFC 5321 section 4.2) in text.

use super::phrases;

/// An enhanced status code of a failure or delay: `4.x.y` or `5.x.y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status {
    class: u8,
    subject: u16,
    detail: u16,
}

impl std::fmt::Display for Status {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl Status {
    /// Whether it says more than "it failed": the subject or the detail is not zero.
    pub(super) fn is_specific(self) -> bool {
        self.subject != 0 || self.detail != 0
    }

    /// Whether it says that there is no such mailbox. X.1.7 and X.1.8 are about the *sender's* address (RFC 3463 §3.2), and
    /// Exchange uses 5.1.0 and 5.1.90 when it refuses *us*. 5.4.1 means nothing by itself; with these words Microsoft 365
    /// says that its directory has no such recipient.
    pub(super) fn says_gone(self, diagnostic: &str) -> bool {
        match (self.class, self.subject, self.detail) {
            (5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1) => true,
            (5, 4, 1) => diagnostic.to_lowercase().contains("recipient address rejected: access denied"),
            _ => false,
        }
    }
}

/// The first enhanced code of class 2, 4 or 5 in a status field; `Some(None)` is a code of success.
pub(super) fn field(value: &str) -> Option<Option<Status>> {
    codes(value).next().map(|status| (status.class != 2).then_some(status))
}

/// The most telling code in a text: the first specific one, else the first, else one made of a reply code.
pub(super) fn best(text: &str) -> Option<Status> {
    let mut failures = codes(text).filter(|status| status.class != 2);
    let first = failures.next();
    if first.is_some_and(Status::is_specific) {
        return first;
    }
    failures.find(|status| status.is_specific()).or(first).or_else(|| reply(text))
}

/// All enhanced codes in a text. Version numbers and IP addresses are told apart by their surroundings.
fn codes(text: &str) -> impl Iterator<Item = Status> {
    let bytes = text.as_bytes();
    let candidates = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'2' | b'4' | b'5'));
    candidates.filter_map(move |(at, _)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let attached =
            before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'@'));
        if attached { None } else { code(text.get(at..)?) }
    })
}

fn code(text: &str) -> Option<Status> {
    let (class, rest) = number(text, 1)?;
    let (subject, rest) = number(rest.strip_prefix('.')?, 3)?;
    let (detail, rest) = number(rest.strip_prefix('.')?, 3)?;
    let mut following = rest.bytes();
    let next = following.next();
    let goes_on = next.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'@')
        || (matches!(next, Some(b'.' | b'-')) && following.next().is_some_and(|byte| byte.is_ascii_digit()));
    let class = u8::try_from(class).ok()?;
    // RFC 3463 section 3 knows the subjects 0 to 7.
    (!goes_on && subject <= 7).then_some(Status { class, subject, detail })
}

/// A number of at most `digits` digits at the start, and what follows.
fn number(text: &str, digits: usize) -> Option<(u16, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 || length > digits {
        return None;
    }
    let (number, rest) = text.split_at_checked(length)?;
    Some((number.parse().ok()?, rest))
}

/// `5.0.0` or `4.0.0` for an SMTP reply code of failure: three digits that stand alone, like `550 ` or `(550)`.
fn reply(text: &str) -> Option<Status> {
    let bytes = text.as_bytes();
    for (at, window) in bytes.windows(3).enumerate() {
        let [class @ (b'4' | b'5'), b'0'..=b'7', third] = window else { continue };
        if !third.is_ascii_digit() {
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(at + 3);
        let starts = before.is_none_or(|byte| {
            matches!(byte, b' ' | b'\n' | b'\t' | b'(' | b'\'' | b'"' | b'[' | b'<' | b':' | b'#' | b'>')
        });
        let ends = after.is_none_or(|byte| {
            matches!(byte, b' ' | b'\n' | b'-' | b')' | b']' | b'\'' | b'"' | b':' | b';' | b',')
        });
        if starts && ends {
            return Some(Status { class: class - b'0', subject: 0, detail: 0 });
        }
    }
    None
}

/// What notices without any code say in words. What says nothing about whether the mailbox exists comes first:
/// where a notice says several things, less is concluded from it.
const MEANINGS: [(&str, Status); 8] = [
    ("meaning.5.2.2", Status { class: 5, subject: 2, detail: 2 }),
    ("meaning.5.3.4", Status { class: 5, subject: 3, detail: 4 }),
    ("meaning.5.4.6", Status { class: 5, subject: 4, detail: 6 }),
    ("meaning.5.7.1", Status { class: 5, subject: 7, detail: 1 }),
    ("meaning.4.4.7", Status { class: 4, subject: 4, detail: 7 }),
    ("meaning.5.1.2", Status { class: 5, subject: 1, detail: 2 }),
    ("meaning.5.2.1", Status { class: 5, subject: 2, detail: 1 }),
    ("meaning.5.1.1", Status { class: 5, subject: 1, detail: 1 }),
];

/// The code that a notice in lower case means; of class 4 if the server is still trying.
pub(super) fn meant(notice: &str, temporary: bool) -> Option<Status> {
    let (_, status) = MEANINGS.into_iter().find(|(section, _)| phrases::any_in(section, notice))?;
    Some(if temporary { Status { class: 4, ..status } } else { status })
}

/// Whether a text shows an SMTP reply of failure or an enhanced code of failure.
pub(super) fn is_in(text: &str) -> bool {
    best(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::best;

    fn found(text: &str) -> Option<String> {
        best(text).map(|status| status.to_string())
    }

    #[test]
    fn the_code_is_told_from_addresses_and_versions() {
        assert_eq!(found("550 5.1.1 <eva@customer.example>: unknown").as_deref(), Some("5.1.1"));
        assert_eq!(found("no mailbox here (#5.1.10)").as_deref(), Some("5.1.10"));
        assert_eq!(found("deferred - 4.16.55.1; see below").as_deref(), None);
        assert_eq!(found("host 5.1.1.9 said nothing").as_deref(), None);
        assert_eq!(found("by mx (8.12.11/5.1.1x)").as_deref(), None);
    }

    #[test]
    fn a_telling_code_beats_a_general_one_and_a_reply_code() {
        assert_eq!(found("554 5.0.0 failed; 550 5.2.2 full").as_deref(), Some("5.2.2"));
        assert_eq!(found("reason: 550 Host unknown").as_deref(), Some("5.0.0"));
        assert_eq!(found("ResponseCode 421, ").as_deref(), Some("4.0.0"));
    }
}

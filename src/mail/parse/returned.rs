//! The message that came back: its header section, wherever the bounce put it.
//!
//! A `message/rfc822` part, a `text/rfc822-headers` part, or text below the notice. Only header fields are
//! read; the returned content is nobody's business.

use super::{header::Headers, mime::Message, phrases};

/// Text of the notice itself, and the header section of the returned message if there is one.
pub(super) struct Split {
    pub notice: String,
    pub returned: Option<Headers>,
}

/// Finds the returned message in the message's parts, else below its text.
pub(super) fn split(message: &Message<'_>, text: &str) -> Split {
    let from_part = message.parts.iter().filter(|part| part.nesting == 0).find_map(|part| {
        let essence = part.content_type.essence.as_str();
        let carries = matches!(
            essence,
            "message/rfc822"
                | "message/global"
                | "text/rfc822-headers"
                | "message/rfc822-headers"
                | "text/rfc822"
                | "message/global-headers"
        );
        carries.then(|| Headers::of(&part.bytes())).filter(|headers| !headers.is_empty())
    });
    let (notice, below) = cut(text);
    let returned = from_part.or_else(|| below.map(|text| Headers::of(&unindent(text)))).filter(is_returned);
    Split { notice: notice.to_owned(), returned }
}

fn is_returned(headers: &Headers) -> bool {
    headers
        .names()
        .any(|name| matches!(name, "received" | "message-id" | "from" | "to" | "subject" | "return-path"))
}

/// Cuts a text into the notice and the returned message below it.
fn cut(text: &str) -> (&str, Option<&str>) {
    let mut offset = 0;
    let mut announced: Option<(usize, usize)> = None;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        if starts_header(line) {
            let notice_end = announced.map_or(start, |(at, _)| at);
            return (text.get(..notice_end).unwrap_or(text), text.get(start..));
        }
        let lower = line.trim().to_lowercase();
        if announced.is_none() && phrases::any_in("bounce.original", &lower) && lower.len() < 120 {
            announced = Some((start, offset));
        }
    }
    match announced {
        Some((at, after)) if looks_like_header(text.get(after..).unwrap_or_default()) => {
            (text.get(..at).unwrap_or(text), text.get(after..))
        }
        Some((at, _)) if at > 0 => (text.get(..at).unwrap_or(text), None),
        _ => (text, None),
    }
}

/// Trace fields stand at the top of a returned message and nowhere else (RFC 5321 section 4.4).
fn starts_header(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '>', '|']);
    let Some((name, value)) = line.split_once(':') else { return false };
    let trace = [
        "return-path",
        "received",
        "x-received",
        "dkim-signature",
        "delivered-to",
        "arc-seal",
        "x-google-dkim-signature",
    ];
    trace.contains(&name.to_ascii_lowercase().as_str()) && !value.trim().is_empty()
}

fn looks_like_header(text: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
    lines.next().is_some_and(|line| {
        line.split_once(':').is_some_and(|(name, _)| !name.trim().is_empty() && !name.trim().contains(' '))
    })
}

/// Takes the quoting or the common indentation off a returned message.
fn unindent(text: &str) -> Vec<u8> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let depth = first.len() - first.trim_start_matches([' ', '\t', '>', '|']).len();
    let mut plain = Vec::with_capacity(text.len().min(64 * 1024));
    let from_first = text.lines().skip_while(|line| line.trim().is_empty());
    for line in from_first {
        let cut =
            line.char_indices().take(depth).take_while(|(_, c)| matches!(c, ' ' | '\t' | '>' | '|')).count();
        plain.extend_from_slice(line.get(cut..).unwrap_or_default().as_bytes());
        plain.push(b'\n');
        if plain.len() > 64 * 1024 {
            break;
        }
    }
    plain
}

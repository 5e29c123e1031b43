//! The message that came back: its header section, wherever the bounce put it.
//!
//! A `message/rfc822` part, a `text/rfc822-headers` part, or text below the notice. Only header fields are
//! read; the returned content is nobody's business.

use super::{header::Headers, mime::Message, phrases, report};

/// Bytes of a notice that are read.
const MAX_NOTICE: usize = 64 * 1024;
/// Bytes of a returned message in the text that are read: its header section and a report in it.
const MAX_RETURNED: usize = 64 * 1024;

/// A bounce taken apart.
pub(super) struct Split {
    /// The text of the notice itself.
    pub notice: String,
    /// The header section of the returned message.
    pub returned: Option<Headers>,
    /// The returned message stands in the text, not in a part of its own.
    pub pasted: bool,
    /// The returned message as far as it is there, at least its header section.
    pub carried: Vec<u8>,
}

/// Finds the returned message in the message's parts, else below its text.
pub(super) fn split(message: &Message<'_>, text: &str) -> Split {
    let (notice, below) = cut(text);
    let in_part = in_parts(message);
    let pasted = in_part.is_none();
    let carried = in_part.or_else(|| below.map(unindent)).or_else(|| in_report(message)).unwrap_or_default();
    let headers = Headers::of(&carried);
    // Some servers forget to say that a part is a message and put its fields where the part's own belong.
    let bare = || {
        let part = message
            .own_parts()
            .find(|part| !part.parent.is_empty() && part.headers.raw("received").is_some());
        part.map(|part| part.headers.clone())
    };
    let returned = Some(headers).filter(is_returned).or_else(bare);
    Split { notice: limited(notice, MAX_NOTICE).to_owned(), returned, pasted, carried }
}

/// The message carried by one of the parts.
fn in_parts(message: &Message<'_>) -> Option<Vec<u8>> {
    message.own_parts().find_map(|part| {
        let essence = part.content_type.essence.as_str();
        let carries = matches!(
            essence,
            "message/rfc822"
                | "message/global"
                | "text/rfc822-headers"
                | "message/rfc822-headers"
                | "text/rfc822"
                | "message/global-headers"
                | "message/partial"
        );
        carries.then(|| part.bytes()).filter(|bytes| !bytes.trim_ascii().is_empty())
    })
}

/// The returned header section below the fields of a report, where the boundary between them is wrong.
fn in_report(message: &Message<'_>) -> Option<Vec<u8>> {
    let text = message.own_parts().find(|part| report::is_report(part))?.text();
    cut(&text).1.map(unindent)
}

/// The start of a text, cut between characters.
fn limited(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
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
        if announced.is_none() && announces(line) {
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

/// A ruled line that says that the returned message follows.
fn announces(line: &str) -> bool {
    let line = line.trim();
    let ruled = line.starts_with(['-', '_', '=', '*', '#', '|']);
    ruled && line.len() < 120 && phrases::any_in("bounce.original", &line.to_lowercase())
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
    let mut plain = Vec::with_capacity(text.len().min(MAX_RETURNED));
    let from_first = text.lines().skip_while(|line| line.trim().is_empty());
    for line in from_first {
        let cut =
            line.char_indices().take(depth).take_while(|(_, c)| matches!(c, ' ' | '\t' | '>' | '|')).count();
        plain.extend_from_slice(line.get(cut..).unwrap_or_default().as_bytes());
        plain.push(b'\n');
        if plain.len() > MAX_RETURNED {
            break;
        }
    }
    plain
}

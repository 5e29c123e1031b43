//! The header section of a message or of one MIME part (RFC 5322 section 2.2, RFC 2045 section 3).
//!
//! Tolerant where real mail is broken: mbox `From ` lines, blank lines before the first field and stray
//! lines between fields are skipped; bytes that are not UTF-8 are read as Windows-1252. The values are
//! decoded by `mail-parser`. What it never does: read more than `MAX_SECTION` bytes or `MAX_VALUE` of one
//! field, so that no decoder sees input long enough to hurt.

use mail_parser::{HeaderValue, parsers::MessageStream};

use super::{address, charset, encoded_word, lines::lines};

/// Bytes of a header section that are read; the rest counts as absent.
const MAX_SECTION: usize = 256 * 1024;
/// Bytes of one field's value that are read.
const MAX_VALUE: usize = 16 * 1024;
/// Lines that are searched for more fields below lines that are none.
const LOOK_AHEAD: usize = 25;
const LOOK_AHEAD_BYTES: usize = 8 * 1024;
/// Fields of one section that are kept.
const MAX_FIELDS: usize = 1000;

/// The fields of one header section, in the order of the message.
#[derive(Debug, Clone, Default)]
pub(super) struct Headers {
    fields: Vec<(String, String)>,
    /// The bytes of values that are not UTF-8, by the place of their field.
    foreign: Vec<(usize, Vec<u8>)>,
}

/// One mailbox of an address field: display name and address, either may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Decoded display name.
    pub name: Option<String>,
    /// `local@domain` as written, not checked.
    pub address: Option<String>,
}

/// A parsed `Content-Type` or `Content-Disposition`, lower case except for parameter values.
#[derive(Debug, Clone, Default)]
pub(super) struct ContentType {
    pub essence: String,
    parameters: Vec<(String, String)>,
}

impl ContentType {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Headers {
    /// Splits a header section off the front of `bytes`; returns it and what follows the blank line.
    pub(super) fn split(bytes: &[u8]) -> (Self, &[u8]) {
        let mut headers = Self::default();
        let mut raw: Vec<u8> = Vec::new();
        let mut stray = None;
        let mut body_at = bytes.len();
        let mut started = false;
        for (offset, line) in lines(bytes) {
            let blank = line.iter().all(u8::is_ascii_whitespace);
            if blank && !started && stray.is_none() {
                continue;
            }
            let next = offset + line.len();
            if line.is_empty() || (blank && started && raw.is_empty()) {
                body_at = skip_ending(bytes, next);
                break;
            }
            if offset > MAX_SECTION {
                body_at = offset;
                break;
            }
            if started && line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
                // A folded line continues its field (RFC 5322 section 2.2.3).
                if raw.len() < MAX_VALUE {
                    raw.push(b'\n');
                    raw.extend_from_slice(line);
                }
                stray = None;
            } else if field_name(line).is_some() {
                headers.push(&raw);
                raw = line.iter().copied().take(MAX_VALUE).collect();
                started = true;
                stray = None;
            } else if line.starts_with(b"From ") || line.starts_with(b">From ") {
                stray = None;
            } else if let Some(at) = stray {
                // Two lines in a row that are no fields: unless well-known fields follow, the blank line is
                // missing and this is the body.
                if !fields_follow(bytes.get(next..).unwrap_or_default()) {
                    body_at = at;
                    break;
                }
                stray = None;
            } else {
                stray = Some(offset);
            }
        }
        headers.push(&raw);
        (headers, bytes.get(body_at..).unwrap_or_default())
    }

    /// Reads a whole text as one header section: a delivery-status block, a returned header.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self::split(bytes).0
    }

    fn push(&mut self, raw: &[u8]) {
        if self.fields.len() >= MAX_FIELDS {
            return;
        }
        if let Some((name, value)) = field_name(raw) {
            if str::from_utf8(value).is_err() {
                self.foreign.push((self.fields.len(), value.to_vec()));
            }
            self.fields.push((name, charset::utf8_or_western(value)));
        }
    }

    /// Reads the values that are not UTF-8 in a character set: senders who put raw bytes into fields mean the
    /// one of their text.
    pub(super) fn read_as(&mut self, charset: &str) {
        for (at, bytes) in std::mem::take(&mut self.foreign) {
            if let Some((_, value)) = self.fields.get_mut(at) {
                *value = charset::to_text(&bytes, Some(charset));
            }
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// The undecoded value of the first field of this lower-case name.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The undecoded values of all fields of this lower-case name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of the first field of this name, unfolded, trimmed and in lower case.
    pub(super) fn token(&self, name: &str) -> Option<String> {
        self.raw(name).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
    }

    /// The decoded text of an unstructured field (RFC 2047).
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(encoded_word::decode)
    }

    /// The mailboxes of all address fields of this name.
    pub(super) fn mailboxes(&self, name: &str) -> Vec<Mailbox> {
        self.all(name).flat_map(mailboxes).collect()
    }

    /// The addresses of all fields of this name, also where they do not parse as an address list.
    pub(super) fn addresses(&self, name: &str) -> Vec<String> {
        self.all(name).flat_map(address::in_text).collect()
    }

    /// The `<id>`s of a `Message-ID`, `In-Reply-To` or `References` field, without the brackets.
    pub(super) fn ids(&self, name: &str) -> Vec<String> {
        self.all(name).flat_map(ids).collect()
    }

    /// The first field of this name read as a content type. One that is none by its grammar reads as the text that it is
    /// then taken for (RFC 2045 section 5.2).
    pub(super) fn content_type(&self, name: &str) -> Option<ContentType> {
        let raw = self.raw(name)?.trim();
        // Some programs encode the whole field.
        let decoded = raw.starts_with("=?").then(|| encoded_word::decode(raw));
        let value = format!("{}\n", decoded.as_deref().unwrap_or(raw));
        let HeaderValue::ContentType(parsed) = MessageStream::new(value.as_bytes()).parse_content_type()
        else {
            return None;
        };
        let essence = match parsed.subtype() {
            Some(subtype) => format!("{}/{}", parsed.ctype(), subtype).to_lowercase(),
            None => parsed.ctype().to_lowercase(),
        };
        let essence = if name == "content-type" { sound_essence(&essence) } else { essence };
        let parameters = parsed.attributes().unwrap_or_default();
        let parameters = parameters.iter().map(|p| (p.name.to_lowercase(), p.value.to_string())).collect();
        Some(ContentType { essence, parameters })
    }
}

/// `type/subtype` of two tokens, also where words without a semicolon follow; `text/plain` for anything else.
fn sound_essence(written: &str) -> String {
    let word = written.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'', ',']);
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte))
    };
    let known = ["text", "image", "audio", "video", "application", "multipart", "message", "model", "font"];
    match word.split_once('/') {
        Some((kind, subtype)) if is_token(subtype) && (known.contains(&kind) || kind.starts_with("x-")) => {
            word.to_owned()
        }
        _ => "text/plain".to_owned(),
    }
}

/// Whether one of the fields every message has comes within the next lines of this section.
fn fields_follow(bytes: &[u8]) -> bool {
    let known = ["from", "to", "subject", "date", "message-id", "content-type", "received", "return-path"];
    let window = bytes.get(..LOOK_AHEAD_BYTES).unwrap_or(bytes);
    lines(window)
        .take(LOOK_AHEAD)
        .map(|(_, line)| line)
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
        .any(|line| field_name(line).is_some_and(|(name, _)| known.contains(&name.as_str())))
}

fn skip_ending(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => at + 2,
        (Some(_), _) => at + 1,
        (None, _) => at,
    }
}

/// The lower-case name and the value of a line that is a field: printable ASCII, then a colon.
fn field_name(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let is_name = !name.is_empty() && name.len() <= 100 && name.iter().all(u8::is_ascii_graphic);
    let value = value.get(1..).unwrap_or_default();
    is_name.then(|| (String::from_utf8_lossy(name).to_lowercase(), value))
}

fn mailboxes(value: &str) -> Vec<Mailbox> {
    let line = format!("{}\n", value.split(['\r', '\n']).map(str::trim).collect::<Vec<_>>().join(" ").trim());
    let HeaderValue::Address(parsed) = MessageStream::new(line.as_bytes()).parse_address() else {
        return Vec::new();
    };
    parsed
        .iter()
        .map(|mailbox| Mailbox {
            name: mailbox.name().map(str::to_owned),
            address: mailbox.address().map(|address| address.trim().to_owned()),
        })
        .collect()
}

fn ids(value: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((id, next)) = after.split_once('>') else { break };
        let id: String = id.split_whitespace().collect();
        if !id.is_empty() {
            found.push(id);
        }
        rest = next;
    }
    if found.is_empty() {
        // Some clients leave the brackets out.
        found.extend(value.split_whitespace().filter(|word| word.contains('@')).map(str::to_owned));
    }
    found
}

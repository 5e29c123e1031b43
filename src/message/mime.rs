//! The parts of a MIME message (RFC 2046), as one flat list in the order of the message.
//!
//! Recursion and memory are bounded: at most `MAX_DEPTH` levels and `MAX_PARTS` parts are entered, the rest
//! counts as absent. Parts borrow the message; only a text that somebody asks for is decoded, and of it at
//! most `MAX_TEXT` bytes. A missing, wrong or unfinished boundary costs at worst the structure, never the text.

use super::{
    charset, encoded_word,
    header::{ContentType, Headers},
    lines::lines,
};

const MAX_DEPTH: usize = 12;
const MAX_PARTS: usize = 300;
/// Bytes of one text part, before and after decoding, that are looked at.
const MAX_TEXT: usize = 1024 * 1024;

/// A leaf of the MIME tree, or the message inside a `message/rfc822` part.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub headers: Headers,
    pub content_type: ContentType,
    /// Undecoded content.
    pub body: &'a [u8],
    /// How many returned or forwarded messages this part is inside of; 0 for the message itself.
    pub nesting: usize,
    /// Content type of the enclosing multipart, empty at the top.
    pub parent: String,
    /// The `multipart/alternative`s around it, outermost first: the number of each, and which of its branches this is in.
    pub alternatives: Vec<(usize, usize)>,
}

impl Part<'_> {
    pub(super) fn is(&self, essence: &str) -> bool {
        self.content_type.essence == essence
    }

    /// Whether the part is meant to be saved rather than read.
    pub(super) fn is_attachment(&self) -> bool {
        self.headers.token("content-disposition").is_some_and(|value| value.starts_with("attachment"))
    }

    /// The content as text: transfer encoding and character set undone, line ends as LF.
    pub(super) fn text(&self) -> String {
        let bytes = charset::transfer_decode(self.body, &self.encoding(), MAX_TEXT);
        charset::to_text(&bytes, self.content_type.parameter("charset"))
            .replace("\r\n", "\n")
            .replace('\r', "\n")
    }

    /// The whole content with its transfer encoding undone.
    pub(super) fn content(&self) -> Vec<u8> {
        charset::transfer_decode(self.body, &self.encoding(), self.body.len())
    }

    /// How many bytes [`Part::content`] has, without making them where they are many.
    pub(super) fn size(&self) -> usize {
        charset::decoded_size(self.body, &self.encoding())
    }

    /// Whether it is longer than what is read of a text.
    pub(super) fn is_cut(&self) -> bool {
        self.body.len() > MAX_TEXT
    }

    /// The name it is to be saved under, as its sender wrote it.
    pub(super) fn file_name(&self) -> Option<String> {
        let disposition = self.headers.content_type("content-disposition");
        let named = disposition.as_ref().and_then(|disposition| disposition.parameter("filename"));
        let name = named.or_else(|| self.content_type.parameter("name"))?;
        Some(encoded_word::decode(name)).filter(|name| !name.trim().is_empty())
    }

    /// The content with its transfer encoding undone.
    pub(super) fn bytes(&self) -> Vec<u8> {
        charset::transfer_decode(self.body, &self.encoding(), MAX_TEXT)
    }

    fn encoding(&self) -> String {
        self.headers.token("content-transfer-encoding").unwrap_or_default()
    }
}

/// A whole message: its own header section and all parts below it.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub headers: Headers,
    pub content_type: ContentType,
    pub parts: Vec<Part<'a>>,
    /// There were more parts, or deeper ones, than are entered.
    pub is_cut: bool,
}

impl<'a> Message<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Self {
        let (headers, body) = Headers::split(bytes);
        let content_type = headers.content_type("content-type").unwrap_or_default();
        let mut walk = Walk { parts: Vec::new(), groups: 0, is_cut: false };
        walk.enter(headers.clone(), body, &Place { depth: 0, nesting: 0, parent: "", alternatives: &[] });
        let mut headers = headers;
        let mut types =
            std::iter::once(&content_type).chain(walk.parts.iter().map(|part| &part.content_type));
        let charset =
            types.find_map(|content_type| content_type.parameter("charset").filter(|name| is_foreign(name)));
        if let Some(charset) = charset {
            headers.read_as(charset);
        }
        Self { headers, content_type, parts: walk.parts, is_cut: walk.is_cut }
    }

    /// The parts that belong to the message itself, not to one it carries.
    pub(super) fn own_parts(&self) -> impl Iterator<Item = &Part<'a>> {
        self.parts.iter().filter(|part| part.nesting == 0)
    }
}

/// Whether a character set is another than those in which raw bytes are read anyway.
fn is_foreign(charset: &str) -> bool {
    let name = charset.to_ascii_lowercase();
    !["utf", "ascii", "8859-1", "1252"].iter().any(|known| name.contains(known))
        || ["8859-10", "8859-11", "8859-13", "8859-14", "8859-15", "8859-16"]
            .contains(&name.trim_start_matches("iso-"))
}

struct Place<'p> {
    depth: usize,
    nesting: usize,
    parent: &'p str,
    alternatives: &'p [(usize, usize)],
}

struct Walk<'a> {
    parts: Vec<Part<'a>>,
    groups: usize,
    is_cut: bool,
}

impl<'a> Walk<'a> {
    fn enter(&mut self, headers: Headers, body: &'a [u8], place: &Place<'_>) {
        if self.parts.len() >= MAX_PARTS {
            self.is_cut = true;
            return;
        }
        let mut content_type = headers.content_type("content-type").unwrap_or_default();
        if content_type.essence.is_empty() {
            let inside_digest = place.parent == "multipart/digest";
            content_type.essence = if inside_digest { "message/rfc822" } else { "text/plain" }.to_owned();
        }
        let multipart = content_type.essence.starts_with("multipart/");
        if multipart && place.depth < MAX_DEPTH {
            let sections = sections(body, content_type.parameter("boundary"));
            if !sections.is_empty() {
                self.groups += 1;
                let group = self.groups;
                for (branch, section) in sections.into_iter().enumerate() {
                    let mut alternatives = place.alternatives.to_vec();
                    if content_type.essence == "multipart/alternative" {
                        alternatives.push((group, branch));
                    }
                    let place = Place {
                        depth: place.depth + 1,
                        parent: &content_type.essence,
                        alternatives: &alternatives,
                        ..*place
                    };
                    let (headers, body) = part_headers(section);
                    self.enter(headers, body, &place);
                }
                return;
            }
        }
        if multipart {
            // No boundary to be found: what is there is read as text.
            content_type.essence = "text/plain".to_owned();
            self.is_cut |= place.depth >= MAX_DEPTH;
        }
        let carried = matches!(content_type.essence.as_str(), "message/rfc822" | "message/global");
        let encoded = headers.token("content-transfer-encoding").is_some_and(|encoding| encoding == "base64");
        self.parts.push(Part {
            headers,
            content_type,
            body,
            nesting: place.nesting,
            parent: place.parent.to_owned(),
            alternatives: place.alternatives.to_vec(),
        });
        if carried && !encoded && place.depth < MAX_DEPTH {
            let (headers, body) = Headers::split(body);
            let place =
                Place { depth: place.depth + 1, nesting: place.nesting + 1, parent: "", alternatives: &[] };
            self.enter(headers, body, &place);
        }
    }
}

/// A part may start with its blank line at once: then it has no header section.
fn part_headers(section: &[u8]) -> (Headers, &[u8]) {
    match section {
        [b'\n', body @ ..] | [b'\r', b'\n', body @ ..] => (Headers::default(), body),
        _ => Headers::split(section),
    }
}

/// The sections of a multipart body, without preamble and epilogue.
fn sections<'a>(body: &'a [u8], boundary: Option<&str>) -> Vec<&'a [u8]> {
    let declared = boundary.map(str::trim_end).filter(|boundary| !boundary.is_empty());
    if let Some(boundary) = declared {
        let found = cut(body, boundary.as_bytes());
        if !found.is_empty() {
            return found;
        }
    }
    guess_boundary(body).map(|boundary| cut(body, boundary)).unwrap_or_default()
}

fn cut<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut sections = Vec::new();
    let mut start: Option<usize> = None;
    let mut opened = false;
    for (offset, line) in lines(body) {
        if std::mem::take(&mut opened) {
            start = Some(offset);
        }
        let Some(after) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)) else {
            continue;
        };
        let closing = after.trim_ascii_end() == b"--";
        if !closing && !after.trim_ascii_end().is_empty() {
            continue;
        }
        if let Some(start) = start {
            sections.push(trim_last_ending(body.get(start..offset).unwrap_or_default()));
        }
        start = None;
        opened = !closing;
        if closing || sections.len() > MAX_PARTS {
            return sections;
        }
    }
    if let Some(start) = start {
        sections.push(body.get(start..).unwrap_or_default());
    }
    sections
}

/// The undeclared boundary of a body: a `--…` line directly followed by a MIME header field.
fn guess_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut candidate: Option<&[u8]> = None;
    for (_, line) in lines(body).take(2000) {
        if let Some(boundary) = candidate
            && line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"))
        {
            return Some(boundary);
        }
        candidate = line.strip_prefix(b"--").map(<[u8]>::trim_ascii_end).filter(|rest| rest.len() > 5);
    }
    None
}

/// The line break before a boundary belongs to the boundary (RFC 2046 section 5.1.1).
fn trim_last_ending(section: &[u8]) -> &[u8] {
    let section = section.strip_suffix(b"\n").unwrap_or(section);
    section.strip_suffix(b"\r").unwrap_or(section)
}

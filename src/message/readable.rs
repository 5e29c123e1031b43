//! What of a message is for reading and what is for saving: its texts joined in their order, all other parts listed.
//!
//! Of alternatives one is read: the first, unless another says far more. What can't be read at all, because it is encrypted
//! or in a container of one mail program's own, is told by a [`Remark`]. No part is left out without being listed.

use serde::{Deserialize, Serialize};

use super::{
    html,
    marks::is_mark,
    mime::{Message, Part},
};

/// Bytes of text that are read of all parts together.
const MAX_TEXT: usize = 1024 * 1024;

/// What a reader should know about the text beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// Quoted messages or signatures were left out.
    Shortened,
    /// Nothing could be told apart as the author's own: all of it is shown.
    Uncut,
    /// It is longer than what is read.
    CutShort,
    /// A signed container (S/MIME) that holds the text.
    Signed,
    /// Encrypted (S/MIME or OpenPGP).
    Encrypted,
    /// A container that only Outlook reads (`winmail.dat`); more may be in it than is shown.
    Tnef,
    /// No text, only files.
    OnlyFiles,
    /// Nothing at all.
    Empty,
}

impl Remark {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shortened => "shortened",
            Self::Uncut => "uncut",
            Self::CutShort => "cut_short",
            Self::Signed => "signed",
            Self::Encrypted => "encrypted",
            Self::Tnef => "tnef",
            Self::OnlyFiles => "only_files",
            Self::Empty => "empty",
        }
    }
}

/// A part that is to be saved rather than read. All of it is the sender's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its place among the parts of the message: what [`super::cut_out`] takes.
    pub part: usize,
    /// As it was sent.
    pub name: Option<String>,
    /// `type/subtype` in lower case.
    pub essence: String,
    /// Bytes.
    pub size: usize,
}

impl Attachment {
    pub(super) fn of(at: usize, part: &Part<'_>) -> Self {
        let name = part.file_name().map(|name| name.chars().take(LONGEST_NAME).collect());
        Self { part: at, name, essence: part.content_type.essence.clone(), size: part.size() }
    }
}

/// Characters kept of a name.
const LONGEST_NAME: usize = 300;

/// A message taken apart for its reader.
pub(super) struct Readable {
    pub text: String,
    pub attachments: Vec<Attachment>,
    pub remarks: Vec<Remark>,
}

pub(super) fn of(message: &Message<'_>) -> Readable {
    let own: Vec<(usize, &Part<'_>)> =
        message.parts.iter().enumerate().filter(|(_, part)| part.nesting == 0).collect();
    let mut reader =
        Reader { left: MAX_TEXT, is_cut: message.is_cut, read: vec![false; message.parts.len()] };
    let mut text = reader.join(&own, 0, |part| part.is_attachment());
    let attachments = own
        .iter()
        .filter(|(at, part)| {
            !reader.read.get(*at).copied().unwrap_or(false) && !part.body.trim_ascii().is_empty()
        })
        .map(|(at, part)| Attachment::of(*at, part))
        .collect::<Vec<_>>();
    if text.trim().is_empty() {
        // Some programs attach the letter itself.
        text = reader.join(&own, 0, |_| false);
    }
    let mut remarks: Vec<Remark> = Vec::new();
    for remark in own.iter().filter_map(|(_, part)| closed(part)) {
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }
    if reader.is_cut {
        remarks.push(Remark::CutShort);
    }
    Readable { text, attachments, remarks }
}

/// Why a part can't be read although a letter may be in it.
fn closed(part: &Part<'_>) -> Option<Remark> {
    match part.content_type.essence.as_str() {
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
            Some(if is_signed_only(part) { Remark::Signed } else { Remark::Encrypted })
        }
        "application/pgp-encrypted" => Some(Remark::Encrypted),
        "application/ms-tnef" | "application/vnd.ms-tnef" => Some(Remark::Tnef),
        _ => match part.file_name()?.to_ascii_lowercase().as_str() {
            "smime.p7m" => Some(if is_signed_only(part) { Remark::Signed } else { Remark::Encrypted }),
            "winmail.dat" => Some(Remark::Tnef),
            _ => None,
        },
    }
}

/// Content type of the container's outermost layer: signed data (RFC 5652 section 5.1).
fn is_signed_only(part: &Part<'_>) -> bool {
    const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    let bytes = part.bytes();
    let head = bytes.get(..40).unwrap_or(&bytes);
    part.content_type.parameter("smime-type").is_some_and(|kind| kind.eq_ignore_ascii_case("signed-data"))
        || head.windows(SIGNED_DATA.len()).any(|window| window == SIGNED_DATA)
}

struct Reader {
    /// Bytes of text that may still be read.
    left: usize,
    is_cut: bool,
    /// Which parts were texts, chosen or not.
    read: Vec<bool>,
}

impl Reader {
    /// The texts of these parts one after the other; `level` alternatives around them are settled.
    fn join(&mut self, parts: &[(usize, &Part<'_>)], level: usize, leave: fn(&Part<'_>) -> bool) -> String {
        let mut text = String::new();
        let mut rest = parts;
        while let Some((at, part)) = rest.first() {
            let (next, after) = match part.alternatives.get(level) {
                Some((group, _)) => {
                    let same = |part: &Part<'_>| {
                        part.alternatives.get(level).is_some_and(|(other, _)| other == group)
                    };
                    let end = rest.iter().position(|(_, part)| !same(part)).unwrap_or(rest.len());
                    let (group, after) = rest.split_at(end);
                    (self.choose(group, level, leave), after)
                }
                None => (self.read(*at, part, leave), rest.get(1..).unwrap_or_default()),
            };
            rest = after;
            if next.trim().is_empty() {
                continue;
            }
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&next);
        }
        text
    }

    /// The first of the alternatives that has a text, but for one that says far more: programs put "this is an HTML message"
    /// into the first, and gateways their warning.
    fn choose(&mut self, parts: &[(usize, &Part<'_>)], level: usize, leave: fn(&Part<'_>) -> bool) -> String {
        let branch = |part: &Part<'_>| part.alternatives.get(level).map(|(_, branch)| *branch);
        let mut chosen = (0, String::new());
        for parts in parts.chunk_by(|(_, one), (_, other)| branch(one) == branch(other)) {
            let text = self.join(parts, level + 1, leave);
            let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
            let is_far_more = letters / 2 > chosen.0;
            if chosen.1.trim().is_empty() || is_far_more {
                chosen = (letters, text);
            }
        }
        chosen.1
    }

    fn read(&mut self, at: usize, part: &Part<'_>, leave: fn(&Part<'_>) -> bool) -> String {
        if !is_text(part) || leave(part) {
            return String::new();
        }
        if self.left == 0 {
            self.is_cut = true;
            return String::new();
        }
        let written = part.text();
        // Not a text, whatever it is called; a damaged one has fewer.
        if !part.parent.is_empty() && written.matches('\0').count() > written.len() / 20 {
            return String::new();
        }
        self.is_cut |= part.is_cut();
        let text = match part.is("text/html") {
            true => html::to_text(&written),
            false => written.replace(is_mark, "\u{fffd}"),
        };
        self.left = self.left.saturating_sub(text.len());
        if let Some(read) = self.read.get_mut(at) {
            *read = true;
        }
        text
    }
}

/// Kinds of text that are data for programs.
const DATA: [&str; 9] = [
    "text/calendar",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
    "text/css",
    "text/csv",
    "text/javascript",
    "text/rtf",
    "text/xml",
];

/// A text of whatever kind is read like a plain one (RFC 2046 section 4.1.4).
fn is_text(part: &Part<'_>) -> bool {
    let essence = part.content_type.essence.as_str();
    let is_returned = matches!(essence, "text/rfc822-headers" | "text/rfc822");
    essence.starts_with("text/") && !is_returned && !DATA.contains(&essence)
}

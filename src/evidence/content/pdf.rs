//! A PDF as far as its plain bytes tell: whole, not encrypted, and without the names of what runs or carries things.

use super::{Rejection, contains};

/// Names (ISO 32000-1 §7.3.5) of what a letter has no need of: scripts, programs to start, files inside, films; forms that
/// send what is typed, or more, to an address (SubmitForm, ImportData, and XFA with its own scripts); and ways into other
/// files, which on Windows may be those of a stranger's server, to whom the reader then proves who they are (GoToR, GoToE).
/// Long enough, with the delimiter behind, not to turn up by chance in compressed data.
const ACTIVE: [&[u8]; 10] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"SubmitForm",
    b"ImportData",
    b"XFA",
    b"GoToR",
    b"GoToE",
];
/// Beginnings of strings that lead to a file on another machine, whatever names them: a path to a server (`\\\\host` as
/// PDF escapes it, or in hexadecimal), or an address of a file. In lower case.
const REMOTE: [&[u8]; 4] = [b"(\\\\\\\\", b"<5c5c", b"(file:", b"(smb:"];
/// The end mark stands this near to the end (ISO 32000-1 annex H.3.4.4).
const NEAR: usize = 1024;

/// `bytes` from its first mark on.
pub fn check(bytes: &[u8]) -> Result<(), Rejection> {
    let version = bytes.get(5..8).unwrap_or_default();
    let end = bytes.get(bytes.len().saturating_sub(NEAR)..).unwrap_or(bytes);
    let is_version = matches!(version, [b'1' | b'2', b'.', b'0'..=b'9']);
    if !is_version || !contains(end, b"%%EOF") || !contains(bytes, b"startxref") {
        return Err(Rejection::Damaged);
    }
    let mut active = false;
    for name in names(bytes) {
        if name == b"Encrypt" {
            return Err(Rejection::Protected);
        }
        active = active || ACTIVE.contains(&name.as_slice());
    }
    let lower = bytes.to_ascii_lowercase();
    let active = active || REMOTE.iter().any(|path| contains(&lower, path));
    if active { Err(Rejection::ActiveContent) } else { Ok(()) }
}

/// What reads as a name, unescaped, wherever it stands; cut where no name of ours could go on.
fn names(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    const LONGEST: usize = 16;
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    starts.filter_map(move |at| {
        let mut rest = bytes.get(at.saturating_add(1)..)?;
        let mut name = Vec::new();
        while name.len() < LONGEST {
            let (byte, after) = match rest {
                [b'#', high, low, after @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                    (hex(*high)? << 4 | hex(*low)?, after)
                }
                [byte, after @ ..] if !is_end_of_name(*byte) => (*byte, after),
                _ => break,
            };
            name.push(byte);
            rest = after;
        }
        Some(name)
    })
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// White space and delimiters (ISO 32000-1 §7.2.2).
fn is_end_of_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0 || b"()<>[]{}/%".contains(&byte)
}

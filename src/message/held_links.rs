//! What may be the secret of a link that a message holds, however mail programs and gateways bent it.
//!
//! Knows which words stand before such a secret in an address, and how long one is; whether it is one is for the caller to look
//! up. Finds too much rather than too little. What hides in pictures, archives and encrypted parts is not found, but said.

use std::collections::BTreeSet;

use super::{
    MAX_MESSAGE, charset, html,
    mime::{Message, Part},
};

/// Characters of a secret: 256 bits in base64url (RFC 4648 section 5).
const LENGTH: usize = 43;
/// Encodings of the slash before it: `/`, `_`, `%2F`, `-2F`, `&#47;`, `&#x2F;`, `%252F` leave so many of the characters that count.
const LONGEST_SLASH: usize = 5;
/// More than this is no letter of ours that came back.
const MOST: usize = 10_000;
/// Messages in files in messages.
const DEEPEST: usize = 3;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldLinks {
    /// Each 43 characters of base64url.
    pub candidates: BTreeSet<String>,
    /// A part of the message can't be searched: a picture, a document, something encrypted, or far too much.
    pub is_opaque: bool,
}

/// Searches all of `raw` for what follows one of the `folders`, or stands alone.
#[must_use]
pub fn find_held_links(raw: &[u8], folders: &[&str]) -> HeldLinks {
    let mut found = HeldLinks::default();
    search(raw.get(..MAX_MESSAGE).unwrap_or(raw), folders, DEEPEST, &mut found);
    found
}

/// Searches the bytes as they came, for a message that nothing can take apart: whatever is encoded in it is not found.
#[must_use]
pub fn find_held_links_in_bytes(raw: &[u8], folders: &[&str]) -> HeldLinks {
    let mut found = HeldLinks { is_opaque: true, ..HeldLinks::default() };
    look_into(&charset::utf8_or_western(raw.get(..MAX_MESSAGE).unwrap_or(raw)), folders, &mut found);
    found
}

fn search(raw: &[u8], folders: &[&str], deeper: usize, found: &mut HeldLinks) {
    // As it came: the header fields, and parts that no parser finds.
    look_into(&charset::utf8_or_western(raw), folders, found);
    let message = Message::parse(raw);
    found.is_opaque |= message.is_cut;
    for part in &message.parts {
        let bytes = part.content();
        found.is_opaque |= is_opaque(part) && !bytes.trim_ascii().is_empty();
        if deeper > 0 && holds_message(part, &bytes) {
            search(&bytes, folders, deeper - 1, found);
        }
        let text = charset::to_text(&bytes, part.content_type.parameter("charset"));
        if part.is("text/html") {
            look_into(&html::to_text(&text), folders, found);
        }
        look_into(&text, folders, found);
    }
}

fn is_opaque(part: &Part<'_>) -> bool {
    let essence = part.content_type.essence.as_str();
    let is_readable = essence.starts_with("text/") || essence.starts_with("message/");
    // A detached signature holds nothing else (RFC 1847).
    !is_readable && !essence.ends_with("-signature")
}

/// A message saved as a file, or carried in an encoding that RFC 2046 section 5.2.1 forbids.
fn holds_message(part: &Part<'_>, bytes: &[u8]) -> bool {
    let is_named = part.file_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".eml"));
    let is_encoded = part.is("message/rfc822") && bytes != part.body;
    let head = bytes.get(..16 * 1024).unwrap_or(bytes).to_ascii_lowercase();
    let says = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    is_named || is_encoded || (!part.is("message/rfc822") && says(b"mime-version:"))
}

fn look_into(text: &str, folders: &[&str], found: &mut HeldLinks) {
    for run in text.split(|c: char| !is_ours(c)).filter(|run| run.len() == LENGTH) {
        keep(run, found);
    }
    let folded = fold(text);
    after_folders(&folded, folders, found);
    // Gateways write a dash and an underscore as `%2D`, `-2D`, `%5F`, `-5F`.
    if ["2D", "5F", "2d", "5f"].iter().any(|code| text.contains(code)) {
        let mut plain = text.to_owned();
        for (code, sign) in
            [("%2D", "-"), ("%2d", "-"), ("%5F", "_"), ("%5f", "_"), ("-2D", "-"), ("-5F", "_")]
        {
            plain = plain.replace(code, sign);
        }
        after_folders(&fold(&plain), folders, found);
    }
}

fn is_ours(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Only the characters that a secret has: without the line breaks, signs of quotation and soft breaks that mail programs put
/// into a long address.
fn fold(text: &str) -> String {
    text.chars().filter(|c| is_ours(*c)).collect()
}

fn after_folders(folded: &str, folders: &[&str], found: &mut HeldLinks) {
    for folder in folders.iter().map(|folder| fold(folder)) {
        for (at, _) in folded.match_indices(&folder) {
            let start = at + folder.len();
            for start in start..=start + LONGEST_SLASH {
                if let Some(candidate) = folded.get(start..start + LENGTH) {
                    keep(candidate, found);
                }
            }
        }
    }
}

fn keep(candidate: &str, found: &mut HeldLinks) {
    if found.candidates.len() >= MOST {
        found.is_opaque = true;
    } else {
        found.candidates.insert(candidate.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;

    const SECRET: &str = "q3X-0kV_7mTz9bLwYh2Rr5cJfUeNs8gPaD1oKiBvC4E";
    const FOLDERS: [&str; 2] = ["confirmations", "prepared"];

    fn finds(message: &str) -> bool {
        find_held_links(message.as_bytes(), &FOLDERS).candidates.contains(SECRET)
    }

    fn text(body: &str) -> String {
        format!("From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}")
    }

    fn part(head: &str, body: &str) -> String {
        format!(
            "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
             Content-Type: text/plain\r\n\r\nSee below.\r\n--x\r\n{head}\r\n\r\n{body}\r\n--x--\r\n"
        )
    }

    #[test]
    fn a_link_is_found_however_it_was_bent() {
        let (one, two) = SECRET.split_at(17);
        let plain = format!("https://handover.example/prepared/{SECRET}");
        let percent = format!(
            "https://safe.example/?url=https%3A%2F%2Fhandover.example%2Fprepared%2F{}&data=05",
            SECRET.replace('_', "%5F")
        );
        let dashes = SECRET.replace('-', "-2D").replace('_', "-5F");
        for body in [
            format!("> Hello,\r\n> {plain}\r\n"),
            format!("<{plain}>"),
            format!("[{plain}]({plain})"),
            format!("https://handover.example/prepared/{one}\r\n> > {two} and more"),
            format!("https://handover.example/prepared/\r\n  {one}\r\n  {two}"),
            format!("{plain}/files?language=de"),
            format!("the secret is {SECRET}."),
            percent.clone(),
            percent.replace('%', "%25").replace("%255F", "%5F"),
            format!("https://gate.example/v2/url?u=https-3A__handover.example_prepared_{dashes}&d=DwMF"),
            format!("https://gate.example/v3/__https://handover.example/prepared/{SECRET}__;!!abc"),
        ] {
            assert!(finds(&text(&body)), "{body}");
        }
        assert!(!finds(&text(&plain.replace("q3X", "q3Y"))));
    }

    #[test]
    fn a_link_is_found_in_whatever_part_it_stands() {
        let plain = format!("https://handover.example/confirmations/{SECRET}");
        let html = format!("<p>x</p><a href='{}'>go</a>", plain.replace('/', "&#x2F;"));
        let broken = format!("<p>{}<wbr>{}</p>", &plain[..60], &plain[60..]);
        let quoted = plain.replace("confirmations/q3X", "confirmations/q3=\r\nX");
        let inner = text(&format!("> {plain}"));
        let utf16: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for message in [
            part("Content-Type: text/html", &html),
            part("Content-Type: text/html", &broken),
            part(
                "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64",
                &BASE64.encode(plain.as_bytes()),
            ),
            part("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable", &quoted),
            part(
                "Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64",
                &BASE64.encode(&utf16),
            ),
            part("Content-Type: message/rfc822", &inner),
            part(
                "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64",
                &BASE64.encode(inner.as_bytes()),
            ),
            part(
                "Content-Type: application/octet-stream; name=letter.eml\r\nContent-Transfer-Encoding: base64",
                &BASE64.encode(
                    part(
                        "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64",
                        &BASE64.encode(plain.as_bytes()),
                    )
                    .as_bytes(),
                ),
            ),
            part("Content-Type: text/rfc822-headers", &format!("X-Link: {plain}")),
            part("Content-Type: application/octet-stream", &plain),
            format!("From: a@b.example\r\nSubject: {plain}\r\n\r\n"),
        ] {
            assert!(finds(&message), "{message}");
        }
    }

    #[test]
    fn what_can_not_be_searched_is_said() {
        let is_opaque = |message: &str| find_held_links(message.as_bytes(), &FOLDERS).is_opaque;
        assert!(!is_opaque(&text("Hello")));
        assert!(!is_opaque(&part("Content-Type: text/html", "<p>x</p>")));
        assert!(!is_opaque(&part("Content-Type: application/pgp-signature", "x")));
        for kind in [
            "image/png",
            "application/pdf",
            "application/pkcs7-mime",
            "application/ms-tnef",
            "application/zip",
        ] {
            assert!(is_opaque(&part(&format!("Content-Type: {kind}"), "x")), "{kind}");
            assert!(!is_opaque(&part(&format!("Content-Type: {kind}"), "")), "{kind}");
        }
        let flood = (0..=MOST).map(|number| format!("{number:043} ")).collect::<String>();
        let found = find_held_links(text(&flood).as_bytes(), &FOLDERS);
        assert!(found.is_opaque && found.candidates.len() == MOST);
    }
}

//! Names of files: words for people, never a path and never a header as they came.

use std::fmt::Write as _;

use super::content::Kind;

/// Characters kept of a name.
const LONGEST: usize = 120;

/// The last part of what was sent, without characters that can't be seen or turn the direction of writing. `None` where
/// nothing is left.
pub fn clean(sent: &str) -> Option<String> {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    let trimmed = seen.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let cut: String = trimmed.chars().take(LONGEST).collect();
    Some(cut.trim_end().to_owned()).filter(|name| !name.is_empty())
}

/// Marks of direction, joiners and other characters without a shape (Unicode Technical Report 36 §2.5).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `Content-Disposition` of a download (RFC 6266): the name with the ending of what the file is, so that no system opens
/// it as anything else; in ASCII, and whole (RFC 8187).
pub fn disposition(name: Option<&str>, kind: Kind) -> String {
    let name = name.unwrap_or("evidence");
    let lower = name.to_lowercase();
    let right = kind.endings().iter().any(|ending| lower.ends_with(ending));
    let whole = if right { name.to_owned() } else { format!("{name}{}", kind.ending()) };
    attached(&whole)
}

/// Endings under which no common system starts a program.
const HARMLESS: [&str; 39] = [
    "asc", "avif", "bmp", "csv", "dat", "doc", "docx", "eml", "gif", "heic", "ics", "jpeg", "jpg", "json",
    "log", "m4a", "md", "mp3", "mp4", "odp", "ods", "odt", "p7m", "p7s", "pdf", "pgp", "png", "ppt", "pptx",
    "rtf", "sig", "tif", "tiff", "txt", "vcf", "webp", "xls", "xlsx", "zip",
];

/// As [`disposition`] for a file that may be anything: under its own name, but for the endings with which whoever sends it
/// could have it started.
pub fn disposition_of_any(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if HARMLESS.contains(&ending.as_str()) { attached(name) } else { attached(&format!("{name}.bin")) }
}

fn attached(whole: &str) -> String {
    let plain: String = whole
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' })
        .collect();
    let mut encoded = String::new();
    for byte in whole.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path() {
        for (sent, kept) in [
            ("Brief.pdf", Some("Brief.pdf")),
            ("../../../etc/passwd", Some("passwd")),
            ("C:\\Users\\x\\scan.png", Some("scan.png")),
            (".htaccess", Some("htaccess")),
            ("a\r\nSet-Cookie: x=1.pdf", Some("aSet-Cookie: x=1.pdf")),
            ("invoice\u{202e}fdp.exe", Some("invoicefdp.exe")),
            ("  two words .pdf ", Some("two words .pdf")),
            ("..", None),
            ("/", None),
            ("", None),
            ("\u{200b}", None),
        ] {
            assert_eq!(clean(sent).as_deref(), kept, "{sent:?}");
        }
        assert_eq!(clean(&"ä".repeat(500)).unwrap().chars().count(), 120);
    }

    #[test]
    fn a_download_has_the_ending_of_what_it_is() {
        let written = |name: &str, kind| disposition(Some(name), kind);
        assert_eq!(
            written("Vollmacht Müller.pdf", Kind::Pdf),
            "attachment; filename=\"Vollmacht M_ller.pdf\"; filename*=UTF-8''Vollmacht%20M%C3%BCller.pdf"
        );
        assert!(written("letter.pdf.exe", Kind::Pdf).contains("\"letter.pdf.exe.pdf\""));
        assert!(written("photo.JPG", Kind::Jpeg).contains("\"photo.JPG\""));
        assert!(
            written("a\"; filename=\"b.html", Kind::Png).contains("filename=\"a__ filename__b.html.png\"")
        );
        for (name, saved) in [
            ("Auszug.PDF", "\"Auszug.PDF\""),
            ("Rechnung.pdf.exe", "\"Rechnung.pdf.exe.bin\""),
            ("page.html", "\"page.html.bin\""),
            ("Vertrag.docm", "\"Vertrag.docm.bin\""),
            ("x", "\"x.bin\""),
        ] {
            assert!(disposition_of_any(name).contains(saved), "{name}");
        }
        assert!(disposition(None, Kind::Png).contains("\"evidence.png\""));
    }
}

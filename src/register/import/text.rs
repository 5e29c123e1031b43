//! The bytes of a file as text: which encoding it is in. Knows nothing of columns.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};
use serde::{Deserialize, Serialize};

/// How the bytes of a file were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextEncoding {
    #[serde(rename = "UTF-8")]
    Utf8,
    /// As spreadsheets save "Unicode text"; recognised by its byte order mark.
    #[serde(rename = "UTF-16")]
    Utf16,
    /// Not valid UTF-8, so taken as what German spreadsheets save as CSV. Any bytes are valid in it, so this is a guess.
    #[serde(rename = "Windows-1252")]
    Windows1252,
}

impl TextEncoding {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// Reads `bytes` as text, without a byte order mark. Refuses what is no text: archives (so Excel workbooks) and PDF.
pub fn decode(bytes: &[u8]) -> anyhow::Result<(Cow<'_, str>, TextEncoding)> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        anyhow::bail!("this is a spreadsheet or an archive, not text: save it as CSV (UTF-8) first");
    }
    if bytes.starts_with(b"%PDF-") {
        anyhow::bail!("this is a PDF: the register is imported from CSV or JSON");
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        if broken {
            anyhow::bail!("the file says it is {} but is not valid as such", encoding.name());
        }
        let is_utf8 = encoding == encoding_rs::UTF_8;
        let encoding = if is_utf8 { TextEncoding::Utf8 } else { TextEncoding::Utf16 };
        return Ok((text, encoding));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.into(), TextEncoding::Utf8));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok((text, TextEncoding::Windows1252))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_the_encodings_that_spreadsheets_write() {
        for (bytes, encoding) in [
            (&b"M\xC3\xBCller"[..], TextEncoding::Utf8),
            (b"\xEF\xBB\xBFM\xC3\xBCller", TextEncoding::Utf8),
            (b"M\xFCller", TextEncoding::Windows1252),
            (b"\xFF\xFEM\0\xFC\0l\0l\0e\0r\0", TextEncoding::Utf16),
        ] {
            assert_eq!(decode(bytes).unwrap(), ("M\u{fc}ller".into(), encoding));
        }
    }

    #[test]
    fn refuses_what_is_no_text() {
        for bytes in [&b"PK\x03\x04xyz"[..], b"%PDF-1.7", b"\xEF\xBB\xBFM\xFCller"] {
            assert!(decode(bytes).is_err());
        }
    }
}

//! What a file is, by its bytes and never by its name: PDF, JPEG or PNG, whole and nothing else besides.
//!
//! Unpacks nothing and draws nothing: an image's size comes from its header. What hides inside compressed parts of a PDF
//! is not seen here; files are only ever saved, not opened, by Handover, and the scanner looks deeper.

mod jpeg;
mod pdf;
mod png;

use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::Rejection;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Pdf,
    Jpeg,
    Png,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// With the dot.
    pub fn ending(self) -> &'static str {
        self.endings().first().copied().unwrap_or_default()
    }

    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &[".pdf"],
            Self::Jpeg => &[".jpg", ".jpeg"],
            Self::Png => &[".png"],
        }
    }
}

/// More than any scanner or telephone takes, less than what brings a viewer down.
const MOST_PIXELS: u64 = 150_000_000;

/// # Errors
/// Why a file with these bytes is not taken.
pub fn recognise(bytes: &[u8]) -> Result<Kind, Rejection> {
    let kind = if bytes.is_empty() {
        return Err(Rejection::NoFile);
    } else if let Some(document) = find_document(bytes) {
        pdf::check(document?)?;
        Kind::Pdf
    } else if bytes.starts_with(JPEG) {
        check_pixels(jpeg::size(bytes).ok_or(Rejection::Damaged)?)?;
        Kind::Jpeg
    } else if bytes.starts_with(png::SIGNATURE) {
        check_pixels(png::size(bytes).ok_or(Rejection::Damaged)?)?;
        Kind::Png
    } else if is_phone_photo(bytes) {
        return Err(Rejection::PhonePhoto);
    } else {
        return Err(Rejection::UnknownType);
    };
    if is_something_else_too(bytes, kind) { Err(Rejection::TwoInOne) } else { Ok(kind) }
}

/// Whether it is an image of the High Efficiency Image File Format, by the brands that it names (ISO/IEC 23008-12 annex B): the
/// browser of whoever sends it can often make a JPEG of it.
fn is_phone_photo(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 9] =
        [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"];
    let names_file_type = bytes.get(4..8) == Some(b"ftyp".as_slice());
    names_file_type && bytes.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// The beginning of every JPEG.
const JPEG: &[u8] = &[0xff, 0xd8, 0xff];
/// Readers take a PDF whose mark stands within so many bytes (ISO 32000-1 annex H.3.4.1).
const LEAD: usize = 1024;

/// The PDF, where readers would see one, without what stands before its mark: some programs leave a byte order mark or
/// empty lines there. Anything else before it could be read as another kind of file by another program.
fn find_document(bytes: &[u8]) -> Option<Result<&[u8], Rejection>> {
    const MARK: &[u8] = b"%PDF-";
    if bytes.starts_with(JPEG) || bytes.starts_with(png::SIGNATURE) {
        return None;
    }
    let head = bytes.get(..LEAD).unwrap_or(bytes);
    let at = head.windows(MARK.len()).position(|window| window == MARK)?;
    let (before, document) = bytes.split_at_checked(at)?;
    let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
    let is_empty = before.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
    Some(if is_empty { Ok(document) } else { Err(Rejection::TwoInOne) })
}

fn check_pixels((width, height): (u32, u32)) -> Result<(), Rejection> {
    match u64::from(width).saturating_mul(height.into()) {
        0 => Err(Rejection::Damaged),
        pixels if pixels > MOST_PIXELS => Err(Rejection::TooManyPixels),
        _ => Ok(()),
    }
}

/// How far readers look for the beginning of a PDF (ISO 32000-1 annex H.3.4.1) and browsers for that of a page
/// (WHATWG MIME Sniffing §5.2 reads 1445 bytes).
const HEAD: usize = 1445;
/// How far readers of ZIP look back for its directory (APPNOTE 4.3.16).
const TAIL: usize = 65_557;

/// Whether another program could take the file for another kind: a page, an archive, a document inside an image.
fn is_something_else_too(bytes: &[u8], kind: Kind) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes).to_ascii_lowercase();
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or(bytes);
    let pages: [&[u8]; 7] = [b"<html", b"<script", b"<!doctype", b"<svg", b"<iframe", b"<body", b"<?php"];
    let document = kind != Kind::Pdf && contains(&head, b"%pdf-");
    document || pages.iter().any(|sign| contains(&head, sign)) || contains(tail, b"PK\x05\x06")
}

fn contains(bytes: &[u8], sign: &[u8]) -> bool {
    bytes.windows(sign.len()).any(|window| window == sign)
}

#[cfg(test)]
mod tests;

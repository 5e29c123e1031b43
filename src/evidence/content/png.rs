//! A PNG as a chain of chunks (W3C PNG §5): header first, end last, and nothing behind it.

pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Width and height; `None` where the chain does not hold.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let (first, header, after) = chunk(rest)?;
    let [w1, w2, w3, w4, h1, h2, h3, h4, ..] = header else { return None };
    if first != b"IHDR" || header.len() != 13 {
        return None;
    }
    let size = (u32::from_be_bytes([*w1, *w2, *w3, *w4]), u32::from_be_bytes([*h1, *h2, *h3, *h4]));
    rest = after;
    let mut has_image = false;
    loop {
        let (name, _, after) = chunk(rest)?;
        match name {
            b"IDAT" => has_image = true,
            b"IEND" => return (has_image && after.is_empty()).then_some(size),
            _ => {}
        }
        rest = after;
    }
}

/// Name, data, and what comes behind the check sum.
fn chunk(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (name, rest) = rest.split_at_checked(4)?;
    let (data, rest) = rest.split_at_checked(length)?;
    let (_checksum, rest) = rest.split_at_checked(4)?;
    Some((name, data, rest))
}

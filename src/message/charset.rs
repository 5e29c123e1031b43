//! Bytes to text: character sets and transfer encodings (RFC 2045 sections 5 and 6).
//!
//! Decoding never fails: what is broken is read as far as it makes sense. Unlike a strict decoder, base64
//! skips stray characters and quoted-printable keeps escapes it cannot read.

use mail_parser::decoders::charsets::map::charset_decoder;

/// Text of bytes with no declared character set: UTF-8, or else Windows-1252, which cannot fail.
pub(super) fn utf8_or_western(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            decode(bytes, "windows-1252").unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// Text of bytes in a named character set. A false claim of ASCII or UTF-8 falls back to Western.
pub(super) fn to_text(bytes: &[u8], charset: Option<&str>) -> String {
    let name = charset.unwrap_or_default().trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    if name.is_empty() || name == "utf-8" || name == "utf8" || name.contains("ascii") {
        if !name.contains("utf") || str::from_utf8(bytes).is_ok() {
            return utf8_or_western(bytes);
        }
        return mostly_utf8(bytes);
    }
    // What is valid UTF-8 beyond ASCII is hardly ever anything else, whatever it is called. Not so the seven-bit
    // sets that shift with escape sequences, and not so texts with few foreign characters.
    if is_surely_utf8(bytes) {
        return utf8_or_western(bytes);
    }
    let text = decode(bytes, &name).unwrap_or_else(|| utf8_or_western(bytes));
    // A set that the tables know by name only comes out as one replacement character.
    if text.chars().eq([char::REPLACEMENT_CHARACTER]) { utf8_or_western(bytes) } else { text }
}

/// Valid UTF-8 with at least three characters of several bytes, which other sets do not produce by accident.
fn is_surely_utf8(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_ok_and(|text| text.chars().filter(|c| !c.is_ascii()).take(3).count() == 3)
}

/// Declared as UTF-8 but broken: a truncated character is replaced, a different character set is recognised.
fn mostly_utf8(bytes: &[u8]) -> String {
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let foreign = lossy.chars().filter(|c| !c.is_ascii()).count();
    if broken * 2 > foreign { utf8_or_western(bytes) } else { lossy.into_owned() }
}

fn decode(bytes: &[u8], charset: &str) -> Option<String> {
    charset_decoder(charset.as_bytes()).map(|decoder| decoder(bytes))
}

/// Undoes a `Content-Transfer-Encoding`; an unknown one counts as none. Reads at most `limit` bytes.
pub(super) fn transfer_decode(bytes: &[u8], encoding: &str, limit: usize) -> Vec<u8> {
    let bytes = bytes.get(..limit).unwrap_or(bytes);
    match encoding.trim() {
        "base64" | "b" => base64(bytes),
        "quoted-printable" | "q" => quoted_printable(bytes),
        "x-uuencode" | "uuencode" | "x-uue" | "uue" => uuencode(bytes),
        _ => bytes.to_vec(),
    }
}

/// Bytes that are decoded only to count them.
const COUNTED: usize = 1024 * 1024;

/// How many bytes [`transfer_decode`] makes of all of these, without making them where that can be counted.
pub(super) fn decoded_size(bytes: &[u8], encoding: &str) -> usize {
    match encoding.trim() {
        "base64" | "b" => {
            let runs = bytes.split(|byte| *byte == b'=');
            let digits = |run: &[u8]| {
                run.iter().filter(|byte| byte.is_ascii_alphanumeric() || b"+-/_".contains(byte)).count()
            };
            runs.map(|run| digits(run) * 6 / 8).sum()
        }
        // The other encodings are for small things; of a large one the length as it came is near enough.
        other if bytes.len() <= COUNTED => transfer_decode(bytes, other, COUNTED).len(),
        _ => bytes.len(),
    }
}

/// Base64 without fuss: characters outside the alphabet are skipped, `=` ends a run.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    let mut bits: u32 = 0;
    let mut count = 0;
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    decoded
}

/// Quoted-printable; an escape that is none stays as it is.
pub(super) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'=' {
            decoded.push(*byte);
            continue;
        }
        if let [high, low, tail @ ..] = after
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            decoded.push(high << 4 | low);
            rest = tail;
            continue;
        }
        // A soft line break, possibly with the trailing white space that transport may add.
        let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match after.get(blanks..) {
            Some([b'\n', tail @ ..]) => rest = tail,
            Some([]) => rest = &[],
            _ => decoded.push(b'='),
        }
    }
    decoded
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The historical uuencoding, as far as its lines are well formed.
fn uuencode(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let body = bytes.split(|byte| *byte == b'\n').skip_while(|line| !line.starts_with(b"begin ")).skip(1);
    for line in body {
        let Some((length, data)) = line.split_first() else { continue };
        if line.starts_with(b"end") {
            break;
        }
        let length = usize::from(length.wrapping_sub(32) & 63);
        let start = decoded.len();
        for group in data.chunks(4) {
            let bits =
                group.iter().fold(0_u32, |bits, byte| bits << 6 | u32::from(byte.wrapping_sub(32) & 63));
            decoded.extend(bits.to_be_bytes().into_iter().skip(1));
        }
        decoded.truncate(start + length);
    }
    decoded
}

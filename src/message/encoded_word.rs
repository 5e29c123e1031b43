//! Encoded words in header fields (RFC 2047, RFC 2231 language tags).
//!
//! Neighbouring words of one character set are joined before they are decoded, because many senders cut in
//! the middle of a character. What is not an encoded word stays as it was written.

use super::charset;

/// Words longer than this are no encoded words (the RFC says 75; senders write more).
const MAX_WORD: usize = 4096;

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    rest: &'a str,
}

/// Decodes a field value: unfolded, encoded words replaced, white space between two of them dropped.
pub(super) fn decode(value: &str) -> String {
    let unfolded = unfold(value);
    let mut decoded = String::with_capacity(unfolded.len());
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut rest = unfolded.as_str();
    while let Some(at) = rest.find("=?") {
        let (before, start) = rest.split_at(at);
        let Some(word) = word(start) else {
            flush(&mut decoded, &mut pending);
            decoded.push_str(before);
            decoded.push_str("=?");
            rest = start.get(2..).unwrap_or_default();
            continue;
        };
        let joined = before.trim().is_empty() && pending.is_some();
        if !joined {
            flush(&mut decoded, &mut pending);
            decoded.push_str(before);
        }
        match &mut pending {
            Some((charset, bytes)) if charset.eq_ignore_ascii_case(word.charset) => bytes.extend(word.bytes),
            _ => {
                flush(&mut decoded, &mut pending);
                pending = Some((word.charset.to_owned(), word.bytes));
            }
        }
        rest = word.rest;
    }
    flush(&mut decoded, &mut pending);
    decoded.push_str(rest);
    decoded.trim().to_owned()
}

fn flush(decoded: &mut String, pending: &mut Option<(String, Vec<u8>)>) {
    if let Some((charset, bytes)) = pending.take() {
        let text = charset::to_text(&bytes, Some(&charset));
        decoded.extend(text.chars().filter(|c| !matches!(c, '\r' | '\n')));
    }
}

/// Reads `=?charset?encoding?data?=` at the start of `text`.
fn word(text: &str) -> Option<Word<'_>> {
    let inner = text.strip_prefix("=?")?;
    let (charset, after) = inner.get(..floor(inner, 100))?.split_once('?')?;
    let encoding = after.chars().next()?;
    let data_at = 2 + charset.len() + 1 + 1 + 1;
    let data = text.get(data_at..)?;
    if text.get(data_at - 1..data_at) != Some("?")
        || charset.is_empty()
        || !charset.is_ascii()
        || charset.contains(char::is_whitespace)
    {
        return None;
    }
    let window = data.get(..floor(data, MAX_WORD))?;
    let end = window.find("?=")?;
    let data_text = data.get(..end)?;
    let rest = data.get(end + 2..)?;
    let bytes = match encoding {
        'b' | 'B' => charset::base64(data_text.as_bytes()),
        'q' | 'Q' => charset::quoted_printable(&raw(charset, &data_text.replace('_', " "))),
        _ => return None,
    };
    let charset = charset.split('*').next().unwrap_or(charset);
    Some(Word { charset, bytes, rest })
}

/// Eight-bit characters do not belong in a word; senders who put them there meant the word's character set.
fn raw(charset: &str, data: &str) -> Vec<u8> {
    if data.is_ascii() || charset.to_ascii_lowercase().starts_with("utf") {
        return data.as_bytes().to_vec();
    }
    let mut bytes = Vec::with_capacity(data.len());
    for c in data.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend(c.to_string().as_bytes()),
        }
    }
    bytes
}

/// The largest character boundary of `text` that is at most `limit`.
fn floor(text: &str, limit: usize) -> usize {
    (0..=limit.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Joins folded lines; each line break with its white space becomes one space.
fn unfold(value: &str) -> String {
    value.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn words_are_decoded_and_joined() {
        assert_eq!(decode("=?utf-8?Q?Caf=C3=A9?="), "Café");
        assert_eq!(decode("Re: =?iso-8859-1?Q?caf=E9_au_lait?= (2)"), "Re: café au lait (2)");
        assert_eq!(decode("=?utf-8?B?Wm/D?=\r\n =?utf-8?B?qyE=?="), "Zoë!", "cut within a character");
        assert_eq!(decode("=?utf-8*fr?q?d=C3=A9j=C3=A0_vu?="), "déjà vu");
    }

    #[test]
    fn what_is_no_word_stays() {
        for text in
            ["=?", "=?utf-8?", "=?utf-8?X?abc?=", "a =? b", "=?utf-8?Q?never ends", "=???=", "=?é?Q?a?="]
        {
            assert_eq!(decode(text), text);
        }
    }
}

//! The bytes of an e-mail with every part decoded, whatever it is nested in: what is written in base64 or quoted-printable is not
//! found in the bytes.
//!
//! Knows nothing of messages on purpose: whatever looks like an encoding is undone, so that nothing hides in a part that a reader of
//! messages would not open. What is compressed, as office documents and most PDFs are, stays closed.

use data_encoding::BASE64;

/// A message in a message in a message.
const DEPTH: usize = 3;
/// Shorter runs are words.
const SHORTEST: usize = 16;

/// `bytes` and whatever is encoded in them, each as text.
pub fn decoded(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    open(bytes, DEPTH, &mut found);
    found
}

fn open(bytes: &[u8], depth: usize, found: &mut Vec<String>) {
    found.push(String::from_utf8_lossy(bytes).into_owned());
    let Some(depth) = depth.checked_sub(1) else { return };
    if bytes.contains(&b'=') {
        let plain = quoted_printable(bytes);
        if plain != bytes {
            found.push(String::from_utf8_lossy(&plain).into_owned());
        }
    }
    for run in base64_runs(bytes) {
        open(&run, depth, found);
    }
}

/// RFC 2045 §6.7, wherever it looks like it.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'=' {
            plain.push(*first);
            continue;
        }
        match behind {
            [b'\r', b'\n', more @ ..] | [b'\n', more @ ..] => rest = more,
            [high, low, more @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |sign: u8| char::from(sign).to_digit(16).unwrap_or_default();
                let value = digit(*high).wrapping_mul(16).wrapping_add(digit(*low));
                plain.push(u8::try_from(value).unwrap_or_default());
                rest = more;
            }
            _ => plain.push(b'='),
        }
    }
    plain
}

/// Runs of base64, over ends of lines, each decoded as far as it goes.
fn base64_runs(bytes: &[u8]) -> Vec<Vec<u8>> {
    let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let mut runs = Vec::new();
    let mut run: Vec<u8> = Vec::new();
    let mut end = |run: &mut Vec<u8>| {
        let signs = std::mem::take(run);
        let mut whole: Vec<u8> = signs.into_iter().take_while(|sign| *sign != b'=').collect();
        if whole.len() < SHORTEST {
            return;
        }
        // A last sign alone is half a byte.
        if whole.len() % 4 == 1 {
            whole.pop();
        }
        while !whole.len().is_multiple_of(4) {
            whole.push(b'=');
        }
        let mut specification = BASE64.specification();
        specification.check_trailing_bits = false;
        if let Ok(encoding) = specification.encoding()
            && let Ok(plain) = encoding.decode(&whole)
        {
            runs.push(plain);
        }
    };
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let all = !line.is_empty() && line.iter().all(is_sign);
        if all {
            run.extend_from_slice(line);
            continue;
        }
        end(&mut run);
        // Within a line: encoded words of headers.
        for word in line.split(|byte| !is_sign(byte)) {
            run.extend_from_slice(word);
            end(&mut run);
        }
    }
    end(&mut run);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_found() {
        let secret = "petra.abend@nordlicht.example";
        let words = format!("Bitte wenden Sie sich an {secret}, danke.");
        let lines = |text: &str| {
            let text = BASE64.encode(text.as_bytes());
            text.as_bytes()
                .chunks(76)
                .map(|line| String::from_utf8_lossy(line).into_owned())
                .collect::<Vec<_>>()
                .join("\r\n")
        };
        let inner = format!("Content-Transfer-Encoding: base64\r\n\r\n{}\r\n", lines(&words));
        for message in [
            words.clone(),
            inner.clone(),
            format!("X: 1\r\n\r\n{}", lines(&inner)),
            "Subject: =?utf-8?b?".to_owned() + &BASE64.encode(secret.as_bytes()) + "?=\r\n\r\n",
            "petra.abend=40nordlicht=\r\n.example".to_owned(),
            format!("\r\n\r\n{}", lines("petra.abend=40nord=\nlicht.example and more")),
        ] {
            assert!(decoded(message.as_bytes()).iter().any(|text| text.contains(secret)), "{message}");
        }
    }
}

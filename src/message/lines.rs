//! Cutting bytes into lines: LF, CRLF and, in files that know no LF at all, lone CR.
//!
//! A line is yielded without its line ending. One pass, no copy.

/// Iterates over the lines of `bytes` as `(offset of the line, line without its ending)`.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let ending = if bytes.contains(&b'\n') || !bytes.contains(&b'\r') { b'\n' } else { b'\r' };
    let mut offset = 0;
    bytes.split_inclusive(move |byte| *byte == ending).map(move |line| {
        let start = offset;
        offset += line.len();
        (start, strip_ending(line))
    })
}

fn strip_ending(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

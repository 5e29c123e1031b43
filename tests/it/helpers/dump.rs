//! Everything that the database holds, as whoever steals a dump reads it: by `pg_dump`, with all bytes, whatever is encoded in them, and
//! whatever is compressed in that.

use std::{
    io::{Cursor, Read as _},
    process::Command,
};

use data_encoding::BASE64;
use flate2::read::GzDecoder;
use handover::administration::persons::decoded;
use zip::ZipArchive;

use super::desk::Desk;

/// The lines that one of these words stands in, in whatever case, but for these tables.
pub fn standing(desk: &Desk, words: &[&str], without: &[&str]) -> Vec<String> {
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let stands = |line: &&str| {
        let line = line.to_lowercase();
        lower.iter().any(|word| line.contains(word))
    };
    let mut lines: Vec<String> = Vec::new();
    for text in dump(desk, without) {
        lines.extend(text.lines().filter(stands).map(|line| line.chars().take(200).collect()));
    }
    lines
}

fn dump(desk: &Desk, without: &[&str]) -> Vec<String> {
    let mut program = Command::new("pg_dump");
    let url = desk.database.owner_url();
    // Settings of our driver's own.
    let (base, settings) = url.split_once('?').unwrap_or((&url, ""));
    let kept: Vec<&str> = settings.split('&').filter(|one| !one.starts_with("statement-cache")).collect();
    let url = format!("{base}?{}", kept.join("&"));
    let without = without.iter().map(|table| format!("--exclude-table-data={table}"));
    let output = program.args(["--inserts", "--dbname", &url]).args(without).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut found = Vec::new();
    for bytes in text.split("\\x").skip(1) {
        let hex: String = bytes.chars().take_while(char::is_ascii_hexdigit).collect();
        let even = &hex[..hex.len() / 2 * 2];
        if let Ok(bytes) = data_encoding::HEXLOWER_PERMISSIVE.decode(even.as_bytes()) {
            found.extend(decoded(&bytes));
            found.extend(unpacked(&bytes));
            found.extend(attachments(&bytes).iter().flat_map(|attachment| unpacked(attachment)));
        }
    }
    found.push(text);
    found
}

/// What stands in base64 over several lines, as attachments do.
fn attachments(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes).replace('\r', "");
    let signs = |line: &str| line.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c));
    let parts =
        text.split("\n\n").map(|part| part.lines().take_while(|line| signs(line)).collect::<String>());
    parts.filter(|part| part.len() > 16).filter_map(|part| BASE64.decode(part.as_bytes()).ok()).collect()
}

/// What is in it, where it is a gzip or a ZIP.
fn unpacked(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut plain = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) && GzDecoder::new(bytes).take(1 << 24).read_to_end(&mut plain).is_ok()
    {
        found.push(String::from_utf8_lossy(&plain).into_owned());
    }
    if let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) {
        for at in 0..archive.len() {
            let Ok(entry) = archive.by_index(at) else { continue };
            let mut plain = Vec::new();
            if entry.take(1 << 24).read_to_end(&mut plain).is_ok() {
                found.push(String::from_utf8_lossy(&plain).into_owned());
            }
        }
    }
    found
}

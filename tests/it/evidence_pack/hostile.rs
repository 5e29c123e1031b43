//! Archives that somebody made to harm whoever checks them: refused within bounded memory, and never written anywhere.

use std::io::{Cursor, Read, Seek, SeekFrom, Write as _};

use handover::pack::check::check;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const NAMES: [&str; 9] = [
    "chain.json",
    "records.json",
    "settings.json",
    "proof.json",
    "case.json",
    "case.html",
    "case.pdf",
    "manifest.json",
    "manifest.sig",
];

/// An archive of these entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The entries of a pack, with one of them otherwise.
fn with(name: &str, bytes: &[u8]) -> Vec<u8> {
    archive(&NAMES.map(|there| (there, if there == name { bytes } else { b"{}".as_slice() })))
}

/// Every occurrence of some bytes in place of others, which are as many.
fn replaced(mut archive: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = archive
        .windows(from.len())
        .enumerate()
        .filter(|(_, window)| *window == from)
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        archive[at..at + to.len()].copy_from_slice(to);
    }
    archive
}

#[track_caller]
fn refused(archive: Vec<u8>, why: &str) {
    let error = format!("{:#}", check(Cursor::new(archive), &[]).unwrap_err());
    assert!(error.contains(why), "{error}");
}

#[test]
fn names_that_lead_elsewhere_are_no_entries_of_a_pack() {
    for name in [
        "../../etc/passwd",
        "/etc/passwd",
        "files/../x.pdf",
        "C:\\x.pdf",
        "files/a/b.pdf",
        "files/",
        "mails/.eml",
        "files/a.pdf\u{202e}",
        "chain.json/",
        "files/CON.pdf",
    ] {
        let mut entries: Vec<(&str, &[u8])> = NAMES.iter().map(|name| (*name, b"{}".as_slice())).collect();
        entries.insert(7, (name, b"x"));
        refused(archive(&entries), "does not belong into a pack");
    }
}

#[test]
fn two_entries_of_one_name_and_another_order_are_refused() {
    let mut entries: Vec<(&str, &[u8])> = NAMES.iter().map(|name| (*name, b"{}".as_slice())).collect();
    entries.insert(7, ("files/a.pdf", b"one"));
    entries.insert(8, ("files/b.pdf", b"two"));
    refused(replaced(archive(&entries), b"files/b.pdf", b"files/a.pdf"), "two entries have one name");
    entries.swap(0, 1);
    refused(archive(&entries), "in their order");
    refused(archive(&entries[..5]), "in their order");
    refused(archive(&[]), "in their order");
}

#[test]
fn what_is_before_between_or_behind_the_entries_is_refused() {
    let pack = with("", b"");
    refused([b"#!/bin/sh\n".as_slice(), &pack].concat(), "the archive is torn");
    refused([pack.as_slice(), b"more"].concat(), "does not end as an archive does");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.set_comment("a comment").unwrap();
    refused(zip.finish().unwrap().into_inner(), "does not end as an archive does");
    for length in 0..pack.len() {
        assert!(check(Cursor::new(&pack[..length]), &[]).is_err(), "{length}");
    }
}

#[test]
fn a_bomb_is_refused_by_what_it_says_and_by_what_comes_out() {
    // Eight megabytes of nothing in some kilobytes, that says it is two gigabytes, or within what an entry may have but with
    // the others more than is kept; and the other way round.
    let (zeros, size) = (vec![0_u8; 0x0080_0102], [0x02, 0x01, 0x80, 0x00]);
    refused(replaced(with("case.html", &zeros), &size, &[0, 0, 0, 0x7f]), "case.html is too large");
    refused(
        replaced(with("case.html", &zeros), &size, &[0, 0, 0, 0x09]),
        "the texts of the pack are too large",
    );
    for said in [[0x03, 0x01, 0x80, 0x00], [0, 0, 0, 0x07], [0x01, 0x01, 0x80, 0x00], [4, 0, 0, 0], [0; 4]] {
        refused(replaced(with("case.html", &zeros), &size, &said), "case.html");
    }
    // Says that there are more entries than it has bytes.
    let mut many = with("", b"");
    let end = many.len() - 22;
    many[end + 8..end + 12].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    refused(many, "too many entries");
}

/// A file that seems to have no end.
struct Endless;

impl Read for Endless {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        panic!("a file of such a size is not read at all");
    }
}

impl Seek for Endless {
    fn seek(&mut self, _: SeekFrom) -> std::io::Result<u64> {
        Ok(1 << 40)
    }
}

#[test]
fn a_file_that_is_larger_than_any_pack_is_not_read() {
    let error = check(Endless, &[]).unwrap_err();
    assert!(error.to_string().contains("this is no pack"), "{error:#}");
}

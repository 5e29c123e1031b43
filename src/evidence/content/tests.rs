//! Files as people send them, and as people send them who mean no good.

use proptest::prelude::*;

use super::*;

fn pdf(inside: &str) -> Vec<u8> {
    format!("%PDF-1.7\n1 0 obj\n<< /Type /Catalog {inside} >>\nendobj\nstartxref\n9\n%%EOF\n").into_bytes()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png::SIGNATURE.to_vec();
    let mut chunk = |name: &[u8], data: &[u8]| {
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        bytes.extend(name);
        bytes.extend(data);
        bytes.extend([0; 4]);
    };
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    chunk(b"IHDR", &header);
    chunk(b"IDAT", b"pixels");
    chunk(b"IEND", b"");
    bytes
}

fn jpeg(width: u16, height: u16, comment: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xfe];
    bytes.extend(u16::try_from(comment.len() + 2).unwrap().to_be_bytes());
    bytes.extend(comment);
    bytes.extend([0xff, 0xff, 0xc2, 0, 11, 8]);
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([1, 1, 0x11, 0, 0xff, 0xda, 0, 3, 0, 1, 2, 3, 0xff, 0xd9]);
    bytes
}

#[test]
fn the_three_kinds_are_taken() {
    assert_eq!(recognise(&pdf("")), Ok(Kind::Pdf));
    assert_eq!(recognise(&pdf("/AcroForm 2 0 R /OpenAction [3 0 R /Fit]")), Ok(Kind::Pdf));
    assert_eq!(recognise(&png(2480, 3508)), Ok(Kind::Png));
    assert_eq!(recognise(&jpeg(4032, 3024, b"made by hand")), Ok(Kind::Jpeg));
    let mut with_gain_map = jpeg(4032, 3024, b"");
    with_gain_map.extend(jpeg(1008, 756, b""));
    assert_eq!(recognise(&with_gain_map), Ok(Kind::Jpeg), "as newer telephones do");
}

#[test]
fn everything_else_is_not_whatever_it_is_called() {
    for other in [
        &b"<!doctype html><script>alert(1)</script>"[..],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04word/vbaProject.bin",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"MZ\x90\x00",
        b"GIF89a",
        b"II*\x00",
        b"hello, this is text",
        // A film in the same container, and one that only looks like it.
        b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2",
        b"\0\0\0\x20ftyp",
    ] {
        assert_eq!(recognise(other), Err(Rejection::UnknownType), "{other:?}");
    }
    // A photo of an iPhone: what its container is called stands behind the length.
    for brand in ["heic", "heix", "mif1", "hevc"] {
        let photo = format!("\0\0\0\x24ftyp{brand}\0\0\0\0mif1heic");
        assert_eq!(recognise(photo.as_bytes()), Err(Rejection::PhonePhoto), "{brand}");
    }
    assert_eq!(recognise(b""), Err(Rejection::NoFile));
}

#[test]
fn a_pdf_runs_and_hides_nothing() {
    for (inside, expected) in [
        ("/Names << /JavaScript 4 0 R >>", Rejection::ActiveContent),
        ("/A << /S /J#61vaScript /JS (app.alert(1)) >>", Rejection::ActiveContent),
        ("/OpenAction << /S/Launch /F (cmd.exe) >>", Rejection::ActiveContent),
        ("/Names << /EmbeddedFiles 4 0 R >>", Rejection::ActiveContent),
        ("/A << /S /SubmitForm /F (https://evil.example) >>", Rejection::ActiveContent),
        ("/A << /S /Submit#46orm /F 7 0 R >>", Rejection::ActiveContent),
        ("/AA << /O << /S /ImportData /F (x.fdf) >> >>", Rejection::ActiveContent),
        ("/AcroForm << /XFA [(template) 4 0 R] >>", Rejection::ActiveContent),
        ("/A << /S /GoToR /F (other.pdf) /D [0 /Fit] >>", Rejection::ActiveContent),
        ("/A << /S /GoToE /T 4 0 R >>", Rejection::ActiveContent),
        (r"/F (\\\\evil.example\\share\\a.pdf)", Rejection::ActiveContent),
        ("/F <5C5C6576696C5C61>", Rejection::ActiveContent),
        ("/A << /S /URI /URI (FILE://evil.example/share) >>", Rejection::ActiveContent),
        ("/Encrypt 5 0 R", Rejection::Protected),
        ("/#45ncrypt 5 0 R", Rejection::Protected),
        ("<script>alert(1)</script>", Rejection::TwoInOne),
    ] {
        assert_eq!(recognise(&pdf(inside)), Err(expected), "{inside}");
    }
    assert_eq!(
        recognise(&pdf("/A << /S /URI /URI (https://customer.example) >> /XFAText 1 /GoTo 1")),
        Ok(Kind::Pdf)
    );
    assert_eq!(recognise(&pdf("/EncryptMetadata true /LaunchPad 1 /Java 1")), Ok(Kind::Pdf));
}

/// As readers do, but nothing that somebody could take for something else.
#[test]
fn a_pdf_may_begin_after_nothing_but_a_mark_and_empty_lines() {
    let after = |before: &[u8]| recognise(&[before, &pdf("")].concat());
    for before in [&b"\xef\xbb\xbf"[..], b"\n", b"\xef\xbb\xbf\r\n \t", &[0; 1019]] {
        assert_eq!(after(before), Ok(Kind::Pdf), "{before:?}");
    }
    for before in
        [&b"#!/bin/sh\n"[..], b"MZ\x90\0", b"GIF89a", b"PK\x03\x04", b"\x1b%-12345X@PJL\r\n", b"From: x\r\n"]
    {
        assert_eq!(after(before), Err(Rejection::TwoInOne), "{before:?}");
    }
    assert_eq!(after(&[b' '; 1020]), Err(Rejection::UnknownType), "readers look no further");
    assert_eq!(after(b"<script>alert(1)</script>"), Err(Rejection::TwoInOne));
    // Still looked at as a whole.
    let hides = [b"\xef\xbb\xbf".as_slice(), &pdf("/S /JavaScript")].concat();
    assert_eq!(recognise(&hides), Err(Rejection::ActiveContent));
}

#[test]
fn a_file_is_one_thing() {
    for whole in [pdf(""), jpeg(10, 10, b"")] {
        let mut archive = whole.clone();
        archive.extend(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        if whole.starts_with(b"%PDF") {
            archive.extend(b"%%EOF");
        }
        assert_eq!(recognise(&archive), Err(Rejection::TwoInOne));
    }
    let page = jpeg(10, 10, b"<HTML><script src=//evil.example></script>");
    assert_eq!(recognise(&page), Err(Rejection::TwoInOne));
    assert_eq!(recognise(&jpeg(10, 10, b"%PDF-1.4")), Err(Rejection::TwoInOne));
    let mut behind = png(10, 10);
    behind.push(0);
    assert_eq!(recognise(&behind), Err(Rejection::Damaged));
}

#[test]
fn a_file_is_whole() {
    for whole in [pdf(""), png(10, 10), jpeg(10, 10, b"")] {
        for length in 9..whole.len() - 8 {
            assert!(recognise(&whole[..length]).is_err(), "{length} of {}", whole.len());
        }
    }
}

#[test]
fn an_image_that_would_fill_all_memory_is_refused() {
    assert_eq!(recognise(&png(60_000, 60_000)), Err(Rejection::TooManyPixels));
    assert_eq!(recognise(&jpeg(65_000, 65_000, b"")), Err(Rejection::TooManyPixels));
    assert_eq!(recognise(&png(0, 10)), Err(Rejection::Damaged));
}

mod properties {
    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble(start in 0_usize..4, rest in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut bytes = [&b"%PDF-1.7\n"[..], &[0xff, 0xd8, 0xff], png::SIGNATURE, b""][start].to_vec();
            bytes.extend(rest);
            let _ = recognise(&bytes);
        }
    }
}

//! The PDF read back: what it says, in which order, in which language, and whether we would take it in ourselves.

use std::{collections::HashMap, io::Read as _};

use flate2::read::ZlibDecoder;

use super::*;
use crate::{
    case::{
        entitlement::EntitlementNumber,
        escalation::{ContactRole, Departed, DepartedAddress, Escalation, Requester, Successor},
        number::CaseNumber,
        text::Text,
    },
    evidence::content::{Kind, recognise},
    lang::Language,
};

fn escalation() -> Escalation {
    let numbers = ["SEN-10000001", "E-3W8-NHD-V5E-GM7", "nordlicht.atlassian.net"];
    Escalation {
        language: Language::De,
        requester: Requester {
            name: "Miriam Keßler".into(),
            email: "m@nordlicht.example".parse().unwrap(),
            phone: None,
            position: Some("Leiterin IT".into()),
        },
        company: "Nordlicht Maschinenbau GmbH & Co. KG".into(),
        customer_number: Some("K-1".into()),
        hosting: None,
        entitlements: numbers.iter().map(|number| EntitlementNumber::parse(number).unwrap()).collect(),
        departed: Departed {
            name: "Petra Müßig-Łukasiewicz".into(),
            // What staff found out is not the customer's word.
            email: DepartedAddress::FoundOut("petra@nordlicht.example".parse().unwrap()),
            on: None,
            role: ContactRole::Both,
        },
        successor: Successor {
            name: "Τόβιας Иванов".into(),
            email: "t@nordlicht.example".parse().unwrap(),
            is_requester: false,
        },
        explanation: Text::parse("…").unwrap(),
    }
}

fn letter(escalation: &Escalation, language: Language) -> Letter {
    Letter::of(escalation, &CaseNumber::new(2026, 42), "Muster Reseller GmbH", language)
}

/// What is packed in the PDF, in its order.
fn streams(pdf: &[u8]) -> Vec<String> {
    let begins = |at: &usize| pdf[*at..].starts_with(b"stream\n");
    let packed = (0..pdf.len()).filter(begins).map(|at| &pdf[at + 7..]);
    packed
        .filter_map(|bytes| {
            let mut plain = Vec::new();
            ZlibDecoder::new(bytes).read_to_end(&mut plain).ok()?;
            Some(plain.into_iter().map(char::from).collect())
        })
        .collect()
}

/// Sign → character, by a font's own table.
fn characters(table: &str) -> HashMap<u16, String> {
    let hex = |word: &str| u16::from_str_radix(word.trim_matches(['<', '>']), 16);
    let pair = |line: &str| {
        let (sign, character) = line.split_once(' ')?;
        let unit = hex(character).ok()?;
        Some((hex(sign).ok()?, String::from_utf16(&[unit]).ok()?))
    };
    table.lines().filter_map(pair).collect()
}

/// The text of the first page as it is drawn, that is in reading order. Each page names the fonts in an order of its own.
fn text(pdf: &[u8]) -> String {
    let streams = streams(pdf);
    let fonts: Vec<_> =
        streams.iter().filter(|one| one.contains("beginbfchar")).map(|one| characters(one)).collect();
    let mut text = String::new();
    for page in streams.iter().filter(|one| one.contains("BDC\nq ")).take(1) {
        let (mut font, mut at) = (0, page.chars().peekable());
        while let Some(c) = at.next() {
            if c == '/' && at.peek() == Some(&'f') {
                at.next();
                font = at.next().and_then(|digit| digit.to_digit(10)).map_or(font, |digit| digit as usize);
            }
            if c != '(' {
                continue;
            }
            let mut bytes: Vec<u16> = Vec::new();
            // Parentheses in pairs stand for themselves (ISO 32000-1 §7.3.4.2).
            let mut open = 1;
            while let Some(c) = at.next() {
                open += i32::from(c == '(') - i32::from(c == ')');
                if open == 0 {
                    break;
                }
                let byte = match (c, at.peek().copied()) {
                    ('\\', Some(digit)) if digit.is_digit(8) => {
                        let octal: String = at.by_ref().take(3).collect();
                        u16::from_str_radix(&octal, 8).unwrap()
                    }
                    ('\\', Some(named)) => {
                        at.next();
                        let named = match named {
                            'n' => '\n',
                            'r' => '\r',
                            't' => '\t',
                            'b' => '\u{8}',
                            'f' => '\u{c}',
                            other => other,
                        };
                        u16::try_from(u32::from(named)).unwrap()
                    }
                    (c, _) => u16::try_from(u32::from(c)).unwrap(),
                };
                bytes.push(byte);
            }
            for pair in bytes.chunks(2) {
                text.push_str(fonts[font].get(&(pair[0] << 8 | pair[1])).map_or("\u{fffd}", String::as_str));
            }
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_letter_reads_back_as_it_was_written() {
    for language in Language::ALL {
        let letter = letter(&escalation(), language);
        assert!(can_show(&letter));
        let pdf = write(&letter).unwrap();
        let text = text(&pdf);
        for said in letter.texts() {
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(&said), "{said:?} is missing in {text}");
        }
        assert!(!text.contains("petra@") && !text.contains('\u{fffd}'), "{text}");
        let place = |words: &str| text.find(words).unwrap();
        assert!(
            place(&letter.title) < place("SEN-10000001")
                && place("SEN-10000001") < place(&letter.signature[1])
        );

        let raw = String::from_utf8_lossy(&pdf);
        let marks = [
            format!("/Lang({})", language.as_str()),
            "/MarkInfo<</Marked true".to_owned(),
            "/StructTreeRoot".to_owned(),
            "/S/H1".to_owned(),
            "/DisplayDocTitle true".to_owned(),
            "<pdfuaid:part>1</pdfuaid:part>".to_owned(),
            format!("<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}", letter.title),
        ];
        for mark in marks {
            assert!(raw.contains(&mark), "{mark}");
        }
        assert_eq!(write(&letter).unwrap(), pdf, "the same letter makes the same bytes");
        assert_eq!(recognise(&pdf), Ok(Kind::Pdf));
    }
}

#[test]
fn a_long_letter_goes_on_over_the_page_and_its_signature_is_not_torn() {
    let mut long = escalation();
    long.entitlements =
        (0..50).map(|n| EntitlementNumber::parse(&format!("E-{n:02}8-NHD-V5E-GM7")).unwrap()).collect();
    long.company = "Werkstätte ".repeat(18);
    long.departed.name = "W".repeat(200);
    let letter = letter(&long, Language::De);
    let pdf = write(&letter).unwrap();
    let pages: Vec<String> = streams(&pdf).into_iter().filter(|one| one.contains("BDC\nq ")).collect();
    assert_eq!(pages.len(), 2);
    // The lines to write on, each drawn as one path, stand on one page.
    assert_eq!(pages.iter().filter(|page| page.matches(" l\n").count() == letter.signature.len()).count(), 1);
}

#[test]
fn what_the_typeface_can_not_show_is_told_before() {
    for (name, shown) in [
        ("Zoë Ångström-Ősz", true),
        ("Zoe\u{308} Decomposed", true),
        ("Ναταλία Щербак", true),
        ("Đặng Thị Hồng", true),
        ("山田太郎", false),
        ("محمد", false),
        ("Ann\u{301}\u{316}e", false),
        ("Petra 🙂", false),
    ] {
        let mut asked = escalation();
        asked.departed.name = name.into();
        let letter = letter(&asked, Language::En);
        assert_eq!(can_show(&letter), shown, "{name}");
        assert_eq!(write(&letter).is_ok(), shown, "{name}");
    }
}

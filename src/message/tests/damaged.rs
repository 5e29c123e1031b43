//! Damaged mails: what the fuzzing target does for hours, for some seconds with every test.
//!
//! The first mail that does harm is printed.

#![expect(clippy::print_stderr, reason = "a failure says which mail it was")]

use std::{fs, path::Path, sync::LazyLock};

use proptest::prelude::*;

use super::super::{Kind, cut_out, inspect, understand};

/// Bytes of one.
const LONGEST: usize = 32 * 1024;

/// What structure is made of.
const PIECES: [&str; 26] = [
    "\n\n",
    "\r\n",
    "\r",
    "\0",
    "--b\n",
    "--b--\n",
    "Content-Type: multipart/alternative; boundary=b\n",
    "Content-Type: multipart/mixed; boundary=b\n",
    "Content-Type: message/rfc822\n\n",
    "Content-Type: text/html\n",
    "Content-Type: application/pkcs7-mime\n",
    "Content-Transfer-Encoding: base64\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "Content-Disposition: attachment; filename*=utf-8''%00a\n",
    "=?utf-8?Q?=00=?=",
    "=?utf-8?B?",
    "<blockquote type=cite>",
    "<blockquote>",
    "</blockquote>",
    "<div class=gmail_quote>",
    "</div>",
    "<head>",
    "> ",
    "\nAm 27.11.2026 schrieb Eva <eva@kunde.example>:\n",
    "\n-- \n",
    "\u{E000}\n\u{E004}",
];

/// A small generator (xorshift64*): the mails need be different, not unpredictable.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        number as usize % end.max(1)
    }
}

/// The mails that are damaged.
static MAILS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut mails: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "eml")).collect();
    mails.sort();
    mails.into_iter().map(|file| fs::read(file).unwrap()).collect()
});

mod properties {
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::with_cases(1500) })]

        #[test]
        fn mails_damaged_in_new_ways_are_understood(seed in any::<u64>()) {
            let mail = damaged(&MAILS, &mut Chance(seed | 1));
            let witness = Witness(&mail);
            check(&mail);
            drop(witness);
        }
    }
}

/// Says which mail it was when a test ends while it is being understood.
struct Witness<'a>(&'a [u8]);

impl Drop for Witness<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this mail did it:\n{}", self.0.escape_ascii());
        }
    }
}

fn damaged(mails: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut mail = mails[chance.below(mails.len())].clone();
    for _ in 0..=chance.below(12) {
        let at = chance.below(mail.len() + 1);
        let to = (at + chance.below(200)).min(mail.len());
        match chance.below(6) {
            0 => mail.truncate(at),
            1 => drop(mail.drain(at..to)),
            2 => {
                let again = mail[at..to].repeat(1 + chance.below(20));
                drop(mail.splice(at..at, again));
            }
            3 => {
                let other = &mails[chance.below(mails.len())];
                let from = chance.below(other.len());
                drop(mail.splice(at..to, other[from..].iter().copied()));
            }
            4 => mail.iter_mut().skip(at).take(1).for_each(|byte| *byte = chance.below(256) as u8),
            _ => drop(mail.splice(at..at, PIECES[chance.below(PIECES.len())].bytes())),
        }
        mail.truncate(LONGEST);
    }
    mail
}

fn check(mail: &[u8]) {
    let understood = understand(mail);
    assert_eq!(understood.kind == Kind::Bounce, understood.bounce.is_some());
    assert!(inspect::line("mail", mail).is_ok());
    // As `{:?}` writes it; a backslash of the mail's own is written twice.
    let written = format!("{understood:?}").replace("\\\\", "");
    assert!(!written.contains("\\0"), "PostgreSQL takes no NUL");
    assert!(
        !understood.visible_text.is_empty() || !understood.remarks.is_empty(),
        "nothing is dropped without a word"
    );
    for attachment in &understood.attachments {
        let (same, bytes) = cut_out(mail, attachment.part).unwrap();
        assert_eq!((same.essence, bytes.len()), (attachment.essence.clone(), attachment.size));
    }
}

//! The code that stands in an e-mail, and the answer to whether an e-mail is ours.
//!
//! Made from the e-mail's id with a key, so that it need not be kept; what is kept is a keyed hash of it, to find it by. Whoever
//! guesses codes can't steer what the database compares, and is told the same for a code that there is not as for one that went
//! to another mailbox: so the answer tells nobody who gets mail from us. What a code can't do: show that the e-mail that bears it
//! is the one it was made for. So the answer says which that was.

use std::fmt;

use anyhow::Context as _;
use sqlx::PgConnection;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::compose::parse_address;
use crate::{
    clock::Timestamp,
    token::{Signer, sha256},
};

/// Without 0, 1, I and O, which look like others.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// That many signs of base 32 hold 50 bits: more than can be tried against a page that answers a few times a minute.
const LENGTH: usize = 10;

/// The code of one e-mail.
#[derive(Clone, PartialEq, Eq)]
pub struct MailCode(String);

impl MailCode {
    /// That of the e-mail `id`.
    pub fn of(signer: &Signer, id: Uuid) -> Self {
        let signs = signer.sign(&format!("code {id}"));
        let sign = |letter: u8| {
            let at = match letter {
                b'a'..=b'z' => letter.saturating_sub(b'a'),
                _ => letter.saturating_sub(b'2').saturating_add(26),
            };
            ALPHABET.get(usize::from(at)).copied().map(char::from)
        };
        Self(signs.bytes().filter_map(sign).take(LENGTH).collect())
    }

    /// As somebody typed it, whatever stands between the signs; `None` for what can't be one.
    pub fn parse(text: &str) -> Option<Self> {
        let signs: String = text
            .chars()
            .filter(|sign| sign.is_alphanumeric())
            .flat_map(char::to_uppercase)
            .take(LENGTH + 1)
            .collect();
        let looks_right = signs.len() == LENGTH && signs.bytes().all(|sign| ALPHABET.contains(&sign));
        looks_right.then_some(Self(signs))
    }

    /// What it is found by.
    fn tag(&self, signer: &Signer) -> String {
        signer.sign(&format!("code tag {}", self.0))
    }
}

/// In two groups, as it stands in the e-mail.
impl fmt::Display for MailCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at_checked(LENGTH / 2).unwrap_or((&self.0, ""));
        write!(f, "{first}-{second}")
    }
}

impl fmt::Debug for MailCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailCode(…)")
    }
}

/// What an e-mail is known by before it is written: the id it will be kept under, and the code of it.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub id: Uuid,
    pub code: MailCode,
    tag: String,
}

impl Stamp {
    pub fn new(signer: &Signer) -> Self {
        let id = Uuid::now_v7();
        let code = MailCode::of(signer, id);
        let tag = code.tag(signer);
        Self { id, code, tag }
    }

    /// What the code is found by.
    pub fn tag(&self) -> &str {
        &self.tag
    }
}

/// An e-mail of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub notification: String,
    pub subject: String,
    /// What it bears as its date.
    pub written_at: Timestamp,
}

/// The e-mail with this code, if it was handed over, or may have been, and went to `address`.
///
/// One query, whatever is asked: an address that gets no mail from us takes as long as one that does.
pub async fn find_known(
    connection: &mut PgConnection,
    signer: &Signer,
    code: &MailCode,
    address: &str,
) -> anyhow::Result<Option<Known>> {
    let found = sqlx::query!(
        r#"select notification, subject, envelope_to, created_at as "created_at: Timestamp" from emails
         where code_tag = $1 and (attempts > 0 or state = 'sent')"#,
        code.tag(signer),
    )
    .fetch_optional(connection)
    .await
    .context("could not look up the code of an e-mail")?;
    let Some(found) = found else { return Ok(None) };
    let is_theirs: bool = digest(&found.envelope_to).ct_eq(&digest(address)).into();
    Ok(is_theirs.then_some(Known {
        notification: found.notification,
        subject: found.subject,
        written_at: found.created_at,
    }))
}

/// Of an address as we would write to it.
fn digest(address: &str) -> [u8; 32] {
    let written = parse_address(address.trim()).map_or_else(|_| String::new(), |address| address.to_string());
    sha256(written.to_lowercase().as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use secrecy::SecretString;

    use super::*;

    fn signer(secret: &str) -> Signer {
        Signer::new(&SecretString::from(secret), "mail codes")
    }

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let stamp = Stamp::new(&signer("a secret that is long enough to be one"));
        let shown = stamp.code.to_string();
        assert_eq!(shown.len(), 11, "{shown}");
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('-', ""),
            format!(" {}. ", shown.replace('-', "\u{2011}")),
        ] {
            assert_eq!(MailCode::parse(&typed), Some(stamp.code.clone()), "{typed}");
        }
        for wrong in ["", "ABCDE", "ABCDE-FGHJ0", "ABCDE-FGHJKL", "ÄBCDE-FGHJK", &format!("{shown}2")] {
            assert_eq!(MailCode::parse(wrong), None, "{wrong}");
        }
        assert_eq!(format!("{:?}", stamp.code), "MailCode(…)");
    }

    #[test]
    fn a_code_is_its_emails_and_its_keys_alone() {
        let (one, other) =
            (signer("a secret that is long enough to be one"), signer("another secret, just as long as it"));
        let id = Uuid::now_v7();
        assert_eq!(MailCode::of(&one, id), MailCode::of(&one, id));
        assert_ne!(MailCode::of(&one, id), MailCode::of(&other, id));
        let many: BTreeSet<String> =
            (0..2000).map(|n| MailCode::of(&one, Uuid::from_u128(n)).to_string()).collect();
        assert_eq!(many.len(), 2000);
        let signs: BTreeSet<char> =
            many.iter().flat_map(|code| code.chars()).filter(|sign| *sign != '-').collect();
        assert_eq!(signs.into_iter().collect::<String>().as_bytes(), ALPHABET);
    }

    #[test]
    fn an_address_is_the_same_however_it_is_written() {
        assert_eq!(digest(" Maria@Café.example"), digest("maria@xn--caf-dma.example"));
        assert_ne!(digest("maria@a.example"), digest("maria@b.example"));
    }
}

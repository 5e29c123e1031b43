//! The signed head of the log: how large the tree is, its root, when and by which key. A text that people can keep anywhere and
//! that `openssl` can verify. Pure but for reading stored ones.

use anyhow::{Context as _, ensure};
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sqlx::PgConnection;

use super::{as_hash, as_number, as_size, keys};
use crate::{clock::Timestamp, token::Sha256Bytes};

/// The first line of a head: what is signed is never taken for anything else.
const WORD: &str = "handover-log-head-v1";

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub size: u64,
    pub root: Sha256Bytes,
    pub at: Timestamp,
    /// SHA-256 of the public key.
    pub key_id: Sha256Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    pub head: Head,
    pub signature: [u8; 64],
}

impl Head {
    /// The bytes that are signed: five lines.
    pub fn text(&self) -> String {
        format!(
            "{WORD}\nsize {}\nroot {}\nat {}\nkey {}\n",
            self.size,
            HEXLOWER.encode(&self.root),
            self.at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"),
            HEXLOWER.encode(&self.key_id)
        )
    }

    pub fn sign(self, key: &SigningKey) -> SignedHead {
        let signature = key.sign(self.text().as_bytes()).to_bytes();
        SignedHead { head: self, signature }
    }
}

impl SignedHead {
    /// What is signed, and a sixth line with the signature.
    pub fn text(&self) -> String {
        format!("{}signature {}\n", self.head.text(), BASE64.encode(&self.signature))
    }

    /// Whether `key` is the one that it names, and signed it.
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        keys::id(key) == self.head.key_id
            && key.verify_strict(self.head.text().as_bytes(), &Signature::from_bytes(&self.signature)).is_ok()
    }

    /// Every head in a text, in its order: a file that heads are appended to, or a letter with one in it.
    ///
    /// # Errors
    /// Where there is none, or the last one is not whole. One in the middle that is not was torn off by a disk; it stands behind it
    /// once more.
    pub fn read_all(text: &str) -> anyhow::Result<Vec<Self>> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let mut found = Vec::new();
        let mut torn = None;
        for section in lines.split(|line| *line == WORD).skip(1) {
            match read(&mut section.iter().copied()) {
                Ok(head) => (torn, _) = (None, found.push(head)),
                Err(error) => torn = Some(error),
            }
        }
        if let Some(error) = torn {
            return Err(error.context("the last head of the text is not whole"));
        }
        ensure!(!found.is_empty(), "the text holds no head: it begins with {WORD}");
        Ok(found)
    }
}

fn read<'t>(lines: &mut impl Iterator<Item = &'t str>) -> anyhow::Result<SignedHead> {
    let mut next = |name: &str| {
        let line = lines.next().unwrap_or_default();
        let value = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(' '));
        value.with_context(|| format!("the line \"{name}\" is missing"))
    };
    let hash = |text: &str| -> anyhow::Result<Sha256Bytes> {
        as_hash(&HEXLOWER.decode(text.as_bytes()).context("not hexadecimal")?)
    };
    let size = next("size")?.parse().context("the size is no number")?;
    let root = hash(next("root")?)?;
    let at: jiff::Timestamp = next("at")?.parse().context("the time is none")?;
    let key_id = hash(next("key")?)?;
    let signature = BASE64.decode(next("signature")?.as_bytes()).context("the signature is not base64")?;
    let signature = signature.try_into().ok().context("the signature has another length")?;
    Ok(SignedHead { head: Head { size, root, at: at.into(), key_id }, signature })
}

/// A row of `log_heads`.
pub(super) struct Row {
    pub tree_size: i64,
    pub root_hash: Vec<u8>,
    pub at: Timestamp,
    pub key_id: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Row {
    pub(super) fn read(self) -> anyhow::Result<SignedHead> {
        Ok(SignedHead {
            head: Head {
                size: as_size(self.tree_size)?,
                root: as_hash(&self.root_hash)?,
                at: self.at,
                key_id: as_hash(&self.key_id)?,
            },
            signature: self.signature.try_into().ok().context("a signature has another length")?,
        })
    }
}

/// The head of the log as it is; `None` where nothing was logged yet.
pub async fn current(connection: &mut PgConnection) -> anyhow::Result<Option<SignedHead>> {
    let row = sqlx::query_as!(
        Row,
        r#"select tree_size, root_hash, at as "at: Timestamp", key_id, signature from log_heads
         order by tree_size desc limit 1"#
    )
    .fetch_optional(connection)
    .await
    .context("could not read the head of the log")?;
    row.map(Row::read).transpose()
}

/// The head of this size, if there was one.
pub async fn find(connection: &mut PgConnection, size: u64) -> anyhow::Result<Option<SignedHead>> {
    let row = sqlx::query_as!(
        Row,
        r#"select tree_size, root_hash, at as "at: Timestamp", key_id, signature from log_heads
         where tree_size = $1"#,
        as_number(size)?,
    )
    .fetch_optional(connection)
    .await
    .context("could not read a head of the log")?;
    row.map(Row::read).transpose()
}

/// So many heads above that size, the smallest first.
pub async fn list_after(
    connection: &mut PgConnection,
    size: u64,
    limit: i64,
) -> anyhow::Result<Vec<SignedHead>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select tree_size, root_hash, at as "at: Timestamp", key_id, signature from log_heads
         where tree_size > $1 order by tree_size limit $2"#,
        as_number(size)?,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list heads of the log")?;
    rows.into_iter().map(Row::read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (SigningKey, SignedHead) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let at: jiff::Timestamp = "2026-11-28T20:00:00.5Z".parse().unwrap();
        let key_id = keys::id(&key.verifying_key());
        let head = Head { size: 12, root: [0xab; 32], at: at.into(), key_id }.sign(&key);
        (key, head)
    }

    /// Changed, nobody could verify the heads that they kept.
    #[test]
    fn a_head_is_what_the_documents_say_and_reads_back() {
        let (key, head) = signed();
        let id = HEXLOWER.encode(&head.head.key_id);
        let root = "ab".repeat(32);
        let text =
            format!("handover-log-head-v1\nsize 12\nroot {root}\nat 2026-11-28T20:00:00.500000Z\nkey {id}\n");
        assert_eq!(head.head.text(), text);
        assert_eq!(head.text().strip_prefix(text.as_str()).unwrap().len(), "signature ".len() + 88 + 1);
        assert_eq!(SignedHead::read_all(&head.text()).unwrap(), std::slice::from_ref(&head));
        // In a letter, in a file with others, by an editor of another system.
        let letter = format!("Hello,\r\n\r\n  {}\r\nYours", head.text().replace('\n', "\r\n  "));
        assert_eq!(SignedHead::read_all(&letter).unwrap(), std::slice::from_ref(&head));
        let two = format!("{}\n{}\n", head.text(), head.text());
        assert_eq!(SignedHead::read_all(&two).unwrap().len(), 2);
        assert!(head.is_signed_by(&key.verifying_key()));
    }

    #[test]
    fn no_head_survives_a_change() {
        let (key, head) = signed();
        let key = key.verifying_key();
        let changes: [fn(&mut SignedHead); 5] = [
            |head| head.head.size = 13,
            |head| head.head.root[0] ^= 1,
            |head| head.head.at = head.head.at.after(jiff::SignedDuration::from_micros(1)),
            |head| head.head.key_id[31] ^= 1,
            |head| head.signature[0] ^= 1,
        ];
        for change in changes {
            let mut changed = head.clone();
            change(&mut changed);
            assert!(!changed.is_signed_by(&key), "{changed:?}");
        }
        assert!(!head.is_signed_by(&SigningKey::from_bytes(&[8; 32]).verifying_key()));
    }

    #[test]
    fn a_text_with_less_than_a_head_is_refused() {
        let (_, head) = signed();
        let text = head.text();
        for end in 0..text.len() - 2 {
            assert!(SignedHead::read_all(&text[..end]).is_err(), "{}", &text[..end]);
        }
        let cut = format!("{text}\n{}", &text[..60]);
        assert!(SignedHead::read_all(&cut).is_err());
        assert_eq!(SignedHead::read_all(&format!("{cut}\n{text}")).unwrap(), [head.clone(), head]);
    }
}

//! Encryption at rest: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) under keys from the configuration.
//!
//! The first key encrypts, all of them decrypt. What is sealed is bound to its file and its case: put into another row
//! it does not open. No key is ever shown.

use std::{collections::HashSet, fmt};

use anyhow::{Context as _, bail, ensure};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce, aead::AeadInOut as _};
use data_encoding::BASE64;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

/// Whose bytes they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub file: Uuid,
    pub case: Uuid,
}

/// What lies in the database.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub key_id: String,
    pub nonce: Vec<u8>,
    /// With the tag of 16 bytes behind.
    pub content: Vec<u8>,
}

/// Why something does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Locked {
    #[error("no configured key is called {0:?}")]
    UnknownKey(String),
    /// Another key of that name, other bytes, or another row's.
    #[error("the key {0:?} does not open it")]
    WrongKey(String),
}

#[derive(Clone)]
pub struct Keyring(Vec<(String, XChaCha20Poly1305)>);

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}

impl Keyring {
    /// Each key as `name:base64` of 32 bytes; names of lower-case letters, digits and hyphens.
    ///
    /// # Errors
    /// Says which key is wrong, by its place, and never shows it.
    pub fn try_new(keys: &[SecretString]) -> anyhow::Result<Self> {
        let mut ring = Vec::new();
        for (place, text) in (1..).zip(keys) {
            let (id, key) = parse(text.expose_secret()).with_context(|| {
                format!("evidence.keys, number {place}, is not \"name:base64 of 32 bytes\"")
            })?;
            ensure!(ring.iter().all(|(other, _)| *other != id), "evidence.keys has two keys called {id:?}");
            ring.push((id, key));
        }
        Ok(Self(ring))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the key that encrypts.
    pub fn first(&self) -> Option<&str> {
        self.0.first().map(|(id, _)| id.as_str())
    }

    /// Takes a while for large files: not for a thread that answers requests.
    ///
    /// # Errors
    /// Without any key.
    pub fn seal(&self, owner: Owner, plain: Vec<u8>) -> anyhow::Result<Sealed> {
        let (id, key) = self.0.first().context("evidence.keys is empty: nothing can be encrypted")?;
        let nonce: [u8; 24] = rand::random();
        let mut content = plain;
        content.reserve_exact(16);
        key.encrypt_in_place(&XNonce::from(nonce), &bound_to(owner), &mut content)
            .map_err(|_| anyhow::anyhow!("could not encrypt a file"))?;
        Ok(Sealed { key_id: id.clone(), nonce: nonce.to_vec(), content })
    }

    /// # Errors
    /// [`Locked`].
    pub fn open(&self, owner: Owner, sealed: Sealed) -> Result<Vec<u8>, Locked> {
        let Sealed { key_id, nonce, mut content } = sealed;
        let Some((_, key)) = self.0.iter().find(|(id, _)| *id == key_id) else {
            return Err(Locked::UnknownKey(key_id));
        };
        let Ok(nonce) = <[u8; 24]>::try_from(nonce) else { return Err(Locked::WrongKey(key_id)) };
        match key.decrypt_in_place(&XNonce::from(nonce), &bound_to(owner), &mut content) {
            Ok(()) => Ok(content),
            Err(_) => Err(Locked::WrongKey(key_id)),
        }
    }
}

/// A new key as the configuration wants it.
pub fn make_key(name: &str) -> String {
    format!("{name}:{}", BASE64.encode(&rand::random::<[u8; 32]>()))
}

fn parse(text: &str) -> anyhow::Result<(String, XChaCha20Poly1305)> {
    let (id, encoded) = text.trim().split_once(':').context("there is no colon")?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ensure!((1..=32).contains(&id.len()) && id.chars().all(fits), "the name is none");
    // Without the cause: it tells of the bytes.
    let Ok(bytes) = BASE64.decode(encoded.as_bytes()) else { bail!("it is not base64") };
    ensure!(bytes.iter().collect::<HashSet<_>>().len() > 8, "it is the same few bytes over and over");
    let key = XChaCha20Poly1305::new_from_slice(&bytes).ok().context("it has not 32 bytes")?;
    Ok((id.to_owned(), key))
}

fn bound_to(owner: Owner) -> Vec<u8> {
    [b"handover evidence v1".as_slice(), owner.file.as_bytes(), owner.case.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(keys: &[&str]) -> Keyring {
        Keyring::try_new(&keys.iter().map(|key| SecretString::from(*key)).collect::<Vec<_>>()).unwrap()
    }

    const OWNER: Owner = Owner { file: Uuid::from_u128(1), case: Uuid::from_u128(2) };

    #[test]
    fn only_the_right_key_in_the_right_row_opens() {
        let (old, new) = (make_key("old"), make_key("new"));
        let sealed = ring(&[&old]).seal(OWNER, b"a letter".to_vec()).unwrap();
        assert_eq!((sealed.key_id.as_str(), sealed.content.len()), ("old", 8 + 16));
        assert!(!sealed.content.windows(8).any(|window| window == b"a letter"));
        assert_eq!(ring(&[&new, &old]).open(OWNER, sealed.clone()).unwrap(), b"a letter");

        assert_eq!(ring(&[&new]).open(OWNER, sealed.clone()), Err(Locked::UnknownKey("old".into())));
        let impostor = make_key("old");
        assert_eq!(ring(&[&impostor]).open(OWNER, sealed.clone()), Err(Locked::WrongKey("old".into())));
        for other in [Owner { file: OWNER.case, ..OWNER }, Owner { case: OWNER.file, ..OWNER }] {
            assert_eq!(ring(&[&old]).open(other, sealed.clone()), Err(Locked::WrongKey("old".into())));
        }
        let mut flipped = sealed;
        flipped.content[0] ^= 1;
        assert_eq!(ring(&[&old]).open(OWNER, flipped), Err(Locked::WrongKey("old".into())));
    }

    #[test]
    fn the_first_key_encrypts_and_never_twice_the_same() {
        let keys = ring(&[&make_key("new"), &make_key("old")]);
        let (one, two) = (keys.seal(OWNER, b"x".to_vec()).unwrap(), keys.seal(OWNER, b"x".to_vec()).unwrap());
        assert_eq!(one.key_id, "new");
        assert_ne!((one.nonce, one.content), (two.nonce, two.content));
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_shown() {
        let flat = format!("flat:{}", BASE64.encode(&[7; 32]));
        let short = format!("short:{}", BASE64.encode(b"0123456789abcdef"));
        for wrong in ["47114711", "Name:47114711", "name:4711!", &flat, &short, ":x"] {
            let error = format!("{:#}", Keyring::try_new(&[wrong.into()]).unwrap_err());
            assert!(error.contains("number 1") && !error.contains("4711"), "{error}");
        }
        let twice = [make_key("a").into(), make_key("a").into()];
        assert!(Keyring::try_new(&twice).unwrap_err().to_string().contains("two keys"));
        assert_eq!(format!("{:?}", ring(&[&make_key("a")])), "[\"a\"]");
        assert!(Keyring::try_new(&[]).unwrap().seal(OWNER, Vec::new()).is_err());
    }
}

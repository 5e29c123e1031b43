//! Small secrets that the program itself must read again, encrypted at rest: XChaCha20-Poly1305 under a key derived from
//! `secrets.key`, one key per purpose, bound to their row.
//!
//! Files have keys of their own (`evidence`). The attacker reads the database, or a backup of it, and has not `secrets.key`.

use std::fmt;

use anyhow::anyhow;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce, aead::AeadInOut as _};
use secrecy::SecretString;

use crate::token::derive;

/// Bytes of the nonce, which stands first.
const NONCE: usize = 24;

#[derive(Clone)]
pub struct Sealer(XChaCha20Poly1305);

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// Another key, other bytes, or another row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it does not open: secrets.key is another one than it was sealed with, or somebody changed it")]
pub struct Locked;

impl Sealer {
    /// `purpose` separates the keys.
    pub fn new(secret: &SecretString, purpose: &str) -> Self {
        Self(XChaCha20Poly1305::new(&derive(secret, purpose).into()))
    }

    /// `bound_to` names the row; put into another one, it does not open.
    pub fn seal(&self, bound_to: &[u8], plain: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce: [u8; NONCE] = rand::random();
        let mut content = plain.to_vec();
        self.0
            .encrypt_in_place(&XNonce::from(nonce), bound_to, &mut content)
            .map_err(|_| anyhow!("could not encrypt a secret"))?;
        Ok([nonce.as_slice(), &content].concat())
    }

    /// # Errors
    /// [`Locked`].
    pub fn open(&self, bound_to: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Locked> {
        let (nonce, content) = sealed.split_first_chunk::<NONCE>().ok_or(Locked)?;
        let mut content = content.to_vec();
        self.0.decrypt_in_place(&XNonce::from(*nonce), bound_to, &mut content).map_err(|_| Locked)?;
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_with_its_key_in_its_row_alone() {
        let key = SecretString::from("a secret that is long enough to be one");
        let sealer = Sealer::new(&key, "codes");
        let sealed = sealer.seal(b"row 1", b"12345678901234567890").unwrap();
        assert_eq!(sealed.len(), 24 + 20 + 16);
        assert!(!sealed.windows(8).any(|window| window == b"12345678"));
        assert_eq!(sealer.open(b"row 1", &sealed).unwrap(), b"12345678901234567890");
        assert_eq!(sealer.open(b"row 2", &sealed), Err(Locked));
        assert_eq!(Sealer::new(&key, "other").open(b"row 1", &sealed), Err(Locked));
        assert_eq!(Sealer::new(&"x".repeat(32).into(), "codes").open(b"row 1", &sealed), Err(Locked));
        let mut flipped = sealed.clone();
        flipped[30] ^= 1;
        assert_eq!(sealer.open(b"row 1", &flipped), Err(Locked));
        assert_eq!(sealer.open(b"row 1", b"short"), Err(Locked));
        assert_ne!(sealer.seal(b"row 1", b"x").unwrap(), sealer.seal(b"row 1", b"x").unwrap());
    }
}

//! Secrets that travel: random tokens for links and sessions, stored only as hashes, and signatures for addresses.
//!
//! Does not store anything and does not know what a token opens.

use std::fmt;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A SHA-256 value.
pub type Sha256Bytes = [u8; 32];

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> Sha256Bytes {
    Sha256::digest(bytes).into()
}

/// An unguessable token of 256 random bits, written in 43 URL-safe characters. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A fresh token from the operating system's randomness.
    pub fn random() -> Self {
        Self(BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>()))
    }

    /// Reads a token from an address or cookie; `None` for what can't be one.
    pub fn parse(text: &str) -> Option<Self> {
        let looks_right = text.len() == 43 && BASE64URL_NOPAD.decode(text.as_bytes()).is_ok();
        looks_right.then(|| Self(text.to_owned()))
    }

    /// What is stored and looked up in place of the token.
    pub fn hash(&self) -> Sha256Bytes {
        sha256(self.0.as_bytes())
    }

    /// The token itself, for the one letter or cookie that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Signs short texts with a key derived from the configured secret, one key per purpose.
#[derive(Clone)]
pub struct Signer(Sha256Bytes);

impl Signer {
    /// `purpose` separates the keys: a signature for one purpose is worth nothing for another.
    pub fn new(secret: &SecretString, purpose: &str) -> Self {
        Self(derive(secret, purpose))
    }

    /// 16 lower-case base32 characters (80 bits): short enough for the local part of an address (RFC 5321 §4.5.3.1.1).
    pub fn sign(&self, text: &str) -> String {
        let tag = mac(&self.0, text.as_bytes());
        BASE32_NOPAD.encode(tag.get(..10).unwrap_or_default()).to_lowercase()
    }

    /// A key of its own for what `text` names, to encrypt with.
    pub fn key(&self, text: &str) -> Sha256Bytes {
        mac(&self.0, text.as_bytes())
    }

    /// Whether `signature` belongs to `text`, in constant time.
    pub fn verify(&self, text: &str, signature: &str) -> bool {
        self.sign(text).as_bytes().ct_eq(signature.to_lowercase().as_bytes()).into()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

/// A key for this purpose alone, which says nothing about the secret or about those for others.
pub fn derive(secret: &SecretString, purpose: &str) -> Sha256Bytes {
    mac(secret.expose_secret().as_bytes(), purpose.as_bytes())
}

/// HMAC-SHA-256 (RFC 2104) under the hash of `key`, padded to the block length as §2 has it.
fn mac(key: &[u8], message: &[u8]) -> Sha256Bytes {
    let mut block = [0; 64];
    block.iter_mut().zip(sha256(key)).for_each(|(to, from)| *to = from);
    Hmac::<Sha256>::new(&block.into()).chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_read_back() {
        let (one, two) = (Token::random(), Token::random());
        assert_ne!(one.hash(), two.hash());
        assert_eq!(Token::parse(one.reveal()).unwrap().hash(), one.hash());
        assert!(Token::parse("short").is_none());
        assert_eq!(format!("{one:?}"), "Token(…)");
    }

    #[test]
    fn signatures_hold_for_their_text_and_purpose_only() {
        let secret = SecretString::from("a secret that is long enough to be one");
        let (replies, other) = (Signer::new(&secret, "replies"), Signer::new(&secret, "other"));
        let signature = replies.sign("ho-2026-00042.a");
        assert_eq!(signature.len(), 16);
        assert!(replies.verify("ho-2026-00042.a", &signature));
        assert!(replies.verify("ho-2026-00042.a", &signature.to_uppercase()));
        assert!(!replies.verify("ho-2026-00043.a", &signature));
        assert!(!other.verify("ho-2026-00042.a", &signature));
    }
}

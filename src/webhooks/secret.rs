//! Secrets that sign what is sent, and how they and the addresses lie in the database: sealed under a key that follows from
//! `secrets.key`, bound to their endpoint and to what they are.
//!
//! Not under `evidence.keys`: there need be none. Whoever has a copy of the database alone can neither sign nor post.

use std::fmt;

use anyhow::Context as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce, aead::AeadInOut as _};
use data_encoding::BASE64;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::token::Signer;

const NONCE: usize = 24;

/// The key of one endpoint, as `whsec_` and base64 (Standard Webhooks, "Signature scheme"). Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// 32 random bytes; the specification asks for 24 to 64.
    pub fn random() -> Self {
        Self(rand::random::<[u8; 32]>().to_vec())
    }

    /// As the receiver is given it, once.
    pub fn reveal(&self) -> String {
        format!("whsec_{}", BASE64.encode(&self.0))
    }

    /// `v1,` and the HMAC-SHA-256 over id, seconds since 1970 and bytes, with dots between.
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> anyhow::Result<String> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).ok().context("a secret has no length")?;
        let tag = mac.chain_update(format!("{id}.{seconds}.")).chain_update(body).finalize().into_bytes();
        Ok(format!("v1,{}", BASE64.encode(&tag)))
    }
}

/// What an endpoint keeps sealed: nonce, then what is sealed.
pub type Sealed = Vec<u8>;

/// What is sealed; one can't be put in the place of the other.
#[derive(Clone, Copy, Debug)]
enum Part {
    Address,
    Secret,
}

pub struct Sealer(XChaCha20Poly1305);

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    pub(super) fn new(signer: &Signer) -> Self {
        Self(XChaCha20Poly1305::new(&signer.key("sealing").into()))
    }

    pub fn seal_address(&self, endpoint: Uuid, address: &str) -> anyhow::Result<Sealed> {
        self.seal(endpoint, Part::Address, address.as_bytes())
    }

    pub fn seal_secret(&self, endpoint: Uuid, secret: &Secret) -> anyhow::Result<Sealed> {
        self.seal(endpoint, Part::Secret, &secret.0)
    }

    /// `None` where another `secrets.key` sealed it, or it is another endpoint's.
    pub fn open_address(&self, endpoint: Uuid, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.open(endpoint, Part::Address, sealed)?).ok()
    }

    /// As [`Sealer::open_address`].
    pub fn open_secret(&self, endpoint: Uuid, sealed: &[u8]) -> Option<Secret> {
        self.open(endpoint, Part::Secret, sealed).map(Secret)
    }

    fn seal(&self, endpoint: Uuid, part: Part, plain: &[u8]) -> anyhow::Result<Sealed> {
        let nonce: [u8; NONCE] = rand::random();
        let mut content = plain.to_vec();
        self.0
            .encrypt_in_place(&XNonce::from(nonce), &bound_to(endpoint, part), &mut content)
            .map_err(|_| anyhow::anyhow!("could not seal what an endpoint keeps"))?;
        Ok([nonce.as_slice(), &content].concat())
    }

    fn open(&self, endpoint: Uuid, part: Part, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, content) = sealed.split_at_checked(NONCE)?;
        let nonce = <[u8; NONCE]>::try_from(nonce).ok()?;
        let mut content = content.to_vec();
        self.0.decrypt_in_place(&XNonce::from(nonce), &bound_to(endpoint, part), &mut content).ok()?;
        Some(content)
    }
}

fn bound_to(endpoint: Uuid, part: Part) -> Vec<u8> {
    let part: &[u8] = match part {
        Part::Address => b"webhook address",
        Part::Secret => b"webhook secret",
    };
    [part, endpoint.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the specification's own libraries.
    #[test]
    fn the_vector_of_standard_webhooks_holds() {
        let secret = Secret(BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        assert_eq!(secret.reveal(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signature =
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn what_is_sealed_opens_for_its_endpoint_and_as_what_it_is() {
        let sealer = |word: &str| Sealer::new(&Signer::new(&word.to_owned().into(), "webhooks"));
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let keys = sealer("one secret key of this machine");
        let secret = Secret::random();
        let sealed = keys.seal_secret(one, &secret).unwrap();
        assert_eq!(keys.open_secret(one, &sealed), Some(secret.clone()));
        assert_eq!(keys.open_secret(other, &sealed), None);
        assert_eq!(keys.open_address(one, &sealed), None);
        assert_eq!(sealer("another key").open_secret(one, &sealed), None);
        assert_eq!(keys.open_secret(one, &sealed[..10]), None);
        assert_ne!(keys.seal_secret(one, &secret).unwrap(), sealed);
        assert_eq!(format!("{secret:?}{keys:?}"), "Secret(…)Sealer(…)");
    }
}

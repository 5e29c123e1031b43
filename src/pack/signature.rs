//! The manifest and its signature by the key of the log: whose pack it is, and that every byte of it is as it was when it was made.
//! Pure.
//!
//! Without the signature a manifest proves nothing: whoever changes an entry changes the manifest. With it, whoever holds the
//! log's key said so: no more than that it is the reseller's pack. That nothing was changed *before* it was made is for the
//! chain and the log to say.

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::{
    case::digest::Digest,
    token::{Sha256Bytes, sha256},
    transparency::keys,
};

/// The first line: what is signed is never taken for a head of the log.
const WORD: &str = "handover-pack-manifest-v1";

/// What is signed, three lines.
fn text(manifest: &[u8], key: &Sha256Bytes) -> String {
    let digest = HEXLOWER.encode(&sha256(manifest));
    format!("{WORD}\nmanifest {digest}\nkey {}\n", HEXLOWER.encode(key))
}

/// `manifest.sig`: what is signed, and a fourth line with the signature.
pub fn sign(manifest: &[u8], key: &SigningKey) -> String {
    let text = text(manifest, &keys::id(&key.verifying_key()));
    let signature = key.sign(text.as_bytes()).to_bytes();
    format!("{text}signature {}\n", BASE64.encode(&signature))
}

/// Whether `signed` is what this key says of these bytes, and nothing else.
pub fn is_signed(manifest: &[u8], signed: &str, key: &VerifyingKey) -> bool {
    let text = text(manifest, &keys::id(key));
    let signature = signed
        .strip_prefix(&text)
        .and_then(|rest| rest.strip_prefix("signature "))
        .and_then(|rest| rest.strip_suffix('\n'))
        .and_then(|encoded| BASE64.decode(encoded.as_bytes()).ok())
        .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    signature.is_some_and(|signature| {
        key.verify_strict(text.as_bytes(), &Signature::from_bytes(&signature)).is_ok()
    })
}

/// A key as people name it: its id.
pub fn name(key: &VerifyingKey) -> Digest {
    Digest(keys::id(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_manifest_and_no_signature_survives_a_change() {
        let (key, other) = (SigningKey::from_bytes(&[7; 32]), SigningKey::from_bytes(&[8; 32]));
        let signed = sign(b"{}", &key);
        assert!(is_signed(b"{}", &signed, &key.verifying_key()));
        assert!(!is_signed(b"{ }", &signed, &key.verifying_key()));
        assert!(!is_signed(b"{}", &signed, &other.verifying_key()));
        for at in 0..signed.len() {
            let mut changed = signed.clone().into_bytes();
            changed[at] ^= 1;
            let changed = String::from_utf8_lossy(&changed).into_owned();
            assert!(!is_signed(b"{}", &changed, &key.verifying_key()), "{changed}");
        }
    }
}

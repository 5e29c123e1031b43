//! What is made of a key for one backup: the mark that it is recognised by, and the code over the manifest.
//!
//! The attacker reads the backup and guesses. The key goes through Argon2id with the salt of the backup, so that it helps no more than a
//! password's hash would; the mark is three bytes, which tell a wrong key and confirm none.

use anyhow::anyhow;
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// As many as a mark tells of.
const MARK: usize = 3;

/// What is made of one key for one backup.
pub struct Stretched([u8; 32]);

impl Stretched {
    pub fn new(key: &SecretString, salt: &[u8]) -> anyhow::Result<Self> {
        let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(|error| anyhow!("{error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut stretched = [0; 32];
        argon2
            .hash_password_into(key.expose_secret().as_bytes(), salt, &mut stretched)
            .map_err(|error| anyhow!("could not stretch a key: {error}"))?;
        Ok(Self(stretched))
    }

    /// By which the key is recognised.
    pub fn mark(&self) -> String {
        let whole = self.mac("handover backup, mark of a key").finalize().into_bytes();
        HEXLOWER.encode(whole.get(..MARK).unwrap_or_default())
    }

    /// The code over a manifest.
    pub fn prove(&self, manifest: &[u8]) -> String {
        HEXLOWER.encode(&self.mac("handover backup, manifest").chain_update(manifest).finalize().into_bytes())
    }

    pub fn proves(&self, manifest: &[u8], code: &str) -> bool {
        let code = HEXLOWER.decode(code.as_bytes()).unwrap_or_default();
        self.mac("handover backup, manifest").chain_update(manifest).verify_slice(&code).is_ok()
    }

    fn mac(&self, purpose: &str) -> Hmac<Sha256> {
        let mut block = [0; 64];
        block.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        Hmac::<Sha256>::new(&block.into()).chain_update(purpose).chain_update([0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_a_wrong_key_and_the_code_a_changed_manifest() {
        let of = |key: &str, salt: &[u8]| Stretched::new(&key.to_owned().into(), salt).unwrap();
        let (salt, key) = ([7; 16], "a secret that is long enough to be one");
        let one = of(key, &salt);
        assert_eq!((one.mark(), one.mark().len()), (of(key, &salt).mark(), 6));
        assert_ne!(one.mark(), of("another secret, as long as the first", &salt).mark());
        assert_ne!(one.mark(), of(key, &[8; 16]).mark(), "two backups show that they have one key");

        let code = one.prove(b"manifest");
        assert!(one.proves(b"manifest", &code));
        assert!(!one.proves(b"manifesto", &code));
        for wrong in ["", "zz", &code[..62], &of(key, &[8; 16]).prove(b"manifest")] {
            assert!(!one.proves(b"manifest", wrong), "{wrong}");
        }
    }
}

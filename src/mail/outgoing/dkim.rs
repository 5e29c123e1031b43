//! Signs e-mails with the domain's keys (DKIM, RFC 6376 and 8463), over the very bytes that are frozen then.
//!
//! Ed25519 and RSA side by side, for receivers that know only one of them. Relaxed canonicalisation: relays may fold
//! anew. A signature has no expiry, because an approved letter may wait.

use std::{fmt, path::Path};

use anyhow::{Context as _, ensure};
use mail_auth::{
    common::{
        crypto::{Ed25519Key, RsaKey, Sha256, SigningKey},
        headers::HeaderWriter as _,
    },
    dkim::{Canonicalization, DkimSigner, Done},
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};

use super::compose::Composed;
use crate::{config, token::sha256};

/// What is signed where it is there: all that a reader or a mail program goes by.
const HEADERS: [&str; 15] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Language",
    "Auto-Submitted",
    // RFC 8058 section 4: who believes them wants them signed.
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// The domain's keys. Without any, e-mails go out as they are, and the mail server may sign them.
#[derive(Default)]
pub struct Dkim {
    ed25519: Option<DkimSigner<Ed25519Key, Done>>,
    rsa: Option<DkimSigner<RsaKey<Sha256>, Done>>,
}

impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dkim(ed25519: {}, rsa: {})", self.ed25519.is_some(), self.rsa.is_some())
    }
}

impl Dkim {
    /// Reads the keys that the settings name: PEM files, PKCS #8 (or PKCS #1 for RSA).
    pub fn try_new(settings: &config::Mail) -> anyhow::Result<Self> {
        let dkim = &settings.dkim;
        let is_wanted = |selector: &str, file: &Path, name: &str| {
            let has_file = !file.as_os_str().is_empty();
            ensure!(
                selector.is_empty() != has_file,
                "mail.dkim.{name}_selector and _key_file belong together"
            );
            Ok(has_file)
        };
        let wants_ed25519 = is_wanted(&dkim.ed25519_selector, &dkim.ed25519_key_file, "ed25519")?;
        let wants_rsa = is_wanted(&dkim.rsa_selector, &dkim.rsa_key_file, "rsa")?;
        let domain = settings.from_address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let mut signers = Self::default();
        if wants_ed25519 {
            let context = || format!("mail.dkim.ed25519_key_file {}", dkim.ed25519_key_file.display());
            let key = PrivateKeyDer::from_pem_file(&dkim.ed25519_key_file).with_context(context)?;
            // Unchecked means: without the public half in the file, as OpenSSL writes it.
            let key = Ed25519Key::from_pkcs8_maybe_unchecked_der(key.secret_der()).with_context(context)?;
            signers.ed25519 = Some(signer(key, domain, &dkim.ed25519_selector));
        }
        if wants_rsa {
            let context = || format!("mail.dkim.rsa_key_file {}", dkim.rsa_key_file.display());
            let key = PrivateKeyDer::from_pem_file(&dkim.rsa_key_file).with_context(context)?;
            let key = RsaKey::<Sha256>::from_key_der(key).with_context(context)?;
            signers.rsa = Some(signer(key, domain, &dkim.rsa_selector));
        }
        Ok(signers)
    }

    /// The e-mail with a signature by each key on top, and its new digest.
    pub fn sign(&self, email: Composed) -> anyhow::Result<Composed> {
        let mut raw = Vec::with_capacity(email.raw.len() + 1024);
        if let Some(signer) = &self.ed25519 {
            raw.extend(signer.sign(&email.raw).context("could not sign an e-mail")?.to_header().into_bytes());
        }
        if let Some(signer) = &self.rsa {
            raw.extend(signer.sign(&email.raw).context("could not sign an e-mail")?.to_header().into_bytes());
        }
        raw.extend_from_slice(&email.raw);
        Ok(Composed { digest: sha256(&raw), raw, ..email })
    }
}

fn signer<K: SigningKey>(key: K, domain: &str, selector: &str) -> DkimSigner<K, Done> {
    DkimSigner::from_key(key)
        .domain(domain)
        .selector(selector)
        .headers(HEADERS)
        .header_canonicalization(Canonicalization::Relaxed)
        .body_canonicalization(Canonicalization::Relaxed)
}

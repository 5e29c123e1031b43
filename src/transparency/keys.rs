//! The keys of the log: Ed25519, from the configuration or made once below the data directory. A new key is signed by the one
//! before it, and all public keys are kept, so that old heads can be verified for ever.
//!
//! The attacker who reads the database has no key. Who puts a key of their own into the database has no signature of the one
//! before it, and `audit verify` says so.

use std::fmt;

use anyhow::{Context as _, bail};
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use secrecy::ExposeSecret as _;
use sqlx::PgConnection;

use super::as_hash;
use crate::{
    clock::Timestamp,
    config::Settings,
    kept,
    token::{Sha256Bytes, sha256},
};

/// The file below the data directory that holds a key which nobody configured.
const FILE: &str = "log-key";
/// The beginning of an Ed25519 public key as others read it (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What a key is known by.
pub fn id(key: &VerifyingKey) -> Sha256Bytes {
    sha256(key.as_bytes())
}

/// For `openssl`.
pub fn pem(key: &VerifyingKey) -> String {
    let encoded = BASE64.encode(&[SPKI.as_slice(), key.as_bytes()].concat());
    format!("-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----\n")
}

/// The other way round; `None` for whatever is no Ed25519 public key.
pub fn read_pem(text: &str) -> Option<VerifyingKey> {
    let (begin, end) = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----");
    let encoded: String = text.trim().strip_prefix(begin)?.strip_suffix(end)?.split_whitespace().collect();
    let bytes = BASE64.decode(encoded.as_bytes()).ok()?;
    VerifyingKey::from_bytes(bytes.strip_prefix(&SPKI)?.try_into().ok()?).ok()
}

/// What the key before signs of a new one.
fn endorsement_text(new: &Sha256Bytes, previous: &Sha256Bytes) -> String {
    format!("handover-log-key-v1\nkey {}\nprevious {}\n", HEXLOWER.encode(new), HEXLOWER.encode(previous))
}

/// The key that signs, and those before it that are still there to sign it.
pub struct Keys {
    pub current: SigningKey,
    earlier: Vec<SigningKey>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// The configured ones; `None` where none is.
    ///
    /// # Errors
    /// Where one is none. Never shows it.
    pub fn configured(settings: &Settings) -> anyhow::Result<Option<Self>> {
        let keys = settings.log.signing_keys.iter().map(|key| read(key.expose_secret()));
        let all: Vec<SigningKey> = keys.collect::<anyhow::Result<_>>().context("log.signing_keys")?;
        let mut all = all.into_iter();
        Ok(all.next().map(|current| Self { current, earlier: all.collect() }))
    }

    /// The configured ones, or the one below the data directory, made if it is not there yet.
    pub fn find(settings: &Settings) -> anyhow::Result<Self> {
        if let Some(keys) = Self::configured(settings)? {
            return Ok(keys);
        }
        let kept = kept::find(&settings.data_dir, FILE, || BASE64.encode(&rand::random::<[u8; 32]>()))?;
        let current = read(kept.expose_secret()).context("the log's key below the data directory")?;
        Ok(Self { current, earlier: Vec::new() })
    }
}

/// 32 bytes in base64, as `openssl rand -base64 32` draws them.
fn read(text: &str) -> anyhow::Result<SigningKey> {
    let bytes = BASE64.decode(text.trim().as_bytes()).ok();
    let bytes: [u8; 32] = bytes
        .and_then(|bytes| bytes.try_into().ok())
        .context("a key is not 32 bytes in base64 (openssl rand -base64 32)")?;
    Ok(SigningKey::from_bytes(&bytes))
}

/// A key as it is kept.
#[derive(Clone, Debug)]
pub struct KnownKey {
    pub key: VerifyingKey,
    pub since: Timestamp,
    /// The key before, which signed this one; `None` where none did.
    pub previous: Option<Sha256Bytes>,
}

impl KnownKey {
    pub fn id(&self) -> Sha256Bytes {
        id(&self.key)
    }
}

/// All keys, the first first. What an endorsement claims is verified: one that is false is none.
pub async fn list(connection: &mut PgConnection) -> anyhow::Result<Vec<KnownKey>> {
    let rows = sqlx::query!(
        r#"select public_key, since as "since: Timestamp", previous_key_id, endorsement from log_keys
         order by since, key_id"#
    )
    .fetch_all(connection)
    .await
    .context("could not list the keys of the log")?;
    let mut known: Vec<(KnownKey, Option<Vec<u8>>)> = Vec::new();
    for row in rows {
        let key = VerifyingKey::from_bytes(&as_hash(&row.public_key)?).context("a key of the log is none")?;
        let previous = row.previous_key_id.map(|id| as_hash(&id)).transpose()?;
        known.push((KnownKey { key, since: row.since, previous }, row.endorsement));
    }
    let all: Vec<VerifyingKey> = known.iter().map(|(known, _)| known.key).collect();
    Ok(known
        .into_iter()
        .map(|(mut known, endorsement)| {
            known.previous = known.previous.filter(|previous| {
                let signer = all.iter().find(|key| id(key) == *previous);
                let signature: Option<[u8; 64]> = endorsement.and_then(|bytes| bytes.try_into().ok());
                signer.zip(signature).is_some_and(|(signer, signature)| {
                    let text = endorsement_text(&known.id(), previous);
                    signer.verify_strict(text.as_bytes(), &Signature::from_bytes(&signature)).is_ok()
                })
            });
            known
        })
        .collect())
}

/// Makes the configured key the log's, where it is not yet: as the first, or by the word of the one before it.
///
/// # Errors
/// Where the log is signed by another key, and that one is not there to sign the new. A worker with a key of its own would
/// otherwise make a log that nobody can follow.
pub(super) async fn settle(
    connection: &mut PgConnection,
    keys: &Keys,
    (last, now): (Option<Sha256Bytes>, Timestamp),
) -> anyhow::Result<()> {
    let new = id(&keys.current.verifying_key());
    // The second, by the word of whoever operates the machine: see `replace_lost`.
    if last == Some(new) || is_fresh(connection, &new).await? {
        return Ok(());
    }
    let endorsement = match last {
        None => None,
        Some(last) => {
            let Some(signer) = keys.earlier.iter().find(|key| id(&key.verifying_key()) == last) else {
                bail!(
                    "the log was last signed by the key {}, which is not among the configured ones: put it behind the new one \
                     in log.signing_keys, or, where it is lost, run `handover audit replace-lost-key`",
                    HEXLOWER.encode(&last)
                );
            };
            Some((last, signer.sign(endorsement_text(&new, &last).as_bytes()).to_bytes()))
        }
    };
    insert(connection, &keys.current.verifying_key(), endorsement, now).await
}

/// Makes the configured key the log's although nothing signs it, where the one before it is lost. `audit verify` says so for ever.
///
/// Returns whether there was anything to do.
pub async fn replace_lost(
    connection: &mut PgConnection,
    keys: &Keys,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let new = id(&keys.current.verifying_key());
    let known =
        sqlx::query_scalar!(r#"select exists (select from log_keys where key_id = $1) as "known!""#, &new)
            .fetch_one(&mut *connection)
            .await
            .context("could not look up a key of the log")?;
    if !known {
        insert(connection, &keys.current.verifying_key(), None, now).await?;
    }
    Ok(!known)
}

/// Whether this key is known and has signed nothing yet. One that was replaced is never taken again: why it was is not known here.
async fn is_fresh(connection: &mut PgConnection, key: &Sha256Bytes) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from log_keys where key_id = $1)
             and not exists (select from log_heads where key_id = $1) as "fresh!""#,
        key,
    )
    .fetch_one(connection)
    .await
    .context("could not look up a key of the log")
}

async fn insert(
    connection: &mut PgConnection,
    key: &VerifyingKey,
    endorsement: Option<(Sha256Bytes, [u8; 64])>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let (previous, signature) = endorsement.unzip();
    sqlx::query!(
        "insert into log_keys (key_id, public_key, since, previous_key_id, endorsement) values ($1, $2, $3, $4, $5)",
        &id(key),
        key.as_bytes(),
        now as Timestamp,
        previous.as_ref().map(|hash| hash.as_slice()),
        signature.as_ref().map(|bytes| bytes.as_slice()),
    )
    .execute(connection)
    .await
    .context("could not keep a key of the log: one that was replaced is not taken again")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_32_bytes_in_base64_and_never_shown() {
        let good = BASE64.encode(&[9; 32]);
        assert_eq!(read(&format!(" {good}\n")).unwrap().to_bytes(), [9; 32]);
        for wrong in ["", "abc", &good[..40], &BASE64.encode(&[9; 33])] {
            let error = format!("{:#}", read(wrong).unwrap_err());
            assert!(wrong.is_empty() || !error.contains(wrong), "{error}");
        }
    }

    /// RFC 8410, section 10.1.
    #[test]
    fn a_public_key_is_written_as_others_read_it() {
        let bytes =
            HEXLOWER.decode(b"19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1").unwrap();
        let key = VerifyingKey::from_bytes(&bytes.try_into().unwrap()).unwrap();
        let expected = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
        assert_eq!(pem(&key), expected);
        assert_eq!(read_pem(expected), Some(key));
        for wrong in ["", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=", &expected[..60]] {
            assert_eq!(read_pem(wrong), None, "{wrong}");
        }
    }
}

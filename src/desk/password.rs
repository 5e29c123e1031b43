//! Passwords as Argon2id hashes (RFC 9106). Hashing takes tens of milliseconds and 19 MiB, so never on a worker thread.

use anyhow::Context as _;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The least characters of a password (NIST SP 800-63B §3.1.1.2).
pub const SHORTEST: usize = 15;
/// The most, in bytes, so that nobody makes us hash a book.
pub const LONGEST: usize = 256;

/// What is compared for somebody who does not exist, so that both take the same time. No password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aGFuZG92ZXItbm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// So many are hashed at a time in this process: a flood of sign-ins waits here instead of taking all memory.
static AT_A_TIME: Semaphore = Semaphore::const_new(4);

/// The hash as PHC string, with the parameters and a salt of its own.
pub async fn hash(password: SecretString) -> anyhow::Result<String> {
    let _place = AT_A_TIME.acquire().await?;
    let hashed = spawn_blocking(move || {
        Argon2::default().hash_password(password.expose_secret().as_bytes()).map(|hash| hash.to_string())
    });
    hashed.await?.map_err(|error| anyhow::anyhow!("could not hash a password: {error}"))
}

/// Whether `password` has `hash`; with `None`, does the same work and says no.
pub async fn verify(password: SecretString, hash: Option<String>) -> anyhow::Result<bool> {
    let _place = AT_A_TIME.acquire().await?;
    let verified = spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let parsed =
            PasswordHash::new(&hash).map_err(|error| anyhow::anyhow!("a stored hash is broken: {error}"))?;
        let fits = Argon2::default().verify_password(password.expose_secret().as_bytes(), &parsed).is_ok();
        Ok(known && fits)
    });
    verified.await.context("the comparison of a password was cut off")?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify("correct horse".into(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_is_compared_with_as_much_work_and_never_fits() {
        assert!(!verify("anything at all".into(), None).await.unwrap());
        let work = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
        assert_eq!(work(NOBODY), work(&hash("x".into()).await.unwrap()));
    }
}

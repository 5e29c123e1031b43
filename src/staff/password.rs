//! Passwords as Argon2id hashes (RFC 9106). Hashing takes tens of milliseconds and 19 MiB, so never on a thread that answers.
//!
//! The memory is taken from a small fixed set and given back: allocated anew for each, it would stay with the threads that
//! hashed, and a flood of sign-ins would take all there is. Who comes when too many wait already is sent away.

mod rules;

use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, anyhow};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, PasswordHash, Salt},
};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tokio::{sync::Semaphore, task::spawn_blocking};

pub use rules::Owner;

use crate::web::error::Overloaded;

/// The least characters of a password (NIST SP 800-63B §3.1.1.2).
pub const SHORTEST: usize = 15;
/// The most, in bytes, so that nobody makes us hash a book.
pub const LONGEST: usize = 256;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("the password needs at least {SHORTEST} characters")]
    TooShort,
    #[error("the password is longer than {LONGEST} bytes")]
    TooLong,
    #[error("the password is easy to guess: it is made of common words, names, rows of keys or repetitions")]
    Guessable,
}

/// Whether `password` can be that of `owner`.
///
/// # Errors
/// Why it is not taken.
pub fn check(password: &SecretString, owner: &Owner) -> Result<(), PasswordError> {
    let secret = password.expose_secret();
    if secret.chars().count() < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if secret.len() > LONGEST {
        return Err(PasswordError::TooLong);
    }
    if rules::is_guessable(secret, owner) { Err(PasswordError::Guessable) } else { Ok(()) }
}

/// What is compared for somebody who does not exist, so that both take the same time. No password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aGFuZG92ZXItbm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// So many are hashed at a time in this process: a flood of sign-ins takes one processor, never all of them, and the process
/// stays below 64 MB.
const AT_A_TIME: usize = 1;
/// So many may wait besides: less than a second of hashing.
const WAITING: usize = 20;

static HASHING: Semaphore = Semaphore::const_new(AT_A_TIME);
static ADMITTED: Semaphore = Semaphore::const_new(AT_A_TIME + WAITING);
/// Memory that nobody is hashing in; never more than [`AT_A_TIME`] of it, since each was made by somebody who hashed.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// The hash as PHC string, with the parameters and a salt of its own.
///
/// # Errors
/// [`Overloaded`] when too many wait.
pub async fn hash(password: SecretString) -> anyhow::Result<String> {
    in_turn(&ADMITTED, move || {
        let salt: [u8; 16] = rand::random();
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        let argon2 = Argon2::default();
        hash_into(&argon2, &password, &salt, &mut output)?;
        let params = argon2.params().try_into().map_err(|error| anyhow!("odd parameters: {error}"))?;
        Ok(PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params,
            salt: Some(Salt::new(&salt).map_err(|error| anyhow!("odd salt: {error}"))?),
            hash: Some(Output::new(&output).map_err(|error| anyhow!("odd hash: {error}"))?),
        }
        .to_string())
    })
    .await
}

/// Whether `password` has `hash`; with `None`, does the same work and says no.
///
/// # Errors
/// As [`hash`].
pub async fn verify(password: SecretString, hash: Option<String>) -> anyhow::Result<bool> {
    in_turn(&ADMITTED, move || {
        let known = hash.is_some();
        let fits = fits(&password, hash.as_deref().unwrap_or(NOBODY)).context("a stored hash is broken")?;
        Ok(known && fits)
    })
    .await
}

async fn in_turn<T: Send + 'static>(
    admitted: &Semaphore,
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    // For tests that count: time would tell whether somebody exists, and a clock in a test tells nothing.
    tracing::trace!(target: "handover::hashing", "a password is hashed");
    let _admitted = admitted.try_acquire().map_err(|_| Overloaded)?;
    let place = HASHING.acquire().await?;
    // Whoever waits may go away, as a browser does: the place is taken until the hashing has ended.
    let worked = spawn_blocking(move || {
        let _place = place;
        work()
    });
    worked.await.context("the hashing of a password was cut off")?
}

fn fits(password: &SecretString, hash: &str) -> anyhow::Result<bool> {
    let stored = PasswordHash::new(hash).map_err(|error| anyhow!("{error}"))?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
        return Err(anyhow!("it has no salt or no hash"));
    };
    let algorithm = stored.algorithm.as_str().parse().map_err(|error| anyhow!("{error}"))?;
    let version = stored.version.map(Version::try_from).transpose().map_err(|error| anyhow!("{error}"))?;
    let params = Params::try_from(&stored).map_err(|error| anyhow!("{error}"))?;
    let mut output = vec![0; expected.len()];
    hash_into(
        &Argon2::new(algorithm, version.unwrap_or_default(), params),
        password,
        salt.as_ref(),
        &mut output,
    )?;
    Ok(output.ct_eq(expected.as_bytes()).into())
}

fn hash_into(
    argon2: &Argon2<'_>,
    password: &SecretString,
    salt: &[u8],
    output: &mut [u8],
) -> anyhow::Result<()> {
    let mut memory = lock().pop().unwrap_or_default();
    memory.resize(argon2.params().block_count(), Block::default());
    let hashed = argon2.hash_password_into_with_memory(
        password.expose_secret().as_bytes(),
        salt,
        output,
        memory.as_mut_slice(),
    );
    // What was made of a password does not stay.
    memory.fill(Block::default());
    // Hashes of other parameters than ours do not make it grow for good.
    if memory.len() <= Params::DEFAULT.block_count() {
        lock().push(memory);
    }
    hashed.map_err(|error| anyhow!("could not hash a password: {error}"))
}

fn lock() -> std::sync::MutexGuard<'static, Vec<Vec<Block>>> {
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify("correct horse".into(), Some(hash)).await.unwrap());
    }

    /// Hashes outlive this code: those of the library, and the other way round.
    #[tokio::test]
    async fn our_hashes_are_those_of_everybody() {
        let theirs = Argon2::default().hash_password(b"correct horse battery").unwrap().to_string();
        assert!(verify("correct horse battery".into(), Some(theirs)).await.unwrap());
        let ours = hash("correct horse battery".into()).await.unwrap();
        let ours = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse battery", &ours).is_ok());
    }

    #[tokio::test]
    async fn nobody_is_compared_with_as_much_work_and_never_fits() {
        assert!(!verify("anything at all".into(), None).await.unwrap());
        let work = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
        assert_eq!(work(NOBODY), work(&hash("x".into()).await.unwrap()));
    }

    #[tokio::test]
    async fn whoever_comes_when_too_many_wait_is_sent_away() {
        let admitted = Semaphore::new(3);
        let work = || {
            in_turn(&admitted, || hash_into(&Argon2::default(), &"x".into(), b"salt of nobody", &mut [0; 32]))
        };
        let answers = futures_util::future::join_all((0..10).map(|_| work())).await;
        let sent_away = answers.iter().filter_map(|answer| answer.as_ref().err());
        assert_eq!(sent_away.filter(|error| error.is::<Overloaded>()).count(), 7);
        assert!(work().await.is_ok());
        assert!(lock().len() <= AT_A_TIME);
    }

    #[tokio::test]
    async fn a_broken_hash_is_an_error() {
        for broken in ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$aGFuZG92ZXItbm9ib2R5", "$md5$v=1$x$y"] {
            assert!(verify("x".into(), Some(broken.to_owned())).await.is_err(), "{broken}");
        }
    }
}

//! What evidence is handled with, from the settings: the keys, the scanner and the limits.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{rejection::Limits, scanner::Scanner, vault::Keyring};
use crate::config::Settings;

#[derive(Debug)]
pub struct Cabinet {
    pub keyring: Keyring,
    pub scanner: Scanner,
    pub limits: Limits,
    /// Places for evidence packs that are made at once.
    pub packs: Arc<Semaphore>,
    uploads: bool,
}

impl Cabinet {
    /// # Errors
    /// When a key is none, or the scanner's address can't be read.
    pub fn try_new(settings: &Settings) -> anyhow::Result<Self> {
        let evidence = &settings.evidence;
        Ok(Self {
            keyring: Keyring::try_new(&evidence.keys)?,
            scanner: Scanner::try_new(&evidence.clamd, evidence.clamd_timeout_seconds)?,
            limits: Limits {
                file_bytes: evidence.file_bytes,
                files_per_case: evidence.files_per_case,
                case_bytes: evidence.case_bytes,
                total_bytes: evidence.total_bytes,
            },
            packs: Arc::new(Semaphore::new(evidence.packs_at_once)),
            uploads: evidence.uploads,
        })
    }

    /// Whether files are taken: they are wanted, and there is a key to keep them under.
    pub fn takes_files(&self) -> bool {
        self.uploads && !self.keyring.is_empty()
    }
}

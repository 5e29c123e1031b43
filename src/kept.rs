//! Secrets that nobody configured: made once and kept below the data directory, for their owner alone.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::Context as _;
use secrecy::SecretString;

/// What lies in the file `name` below the data directory; made if it is not there yet.
pub fn find(data_dir: &Path, name: &str, make: impl FnOnce() -> String) -> anyhow::Result<SecretString> {
    let file = data_dir.join(name);
    if let Ok(secret) = fs::read_to_string(&file) {
        return Ok(secret.trim().to_owned().into());
    }
    fs::create_dir_all(data_dir).context("could not make the data directory")?;
    // Two processes may get here at once: both must end with the one secret whose link came first.
    let fresh = data_dir.join(format!("{name}.{}", std::process::id()));
    write_private(&fresh, &make())?;
    let linked = fs::hard_link(&fresh, &file);
    fs::remove_file(&fresh).with_context(|| format!("could not remove {}", fresh.display()))?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("could not make {}", file.display()))
        }
        _ => fs::read_to_string(&file)
            .map(|secret| secret.trim().to_owned().into())
            .with_context(|| format!("could not read {}", file.display())),
    }
}

/// Writes a file that only its owner may read.
pub fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut opened| opened.write_all(text.as_bytes()))
        .with_context(|| format!("could not write {}", file.display()))
}

//! Whether a backup is ours: a code over its manifest, which holds the digests of everything else, made with `secrets.key`.
//!
//! The attacker can write where backups lie, and puts a database of their own there.

use super::{
    archive::Opened,
    keys::{self, Own},
    stretched::Stretched,
};

/// Whose a backup is, as far as the configured `secrets.key` can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proven {
    Ours,
    /// Made under another `secrets.key`: nobody can tell whose it is.
    OtherKey,
    /// It names our key, and its code is not by that key.
    Forged,
}

/// # Errors
/// Where the manifest holds no salt.
pub fn judge(opened: &Opened, own: &Own) -> anyhow::Result<Proven> {
    let named = &opened.manifest.keys;
    let stretched = Stretched::new(&own.secret, &keys::read_salt(named)?)?;
    Ok(if stretched.proves(&opened.manifest_bytes, &opened.code) {
        Proven::Ours
    } else if stretched.mark() == named.secret {
        Proven::Forged
    } else {
        Proven::OtherKey
    })
}

//! What is kept of verifications below the data directory: how far one has come, for `audit verify --resume`, and when the last went to its
//! end, for `doctor`.
//!
//! Signed with the installation's secret, which whoever has the database alone does not know. Whoever has the data directory, too, can put an
//! older one back: so a plain `audit verify` reads none, and one that is resumed says from which case on it looked, and since when.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use super::trail::verify::Findings;
use crate::{app::App, clock::Timestamp, kept::write_private, token::Signer};

/// Of one that is under way or was broken off.
const UNDER_WAY: &str = "verification.json";
/// Of the last one that went to its end.
const WHOLE: &str = "verification-whole.json";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    pub begun_at: Timestamp,
    /// How many leaves the log had then: what changed since has later ones.
    pub leaves: i64,
    /// The last case that was looked at.
    pub last: Option<String>,
    pub cases: usize,
    pub faults: usize,
}

impl Verification {
    pub async fn begin(app: &App) -> anyhow::Result<Self> {
        let leaves = count_leaves(&app.pool).await?;
        Ok(Self { begun_at: app.clock.now(), leaves, last: None, cases: 0, faults: 0 })
    }

    /// The one that was broken off.
    pub fn resume(app: &App) -> anyhow::Result<Self> {
        let file = Self::file(app);
        let kept = read(&file, &app.verification_signer)?;
        kept.with_context(|| format!("nothing was broken off: there is no {}", file.display()))
    }

    /// The last that went to its end.
    pub fn find_whole(app: &App) -> anyhow::Result<Option<Self>> {
        read(&app.settings.data_dir.join(WHOLE), &app.verification_signer)
    }

    pub fn file(app: &App) -> PathBuf {
        app.settings.data_dir.join(UNDER_WAY)
    }

    /// With what was found since `self`.
    pub fn with(&self, findings: &Findings) -> Self {
        Self {
            last: findings.last.clone().or_else(|| self.last.clone()),
            cases: self.cases.saturating_add(findings.cases),
            faults: self.faults.saturating_add(findings.faults),
            ..self.clone()
        }
    }

    pub fn keep(&self, app: &App) -> anyhow::Result<()> {
        self.write(app, UNDER_WAY)
    }

    /// That it went to its end.
    pub fn end(&self, app: &App) -> anyhow::Result<()> {
        self.write(app, WHOLE)?;
        let file = Self::file(app);
        fs::remove_file(&file).with_context(|| format!("could not remove {}", file.display()))
    }

    /// Whole or not at all: a half file would stop who resumes.
    fn write(&self, app: &App, name: &str) -> anyhow::Result<()> {
        let folder = &app.settings.data_dir;
        fs::create_dir_all(folder).context("could not make the data directory")?;
        let (file, fresh) = (folder.join(name), folder.join(format!("{name}.{}", std::process::id())));
        write_private(&fresh, &seal(self, &app.verification_signer)?)?;
        fs::rename(&fresh, &file).with_context(|| format!("could not write {}", file.display()))
    }
}

fn seal(verification: &Verification, signer: &Signer) -> anyhow::Result<String> {
    let said = serde_json::to_string(verification)?;
    Ok(format!("{}\n{said}\n", signer.sign(&said)))
}

fn read(file: &Path, signer: &Signer) -> anyhow::Result<Option<Verification>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("could not read {}", file.display())),
    };
    open(&text, signer)
        .with_context(|| format!("{} was not written by this installation", file.display()))
        .map(Some)
}

fn open(text: &str, signer: &Signer) -> Option<Verification> {
    let (signature, said) = text.trim_end().split_once('\n')?;
    signer.verify(said, signature).then(|| serde_json::from_str(said).ok())?
}

async fn count_leaves(pool: &PgPool) -> anyhow::Result<i64> {
    let leaves = sqlx::query_scalar!("select tree_size from log_end").fetch_optional(pool).await;
    Ok(leaves.context("could not find the end of the log")?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    #[test]
    fn who_does_not_know_the_secret_can_make_nobody_skip_a_case() {
        let signer = |secret: &str| Signer::new(&SecretString::from(secret.to_owned()), "verifications");
        let ours = signer("a secret that is long enough to be one");
        let kept = Verification {
            begun_at: jiff::Timestamp::UNIX_EPOCH.into(),
            leaves: 7,
            last: Some("HO-2026-00042".to_owned()),
            cases: 42,
            faults: 1,
        };
        let text = seal(&kept, &ours).unwrap();
        assert_eq!(open(&text, &ours), Some(kept));
        assert_eq!(open(&text, &signer("another secret, just as long as that one")), None);
        for forged in
            [text.replace("00042", "99999"), text.replace("\"faults\":1", "\"faults\":0"), String::new()]
        {
            assert_eq!(open(&forged, &ours), None, "{forged}");
        }
    }
}

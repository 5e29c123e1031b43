//! Puts e-mails into a folder instead of sending them: `<creation time>-<id>.eml`, and its envelope beside it.
//!
//! For the default mode. The name comes from the e-mail, so a second try after a crash replaces the first.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::{fs, io::AsyncWriteExt as _};

use super::receipt::{ClaimedEmail, Receipt};

#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder where it is missing.
    pub fn try_new(path: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&path).with_context(|| format!("could not make {}", path.display()))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub async fn send(&self, email: &ClaimedEmail) -> Receipt {
        match self.write(email).await {
            Ok(name) => Receipt::Accepted { response: format!("lies in {name}") },
            Err(error) => Receipt::Deferred { response: format!("{error:#}") },
        }
    }

    /// The envelope first: whoever sees the message finds the envelope too.
    async fn write(&self, email: &ClaimedEmail) -> anyhow::Result<String> {
        let stem = format!("{}-{}", email.created_at.strftime("%Y%m%dT%H%M%S%.6fZ"), email.id);
        let envelope = serde_json::json!({ "from": email.envelope_from, "to": email.envelope_to });
        self.put(&format!("{stem}.json"), envelope.to_string().as_bytes()).await?;
        let name = format!("{stem}.eml");
        self.put(&name, &email.raw).await?;
        Ok(name)
    }

    /// Writes a file so that it is there as a whole or not at all, even after a power cut.
    async fn put(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let (unfinished, path) = (self.0.join(format!(".{name}.part")), self.0.join(name));
        let mut file = fs::File::create(&unfinished).await.context("could not write to the mail folder")?;
        file.write_all(bytes).await.context("could not write to the mail folder")?;
        file.sync_all().await.context("could not write to the mail folder")?;
        fs::rename(&unfinished, &path).await.context("could not name the file in the mail folder")?;
        let folder = fs::File::open(&self.0).await.context("could not open the mail folder")?;
        folder.sync_all().await.context("could not write the mail folder down")
    }
}

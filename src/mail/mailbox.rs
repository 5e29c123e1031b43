//! Reads the folder that [`super::transport::Folder`] fills, for the mailbox page of the default mode.
//!
//! Changes nothing in it.

use std::path::Path;

use serde::Serialize;

/// One e-mail of the folder, in short.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The name of its file: what [`find`] wants.
    pub name: String,
    pub subject: String,
    pub from: String,
    pub to: String,
    /// RFC 3339.
    pub date: String,
}

/// One e-mail of the folder as its reader sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Opened {
    #[serde(flatten)]
    pub summary: Summary,
    pub text: String,
    pub html: Option<String>,
    /// The addresses that the text and the HTML lead to, in their order.
    pub links: Vec<String>,
}

/// The newest `limit` e-mails of `folder`, newest first.
pub async fn list(_folder: &Path, _limit: usize) -> anyhow::Result<Vec<Summary>> {
    anyhow::bail!("not yet")
}

/// The e-mail in the file `name`; `None` where there is none, or where `name` is not that of an e-mail.
pub async fn find(_folder: &Path, _name: &str) -> anyhow::Result<Option<Opened>> {
    anyhow::bail!("not yet")
}

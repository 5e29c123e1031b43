//! What Atlassian wrote last, to stand beside the forms that answer it.

use serde::Serialize;

use crate::{clock::Timestamp, mail::incoming::quarantine::Filed};

/// A letter to be answered.
#[derive(Debug, Serialize)]
pub struct Quoted {
    at: Timestamp,
    subject: Option<String>,
    text: String,
}

impl Quoted {
    /// What Atlassian wrote last.
    pub fn of(inbound: &[Filed]) -> Option<Self> {
        let written =
            |letter: &&Filed| letter.sender == "atlassian" && letter.kind.as_deref() != Some("bounce");
        let letter = inbound.iter().find(written)?;
        let text = letter.text.clone().filter(|text| !text.trim().is_empty())?;
        Some(Self { at: letter.received_at, subject: letter.subject.clone(), text })
    }
}

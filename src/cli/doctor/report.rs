//! What `doctor` found: sections with a line each, findings below it, and the exit code that follows.

use std::{process::ExitCode, time::Duration};

use tokio::time::timeout;

use crate::{
    boot::Fault,
    cli::{OTHER_SCHEMA, WRONG_SETTINGS, say},
};

/// How long any one peer is waited for, whatever its own setting allows: whoever asks the doctor waits for the answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Something is worth a look, and nothing fails.
const WARNED: u8 = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    Note,
    Warning,
    Failure,
    /// Production or anything else would not start on it.
    Settings,
    Schema,
}

/// One part that was looked at.
#[derive(Debug)]
pub(super) struct Section {
    title: &'static str,
    summary: String,
    findings: Vec<(Grade, String)>,
}

impl Section {
    pub(super) fn new(title: &'static str, summary: impl Into<String>) -> Self {
        Self { title, summary: summary.into(), findings: Vec::new() }
    }

    /// One that could not be looked at.
    pub(super) fn failed(title: &'static str, error: &anyhow::Error) -> Self {
        let mut section = Self::new(title, "could not be looked at");
        let grade = match error.downcast_ref::<Fault>() {
            Some(Fault::OlderSchema | Fault::NewerSchema | Fault::HalfRestored) => Grade::Schema,
            Some(Fault::Settings(_)) => Grade::Settings,
            None => Grade::Failure,
        };
        section.add(grade, format!("{error:#}"));
        section
    }

    pub(super) fn add(&mut self, grade: Grade, words: impl Into<String>) {
        self.findings.push((grade, words.into()));
    }

    pub(super) fn grade(&self) -> Grade {
        self.findings.iter().map(|(grade, _)| *grade).max().unwrap_or(Grade::Note)
    }

    pub(super) fn say(&self) {
        say(format!("{:<10}{}", self.title, self.summary));
        for (grade, words) in &self.findings {
            let mark = match grade {
                Grade::Note => "",
                Grade::Warning => "warning: ",
                Grade::Failure | Grade::Settings | Grade::Schema => "FAILURE: ",
            };
            say(format!("            - {mark}{words}"));
        }
    }
}

/// Says how it stands altogether.
pub(super) fn conclude(sections: &[Section]) -> ExitCode {
    let worst = sections.iter().map(Section::grade).max().unwrap_or(Grade::Note);
    let (words, code) = match worst {
        Grade::Note => ("All is well.", 0),
        Grade::Warning => ("Something is worth a look.", WARNED),
        Grade::Failure => ("Something needs attention.", 1),
        Grade::Settings => ("These settings are refused; something needs attention.", WRONG_SETTINGS),
        Grade::Schema => ("The database has another schema; something needs attention.", OTHER_SCHEMA),
    };
    say(words);
    code.into()
}

/// What `question` comes to, or that it took too long; a peer that stalls holds nothing else up.
pub(super) async fn within<T>(
    patience: Duration,
    question: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    match timeout(patience, question).await {
        Ok(answer) => answer,
        Err(_elapsed) => anyhow::bail!("no answer within {} s", patience.as_secs()),
    }
}

/// A little more than a setting gives a peer, so that who waits for it there, and knows for what, gives up first; at
/// most [`PATIENCE`].
pub(super) fn patience(seconds: u32) -> Duration {
    Duration::from_secs(seconds.max(1).saturating_add(1).into()).min(PATIENCE)
}

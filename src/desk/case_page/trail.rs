//! The trail of a case as people read it.

use serde::Serialize;
use uuid::Uuid;

use super::Words;
use crate::{
    case::{erasure::Scope, event::Event},
    casework::{Casework, TrailLine, list_events, list_notes},
    clock::Timestamp,
    lang::Language,
    staff::members,
};

#[derive(Debug, Serialize)]
pub struct TrailEntry {
    at: Timestamp,
    who: String,
    what: String,
    /// The text that was written with it; empty for none.
    pub note: String,
    /// Whom of the staff it names.
    mentions: Vec<String>,
}

/// That what was said is gone: how much of it, and by which rules.
#[derive(Debug, Serialize)]
pub struct ErasedView {
    scope: &'static str,
    lines: Vec<TrailEntry>,
}

impl ErasedView {
    pub fn of(scope: Option<Scope>, events: &[TrailLine], words: &Words) -> Option<Self> {
        let erased = events.iter().filter(|line| matches!(line.event, Event::ContentErased { .. }));
        scope.map(|scope| Self {
            scope: scope.as_str(),
            lines: erased.map(|line| entry(line, words)).collect(),
        })
    }
}

/// Latest first.
fn view(events: &[TrailLine], words: &Words) -> Vec<TrailEntry> {
    events.iter().rev().map(|line| entry(line, words)).collect()
}

/// Whatever somebody said in words of their own, oldest first; what was erased says nothing.
pub fn list_said(events: &[TrailLine], words: &Words) -> Vec<TrailEntry> {
    events.iter().map(|line| entry(line, words)).filter(|entry| !entry.note.is_empty()).collect()
}

/// The objections since `since`, oldest first.
pub fn objections(events: &[TrailLine], words: &Words, since: Timestamp) -> Vec<TrailEntry> {
    let objections = events.iter().filter(|line| matches!(line.event, Event::Objected { .. }));
    objections.filter(|line| line.at >= since).map(|line| entry(line, words)).collect()
}

pub(super) fn entry(line: &TrailLine, words: &Words) -> TrailEntry {
    let note = words.note_of(&line.event);
    // What a customer writes calls nobody.
    let by_staff = line.staff_name.is_some();
    TrailEntry {
        at: line.at,
        who: words.who(line),
        what: words.event(line),
        mentions: if by_staff { words.mentioned_in(&note) } else { Vec::new() },
        note,
    }
}

/// What happened after `version`, latest first.
pub async fn list_since(
    casework: &Casework,
    case: Uuid,
    version: i32,
    language: Language,
) -> anyhow::Result<Vec<TrailEntry>> {
    let mut connection = casework.app.pool.acquire().await?;
    let mut events = list_events(&mut connection, case).await?;
    let notes = list_notes(&mut connection, case).await?;
    let members = members::list_members(&mut connection).await?;
    events.retain(|line| line.version > version);
    Ok(view(&events, &Words::new(&casework.app, language, &members, &notes)))
}

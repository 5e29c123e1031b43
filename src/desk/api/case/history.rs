//! What happened in a case, for programs: its trail with the words that were written, whom it waited for, what we wrote.

use std::collections::HashMap;

use anyhow::Context as _;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    MOST,
    document::{Email, Line, Wait},
};
use crate::{
    casework::{StoredNote, TrailLine},
    clock::Timestamp,
    mail::outgoing::listed::ListedEmail,
};

pub(super) fn email(email: &ListedEmail) -> Email {
    Email {
        id: email.id,
        notification: email.notification.clone(),
        to_atlassian: email.atlassian,
        to: email.envelope_to.clone(),
        subject: email.subject.clone(),
        state: email.state,
        bounced: email.bounced,
        created_at: email.created_at,
    }
}

pub(super) fn trail(events: &[TrailLine], notes: &[StoredNote], skipped: usize) -> anyhow::Result<Vec<Line>> {
    let notes: HashMap<Uuid, &str> = notes.iter().map(|note| (note.id, note.body.as_str())).collect();
    let line = |line: &TrailLine| -> anyhow::Result<Line> {
        let data = serde_json::to_value(&line.event).context("a line of the trail")?;
        let note: Option<Uuid> = data.get("note").and_then(Value::as_str).and_then(|id| id.parse().ok());
        Ok(Line {
            seq: line.seq,
            version: line.version,
            at: line.at,
            actor: line.actor.clone(),
            staff: line.staff_name.clone(),
            token: line.token_name.clone(),
            event: line.event.as_str().to_owned(),
            from: line.from.map(Into::into),
            to: line.to.as_str(),
            note: note.and_then(|note| notes.get(&note)).map(|note| (*note).to_owned()),
        })
    };
    events.iter().skip(skipped).map(line).collect()
}

pub(super) async fn list_waits(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Wait>> {
    sqlx::query_as!(
        Wait,
        r#"select party as waiting_for, state, since as "since: Timestamp", until as "until: Timestamp",
             due_at as "due_at: Timestamp"
         from case_waits where case_id = $1 order by version desc limit $2"#,
        case,
        i64::try_from(MOST).unwrap_or(i64::MAX),
    )
    .fetch_all(connection)
    .await
    .context("could not list the waits of a case")
}

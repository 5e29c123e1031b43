//! The texts kept with a case. The trail names them by id; they can be erased without breaking it.

use anyhow::Context as _;
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::{
        actor::StaffId,
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

/// A note as people read it.
#[derive(Clone, Debug)]
pub struct StoredNote {
    pub id: Uuid,
    pub kind: NoteKind,
    pub staff_name: Option<String>,
    pub body: String,
    pub created_at: Timestamp,
}

/// The notes of a case, oldest first.
pub async fn list_notes(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<StoredNote>> {
    let rows = sqlx::query_as!(
        NoteRow,
        r#"select n.id, n.kind, n.body, n.created_at, s.name as "staff_name?"
         from case_notes n left join staff s on s.id = n.staff_id
         where n.case_id = $1 order by n.created_at, n.id"#,
        case
    )
    .fetch_all(connection)
    .await
    .context("could not list the notes of a case")?;
    rows.into_iter().map(NoteRow::restore).collect()
}

/// A note as it is stored, with the name beside it.
#[derive(Debug, Deserialize)]
pub(super) struct NoteRow {
    id: Uuid,
    kind: String,
    body: String,
    created_at: Timestamp,
    staff_name: Option<String>,
}

impl NoteRow {
    pub(super) fn restore(self) -> anyhow::Result<StoredNote> {
        Ok(StoredNote {
            id: self.id,
            kind: self.kind.parse().context("unknown kind of note")?,
            staff_name: self.staff_name,
            body: self.body,
            created_at: self.created_at,
        })
    }
}

pub(super) async fn keep(
    connection: &mut PgConnection,
    case: Uuid,
    kind: NoteKind,
    note: &Note,
    staff: Option<StaffId>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let word: &str = kind.into();
    sqlx::query!(
        "insert into case_notes (id, case_id, kind, staff_id, body, created_at, block_version_id)
         values ($1, $2, $3, $4, $5, $6, $7)",
        note.id,
        case,
        word,
        staff.map(|staff| staff.0),
        note.text.as_str(),
        now as Timestamp,
        note.block,
    )
    .execute(connection)
    .await
    .context("could not keep a note")?;
    Ok(())
}

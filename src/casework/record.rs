//! What is kept with a case, all of it in one statement: trail, notes, files, the last draft, corrections, what was sent.
//!
//! For pages, which show it together; each list is as the function that reads it alone would read it, row for row and in
//! the same order, and a row that can't be read is an error here as there. No bytes of a letter or a file.

use anyhow::Context as _;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{
    drafts::{DraftRow, StoredDraft},
    facts::CorrectionRow,
    notes::{NoteRow, StoredNote},
    trail::{LineRow, TrailLine},
    unattended::follow_up::SentBefore,
};
use crate::{
    case::facts::Correction,
    evidence::files::{Download, FileRow, StoredFile},
};

/// What is kept with a case.
#[derive(Clone, Debug)]
pub struct CaseRecord {
    /// The trail, oldest first.
    pub events: Vec<TrailLine>,
    /// Oldest first.
    pub notes: Vec<StoredNote>,
    /// The files that decisions were ever made on.
    pub decided_on: Vec<Uuid>,
    /// Oldest first.
    pub files: Vec<StoredFile>,
    /// Who opened which file, and when last; the first to open one first.
    pub downloads: Vec<Download>,
    /// The draft that was written last, also where it no longer stands: only the last one can.
    pub draft: Option<StoredDraft>,
    /// The latest of each fact that staff set right.
    pub corrections: Vec<Correction>,
    /// What has reached Atlassian.
    pub sent: Option<SentBefore>,
}

/// One query.
pub async fn read_record(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<CaseRecord> {
    let row = sqlx::query!(
        r#"select
             (select coalesce(json_agg(l order by l.seq), '[]') from (
                 select e.seq, e.version, e.at, e.actor, e.data, s.name as staff_name, t.name as token_name
                 from case_events e left join staff s on s.id = e.staff_id
                 -- A line that somebody damaged must not hide the others.
                 left join staff_tokens t on t.id = case
                     when e.data ->> 'token' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (e.data ->> 'token')::uuid end
                 where e.case_id = $1) l) as "events!: Json<Vec<LineRow>>",
             (select coalesce(json_agg(n order by n.created_at, n.id), '[]') from (
                 select n.id, n.kind, n.body, n.created_at, s.name as staff_name
                 from case_notes n left join staff s on s.id = n.staff_id where n.case_id = $1) n) as "notes!: Json<Vec<NoteRow>>",
             array(select distinct (named ->> 'file')::uuid from case_events e
                 cross join lateral jsonb_array_elements(
                     case jsonb_typeof(e.data -> 'files') when 'array' then e.data -> 'files' else '[]' end) named
                 where e.case_id = $1 and e.kind = 'check_decided') as "decided_on!",
             (select coalesce(json_agg(f order by f.created_at, f.id), '[]') from (
                 select id, uploaded_by, name, kind, size, encode(sha256, 'hex') as sha256, created_at, scan, signature, deleted_at
                 from evidence_files where case_id = $1) f) as "files!: Json<Vec<FileRow>>",
             (select coalesce(json_agg(d order by d.first_at, d.staff), '[]') from (
                 select d.file_id as file, d.staff_id as staff, max(d.at) as at, min(d.at) as first_at
                 from evidence_downloads d join evidence_files f on f.id = d.file_id
                 where f.case_id = $1 group by d.file_id, d.staff_id) d) as "downloads!: Json<Vec<Download>>",
             (select to_json(d) from (
                 select d.id, d.revision, d.author_id, s.name as author_name, d.recipient, d.subject, d.body, d.opening, d.facts,
                     d.closing, encode(d.digest, 'hex') as digest, d.created_at, d.voided_at is not null as void
                 from drafts d join staff s on s.id = d.author_id
                 where d.case_id = $1 order by d.revision desc limit 1) d) as "draft: Json<DraftRow>",
             (select coalesce(json_agg(c order by c.what), '[]') from (
                 select distinct on (what) what, value, staff_id, at from corrections
                 where case_id = $1 order by what, at desc, id desc) c) as "corrections!: Json<Vec<CorrectionRow>>",
             (select to_json(s) from (
                 select first.settled_at as first_at, first.subject,
                     (select max(settled_at) from emails where correlation_id = $1 and audience = 'atlassian' and state = 'sent')
                         as last_at,
                     (select data ->> 'answer' from case_events where case_id = $1 and kind = 'atlassian_answered' and seq > (
                         select max(seq) from case_events where case_id = $1 and kind = 'delivered') order by seq desc limit 1)
                         as answer
                 from emails first
                 where first.correlation_id = $1 and first.audience = 'atlassian' and first.state = 'sent'
                 order by first.settled_at, first.id limit 1) s) as "sent: Json<SentBefore>""#,
        case,
    )
    .fetch_one(connection)
    .await
    .context("could not read what is kept with a case")?;
    Ok(CaseRecord {
        events: row.events.0.into_iter().map(LineRow::restore).collect::<anyhow::Result<_>>()?,
        notes: row.notes.0.into_iter().map(NoteRow::restore).collect::<anyhow::Result<_>>()?,
        decided_on: row.decided_on,
        files: row.files.0.into_iter().map(FileRow::restore).collect::<anyhow::Result<_>>()?,
        downloads: row.downloads.0,
        draft: row.draft.map(|draft| draft.0.restore()).transpose()?,
        corrections: row
            .corrections
            .0
            .into_iter()
            .map(CorrectionRow::restore)
            .collect::<anyhow::Result<_>>()?,
        sent: row.sent.map(|sent| sent.0),
    })
}

//! The page for a step that was not taken: somebody else was faster, or the rules say no.
//!
//! Shows what happened meanwhile and what was typed. A step that is still possible can be sent again from here, on the
//! case as it is now; an approval can't, because the message has to be looked at first.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use similar::{Algorithm, ChangeTag, utils::diff_words};

use super::{
    ends::Ruling,
    submission::{Request, Submission},
};
use crate::{
    case::{
        action::ActionKind,
        check::Verdict,
        correspondence::AtlassianAnswer,
        escalation::{ContactRole, Hosting},
        refusal::Refusal,
        state::Outcome,
    },
    casework::{LiveDraft, Loaded, find_live_draft, read_facts},
    desk::case_page::{TrailEntry, list_since},
    lang::Language,
    web::WebError,
};

/// Fields that people write themselves; the others are chosen or hidden.
const WRITTEN: [&str; 11] = [
    "subject",
    "opening",
    "closing",
    "question",
    "note",
    "reason",
    "told",
    "number",
    "company",
    "departed_name",
    "departed_email",
];

/// `desk/conflict.html`.
#[derive(Debug, Serialize)]
struct ConflictView {
    number: String,
    company: String,
    /// Why the rules say no; `None` where somebody else was faster.
    refusal: Option<String>,
    changes: Vec<TrailEntry>,
    /// Where to send it again, and on which version; `None` where that makes no sense.
    again: Option<Again>,
    written: Vec<Entry>,
    /// What was chosen rather than written, in words.
    chosen: Vec<String>,
    /// Where what was written is not what stands there by now.
    differences: Vec<Difference>,
}

/// From what stands there now to what was written.
#[derive(Debug, Serialize)]
struct Difference {
    name: &'static str,
    pieces: Vec<Piece>,
}

#[derive(Debug, Serialize)]
struct Piece {
    text: String,
    /// `same`, `added` or `removed`.
    change: &'static str,
}

#[derive(Debug, Serialize)]
struct Again {
    path: String,
    version: i32,
    /// What was chosen or hidden.
    hidden: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    name: String,
    value: String,
}

pub async fn answer_stale(
    submission: &Submission,
    request: &Request,
    current: i32,
) -> Result<HttpResponse, WebError> {
    let kind = request.kind();
    let looked_at = matches!(request, Request::Approve { .. });
    answer(submission, None, Some(kind).filter(|_| !looked_at), current).await
}

pub async fn answer_refused(submission: &Submission, refusal: Refusal) -> Result<HttpResponse, WebError> {
    answer(submission, Some(refusal), None, 0).await
}

async fn answer(
    submission: &Submission,
    refusal: Option<Refusal>,
    again: Option<ActionKind>,
    current: i32,
) -> Result<HttpResponse, WebError> {
    let Submission { reader, casework, staff, fields, .. } = submission;
    let loaded = casework.load(submission.case).await?.ok_or(WebError::NotFound)?;
    let changes = match submission.version {
        Some(version) => list_since(casework, submission.case, version, reader.language).await?,
        None => Vec::new(),
    };
    let now = casework.app.clock.now();
    let possible = again.is_some_and(|kind| loaded.case.offers_one(staff.actor(), kind, now));
    let entry = |(name, value): (&String, &String)| Entry { name: name.clone(), value: value.clone() };
    let (written, hidden): (Vec<Entry>, Vec<Entry>) = fields
        .0
        .iter()
        .filter(|(name, value)| name.as_str() != "version" && !value.trim().is_empty())
        .map(entry)
        .partition(|entry| WRITTEN.contains(&entry.name.as_str()));
    let differences = match refusal {
        None => differences(submission, &loaded).await?,
        Some(_) => Vec::new(),
    };
    let view = ConflictView {
        differences,
        number: loaded.case.number.to_string(),
        company: loaded.escalation.company,
        chosen: hidden.iter().filter_map(|entry| in_words(entry, reader.language)).collect(),
        refusal: refusal.map(|refusal| reader.language.text(&refusal.key())),
        changes,
        again: possible.then(|| Again { path: submission.path.clone(), version: current, hidden }),
        written,
    };
    let about_rights = refusal.is_some_and(Refusal::is_about_rights);
    let status = if about_rights { StatusCode::FORBIDDEN } else { StatusCode::CONFLICT };
    reader.page(status, "desk/conflict.html", &view)
}

/// A draft beside the one that somebody else wrote meanwhile, corrections beside the facts as they are now.
async fn differences(submission: &Submission, loaded: &Loaded) -> Result<Vec<Difference>, WebError> {
    let Submission { casework, case, fields, .. } = submission;
    let is_draft = fields.find("opening").is_some();
    if !is_draft && fields.find("company").is_none() && fields.find("departed_name").is_none() {
        return Ok(Vec::new());
    }
    let mut connection = casework.app.pool.acquire().await?;
    let now: Vec<(&'static str, String)> = if is_draft {
        let draft = find_live_draft(&mut connection, *case).await?;
        draft
            .map(|LiveDraft { draft, .. }| {
                vec![("subject", draft.subject), ("opening", draft.opening), ("closing", draft.closing)]
            })
            .unwrap_or_default()
    } else {
        let facts = read_facts(&mut connection, loaded).await?;
        let address = facts.departed_email.unwrap_or_default();
        vec![("company", facts.company), ("departed_name", facts.departed_name), ("departed_email", address)]
    };
    Ok(now.into_iter().filter_map(|(name, now)| difference(name, &now, fields.get(name))).collect())
}

/// `None` where it is the same, or nothing was written.
fn difference(name: &'static str, now: &str, written: &str) -> Option<Difference> {
    let written = written.replace("\r\n", "\n");
    if written.is_empty() || now.trim() == written.trim() {
        return None;
    }
    let pieces = diff_words(Algorithm::Myers, now, &written).into_iter().map(|(tag, text)| Piece {
        text: text.to_owned(),
        change: match tag {
            ChangeTag::Equal => "same",
            ChangeTag::Insert => "added",
            ChangeTag::Delete => "removed",
        },
    });
    Some(Difference { name, pieces: pieces.collect() })
}

fn in_words(entry: &Entry, language: Language) -> Option<String> {
    let value = entry.value.as_str();
    let known = match entry.name.as_str() {
        "verdict" => value.parse::<Verdict>().is_ok(),
        "hosting" => value.parse::<Hosting>().is_ok(),
        "contact_role" => {
            return value
                .parse::<ContactRole>()
                .is_ok()
                .then(|| language.text(&format!("contact-role-{value}")));
        }
        "answer" => value.parse::<AtlassianAnswer>().is_ok(),
        "outcome" => value.parse::<Outcome>().is_ok(),
        "ruling" => value.parse::<Ruling>().is_ok(),
        _ => false,
    };
    known.then(|| language.text(&format!("{}-{value}", entry.name)))
}

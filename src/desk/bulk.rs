//! `POST /desk/bulk`: one thing done to several cases of the queue. First shows what would happen to each, and why not to others;
//! confirmed, it does it.
//!
//! Each case goes the ordinary way by itself (its own rules, version and transaction), so one that is refused holds up no other, and
//! what was looked at is what is done. Approves nothing, and decides no check: those are looked at one by one. A program is answered
//! the same; what a token can't do to one case it can't do to several.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use super::{
    actions::{Entries, read_owner},
    api::{
        answer,
        bulk::{Bulk, BulkCase, BulkLetter},
        stay,
    },
    case_page,
    door::Door,
    message::MessageView,
};
use crate::{
    case::{
        action::{Action, ActionKind},
        outcome::Notification,
        state::Outcome,
        text::Note,
    },
    casework::{ActError, Casework, Rehearsal, Rehearsed},
    lang::{Arguments, Language},
    staff::{
        members::{self, Member},
        replays,
        session::SignedIn,
    },
    web::{Fields, Reader, WebError, error::FieldError},
};

pub const PATH: &str = "/desk/bulk";
/// As many as a page of the queue shows.
const MOST: usize = 50;
/// Ends that need no look at the single case; `completed` and `duplicate` do.
const OUTCOMES: [Outcome; 2] = [Outcome::SelfService, Outcome::Withdrawn];

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, Serialize)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum What {
    Assign,
    Remind,
    Close,
}

/// `desk/bulk.html`.
#[derive(Debug, Serialize)]
struct BulkView {
    what: What,
    /// What is wrong with the form, instead of anything else.
    errors: Vec<String>,
    /// It was done, not only looked at.
    done: bool,
    cases: Vec<CaseLine>,
    /// How many it is possible for, or was done to.
    count: usize,
    /// The form again: everything but which cases.
    fields: Vec<(String, String)>,
    /// Whence it was sent, as the query of the list.
    back: String,
}

/// One case.
#[derive(Debug, Serialize)]
struct CaseLine {
    number: String,
    company: String,
    /// What the next form does it to; `None` for those that it is not possible for.
    version: Option<i32>,
    ok: bool,
    /// Why not: the key of the sentence, and the sentence.
    #[serde(skip)]
    code: Option<String>,
    refusal: String,
    letters: Vec<LetterLine>,
}

impl CaseLine {
    /// Nobody knows more of it than its number.
    fn failed(number: String, language: Language) -> Self {
        Self {
            number,
            company: String::new(),
            version: None,
            ok: false,
            code: Some("bulk-failed".to_owned()),
            refusal: language.text("bulk-failed"),
            letters: Vec::new(),
        }
    }

    /// By the same request, before.
    fn done(number: String, version: i32) -> Self {
        Self {
            number,
            company: String::new(),
            version: Some(version),
            ok: true,
            code: None,
            refusal: String::new(),
            letters: Vec::new(),
        }
    }

    fn refuse(&mut self, key: &str, language: Language) {
        self.code = Some(key.to_owned());
        self.refusal = language.text(key);
    }
}

#[derive(Debug, Serialize)]
struct LetterLine {
    notification: Notification,
    message: MessageView,
}

/// A case that was chosen, as it was looked at.
#[derive(Clone, Copy, Debug)]
struct Chosen {
    case: Uuid,
    version: Option<i32>,
}

/// `what` (`assign` | `remind` | `close`), `case-{number}` = version for each case, for `assign` `owner`, for `close` `outcome` and `reason`;
/// `confirmed`, or it is only shown.
pub async fn run(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let members = members::list_members(&mut connection).await?;
    drop(connection);
    let mut entries = Entries::new(&fields, reader.language);
    let read = read(&mut entries, &staff, &members);
    let mut errors = entries.errors;
    let chosen: Vec<(String, Option<i32>)> = fields
        .0
        .iter()
        .filter_map(|(name, version)| Some((name.strip_prefix("case-")?.to_owned(), version.parse().ok())))
        .collect();
    if chosen.is_empty() {
        errors.insert("cases", reader.language.text("bulk-none"));
    }
    if chosen.len() > MOST {
        let arguments: Arguments<'_> = [("most".into(), MOST.into())].into();
        errors.insert("cases", reader.language.text_with("bulk-too-many", &arguments));
    }
    if reader.is_api && !errors.is_empty() {
        let errors =
            errors.into_iter().map(|(field, message)| FieldError { field: field.to_owned(), message });
        return Err(WebError::Invalid(errors.collect()));
    }
    let what = fields.get("what").parse().unwrap_or(What::Assign);
    let mut view = BulkView {
        what,
        done: fields.get("confirmed") == "true",
        cases: Vec::new(),
        count: 0,
        fields: kept(&fields),
        back: fields.get("back").to_owned(),
        errors: errors.into_values().collect(),
    };
    let Some(action) = read.filter(|_| view.errors.is_empty()) else {
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "desk/bulk.html", &view);
    };
    stay::check(casework.by_token.as_ref(), ActionKind::from(&action), &reader.app.link("/desk/cases"))?;
    // A request that is taken over from a process that died finds in each trail whether it did that case.
    let done_before = match casework.request() {
        Some(request) => replays::list_done(&casework.app.pool, request).await?,
        None => HashMap::new(),
    };
    for (number, version) in chosen {
        let tried = async {
            let case = case_page::find(&casework, &number).await?;
            if let Some(version) = done_before.get(&case) {
                return Ok(CaseLine::done(number.to_uppercase(), *version));
            }
            let case = Chosen { case, version };
            line(&casework, &staff, case, &action, (view.done, reader.language)).await
        };
        let line = match tried.await {
            Ok(line) => line,
            // What was done before it is done, whatever becomes of this one.
            Err(error) if view.cases.is_empty() => return Err(error),
            Err(error) => {
                tracing::error!(%error, "one of several cases could not be looked at");
                CaseLine::failed(number, reader.language)
            }
        };
        view.cases.push(line);
    }
    view.count = view.cases.iter().filter(|case| case.ok).count();
    if reader.is_api {
        return Ok(answer::begin(StatusCode::OK).json(for_programs(view)));
    }
    reader.ok("desk/bulk.html", &view)
}

fn read(entries: &mut Entries<'_>, staff: &SignedIn, members: &[Member]) -> Option<Action> {
    match entries.choice("what")? {
        What::Assign => Some(Action::Assign { owner: read_owner(entries, staff.id, members)? }),
        What::Remind => Some(Action::Remind),
        What::Close => {
            let outcome = entries.choice("outcome").filter(|outcome| {
                let known = OUTCOMES.contains(outcome);
                if !known {
                    entries.refuse("outcome", "desk-choose");
                }
                known
            });
            let reason = entries.optional_note("reason");
            Some(Action::Close { outcome: outcome?, reason: reason? })
        }
    }
}

/// What the next form sends again.
fn kept(fields: &Fields) -> Vec<(String, String)> {
    let kept: BTreeMap<&String, &String> = fields
        .0
        .iter()
        .filter(|(name, _)| !name.starts_with("case-") && name.as_str() != "confirmed")
        .collect();
    kept.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

async fn line(
    casework: &Casework,
    staff: &SignedIn,
    Chosen { case, version }: Chosen,
    action: &Action,
    (does, language): (bool, Language),
) -> Result<CaseLine, WebError> {
    let loaded = casework.load(case).await?.ok_or(WebError::NotFound)?;
    let mut line = CaseLine {
        number: loaded.case.number.to_string(),
        company: loaded.escalation.company,
        version: None,
        ok: false,
        code: None,
        refusal: String::new(),
        letters: Vec::new(),
    };
    let action = &of_its_own(action);
    let tried = if does && version.is_none() {
        // The page names one for each; without it nobody knows what was looked at.
        Err(ActError::Stale { current: loaded.version })
    } else if does {
        casework.act(case, staff.actor(), action, version).await.map(|acted| (Some(acted.version), None))
    } else {
        let rehearsed = casework.rehearse(case, staff.actor(), Rehearsed::Act(action), version).await;
        rehearsed.map(|rehearsal| (version, Some(rehearsal)))
    };
    match tried {
        Ok((version, rehearsal)) => {
            line.ok = true;
            line.version = version;
            line.letters = rehearsal.map_or_else(|| Ok(Vec::new()), letters)?;
        }
        Err(ActError::Refused(refusal)) => line.refuse(&refusal.key(), language),
        Err(ActError::Stale { .. }) => line.refuse("bulk-stale", language),
        Err(ActError::NotFound) => return Err(WebError::NotFound),
        // Those before it are done, and those after it can be.
        Err(ActError::Other(error)) => {
            tracing::error!(%case, error = format!("{error:#}"), "one of several cases could not be changed");
            line.refuse("bulk-failed", language);
        }
    }
    Ok(line)
}

/// The same for one more case: a note belongs to one case only.
fn of_its_own(action: &Action) -> Action {
    match action {
        Action::Close { outcome, reason } => {
            let reason = reason.as_ref().map(|note| Note::new(note.text.clone()));
            Action::Close { outcome: *outcome, reason }
        }
        other => other.clone(),
    }
}

fn letters(rehearsal: Rehearsal) -> anyhow::Result<Vec<LetterLine>> {
    let lines = rehearsal.letters.into_iter().map(|letter| {
        Ok(LetterLine { notification: letter.notification.parse()?, message: MessageView::of(&letter.raw)? })
    });
    lines.collect()
}

fn for_programs(view: BulkView) -> Bulk {
    let letter = |letter: LetterLine| BulkLetter {
        notification: letter.notification.into(),
        to: letter.message.to,
        subject: letter.message.subject,
    };
    let case = |case: CaseLine| BulkCase {
        number: case.number,
        ok: case.ok,
        version: case.version,
        reason: case.code.is_some().then_some(case.refusal),
        code: case.code,
        letters: case.letters.into_iter().map(letter).collect(),
    };
    Bulk { done: view.done, count: view.count, cases: view.cases.into_iter().map(case).collect() }
}

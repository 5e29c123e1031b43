//! The page of one text block, stored or new: the form, what it looks like, what somebody else made of it, its versions.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use uuid::Uuid;

use super::{
    difference::{Difference, between},
    form::{self, Errors, FIELDS},
};
use crate::{
    administration::{
        blocks::{self, Block},
        trail::Doer,
        variables::{Kind, Values, Variable},
        words::{Filled, Words, fill},
    },
    case::number::CaseNumber,
    casework::{find_by_number, read_facts},
    clock::Timestamp,
    desk::{api::answer, block_values, door::Door},
    lang::Language,
    staff::session::SignedIn,
    web::{Fields, Reader, WebError, error::FieldError},
};

/// Versions on one page.
const VERSIONS: i64 = 20;

/// Who asks for what.
pub struct Asked {
    pub reader: Reader,
    pub casework: Door,
    pub staff: SignedIn,
    pub fields: Fields,
}

impl Asked {
    pub fn words(&self, kind: Kind) -> Result<Words, Errors> {
        let language = self.reader.language;
        if self.reader.is_api && kind.is_english() && self.fields.find("de").is_some() {
            // Nothing that a program sends is ignored.
            return Err([("de", language.text("api-field-unknown"))].into());
        }
        form::read(&self.fields, kind, &self.casework.app.settings, language)
    }

    pub fn wants_preview(&self) -> bool {
        self.fields.get("preview") == "true"
    }

    pub fn doer(&self) -> Doer {
        self.casework.doer(self.staff.id)
    }
}

/// Which block the page is about.
#[derive(Clone, Copy)]
pub enum Open<'a> {
    New(Kind),
    Stored(&'a Block),
}

impl Open<'_> {
    fn kind(self) -> Kind {
        match self {
            Self::New(kind) => kind,
            Self::Stored(block) => block.kind,
        }
    }
}

/// What there is to say beside the form.
#[derive(Default)]
pub struct Said {
    pub errors: Errors,
    pub preview: Option<PreviewView>,
    pub theirs: Option<TheirsView>,
    pub version: Option<i32>,
    pub before: Option<i32>,
}

/// `desk/administration/text_block.html`.
#[derive(Debug, Serialize)]
struct BlockView {
    kind: Kind,
    english: bool,
    /// `None` for a new one.
    block: Option<Block>,
    variables: Vec<VariableView>,
    values: BTreeMap<String, String>,
    errors: Errors,
    error_list: Vec<FieldError>,
    preview: Option<PreviewView>,
    theirs: Option<TheirsView>,
    versions: Vec<Block>,
    shown: Option<ShownView>,
    older: Option<i32>,
}

#[derive(Debug, Serialize)]
struct VariableView {
    name: &'static str,
    label: String,
}

#[derive(Debug, Serialize)]
pub struct PreviewView {
    /// The number of the case; `None` for an invented one.
    case: Option<String>,
    texts: Vec<PreviewText>,
}

#[derive(Debug, Serialize)]
struct PreviewText {
    language: Language,
    pieces: Vec<Filled>,
}

/// What somebody else saved meanwhile, against what both began with.
#[derive(Debug, Serialize)]
pub struct TheirsView {
    author: Option<String>,
    at: Timestamp,
    version: i32,
    differences: Vec<Difference>,
}

/// A version against the one before it.
#[derive(Debug, Serialize)]
struct ShownView {
    version: i32,
    at: Timestamp,
    author: Option<String>,
    differences: Vec<Difference>,
}

/// The fields as they would come from the form.
pub fn as_typed(block: &Block) -> Fields {
    let mut fields = Fields::default();
    let words = &block.words;
    fields.set("title_de", &words.title_de);
    fields.set("title_en", &words.title_en);
    fields.set("de", words.de.as_deref().unwrap_or_default());
    fields.set("en", &words.en);
    fields.set("version", &block.version.to_string());
    fields
}

pub async fn answer_wrong(asked: &Asked, open: Open<'_>, errors: Errors) -> Result<HttpResponse, WebError> {
    if asked.reader.is_api {
        let errors =
            errors.into_iter().map(|(field, message)| FieldError { field: field.to_owned(), message });
        return Err(WebError::Invalid(errors.collect()));
    }
    render(asked, open, StatusCode::UNPROCESSABLE_ENTITY, Said { errors, ..Said::default() }).await
}

/// The form with what it would look like for a case.
pub async fn preview(asked: &Asked, open: Open<'_>, words: &Words) -> Result<HttpResponse, WebError> {
    let kind = open.kind();
    let preview = match asked.fields.find("case") {
        None => preview_with(kind, words, None, |language| block_values::sample(kind, language)),
        Some(typed) => {
            let Some((number, loaded, facts)) = find_case(asked, typed).await? else {
                let errors = [("case", asked.reader.language.text("block-no-case"))].into();
                return answer_wrong(asked, open, errors).await;
            };
            let (casework, now) = (&asked.casework, asked.casework.app.clock.now());
            preview_with(kind, words, Some(number), |language| {
                block_values::of_case(casework, kind, (&loaded, &facts), &asked.staff.name, language, now)
            })
        }
    };
    let said = Said { preview: Some(preview), ..Said::default() };
    render(asked, open, StatusCode::OK, said).await
}

async fn find_case(
    asked: &Asked,
    typed: &str,
) -> Result<Option<(String, crate::casework::Loaded, crate::case::facts::LetterFacts)>, WebError> {
    let Ok(number) = typed.to_uppercase().parse::<CaseNumber>() else { return Ok(None) };
    let mut connection = asked.casework.app.pool.acquire().await?;
    let case = find_by_number(&mut connection, &number).await?;
    drop(connection);
    let Some(case) = case else { return Ok(None) };
    let Some(loaded) = asked.casework.load(case).await? else { return Ok(None) };
    let mut connection = asked.casework.app.pool.acquire().await?;
    let facts = read_facts(&mut connection, &loaded).await?;
    Ok(Some((number.to_string(), loaded, facts)))
}

fn preview_with(
    kind: Kind,
    words: &Words,
    case: Option<String>,
    values: impl Fn(Language) -> Values,
) -> PreviewView {
    let languages: &[Language] = if kind.is_english() { &[Language::En] } else { &Language::ALL };
    let text = |language: &Language| PreviewText {
        language: *language,
        pieces: fill(kind, words.body(*language), &values(*language), *language),
    };
    PreviewView { case, texts: languages.iter().map(text).collect() }
}

/// Both texts: what was typed stays in the form, which now begins from what somebody else saved.
pub async fn answer_stale(asked: &Asked, id: Uuid, seen: i32) -> Result<HttpResponse, WebError> {
    let mut connection = asked.casework.app.pool.acquire().await?;
    let latest = blocks::find(&mut connection, id, None).await?.ok_or(WebError::NotFound)?;
    if asked.reader.is_api {
        return Err(answer::stale(latest.version));
    }
    let before = blocks::find(&mut connection, id, Some(seen)).await?;
    drop(connection);
    let before = before.map(|block| block.words).unwrap_or_default();
    let theirs = TheirsView {
        author: latest.author.clone(),
        at: latest.at,
        version: latest.version,
        differences: between(&before, &latest.words),
    };
    let said = Said { theirs: Some(theirs), ..Said::default() };
    render(asked, Open::Stored(&latest), StatusCode::CONFLICT, said).await
}

pub async fn render(
    asked: &Asked,
    open: Open<'_>,
    status: StatusCode,
    said: Said,
) -> Result<HttpResponse, WebError> {
    let reader = &asked.reader;
    let mut versions = Vec::new();
    let mut shown = None;
    if let Open::Stored(block) = open {
        let mut connection = asked.casework.app.pool.acquire().await?;
        versions =
            blocks::list_versions(&mut connection, block.id, said.before, VERSIONS.saturating_add(1)).await?;
        if let Some(number) = said.version
            && let Some(version) = blocks::find(&mut connection, block.id, Some(number)).await?
        {
            let before = blocks::find(&mut connection, block.id, Some(number.saturating_sub(1))).await?;
            // The first has none before it: nothing is different.
            let before = before.map_or_else(|| version.words.clone(), |block| block.words);
            shown = Some(ShownView {
                version: number,
                at: version.at,
                author: version.author,
                differences: between(&before, &version.words),
            });
        }
    }
    let more = i64::try_from(versions.len()).is_ok_and(|count| count > VERSIONS);
    versions.truncate(usize::try_from(VERSIONS).unwrap_or(usize::MAX));
    let kind = open.kind();
    let block = match open {
        Open::New(_) => None,
        Open::Stored(block) => Some(block.clone()),
    };
    let mut values = asked.fields.0.clone();
    // The next version is made from the latest, which the reader has in front of them.
    if let (Some(theirs), true) = (&said.theirs, status == StatusCode::CONFLICT) {
        values.insert("version".to_owned(), theirs.version.to_string());
    }
    let in_order = FIELDS.iter().chain([&"case"]).filter_map(|field| said.errors.get_key_value(*field));
    let view = BlockView {
        kind,
        english: kind.is_english(),
        block,
        variables: kind
            .variables()
            .iter()
            .map(|variable| variable_view(*variable, reader.language))
            .collect(),
        values,
        error_list: in_order
            .map(|(field, message)| FieldError { field: (*field).to_owned(), message: message.clone() })
            .collect(),
        errors: said.errors,
        preview: said.preview,
        theirs: said.theirs,
        older: versions.last().filter(|_| more).map(|last| last.version),
        versions,
        shown,
    };
    reader.page(status, "desk/administration/text_block.html", &view)
}

fn variable_view(variable: Variable, language: Language) -> VariableView {
    VariableView { name: variable.as_str(), label: variable.label(language) }
}

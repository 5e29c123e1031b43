//! The guide's pages: one question each, and a page for each leaf. No cookie, no script, nothing from elsewhere: the answers stand in
//! the address, in words of ours.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{
    advice::Statement,
    answers::{self, Answer},
    leaf::{Kind, Leaf},
    source::Age,
    tree::{Next, Place},
    walk::{self, Walk},
};
use crate::{
    clock::Day,
    intake::message::MessageView,
    lang::Language,
    view::write_day,
    web::{Fields, Reader, WebError, see_other},
};

/// What `intake/question.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionView {
    /// The name of the parameter.
    name: &'static str,
    title: String,
    hint: String,
    options: Vec<OptionView>,
    answered: Vec<AnsweredView>,
    /// Answers that go with the next one.
    carried: Vec<(&'static str, &'static str)>,
    back: String,
}

#[derive(Clone, Debug, Serialize)]
struct OptionView {
    value: &'static str,
    label: String,
    hint: String,
}

#[derive(Clone, Debug, Serialize)]
struct AnsweredView {
    question: String,
    answer: String,
    change: String,
}

/// What `intake/leaf.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct LeafView {
    kind: &'static str,
    title: String,
    lead: String,
    steps: Vec<StatementView>,
    watch: Vec<StatementView>,
    answered: Vec<AnsweredView>,
    /// The last question; empty where somebody came by a link.
    back: String,
    /// Where the answer to "did this solve it?" goes.
    action: String,
    /// The form, with what is known.
    form: String,
}

#[derive(Clone, Debug, Serialize)]
pub(in crate::intake) struct StatementView {
    text: String,
    link: Option<LinkView>,
    /// When it was so.
    age: String,
    author: String,
    source: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct LinkView {
    href: &'static str,
    /// As people say the address.
    text: &'static str,
}

/// `GET /guide`
pub async fn ask(reader: Reader, request: HttpRequest) -> Result<HttpResponse, WebError> {
    let walk = walk::read(request.query_string());
    match walk.next {
        Next::Ask(place) => reader.ok("intake/question.html", &question(&walk, place, reader.language)),
        Next::End(leaf) => Ok(see_other(&address(leaf, &walk))),
    }
}

/// `GET /guide/{leaf}`, with or without the answers that led there.
pub async fn show(
    reader: Reader,
    request: HttpRequest,
    word: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let Ok(leaf) = word.parse::<Leaf>() else { return gone(&reader) };
    let walk = way_to(leaf, request.query_string());
    reader.ok("intake/leaf.html", &leaf_view(leaf, walk.as_ref(), reader.language))
}

/// `POST /guide/{leaf}`: `solved` = yes | no. Counted, and the reader goes on even where that fails.
pub async fn answer(
    reader: Reader,
    request: HttpRequest,
    word: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let Ok(leaf) = word.parse::<Leaf>() else { return gone(&reader.at("/guide")) };
    let walk = way_to(leaf, request.query_string());
    let answer = match fields.get("solved") {
        "yes" => Answer::Solved,
        "no" => Answer::Unsolved,
        _ => return Ok(see_other(&walk.map_or_else(|| path(leaf), |walk| address(leaf, &walk)))),
    };
    // Where the form is the way on, nothing has been solved yet.
    if leaf.kind() != Kind::Request {
        let app = &reader.app;
        let day = app.clock.now().day_in(&app.zone);
        if let Err(error) = answers::count(&app.pool, day, leaf, answer).await {
            tracing::warn!(error = format!("{error:#}"), "an answer to the guide was not counted");
        }
    }
    Ok(match answer {
        Answer::Solved => see_other("/guide/thanks"),
        Answer::Unsolved => see_other(&form(leaf, walk.as_ref())),
    })
}

/// `GET /guide/thanks`
pub async fn thanks(reader: Reader) -> Result<HttpResponse, WebError> {
    let language = reader.language;
    let view = MessageView::new("ok", language, "guide-thanks-title", "guide-thanks-text")
        .leading_to("/", language.text("guide-thanks-home"));
    reader.ok(MessageView::TEMPLATE, &view)
}

/// A leaf that is not there, or not any more.
fn gone(reader: &Reader) -> Result<HttpResponse, WebError> {
    if reader.wants_json {
        return Err(WebError::NotFound);
    }
    let language = reader.language;
    let view = MessageView::new("info", language, "guide-gone-title", "guide-gone-text")
        .leading_to("/guide", language.text("guide-begin"));
    reader.page(StatusCode::NOT_FOUND, MessageView::TEMPLATE, &view)
}

/// The answers of the address, where they lead to this leaf.
fn way_to(leaf: Leaf, query: &str) -> Option<Walk> {
    Some(walk::read(query)).filter(|walk| walk.next == Next::End(leaf))
}

fn path(leaf: Leaf) -> String {
    format!("/guide/{}", leaf.word())
}

fn address(leaf: Leaf, walk: &Walk) -> String {
    format!("{}?{}", path(leaf), walk.query())
}

/// The form with the hosting that was named and the leaf, whose hint it begins with.
fn form(leaf: Leaf, walk: Option<&Walk>) -> String {
    let said = walk.and_then(|walk| walk.answered.iter().find_map(|one| hosting_of(one.place)));
    let hosting = leaf.hosting().map(<&str>::from).or(said);
    let hosting = hosting.map(|word| format!("hosting={word}&")).unwrap_or_default();
    let language = walk.and_then(|walk| walk.language);
    let language = language.map(|language| format!("&language={}", language.as_str())).unwrap_or_default();
    format!("/escalations/new?{hosting}guide={}{language}", leaf.word())
}

/// What is known of the hosting where this is asked.
fn hosting_of(place: Place) -> Option<&'static str> {
    match place {
        Place::DataCenter => Some("data_center"),
        Place::Cloud | Place::Free => Some("cloud"),
        Place::Hosting | Place::Site | Place::Address(..) => None,
    }
}

fn question(walk: &Walk, place: Place, language: Language) -> QuestionView {
    let word = place.word();
    let option = |value: &'static str| OptionView {
        value,
        label: language.text(&format!("guide-answer-{word}-{value}")),
        hint: optional(language, &format!("guide-answer-{word}-{value}-hint")),
    };
    let before = walk.answered.iter().map(|one| (one.place.question(), one.word));
    let carried = before.chain(walk.kept.iter().copied()).map(|(question, word)| (question.word(), word));
    let language_named = walk.language.map(|language| ("language", language.as_str()));
    QuestionView {
        name: place.question().word(),
        title: language.text(&format!("guide-question-{word}")),
        hint: optional(language, &format!("guide-question-{word}-hint")),
        options: place.words().into_iter().map(option).collect(),
        answered: answered(walk, language),
        carried: carried.chain(language_named).collect(),
        back: walk.back(),
    }
}

fn answered(walk: &Walk, language: Language) -> Vec<AnsweredView> {
    let view = |(at, one): (usize, &walk::Answered)| {
        let place = one.place.word();
        AnsweredView {
            question: language.text(&format!("guide-question-{place}")),
            answer: language.text(&format!("guide-answer-{place}-{}", one.word)),
            change: walk.change(at),
        }
    };
    walk.answered.iter().enumerate().map(view).collect()
}

fn leaf_view(leaf: Leaf, walk: Option<&Walk>, language: Language) -> LeafView {
    let word = leaf.word();
    let advice = leaf.advice();
    let views = |statements: &[Statement]| statements.iter().map(|one| statement(*one, language)).collect();
    LeafView {
        kind: leaf.kind().into(),
        title: language.text(&format!("guide-leaf-{word}-title")),
        lead: language.text(&format!("guide-leaf-{word}-lead")),
        steps: views(advice.steps),
        watch: views(advice.watch),
        answered: walk.map(|walk| answered(walk, language)).unwrap_or_default(),
        back: walk.map(Walk::back).unwrap_or_default(),
        action: walk.map_or_else(|| path(leaf), |walk| address(leaf, walk)),
        form: form(leaf, walk),
    }
}

pub(in crate::intake) fn statement(one: Statement, language: Language) -> StatementView {
    let author: &str = one.source.author().into();
    StatementView {
        text: language.text(&format!("guide-say-{}", one.word)),
        link: one
            .link
            .map(|href| LinkView { href, text: href.trim_start_matches("https://").trim_end_matches('/') }),
        age: age(one.source.age(), language),
        author: language.text(&format!("guide-author-{author}")),
        source: one.source.address(),
    }
}

/// Also for docs/GUIDE.md.
pub fn age(age: Age, language: Language) -> String {
    match age {
        Age::Day(year, month, day) => match jiff::civil::Date::new(year, month, day) {
            Ok(date) => write_day(Day::from(date), language),
            Err(_) => year.to_string(),
        },
        Age::Month(year, month) => format!("{month}/{year}"),
        Age::Years(from, to) => {
            let years = if from == to { from.to_string() } else { format!("{from}–{to}") };
            language.text_with("guide-age-about", &[("years".into(), years.into())].into())
        }
    }
}

fn optional(language: Language, key: &str) -> String {
    language.find_text(key, &[].into()).unwrap_or_default()
}

//! docs/MAILS.md against the program: the table of all e-mails is made from the code, the samples and the templates.
//! `HANDOVER_WRITE_MAILS=1 cargo test --test it mails_document` writes it.

use std::{fmt::Write as _, fs, path::PathBuf};

use handover::{
    case::{outcome::Notification, state::Place},
    demo::letters::{Kind, Samples, Shape},
    lang::Language,
};
use serde_json::json;
use strum::VariantArray as _;

use crate::helpers::letter::views_with;

const BEGIN: &str = "<!-- generated: table -->\n";
const END: &str = "<!-- end of what is generated -->";

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/MAILS.md")
}

/// What the button of the first variant says, in English.
fn action(samples: &Samples, kind: &Kind) -> String {
    let seal = serde_json::from_value(json!({ "code": "", "check_link": "" })).unwrap();
    let language = if kind.shape() == Shape::ForAnybody { Language::De } else { Language::En };
    let written = kind.write(&views_with(""), language, &samples.page(&kind.variants[0]), &seal).unwrap();
    let Some(html) = written.html else { return "–".to_owned() };
    let html = scraper::Html::parse_document(&html);
    let button = scraper::Selector::parse("td[lang=en] .button a").unwrap();
    html.select(&button).next().unwrap().text().collect()
}

fn table() -> String {
    let samples = Samples::read().unwrap();
    let mut text = "| kind | when | to | language | its one action |\n|---|---|---|---|---|\n".to_owned();
    for kind in &samples.kinds {
        let language = match kind.shape() {
            Shape::Letter => "theirs",
            Shape::ForAnybody => "both",
            Shape::Plain => "theirs, plain text",
            Shape::ToAtlassian => "English, plain text",
        };
        let (word, when, to) = (&kind.kind, &kind.when, &kind.to);
        writeln!(text, "| `{word}` | {when} | {to} | {language} | {} |", action(&samples, kind)).unwrap();
    }
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test has no settings; this one can write what it compares")]
fn the_table_of_all_mails_is_as_it_is() {
    let document = fs::read_to_string(file()).unwrap();
    let start = document.find(BEGIN).unwrap() + BEGIN.len();
    let stop = start + document[start..].find(END).unwrap();
    let renewed = format!("{}\n{}\n{}", &document[..start], table(), &document[stop..]);
    if std::env::var_os("HANDOVER_WRITE_MAILS").is_some() {
        fs::write(file(), &renewed).unwrap();
        return;
    }
    let differs = document.lines().zip(renewed.lines()).find(|(there, made)| there != made);
    assert!(
        document == renewed,
        "docs/MAILS.md is no longer what the program does, from {differs:?}; write it with\n\
         HANDOVER_WRITE_MAILS=1 cargo test --test it mails_document"
    );
}

/// The walk over states and people, which people wrote, leaves out no state and no e-mail about a case.
#[test]
fn the_walk_names_every_state_and_every_mail() {
    let document = fs::read_to_string(file()).unwrap();
    let walk = document.split(END).nth(1).unwrap();
    for place in Place::VARIANTS {
        assert!(walk.contains(&format!("| `{}` |", place.as_str())), "{}", place.as_str());
    }
    for notification in Notification::VARIANTS {
        assert!(walk.contains(&format!("`{}`", notification.as_str())), "{}", notification.as_str());
    }
}

//! The form of a text block: read with all that is wrong at once, in the reader's words.

use std::collections::BTreeMap;

use crate::{
    administration::{
        variables::Kind,
        words::{ATLASSIAN, Words, Wrong, check},
    },
    case::{
        characters::{Known, find_hidden, words_of_mixed_scripts},
        facts::Line,
        text::Text,
    },
    config::Settings,
    desk::actions::text_key,
    lang::{Arguments, Language},
    web::Fields,
};

/// The most characters of a title: it stands in a list beside others.
const LONGEST_TITLE: usize = 80;
/// Every field that a person types into, in the order of the page.
pub const FIELDS: [&str; 4] = ["title_de", "title_en", "de", "en"];

/// What is wrong, by field.
pub type Errors = BTreeMap<&'static str, String>;

/// Whom and what a block may name: us, and Atlassian.
fn known(settings: &Settings) -> Known {
    let mut known = Known::default();
    known.add_address(&settings.mail.from_address);
    known.add_text(&settings.mail.imprint);
    known.add_text(&settings.http.public_url);
    for url in [&settings.http.privacy_url, &settings.http.imprint_url] {
        known.add_text(url);
    }
    ATLASSIAN.into_iter().for_each(|domain| known.add_domain(domain));
    known
}

/// # Errors
/// All that is wrong, at once.
pub fn read(fields: &Fields, kind: Kind, settings: &Settings, language: Language) -> Result<Words, Errors> {
    let known = known(settings);
    let mut errors = Errors::new();
    let mut body = |field: &'static str| match check(kind, fields.get(field), &known) {
        Ok(text) => text.as_str().to_owned(),
        Err(wrong) => {
            errors.insert(field, sentence(&wrong, kind, language));
            String::new()
        }
    };
    let de = (!kind.is_english()).then(|| body("de"));
    let en = body("en");
    let mut title = |field: &'static str| match read_title(fields.get(field), language) {
        Ok(title) => title,
        Err(sentence) => {
            errors.insert(field, sentence);
            String::new()
        }
    };
    let (title_de, title_en) = (title("title_de"), title("title_en"));
    if errors.is_empty() { Ok(Words { title_de, title_en, de, en }) } else { Err(errors) }
}

fn read_title(typed: &str, language: Language) -> Result<String, String> {
    if let Some(hidden) = find_hidden(typed) {
        return Err(with(language, "desk-hidden-character", "character", &hidden.to_string()));
    }
    if let Some(word) = words_of_mixed_scripts(typed).first() {
        return Err(with(language, "block-wrong-scripts", "word", word));
    }
    match Line::parse(typed) {
        Some(line) if line.as_str().chars().count() <= LONGEST_TITLE => Ok(line.as_str().to_owned()),
        _ => Err(with(language, "block-wrong-title", "most", &LONGEST_TITLE.to_string())),
    }
}

fn with(language: Language, key: &str, name: &'static str, value: &str) -> String {
    let arguments: Arguments<'_> = [(name.into(), value.to_owned().into())].into();
    language.text_with(key, &arguments)
}

fn sentence(wrong: &Wrong, kind: Kind, language: Language) -> String {
    match wrong {
        Wrong::Text(invalid) => with(language, text_key(*invalid), "most", &Text::MAX.to_string()),
        Wrong::Hidden(hidden) => with(language, "desk-hidden-character", "character", &hidden.to_string()),
        Wrong::MixedScripts(word) => with(language, "block-wrong-scripts", "word", word),
        Wrong::Foreign(what) => with(language, "block-wrong-foreign", "what", what),
        Wrong::Scheme(what) => with(language, "block-wrong-scheme", "what", what),
        Wrong::Unknown { name, line, column } => {
            let possible: Vec<String> =
                kind.variables().iter().map(|variable| format!("{{{}}}", variable.as_str())).collect();
            let arguments: Arguments<'_> = [
                ("name".into(), name.clone().into()),
                ("line".into(), line.to_string().into()),
                ("column".into(), column.to_string().into()),
                ("possible".into(), possible.join(", ").into()),
            ]
            .into();
            language.text_with("block-wrong-unknown", &arguments)
        }
        Wrong::Loose { line, column } => {
            let arguments: Arguments<'_> =
                [("line".into(), line.to_string().into()), ("column".into(), column.to_string().into())]
                    .into();
            language.text_with("block-wrong-loose", &arguments)
        }
    }
}

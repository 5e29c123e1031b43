//! Puts a letter together: the words of each language, in one frame around all of them.
//!
//! Whoever is the requester reads one language, that of the form. Of everybody else nobody knows it, so they get both in one
//! e-mail, German first. The frame stands in `templates/emails/frame.*`, what stands around the words of one language in
//! `layout.*`, the words in a folder for each kind.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{app::App, lang::Language, mail::outgoing::code::MailCode, view::Views};

/// The public page that says whether an e-mail is ours.
pub const CHECK_PATH: &str = "/mail-checks";

/// A letter in words.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What stands in every e-mail, whatever it is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seal {
    /// By which its reader can ask whether it is ours.
    code: String,
    /// Where.
    check_link: String,
}

impl Seal {
    pub fn new(app: &App, code: &MailCode) -> Self {
        Self { code: code.to_string(), check_link: app.link(CHECK_PATH) }
    }
}

/// What the templates of the words know, beside the letter's own.
#[derive(Serialize)]
struct PartView<'a, V> {
    #[serde(flatten)]
    letter: &'a V,
    #[serde(flatten)]
    seal: &'a Seal,
    piece: Piece,
    is_first: bool,
}

/// What is asked of a template of words: each stands at another place of the frame.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Piece {
    Preheader,
    Body,
}

/// What the frame knows.
#[derive(Serialize)]
struct FrameView<'a, V> {
    #[serde(flatten)]
    letter: &'a V,
    /// That there is a second language, said in that.
    hint: Option<String>,
    preheader: &'a str,
    parts: &'a [Part],
}

#[derive(Serialize)]
struct Part {
    lang: &'static str,
    body: String,
    foot: String,
}

/// Renders the letter of `folder` below `templates/emails`.
pub fn render<V: Serialize>(
    views: &Views,
    folder: &str,
    languages: &[Language],
    letter: &V,
    seal: &Seal,
) -> anyhow::Result<Rendered> {
    let part = |language: Language, template: Cow<'_, str>, piece| {
        let is_first = languages.first() == Some(&language);
        views.render(&template, language, &PartView { letter, seal, piece, is_first })
    };
    let words = |language: Language, ending: &str, piece| {
        part(language, format!("emails/{folder}/{}.{ending}", language.as_str()).into(), piece)
    };
    let in_each = |ending: &str| -> anyhow::Result<String> {
        let parts = languages
            .iter()
            .map(|language| {
                let (body, foot) = (
                    words(*language, ending, Piece::Body)?,
                    part(*language, format!("emails/foot.{ending}").into(), Piece::Body)?,
                );
                Ok(Part { lang: language.as_str(), body, foot })
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let first = languages.first().copied().unwrap_or(Language::De);
        let preheader =
            if ending == "html" { words(first, ending, Piece::Preheader)? } else { String::new() };
        let hint = languages.get(1).map(|second| second.text("email-below"));
        let frame = FrameView { letter, hint, preheader: &preheader, parts: &parts };
        views.render(&format!("emails/frame.{ending}"), first, &frame)
    };
    let subjects = languages
        .iter()
        .map(|language| words(*language, "subject", Piece::Body))
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Rendered { subject: join_subjects(&subjects), text: in_each("txt")?, html: in_each("html")? })
}

/// The subjects of all languages in one line. What ends each of them, as the number of the case, stands once.
fn join_subjects(subjects: &[String]) -> String {
    let subjects: Vec<&str> = subjects.iter().map(|subject| subject.trim()).collect();
    let end_of = |subject: &str| match subject.rsplit_once(" (") {
        Some((_, end)) if end.ends_with(')') => format!(" ({end}"),
        _ => String::new(),
    };
    let end = subjects.first().map(|first| end_of(first)).unwrap_or_default();
    if subjects.len() < 2 || end.is_empty() || !subjects.iter().all(|subject| subject.ends_with(&end)) {
        return subjects.join(" / ");
    }
    let short: Vec<&str> =
        subjects.iter().map(|subject| subject.strip_suffix(&end).unwrap_or(subject)).collect();
    format!("{}{end}", short.join(" / "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_stands_once_in_a_subject() {
        for (subjects, joined) in [
            (vec!["Bitte (HO-1)"], "Bitte (HO-1)"),
            (vec!["Bitte (HO-1)\n", "Please (HO-1)\n"], "Bitte / Please (HO-1)"),
            (vec!["Bitte (HO-1)", "Please (HO-2)"], "Bitte (HO-1) / Please (HO-2)"),
            (vec!["Vorgang 1", "Case 1"], "Vorgang 1 / Case 1"),
        ] {
            let subjects: Vec<String> = subjects.into_iter().map(str::to_owned).collect();
            assert_eq!(join_subjects(&subjects), joined);
        }
    }
}

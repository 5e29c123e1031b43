//! `GET /cases/{token}/authorisation-letter`, and the same with `.pdf`: a letter for the customer's letterhead and signature, filled in
//! from what they sent.
//!
//! Says nothing that the customer did not say: not what the register holds, nor what staff found out. Only the requester's link
//! opens it; whoever it falls to reads no more than the status page behind the same link says. What a signed letter proves is
//! for whoever reviews it.

mod pdf;

use actix_web::{HttpResponse, http::header, web};
use anyhow::Context as _;
use serde::Serialize;

use super::{cases, links};
use crate::{
    case::{entitlement::EntitlementNumber, escalation::Escalation, number::CaseNumber},
    casework::{Casework, links::Purpose},
    lang::{Arguments, Language},
    web::{Reader, WebError},
};

/// The letter in words, for the page and for the PDF alike.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    #[serde(skip)]
    language: Language,
    #[serde(skip)]
    number: String,
    title: String,
    reference: String,
    statement: Vec<String>,
    facts: Vec<Fact>,
    declaration: Vec<String>,
    /// What is written by hand: the label below each line.
    signature: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Fact {
    term: String,
    lines: Vec<String>,
}

/// `intake/authorisation_letter.html`.
#[derive(Debug, Serialize)]
struct LetterPage {
    letter: Letter,
    /// The status page.
    back: String,
    /// Where the PDF is; null where it can't show a character of the letter, so that this page is printed instead.
    pdf: Option<String>,
}

pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let Some(loaded) = links::find_case(&casework, &token, Purpose::Status).await? else {
        return links::gone(&reader);
    };
    let letter = Letter::of(&loaded.escalation, &loaded.case.number, reseller(&casework), reader.language);
    let back = cases::address(&token);
    let pdf = pdf::can_show(&letter).then(|| format!("{back}/authorisation-letter.pdf"));
    reader.ok("intake/authorisation_letter.html", &LetterPage { letter, back, pdf })
}

/// Where the fonts have no sign for a character of a name, the page is the letter: boxes would be signed unread.
pub async fn download(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let letter = Letter::of(&loaded.escalation, &loaded.case.number, reseller(&casework), reader.language);
    if !pdf::can_show(&letter) {
        let page = format!("{}/authorisation-letter", cases::address(&token));
        return Ok(reader.see_other(&page, "notice-letter-as-page"));
    }
    let name = format!("{}-{}.pdf", letter.number, reader.language.text("intake-letter-file"));
    let bytes = web::block(move || pdf::write(&letter)).await.context("the letter was not written")??;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/pdf"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}

fn reseller(casework: &Casework) -> &str {
    &casework.app.brand.site.name
}

impl Letter {
    pub fn of(escalation: &Escalation, number: &CaseNumber, reseller: &str, language: Language) -> Self {
        let say = |key: &str| language.text(key);
        let with = |key: &str, arguments: &[(&'static str, &str)]| {
            let arguments: Arguments<'_> =
                arguments.iter().map(|(name, value)| ((*name).into(), (*value).to_owned().into())).collect();
            language.text_with(key, &arguments)
        };
        let Escalation { requester, departed, successor, company, .. } = escalation;
        let fact = |key: &str, lines: Vec<String>| Fact { term: say(key), lines };
        let address =
            departed.email.stated().map_or_else(|| say("intake-address-unknown"), ToString::to_string);
        let role: &str = departed.role.into();
        let asks = requester
            .position
            .iter()
            .fold(requester.name.clone(), |name, position| format!("{name}, {position}"));
        let licences: Vec<&str> = escalation.entitlements.iter().map(EntitlementNumber::value).collect();
        let named =
            [("reseller", reseller), ("company", company.as_str()), ("departed", departed.name.as_str())];
        Self {
            language,
            number: number.to_string(),
            title: say("intake-letter-title"),
            reference: with(
                "intake-letter-reference",
                &[("number", number.as_str()), ("reseller", reseller)],
            ),
            statement: vec![with("intake-letter-statement", &named)],
            facts: vec![
                fact("intake-letter-company", vec![company.clone()]),
                fact("intake-letter-licences", vec![licences.join(", ")]),
                fact(
                    "intake-letter-departed",
                    vec![departed.name.clone(), address, say(&format!("contact-role-{role}"))],
                ),
                fact("intake-letter-successor", vec![successor.name.clone(), successor.email.to_string()]),
                fact("intake-letter-requester", vec![asks, requester.email.to_string()]),
            ],
            declaration: vec![
                with("intake-letter-requester-may", &[("requester", requester.name.as_str())]),
                say("intake-letter-authority"),
            ],
            signature: ["place-date", "signature", "name", "stamp"]
                .map(|line| say(&format!("intake-letter-line-{line}")))
                .into(),
        }
    }

    /// All that is shown.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let facts = self.facts.iter().flat_map(|fact| fact.lines.iter().chain([&fact.term]));
        [&self.title, &self.reference]
            .into_iter()
            .chain(&self.statement)
            .chain(facts)
            .chain(&self.declaration)
            .chain(&self.signature)
            .map(String::as_str)
    }
}

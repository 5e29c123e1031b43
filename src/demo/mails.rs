//! `GET /dev/mails`: every e-mail that Handover writes, with invented data, as whoever gets it sees it. For those who write or
//! translate them. Only in the default mode: elsewhere there is no such page.
//!
//! Shows what `letters` renders; reads and sends nothing.

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    letters::{Kind, Samples, Shape, Variant, Written},
    mailbox::{FRAMING_POLICY, HTML_POLICY},
};
use crate::{
    casework::rendering::Seal,
    lang::Language,
    mail::outgoing::code::MailCode,
    web::{Reader, WebError},
};

pub const PATH: &str = "/dev/mails";

/// `mailbox/mails.html`.
#[derive(Debug, Serialize)]
struct MailsView {
    kinds: Vec<KindView>,
}

#[derive(Debug, Serialize)]
struct KindView {
    kind: String,
    to: String,
    when: String,
    versions: Vec<VersionView>,
}

#[derive(Debug, Serialize)]
struct VersionView {
    name: String,
    /// `de`, `en`, or both.
    language: &'static str,
    word: String,
    subject: String,
}

/// `mailbox/mails_show.html`.
#[derive(Debug, Serialize)]
struct MailView {
    name: String,
    kind: String,
    to: String,
    when: String,
    #[serde(flatten)]
    written: Written,
}

/// `GET /dev/mails`
pub async fn list(reader: Reader) -> Result<HttpResponse, WebError> {
    let samples = read(&reader)?;
    let kinds: anyhow::Result<Vec<KindView>> = samples
        .kinds
        .iter()
        .map(|kind| {
            let versions: anyhow::Result<Vec<VersionView>> = versions_of(kind)
                .map(|(at, variant, language)| {
                    Ok(VersionView {
                        name: name_of(kind, at, language),
                        language: if kind.shape() == Shape::ForAnybody {
                            "de, en"
                        } else {
                            language.as_str()
                        },
                        word: variant.word.clone(),
                        subject: write(&reader, &samples, (kind, variant), language)?.subject,
                    })
                })
                .collect();
            let (to, when) = (kind.to.clone(), kind.when.clone());
            Ok(KindView { kind: kind.kind.clone(), to, when, versions: versions? })
        })
        .collect();
    reader.ok("mailbox/mails.html", &MailsView { kinds: kinds? })
}

/// `GET /dev/mails/{name}`
pub async fn show(reader: Reader, name: web::Path<String>) -> Result<HttpResponse, WebError> {
    let samples = read(&reader)?;
    let (kind, variant, language) = find(&samples, &name)?;
    let view = MailView {
        name: name.into_inner(),
        kind: kind.kind.clone(),
        to: kind.to.clone(),
        when: kind.when.clone(),
        written: write(&reader, &samples, (kind, variant), language)?,
    };
    let mut page = reader.ok("mailbox/mails_show.html", &view)?;
    page.headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(FRAMING_POLICY));
    Ok(page)
}

/// `GET /dev/mails/{name}/html`
pub async fn html(reader: Reader, name: web::Path<String>) -> Result<HttpResponse, WebError> {
    let samples = read(&reader)?;
    let (kind, variant, language) = find(&samples, &name)?;
    let html = write(&reader, &samples, (kind, variant), language)?.html.ok_or(WebError::NotFound)?;
    let policy = (header::CONTENT_SECURITY_POLICY, HTML_POLICY);
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").insert_header(policy).body(html))
}

/// The list, in the default mode alone.
fn read(reader: &Reader) -> Result<Samples, WebError> {
    if reader.app.settings.is_demo() { Ok(Samples::read()?) } else { Err(WebError::NotFound) }
}

/// Each variant in each language, with its place among the variants.
fn versions_of(kind: &Kind) -> impl Iterator<Item = (usize, &Variant, Language)> {
    let variants = kind.variants.iter().enumerate();
    variants.flat_map(|(at, variant)| kind.versions().iter().map(move |language| (at, variant, *language)))
}

fn name_of(kind: &Kind, at: usize, language: Language) -> String {
    format!("{}.{at}.{}", kind.kind, language.as_str())
}

fn find<'a>(samples: &'a Samples, name: &str) -> Result<(&'a Kind, &'a Variant, Language), WebError> {
    let mut all = samples.kinds.iter().flat_map(|kind| {
        versions_of(kind)
            .map(move |(at, variant, language)| (name_of(kind, at, language), kind, variant, language))
    });
    let found = all.find(|(known, ..)| known == name);
    found.map(|(_, kind, variant, language)| (kind, variant, language)).ok_or(WebError::NotFound)
}

/// As this installation would: with its own name and particulars.
fn write(
    reader: &Reader,
    samples: &Samples,
    (kind, variant): (&Kind, &Variant),
    language: Language,
) -> anyhow::Result<Written> {
    let (app, settings) = (&reader.app, &reader.app.settings);
    let mut page: Map<String, Value> = samples.page(variant);
    for (field, text) in [
        ("reseller", settings.reseller.name.as_str()),
        ("desk_address", &settings.mail.from_address),
        ("imprint", settings.mail.imprint.trim()),
    ] {
        page.insert(field.to_owned(), text.into());
    }
    let seal = Seal::new(app, &MailCode::of(&app.code_signer, Uuid::nil()));
    let language = if kind.shape() == Shape::ForAnybody { settings.language } else { language };
    kind.write(&app.views, language, &page, &seal)
}

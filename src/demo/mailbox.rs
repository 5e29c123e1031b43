//! The mailbox page of the default mode: what went out, to be read and clicked. Not for production, where it is not there.
//!
//! Reads the folder that mail is kept in; sends and changes nothing.

use std::path::PathBuf;

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;

use crate::{
    app::App,
    config::TransportKind,
    demo::sent::{self, Opened, Summary},
    web::{Reader, WebError},
};

/// E-mails on the page; older ones still lie in the folder.
const SHOWN: usize = 200;

/// The HTML of an e-mail is shown alone, in a frame that may do nothing but open links in a new window.
pub(super) const HTML_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; \
     base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox";
/// The page around that frame.
pub(super) const FRAMING_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

#[derive(Clone, Debug, Serialize)]
struct MailboxView {
    emails: Vec<Summary>,
}

#[derive(Clone, Debug, Serialize)]
struct EmailView {
    #[serde(flatten)]
    email: Opened,
    /// The text, cut so that its links can be clicked.
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Segment {
    text: String,
    link: bool,
}

/// `GET /dev/mail`
pub async fn list(reader: Reader) -> Result<HttpResponse, WebError> {
    let folder = find_folder(&reader.app)?;
    let emails = if folder.is_dir() { sent::list(&folder, SHOWN).await? } else { Vec::new() };
    reader.ok("mailbox/list.html", &MailboxView { emails })
}

/// `GET /dev/mail/{name}`
pub async fn show(reader: Reader, name: web::Path<String>) -> Result<HttpResponse, WebError> {
    let email = find(&reader.app, &name).await?;
    let segments = segments(&email.text, &email.links);
    let mut page = reader.ok("mailbox/show.html", &EmailView { email, segments })?;
    page.headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(FRAMING_POLICY));
    Ok(page)
}

/// `GET /dev/mail/{name}/html`
pub async fn html(reader: Reader, name: web::Path<String>) -> Result<HttpResponse, WebError> {
    let html = find(&reader.app, &name).await?.html.ok_or(WebError::NotFound)?;
    let policy = (header::CONTENT_SECURITY_POLICY, HTML_POLICY);
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").insert_header(policy).body(html))
}

/// The folder, in the default mode; elsewhere this page does not exist.
fn find_folder(app: &App) -> Result<PathBuf, WebError> {
    let here = app.settings.is_demo() && app.settings.mail.transport == TransportKind::Folder;
    if here { Ok(app.settings.data_dir.join("mail")) } else { Err(WebError::NotFound) }
}

async fn find(app: &App, name: &str) -> Result<Opened, WebError> {
    sent::find(&find_folder(app)?, name).await?.ok_or(WebError::NotFound)
}

fn segments(text: &str, links: &[String]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut rest = text;
    while let Some((start, link)) =
        links.iter().filter_map(|link| rest.find(link.as_str()).map(|start| (start, link))).min()
    {
        let (before, from_link) = rest.split_at(start);
        let (link, after) = from_link.split_at(link.len());
        segments.push(Segment { text: before.to_owned(), link: false });
        segments.push(Segment { text: link.to_owned(), link: true });
        rest = after;
    }
    segments.push(Segment { text: rest.to_owned(), link: false });
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_cut_out_of_the_text() {
        let links = ["http://a.example/x".to_owned(), "http://a.example/y".to_owned()];
        let cut = segments("See http://a.example/y, then http://a.example/x.", &links);
        let words: Vec<(&str, bool)> =
            cut.iter().map(|segment| (segment.text.as_str(), segment.link)).collect();
        assert_eq!(
            words,
            [
                ("See ", false),
                ("http://a.example/y", true),
                (", then ", false),
                ("http://a.example/x", true),
                (".", false)
            ]
        );
    }
}

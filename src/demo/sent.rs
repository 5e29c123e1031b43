//! Reads the folder that [`crate::mail::outgoing::transport::Folder`] fills, for the mailbox page of the default mode.
//!
//! Changes nothing in it.

use std::{io::ErrorKind, path::Path};

use anyhow::Context as _;
use mail_parser::{Address, Message, MessageParser, decoders::html::html_to_text};
use serde::Serialize;
use tokio::fs;

/// One e-mail of the folder, in short.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The name of its file: what [`find`] wants.
    pub name: String,
    pub subject: String,
    pub from: String,
    pub to: String,
    /// RFC 3339.
    pub date: String,
}

/// One e-mail of the folder as its reader sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Opened {
    #[serde(flatten)]
    pub summary: Summary,
    pub text: String,
    pub html: Option<String>,
    /// The web addresses in the text, then those that only the HTML has, each once.
    pub links: Vec<String>,
}

/// The newest `limit` e-mails of `folder`, newest first.
pub async fn list(folder: &Path, limit: usize) -> anyhow::Result<Vec<Summary>> {
    let mut names = Vec::new();
    let mut entries = fs::read_dir(folder).await.context("could not open the mail folder")?;
    while let Some(entry) = entries.next_entry().await.context("could not read the mail folder")? {
        names.extend(entry.file_name().into_string().ok().filter(|name| is_name(name)));
    }
    // Names start with the time.
    names.sort_unstable_by(|one, other| other.cmp(one));
    names.truncate(limit);

    let mut summaries = Vec::new();
    for name in names {
        if let Some(raw) = read(folder, &name).await? {
            summaries.extend(MessageParser::default().parse(&raw).map(|message| summary(name, &message)));
        }
    }
    Ok(summaries)
}

/// The e-mail in the file `name`; `None` where there is none, or where `name` is not that of an e-mail.
pub async fn find(folder: &Path, name: &str) -> anyhow::Result<Option<Opened>> {
    if !is_name(name) {
        return Ok(None);
    }
    let Some(raw) = read(folder, name).await? else { return Ok(None) };
    Ok(MessageParser::default().parse(&raw).map(|message| open(name, &message)))
}

/// Names as the folder transport gives them; above all without a slash or a dot in front.
fn is_name(name: &str) -> bool {
    name.strip_suffix(".eml").is_some_and(|stem| {
        !stem.starts_with('.')
            && !stem.contains("..")
            && stem.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
    })
}

async fn read(folder: &Path, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    match fs::read(folder.join(name)).await {
        Ok(raw) => Ok(Some(raw)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("could not read an e-mail in the mail folder"),
    }
}

fn summary(name: String, message: &Message<'_>) -> Summary {
    Summary {
        name,
        subject: message.subject().unwrap_or_default().to_owned(),
        from: written(message.from()),
        to: written(message.to()),
        date: message.date().map(|date| date.to_rfc3339()).unwrap_or_default(),
    }
}

fn open(name: &str, message: &Message<'_>) -> Opened {
    let text = message.body_text(0).unwrap_or_default().into_owned();
    // An e-mail without an HTML part would get one made of its text.
    let html = message
        .html_bodies()
        .any(|part| part.is_text_html())
        .then(|| message.body_html(0).unwrap_or_default().into_owned());
    let links = links(&text, html.as_deref());
    Opened { summary: summary(name.to_owned(), message), text, html, links }
}

fn written(address: Option<&Address<'_>>) -> String {
    let all = address.into_iter().flat_map(Address::iter).map(|one| {
        match (one.name(), one.address().unwrap_or_default()) {
            (Some(name), address) => format!("{name} <{address}>"),
            (None, address) => address.to_owned(),
        }
    });
    all.collect::<Vec<_>>().join(", ")
}

fn links(text: &str, html: Option<&str>) -> Vec<String> {
    let in_html = html.unwrap_or_default().split("href=\"").skip(1).filter_map(|rest| {
        let (target, _) = rest.split_once('"')?;
        let target = html_to_text(target);
        target.starts_with("http").then_some(target)
    });
    let mut links = Vec::new();
    for link in addresses_in(text).chain(in_html) {
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

/// Everything that starts like a web address, up to a space or bracket, without the punctuation of the sentence.
fn addresses_in(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| c.is_whitespace() || "<>()[]\"".contains(c))
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .map(|word| word.trim_end_matches(['.', ',', ';', ':', '!', '?']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "From: Handover <handover@reseller.example>\r\nTo: jo@customer.example\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n\
        Date: Sun, 22 Nov 2026 08:15:30 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
        Please open https://handover.example/a?b=c&d=e, or <https://handover.example/f>.\r\n";

    #[test]
    fn names_that_lead_elsewhere_are_none() {
        assert!(is_name("20261122T081530.000000Z-0192aaaa-bbbb.eml"));
        for name in [
            "../a.eml",
            "a/b.eml",
            "..eml",
            ".hidden.eml",
            "a..b.eml",
            "a.json",
            "",
            "a\\b.eml",
            "a%2fb.eml",
            "é.eml",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[tokio::test]
    async fn the_newest_comes_first_and_opens() {
        let folder = tempfile::tempdir().unwrap();
        for (name, raw) in [
            ("20261122T081530.000000Z-1.eml", ONE.to_owned()),
            ("20261122T081531.000000Z-2.eml", ONE.replace("jo@", "second@")),
            (".20261122T081532.000000Z-3.eml.part", "unfinished".to_owned()),
            ("20261122T081530.000000Z-1.json", "{}".to_owned()),
        ] {
            std::fs::write(folder.path().join(name), raw).unwrap();
        }
        let all = list(folder.path(), 10).await.unwrap();
        let to: Vec<_> = all.iter().map(|summary| summary.to.as_str()).collect();
        assert_eq!(to, ["second@customer.example", "jo@customer.example"]);
        assert_eq!(list(folder.path(), 1).await.unwrap().len(), 1);

        let opened = find(folder.path(), &all[1].name).await.unwrap().unwrap();
        assert_eq!(opened.summary.subject, "Café");
        assert_eq!(opened.summary.from, "Handover <handover@reseller.example>");
        assert_eq!(opened.summary.date, "2026-11-22T08:15:30Z");
        assert_eq!(opened.html, None);
        assert_eq!(opened.links, ["https://handover.example/a?b=c&d=e", "https://handover.example/f"]);

        assert!(find(folder.path(), "20261122T081530.000000Z-9.eml").await.unwrap().is_none());
        assert!(find(folder.path(), "../secret.eml").await.unwrap().is_none());
    }

    #[test]
    fn links_of_text_and_html_appear_once() {
        let html = r#"<a href="https://a.example/?x=1&amp;y=2">a</a> <a href="mailto:b@c.example">b</a> <a href="https://d.example">d</a> <a href="https:&#x2F;&#x2F;e.example&#47;x">e</a>"#;
        assert_eq!(
            links("See https://a.example/?x=1&y=2!", Some(html)),
            ["https://a.example/?x=1&y=2", "https://d.example", "https://e.example/x"]
        );
    }
}

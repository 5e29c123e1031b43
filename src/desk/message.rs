//! An e-mail to Atlassian as its reader will see it, read back from the very bytes that go out.
//!
//! Only of our own making: it shows no HTML and no attachments, because our requests have neither.

use data_encoding::HEXLOWER;
use mail_parser::{Address, MessageParser};
use serde::Serialize;

use crate::token::sha256;

#[derive(Debug, Serialize)]
pub struct MessageView {
    from: String,
    reply_to: String,
    pub to: String,
    pub subject: String,
    message_id: String,
    text: String,
    /// All of it. Our e-mails are ASCII; a byte that is not would show as U+FFFD.
    raw: String,
    bytes: usize,
    /// SHA-256 of the bytes, 64 hexadecimal digits, and in groups of four for people to compare.
    digest: String,
    digest_grouped: String,
}

impl MessageView {
    /// # Errors
    /// When the bytes are no message at all.
    pub fn of(raw: &[u8]) -> anyhow::Result<Self> {
        let message = MessageParser::default()
            .parse(raw)
            .ok_or_else(|| anyhow::anyhow!("a stored e-mail can't be read"))?;
        let digest = HEXLOWER.encode(&sha256(raw));
        Ok(Self {
            from: addresses(message.from()),
            reply_to: addresses(message.reply_to()),
            to: addresses(message.to()),
            subject: message.subject().unwrap_or_default().to_owned(),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            raw: String::from_utf8_lossy(raw).replace("\r\n", "\n"),
            bytes: raw.len(),
            digest_grouped: groups(&digest),
            digest,
        })
    }
}

/// "Name <address>", one after the other.
fn addresses(list: Option<&Address<'_>>) -> String {
    let written = list.into_iter().flat_map(Address::iter).map(|one| {
        let address = one.address().unwrap_or_default();
        one.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
    });
    written.collect::<Vec<_>>().join(", ")
}

fn groups(digits: &str) -> String {
    let group = |start: usize| digits.get(start..start.saturating_add(4));
    (0..digits.len()).step_by(4).filter_map(group).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_the_bytes_say() {
        let raw = b"From: =?utf-8?q?J=C3=B6rg?= <j@reseller.example>\r\nTo: licensing@atlassian.example\r\n\
            Subject: Change\r\nMessage-ID: <1@reseller.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\nM=C3=BCller=\r\n GmbH\r\n";
        let view = MessageView::of(raw).unwrap();
        assert_eq!(view.from, "Jörg <j@reseller.example>");
        assert_eq!(view.to, "licensing@atlassian.example");
        assert_eq!(view.text.trim_end(), "Müller GmbH");
        assert!(view.raw.contains("M=C3=BCller=\n GmbH"));
        assert_eq!(view.digest_grouped.replace(' ', ""), view.digest);
    }
}

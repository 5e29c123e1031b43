//! Turns a letter into the exact bytes of an e-mail, once.
//!
//! Does not store or send. What comes out is frozen: its digest is what people approve and the database checks.

use anyhow::Context as _;
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MessageBuilder, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

use crate::{
    clock::Timestamp,
    lang::Language,
    token::{Sha256Bytes, sha256},
};

/// The longest line that may go over the wire, without its line end (RFC 5322 §2.1.1).
const LONGEST_LINE: usize = 998;

/// The visible `From`.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    pub name: &'a str,
    pub address: &'a str,
}

/// What is to be said, to whom, and where answers and bounces go.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    pub to_name: &'a str,
    pub to_address: &'a str,
    pub reply_to: &'a str,
    /// Envelope sender: bounces come back here (RFC 5321 §4.4).
    pub return_path: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    /// The same in HTML; [`Profile::Personal`] leaves it out.
    pub html: Option<&'a str>,
    /// What it is written in, in their order; the first is the one that it counts as.
    pub languages: &'a [Language],
    /// Message-IDs of the conversation so far, without angle brackets, oldest first: `References`, and the last one as
    /// `In-Reply-To` (RFC 5322 §3.6.4). What can't be a Message-ID is left out.
    pub thread: &'a [String],
    /// Where its receiver's mail program ends letters of this kind by one POST (RFC 8058).
    pub unsubscribe: Option<&'a str>,
}

/// How an e-mail presents itself to the machines on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// To customers: marked as generated (RFC 3834 §5), so that no polite auto-responder answers it.
    Automatic,
    /// The same in answer to a message (RFC 3834 §3.1.7): no auto-responder answers an answer.
    Answer,
    /// To Atlassian: as if a person had written it, plain text and no mark of a machine, so that no filter drops it.
    Personal,
}

/// An e-mail that is ready to go and never changes again.
#[derive(Clone)]
pub struct Composed {
    /// Without angle brackets, as parsers report it. Random, so that nobody can bounce what he never received.
    pub message_id: String,
    pub envelope_from: String,
    pub envelope_to: String,
    pub subject: String,
    pub language: Language,
    /// All of it, header and body, every line ended by CRLF.
    pub raw: Vec<u8>,
    /// SHA-256 of `raw`.
    pub digest: Sha256Bytes,
}

impl std::fmt::Debug for Composed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Composed").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// Composes `letter` as of `at`. Line breaks in names and the subject are folded into spaces, so no text can add a
/// header; an address that is not one is an error.
pub fn compose(
    sender: Sender<'_>,
    letter: &Letter<'_>,
    profile: Profile,
    at: Timestamp,
) -> anyhow::Result<Composed> {
    let from = parse_address(sender.address).context("the sender's address")?;
    let to = parse_address(letter.to_address).context("the recipient's address")?;
    let reply_to = parse_address(letter.reply_to).context("the reply address")?;
    let return_path = parse_address(letter.return_path).context("the return path")?;
    let message_id = format!("{}@{}", Uuid::new_v4(), from.domain());
    let subject = single_line(letter.subject);

    let builder = Message::builder()
        .message_id(Some(format!("<{message_id}>")))
        .date((*at).into())
        .from(mailbox(sender.name, from))
        .to(mailbox(letter.to_name, to.clone()))
        // Without a name: a header line does not fold inside a mailbox, and signed addresses are long.
        .reply_to(reply_to.into())
        .subject(subject.clone());
    let builder = unsubscribable(threaded(builder, letter.thread), letter.unsubscribe);
    let message = match (profile, letter.html) {
        (Profile::Personal, _) => builder.singlepart(text_part(letter.text)?),
        (_, None) => marked(builder, profile, letter.languages).singlepart(text_part(letter.text)?),
        (_, Some(html)) => marked(builder, profile, letter.languages).multipart(
            MultiPart::alternative().singlepart(text_part(letter.text)?).singlepart(html_part(html)?),
        ),
    };
    let raw = message.context("could not compose the e-mail")?.formatted();
    anyhow::ensure!(raw.is_ascii(), "the e-mail holds bytes beyond ASCII");
    anyhow::ensure!(
        raw.split(|byte| *byte == b'\n').all(|line| line.len() <= LONGEST_LINE + 1),
        "a header line of the e-mail is longer than {LONGEST_LINE} characters"
    );
    Ok(Composed {
        message_id,
        envelope_from: return_path.to_string(),
        envelope_to: to.to_string(),
        subject,
        language: letter.languages.first().copied().context("the e-mail is in no language")?,
        digest: sha256(&raw),
        raw,
    })
}

/// Reads an address, its domain turned to ASCII (IDNA): then any mail server can take it. A local part beyond ASCII
/// would need SMTPUTF8 (RFC 6531) all the way and is refused.
pub(super) fn parse_address(text: &str) -> anyhow::Result<Address> {
    let (local, domain) = text.rsplit_once('@').context("has no @")?;
    anyhow::ensure!(local.is_ascii(), "has a local part beyond ASCII");
    let domain = idna::domain_to_ascii(domain).context("has a domain that is none")?;
    Address::new(local, domain).context("is not an e-mail address")
}

fn mailbox(name: &str, address: Address) -> Mailbox {
    let name = single_line(name);
    Mailbox::new((!name.is_empty()).then_some(name), address)
}

/// `text` on one line: line breaks and other control characters become single spaces.
fn single_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The last messages of a conversation; a line of them must stay short enough to go over the wire.
fn threaded(builder: MessageBuilder, thread: &[String]) -> MessageBuilder {
    let is_sound = |id: &&String| {
        id.len() <= 150
            && id.contains('@')
            && id.chars().all(|c| c.is_ascii_graphic() && c != '<' && c != '>')
    };
    let mut ids: Vec<String> =
        thread.iter().rev().filter(is_sound).take(5).map(|id| format!("<{id}>")).collect();
    ids.reverse();
    match ids.last() {
        Some(last) => builder.in_reply_to(last.clone()).references(ids.join(" ")),
        None => builder,
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn unsubscribable(builder: MessageBuilder, address: Option<&str>) -> MessageBuilder {
    let Some(address) = address else { return builder };
    builder
        .raw_header(header("List-Unsubscribe", &format!("<{address}>")))
        .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
}

fn marked(builder: MessageBuilder, profile: Profile, languages: &[Language]) -> MessageBuilder {
    let languages: Vec<&str> = languages.iter().map(|language| language.as_str()).collect();
    let made = if profile == Profile::Answer { "auto-replied" } else { "auto-generated" };
    builder
        .raw_header(header("Auto-Submitted", made))
        .raw_header(header("Content-Language", &languages.join(", ")))
}

fn text_part(text: &str) -> anyhow::Result<SinglePart> {
    Ok(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(quoted_printable(text)?))
}

fn html_part(html: &str) -> anyhow::Result<SinglePart> {
    Ok(SinglePart::builder().header(ContentType::TEXT_HTML).body(quoted_printable(html)?))
}

/// Always quoted-printable: lines stay short, and no relay on the way has a reason to encode the text anew.
fn quoted_printable(text: &str) -> anyhow::Result<Body> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Body::new_with_encoding(text.trim_end().to_owned(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_unencoded| anyhow::anyhow!("the text can't be encoded"))
}

#[cfg(test)]
mod tests;

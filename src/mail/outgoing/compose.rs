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
    pub language: Language,
    /// Message-IDs of the conversation so far, without angle brackets, oldest first: `References`, and the last one as
    /// `In-Reply-To` (RFC 5322 §3.6.4). What can't be a Message-ID is left out.
    pub thread: &'a [String],
}

/// How an e-mail presents itself to the machines on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// To customers: marked as generated (RFC 3834 §5), so that no polite auto-responder answers it.
    Automatic,
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
    let builder = threaded(builder, letter.thread);
    let message = match (profile, letter.html) {
        (Profile::Personal, _) => builder.singlepart(text_part(letter.text)?),
        (Profile::Automatic, None) => marked(builder, letter.language).singlepart(text_part(letter.text)?),
        (Profile::Automatic, Some(html)) => marked(builder, letter.language).multipart(
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
        language: letter.language,
        digest: sha256(&raw),
        raw,
    })
}

/// Reads an address, its domain turned to ASCII (IDNA): then any mail server can take it. A local part beyond ASCII
/// would need SMTPUTF8 (RFC 6531) all the way and is refused.
fn parse_address(text: &str) -> anyhow::Result<Address> {
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

fn marked(builder: MessageBuilder, language: Language) -> MessageBuilder {
    let header = |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
    builder
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", language.as_str()))
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
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    const SENDER: Sender<'_> = Sender { name: "Example Partner Ltd", address: "handover@reseller.example" };

    fn letter<'a>() -> Letter<'a> {
        Letter {
            to_name: "Zoë Čapek",
            to_address: "zoe.capek@customer.example",
            reply_to: "handover+ho-2026-00042.a.abcdefghijklmnop@reseller.example",
            return_path: "handover+ho-2026-00042.b.abcdefghijklmnop@reseller.example",
            subject: "Please confirm for Café Société: HO-2026-00042",
            text: "Hello Zoë Čapek,\n\nplease confirm for Café Société: https://handover.example/confirmations/abc=def\n",
            html: Some(
                "<p>Hello Zoë Čapek,</p>\n<p><a href=\"https://handover.example/confirmations/abc=def\">confirm for Café Société</a></p>\n",
            ),
            language: Language::De,
            thread: &[],
        }
    }

    fn at() -> Timestamp {
        "2026-11-22T08:15:30Z".parse::<jiff::Timestamp>().unwrap().into()
    }

    fn composed(letter: &Letter<'_>, profile: Profile) -> Composed {
        compose(SENDER, letter, profile, at()).unwrap()
    }

    fn shown(email: &Composed) -> String {
        String::from_utf8(email.raw.clone()).unwrap().replace(&email.message_id, "[id]").replace("\r\n", "\n")
    }

    /// The unfolded header of an e-mail, a line for each field.
    fn header(email: &Composed) -> Vec<String> {
        let text = String::from_utf8(email.raw.clone()).unwrap();
        let header = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        header.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_automatic_email_is_marked_and_has_both_forms() {
        let email = composed(&letter(), Profile::Automatic);
        insta::with_settings!({ filters => vec![(r"[A-Za-z0-9]{40}", "[boundary]")] }, {
            insta::assert_snapshot!(shown(&email), @r#"
            Message-ID: <[id]>
            Date: Sun, 22 Nov 2026 08:15:30 +0000
            From: "Example Partner Ltd" <handover@reseller.example>
            To: =?utf-8?b?Wm/DqyDEjGFwZWs=?= <zoe.capek@customer.example>
            Reply-To: handover+ho-2026-00042.a.abcdefghijklmnop@reseller.example
            Subject: Please confirm for =?utf-8?b?Q2Fmw6kgU29jacOpdMOpOg==?=
             HO-2026-00042
            Auto-Submitted: auto-generated
            Content-Language: de
            MIME-Version: 1.0
            Content-Type: multipart/alternative;
             boundary="[boundary]"

            --[boundary]
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Hello Zo=C3=AB =C4=8Capek,

            please confirm for Caf=C3=A9 Soci=C3=A9t=C3=A9: https://handover.example/co=
            nfirmations/abc=3Ddef
            --[boundary]
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p>Hello Zo=C3=AB =C4=8Capek,</p>
            <p><a href=3D"https://handover.example/confirmations/abc=3Ddef">confirm for=
             Caf=C3=A9 Soci=C3=A9t=C3=A9</a></p>
            --[boundary]--
            "#);
        });
    }

    #[test]
    fn a_personal_email_shows_no_machine() {
        let letter = Letter {
            to_name: "",
            to_address: "licensing@atlassian.example",
            subject: "Technical contact of SEN-12345678",
            text: "Hello,\n\nthe technical contact of SEN-12345678 has left.\n",
            language: Language::En,
            ..letter()
        };
        insta::assert_snapshot!(shown(&composed(&letter, Profile::Personal)), @r#"
        Message-ID: <[id]>
        Date: Sun, 22 Nov 2026 08:15:30 +0000
        From: "Example Partner Ltd" <handover@reseller.example>
        To: licensing@atlassian.example
        Reply-To: handover+ho-2026-00042.a.abcdefghijklmnop@reseller.example
        Subject: Technical contact of SEN-12345678
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Hello,

        the technical contact of SEN-12345678 has left.
        "#);
    }

    #[test]
    fn parsers_read_back_what_was_written() {
        let email = composed(&letter(), Profile::Automatic);
        let message = MessageParser::default().parse(&email.raw).unwrap();
        assert_eq!(message.message_id(), Some(email.message_id.as_str()));
        assert_eq!(message.subject(), Some(letter().subject));
        let to = message.to().unwrap().first().unwrap();
        assert_eq!((to.name(), to.address()), (Some("Zoë Čapek"), Some("zoe.capek@customer.example")));
        assert_eq!(message.body_text(0).unwrap().trim_end(), letter().text.trim_end().replace('\n', "\r\n"));
        assert_eq!(
            message.body_html(0).unwrap().trim_end(),
            letter().html.unwrap().trim_end().replace('\n', "\r\n")
        );
        assert_eq!(email.digest, sha256(&email.raw));
        assert_eq!(email.envelope_from, letter().return_path);
    }

    #[test]
    fn no_two_emails_share_a_message_id() {
        let (one, two) = (composed(&letter(), Profile::Personal), composed(&letter(), Profile::Personal));
        assert_ne!(one.message_id, two.message_id);
        assert!(one.message_id.ends_with("@reseller.example"));
    }

    #[test]
    fn every_line_is_short_ascii_and_ends_with_crlf() {
        let long = "fiancée.".repeat(400);
        let words = "word ".repeat(60);
        let letter = Letter { text: &long, html: Some(&long), subject: &words, ..letter() };
        for profile in [Profile::Automatic, Profile::Personal] {
            let raw = String::from_utf8(composed(&letter, profile).raw).unwrap();
            assert!(raw.is_ascii() && raw.ends_with("\r\n") && !raw.ends_with("\r\n\r\n"));
            assert_eq!(raw.matches('\n').count(), raw.matches("\r\n").count());
            assert_eq!(raw.matches('\r').count(), raw.matches("\r\n").count());
            for line in raw.split("\r\n") {
                assert!(line.len() <= 78, "{} characters: {line}", line.len());
            }
        }
    }

    #[test]
    fn long_names_stay_within_what_a_line_may_hold() {
        let words = "wérd ".repeat(60);
        let letter = Letter { to_name: &words, ..letter() };
        let raw = composed(&letter, Profile::Automatic).raw;
        let message = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(message.to().unwrap().first().unwrap().name(), Some(words.trim_end()));
    }

    #[test]
    fn a_header_word_that_no_line_can_hold_is_refused() {
        let subject = "a".repeat(1000);
        let error =
            compose(SENDER, &Letter { subject: &subject, ..letter() }, Profile::Personal, at()).unwrap_err();
        assert!(error.to_string().contains("longer than 998"), "{error}");
    }

    #[test]
    fn all_line_ends_in_the_text_become_one_kind() {
        let letter = Letter { text: "one\rtwo\r\nthree\nfour\n\n\n", ..letter() };
        let raw = composed(&letter, Profile::Personal).raw;
        assert!(String::from_utf8(raw).unwrap().ends_with("\r\n\r\none\r\ntwo\r\nthree\r\nfour\r\n"));
    }

    #[test]
    fn no_text_adds_a_header() {
        for breaking in ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{b}", "\0", "\r\n ", "\r\n\r\n"] {
            let evil = format!("harmless{breaking}Bcc: everybody@victim.example");
            let evil_sender = Sender { name: &evil, address: SENDER.address };
            let evil_letter = Letter { to_name: &evil, subject: &evil, ..letter() };
            let plain = composed(&Letter { to_name: "x", subject: "x", ..letter() }, Profile::Personal);
            let email = compose(evil_sender, &evil_letter, Profile::Personal, at()).unwrap();
            let names = |email| {
                header(email)
                    .iter()
                    .map(|line| line.split(':').next().unwrap().to_owned())
                    .collect::<Vec<_>>()
            };
            assert_eq!(names(&email), names(&plain), "{breaking:?}");
            assert_eq!(email.subject, "harmless Bcc: everybody@victim.example", "{breaking:?}");
            let message = MessageParser::default().parse(&email.raw).unwrap();
            assert!(message.bcc().is_none() && message.to().unwrap().iter().count() == 1, "{breaking:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for evil in [
            "",
            "nobody",
            "@customer.example",
            "a@customer.example\r\nBcc: b@victim.example",
            "a@customer.example, b@victim.example",
            "a@customer.example> RCPT TO:<b@victim.example",
            "a b@customer.example",
            "A <a@customer.example>",
            "zoë@customer.example",
        ] {
            for letter in [
                Letter { to_address: evil, ..letter() },
                Letter { reply_to: evil, ..letter() },
                Letter { return_path: evil, ..letter() },
            ] {
                assert!(compose(SENDER, &letter, Profile::Automatic, at()).is_err(), "{evil:?}");
            }
            let sender = Sender { name: "x", address: evil };
            assert!(compose(sender, &letter(), Profile::Automatic, at()).is_err(), "{evil:?}");
        }
    }

    #[test]
    fn a_domain_with_umlauts_goes_out_as_ascii() {
        let email = composed(&Letter { to_address: "info@café.example", ..letter() }, Profile::Automatic);
        assert_eq!(email.envelope_to, "info@xn--caf-dma.example");
    }

    #[test]
    fn a_conversation_is_continued_and_nobody_writes_headers_through_it() {
        let ids =
            ["first@reseller.example", "evil>\r\nBcc: x@y.example", "no-at", "second@atlassian.example"];
        let thread: Vec<String> = ids.map(str::to_owned).to_vec();
        let email = composed(&Letter { thread: &thread, ..letter() }, Profile::Personal);
        let fields = header(&email);
        assert!(fields.contains(&"In-Reply-To: <second@atlassian.example>".to_owned()), "{fields:#?}");
        let references = "References: <first@reseller.example> <second@atlassian.example>".to_owned();
        assert!(fields.contains(&references), "{fields:#?}");
        assert!(!fields.iter().any(|field| field.starts_with("Bcc")), "{fields:#?}");
        // Many and long ones still fit into lines that may go over the wire.
        let many: Vec<String> =
            (0..40).map(|n| format!("{}{n}@atlassian.example", "x".repeat(100))).collect();
        composed(&Letter { thread: &many, ..letter() }, Profile::Personal);
    }
}

//! The letters of a whole case, as the bytes that went over the wire: what machines on the way and mail programs at the
//! end go by.

use std::collections::{BTreeMap, BTreeSet};

use handover::case::actor::Role;
use mail_parser::{Message, MessageParser, MimeHeaders as _};

use crate::helpers::{
    desk::{BEGINNING, Desk},
    inbound::{BELIEVING, Mail},
    smtp::Received,
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form},
};

/// All letters of a case that went to Atlassian and was completed.
async fn letters_of_a_case() -> (Desk, Vec<Received>) {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ann, _ben) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Done, says the ticket.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let letters = desk.smtp.received();
    for address in [REQUESTER, SUCCESSOR, DEPARTED, ATLASSIAN] {
        assert!(letters.iter().any(|letter| letter.to == address), "a letter to {address}");
    }
    (desk, letters)
}

/// The header fields in order, unfolded.
fn fields(raw: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(raw).unwrap();
    let (header, _body) = text.split_once("\r\n\r\n").unwrap();
    let unfolded = header.replace("\r\n ", " ").replace("\r\n\t", " ");
    let field = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    unfolded.split("\r\n").map(|line| field(line).unwrap()).collect()
}

fn parsed(letter: &Received) -> Message<'_> {
    MessageParser::default().parse(&letter.raw).unwrap()
}

#[actix_web::test]
async fn headers_are_complete_and_say_neither_list_nor_bulk() {
    let (desk, letters) = letters_of_a_case().await;
    let mut ids = BTreeSet::new();
    for letter in &letters {
        let fields = fields(&letter.raw);
        let values = |wanted: &str| {
            let found = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        for name in
            ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
        {
            assert_eq!(values(name).len(), 1, "{name} of the letter to {}", letter.to);
        }
        let shown: Vec<String> = fields.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        for name in &shown {
            let tells = ["list-", "precedence", "x-", "feedback-id", "user-agent", "bcc", "return-path"];
            assert!(!tells.iter().any(|prefix| name.starts_with(prefix)), "{name} to {}", letter.to);
        }
        let message = parsed(letter);
        let id = message.message_id().unwrap().to_owned();
        assert!(id.ends_with("@reseller.example"), "{id}");
        assert!(ids.insert(id), "each letter has a Message-ID of its own");
        let date = message.date().unwrap().to_timestamp();
        let begun = BEGINNING.parse::<jiff::Timestamp>().unwrap().as_second();
        assert!((begun..=desk.now().as_second()).contains(&date), "{date}");

        let to_atlassian = letter.to == ATLASSIAN;
        let expected: &[&str] = if to_atlassian { &[] } else { &["auto-generated"] };
        assert_eq!(values("Auto-Submitted"), expected, "{}", letter.to);
        assert_eq!(message.html_body_count() > 0 && !to_atlassian, message.parts.len() > 1, "{}", letter.to);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn bodies_are_short_lines_of_quoted_printable_that_every_reader_decodes() {
    let (desk, letters) = letters_of_a_case().await;
    for letter in &letters {
        let text = std::str::from_utf8(&letter.raw).unwrap();
        assert!(text.is_ascii() && text.ends_with("\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "no bare line end");
        assert_eq!(text.matches('\r').count(), text.matches("\r\n").count(), "no bare line end");
        let longest = text.split("\r\n").map(str::len).max().unwrap();
        assert!(longest <= 78, "{longest} characters in a line to {}", letter.to);
        let message = parsed(letter);
        for part in message.parts.iter().filter(|part| part.sub_parts().is_none()) {
            let kind = part.content_type().unwrap();
            assert_eq!(kind.attribute("charset"), Some("utf-8"));
            assert_eq!(part.content_transfer_encoding(), Some("quoted-printable"));
            let words = part.text_contents().unwrap();
            assert!(!words.contains('\u{fffd}') && !words.contains("=C3"), "{words}");
        }
        if letter.to != ATLASSIAN {
            let order: Vec<_> =
                message.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
            assert_eq!(order, ["alternative", "plain", "html"], "the best comes last (RFC 2046 §5.1.4)");
            assert!(message.body_text(0).unwrap().contains(['ä', 'ö', 'ü']), "umlauts come through");
        }
    }
    desk.finish().await;
}

/// What Outlook for Windows, which lays out with Word, understands or can do without.
const HARMLESS_STYLES: [&str; 34] = [
    "-webkit-text-size-adjust",
    "background-color",
    "border",
    "border-collapse",
    "border-left",
    "border-radius",
    "border-top",
    "color",
    "display",
    "font-family",
    "font-size",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "margin",
    "margin-bottom",
    "margin-top",
    "max-height",
    "max-width",
    "mso-hide",
    "mso-line-height-rule",
    "mso-padding-alt",
    "mso-table-lspace",
    "mso-table-rspace",
    "overflow",
    "padding",
    "padding-left",
    "text-align",
    "text-decoration",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
];

#[actix_web::test]
async fn html_is_laid_out_in_tables_that_outlook_understands() {
    let (desk, letters) = letters_of_a_case().await;
    for letter in letters.iter().filter(|letter| letter.to != ATLASSIAN) {
        let html = parsed(letter).body_html(0).unwrap().into_owned();
        assert_eq!(html.matches("<!--[if mso]>").count(), html.matches("<![endif]-->").count());
        let page = scraper::Html::parse_document(&html);
        let all = |css: &str| {
            let selector = scraper::Selector::parse(css).unwrap();
            page.select(&selector).map(|found| found.value().clone()).collect::<Vec<_>>()
        };
        for table in all("table") {
            for (name, value) in
                [("role", "presentation"), ("cellpadding", "0"), ("cellspacing", "0"), ("border", "0")]
            {
                assert_eq!(table.attr(name), Some(value), "{table:?}");
            }
        }
        for element in all("[style]") {
            for style in element.attr("style").unwrap().split(';').filter(|style| !style.trim().is_empty()) {
                let (property, value) = style.split_once(':').unwrap();
                assert!(HARMLESS_STYLES.contains(&property.trim()), "{property}");
                for strange in ["flex", "grid", "url(", "calc(", "var(", "rem", "vw", "vh", "rgb("] {
                    assert!(!value.contains(strange), "{style}");
                }
                // Word takes padding of table cells only; what leans on it in a link has another way, too.
                let pads = property.trim() == "padding" && !matches!(element.name(), "td" | "body");
                assert!(!pads || (element.name() == "a" && html.contains("mso-padding-alt")), "{element:?}");
            }
        }
        for missing in ["script", "link", "img", "form", "iframe", "video", "button", "svg", "section"] {
            assert!(all(missing).is_empty(), "{missing}");
        }
        // The width for Word, which knows no max-width, and the colours for it, which drops some of the style element.
        assert!(html.contains("<!--[if mso]><table role=\"presentation\" width=\"600\""), "a width for Word");
        assert!(all("td.button").iter().all(|cell| cell.attr("bgcolor").is_some()));
    }
    desk.finish().await;
}

#[actix_web::test]
async fn every_mailbox_has_one_conversation_with_its_own_messages_and_nobody_elses() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let reply_to =
        desk.take_all_letters().into_iter().find(|letter| letter.to == REQUESTER).unwrap().return_path;
    let reply = Mail::authentic(REQUESTER, &reply_to);
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(5)));
    desk.receives(&reply.raw()).await.is_filed_from("requester");
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(5)));
    let ann = desk.staff("ann", Role::Agent).await;
    ann.does(&number, "rejection", &[("reason", "Made up for this story.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();

    let mut conversations: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for letter in desk.smtp.received() {
        let fields = fields(&letter.raw);
        let value =
            |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let before = conversations.entry(letter.to.clone()).or_default();
        // The requester answers between the second letter and the third.
        if letter.to == REQUESTER && before.len() == 2 {
            before.push(reply.header("Message-ID"));
        }
        assert_eq!(value("In-Reply-To").as_ref(), before.last(), "{}", letter.to);
        let references = value("References").unwrap_or_default();
        assert_eq!(references.split_whitespace().collect::<Vec<_>>(), *before, "{}", letter.to);
        before.push(value("Message-ID").unwrap());
    }
    assert_eq!(conversations[REQUESTER].len(), 4, "two letters, the answer, and the last letter");
    desk.finish().await;
}

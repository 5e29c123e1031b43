//! What composed letters look like, to other programs too.

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
        languages: &[Language::De],
        thread: &[],
        unsubscribe: None,
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
        languages: &[Language::En],
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
            header(email).iter().map(|line| line.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
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
    let ids = ["first@reseller.example", "evil>\r\nBcc: x@y.example", "no-at", "second@atlassian.example"];
    let thread: Vec<String> = ids.map(str::to_owned).to_vec();
    let email = composed(&Letter { thread: &thread, ..letter() }, Profile::Personal);
    let fields = header(&email);
    assert!(fields.contains(&"In-Reply-To: <second@atlassian.example>".to_owned()), "{fields:#?}");
    let references = "References: <first@reseller.example> <second@atlassian.example>".to_owned();
    assert!(fields.contains(&references), "{fields:#?}");
    assert!(!fields.iter().any(|field| field.starts_with("Bcc")), "{fields:#?}");
    // Many and long ones still fit into lines that may go over the wire.
    let many: Vec<String> = (0..40).map(|n| format!("{}{n}@atlassian.example", "x".repeat(100))).collect();
    composed(&Letter { thread: &many, ..letter() }, Profile::Personal);
}

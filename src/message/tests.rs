//! Whole messages: one invented mail per family in `tests/mails`, and mails nobody should send.

mod damaged;

use std::{fs, path::PathBuf};

use proptest::prelude::*;

use super::{Automation, Kind, Remark, cut_out, said, understand};

fn mails() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mails")
}

fn mail(name: &str) -> Vec<u8> {
    fs::read(mails().join(format!("{name}.eml"))).unwrap()
}

/// The mails of a family, which the start of their names tells.
fn family(prefix: &str) -> Vec<String> {
    let names = fs::read_dir(mails()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter_map(|name| Some(name.strip_suffix(".eml")?.to_owned())).collect();
    names.retain(|name| name.starts_with(prefix));
    names.sort();
    assert!(!names.is_empty());
    names
}

/// A report on `petra@nordlicht.example` with this status and diagnostic, as RFC 3464 has it.
fn report(status: &str, diagnostic: &str, fields: &str) -> Vec<u8> {
    format!(
        "From: MAILER-DAEMON@mx.customer.example\r\nTo: handover@reseller.example\r\nSubject: Undelivered Mail\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nThe user petra@nordlicht.example does not exist.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n\
         {fields}Final-Recipient: rfc822; petra@nordlicht.example\r\nAction: failed\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; {diagnostic}\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}

#[test]
fn a_mailbox_is_gone_only_by_a_code_that_a_report_states_about_that_very_recipient() {
    for (status, diagnostic, gone) in [
        ("5.1.1", "550 5.1.1 unknown", true),
        ("5.1.2", "550 no such host", true),
        ("5.1.3", "501 bad syntax", true),
        ("5.1.6", "551 moved", true),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", true),
        ("5.2.1", "550 5.2.1 disabled", true),
        ("5.0.0", "550 5.1.1 <petra@nordlicht.example>: unknown", true),
        // The sender's address, which is ours, and how Exchange refuses us.
        ("5.1.7", "550 5.1.7 bad sender", false),
        ("5.1.8", "550 5.1.8 <handover@reseller.example>: Sender address rejected: Domain not found", false),
        ("5.1.0", "550 5.1.0 sender denied", false),
        ("5.1.90", "550 5.1.90 daily limit", false),
        ("5.1.8", "550 5.1.8 sender rejected (was 5.1.1)", false),
        ("5.2.2", "552 5.2.2 full", false),
        ("5.7.1", "550 5.7.1 not allowed", false),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", true),
        ("5.4.1", "550 5.4.1 no answer from host", false),
        // Words alone, whatever they say.
        ("5.0.0", "550 no such user here", false),
        ("4.1.1", "450 4.1.1 not now", false),
    ] {
        let bounce = understand(&report(status, diagnostic, "")).bounce.unwrap();
        let expected: &[&str] = if gone { &["petra@nordlicht.example"] } else { &[] };
        assert_eq!(bounce.gone, expected, "{status} {diagnostic}");
    }
    // Forwarded: the mailbox behind it is gone, not the one that was written to.
    let forwarded = report("5.1.1", "550 5.1.1", "Original-Recipient: rfc822; jonas@nordlicht.example\r\n");
    assert_eq!(understand(&forwarded).bounce.unwrap().gone, [""; 0]);
    // The same fields pasted into the text of a letter are nobody's report.
    let pasted = String::from_utf8(report("5.1.1", "550 5.1.1", "")).unwrap();
    let pasted = pasted.replace("Content-Type: message/delivery-status", "Content-Type: text/plain");
    assert_eq!(understand(pasted.as_bytes()).bounce.unwrap().gone, [""; 0]);
}

#[test]
fn bounces_name_the_recipient_and_the_reason() {
    let ours = Some("notice-1@reseller.example");
    type Row<'a> = (&'a str, &'a [&'a str], &'a [&'a str], bool, Option<&'a str>);
    let table: [Row<'_>; 17] = [
        ("delay-report", &["gone@customer.example"], &["4.4.1"], true, None),
        ("domino", &["gone@customer.example"], &["5.1.1"], false, None),
        ("exchange-german", &["gone@kunde.example"], &["5.1.1"], false, None),
        ("exchange-german-report", &["gone@kunde.example"], &["5.1.10"], false, ours),
        ("exim", &["gone@customer.example"], &["5.1.1"], false, ours),
        ("exim-delay", &["gone@customer.example"], &["4.4.7"], true, None),
        ("filter-refusal", &["gone@customer.example"], &["5.2.2"], false, ours),
        ("gmail", &["gone@customer.example"], &["5.2.1"], false, ours),
        ("html-sentence-german", &["gone@kunde.example"], &["5.1.1"], false, None),
        ("local-part-only", &["gone@isp.example"], &["5.7.1"], false, None),
        ("postfix-prose", &["gone@customer.example"], &["5.7.1"], false, ours),
        ("postfix-report", &["gone@customer.example"], &["5.1.1"], false, ours),
        ("qmail", &["gone@customer.example"], &["5.1.1"], false, ours),
        ("sendmail-transcript", &["gone@customer.example"], &["5.0.0"], false, ours),
        (
            "two-recipients",
            &["gone@customer.example", "full@customer.example"],
            &["5.1.1", "5.2.2"],
            false,
            ours,
        ),
        ("wrapped", &["gone@customer.example"], &["5.1.1"], false, ours),
        ("wrong-boundary", &["gone@customer.example"], &["5.4.4"], false, None),
    ];
    for (name, recipients, statuses, temporary, original) in table {
        let understood = understand(&mail(&format!("bounce-{name}")));
        assert_eq!(understood.kind, Kind::Bounce, "{name}");
        assert!(!understood.answerable, "{name}");
        let bounce = understood.bounce.unwrap();
        assert_eq!(bounce.recipients, recipients, "{name}");
        assert_eq!(bounce.statuses, statuses, "{name}");
        assert_eq!(bounce.temporary, temporary, "{name}");
        assert_eq!(bounce.original_message_id.as_deref(), original, "{name}");
        assert_eq!(understood.delivered_to, ["desk+ho-2026-00042@reseller.example"], "{name}");
    }
    assert_eq!(family("bounce-").len(), table.len(), "every bounce is in the table");
}

/// A notice to us in prose, with these fields and this text.
fn notice(from: &str, subject: &str, text: &str) -> Vec<u8> {
    format!("From: {from}\nTo: desk@reseller.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}")
        .into_bytes()
}

#[test]
fn notices_without_a_code_get_the_one_their_words_mean() {
    let table = [
        ("Grund: Benutzer unbekannt", "5.1.1", false),
        ("Das Postfach des Empfängers ist voll.", "5.2.2", false),
        ("The mailbox is full and the user unknown.", "5.2.2", false),
        ("Es wird weiterhin versucht: das Postfach ist voll.", "4.2.2", true),
    ];
    for (reason, status, temporary) in table {
        let text = format!(
            "Die Zustellung an folgenden Empfänger ist gescheitert:\n\n  gone@kunde.example\n\n{reason}\n"
        );
        let bounce = understand(&notice("MAILER-DAEMON <>", "Ihre Nachricht", &text)).bounce.unwrap();
        assert_eq!(bounce.recipients, ["gone@kunde.example"], "{reason}");
        assert_eq!((bounce.statuses, bounce.temporary), (vec![status.to_owned()], temporary), "{reason}");
    }
}

#[test]
fn a_delay_may_tell_how_it_will_end() {
    let text =
        "Delivery to gone@customer.example is late. We give up and it is a permanent error after five days.";
    let message = notice("Mailer-Daemon@mx.example", "Delivery Status Notification (Delay)", text);
    assert!(understand(&message).bounce.unwrap().temporary);
}

#[test]
fn parcels_and_postmasters_who_write_are_no_bounces() {
    let table = [
        (
            "Delivery Service <noreply@parcel.example>",
            "Delivery notification: could not be delivered",
            "Your parcel could not be delivered.",
        ),
        (
            "Zustelldienst <info@paket.example>",
            "Ihr Paket konnte nicht zugestellt werden",
            "Es wurde an den Absender zurückgeschickt: eva@kunde.example",
        ),
        (
            "Postmaster <postmaster@kunde.example>",
            "Neue Ansprechpartnerin",
            "Das Postfach gone@kunde.example existiert nicht mehr, bitte schreiben Sie an eva@kunde.example.",
        ),
    ];
    for (from, subject, text) in table {
        assert_eq!(understand(&notice(from, subject, text)).bounce, None, "{subject}");
    }
}

#[test]
fn good_news_receipts_reports_and_people_are_no_bounces() {
    for name in family("no-bounce-") {
        let understood = understand(&mail(&name));
        assert_ne!(understood.kind, Kind::Bounce, "{name}");
        assert_eq!(understood.bounce, None, "{name}");
    }
    for name in
        ["no-bounce-success", "no-bounce-read-receipt", "no-bounce-abuse-report", "no-bounce-tls-report"]
    {
        assert_eq!(understand(&mail(name)).kind, Kind::AutoReply, "{name}");
    }
    for name in ["no-bounce-person-writes-about-one", "no-bounce-person-pastes-one"] {
        assert_eq!(understand(&mail(name)).kind, Kind::Other, "{name}");
    }
    assert_eq!(understand(&mail("no-bounce-forwarded")).kind, Kind::Reply);
}

#[test]
fn machines_are_told_from_people() {
    let table = [
        ("absence-exchange-german", Automation::OutOfOffice),
        ("absence-sieve", Automation::OutOfOffice),
        ("absence-without-headers", Automation::OutOfOffice),
        ("automatic-acknowledgement", Automation::Replied),
        ("automatic-notification", Automation::Generated),
        ("automatic-ticket-comment", Automation::Generated),
    ];
    for (name, automation) in table {
        let understood = understand(&mail(name));
        assert_eq!((understood.kind, understood.automation), (Kind::AutoReply, automation), "{name}");
        assert!(!understood.answerable, "{name}");
    }
    for name in ["automatic-receipt-english", "automatic-receipt-german"] {
        let receipt = understand(&mail(name));
        assert_eq!((receipt.kind, receipt.automation), (Kind::AutoReply, Automation::Replied), "{name}");
    }
    // Who asks for something, or does something, wants to be read.
    for answer in [
        "We have received your request. Please do not change the subject line. Could you send us the invoice?",
        "We have received your request. Please do not change the subject line. Please provide the order number.",
        "Ihre Anfrage ist bei uns eingegangen. Frau Weiß ist jetzt als Kontakt eingetragen.",
        "Bitte lassen Sie die Betreffzeile stehen, sonst finde ich das Ticket nicht wieder.",
    ] {
        let raw = format!("Subject: Re: x\nFrom: eva@customer.example\n\n{answer}");
        assert_eq!(understand(raw.as_bytes()).kind, Kind::Reply, "{answer}");
    }
    let person = understand(&mail("other-holiday-subject"));
    assert_eq!((person.kind, person.automation), (Kind::Other, Automation::None));
    assert!(person.answerable);
}

/// What ticket systems and service desks write word for word. A phrase that none of them needs does not stand in the file.
#[test]
fn receipts_are_known_by_the_words_of_those_who_send_them() {
    let receipts = [
        "Ticket #4711 received, do not change the subject line when you write again.",
        "This message has been automatically generated in response to the creation of a trouble ticket. There is no need to reply \
         to this message right now. Your ticket has been assigned an ID of [customer.example #4711]. Please include the string \
         in the subject line of all future correspondence about this issue.",
        "We have received your request. This is an automated message. Please do not reply to this e-mail.",
        "Ihre Anfrage wird unter der Ticketnummer 4711 bearbeitet. Bitte lassen Sie die Betreffzeile unverändert.",
        "Wir haben Ihre Anfrage erhalten. Bitte ändern Sie den Betreff nicht.",
        "Wir haben Ihre Nachricht erhalten. Bitte antworten Sie nicht auf diese E-Mail.",
        "Wir haben Ihre E-Mail erhalten. Diese Nachricht wurde automatisch generiert.",
        "Automatische Eingangsbestätigung\n\nWir bestätigen den Eingang Ihrer E-Mail.",
        "Wir bestätigen den Eingang Ihrer Anfrage. Diese E-Mail wurde automatisch generiert.",
        "Wir bestätigen den Eingang Ihrer Nachricht. Diese E-Mail wurde automatisch generiert.",
    ];
    for receipt in receipts {
        let raw = format!(
            "Subject: Re: x\nFrom: service@customer.example\nContent-Type: text/plain; charset=utf-8\n\n{receipt}"
        );
        assert_eq!(understand(raw.as_bytes()).automation, Automation::Replied, "{receipt}");
    }
    let words = receipts.concat().to_lowercase();
    for phrase in ["auto.receipt", "auto.machine"].into_iter().flat_map(super::phrases::list) {
        assert!(words.contains(phrase), "who writes {phrase:?}?");
    }
}

#[test]
fn the_visible_text_is_what_the_person_wrote() {
    for name in family("reply-") {
        let expected = fs::read_to_string(mails().join(format!("{name}.txt"))).unwrap();
        let understood = understand(&mail(&name));
        assert_eq!(
            (understood.kind, understood.visible_text.as_str()),
            (Kind::Reply, expected.trim_end()),
            "{name}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_told_and_listed() {
    let table = [
        ("closed-smime-signed", Remark::Signed, "smime.p7m", 48),
        ("closed-smime-encrypted", Remark::Encrypted, "smime.p7m", 48),
        ("closed-openpgp", Remark::Encrypted, "encrypted.asc", 27),
        ("closed-tnef", Remark::Tnef, "winmail.dat", 9),
        ("closed-pdf", Remark::OnlyFiles, "../Auszug.pdf", 9),
    ];
    for (name, remark, file, size) in table {
        let raw = mail(name);
        let understood = understand(&raw);
        assert_eq!((understood.visible_text.as_str(), understood.remarks), ("", vec![remark]), "{name}");
        let attachment = understood.attachments.last().unwrap();
        assert_eq!((attachment.name.as_deref(), attachment.size), (Some(file), size), "{name}");
        let (same, bytes) = cut_out(&raw, attachment.part).unwrap();
        assert_eq!((&same, bytes.len()), (attachment, size), "{name}");
        assert_eq!(cut_out(&raw, 99), None);
    }
    assert_eq!(understand(b"Subject: x\n\n").remarks, [Remark::Empty]);
}

#[test]
fn what_was_left_out_or_could_not_be_told_apart_is_said() {
    for (name, remarks) in [
        ("reply-inside-quote", vec![Remark::Uncut]),
        ("reply-answers-in-red", vec![Remark::Uncut]),
        ("reply-indented-quote", vec![Remark::Shortened]),
        ("reply-indented", vec![]),
        ("reply-html-picture-html", vec![]),
    ] {
        assert_eq!(understand(&mail(name)).remarks, remarks, "{name}");
    }
    let picture = understand(&mail("reply-html-picture-html")).attachments;
    assert_eq!(picture.iter().map(|part| part.name.as_deref()).collect::<Vec<_>>(), [Some("Büro.png")]);
    let parts = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(400));
    assert_eq!(understand(parts.as_bytes()).remarks, [Remark::CutShort]);
    let long = format!("Subject: x\n\n{}", "0123456789\n".repeat(200_000));
    assert_eq!(understand(long.as_bytes()).remarks, [Remark::CutShort]);
}

/// Our own notice, sent back by a machine, would tell us what we asked.
#[test]
fn what_may_be_quoted_is_no_machines_word() {
    for body in [
        "> Max Muster hat das Unternehmen verlassen.\n\n-- \nService\n",
        "---------- Weitergeleitete Nachricht ----------\nVon: Desk\n\nMax Muster hat das Unternehmen verlassen.\n",
    ] {
        let raw = format!("Auto-Submitted: auto-replied\nSubject: AW: x\n\n{body}");
        let understood = understand(raw.as_bytes());
        assert!(understood.visible_text.contains("hat das Unternehmen verlassen"), "{body}");
        assert_eq!(said(&understood), None, "{body}");
    }
    let quoting = "Auto-Submitted: auto-replied\nSubject: AW: x\n\nAm 27.11.2026 schrieb Desk <desk@reseller.example>:\n\
        > Max Muster hat das Unternehmen verlassen.\n";
    let understood = understand(quoting.as_bytes());
    assert!(understood.visible_text.contains("hat das Unternehmen verlassen"));
    assert_eq!((understood.own_text.as_str(), said(&understood)), ("", None));
}

/// The visible text of a reply with this body.
fn visible(body: &str) -> String {
    understand(format!("Subject: Re: x\nFrom: eva@customer.example\n\n{body}").as_bytes()).visible_text
}

#[test]
fn people_mark_quotes_in_their_own_ways() {
    let hashes = "On Tue, 5 May 2026 09:13:00 +0200\nTom Sample <tom@reseller.example> wrote:\n\n# Who is it now?\n# \
                  And since when?\n\nIt is Ann.\n\n# Thanks\n\nYou are welcome.";
    let understood = understand(format!("Subject: Re: x\n\n{hashes}").as_bytes());
    assert_eq!(understood.own_text, "It is Ann.\n\nYou are welcome.");
    assert_eq!(understood.visible_text, hashes, "answers in between are shown with what they answer");
    let arrows = "Der neue Kontakt:\n>>> Jana Weiß <<<\nDanke";
    assert_eq!(visible(arrows), arrows);
    let initials = "5. Mai 2026, 09:13:00, Tom schrieb:\n\nTS> Wer ist es jetzt?\nTS> Und seit wann?\n\nAnn.";
    assert_eq!(visible(initials), "Ann.");
}

#[test]
fn headings_in_any_language_are_known_by_their_shape() {
    let headings = [
        "Eva Sample <eva@customer.example>\nschrieb am Di., 5. Mai 2026, 09:13:",
        "Eva Sample\n<eva@customer.example> ezt írta (időpont: 2026. máj. 5., K, 9:13):",
        "ti 5. toukok. 2026 klo 9.13 Eva Sample (eva@customer.example)\nkirjoitti:",
        "Zitat von Eva Sample <eva@customer.example>:",
        "Zul 5. mai 2026 09:13 Eva Sample grulik:",
        "Zor: Eva Sample\nTempik: 5. mai 2026 09:13\nAlkun: Desk\nOmnit: Re",
        "Temat: Frage Nadawca: Eva Sample Adresat: eva@customer.example",
    ];
    for heading in headings {
        let body = format!("Tom Muster ist es.\n\n{heading}\n> Wer ist es?\n");
        assert_eq!(visible(&body), "Tom Muster ist es.", "{heading}");
    }
}

#[test]
fn code_and_sentences_are_no_quotes() {
    let code = "This fails:\n\n```\n> select 1;\n--\nOn 5 May 2026 it wrote:\n```\n\nWhy?";
    assert_eq!(visible(code), code);
    let sentence = "On customer.example the mp3 and mpg321 files are as I said and wrote,\nlike all 2026 ones.\n\n\
                    > And the rest?\n\nAlso.";
    assert!(visible(sentence).starts_with("On customer.example the mp3"));
}

#[test]
fn a_forward_without_words_of_its_own_stays_readable() {
    let understood = understand(&mail("forward-without-words"));
    assert!(understood.visible_text.contains("Your licence expires soon."));
}

#[test]
fn what_a_ticket_system_says_below_its_marker_is_the_message() {
    let understood = understand(&mail("automatic-ticket-comment"));
    assert_eq!(understood.visible_text, "Ann commented: the contact was changed.");
}

#[test]
fn boilerplate_on_top_does_not_hide_the_message() {
    let understood = understand(&mail("other-boilerplate-first"));
    assert!(understood.visible_text.contains("Our new contact is Tom Sample."));
}

#[test]
fn message_ids_come_without_brackets() {
    let understood = understand(&mail("reply-outlook-german"));
    assert_eq!(understood.in_reply_to, ["notice-1@reseller.example"]);
    assert_eq!(understood.references, ["notice-0@reseller.example", "notice-1@reseller.example"]);
}

#[test]
fn broken_headers_are_read_as_far_as_they_go() {
    let accents = understand(&mail("other-raw-accents"));
    assert_eq!(accents.subject.as_deref(), Some("Café closed"));
    assert_eq!(accents.from.unwrap().name.as_deref(), Some("Zoë Sample"));
    assert_eq!(accents.visible_text, "Voilà");

    let raw = b"Subject: \xcf\xf0\xe8\xe2\xe5\xf2\nFrom: eva@customer.example\nContent-Type: text/plain; charset=windows-1251\n\n\xc4\xe0";
    let cyrillic = understand(raw);
    assert_eq!(cyrillic.subject.as_deref(), Some("Привет"), "raw bytes are in the text's character set");
    assert_eq!(cyrillic.visible_text, "Да");

    let mislabelled = "Subject: x\nContent-Type: text/plain; charset=big5\n\nGrüße aus Köln";
    assert_eq!(understand(mislabelled.as_bytes()).visible_text, "Grüße aus Köln");

    let unseparated = understand(&mail("other-missing-blank-line"));
    assert_eq!(unseparated.subject.as_deref(), Some("Zoë's café"));
    assert!(unseparated.visible_text.starts_with("Hello, this text"));
}

#[test]
fn absurd_structures_are_survived() {
    let nested_messages = "Content-Type: message/rfc822\n\n".repeat(20_000);
    let nested_multiparts: String =
        (0..5_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    let empty_parts = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(40_000));
    let html = format!("Content-Type: text/html\n\n{}", "<div><blockquote type=cite>".repeat(20_000));
    let open_tags = format!("Content-Type: text/html\n\n{}", "<a b=\"".repeat(40_000));
    let at_signs = format!("From: mailer-daemon@mx.example\n\n{}", "a@b.example ".repeat(20_000));
    let words = format!("Subject: {}\n\n", "=?utf-8?Q?".repeat(20_000));
    let comments = format!("From: {}\n\n", "(".repeat(300_000));
    let stray = format!("Subject: x\n{}", "a\n".repeat(50_000));
    let headings = format!("Subject: x\n\n{}", "On 5 May 2026 Eva wrote\n".repeat(20_000));
    let carriage_returns = "Content-Type: multipart/mixed; boundary=b\r\r--b\r".repeat(20_000);
    let of_html = |body: String| format!("Content-Type: text/html\n\n{body}");
    let rules = of_html("<hr tabindex=-1>".repeat(60_000));
    let wrappers = of_html("<div class=gmail_quote></div>".repeat(60_000));
    let signatures = of_html("<div class=gmail_signature>x".repeat(60_000));
    let indents = of_html("a<blockquote>b</blockquote>".repeat(60_000));
    let authors = format!("Subject: x\n{}\n", "To: a@\u{fc}.example, b@\u{fc}.example\n".repeat(900));
    for message in [
        rules,
        wrappers,
        signatures,
        indents,
        authors,
        nested_messages,
        nested_multiparts,
        empty_parts,
        html,
        open_tags,
        at_signs,
        words,
        comments,
        stray,
        headings,
        carriage_returns,
    ] {
        let understood = understand(message.as_bytes());
        assert!(understood.visible_text.len() <= 3 * 1024 * 1024);
    }
}

mod properties {
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn any_bytes_are_understood(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
            let _ = understand(&bytes);
        }

        #[test]
        fn any_text_below_real_headers_is_understood(
            text in "([ -~éø<>@:=?\\n\\t-]|--b\\n|Content-Type: |message/rfc822\\n|<div>|&amp;|> |On 1\\.1\\. ){0,300}"
        ) {
            let _ = understand(text.as_bytes());
            for kind in ["multipart/report; boundary=b", "text/html", "message/delivery-status", "message/rfc822"] {
                let _ = understand(format!("From: mailer-daemon@mx.example\nContent-Type: {kind}\n\n{text}").as_bytes());
            }
        }

        #[test]
        fn real_mails_survive_damage(
            choice in any::<proptest::sample::Index>(),
            cut in any::<proptest::sample::Index>(),
            hits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12),
        ) {
            let names = family("");
            let mut bytes = mail(&names[choice.index(names.len())]);
            for (place, byte) in hits {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            let _ = understand(&bytes);
            bytes.truncate(cut.index(bytes.len()));
            let _ = understand(&bytes);
        }
    }
}

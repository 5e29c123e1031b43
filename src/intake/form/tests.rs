//! The form as tables: what is right becomes types, what is wrong becomes sentences, all at once.

use super::*;
use crate::{
    case::escalation::{ContactRole, DepartedAddress, Hosting},
    casework::foreign_domains,
    config::Settings,
};

const RIGHT: [(&str, &str); 20] = [
    ("requester_name", "Jana Petersen"),
    ("requester_email", "Jana.Petersen@nordlicht-werkzeug.example"),
    ("requester_phone", "+49 40 5555 0100"),
    ("requester_position", "Leiterin IT-Betrieb"),
    ("company", "Nordlicht Werkzeugbau GmbH"),
    ("customer_number", "K-10042"),
    ("hosting", "data_center"),
    (
        "entitlements",
        "SEN-12345678\r\n\r\ne-3w8-nhd-v5e-gm7, https://nordlicht.atlassian.net/wiki\r\nsen 12345678",
    ),
    ("departed_name", "Miriam Berger"),
    ("departed_email", "miriam.berger@nordlicht-werkzeug.example"),
    ("departed_on", "31.1.2026"),
    ("contact_role", "both"),
    ("successor_is_requester", ""),
    ("successor_name", "Tom Ahlers"),
    ("successor_email", "tom.ahlers@nordlicht-werkzeug.example"),
    ("explanation", "Frau Berger ist ausgeschieden.\r\nIhr Postfach ist gelöscht."),
    ("authority", "true"),
    ("privacy", "on"),
    ("request_id", "0195f3c8-58a6-7cc2-9a51-0d3a5b7c9e11"),
    ("language", "en"),
];

/// The right form with some answers changed.
fn form(changes: &[(&str, &str)]) -> Fields {
    let mut typed = Fields::default();
    for (field, value) in RIGHT.iter().chain(changes) {
        typed.set(field, value);
    }
    typed
}

fn conditions() -> Conditions {
    Conditions {
        today: jiff::civil::date(2026, 6, 1).into(),
        language: Language::De,
        foreign_domains: foreign_domains(&Settings::with("").unwrap()),
    }
}

#[test]
fn a_sender_below_a_shared_parent_shuts_nobody_else_out() {
    let settings = Settings::with("mail.from_address = \"desk@Reseller.onmicrosoft.com\"").unwrap();
    let foreign = foreign_domains(&settings);
    assert!(foreign.contains(&"reseller.onmicrosoft.com".to_owned()), "{foreign:?}");
    assert!(!foreign.contains(&"onmicrosoft.com".to_owned()), "{foreign:?}");
}

fn mistakes(changes: &[(&str, &str)]) -> Vec<(&'static str, &'static str)> {
    parse(&form(changes), &conditions()).map_or_else(|errors| errors.keys(), |_| Vec::new())
}

#[test]
fn a_right_form_becomes_types() {
    let Submission { request_id, escalation } = parse(&form(&[]), &conditions()).unwrap();
    assert_eq!(request_id.to_string(), "0195f3c8-58a6-7cc2-9a51-0d3a5b7c9e11");
    assert_eq!(escalation.language, Language::En);
    assert_eq!(escalation.requester.phone.as_deref(), Some("+49 40 5555 0100"));
    assert_eq!(escalation.hosting, Some(Hosting::DataCenter));
    assert_eq!(
        escalation.entitlements.iter().map(|entitlement| entitlement.value()).collect::<Vec<_>>(),
        ["SEN-12345678", "E-3W8-NHD-V5E-GM7", "nordlicht.atlassian.net"],
    );
    assert_eq!(escalation.departed.on.map(|day| day.to_string()).as_deref(), Some("2026-01-31"));
    assert_eq!(escalation.departed.role, ContactRole::Both);
    assert!(!escalation.successor.is_requester);
    assert_eq!(escalation.successor.name, "Tom Ahlers");
    assert_eq!(escalation.explanation.as_str(), "Frau Berger ist ausgeschieden.\nIhr Postfach ist gelöscht.");
}

#[test]
fn what_is_optional_may_be_missing() {
    let Submission { request_id, escalation } = parse(
        &form(&[
            ("requester_phone", " "),
            ("requester_position", ""),
            ("customer_number", ""),
            ("departed_on", ""),
            ("successor_is_requester", "on"),
            ("successor_name", ""),
            ("successor_email", "not looked at"),
            ("request_id", ""),
            ("language", "fr"),
        ]),
        &conditions(),
    )
    .unwrap();
    assert!(!request_id.is_nil());
    assert_eq!(escalation.language, Language::De);
    assert_eq!((escalation.requester.phone, escalation.requester.position), (None, None));
    assert_eq!((escalation.customer_number, escalation.departed.on), (None, None));
    assert!(escalation.successor.is_requester);
    assert_eq!(escalation.successor.name, "Jana Petersen");
    assert_eq!(escalation.successor.email, escalation.requester.email);
}

#[test]
fn what_was_pasted_is_read_as_it_was_meant() {
    let mut typed = form(&[
        ("requester_email", "Jana Petersen <mailto:Jana.Petersen@nordlicht-werkzeug.example>"),
        ("departed_email", "\u{feff}miriam.berger@nordlicht\u{2011}werkzeug.example;"),
        ("requester_name", "Jana\u{a0}Petersen\u{200b}"),
        (
            "entitlements",
            "Pos. 1\tJira Software\tSEN\u{2013}12345678\t500\r\n2; Confluence; SEN 87654321; 1.200,00 EUR",
        ),
        ("departed_on", "31. Januar 2026"),
    ]);
    mend(&mut typed);
    assert_eq!(typed.get("entitlements"), "SEN-12345678\nSEN-87654321");
    let escalation = parse(&typed, &conditions()).unwrap().escalation;
    assert_eq!(escalation.requester.email.as_str(), "Jana.Petersen@nordlicht-werkzeug.example");
    assert_eq!(escalation.requester.name, "Jana Petersen");
    assert_eq!(
        escalation.departed.email.stated().unwrap().as_str(),
        "miriam.berger@nordlicht-werkzeug.example"
    );
    assert_eq!(escalation.departed.on.map(|day| day.to_string()).as_deref(), Some("2026-01-31"));

    // What turns the text round before the eye is refused, wherever it stands.
    let mut typed = form(&[("requester_email", "jana@nord\u{202e}licht.example")]);
    mend(&mut typed);
    assert_eq!(
        parse(&typed, &conditions()).unwrap_err().keys(),
        [("requester_email", "intake-error-hidden")]
    );
}

#[test]
fn a_proposal_sent_again_is_taken() {
    for (field, typed, proposed) in [
        ("entitlements", "12345678\nSEN-87654321", "SEN-12345678\nSEN-87654321"),
        ("requester_email", "jana(at)nordlicht.example", "jana@nordlicht.example"),
        ("departed_on", "Ende April 2026", "30.4.2026"),
    ] {
        let errors = parse(&form(&[(field, typed)]), &conditions()).unwrap_err();
        assert_eq!(errors.proposals().get(field).map(String::as_str), Some(proposed), "{typed}");
        assert_eq!(mistakes(&[(field, proposed)]), [], "{proposed}");
    }
}

#[test]
fn a_month_is_noted_as_a_day_once_it_is_shown() {
    let mut typed = form(&[("departed_on", "Februar 2026")]);
    assert!(settle_month(&mut typed, &conditions()));
    assert_eq!(typed.get("departed_on"), "28.2.2026");
    assert!(!settle_month(&mut typed, &conditions()), "a day stays as it is");
    let escalation = parse(&typed, &conditions()).unwrap().escalation;
    assert_eq!(escalation.departed.on.map(|day| day.to_string()).as_deref(), Some("2026-02-28"));
}

#[test]
fn a_requester_named_again_as_successor_is_the_requester() {
    let again = [
        ("successor_name", "Jana Petersen"),
        ("successor_email", "jana.petersen@nordlicht-werkzeug.example"),
    ];
    assert!(parse(&form(&again), &conditions()).unwrap().escalation.successor.is_requester);
}

#[test]
fn an_empty_form_asks_for_everything_at_once() {
    let errors = parse(&Fields::default(), &conditions()).unwrap_err();
    assert_eq!(
        errors.keys(),
        [
            ("requester_name", "intake-error-requester-name"),
            ("requester_email", "intake-error-requester-email"),
            ("company", "intake-error-company"),
            ("hosting", "intake-error-hosting"),
            ("entitlements", "intake-error-entitlements"),
            ("departed_name", "intake-error-departed-name"),
            ("departed_email", "intake-error-departed-email"),
            ("contact_role", "intake-error-contact-role"),
            ("successor_name", "intake-error-successor-name"),
            ("successor_email", "intake-error-successor-email"),
            ("explanation", "intake-error-explanation"),
            ("authority", "intake-error-authority"),
            ("privacy", "intake-error-privacy"),
        ],
    );
}

#[test]
fn who_does_not_know_says_so() {
    let unknown = [("hosting", "unknown"), ("departed_email", ""), ("departed_email_unknown", "true")];
    let escalation = parse(&form(&unknown), &conditions()).unwrap().escalation;
    assert_eq!((escalation.hosting, escalation.departed.email), (None, DepartedAddress::Unknown));
    // Nothing ticked is no answer, and both at once is none.
    assert_eq!(mistakes(&[("departed_email", "")]), [("departed_email", "intake-error-departed-email")]);
    let both = mistakes(&[("departed_email_unknown", "true")]);
    assert_eq!(both, [("departed_email", "intake-error-departed-email-both")]);
}

#[test]
fn each_mistake_is_named() {
    let long = "x".repeat(201);
    let longer = "x".repeat(4001);
    let many = (0..51).map(|n| format!("SEN-{}", 1_000_000 + n)).collect::<Vec<_>>().join("\n");
    let key = format!("AAAB{}", "x1Y2".repeat(10));
    for (field, typed, expected) in [
        ("requester_name", "…", "intake-error-requester-name"),
        ("requester_name", "Jana\r\nBcc: x@y.example", "intake-error-line"),
        ("requester_name", "Jana \u{202e}nesreteP", "intake-error-hidden"),
        ("successor_name", "Tom\u{200b} Ahlers", "intake-error-hidden"),
        ("company", "Nord\u{ad}licht GmbH", "intake-error-hidden"),
        ("customer_number", "K\u{e0041}-1", "intake-error-hidden"),
        ("requester_email", "jana@nord\u{200b}licht-werkzeug.example", "intake-error-hidden"),
        ("requester_name", &long, "intake-error-line-long"),
        ("requester_email", "jana", "intake-error-email"),
        ("requester_email", "jana@nordlicht", "intake-error-email"),
        ("requester_email", "Jana <jana@nordlicht.example>", "intake-error-email"),
        ("requester_email", "jana@atlassian.com", "intake-error-email-foreign"),
        ("requester_email", "jana@eu.atlassian.com", "intake-error-email-foreign"),
        ("requester_email", "jana@licences.atlassian.example", "intake-error-email-foreign"),
        ("requester_email", "jana@RESELLER.example", "intake-error-email-foreign"),
        ("requester_position", "Passwort: Sommer2024!", "intake-error-password"),
        ("customer_number", &key, "intake-error-licence-key"),
        ("customer_number", &long, "intake-error-line-long"),
        ("company", "\u{200b}", "intake-error-hidden"),
        ("company", "a\tb", "intake-error-line"),
        ("company", "a\u{0}b", "intake-error-line"),
        ("hosting", "server", "intake-error-hosting"),
        ("entitlements", " \r\n ,", "intake-error-entitlements"),
        ("entitlements", &many, "intake-error-entitlements-many"),
        ("entitlements", &key, "intake-error-entitlements-key"),
        ("departed_email", "miriam@", "intake-error-email"),
        ("departed_email", "jana.petersen@NORDLICHT-werkzeug.example", "intake-error-departed-is-requester"),
        ("requester_email", "jana at nordlicht dot example", "intake-propose-email"),
        ("entitlements", "12345678", "intake-propose-entitlement"),
        ("departed_on", "gestern", "intake-error-day"),
        // Nobody has seen yet which day would be noted.
        ("departed_on", "Mai 2026", "intake-propose-day"),
        ("departed_on", "2026-06-02", "intake-error-day-future"),
        ("contact_role", "primary", "intake-error-contact-role"),
        ("successor_email", "tom", "intake-error-email"),
        ("successor_email", "tom@reseller.example", "intake-error-email-foreign"),
        ("successor_email", "Miriam.Berger@nordlicht-werkzeug.example", "intake-error-successor-is-departed"),
        (
            "successor_email",
            "jana.petersen@nordlicht-werkzeug.example",
            "intake-error-successor-shares-mailbox",
        ),
        // The same mailbox under another name.
        (
            "departed_email",
            "Jana.Petersen+alt@nordlicht-werkzeug.example",
            "intake-error-departed-is-requester",
        ),
        (
            "successor_email",
            "miriam.berger+x@nordlicht-werkzeug.example",
            "intake-error-successor-is-departed",
        ),
        (
            "successor_email",
            "jana.petersen+neu@nordlicht-werkzeug.example",
            "intake-error-successor-shares-mailbox",
        ),
        ("explanation", &longer, "intake-error-text-long"),
        ("explanation", "Das Kennwort ist Abc123!", "intake-error-password"),
        ("explanation", &key, "intake-error-licence-key"),
        ("authority", "no", "intake-error-authority"),
        ("privacy", "false", "intake-error-privacy"),
        ("request_id", "42", "intake-error-request-id"),
        ("request_id", "00000000-0000-0000-0000-000000000000", "intake-error-request-id"),
    ] {
        assert_eq!(mistakes(&[(field, typed)]), [(field, expected)], "{field}={typed:?}");
    }
}

#[test]
fn similar_domains_are_not_foreign() {
    assert_eq!(mistakes(&[("requester_email", "jana@notatlassian.com")]), []);
}

#[test]
fn each_unreadable_licence_is_named_by_line_and_by_what_it_should_be() {
    let typed = "SEN-12345678\n\nSEN-12A, E-3W8\njira.nordlicht.example\nAC-1234-5678-9012\nx@y.example\nJira Software";
    let errors = parse(&form(&[("entitlements", typed)]), &conditions()).unwrap_err();
    assert_eq!(
        errors.keys().into_iter().map(|(_, key)| key).collect::<Vec<_>>(),
        [
            "intake-error-entitlement-sen",
            "intake-error-entitlement-number",
            "intake-error-entitlement-site",
            "intake-error-entitlement-account",
            "intake-error-entitlement-address",
            "intake-error-entitlement",
        ],
    );
    let english = errors.view(Language::En);
    let starts: Vec<_> = english.error_list.iter().map(|line| line.message.get(..7).unwrap()).collect();
    assert_eq!(starts, ["Line 3:", "Line 3:", "Line 4:", "Line 5:", "Line 6:", "Line 7:"]);
    assert_eq!(english.errors.get("entitlements").unwrap().lines().count(), 6);
}

#[test]
fn every_sentence_exists_in_both_languages() {
    let keys = include_str!("../../../locales/en/intake_form.ftl")
        .lines()
        .filter_map(|line| line.split_once(" = ").map(|(key, _)| key))
        .filter(|key| key.starts_with("intake-error-") || key.starts_with("intake-propose-"));
    let errors = parse(&Fields::default(), &conditions()).unwrap_err();
    let values = [
        ("line", "1"),
        ("text", "x"),
        ("max", "1"),
        ("character", "U+202E"),
        ("proposed", "SEN-12345678"),
        ("day", "31.5.2026"),
    ];
    let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    let mut seen = 0;
    for key in keys {
        for language in Language::ALL {
            assert!(language.find_text(key, &values).is_some(), "{key} {language:?}");
        }
        seen += 1;
    }
    assert!(seen > 25, "{seen}");
    let (german, english) = (errors.view(Language::De), errors.view(Language::En));
    for (german, english) in german.error_list.iter().zip(&english.error_list) {
        assert_ne!(german.message, english.message);
        assert!(!german.message.starts_with("intake-"), "{}", german.message);
    }
}

//! The signals of made-up facts.

use super::*;
use crate::{
    case::{
        escalation::{ContactRole, Departed, DepartedAddress, Hosting, Requester, Successor},
        state::Place,
        text::Text,
    },
    clock::Timestamp,
    desk::signals::{
        look_alike::Likeness,
        signal::{Changed, Named},
    },
    lang::Language,
};

fn day(text: &str) -> Day {
    text.parse::<jiff::civil::Date>().unwrap().into()
}

fn escalation(requester: &str, successor: Option<&str>, departed: &str) -> Escalation {
    let address = |text: &str| text.parse::<EmailAddress>().unwrap();
    Escalation {
        language: Language::De,
        requester: Requester {
            name: "Miriam".into(),
            email: address(requester),
            phone: None,
            position: None,
        },
        company: "Nordlicht".into(),
        customer_number: None,
        hosting: Some(Hosting::DataCenter),
        entitlements: Vec::new(),
        departed: Departed {
            name: "Petra".into(),
            email: DepartedAddress::Stated(address(departed)),
            on: None,
            role: ContactRole::Both,
        },
        successor: Successor {
            name: "Tobias".into(),
            email: address(successor.unwrap_or(requester)),
            is_requester: successor.is_none(),
        },
        explanation: Text::parse("…").unwrap(),
    }
}

static SHARED: std::sync::LazyLock<SharedDomains> = std::sync::LazyLock::new(SharedDomains::default);

/// Facts about which there is nothing to say.
fn facts(escalation: &Escalation) -> Facts<'_> {
    Facts {
        escalation,
        domains_on_record: vec!["nordlicht.example".into()],
        shared: &SHARED,
        domain_changes: Vec::new(),
        is_known: true,
        rejected: Vec::new(),
        open: Vec::new(),
        contact_changes: Vec::new(),
        changes: Vec::new(),
        mail_servers: BTreeMap::new(),
        notice: None,
        differences: &[],
        says_left: None,
        renews_on: None,
        today: day("2026-06-01"),
        renewal_days: 30,
    }
}

const MIRIAM: &str = "miriam@nordlicht.example";
const TOBIAS: &str = "tobias@nordlicht.example";
const PETRA: &str = "petra@nordlicht.example";

fn words(facts: &Facts<'_>) -> Vec<&'static str> {
    signals(facts).iter().map(Signal::as_str).collect()
}

#[test]
fn addresses_that_one_person_most_likely_reads_are_told() {
    let like = |one, other| Signal::LikeMailbox { one, other };
    for (requester, successor, departed, expected) in [
        ("mi.riam@nordlicht.example", TOBIAS, MIRIAM, vec![like(Whose::Requester, Whose::Departed)]),
        (MIRIAM, "pe.tra@nordlicht.example", PETRA, vec![like(Whose::Successor, Whose::Departed)]),
        (MIRIAM, "m.iriam@nordlicht.example", PETRA, vec![like(Whose::Requester, Whose::Successor)]),
        (MIRIAM, "Miriam@nordlicht.example", PETRA, vec![]),
    ] {
        let escalation = escalation(requester, Some(successor), departed);
        let mut told = signals(&facts(&escalation));
        told.retain(|signal| matches!(signal, Signal::LikeMailbox { .. }));
        assert_eq!(told, expected, "{requester} {successor} {departed}");
    }
}

#[test]
fn an_ordinary_request_is_not_remarked_on() {
    assert_eq!(signals(&facts(&escalation(MIRIAM, Some(TOBIAS), PETRA))), []);
    // From a branch, and from a domain on record that is not the departed contact's.
    let branch = escalation("m@berlin.nordlicht.example", Some(TOBIAS), "petra@nordlicht-alt.example");
    assert_eq!(signals(&facts(&branch)), []);
}

#[test]
fn what_the_addresses_tell() {
    for (requester, successor, expected) in [
        ("m@n0rdlicht.example", Some(TOBIAS), vec!["look_alike"]),
        ("m@n\u{43e}rdlicht.example", None, vec!["look_alike", "mixed_scripts", "requester_is_successor"]),
        ("m@südlicht.example", Some(TOBIAS), vec!["other_domain", "internationalised"]),
        ("m@gmx.de", Some(TOBIAS), vec!["public_mail"]),
        (MIRIAM, Some("t@mailinator.com"), vec!["public_mail"]),
        (MIRIAM, Some("t@elsewhere.example"), vec!["successor_elsewhere"]),
        (MIRIAM, Some("t@nordlicht.test"), vec!["look_alike"]),
        ("m@berater.example", Some("t@berater.example"), vec!["other_domain"]),
    ] {
        let escalation = escalation(requester, successor, PETRA);
        assert_eq!(words(&facts(&escalation)), expected, "{requester}");
    }
}

#[test]
fn a_look_alike_of_the_departed_contacts_domain_is_seen_without_any_record() {
    let escalation = escalation("m@nord-licht.example", Some("t@nord-licht.example"), PETRA);
    let unknown = Facts { domains_on_record: Vec::new(), is_known: false, ..facts(&escalation) };
    let [Signal::LookAlike { like, on_record: false, how: Likeness::Hyphens, .. }, ..] =
        signals(&unknown).try_into().map(|found: [Signal; 2]| found).unwrap()
    else {
        panic!("{:?}", signals(&unknown))
    };
    assert_eq!(like, "nordlicht.example");
    assert_eq!(words(&unknown), ["look_alike", "first_contact"]);
}

#[test]
fn a_domain_on_record_stands_for_itself_and_what_is_below_it_not_for_its_neighbours() {
    let words_of = |on_record: &str, requester, departed| {
        let escalation = escalation(requester, None, departed);
        let domains_on_record = vec![on_record.to_owned()];
        let mut words = words(&Facts { domains_on_record, ..facts(&escalation) });
        words.retain(|word| *word != "requester_is_successor");
        words
    };
    let elsewhere = "petra@elsewhere.example";
    for (on_record, requester, departed, expected) in [
        ("mail.nordlicht.example", "m@mail.nordlicht.example", elsewhere, vec![]),
        ("mail.nordlicht.example", "m@berlin.mail.nordlicht.example", elsewhere, vec![]),
        // Above what is on record: the same owner, but not on record.
        ("mail.nordlicht.example", MIRIAM, elsewhere, vec!["other_domain"]),
        ("contoso.onmicrosoft.com", "m@contoso.onmicrosoft.com", elsewhere, vec![]),
        ("contoso.onmicrosoft.com", "m@fabrikam.onmicrosoft.com", elsewhere, vec!["other_domain"]),
        ("contoso.onmicrosoft.com", "m@c0ntoso.onmicrosoft.com", elsewhere, vec!["look_alike"]),
        // A parent on record since before it was known to be shared says nothing.
        ("onmicrosoft.com", "m@fabrikam.onmicrosoft.com", elsewhere, vec!["other_domain"]),
        // Two tenants have no domain in common; two branches of a company have.
        (
            "nordlicht.example",
            "m@fabrikam.onmicrosoft.com",
            "p@contoso.onmicrosoft.com",
            vec!["other_domain"],
        ),
        ("nordlicht.example", "m@a.suedlicht.example", "p@b.suedlicht.example", vec![]),
    ] {
        assert_eq!(words_of(on_record, requester, departed), expected, "{requester} for {on_record}");
    }
}

#[test]
fn what_became_of_a_domain_on_record_is_told_once_for_whom_it_concerns() {
    use DomainEvent::{Appeared, MailServers, NameServers, Vanished};
    let escalation = escalation("m@berlin.nordlicht.example", Some(TOBIAS), "petra@nordlicht-alt.example");
    let change = |domain: &str, what, on| DomainChange { domain: domain.into(), what, on: day(on) };
    let told = |changes: Vec<DomainChange>| {
        let domains_on_record = ["nordlicht.example", "nordlicht-alt.example", "third.example"];
        let domains_on_record = domains_on_record.map(str::to_owned).to_vec();
        signals(&Facts { domains_on_record, domain_changes: changes, ..facts(&escalation) })
    };
    let (on, whose) = (day("2026-05-20"), Whose::Requester);
    let domain = || "nordlicht.example".to_owned();
    let moved = |what| Signal::DomainMoved { whose, domain: domain(), what, on, days: 12 };
    assert_eq!(
        told(vec![
            change("nordlicht.example", NameServers, "2026-05-20"),
            change("nordlicht.example", MailServers, "2026-05-20"),
            change("nordlicht.example", NameServers, "2026-05-01"),
        ]),
        [moved(NameServers), moved(MailServers)]
    );
    let came_back = Signal::DomainNew { whose, domain: domain(), what: Appeared, on, days: 12 };
    assert_eq!(
        told(vec![
            change("nordlicht.example", Appeared, "2026-05-20"),
            change("nordlicht.example", Vanished, "2026-05-01"),
        ]),
        [came_back]
    );
    let whose = Whose::Departed;
    let gone =
        Signal::DomainNew { whose, domain: "nordlicht-alt.example".into(), what: Vanished, on, days: 12 };
    assert!(!gone.is_ordinary());
    assert_eq!(told(vec![change("nordlicht-alt.example", Vanished, "2026-05-20")]), [gone]);
    // Nobody of the request writes from there; or it is not on record.
    assert_eq!(told(vec![change("third.example", Vanished, "2026-05-20")]), []);
    assert_eq!(told(vec![change("berlin.nordlicht.example", NameServers, "2026-05-20")]), []);
}

#[test]
fn the_renewal_is_near_from_either_side_of_its_day() {
    let escalation = escalation(MIRIAM, Some(TOBIAS), PETRA);
    for (on, expected) in [
        ("2026-07-02", None),
        ("2026-07-01", Some(30)),
        ("2026-06-01", Some(0)),
        ("2026-05-02", Some(-30)),
        ("2026-05-01", None),
    ] {
        let on = day(on);
        let found = signals(&Facts { renews_on: Some(on), ..facts(&escalation) });
        let expected: Vec<Signal> =
            expected.into_iter().map(|days| Signal::RenewalNear { on, days }).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn each_domain_is_told_once_whatever_it_says_of_mail() {
    let escalation = escalation(MIRIAM, Some(TOBIAS), "petra@alt.nordlicht.example");
    let said = |answer| {
        let domains = ["nordlicht.example", "alt.nordlicht.example"];
        let mail_servers = domains.map(|domain| (domain.to_owned(), answer)).into();
        words(&Facts { mail_servers, ..facts(&escalation) })
    };
    assert_eq!(said(MailServers::Named), [""; 0]);
    assert_eq!(said(MailServers::None), ["no_mail"; 2]);
    assert_eq!(said(MailServers::Refused), ["no_mail"; 2]);
    assert_eq!(said(MailServers::Unknown), ["mail_unknown"; 2]);
}

#[test]
fn the_unusual_comes_first_and_nothing_is_left_out() {
    let escalation = escalation(MIRIAM, None, PETRA);
    let at: Timestamp = "2026-05-30T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    let other = OtherCase { number: "HO-2026-00001".into(), state: Place::Verifying };
    let notice = Evidence::NoticeReturned { sent_at: at, returned_at: at };
    let all = Facts {
        is_known: false,
        rejected: vec![other.clone()],
        open: vec![other],
        changes: vec![Change { what: Changed::Contacts, entitlement: "SEN-1".into(), at }],
        mail_servers: [("nordlicht.example".to_owned(), MailServers::None)].into(),
        notice: Some(&notice),
        renews_on: Some(day("2026-06-10")),
        ..facts(&escalation)
    };
    assert_eq!(
        words(&all),
        [
            "rejected_before",
            "other_claims",
            "first_contact",
            "register_changed",
            "no_mail",
            "notice_unread",
            "renewal_near",
            "requester_is_successor"
        ]
    );
}

#[test]
fn an_earlier_change_is_told_with_whom_the_request_names() {
    let asked = escalation("miriam@nordlicht.example", None, "petra@nordlicht.example");
    let change = |number: &str, named| ContactChange {
        case: OtherCase { number: number.into(), state: Place::Closed },
        named,
    };
    let changes = vec![change("HO-2026-00001", Named::Other), change("HO-2026-00002", Named::Old)];
    let found = signals(&Facts { contact_changes: changes, ..facts(&asked) });
    let told = found.iter().find_map(|signal| match signal {
        Signal::ContactChanged { cases, named } => Some((cases.len(), *named)),
        _ => None,
    });
    assert_eq!(told, Some((2, Named::Old)));
}

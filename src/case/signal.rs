//! What staff should look at twice: plain facts beside the checks, told one by one and never added up.
//!
//! Pure: [`signals`] is one function of the facts that a page gathered. It decides nothing, no rule asks it, and nothing
//! is linked or filled in because of it.

use std::collections::BTreeMap;

use serde::Serialize;
use strum::{IntoStaticStr, VariantNames};

use super::{
    address::EmailAddress,
    check::Evidence,
    escalation::Escalation,
    facts::{Difference, Fact},
    look_alike::{Likeness, likeness, mixes_scripts},
    state::Place,
};
use crate::{
    clock::{Day, Timestamp},
    dns::MailServers,
    public_mail::PublicMail,
    shared_domains::SharedDomains,
};

/// Whose address it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Whose {
    Requester,
    Successor,
    Departed,
}

/// One thing to look at. Domains are in lower-case ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, IntoStaticStr, VariantNames)]
#[serde(tag = "signal", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Signal {
    /// The domain could be taken for another: one on record, or the departed contact's.
    LookAlike { whose: Whose, domain: String, like: String, on_record: bool, how: Likeness },
    /// A name of the domain mixes scripts.
    MixedScripts { whose: Whose, domain: String },
    /// The domain has letters beyond a–z and is not on record.
    Internationalised { whose: Whose, domain: String },
    /// Anybody can have such an address.
    PublicMail { whose: Whose, domain: String, kind: PublicMail },
    /// An earlier request of the same people, or from the same domain, was rejected.
    RejectedBefore { cases: Vec<OtherCase> },
    /// Other open cases of the same customer.
    OtherClaims { cases: Vec<OtherCase> },
    /// The requester's domain is neither on record nor the departed contact's, nor like any of them.
    OtherDomain { requester: String, departed: String },
    /// The new contact's domain is neither on record nor the requester's, nor like one on record.
    SuccessorElsewhere { domain: String },
    /// No earlier case came from this domain, and nobody on record has it.
    FirstContact { domain: String },
    /// The register changed lately, by an import.
    RegisterChanged { changes: Vec<Change> },
    /// The form says otherwise than the register about what stands in the letter.
    DiffersFromRegister { what: Fact, form: String, register: String },
    /// No server takes mail for the domain, or none is named.
    NoMail { whose: Whose, domain: String, refused: bool },
    /// The name servers could not say.
    MailUnknown { whose: Whose, domain: String },
    /// Others answer for the domain on record than before, or take its mail: `what` is name or mail servers.
    DomainMoved { whose: Whose, domain: String, what: DomainEvent, on: Day, days: i32 },
    /// The domain on record lapsed, and maybe somebody else registered it since: `what` is vanished or appeared.
    DomainNew { whose: Whose, domain: String, what: DomainEvent, on: Day, days: i32 },
    /// The notice did not reach the contact on record, so nobody could object.
    NoticeUnread,
    /// The machine that answers for the departed contact's mailbox says that they are away: so they are still there.
    SaidAbsent,
    /// It says that they have left.
    SaidLeft,
    /// The renewal is near; `days` is negative once it is over.
    RenewalNear { on: Day, days: i32 },
    /// Whoever asks is to follow.
    RequesterIsSuccessor,
    /// Two of the request's people have addresses that one person most likely reads.
    LikeMailbox { one: Whose, other: Whose },
}

impl Signal {
    pub fn as_str(&self) -> &'static str {
        self.into()
    }

    /// Whether it is only what one should know, and not unusual by itself.
    pub fn is_ordinary(&self) -> bool {
        matches!(
            self,
            Self::RenewalNear { .. }
                | Self::RequesterIsSuccessor
                | Self::NoticeUnread
                | Self::SaidLeft
                | Self::MailUnknown { .. }
                | Self::Internationalised { .. }
        )
    }
}

/// Another case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherCase {
    pub number: String,
    pub state: Place,
}

/// What an import changed, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub what: Changed,
    /// The entitlement's number or site; empty for a customer's domains.
    pub entitlement: String,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Changed {
    Domains,
    Contacts,
    Entitlement,
}

/// What was seen to become of a domain on record in DNS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DomainChange {
    pub domain: String,
    pub what: DomainEvent,
    pub on: Day,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, strum::EnumString, strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DomainEvent {
    NameServers,
    MailServers,
    /// It does not exist any more.
    Vanished,
    /// It exists, and did not at an earlier look.
    Appeared,
}

impl DomainEvent {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What the signals are made from.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub escalation: &'a Escalation,
    /// The domains on record of every customer whose entitlement was named, as written.
    pub domains_on_record: Vec<String>,
    /// Whose names stand below one parent without being one owner's.
    pub shared: &'a SharedDomains,
    /// What became of those domains on record in DNS, within the time that counts as lately, latest first.
    pub domain_changes: Vec<DomainChange>,
    /// Whether an earlier case came from the requester's domain, or somebody on record has it.
    pub is_known: bool,
    /// Rejected earlier cases from the requester's domain; from the very mailbox where the provider is public.
    pub rejected: Vec<OtherCase>,
    /// Other open cases of the same customer.
    pub open: Vec<OtherCase>,
    /// Within the time that counts as lately, latest first.
    pub changes: Vec<Change>,
    /// By domain as behind the `@`.
    pub mail_servers: BTreeMap<String, MailServers>,
    /// What the check of the notice rests on.
    pub notice: Option<&'a Evidence>,
    /// Between form and register.
    pub differences: &'a [Difference],
    /// Whether the departed contact's mailbox says that they have left, or that they are away; `None` where it says neither.
    pub says_left: Option<bool>,
    pub renews_on: Option<Day>,
    pub today: Day,
    pub renewal_days: u32,
}

/// All there is to look at, the unusual first.
pub fn signals(facts: &Facts<'_>) -> Vec<Signal> {
    let mut found: Vec<Signal> = Vec::new();
    let escalation = facts.escalation;
    found.extend(about_domain(facts, Whose::Requester, &escalation.requester.email));
    if !escalation.successor.is_requester
        && escalation.successor.email.domain() != escalation.requester.email.domain()
    {
        found.extend(about_domain(facts, Whose::Successor, &escalation.successor.email));
    }
    found.extend(about_mailboxes(escalation));
    found.extend(about_cases(facts));
    let looks_alike = |whose| {
        let is_it = |signal: &Signal| matches!(signal, Signal::LookAlike { whose: of, .. } if *of == whose);
        found.iter().any(is_it)
    };
    // Where the names are alike, that they differ has been told.
    let told = [Whose::Requester, Whose::Successor].map(looks_alike);
    found.extend(about_companies(facts, told));
    found.extend(facts.differences.iter().map(|Difference { what, form, register }| {
        Signal::DiffersFromRegister { what: *what, form: form.clone(), register: register.clone() }
    }));
    if !facts.changes.is_empty() {
        found.push(Signal::RegisterChanged { changes: facts.changes.clone() });
    }
    found.extend(about_past(facts));
    found.extend(about_mail(facts));
    found.extend(about_time_and_people(facts));
    // Stable: within each half the order stays.
    found.sort_by_key(Signal::is_ordinary);
    found
}

impl Facts<'_> {
    /// Whether it, or a name above it that the same owner holds, is on record.
    fn is_on_record(&self, domain: &str) -> bool {
        let names = self.shared.names(domain);
        self.domains_on_record.iter().any(|on_record| names.contains(&on_record.as_str()))
    }

    /// The name that the departed contact's company holds whole, unless anybody can have an address there.
    fn departed_domain(&self) -> Option<&str> {
        self.company_domain(&self.escalation.departed.email)
    }

    fn company_domain<'b>(&self, address: &'b EmailAddress) -> Option<&'b str> {
        let domain = address.domain();
        if PublicMail::of(domain).is_some() { None } else { self.shared.controlled(domain) }
    }
}

fn about_domain(facts: &Facts<'_>, whose: Whose, address: &EmailAddress) -> Vec<Signal> {
    let domain = address.domain().to_owned();
    if let Some(kind) = PublicMail::of(&domain) {
        return vec![Signal::PublicMail { whose, domain, kind }];
    }
    let whole = facts.shared.controlled(&domain).unwrap_or(&domain);
    if facts.is_on_record(&domain) || facts.departed_domain() == Some(whole) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let originals = facts.domains_on_record.iter().map(|original| (original.as_str(), true));
    let originals = originals.chain(facts.departed_domain().map(|original| (original, false)));
    let alike = originals.filter_map(|(like, on_record)| {
        let how = likeness(facts.shared, &domain, like)?;
        Some(Signal::LookAlike { whose, domain: domain.clone(), like: like.to_owned(), on_record, how })
    });
    // One is enough to make somebody look; the others would say the same.
    found.extend(alike.take(1));
    if mixes_scripts(&domain) {
        found.push(Signal::MixedScripts { whose, domain });
    } else if domain.split('.').any(|label| label.starts_with("xn--")) {
        found.push(Signal::Internationalised { whose, domain });
    }
    found
}

fn about_cases(facts: &Facts<'_>) -> Vec<Signal> {
    let mut found = Vec::new();
    if !facts.rejected.is_empty() {
        found.push(Signal::RejectedBefore { cases: facts.rejected.clone() });
    }
    if !facts.open.is_empty() {
        found.push(Signal::OtherClaims { cases: facts.open.clone() });
    }
    found
}

/// Whether the people of the request belong to one company, as far as their domains tell.
fn about_companies(facts: &Facts<'_>, [requester_told, successor_told]: [bool; 2]) -> Vec<Signal> {
    let (requester, successor) = (&facts.escalation.requester.email, &facts.escalation.successor.email);
    let mut found = Vec::new();
    let own = facts.company_domain(requester);
    if let (Some(own), Some(departed)) = (own, facts.departed_domain())
        && own != departed
        && !requester_told
        && !facts.is_on_record(requester.domain())
    {
        found.push(Signal::OtherDomain { requester: own.to_owned(), departed: departed.to_owned() });
    }
    if let Some(theirs) = facts.company_domain(successor)
        && Some(theirs) != own
        && Some(theirs) != facts.departed_domain()
        && !successor_told
        && !facts.is_on_record(successor.domain())
    {
        found.push(Signal::SuccessorElsewhere { domain: theirs.to_owned() });
    }
    if let (Some(own), false) = (own, facts.is_known) {
        found.push(Signal::FirstContact { domain: own.to_owned() });
    }
    found
}

/// Addresses that differ only by dots: the form refuses them where it is sure.
fn about_mailboxes(escalation: &Escalation) -> Vec<Signal> {
    let [requester, successor, departed] = people(escalation);
    let pairs = [(requester, departed), (successor, departed), (requester, successor)];
    let alike = pairs.into_iter().filter(|((_, one), (_, other))| {
        !one.same_mailbox(other.as_str()) && one.same_person(other.as_str())
    });
    alike.map(|((one, _), (other, _))| Signal::LikeMailbox { one, other }).collect()
}

fn people(escalation: &Escalation) -> [(Whose, &EmailAddress); 3] {
    [
        (Whose::Requester, &escalation.requester.email),
        (Whose::Successor, &escalation.successor.email),
        (Whose::Departed, &escalation.departed.email),
    ]
}

/// What became of the domains on record that somebody's address rests on: the latest move of each kind, and the latest of
/// coming and going. Each told once, of the first whose it is.
fn about_past(facts: &Facts<'_>) -> Vec<Signal> {
    let mut found: Vec<Signal> = Vec::new();
    let mut told: Vec<(&str, DomainEvent)> = Vec::new();
    for (whose, address) in people(facts.escalation) {
        let names = facts.shared.names(address.domain());
        for change in &facts.domain_changes {
            let is_new = matches!(change.what, DomainEvent::Vanished | DomainEvent::Appeared);
            let kind = if is_new { DomainEvent::Appeared } else { change.what };
            let on_record = facts.domains_on_record.contains(&change.domain);
            let once = (change.domain.as_str(), kind);
            if !names.contains(&change.domain.as_str()) || !on_record || told.contains(&once) {
                continue;
            }
            told.push(once);
            let DomainChange { domain, what, on } = change.clone();
            let days = on.until(*facts.today).map_or(0, |span| span.get_days());
            found.push(if is_new {
                Signal::DomainNew { whose, domain, what, on, days }
            } else {
                Signal::DomainMoved { whose, domain, what, on, days }
            });
        }
    }
    found
}

/// Each domain once, told of the first whose it is.
fn about_mail(facts: &Facts<'_>) -> Vec<Signal> {
    let mut told: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (whose, address) in people(facts.escalation) {
        let domain = address.domain();
        if told.contains(&domain) {
            continue;
        }
        told.push(domain);
        let domain = domain.to_owned();
        match facts.mail_servers.get(&domain) {
            Some(MailServers::None) => found.push(Signal::NoMail { whose, domain, refused: false }),
            Some(MailServers::Refused) => found.push(Signal::NoMail { whose, domain, refused: true }),
            Some(MailServers::Unknown) => found.push(Signal::MailUnknown { whose, domain }),
            Some(MailServers::Named) | None => {}
        }
    }
    found
}

fn about_time_and_people(facts: &Facts<'_>) -> Vec<Signal> {
    let mut found = Vec::new();
    if let Some(Evidence::NoticeReturned { .. } | Evidence::NoticeUndeliverable { .. }) = facts.notice {
        found.push(Signal::NoticeUnread);
    }
    match facts.says_left {
        Some(true) => found.push(Signal::SaidLeft),
        Some(false) => found.push(Signal::SaidAbsent),
        None => {}
    }
    let days = facts.renews_on.and_then(|on| Some((on, facts.today.until(*on).ok()?.get_days())));
    if let Some((on, days)) = days.filter(|(_, days)| days.unsigned_abs() <= facts.renewal_days) {
        found.push(Signal::RenewalNear { on, days });
    }
    if facts.escalation.successor.is_requester {
        found.push(Signal::RequesterIsSuccessor);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{
            escalation::{ContactRole, Departed, Hosting, Requester, Successor},
            text::Text,
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
            hosting: Hosting::DataCenter,
            entitlements: Vec::new(),
            departed: Departed {
                name: "Petra".into(),
                email: address(departed),
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
            (
                "m@n\u{43e}rdlicht.example",
                None,
                vec!["look_alike", "mixed_scripts", "requester_is_successor"],
            ),
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
        let escalation =
            escalation("m@berlin.nordlicht.example", Some(TOBIAS), "petra@nordlicht-alt.example");
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
}

//! What staff should look at twice: plain facts beside the checks, told one by one and never added up.
//!
//! Pure: [`signals`] is one function of the facts that a page gathered. It decides nothing, no rule asks it, and nothing
//! is linked or filled in because of it.

use std::collections::BTreeMap;

use super::{
    look_alike::{likeness, mixes_scripts},
    signal::{Change, ContactChange, DomainChange, OtherCase, Signal, Whose},
};
use crate::{
    case::{address::EmailAddress, check::Evidence, escalation::Escalation, facts::Difference},
    clock::Day,
    dns::{DomainEvent, MailServers},
    public_mail::PublicMail,
    shared_domains::SharedDomains,
};

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
    /// Earlier cases that changed the contact of one of the licences, which no import has confirmed.
    pub contact_changes: Vec<ContactChange>,
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
        self.company_domain(self.escalation.departed.email.known()?)
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
    if let Some(named) = facts.contact_changes.iter().map(|change| change.named).min() {
        let cases = facts.contact_changes.iter().map(|change| change.case.clone()).collect();
        found.push(Signal::ContactChanged { cases, named });
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
    let alike =
        pairs.into_iter().filter_map(|(one, other)| Some((one?, other?))).filter(|((_, one), (_, other))| {
            !one.same_mailbox(other.as_str()) && one.same_person(other.as_str())
        });
    alike.map(|((one, _), (other, _))| Signal::LikeMailbox { one, other }).collect()
}

/// The departed contact only where the address is known.
fn people(escalation: &Escalation) -> [Option<(Whose, &EmailAddress)>; 3] {
    [
        Some((Whose::Requester, &escalation.requester.email)),
        Some((Whose::Successor, &escalation.successor.email)),
        escalation.departed.email.known().map(|address| (Whose::Departed, address)),
    ]
}

/// What became of the domains on record that somebody's address rests on: the latest move of each kind, and the latest of
/// coming and going. Each told once, of the first whose it is.
fn about_past(facts: &Facts<'_>) -> Vec<Signal> {
    let mut found: Vec<Signal> = Vec::new();
    let mut told: Vec<(&str, DomainEvent)> = Vec::new();
    for (whose, address) in people(facts.escalation).into_iter().flatten() {
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
    for (whose, address) in people(facts.escalation).into_iter().flatten() {
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
mod tests;

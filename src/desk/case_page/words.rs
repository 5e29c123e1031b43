//! Evidence, gaps and events as sentences in the reader's language.

use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use serde_json::Value;
use strum::VariantArray as _;
use uuid::Uuid;

use super::RegisterView;
use crate::{
    app::App,
    case::{
        actor::StaffId,
        check::{CheckKind, Evidence, Verdict},
        document::Criterion,
        escalation::Escalation,
        event::Event,
        root::{Person, Root},
        state::Outcome,
        told_staff::{Named, find_mentioned},
    },
    casework::{StoredNote, TrailLine},
    clock::{Day, Timestamp},
    desk::signals::to_unicode,
    lang::{Arguments, Language},
    staff::members::Member,
    view::{write_day, write_instant},
};

/// What sentences about one case are made of: the language, the names of staff, the texts of notes.
#[derive(Debug)]
pub struct Words {
    language: Language,
    zone: jiff::tz::TimeZone,
    names: HashMap<Uuid, String>,
    addresses: HashMap<Uuid, String>,
    notes: HashMap<Uuid, String>,
    people: HashMap<Person, String>,
}

impl Words {
    pub fn new(app: &App, language: Language, members: &[Member], notes: &[StoredNote]) -> Self {
        Self {
            language,
            zone: app.zone.clone(),
            names: members.iter().map(|member| (member.id, member.name.clone())).collect(),
            addresses: members.iter().map(|member| (member.id, member.email.clone())).collect(),
            notes: notes.iter().map(|note| (note.id, note.body.clone())).collect(),
            people: HashMap::new(),
        }
    }

    /// With the names of the case's people and of the contacts on record.
    pub fn with_people(mut self, escalation: &Escalation, register: &RegisterView) -> Self {
        let own = [
            (Person::Requester, &escalation.requester.name),
            (Person::Successor, &escalation.successor.name),
            (Person::Departed, &escalation.departed.name),
        ];
        self.people = own.into_iter().map(|(person, name)| (person, name.clone())).collect();
        self.people
            .extend(register.named_contacts().map(|(id, name)| (Person::Contact(id), name.to_owned())));
        self
    }

    /// The names of colleagues whom a note calls with an `@`.
    pub fn mentioned_in(&self, note: &str) -> Vec<String> {
        if !note.contains('@') {
            return Vec::new();
        }
        let named: Vec<Named<'_>> = self
            .names
            .iter()
            .map(|(id, name)| Named {
                id: StaffId(*id),
                name,
                address: self.addresses.get(id).map_or("", String::as_str),
            })
            .collect();
        let mut names: Vec<String> =
            find_mentioned(note, &named).into_iter().map(|id| self.name_of(id)).collect();
        names.sort();
        names
    }

    fn person(&self, person: Person) -> String {
        self.people.get(&person).cloned().unwrap_or_else(|| self.text("actor-registered_contact"))
    }

    /// One thing to own, in words.
    pub fn root(&self, root: &Root) -> String {
        let key = format!("root-{}", root.as_str());
        match root {
            Root::Domain(domain) => self.fill(&key, [("name", to_unicode(domain).into())]),
            Root::Mailbox(person) | Root::Person(person) | Root::Line(person) => {
                self.fill(&key, [("name", self.person(*person).into())])
            }
            Root::Paper => self.text(&key),
            Root::Staff(staff) => self.fill(&key, [("name", self.name_of(*staff).into())]),
        }
    }

    /// What all proofs so far rest on; empty where there is none.
    pub fn rest_on(&self, roots: &[Root]) -> String {
        let names: Vec<String> = roots.iter().map(|root| self.root(root)).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => self.fill("roots-one", [("root", one.clone().into())]),
            names => self
                .fill("roots-several", [("count", number(names.len())), ("roots", names.join("; ").into())]),
        }
    }

    /// What a check rests on, any of which is enough to fake it; empty for what anybody may know.
    pub fn roots_of(&self, roots: &[Root]) -> String {
        let names: Vec<String> = roots.iter().map(|root| self.root(root)).collect();
        if names.is_empty() {
            String::new()
        } else {
            self.fill("roots-check", [("roots", self.any_of(names).into())])
        }
    }

    pub fn text(&self, key: &str) -> String {
        self.language.text(key)
    }

    /// A sentence about one thing, which may be named in it.
    pub fn about(&self, key: &str, what: &str) -> String {
        self.fill(key, [("what", what.to_owned().into())])
    }

    /// How long we have left by the clock of our business time.
    pub fn time_left(&self, left: jiff::SignedDuration) -> String {
        let minutes = left.as_mins();
        let (hours, minutes) = (minutes / 60, minutes % 60);
        self.fill("desk-time-left", [("hours", hours.into()), ("minutes", minutes.into())])
    }

    fn fill<const N: usize>(&self, key: &str, values: [(&'static str, FluentValue<'_>); N]) -> String {
        let arguments: Arguments<'_> = values.into_iter().map(|(name, value)| (name.into(), value)).collect();
        self.language.text_with(key, &arguments)
    }

    pub fn name_of(&self, staff: StaffId) -> String {
        self.names.get(&staff.0).cloned().unwrap_or_else(|| self.text("actor-staff"))
    }

    /// A note's text; empty where it was erased.
    pub fn note(&self, id: Uuid) -> String {
        self.notes.get(&id).cloned().unwrap_or_default()
    }

    pub fn instant(&self, at: Timestamp) -> String {
        write_instant(at, &self.zone, self.language)
    }

    pub fn day(&self, day: Day) -> String {
        write_day(day, self.language)
    }

    pub fn check(&self, kind: CheckKind) -> String {
        self.text(&format!("check-{}", kind.as_str()))
    }

    fn verdict(&self, verdict: Verdict) -> String {
        let word: &str = verdict.into();
        self.text(&format!("verdict-{word}"))
    }

    fn outcome(&self, outcome: Outcome) -> String {
        let word: &str = outcome.into();
        self.text(&format!("outcome-{word}"))
    }

    /// "A, B or C".
    fn either(&self, kinds: &[CheckKind]) -> String {
        self.any_of(kinds.iter().map(|kind| self.check(*kind)).collect())
    }

    fn any_of(&self, names: Vec<String>) -> String {
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                format!("{}{}{last}", rest.join(", "), self.text("gap-or"))
            }
            _ => names.concat(),
        }
    }

    /// The items of the checklist that are meant, one after the other.
    fn criteria(&self, meant: impl Fn(Criterion) -> bool) -> String {
        let names = Criterion::VARIANTS.iter().filter(|criterion| meant(**criterion));
        let names: Vec<String> =
            names.map(|criterion| self.text(&format!("criterion-short-{}", criterion.as_str()))).collect();
        if names.is_empty() { self.text("criterion-none") } else { names.join(", ") }
    }

    /// `by`: who decided, for what staff decided.
    pub fn evidence(&self, evidence: &Evidence, by: Option<StaffId>) -> String {
        let word: &str = evidence.into();
        let key = format!("evidence-{word}");
        match evidence {
            Evidence::NotInRegister { found, asked } => {
                self.fill(&key, [("found", number(*found)), ("asked", number(*asked))])
            }
            Evidence::NoticeSent { sent_at, window_ends_at, reminded_at }
            | Evidence::NoObjection { sent_at, window_ends_at, reminded_at, .. } => {
                let told = self.fill(
                    &key,
                    [
                        ("sent_at", self.instant(*sent_at).into()),
                        ("times", number(reminded_at.len().saturating_add(1))),
                        ("window_ends_at", self.instant(*window_ends_at).into()),
                    ],
                );
                match evidence {
                    Evidence::NoObjection { said_left_at: Some(said_at), .. } => {
                        let said =
                            self.fill("evidence-said_left", [("said_at", self.instant(*said_at).into())]);
                        format!("{told} {said}")
                    }
                    _ => told,
                }
            }
            Evidence::ContactAway { sent_at, said_at } => self.fill(
                &key,
                [("sent_at", self.instant(*sent_at).into()), ("said_at", self.instant(*said_at).into())],
            ),
            Evidence::NoticeReturned { sent_at, returned_at } => self.fill(
                &key,
                [
                    ("sent_at", self.instant(*sent_at).into()),
                    ("returned_at", self.instant(*returned_at).into()),
                ],
            ),
            Evidence::NoticeUndeliverable { sent_at }
            | Evidence::InvitationSent { sent_at }
            | Evidence::VouchRequested { sent_at, .. } => {
                self.fill(&key, [("sent_at", self.instant(*sent_at).into())])
            }
            Evidence::DocumentReviewed { files, answers, .. } => self.fill(
                &key,
                [
                    ("name", by.map(|staff| self.name_of(staff)).unwrap_or_default().into()),
                    ("count", number(files.len())),
                    ("met", self.criteria(|criterion| answers.get(&criterion) == Some(&true)).into()),
                    ("unmet", self.criteria(|criterion| answers.get(&criterion) != Some(&true)).into()),
                ],
            ),
            Evidence::Called { contact, whose, .. } => {
                let person = whose.unwrap_or(Person::Contact(*contact));
                let who = match person {
                    Person::Requester => "requester",
                    Person::Successor => "successor",
                    Person::Departed | Person::Contact(_) => "contact",
                };
                let name = by.map(|staff| self.name_of(staff)).unwrap_or_default();
                let whose = self.person(person);
                self.fill(&key, [("name", name.into()), ("who", who.into()), ("whose", whose.into())])
            }
            Evidence::StaffDecision { .. } | Evidence::WithoutOthers { .. } => {
                let name = by.map(|staff| self.name_of(staff)).unwrap_or_default();
                self.fill(&key, [("name", name.into())])
            }
            _ => self.text(&key),
        }
    }

    /// `key` is `gap-unclear`, `gap-expired` or `gap-blocked`.
    pub fn gap_about(&self, key: &str, kind: CheckKind) -> String {
        self.fill(key, [("check", self.check(kind).into())])
    }

    /// Until when an objection is waited for.
    pub fn window(&self, ends_at: Timestamp) -> String {
        self.fill("gap-window", [("ends_at", self.instant(ends_at).into())])
    }

    /// `key` is `gap-roots`, `gap-outside_domain` or `gap-from_others`.
    pub fn gap_of(&self, key: &str, count: usize, of: &[CheckKind]) -> String {
        self.fill(key, [("count", number(count)), ("checks", self.either(of).into())])
    }

    /// Who did it.
    pub fn who(&self, line: &TrailLine) -> String {
        match (&line.staff_name, &line.token_name) {
            (Some(name), Some(token)) => {
                self.fill("actor-by-token", [("name", name.clone().into()), ("token", token.clone().into())])
            }
            (Some(name), None) => name.clone(),
            _ => self.text(&format!("actor-{}", line.actor)),
        }
    }

    /// What was done, to follow the name of who did it.
    pub fn event(&self, line: &TrailLine) -> String {
        let key = format!("event-{}", line.event.as_str());
        match &line.event {
            Event::CheckRecorded { check, verdict } | Event::CheckDecided { check, verdict, .. } => self
                .fill(
                    &key,
                    [("check", self.check(*check).into()), ("verdict", self.verdict(*verdict).into())],
                ),
            Event::Called { verdict, .. } => self.fill(&key, [("verdict", self.verdict(*verdict).into())]),
            Event::CheckPostponed { check }
            | Event::CheckRequested { check }
            | Event::ContactGone { check }
            | Event::CheckWaived { check, .. } => self.fill(&key, [("check", self.check(*check).into())]),
            Event::DepartedContactNotified { window_ends_at } => {
                self.fill(&key, [("window_ends_at", self.instant(*window_ends_at).into())])
            }
            Event::SecondClaimRecorded { other } => self.fill(&key, [("other", other.to_string().into())]),
            Event::AtlassianAnswered { answer, .. } => {
                let word: &str = answer.into();
                self.fill(&key, [("answer", self.text(&format!("answer-{word}")).into())])
            }
            Event::ContentErased { rule, scope } => {
                self.fill(&key, [("rule", rule.as_str().into()), ("scope", scope.as_str().into())])
            }
            Event::EvidenceScanned { result, .. } => {
                let word: &str = result.into();
                self.fill(&key, [("result", word.into())])
            }
            Event::FactsCorrected { what, .. } => {
                let facts: Vec<String> =
                    what.iter().map(|fact| self.text(&format!("fact-{}", fact.as_str()))).collect();
                self.fill(&key, [("what", facts.join(", ").into())])
            }
            Event::CustomerTold { topic, .. } => self.fill(&key, [("topic", topic.as_str().into())]),
            Event::AddressCorrected { whose, .. } => self.fill(&key, [("whose", whose.as_str().into())]),
            Event::MailFiled { writer, .. } => {
                self.fill(&key, [("writer", self.text(&format!("writer-{}", writer.as_str())).into())])
            }
            Event::SilenceNoted { asked } => self.fill(&key, [("count", FluentValue::from(*asked))]),
            Event::Closed { outcome, .. } => self.fill(&key, [("outcome", self.outcome(*outcome).into())]),
            Event::Referred { given } => self.fill(&key, [("given", given.to_string().into())]),
            Event::Assigned { owner } => {
                let name = owner.map(|owner| self.name_of(owner));
                let mode = match &name {
                    None => "dropped",
                    Some(name) if Some(name) == line.staff_name.as_ref() => "taken",
                    Some(_) => "given",
                };
                self.fill(&key, [("mode", mode.into()), ("owner", name.unwrap_or_default().into())])
            }
            _ => self.text(&key),
        }
    }

    /// The text that was written with it, if any.
    pub fn note_of(&self, event: &Event) -> String {
        let data = serde_json::to_value(event).unwrap_or(Value::Null);
        let id = data.get("note").and_then(Value::as_str).and_then(|id| id.parse().ok());
        id.map(|id| self.note(id)).unwrap_or_default()
    }
}

fn number(count: usize) -> FluentValue<'static> {
    FluentValue::from(i64::try_from(count).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use strum::{VariantArray, VariantNames as _};

    use super::*;
    use crate::{
        case::{
            actor::Role,
            correspondence::AtlassianAnswer,
            escalation::{ContactRole, Hosting},
            outcome::Notification,
            refusal::Refusal,
            state::{Party, Place},
        },
        mail::outgoing::outbox::EmailState,
    };

    fn words<T: VariantArray + Copy + Into<&'static str>>(prefix: &str) -> Vec<String> {
        T::VARIANTS.iter().map(|word| format!("{prefix}-{}", Into::<&'static str>::into(*word))).collect()
    }

    /// The sentences whose keys are put together from the words of the rules: every word has one, in both languages.
    #[test]
    fn every_word_of_the_rules_has_its_sentence() {
        let mut keys = words::<Place>("state");
        keys.extend(words::<Outcome>("outcome"));
        keys.extend(words::<Party>("party"));
        keys.extend(words::<CheckKind>("check"));
        keys.extend(words::<CheckKind>("gap"));
        keys.extend(words::<Verdict>("verdict"));
        keys.extend(words::<AtlassianAnswer>("answer"));
        keys.extend(words::<Notification>("notification"));
        keys.extend(words::<Hosting>("hosting"));
        keys.extend(words::<ContactRole>("contact-role"));
        keys.extend(words::<Role>("role"));
        keys.extend(words::<Refusal>("refusal"));
        keys.extend(words::<Criterion>("criterion"));
        keys.extend(words::<Criterion>("criterion-short"));
        keys.extend(Evidence::VARIANTS.iter().map(|word| format!("evidence-{word}")));
        keys.extend(Event::VARIANTS.iter().map(|word| format!("event-{word}")));
        for state in [EmailState::Queued, EmailState::Sent, EmailState::Failed, EmailState::Cancelled] {
            keys.push(format!("delivery-{}", state.as_str()));
        }
        for root in ["domain", "mailbox", "person", "line", "paper", "staff"] {
            keys.push(format!("root-{root}"));
        }
        keys.extend(["roots-one", "roots-several", "roots-check"].map(str::to_owned));
        keys.extend(["gap-roots", "gap-outside_domain", "gap-from_others"].map(str::to_owned));
        for kind in CheckKind::VARIANTS.iter().filter(|kind| kind.is_decided_by_staff()) {
            keys.push(format!("desk-check-note-{}", kind.as_str()));
        }
        let mut arguments: Arguments<'_> =
            ["found", "asked", "count", "times"].map(|name| (name.into(), FluentValue::from(2))).into();
        for name in [
            "check",
            "verdict",
            "name",
            "sent_at",
            "window_ends_at",
            "answer",
            "outcome",
            "mode",
            "owner",
            "writer",
            "returned_at",
            "said_at",
            "other",
            "met",
            "unmet",
            "result",
            "rule",
            "scope",
            "who",
            "whose",
            "root",
            "roots",
            "checks",
            "what",
            "topic",
            "given",
        ] {
            arguments.insert(name.into(), "given".into());
        }
        for key in keys {
            for language in Language::ALL {
                assert!(language.find_text(&key, &arguments).is_some(), "{key} in {language:?}");
            }
        }
    }

    #[test]
    fn one_licence_is_not_counted() {
        let say = |language: Language, found: i64, asked: i64| {
            let arguments: Arguments<'_> =
                [("found".into(), found.into()), ("asked".into(), asked.into())].into();
            // Without the marks that Fluent puts around what it fills in.
            language.text_with("evidence-not_in_register", &arguments).replace(['\u{2068}', '\u{2069}'], "")
        };
        assert_eq!(say(Language::De, 0, 1), "Die genannte Lizenz steht nicht im Register.");
        assert_eq!(say(Language::De, 0, 2), "Im Register steht keine der 2 genannten Lizenzen.");
        assert_eq!(say(Language::De, 1, 3), "Im Register steht eine der 3 genannten Lizenzen.");
        assert_eq!(say(Language::En, 0, 1), "The licence named is not in the register.");
        assert_eq!(say(Language::En, 2, 3), "The register has 2 of the 3 licences named.");
    }
}

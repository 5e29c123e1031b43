//! `GET /desk/administration/policy`: the rules in force, in words: what is checked, what suffices, what blocks, which waits and limits
//! hold, and what of it is other than it comes. From the settings and the rules themselves; docs/POLICY.md says why.

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;
use strum::VariantArray as _;
use uuid::Uuid;

use super::settings::{Changed, changed};
use crate::{
    case::{
        actor::StaffId,
        check::{Check, CheckKind, Evidence, Verdict},
        root::{Home, Homes, Person, Root},
    },
    casework::Casework,
    config::{DEFAULT, Notify},
    lang::{Arguments, Language},
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/policy";

#[derive(Debug, Serialize)]
struct PolicyView {
    checks: Vec<CheckView>,
    roots: usize,
    outside_domain: usize,
    from_others: usize,
    one_root_suffices: bool,
    notifies_all: bool,
    asks_voucher: bool,
    /// What waits and limits there are, by where they are set.
    sections: Vec<Section>,
    changed: Vec<Changed>,
}

#[derive(Debug, Serialize)]
struct CheckView {
    kind: CheckKind,
    required: bool,
    proof: bool,
    blocking: bool,
    by_staff: bool,
    days: u32,
    /// What somebody must own to fake it, in words.
    roots: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Section {
    word: &'static str,
    /// Whole sentences.
    sentences: Vec<String>,
}

pub async fn show(reader: Reader, casework: web::Data<Casework>) -> Result<HttpResponse, WebError> {
    let settings = &casework.app.settings;
    let (policy, language) = (&settings.policy, reader.language);
    let names = |words: &[String], kind: CheckKind| words.iter().any(|word| word == kind.as_str());
    let check = |kind: &CheckKind| CheckView {
        kind: *kind,
        required: casework.rules.policy.requires(*kind),
        proof: names(&policy.proofs, *kind),
        blocking: names(&policy.blocking, *kind),
        by_staff: kind.is_decided_by_staff(),
        days: match kind {
            CheckKind::DomainDns => settings.deadlines.domain_proof_days.min(policy.expires_after_days),
            _ => policy.expires_after_days,
        },
        roots: roots(*kind, language),
    };
    let (distinct_roots, from_others) = casework.rules.policy.demands();
    let view = PolicyView {
        checks: CheckKind::VARIANTS.iter().map(check).collect(),
        roots: distinct_roots,
        outside_domain: policy.outside_domain,
        from_others,
        one_root_suffices: casework.rules.policy.one_root_suffices(),
        notifies_all: policy.notify == Notify::All,
        asks_voucher: casework.rules.policy.asks_voucher(),
        sections: vec![
            section("deadlines", &written(&settings.deadlines)?, language),
            section("limits", &written(&settings.limits)?, language),
            section("retention", &written(&settings.retention)?, language),
        ],
        changed: changed(settings)?,
    };
    reader.at(PATH).ok("desk/administration/policy.html", &view)
}

fn written(settings: &impl Serialize) -> anyhow::Result<Value> {
    serde_json::to_value(settings).context("could not write settings out")
}

/// A sentence for each setting of a section, with its value, in the order of the file that lists them all.
fn section(word: &'static str, settings: &Value, language: Language) -> Section {
    let mut fields: Vec<(&String, &Value)> = settings.as_object().into_iter().flatten().collect();
    fields.sort_by_key(|(name, _)| DEFAULT.find(&format!("\n{name} = ")));
    let sentence = |(name, value): (&String, &Value)| {
        let count = value.as_i64().unwrap_or_default();
        let arguments: Arguments<'_> = [("count".into(), count.into())].into();
        language.text_with(&format!("policy-{word}-{name}"), &arguments)
    };
    Section { word, sentences: fields.into_iter().map(sentence).collect() }
}

/// What somebody must own to fake a passed check, of people whose mailboxes are below the customer's domain.
fn roots(kind: CheckKind, language: Language) -> Vec<String> {
    let below = || Home::Below(String::new());
    let homes = Homes { requester: below(), successor: below(), departed: below(), challenge: below() };
    let (contact, note) = (Uuid::from_u128(1), Uuid::nil());
    let evidence = match kind {
        CheckKind::Successor => Evidence::Accepted,
        CheckKind::Vouch => Evidence::Vouched { contact, home: below() },
        CheckKind::Callback => Evidence::Called { contact, note, whose: None },
        _ => Evidence::None,
    };
    let staff = kind.is_decided_by_staff().then_some(StaffId(contact));
    let check = Check { verdict: Verdict::Passed, decided_by: staff, ..Check::pending(kind, evidence, None) };
    let found = check.roots(&homes);
    let words = found.iter().map(|root| {
        let word: &str = root.into();
        match root {
            Root::Mailbox(person) | Root::Person(person) | Root::Line(person) => {
                language.text(&format!("policy-root-{word}-{}", part_of(*person)))
            }
            Root::Domain(_) | Root::Paper | Root::Staff(_) => language.text(&format!("policy-root-{word}")),
        }
    });
    words.collect()
}

fn part_of(person: Person) -> &'static str {
    match person {
        Person::Requester => "requester",
        Person::Successor => "successor",
        Person::Departed => "departed",
        Person::Contact(_) => "contact",
    }
}

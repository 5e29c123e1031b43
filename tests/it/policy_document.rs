//! docs/POLICY.md, for auditors, against the program: its tables are made from the default settings and the rules' own
//! words, and each check has its prose. `HANDOVER_WRITE_POLICY=1 cargo test --test it policy_document` writes the tables.

use std::{fmt::Write as _, fs, path::PathBuf};

use handover::{
    case::{
        action::ActionKind,
        actor::{Actor, Role, StaffId},
        check::{Check, CheckKind, Evidence, Verdict},
        policy::{Policy, Standing, evaluate},
        root::{Home, Homes, Person, Root},
        state::{Outcome, Place},
    },
    clock::Timestamp,
    config::Settings,
    lang::Language,
};
use strum::VariantArray as _;
use uuid::Uuid;

fn read(name: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn name(family: &str, word: &str) -> String {
    let key = format!("{family}-{word}");
    Language::En.find_text(&key, &[].into()).unwrap_or_else(|| panic!("locales/en has no {key}"))
}

/// What the source says of each variant of an enum: its comment, on one line.
fn comments(source: &str, of: &str) -> Vec<(String, String)> {
    let start = source.find(&format!("pub enum {of} {{")).unwrap_or_else(|| panic!("there is no {of}"));
    let body = source[start..].lines().skip(1).take_while(|line| *line != "}");
    let (mut found, mut comment) = (Vec::new(), String::new());
    for line in body {
        let line = line.strip_prefix("    ").unwrap_or(line);
        if let Some(words) = line.strip_prefix("/// ") {
            comment = format!("{comment} {words}").trim().to_owned();
        } else if line.starts_with(|c: char| c.is_ascii_uppercase()) {
            let variant: String = line.chars().take_while(char::is_ascii_alphanumeric).collect();
            found.push((snake_case(&variant), std::mem::take(&mut comment)));
        }
    }
    found
}

fn snake_case(variant: &str) -> String {
    let mut word = String::new();
    for character in variant.chars() {
        if character.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(character.to_ascii_lowercase());
    }
    word
}

fn comment(found: &[(String, String)], word: &str) -> String {
    let (_, comment) = found
        .iter()
        .find(|(variant, _)| variant == word)
        .unwrap_or_else(|| panic!("no {word} in the source"));
    comment.clone()
}

fn mark(yes: bool) -> &'static str {
    if yes { "yes" } else { "–" }
}

fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        writeln!(text, "| {} |", row.join(" | ")).unwrap();
    }
    text
}

fn checks() -> String {
    let settings = Settings::with("").unwrap();
    // Refuses words that are no check.
    Policy::try_new(&settings.policy).unwrap();
    let policy = &settings.policy;
    let says =
        |words: &[String], kind: CheckKind| mark(words.iter().any(|word| word == kind.as_str())).to_owned();
    let rows = CheckKind::VARIANTS.iter().map(|kind| {
        let days = match kind {
            CheckKind::DomainDns => settings.deadlines.domain_proof_days.min(policy.expires_after_days),
            _ => policy.expires_after_days,
        };
        vec![
            name("check", kind.as_str()),
            format!("`{}`", kind.as_str()),
            says(&policy.required, *kind),
            says(&policy.proofs, *kind),
            roots(*kind).to_owned(),
            says(&policy.blocking, *kind),
            if kind.is_decided_by_staff() { "staff" } else { "the program" }.to_owned(),
            format!("{days} days"),
        ]
    });
    let head = [
        "check",
        "word in trail and settings",
        "required",
        "proof",
        "rests on any of",
        "blocks when failed",
        "decided by",
        "counts for",
    ];
    let sum = format!(
        "Needed: every required check; proofs that nobody can fake who owns fewer than {} things, {} of them not resting on a \
         domain, {} from somebody who is neither the requester nor the new contact (unless the requester is a contact on \
         record, or an approver goes without).\n",
        policy.distinct_roots, policy.outside_domain, policy.from_others
    );
    format!("{}\n{sum}", table(&head, rows))
}

/// A check with this verdict, unexpired.
fn check(kind: CheckKind, verdict: Verdict) -> Check {
    Check { verdict, ..Check::pending(kind, Evidence::None, None) }
}

/// What somebody has to own to fake a passed check, in the words of the rules.
fn roots(kind: CheckKind) -> String {
    let below = || Home::Below("the customer’s domain".to_owned());
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
    let whose = |person: &Person| match person {
        Person::Requester => "the requester",
        Person::Successor => "the new contact",
        Person::Departed => "the departed contact",
        Person::Contact(_) => "that contact",
    };
    let found = check.roots(&homes);
    let words = found.iter().map(|root| match root {
        Root::Domain(name) => name.clone(),
        Root::Mailbox(person) => format!("the mailbox of {}", whose(person)),
        Root::Person(person) => format!("{} in person", whose(person)),
        Root::Line(person) => format!("the telephone line of {}", whose(person)),
        Root::Paper => "letterhead and signature".to_owned(),
        Root::Staff(_) => "the member of staff".to_owned(),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { "what anybody may know".to_owned() } else { words.join(", ") }
}

/// Whether a policy that wants one proof takes this verdict for it.
fn proves(verdict: Verdict) -> bool {
    let settings = "[policy]\nrequired = [\"requester_email\"]\nproofs = [\"document\"]\ndistinct_roots = 1\n\
                    outside_domain = 0\nfrom_others = 0\n";
    let policy = Policy::try_new(&Settings::with(settings).unwrap().policy).unwrap();
    let checks = [check(CheckKind::RequesterEmail, Verdict::Passed), check(CheckKind::Document, verdict)];
    matches!(evaluate(&policy, &checks, &Homes::default(), now()), Standing::Satisfied(_))
}

fn now() -> Timestamp {
    "2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into()
}

fn verdicts() -> String {
    table(
        &["verdict", "word", "meets a requirement", "counts as a proof"],
        Verdict::VARIANTS.iter().map(|verdict| {
            let word: &str = verdict.into();
            let meets = check(CheckKind::Entitlement, *verdict).counts(now());
            let proves = proves(*verdict);
            vec![name("verdict", word), format!("`{word}`"), mark(meets).to_owned(), mark(proves).to_owned()]
        }),
    )
}

/// The settings of a section with the comments that stand above them.
fn settings_of(section: &str) -> Vec<Vec<String>> {
    let (mut rows, mut comment) = (Vec::new(), String::new());
    let file = read("config/default.toml");
    let lines = file.lines().skip_while(|line| *line != format!("[{section}]")).skip(1);
    for line in lines.take_while(|line| !line.starts_with('[')) {
        if let Some(words) = line.strip_prefix("# ") {
            comment = format!("{comment} {words}").trim().to_owned();
        } else if let Some((key, value)) = line.split_once(" = ") {
            let value = value.replace(['"', '[', ']'], "");
            // Several keys may stand below one comment: the later ones get none here.
            rows.push(vec![format!("`{section}.{key}`"), value, comment.clone()]);
        } else {
            comment.clear();
        }
        if line.contains(" = ") {
            comment.clear();
        }
    }
    for row in rows.iter_mut().filter(|row| row.last().is_some_and(String::is_empty)) {
        *row.last_mut().unwrap() = "as above".to_owned();
    }
    rows
}

fn numbers() -> String {
    let rows = settings_of("policy").into_iter().chain(settings_of("deadlines"));
    table(&["setting", "default", "meaning"], rows)
}

fn states() -> String {
    let meanings = comments(&read("src/case/state.rs"), "State");
    let states = table(
        &["state", "word", "meaning"],
        Place::VARIANTS.iter().map(|place| {
            let word = place.as_str();
            vec![name("state", word), format!("`{word}`"), comment(&meanings, word)]
        }),
    );
    let outcomes = Outcome::VARIANTS.iter().map(|outcome| name("outcome", outcome.into()).to_lowercase());
    format!("{states}\nA closed case says how it ended: {}.\n", outcomes.collect::<Vec<_>>().join(", "))
}

fn roles() -> String {
    let meanings = comments(&read("src/case/action.rs"), "Action");
    let staff = |role: Role| Actor::Staff { id: StaffId(Uuid::nil()), role };
    let outside = [
        Actor::Requester,
        Actor::Successor,
        Actor::DepartedContact,
        Actor::RegisteredContact,
        Actor::Atlassian,
        Actor::System,
    ];
    let rows = ActionKind::VARIANTS.iter().map(|kind| {
        let others = outside.into_iter().filter(|actor| actor.may(*kind).is_ok());
        let others: Vec<String> = others.map(|actor| name("actor", actor.as_str())).collect();
        let mut row = vec![format!("`{}`", kind.as_str()), comment(&meanings, kind.as_str())];
        row.extend(Role::VARIANTS.iter().map(|role| mark(staff(*role).may(*kind).is_ok()).to_owned()));
        row.push(if others.is_empty() { "–".to_owned() } else { others.join(", ") });
        row
    });
    let names: Vec<String> = Role::VARIANTS.iter().map(|role| name("role", role.into())).collect();
    let mut head = vec!["action", "what"];
    head.extend(names.iter().map(String::as_str));
    head.push("others");
    table(&head, rows)
}

/// The document with its tables made anew.
fn renewed(document: &str) -> String {
    let parts = [
        ("checks", checks()),
        ("verdicts", verdicts()),
        ("numbers", numbers()),
        ("states", states()),
        ("roles", roles()),
    ];
    let mut text = document.to_owned();
    for (part, made) in parts {
        let (begin, end) = (format!("<!-- generated: {part} -->\n"), "<!-- end of what is generated -->");
        let start = text.find(&begin).unwrap_or_else(|| panic!("docs/POLICY.md has no place for {part}"))
            + begin.len();
        let stop = start + text[start..].find(end).unwrap_or_else(|| panic!("{part} does not end"));
        text.replace_range(start..stop, &format!("\n{made}\n"));
    }
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test has no settings; this one can write what it compares")]
fn the_tables_of_the_policy_document_are_the_programs() {
    let document = read("docs/POLICY.md");
    let renewed = renewed(&document);
    if std::env::var_os("HANDOVER_WRITE_POLICY").is_some() {
        fs::write(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/POLICY.md"), &renewed).unwrap();
        return;
    }
    let differs = document.lines().zip(renewed.lines()).find(|(there, made)| there != made);
    assert!(
        document == renewed,
        "docs/POLICY.md is no longer what the program does, from {differs:?}; write its tables with\n\
         HANDOVER_WRITE_POLICY=1 cargo test --test it policy_document\nand look at the prose beside them"
    );
}

#[test]
fn each_check_has_its_prose() {
    let document = read("docs/POLICY.md");
    let section = |kind: &CheckKind| {
        let heading = format!("### {} (`{}`)\n", name("check", kind.as_str()), kind.as_str());
        let start = document.find(&heading).unwrap_or_else(|| panic!("docs/POLICY.md has no {heading:?}"));
        let rest = &document[start + heading.len()..];
        rest.split("\n## ").next().unwrap().split("\n### ").next().unwrap().to_owned()
    };
    for kind in CheckKind::VARIANTS {
        let prose = section(kind);
        for part in ["**How.**", "**Why it counts.**", "**What it does not prove.**"] {
            assert!(prose.contains(part), "{part} is missing for {}", kind.as_str());
        }
    }
    let sections = document.matches("\n**What it does not prove.**").count();
    assert_eq!(sections, CheckKind::VARIANTS.len(), "a check that is no more, or one that stands twice");
}

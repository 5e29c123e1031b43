//! Beside the walks: the guards of the approval and of the policy for cases in any condition, also such as no path leads
//! to. What one guard leaves to another on every path is asked of each alone here.

use strum::VariantArray as _;

use super::{
    carry::{FACTS, OTHER_FACTS, digest},
    lens::{LENSES, Lens},
    oracle::{Found, History},
    policies::DEFAULT,
    world::{Book, KINDS, STAFF, World, draft_id, has, number_of, staff},
};
use crate::{
    case::{
        action::Action,
        actor::{Actor, Role},
        check::{Check, CheckKind, Evidence, Verdict},
        digest::Digest,
        draft::{DraftRef, evidence_digest, facts_digest},
        outcome::Effect,
        policy::{Policy, Standing, evaluate},
        root::Home,
        state::State,
    },
    clock::Timestamp,
    config::Settings,
};

/// The lens with the policy as delivered. Its second time is of use for what is too old.
fn delivered() -> &'static Lens {
    LENSES.last().unwrap()
}

/// The kinds that count at time 1, the others absent, failed, waived or too old; as the rules and as the judge see them.
fn checks(found: &[Found; KINDS], [caller, reviewer]: [Option<u8>; 2], now: Timestamp) -> Vec<Check> {
    let day = jiff::SignedDuration::from_hours(24);
    let check = |kind: &CheckKind| {
        let (verdict, expires_at) = match found[*kind as usize] {
            Found::Nothing => return None,
            Found::Passed(then) => (Verdict::Passed, if then == 0 { now } else { now.after(day) }),
            Found::Waived(then) => (Verdict::Waived, if then == 0 { now } else { now.after(day) }),
            Found::Without(then) => (Verdict::Waived, if then == 0 { now } else { now.after(day) }),
            Found::Failed(_) => (Verdict::Failed, now.after(day)),
            Found::Unclear(_) => (Verdict::Inconclusive, now.after(day)),
        };
        let (contact, note) = (uuid::Uuid::nil(), uuid::Uuid::nil());
        let evidence = match (kind, found[*kind as usize]) {
            (_, Found::Without(_)) => Evidence::WithoutOthers { note },
            (CheckKind::Vouch, Found::Passed(_)) => Evidence::Vouched { contact, home: Home::Unknown },
            (CheckKind::Callback, Found::Passed(_)) => Evidence::Called { contact, note, whose: None },
            _ => Evidence::None,
        };
        let mut check = Check::pending(*kind, evidence, None);
        check.decided_by = match kind {
            CheckKind::Callback => caller.and_then(|number| staff(number).staff_id()),
            CheckKind::Document => reviewer.and_then(|number| staff(number).staff_id()),
            _ => None,
        };
        (check.verdict, check.expires_at) = (verdict, Some(expires_at));
        Some(check)
    };
    CheckKind::VARIANTS.iter().filter_map(check).collect()
}

/// Every way to give each of `kinds` one of `values`.
fn every(kinds: &[CheckKind], values: &[Found], base: [Found; KINDS]) -> Vec<[Found; KINDS]> {
    kinds.iter().fold(vec![base], |all, kind| {
        let with = |found: &[Found; KINDS]| {
            let found = *found;
            values.iter().map(move |value| {
                let mut found = found;
                found[*kind as usize] = *value;
                found
            })
        };
        all.iter().flat_map(with).collect()
    })
}

const FRESH: Found = Found::Passed(1);
const VALUES: [Found; 7] = [
    Found::Nothing,
    FRESH,
    Found::Passed(0),
    Found::Failed(1),
    Found::Unclear(1),
    Found::Waived(1),
    Found::Waived(0),
];
/// Only what somebody else would say can be gone without.
const WITHOUT: [Found; 2] = [Found::Without(1), Found::Without(0)];

/// All required checks passed, and no proof.
fn bare() -> [Found; KINDS] {
    let mut found = [Found::Nothing; KINDS];
    DEFAULT.required.iter().for_each(|kind| found[*kind as usize] = FRESH);
    found
}

#[test]
fn the_policy_adds_up_as_the_judge_does() {
    // Time 0 is too old by then, time 1 is now.
    static LATE: Lens = Lens { hours: &[0, 90 * 24], ..super::lens::DELIVERED };
    let mut book = Book::new(&LATE);
    let book_world = book.beginning();
    let now: Timestamp = "2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    let mut all = every(DEFAULT.proofs, &VALUES[..6], bare());
    all.extend(every(DEFAULT.proofs, &[Found::Nothing, FRESH], bare()).into_iter().flat_map(|found| {
        WITHOUT.map(|without| {
            let mut found = found;
            found[CheckKind::Vouch as usize] = without;
            found
        })
    }));
    for proofs in [&[CheckKind::Callback, CheckKind::Document][..], &[CheckKind::Callback], &[]] {
        let mut base = bare();
        proofs.iter().for_each(|kind| base[*kind as usize] = FRESH);
        all.extend(every(DEFAULT.required, &VALUES[..6], base));
    }
    for kind in DEFAULT.required {
        for value in VALUES {
            let mut base = bare();
            base[*kind as usize] = value;
            all.extend(every(DEFAULT.proofs, &[Found::Nothing, FRESH, Found::Failed(1)], base));
        }
    }
    let (mut satisfied, weighed) = (0, all.len() * 2);
    // Two members of staff, or one who decided both.
    for (found, staff) in all.into_iter().flat_map(|found| [[0, 3], [0, 0]].map(|staff| (found, staff))) {
        // That nobody can waive it is shown by the walks.
        if matches!(found[CheckKind::RequesterEmail as usize], Found::Waived(_)) {
            continue;
        }
        let [caller, reviewer] = staff.map(Some);
        let history = History { confirmed: true, found, caller, reviewer, ..History::default() };
        let judged = history.satisfies(&LATE, 1);
        let case = book.case(&book_world);
        let checks = checks(&found, [caller, reviewer], now);
        let standing = evaluate(&book.rules.policy, &checks, &case.homes, now);
        assert_eq!(
            matches!(standing, Standing::Satisfied(_)),
            judged.is_ok(),
            "{found:?}: {judged:?}, {standing:?}"
        );
        satisfied += usize::from(judged.is_ok());
    }
    assert!(satisfied > 100 && satisfied < weighed / 2, "{satisfied} of {weighed}");
}

#[test]
fn the_lens_of_the_policy_as_delivered_is_that_of_the_configuration() {
    let delivered = Settings::with("").unwrap();
    let described = Settings::with(&DEFAULT.configuration()).unwrap();
    assert_eq!(Policy::try_new(&delivered.policy).unwrap(), Policy::try_new(&described.policy).unwrap());
}

/// Author, approver, hands, bytes, evidence, checks: every combination of right and wrong.
#[test]
fn an_approval_is_accepted_if_and_only_if_nothing_is_wrong_with_it() {
    let mut book = Book::new(delivered());
    let world = book.beginning();
    let world = World { confirmed: true, ..world };
    let mut good = bare();
    (good[CheckKind::Callback as usize], good[CheckKind::Document as usize]) = (FRESH, FRESH);
    let changed = |kind: CheckKind, value: Found| {
        let mut found = good;
        found[kind as usize] = value;
        found
    };
    let conditions = [
        (good, true),
        (changed(CheckKind::Successor, Found::Passed(0)), false),
        (changed(CheckKind::DepartedNotice, Found::Failed(1)), false),
        (changed(CheckKind::Callback, Found::Waived(1)), false),
        (changed(CheckKind::RequesterEmail, Found::Nothing), false),
    ];
    let actors = [Actor::Requester, Actor::System, Actor::Atlassian];
    let actors: Vec<Actor> = actors.into_iter().chain((0..STAFF.len() as u8).map(staff)).collect();
    let mut accepted = 0;
    for (found, satisfied) in conditions {
        let now = book.now(&world);
        let checks = checks(&found, [None, None], now);
        for bits in 0..2_u32.pow(9) {
            // Who wrote and who decided, among two approvers; whether the evidence is that of the draft, the bytes, and
            // the facts.
            let (authors, deciders) = ((bits & 3) << 1, ((bits >> 2) & 3) << 1);
            let (same_evidence, same_bytes, author) =
                (bits & 16 != 0, bits & 32 != 0, ((bits >> 6) & 3) as u8);
            let same_facts = bits & 256 == 0;
            let evidence = if same_evidence { evidence_digest(&checks) } else { Digest([7; 32]) };
            let Actor::Staff { id: writer, .. } = staff(author) else { unreachable!() };
            let facts = Some(facts_digest(FACTS));
            let draft = DraftRef { id: draft_id(0), author: writer, digest: digest(0), evidence, facts };
            let mut case =
                book.case(&World { authors: authors as u8, deciders: deciders as u8, ..world.clone() });
            (case.state, case.checks) = (State::AwaitingApproval { draft, follows: None }, checks.clone());
            let facts = facts_digest(if same_facts { FACTS } else { OTHER_FACTS });
            let action = Action::Approve { digest: digest(u8::from(!same_bytes)), facts };
            for actor in &actors {
                let hand = match actor {
                    Actor::Staff { id, role } if *role >= Role::Approver => Some(number_of(*id)),
                    _ => None,
                };
                let lawful = satisfied
                    && same_evidence
                    && same_bytes
                    && same_facts
                    && hand.is_some_and(|hand| {
                        hand != author && !has(authors as u8, hand) && !has(deciders as u8, hand)
                    });
                let decision = case.decide(*actor, &action, now);
                assert_eq!(decision.is_ok(), lawful, "{actor:?} {case:?}");
                let submits = |effect: &Effect| matches!(effect, Effect::Submit(..));
                accepted += usize::from(decision.is_ok_and(|done| done.effects.iter().any(submits)));
            }
        }
    }
    assert!(accepted > 50, "{accepted}");
}

/// Whoever is a hand in a case by the model is one by the query that loads it and by the database's trigger.
#[test]
fn the_same_events_make_a_hand_everywhere() {
    let list = super::carry::HANDS.map(|kind| format!("'{kind}'")).join(", ");
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = format!("kind in ({list})");
    assert!(flat(include_str!("../../../casework/load.rs")).contains(&expected), "casework::load");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut migrations: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    migrations.sort();
    let trigger = migrations
        .iter()
        .rev()
        .map(|path| flat(&std::fs::read_to_string(path).unwrap()))
        .find(|sql| sql.contains("function approve_lawfully()"))
        .unwrap();
    assert!(trigger.contains(&expected), "approve_lawfully");
}

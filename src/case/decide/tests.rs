//! Every state × actor × action as one snapshot: the state diagram, reviewed in each change. And the laws, by hand.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use strum::VariantArray as _;
use uuid::Uuid;

use super::*;
use crate::{
    case::{
        Hands, Rules,
        action::ActionKind,
        actor::{Role, StaffId},
        check::{Asking, CheckKind, Evidence, Verdict},
        contact::Called,
        contest::{Before, Cause, Causes, Objector},
        correspondence::Topic,
        digest::Digest,
        document::{Criterion, FileRef, Review},
        draft::{DraftRef, NewDraft, evidence_digest, facts_digest},
        escalation::{Addressed, ContactRole, Hosting},
        facts::{Corrections, Fact, Line},
        number::CaseNumber,
        outcome::Notification,
        path::{Next, Progress, Stage},
        root::{Home, Homes},
        state::{Outcome, Party, Place},
        text::{Note, Text},
    },
    config::Settings,
    token::sha256,
};

mod access;

const AUTHOR: StaffId = StaffId(Uuid::from_u128(1));
const CALLER: StaffId = StaffId(Uuid::from_u128(2));
const SECOND: StaffId = StaffId(Uuid::from_u128(3));

fn now() -> Timestamp {
    "2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into()
}

fn staff(id: StaffId, role: Role) -> Actor {
    Actor::Staff { id, role }
}

fn passed(kind: CheckKind, by: Option<StaffId>) -> Check {
    Check {
        kind,
        verdict: Verdict::Passed,
        evidence: Evidence::None,
        decided_by: by,
        decided_at: Some(now()),
        expires_at: Some(now().after(jiff::SignedDuration::from_hours(24))),
        due_at: None,
    }
}

/// Everything the policy wants, the callback decided by [`CALLER`].
fn satisfied() -> Vec<Check> {
    let mut checks: Vec<Check> = [CheckKind::RequesterEmail]
        .into_iter()
        .chain(CheckKind::AUTOMATIC)
        .map(|kind| passed(kind, None))
        .collect();
    let (contact, note) = (Called::example().contact(), Uuid::nil());
    let evidence = Evidence::Called { contact, note, whose: Some(Called::example().whose()) };
    checks.push(Check { evidence, ..passed(CheckKind::Callback, Some(CALLER)) });
    checks
}

/// The same, and the new contact is somebody else, who took it on.
fn accepted() -> Vec<Check> {
    let mut checks = satisfied();
    for check in checks.iter_mut().filter(|check| check.kind == CheckKind::Successor) {
        check.evidence = Evidence::Accepted;
    }
    checks
}

fn new_draft() -> NewDraft {
    NewDraft {
        id: Uuid::nil(),
        recipient: "a@atlassian.example".into(),
        subject: "s".into(),
        opening: "Hello,".into(),
        facts: "facts".into(),
        closing: "Kind regards".into(),
        message_id: "m".into(),
        raw: b"bytes".to_vec(),
    }
}

/// All passed, but for the notice that was objected to.
fn contested() -> Vec<Check> {
    let mut checks = satisfied();
    checks.retain(|check| check.kind != CheckKind::DepartedNotice);
    let objected = passed(CheckKind::DepartedNotice, None);
    checks.push(Check {
        verdict: Verdict::Failed,
        evidence: Evidence::Objected { asking: Asking::Over, contact: None },
        ..objected
    });
    checks
}

/// As right after confirmation.
fn begun() -> Vec<Check> {
    let mut checks = vec![passed(CheckKind::RequesterEmail, None)];
    checks.extend(CheckKind::AUTOMATIC.map(|kind| Check::pending(kind, Evidence::None, Some(now()))));
    checks
}

fn draft_on(checks: &[Check]) -> DraftRef {
    DraftRef {
        id: Uuid::nil(),
        author: AUTHOR,
        digest: Digest(sha256(b"bytes")),
        evidence: evidence_digest(checks),
        facts: Some(facts_digest("facts")),
    }
}

fn sample_state(place: Place) -> State {
    let since = now();
    match place {
        Place::Unconfirmed => {
            State::Unconfirmed { expires_at: now().after(jiff::SignedDuration::from_hours(1)) }
        }
        Place::Verifying => State::Verifying,
        Place::AwaitingCustomer => State::AwaitingCustomer { asked_at: since },
        Place::Contested => State::Contested {
            since,
            causes: Causes::new(Cause::Objection { by: Objector::DepartedContact }),
            before: Before::Verified,
        },
        Place::Verified => State::Verified,
        Place::AwaitingApproval => State::AwaitingApproval { draft: draft_on(&satisfied()), follows: None },
        Place::Submitted => State::Submitted { draft: Uuid::nil(), undeliverable: false, follows: None },
        Place::WithAtlassian => State::WithAtlassian { since, no_access: false, silent: false },
        Place::AwaitingConfirmation => State::AwaitingConfirmation { since, said_at: None },
        Place::Closed => State::Closed { outcome: Outcome::Completed },
    }
}

fn case(state: State, checks: Vec<Check>) -> Case {
    let delivered =
        matches!(state.place(), Place::WithAtlassian | Place::AwaitingConfirmation | Place::Closed);
    Case {
        id: Uuid::nil(),
        number: CaseNumber::new(2026, 1),
        confirmed_at: (state.place() != Place::Unconfirmed).then(now),
        delivered_at: delivered.then(now),
        reminded: 0,
        told_us: 0,
        corrected: 0,
        erased: None,
        held: false,
        news: None,
        hands: Hands { authors: vec![AUTHOR], deciders: vec![CALLER] },
        successor_is_requester: false,
        homes: Homes::default(),
        state,
        checks,
        rules: Arc::new(Rules::try_new(&Settings::with("").unwrap()).unwrap()),
    }
}

fn sample_case(place: Place) -> Case {
    let checks = match place {
        Place::Unconfirmed => Vec::new(),
        Place::Verifying | Place::AwaitingCustomer => begun(),
        Place::Contested => contested(),
        Place::AwaitingConfirmation => accepted(),
        _ => satisfied(),
    };
    case(sample_state(place), checks)
}

const ACTORS: [(&str, Actor); 12] = [
    ("requester", Actor::Requester),
    ("successor", Actor::Successor),
    ("departed_contact", Actor::DepartedContact),
    ("registered_contact", Actor::RegisteredContact),
    ("auditor", Actor::Staff { id: SECOND, role: Role::Auditor }),
    ("agent", Actor::Staff { id: SECOND, role: Role::Agent }),
    ("author", Actor::Staff { id: AUTHOR, role: Role::Approver }),
    ("caller", Actor::Staff { id: CALLER, role: Role::Approver }),
    ("second", Actor::Staff { id: SECOND, role: Role::Approver }),
    ("admin", Actor::Staff { id: StaffId(Uuid::from_u128(4)), role: Role::Admin }),
    ("atlassian", Actor::Atlassian),
    ("system", Actor::System),
];

fn describe(case: &Case, decision: &Decision) -> String {
    match decision {
        Err(refusal) => format!("✗ {}", refusal.key()),
        Ok(transition) => {
            let next = if transition.next == case.state { "stays" } else { transition.next.place().as_str() };
            let effects: Vec<String> = transition.effects.iter().map(describe_effect).collect();
            format!("→ {next}  [{}]  {}", transition.event.as_str(), effects.join(" "))
        }
    }
}

fn describe_effect(effect: &Effect) -> String {
    match effect {
        Effect::Notify(notification) => format!("letter:{}", notification.as_str()),
        Effect::PutCheck(check) => format!("{}={}", check.kind.as_str(), <&str>::from(check.verdict)),
        Effect::KeepNote(kind, _) => format!("note:{}", <&str>::from(*kind)),
        Effect::SaveDraft(..) => "save-draft".to_owned(),
        Effect::VoidDraft => "void-draft".to_owned(),
        Effect::Submit(..) => "SUBMIT".to_owned(),
        Effect::CancelSubmission => "cancel-submission".to_owned(),
        Effect::RetryEmail(_) => "retry-email".to_owned(),
        Effect::ResendLetter(..) => "resend-letter".to_owned(),
        Effect::ReplaceLink(..) => "replace-link".to_owned(),
        Effect::CancelLetter(_) => "cancel-letter".to_owned(),
        Effect::SettleLetter(_) => "settle-letter".to_owned(),
        Effect::Assign(_) => "assign".to_owned(),
        Effect::Refer(_) => "refer".to_owned(),
        Effect::LearnTicket(_) => "learn-ticket".to_owned(),
        Effect::Remind(..) => "remind".to_owned(),
        Effect::TellObjector(notification, _) => format!("to-objector:{}", notification.as_str()),
        Effect::MarkConfirmed => "mark-confirmed".to_owned(),
        Effect::MarkDelivered => "mark-delivered".to_owned(),
        Effect::CorrectFacts(..) => "correct-facts".to_owned(),
        Effect::CorrectAddress(whose, _) => format!("address:{}", whose.as_str()),
    }
}

#[test]
fn every_state_actor_and_action() {
    let mut diagram = String::new();
    for place in Place::VARIANTS {
        let case = sample_case(*place);
        let waiting: &str = case.waiting_for(now()).into();
        writeln!(diagram, "## {}  (waiting for {waiting})", place.as_str()).unwrap();
        for kind in ActionKind::VARIANTS {
            let action = case.example(*kind, now()).unwrap();
            let mut answers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for (name, actor) in ACTORS {
                answers.entry(describe(&case, &case.decide(actor, &action, now()))).or_default().push(name);
            }
            writeln!(diagram, "{}", kind.as_str()).unwrap();
            for (answer, actors) in answers {
                writeln!(diagram, "    {answer}\n        {}", actors.join(" ")).unwrap();
            }
        }
        diagram.push('\n');
    }
    // One file for the program and for `rules`.
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("state_diagram", diagram);
    });
}

fn note() -> Note {
    Note { id: Uuid::nil(), text: Text::parse("because").unwrap(), block: None }
}

fn awaiting_approval() -> Case {
    sample_case(Place::AwaitingApproval)
}

fn approve(case: &Case, by: StaffId, digest: Digest) -> Decision {
    let facts = facts_digest("facts");
    case.decide(staff(by, Role::Approver), &Action::Approve { digest, facts }, now())
}

#[test]
fn approval_takes_a_second_person_who_decided_nothing() {
    let digest = Digest(sha256(b"bytes"));
    let case = awaiting_approval();
    assert_eq!(approve(&case, AUTHOR, digest).unwrap_err(), Refusal::OwnDraft);
    assert_eq!(approve(&case, CALLER, digest).unwrap_err(), Refusal::OwnCheck);
    let transition = approve(&case, SECOND, digest).unwrap();
    assert_eq!(transition.next, State::Submitted { draft: Uuid::nil(), undeliverable: false, follows: None });
    let submits = |effect: &Effect| match effect {
        Effect::Submit(_, four_eyes) => four_eyes.approver() == SECOND && four_eyes.draft().digest == digest,
        _ => false,
    };
    assert!(transition.effects.iter().any(submits));
}

#[test]
fn approval_binds_bytes_evidence_and_an_unexpired_policy() {
    let digest = Digest(sha256(b"bytes"));
    assert_eq!(
        approve(&awaiting_approval(), SECOND, Digest(sha256(b"other"))).unwrap_err(),
        Refusal::DraftChanged
    );

    let mut changed = awaiting_approval();
    changed.checks.push(passed(CheckKind::Document, Some(CALLER)));
    assert_eq!(approve(&changed, SECOND, digest).unwrap_err(), Refusal::EvidenceChanged);

    let case = awaiting_approval();
    let later = now().after(jiff::SignedDuration::from_hours(25));
    let facts = facts_digest("facts");
    let action = Action::Approve { digest, facts };
    let expired = case.decide(staff(SECOND, Role::Approver), &action, later);
    assert_eq!(expired.unwrap_err(), Refusal::PolicyNotSatisfied);
}

#[test]
fn approval_binds_the_facts_and_takes_no_draft_without_them() {
    let digest = Digest(sha256(b"bytes"));
    let case = awaiting_approval();
    let other = Action::Approve { digest, facts: facts_digest("other facts") };
    let refused = case.decide(staff(SECOND, Role::Approver), &other, now());
    assert_eq!(refused.unwrap_err(), Refusal::FactsChanged);

    // Written as one text, before facts stood by themselves.
    let old = DraftRef { facts: None, ..draft_on(&case.checks) };
    let old = Case { state: State::AwaitingApproval { draft: old, follows: None }, ..case };
    assert_eq!(approve(&old, SECOND, digest).unwrap_err(), Refusal::FactsChanged);
}

#[test]
fn a_correction_voids_the_draft_and_asks_the_register_again() {
    let mut case = awaiting_approval();
    let waived = |check: &&mut Check| check.kind == CheckKind::RecordedContact;
    case.checks.iter_mut().find(waived).unwrap().verdict = Verdict::Waived;
    let correct = |corrections: Corrections| Action::CorrectFacts { corrections, reason: note() };
    let company = Corrections { company: Line::parse("Nordlicht AG"), ..Corrections::default() };
    let done = case.decide(staff(CALLER, Role::Agent), &correct(company.clone()), now()).unwrap();
    assert!(done.effects.contains(&Effect::VoidDraft));
    assert_eq!(done.event, Event::FactsCorrected { what: vec![Fact::Company], note: Uuid::nil() });
    let due: Vec<_> = done
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::PutCheck(check) => Some((check.kind, check.verdict, check.due_at)),
            _ => None,
        })
        .collect();
    assert_eq!(due, [(CheckKind::Entitlement, Verdict::Passed, Some(now()))], "what was waived stays so");
    let nothing = case.decide(staff(CALLER, Role::Agent), &correct(Corrections::default()), now());
    assert_eq!(nothing.unwrap_err(), Refusal::NothingCorrected);
    for place in [Place::Submitted, Place::WithAtlassian, Place::AwaitingConfirmation, Place::Closed] {
        let case = sample_case(place);
        assert!(
            case.decide(staff(CALLER, Role::Agent), &correct(company.clone()), now()).is_err(),
            "{place:?}"
        );
    }
}

#[test]
fn a_role_that_is_set_right_has_everybody_asked_anew_whom_it_is_about() {
    let correct = Action::CorrectFacts {
        corrections: Corrections { departed_role: Some(ContactRole::Both), ..Corrections::default() },
        reason: note(),
    };
    let renewed = |case: &Case| {
        let done = case.decide(staff(CALLER, Role::Agent), &correct, now()).unwrap();
        let checks = done.effects.into_iter().filter_map(|effect| match effect {
            Effect::PutCheck(check) if check.verdict == Verdict::Pending => {
                assert_eq!((check.evidence, check.due_at), (Evidence::None, Some(now())));
                Some(check.kind)
            }
            _ => None,
        });
        let mut checks: Vec<CheckKind> = checks.collect();
        checks.sort_by_key(|kind| kind.as_str());
        (done.next.place(), checks)
    };
    let about = [CheckKind::DepartedNotice, CheckKind::RecordedContact, CheckKind::Successor];
    for place in [Place::Verified, Place::AwaitingApproval, Place::Verifying] {
        let mut case = sample_case(place);
        for check in &mut case.checks {
            // Nor does a waiver outlive what it was for.
            check.verdict = if check.kind == about[0] { Verdict::Waived } else { Verdict::Passed };
        }
        let (next, asked) = renewed(&case);
        assert_eq!((next, &asked[..]), (Place::Verifying, &about[..]), "{place:?}");
        // What stands against it stays.
        for check in case.checks.iter_mut().filter(|check| check.kind == about[0]) {
            (check.verdict, check.evidence) =
                (Verdict::Failed, Evidence::Objected { asking: Asking::Over, contact: None });
        }
        assert_eq!(renewed(&case).1, about[1..], "{place:?}");
    }
}

#[test]
fn an_address_that_is_found_out_has_the_register_asked_and_whoever_spoke_heard_anew() {
    let corrections =
        Corrections { departed_email: "p@nordlicht.example".parse().ok(), ..Corrections::default() };
    let correct = Action::CorrectFacts { corrections, reason: note() };
    let contact = Uuid::from_u128(7);
    let after = |kind, verdict, evidence: Evidence| {
        let mut case = sample_case(Place::Verifying);
        case.checks.retain(|check| check.kind != kind);
        case.checks.push(Check { verdict, ..Check::pending(kind, evidence, None) });
        let done = case.decide(staff(CALLER, Role::Agent), &correct, now()).unwrap();
        done.effects.into_iter().rev().find_map(|effect| match effect {
            Effect::PutCheck(check) if check.kind == kind => Some((check.verdict, check.evidence)),
            _ => None,
        })
    };
    let anew = Some((Verdict::Pending, Evidence::None));
    let vouched = Evidence::Vouched { contact, home: Home::Unknown };
    let called = Evidence::Called { contact, note: Uuid::nil(), whose: None };
    assert_eq!(
        after(CheckKind::RecordedContact, Verdict::Inconclusive, Evidence::ContactAddressUnknown),
        anew
    );
    assert_eq!(
        after(CheckKind::RecordedContact, Verdict::Waived, Evidence::None),
        anew,
        "no waiver of the other"
    );
    assert_eq!(after(CheckKind::Vouch, Verdict::Passed, vouched), anew);
    assert_eq!(after(CheckKind::Callback, Verdict::Passed, called), anew);
    assert_eq!(after(CheckKind::DepartedNotice, Verdict::Inconclusive, Evidence::NobodyToNotify), anew);
    // The others were written to, whoever is found now was not: all hear of it, and all have the whole time.
    let sent = Evidence::NoticeSent { sent_at: now(), window_ends_at: now(), reminded_at: Vec::new() };
    for verdict in [Verdict::Pending, Verdict::Passed] {
        assert_eq!(after(CheckKind::DepartedNotice, verdict, sent.clone()), anew, "{verdict:?}");
    }
    assert_eq!(after(CheckKind::DepartedNotice, Verdict::Waived, sent), None, "staff go without");
    // What stands against it stays.
    assert_eq!(after(CheckKind::Vouch, Verdict::Failed, Evidence::VouchRefused { contact }), None);
    let objected = Evidence::Objected { asking: Asking::Over, contact: None };
    assert_eq!(after(CheckKind::DepartedNotice, Verdict::Failed, objected), None);
    let mut case = sample_case(Place::Verified);
    case.delivered_at = Some(now());
    assert!(case.decide(staff(CALLER, Role::Agent), &correct, now()).is_err(), "Atlassian was asked already");
}

#[test]
fn a_vouch_for_another_role_is_asked_for_again_and_a_waiver_of_one_stays() {
    let correct = Action::CorrectFacts {
        corrections: Corrections { departed_role: Some(ContactRole::Both), ..Corrections::default() },
        reason: note(),
    };
    let contact = Uuid::from_u128(7);
    let again = |verdict, evidence: Evidence| {
        let mut case = sample_case(Place::Verifying);
        case.checks.retain(|check| check.kind != CheckKind::Vouch);
        case.checks.push(Check { verdict, ..Check::pending(CheckKind::Vouch, evidence, None) });
        let done = case.decide(staff(CALLER, Role::Agent), &correct, now()).unwrap();
        done.effects.into_iter().find_map(|effect| match effect {
            Effect::PutCheck(check) if check.kind == CheckKind::Vouch => {
                Some((check.verdict, check.evidence))
            }
            _ => None,
        })
    };
    let asked = Evidence::VouchRequested { contact, sent_at: now(), home: Home::Unknown };
    let anew = Some((Verdict::Pending, Evidence::None));
    assert_eq!(again(Verdict::Passed, Evidence::Vouched { contact, home: Home::Unknown }), anew);
    assert_eq!(again(Verdict::Pending, asked), anew);
    assert_eq!(again(Verdict::Failed, Evidence::VouchRefused { contact }), None, "a no stays");
    assert_eq!(again(Verdict::Waived, Evidence::WithoutOthers { note: Uuid::nil() }), None);

    // A new contact who said no is not asked again either.
    let mut case = sample_case(Place::Verifying);
    for check in case.checks.iter_mut().filter(|check| check.kind == CheckKind::Successor) {
        (check.verdict, check.evidence) = (Verdict::Failed, Evidence::Declined);
    }
    let done = case.decide(staff(CALLER, Role::Agent), &correct, now()).unwrap();
    let asked =
        |effect: &Effect| matches!(effect, Effect::PutCheck(check) if check.kind == CheckKind::Successor);
    assert!(!done.effects.iter().any(asked));
}

#[test]
fn an_objection_that_is_dismissed_ends_nobody_elses_time() {
    let dismiss = Action::DismissObjection { reason: note() };
    let object = Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None };
    let (sent_at, window_ends_at) = (now(), now().after(jiff::SignedDuration::from_hours(5)));
    let running = Evidence::NoticeSent { sent_at, window_ends_at, reminded_at: Vec::new() };
    let over = Evidence::NoObjection { sent_at, window_ends_at, reminded_at: Vec::new(), said_left_at: None };
    let hour = |hours: i64| now().after(jiff::SignedDuration::from_hours(hours));
    // What stood before; when the dismissal comes; what stands then.
    let waived = Evidence::StaffDecision { note: Uuid::nil() };
    for (verdict, before, later, (then, evidence), place) in [
        (Verdict::Pending, running.clone(), 1, (Verdict::Pending, running.clone()), Place::Verifying),
        (Verdict::Pending, running, 5, (Verdict::Waived, waived.clone()), Place::Verified),
        (Verdict::Pending, Evidence::None, 1, (Verdict::Pending, Evidence::None), Place::Verifying),
        (Verdict::Passed, over, 1, (Verdict::Waived, waived), Place::Verified),
    ] {
        let mut case = sample_case(Place::Verifying);
        case.checks = satisfied();
        for check in case.checks.iter_mut().filter(|check| check.kind == CheckKind::DepartedNotice) {
            *check = Check { verdict, ..Check::pending(check.kind, before.clone(), None) };
        }
        let objected = case.decide(Actor::DepartedContact, &object, now()).unwrap();
        case.state = objected.next;
        for effect in objected.effects {
            if let Effect::PutCheck(put) = effect {
                case.checks.retain(|check| check.kind != put.kind);
                case.checks.push(put);
            }
        }
        let done = case.decide(staff(SECOND, Role::Approver), &dismiss, hour(later)).unwrap();
        let found = done.effects.iter().find_map(|effect| match effect {
            Effect::PutCheck(check) => Some((check.verdict, check.evidence.clone())),
            _ => None,
        });
        assert_eq!(found, Some((then, evidence)), "{before:?}");
        assert_eq!(done.next.place(), place, "{before:?}");
    }
}

#[test]
fn to_set_an_objection_aside_is_not_to_go_without_somebody_elses_word() {
    let waive = Action::WaiveCheck { kind: CheckKind::Vouch, reason: note() };
    for (verdict, expected) in [
        (Verdict::Inconclusive, Evidence::WithoutOthers { note: Uuid::nil() }),
        (Verdict::Failed, Evidence::StaffDecision { note: Uuid::nil() }),
    ] {
        let mut case = sample_case(Place::Verifying);
        case.checks.retain(|check| check.kind != CheckKind::Vouch);
        case.checks.push(Check { verdict, ..Check::pending(CheckKind::Vouch, Evidence::NobodyToAsk, None) });
        let done = case.decide(staff(SECOND, Role::Approver), &waive, now()).unwrap();
        let evidence = done.effects.iter().find_map(|effect| match effect {
            Effect::PutCheck(check) if check.kind == CheckKind::Vouch => Some(check.evidence.clone()),
            _ => None,
        });
        assert_eq!(evidence, Some(expected), "{verdict:?}");
    }
}

#[test]
fn a_verdict_voids_the_draft_that_rested_on_others() {
    let action = Action::DecideCallback { called: Called::example(), verdict: Verdict::Failed, note: note() };
    let transition = awaiting_approval().decide(staff(CALLER, Role::Agent), &action, now()).unwrap();
    assert_eq!(transition.next, State::Verifying);
    assert!(transition.effects.contains(&Effect::VoidDraft));
}

#[test]
fn an_objection_stops_what_is_on_its_way_and_only_an_approver_ends_it() {
    for place in
        [Place::Verifying, Place::Verified, Place::AwaitingApproval, Place::Submitted, Place::WithAtlassian]
    {
        let case = sample_case(place);
        let transition = case
            .decide(
                Actor::DepartedContact,
                &Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
                now(),
            )
            .unwrap();
        assert_eq!(transition.next.place(), Place::Contested, "{place:?}");
        let stopped =
            transition.effects.iter().any(|e| matches!(e, Effect::VoidDraft | Effect::CancelSubmission));
        assert!(stopped, "{place:?}");
    }
    let contested = sample_case(Place::Contested);
    for action in [Action::DismissObjection { reason: note() }, Action::UpholdObjection { reason: note() }] {
        let refused = contested.decide(staff(SECOND, Role::Agent), &action, now());
        assert_eq!(refused.unwrap_err(), Refusal::RoleTooLow);
        assert!(contested.decide(staff(SECOND, Role::Approver), &action, now()).is_ok());
    }
    let reject =
        contested.decide(staff(SECOND, Role::Admin), &Action::Reject { reason: note(), told: None }, now());
    assert_eq!(reject.unwrap_err(), Refusal::NotNow);
}

#[test]
fn who_dismissed_an_objection_can_not_approve_afterwards() {
    let action = Action::DismissObjection { reason: note() };
    let transition =
        sample_case(Place::Contested).decide(staff(SECOND, Role::Approver), &action, now()).unwrap();
    assert_eq!(transition.next, State::Verified);
    let notice = transition.effects.iter().find_map(|effect| match effect {
        Effect::PutCheck(check) => Some(check),
        _ => None,
    });
    assert_eq!(notice.unwrap().decided_by, Some(SECOND));
}

#[test]
fn a_call_counts_only_with_the_contact_on_record_who_was_called() {
    let case = sample_case(Place::Verifying);
    let named = Action::DecideCallback { called: Called::example(), verdict: Verdict::Passed, note: note() };
    let transition = case.decide(staff(CALLER, Role::Agent), &named, now()).unwrap();
    let called = |effect: &Effect| match effect {
        Effect::PutCheck(check) => {
            check.decided_by == Some(CALLER)
                && check.evidence
                    == Evidence::Called {
                        contact: Called::example().contact(),
                        note: Uuid::nil(),
                        whose: Some(Called::example().whose()),
                    }
        }
        _ => false,
    };
    assert!(transition.effects.iter().any(called));
}

#[test]
fn nobody_waives_the_requesters_confirmation() {
    let action = Action::WaiveCheck { kind: CheckKind::RequesterEmail, reason: note() };
    let case = sample_case(Place::Verifying);
    assert_eq!(
        case.decide(staff(SECOND, Role::Admin), &action, now()).unwrap_err(),
        Refusal::NotDecidedByStaff
    );
}

#[test]
fn a_draft_needs_a_satisfied_policy_at_that_moment() {
    let action = Action::SaveDraft { draft: Box::new(new_draft()) };
    let case = sample_case(Place::Verified);
    assert!(case.decide(staff(AUTHOR, Role::Agent), &action, now()).is_ok());
    let later = now().after(jiff::SignedDuration::from_hours(25));
    assert_eq!(
        case.decide(staff(AUTHOR, Role::Agent), &action, later).unwrap_err(),
        Refusal::PolicyNotSatisfied
    );
}

#[test]
fn confirmation_has_a_deadline() {
    let case = sample_case(Place::Unconfirmed);
    let end = now().after(jiff::SignedDuration::from_hours(1));
    assert_eq!(case.decide(Actor::System, &Action::Expire, now()).unwrap_err(), Refusal::TooEarly);
    assert_eq!(case.decide(Actor::Requester, &Action::Confirm, end).unwrap_err(), Refusal::NotNow);
    let expired = case.decide(Actor::System, &Action::Expire, end).unwrap();
    assert_eq!(expired.next, State::Closed { outcome: Outcome::Expired });
    assert!(expired.effects.is_empty(), "no letter to an address nobody confirmed");
}

#[test]
fn a_case_that_nobody_confirmed_stays_closed() {
    let mut case = sample_case(Place::Closed);
    case.confirmed_at = None;
    let reopened = case.decide(staff(SECOND, Role::Approver), &Action::Reopen { reason: note() }, now());
    assert_eq!(reopened.unwrap_err(), Refusal::NotNow);
}

#[test]
fn while_verifying_the_wait_is_whoevers_turn_it_is() {
    let mut case = sample_case(Place::Verifying);
    assert_eq!(case.waiting_for(now()), Party::Us, "staff can call meanwhile");
    case.checks = satisfied();
    for (kind, expected) in
        [(CheckKind::Successor, Party::Customer), (CheckKind::DepartedNotice, Party::DepartedContact)]
    {
        let mut open = case.clone();
        open.checks.retain(|check| check.kind != kind);
        open.checks.push(Check::pending(kind, Evidence::None, None));
        assert_eq!(open.waiting_for(now()), expected);
    }
    let mut asked = case.clone();
    asked.checks.retain(|check| check.kind != CheckKind::Callback);
    let below = || Home::Below("sebald.example".to_owned());
    asked.homes = Homes { requester: below(), successor: below(), departed: below(), challenge: below() };
    assert_eq!(asked.waiting_for(now()), Party::Us, "staff can call, or ask somebody");
    let requested = Evidence::VouchRequested { contact: Uuid::nil(), sent_at: now(), home: Home::Public };
    let own_domain = Evidence::VouchRequested { contact: Uuid::nil(), sent_at: now(), home: below() };
    let mut in_vain = asked.clone();
    in_vain.checks.push(Check::pending(CheckKind::Vouch, own_domain, None));
    assert_eq!(in_vain.waiting_for(now()), Party::Us, "whose answer alone would not do");
    asked.checks.push(Check::pending(CheckKind::Vouch, requested, None));
    assert_eq!(asked.waiting_for(now()), Party::Voucher, "the answer of whoever was asked would do");
    asked.checks.push(Check::pending(CheckKind::Successor, Evidence::None, None));
    asked.checks.retain(|check| check.kind != CheckKind::Successor || check.verdict == Verdict::Pending);
    assert_eq!(asked.waiting_for(now()), Party::Customer);
    case.checks.push(Check { verdict: Verdict::Failed, ..passed(CheckKind::Vouch, None) });
    assert_eq!(case.waiting_for(now()), Party::Us, "a blocking check is staff's to look at");
}

#[test]
fn every_state_has_its_next_step_and_the_way_to_it() {
    let expected = [
        (Place::Unconfirmed, Next::Wait(Party::Customer)),
        (Place::Verifying, Next::Proof),
        (Place::AwaitingCustomer, Next::Wait(Party::Customer)),
        (Place::Contested, Next::Ruling),
        (Place::Verified, Next::Draft),
        (Place::AwaitingApproval, Next::Approval),
        (Place::Submitted, Next::Wait(Party::Nobody)),
        (Place::WithAtlassian, Next::Wait(Party::Atlassian)),
        (Place::AwaitingConfirmation, Next::Wait(Party::Customer)),
        (Place::Closed, Next::Closed),
    ];
    for (place, next) in expected {
        assert_eq!(sample_case(place).next(now()), next, "{place:?}");
    }
    let progress = |case: &Case, stage| {
        let path = case.path(now());
        assert_eq!(path.len(), Stage::VARIANTS.len());
        path.into_iter().find(|(at, _)| *at == stage).unwrap().1
    };
    let case = sample_case(Place::Verified);
    assert_eq!(progress(&case, Stage::Draft), Progress::Ours);
    assert_eq!(progress(&case, Stage::Approval), Progress::Later);
    assert!(matches!(progress(&case, Stage::Proof), Progress::Done { .. }));
    let case = sample_case(Place::WithAtlassian);
    assert!(matches!(progress(&case, Stage::Approval), Progress::Done { .. }));
    assert!(matches!(progress(&case, Stage::Atlassian), Progress::Waits { party: Party::Atlassian, .. }));

    // What failed and blocks comes before what is missing, and what is unclear before another proof.
    let mut case = sample_case(Place::Verifying);
    case.checks = satisfied();
    case.checks.retain(|check| check.kind != CheckKind::RecordedContact);
    case.checks.push(Check { verdict: Verdict::Inconclusive, ..passed(CheckKind::RecordedContact, None) });
    assert_eq!(case.next(now()), Next::Check(CheckKind::RecordedContact));
    assert_eq!(progress(&case, Stage::Record), Progress::Ours);
    case.checks.push(Check { verdict: Verdict::Failed, ..passed(CheckKind::Vouch, None) });
    assert_eq!(case.next(now()), Next::Blocked(CheckKind::Vouch));
    assert_eq!(progress(&case, Stage::Proof), Progress::Blocked);
    assert_eq!(progress(&case, Stage::Record), Progress::Ours, "not done because something else blocks");
}

#[test]
fn a_hand_once_in_a_case_is_never_washed_off() {
    let digest = Digest(sha256(b"bytes"));
    let mut case = awaiting_approval();
    // Somebody else saved the same text again, and decided the check again.
    case.state = State::AwaitingApproval {
        draft: DraftRef { author: StaffId(Uuid::from_u128(9)), ..draft_on(&case.checks) },
        follows: None,
    };
    case.checks.retain(|check| check.kind != CheckKind::Callback);
    case.checks.push(passed(CheckKind::Callback, Some(StaffId(Uuid::from_u128(9)))));
    assert_eq!(approve(&case, AUTHOR, digest).unwrap_err(), Refusal::OwnDraft);
    assert_eq!(approve(&case, CALLER, digest).unwrap_err(), Refusal::OwnCheck);
}

#[test]
fn a_request_that_failed_is_tried_again_only_while_the_policy_is_satisfied() {
    let mut case = sample_case(Place::Submitted);
    case.state = State::Submitted { draft: Uuid::nil(), undeliverable: true, follows: None };
    let action = Action::RetryEmail { email: Uuid::nil(), to_atlassian: true };
    let agent = staff(AUTHOR, Role::Agent);
    assert!(case.decide(agent, &action, now()).is_ok());
    let later = now().after(jiff::SignedDuration::from_hours(25));
    assert_eq!(case.decide(agent, &action, later).unwrap_err(), Refusal::PolicyNotSatisfied);
}

#[test]
fn what_expired_after_delivery_can_be_renewed_for_a_follow_up_and_moves_nothing() {
    let later = now().after(jiff::SignedDuration::from_hours(25));
    let mut case = sample_case(Place::WithAtlassian);
    case.checks = satisfied();
    case.delivered_at = Some(now());
    let call = Action::DecideCallback { called: Called::example(), verdict: Verdict::Passed, note: note() };
    let before = case.state.clone();
    for kind in case.checks.iter().map(|check| check.kind).collect::<Vec<_>>() {
        let again = if kind == CheckKind::Callback { call.clone() } else { Action::CheckAgain { kind } };
        // What still counts is left alone.
        if kind != CheckKind::Callback {
            assert!(case.decide(staff(CALLER, Role::Agent), &again, now()).is_err(), "{kind:?}");
        }
        let done = case.decide(staff(CALLER, Role::Agent), &again, later).unwrap();
        assert_eq!(done.next, before, "{kind:?}: the request is where it is");
        let renewed =
            done.effects.iter().any(|effect| matches!(effect, Effect::PutCheck(check) if check.kind == kind));
        assert!(renewed, "{kind:?}");
    }
    // The facts of what was sent are not set right under way.
    let correct = Action::CorrectFacts {
        corrections: Corrections { hosting: Some(Hosting::Cloud), ..Corrections::default() },
        reason: note(),
    };
    assert_eq!(case.decide(staff(CALLER, Role::Agent), &correct, later).unwrap_err(), Refusal::NotNow);
}

#[test]
fn a_follow_up_that_comes_to_nothing_leads_back_to_atlassian() {
    let with_atlassian = State::WithAtlassian { since: now(), no_access: true, silent: false };
    let mut case = sample_case(Place::WithAtlassian);
    (case.state, case.checks, case.delivered_at) = (with_atlassian.clone(), satisfied(), Some(now()));
    let draft = Action::SaveDraft { draft: Box::new(new_draft()) };
    case.state = case.decide(staff(AUTHOR, Role::Agent), &draft, now()).unwrap().next;
    assert_eq!(case.state.place(), Place::AwaitingApproval);
    let returned = case.decide(staff(SECOND, Role::Approver), &Action::ReturnDraft { reason: note() }, now());
    assert_eq!(returned.unwrap().next, with_atlassian);
    // A verdict voids the draft; the request stays where it is.
    let call = Action::DecideCallback { called: Called::example(), verdict: Verdict::Passed, note: note() };
    assert_eq!(case.decide(staff(CALLER, Role::Agent), &call, now()).unwrap().next, with_atlassian);
    let draft = Uuid::nil();
    case.state = State::Submitted { draft, undeliverable: false, follows: case.state.follows() };
    let failed = Action::RecordDelivery { draft, delivered: false };
    case.state = case.decide(Actor::System, &failed, now()).unwrap().next;
    let recalled = case.decide(staff(AUTHOR, Role::Agent), &Action::Recall { reason: note() }, now());
    assert_eq!(recalled.unwrap().next, with_atlassian);
    // Also after an objection that is dismissed.
    let object = Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None };
    case.state = case.decide(Actor::DepartedContact, &object, now()).unwrap().next;
    let dismissed =
        case.decide(staff(SECOND, Role::Approver), &Action::DismissObjection { reason: note() }, now());
    assert_eq!(dismissed.unwrap().next, with_atlassian);
}

#[test]
fn the_result_of_one_message_says_nothing_about_another() {
    let mut case = sample_case(Place::Submitted);
    let other = Action::RecordDelivery { draft: Uuid::from_u128(7), delivered: true };
    let transition = case.decide(Actor::System, &other, now()).unwrap();
    assert_eq!(transition.next, case.state);
    // Whatever the state, an objection takes back all that has not arrived.
    for place in [Place::Verified, Place::WithAtlassian, Place::Submitted] {
        case = sample_case(place);
        let objected = case
            .decide(
                Actor::DepartedContact,
                &Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
                now(),
            )
            .unwrap();
        assert!(objected.effects.contains(&Effect::CancelSubmission), "{place:?}");
    }
}

#[test]
fn a_second_objection_is_heard_and_dismissed_with_the_first() {
    let contact = Uuid::from_u128(8);
    let mut case = case(sample_state(Place::Contested), satisfied());
    let refused = Evidence::VouchRefused { contact };
    case.checks.push(Check { verdict: Verdict::Failed, evidence: refused, ..passed(CheckKind::Vouch, None) });
    let State::Contested { causes, .. } = &mut case.state else { panic!() };
    *causes = Causes::new(Cause::Objection { by: Objector::RegisteredContact });
    let objected = case
        .decide(
            Actor::DepartedContact,
            &Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
            now(),
        )
        .unwrap();
    let State::Contested { causes, before, .. } = &objected.next else { panic!("{:?}", objected.next) };
    assert_eq!((causes.iter().count(), before), (2, &Before::Verified));
    for effect in &objected.effects {
        if let Effect::PutCheck(check) = effect {
            case.checks.retain(|old| old.kind != check.kind);
            case.checks.push(check.clone());
        }
    }
    let again = case.decide(
        Actor::DepartedContact,
        &Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
        now(),
    );
    assert_eq!(again.unwrap_err(), Refusal::AlreadyDecided);
    let action = Action::DismissObjection { reason: note() };
    let dismissed = case.decide(staff(SECOND, Role::Approver), &action, now()).unwrap();
    let waived: Vec<CheckKind> = dismissed
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::PutCheck(check) if check.verdict == Verdict::Waived => Some(check.kind),
            _ => None,
        })
        .collect();
    assert_eq!(waived.len(), 2, "{waived:?}");
}

#[test]
fn silence_counts_only_when_the_window_is_over() {
    let case = sample_case(Place::Verifying);
    let end = now().after(jiff::SignedDuration::from_hours(1));
    let evidence = Evidence::NoObjection {
        sent_at: now(),
        window_ends_at: end,
        reminded_at: Vec::new(),
        said_left_at: None,
    };
    let action = Action::RecordCheck { kind: CheckKind::DepartedNotice, verdict: Verdict::Passed, evidence };
    assert_eq!(case.decide(Actor::System, &action, now()).unwrap_err(), Refusal::TooEarly);
    assert!(case.decide(Actor::System, &action, end).is_ok());
}

#[test]
fn a_second_claim_stops_what_is_on_its_way_like_an_objection() {
    let claim = Action::RecordSecondClaim { other: CaseNumber::new(2026, 2), same_requester: false };
    for place in Place::VARIANTS {
        let case = sample_case(*place);
        let decision = case.decide(Actor::System, &claim, now());
        match place {
            Place::Unconfirmed => assert_eq!(decision.unwrap_err(), Refusal::NotNow),
            Place::Closed => assert_eq!(decision.unwrap_err(), Refusal::Closed),
            _ => {
                let transition = decision.unwrap();
                assert_eq!(transition.next.place(), Place::Contested);
                assert_eq!(transition.next.told(), case.state.told_after_stop(), "{place:?}");
                assert!(transition.effects.contains(&Effect::CancelSubmission), "{place:?}");
                let again = Case { state: transition.next, ..case };
                assert_eq!(again.decide(Actor::System, &claim, now()).unwrap_err(), Refusal::AlreadyDecided);
            }
        }
    }
    assert!(
        sample_case(Place::AwaitingApproval)
            .decide(Actor::System, &claim, now())
            .unwrap()
            .effects
            .contains(&Effect::VoidDraft)
    );
}

impl State {
    /// What the customer's side knows once the draft or request is stopped.
    fn told_after_stop(&self) -> State {
        match self {
            Self::AwaitingApproval { .. } => Self::Verified,
            state => state.told(),
        }
    }
}

#[test]
fn a_contested_case_is_closed_as_a_duplicate_only_of_the_same_requesters() {
    let close = Action::Close { outcome: Outcome::Duplicate, reason: Some(note()) };
    let approver = staff(SECOND, Role::Approver);
    for (same_requester, objected) in [(true, false), (false, false), (true, true)] {
        let claim = Action::RecordSecondClaim { other: CaseNumber::new(2026, 2), same_requester };
        let mut case = sample_case(if objected { Place::Contested } else { Place::Verifying });
        case.state = case.decide(Actor::System, &claim, now()).unwrap().next;
        let closed = case.decide(approver, &close, now());
        if same_requester && !objected {
            assert_eq!(closed.unwrap().next, State::Closed { outcome: Outcome::Duplicate });
            let agent = case.decide(staff(SECOND, Role::Agent), &close, now());
            assert_eq!(agent.unwrap_err(), Refusal::RoleTooLow);
            let silent = Action::Close { outcome: Outcome::Duplicate, reason: None };
            assert_eq!(case.decide(approver, &silent, now()).unwrap_err(), Refusal::NotNow);
        } else {
            assert_eq!(closed.unwrap_err(), Refusal::NotNow);
        }
    }
}

#[test]
fn a_case_is_weighed_anew_only_where_something_follows() {
    let later = now().after(jiff::SignedDuration::from_hours(25));
    for (place, next) in [
        (Place::Verified, Some(State::Verifying)),
        (Place::AwaitingApproval, Some(State::Verifying)),
        (Place::Verifying, None),
        (Place::Submitted, None),
        (Place::WithAtlassian, None),
        (Place::AwaitingConfirmation, None),
        (Place::AwaitingCustomer, None),
        (Place::Contested, None),
    ] {
        let case = sample_case(place);
        assert!(case.decide(Actor::System, &Action::Reconsider, now()).is_err(), "{place:?} stands");
        let decision = case.decide(Actor::System, &Action::Reconsider, later);
        assert_eq!(decision.map(|transition| transition.next).ok(), next, "{place:?}");
    }
    let case = sample_case(Place::AwaitingApproval);
    assert_eq!(case.weigh_at(now()), Some(now().after(jiff::SignedDuration::from_hours(24))));
    let expired = case.decide(Actor::System, &Action::Reconsider, later).unwrap();
    assert!(expired.effects.contains(&Effect::VoidDraft));
    assert!(expired.effects.contains(&Effect::Notify(Notification::ConfirmationRenewal)));
    // Once Atlassian has the request, what was true then is what it rests on.
    let delivered = Case { delivered_at: Some(now()), ..sample_case(Place::Verified) };
    assert_eq!(delivered.decide(Actor::System, &Action::Reconsider, later).unwrap_err(), Refusal::NotNow);
    assert_eq!(delivered.weigh_at(now()), None);
}

#[test]
fn looking_goes_on_while_contested_and_moves_nothing() {
    let mut case = sample_case(Place::Verifying);
    case.state = case
        .decide(
            Actor::DepartedContact,
            &Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
            now(),
        )
        .unwrap()
        .next;
    let action = Action::RecordCheck {
        kind: CheckKind::DomainRegister,
        verdict: Verdict::Passed,
        evidence: Evidence::DomainMatches,
    };
    assert_eq!(case.decide(Actor::System, &action, now()).unwrap().next, case.state);
    case.checks = satisfied();
    let called = Action::DecideCallback { called: Called::example(), verdict: Verdict::Passed, note: note() };
    assert_eq!(case.decide(staff(CALLER, Role::Agent), &called, now()).unwrap().next, case.state);
}

#[test]
fn a_document_passes_on_files_with_every_item_of_the_checklist() {
    let case = sample_case(Place::Verifying);
    let file = FileRef { file: Uuid::from_u128(5), sha256: Digest(sha256(b"letter")) };
    let review = |answers: &[(Criterion, bool)]| {
        Review::of(&[file.file], &[file], answers.iter().copied().collect()).unwrap()
    };
    let decide = |review: Review, verdict| {
        let action = Action::DecideDocument { review, verdict, note: note() };
        case.decide(staff(CALLER, Role::Agent), &action, now())
    };
    let all: Vec<(Criterion, bool)> = Criterion::VARIANTS.iter().map(|one| (*one, true)).collect();
    for incomplete in [&[][..], &all[1..], &[&all[1..], &[(all[0].0, false)]].concat()] {
        let refused = decide(review(incomplete), Verdict::Passed).unwrap_err();
        assert_eq!(refused, Refusal::ChecklistNotMet);
        assert!(decide(review(incomplete), Verdict::Failed).is_ok());
    }
    assert_eq!(decide(review(&all), Verdict::Waived).unwrap_err(), Refusal::NotDecidedByStaff);
    let transition = decide(review(&all), Verdict::Passed).unwrap();
    let bound = |effect: &Effect| match effect {
        Effect::PutCheck(check) => {
            check.decided_by == Some(CALLER)
                && matches!(&check.evidence, Evidence::DocumentReviewed { files, answers, .. }
                    if *files == [file] && answers.len() == all.len())
        }
        _ => false,
    };
    assert!(transition.effects.iter().any(bound));
    assert!(matches!(transition.event, Event::CheckDecided { files: Some(files), .. } if files == [file]));
}

#[test]
fn a_new_file_disturbs_nothing_that_was_decided() {
    let file = FileRef { file: Uuid::from_u128(5), sha256: Digest(sha256(b"letter")) };
    for place in Place::VARIANTS {
        let case = sample_case(*place);
        for actor in [Actor::Requester, staff(SECOND, Role::Agent)] {
            match case.decide(actor, &Action::AddEvidence { file }, now()) {
                Ok(added) => {
                    // Its sender gets a receipt.
                    let receipt =
                        (actor == Actor::Requester).then_some(Effect::Notify(Notification::FilesReceived));
                    let expected = (case.state.clone(), receipt.into_iter().collect::<Vec<_>>());
                    assert_eq!((added.next, added.effects), expected);
                }
                Err(refusal) => {
                    let expected = if *place == Place::Closed { Refusal::Closed } else { Refusal::NotNow };
                    assert!(matches!(place, Place::Unconfirmed | Place::Closed), "{place:?}");
                    assert_eq!(refusal, expected);
                }
            }
        }
    }
}

#[test]
fn a_requester_for_whom_a_contested_case_is_over_adds_no_file() {
    let mut case = sample_case(Place::Contested);
    let State::Contested { before, .. } = &mut case.state else { panic!() };
    *before = Before::AccessConfirmed;
    let add = Action::AddEvidence { file: FileRef { file: Uuid::nil(), sha256: Digest([0; 32]) } };
    assert_eq!(case.decide(Actor::Requester, &add, now()).unwrap_err(), Refusal::Closed);
    assert!(case.decide(staff(SECOND, Role::Agent), &add, now()).is_ok());
}

#[test]
fn files_are_kept_until_the_case_is_closed() {
    for place in Place::VARIANTS {
        let delete = Action::DeleteEvidence { file: Uuid::nil() };
        let decided = sample_case(*place).decide(Actor::System, &delete, now());
        assert_eq!(decided.is_ok(), *place == Place::Closed, "{place:?}");
    }
}

#[test]
fn a_case_names_only_so_many_others_and_has_room_for_every_objection() {
    let mut case = sample_case(Place::Verifying);
    let claim = |at: usize| Action::RecordSecondClaim {
        other: format!("HO-2026-{at:05}").parse().unwrap(),
        same_requester: false,
    };
    for at in 0..Causes::MOST_CLAIMS {
        case.state = case.decide(Actor::System, &claim(at), now()).unwrap().next;
    }
    let one_more = case.decide(Actor::System, &claim(Causes::MOST_CLAIMS), now());
    assert_eq!(one_more.unwrap_err(), Refusal::TooManyClaims);
    assert_eq!(case.decide(Actor::System, &claim(0), now()).unwrap_err(), Refusal::AlreadyDecided);
    let object = Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None };
    for actor in [staff(SECOND, Role::Agent), Actor::DepartedContact, Actor::DepartedContact] {
        case.state = case.decide(actor, &object, now()).unwrap().next;
    }
    let State::Contested { causes, .. } = case.state else { panic!() };
    assert_eq!(causes.iter().count(), Causes::MOST_CLAIMS + 2, "each objector once");
}

#[test]
fn a_file_is_taken_out_by_who_sent_it_until_a_decision_rests_on_it() {
    let remove =
        |own, decided_on, reason| Action::RemoveEvidence { file: Uuid::nil(), own, decided_on, reason };
    let case = sample_case(Place::Verifying);
    let agent = staff(SECOND, Role::Agent);
    let removed = case.decide(Actor::Requester, &remove(true, false, None), now()).unwrap();
    assert_eq!(removed.event, Event::EvidenceRemoved { file: Uuid::nil(), note: None });
    assert!(case.decide(agent, &remove(false, false, Some(note())), now()).is_ok());
    for (actor, action, refusal) in [
        (Actor::Requester, remove(true, true, None), Refusal::DecidedOn),
        (agent, remove(true, true, Some(note())), Refusal::DecidedOn),
        (Actor::Requester, remove(false, false, None), Refusal::NotYours),
        (agent, remove(false, false, None), Refusal::WithoutReason),
    ] {
        assert_eq!(case.decide(actor, &action, now()).unwrap_err(), refusal, "{action:?}");
    }
}

fn correct(case: &Case, whose: Addressed) -> Decision {
    let address = "tobias@other.example".parse().unwrap();
    case.decide(Actor::Requester, &Action::CorrectAddress { whose, address, note: note() }, now())
}

fn put(decision: &Transition, kind: CheckKind) -> Option<&Check> {
    decision.effects.iter().find_map(|effect| match effect {
        Effect::PutCheck(check) if check.kind == kind => Some(check),
        _ => None,
    })
}

#[test]
fn an_address_set_right_voids_what_rested_on_the_old_one_and_nothing_else() {
    let waiting = awaiting_approval();
    let successor = correct(&waiting, Addressed::Successor).unwrap();
    assert_eq!(successor.next, State::Verifying);
    assert!(successor.effects.contains(&Effect::VoidDraft));
    assert!(successor.effects.contains(&Effect::Notify(Notification::SuccessorInvitation)));
    for kind in [CheckKind::Successor, CheckKind::DepartedNotice, CheckKind::Callback] {
        assert_eq!(put(&successor, kind).unwrap().verdict, Verdict::Pending, "{kind:?}");
    }
    for kind in [CheckKind::RequesterEmail, CheckKind::Entitlement, CheckKind::DomainRegister] {
        assert_eq!(put(&successor, kind), None, "{kind:?}");
    }
    let departed = correct(&waiting, Addressed::Departed).unwrap();
    assert!(put(&departed, CheckKind::RecordedContact).is_some());
    assert_eq!(put(&departed, CheckKind::Successor), None, "who agreed agrees");
    assert!(!departed.effects.contains(&Effect::Notify(Notification::SuccessorInvitation)));
}

#[test]
fn a_no_is_not_got_rid_of_by_another_address() {
    let mut case = case(State::Verifying, satisfied());
    for check in &mut case.checks {
        match check.kind {
            CheckKind::Callback => check.verdict = Verdict::Failed,
            CheckKind::DepartedNotice => {
                check.verdict = Verdict::Failed;
                check.evidence = Evidence::Objected { asking: Asking::Over, contact: None };
            }
            _ => {}
        }
    }
    let refused = Evidence::VouchRefused { contact: Uuid::nil() };
    case.checks.push(Check { verdict: Verdict::Failed, evidence: refused, ..passed(CheckKind::Vouch, None) });
    let corrected = correct(&case, Addressed::Successor).unwrap();
    assert_eq!(put(&corrected, CheckKind::Callback), None);
    assert_eq!(put(&corrected, CheckKind::Vouch), None);
    assert_eq!(put(&corrected, CheckKind::DepartedNotice).unwrap().verdict, Verdict::Failed);
}

#[test]
fn addresses_are_set_right_a_few_times_and_never_once_a_request_is_out() {
    let mut case = case(State::Verifying, satisfied());
    case.corrected = 3;
    assert_eq!(correct(&case, Addressed::Departed), Err(Refusal::CorrectedEnough));
    case.corrected = 2;
    assert!(correct(&case, Addressed::Departed).is_ok());
    case.successor_is_requester = true;
    assert_eq!(correct(&case, Addressed::Successor), Err(Refusal::NotNow), "their own is confirmed");
    case.delivered_at = Some(now());
    assert_eq!(correct(&case, Addressed::Departed), Err(Refusal::NotNow));
}

#[test]
fn what_a_customer_tells_us_has_an_end() {
    let mut case = sample_case(Place::WithAtlassian);
    let tell = |case: &Case, topic| {
        case.decide(Actor::Requester, &Action::Tell { topic, note: note() }, now()).map(|told| told.next)
    };
    assert_eq!(tell(&case, Topic::AtlassianAnswered), Ok(case.state.clone()));
    assert_eq!(tell(&case, Topic::Voucher), Err(Refusal::NotNow));
    case.told_us = 10;
    assert_eq!(tell(&case, Topic::AtlassianAnswered), Err(Refusal::ToldEnough));
}

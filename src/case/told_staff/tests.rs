use uuid::Uuid;

use super::*;
use crate::case::{digest::Digest, draft::DraftRef};

const AGENT: u128 = 1;
const OTHER_AGENT: u128 = 2;
const APPROVER: u128 = 3;
const ADMIN: u128 = 4;
const AUDITOR: u128 = 5;
const GONE: u128 = 9;

fn id(person: u128) -> StaffId {
    StaffId(Uuid::from_u128(person))
}

fn person(person: u128, role: Role, name: &str, address: &str) -> Colleague {
    Colleague { id: id(person), role, name: name.to_owned(), address: address.to_owned() }
}

fn colleagues() -> Vec<Colleague> {
    vec![
        person(AGENT, Role::Agent, "Anna Vogt", "anna.vogt@reseller.example"),
        person(OTHER_AGENT, Role::Agent, "Anna Berg", "berg@reseller.example"),
        person(APPROVER, Role::Approver, "Ben Roth", "ben@reseller.example"),
        person(ADMIN, Role::Admin, "Ümit Çelik", "umit@reseller.example"),
        person(AUDITOR, Role::Auditor, "Eva Ernst", "eva@reseller.example"),
    ]
}

fn staff(person: u128) -> Actor {
    Actor::Staff { id: id(person), role: Role::Agent }
}

fn awaiting(author: u128) -> State {
    let digest = Digest([0; 32]);
    let draft = DraftRef { id: Uuid::nil(), author: id(author), digest, evidence: digest, facts: None };
    State::AwaitingApproval { draft, follows: None }
}

struct Line {
    what: &'static str,
    event: Event,
    by: Actor,
    before: State,
    owner: Option<u128>,
    hands: Hands,
    expected: Option<(NoticeKind, Vec<u128>, bool)>,
}

fn line(
    what: &'static str,
    event: Event,
    by: Actor,
    owner: Option<u128>,
    expected: Option<(NoticeKind, &[u128], bool)>,
) -> Line {
    let expected = expected.map(|(kind, to, own)| (kind, to.to_vec(), own));
    Line { what, event, by, before: State::Verifying, owner, hands: Hands::default(), expected }
}

fn mail(writer: Writer, manner: Manner) -> Event {
    Event::MailFiled { email: Uuid::nil(), writer, ticket: None, manner }
}

/// Who is told of what, as a table.
#[test]
fn the_right_people_are_told() {
    use NoticeKind::*;
    let note = Uuid::nil();
    let drafted = Event::Drafted { draft: note, digest: Digest([0; 32]) };
    let returned = Event::DraftReturned { note };
    let objected = Event::Objected { note: None };
    let answered = Event::Answered { note };
    let all: &[u128] = &[AGENT, OTHER_AGENT, APPROVER, ADMIN];
    let hands = Hands { authors: vec![id(AGENT)], deciders: vec![id(ADMIN)] };
    let lines = [
        line(
            "a draft",
            drafted.clone(),
            staff(AGENT),
            Some(AGENT),
            Some((ApprovalWanted, &[APPROVER, ADMIN], true)),
        ),
        Line {
            hands,
            ..line(
                "a draft of a case that the admin decided",
                drafted.clone(),
                staff(AGENT),
                None,
                Some((ApprovalWanted, &[APPROVER], true)),
            )
        },
        line(
            "a draft of the approver's own",
            drafted,
            staff(APPROVER),
            None,
            Some((ApprovalWanted, &[ADMIN], true)),
        ),
        Line {
            before: awaiting(AGENT),
            ..line(
                "returned",
                returned.clone(),
                staff(APPROVER),
                Some(OTHER_AGENT),
                Some((Returned, &[AGENT], true)),
            )
        },
        Line { before: awaiting(AGENT), ..line("taken back", returned.clone(), staff(AGENT), None, None) },
        Line {
            before: awaiting(GONE),
            ..line(
                "the author is gone",
                returned,
                staff(APPROVER),
                None,
                Some((Returned, &[AGENT, OTHER_AGENT, ADMIN], false)),
            )
        },
        line(
            "an objection",
            objected.clone(),
            Actor::DepartedContact,
            Some(AGENT),
            Some((Objection, &[AGENT], true)),
        ),
        line("nobody's case", objected.clone(), Actor::DepartedContact, None, Some((Objection, all, false))),
        line(
            "the owner is gone",
            objected.clone(),
            Actor::DepartedContact,
            Some(GONE),
            Some((Objection, all, false)),
        ),
        line(
            "the owner reads only",
            objected.clone(),
            Actor::DepartedContact,
            Some(AUDITOR),
            Some((Objection, all, false)),
        ),
        line(
            "by telephone, taken down by a colleague",
            objected.clone(),
            staff(APPROVER),
            Some(AGENT),
            Some((Objection, &[AGENT], true)),
        ),
        line("taken down by the owner", objected, staff(AGENT), Some(AGENT), None),
        line("an answer", answered.clone(), Actor::Requester, Some(AGENT), Some((Answer, &[AGENT], true))),
        line("an answer to nobody", answered, Actor::Requester, None, Some((Answer, all, false))),
        line(
            "a letter",
            mail(Writer::Requester, Manner::Written),
            Actor::System,
            Some(AGENT),
            Some((Answer, &[AGENT], true)),
        ),
        line(
            "Atlassian",
            mail(Writer::Atlassian, Manner::Written),
            Actor::System,
            Some(AGENT),
            Some((Answer, &[AGENT], true)),
        ),
        line("a machine", mail(Writer::Requester, Manner::Automatic), Actor::System, Some(AGENT), None),
        line(
            "the notice came back",
            mail(Writer::MailServer, Manner::ReturnedNotice),
            Actor::System,
            Some(AGENT),
            None,
        ),
        line(
            "a letter came back",
            mail(Writer::MailServer, Manner::Returned),
            Actor::System,
            Some(AGENT),
            Some((FailingMail, &[AGENT], true)),
        ),
        line("not delivered", Event::DeliveryFailed, Actor::System, None, Some((FailingMail, all, false))),
        line(
            "given",
            Event::Assigned { owner: Some(id(AGENT)) },
            staff(APPROVER),
            Some(AGENT),
            Some((Assigned, &[AGENT], true)),
        ),
        line("taken", Event::Assigned { owner: Some(id(AGENT)) }, staff(AGENT), Some(AGENT), None),
        line("laid down", Event::Assigned { owner: None }, staff(AGENT), None, None),
        line("an ordinary step", Event::Confirmed, Actor::Requester, None, None),
        line("looked at", Event::Seen, staff(APPROVER), Some(AGENT), None),
    ];
    for line in lines {
        let happened = Happened {
            event: &line.event,
            by: line.by,
            before: &line.before,
            owner: line.owner.map(id),
            hands: &line.hands,
            note: None,
        };
        let told = happened.tell(&colleagues());
        let expected: Vec<Told> = line
            .expected
            .into_iter()
            .map(|(kind, to, own)| Told { kind, to: to.into_iter().map(id).collect(), own })
            .collect();
        assert_eq!(told, expected, "{}", line.what);
        assert!(happened.concerns_staff() || told.is_empty(), "{}", line.what);
    }
}

#[test]
fn a_note_tells_whom_it_names() {
    for (note, expected) in [
        ("@Anna Vogt please", &[AGENT][..]),
        ("@anna.vogt please", &[AGENT]),
        ("@anna.vogt.", &[AGENT]),
        ("@Berg: look", &[OTHER_AGENT]),
        ("(@Anna)", &[AGENT, OTHER_AGENT]),
        ("@ben and @ÜMIT", &[APPROVER, ADMIN]),
        ("@Eva, for your files", &[AUDITOR]),
        ("@Annabelle @benjamin @", &[]),
        ("licensing@ben.example", &[]),
        ("@ben.example", &[]),
        ("Anna Vogt", &[]),
        ("@@ben", &[APPROVER]),
    ] {
        let expected: Vec<StaffId> = expected.iter().map(|person| id(*person)).collect();
        assert_eq!(mentioned(note), expected, "{note}");
    }
}

#[test]
fn who_names_themselves_is_not_told() {
    let (event, hands) = (Event::NoteAdded { note: Uuid::nil() }, Hands::default());
    let happened = Happened {
        event: &event,
        by: staff(AGENT),
        before: &State::Verifying,
        owner: Some(id(OTHER_AGENT)),
        hands: &hands,
        note: Some("@anna.vogt, that is me; @ben, look"),
    };
    let told = Told { kind: NoticeKind::Mention, to: vec![id(APPROVER)], own: true };
    assert_eq!(happened.tell(&colleagues()), [told]);
}

#[test]
fn what_comes_into_cases_of_nobody_is_collected() {
    assert_eq!(NoticeKind::Answer.how(How::Immediate, true), How::Immediate);
    assert_eq!(NoticeKind::Answer.how(How::Immediate, false), How::Digest);
    assert_eq!(NoticeKind::Answer.how(How::Off, false), How::Off);
    assert_eq!(NoticeKind::Objection.how(How::Immediate, false), How::Immediate);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A note may hold anything.
        #[test]
        fn any_note_names_colleagues_only(note in "(@|anna|\\.|-| |vogt|ß|İ|ben|\\PC){0,40}") {
            for found in mentioned(&note) {
                prop_assert!(colleagues().iter().any(|one| one.id == found));
            }
        }
    }
}

fn mentioned(note: &str) -> Vec<StaffId> {
    let colleagues = colleagues();
    let named: Vec<Named<'_>> = colleagues.iter().map(Colleague::named).collect();
    find_mentioned(note, &named)
}

//! Everything that can happen next in a world: what somebody might want to do, what a worker might do, time.

use std::borrow::Cow;

use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    carry::{FACTS, OTHER_FACTS, TEXTS, digest},
    lens::Lens,
    world::{Book, Post, STAFF, World, draft_id, rival, staff},
};
use crate::case::{
    action::{Action, ActionKind},
    actor::Actor,
    check::{CheckKind, Evidence, Verdict},
    contact::{Called, Voucher},
    correspondence::{AtlassianAnswer, Manner, Topic, Writer},
    document::{FileRef, Review, ScanResult},
    draft::{NewDraft, facts_digest},
    escalation::{Addressed, ContactRole, Hosting},
    facts::Corrections,
    link::Purpose,
    outcome::Notification,
    state::Outcome,
    text::{Note, Text},
};

/// One step. What it does in a world may depend on the world.
#[derive(Clone, Debug)]
pub enum Move {
    Act(Actor, Action),
    /// The departed contact stayed silent, by what the check itself says of the window.
    Silence,
    /// The draft with this text.
    Draft(u8, u8),
    /// A member of staff sends the e-mail at this place once more.
    Retry(u8, usize),
    /// A worker begins to hand an e-mail over.
    HandOver(usize),
    Settle(usize, Settlement),
    /// The case is told what became of an e-mail.
    Tell(usize),
    Later,
    /// The other case that asks for the same ends.
    RivalEnds,
    /// A member of staff writes down what a caller says.
    Prepare(u8),
    /// The letter with the link comes back, and staff read it; a new one is sent.
    ComeBack,
    SendAnew,
    /// Somebody sends what was prepared, in the name of the mailbox that the link went to or of another.
    Complete(Actor, bool),
}

#[derive(Clone, Copy, Debug)]
pub enum Settlement {
    Arrived,
    PutOff,
    GivenUp,
}

/// All steps that a lens knows, in a fixed order. What the world makes of them is for the walk.
pub fn all(lens: &Lens) -> Vec<Move> {
    let mut moves = vec![Move::Later, Move::Silence, Move::RivalEnds];
    if lens.prepares {
        moves.extend(lens.staff.iter().map(|number| Move::Prepare(*number)));
        moves.extend([Move::ComeBack, Move::SendAnew]);
        let everybody = [
            Actor::Requester,
            Actor::Successor,
            Actor::DepartedContact,
            Actor::RegisteredContact,
            Actor::Atlassian,
            Actor::System,
        ];
        let everybody = everybody.into_iter().chain(lens.staff.iter().map(|number| staff(*number)));
        moves.extend(everybody.flat_map(|actor| [true, false].map(|same| Move::Complete(actor, same))));
    }
    for place in 0..lens.letters {
        moves.push(Move::HandOver(place));
        moves.extend(
            [Settlement::Arrived, Settlement::PutOff, Settlement::GivenUp].map(|s| Move::Settle(place, s)),
        );
        moves.push(Move::Tell(place));
        moves.extend(lens.staff.iter().map(|number| Move::Retry(*number, place)));
    }
    for number in lens.staff.iter().filter(|number| lens.knows(staff(**number), ActionKind::SaveDraft)) {
        moves.extend((0..lens.texts).map(|text| Move::Draft(*number, text)));
    }
    let outside =
        [Actor::Requester, Actor::Successor, Actor::DepartedContact, Actor::RegisteredContact, Actor::System];
    let inside = lens.staff.iter().map(|number| staff(*number));
    for actor in outside.into_iter().chain(inside) {
        let actions = ActionKind::VARIANTS.iter().flat_map(|kind| actions(lens, *kind));
        moves.extend(
            actions
                .filter(|action| actor.may(action.into()).is_ok() && lens.knows(actor, action.into()))
                .filter(|action| lens.can_happen(actor, action))
                .map(|action| Move::Act(actor, action)),
        );
    }
    moves
}

/// What nobody may do by their kind or role: tried in a few worlds of each place, where all of it must be refused.
pub fn presumptuous(lens: &Lens) -> Vec<(Actor, Action)> {
    let outside =
        [Actor::Requester, Actor::Successor, Actor::DepartedContact, Actor::RegisteredContact, Actor::System];
    let everybody = outside.into_iter().chain([Actor::Atlassian]).chain([0, 5].map(staff));
    everybody
        .flat_map(|actor| {
            ActionKind::VARIANTS
                .iter()
                .flat_map(|kind| actions(lens, *kind))
                .map(move |action| (actor, action))
        })
        .filter(|(actor, action)| actor.may(action.into()).is_err())
        .collect()
}

/// The actions of one kind with all data that matters. What depends on the world is a [`Move`] of its own.
fn actions(lens: &Lens, kind: ActionKind) -> Vec<Action> {
    let own = || note("…");
    match kind {
        ActionKind::Confirm => vec![Action::Confirm],
        ActionKind::ConfirmAgain => vec![Action::ConfirmAgain],
        ActionKind::Reconsider => vec![Action::Reconsider],
        ActionKind::CheckAgain => {
            let kinds = [CheckKind::RequesterEmail, CheckKind::Successor, CheckKind::Callback];
            kinds.map(|kind| Action::CheckAgain { kind }).to_vec()
        }
        ActionKind::RecordContactGone => vec![Action::RecordContactGone { kind: CheckKind::Callback }],
        ActionKind::Expire => vec![Action::Expire],
        ActionKind::Withdraw => vec![Action::Withdraw],
        ActionKind::RecordCheck => lens
            .recorded
            .iter()
            .copied()
            // What must never be believed of the system.
            .chain([(CheckKind::Callback, Verdict::Passed), (CheckKind::Successor, Verdict::Waived)])
            .map(|(kind, verdict)| {
                let evidence = evidence(kind, verdict, lens.requester_on_record);
                Action::RecordCheck { kind, verdict, evidence }
            })
            .collect(),
        // What is due when is made the same everywhere: to put a check off changes nothing.
        ActionKind::PostponeCheck => {
            vec![Action::PostponeCheck {
                kind: CheckKind::Successor,
                due_at: jiff::Timestamp::UNIX_EPOCH.into(),
            }]
        }
        ActionKind::StartDomainChallenge => vec![Action::StartDomainChallenge { token: "token".to_owned() }],
        ActionKind::NotifyDepartedContact => vec![Action::NotifyDepartedContact],
        ActionKind::InviteSuccessor => vec![Action::InviteSuccessor],
        ActionKind::RequestVouch => vec![Action::RequestVouch { voucher: Voucher::example() }],
        ActionKind::Vouch => vec![Action::Vouch],
        ActionKind::DecideCallback => with(lens.called, Verdict::Waived, |verdict| Action::DecideCallback {
            called: Called::example(),
            verdict,
            note: own(),
        }),
        ActionKind::DecideDocument => {
            let decide = |review: Review, verdict| Action::DecideDocument { review, verdict, note: own() };
            let mut actions =
                with(lens.reviewed, Verdict::Waived, |verdict| decide(Review::example(), verdict));
            // What must never pass: a checklist with open items.
            actions.push(decide(Review::unanswered(), Verdict::Passed));
            actions
        }
        ActionKind::AddEvidence => vec![Action::AddEvidence { file: FileRef::example() }],
        ActionKind::RecordScan => {
            vec![Action::RecordScan { file: Uuid::nil(), result: ScanResult::Clean }]
        }
        ActionKind::RemoveEvidence => {
            let remove = |own, decided_on, reason| Action::RemoveEvidence {
                file: Uuid::nil(),
                own,
                decided_on,
                reason,
            };
            // What must never be: without a reason, what is another's, what a decision rests on.
            vec![
                remove(true, false, Some(note("…"))),
                remove(true, false, None),
                remove(false, false, Some(note("…"))),
                remove(true, true, Some(note("…"))),
            ]
        }
        ActionKind::DeleteEvidence => vec![Action::DeleteEvidence { file: Uuid::nil() }],
        ActionKind::WaiveCheck => {
            let kinds = lens.waived.iter().chain([&CheckKind::RequesterEmail]);
            kinds.map(|kind| Action::WaiveCheck { kind: *kind, reason: own() }).collect()
        }
        ActionKind::AcceptSuccession => vec![Action::AcceptSuccession],
        ActionKind::DeclineSuccession => vec![Action::DeclineSuccession],
        ActionKind::Object => [CheckKind::DepartedNotice, CheckKind::Vouch]
            .map(|kind| Action::Object { kind, contact: None, note: None })
            .to_vec(),
        ActionKind::DismissObjection => vec![Action::DismissObjection { reason: own() }],
        ActionKind::UpholdObjection => vec![Action::UpholdObjection { reason: own() }],
        ActionKind::RecordSecondClaim => lens
            .rival
            .map(|same_requester| Action::RecordSecondClaim { other: rival(), same_requester })
            .into_iter()
            .collect(),
        ActionKind::AskCustomer => vec![Action::AskCustomer { question: own() }],
        ActionKind::Answer => vec![Action::Answer { answer: own() }],
        ActionKind::Tell => {
            Topic::VARIANTS.iter().map(|topic| Action::Tell { topic: *topic, note: own() }).collect()
        }
        ActionKind::CorrectAddress => Addressed::VARIANTS
            .iter()
            .map(|whose| Action::CorrectAddress {
                whose: *whose,
                address: "tobias@customer.example".parse().unwrap(),
                note: own(),
            })
            .collect(),
        ActionKind::ReturnDraft => vec![Action::ReturnDraft { reason: own() }],
        ActionKind::Approve => {
            let (facts, other) = (facts_digest(FACTS), facts_digest(OTHER_FACTS));
            let right = (0..lens.texts.max(1)).map(|text| Action::Approve { digest: digest(text), facts });
            right.chain([Action::Approve { digest: digest(0), facts: other }]).collect()
        }
        ActionKind::CorrectFacts => {
            let corrections = Corrections { hosting: Some(Hosting::Cloud), ..Corrections::default() };
            let role = Corrections { departed_role: Some(ContactRole::Both), ..Corrections::default() };
            if lens.address_unknown {
                let departed_email = "p@customer.example".parse().ok();
                let found = Corrections { departed_email, ..Corrections::default() };
                return vec![Action::CorrectFacts { corrections: found, reason: own() }];
            }
            vec![
                Action::CorrectFacts { corrections, reason: own() },
                Action::CorrectFacts { corrections: role, reason: own() },
                Action::CorrectFacts { corrections: Corrections::default(), reason: own() },
            ]
        }
        ActionKind::Recall => vec![Action::Recall { reason: own() }],
        ActionKind::RecordAtlassianAnswer => AtlassianAnswer::VARIANTS
            .iter()
            .map(|answer| Action::RecordAtlassianAnswer { answer: *answer, note: None })
            .collect(),
        ActionKind::NoteSilence => vec![Action::NoteSilence { asked: 1 }],
        ActionKind::ConfirmAccess => vec![Action::ConfirmAccess],
        ActionKind::SettleAccess => vec![Action::SettleAccess],
        ActionKind::ReportNoAccess => vec![Action::ReportNoAccess { note: None }],
        ActionKind::Reject => vec![Action::Reject { reason: own(), told: None }],
        ActionKind::Close => Outcome::VARIANTS
            .iter()
            .map(|outcome| Action::Close { outcome: *outcome, reason: Some(own()) })
            .collect(),
        ActionKind::Reopen => vec![Action::Reopen { reason: own() }],
        ActionKind::Hold => vec![Action::Hold { reason: own() }],
        ActionKind::LiftHold => vec![Action::LiftHold { reason: own() }],
        ActionKind::Refer => vec![Action::Refer { reference: None }],
        ActionKind::Assign => vec![Action::Assign { owner: None }],
        ActionKind::AddNote => vec![Action::AddNote { note: own() }],
        ActionKind::FileMail => [Manner::Written, Manner::Automatic]
            .map(|manner| Action::FileMail {
                email: Uuid::nil(),
                writer: Writer::Atlassian,
                ticket: None,
                manner,
            })
            .to_vec(),
        ActionKind::MarkSeen => vec![Action::MarkSeen],
        ActionKind::Remind => vec![Action::Remind],
        ActionKind::ResendLetter => {
            letters(|notification| Action::ResendLetter { email: Uuid::nil(), notification })
        }
        ActionKind::CancelLetter => {
            letters(|notification| Action::CancelLetter { email: Uuid::nil(), notification })
        }
        ActionKind::EndLink => {
            let end = |replace| Action::EndLink { purpose: Purpose::Confirmation, contact: None, replace };
            [true, false].map(end).to_vec()
        }
        ActionKind::SettleLetter => vec![Action::SettleLetter { email: Uuid::nil() }],
        // `Move::Draft`, `Move::Tell` and `Move::Retry`.
        ActionKind::SaveDraft | ActionKind::RecordDelivery | ActionKind::RetryEmail => Vec::new(),
    }
}

impl Move {
    /// Who does what, where this is something that somebody does; `None` where it is impossible in this world.
    pub fn action(&self, book: &Book, world: &World) -> Option<(Actor, Cow<'_, Action>)> {
        let letter = |place: &usize| world.letters[*place];
        match self {
            Self::Act(actor, action) => {
                // The bound of the world: no more e-mails than it has places for.
                let fits = world.has_room(book.letters) || !matches!(action, Action::Approve { .. });
                // A proof is as old as what was seen: in the walk that is always just now.
                let action = match action {
                    Action::RecordCheck {
                        kind,
                        verdict,
                        evidence: Evidence::ChallengeSeen { token, started_at, .. },
                    } => {
                        let (token, started_at, seen_at) = (token.clone(), *started_at, book.now(world));
                        let evidence = Evidence::ChallengeSeen { token, started_at, seen_at };
                        Cow::Owned(Action::RecordCheck { kind: *kind, verdict: *verdict, evidence })
                    }
                    action => Cow::Borrowed(action),
                };
                fits.then_some((*actor, action))
            }
            Self::Silence => {
                let Some(Evidence::NoticeSent { sent_at, window_ends_at, .. }) =
                    book.check(world, CheckKind::DepartedNotice).map(|check| check.evidence.clone())
                else {
                    return None;
                };
                let evidence = Evidence::NoObjection {
                    sent_at,
                    window_ends_at,
                    reminded_at: Vec::new(),
                    said_left_at: None,
                };
                let kind = CheckKind::DepartedNotice;
                let action = Action::RecordCheck { kind, verdict: Verdict::Passed, evidence };
                Some((Actor::System, Cow::Owned(action)))
            }
            Self::Draft(author, text) => {
                let draft = draft(world.free_code(*author, *text), *text);
                Some((staff(*author), Cow::Owned(Action::SaveDraft { draft: Box::new(draft) })))
            }
            Self::Retry(number, place) => {
                let email = draft_id(letter(place)?.code);
                Some((staff(*number), Cow::Owned(Action::RetryEmail { email, to_atlassian: true })))
            }
            Self::Tell(place) => {
                let letter = letter(place).filter(|letter| letter.untold)?;
                let delivered = letter.post == Post::Sent;
                let action = Action::RecordDelivery { draft: draft_id(letter.code), delivered };
                Some((Actor::System, Cow::Owned(action)))
            }
            Self::HandOver(_)
            | Self::Settle(..)
            | Self::Later
            | Self::RivalEnds
            | Self::Prepare(_)
            | Self::ComeBack
            | Self::SendAnew
            | Self::Complete(..) => None,
        }
    }

    /// In words, for people.
    pub fn say(&self) -> String {
        match self {
            Self::Act(actor, action) => format!("{} does {}", name(*actor), details(action)),
            Self::Silence => "the system records that nobody objected to the notice".to_owned(),
            Self::Draft(author, text) => format!("{} drafts text {text}", STAFF[usize::from(*author)].0),
            Self::Retry(number, place) => {
                format!("{} sends e-mail {place} again", STAFF[usize::from(*number)].0)
            }
            Self::HandOver(place) => format!("a worker hands e-mail {place} to the mail server"),
            Self::Settle(place, settlement) => format!("e-mail {place}: {settlement:?}"),
            Self::Tell(place) => format!("the case is told what became of e-mail {place}"),
            Self::Later => "time passes".to_owned(),
            Self::RivalEnds => "the other case about the same ends".to_owned(),
            Self::Prepare(number) => {
                format!("{} writes down what a caller says", STAFF[usize::from(*number)].0)
            }
            Self::ComeBack => "the link comes back in a message that staff read".to_owned(),
            Self::SendAnew => "the customer gets a new link".to_owned(),
            Self::Complete(actor, same) => {
                let mailbox = if *same { "the mailbox that got the link" } else { "another mailbox" };
                format!("{} sends what was prepared, for {mailbox}", name(*actor))
            }
        }
    }
}

fn name(actor: Actor) -> String {
    match actor.staff_id() {
        Some(id) => STAFF[usize::from(super::world::number_of(id))].0.to_owned(),
        None => format!("the {}", actor.as_str()),
    }
}

fn details(action: &Action) -> String {
    let word = ActionKind::from(action).as_str();
    match action {
        Action::RecordCheck { kind, verdict, .. } => format!("{word} ({} {verdict:?})", kind.as_str()),
        Action::DecideDocument { verdict, review, .. } => {
            format!("{word} ({verdict:?}, {})", if review.is_met() { "all met" } else { "not met" })
        }
        Action::DecideCallback { verdict, .. } => format!("{word} ({verdict:?})"),
        Action::WaiveCheck { kind, .. } => format!("{word} ({})", kind.as_str()),
        Action::CorrectAddress { whose, .. } => format!("{word} ({})", whose.as_str()),
        Action::RecordAtlassianAnswer { answer, .. } => format!("{word} ({answer:?})"),
        Action::Close { outcome, .. } => format!("{word} ({outcome:?})"),
        Action::Approve { digest: wanted, facts } => {
            let text = (0..2).find(|text| digest(*text) == *wanted);
            let other = if *facts == facts_digest(FACTS) { "" } else { ", other facts" };
            format!("{word} (text {text:?}{other})")
        }
        _ => word.to_owned(),
    }
}

pub fn note(text: &str) -> Note {
    Note { id: Uuid::nil(), text: Text::parse(text).unwrap(), block: None }
}

pub fn draft(code: u8, text: u8) -> NewDraft {
    NewDraft {
        id: draft_id(code),
        recipient: String::new(),
        subject: String::new(),
        opening: String::new(),
        closing: String::new(),
        facts: FACTS.to_owned(),
        message_id: String::new(),
        raw: TEXTS[usize::from(text)].to_vec(),
    }
}

/// One that `verdict` could rest on.
fn evidence(kind: CheckKind, verdict: Verdict, requester: bool) -> Evidence {
    let (token, at) = ("token".to_owned(), jiff::Timestamp::UNIX_EPOCH.into());
    match (kind, verdict) {
        (CheckKind::DomainDns, Verdict::Passed) => {
            Evidence::ChallengeSeen { token, started_at: at, seen_at: at }
        }
        (CheckKind::DomainDns, _) => Evidence::ChallengeNotSeen { started_at: at },
        (CheckKind::RecordedContact, Verdict::Passed) => Evidence::ContactOnRecord { requester },
        (CheckKind::RecordedContact, Verdict::Inconclusive) => Evidence::ContactAddressUnknown,
        (CheckKind::DepartedNotice, Verdict::Inconclusive) => Evidence::NobodyToNotify,
        (CheckKind::Vouch, Verdict::Inconclusive) => Evidence::NobodyToAsk,
        _ => Evidence::None,
    }
}

/// One to the customer, and what may not be handled like one.
fn letters(action: impl Fn(Notification) -> Action) -> Vec<Action> {
    [Notification::CaseConfirmed, Notification::AtlassianRequest].map(action).into()
}

/// The verdicts of the lens, and one that no member of staff may give like this.
fn with(verdicts: &[Verdict], wrong: Verdict, action: impl Fn(Verdict) -> Action) -> Vec<Action> {
    let wrong = (!verdicts.is_empty()).then_some(wrong);
    verdicts.iter().copied().chain(wrong).map(action).collect()
}

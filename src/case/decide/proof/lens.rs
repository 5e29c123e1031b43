//! The bounds of each walk: which policy, which staff, which times, which verdicts, and which moves are left out.
//!
//! One walk through everything at once would not end. Each lens is exhaustive within its bounds and looks at one thing
//! closely; together they hold every place and every action.

use super::{
    attackers::Attacker,
    policies::{DEFAULT, LAX, PolicyInWords, SMALL},
    world::number_of,
};
use crate::case::{
    action::ActionKind,
    actor::Actor,
    check::{CheckKind, Verdict},
};

pub struct Lens {
    pub name: &'static str,
    pub policy: PolicyInWords,
    /// Numbers in [`super::world::STAFF`].
    pub staff: &'static [u8],
    /// The times of the world, in hours since the escalation came in.
    pub hours: &'static [i64],
    /// What the system reports by itself.
    pub recorded: &'static [(CheckKind, Verdict)],
    /// What staff find by calling and by looking.
    pub called: &'static [Verdict],
    pub reviewed: &'static [Verdict],
    pub waived: &'static [CheckKind],
    /// How many different texts are drafted and approved: one, or also a wrong one.
    pub texts: u8,
    /// How many e-mails something can come of at a time; with two, one that was stopped can still be on its way.
    pub letters: usize,
    /// Whether another case asks for the same, and if so, whether of the same requester.
    pub rival: Option<bool>,
    /// The first is recorded once the second is: for checks of which the order makes no difference.
    pub after: &'static [(CheckKind, CheckKind)],
    /// Who of the staff alone does what in this walk; the walk about people lets everybody do everything.
    pub only: &'static [(ActionKind, &'static [u8])],
    /// Who makes a request that the customer does not want, by what they own together; nobody where it is what it says.
    pub attackers: &'static [Attacker],
    /// Whether it is kept what nobody has looked at yet.
    pub news: bool,
    /// Whether there is no case at first, and staff may prepare one for a caller.
    pub prepares: bool,
    /// Whether the register names the requester.
    pub requester_on_record: bool,
    /// Whether the customer does not know the departed contact's address, so that staff have to find it out.
    pub address_unknown: bool,
    /// What nobody does in this walk.
    pub leaves_out: &'static [&'static [ActionKind]],
}

impl Lens {
    /// Whether `actor` does such a thing in this walk.
    pub fn knows(&self, actor: Actor, kind: ActionKind) -> bool {
        let others = |only: &&(ActionKind, &[u8])| only.0 == kind;
        let allowed = |id| self.only.iter().find(others).is_none_or(|only| only.1.contains(&number_of(id)));
        !self.leaves_out.iter().any(|some| some.contains(&kind)) && actor.staff_id().is_none_or(allowed)
    }
}

use ActionKind as A;
use CheckKind as K;
use Verdict as V;

/// What a lens says nothing about.
const PLAIN: Lens = Lens {
    name: "",
    policy: SMALL,
    staff: &[0, 1],
    hours: &[0],
    recorded: &[],
    called: &[],
    reviewed: &[],
    waived: &[],
    texts: 1,
    letters: 1,
    rival: None,
    after: &[],
    only: &[],
    attackers: &[],
    news: false,
    prepares: false,
    requester_on_record: false,
    address_unknown: false,
    leaves_out: &[],
};

/// What changes letters and asks the register again.
const LETTERS: &[ActionKind] =
    &[A::CheckAgain, A::RecordContactGone, A::ResendLetter, A::CancelLetter, A::SettleLetter, A::EndLink];

/// Facts of the letter set right: who does it is a hand, which the walk about people looks at.
const FACTS: &[ActionKind] = &[A::CorrectFacts];

/// What is done beside the case and never moves it.
const ASIDE: &[ActionKind] =
    &[A::AddNote, A::FileMail, A::Assign, A::Refer, A::Hold, A::LiftHold, A::PostponeCheck, A::Tell];

/// Addresses set right: what rested on them falls, which the walks about people and about names look at.
const ADDRESSES: &[ActionKind] = &[A::CorrectAddress];

/// What passes between the desk, the customer and Atlassian, and ends a case.
const TALK: &[ActionKind] =
    &[A::Close, A::AskCustomer, A::RecordAtlassianAnswer, A::Reject, A::ReturnDraft, A::Recall];

/// The policy as delivered.
pub const DELIVERED: Lens = Lens {
    name: "the policy as delivered",
    policy: DEFAULT,
    hours: &[0, 10 * 24],
    recorded: &[
        (K::Entitlement, V::Passed),
        (K::Entitlement, V::Failed),
        (K::RecordedContact, V::Passed),
        (K::DomainRegister, V::Passed),
        (K::DepartedNotice, V::Inconclusive),
    ],
    called: &[V::Passed],
    waived: &[K::Entitlement],
    after: &[(K::RecordedContact, K::Entitlement), (K::DomainRegister, K::RecordedContact)],
    only: &[(A::RequestVouch, &[])],
    leaves_out: &[
        ADDRESSES,
        LETTERS,
        FACTS,
        ASIDE,
        TALK,
        &[
            A::StartDomainChallenge,
            A::InviteSuccessor,
            A::DeclineSuccession,
            A::Withdraw,
            A::Reopen,
            A::Object,
        ],
    ],
    ..PLAIN
};

/// A false request under the policy as delivered. Whatever the register answers passes, nobody objects, and honest approvers
/// go without somebody else's word where they may.
pub const AGAINST: Lens = Lens {
    name: "a false request",
    policy: DEFAULT,
    hours: &[0, 10 * 24],
    recorded: &[
        (K::Entitlement, V::Passed),
        (K::RecordedContact, V::Passed),
        (K::DomainRegister, V::Passed),
        (K::DomainDns, V::Passed),
    ],
    called: &[V::Passed],
    reviewed: &[V::Passed],
    waived: &[K::Vouch],
    after: &[(K::RecordedContact, K::Entitlement), (K::DomainRegister, K::RecordedContact)],
    only: &[
        (A::SaveDraft, &[0]),
        (A::RequestVouch, &[0]),
        (A::WaiveCheck, &[1, 2]),
        (A::DecideCallback, &[0, 2, 3]),
        (A::DecideDocument, &[0, 2, 3, 4]),
    ],
    leaves_out: &[
        ADDRESSES,
        LETTERS,
        FACTS,
        ASIDE,
        TALK,
        &[
            A::InviteSuccessor,
            A::DeclineSuccession,
            A::Withdraw,
            A::Reopen,
            A::Object,
            A::Reconsider,
            A::ConfirmAgain,
            A::NoteSilence,
        ],
    ],
    ..PLAIN
};

/// The same by somebody who says that nobody knows the departed contact's address.
pub const AGAINST_UNKNOWN: Lens = Lens {
    name: "a false request that keeps the contact's address to itself",
    recorded: &[
        (K::Entitlement, V::Passed),
        (K::RecordedContact, V::Inconclusive),
        (K::RecordedContact, V::Passed),
        (K::DomainRegister, V::Passed),
        (K::DomainDns, V::Passed),
    ],
    only: &[
        (A::SaveDraft, &[0]),
        (A::RequestVouch, &[0]),
        (A::WaiveCheck, &[1, 2]),
        (A::DecideCallback, &[0, 2, 3]),
        (A::DecideDocument, &[0, 2, 3, 4]),
        (A::CorrectFacts, &[0, 2, 3]),
    ],
    address_unknown: true,
    leaves_out: &[
        LETTERS,
        ASIDE,
        TALK,
        &[
            A::InviteSuccessor,
            A::DeclineSuccession,
            A::Withdraw,
            A::Reopen,
            A::Object,
            A::Reconsider,
            A::ConfirmAgain,
            A::NoteSilence,
        ],
    ],
    ..AGAINST
};

pub const LENSES: [Lens; 10] = [
    Lens {
        name: "people: who wrote, who decided, who approves",
        policy: SMALL,
        staff: &[0, 1, 2, 4],
        called: &[V::Passed],
        texts: 2,
        leaves_out: &[
            LETTERS,
            ASIDE,
            &[
                A::Object,
                A::RequestVouch,
                A::StartDomainChallenge,
                A::NotifyDepartedContact,
                A::InviteSuccessor,
                A::DeclineSuccession,
                A::Recall,
                A::RecordAtlassianAnswer,
                A::Reject,
                A::Close,
                A::Withdraw,
                A::Reopen,
                A::AskCustomer,
            ],
        ],
        ..PLAIN
    },
    Lens {
        name: "prepared: what staff write down for a caller",
        policy: SMALL,
        staff: &[0, 1, 2],
        hours: &[0, 10 * 24],
        called: &[V::Passed],
        prepares: true,
        leaves_out: &[
            ADDRESSES,
            FACTS,
            LETTERS,
            ASIDE,
            &[
                A::Object,
                A::RequestVouch,
                A::StartDomainChallenge,
                A::NotifyDepartedContact,
                A::InviteSuccessor,
                A::DeclineSuccession,
                A::Recall,
                A::RecordAtlassianAnswer,
                A::Reject,
                A::Close,
                A::Withdraw,
                A::Reopen,
                A::AskCustomer,
            ],
        ],
        ..PLAIN
    },
    Lens {
        name: "time: verdicts grow old at every stage",
        policy: SMALL,
        hours: &[0, 10 * 24, 35 * 24, 45 * 24],
        recorded: &[(K::Successor, V::Passed), (K::DomainDns, V::Passed), (K::DomainDns, V::Failed)],
        called: &[V::Passed],
        waived: &[K::Successor],
        leaves_out: &[
            ADDRESSES,
            FACTS,
            ASIDE,
            &[
                A::ResendLetter,
                A::CancelLetter,
                A::SettleLetter,
                A::EndLink,
                A::Object,
                A::RequestVouch,
                A::NotifyDepartedContact,
                A::AcceptSuccession,
                A::DeclineSuccession,
                A::Withdraw,
                A::Reopen,
                A::Reject,
                A::Close,
                A::AskCustomer,
                A::StartDomainChallenge,
            ],
        ],
        ..PLAIN
    },
    Lens {
        name: "objections: at every moment, with a policy that would let them pass",
        policy: LAX,
        staff: &[0, 1, 2],
        reviewed: &[V::Passed],
        waived: &[K::DepartedNotice],
        rival: Some(false),
        only: &[
            (A::SaveDraft, &[0]),
            (A::DecideDocument, &[0]),
            (A::RequestVouch, &[0]),
            (A::Object, &[0]),
            (A::Reopen, &[1]),
        ],
        leaves_out: &[
            ADDRESSES,
            FACTS,
            LETTERS,
            ASIDE,
            TALK,
            &[
                A::InviteSuccessor,
                A::RequestVouch,
                A::AcceptSuccession,
                A::DeclineSuccession,
                A::StartDomainChallenge,
                A::NotifyDepartedContact,
            ],
        ],
        ..PLAIN
    },
    Lens {
        name: "vouchers: who was asked may object, before and after vouching",
        policy: LAX,
        staff: &[0, 1, 2],
        recorded: &[(K::Vouch, V::Inconclusive)],
        reviewed: &[V::Passed],
        waived: &[K::Vouch],
        only: &[
            (A::SaveDraft, &[0]),
            (A::DecideDocument, &[0]),
            (A::RequestVouch, &[0]),
            (A::Object, &[]),
            (A::Reopen, &[1]),
        ],
        leaves_out: &[
            ADDRESSES,
            FACTS,
            LETTERS,
            ASIDE,
            TALK,
            &[
                A::InviteSuccessor,
                A::AcceptSuccession,
                A::DeclineSuccession,
                A::StartDomainChallenge,
                A::NotifyDepartedContact,
            ],
        ],
        ..PLAIN
    },
    Lens {
        name: "ends: follow-ups, recalls, answers, closing and reopening",
        policy: SMALL,
        called: &[V::Passed],
        letters: 2,
        rival: Some(true),
        leaves_out: &[
            ADDRESSES,
            FACTS,
            LETTERS,
            &[A::Object, A::RequestVouch, A::StartDomainChallenge, A::NotifyDepartedContact],
        ],
        ..PLAIN
    },
    Lens {
        name: "news: what comes in from outside, whoever the case waits for",
        policy: SMALL,
        called: &[V::Passed],
        news: true,
        only: &[(A::DismissObjection, &[1]), (A::Reopen, &[1])],
        leaves_out: &[
            ADDRESSES,
            FACTS,
            LETTERS,
            &[
                A::RequestVouch,
                A::StartDomainChallenge,
                A::NotifyDepartedContact,
                A::InviteSuccessor,
                A::UpholdObjection,
                A::Recall,
                A::Reject,
                A::Withdraw,
                A::PostponeCheck,
                A::Assign,
                A::Refer,
                A::Hold,
                A::LiftHold,
                A::AddNote,
            ],
        ],
        ..PLAIN
    },
    Lens {
        name: "names: who may change the customer's zone",
        policy: PolicyInWords {
            required: &[K::RequesterEmail],
            proofs: &[K::DomainDns],
            blocking: &[K::DomainDns],
            ..LAX
        },
        hours: &[0, 5 * 24, 15 * 24],
        recorded: &[(K::DomainDns, V::Passed), (K::DomainDns, V::Failed), (K::DomainDns, V::Inconclusive)],
        waived: &[K::DomainDns],
        leaves_out: &[
            FACTS,
            ASIDE,
            &[
                A::CheckAgain,
                A::RecordContactGone,
                A::RequestVouch,
                A::NotifyDepartedContact,
                A::InviteSuccessor,
                A::AcceptSuccession,
                A::DeclineSuccession,
                A::Close,
                A::Reject,
                A::RecordAtlassianAnswer,
                A::Object,
                A::Withdraw,
                A::Reopen,
            ],
        ],
        ..PLAIN
    },
    Lens {
        name: "unknown: nobody knows the departed contact's address until staff find it out",
        recorded: &[
            (K::Entitlement, V::Passed),
            (K::RecordedContact, V::Inconclusive),
            (K::RecordedContact, V::Passed),
            (K::DomainRegister, V::Passed),
            (K::DepartedNotice, V::Inconclusive),
        ],
        waived: &[K::RecordedContact],
        address_unknown: true,
        leaves_out: &[
            LETTERS,
            ASIDE,
            TALK,
            &[
                A::StartDomainChallenge,
                A::InviteSuccessor,
                A::DeclineSuccession,
                A::Withdraw,
                A::Reopen,
                A::Object,
                A::Reconsider,
            ],
        ],
        only: &[(A::SaveDraft, &[0]), (A::CorrectFacts, &[0])],
        ..DELIVERED
    },
    DELIVERED,
];

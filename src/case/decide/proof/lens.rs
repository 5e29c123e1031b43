//! The bounds of each walk: which policy, which staff, which times, which verdicts, and which moves are left out.
//!
//! One walk through everything at once would not end. Each lens is exhaustive within its bounds and looks at one thing
//! closely; together they hold every place and every action.

use super::world::number_of;
use crate::case::{
    action::ActionKind,
    actor::Actor,
    check::{CheckKind, Verdict},
};

/// The policy as the judge reads it, from which the configuration for the rules is written.
pub struct PolicyInWords {
    pub required: &'static [CheckKind],
    /// So many of these.
    pub independent: (usize, &'static [CheckKind]),
    pub outside: (usize, &'static [CheckKind]),
    pub blocking: &'static [CheckKind],
    pub days: i64,
    pub dns_days: i64,
}

impl PolicyInWords {
    pub fn configuration(&self) -> String {
        let list = |kinds: &[CheckKind]| {
            let words: Vec<String> = kinds.iter().map(|kind| format!("{:?}", kind.as_str())).collect();
            format!("[{}]", words.join(", "))
        };
        format!(
            "[policy]\nrequired = {}\nindependent_proofs = {}\nindependent = {}\noutside_mailbox_proofs = {}\n\
             outside_mailbox = {}\nblocking = {}\nexpires_after_days = {}\n[deadlines]\ndomain_proof_days = {}\n",
            list(self.required),
            self.independent.0,
            list(self.independent.1),
            self.outside.0,
            list(self.outside.1),
            list(self.blocking),
            self.days,
            self.dns_days,
        )
    }
}

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
    /// What nobody does in this walk.
    pub leaves_out: &'static [ActionKind],
}

impl Lens {
    /// Whether `actor` does such a thing in this walk.
    pub fn knows(&self, actor: Actor, kind: ActionKind) -> bool {
        let others = |only: &&(ActionKind, &[u8])| only.0 == kind;
        let allowed = |id| self.only.iter().find(others).is_none_or(|only| only.1.contains(&number_of(id)));
        !self.leaves_out.contains(&kind) && actor.staff_id().is_none_or(allowed)
    }
}

use ActionKind as A;
use CheckKind as K;
use Verdict as V;

/// The least that shows every kind of rule: two required checks, one proof out of two.
const SMALL: PolicyInWords = PolicyInWords {
    required: &[K::RequesterEmail, K::Successor],
    independent: (1, &[K::Callback, K::Document]),
    outside: (0, &[K::Callback]),
    blocking: &[K::RequesterEmail, K::Successor, K::DepartedNotice, K::Vouch, K::Callback],
    days: 30,
    dns_days: 30,
};

/// As delivered in `config/default.toml`; a test holds the two against each other.
pub const DEFAULT: PolicyInWords = PolicyInWords {
    required: &[K::RequesterEmail, K::Entitlement, K::RecordedContact, K::DepartedNotice, K::Successor],
    independent: (2, &[K::DomainRegister, K::DomainDns, K::Vouch, K::Callback, K::Document]),
    outside: (1, &[K::DomainDns, K::Vouch, K::Callback]),
    blocking: &[
        K::RequesterEmail,
        K::Entitlement,
        K::RecordedContact,
        K::DepartedNotice,
        K::Successor,
        K::Vouch,
        K::Callback,
    ],
    days: 90,
    dns_days: 90,
};

/// Nothing about objections: what stops the case then is the case's own place, not the policy.
const LAX: PolicyInWords = PolicyInWords {
    required: &[K::RequesterEmail],
    independent: (1, &[K::Document]),
    outside: (0, &[]),
    blocking: &[],
    days: 30,
    dns_days: 10,
};

/// The policy as delivered.
pub const DELIVERED: Lens = Lens {
    name: "the policy as delivered",
    policy: DEFAULT,
    staff: &[0, 1],
    hours: &[0, 10 * 24],
    recorded: &[
        (K::Entitlement, V::Passed),
        (K::Entitlement, V::Failed),
        (K::RecordedContact, V::Passed),
        (K::DomainRegister, V::Passed),
        (K::DepartedNotice, V::Inconclusive),
    ],
    called: &[V::Passed],
    reviewed: &[],
    waived: &[K::Entitlement],
    texts: 1,
    letters: 1,
    rival: None,
    after: &[(K::RecordedContact, K::Entitlement), (K::DomainRegister, K::RecordedContact)],
    only: &[(A::RequestVouch, &[])],
    leaves_out: &[
        A::CheckAgain,
        A::RecordContactGone,
        A::ResendLetter,
        A::CancelLetter,
        A::SettleLetter,
        A::StartDomainChallenge,
        A::InviteSuccessor,
        A::DeclineSuccession,
        A::Recall,
        A::Withdraw,
        A::Reopen,
        A::Object,
        A::ReturnDraft,
        A::RecordAtlassianAnswer,
        A::Reject,
        A::Close,
        A::AskCustomer,
        A::AddNote,
        A::FileMail,
        A::Assign,
        A::PostponeCheck,
    ],
};

pub const LENSES: [Lens; 7] = [
    Lens {
        name: "people: who wrote, who decided, who approves",
        policy: SMALL,
        staff: &[0, 1, 2, 4],
        hours: &[0],
        recorded: &[],
        called: &[V::Passed],
        reviewed: &[],
        waived: &[],
        texts: 2,
        letters: 1,
        rival: None,
        after: &[],
        only: &[],
        leaves_out: &[
            A::CheckAgain,
            A::RecordContactGone,
            A::ResendLetter,
            A::CancelLetter,
            A::SettleLetter,
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
            A::AddNote,
            A::FileMail,
            A::Assign,
            A::PostponeCheck,
        ],
    },
    Lens {
        name: "time: verdicts grow old at every stage",
        policy: SMALL,
        staff: &[0, 1],
        hours: &[0, 10 * 24, 35 * 24, 45 * 24],
        recorded: &[(K::Successor, V::Passed), (K::DomainDns, V::Passed), (K::DomainDns, V::Failed)],
        called: &[V::Passed],
        reviewed: &[],
        waived: &[K::Successor],
        texts: 1,
        letters: 1,
        rival: None,
        after: &[],
        only: &[],
        leaves_out: &[
            A::ResendLetter,
            A::CancelLetter,
            A::SettleLetter,
            A::Object,
            A::RequestVouch,
            A::NotifyDepartedContact,
            A::InviteSuccessor,
            A::AcceptSuccession,
            A::DeclineSuccession,
            A::Withdraw,
            A::Reopen,
            A::Reject,
            A::Close,
            A::AskCustomer,
            A::AddNote,
            A::FileMail,
            A::Assign,
            A::PostponeCheck,
            A::StartDomainChallenge,
        ],
    },
    Lens {
        name: "objections: at every moment, with a policy that would let them pass",
        policy: LAX,
        staff: &[0, 1, 2],
        hours: &[0],
        recorded: &[],
        called: &[],
        reviewed: &[V::Passed],
        waived: &[K::DepartedNotice],
        texts: 1,
        letters: 1,
        rival: Some(false),
        after: &[],
        only: &[
            (A::SaveDraft, &[0]),
            (A::DecideDocument, &[0]),
            (A::RequestVouch, &[0]),
            (A::Object, &[0]),
            (A::Reopen, &[1]),
        ],
        leaves_out: &[
            A::CheckAgain,
            A::RecordContactGone,
            A::ResendLetter,
            A::CancelLetter,
            A::SettleLetter,
            A::InviteSuccessor,
            A::RequestVouch,
            A::AcceptSuccession,
            A::DeclineSuccession,
            A::StartDomainChallenge,
            A::NotifyDepartedContact,
            A::Close,
            A::AskCustomer,
            A::AddNote,
            A::FileMail,
            A::Assign,
            A::PostponeCheck,
            A::RecordAtlassianAnswer,
            A::Reject,
            A::ReturnDraft,
            A::Recall,
        ],
    },
    Lens {
        name: "vouchers: who was asked may object, before and after vouching",
        policy: LAX,
        staff: &[0, 1, 2],
        hours: &[0],
        recorded: &[(K::Vouch, V::Inconclusive)],
        called: &[],
        reviewed: &[V::Passed],
        waived: &[K::Vouch],
        texts: 1,
        letters: 1,
        rival: None,
        after: &[],
        only: &[
            (A::SaveDraft, &[0]),
            (A::DecideDocument, &[0]),
            (A::RequestVouch, &[0]),
            (A::Object, &[]),
            (A::Reopen, &[1]),
        ],
        leaves_out: &[
            A::CheckAgain,
            A::RecordContactGone,
            A::ResendLetter,
            A::CancelLetter,
            A::SettleLetter,
            A::InviteSuccessor,
            A::AcceptSuccession,
            A::DeclineSuccession,
            A::StartDomainChallenge,
            A::NotifyDepartedContact,
            A::Close,
            A::AskCustomer,
            A::AddNote,
            A::FileMail,
            A::Assign,
            A::PostponeCheck,
            A::RecordAtlassianAnswer,
            A::Reject,
            A::ReturnDraft,
            A::Recall,
        ],
    },
    Lens {
        name: "ends: follow-ups, recalls, answers, closing and reopening",
        policy: SMALL,
        staff: &[0, 1],
        hours: &[0],
        recorded: &[],
        called: &[V::Passed],
        reviewed: &[],
        waived: &[],
        texts: 1,
        letters: 2,
        rival: Some(true),
        after: &[],
        only: &[],
        leaves_out: &[
            A::CheckAgain,
            A::RecordContactGone,
            A::ResendLetter,
            A::CancelLetter,
            A::SettleLetter,
            A::Object,
            A::RequestVouch,
            A::StartDomainChallenge,
            A::NotifyDepartedContact,
        ],
    },
    Lens {
        name: "names: who may change the customer's zone",
        policy: PolicyInWords {
            required: &[K::RequesterEmail],
            independent: (1, &[K::DomainDns]),
            blocking: &[K::DomainDns],
            ..LAX
        },
        staff: &[0, 1],
        hours: &[0, 5 * 24, 15 * 24],
        recorded: &[(K::DomainDns, V::Passed), (K::DomainDns, V::Failed), (K::DomainDns, V::Inconclusive)],
        called: &[],
        reviewed: &[],
        waived: &[K::DomainDns],
        texts: 1,
        letters: 1,
        rival: None,
        after: &[],
        only: &[],
        leaves_out: &[
            A::CheckAgain,
            A::RecordContactGone,
            A::RequestVouch,
            A::NotifyDepartedContact,
            A::InviteSuccessor,
            A::AcceptSuccession,
            A::DeclineSuccession,
            A::Close,
            A::AddNote,
            A::FileMail,
            A::Assign,
            A::PostponeCheck,
            A::Reject,
            A::RecordAtlassianAnswer,
            A::Object,
            A::Withdraw,
            A::Reopen,
        ],
    },
    DELIVERED,
];

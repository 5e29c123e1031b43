//! Whoever owns one thing and makes a request that the customer does not want. Everybody else is honest: who is called, asked
//! or notified answers truthfully, staff record what they found and do what the page lets them.
//!
//! What an attacker can bring about beyond anybody's reach is told in [`Attacker::fakes`]; knowledge (licence numbers, names)
//! is everybody's, so what the register answers passes, and nobody who got a notice reads it.

use strum::VariantArray;

use super::{
    lens::{AGAINST, AGAINST_UNKNOWN, Lens},
    walk::Walk,
    world::number_of,
};
use crate::case::{
    action::Action,
    actor::Actor,
    check::{CheckKind, Verdict},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum Attacker {
    /// The customer's domain: every mailbox below it, and its name servers.
    OwnsDomain,
    OwnsRequesterMailbox,
    /// Of a contact on record who could vouch, or ask.
    OwnsColleagueMailbox,
    OwnsDepartedMailbox,
    /// A line on record.
    HasTelephone,
    /// Letterhead and signature.
    ForgesPaper,
    IsAgent,
    IsApprover,
}

/// The members of staff who are attackers; all others are honest.
const BAD_AGENT: u8 = 3;
const BAD_APPROVER: u8 = 2;

impl Attacker {
    /// Whether what `actor` does with `action`, which is false, comes about by what this attacker owns.
    fn fakes(self, actor: Actor, action: &Action) -> bool {
        let is = |number: u8| actor.staff_id().is_some_and(|id| number_of(id) == number);
        match action {
            Action::RecordCheck { kind: CheckKind::DomainRegister, .. } => matches!(
                self,
                Self::OwnsDomain
                    | Self::OwnsRequesterMailbox
                    | Self::OwnsColleagueMailbox
                    | Self::OwnsDepartedMailbox
            ),
            Action::RecordCheck { kind: CheckKind::DomainDns, .. } => self == Self::OwnsDomain,
            Action::Vouch => matches!(self, Self::OwnsDomain | Self::OwnsColleagueMailbox),
            Action::DecideCallback { .. } => {
                self == Self::HasTelephone
                    || (self == Self::IsAgent && is(BAD_AGENT))
                    || (self == Self::IsApprover && is(BAD_APPROVER))
            }
            Action::DecideDocument { .. } => {
                self == Self::ForgesPaper
                    || (self == Self::IsAgent && is(BAD_AGENT))
                    || (self == Self::IsApprover && is(BAD_APPROVER))
            }
            _ => false,
        }
    }
}

/// Whether an action speaks for the request, so that it comes about only by a fake.
fn speaks_for_it(action: &Action) -> bool {
    match action {
        Action::RecordCheck { kind, verdict, .. } => *verdict == Verdict::Passed && kind.is_proof(),
        Action::DecideCallback { verdict, .. } | Action::DecideDocument { verdict, .. } => {
            *verdict == Verdict::Passed
        }
        Action::Vouch => true,
        _ => false,
    }
}

impl Lens {
    /// Whether this can come about where these attackers make the request; anything can where there is none.
    pub fn can_happen(&self, actor: Actor, action: &Action) -> bool {
        let fake = || self.attackers.iter().any(|attacker| attacker.fakes(actor, action));
        self.attackers.is_empty() || !speaks_for_it(action) || fake()
    }
}

/// The lens of a false request by whoever owns all these things.
fn against(attackers: &'static [Attacker], requester_on_record: bool, base: Lens) -> &'static Lens {
    let staff: &[u8] = if attackers.contains(&Attacker::IsAgent) {
        &[0, 1, 4, BAD_AGENT]
    } else if attackers.contains(&Attacker::IsApprover) {
        &[0, 1, 4, BAD_APPROVER]
    } else {
        &[0, 1, 4]
    };
    Box::leak(Box::new(Lens { attackers, requester_on_record, staff, ..base }))
}

/// By attacker, by whether the departed contact's address is said, and by whether the request is made in the name of a contact on record.
#[test]
fn no_single_compromise_reaches_atlassian() {
    // Each attacker in a thread of its own: one after the other would keep one core busy long after everything else is done.
    std::thread::scope(|scope| {
        for attacker in Attacker::VARIANTS {
            scope.spawn(move || {
                let attackers: &'static [Attacker] = Box::leak(Box::new([*attacker]));
                for on_record in [false, true] {
                    for base in [AGAINST, AGAINST_UNKNOWN] {
                        reaches_nothing(attackers, on_record, base);
                    }
                }
            });
        }
    });
}

#[expect(clippy::print_stdout, reason = "the size of the walks is part of what they say")]
fn reaches_nothing(attackers: &'static [Attacker], on_record: bool, base: Lens) {
    let name = base.name;
    let walked = Walk::through(against(attackers, on_record, base))
        .unwrap_or_else(|path| panic!("{name}: {attackers:?}, on record: {on_record}: {path}"));
    println!(
        "{name}: attacker {attackers:?}, on record: {on_record}: {} states, {} moves, {} of them made",
        walked.states, walked.tried, walked.made
    );
    assert_eq!(walked.handed_over, 0, "{name}: {attackers:?}");
    let states = walked.states;
    assert!(states > 500, "{name}: {attackers:?}: a walk of {states} states says little");
}

/// The walks can fail: two things together are enough, which the policy does not promise to stop.
#[test]
fn two_compromises_together_can_reach_atlassian() {
    use Attacker as X;
    const TOGETHER: &[&[Attacker]] = &[
        &[X::OwnsDomain, X::HasTelephone],
        &[X::OwnsRequesterMailbox, X::HasTelephone],
        &[X::ForgesPaper, X::HasTelephone],
        &[X::OwnsDomain, X::IsAgent],
        &[X::OwnsRequesterMailbox, X::IsApprover],
        // Only where an approver, besides, goes without somebody else's word.
        &[X::OwnsDomain, X::ForgesPaper],
    ];
    for attackers in TOGETHER {
        let walked = Walk::through(against(attackers, false, AGAINST)).unwrap();
        assert!(walked.handed_over > 0, "{attackers:?}");
    }
    // Also where the contact's address is not said.
    let walked =
        Walk::through(against(&[X::OwnsRequesterMailbox, X::HasTelephone], false, AGAINST_UNKNOWN)).unwrap();
    assert!(walked.handed_over > 0);
}

/// docs/POLICY.md says what stops each of them.
#[test]
fn the_policy_document_knows_every_attacker() {
    let document = include_str!("../../../../docs/POLICY.md");
    for attacker in Attacker::VARIANTS {
        let words = format!("{attacker:?}").chars().fold(String::new(), |mut words, letter| {
            if letter.is_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.extend(letter.to_lowercase());
            words
        });
        assert!(document.contains(&format!("| `{words}` |")), "{words}");
    }
}

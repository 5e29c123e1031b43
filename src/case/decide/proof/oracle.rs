//! The judge: remembers for itself what happened and says what the laws say of it. Asks no code that it judges.

use strum::VariantArray as _;

use super::{
    lens::Lens,
    policies::PolicyInWords,
    world::{KINDS, Letter, STAFF, Set, World, has, number_of},
};
use crate::case::{
    action::Action,
    actor::{Actor, Role},
    check::{CheckKind, Verdict},
    escalation::Addressed,
    outcome::Notification,
    state::Outcome,
};

/// What is known about one check. The number is the time at which it was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Found {
    #[default]
    Nothing,
    Passed(u8),
    Failed(u8),
    Unclear(u8),
    Waived(u8),
    /// An approver decided to go without anybody else's word.
    Without(u8),
}

/// One thing that an attacker could own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Domain,
    /// With the mailbox.
    Requester,
    /// The other contact on record, in person.
    Colleague,
    Telephone,
    Paper,
    Staff(u8),
}

/// Whose objection is open.
pub const BY_DEPARTED: u8 = 0;
pub const BY_VOUCHER: u8 = 1;
/// Not an objection by name: somebody else asks for the same.
pub const BY_RIVAL: u8 = 2;
const OBJECTORS: [(u8, CheckKind); 2] =
    [(BY_DEPARTED, CheckKind::DepartedNotice), (BY_VOUCHER, CheckKind::Vouch)];

/// What the judge saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    pub confirmed: bool,
    pub wrote: Set,
    pub decided: Set,
    /// Who of the staff wrote the request down.
    pub prepared: Option<u8>,
    /// Staff read the link to it.
    pub link_is_known: bool,
    pub found: [Found; KINDS],
    /// Who found what the callback and the document showed, where one counts.
    pub caller: Option<u8>,
    pub reviewer: Option<u8>,
    pub objections: Set,
    /// When the departed contact was first written to.
    pub notified: Option<u8>,
    /// Somebody outside said something that staff have not looked at; kept by the lenses that look at it.
    pub unread: bool,
}

/// What an action means for what was drafted or approved before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It rests on what it rested on.
    Nothing,
    /// It rests on something else now, or was taken back.
    Void,
}

impl History {
    /// What `actor` did, and it was allowed. A new action is told here what it means for the laws (`Action::AddNote` is an
    /// example of none), and gets its examples in `moves::actions`.
    pub fn learn(&mut self, actor: Actor, action: &Action, (clock, delivered): (u8, bool)) -> Meaning {
        let before = self.found;
        let mut taken_back = false;
        let mut decides = |kind: CheckKind, found: Found| self.found[kind as usize] = found;
        match action {
            Action::Confirm => {
                decides(CheckKind::RequesterEmail, Found::Passed(clock));
                self.confirmed = true;
            }
            // Not a first confirmation: whoever never confirmed is none the better for it.
            Action::ConfirmAgain => decides(CheckKind::RequesterEmail, Found::Passed(clock)),
            Action::Reconsider => taken_back = true,
            Action::CheckAgain { kind } | Action::RecordContactGone { kind } => {
                if !kind.is_answered_by_register() {
                    decides(*kind, Found::Nothing);
                }
            }
            Action::RecordCheck { kind, verdict, .. } => decides(*kind, found(*verdict, clock)),
            Action::StartDomainChallenge { .. } => decides(CheckKind::DomainDns, Found::Nothing),
            Action::RequestVouch { .. } => decides(CheckKind::Vouch, Found::Nothing),
            Action::Vouch => decides(CheckKind::Vouch, Found::Passed(clock)),
            Action::AcceptSuccession => decides(CheckKind::Successor, Found::Passed(clock)),
            Action::DeclineSuccession => decides(CheckKind::Successor, Found::Failed(clock)),
            Action::DecideCallback { verdict, .. } => {
                decides(CheckKind::Callback, found(*verdict, clock));
                self.caller = actor.staff_id().map(number_of);
                self.decided |= hand(actor);
                taken_back = true;
            }
            Action::DecideDocument { verdict, .. } => {
                decides(CheckKind::Document, found(*verdict, clock));
                self.reviewer = actor.staff_id().map(number_of);
                self.decided |= hand(actor);
                taken_back = true;
            }
            Action::WaiveCheck { kind, .. } => {
                let objected = matches!(before[CheckKind::Vouch as usize], Found::Failed(_));
                let without = *kind == CheckKind::Vouch && !objected;
                decides(*kind, if without { Found::Without(clock) } else { Found::Waived(clock) });
                self.decided |= hand(actor);
                // Whoever may dismiss an objection may also set it aside by waiving what it was about, with a reason.
                for (objector, about) in OBJECTORS {
                    if about == *kind {
                        self.objections &= !(1 << objector);
                    }
                }
                taken_back = true;
            }
            Action::Object { kind, .. } => {
                let objector = if *kind == CheckKind::Vouch { BY_VOUCHER } else { BY_DEPARTED };
                decides(OBJECTORS[usize::from(objector)].1, Found::Failed(clock));
                self.objections |= 1 << objector;
                taken_back = true;
            }
            Action::RecordSecondClaim { .. } => {
                self.objections |= 1 << BY_RIVAL;
                taken_back = true;
            }
            Action::DismissObjection { .. } => {
                for (objector, kind) in OBJECTORS {
                    if has(self.objections, objector) {
                        // One person's word: the time of whoever else was written to goes on.
                        let runs = objector == BY_DEPARTED
                            && !delivered
                            && self.notified.is_none_or(|then| then == clock);
                        self.found[kind as usize] = if runs { Found::Nothing } else { Found::Waived(clock) };
                    }
                }
                self.objections = 0;
                self.decided |= hand(actor);
            }
            Action::CorrectFacts { corrections, .. } => {
                self.decided |= hand(actor);
                taken_back = true;
                if corrections.departed_email.is_some() {
                    // Who spoke, or was there to be written to, was found while it might have been anybody.
                    self.found[CheckKind::RecordedContact as usize] = Found::Nothing;
                    for kind in [CheckKind::Vouch, CheckKind::Callback] {
                        let found = &mut self.found[kind as usize];
                        if matches!(found, Found::Passed(_) | Found::Unclear(_)) {
                            *found = Found::Nothing;
                        }
                    }
                    let notice = &mut self.found[CheckKind::DepartedNotice as usize];
                    if matches!(notice, Found::Unclear(_)) {
                        *notice = Found::Nothing;
                    }
                }
                if corrections.departed_role.is_some() {
                    // Whoever was asked about another role was not asked about this one. A no stays.
                    self.notified = None;
                    let about = [
                        CheckKind::RecordedContact,
                        CheckKind::DepartedNotice,
                        CheckKind::Successor,
                        CheckKind::Vouch,
                    ];
                    for kind in about {
                        let found = &mut self.found[kind as usize];
                        let stays = match kind {
                            CheckKind::RecordedContact => false,
                            CheckKind::Vouch => !matches!(found, Found::Passed(_)),
                            _ => matches!(found, Found::Failed(_)),
                        };
                        if !stays {
                            *found = Found::Nothing;
                        }
                    }
                }
            }
            // Whoever was asked, or looked, was told of another address. A no stays, whoever said it.
            Action::CorrectAddress { whose, .. } => {
                taken_back = true;
                self.notified = None;
                let mut about = vec![
                    CheckKind::DepartedNotice,
                    CheckKind::Vouch,
                    CheckKind::Callback,
                    CheckKind::Document,
                ];
                about.extend(match whose {
                    Addressed::Successor => vec![CheckKind::Successor],
                    Addressed::Departed => vec![CheckKind::RecordedContact, CheckKind::DomainDns],
                });
                for kind in about {
                    let found = &mut self.found[kind as usize];
                    let gives = matches!(found, Found::Passed(_) | Found::Waived(_) | Found::Without(_));
                    let anew = matches!(
                        kind,
                        CheckKind::Successor | CheckKind::RecordedContact | CheckKind::DomainDns
                    );
                    if gives
                        || anew
                        || kind == CheckKind::DepartedNotice && !matches!(found, Found::Failed(_))
                    {
                        *found = Found::Nothing;
                    }
                }
            }
            Action::NotifyDepartedContact => self.notified = self.notified.or(Some(clock)),
            Action::SaveDraft { .. } => self.wrote |= hand(actor),
            // An objection that was right stays open, also when the case is taken up again.
            Action::UpholdObjection { .. }
            | Action::ReturnDraft { .. }
            | Action::Recall { .. }
            | Action::Withdraw
            | Action::Expire
            | Action::Reject { .. }
            | Action::Close { .. } => taken_back = true,
            Action::PostponeCheck { .. }
            | Action::InviteSuccessor
            | Action::AskCustomer { .. }
            | Action::Answer { .. }
            | Action::Tell { .. }
            | Action::Approve { .. }
            | Action::RecordDelivery { .. }
            | Action::RecordAtlassianAnswer { .. }
            | Action::NoteSilence { .. }
            | Action::ConfirmAccess
            | Action::SettleAccess
            | Action::ReportNoAccess { .. }
            | Action::Reopen { .. }
            | Action::Assign { .. }
            | Action::Refer { .. }
            | Action::Hold { .. }
            | Action::LiftHold { .. }
            | Action::RetryEmail { .. }
            | Action::AddNote { .. }
            | Action::FileMail { .. }
            | Action::MarkSeen
            | Action::Remind
            | Action::AddEvidence { .. }
            | Action::RecordScan { .. }
            | Action::RemoveEvidence { .. }
            | Action::DeleteEvidence { .. }
            | Action::ResendLetter { .. }
            | Action::EndLink { .. }
            | Action::CancelLetter { .. }
            | Action::SettleLetter { .. } => {}
        }
        if taken_back || before != self.found { Meaning::Void } else { Meaning::Nothing }
    }

    /// What `actor` said or read.
    pub fn hears(&mut self, actor: Actor, action: &Action, closes: bool) {
        let staff = actor.staff_id().is_some();
        let reads = matches!(
            action,
            Action::MarkSeen
                | Action::AskCustomer { .. }
                | Action::RecordAtlassianAnswer { .. }
                | Action::DismissObjection { .. }
                | Action::SaveDraft { .. }
                | Action::ReturnDraft { .. }
                | Action::Close { .. }
                | Action::Reopen { .. }
        );
        let said = match action {
            Action::FileMail { manner, .. } => manner.is_written(),
            Action::RecordDelivery { delivered, .. } => !delivered,
            Action::Answer { .. }
            | Action::Tell { .. }
            | Action::CorrectAddress { .. }
            | Action::ReportNoAccess { .. }
            | Action::DeclineSuccession
            | Action::Object { .. }
            | Action::RecordSecondClaim { .. }
            | Action::AddEvidence { .. } => true,
            _ => false,
        };
        let read = staff && reads;
        self.unread = !(closes || read) && (self.unread || said && !staff);
    }

    /// The policy by the judge's own arithmetic.
    pub fn satisfies(&self, lens: &Lens, clock: u8) -> Result<(), String> {
        let PolicyInWords { required, blocking, .. } = &lens.policy;
        for kind in CheckKind::VARIANTS.iter().copied() {
            let found = self.found[kind as usize];
            let set_aside =
                matches!(found, Found::Waived(then) | Found::Without(then) if fresh(lens, kind, then, clock));
            if matches!(found, Found::Failed(_)) && blocking.contains(&kind) {
                return Err(format!("{kind:?} failed"));
            }
            if required.contains(&kind)
                && !self.is_proven(lens, kind, clock)
                && !(set_aside && kind != CheckKind::RequesterEmail)
            {
                return Err(format!("{kind:?} does not count"));
            }
        }
        self.proves_enough(lens, clock)
    }

    fn is_proven(&self, lens: &Lens, kind: CheckKind, clock: u8) -> bool {
        matches!(self.found[kind as usize], Found::Passed(then) if fresh(lens, kind, then, clock))
    }

    /// Not by counting the fewest things that spoil all proofs, but by trying each single one.
    fn proves_enough(&self, lens: &Lens, clock: u8) -> Result<(), String> {
        let policy = &lens.policy;
        let proofs: Vec<CheckKind> =
            policy.proofs.iter().copied().filter(|kind| self.is_proven(lens, *kind, clock)).collect();
        if proofs.is_empty() && policy.roots > 0 {
            return Err("nothing is proven".to_owned());
        }
        let mut things =
            vec![Thing::Domain, Thing::Requester, Thing::Colleague, Thing::Telephone, Thing::Paper];
        things.extend((0..STAFF.len() as u8).map(Thing::Staff));
        let spoils_all = |thing: &&Thing| proofs.iter().all(|kind| self.spoils(**thing, *kind));
        if let Some(thing) = things.iter().find(spoils_all).filter(|_| policy.roots > 1) {
            return Err(format!("whoever owns {thing:?} fakes all of {proofs:?}"));
        }
        if proofs.iter().filter(|kind| !self.spoils(Thing::Domain, **kind)).count() < policy.outside_domain {
            return Err("all rests on a domain".to_owned());
        }
        let vouch = self.found[CheckKind::Vouch as usize];
        let without = matches!(vouch, Found::Without(then) if fresh(lens, CheckKind::Vouch, then, clock));
        let on_record = lens.requester_on_record && self.is_proven(lens, CheckKind::RecordedContact, clock);
        let others =
            proofs.iter().filter(|kind| matches!(kind, CheckKind::Vouch | CheckKind::Callback)).count();
        if others < policy.from_others && !without && !on_record {
            return Err("nobody was heard but those who ask".to_owned());
        }
        Ok(())
    }

    /// Whether that proof is worth nothing where somebody owns this one thing.
    fn spoils(&self, thing: Thing, kind: CheckKind) -> bool {
        match kind {
            CheckKind::DomainRegister => matches!(thing, Thing::Domain | Thing::Requester),
            CheckKind::DomainDns => thing == Thing::Domain,
            // The other contact's mailbox is below the domain.
            CheckKind::Vouch => matches!(thing, Thing::Domain | Thing::Colleague),
            CheckKind::Callback => {
                matches!(thing, Thing::Telephone | Thing::Colleague)
                    || self.caller.is_some_and(|caller| thing == Thing::Staff(caller))
            }
            CheckKind::Document => {
                thing == Thing::Paper || self.reviewer.is_some_and(|reviewer| thing == Thing::Staff(reviewer))
            }
            _ => false,
        }
    }

    /// Laws 1 and 2 when `approver` lets the text that `looked_at` names go, which then is put into the outbox as
    /// `queued`.
    pub fn lets_go(
        &self,
        lens: &Lens,
        world: &World,
        approver: Actor,
        looked_at: u8,
        queued: u8,
    ) -> Result<(), String> {
        let Actor::Staff { id, role } = approver else {
            return Err("nobody of the staff approved".to_owned());
        };
        let hand = number_of(id);
        self.may_go(lens, world.clock)?;
        if role < Role::Approver {
            return Err("whoever approved may not".to_owned());
        }
        if has(self.wrote, hand) {
            return Err("the approver wrote a draft".to_owned());
        }
        if has(self.decided, hand) {
            return Err("the approver decided a check".to_owned());
        }
        if self.prepared == Some(hand) {
            return Err("the approver wrote the request down".to_owned());
        }
        if looked_at != queued {
            return Err("other bytes go out than were approved".to_owned());
        }
        match world.live {
            None => Err("there is no draft".to_owned()),
            Some(live) if live.void => Err("what the draft rests on changed since it was written".to_owned()),
            Some(live) if live.text != queued => Err("other bytes go out than were drafted".to_owned()),
            Some(live) if !has(self.wrote, live.author) => Err("nobody wrote the draft".to_owned()),
            Some(_) => Ok(()),
        }
    }

    /// Law 13 when a case comes of what staff prepared: `once` and in time, by a link that only the customer knows, and the mailbox that is `proven` by it is the one that
    /// the link went to.
    pub fn begins(&self, actor: Actor, once: bool, proven: bool) -> Result<(), String> {
        if actor != Actor::Requester {
            return Err("a case came of what was prepared without the customer".to_owned());
        }
        if self.link_is_known {
            return Err("a case came of what was prepared by a link that staff had read".to_owned());
        }
        if !once {
            return Err("a case came of what was prepared a second time, or too late".to_owned());
        }
        if !proven {
            return Err("the link confirmed a mailbox that it never went to".to_owned());
        }
        Ok(())
    }

    /// Laws 1 and 2 when a worker hands `letter` to the mail server.
    pub fn hands_over(&self, lens: &Lens, clock: u8, letter: &Letter) -> Result<(), String> {
        self.may_go(lens, clock)?;
        if letter.void {
            return Err("it was taken back, or what it rests on changed since the approval".to_owned());
        }
        Ok(())
    }

    fn may_go(&self, lens: &Lens, clock: u8) -> Result<(), String> {
        if !self.confirmed {
            return Err("the requester never confirmed".to_owned());
        }
        if self.objections != 0 {
            return Err("an objection is open".to_owned());
        }
        self.satisfies(lens, clock)
    }

    /// Who may do what, as far as the laws lean on it.
    pub fn entitles(&self, actor: Actor, action: &Action, clock: u8) -> Result<(), String> {
        let is_staff = |least: Role| matches!(actor, Actor::Staff { role, .. } if role >= least);
        let right = match action {
            Action::Confirm | Action::ConfirmAgain | Action::Tell { .. } | Action::CorrectAddress { .. } => {
                actor == Actor::Requester
            }
            Action::Reconsider | Action::RecordContactGone { .. } => actor == Actor::System,
            Action::CheckAgain { kind } => is_staff(Role::Agent) && *kind != CheckKind::Callback,
            Action::Object { kind, .. } => match kind {
                CheckKind::Vouch => actor == Actor::RegisteredContact,
                kind => *kind == CheckKind::DepartedNotice && actor != Actor::Requester,
            },
            Action::AcceptSuccession => actor == Actor::Successor,
            Action::ConfirmAccess | Action::ReportNoAccess { .. } => {
                matches!(actor, Actor::Requester | Actor::Successor)
            }
            Action::SettleAccess => actor == Actor::System,
            Action::Vouch => actor == Actor::RegisteredContact,
            Action::RecordCheck { kind, verdict, .. } => {
                let silence_is_over = *kind != CheckKind::DepartedNotice
                    || *verdict != Verdict::Passed
                    || self.notified.is_some_and(|then| then < clock);
                let lawful = !matches!(kind, CheckKind::Callback | CheckKind::Document)
                    && !matches!(verdict, Verdict::Waived | Verdict::Pending);
                actor == Actor::System && lawful && silence_is_over
            }
            Action::RecordDelivery { .. } | Action::RecordSecondClaim { .. } => actor == Actor::System,
            Action::Remind => actor == Actor::System || is_staff(Role::Agent),
            Action::ResendLetter { notification, .. } | Action::CancelLetter { notification, .. } => {
                is_staff(Role::Agent) && *notification != Notification::AtlassianRequest
            }
            Action::DecideDocument { verdict, review, .. } => {
                let lawful = !matches!(verdict, Verdict::Waived | Verdict::Pending);
                is_staff(Role::Agent) && lawful && (*verdict != Verdict::Passed || review.is_met())
            }
            Action::AddEvidence { .. } => actor == Actor::Requester || is_staff(Role::Agent),
            Action::RemoveEvidence { own, decided_on, reason, .. } => {
                let lawful = match actor {
                    Actor::Requester => *own,
                    _ => is_staff(Role::Agent) && reason.is_some(),
                };
                lawful && !decided_on
            }
            Action::RecordScan { .. } | Action::DeleteEvidence { .. } => actor == Actor::System,
            Action::DecideCallback { verdict, .. } => {
                is_staff(Role::Agent) && !matches!(verdict, Verdict::Waived | Verdict::Pending)
            }
            Action::WaiveCheck { kind, .. } => is_staff(Role::Approver) && *kind != CheckKind::RequesterEmail,
            Action::DismissObjection { .. }
            | Action::UpholdObjection { .. }
            | Action::Approve { .. }
            | Action::Hold { .. }
            | Action::LiftHold { .. }
            | Action::Reopen { .. } => is_staff(Role::Approver),
            Action::SaveDraft { .. }
            | Action::ReturnDraft { .. }
            | Action::CorrectFacts { .. }
            | Action::Recall { .. }
            | Action::RetryEmail { .. }
            | Action::RecordAtlassianAnswer { .. }
            | Action::Reject { .. } => is_staff(Role::Agent),
            // To close a contested case decides the contest.
            Action::Close { .. } if self.objections != 0 => is_staff(Role::Approver),
            Action::Close { outcome, .. } => {
                is_staff(Role::Agent) && !matches!(outcome, Outcome::Rejected | Outcome::Expired)
            }
            _ => actor != Actor::Atlassian,
        };
        if right { Ok(()) } else { Err("this was not theirs to do".to_owned()) }
    }
}

fn fresh(lens: &Lens, kind: CheckKind, then: u8, clock: u8) -> bool {
    let days = match kind {
        CheckKind::DomainDns => lens.policy.days.min(lens.policy.dns_days),
        _ => lens.policy.days,
    };
    lens.hours[usize::from(clock)] < lens.hours[usize::from(then)] + days * 24
}

fn found(verdict: Verdict, clock: u8) -> Found {
    match verdict {
        Verdict::Pending => Found::Nothing,
        Verdict::Passed => Found::Passed(clock),
        Verdict::Failed => Found::Failed(clock),
        Verdict::Inconclusive => Found::Unclear(clock),
        Verdict::Waived => Found::Waived(clock),
    }
}

fn hand(actor: Actor) -> Set {
    actor.staff_id().map_or(0, |id| 1 << number_of(id))
}

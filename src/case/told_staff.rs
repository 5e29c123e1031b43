//! Whom of the staff a change of a case concerns, and as what. Pure; keeping and sending it is `casework`'s.
//!
//! Nobody is told of what they did themselves. Stops who floods the desk through a case: what comes into cases that nobody
//! has is told to everybody in the summary only.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{
    actor::{Actor, Role, StaffId},
    correspondence::{Manner, Writer},
    event::Event,
    four_eyes::Hands,
    news::Arrival,
    state::State,
};

/// What somebody is told of; each can be switched off, or collected.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NoticeKind {
    /// A draft waits for an approval that they could give.
    ApprovalWanted,
    /// Their draft was returned.
    Returned,
    /// Somebody objected, or claims the same.
    Objection,
    /// A letter, an answer or a file came in, and somebody has to look at it.
    Answer,
    /// An e-mail of ours did not arrive.
    FailingMail,
    /// A colleague named them in a note.
    Mention,
    /// The case waits for us, and not for long any more.
    DueSoon,
    /// Somebody gave them the case.
    Assigned,
}

/// How somebody is told.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum How {
    Immediate,
    /// With everything else, at certain hours.
    Digest,
    Off,
}

impl NoticeKind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// For whoever has chosen nothing.
    pub fn default_how(self) -> How {
        match self {
            Self::FailingMail | Self::DueSoon => How::Digest,
            _ => How::Immediate,
        }
    }

    /// What becomes of the choice where somebody is told only because nobody has the case (`own` is false).
    pub fn how(self, chosen: How, own: bool) -> How {
        let collected = matches!(self, Self::Answer | Self::FailingMail | Self::DueSoon);
        if collected && !own && chosen == How::Immediate { How::Digest } else { chosen }
    }
}

/// A member of staff who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub id: StaffId,
    pub role: Role,
    pub name: String,
    pub address: String,
}

/// By what a note can name somebody.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    pub id: StaffId,
    pub name: &'a str,
    pub address: &'a str,
}

impl Colleague {
    fn named(&self) -> Named<'_> {
        Named { id: self.id, name: &self.name, address: &self.address }
    }
}

/// What happened, as far as it matters for who is told.
#[derive(Clone, Copy, Debug)]
pub struct Happened<'a> {
    pub event: &'a Event,
    pub by: Actor,
    /// Where the case was.
    pub before: &'a State,
    /// Whose case it is now.
    pub owner: Option<StaffId>,
    /// Who had a hand in the case before.
    pub hands: &'a Hands,
    /// What staff wrote for colleagues.
    pub note: Option<&'a str>,
}

/// People who are told of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub kind: NoticeKind,
    pub to: Vec<StaffId>,
    /// Because it concerns them, not because nobody has the case.
    pub own: bool,
}

impl Happened<'_> {
    /// Whether anybody could have to be told; most that happens concerns nobody.
    pub fn concerns_staff(&self) -> bool {
        self.kind().is_some() || self.note.is_some_and(|note| note.contains('@'))
    }

    /// Who is told of what.
    pub fn tell(&self, colleagues: &[Colleague]) -> Vec<Told> {
        let mut told = Vec::new();
        if let Some(kind) = self.kind() {
            told.push(self.tell_of(kind, colleagues));
        }
        if let Some(note) = self.note {
            let named: Vec<Named<'_>> = colleagues.iter().map(Colleague::named).collect();
            let to = find_mentioned(note, &named);
            told.push(Told { kind: NoticeKind::Mention, to, own: true });
        }
        for one in &mut told {
            one.to.retain(|id| self.by.staff_id() != Some(*id));
        }
        told.retain(|told| !told.to.is_empty());
        told
    }

    fn kind(&self) -> Option<NoticeKind> {
        let by_staff = self.by.staff_id().is_some();
        match self.event {
            Event::Drafted { .. } => Some(NoticeKind::ApprovalWanted),
            Event::DraftReturned { .. } => Some(NoticeKind::Returned),
            // Also one that a colleague took down on the telephone.
            Event::Objected { .. } | Event::SecondClaimRecorded { .. } => Some(NoticeKind::Objection),
            Event::DeliveryFailed => Some(NoticeKind::FailingMail),
            Event::MailFiled { writer: Writer::MailServer, manner: Manner::Returned, .. } => {
                Some(NoticeKind::FailingMail)
            }
            Event::Assigned { owner: Some(_) } => Some(NoticeKind::Assigned),
            event => (event.arrival(by_staff) == Some(Arrival::NeedsUs)).then_some(NoticeKind::Answer),
        }
    }

    fn tell_of(&self, kind: NoticeKind, colleagues: &[Colleague]) -> Told {
        let one = |id: Option<StaffId>| tell_one(kind, id, colleagues);
        match (kind, self.event, self.before) {
            (NoticeKind::ApprovalWanted, ..) => {
                let may = |colleague: &&Colleague| {
                    colleague.role >= Role::Approver
                        && !self.hands.authors.contains(&colleague.id)
                        && !self.hands.deciders.contains(&colleague.id)
                };
                Told { kind, to: colleagues.iter().filter(may).map(|one| one.id).collect(), own: true }
            }
            (_, Event::DraftReturned { .. }, State::AwaitingApproval { draft, .. }) => {
                one(Some(draft.author))
            }
            (_, Event::Assigned { owner }, _) => {
                let to = colleagues.iter().map(|one| one.id).filter(|id| Some(*id) == *owner).collect();
                Told { kind, to, own: true }
            }
            _ => one(self.owner),
        }
    }
}

/// The one whom it concerns, or everybody who works cases where that is nobody who is there.
pub fn tell_one(kind: NoticeKind, whom: Option<StaffId>, colleagues: &[Colleague]) -> Told {
    let works = |colleague: &&Colleague| colleague.role >= Role::Agent;
    let there = colleagues.iter().filter(works).find(|one| Some(one.id) == whom);
    match there {
        Some(one) => Told { kind, to: vec![one.id], own: true },
        None => Told { kind, to: colleagues.iter().filter(works).map(|one| one.id).collect(), own: false },
    }
}

/// Whom a note names: `@Anna`, `@Anna Vogt`, or what stands in their address before the `@`. Of two with the same first name both
/// are meant, unless the name goes on as that of one.
pub fn find_mentioned(note: &str, colleagues: &[Named<'_>]) -> Vec<StaffId> {
    let note = note.to_lowercase();
    let mut found = Vec::new();
    for (at, _) in note.match_indices('@') {
        let (before, rest) = (note.get(..at).unwrap_or_default(), note.get(at + 1..).unwrap_or_default());
        // The middle of an address names nobody.
        if before.chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let by_name: Vec<StaffId> = named(colleagues, |one| begins_with(rest, &one.name.to_lowercase()));
        let by_address = named(colleagues, |one| {
            let address = one.address.to_lowercase();
            address.split('@').next().is_some_and(|local| begins_with(rest, local))
        });
        let by_first_name = || {
            named(colleagues, |one| {
                let name = one.name.to_lowercase();
                name.split_whitespace().next().is_some_and(|first| begins_with(rest, first))
            })
        };
        let exact: Vec<StaffId> = by_name.into_iter().chain(by_address).collect();
        found.extend(if exact.is_empty() { by_first_name() } else { exact });
    }
    found.sort();
    found.dedup();
    found
}

fn named(colleagues: &[Named<'_>], is_named: impl Fn(&Named<'_>) -> bool) -> Vec<StaffId> {
    colleagues.iter().filter(|one| is_named(one)).map(|one| one.id).collect()
}

/// Whether `text` begins with the whole word, or words.
fn begins_with(text: &str, words: &str) -> bool {
    let Some(rest) = text.strip_prefix(words).filter(|_| !words.is_empty()) else { return false };
    let mut rest = rest.chars();
    match (rest.next(), rest.next()) {
        (None, _) => true,
        // A full stop ends a sentence, or goes on in a name.
        (Some('.' | '-' | '_'), Some(next)) => !next.is_alphanumeric(),
        (Some(next), _) => !next.is_alphanumeric(),
    }
}

#[cfg(test)]
mod tests;

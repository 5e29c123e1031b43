//! What happened, as one list: the trail, our e-mails, what came in, files. Latest first.
//!
//! A line of the trail that only says that a letter or a file came in gives way to the letter or the file itself. Checks that
//! the program decided one after the other are one entry.

use serde::Serialize;

use super::{TrailEntry, Words, evidence::FileView, trail};
use crate::{
    case::{check::Verdict, document::ScanResult, event::Event, news::News},
    casework::TrailLine,
    clock::Timestamp,
    desk::{inbound, letters::LetterView},
    mail::incoming::quarantine::Filed,
};

/// So many entries stand open; the others unfold.
const SHOWN: usize = 8;
/// So many bytes of words and marks a page holds of it; what is older stands on the next one. A customer who writes much can't make
/// the page too heavy to open.
const HEAVIEST: usize = 28_000;
/// What an entry weighs besides the words that somebody wrote.
const FRAME: usize = 700;

/// What the reader wants to see of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, strum::EnumString, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Filter {
    #[default]
    All,
    Mail,
    Notes,
    Checks,
}

/// A letter that came in, and what else is in it.
#[derive(Debug, Serialize)]
pub struct InboundView {
    #[serde(flatten)]
    pub letter: Filed,
    pub files: Vec<inbound::FileView>,
}

#[derive(Debug, Serialize)]
pub struct TimelineView {
    filter: Filter,
    recent: Vec<Entry>,
    older: Vec<Entry>,
    /// How many entries are new.
    new: usize,
    /// Entries of the past alone: the latest are on another page.
    past: bool,
    /// How many are older than those.
    rest: usize,
}

#[derive(Debug, Serialize)]
pub struct Entry {
    at: Timestamp,
    /// It came in, and nobody has looked at it.
    new: bool,
    #[serde(skip)]
    topic: Filter,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum What {
    Event(TrailEntry),
    /// Checks that passed by themselves.
    Passed {
        names: Vec<String>,
        who: String,
    },
    Letter {
        letter: Box<LetterView>,
    },
    Inbound {
        message: Box<InboundView>,
    },
    File {
        file: Box<FileView>,
    },
}

/// What the list is made of.
pub struct Parts<'a> {
    pub trail: &'a [TrailLine],
    pub letters: Vec<LetterView>,
    pub inbound: Vec<InboundView>,
    pub files: Vec<FileView>,
    pub news: Option<News>,
}

/// `past`: of so many, the oldest, instead of the latest.
pub fn view(parts: Parts<'_>, (filter, past): (Filter, Option<usize>), words: &Words) -> TimelineView {
    let Parts { trail, letters, inbound, files, news } = parts;
    let is_new = |at: Timestamp| news.is_some_and(|news| at >= news.since);
    let mut entries = of_trail(trail, is_new, words);
    // A letter in is filed after it was received; what counts as new is when it was filed.
    let filed_at = |id: uuid::Uuid| {
        let files = |line: &&TrailLine| matches!(line.event, Event::MailFiled { email, .. } if email == id);
        trail
            .iter()
            .find(files)
            .map(|line| (line.at, line.event.arrival(line.staff_name.is_some()).is_some()))
    };
    entries.extend(letters.into_iter().map(|letter| Entry {
        at: letter.at(),
        new: letter.open,
        topic: Filter::Mail,
        what: What::Letter { letter: Box::new(letter) },
    }));
    entries.extend(inbound.into_iter().map(|message| {
        let (at, arrived) = filed_at(message.letter.id).unwrap_or((message.letter.received_at, false));
        Entry {
            at,
            new: arrived && is_new(at),
            topic: Filter::Mail,
            what: What::Inbound { message: Box::new(message) },
        }
    }));
    entries.extend(files.into_iter().map(|file| Entry {
        at: file.at(),
        new: file.is_by_customer() && is_new(file.at()),
        topic: Filter::Notes,
        what: What::File { file: Box::new(file) },
    }));
    // Stable: what happened at the same moment stays in its order.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    let new = entries.iter().filter(|entry| entry.new).count();
    entries.retain(|entry| filter == Filter::All || entry.topic == filter);
    let past = past.filter(|past| *past < entries.len());
    entries.drain(..past.map_or(0, |past| entries.len().saturating_sub(past)));
    let rest = entries.split_off(count_fitting(&entries)).len();
    if past.is_some() {
        return TimelineView { filter, recent: entries, older: Vec::new(), new, past: true, rest };
    }
    // What is new always stands open.
    let last_new =
        entries.iter().rposition(|entry| entry.new).map_or(0, |position| position.saturating_add(1));
    let older = entries.split_off(SHOWN.max(last_new).min(entries.len()));
    TimelineView { filter, recent: entries, older, new, past: false, rest }
}

/// How many of the entries go on one page: one at least.
fn count_fitting(entries: &[Entry]) -> usize {
    let mut weight: usize = 0;
    let fitting = entries.iter().take_while(|entry| {
        let is_first = weight == 0;
        weight = weight.saturating_add(entry.weight());
        is_first || weight <= HEAVIEST
    });
    fitting.count()
}

impl Entry {
    fn weight(&self) -> usize {
        let words = match &self.what {
            What::Event(event) => event.note.len(),
            What::Inbound { message } => message.letter.text.as_deref().map_or(0, str::len),
            What::Passed { .. } | What::Letter { .. } | What::File { .. } => 0,
        };
        words.saturating_add(FRAME)
    }
}

fn of_trail(trail: &[TrailLine], is_new: impl Fn(Timestamp) -> bool, words: &Words) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in trail.iter().rev() {
        match &line.event {
            // Shown as what they are about.
            Event::MailFiled { .. }
            | Event::EvidenceAdded { .. }
            | Event::EvidenceScanned { result: ScanResult::Clean, .. } => continue,
            Event::CheckRecorded { check, verdict: Verdict::Passed } => {
                let name = words.check(*check);
                let who = words.who(line);
                match entries.last_mut().map(|entry| &mut entry.what) {
                    Some(What::Passed { names, who: before }) if *before == who => names.push(name),
                    _ => entries.push(Entry {
                        at: line.at,
                        new: false,
                        topic: Filter::Checks,
                        what: What::Passed { names: vec![name], who },
                    }),
                }
            }
            event => entries.push(Entry {
                at: line.at,
                new: event.arrival(line.staff_name.is_some()).is_some() && is_new(line.at),
                topic: topic(event),
                what: What::Event(trail::entry(line, words)),
            }),
        }
    }
    entries
}

/// Where somebody looks for it.
fn topic(event: &Event) -> Filter {
    match event {
        Event::CheckRecorded { .. }
        | Event::CheckPostponed { .. }
        | Event::CheckRequested { .. }
        | Event::CheckDecided { .. }
        | Event::CheckWaived { .. }
        | Event::Called { .. }
        | Event::ContactGone { .. }
        | Event::DomainChallengeStarted
        | Event::Reconsidered
        | Event::Vouched { .. }
        | Event::VouchRequested { .. }
        | Event::SuccessionAccepted
        | Event::SuccessionDeclined => Filter::Checks,
        Event::NoteAdded { .. }
        | Event::CustomerAsked { .. }
        | Event::Answered { .. }
        | Event::CustomerTold { .. }
        | Event::AddressCorrected { .. }
        | Event::Objected { .. }
        | Event::FactsCorrected { .. } => Filter::Notes,
        Event::EmailRetried { .. }
        | Event::LetterResent { .. }
        | Event::LetterCancelled { .. }
        | Event::LetterSettled { .. }
        | Event::LinkEnded { .. }
        | Event::Delivered
        | Event::DeliveryFailed
        | Event::AtlassianAnswered { .. }
        | Event::SilenceNoted { .. } => Filter::Mail,
        _ => Filter::All,
    }
}

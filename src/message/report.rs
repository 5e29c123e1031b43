//! Delivery status reports in fields (RFC 3464), in their own MIME part or pasted into the text.
//!
//! Read as one stream of fields: many senders forget the blank lines between recipients or put extra ones.
//! It reports what the fields say; whether that makes the message a bounce is `bounce`'s question.

use super::{
    address,
    header::Headers,
    mime::{Message, Part},
    status::{self, Status},
};

/// Report parts that are read, and recipients that are kept: more than any message of ours has.
const MAX_PARTS: usize = 20;
const MAX_RECORDS: usize = 500;

/// What the reporting server did with one recipient (RFC 3464 section 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Failed,
    Delayed,
    /// Delivered, relayed or expanded: good news.
    Succeeded,
}

/// The fields about one recipient.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub original_recipient: Option<String>,
    pub final_recipient: Option<String>,
    pub action: Option<Action>,
    pub status: Option<Status>,
    /// A code that stands there says of this very recipient that there is no such mailbox.
    pub says_gone: bool,
}

impl Record {
    /// The recipient as the sender knew it, else as the reporting server knew it.
    pub(super) fn recipient(&self) -> Option<&str> {
        self.original_recipient.as_deref().or(self.final_recipient.as_deref())
    }
}

/// All recipients reported on by the message's own delivery-status parts.
pub(super) fn in_parts(message: &Message<'_>) -> Vec<Record> {
    let parts = message.own_parts().filter(|part| is_report(part)).take(MAX_PARTS);
    parts.flat_map(|part| in_text(&part.text())).take(MAX_RECORDS).collect()
}

/// Whether a part is a delivery-status report (RFC 3464, RFC 6533).
pub(super) fn is_report(part: &Part<'_>) -> bool {
    part.is("message/delivery-status") || part.is("message/global-delivery-status")
}

/// All recipients reported on by delivery-status fields in a text.
pub(super) fn in_text(text: &str) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut current = Fields::default();
    for line in logical_lines(text) {
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.trim().to_lowercase();
        let known = [
            "original-recipient",
            "final-recipient",
            "x-actual-recipient",
            "action",
            "status",
            "diagnostic-code",
        ];
        let Some(slot) = known.iter().position(|known| *known == name) else { continue };
        if records.len() >= MAX_RECORDS {
            break;
        }
        if current.starts_anew(slot) {
            records.extend(std::mem::take(&mut current).finish());
        }
        current.set(slot, value.trim());
    }
    records.extend(current.finish());
    records
}

/// Lines with the folded ones joined to the line they continue.
fn logical_lines(text: &str) -> Vec<String> {
    let mut logical: Vec<String> = Vec::new();
    for line in text.lines() {
        match logical.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) && !line.trim().is_empty() && last.contains(':') => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => logical.push(line.to_owned()),
        }
    }
    logical
}

/// The values of one recipient's fields, in the order of `known` above.
#[derive(Debug, Default)]
struct Fields([Option<String>; 6]);

impl Fields {
    fn get(&self, slot: usize) -> Option<&str> {
        self.0.get(slot).and_then(Option::as_deref)
    }

    /// A field that is already there belongs to the next recipient. The diagnostic may come in several.
    fn starts_anew(&self, slot: usize) -> bool {
        self.get(slot).is_some() && slot != 5
            || (slot <= 1 && self.get(1).is_some() && (self.get(3).is_some() || self.get(4).is_some()))
    }

    fn set(&mut self, slot: usize, value: &str) {
        if let Some(place) = self.0.get_mut(slot) {
            place.get_or_insert_with(|| value.to_owned());
        }
    }

    /// A record, if there is enough: somebody or something it happened to.
    fn finish(self) -> Option<Record> {
        let final_recipient = self.get(1).and_then(recipient).or_else(|| self.get(2).and_then(recipient));
        let original_recipient = self.get(0).and_then(recipient);
        let status = self.get(4).and_then(status::field);
        let action = self.get(3).and_then(action).or(match status {
            Some(None) => Some(Action::Succeeded),
            _ => None,
        });
        let diagnosed = self.get(5).and_then(status::best);
        let has_outcome = self.get(3).is_some() || self.get(4).is_some();
        let has_recipient = self.get(0).is_some() || self.get(1).is_some();
        has_outcome.then_some(())?;
        (has_recipient || self.get(3).is_some_and(|value| action_word(value).is_some())).then_some(())?;
        let forwarded = match (&original_recipient, &final_recipient) {
            (Some(original), Some(last)) => !address::same(original, last),
            _ => false,
        };
        let stated = [status.flatten(), diagnosed].into_iter().flatten().find(|code| code.is_specific());
        let says_gone = !forwarded
            && action != Some(Action::Delayed)
            && stated.is_some_and(|code| code.says_gone(self.get(5).unwrap_or_default()));
        let status = status.flatten().or(diagnosed);
        Some(Record { original_recipient, final_recipient, action, status, says_gone })
    }
}

/// The address in `rfc822; user@host`; other address types only where they hold a mail address.
fn recipient(value: &str) -> Option<String> {
    let exact = value.rsplit(';').next().unwrap_or(value).trim().trim_matches(['<', '>']);
    let is_plain =
        exact.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
            && !exact.contains(|c: char| c.is_whitespace() || "<>(),".contains(c));
    if is_plain && !exact.contains('"') {
        return Some(exact.to_owned());
    }
    address::find(value).next().map(|found| found.address.to_owned())
}

fn action(value: &str) -> Option<Action> {
    action_word(value)
}

fn action_word(value: &str) -> Option<Action> {
    let word: String = value.trim().chars().take_while(char::is_ascii_alphabetic).collect();
    match word.to_ascii_lowercase().as_str() {
        "failed" | "failure" | "fail" => Some(Action::Failed),
        "delayed" | "delay" => Some(Action::Delayed),
        "delivered" | "relayed" | "expanded" | "deliverable" => Some(Action::Succeeded),
        _ => None,
    }
}

/// The original's Message-ID, where the fields of a report name it.
pub(super) fn original_message_id(headers: &Headers) -> Option<String> {
    headers.ids("original-message-id").into_iter().next()
}

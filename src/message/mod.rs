//! Understanding inbound e-mail: bytes in, an [`Understanding`] out.
//!
//! It knows messages, not cases; no I/O, no clock, and it believes nothing: a `From` is what the message
//! says, a bounce is what the message claims. Whether that is true is for the caller to check.
//!
//! Every message is understood somehow, however broken: nothing here panics, recurses without bound or keeps
//! more than a few megabytes, and time grows linearly with the input.
//!
//! | file | rule family |
//! |---|---|
//! | `envelope` | who handed the message in, as our server noted it |
//! | `lines`, `header`, `encoded_word`, `charset`, `mime` | taking a message apart (RFC 5322, 2045-2047) |
//! | `bounce`, `evidence` | is it a bounce, and of what: puts the next four together |
//! | `report`, `status` | delivery reports and status codes (RFC 3464, RFC 3463) |
//! | `notice`, `address` | recipients in prose |
//! | `returned` | the message that came back |
//! | `said` | whether an automatic answer says that somebody has left, or is away |
//! | `automatic`, `declared`, `subject` | auto-replies and notifications (RFC 3834) |
//! | `readable` | which parts are read, which are files, what can't be read |
//! | `visible`, `step`, `indents`, `quote`, `quote_signs`, `fields`, `signature`, `html`, `marks`, `markup` | the text a person wrote |
//! | `held_links` | links of ours that stand in it, however bent |
//! | `unread` | for whoever answers: mailboxes that nobody reads |
//! | `phrases` | the words of mail programs in many languages, as data |
//! | `inspect` | the JSON line of `handover mail inspect` |

pub mod address;
mod automatic;
mod bounce;
mod charset;
mod declared;
mod encoded_word;
pub mod envelope;
mod evidence;
mod fields;
mod header;
mod held_links;
mod html;
mod indents;
pub mod inspect;
mod lines;
mod marks;
mod markup;
mod mime;
mod notice;
mod phrases;
mod quote;
mod quote_signs;
mod readable;
mod report;
mod returned;
mod said;
mod signature;
mod status;
mod step;
mod subject;
#[cfg(test)]
mod tests;
mod unread;
mod visible;

use serde::Serialize;

pub use header::Mailbox;
pub use held_links::{HeldLinks, find_held_links, find_held_links_in_bytes};
use mime::Message;
use readable::Readable;
pub use readable::{Attachment, Remark};
pub use said::{Said, said};
pub use unread::nobody_reads;
use visible::Visible;

/// Bytes of a message that are read; what follows is ignored. Attachments may be cut, texts stand in front.
const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// What kind of message came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person answers an earlier message.
    Reply,
    /// A server reports that a message was not delivered or is late.
    Bounce,
    /// A machine wrote it: absence note, acknowledgement, notification, read receipt.
    AutoReply,
    /// Anything else: a new message.
    Other,
}

/// How much of a machine is in the message (RFC 3834).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automation {
    /// Nothing says that a machine wrote it.
    None,
    /// Sent by a system of its own accord: a ticket system's notification, a report.
    Generated,
    /// A machine's answer to an earlier message.
    Replied,
    /// A machine's answer saying that somebody is away.
    OutOfOffice,
}

/// What a bounce says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Addresses that were not reached, as the bounce names them; may be empty.
    pub recipients: Vec<String>,
    /// Enhanced status codes (RFC 3463), each once; `x.0.0` where only a reply code was given, and where none
    /// was, the one that the words mean.
    pub statuses: Vec<String>,
    /// Addresses of which a delivery report (RFC 3464) states by a code that there is no such mailbox. Never from words.
    pub gone: Vec<String>,
    /// The reporting server is still trying.
    pub temporary: bool,
    /// Message-ID of the message that was not delivered, without angle brackets.
    pub original_message_id: Option<String>,
}

/// Everything that was understood of a message. All of it is the message's own claim.
#[derive(Debug, Clone)]
pub struct Understanding {
    pub kind: Kind,
    pub automation: Automation,
    /// Whether a machine may answer (RFC 3834 section 2): false for automatic mail, lists, bulk, bounces.
    pub answerable: bool,
    /// Present exactly if `kind` is [`Kind::Bounce`].
    pub bounce: Option<Bounce>,
    pub subject: Option<String>,
    /// First mailbox of `From`. Here and below the domains of addresses are in one form ([`address::canonical`]).
    pub from: Option<Mailbox>,
    /// There is one `From` field, and it names no other address than that one.
    pub has_one_author: bool,
    /// The values of all `Authentication-Results` fields (RFC 8601), topmost first.
    pub authentication_results: Vec<String>,
    /// Addresses the message was sent and delivered to, where a signed return address is to be found.
    pub delivered_to: Vec<String>,
    /// Message-IDs, here and below without angle brackets.
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    /// What was written, without quoted messages and signatures; with them where that can't be told apart.
    pub visible_text: String,
    /// Of these lines nobody doubts that they are the author's own; empty where that can't be told.
    pub own_text: String,
    /// What a reader should know about the text.
    pub remarks: Vec<Remark>,
    /// What is not in the text.
    pub attachments: Vec<Attachment>,
}

/// Understands a raw message. Never fails: what cannot be read is absent.
#[must_use]
pub fn understand(raw: &[u8]) -> Understanding {
    let message = Message::parse(raw.get(..MAX_MESSAGE).unwrap_or(raw));
    let headers = &message.headers;
    let readable = readable::of(&message);
    let bounce = bounce::understand(&message, &readable.text);
    let subject = headers.text("subject");
    let lower = subject.as_deref().unwrap_or_default().to_lowercase();
    let replies = subject::is_reply_subject(&lower);
    let visible = visible::of(&readable.text);
    let automation = automatic::automation(&message, &visible.own);
    let in_reply_to = headers.ids("in-reply-to");
    let references = headers.ids("references");
    let answers = !in_reply_to.is_empty() || !references.is_empty() || replies || visible.has_quote;
    let kind = match (&bounce, automation) {
        (Some(_), _) => Kind::Bounce,
        (None, Automation::None) if answers => Kind::Reply,
        (None, Automation::None) => Kind::Other,
        (None, _) => Kind::AutoReply,
    };
    let understood = Understanding {
        kind,
        automation,
        answerable: bounce.is_none() && automatic::is_answerable(headers, automation),
        bounce,
        has_one_author: has_one_author(&message),
        authentication_results: headers.all("authentication-results").map(str::to_owned).collect(),
        from: sender(&message),
        delivered_to: delivered_to(&message),
        message_id: headers.ids("message-id").into_iter().next(),
        in_reply_to,
        references,
        remarks: remarks(&readable, &visible),
        attachments: readable.attachments,
        visible_text: visible.text,
        own_text: visible.own,
        subject,
    };
    settled(understood)
}

/// The one place where what was read becomes fit to be kept and compared: without NUL, which PostgreSQL takes in no text, and
/// with the domains of addresses as the name servers have them.
fn settled(mut understood: Understanding) -> Understanding {
    let without_nul = |text: &mut String| {
        if text.contains('\0') {
            text.retain(|c| c != '\0');
        }
    };
    let in_one_form = |address: &mut String| {
        without_nul(address);
        *address = address::canonical(address);
    };
    understood.subject.iter_mut().chain(&mut understood.message_id).for_each(without_nul);
    [&mut understood.visible_text, &mut understood.own_text].into_iter().for_each(without_nul);
    let lists =
        [&mut understood.authentication_results, &mut understood.in_reply_to, &mut understood.references];
    lists.into_iter().flatten().for_each(without_nul);
    understood.delivered_to.iter_mut().for_each(in_one_form);
    if let Some(from) = &mut understood.from {
        from.name.iter_mut().for_each(without_nul);
        from.address.iter_mut().for_each(in_one_form);
    }
    for attachment in &mut understood.attachments {
        attachment.name.iter_mut().for_each(without_nul);
    }
    if let Some(bounce) = &mut understood.bounce {
        bounce.recipients.iter_mut().chain(&mut bounce.gone).for_each(in_one_form);
        bounce.statuses.iter_mut().chain(&mut bounce.original_message_id).for_each(without_nul);
    }
    understood
}

/// One attachment and its bytes, by its place ([`Attachment::part`]). `None` where there is no such part.
#[must_use]
pub fn cut_out(raw: &[u8], part: usize) -> Option<(Attachment, Vec<u8>)> {
    let message = Message::parse(raw.get(..MAX_MESSAGE).unwrap_or(raw));
    let found = message.parts.get(part)?;
    Some((Attachment::of(part, found), found.content()))
}

fn remarks(readable: &Readable, visible: &Visible) -> Vec<Remark> {
    let mut remarks = readable.remarks.clone();
    if visible.is_uncut {
        remarks.push(Remark::Uncut);
    } else if visible.is_shortened {
        remarks.push(Remark::Shortened);
    }
    let is_explained = !remarks.iter().all(|remark| *remark == Remark::Shortened);
    if visible.text.is_empty() && !is_explained {
        remarks.push(if readable.attachments.is_empty() { Remark::Empty } else { Remark::OnlyFiles });
    }
    remarks
}

fn sender(message: &Message<'_>) -> Option<Mailbox> {
    let mailboxes = message.headers.mailboxes("from");
    let sound = |mailbox: &&Mailbox| {
        mailbox
            .address
            .as_deref()
            .is_some_and(|address| address.find('@') > Some(0) && !address.contains(char::is_whitespace))
    };
    if let Some(mailbox) = mailboxes.iter().find(sound) {
        return Some(mailbox.clone());
    }
    // Not an address list: what looks like an address counts, then the fields that say whom to answer.
    let name = mailboxes.first().and_then(|mailbox| mailbox.name.clone());
    let fields = ["from", "sender", "reply-to"];
    let address = fields.into_iter().find_map(|field| message.headers.addresses(field).into_iter().next());
    (name.is_some() || address.is_some()).then_some(Mailbox { name, address })
}

/// What a reader is shown as the author and what is checked as the author can only be the same where there is one.
fn has_one_author(message: &Message<'_>) -> bool {
    let fields = message.headers.all("from").count();
    let mut addresses = message.headers.addresses("from").into_iter();
    let first = addresses.next();
    fields == 1 && first.is_some_and(|first| addresses.all(|other| address::same(&first, &other)))
}

fn delivered_to(message: &Message<'_>) -> Vec<String> {
    let fields = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc"];
    let mut addresses: Vec<String> = Vec::new();
    for address in fields.into_iter().flat_map(|name| message.headers.addresses(name)) {
        if addresses.len() >= 100 {
            break;
        }
        let address = address::canonical(&address);
        if !addresses.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
            addresses.push(address);
        }
    }
    addresses
}

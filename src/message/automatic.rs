//! Messages no person wrote: absence notes, acknowledgements, notifications (RFC 3834 and habit).
//!
//! Also says whether a machine may answer a message at all, which is a wider question: mailing lists and bulk
//! mail must not be answered although people wrote them.

use super::{
    Automation, bounce,
    declared::declared,
    evidence,
    header::Headers,
    mime::Message,
    phrases,
    subject::{is_absence_subject, is_automatic_subject},
};

/// What the message says about its own making.
pub(super) fn automation(message: &Message<'_>, text: &str) -> Automation {
    let headers = &message.headers;
    let subject = headers.text("subject").unwrap_or_default().to_lowercase();
    let absent = is_absence_subject(&subject);
    let declared = match declared(headers) {
        Automation::None if bounce::is_other_report(message) => Automation::Generated,
        declared => declared,
    };
    if declared != Automation::None || absent || is_automatic_subject(&subject) {
        let absent = absent
            || phrases::any_word_starts("auto.absence-hint", &subject)
            || (declared != Automation::Generated && phrases::any_in("auto.absence", &text.to_lowercase()));
        return match (absent, declared) {
            (true, _) => Automation::OutOfOffice,
            (false, Automation::None) => Automation::Replied,
            (false, declared) => declared,
        };
    }
    // An answer that wants no answer itself, and says that somebody is away.
    let silent = evidence::has_null_path(headers) || (is_bulk(headers) && !is_from_list(headers));
    let hinted = phrases::any_word_starts("auto.absence-hint", &subject);
    if silent && (hinted || phrases::any_in("auto.absence", &text.to_lowercase())) {
        Automation::OutOfOffice
    } else if is_acknowledgement(text) {
        Automation::Replied
    } else {
        Automation::None
    }
}

/// Characters of an acknowledgement that says no more than that.
const LONGEST_ACKNOWLEDGEMENT: usize = 1200;

/// A ticket system's receipt that does not say so in its header. Known only where it says both that something came in and what
/// no person says of a letter, and asks for nothing: an answer must never be taken for a receipt.
fn is_acknowledgement(text: &str) -> bool {
    if text.len() > LONGEST_ACKNOWLEDGEMENT || text.contains('?') {
        return false;
    }
    let lower = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    phrases::any_in("auto.receipt", &lower)
        && phrases::any_in("auto.machine", &lower)
        && !phrases::any_in("auto.request", &lower)
}

/// Sent to many, or wanting to look like it.
fn is_bulk(headers: &Headers) -> bool {
    headers.token("precedence").is_some_and(|value| matches!(value.as_str(), "bulk" | "junk"))
}

/// Sent through a mailing list (RFC 2369, RFC 2919).
fn is_from_list(headers: &Headers) -> bool {
    ["list-id", "list-unsubscribe", "list-post"].iter().any(|name| headers.raw(name).is_some())
}

/// Whether a machine may answer: not to automatic mail, lists, bulk or the null return path (RFC 3834 section 2).
pub(super) fn is_answerable(headers: &Headers, automation: Automation) -> bool {
    let bulk = is_bulk(headers) || headers.token("precedence").is_some_and(|value| value == "list");
    let suppress = headers
        .token("x-auto-response-suppress")
        .is_some_and(|value| value.contains("all") || value.contains("autoreply"));
    let list =
        is_from_list(headers) || ["x-loop", "feedback-id"].iter().any(|name| headers.raw(name).is_some());
    automation == Automation::None
        && !bulk
        && !suppress
        && !list
        && !evidence::has_null_path(headers)
        && !evidence::is_server(headers)
}

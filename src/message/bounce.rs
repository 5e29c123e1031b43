//! Is this message a bounce, and of what?
//!
//! A bounce is a machine telling the sender that a message was not delivered or is late: RFC 3464 reports and
//! the many notices in prose. Not bounces: reports of success, read receipts (RFC 8098), abuse reports (RFC
//! 5965), TLS reports (RFC 8460), challenges that ask the sender to confirm, and people writing about bounces.
//! It believes nothing: whether the bounce is about a message of ours is for the caller to check.

use super::{
    Bounce, address, declared,
    evidence::{has_null_path, is_notice, is_server},
    header::Headers,
    mime::{Message, Part},
    notice::{self, Context, Failure},
    phrases, readable,
    report::{self, Action, Record},
    returned::{self, Split},
    status, subject,
};

/// Addresses of the original's sender that are told apart from recipients.
const MAX_OWN: usize = 100;

/// Understands a message whose own readable text is `text` as a bounce, if it is one.
pub(super) fn understand(message: &Message<'_>, text: &str) -> Option<Bounce> {
    let split = returned::split(message, text);
    unwrap(message, &split).or_else(|| judge(message, &split))
}

/// A gateway may wrap the bounce it received into a notice of its own: then the inner one is what counts.
/// Only one wrapping is taken off.
fn unwrap(message: &Message<'_>, split: &Split) -> Option<Bounce> {
    let from_server = is_server(&message.headers) || has_null_path(&message.headers);
    let carries_bounce = split.returned.as_ref().is_some_and(is_server);
    if !from_server || !carries_bounce || message.own_parts().any(report::is_report) {
        return None;
    }
    let inner = Message::parse(&split.carried);
    judge(&inner, &returned::split(&inner, &readable::of(&inner).text))
}

fn judge(message: &Message<'_>, split: &Split) -> Option<Bounce> {
    let lower = squeeze(&split.notice);
    if is_other_report(message) && !is_refusal(message, &lower) {
        return None;
    }
    let from_server = is_server(&message.headers) || has_null_path(&message.headers);
    let mut records = report::in_parts(message);
    let says_gone = records.iter().filter(|record| record.says_gone);
    let gone = says_gone.filter_map(|record| record.recipient().map(str::to_owned)).collect();
    if records.is_empty() {
        records = report::in_text(&split.notice);
    }
    if phrases::any_in("bounce.challenge", &lower) {
        return None;
    }
    if !records.is_empty() && records.iter().all(|record| record.action == Some(Action::Succeeded)) {
        return None;
    }
    let reported = !records.is_empty() && is_report(message, from_server);
    if !reported && !is_notice(message, &lower, split, &records) {
        return None;
    }
    let failures = failures(message, split, &records);
    let mut recipients: Vec<String> = Vec::new();
    let mut statuses: Vec<String> = Vec::new();
    for failure in failures {
        if !recipients.iter().any(|known| address::same(known, &failure.address))
            && !failure.address.is_empty()
        {
            recipients.push(failure.address);
        }
        statuses.extend(
            failure.status.map(|status| status.to_string()).filter(|status| !statuses.contains(status)),
        );
    }
    let temporary = is_temporary(message, &records, &lower);
    if statuses.is_empty() {
        statuses.extend(status::meant(&lower, temporary).map(|status| status.to_string()));
    }
    let original_message_id = original_message_id(message, split);
    Some(Bounce { recipients, statuses, gone, temporary, original_message_id })
}

/// Whether the message itself is a delivery report, rather than one that somebody passed on.
fn is_report(message: &Message<'_>, from_server: bool) -> bool {
    let subject = message.headers.text("subject").unwrap_or_default().to_lowercase();
    let passed_on = subject::is_reply_subject(&subject) && !from_server;
    let essence = message.content_type.essence.as_str();
    let says_so = from_server
        || matches!(essence, "multipart/report" | "message/delivery-status")
        || declared::is_declared(&message.headers)
        || phrases::any_in("bounce.subject", &subject);
    says_so && !passed_on && message.own_parts().any(report::is_report)
}

/// A mail filter may refuse a message in the form of a receipt (RFC 5429 section 2.1.2).
fn is_refusal(message: &Message<'_>, notice: &str) -> bool {
    let disposition = message.own_parts().find(|part| part.is("message/disposition-notification"));
    let fields = disposition.map(|part| Headers::of(&part.bytes()));
    let deleted = fields
        .and_then(|fields| fields.token("disposition"))
        .is_some_and(|value| value.starts_with("automatic-action/") && value.contains("deleted"));
    deleted && phrases::any_in("bounce.refusal", notice)
}

/// Reports in the multipart/report family that are about something else than delivery.
pub(super) fn is_other_report(message: &Message<'_>) -> bool {
    let other = ["disposition-notification", "feedback-report", "tlsrpt"];
    let report_type = message.content_type.parameter("report-type").unwrap_or_default().to_lowercase();
    other.contains(&report_type.as_str())
        || message.own_parts().any(|part| {
            let essence = part.content_type.essence.as_str();
            matches!(essence, "message/disposition-notification" | "message/feedback-report")
                || essence.starts_with("application/tlsrpt")
        })
}

fn failures(message: &Message<'_>, split: &Split, records: &[Record]) -> Vec<Failure> {
    let failed: Vec<&Record> =
        records.iter().filter(|record| record.action != Some(Action::Succeeded)).collect();
    let named: Vec<Failure> = failed
        .iter()
        .filter_map(|record| Some(Failure { address: record.recipient()?.to_owned(), status: record.status }))
        .collect();
    if !named.is_empty() {
        let general = status::best(&split.notice);
        return named
            .into_iter()
            .map(|failure| Failure { status: failure.status.or(general), ..failure })
            .collect();
    }
    let context = Context {
        own: own_addresses(message, split),
        returned: split.returned.as_ref(),
        reporter: reporter(&message.headers),
    };
    let reported_status = failed.iter().find_map(|record| record.status);
    let in_prose = notice::failures(&split.notice, &context);
    let listed = message.headers.addresses("x-failed-recipients");
    let status_of = |address: &str| {
        let exact = in_prose.iter().find(|failure| address::same(&failure.address, address));
        exact.and_then(|failure| failure.status).or_else(|| status::best(&split.notice))
    };
    let mut found: Vec<Failure> = if listed.is_empty() {
        in_prose.clone()
    } else {
        listed.into_iter().map(|address| Failure { status: status_of(&address), address }).collect()
    };
    if found.is_empty() {
        // Nobody named: the status alone is still worth telling.
        let status = reported_status.or_else(|| status::best(&split.notice));
        found.push(Failure { address: String::new(), status });
    }
    found
        .into_iter()
        .map(|failure| Failure { status: reported_status.or(failure.status), ..failure })
        .collect()
}

/// The sender of the original: whom the bounce is addressed to and whom the returned message is from.
fn own_addresses(message: &Message<'_>, split: &Split) -> Vec<String> {
    let mut own = message.headers.addresses("to");
    if let Some(returned) = &split.returned {
        own.extend(returned.addresses("from"));
        own.extend(returned.addresses("return-path"));
    }
    own.extend(message.headers.addresses("from"));
    own.truncate(MAX_OWN);
    own
}

fn reporter(headers: &Headers) -> Option<String> {
    let from = headers.addresses("from").into_iter().next()?;
    from.split_once('@').map(|(_, domain)| domain.to_owned())
}

/// Whether the sending server is still trying.
fn is_temporary(message: &Message<'_>, records: &[Record], notice: &str) -> bool {
    let actions: Vec<Action> = records.iter().filter_map(|record| record.action).collect();
    if !actions.is_empty() {
        return actions.contains(&Action::Delayed) && !actions.contains(&Action::Failed);
    }
    let subject = message.headers.text("subject").unwrap_or_default().to_lowercase();
    // The text of a delay may tell what happens when it ends; the subject does not.
    phrases::any_in("bounce.delay", &subject)
        || (phrases::any_in("bounce.delay", notice) && !phrases::any_in("bounce.final", notice))
}

/// The Message-ID of the message that was not delivered, without brackets.
fn original_message_id(message: &Message<'_>, split: &Split) -> Option<String> {
    let returned = split.returned.as_ref().and_then(|headers| headers.ids("message-id").into_iter().next());
    let in_prose = || {
        split.notice.lines().find_map(|line| {
            let (name, _) = line.trim().split_once(':')?;
            let is_id = matches!(
                name.to_ascii_lowercase().as_str(),
                "message-id" | "original-message-id" | "x-original-message-id"
            );
            is_id
                .then(|| {
                    Headers::of(line.trim().as_bytes()).ids(&name.to_ascii_lowercase()).into_iter().next()
                })
                .flatten()
        })
    };
    let in_report = || {
        let told = |part: &&Part<'_>| report::is_report(part) || part.is("message/disposition-notification");
        let mut parts = message.own_parts().filter(told);
        parts.find_map(|part| report::original_message_id(&Headers::of(&part.bytes())))
    };
    let threaded =
        || ["in-reply-to", "references"].into_iter().find_map(|name| message.headers.ids(name).pop());
    returned.or_else(in_report).or_else(in_prose).or_else(threaded)
}

/// Lower case, white space collapsed: phrases match across line breaks.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

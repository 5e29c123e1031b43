//! How much speaks for a notice in prose being a bounce.
//!
//! Words alone never suffice: people write about undelivered parcels and mails, too. Each sign has a weight,
//! and how much is enough depends on what only a mail server does: no return path, the original in its hands,
//! a reply code. It weighs; what the bounce says is for its neighbours to read.

use super::{
    address, declared, header::Headers, mime::Message, phrases, report::Record, returned::Split, status,
    subject,
};

/// Evidence from which a notice counts as a bounce: from a mail server that shows a trace of its work, from
/// anybody else, and from a server by its name only.
const ENOUGH_FROM_SERVER: u32 = 4;
const ENOUGH_FROM_OTHERS: u32 = 5;
const ENOUGH_BY_NAME: u32 = 6;

/// Weighs the signs of a bounce; `notice` is its text in lower case with white space collapsed.
pub(super) fn is_notice(message: &Message<'_>, notice: &str, split: &Split, records: &[Record]) -> bool {
    let headers = &message.headers;
    let subject = headers.text("subject").unwrap_or_default().to_lowercase();
    let answered = subject::is_reply_subject(&subject);
    let server = is_server(headers);
    let null_path = has_null_path(headers);
    let coded = status::is_in(&split.notice);
    let listed = headers.raw("x-failed-recipients").is_some();
    let report_type = message.content_type.parameter("report-type").unwrap_or_default();
    let named = names_recipient(&split.notice, split.returned.as_ref());
    let signs = [
        (server, 2),
        (is_daemon(headers), 1),
        (null_path, 1),
        (listed, 3),
        (!answered && phrases::any_in("bounce.subject", &subject), 2),
        (phrases::any_in("bounce.body", notice) || phrases::any_in("bounce.delay", notice), 2),
        (coded, 1),
        (split.returned.is_some(), 1),
        (returns_to_sender(headers, split), 1),
        (named, 1),
        (!records.is_empty(), 3),
        (report_type.eq_ignore_ascii_case("delivery-status"), 2),
    ];
    let weight: u32 = signs.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum();
    // An answer or a forward is a person's, or a responder's, unless a server sent it.
    if subject::is_absence_subject(&subject) || (answered && !server && !null_path) {
        return false;
    }
    let traced = null_path || listed || coded || split.returned.is_some() || !records.is_empty();
    if server {
        return weight >= if traced || is_daemon(headers) { ENOUGH_FROM_SERVER } else { ENOUGH_BY_NAME };
    }
    // People paste bounces into their mails, too; what they have not is a machine's address.
    let carries = split.returned.is_some() && (!split.pasted || is_machine(headers));
    let automatic = null_path || declared::is_declared(headers) || carries;
    // Without a return path and with the message in its hands, it is a server whatever it calls itself.
    let enough = if null_path && split.returned.is_some() { ENOUGH_FROM_SERVER } else { ENOUGH_FROM_OTHERS };
    automatic && weight >= enough
}

/// A paragraph about one address, `<eva@customer.example>: …` or alone on its line, whom the original was for.
fn names_recipient(notice: &str, returned: Option<&Headers>) -> bool {
    let Some(returned) = returned else { return false };
    let known = returned.addresses("to");
    notice.lines().take(MAX_LINES).any(|line| {
        let line = line.trim_start().trim_start_matches('<');
        address::find(line)
            .next()
            .is_some_and(|found| found.start == 0 && known.iter().any(|to| address::same(to, found.address)))
    })
}

/// Lines of a notice that are searched for its recipients.
const MAX_LINES: usize = 400;

/// The returned message was sent by the one the bounce is addressed to.
fn returns_to_sender(headers: &Headers, split: &Split) -> bool {
    let Some(returned) = &split.returned else { return false };
    let to = headers.addresses("to");
    let mut senders = ["from", "return-path", "sender"].into_iter().flat_map(|name| returned.addresses(name));
    senders.any(|sender| to.iter().any(|to| address::same(to, &sender)))
}

/// The name every mail server has for this, and no person (RFC 2142 and habit).
fn is_daemon(headers: &Headers) -> bool {
    headers.mailboxes("from").iter().any(|mailbox| {
        let names = [mailbox.address.as_deref(), mailbox.name.as_deref()];
        names.into_iter().flatten().any(|name| local_letters(name).starts_with("mailerdaemon"))
    })
}

/// The letters of a local part: `MAILER_DAEMON-7` is `mailerdaemon`.
fn local_letters(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default();
    local.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

fn is_machine(headers: &Headers) -> bool {
    headers.addresses("from").iter().any(|address| {
        let local = address.split('@').next().unwrap_or_default().to_lowercase();
        phrases::any_in("bounce.machine", &local)
    })
}

/// Whether the author is a mail server by address or name.
pub(super) fn is_server(headers: &Headers) -> bool {
    is_daemon(headers)
        || headers.mailboxes("from").iter().any(|mailbox| {
            let address = mailbox.address.as_deref().unwrap_or_default().to_lowercase();
            let local = address.split('@').next().unwrap_or_default().trim_matches(['"', '\\']);
            let name = mailbox.name.as_deref().unwrap_or_default().to_lowercase();
            let letters = local_letters(&address);
            letters.starts_with("postmaster")
                || phrases::is_one("bounce.sender", local)
                || phrases::any_in("bounce.sender-name", local)
                || phrases::any_in("bounce.sender-name", &name)
                || phrases::is_one("bounce.sender", &name)
        })
}

/// The empty return path of RFC 5321 section 4.5.5, also where a mail store writes it as the daemon.
pub(super) fn has_null_path(headers: &Headers) -> bool {
    headers.all("return-path").any(|path| {
        let path = path.trim().trim_matches(['<', '>']).trim().to_lowercase();
        path.is_empty() || path.split('@').next() == Some("mailer-daemon")
    })
}

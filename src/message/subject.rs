//! What a subject says by how it begins: an answer, a forward, an absence, a machine.

use super::phrases;

/// Whether a lower-case subject begins like a reply or a forward in any of the known languages; tags that
/// lists put in front, `[like this]`, do not count.
pub(super) fn is_reply_subject(subject: &str) -> bool {
    phrases::any_starts("subject.reply", untagged(subject)) || is_forward_subject(subject)
}

/// Whether a lower-case subject begins like a forward.
pub(super) fn is_forward_subject(subject: &str) -> bool {
    phrases::any_starts("subject.forward", untagged(subject))
}

fn untagged(subject: &str) -> &str {
    let mut subject = subject.trim_start();
    while let Some((_, rest)) = subject.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        subject = rest.trim_start();
    }
    subject
}

/// Whether a lower-case subject says that somebody is away; a reply to such a message does not say it.
pub(super) fn is_absence_subject(subject: &str) -> bool {
    phrases::any_starts("auto.absence-subject-start", subject)
        || (!is_reply_subject(subject) && phrases::any_in("auto.absence-subject", subject))
}

/// Whether a lower-case subject says that a machine answers.
pub(super) fn is_automatic_subject(subject: &str) -> bool {
    let subject = subject.trim_start_matches(['[', '(', '*', ' ']);
    phrases::any_starts("auto.subject-start", subject)
}

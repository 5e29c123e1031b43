//! One line of JSON about one message file, for `handover mail inspect --json`.

use serde::Serialize;

use super::{Kind, understand};

/// The line's shape; the field names are an interface for scripts.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    kind: Kind,
    recipients: &'a [String],
    status: &'a [String],
    /// Only known of bounces.
    temporary: Option<bool>,
    subject: Option<&'a str>,
    from: Option<&'a str>,
    visible_text: &'a str,
}

/// Understands the message in `bytes` and writes what was understood as one line of JSON, without line end.
///
/// # Errors
/// Only if the JSON cannot be written, which no message can cause.
pub fn line(file: &str, bytes: &[u8]) -> serde_json::Result<String> {
    let understood = understand(bytes);
    let bounce = understood.bounce.as_ref();
    serde_json::to_string(&Line {
        file,
        kind: understood.kind,
        recipients: bounce.map(|bounce| bounce.recipients.as_slice()).unwrap_or_default(),
        status: bounce.map(|bounce| bounce.statuses.as_slice()).unwrap_or_default(),
        temporary: bounce.map(|bounce| bounce.temporary),
        subject: understood.subject.as_deref(),
        from: understood.from.as_ref().and_then(|from| from.address.as_deref()),
        visible_text: &understood.visible_text,
    })
}

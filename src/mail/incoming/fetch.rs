//! FETCH, believed only when the server ends it with a tagged OK (RFC 3501 §7.1).
//!
//! The library's own stream ends without a word at a tagged NO or BAD, at BYE and at the end of the connection, so that a
//! refusal looks like "there is no such message". Here each of these is a failure. Stores nothing.

use anyhow::{Context as _, bail};
use async_imap::imap_proto::{AttributeValue, MessageSection, Response, SectionPath, Status};

use super::imap::Session;

/// What the server said of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fetched {
    pub uid: u32,
    /// Bytes, as the server says; nearly true.
    pub size: usize,
    pub body: Option<Vec<u8>>,
    pub header: Option<Vec<u8>>,
}

/// All that the server says of the messages in `set`.
///
/// # Errors
/// When it refuses (NO, BAD), takes its leave (BYE) or hangs up.
pub(super) async fn fetch(session: &mut Session, set: &str, what: &str) -> anyhow::Result<Vec<Fetched>> {
    let tag = session.run_command(format!("UID FETCH {set} {what}")).await.context("could not ask")?;
    let mut found = Vec::new();
    loop {
        let said = session.read_response().await.context("could not read the answer")?;
        let said = said.context("the mail server hung up in the middle of its answer")?;
        match said.parsed() {
            Response::Fetch(_, values) => found.extend(read(values)),
            Response::Done { tag: of, status, outcome } if *of == tag => {
                let words = outcome.information.as_deref().unwrap_or_default();
                match status {
                    Status::Ok => return Ok(found),
                    refusal => bail!("the mail server refused to fetch: {refusal:?} {words}"),
                }
            }
            Response::Data { status: Status::Bye, outcome } => {
                let words = outcome.information.as_deref().unwrap_or_default();
                bail!("the mail server takes its leave: {words}");
            }
            _ => {}
        }
    }
}

/// `None` for what names no UID: news about a message that nobody asked for.
fn read(values: &[AttributeValue<'_>]) -> Option<Fetched> {
    let mut fetched = Fetched::default();
    let mut named = false;
    for value in values {
        match value {
            AttributeValue::Uid(uid) => {
                named = true;
                fetched.uid = *uid;
            }
            AttributeValue::Rfc822Size(size) => fetched.size = usize::try_from(*size).unwrap_or(usize::MAX),
            AttributeValue::BodySection { section, data: Some(data), .. } => match section {
                None => fetched.body = Some(data.to_vec()),
                Some(SectionPath::Full(MessageSection::Header)) => fetched.header = Some(data.to_vec()),
                Some(_) => {}
            },
            _ => {}
        }
    }
    named.then_some(fetched)
}

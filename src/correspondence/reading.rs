//! Understands a message on a thread of its own, within a time: one that makes understanding fail harms nothing else.

use std::time::Duration;

use crate::{
    case::link::secret_folders,
    message::{self, HeldLinks, Understanding},
};

/// Messages take milliseconds; what takes this long never ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// A message, and what in it may be secrets of links of ours.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// `None` where understanding panicked or did not end.
    pub message: Option<Understanding>,
    pub held: HeldLinks,
}

/// One after the other, so that a message that breaks the one is still searched by the other: what nobody understands is shown
/// to staff, too. A `hopeless` one took its workers with it; only its bytes are looked at.
pub(super) async fn read(raw: &[u8], hopeless: bool) -> Read {
    let folders: Vec<&str> = secret_folders().collect();
    if hopeless {
        return Read { message: None, held: message::find_held_links_in_bytes(raw, &folders) };
    }
    let message = within(PATIENCE, raw, message::understand).await;
    let searched =
        within(PATIENCE, raw, |raw| message::find_held_links(raw, &secret_folders().collect::<Vec<_>>()))
            .await;
    let held = searched.unwrap_or_else(|| message::find_held_links_in_bytes(raw, &folders));
    Read { message, held }
}

async fn within<T: Send + 'static>(patience: Duration, raw: &[u8], read: fn(&[u8]) -> T) -> Option<T> {
    let raw = raw.to_vec();
    let reading = tokio::task::spawn_blocking(move || read(&raw));
    match tokio::time::timeout(patience, reading).await {
        Ok(Ok(read)) => Some(read),
        Ok(Err(_panicked)) => {
            tracing::error!("reading an inbound e-mail failed");
            None
        }
        Err(_elapsed) => {
            tracing::error!("reading an inbound e-mail did not end");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_that_breaks_understanding_is_survived_and_searched() {
        let secret = "q3X-0kV_7mTz9bLwYh2Rr5cJfUeNs8gPaD1oKiBvC4E";
        let message = format!("Subject: x\r\n\r\nHello https://h.example/prepared/{secret}\r\n");
        let whole = read(message.as_bytes(), false).await;
        assert!(whole.message.is_some() && whole.held.candidates.contains(secret));
        let hopeless = read(message.as_bytes(), true).await;
        assert!(hopeless.message.is_none() && hopeless.held.candidates.contains(secret));
        assert!(hopeless.held.is_opaque, "nobody looked into its parts");
        assert!(within::<()>(PATIENCE, b"x", |_| panic!("a poisonous message")).await.is_none());
        let endless = |_: &[u8]| std::thread::sleep(Duration::from_secs(2));
        assert!(within(Duration::from_millis(10), b"x", endless).await.is_none());
    }
}

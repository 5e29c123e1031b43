//! Understands a message on a thread of its own, within a time: one that makes understanding fail harms nothing else.

use std::time::Duration;

use crate::{
    casework::secret_folders,
    message::{self, HeldLinks, Understanding},
};

/// A message, and what in it may be secrets of links of ours.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub message: Understanding,
    pub held: HeldLinks,
}

/// Messages take milliseconds; what takes this long never ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// `None` where understanding panicked or did not end.
pub(super) async fn understand(raw: &[u8]) -> Option<Read> {
    let read = |raw: &[u8]| Read {
        message: message::understand(raw),
        held: message::find_held_links(raw, &secret_folders()),
    };
    within(PATIENCE, raw, read).await
}

async fn within(patience: Duration, raw: &[u8], understand: fn(&[u8]) -> Read) -> Option<Read> {
    let raw = raw.to_vec();
    let reading = tokio::task::spawn_blocking(move || understand(&raw));
    match tokio::time::timeout(patience, reading).await {
        Ok(Ok(understood)) => Some(understood),
        Ok(Err(_panicked)) => {
            tracing::error!("understanding an inbound e-mail failed");
            None
        }
        Err(_elapsed) => {
            tracing::error!("understanding an inbound e-mail did not end");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_that_breaks_understanding_is_survived() {
        let message = b"Subject: x\r\n\r\nHello\r\n";
        assert!(understand(message).await.is_some());
        assert!(within(PATIENCE, message, |_| panic!("a poisonous message")).await.is_none());
        let endless = |raw: &[u8]| {
            std::thread::sleep(Duration::from_secs(2));
            Read { message: message::understand(raw), held: HeldLinks::default() }
        };
        assert!(within(Duration::from_millis(10), message, endless).await.is_none());
    }
}

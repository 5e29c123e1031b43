//! Listening to what this thread reports by `tracing`, whatever other threads do at the same time.

use std::sync::LazyLock;

use tracing::{
    Dispatch, Subscriber, callsite,
    subscriber::{DefaultGuard, set_default},
};

/// While there is one subscriber only, tracing asks the thread that comes by a place first whether to report it, which may be
/// another test's and have none, and keeps to that. With more it asks all there are, so these stay for ever.
static OTHERS: LazyLock<[Dispatch; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Dispatch::new(tracing_subscriber::registry())));

/// `subscriber` hears what this thread reports until the guard is dropped.
pub fn listening(subscriber: impl Subscriber + Send + Sync + 'static) -> DefaultGuard {
    LazyLock::force(&OTHERS);
    let guard = set_default(subscriber);
    // A place that was come by in the very moment in which `OTHERS` were made is asked about again.
    callsite::rebuild_interest_cache();
    guard
}

//! A panic is a mistake of ours in one piece of work. It must end that piece and nothing beside it.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, PanicHookInfo},
};

use futures_util::FutureExt as _;

/// What somebody sees who waited for work that panicked. The words of the panic may quote what customers wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it panicked; the line with the place stands before this one")]
pub struct Panicked;

/// `work`, or an error where it panics. What it held is dropped, so transactions are rolled back.
pub async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|_: Box<dyn Any + Send>| Panicked)
}

/// As [`caught`], for work that may fail.
pub async fn caught_in<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    caught(work).await?
}

/// Writes the place of every panic into the log, and nothing of its words.
pub fn log_places_only() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_to_whoever_waits() {
        assert_eq!(caught(async { 1 }).await, Ok(1));
        assert_eq!(caught(async { panic!("words of a customer") }).await, Err::<(), _>(Panicked));
        let failed: anyhow::Result<()> = caught_in(async { panic!("words of a customer") }).await;
        assert!(!format!("{:#}", failed.unwrap_err()).contains("customer"));
        assert!(caught_in(async { anyhow::Ok(()) }).await.is_ok());
    }
}

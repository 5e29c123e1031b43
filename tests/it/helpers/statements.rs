//! What a piece of work says to the database, statement by statement, as sqlx reports it.
//!
//! Hears only the thread it is asked on: the work has to run there, as a service of `actix_web::test` does.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use super::listening::listening;

/// Does `work` and returns the statements it sent, in order and on one line each, and what came of it.
pub async fn statements_of<T>(work: impl Future<Output = T>) -> (Vec<String>, T) {
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let guard = listening(tracing_subscriber::registry().with(Listener(heard.clone())));
    let done = work.await;
    drop(guard);
    let statements = std::mem::take(&mut *heard.lock().unwrap());
    (statements, done)
}

struct Listener(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // Passwords, too: what is costly besides.
        if event.metadata().target() == "handover::hashing" {
            self.0.lock().unwrap().push("a password is hashed".to_owned());
        }
        if event.metadata().target() == "sqlx::query" {
            let mut statement = Statement::default();
            event.record(&mut statement);
            let whole = if statement.whole.trim().is_empty() { statement.summary } else { statement.whole };
            self.0.lock().unwrap().push(whole.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

/// Short statements are reported as their summary alone.
#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => self.summary = value.to_owned(),
            "db.statement" => self.whole = value.to_owned(),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

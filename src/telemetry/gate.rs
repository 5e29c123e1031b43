//! What waits for the collector: so many spans and no more. Those beyond are dropped and counted.
//!
//! The queue is the library's; that it never overflows unseen is ours, as the library counts what it drops for nobody.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter as Otlp;
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor},
};

use super::IDLE;
use crate::meters::{Meters, Spans};

/// So many spans wait at most: some megabytes.
const MOST_WAITING: usize = 2048;
const BATCH: usize = 512;
/// They are handed over so often at least.
const EVERY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Gate {
    queue: BatchSpanProcessor,
    waiting: Arc<AtomicUsize>,
    spans: Spans,
}

impl Gate {
    pub(super) fn new(exporter: Otlp, meters: &Meters) -> Self {
        let waiting = Arc::<AtomicUsize>::default();
        let spans = meters.spans();
        let counted = Counted {
            exporter,
            waiting: waiting.clone(),
            spans: spans.clone(),
            fails: AtomicBool::default(),
        };
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(MOST_WAITING)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(EVERY)
            .build();
        let queue = BatchSpanProcessor::builder(counted).with_batch_config(config).build();
        Self { queue, waiting, spans }
    }
}

impl SpanProcessor for Gate {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.queue.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if span.attributes.iter().any(|one| one.key.as_str() == IDLE) {
            return;
        }
        let entered = self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| {
            (waiting < MOST_WAITING).then_some(waiting.saturating_add(1))
        });
        if let Ok(before) = entered {
            self.spans.wait(before.saturating_add(1));
            self.queue.on_end(span);
        } else {
            self.spans.drop(1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.queue.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.queue.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.queue.set_resource(resource);
    }
}

/// Counts what was handed over, and says in the log when that begins to fail and when it works again, not each time.
#[derive(Debug)]
struct Counted {
    exporter: Otlp,
    waiting: Arc<AtomicUsize>,
    spans: Spans,
    fails: AtomicBool,
}

impl SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let many = batch.len();
        let done = self.exporter.export(batch).await;
        let before = self.waiting.fetch_sub(many, Ordering::Relaxed);
        self.spans.wait(before.saturating_sub(many));
        self.spans.handed_over(many, done.is_ok());
        match (&done, self.fails.swap(done.is_err(), Ordering::Relaxed)) {
            // What the collector says may hold anything.
            (Err(_), false) => tracing::warn!("the collector of traces takes no spans: they are dropped"),
            (Ok(()), true) => tracing::info!("the collector of traces takes spans again"),
            _ => {}
        }
        done
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

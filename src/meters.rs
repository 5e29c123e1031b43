//! What this process has counted and measured since its start, for `metrics`: requests, steps of work, tries of e-mails, spans.
//!
//! What the database knows is read there, for all processes at once; here is only what nobody writes down. Labels are words of the
//! program: the pattern of a path, never a path, so that whoever asks for what is not there makes no new row.

use std::time::Duration;

use prometheus::{
    CounterVec, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
    core::Collector,
};

/// In seconds. Most pages take some hundredths; what takes ten is given up.
const REQUEST_SECONDS: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
const DELIVERY_SECONDS: [f64; 8] = [0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 60.0];

/// One for the whole process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Meters {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    requests_under_way: IntGauge,
    steps: IntCounterVec,
    busy_seconds: CounterVec,
    tries: IntCounterVec,
    try_seconds: Histogram,
    inbound: IntCounterVec,
    spans: IntCounterVec,
    spans_waiting: IntGauge,
}

impl Meters {
    /// # Errors
    /// Never, as far as known: the names are constants.
    pub fn try_new() -> anyhow::Result<Self> {
        let counter =
            |name: &str, help: &str, labels: &[&str]| IntCounterVec::new(Opts::new(name, help), labels);
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            HistogramOpts::new(name, help).buckets(buckets.to_vec())
        };
        let seconds = histogram(
            "handover_http_request_duration_seconds",
            "How long requests took until their answer began, by the pattern of the path",
            &REQUEST_SECONDS,
        );
        let meters = Self {
            registry: Registry::new(),
            requests: counter(
                "handover_http_requests_total",
                "Requests answered, by method, pattern of the path and status",
                &["method", "route", "status"],
            )?,
            request_seconds: HistogramVec::new(seconds, &["method", "route"])?,
            requests_under_way: IntGauge::new(
                "handover_http_requests_under_way",
                "Requests that have no answer yet",
            )?,
            steps: counter(
                "handover_worker_steps_total",
                "Steps of background work, by kind of work and how they ended",
                &["work", "outcome"],
            )?,
            busy_seconds: CounterVec::new(
                Opts::new(
                    "handover_worker_busy_seconds_total",
                    "How long steps of background work took together, by kind of work",
                ),
                &["work"],
            )?,
            tries: counter(
                "handover_delivery_tries_total",
                "E-mails handed to the mail server, by what became of the try",
                &["outcome"],
            )?,
            try_seconds: Histogram::with_opts(histogram(
                "handover_delivery_duration_seconds",
                "How long handing over an e-mail took",
                &DELIVERY_SECONDS,
            ))?,
            inbound: counter(
                "handover_inbound_settled_total",
                "Messages that came in, by where they were put",
                &["state"],
            )?,
            spans: counter(
                "handover_telemetry_spans_total",
                "Spans of traces, by whether the collector took them",
                &["outcome"],
            )?,
            spans_waiting: IntGauge::new(
                "handover_telemetry_spans_waiting",
                "Spans of traces that wait for the collector",
            )?,
        };
        let all: [Box<dyn Collector>; 10] = [
            Box::new(meters.requests.clone()),
            Box::new(meters.request_seconds.clone()),
            Box::new(meters.requests_under_way.clone()),
            Box::new(meters.steps.clone()),
            Box::new(meters.busy_seconds.clone()),
            Box::new(meters.tries.clone()),
            Box::new(meters.try_seconds.clone()),
            Box::new(meters.inbound.clone()),
            Box::new(meters.spans.clone()),
            Box::new(meters.spans_waiting.clone()),
        ];
        for one in all {
            meters.registry.register(one)?;
        }
        // From the beginning, so that the first one is an increase.
        for outcome in ["sent", "deferred", "refused", "failed"] {
            meters.tries.with_label_values(&[outcome]);
        }
        for outcome in ["taken", "not_taken", "dropped"] {
            meters.spans.with_label_values(&[outcome]);
        }
        Ok(meters)
    }

    /// A request has come, and has no answer until what is returned is dropped.
    pub fn request(&self) -> UnderWay {
        self.requests_under_way.inc();
        UnderWay(self.requests_under_way.clone())
    }

    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.request_seconds.with_label_values(&[method, route]).observe(took.as_secs_f64());
    }

    /// How a step of this kind of work ended: "did", "idle" or "failed".
    pub fn stepped(&self, work: &str, outcome: &str, took: Duration) {
        self.steps.with_label_values(&[work, outcome]).inc();
        self.busy_seconds.with_label_values(&[work]).inc_by(took.as_secs_f64());
    }

    pub fn tried(&self, outcome: &str) {
        self.tries.with_label_values(&[outcome]).inc();
    }

    pub fn handed_over(&self, took: Duration) {
        self.try_seconds.observe(took.as_secs_f64());
    }

    pub fn settled_inbound(&self, state: &str) {
        self.inbound.with_label_values(&[state]).inc();
    }

    pub fn spans(&self) -> Spans {
        Spans { spans: self.spans.clone(), waiting: self.spans_waiting.clone() }
    }

    /// All of it in the text format of Prometheus.
    ///
    /// # Errors
    /// Never, as far as known.
    pub fn text(&self) -> anyhow::Result<String> {
        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }
}

/// A request without an answer.
#[derive(Debug)]
pub struct UnderWay(IntGauge);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// What becomes of spans.
#[derive(Clone, Debug)]
pub struct Spans {
    spans: IntCounterVec,
    waiting: IntGauge,
}

impl Spans {
    pub fn wait(&self, many: usize) {
        self.waiting.set(i64::try_from(many).unwrap_or(i64::MAX));
    }

    pub fn handed_over(&self, many: usize, taken: bool) {
        let outcome = if taken { "taken" } else { "not_taken" };
        self.spans.with_label_values(&[outcome]).inc_by(u64::try_from(many).unwrap_or_default());
    }

    pub fn drop(&self, many: u64) {
        self.spans.with_label_values(&["dropped"]).inc_by(many);
    }
}

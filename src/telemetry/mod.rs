//! Traces: what a request or a step of work led to, for a collector of the reseller's that speaks OTLP. Off unless one is configured.
//!
//! A span holds what is put in here by hand, words of the program and numbers, and nothing else: it is not made of log lines, so that no
//! address, path, statement or error text can get into one. Nobody waits for the collector ([`gate`] bounds what waits for it, [`export`]
//! asks it). What strangers send as `traceparent` is not looked at: they would choose what is kept, and join what is not theirs.

mod export;
mod gate;

use std::{borrow::Cow, sync::Arc, time::Duration};

use anyhow::Context as _;
use opentelemetry::{
    Context, KeyValue,
    trace::{
        FutureExt as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId,
        TraceState, Tracer as _, TracerProvider as _,
    },
};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracer, SdkTracerProvider},
};

pub(crate) use self::export::check;
use crate::{config, meters::Meters, version};

/// Marks a span of a step that found nothing to do: it goes nowhere.
const IDLE: &str = "handover.idle";

/// One for the whole process.
#[derive(Clone, Debug, Default)]
pub struct Telemetry(Option<Arc<Collected>>);

#[derive(Debug)]
struct Collected {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// What is under way, with its span. Where traces are off it is nothing, and costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Doing(Option<Context>);

impl Telemetry {
    /// Asks nobody yet. Must be made on the runtime that the process works on.
    ///
    /// # Errors
    /// Where the settings can't work.
    pub fn try_new(settings: &config::Telemetry, meters: &Meters) -> anyhow::Result<Self> {
        if settings.endpoint.is_empty() {
            return Ok(Self::default());
        }
        let exporter = export::exporter(settings).context("telemetry")?;
        let resource = Resource::builder_empty()
            .with_service_name(settings.service_name.clone())
            .with_attribute(KeyValue::new("service.version", version::VERSION))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(gate::Gate::new(exporter, meters))
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.sample_ratio))))
            .with_resource(resource)
            .build();
        let tracer = provider.tracer("handover");
        Ok(Self(Some(Arc::new(Collected { provider, tracer }))))
    }

    /// Begins a trace.
    pub fn begin(&self, name: impl Into<Cow<'static, str>>, kind: SpanKind) -> Doing {
        self.start(&Context::new(), name, kind)
    }

    /// Goes on with the trace that [`traceparent`] told of; begins one where there is none, or it can't be read.
    pub fn go_on(&self, parent: Option<&str>, name: &'static str, kind: SpanKind) -> Doing {
        let parent = parent.and_then(read_parent);
        let context = parent.map_or_else(Context::new, |at| Context::new().with_remote_span_context(at));
        self.start(&context, name, kind)
    }

    fn start(&self, parent: &Context, name: impl Into<Cow<'static, str>>, kind: SpanKind) -> Doing {
        let Some(collected) = &self.0 else { return Doing::default() };
        let builder = collected.tracer.span_builder(name).with_kind(kind);
        let span = collected.tracer.build_with_context(builder, parent);
        Doing(Some(parent.with_value(self.clone()).with_span(span)))
    }

    /// Hands over what still waits, for as long as `patience`, and ends.
    pub async fn end(&self, patience: Duration) {
        let Some(collected) = self.0.clone() else { return };
        let ending = tokio::task::spawn_blocking(move || collected.provider.shutdown_with_timeout(patience));
        if !matches!(tokio::time::timeout(patience, ending).await, Ok(Ok(Ok(())))) {
            tracing::warn!("not all spans were taken before the end");
        }
    }
}

impl Doing {
    /// As part of what is under way here; nothing where nothing is.
    pub fn part(name: &'static str, kind: SpanKind) -> Self {
        Context::map_current(|current| match current.get::<Telemetry>() {
            Some(telemetry) => telemetry.start(current, name, kind),
            None => Self::default(),
        })
    }

    /// Does `work` as this; what it begins is part of it. The caller ends it.
    ///
    /// Boxed, and before it is first polled: within one another, the futures of what is traced would fill a thread's stack.
    pub fn during<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        let (work, context) = (Box::pin(work), self.0.clone());
        async move {
            match context {
                Some(context) => work.with_context(context).await,
                None => work.await,
            }
        }
    }

    /// Says something about it. Words of the program alone: never a text that somebody outside wrote.
    pub fn say(&self, key: &'static str, word: impl Into<Cow<'static, str>>) {
        if let Some(context) = &self.0 {
            context.span().set_attribute(KeyValue::new(key, word.into()));
        }
    }

    pub fn count(&self, key: &'static str, number: i64) {
        if let Some(context) = &self.0 {
            context.span().set_attribute(KeyValue::new(key, number));
        }
    }

    /// That something was reached, when.
    pub fn reach(&self, what: &'static str) {
        if let Some(context) = &self.0 {
            context.span().add_event(what, Vec::new());
        }
    }

    /// It failed. Why stands in the log, under the same id.
    pub fn fail(&self) {
        if let Some(context) = &self.0 {
            context.span().set_status(Status::error(""));
        }
    }

    /// It was nothing, and is not told of.
    pub fn forget(&self) {
        if let Some(context) = &self.0 {
            context.span().set_attribute(KeyValue::new(IDLE, true));
        }
        self.end();
    }

    pub fn end(&self) {
        if let Some(context) = &self.0 {
            context.span().end();
        }
    }

    /// The id of its trace, where it is kept: what the log names it by.
    pub fn trace(&self) -> Option<String> {
        let span = self.0.as_ref()?.span().span_context().clone();
        span.is_sampled().then(|| span.trace_id().to_string())
    }
}

/// What is under way here, as W3C writes it, for whoever goes on with it later. Whether it is kept goes along.
pub fn traceparent() -> Option<String> {
    Context::map_current(|current| {
        let span = current.span().span_context().clone();
        let flags = span.trace_flags() & TraceFlags::SAMPLED;
        span.is_valid().then(|| format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), flags.to_u8()))
    })
}

/// What [`traceparent`] wrote, which is one form of those that W3C allows.
fn read_parent(text: &str) -> Option<SpanContext> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if version != "00" || trace.len() != 32 || span.len() != 16 || parts.next().is_some() {
        return None;
    }
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let context = SpanContext::new(trace, span, flags, true, TraceState::default());
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read_back_and_nothing_else_is() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let read = read_parent(text).unwrap();
        assert!(read.is_sampled() && read.is_remote());
        let context = Context::new().with_remote_span_context(read);
        let guard = context.attach();
        assert_eq!(traceparent().as_deref(), Some(text));
        drop(guard);
        assert_eq!(traceparent(), None);
        assert!(!read_parent(&text.replace("-01", "-00")).unwrap().is_sampled());
        for wrong in [
            "",
            "00",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-02",
            "00-zaf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert!(read_parent(wrong).is_none(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn where_traces_are_off_there_is_nothing_to_go_on_with() {
        let telemetry = Telemetry::default();
        let doing = telemetry.begin("x", SpanKind::Internal);
        doing.say("a", "b");
        assert_eq!(doing.during(async { traceparent() }).await, None);
        assert!(doing.trace().is_none() && Doing::part("y", SpanKind::Client).0.is_none());
        telemetry.end(Duration::ZERO).await;
    }
}

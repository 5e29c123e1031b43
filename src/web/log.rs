//! The access log: one line per request, with the pattern of its path in place of the path.
//!
//! Paths hold tokens and queries hold names, so neither is written; nor are addresses of clients. Of a program's request the id of its
//! token is: that opens nothing.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
};
use tracing::{Span, field};
use tracing_actix_web::{RequestId, RootSpanBuilder};

/// The span around each request; carries the id that error pages show.
pub struct RequestSpan;

#[derive(Clone, Copy)]
struct Begun(Instant);

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        request.extensions_mut().insert(Begun(Instant::now()));
        let request_id = request.extensions().get::<RequestId>().map(ToString::to_string);
        tracing::info_span!(
            "request",
            method = %request.method(),
            route = request.match_pattern().unwrap_or_default(),
            request_id = request_id.unwrap_or_default(),
            token = field::Empty,
            status = field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        let begun = outcome
            .as_ref()
            .ok()
            .and_then(|response| response.request().extensions().get::<Begun>().copied());
        let duration_ms = begun.map(|begun| begun.0.elapsed().as_millis());
        span.record("status", status.as_u16());
        tracing::info!(parent: &span, status = status.as_u16(), duration_ms, "answered");
    }
}

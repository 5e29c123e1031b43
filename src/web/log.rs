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

use super::measured::method_word;

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
            method = method_word(request.method()),
            route = request.match_pattern().unwrap_or_default(),
            request_id = request_id.unwrap_or_default(),
            token = field::Empty,
            trace_id = field::Empty,
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
        // A number of 128 bits would be written as a text.
        let duration_ms = begun.map(|begun| u64::try_from(begun.0.elapsed().as_millis()).unwrap_or(u64::MAX));
        tracing::info!(parent: &span, status = status.as_u16(), duration_ms, "answered");
    }
}

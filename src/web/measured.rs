//! Middleware: each request is counted, timed and traced, by its method and the pattern of its path.
//!
//! Never by the path, which holds tokens and numbers, nor by a method that nobody knows: whoever asks would make the words. What
//! strangers send as `traceparent` is not read.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web,
};
use opentelemetry::trace::SpanKind;
use tracing::Span;
use tracing_actix_web::RequestId;

use crate::app::App;

pub async fn measure<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let Some(app) = request.app_data::<web::Data<App>>().cloned() else { return next.call(request).await };
    let begun = Instant::now();
    let (method, route) = (method_word(request.method()), request.match_pattern());
    let name = match &route {
        Some(route) => format!("{method} {route}"),
        None => method.to_owned(),
    };
    let doing = app.telemetry.begin(name, SpanKind::Server);
    doing.say("http.request.method", method);
    if let Some(route) = &route {
        doing.say("http.route", route.clone());
    }
    // In the log, the same request is found by both.
    if let Some(id) = request.extensions().get::<RequestId>() {
        doing.say("handover.request_id", id.to_string());
    }
    if let Some(trace) = doing.trace() {
        Span::current().record("trace_id", trace);
    }
    let under_way = app.meters.request();
    let answered = doing.during(next.call(request)).await;
    drop(under_way);
    let status = match &answered {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    doing.count("http.response.status_code", status.as_u16().into());
    if status.is_server_error() {
        doing.fail();
    }
    doing.end();
    app.meters.answered(method, route.as_deref().unwrap_or_default(), status.as_u16(), begun.elapsed());
    answered
}

/// A method that has a name of its own, or one word for all others.
pub fn method_word(method: &Method) -> &'static str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    let words = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
    known.iter().zip(words).find(|(one, _)| *one == method).map_or("_OTHER", |(_, word)| word)
}

//! The web application: the route table behind its guards, and what every request passes on its way.
//!
//! Binds no socket; `serve` does, and so do the tests.

mod once;
mod single;
mod staff;
mod tokens;

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use actix_web::{
    Error, HttpResponse, Resource, Route,
    body::{BoxBody, MessageBody},
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    guard,
    http::{Method, StatusCode, header},
    middleware::{Next, from_fn},
    web,
};
use tokio::runtime::Handle;
use tokio_util::context::TokioContext;
use tracing_actix_web::TracingLogger;

use self::{
    staff::only_staff,
    tokens::{TokenLimit, only_tokens},
};
use crate::{
    app::App,
    casework::Casework,
    desk::{
        administration::survey::Surveys, alarms::AlarmsView, live, needs, queue::CountsOfAll,
        read_for_all::ReadForAll,
    },
    intake::challenges::Looks,
    panics::caught,
    routes::{self, Entry, Limit, Who},
    staff::{identities::Providers, members::Member},
    web::{
        Problem, WebError, answer, fields, headers,
        health::Readiness,
        held,
        limit::{FormLimit, LogoutLimit, client_address},
        log::RequestSpan,
        measured, origin,
        pace::Floor,
        upload::Uploads,
    },
};

/// What the workers of one process share.
#[derive(Clone, Debug)]
pub struct Site {
    casework: Casework,
    forms: FormLimit,
    logouts: LogoutLimit,
    uploads: Uploads,
    looks: Looks,
    tokens: TokenLimit,
    providers: Providers,
    lines: live::Lines,
    alarms: ReadForAll<AlarmsView>,
    counts: ReadForAll<CountsOfAll>,
    members: ReadForAll<Vec<Member>>,
    surveys: Surveys,
    needs: needs::Kept,
    readiness: Readiness,
    /// Where connections to the database live; the threads of the server end before it.
    ground: Option<Handle>,
    before_answer: Option<BeforeAnswer>,
}

/// Called before each handler, with the path: tests make it panic.
#[derive(Clone)]
struct BeforeAnswer(Arc<dyn Fn(&str) + Send + Sync>);

impl std::fmt::Debug for BeforeAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BeforeAnswer")
    }
}

impl Site {
    pub fn new(casework: Casework) -> Self {
        let forms = FormLimit::new(&casework.app.settings.http);
        let tokens = TokenLimit::new(&casework.app.settings.http);
        let providers = Providers::new(&casework.app.settings);
        let evidence = &casework.app.settings.evidence;
        let time = Duration::from_secs(evidence.upload_seconds.into());
        let floor = Floor {
            silence: Duration::from_secs(evidence.upload_silence_seconds.into()),
            bytes_per_second: evidence.upload_bytes_per_second,
        };
        let uploads = Uploads::new(evidence.uploads_at_once, evidence.file_bytes, time, floor);
        let readiness = Readiness::default();
        let ground = Handle::try_current().ok();
        let lines = live::Lines::default();
        let looks = Looks::default();
        Self {
            casework,
            forms,
            logouts: LogoutLimit::default(),
            uploads,
            looks,
            tokens,
            providers,
            lines,
            alarms: ReadForAll::default(),
            counts: ReadForAll::default(),
            members: ReadForAll::default(),
            surveys: Surveys::default(),
            needs: needs::Kept::default(),
            readiness,
            ground,
            before_answer: None,
        }
    }

    /// Calls `look` with the path before each handler; for tests.
    #[must_use]
    pub fn before_each_answer(mut self, look: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.before_answer = Some(BeforeAnswer(Arc::new(look)));
        self
    }

    /// The application of one worker. The last `wrap` is the first that a request meets.
    pub fn service(
        &self,
    ) -> actix_web::App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody + use<>>,
            Error = Error,
            InitError = (),
        > + use<>,
    > {
        actix_web::App::new()
            .app_data(web::Data::new(self.casework.app.clone()))
            .app_data(web::Data::new(self.casework.clone()))
            .app_data(web::Data::new(self.forms.clone()))
            .app_data(web::Data::new(self.logouts.clone()))
            .app_data(web::Data::new(self.uploads.clone()))
            .app_data(web::Data::new(self.looks.clone()))
            .app_data(web::Data::new(self.tokens.clone()))
            .app_data(web::Data::new(self.providers.clone()))
            .app_data(web::Data::new(self.lines.clone()))
            .app_data(web::Data::new(self.alarms.clone()))
            .app_data(web::Data::new(self.counts.clone()))
            .app_data(web::Data::new(self.members.clone()))
            .app_data(web::Data::new(self.surveys.clone()))
            .app_data(web::Data::new(self.needs.clone()))
            .app_data(web::Data::new(self.readiness.clone()))
            .app_data(web::Data::new(self.ground.clone()))
            .app_data(web::Data::new(self.before_answer.clone()))
            .app_data(web::PayloadConfig::new(fields::LIMIT))
            .configure(register)
            .default_service(web::to(|| async { Err::<HttpResponse, _>(WebError::NotFound) }))
            .wrap(from_fn(origin::check))
            .wrap(from_fn(on_the_ground))
            .wrap(from_fn(answer::answer))
            .wrap(from_fn(headers::add))
            .wrap(from_fn(held::until_answered))
            .wrap(from_fn(measured::measure))
            .wrap(TracingLogger::<RequestSpan>::new())
    }
}

fn register(config: &mut web::ServiceConfig) {
    // Resources are tried one after the other: those that staff have open all day come first.
    let mut by_path = BTreeMap::<(bool, &'static str), Vec<Entry>>::new();
    for entry in routes::table() {
        by_path.entry((!entry.path.starts_with("/desk/cases"), entry.path)).or_default().push(entry);
    }
    for ((_, path), entries) in by_path {
        let resource = web::resource(path);
        let resource = if path.starts_with("/api/v1") {
            for_programs(resource, &entries)
        } else {
            let refused = web::to(|| async { Err::<HttpResponse, _>(WebError::MethodNotAllowed) });
            resource.default_service(refused)
        };
        config.service(entries.iter().map(guarded).fold(resource, Resource::route));
    }
}

/// A resource of the interface for programs says which methods it has (RFC 9110 §9.3.7, §15.5.6). No other site's page may use it:
/// nothing here answers what a browser asks before it would.
fn for_programs(resource: Resource, entries: &[Entry]) -> Resource {
    let mut methods: Vec<&str> = vec!["OPTIONS"];
    for entry in entries {
        methods.push(entry.method.as_str());
        if entry.method == Method::GET {
            methods.push("HEAD");
        }
    }
    let allow = methods.join(", ");
    let told = allow.clone();
    let options = Route::new().method(Method::OPTIONS).to(move || {
        let allow = allow.clone();
        async move { HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish() }
    });
    let refused = web::to(move || {
        let problem =
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method").with_header(header::ALLOW, &told);
        async move { Err::<HttpResponse, WebError>(problem.into()) }
    });
    resource.route(options).default_service(refused)
}

/// Middleware: has the request polled as if on the runtime that made the site. A connection to the database lives on the runtime
/// that it was opened on; on that of a thread of the server it would die with the thread, in the hands of whoever has it then.
async fn on_the_ground<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let ground = request.app_data::<web::Data<Option<Handle>>>().and_then(|ground| ground.as_ref().clone());
    match ground {
        Some(ground) => TokioContext::new(next.call(request), ground).await,
        None => next.call(request).await,
    }
}

/// The route of one line of the table, with the guard that its `who` demands around the handler.
fn guarded(entry: &Entry) -> Route {
    let route = if entry.method == Method::GET {
        Route::new().guard(guard::Any(guard::Get()).or(guard::Head()))
    } else {
        Route::new().method(entry.method.clone())
    };
    let route = (entry.handler)(route);
    let route = match entry.who {
        who @ (Who::Staff(_) | Who::Overseers) => {
            route.wrap(from_fn(move |request, next| only_staff(who, request, next)))
        }
        Who::Token(operation, least) => {
            route.wrap(from_fn(move |request, next| only_tokens((operation, least), request, next)))
        }
        Who::Public if entry.method == Method::POST => match entry.limit {
            Limit::Forms => route.wrap(from_fn(limited)),
            Limit::Logouts => route.wrap(from_fn(limited_logouts)),
        },
        Who::Public => route,
    };
    let route = route.wrap(from_fn(survived));
    if entry.framed { route.wrap(from_fn(headers::allow_frames)) } else { route }
}

/// Middleware: a panic is an error of its request like any other. Uncaught, it would end the connection without a word, and
/// whoever waits would not know whether anything was done.
///
/// Around the handler and its guards, not further out: before the route is found, nobody else may hold the request.
async fn survived(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = request.request().clone();
    let answered = caught(async {
        if let Some(BeforeAnswer(look)) =
            asked.app_data::<web::Data<Option<BeforeAnswer>>>().and_then(|look| look.as_ref().as_ref())
        {
            look(asked.path());
        }
        next.call(request).await
    });
    answered.await.unwrap_or_else(|panicked| {
        Ok(ServiceResponse::from_err(WebError::Internal(panicked.into()), asked.clone()))
    })
}

/// Lets one address use public forms only so often.
async fn limited(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    limit(request, next, FormLimit::check).await
}

/// The same for what providers say of who signed out there, which is no form.
async fn limited_logouts(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    limit(request, next, LogoutLimit::check).await
}

async fn limit<L: 'static>(
    request: ServiceRequest,
    next: Next<BoxBody>,
    check: fn(&L, IpAddr) -> Result<(), WebError>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let allowed = match (request.app_data::<web::Data<App>>(), request.app_data::<web::Data<L>>()) {
        (Some(app), Some(limit)) => check(limit, client_address(request.request(), &app.settings)),
        _ => Err(anyhow::anyhow!("the web application was put together without its limits").into()),
    };
    match allowed {
        Ok(()) => next.call(request).await,
        Err(error) => Ok(request.error_response(error)),
    }
}

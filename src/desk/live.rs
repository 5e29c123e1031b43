//! `GET /desk/live`: tells an open page of the desk what changed, as server-sent events (HTML Living Standard, section 9.2). The page
//! asks anew for what it shows; without a script it is as it was when it was loaded.
//!
//! Events: `needs` (how many cases need the reader), `watchers` (who else looks at the case, with `?case=`), `case` (its version),
//! `changed` (something else did). All data is JSON on one line. Carries nothing of a case, and does not keep a session alive: a
//! page that is only open is no sign of anybody.

mod places;

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Bytes},
};
use futures_util::stream::poll_fn;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};
use uuid::Uuid;

pub use places::Lines;
use places::{MOST, Place};

use super::{
    case_page, needs,
    watchers::{self, Watcher},
};
use crate::{
    announcements::{Change, Heard},
    app::App,
    casework::Casework,
    lang::{Arguments, Language},
    staff::session::{self, SignedIn},
    token::Token,
    web::{Reader, WebError, origin::is_from_another_site},
};

pub const PATH: &str = "/desk/live";
/// Signs of life, for proxies and to notice who is gone; the session is looked at, too.
const SIGN: Duration = Duration::from_secs(10);
/// What changes within this time is told at once.
const GATHERED: Duration = Duration::from_millis(250);
/// Not all pages ask at the same moment.
const SPREAD: Duration = Duration::from_millis(500);
/// Told no more often than that, however much changes.
const PAUSE: Duration = Duration::from_secs(2);
/// Events on their way to one page.
const WAITING: usize = 16;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// The number of the case that the page shows; empty for other pages.
    case: String,
}

/// `data` of `needs`.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Needs {
    /// For the eye; empty where nothing needs the reader.
    shown: String,
    /// For the ear.
    said: String,
}

/// `data` of `watchers`.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Watching {
    said: String,
}

/// One open page.
struct Line {
    app: App,
    staff: SignedIn,
    token: Token,
    language: Language,
    watcher: Option<Watcher>,
    sender: mpsc::Sender<Bytes>,
    needs: Option<Needs>,
    watching: Option<Watching>,
    asking: Arc<Semaphore>,
    place: Place,
}

/// The page is gone, or may not be told any more.
struct Ended;

/// What of several changes concerns one page.
#[derive(Default)]
struct Found {
    watchers: bool,
    case: bool,
    needs: bool,
    changed: bool,
}

impl Found {
    fn add(&mut self, change: Change, own: Option<Watcher>) {
        self.needs |= !matches!(change, Change::Watchers(_));
        let is_own = |case| own.is_some_and(|watcher| watcher.case == case);
        match change {
            Change::Watchers(case) => self.watchers |= is_own(case),
            Change::Case(case) => {
                self.case |= is_own(case);
                self.changed = true;
            }
            Change::Elsewhere => self.changed = true,
            Change::Anything => *self = Self { watchers: true, case: true, needs: true, changed: true },
        }
    }
}

pub async fn show(
    reader: Reader,
    request: HttpRequest,
    casework: web::Data<Casework>,
    lines: web::Data<Lines>,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let app = reader.app.clone();
    let case =
        if query.case.is_empty() { None } else { Some(case_page::find(&casework, &query.case).await?) };
    // A page of another site may open such a line in the browser of one of ours; it reads nothing, and takes a place.
    if is_from_another_site(request.headers()) {
        return Err(WebError::CrossSite);
    }
    let place = lines.take(staff.id);
    let (Some(place), Some(token)) = (place, session::token_of(&request, &app)) else {
        return Err(WebError::Unavailable(anyhow::anyhow!("{MOST} pages are told of changes already")));
    };
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let watcher = case.map(|case| Watcher { page: Uuid::new_v4(), case, staff: staff.id });
    let line = Line {
        staff,
        token,
        language: reader.language,
        watcher,
        sender,
        needs: None,
        watching: None,
        place,
        asking: lines.asking.clone(),
        app: app.clone(),
    };
    let heard = app.announcements.hear(&app.pool, &app.stop.asked);
    // On the runtime of the connections to the database, on which handlers are polled and bodies are not.
    tokio::spawn(async move {
        let stop = line.app.stop.asked.clone();
        stop.run_until_cancelled(line.tell(heard)).await;
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Proxies would keep events until there are enough of them (nginx).
        .insert_header(("x-accel-buffering", "no"))
        .streaming(poll_fn(move |context| {
            receiver.poll_recv(context).map(|event| event.map(Ok::<_, actix_web::Error>))
        })))
}

impl Line {
    async fn tell(mut self, mut heard: Heard) {
        let watcher = self.watcher;
        let Ended = self.tell_on(&mut heard).await;
        if let Some(watcher) = watcher
            && let Err(error) = watcher.leaves(&self.app.pool).await
        {
            tracing::warn!(error = format!("{error:#}"), "somebody counts as looking who is gone");
        }
    }

    async fn tell_on(&mut self, heard: &mut Heard) -> Ended {
        // How it stands now. What changed while a page was not connected, it asks for by itself.
        let begun = async {
            self.give_sign().await?;
            let all = Found { watchers: true, case: true, needs: true, changed: false };
            self.tell_of(&all, Instant::now()).await
        };
        if let Err(ended) = begun.await {
            return ended;
        }
        let mut signs = interval(SIGN);
        signs.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let sender = self.sender.clone();
            let told = tokio::select! {
                () = sender.closed() => return Ended,
                _ = signs.tick() => self.give_sign().await,
                change = heard.next() => self.pass_on(change, heard).await,
            };
            if let Err(ended) = told {
                return ended;
            }
        }
    }

    /// Whoever looks is still there, if the session is.
    async fn give_sign(&mut self) -> Result<(), Ended> {
        let _turn = self.asking.clone().acquire_owned().await.map_err(|_closed| Ended)?;
        let (app, now) = (&self.app, self.app.clock.now());
        let found = match app.pool.acquire().await {
            Ok(mut connection) => {
                session::find(&mut connection, app, &self.token, (now, session::Use::Watching)).await
            }
            Err(away) => Err(away.into()),
        };
        match found {
            Ok(Some(_)) => {}
            Ok(None) => return Err(Ended),
            // The database is away for a moment; nothing is told meanwhile.
            Err(_) => return self.send(": away\n\n".to_owned()),
        }
        if let Some(watcher) = self.watcher
            && let Err(error) = watcher.looks(&app.pool).await
        {
            tracing::warn!(error = format!("{error:#}"), "nobody is told who looks at a case");
        }
        self.send(": here\n\n".to_owned())
    }

    /// Tells what is different for this page, after a moment in which more may change.
    async fn pass_on(&mut self, change: Change, heard: &mut Heard) -> Result<(), Ended> {
        let mut found = Found::default();
        found.add(change, self.watcher);
        let gathered = Instant::now() + GATHERED + SPREAD.mul_f64(rand::random::<f64>());
        let mut last = Instant::now();
        loop {
            tokio::select! {
                () = sleep_until(gathered) => break,
                change = heard.next() => {
                    found.add(change, self.watcher);
                    last = Instant::now();
                }
            }
        }
        self.tell_of(&found, last).await?;
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }

    /// What was `heard` of until then.
    async fn tell_of(&mut self, found: &Found, heard: Instant) -> Result<(), Ended> {
        let _turn = self.asking.clone().acquire_owned().await.map_err(|_closed| Ended)?;
        if found.watchers {
            self.tell_watchers().await?;
        }
        if found.case {
            self.tell_version().await?;
        }
        if found.needs {
            self.tell_needs(heard).await?;
        }
        if found.changed && self.watcher.is_none() {
            self.event("changed", &true)?;
        }
        Ok(())
    }

    /// What could not be read now is told with the next change.
    async fn tell_watchers(&mut self) -> Result<(), Ended> {
        let Some(watcher) = self.watcher else { return Ok(()) };
        let Ok(mut connection) = self.app.pool.acquire().await else { return Ok(()) };
        let Ok(names) = watchers::list_others(&mut connection, watcher.case, self.staff.id).await else {
            return Ok(());
        };
        drop(connection);
        let watching = Watching { said: watchers::in_words(&names, self.language) };
        if self.watching.as_ref() != Some(&watching) {
            self.event("watchers", &watching)?;
            self.watching = Some(watching);
        }
        Ok(())
    }

    /// Also where it is the same: a letter may have changed without the case.
    async fn tell_version(&self) -> Result<(), Ended> {
        let Some(watcher) = self.watcher else { return Ok(()) };
        let version = sqlx::query_scalar!("select version from cases where id = $1", watcher.case);
        match version.fetch_one(&self.app.pool).await {
            Ok(version) => self.event("case", &version),
            Err(_away) => Ok(()),
        }
    }

    async fn tell_needs(&mut self, heard: Instant) -> Result<(), Ended> {
        let counted = match self.place.needs_since(heard) {
            Some(known) => known,
            None => {
                let asked = Instant::now();
                let counted = match self.app.pool.acquire().await {
                    Ok(mut connection) => {
                        needs::count(&mut connection, self.staff.id, self.app.clock.now()).await
                    }
                    Err(_away) => None,
                };
                self.place.keep_needs(asked, counted);
                counted
            }
        };
        let Some((count, more)) = counted.map(needs::shown) else { return Ok(()) };
        let arguments: Arguments<'_> = [("count".into(), count.into())].into();
        let needs = Needs {
            shown: if count == 0 { String::new() } else { format!("{count}{}", if more { "+" } else { "" }) },
            said: self.language.text_with("layout-needs-count", &arguments),
        };
        if self.needs.as_ref() != Some(&needs) {
            self.event("needs", &needs)?;
            self.needs = Some(needs);
        }
        Ok(())
    }

    fn event(&self, name: &str, data: &impl Serialize) -> Result<(), Ended> {
        // JSON has no line break outside of its strings, and writes those inside as `\n`.
        let data = serde_json::to_string(data).map_err(|_impossible| Ended)?;
        self.send(format!("event: {name}\ndata: {data}\n\n"))
    }

    /// A page that takes nothing for so long that events pile up is given up; it comes back.
    fn send(&self, text: String) -> Result<(), Ended> {
        self.sender.try_send(Bytes::from(text)).map_err(|_full| Ended)
    }
}

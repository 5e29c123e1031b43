//! `/desk/administration`: what is not about one case: the register and what is weak about it, imports, the rules in force, mail, the
//! calendar. Every member of staff may read it, as they may read what is on record for a case; what
//! changes something, text blocks and accounts, is for administrators.

pub mod calendar;
mod cursor;
pub mod customer;
pub mod findings;
pub mod health;
pub mod imports;
pub mod log;
pub mod mail;
pub mod persons;
pub mod policy;
pub mod register;
pub mod retention;
pub mod second_factors;
pub mod services;
mod settings;
pub mod staff;
pub mod survey;
pub mod text_blocks;
pub mod trail;
pub mod webhooks;
pub mod yearly;

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use self::survey::Surveys;
use super::alarms::AlarmsView;
use crate::{
    case::actor::Role,
    casework::Casework,
    clock::Timestamp,
    desk::reading,
    lang::{Arguments, Language},
    staff::{second_factors::enrolled, session::SignedIn},
    transparency,
    view::write_instant,
    web::{Reader, WebError},
    webhooks::health::Health,
};

pub const PATH: &str = "/desk/administration";

#[derive(Debug, Serialize)]
struct IndexView {
    pages: Vec<Page>,
}

/// One page below this one.
#[derive(Clone, Debug, Serialize)]
struct Page {
    /// `administration-page-<word>` and `…-text` say what it is.
    word: &'static str,
    href: &'static str,
    /// How it stands, in one line.
    state: String,
    /// Somebody should look.
    alarming: bool,
}

struct Sizes {
    imported_at: Option<Timestamp>,
    /// Text blocks that are offered, and lines of the trail of administrators' changes.
    blocks: i64,
    changes: i64,
    /// Accounts that are active, and invitations that nobody has taken up.
    staff: i64,
    invitations: i64,
    /// Service accounts that are active.
    services: i64,
    /// To erase somebody, and nobody else has consented.
    requests: i64,
}

pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    surveys: web::Data<Surveys>,
    signed_in: SignedIn,
) -> Result<HttpResponse, WebError> {
    let (app, language) = (&casework.app, reader.language);
    let now = app.clock.now();
    let survey = surveys.get(app).await?;
    let weak = survey.counts().any;
    let mut connection = reading::begin(&app.pool).await?;
    let sizes = read_sizes(&mut connection).await?;
    let questions = yearly::count(&mut connection).await?;
    let hooks = Health::read(&mut connection, now).await?;
    let logged = transparency::health::Health::read(&mut connection, app).await?;
    let alarms = AlarmsView::beside(&mut connection, app, (hooks, logged.clone())).await?;
    let mut standing = enrolled::list_standing(&mut connection, &app.settings, now).await?;
    standing.retain(|person| person.missing_from.is_some());
    drop(connection);
    let changed = settings::changed(&app.settings)?.len();
    let page = |word, href, state, alarming| Page { word, href, state, alarming };
    let say = |key: &str, values: &[(&'static str, i64)]| sentence(language, key, values);
    let register = say(
        "administration-state-register",
        &[("customers", survey.customers), ("licences", survey.licences), ("contacts", survey.contacts)],
    );
    let imports = match sizes.imported_at {
        Some(at) => {
            let at = write_instant(at, &app.zone, language);
            let arguments: Arguments<'_> = [("at".into(), at.into())].into();
            language.text_with("administration-state-imports", &arguments)
        }
        None => language.text("administration-state-no-imports"),
    };
    let health =
        say("administration-state-health", &[("customers", weak.customers), ("soon", weak.within_30)]);
    let yearly = if app.settings.yearly.enabled {
        let (asked, gone) = (questions.asked, questions.gone);
        say("administration-state-yearly", &[("asked", asked), ("gone", gone)])
    } else {
        language.text("administration-state-no-yearly")
    };
    let policy =
        say("administration-state-policy", &[("changed", i64::try_from(changed).unwrap_or(i64::MAX))]);
    let retained = say(
        "administration-state-retention",
        &[("months", i64::from(app.settings.retention.content_months))],
    );
    let works = if alarms.any() { "alarm" } else { "fine" };
    let mail = say(&format!("administration-state-mail-{works}"), &[("open", alarms.open)]);
    let open = if casework.rules.calendar.is_open(now) { "open" } else { "closed" };
    let calendar = language.text(&format!("administration-state-calendar-{open}"));
    let mut pages = Vec::new();
    if signed_in.role == Role::Admin {
        let state = say("administration-state-text_blocks", &[("blocks", sizes.blocks)]);
        pages.push(page("text_blocks", text_blocks::PATH, state, false));
        let state = say("administration-state-webhooks", &[("endpoints", hooks.enabled)]);
        pages.push(page("webhooks", webhooks::PATH, state, hooks.is_alarming()));
        let state = say("administration-state-persons", &[("requests", sizes.requests)]);
        pages.push(page("persons", persons::PATH, state, sizes.requests > 0));
        let (missing, over) = (standing.len(), standing.iter().any(|person| person.is_over));
        let missing = i64::try_from(missing).unwrap_or(i64::MAX);
        let state = say("administration-state-second_factors", &[("missing", missing)]);
        pages.push(page("second_factors", second_factors::PATH, state, over));
    }
    if matches!(signed_in.role, Role::Admin | Role::Auditor) {
        let counts = [("staff", sizes.staff), ("invitations", sizes.invitations)];
        let state = say("administration-state-staff", &counts);
        pages.push(page("staff", staff::PATH, state, alarms.guessing.is_some()));
        let state = say("administration-state-services", &[("services", sizes.services)]);
        pages.push(page("services", services::PATH, state, false));
        let state = say("administration-state-trail", &[("lines", sizes.changes)]);
        pages.push(page("trail", trail::PATH, state, false));
        let state = say("administration-state-log", &[("size", logged.tree_size)]);
        pages.push(page("log", log::PATH, state, logged.is_alarming()));
    }
    let view = IndexView {
        pages: [
            vec![
                page("register", register::PATH, register, false),
                page("health", health::PATH, health, weak.within_30 > 0),
                page("imports", imports::PATH, imports, false),
                page("yearly", yearly::PATH, yearly, false),
                page("policy", policy::PATH, policy, casework.rules.policy.one_root_suffices()),
                page("retention", retention::PATH, retained, false),
                page("mail", mail::PATH, mail, alarms.any()),
                page("calendar", calendar::PATH, calendar, false),
            ],
            pages,
        ]
        .concat(),
    };
    reader.at(PATH).ok("desk/administration/index.html", &view)
}

fn sentence(language: Language, key: &str, values: &[(&'static str, i64)]) -> String {
    let arguments: Arguments<'_> =
        values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    language.text_with(key, &arguments)
}

async fn read_sizes(connection: &mut PgConnection) -> anyhow::Result<Sizes> {
    sqlx::query_as!(
        Sizes,
        r#"select (select count(*) from text_blocks where retired_at is null) as "blocks!",
             (select count(*) from administration_events) as "changes!",
             (select count(*) from staff where disabled_at is null and kind = 'person') as "staff!",
             (select count(*) from staff where disabled_at is null and kind = 'service') as "services!",
             (select count(*) from staff_invitations where ended_at is null) as "invitations!",
             (select count(*) from erasure_requests where state = 'asked') as "requests!",
             (select at from import_reports order by id desc limit 1) as "imported_at: Timestamp""#
    )
    .fetch_one(connection)
    .await
    .context("could not count what is administered")
}

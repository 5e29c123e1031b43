//! One log over all cases: what gets into it, what shows when somebody changes the database, and where its heads go.

mod attacks;
mod deleted;
mod elsewhere;
mod growth;
mod keys;
mod stamps;

use handover::{
    app::App,
    case::{
        action::Action,
        actor::{Actor, Role},
        text::{Note, Text},
    },
    config::Settings,
    transparency::{
        append,
        heads::{self, SignedHead},
        verify::{Brought, Finding, Verified, verify},
    },
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};

use crate::helpers::{
    desk::Desk,
    story::{form, form_with},
};

/// A head for each change.
const AT_ONCE: &str = "log.every_seconds = 0\n";

/// A desk on which two cases were opened and confirmed, and one of them got a note.
async fn desk_with_cases(overrides: &str) -> (Desk, [String; 2]) {
    let desk = Desk::start_with(&format!("{AT_ONCE}{overrides}")).await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    let one = desk.confirmed_case(&visitor, &form()).await;
    let other =
        form_with(&[("entitlements", "SEN-10000002"), ("requester_email", "other@nordlicht.example")]);
    let two = desk.confirmed_case(&visitor, &other).await;
    desk.staff_without_browser("ann", Role::Agent).await;
    note(&desk, &one).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    (desk, [one, two])
}

async fn ann(desk: &Desk) -> Actor {
    Actor::Staff { id: desk.account("ann@reseller.example").await, role: Role::Agent }
}

fn note_action() -> Action {
    Action::AddNote { note: Note::new(Text::parse("Called them.").unwrap()) }
}

async fn note(desk: &Desk, number: &str) {
    let case = desk.find_case(number).await;
    desk.casework.act(case, ann(desk).await, &note_action(), None).await.unwrap();
}

async fn head(desk: &Desk) -> SignedHead {
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    heads::current(&mut connection).await.unwrap().unwrap()
}

/// The same application with other settings for the log.
fn with_settings(desk: &Desk, overrides: &str) -> App {
    let app = desk.casework.app.clone();
    App { settings: std::sync::Arc::new(Settings::with(&format!("{AT_ONCE}{overrides}")).unwrap()), ..app }
}

/// A step that failed gives its lock back when its connection comes to it; until then another one has nothing to do.
async fn until_free(app: &App) {
    let mut waiting = app.pool.begin().await.unwrap();
    sqlx::query("select tree_size from log_end for update").execute(&mut *waiting).await.unwrap();
    waiting.rollback().await.unwrap();
}

async fn log_all(app: &App) {
    until_free(app).await;
    while append::step(app).await.unwrap() == handover::app::Step::Did {}
}

async fn verified(pool: &PgPool, since: &[SignedHead]) -> Verified {
    verify(pool, &Brought { since: since.to_vec(), ..Brought::default() }).await.unwrap()
}

async fn findings(pool: &PgPool, since: &[SignedHead]) -> Vec<Finding> {
    verified(pool, since).await.findings
}

/// As a superuser, whom no trigger stops.
async fn overwrite(pool: &PgPool, sql: &str) {
    let sql = format!("begin; set local session_replication_role = replica; {sql}; commit;");
    let owner = pool.connect_options().as_ref().clone().username("postgres");
    let mut connection = PgConnection::connect_with(&owner).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

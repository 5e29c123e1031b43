//! Who works the desk, and the programs beside it.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::report::{Grade, Section};
use crate::{
    administration::trail,
    app::App,
    casework::verification::Verification,
    casework::verify_trails_of,
    staff::{attempts::Guessing, second_factors::enrolled},
    transparency,
    webhooks::{health::Health, outbox},
};

/// Whether programs of the reseller's take what they are told.
pub(super) async fn look_at_webhooks(connection: &mut PgConnection, app: &App) -> anyhow::Result<Section> {
    let health = Health::read(connection, app.clock.now()).await?;
    let queued = outbox::count_queued(connection).await?;
    let summary = format!("{} endpoints, {queued} messages wait", health.enabled);
    let mut section = Section::new("webhooks", summary);
    if health.failing > 0 {
        let words = format!("{} endpoints have taken nothing for an hour or longer", health.failing);
        section.add(Grade::Warning, words);
    }
    if health.switched_off > 0 {
        let words = format!("{} endpoints were switched off, for they took nothing", health.switched_off);
        section.add(Grade::Warning, words);
    }
    Ok(section)
}

/// Whether the log over all cases keeps up, and its heads get elsewhere.
pub(super) async fn look_at_log(connection: &mut PgConnection, app: &App) -> anyhow::Result<Section> {
    let health = transparency::health::Health::read(connection, app).await?;
    let mut section = Section::new("log", format!("{} leaves", health.tree_size));
    if health.is_behind {
        let minutes = health.waits_seconds / 60;
        let words = format!(
            "changes wait for {minutes} minutes to be logged: is a worker running, and does it have the key that signs?"
        );
        section.add(Grade::Failure, words);
    }
    for outlet in &health.outlets {
        let name = outlet.outlet.as_str();
        if let (Some(since), true) = (outlet.failing_since, outlet.is_alarming) {
            let words = outlet.last_error.as_deref().unwrap_or_default();
            section.add(Grade::Warning, format!("heads do not get to log.{name} since {since}: {words}"));
        }
    }
    if health.outlets.is_empty() && !app.settings.is_demo() {
        let words = "heads do not leave this machine: set log.mail_to, log.file or log.time_stamper";
        section.add(Grade::Note, words);
    }
    Ok(section)
}

/// The newest cases that are verified, and how many of those that changed since all were.
const NEWEST: i64 = 1_000;
const CHANGED: i64 = 4_000;
/// All cases are to be verified every night.
const WHOLE_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_hours(8 * 24);

/// Whether the trails hold, of as many cases as somebody who waits can wait for: the newest, and those that changed since all of
/// them were verified. What was done to another one, without a line, is for `audit verify` to find.
pub(super) async fn look_at_trails(connection: &mut PgConnection, app: &App) -> anyhow::Result<Section> {
    let (whole, unread) = match Verification::find_whole(app) {
        Ok(whole) => (whole, None),
        Err(error) => (None, Some(format!("{error:#}"))),
    };
    let since = whole.as_ref().map_or(i64::MAX, |whole| whole.leaves);
    let numbers = sqlx::query_scalar!(
        r#"(select number as "number!" from cases order by opened_at desc limit $1)
         union
         select subject from (select subject from log_leaves where kind = 'case' and index >= $2 order by index desc limit $3) changed"#,
        NEWEST,
        since,
        CHANGED,
    )
    .fetch_all(connection)
    .await
    .context("could not choose cases to verify")?;
    let found = verify_trails_of(&app.pool, &numbers).await?;
    let administration = trail::verify(&app.pool).await?;
    let last = whole.as_ref().map_or_else(|| "never".to_owned(), |whole| whole.begun_at.to_string());
    let summary =
        format!("{} cases looked at, {} faults; all of them last: {last}", found.cases, found.faults);
    let mut section = Section::new("trail", summary);
    if found.faults > 0 || !administration.holds() {
        section.add(Grade::Failure, "look with `handover audit verify`");
    }
    if let Some(whole) = whole.as_ref().filter(|whole| whole.faults > 0) {
        let words =
            format!("{} faults were found when all were verified: `handover audit verify`", whole.faults);
        section.add(Grade::Failure, words);
    }
    let is_old = whole.is_none_or(|whole| whole.begun_at.after(WHOLE_EVERY) < app.clock.now());
    if is_old && !app.settings.is_demo() {
        section.add(Grade::Note, "let `handover audit verify` run every night, with this data directory");
    }
    if let Some(words) = unread {
        section.add(Grade::Warning, words);
    }
    Ok(section)
}

/// Whether somebody can approve, whether passwords are guessed, and who has no second factor.
pub(super) async fn look_at_staff(connection: &mut PgConnection, app: &App) -> anyhow::Result<Section> {
    let now = app.clock.now();
    let staff = sqlx::query_scalar!(
        r#"select count(*) as "count!" from staff where disabled_at is null and kind = 'person'"#
    )
    .fetch_one(&mut *connection)
    .await?;
    let approvers = sqlx::query_scalar!(
        r#"select count(*) as "count!" from staff where disabled_at is null and kind = 'person' and role in ('approver', 'admin')"#
    )
    .fetch_one(&mut *connection)
    .await?;
    let mut section = Section::new("staff", format!("{staff} can sign in"));
    if approvers == 0 {
        section.add(Grade::Failure, "nobody may approve: add an approver with `handover staff add`");
    }
    let guessing = Guessing::read(&mut *connection, now).await?;
    if guessing.is_alarming() {
        let words = format!(
            "{} wrong tries to sign in within a quarter of an hour, at {} accounts from {} networks",
            guessing.tries, guessing.accounts, guessing.networks
        );
        section.add(Grade::Warning, words);
    }
    for person in enrolled::list_standing(connection, &app.settings, now).await? {
        if let Some(from) = person.missing_from {
            let words = format!(
                "{} ({}) has no second factor; without one nothing can be done from {from}",
                person.name, person.role
            );
            section.add(Grade::Note, words);
        }
    }
    Ok(section)
}

//! `doctor`: looks things over and says in words what is wrong and how to mend it. Changes nothing but the schema.

use std::process::ExitCode;

use super::say;
use crate::{
    boot::{Company, Ground},
    casework::verify_trail,
    config::Settings,
    mail::outbox,
};

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let problems = settings.production_problems();
    if settings.is_demo() {
        say("mode      demo: not for production. Before going there:");
        for problem in &problems {
            say(format!("            - {problem}"));
        }
    } else {
        say("mode      production");
    }
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let app = &ground.casework.app;
    let mut connection = app.pool.acquire().await?;
    let version = sqlx::query_scalar!(r#"select current_setting('server_version') as "version!""#)
        .fetch_one(&mut *connection)
        .await?;
    say(format!("database  PostgreSQL {version}, schema up to date"));
    let trouble = outbox::trouble(&mut connection, app.clock.now()).await?;
    say(format!("mail      {} failed, {} put off", trouble.failed, trouble.deferred));
    let staff = sqlx::query_scalar!(r#"select count(*) as "count!" from staff where disabled_at is null"#)
        .fetch_one(&mut *connection)
        .await?;
    say(format!("staff     {staff} can sign in"));
    let approvers = sqlx::query_scalar!(
        r#"select count(*) as "count!" from staff where disabled_at is null and role in ('approver', 'admin')"#
    )
    .fetch_one(&mut *connection)
    .await?;
    if approvers == 0 {
        say("            - nobody may approve: add an approver with `handover staff add`");
    }
    let (cases, broken) = verify_trail(&app.pool).await?;
    say(format!("trail     {cases} cases, {} broken", broken.len()));
    let healthy = trouble.failed == 0 && approvers > 0 && broken.is_empty();
    say(if healthy { "All is well." } else { "Something needs attention." });
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

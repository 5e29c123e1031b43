//! The primary changes, and several processes upon one database. `bin/cluster` tries the same with a real cluster.

use std::{collections::BTreeSet, time::Duration};

use handover::{
    announcements::{Announcements, Change},
    calls::{Topic, Wake, Woken},
    case::actor::Role,
};
use reqwest::StatusCode;
use sqlx::{ConnectOptions as _, postgres::PgPoolOptions};
use tokio_util::sync::CancellationToken;

use crate::helpers::{
    desk::{Desk, PASSWORD, Visitor},
    gate::Gate,
    postgres::Database,
    program::Program,
    story::{self, REQUESTER},
};

/// A proxy without a server takes the connection and ends it; the driver takes that for a wrong answer.
#[actix_web::test]
async fn a_proxy_that_leads_nowhere_is_a_database_that_is_away() {
    let database = Database::in_use().await;
    let gate = Gate::to(database.service_options()).await;
    let mut program =
        Program::serve(gate.options.to_url_lossy().as_str(), &[("HTTP__FORMS_BURST", "100")]).await;
    let form = story::form_with(&[("company", "Torweg GmbH")]);

    gate.leads_nowhere();
    for _ in 0..20 {
        let sent = program.client.post(program.url("/escalations")).form(&form).header("accept", "text/html");
        let answer = sent.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{}", program.log());
        assert!(answer.headers().contains_key("retry-after"));
        assert!(answer.text().await.unwrap().contains("Miriam Kessler"), "what was typed is lost");
    }
    // Readiness is a second old at most.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(program.health().await, Some(StatusCode::SERVICE_UNAVAILABLE));

    gate.leads_again();
    program.until_ready().await;
    for _ in 0..2 {
        let sent = program.client.post(program.url("/escalations")).form(&form).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    }
    let cases: i64 = sqlx::query_scalar("select count(*) from escalations where company = $1")
        .bind("Torweg GmbH")
        .fetch_one(&database.pool().await)
        .await
        .unwrap();
    assert_eq!(cases, 1);
}

/// What was cut off says nothing, as a database does where there is nothing to say.
#[tokio::test]
async fn a_listener_whose_connection_fell_silent_takes_another() {
    let database = Database::create().await;
    let gate = Gate::to(database.service_options()).await;
    let pool = PgPoolOptions::new().max_connections(4).connect_lazy_with(gate.options.clone());
    let (mut wake, stop) = (Wake::new(pool), CancellationToken::new());
    let anything = Woken::Called(BTreeSet::from([Topic::Anything]));
    let (ever, moment) = (Duration::from_secs(60), Duration::from_millis(200));
    assert_eq!(wake.wait(ever, &stop).await, anything);
    for _ in 0..2 {
        assert_eq!(wake.wait(moment, &stop).await, Woken::Rested, "one that answers is kept");
    }

    gate.silences_what_is_open();
    assert_eq!(wake.wait(moment, &stop).await, Woken::Rested);
    assert_eq!(wake.wait(ever, &stop).await, anything, "it hears again, and looks for what it missed");
}

/// So does the listener that open pages hear by.
#[tokio::test]
async fn open_pages_hear_again_after_their_listener_fell_silent() {
    let database = Database::create().await;
    let gate = Gate::to(database.service_options()).await;
    let pool = PgPoolOptions::new().max_connections(4).connect_lazy_with(gate.options.clone());
    let (announcements, stop) = (Announcements::default(), CancellationToken::new());
    let mut heard = announcements.hear(&pool, &stop);
    assert_eq!(heard.next().await, Change::Anything, "it listens");
    let direct = database.pool().await;
    let announce =
        async || sqlx::query("select pg_notify('handover_changes', '')").execute(&direct).await.unwrap();
    announce().await;
    assert_eq!(heard.next().await, Change::Elsewhere);

    gate.silences_what_is_open();
    announce().await;
    assert_eq!(heard.next().await, Change::Anything, "what was missed may be anything");
    announce().await;
    assert_eq!(heard.next().await, Change::Elsewhere);
    stop.cancel();
}

/// The status of a try to sign in.
async fn tries(visitor: &Visitor, password: &str) -> u16 {
    let fields = [("email", "ann@reseller.example"), ("password", password)];
    visitor.post("/desk/sign-in", &fields).await.status.as_u16()
}

#[actix_web::test]
async fn two_servers_count_wrong_passwords_and_letters_of_forms_together() {
    let desk = Desk::start_with("desk.free_sign_in_tries = 3\nlimits.form_letters_per_network = 2\n").await;
    desk.staff_without_browser("ann", Role::Agent).await;
    let other = desk.another_server().await;
    for number in 0..3 {
        let visitor = if number % 2 == 0 { desk.visitor("en") } else { Visitor::new(&other, "en") };
        assert_eq!(tries(&visitor, "a wrong guess").await, 422);
    }
    assert_eq!(tries(&desk.visitor("en"), PASSWORD).await, 429);
    assert_eq!(tries(&Visitor::new(&other, "en"), PASSWORD).await, 429);

    let (here, there) = (desk.visitor("en"), Visitor::new(&other, "en"));
    let held = "We could not send this e-mail";
    for (one, another) in [(&here, &there), (&there, &here)] {
        let fields = story::form();
        let page = one.escalates(&fields).await.went_well().location.unwrap();
        one.get(&page).await.is(200).never_says(held);
        another.escalates(&fields).await.went_well();
    }
    let third = here.escalates(&story::form()).await.went_well().location.unwrap();
    here.get(&third).await.is(200).says(held);
    desk.work_until_idle().await;
    assert_eq!(desk.take_letters(REQUESTER).len(), 2);
    desk.finish().await;
}

//! What a flood of sign-ins does to the memory of the program, and to those who come meanwhile.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use reqwest::StatusCode;

use crate::helpers::{postgres::Database, program::Program};

/// Resident memory after it, in MB, of a build without optimisation.
const MOST: u64 = 90;

async fn program(database: &Database) -> Program {
    let unlimited = ["DESK__FREE_SIGN_IN_TRIES", "HTTP__FORMS_PER_MINUTE", "HTTP__FORMS_BURST"];
    Program::serve(&database.url(), &unlimited.map(|key| (key, "1000000"))).await
}

/// The statuses of `count` sign-ins, `at_once` of them at a time; every third is right.
async fn signs_in(program: &Program, count: usize, at_once: usize) -> Vec<StatusCode> {
    let text = std::fs::read_to_string(program.data_dir().join("demo-credentials.json")).unwrap();
    let people: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let field = |name: &str| people[0][name].as_str().unwrap().to_owned();
    let (email, right) = (field("email"), field("password"));
    stream::iter(0..count)
        .map(|number| {
            let password = if number % 3 == 0 { right.clone() } else { "wrong horse battery".to_owned() };
            let fields = [("email", email.clone()), ("password", password)];
            let request = program.client.post(program.url("/desk/sign-in")).form(&fields);
            async move { request.send().await.unwrap().status() }
        })
        .buffer_unordered(at_once)
        .collect()
        .await
}

async fn stays_small(count: usize) {
    let database = Database::create().await;
    let program = program(&database).await;
    let before = program.memory();
    let answers = signs_in(&program, count, 15).await;
    let right = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
    let wrong = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!((right, wrong), (count.div_ceil(3), count - count.div_ceil(3)), "{answers:?}");
    let after = program.memory();
    assert!(after <= MOST && after < before + 20, "{before} MB before {count} sign-ins, {after} MB after");
}

#[actix_web::test]
async fn sign_ins_leave_no_memory_behind() {
    stays_small(120).await;
}

#[actix_web::test]
#[ignore = "takes a minute: the measurement of docs/OPERATIONS.md"]
async fn a_thousand_sign_ins_leave_no_memory_behind() {
    stays_small(1000).await;
}

/// All at once: each is answered, if only to come again, and nobody else waits long.
#[actix_web::test]
async fn a_flood_of_sign_ins_is_sent_away_and_costs_no_memory() {
    let database = Database::create().await;
    let program = program(&database).await;
    let flood = signs_in(&program, 300, 300);
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let asked = Instant::now();
        let page = program.client.get(program.url("/")).send().await.unwrap();
        (page.status(), asked.elapsed())
    };
    let (answers, (status, took)) = tokio::join!(flood, meanwhile);
    assert!(answers.iter().all(|status| [303, 422, 503].contains(&status.as_u16())), "{answers:?}");
    assert!(status == StatusCode::OK && took < Duration::from_secs(30), "{status} after {took:?}");
    assert!(program.memory() <= MOST, "{} MB", program.memory());

    // The flood is over, and people sign in as before.
    let answers = signs_in(&program, 1, 1).await;
    assert_eq!(answers, [StatusCode::SEE_OTHER]);
}

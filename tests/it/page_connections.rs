//! Pages and the worker have connections of their own, and no statement of a page takes for ever. Stops a reader, or a lock that somebody
//! holds, that would take the other's last connection.

use std::time::Duration;

use actix_web::test::{TestRequest, call_service, init_service};
use handover::{app::App, site::Site, token::Token};
use sqlx::{Connection as _, Executor as _, PgPool};

use crate::helpers::desk::Desk;

const SETTINGS: &str = "[database]\npage_connections = 2\npage_seconds = 1";

/// As many connections as there are, none of them free.
async fn take_all(pool: &PgPool) -> Vec<sqlx::pool::PoolConnection<sqlx::Postgres>> {
    let mut taken = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        taken.push(pool.acquire().await.unwrap());
    }
    taken
}

#[actix_web::test]
async fn a_statement_of_a_page_ends_and_one_of_the_worker_does_not() {
    let desk = Desk::start_with(SETTINGS).await;
    let pages: App = desk.casework.app.for_pages();
    let refused = pages.pool.execute("select pg_sleep(20)").await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "57014");
    // The connection is not lost by it.
    pages.pool.execute("select").await.unwrap();
    desk.casework.app.pool.execute("select pg_sleep(1.5)").await.unwrap();
    desk.finish().await;
}

/// A statement that looks costly would be compiled, or read by processes that are started for it: 20 ms for what takes 0.2.
#[actix_web::test]
async fn nothing_is_compiled_and_no_process_started_for_a_page() {
    let desk = Desk::start_with(SETTINGS).await;
    let pages = desk.casework.app.for_pages();
    for setting in ["jit", "max_parallel_workers_per_gather"] {
        let value: String = sqlx::query_scalar("select current_setting($1)")
            .bind(setting)
            .fetch_one(&pages.pool)
            .await
            .unwrap();
        assert!(["off", "0"].contains(&value.as_str()), "{setting} = {value}");
    }
    desk.finish().await;
}

#[actix_web::test]
async fn a_worker_with_all_its_connections_in_use_leaves_pages_theirs() {
    let desk = Desk::start_with(SETTINGS).await;
    let pages = desk.casework.app.for_pages();
    let service = init_service(Site::new(desk.casework.clone().with_app(pages.clone())).service()).await;
    let taken = take_all(&desk.casework.app.pool).await;
    let request = TestRequest::get().uri("/desk/sign-in").to_request();
    assert_eq!(call_service(&service, request).await.status().as_u16(), 200);
    let request = TestRequest::get().uri("/health/ready").to_request();
    assert_ne!(call_service(&service, request).await.status().as_u16(), 500);
    drop(taken);
    let _taken = take_all(&pages.pool).await;
    desk.work_until_idle().await;
    desk.finish().await;
}

#[actix_web::test]
async fn a_page_that_waits_for_a_lock_says_that_it_is_not_available_now() {
    let desk = Desk::start_with(SETTINGS).await;
    let pages = desk.casework.app.for_pages();
    let service = init_service(Site::new(desk.casework.clone().with_app(pages)).service()).await;
    let mut owner = desk.owner.acquire().await.unwrap();
    let mut lock = owner.begin().await.unwrap();
    lock.execute("lock table sessions in access exclusive mode").await.unwrap();
    let token = Token::random().reveal().to_owned();
    let page = || {
        TestRequest::get()
            .uri("/desk/cases")
            .insert_header(("cookie", format!("__Host-handover_session={token}; handover_session={token}")))
    };
    let answer = tokio::time::timeout(Duration::from_secs(30), call_service(&service, page().to_request()));
    let answer = answer.await.expect("the page waits for the lock for ever");
    assert_eq!(answer.status().as_u16(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    lock.rollback().await.unwrap();
    assert_ne!(call_service(&service, page().to_request()).await.status().as_u16(), 503);
    drop(owner);
    desk.finish().await;
}

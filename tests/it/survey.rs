//! The register looked through as a whole: when what was found is shown again, and when it is looked anew; beside a database that
//! stalls, and for many who ask at once.

use std::sync::Arc;

use futures_util::future::join_all;
use handover::{
    app::App,
    clock::Clock,
    desk::administration::{
        findings::Finding,
        survey::{Survey, Surveys},
    },
    stop::Stop,
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{administration_pages::import_rows, helpers::desk::Desk, locks::until_sessions_wait};

/// A desk with a register, and its context by a clock that goes on, from about noon: at midnight everything is looked at anew.
async fn start() -> (Desk, App) {
    let desk = Desk::start().await;
    desk.import_register().await;
    let mut app = desk.casework.app.clone();
    app.clock = Clock::to_be_put_forward();
    let hour = i64::from(app.clock.now().to_zoned(app.zone.clone()).hour());
    app.clock.put_forward(SignedDuration::from_hours((36 - hour) % 24));
    (desk, app)
}

async fn run(desk: &Desk, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&desk.owner).await.unwrap();
}

fn without_primary(survey: &Survey) -> i64 {
    survey.counts().of(Finding::NoPrimary).customers
}

const NOBODY_IS_PRIMARY: &str = "update contacts set is_primary = false";

#[actix_web::test]
async fn it_is_looked_through_once_in_ten_minutes_and_anew_after_an_import_or_midnight() {
    let (desk, app) = start().await;
    let surveys = Surveys::default();
    let first = surveys.get(&app).await.unwrap();
    run(&desk, NOBODY_IS_PRIMARY).await;
    app.clock.put_forward(SignedDuration::from_mins(9));
    let again = surveys.get(&app).await.unwrap();
    assert!(Arc::ptr_eq(&first, &again));

    // The old one at once, and a new one soon.
    app.clock.put_forward(SignedDuration::from_mins(2));
    let old = surveys.get(&app).await.unwrap();
    assert!(Arc::ptr_eq(&first, &old), "nobody waits");
    let renewed = async {
        loop {
            let survey = surveys.get(&app).await.unwrap();
            if !Arc::ptr_eq(&first, &survey) {
                break survey;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let renewed = tokio::time::timeout(std::time::Duration::from_secs(30), renewed).await.unwrap();
    assert!(without_primary(&renewed) > without_primary(&first), "{renewed:?}");
    assert_eq!(without_primary(&renewed), renewed.customers, "of everybody");

    // An import makes it anew for the next who asks.
    run(&desk, "update contacts set is_primary = true").await;
    desk.import_register().await;
    let imported = surveys.get(&app).await.unwrap();
    assert!(!Arc::ptr_eq(&renewed, &imported));
    assert_eq!(without_primary(&imported), without_primary(&first));
    app.clock.put_forward(SignedDuration::from_hours(24));
    let tomorrow = surveys.get(&app).await.unwrap();
    assert!(!Arc::ptr_eq(&imported, &tomorrow), "what renews soon is another day's");
    desk.finish().await;
}

#[actix_web::test]
async fn by_a_clock_that_stands_still_it_is_always_of_now() {
    let (desk, _) = start().await;
    let surveys = Surveys::default();
    let app = &desk.casework.app;
    let before = without_primary(&surveys.get(app).await.unwrap());
    run(&desk, NOBODY_IS_PRIMARY).await;
    assert!(without_primary(&surveys.get(app).await.unwrap()) > before);
    desk.finish().await;
}

#[actix_web::test]
async fn of_many_who_ask_at_once_one_looks() {
    let (desk, app) = start().await;
    let surveys = Surveys::default();
    let found = join_all((0..12).map(|_| surveys.get(&app))).await;
    let found: Vec<Arc<Survey>> = found.into_iter().map(Result::unwrap).collect();
    assert!(found.iter().all(|survey| Arc::ptr_eq(survey, &found[0])));
    desk.finish().await;
}

/// A database that does not answer: whoever waits is told to come again, and finds what was looked for meanwhile.
#[actix_web::test]
async fn what_takes_too_long_is_there_for_whoever_comes_next() {
    let (desk, app) = start().await;
    let surveys = Surveys::default();
    let mut held = desk.owner.begin().await.unwrap();
    sqlx::query("lock table contacts in access exclusive mode").execute(&mut *held).await.unwrap();
    let error = surveys.get(&app).await.unwrap_err();
    assert!(error.is::<handover::web::error::Overloaded>(), "{error:#}");
    held.rollback().await.unwrap();
    let survey = surveys.get(&app).await.unwrap();
    assert!(survey.customers > 0);
    desk.finish().await;
}

/// The database is still at it when the process ends: nobody waits for that.
#[actix_web::test]
async fn it_ends_with_the_process() {
    let (desk, app) = start().await;
    let mut app = app.for_pages();
    app.stop = Stop::default();
    let mut held = desk.owner.begin().await.unwrap();
    sqlx::query("lock table contacts in access exclusive mode").execute(&mut *held).await.unwrap();
    let (surveys, asking) = (Surveys::default(), app.clone());
    let asked = tokio::spawn(async move { surveys.get(&asking).await });
    until_sessions_wait(&desk, 1).await;
    app.stop.ask();
    assert!(asked.await.unwrap().unwrap_err().is::<handover::web::error::Overloaded>());
    tokio::time::timeout(std::time::Duration::from_secs(30), app.pool.close()).await.unwrap();
    held.rollback().await.unwrap();
    desk.finish().await;
}

#[actix_web::test]
async fn a_page_goes_on_after_the_one_before_it_also_where_its_last_customer_is_gone() {
    let desk = Desk::start().await;
    let app = &desk.casework.app;
    let row = |number: u32| {
        format!(
            "K-{number},Firma {number} GmbH,DE,firma{number}.example,SEN-1000000{number},,,Jira,data_center,2026-0{}-20,\
             Ida,ida@firma{number}.example,+49 30 23125 10{number},Till,till@firma{number}.example,,",
            6 + number % 3
        )
    };
    let rows: Vec<String> = (1..=7).map(row).collect();
    import_rows(&desk, &rows.iter().map(String::as_str).collect::<Vec<_>>(), false).await;
    let survey = Surveys::default().get(app).await.unwrap();
    let (all, more) = survey.page(None, None, None, 1000);
    assert!(!more && all.len() == 7, "{all:?}");
    let ids = |page: &[handover::desk::administration::survey::Weak]| -> Vec<Uuid> {
        page.iter().map(|weak| weak.customer).collect()
    };
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let (page, more) = survey.page(Some(Finding::NoPrimary), None, after, 2);
        after = page.last().map(|weak| weak.after());
        paged.extend(ids(&page));
        if !more {
            break;
        }
        assert_eq!(page.len(), 2);
    }
    assert_eq!(paged, ids(&all));

    // Nobody is left out of those that renew no earlier.
    let last = all[1];
    run(&desk, "update entitlements set renews_on = null").await;
    let mut connection = desk.owner.acquire().await.unwrap();
    sqlx::query("delete from customers where id = $1")
        .bind(last.customer)
        .execute(&mut *connection)
        .await
        .unwrap();
    drop(connection);
    let later = Surveys::default().get(app).await.unwrap();
    let (rest, _) = later.page(None, None, Some(last.after()), 1000);
    assert_eq!(rest.len(), 6, "nobody renews now, so all that are left come after");
    desk.finish().await;
}

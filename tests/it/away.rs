//! The database is away: pages say so at once, and nobody loses what was typed.

use std::{
    os::unix::fs::symlink,
    time::{Duration, Instant},
};

use reqwest::StatusCode;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};

use crate::helpers::{postgres::Database, program::Program, story};

/// A way to a database that can be taken away and given back.
struct Way {
    folder: tempfile::TempDir,
    url: String,
    name: String,
}

impl Way {
    fn to(database: &Database) -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        let options = database.connect_options();
        let name = options.get_database().unwrap().to_owned();
        let way = Self {
            url: database.service_options().socket(folder.path()).to_url_lossy().into(),
            name,
            folder,
        };
        way.open(&options);
        way
    }

    fn socket(&self, options: &PgConnectOptions) -> String {
        format!(".s.PGSQL.{}", options.get_port())
    }

    fn open(&self, options: &PgConnectOptions) {
        let socket = self.socket(options);
        symlink(options.get_socket().unwrap().join(&socket), self.folder.path().join(socket)).unwrap();
    }

    async fn close(&self, options: &PgConnectOptions) {
        std::fs::remove_file(self.folder.path().join(self.socket(options))).unwrap();
        let mut connection = PgConnection::connect_with(&options.clone().database("postgres")).await.unwrap();
        sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1")
            .bind(&self.name)
            .execute(&mut connection)
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn without_a_database_pages_say_so_and_the_form_comes_back_as_it_was_typed() {
    let database = Database::in_use().await;
    let (way, options) = (Way::to(&database), database.connect_options());
    let mut program = Program::serve(&way.url, &[]).await;
    way.close(&options).await;
    let german = |request: reqwest::RequestBuilder| {
        request.header("accept-language", "de").header("accept", "text/html")
    };

    let asked = Instant::now();
    let page =
        german(program.client.get(program.url("/confirmations/abcdefghijklmnopqrstuvwxyz0123456789abcdefg")));
    let page = page.send().await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.headers().contains_key("retry-after"));
    assert!(page.text().await.unwrap().contains("in einer Minute noch einmal"));

    let form = story::form();
    let sent = german(program.client.post(program.url("/escalations")).form(&form)).send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(sent.headers()["retry-after"], "60");
    let text = sent.text().await.unwrap();
    assert!(text.contains("Ihre Anfrage ist noch nicht gesendet"), "{text}");
    for (field, value) in &form {
        let ticked = ["authority", "privacy"].contains(field) && text.contains(&format!("name=\"{field}\""));
        // A licence's number is written as on the invoice.
        let upper = text.to_uppercase();
        let shown = value
            .lines()
            .all(|line| text.contains(&line.replace('+', "&#x2B;")) || upper.contains(&line.to_uppercase()));
        assert!(ticked || shown, "{field} is lost");
    }
    let english = program.client.post(program.url("/escalations")).form(&form).header("accept", "text/html");
    let english = english.header("accept-language", "en").send().await.unwrap().text().await.unwrap();
    assert!(english.contains("Your request has not been sent yet"), "{english}");

    // It is back: the same form makes the one case.
    way.open(&options);
    program.until_ready().await;
    for _ in 0..2 {
        let sent = program.client.post(program.url("/escalations")).form(&form).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    }
    let cases: i64 = sqlx::query_scalar(
        "select count(*) from escalations where requester_email = $1 and successor_email = $2",
    )
    .bind(story::REQUESTER)
    .bind(story::SUCCESSOR)
    .fetch_one(&database.pool().await)
    .await
    .unwrap();
    assert!(cases >= 1);
}

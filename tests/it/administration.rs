//! What administrators change is recorded with the change, chained, and shown to those who watch over it.

use std::process::Output;

use handover::{
    administration::{
        seeds,
        trail::{self, Change, Doer, Verified, append},
    },
    case::actor::Role,
};
use sqlx::{AssertSqlSafe, PgPool};
use tempfile::TempDir;

use crate::helpers::{
    command,
    desk::{Desk, StaffVisitor},
    postgres::Database,
};

const TRAIL: &str = "/desk/administration/trail";
const BLOCKS: &str = "/desk/administration/text_blocks";

async fn kinds(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select kind from administration_events order by seq").fetch_all(pool).await.unwrap()
}

/// A block with a formula for a title; its path.
async fn writes(admin: &StaffVisitor, title: &str) -> String {
    let fields = [
        ("kind", "note"),
        ("title_de", title),
        ("title_en", title),
        ("de", "Telefonat mit {company}."),
        ("en", "Telephone call with {company}."),
    ];
    admin.visitor.post(BLOCKS, &fields).await.went_well();
    let list = admin.get(BLOCKS).await.is(200);
    let page = scraper::Html::parse_document(&list.text);
    let links = scraper::Selector::parse(".block-list a").unwrap();
    let link = page.select(&links).find(|link| link.text().collect::<String>() == title).unwrap();
    link.value().attr("href").unwrap().to_owned()
}

#[actix_web::test]
async fn every_change_is_shown_to_auditors_and_administrators_alone() {
    for (language, [added, created, retired, line, program]) in [
        (
            "de",
            [
                "hat ada hinzugefügt (Revision)",
                "hat den Textbaustein „=1+1“ angelegt",
                "bietet den Textbaustein „=1+1“ nicht mehr an",
                "Zeile;Wann;Wer;Was;Angaben",
                "Handover;hat den Textbaustein",
            ],
        ),
        (
            "en",
            [
                "added ada (Auditor)",
                "added the text block “=1+1”",
                "no longer offers the text block “=1+1”",
                "Line,When,Who,What,Details",
                "Handover,added the text block",
            ],
        ),
    ] {
        let desk = Desk::start().await;
        seeds::plant(&desk.casework.app.pool, desk.now()).await.unwrap();
        let eva = desk.staff_reading("eva", Role::Admin, language).await;
        let ada = desk.staff_reading("ada", Role::Auditor, language).await;
        let path = writes(&eva, "=1+1").await;
        eva.visitor.post(&format!("{path}/retirement"), &[]).await.went_well();
        for reader in [&eva, &ada] {
            let page = reader.get(TRAIL).await.is(200);
            page.says(added).says(&format!("eva {created}")).says(&format!("eva {retired}"));
        }
        for role in [Role::Agent, Role::Approver] {
            let other = desk.staff(if role == Role::Agent { "ann" } else { "ben" }, role).await;
            for path in [TRAIL, "/desk/administration/trail.csv", BLOCKS, &path] {
                other.get(path).await.is(403);
            }
            other.visitor.post(BLOCKS, &[("kind", "note")]).await.is(403);
            other.visitor.post(&format!("{path}/restoration"), &[]).await.is(403);
        }
        // An auditor reads; and changes nothing.
        ada.visitor.post(&format!("{path}/restoration"), &[]).await.is(403);

        let file = ada.get("/desk/administration/trail.csv").await.is(200).text;
        assert!(file.starts_with(&format!("\u{feff}{line}")), "{file}");
        assert!(file.contains(program), "{file}");
        assert!(!file.contains(",=") && !file.contains(";="), "{file}");
        desk.finish().await;
    }
}

#[actix_web::test]
async fn a_long_trail_is_read_page_by_page() {
    let desk = Desk::start().await;
    let ada = desk.staff("ada", Role::Auditor).await;
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    for n in 0..120 {
        let change = Change::EvidenceRekeyBegun { key: format!("key-{n:03}") };
        append(&mut connection, Doer::CommandLine, &change, desk.now()).await.unwrap();
    }
    drop(connection);
    let (mut path, mut seen) = (TRAIL.to_owned(), Vec::new());
    loop {
        let page = ada.get(&path).await.is(200);
        let text = page.words();
        seen.extend(text.match_indices("key-").map(|(at, _)| text[at..at + 7].to_owned()));
        let document = scraper::Html::parse_document(&page.text);
        let next = scraper::Selector::parse("a[rel=next]").unwrap();
        match document.select(&next).next() {
            Some(link) => path = link.value().attr("href").unwrap().to_owned(),
            None => break,
        }
    }
    let expected: Vec<String> = (0..120).rev().map(|n| format!("key-{n:03}")).collect();
    assert_eq!(seen, expected, "each line once, the latest first");
    for nonsense in ["?before=x", "?before=-1", "?before=99999999999999999999"] {
        ada.get(&format!("{TRAIL}{nonsense}")).await.is(200);
    }
    desk.finish().await;
}

/// As a superuser, whom no trigger stops.
async fn overwrite(pool: &PgPool, sql: &str) {
    let sql = format!("begin; set local session_replication_role = replica; {sql}; commit;");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

#[actix_web::test]
async fn whatever_a_superuser_does_to_the_trail_shows() {
    let desk = Desk::start().await;
    let pool = &desk.owner;
    seeds::plant(pool, desk.now()).await.unwrap();
    let eva = desk.staff("eva", Role::Admin).await;
    let path = writes(&eva, "A title").await;
    eva.visitor.post(&format!("{path}/retirement"), &[]).await.went_well();
    let whole = trail::verify(pool).await.unwrap();
    assert!(whole.holds() && whole.lines > 10, "{whole:?}");
    let block: uuid::Uuid = path.rsplit('/').next().unwrap().parse().unwrap();

    for refused in [
        "update administration_events set at = now() where seq = 3",
        "delete from administration_events where seq = 3",
        "truncate administration_events",
        "update text_block_versions set body_en = 'x'",
        "delete from text_block_versions",
        "delete from text_blocks",
    ] {
        assert!(sqlx::query(refused).execute(pool).await.is_err(), "{refused}");
    }
    let tables = ["administration_events", "administration_chain", "text_blocks", "text_block_versions"];
    for table in tables {
        let copy = AssertSqlSafe(format!("create table {table}_before as select * from {table}"));
        sqlx::query(copy).execute(pool).await.unwrap();
    }
    let last = whole.lines;
    let at = |line: i64| Verified { broken_at: Some(line), ..whole.clone() };
    let attacks: [(&str, String, Option<i64>); 11] = [
        (
            "another time",
            "update administration_events set at = at + interval '1 hour' where seq = 4".into(),
            Some(4),
        ),
        (
            "another doer",
            "update administration_events set actor = 'program', staff_id = null where actor = 'staff'"
                .into(),
            Some(last - 1),
        ),
        (
            "other data",
            "update administration_events set data = data || '{\"version\": 7}' where seq = 2".into(),
            Some(2),
        ),
        ("a line is gone", "delete from administration_events where seq = 5".into(), Some(5)),
        ("the first is gone", "delete from administration_events where seq = 1".into(), Some(1)),
        ("the end is gone", format!("delete from administration_events where seq = {last}"), Some(last)),
        ("all of it is gone", "delete from administration_events".into(), Some(1)),
        (
            "two change places",
            "update administration_events set seq = 1000 + seq where seq in (6, 7);
             update administration_events set seq = 1013 - seq where seq > 1000"
                .into(),
            Some(6),
        ),
        ("the end is gone from beside it", "delete from administration_chain".into(), Some(last + 1)),
        (
            "other words",
            format!("update text_block_versions set body_de = 'Zahlen Sie.' where block_id = '{block}'"),
            None,
        ),
        ("offered again", format!("update text_blocks set retired_at = null where id = '{block}'"), None),
    ];
    for (what, attack, line) in attacks {
        overwrite(pool, &attack).await;
        let found = trail::verify(pool).await.unwrap();
        assert!(!found.holds(), "{what}");
        match line {
            Some(line) => assert_eq!(found.broken_at, at(line).broken_at, "{what}"),
            None => assert_eq!((found.broken_at, found.blocks), (None, vec![block.to_string()]), "{what}"),
        }
        for table in tables {
            let back = format!("delete from {table}; insert into {table} select * from {table}_before");
            overwrite(pool, &back).await;
        }
        assert_eq!(trail::verify(pool).await.unwrap(), whole, "{what}: put back");
    }
    // Whatever a line says by now, the page shows the others.
    let damaged = "update administration_events set data = '{\"kind\": \"gone\", \"block\": \"x\", \"version\": 1e30}' where seq = 2";
    overwrite(pool, damaged).await;
    assert_eq!(trail::verify(pool).await.unwrap().broken_at, Some(2));
    eva.get(TRAIL).await.is(200).says("this version of Handover does not know").says("“A title”");
    let back = "delete from administration_events; insert into administration_events select * from administration_events_before";
    overwrite(pool, back).await;
    // A version that the trail knows nothing of.
    let slipped_in = format!(
        "insert into text_block_versions (id, block_id, version, title_de, title_en, body_de, body_en, created_at)
         values (gen_random_uuid(), '{block}', 2, 'a', 'b', 'c', 'd', now())"
    );
    overwrite(pool, &slipped_in).await;
    assert_eq!(trail::verify(pool).await.unwrap().blocks, [block.to_string()]);
    overwrite(pool, &format!("delete from text_block_versions where block_id = '{block}' and version = 2"))
        .await;
    desk.finish().await;
}

#[actix_web::test]
async fn two_who_change_something_at_once_make_one_chain() {
    let desk = Desk::start().await;
    let pool = &desk.casework.app.pool;
    let append_some = || async {
        for _ in 0..20 {
            let mut transaction = pool.begin().await.unwrap();
            let change = Change::EvidenceRekeyBegun { key: "2026".to_owned() };
            append(&mut transaction, Doer::CommandLine, &change, desk.now()).await.unwrap();
            transaction.commit().await.unwrap();
        }
    };
    tokio::join!(append_some(), append_some(), append_some());
    assert_eq!(trail::verify(pool).await.unwrap().lines, 60);
    // One that is given up leaves nothing.
    let mut transaction = pool.begin().await.unwrap();
    let change = Change::EvidenceRekeyBegun { key: "2027".to_owned() };
    append(&mut transaction, Doer::CommandLine, &change, desk.now()).await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(trail::verify(pool).await.unwrap().lines, 60);
    desk.finish().await;
}

#[actix_web::test]
async fn the_first_blocks_are_written_once() {
    let desk = Desk::start().await;
    let pool = &desk.casework.app.pool;
    let planted = tokio::join!(seeds::plant(pool, desk.now()), seeds::plant(pool, desk.now()));
    assert_ne!(planted.0.unwrap(), planted.1.unwrap(), "one of two processes");
    let count = async || -> i64 {
        sqlx::query_scalar("select count(*) from text_blocks").fetch_one(pool).await.unwrap()
    };
    let first = count().await;
    assert!(first > 8, "{first}");
    assert!(!seeds::plant(pool, desk.now()).await.unwrap());
    assert_eq!(count().await, first);
    desk.finish().await;
}

/// Whoever may run the program on its machine leaves a line, too; whatever comes to nothing leaves none.
#[actix_web::test]
async fn the_command_line_leaves_lines() {
    let database = Database::create().await;
    let pool = database.pool().await;
    let data = TempDir::new().unwrap();
    let run = |arguments: &[&str]| -> Output {
        let mut started = command::handover(data.path());
        started.args(arguments).env("DATABASE_URL", database.url()).output().unwrap()
    };
    let email = ["--email", "eva@reseller.example"];
    let add = ["staff", "add", "--name", "Eva Ernst", "--role", "approver", email[0], email[1]];
    assert!(run(&add).status.success());
    assert!(!run(&add).status.success(), "the address is taken");
    let file = data.path().join("register.csv");
    std::fs::write(&file, include_str!("helpers/register.csv")).unwrap();
    let file = file.to_str().unwrap();
    assert!(run(&["register", "import", file, "--dry-run"]).status.success());
    assert!(run(&["register", "import", file]).status.success());
    assert!(run(&["staff", "password", email[0], email[1]]).status.success());
    assert!(run(&["evidence", "rekey"]).status.success());
    assert!(run(&["staff", "disable", email[0], email[1]]).status.success());
    assert!(!run(&["staff", "disable", email[0], email[1]]).status.success(), "already");
    assert_eq!(
        kinds(&pool).await,
        [
            "staff_added",
            "register_imported",
            "staff_password_changed",
            "evidence_rekey_begun",
            "evidence_rekey_ended",
            "staff_disabled"
        ]
    );
    // Who it was, and nothing personal.
    let stored: Vec<String> = sqlx::query_scalar("select actor || data::text from administration_events")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert!(stored.iter().all(|line| line.starts_with("command_line")), "{stored:?}");
    assert!(!stored.concat().contains("Eva") && !stored.concat().contains("reseller"), "{stored:?}");

    let verified = run(&["audit", "verify"]);
    assert!(verified.status.success(), "{}", command::text(&verified));
    let said = command::text(&verified);
    assert!(said.contains("administration: 6 lines verified, the last is "), "{said}");
    assert!(command::text(&run(&["doctor"])).contains("0 cases looked at, 0 faults"));
    overwrite(&pool, "delete from administration_events where seq = 4").await;
    let broken = run(&["audit", "verify"]);
    assert_eq!(broken.status.code(), Some(1));
    let said = command::text(&broken);
    assert!(said.contains("administration: the trail does not hold from line 4 on"), "{said}");
    assert!(command::text(&run(&["doctor"])).contains("look with `handover audit verify`"));
}

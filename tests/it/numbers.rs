//! The numbers of cases: one after the other, whoever comes at once with whom, and none without a word about it where a filing failed.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use handover::{
    case::{
        entitlement::EntitlementNumber,
        escalation::{ContactRole, Departed, DepartedAddress, Escalation, Requester, Successor},
        text::Text,
    },
    casework::Opened,
    lang::Language,
    transparency::verify::{Brought, Unused, verify},
};
use nix::sys::signal::Signal;
use uuid::Uuid;

use crate::helpers::{
    desk::Desk,
    postgres::{Database, until_somebody_waits_for_a_lock},
    program::Program,
    statements::statements_of,
    story::form_with,
};

const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// No letter gets into the outbox.
const REFUSED: &str = "create function refuse_letters() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
     create trigger emails_refused before insert on emails for each row execute function refuse_letters()";

fn escalation(person: usize) -> Escalation {
    let email = format!("person-{person}@nordlicht.example").parse().unwrap();
    Escalation {
        language: Language::De,
        requester: Requester { name: "Miriam Kessler".into(), email, phone: None, position: None },
        company: "Nordlicht Maschinenbau GmbH".into(),
        customer_number: None,
        hosting: None,
        entitlements: vec![EntitlementNumber::parse(&format!("SEN-{}", 10_000_001 + person)).unwrap()],
        departed: Departed {
            name: "Petra Abend".into(),
            email: DepartedAddress::Unknown,
            on: None,
            role: ContactRole::Both,
        },
        successor: Successor {
            name: "Tobias Rauch".into(),
            email: "tobias.rauch@nordlicht.example".parse().unwrap(),
            is_requester: false,
        },
        explanation: Text::parse("Frau Abend ist ausgeschieden.").unwrap(),
    }
}

async fn open(desk: &Desk, request: Uuid, person: usize) -> anyhow::Result<Opened> {
    desk.casework.open(request, &escalation(person), CLIENT).await
}

async fn run(desk: &Desk, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&desk.owner).await.unwrap();
}

async fn numbers(desk: &Desk) -> Vec<String> {
    sqlx::query_scalar("select number from cases order by number").fetch_all(&desk.owner).await.unwrap()
}

/// What a verification says of numbers without a case, where it finds nothing.
async fn unused(desk: &Desk) -> Vec<String> {
    let verified = verify(&desk.casework.app.pool, &Brought::default()).await.unwrap();
    assert_eq!(verified.findings, []);
    let Unused { numbers, count } = verified.unused;
    assert_eq!(numbers.len(), count);
    numbers
}

fn number(running: usize) -> String {
    format!("HO-2026-{running:05}")
}

async fn end(desk: Desk) {
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn who_comes_at_once_gets_numbers_one_after_the_other() {
    let desk = Desk::start().await;
    let filing = (0..24).map(|person| {
        let casework = desk.casework.clone();
        actix_web::rt::spawn(async move {
            casework.open(Uuid::new_v4(), &escalation(person), CLIENT).await.unwrap().number.to_string()
        })
    });
    let mut filed = Vec::new();
    for one in filing.collect::<Vec<_>>() {
        filed.push(one.await.unwrap());
    }
    filed.sort();
    assert_eq!(filed, (1..=24).map(number).collect::<Vec<_>>());
    assert_eq!(numbers(&desk).await, filed);
    assert_eq!(unused(&desk).await, [""; 0]);
    end(desk).await;
}

#[actix_web::test]
async fn a_filing_waits_for_no_other_one() {
    let desk = Desk::start().await;
    // One has its number, and does not come to its end.
    let mut holding = desk.owner.begin().await.unwrap();
    let (request, casework) = (Uuid::new_v4(), desk.casework.clone());
    sqlx::query("lock table letter_texts in exclusive mode").execute(&mut *holding).await.unwrap();
    let first = actix_web::rt::spawn(async move { casework.open(request, &escalation(0), CLIENT).await });
    until_somebody_waits_for_a_lock(&desk.owner).await;
    // The row of the year is free for the next.
    let free = "select last from case_numbers for update nowait";
    assert_eq!(sqlx::query_scalar::<_, i32>(free).fetch_one(&desk.owner).await.unwrap(), 1);
    holding.rollback().await.unwrap();
    assert_eq!(first.await.unwrap().unwrap().number.as_str(), number(1));
    end(desk).await;
}

#[actix_web::test]
async fn the_same_request_sent_at_once_is_one_case_and_takes_one_number() {
    let desk = Desk::start().await;
    let request = Uuid::new_v4();
    let mut holding = desk.owner.begin().await.unwrap();
    sqlx::query("lock table case_waits in exclusive mode").execute(&mut *holding).await.unwrap();
    let sent: Vec<_> = (0..6)
        .map(|_| {
            let casework = desk.casework.clone();
            actix_web::rt::spawn(async move { casework.open(request, &escalation(0), CLIENT).await.unwrap() })
        })
        .collect();
    until_somebody_waits_for_a_lock(&desk.owner).await;
    holding.rollback().await.unwrap();
    let mut opened = Vec::new();
    for one in sent {
        opened.push(one.await.unwrap());
    }
    assert!(opened.iter().all(|opened| opened.number.as_str() == number(1)), "{opened:?}");
    assert_eq!(opened.iter().filter(|opened| opened.new).count(), 1);
    assert_eq!(open(&desk, Uuid::new_v4(), 1).await.unwrap().number.as_str(), number(2));
    assert_eq!(numbers(&desk).await, [number(1), number(2)]);
    assert_eq!(unused(&desk).await, [""; 0], "nobody else had taken one");
    // What was mended since is another request.
    assert_eq!(open(&desk, request, 2).await.unwrap().number.as_str(), number(3));
    assert_eq!(unused(&desk).await, [""; 0]);
    end(desk).await;
}

#[actix_web::test]
async fn a_filing_that_the_database_refuses_leaves_its_number_to_whoever_sends_it_again() {
    let desk = Desk::start().await;
    let request = Uuid::new_v4();
    run(&desk, REFUSED).await;
    assert!(open(&desk, request, 0).await.is_err());
    assert!(open(&desk, request, 0).await.is_err());
    run(&desk, "drop trigger emails_refused on emails").await;
    assert_eq!(unused(&desk).await, [number(1)], "one number, however often it failed");
    assert_eq!(open(&desk, Uuid::new_v4(), 1).await.unwrap().number.as_str(), number(2));
    assert_eq!(unused(&desk).await, [number(1)]);
    assert_eq!(open(&desk, request, 0).await.unwrap().number.as_str(), number(1));
    assert_eq!(unused(&desk).await, [""; 0]);
    desk.work_until_idle().await;
    assert_eq!(unused(&desk).await, [""; 0], "and logged");
    end(desk).await;
}

#[actix_web::test]
async fn a_filing_whose_connection_is_cut_leaves_a_gap_that_is_named() {
    let desk = Desk::start().await;
    open(&desk, Uuid::new_v4(), 0).await.unwrap();
    let mut holding = desk.owner.begin().await.unwrap();
    sqlx::query("lock table letter_texts in exclusive mode").execute(&mut *holding).await.unwrap();
    let casework = desk.casework.clone();
    let cut =
        actix_web::rt::spawn(async move { casework.open(Uuid::new_v4(), &escalation(1), CLIENT).await });
    until_somebody_waits_for_a_lock(&desk.owner).await;
    run(
        &desk,
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    .await;
    assert!(cut.await.unwrap().is_err());
    holding.rollback().await.unwrap();
    assert_eq!(open(&desk, Uuid::new_v4(), 2).await.unwrap().number.as_str(), number(3));
    assert_eq!(numbers(&desk).await, [number(1), number(3)]);
    desk.work_until_idle().await;
    assert_eq!(unused(&desk).await, [number(2)]);
    end(desk).await;
}

#[actix_web::test]
async fn a_filing_whose_process_is_killed_leaves_a_gap_that_is_named() {
    let database = Database::in_use().await;
    let pool = database.owner();
    let file = async |program: &Program, licence: &str| {
        let fields = form_with(&[("entitlements", licence)]);
        program.client.post(program.url("/escalations")).form(&fields).send().await
    };
    let mut program = Program::serve(&database.url(), &[]).await;
    assert_eq!(file(&program, "SEN-10000008").await.unwrap().status().as_u16(), 303);
    let listed = "select number from cases order by number desc";
    let list = async || -> Vec<String> { sqlx::query_scalar(listed).fetch_all(&pool).await.unwrap() };
    let before = list().await;
    let mut holding = pool.begin().await.unwrap();
    sqlx::query("lock table letter_texts in exclusive mode").execute(&mut *holding).await.unwrap();
    let (answered, ()) = tokio::join!(file(&program, "SEN-10000009"), async {
        until_somebody_waits_for_a_lock(&pool).await;
        program.signal(Signal::SIGKILL);
    });
    assert!(answered.is_err());
    assert!(program.ended(Duration::from_secs(20)).await.is_some());
    holding.rollback().await.unwrap();
    let program = Program::serve(&database.url(), &[]).await;
    assert_eq!(file(&program, "SEN-10000009").await.unwrap().status().as_u16(), 303);
    drop(program);
    let after = list().await;
    assert_eq!(after[1..], before, "the request that was killed has no case");
    let verified = verify(&pool, &Brought::default()).await.unwrap();
    assert_eq!(verified.findings, []);
    let running = |number: &str| number[8..].parse::<usize>().unwrap();
    let lost: Vec<usize> = verified.unused.numbers.iter().map(|number| running(number)).collect();
    assert_eq!((lost, running(&after[0])), (vec![running(&before[0]) + 1], running(&before[0]) + 2));
}

/// Each is a way to the database and back, which a crowd of customers goes at once.
#[actix_web::test]
async fn a_filing_takes_few_statements() {
    let desk = Desk::start().await;
    open(&desk, Uuid::new_v4(), 0).await.unwrap();
    let (statements, opened) = statements_of(open(&desk, Uuid::new_v4(), 1)).await;
    opened.unwrap();
    let begins = |statement: &String| statement.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let statements: Vec<String> = statements.iter().map(begins).collect();
    let number_and_case = ["with held", "with opened"];
    let trail = ["update case_digests", "with line"];
    let letter = ["select c.id,", "with put", "with words", "with forgotten", "COMMIT"];
    assert_eq!(statements, [&number_and_case[..], &trail, &letter].concat());
    end(desk).await;
}

#[actix_web::test]
async fn letters_of_long_ago_count_no_more_and_are_forgotten_a_few_at_a_time() {
    let desk = Desk::start().await;
    run(
        &desk,
        "insert into form_letters (mailbox, network, domain, at, held)
         select 'm' || n, 'n', 'd', timestamptz '2020-01-01', false from generate_series(1, 100) n",
    )
    .await;
    open(&desk, Uuid::new_v4(), 0).await.unwrap();
    let old = "select count(*) from form_letters where at < '2021-01-01'";
    let left: i64 = sqlx::query_scalar(old).fetch_one(&desk.owner).await.unwrap();
    assert_eq!(left, 92);
    // As many as may be, of this very mailbox, a day ago and a little less.
    for (ago, held) in [("24 hours", false), ("23 hours", true)] {
        let filled = "update form_letters set at = $1::timestamptz - $2::interval where at > '2021-01-01'";
        run(&desk, "insert into form_letters (mailbox, network, domain, at, held)
             select mailbox, network, domain, at, held from form_letters cross join generate_series(1, 200) where at > '2021-01-01'").await;
        sqlx::query(filled).bind(desk.now().to_string()).bind(ago).execute(&desk.owner).await.unwrap();
        open(&desk, Uuid::new_v4(), 0).await.unwrap();
        let last = "select state = 'cancelled' from emails order by id desc limit 1";
        assert_eq!(sqlx::query_scalar::<_, bool>(last).fetch_one(&desk.owner).await.unwrap(), held, "{ago}");
        run(&desk, "delete from form_letters where at > '2021-01-01' and ctid <> (select max(ctid) from form_letters where at > '2021-01-01')").await;
    }
    end(desk).await;
}

//! What is forgotten, when, and that nothing else is: the words of a case and all that holds some of them, by one door.

use std::io::Write as _;

use handover::{
    case::{
        actor::{Actor, Role},
        erasure::{Rule, Scope},
        refusal::Refusal,
    },
    casework::ErasedRows,
    lang::Language,
};
use sqlx::{AssertSqlSafe, PgPool};

use crate::helpers::{
    desk::{Desk, StaffVisitor},
    dump::standing,
    inbound::{BELIEVING, Mail},
    listening::listening,
    story::{ATLASSIAN, DEPARTED, REQUESTER, form, form_with, letter_as_pdf},
};
use crate::web::Lines;

const NEWCOMER: &str = "tobias.neumann@nordlicht.example";
const MONTH: i64 = 31 * 24;
/// Said in letters and messages alone, and in what is no letter.
const LETTERED: &str = "Zwetschgenknödel";
const NOTED: &str = "Fridolin";
/// Said in attachments that are compressed.
const PACKED: &str = "Quittenbrot";

/// What is the register's, and who works here, is nobody's who asked for something.
const OTHERS: [&str; 9] = [
    "customers",
    "customer_domains",
    "customer_search",
    "entitlements",
    "contacts",
    "import_reports",
    "staff",
    "watched_domains",
    "register_imports",
];

/// In which tables these words stand, in any column, as text or as bytes.
async fn found(pool: &PgPool, word: &str) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> all($1) order by 1",
    )
    .bind(OTHERS.map(str::to_owned))
    .fetch_all(pool)
    .await
    .unwrap();
    let each = tables.iter().map(|table| {
        format!(
            "select '{table}' where exists (select from {table} r where position(lower($1) in lower(r::text)) > 0
                 or position(encode(convert_to($1, 'UTF8'), 'hex') in r::text) > 0)"
        )
    });
    let sql = each.collect::<Vec<_>>().join(" union all ");
    sqlx::query_scalar(AssertSqlSafe(sql)).bind(word).fetch_all(pool).await.unwrap()
}

async fn number_of(desk: &Desk, count: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(count.to_owned())).fetch_one(&desk.owner).await.unwrap()
}

/// Where no search by words finds it: in a gzip and in a ZIP, in base64.
fn packed_attachments(word: &str) -> String {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(word.repeat(20).as_bytes()).unwrap();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("list.txt", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(word.repeat(20).as_bytes()).unwrap();
    let part = |name: &str, bytes: &[u8]| {
        let text = data_encoding::BASE64.encode(bytes);
        format!(
            "--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename={name}\n\
             Content-Transfer-Encoding: base64\n\n{text}\n"
        )
    };
    let (gzip, archive) = (gzip.finish().unwrap(), archive.finish().unwrap().into_inner());
    format!(
        "--b\nContent-Type: text/plain\n\nSee below.\n{}{}--b--\n",
        part("a.gz", &gzip),
        part("b.zip", &archive)
    )
}

/// A case in which everybody said something, and that is closed: its number, and the customer's link to it.
async fn full_case(
    desk: &Desk,
    (ann, ben, cora): (&StaffVisitor, &StaffVisitor, &StaffVisitor),
) -> (String, String) {
    let customer = desk.visitor("de");
    let number = desk.confirmed_case(&customer, &form()).await;
    let letter = desk.take_letter(REQUESTER);
    let (status, reply_to) = (letter.link("cases"), letter.return_path.clone());
    let file = letter_as_pdf("signed");
    customer.uploads(&format!("{status}/evidence"), "Vollmacht-Kessler.pdf", &file).await.went_well();
    customer
        .submit(&format!("{status}/addresses/successor"), &[("successor_email", NEWCOMER)])
        .await
        .says("Die Adresse ist berichtigt");
    desk.work_until_idle().await;
    let invitation = desk.take_letter(NEWCOMER).link("successors");
    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.does(&number, "notes", &[("note", "The dog barked: Fridolin.")]).await.went_well();
    ann.does(&number, "question", &[("question", "Wie heißt die Firma jetzt?")]).await.went_well();
    customer.post(&format!("{status}/answer"), &[("answer", "Nordlicht Krapfen SE.")]).await.went_well();
    let packed = Mail::authentic(REQUESTER, &reply_to)
        .with("Content-Type", "multipart/mixed; boundary=b")
        .saying(&packed_attachments(PACKED));
    desk.receives(&packed.raw()).await.is_filed_from("requester");
    let mail = Mail::authentic(REQUESTER, &reply_to)
        .with("Content-Type", "text/plain; charset=utf-8")
        .saying("Anbei wie besprochen. Zwetschgenknödel.\n");
    desk.receives(&mail.raw()).await.is_filed_from("requester");
    ann.calls_back(&number).await;
    let facts = [
        ("company", "Nordlicht Krapfen SE"),
        ("hosting", "cloud"),
        ("reason", "By the commercial register."),
    ];
    ben.does(&number, "corrections", &facts).await.went_well();
    desk.later(8 * 24).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "verified");
    ann.drafts(&number).await;
    cora.approves(&number).await.went_well();
    desk.work_until_idle().await;
    let request = desk.take_letter(ATLASSIAN);
    let answer =
        Mail::authentic(ATLASSIAN, &request.return_path).saying("Dear Miriam Kessler, it is done.\n");
    desk.receives(&answer.raw()).await.is_filed_from("atlassian");
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Done for Tobias Rauch.")]).await.went_well();
    desk.work_until_idle().await;
    let own = desk.take_letters(NEWCOMER).pop().unwrap().link("successors");
    customer.post(&format!("{own}/access-confirmation"), &[("access", "yes")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "closed");
    (number, status)
}

#[actix_web::test]
async fn content_goes_first_letters_when_the_law_lets_them_and_the_trail_holds() {
    // All that the work says while this goes on.
    let (lines, log) = Lines::new();
    let _guard = listening(tracing_subscriber::fmt().with_writer(lines).finish());
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let cora = desk.staff("cora", Role::Approver).await;
    let (number, status) = full_case(&desk, (&ann, &ben, &cora)).await;
    let pool = &desk.owner;
    let everything = [
        "Kessler",
        "miriam.kessler",
        "23125110",
        "Leiterin",
        "Tobias",
        "tobias.rauch",
        NEWCOMER,
        "Petra",
        DEPARTED,
        "ausgeschieden",
        "Krapfen",
        LETTERED,
        NOTED,
        "Vollmacht",
        "Done for",
    ];
    for word in everything {
        assert!(!found(pool, word).await.is_empty(), "{word} is nowhere to begin with");
    }
    assert_eq!(standing(&desk, &[PACKED], &OTHERS).len(), 2, "in the gzip and in the ZIP");

    desk.later(11 * MONTH).await;
    assert!(!found(pool, NOTED).await.is_empty());
    desk.later(2 * MONTH).await;
    assert!(found(pool, NOTED).await.is_empty(), "{:?}", found(pool, NOTED).await);
    assert!(found(pool, "Vollmacht").await.is_empty());
    // Who asked stands in the request that was sent, and nowhere else.
    let kept = found(pool, "Leiterin").await;
    assert!(
        kept.iter().all(|table| ["drafts", "emails", "letter_texts"].contains(&table.as_str())),
        "{kept:?}"
    );
    let kept = found(pool, LETTERED).await;
    assert_eq!(kept, ["inbound_emails"]);
    // It says so wherever it shows, and nothing is done with it any more.
    let page = ann.open(&number).await.says("Its content is erased").never_says("Kessler ").says(LETTERED);
    page.says("the time of the content is over");
    ben.does(&number, "reopening", &[("reason", "They called.")])
        .await
        .is(409)
        .says("content of this case is erased");
    ann.does(&number, "notes", &[("note", "They called.")]).await.is(409);
    ann.get(&format!("/desk/cases?state=closed&q={number}")).await.is(200);
    let found_by_name = ann.get("/desk/cases?scope=all&q=Kessler").await.is(200);
    found_by_name.never_says("href=\"/desk/cases/HO-");

    // Six years from the end of the calendar year.
    let years = jiff::Timestamp::from_second((*desk.now()).as_second()).unwrap();
    let year = years.to_zoned(jiff::tz::TimeZone::UTC).year();
    let opened: i16 = number[3..7].parse().unwrap();
    desk.later(i64::from(opened + 6 - year) * 365 * 24).await;
    assert!(!found(pool, LETTERED).await.is_empty());
    desk.later(366 * 24).await;
    for word in everything {
        let left = found(pool, word).await;
        assert!(left.is_empty(), "{word} still stands in {left:?}");
    }
    // Nor in a dump of it all, however encoded or packed. What is sealed can't be looked into, so there must be none of it.
    assert_eq!(standing(&desk, &[&everything[..], &[PACKED]].concat(), &OTHERS), [""; 0]);
    let sealed = "select count(*) from evidence_files where content is not null or name is not null or nonce is not null";
    assert_eq!(number_of(&desk, sealed).await, 0);
    let said = String::from_utf8(log.lock().unwrap().clone()).unwrap().to_lowercase();
    assert!(said.contains("the log grew"), "nothing was listened to");
    for word in everything.iter().chain(&[REQUESTER, PACKED]) {
        assert!(!said.contains(&word.to_lowercase()), "the log says {word}: {said}");
    }
    ann.open(&number).await.says("All content is erased");
    let erasures = "select count(*) from case_events where kind = 'content_erased'";
    assert_eq!(number_of(&desk, erasures).await, 2);
    desk.later(MONTH).await;
    assert_eq!(number_of(&desk, erasures).await, 2, "once is enough");
    desk.take_all_letters();
    gone_altogether(&desk, (&number, &status), (i32::from(opened), &ann)).await;
}

/// Ten years from the end of the calendar year, all the rest goes, and leaves a number and a hash.
async fn gone_altogether(desk: &Desk, (number, status): (&str, &str), (opened, ann): (i32, &StaffVisitor)) {
    let pool = &desk.owner;
    let held = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let let_pass = async |date: String| {
        // Of the program and of the database, which asks nobody what time it is.
        let then: jiff::Timestamp = date.parse().unwrap();
        let sql = format!(
            "create or replace function time_of_deleting() returns timestamptz language sql stable as $$ select '{date}'::timestamptz $$"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap();
        desk.later(then.duration_since(*desk.now()).as_hours()).await;
        desk.take_all_letters();
    };
    let id = desk.find_case(number).await.to_string();
    let customer = desk.visitor("de");
    let_pass(format!("{}-12-31T12:00:00Z", opened + 10)).await;
    assert!(!found(pool, &id).await.is_empty(), "the tenth year is not over");
    let_pass(format!("{}-01-02T12:00:00Z", opened + 11)).await;
    assert_eq!(found(pool, &id).await, [""; 0]);
    assert_eq!(found(pool, number).await, ["administration_events", "case_tombstones", "log_leaves"]);
    assert!(!found(pool, &held).await.is_empty());

    ann.get(&format!("/desk/cases/{number}")).await.is(410).says("is deleted").says("10 years");
    let doris = desk.staff_reading("doris", Role::Auditor, "de").await;
    doris.get(&format!("/desk/cases/{number}")).await.is(410).says("ist gelöscht").says("10 Jahre");
    doris.get("/desk/cases/HO-2026-99999").await.is(404);
    let note = [("version", "1"), ("note", "Hello?")];
    ann.visitor.post(&format!("/desk/cases/{number}/notes"), &note).await.is(404);
    doris.get("/desk/administration/retention").await.is(200).says("Zuletzt ganz gelöscht").says(number);
    doris.get("/desk/administration/trail").await.is(200).says(&format!("hat {number} gelöscht"));
    ann.get("/desk/overview").await.is(200);
    // To a customer, a link to it is one that never was.
    let unknown = format!("/cases/{}", "x".repeat(43));
    let (gone, never) = (customer.get(status).await, customer.get(&unknown).await);
    assert_eq!(gone.status, never.status);
    let (_, broken) = handover::casework::verify_trail(pool).await.unwrap();
    assert!(broken.is_empty(), "{broken:?}");
    let verified = handover::transparency::verify::verify(pool, &Default::default()).await.unwrap();
    assert_eq!((verified.findings.as_slice(), verified.deleted), (&[][..], 1));
}

/// Whoever wants something gone waits for the clock; whoever needs it says so in time.
#[actix_web::test]
async fn what_is_held_stays_until_somebody_lifts_that() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let why = [("reason", "The court of Hamburg asked for it.")];
    ann.does(&number, "hold", &why).await.is(403);
    ben.does(&number, "hold", &[("reason", "")]).await.is(422);
    ben.does(&number, "hold-lifting", &why).await.is(409).says(&Language::En.text(&Refusal::NotHeld.key()));
    ben.does(&number, "hold", &why).await.went_well();
    ben.does(&number, "hold", &why).await.is(409).says(&Language::En.text(&Refusal::AlreadyHeld.key()));
    ann.open(&number)
        .await
        .says("Erasing put off")
        .says("The court of Hamburg")
        .says("put off that it is erased");
    ann.does(&number, "closing", &[("outcome", "self_service")]).await.went_well();
    desk.later(20 * MONTH).await;
    desk.take_all_letters();
    let pool = desk.owner.clone();
    assert!(!found(&pool, "Kessler").await.is_empty());
    // Not by any other door either.
    let case = desk.find_case(&number).await;
    let mut transaction = pool.begin().await.unwrap();
    let by_request = (Rule::Request, Actor::System);
    let held = desk.casework.erase_case(&mut transaction, case, by_request, Scope::Everything).await;
    assert!(format!("{:#}", held.unwrap_err()).contains("what is held is not erased"));
    drop(transaction);
    let page = ann.get("/desk/administration/retention").await.is(200).says("Erasing put off").says(&number);
    page.says("Due next").says("access that ended").says("Nothing.");
    ben.does(&number, "hold-lifting", &[("reason", "The court has it.")]).await.went_well();
    desk.work_until_idle().await;
    assert!(found(&pool, "The court").await.is_empty());
    ben.does(&number, "reopening", &why).await.is(409).says(&Language::En.text(&Refusal::Erased.key()));
    let page = ann.get("/desk/administration/retention").await.is(200).says("Erased lately").says(&number);
    page.says("content without correspondence");
    desk.finish().await;
}

#[actix_web::test]
async fn what_nobody_confirmed_goes_after_a_month() {
    let desk = Desk::start().await;
    desk.import_register().await;
    desk.visitor("de").escalates(&form_with(&[("requester_position", "Praktikantin")])).await.went_well();
    desk.work_until_idle().await;
    let number = desk.newest().await;
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "closed");
    desk.take_all_letters();
    desk.later(28 * 24).await;
    let pool = &desk.owner;
    assert!(!found(pool, "Praktikantin").await.is_empty());
    desk.later(3 * 24).await;
    for word in ["Praktikantin", "Kessler", REQUESTER, "Petra"] {
        let left = found(pool, word).await;
        assert!(left.is_empty(), "{word} still stands in {left:?}");
    }
    desk.take_all_letters();
    desk.finish().await;
}

/// Whoever has the database, or a fault of ours, blanks a word that is inconvenient.
#[actix_web::test]
async fn the_guards_open_for_erasing_alone() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let customer = desk.visitor("de");
    let number = desk.confirmed_case(&customer, &form()).await;
    desk.take_all_letters();
    ann.does(&number, "notes", &[("note", "Sounded in a hurry.")]).await.went_well();
    let (case, pool) = (desk.find_case(&number).await, desk.owner.clone());

    // Open: not even by the door.
    let by_request = (Rule::Request, Actor::System);
    let mut transaction = pool.begin().await.unwrap();
    let notes = [ErasedRows { table: "case_notes", keys: None }];
    let error = desk.casework.erase_rows(&mut transaction, case, by_request, &notes).await.unwrap_err();
    assert!(format!("{error:#}").contains("only a closed case is erased"), "{error:#}");
    drop(transaction);

    ann.does(&number, "closing", &[("outcome", "self_service")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    // Not erasing at all.
    for change in [
        "update case_notes set body = '—'",
        "update escalations set requester_name = '—'",
        "update letter_texts set body = '—'",
        "update deliveries set response = '—'",
        "update emails set envelope_to = 'erased@erased.invalid' where correlation_id is not null",
    ] {
        let refused = sqlx::query(change).execute(&pool).await.unwrap_err().to_string();
        assert!(refused.contains("append-only") || refused.contains("frozen"), "{change}: {refused}");
    }
    // Erasing, and something else with it.
    let seq = number_of(&desk, "select event_count + 1::bigint from cases").await;
    let begin = format!(
        "insert into case_erasures (case_id, seq, scope, rule, at) select id, {seq}, 'part', 'request', now() from cases"
    );
    for change in [
        "update case_notes set body = 'Did not sound in a hurry.'",
        "update case_notes set body = '—', created_at = now()",
        "update escalations set requester_name = '—', hosting = 'cloud'",
        "update escalations set requester_email = 'eve@evil.example'",
        "update emails set digest = sha256('x') where correlation_id is not null",
        "update case_notes set staff_id = null",
    ] {
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query(AssertSqlSafe(begin.clone())).execute(&mut *transaction).await.unwrap();
        let refused = sqlx::query(change).execute(&mut *transaction).await.unwrap_err().to_string();
        assert!(refused.contains("append-only") || refused.contains("frozen"), "{change}: {refused}");
    }
    // Erasing without a line that says so.
    let mut transaction = pool.begin().await.unwrap();
    sqlx::query(AssertSqlSafe(begin)).execute(&mut *transaction).await.unwrap();
    sqlx::query("update case_notes set body = '—'").execute(&mut *transaction).await.unwrap();
    let refused = transaction.commit().await.unwrap_err().to_string();
    assert!(
        refused.contains("case_digests_rest_on_a_line") || refused.contains("case_erasures_by_a_line"),
        "{refused}"
    );

    // By the door: what was named, and no other.
    let mut transaction = pool.begin().await.unwrap();
    let rows = [ErasedRows { table: "case_notes", keys: None }];
    assert!(desk.casework.erase_rows(&mut transaction, case, by_request, &rows).await.unwrap() > 0);
    transaction.commit().await.unwrap();
    assert!(found(&pool, "in a hurry").await.is_empty());
    assert!(!found(&pool, "Kessler").await.is_empty());
    let reopened =
        sqlx::query("update cases set state = 'verifying', outcome = null where erased is not null");
    assert!(reopened.execute(&pool).await.is_err());
    let (_, broken) = handover::casework::verify_trail(&pool).await.unwrap();
    assert!(broken.is_empty(), "{broken:?}");

    // A column that says that it was closed long ago makes nothing due: the trail knows better.
    let early = "update cases set closed_at = '2001-01-01T00:00:00Z'";
    sqlx::query(early).execute(&pool).await.unwrap();
    desk.work_until_idle().await;
    assert!(!found(&pool, "Kessler").await.is_empty());
    let mut transaction = pool.begin().await.unwrap();
    let done = desk.casework.erase_case(&mut transaction, case, by_request, Scope::Everything).await.unwrap();
    assert!(done);
    transaction.commit().await.unwrap();
    assert!(found(&pool, "Kessler").await.is_empty(), "{:?}", found(&pool, "Kessler").await);
    desk.finish().await;
}

#[actix_web::test]
async fn what_belongs_to_no_case_is_forgotten_by_class_with_one_line_for_a_run() {
    let desk = Desk::start_with(BELIEVING).await;
    let david = desk.staff("david", Role::Admin).await;
    let pool = &desk.owner;
    desk.work_until_idle().await;
    for sql in [
        "insert into staff_invitations (id, email, role, language, token_hash, created_at, sent_at, expires_at)
         select gen_random_uuid(), 'gone' || n || '@reseller.example', 'agent', 'de', sha256(n::text::bytea), '2020-01-01', '2020-01-01',
             '2020-01-08' from generate_series(1, 600) n",
        "insert into password_resets (id, email, network, asked_at)
         values (gen_random_uuid(), 'lost@reseller.example', 1, '2020-01-01')",
        "insert into form_letters (mailbox, network, at, held) values ('x', 'y', '2020-01-01', false)",
    ] {
        sqlx::query(sql).execute(pool).await.unwrap();
    }
    let stranger =
        Mail::unauthentic("eve@stranger.example", "support@reseller.example").saying("Pferdeleberkäse");
    desk.receives(&stranger.raw()).await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from inbound_emails").fetch_one(pool).await.unwrap();
    david.get("/desk/quarantine").await;
    desk.later(200 * 24).await;
    assert!(!found(pool, "Pferdeleberkäse").await.is_empty(), "somebody has to look at it first");
    sqlx::query("update inbound_emails set state = 'discarded', reason = coalesce(reason, 'x'), settled_at = $1 where id = $2")
        .bind(desk.now())
        .bind(id)
        .execute(pool)
        .await
        .unwrap();
    desk.later(91 * 24).await;
    for word in ["Pferdeleberkäse", "eve@stranger.example", "gone7@reseller.example", "lost@reseller.example"]
    {
        let left = found(pool, word).await;
        assert!(left.is_empty(), "{word} still stands in {left:?}");
    }
    let lines: Vec<serde_json::Value> =
        sqlx::query_scalar("select data from administration_events where kind = 'forgotten' order by seq")
            .fetch_all(pool)
            .await
            .unwrap();
    let access: Vec<_> = lines.iter().filter(|line| line["class"] == "access").collect();
    assert_eq!(access.len(), 1, "{lines:?}");
    assert!(access[0]["rows"].as_u64().unwrap() >= 600, "{lines:?}");
    david.get("/desk/administration/trail").await.is(200).says("erased what was over: access that ended");
    // The same message, collected again, is the same: its hash stays.
    let hash = "select count(*) from inbound_emails where content_hash <> sha256('') and raw = ''";
    assert_eq!(number_of(&desk, hash).await, 1);
    desk.take_all_letters();
    desk.finish().await;
}

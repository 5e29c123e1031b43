//! One box finds a case by anything that is known of it, however it is written; what is erased is found no more.

use handover::{case::actor::Role, migrations::MIGRATIONS};
use sqlx::{AssertSqlSafe, PgPool};

use crate::{
    helpers::{
        desk::{Desk, StaffVisitor},
        inbound::{BELIEVING, Mail},
        postgres::Database,
        story::{REQUESTER, form_with},
    },
    queue::{ORDERS, links, numbers, plenty},
};

async fn search(who: &StaffVisitor, text: &str) -> String {
    #[derive(serde::Serialize)]
    struct Asked<'a> {
        text: &'a str,
    }
    let query = serde_html_form::to_string(Asked { text }).unwrap();
    numbers(&who.get(&format!("/desk/cases?{query}")).await.is(200)).join(" ")
}

#[actix_web::test]
async fn a_case_is_found_by_anything_that_is_known_of_it() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let other = form_with(&[
        ("company", "Ahornwerk"),
        ("customer_number", ""),
        ("requester_name", "Karl Otto"),
        ("requester_email", "karl@ahornwerk.example"),
        ("requester_phone", ""),
        ("requester_position", ""),
        ("entitlements", "SEN-20000002"),
        ("departed_name", "Uwe Lang"),
        ("departed_email", "uwe@ahornwerk.example"),
        ("successor_name", "Ida Kurz"),
        ("successor_email", "ida@ahornwerk.example"),
        ("explanation", "Herr Lang ist in Rente."),
    ]);
    desk.visitor("de").escalates(&other).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let fields = form_with(&[
        ("company", "Müller & Söhne Großhandel"),
        ("customer_number", "K-4711"),
        ("requester_phone", "+49 30 23125 110"),
        ("departed_name", "Jörg Strauß"),
        ("departed_email", "joerg@müller-idn.example"),
        ("entitlements", "SEN-10000001\nE-3W8-NHD-V5E-GM7\nnordlicht.atlassian.net"),
    ]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    desk.take_all_letters();
    ann.does(&number, "notes", &[("note", "Rückruf am Donnerstag vereinbart.")]).await.went_well();
    ann.does(&number, "question", &[("question", "Wie heißt die Nachfolgerin?")]).await.went_well();
    desk.work_until_idle().await;
    let question = desk.take_letter(REQUESTER);
    let reply = Mail::authentic(REQUESTER, &question.return_path).saying("Siehe unsere Vollmacht anbei.");
    desk.receives(&reply.raw()).await.is_filed_from("requester");
    let pool = &desk.casework.app.pool;
    crate::helpers::postgres::let_rows_be_staged(pool).await;
    sqlx::query("update cases set atlassian_ticket = 'CA-987654' where number = $1")
        .bind(&number)
        .execute(pool)
        .await
        .unwrap();

    for text in [
        number.as_str(),
        &number.to_lowercase(),
        &number.replace('-', " "),
        &number.replace('-', ""),
        // Customer.
        "müller",
        "mueller",
        "MULLER",
        "Grosshandel",
        "gross",
        "k-4711",
        "K4711",
        // People and addresses.
        "Miriam Kessler",
        "kessler, miriam",
        "joerg strauss",
        "Jörg Strauß",
        "jorg",
        "tobias.rauch@nordlicht.example",
        "joerg@müller-idn.example",
        "mueller-idn.example",
        "joerg@xn--mller-idn-q9a.example",
        "+49 30 23125 110",
        "030 23125110",
        // Licences in any writing.
        "SEN-10000001",
        "sen 1000 0001",
        "sen10000001",
        "10000001",
        "1000-0001",
        "E-3W8-NHD-V5E-GM7",
        "e 3w8 nhd v5e gm7",
        "3W8NHDV5EGM7",
        "nordlicht.atlassian.net",
        "https://nordlicht.atlassian.net",
        // The ticket.
        "CA-987654",
        "ca 987654",
        "987654",
        // Words of notes, questions and mail, and of several of them together.
        "Donnerstag",
        "rueckruf",
        "Nachfolgerin",
        "vollmacht",
        "Vollmacht Donnerstag Müller",
        // With a slip of the fingers.
        "Grosshnadel",
        "Kesler",
        "Mirjam Kessler",
        "Kessler Straus",
    ] {
        assert_eq!(search(&ann, text).await, number, "{text}");
    }
    for text in ["Donnerstag Ahornwerk", "zzzz", "%", "_", "' or 1=1 --", "':* | zzzz", "\\", "SEN-99999999"]
    {
        assert_eq!(search(&ann, text).await, "", "{text:?}");
    }
    // Why it was found, as people wrote it; nothing of it is markup.
    ann.get("/desk/cases?text=vollmacht").await.says("E-mail received:").says("unsere Vollmacht anbei");
    ann.get("/desk/cases?text=rueckruf").await.says("Text: Rückruf am Donnerstag");
    ann.get("/desk/cases?text=Kesler").await.says("spelt similarly").says("Miriam Kessler");
    ann.does(&number, "notes", &[("note", "Zitat <script>alert(1)</script> <b>Ende</b>")]).await.went_well();
    let page = ann.get("/desk/cases?text=zitat").await.says("<script>alert(1)</script>");
    assert!(!page.text.contains("<script>alert"));
    let led = ann.get("/desk/search?text=zitat").await.is(303).location.unwrap();
    assert_eq!(led, "/desk/cases?text=zitat");

    // Open and closed together.
    ann.does(&number, "rejection", &[("reason", "Nicht unser Kunde.")]).await.went_well();
    assert_eq!(search(&ann, "müller").await, number);
    assert_eq!(search(&ann, "Nicht unser Kunde").await, number);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Attacker: whoever reads an index for what was to be forgotten.
#[actix_web::test]
async fn what_is_erased_or_taken_back_is_found_no_more() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form_with(&[])).await;
    desk.take_all_letters();
    ann.does(&number, "notes", &[("note", "Zeppelin im Gespräch.")]).await.went_well();
    ann.does(&number, "question", &[("question", "Seit wann?")]).await.went_well();
    desk.work_until_idle().await;
    let question = desk.take_letter(REQUESTER);
    let reply = Mail::authentic(REQUESTER, &question.return_path).saying("Wegen der Giraffe.");
    desk.receives(&reply.raw()).await.is_filed_from("requester");
    for text in ["zeppelin", "giraffe"] {
        assert_eq!(search(&ann, text).await, number, "{text}");
    }
    let pool = &desk.owner;
    crate::helpers::postgres::let_rows_be_staged(pool).await;
    let run = async |sql: &'static str| sqlx::query(sql).execute(pool).await.unwrap();
    run("update case_notes set body = 'erased' where body like 'Zeppelin%'").await;
    run("update inbound_emails set visible_text = null").await;
    for text in ["zeppelin", "giraffe"] {
        assert_eq!(search(&ann, text).await, "", "{text}");
    }
    assert_eq!(search(&ann, "erased").await, number);
    run("delete from case_notes where body = 'erased'").await;
    assert_eq!(search(&ann, "erased").await, "");
    run("delete from inbound_emails").await;
    let words: Vec<String> =
        sqlx::query_scalar("select words::text from case_search").fetch_all(pool).await.unwrap();
    let left = words.iter().any(|words| words.contains("zeppelin") || words.contains("giraffe"));
    assert!(!left, "{words:?}");
    desk.take_all_letters();
    let (_, broken) = handover::casework::verify_trail(pool).await.unwrap();
    assert!(!broken.is_empty(), "words that went without a line are missed by the trail");
}

/// A message that is set aside is no case's; once it is released it is found.
#[actix_web::test]
async fn a_long_text_or_a_strange_one_harms_nothing() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    plenty(&desk.casework.app.pool, 1).await;
    let pool = &desk.casework.app.pool;
    let note = "insert into case_notes (id, case_id, kind, body, created_at)
         select gen_random_uuid(), id, 'note', $1, now() from cases";
    let many: String = (0..60_000).map(|n| format!("ü{n:x}wort ")).collect();
    for body in [&"x".repeat(3_000_000), &many, "🦒 中文字 \u{202e}abc\u{301} '\\:*&|!()", "\u{fffd}", "-"]
    {
        sqlx::query(note).bind(body).execute(pool).await.unwrap();
    }
    assert_eq!(search(&ann, "u1fwort").await, "HO-2026-00001");
    for text in ["🦒", "中文", "\u{202e}", "'\\:*&|!()", "a:*", &"x".repeat(100)] {
        let _ = search(&ann, text).await;
    }
    assert_eq!(search(&ann, "中文字").await, "HO-2026-00001");
}

#[actix_web::test]
async fn domains_are_written_as_people_do() {
    let database = Database::create().await;
    let pool = database.pool().await;
    let written = async |domain: &str| -> String {
        sqlx::query_scalar("select domain_as_written($1)").bind(domain).fetch_one(&pool).await.unwrap()
    };
    for name in [
        "müller-idn.example",
        "straße.example",
        "bücher.größe.example",
        "äöüßéñ.example",
        "例え.テスト",
        "пример.example",
        "a-b-ü-c.example",
        "plain.example",
    ] {
        let ascii = idna::domain_to_ascii(name).unwrap();
        assert_eq!(written(&ascii).await, name, "{ascii}");
    }
    for broken in ["xn--", "xn--.", "xn--99999999999999999999.example", "xn--ü.example", ".", "", "xn--a-.x"]
    {
        let _ = written(broken).await;
    }
}

// ── speed ───────────────────────────────────────────────────────────────

/// What the database does for a search: the body of its own function, with values in the place of its parameters.
async fn plan(pool: &PgPool, text: &str, tolerant: bool) -> String {
    let body: String = sqlx::query_scalar("select prosrc from pg_proc where proname = 'search_cases'")
        .fetch_one(pool)
        .await
        .unwrap();
    let sql = body
        .replace("given", &format!("'{text}'::text"))
        .replace("sources", "null::text[]")
        .replace("tolerant", if tolerant { "true" } else { "false" });
    // With the settings of the function.
    let mut transaction = pool.begin().await.unwrap();
    let settings = "select set_config(split_part(s, '=', 1), split_part(s, '=', 2), true) from pg_proc, unnest(proconfig) s
         where proname = 'search_cases'";
    sqlx::query(settings).execute(&mut *transaction).await.unwrap();
    let explain = sqlx::query_scalar(AssertSqlSafe(format!("explain {sql}")));
    let lines: Vec<String> = explain.fetch_all(&mut *transaction).await.unwrap();
    lines.join("\n")
}

/// However far words are followed, what is found is the same; or it is said that they are no way to find a case.
#[actix_web::test]
async fn common_words_are_left_for_the_rare_ones() {
    let database = Database::create().await;
    let pool = database.pool().await;
    plenty(&pool, 40).await;
    for text in [
        "Firma",
        "Rita Firma",
        "HO-2026-00007 firma",
        "00007",
        "rita 40",
        "7",
        "no such words",
        "firma nosuch",
        "",
        "?",
        "HO",
    ] {
        let mut whole: Vec<uuid::Uuid> = sqlx::query_scalar("select search_cases($1, null, false)")
            .bind(text)
            .fetch_all(&pool)
            .await
            .unwrap();
        whole.sort();
        for most in [1_i64, 3, 39, 40, 1000] {
            let (is_common, mut found): (bool, Vec<uuid::Uuid>) =
                sqlx::query_as("select is_common, cases from find_cases($1, null, $2)")
                    .bind(text)
                    .bind(most)
                    .fetch_one(&pool)
                    .await
                    .unwrap();
            found.sort();
            if is_common {
                assert!(i64::try_from(whole.len()).unwrap() > most && found.is_empty(), "{text} {most}");
            } else {
                assert_eq!(found, whole, "{text} {most}");
            }
        }
    }
    pool.close().await;
}

/// A word that nearly every case has is answered with the first of them, in order, and the page says so.
#[actix_web::test]
async fn a_word_that_very_many_cases_have_brings_the_first_of_them() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let pool = &desk.casework.app.pool;
    plenty(pool, 5010).await;
    let first: Vec<String> = sqlx::query_scalar(
        "select number from cases order by urgency, due_at nulls last, renews_on nulls last, number limit 100",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let page = ann
        .get("/desk/cases?text=Firma")
        .await
        .is(200)
        .says("Very many cases have this")
        .says("over 50 found");
    assert_eq!(numbers(&page), first[..50]);
    let (_, next) = links(&page, ".pager a[rel=next]").pop().unwrap();
    assert_eq!(numbers(&ann.get(&next).await.is(200)), first[50..]);
    assert_eq!(search(&ann, "Firma HO-2026-00042").await, "HO-2026-00042");
    let narrowed = ann.get("/desk/cases?text=Firma&waiting_for=customer&sort=changed").await.is(200);
    assert_eq!(numbers(&narrowed).len(), 50);
}

/// A search that finds more than a page is turned over in order, open cases and closed ones, however it is sorted.
#[actix_web::test]
async fn more_than_a_page_is_found_in_order() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    plenty(&desk.owner, 330).await;
    for sql in [
        "update cases set state = 'closed', waiting_for = 'nobody', outcome = 'completed', closed_at = changed_at,
             state_data = '{\"state\": \"closed\", \"outcome\": \"completed\"}'
         where substr(number, 9)::integer % 3 = 0",
        "analyze",
    ] {
        sqlx::query(sql).execute(&desk.owner).await.unwrap();
    }
    let late: i64 = sqlx::query_scalar("select count(*) from cases where state <> 'closed' and due_at < $1")
        .bind(desk.now())
        .fetch_one(&desk.owner)
        .await
        .unwrap();
    assert!(late > 0);
    for (sort, order) in ORDERS {
        let sql = format!("select number from cases order by {order}");
        let whole: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&desk.owner).await.unwrap();
        let (mut seen, mut next) = (Vec::new(), Some(format!("/desk/cases?text=Firma&sort={sort}")));
        while let Some(address) = next {
            let page = ann.get(&address).await.is(200).says("330 found").says(&format!("{late} overdue"));
            seen.extend(numbers(&page));
            next = links(&page, ".pager a[rel=next]").pop().map(|(_, address)| address);
        }
        assert_eq!(seen, whole, "{sort}");
    }
}

#[actix_web::test]
async fn no_search_reads_everything() {
    let desk = Desk::start_on_one_connection("").await;
    let ann = desk.staff("ann", Role::Agent).await;
    let pool = &desk.owner;
    plenty(pool, 4000).await;
    sqlx::query("analyze").execute(pool).await.unwrap();
    for (text, tolerant) in
        [("Rita HO-2026-00042", false), ("Firmq", true), ("SEN 1000 0001", true), ("m", false)]
    {
        let plan = plan(pool, text, tolerant).await;
        assert!(!plan.contains("Seq Scan"), "{text}: {plan}");
        assert!(plan.contains("case_search_words"), "{text}: {plan}");
        assert!(!tolerant || plan.contains("case_search_names"), "{text}: {plan}");
    }
    let read = async |table: &str| {
        sqlx::query("select pg_stat_force_next_flush()").execute(&desk.casework.app.pool).await.unwrap();
        let sql = "select seq_tup_read + idx_tup_fetch from pg_stat_user_tables where relname = $1";
        sqlx::query_scalar::<_, i64>(sql).bind(table).fetch_one(pool).await.unwrap()
    };
    // Of 4000 that are found, what stands beside a case is read of those that are shown. Once before, for the plans.
    for _ in 0..7 {
        ann.get("/desk/cases?text=Firma").await.is(200);
    }
    let before = read("escalations").await;
    ann.get("/desk/cases?text=Firma").await.is(200);
    let shown = read("escalations").await - before;
    assert!((50..200).contains(&shown), "{shown} escalations for 50 that are shown");

    // Nor are those that were closed over the years, where open ones fill the page.
    for sql in [
        "update cases set state = 'closed', waiting_for = 'nobody', outcome = 'completed', closed_at = changed_at,
             state_data = '{\"state\": \"closed\", \"outcome\": \"completed\"}'
         where substr(number, 9)::integer % 10 > 0",
        "vacuum analyze cases",
    ] {
        sqlx::query(sql).execute(pool).await.unwrap();
    }
    let mut looked_at = i64::MAX;
    for _ in 0..9 {
        let before = read("cases").await;
        ann.get("/desk/cases?text=Firma").await.is(200).says("over 500 found");
        looked_at = looked_at.min(read("cases").await - before);
    }
    // Once for the page, and along each of the views that count them; the least of several, as plans are made anew after `analyze`.
    assert!((400..3500).contains(&looked_at), "{looked_at} cases for 400 that are open");
}

// ── the extensions ──────────────────────────────────────────────────────

/// The owner of a database who is no superuser migrates it: both extensions are trusted ones.
#[actix_web::test]
async fn the_owner_of_the_database_needs_no_superuser() {
    let database = Database::create().await;
    let owner = format!("owner_{}", uuid::Uuid::new_v4().simple());
    let pool = database.pool().await;
    let name: String = sqlx::query_scalar("select current_database()").fetch_one(&pool).await.unwrap();
    let prepare = format!(
        "drop schema public cascade; create role {owner} login; alter database {name} owner to {owner};
         create schema public authorization {owner}"
    );
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&pool).await.unwrap();
    let options = database.connect_options().username(&owner);
    let theirs = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    MIGRATIONS.run(&theirs).await.unwrap();
    let found: Vec<String> =
        sqlx::query_scalar("select find_words('Größe')").fetch_one(&theirs).await.unwrap();
    assert_eq!(found, ["grosse"]);
    theirs.close().await;
    // Somebody who may not create them is told what is missing.
    let other = format!("other_{}", uuid::Uuid::new_v4().simple());
    let prepare = format!(
        "drop schema public cascade; create role {other} login; alter database {name} owner to current_user;
         create schema public authorization {other}"
    );
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&pool).await.unwrap();
    let options = database.connect_options().username(&other);
    let theirs = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let refused = format!("{:#}", anyhow::Error::new(MIGRATIONS.run(&theirs).await.unwrap_err()));
    assert!(refused.contains("the search needs the extensions pg_trgm and unaccent"), "{refused}");
    theirs.close().await;
    let clean = format!(
        "drop schema public cascade; create schema public; drop owned by {owner}, {other}; drop role {owner}, {other}"
    );
    sqlx::raw_sql(AssertSqlSafe(clean)).execute(&pool).await.unwrap();
}

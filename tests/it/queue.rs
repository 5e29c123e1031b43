//! The desk's queue: its views and what they count, filters and orders, the way back from a case, saved views, the next case,
//! the list as a file.

use handover::case::actor::Role;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::helpers::{
    desk::{Answer, Desk, StaffVisitor},
    postgres::let_rows_be_staged,
    story::{form, form_with},
};

/// The numbers in the order of the page.
pub fn numbers(page: &Answer) -> Vec<String> {
    links(page, ".queue__link").into_iter().map(|(text, _)| text).collect()
}

/// Each order with what it is in the database.
pub const ORDERS: [(&str, &str); 5] = [
    ("urgency", "urgency, due_at nulls last, renews_on nulls last, number"),
    ("due", "due_at nulls last, number"),
    ("renewal", "renews_on nulls last, number"),
    ("waiting", "waiting_since, number"),
    ("changed", "changed_at desc, number desc"),
];

/// The texts and addresses of links.
pub fn links(page: &Answer, selector: &str) -> Vec<(String, String)> {
    let html = scraper::Html::parse_document(&page.text);
    let selector = scraper::Selector::parse(selector).unwrap();
    html.select(&selector)
        .map(|link| {
            let text: String = link.text().collect();
            (text.split_whitespace().collect::<Vec<_>>().join(" "), link.attr("href").unwrap().to_owned())
        })
        .collect()
}

async fn queue(who: &StaffVisitor, query: &str) -> String {
    numbers(&who.get(&format!("/desk/cases?{query}")).await.is(200)).join(" ")
}

/// The number beside each view, which is how many cases its page lists.
async fn count(who: &StaffVisitor, view: &str) -> usize {
    let page = who.get("/desk/cases").await.is(200);
    let beside = links(&page, ".desk-queue__views nav a");
    let found = beside
        .iter()
        .find(|(_, href)| href.ends_with(&format!("view={view}")) || view == "all" && href == "/desk/cases");
    let (text, _) = found.unwrap_or_else(|| panic!("no view {view} in {beside:?}"));
    text.rsplit(' ').next().unwrap().parse().unwrap()
}

/// Cases that nobody filed, as many as wanted: `HO-2026-00001` and so on, each with its company.
pub async fn plenty(pool: &PgPool, count: i32) {
    let_rows_be_staged(pool).await;
    sqlx::query(
        "insert into cases (id, number, request_id, version, state, state_data, waiting_for, due_at, renews_on, opened_at,
             confirmed_at, changed_at, waiting_since, event_count, event_hash)
         select gen_random_uuid(), 'HO-2026-' || lpad(i::text, 5, '0'), gen_random_uuid(), 1, 'verified',
             '{\"state\": \"verified\"}', (array['us', 'customer', 'departed_contact', 'voucher', 'atlassian'])[1 + i % 5],
             case when i % 5 > 0 then timestamptz '2026-06-01' + (i % 7) * interval '1 hour' end,
             case when i % 4 > 0 then date '2026-07-01' + i % 3 end, now(), now(),
             timestamptz '2026-05-01' + (i % 11) * interval '1 hour', timestamptz '2026-05-01' + (i % 13) * interval '1 hour',
             0, sha256('x')
         from generate_series(1, $1) i",
    )
    .bind(count)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        "insert into escalations (case_id, language, requester_name, requester_email, company, hosting, departed_name,
             departed_email, contact_role, successor_is_requester, successor_name, successor_email, explanation)
         select id, 'de', 'Rita ' || number, 'r@firma.example', 'Firma ' || number, 'cloud', 'Dora', 'd@firma.example', 'both',
             true, 'Rita', 'r@firma.example', 'text' from cases where number like 'HO-2026-%'
         on conflict do nothing",
    )
    .execute(pool)
    .await
    .unwrap();
}

// ── views ───────────────────────────────────────────────────────────────

#[actix_web::test]
async fn every_view_lists_as_many_as_it_counts() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let other = form_with(&[("entitlements", "SEN-10000002"), ("requester_email", "o@nordlicht.example")]);
    let contested = desk.confirmed_case(&desk.visitor("de"), &other).await;
    ann.does(&contested, "objection", &[("note", "She is still there.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let waiting =
        desk.confirmed_case(&desk.visitor("de"), &form_with(&[("entitlements", "SEN-10000001")])).await;
    desk.take_all_letters();
    ann.does(&waiting, "question", &[("question", "Since when?")]).await.went_well();
    ann.does(&waiting, "assignment", &[("owner", "me")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let fails = sqlx::query(
        "update emails set state = 'failed' where id = (select id from emails where correlation_id
             = (select id from cases where number = $1) and notification = 'question' limit 1)",
    );
    fails.bind(&waiting).execute(&desk.casework.app.pool).await.unwrap();

    for who in [&ann, &ben] {
        for view in [
            "all",
            "needs_me",
            "mine",
            "unassigned",
            "new",
            "us",
            "customer",
            "departed_contact",
            "voucher",
            "atlassian",
            "contested",
            "failing_mail",
            "due_today",
            "closed",
        ] {
            let listed = numbers(&who.get(&format!("/desk/cases?view={view}")).await.is(200));
            assert_eq!(listed.len(), count(who, view).await, "{view}: {listed:?}");
        }
    }
    assert_eq!(queue(&ann, "").await, format!("{contested} {waiting}"), "what is contested comes first");
    assert_eq!(queue(&ann, "view=contested").await, contested);
    assert_eq!(queue(&ann, "view=mine").await, waiting);
    assert_eq!(queue(&ben, "view=mine").await, "");
    assert_eq!(queue(&ann, "view=unassigned").await, contested);
    assert_eq!(queue(&ann, "view=customer").await, waiting);
    assert_eq!(queue(&ann, "view=failing_mail").await, waiting);
    assert_eq!(queue(&ann, "view=needs_me").await, contested);
    // What waits for others needs its owner once it is overdue, and nobody else.
    desk.clock.set(desk.now().after(SignedDuration::from_hours(24 * 10)));
    assert!(queue(&ann, "view=needs_me").await.contains(&waiting));
    assert!(!queue(&ben, "view=needs_me").await.contains(&waiting));
    ann.get("/desk/cases?view=mine").await.says("The customer's answer").says("overdue since");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// A draft needs those who may approve it: nobody without the right, not its author, nobody who decided a check.
#[actix_web::test]
async fn a_draft_needs_whoever_may_approve_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let caller = desk.staff("cora", Role::Approver).await;
    let number = desk.verified_case(&desk.visitor("de"), &caller).await;
    let (author, second) = (desk.staff("ann", Role::Approver).await, desk.staff("ben", Role::Approver).await);
    let agent = desk.staff("dan", Role::Agent).await;
    author.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    assert_eq!(queue(&author, "view=needs_me").await, number, "to be written");
    assert_eq!(queue(&second, "view=needs_me").await, "");
    author.drafts(&number).await;
    assert_eq!(queue(&second, "view=needs_me").await, number);
    for who in [&author, &caller, &agent] {
        assert_eq!(queue(who, "view=needs_me").await, "");
        assert_eq!(count(who, "needs_me").await, 0);
    }
    second.get("/desk/cases").await.says("Approval missing");
    desk.finish().await;
}

#[actix_web::test]
async fn what_came_in_is_new_in_the_list_even_after_the_end() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    ann.does(&number, "rejection", &[("reason", "Not ours.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(queue(&ann, "view=new").await, "");
    sqlx::query("update cases set news_since = now()").execute(&desk.casework.app.pool).await.unwrap();
    assert_eq!(queue(&ann, "view=new").await, number);
    assert_eq!(count(&ann, "new").await, 1);
    ann.get("/desk/cases?view=closed").await.says("NEW");
    desk.finish().await;
}

// ── filters and orders ──────────────────────────────────────────────────

#[actix_web::test]
async fn filters_narrow_and_go_together() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let nordlicht = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let changes = [
        ("company", "Jürgensen & Söhne"),
        ("customer_number", "K-77"),
        ("hosting", "cloud"),
        ("requester_email", "j@juergensen.example"),
        ("entitlements", "SEN-555001"),
    ];
    desk.visitor("de").escalates(&form_with(&changes)).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let other = desk.newest().await;
    for (query, expected) in [
        ("customer=k-1", nordlicht.as_str()),
        ("customer=K-77", &other),
        ("customer=juergensen", &other),
        ("customer=S%C3%B6hne+J%C3%BCrg", &other),
        ("customer=kessler", ""),
        ("hosting=cloud", &other),
        ("hosting=data_center&waiting_for=us", &nordlicht),
        ("state=unconfirmed", &other),
        ("state=unconfirmed&hosting=data_center", ""),
        ("due=overdue", ""),
    ] {
        assert_eq!(queue(&ann, query).await, expected, "{query}");
    }
    let pool = &desk.casework.app.pool;
    let set = "update cases set due_at = $2::timestamptz, renews_on = $3::date where number = $1";
    for (number, due, renews) in
        [(&nordlicht, "2026-06-01T07:00:00Z", "2026-06-20"), (&other, "2026-06-05T12:00:00Z", "2026-08-01")]
    {
        sqlx::query(set).bind(number).bind(due).bind(renews).execute(pool).await.unwrap();
    }
    for (query, expected) in [
        ("due=overdue", nordlicht.clone()),
        ("due=today", nordlicht.clone()),
        ("due=week&sort=due", format!("{nordlicht} {other}")),
        ("renewal=7", String::new()),
        ("renewal=30", nordlicht.clone()),
        ("renewal=90&sort=renewal", format!("{nordlicht} {other}")),
    ] {
        assert_eq!(queue(&ann, query).await, expected, "{query}");
    }
    desk.finish().await;
}

#[actix_web::test]
async fn every_order_is_turned_over_without_losing_or_repeating_a_case() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let pool = &desk.casework.app.pool;
    plenty(pool, 120).await;
    let own = "update cases set owner_id = (select id from staff where name = 'ann') where right(number, 1) in ('3', '7')";
    sqlx::query(own).execute(pool).await.unwrap();
    for (sort, order) in ORDERS {
        for (filter, which) in [
            ("", "true"),
            ("&text=Firma", "true"),
            ("&customer=Firma&hosting=cloud", "true"),
            ("&state=verified", "true"),
            ("&waiting_for=us", "waiting_for = 'us'"),
            ("&owner=none", "owner_id is null"),
            ("&owner=me", "owner_id is not null"),
            ("&owner=me&waiting_for=us&text=HO", "owner_id is not null and waiting_for = 'us'"),
            (
                "&view=needs_me",
                "id in (select case_id from cases_that_need((select id from staff where name = 'ann'), now()))",
            ),
        ] {
            let mut path = format!("/desk/cases?sort={sort}{filter}");
            let mut seen = Vec::new();
            loop {
                let page = ann.visitor.get(&path).await.is(200);
                seen.extend(numbers(&page));
                match links(&page, ".pager a[rel=next]").pop() {
                    Some((_, next)) => path = next,
                    None => break,
                }
            }
            let expected: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
                "select number from cases where {which} order by {order}"
            )))
            .fetch_all(pool)
            .await
            .unwrap();
            assert_eq!(seen, expected, "{sort}{filter}");
        }
    }
}

/// A page counts no further than a person reads; that there are more is said.
#[actix_web::test]
async fn whatever_is_counted_is_counted_to_a_bound() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    plenty(&desk.casework.app.pool, 501).await;
    let page = ann.get("/desk/cases").await.is(200).says("over 500 open");
    let shown = |view: &str| {
        links(&page, ".desk-queue__views nav a")
            .into_iter()
            .find(|(text, _)| text.starts_with(view))
            .unwrap()
            .0
    };
    assert_eq!(shown("All"), "All open 500+");
    assert_eq!(shown("Unassigned"), "Unassigned 500+");
    assert_eq!(shown("Closed"), "Closed 0");
    sqlx::query("update cases set due_at = null where number = 'HO-2026-00001'")
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    ann.get("/desk/cases?waiting_for=customer").await.is(200).says("101 open");
}

/// Each order of the open cases is read from its index: no page sorts them all.
#[actix_web::test]
async fn every_order_is_an_index() {
    let desk = Desk::start().await;
    let pool = &desk.owner;
    plenty(pool, 3000).await;
    sqlx::query("analyze").execute(pool).await.unwrap();
    for (index, order) in [
        (
            "cases_by_urgency",
            "urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number",
        ),
        ("cases_by_due", "coalesce(due_at, 'infinity'), number"),
        ("cases_by_renewal", "coalesce(renews_on, 'infinity'), number"),
        ("cases_by_waiting", "waiting_since, number"),
        ("cases_by_change", "changed_at desc, number desc"),
    ] {
        let sql =
            format!("explain select number from cases where state <> 'closed' order by {order} limit 51");
        let plan: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
        let plan = plan.join("\n");
        assert!(plan.contains(index) && !plan.contains("Sort"), "{plan}");
    }
}

// ── there and back ──────────────────────────────────────────────────────

#[actix_web::test]
async fn a_case_leads_back_to_its_list_and_to_those_beside_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    for (n, licence) in [("1", "SEN-10000001"), ("2", "SEN-10000002"), ("3", "SEN-10000003")] {
        let email = format!("p{n}@nordlicht.example");
        desk.visitor("de")
            .escalates(&form_with(&[("requester_email", &email), ("entitlements", licence)]))
            .await
            .went_well();
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    let list = ann.get("/desk/cases?state=unconfirmed&sort=changed&text=nordlicht").await.is(200);
    let rows = links(&list, ".queue__link");
    assert_eq!(rows.len(), 3);
    let case = ann.get(&rows[1].1).await.is(200).says("2 of 3");
    let crumbs = links(&case, ".crumbs a");
    assert_eq!(crumbs[0].1, "/desk/cases?state=unconfirmed&sort=changed&text=nordlicht");
    assert_eq!(crumbs[1], ("Previous".to_owned(), rows[0].1.clone()));
    assert_eq!(crumbs[2], ("Next".to_owned(), rows[2].1.clone()));
    let first = ann.get(&rows[0].1).await.is(200).says("1 of 3");
    assert!(links(&first, ".crumbs a[rel=prev]").is_empty());

    // Opened in another way, or from a list it is not in: back to the queue, and no more.
    let number = &rows[0].0;
    let plain = ann.open(number).await;
    assert_eq!(links(&plain, ".crumbs a"), [("Cases".to_owned(), "/desk/cases".to_owned())]);
    let elsewhere = ann.get(&format!("/desk/cases/{number}?from=view%3Dclosed")).await.is(200);
    assert_eq!(links(&elsewhere, ".crumbs a")[0].1, "/desk/cases?view=closed");

    // Attacker: a colleague's or stranger's link that is to lead out of the desk or to run a script there.
    for crafted in [
        "https%3A%2F%2Fevil.example%2F",
        "%2F%2Fevil.example",
        "javascript%3Aalert(1)",
        "view%3D%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "text%3D%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%00%0d%0aLocation%3A+x",
    ] {
        let page = ann.get(&format!("/desk/cases/{number}?from={crafted}")).await.is(200);
        assert!(links(&page, ".crumbs a")[0].1.starts_with("/desk/cases"), "{crafted}");
        assert!(!page.text.contains("<script>alert"), "{crafted}");
        assert!(
            links(&page, "a[href]").iter().all(|(_, to)| !to.contains("evil") && !to.contains("javascript")),
            "{crafted}"
        );
    }
    desk.finish().await;
}

// ── saved views ─────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_view_is_saved_shared_and_deleted_by_those_who_may() {
    let desk = Desk::start().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Agent).await);
    let (admin, auditor) = (desk.staff("eve", Role::Admin).await, desk.staff("ada", Role::Auditor).await);
    let save = async |who: &StaffVisitor, name: &str, query: &str, shared: &str| {
        who.visitor.post("/desk/views", &[("name", name), ("query", query), ("shared", shared)]).await
    };
    let saved = async |who: &StaffVisitor| links(&who.get("/desk/cases").await.is(200), ".saved a");
    let led = save(&ann, "Cloud, bald fällig", "hosting=cloud&due=week", "").await.went_well();
    assert_eq!(led.location.as_deref(), Some("/desk/cases?hosting=cloud&due=week"));
    save(&ann, "Team", "view=unassigned", "true").await.went_well();
    assert_eq!(
        saved(&ann).await,
        [
            ("Cloud, bald fällig".to_owned(), "/desk/cases?hosting=cloud&due=week".to_owned()),
            ("Team by ann".to_owned(), "/desk/cases?view=unassigned".to_owned()),
        ]
    );
    assert_eq!(saved(&ben).await.len(), 1, "one's own is nobody else's");
    assert_eq!(saved(&auditor).await.len(), 1);
    let other = save(&auditor, "Mine", "view=mine", "").await;
    assert_eq!(other.status, 403);
    // The same name again is the same view.
    save(&ann, "Team", "view=new", "true").await.went_well();
    assert_eq!(saved(&ben).await, [("Team by ann".to_owned(), "/desk/cases?view=new".to_owned())]);

    // Attacker: a colleague who shares something crafted.
    for (n, crafted) in [
        "https://evil.example/",
        "//evil.example",
        "text=\"><script>alert(1)</script>",
        "%00&view=%00",
        "after=x",
    ]
    .iter()
    .enumerate()
    {
        save(&ben, &format!("<script>{n}"), crafted, "true").await.went_well();
    }
    let page = ann.get("/desk/cases").await.is(200);
    assert!(!page.text.contains("<script>0") && !page.text.contains("<script>alert"));
    for (name, href) in links(&page, ".saved a") {
        assert!(href == "/desk/cases" || href.starts_with("/desk/cases?"), "{name}: {href}");
        ann.get(&href).await.is(200);
    }

    let ids: Vec<(uuid::Uuid, String)> = sqlx::query_as("select id, name from saved_views order by name")
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap();
    let id = |name: &str| ids.iter().find(|(_, other)| other == name).unwrap().0;
    let delete = async |who: &StaffVisitor, name: &str| {
        who.visitor.post(&format!("/desk/views/{}/deletion", id(name)), &[]).await.status.as_u16()
    };
    assert_eq!(delete(&ben, "Team").await, 404, "somebody else's");
    assert_eq!(delete(&admin, "Cloud, bald fällig").await, 404, "nobody sees it but its owner");
    assert_eq!(delete(&admin, "<script>0").await, 303);
    assert_eq!(delete(&ann, "Team").await, 303);
    assert_eq!(delete(&ann, "Team").await, 404);
    save(&ann, "", "", "").await.went_well();
    save(&ann, &"x".repeat(61), "", "").await.went_well();
    assert_eq!(saved(&ann).await.iter().filter(|(name, _)| !name.starts_with('<')).count(), 1);
    for n in 0..40 {
        save(&ann, &format!("v{n}"), "view=mine", "").await.went_well();
    }
    assert!(saved(&ann).await.len() <= 30 + 4, "nobody fills the list");
    desk.finish().await;
}

// ── the next case ───────────────────────────────────────────────────────

#[actix_web::test]
async fn the_next_case_is_taken_once() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Agent).await);
    let next =
        async |who: &StaffVisitor| who.visitor.post("/desk/next", &[]).await.went_well().location.unwrap();
    assert_eq!(next(&ann).await, "/desk/cases?view=needs_me", "nothing waits");
    let mut cases = Vec::new();
    for (email, licence) in [("a@nordlicht.example", "SEN-10000001"), ("b@nordlicht.example", "SEN-10000002")]
    {
        let fields = form_with(&[("requester_email", email), ("entitlements", licence)]);
        cases.push(desk.confirmed_case(&desk.visitor("de"), &fields).await);
        desk.take_all_letters();
        desk.clock.set(desk.now().after(SignedDuration::from_mins(5)));
    }
    // Somebody is about to take the first: whoever asks meanwhile neither waits nor gets it.
    let mut held = desk.casework.app.pool.begin().await.unwrap();
    sqlx::query("select from cases where number = $1 for update")
        .bind(&cases[0])
        .execute(&mut *held)
        .await
        .unwrap();
    let led = tokio::time::timeout(std::time::Duration::from_secs(20), next(&ben)).await.expect("it waits");
    assert_eq!(led, format!("/desk/cases/{}?from=view%3Dneeds_me", cases[1]));
    held.rollback().await.unwrap();
    assert!(next(&ann).await.contains(&cases[0]));
    assert_eq!(desk.load(&cases[0]).await.owner, Some(ann.id));
    assert_eq!(desk.load(&cases[1]).await.owner, Some(ben.id));
    ann.open(&cases[0]).await.says("ann took on the case");
    // Again: one's own, until it waits for somebody else; never a colleague's.
    let version = desk.load(&cases[0]).await.version;
    assert!(next(&ann).await.contains(&cases[0]));
    assert_eq!(desk.load(&cases[0]).await.version, version);
    ann.does(&cases[0], "question", &[("question", "Since when?")]).await.went_well();
    assert_eq!(next(&ann).await, "/desk/cases?view=needs_me");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

// ── the list as a file ──────────────────────────────────────────────────

/// Attacker: a company whose name is a formula that sends the sheet to its owner.
#[actix_web::test]
async fn the_list_as_a_file_holds_the_same_cases_and_no_formula() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let fields =
        form_with(&[("company", "=HYPERLINK(\"https://evil.example\")"), ("requester_name", "@SUM(1)")]);
    desk.visitor("de").escalates(&fields).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let number = desk.newest().await;
    let page = ann.get("/desk/cases?text=evil").await.is(200);
    let (_, href) = links(&page, ".pager a[href*=csv]").pop().unwrap();
    assert_eq!(href, "/desk/cases.csv?text=evil");
    let answer = ann.visitor.fetch(&href).await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let body = answer.text().await.unwrap();
    let mut reader = csv::ReaderBuilder::new().from_reader(body.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(&rows[0][0], number);
    assert_eq!(&rows[0][1], "'=HYPERLINK(\"https://evil.example\")");
    for cell in rows[0].iter() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
    }
    let none = ann.visitor.fetch("/desk/cases.csv?view=closed").await.text().await.unwrap();
    assert_eq!(none.lines().count(), 1);
    desk.finish().await;
}

// ── several at once ─────────────────────────────────────────────────────

#[actix_web::test]
async fn several_cases_are_assigned_reminded_and_closed_after_a_look() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let visitor = desk.visitor("de");
    let asked = desk.verified_case(&visitor, &ann).await;
    let plain = desk.verified_case_of(&visitor, &ann).await;
    ann.does(&asked, "question", &[("question", "Seit wann?")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let page = ann.get("/desk/cases").await.is(200);
    let version = async |number: &str| desk.load(number).await.version.to_string();
    let chosen = [format!("case-{asked}"), format!("case-{plain}")];
    for (name, number) in chosen.iter().zip([&asked, &plain]) {
        assert_eq!(page.field(name), Some(version(number).await), "the queue offers it");
    }
    let bulk = async |by: &StaffVisitor, what: &[(&str, &str)], versions: [&str; 2]| {
        let mut fields: Vec<(&str, &str)> =
            vec![("back", "view=mine"), (&chosen[0], versions[0]), (&chosen[1], versions[1])];
        fields.extend_from_slice(what);
        by.visitor.post("/desk/bulk", &fields).await
    };
    let (first, second) = (version(&asked).await, version(&plain).await);

    // A look changes nothing, shows the letter, and says what is refused and why.
    let look = bulk(&ann, &[("what", "remind")], [&first, &second]).await.is(200);
    let look = look
        .says("This is possible for one of 2 selected cases. Nothing has happened yet.")
        .says("Nobody on the customer's side has been asked anything at the moment.")
        .says("Seit wann?")
        .says("Send one reminder");
    assert!(look.text.contains("/desk/cases?view=mine"), "the way back");
    assert_eq!([version(&asked).await, version(&plain).await], [first.clone(), second.clone()]);
    assert!(desk.untaken().is_empty());

    // What somebody changed meanwhile is left alone; the other is done.
    ben.does(&plain, "notes", &[("note", "Ich war schneller.")]).await.went_well();
    let done = bulk(&ann, &[("what", "assign"), ("owner", "me"), ("confirmed", "true")], [&first, &second])
        .await
        .is(200);
    done.says("One case of 2 was changed.").says("Somebody has changed the case in the meantime.");
    assert_eq!(desk.load(&asked).await.owner, Some(ann.id));
    assert_eq!(desk.load(&plain).await.owner, None);

    let (first, second) = (version(&asked).await, version(&plain).await);
    bulk(&ann, &[("what", "remind"), ("confirmed", "true")], [&first, &second])
        .await
        .says("One case of 2 was changed.");
    desk.work_until_idle().await;
    assert_eq!(desk.take_all_letters().len(), 1);

    let (first, second) = (version(&asked).await, version(&plain).await);
    let close = [("what", "close"), ("outcome", "withdrawn"), ("reason", "Am Telefon zurückgezogen.")];
    bulk(&ann, &close, [&first, &second]).await.says("This is possible for 2 of 2 selected cases.");
    bulk(&ann, &[&close[..], &[("confirmed", "true")]].concat(), [&first, &second])
        .await
        .says("2 of 2 cases were changed.");
    assert_eq!([desk.state(&asked).await, desk.state(&plain).await], ["closed", "closed"]);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Somebody who sends the form by hand: no end that needs a look, not fifty-one at once, no stranger's case.
#[actix_web::test]
async fn a_form_for_several_cases_is_as_strict_as_that_for_one() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ada) = (desk.staff("ann", Role::Agent).await, desk.staff("ada", Role::Auditor).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let case = format!("case-{number}");
    let post = async |fields: &[(&str, &str)]| ann.visitor.post("/desk/bulk", fields).await;
    post(&[("what", "assign"), ("owner", "me")]).await.is(422).says("select at least one case");
    post(&[("what", "approve"), (&case, "1")]).await.is(422);
    post(&[("what", "close"), ("outcome", "completed"), (&case, "1")]).await.is(422);
    let holds_password = [
        ("what", "close"),
        ("outcome", "withdrawn"),
        ("reason", "Passwort: geheim123"),
        (case.as_str(), "1"),
    ];
    post(&holds_password).await.is(422).says("geheim123");
    post(&[("what", "assign"), ("owner", "me"), ("case-HO-2026-99999", "1")]).await.is(404);
    let many: Vec<(String, &str)> = (0..51).map(|count| (format!("case-HO-2026-9{count:04}"), "1")).collect();
    let mut fields: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    fields.extend([("what", "remind")]);
    post(&fields).await.is(422).says("At most 50 cases at once");
    ada.visitor.post("/desk/bulk", &[("what", "remind"), (&case, "1")]).await.is(403);
    assert!(ada.get("/desk/cases").await.field(&case).is_none(), "auditors choose nothing");
    desk.finish().await;
}

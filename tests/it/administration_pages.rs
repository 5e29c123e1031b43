//! What stands below `/desk/administration`: the register looked through, what is weak about it, imports, the rules in force, mail,
//! the calendar. In both languages, with figures from a small register; and with one that would like to do harm.

use actix_web::test::{TestRequest, call_service, init_service};
use handover::{
    case::actor::Role,
    clock::Clock,
    lang::Language,
    register::import::{self, ImportOptions, Mapping, MappingChoice, Report},
    routes::{self, Who},
    site::Site,
};

use crate::helpers::{
    command,
    desk::{Answer, BEGINNING, Desk, PASSWORD, StaffVisitor},
    inbound::bounce,
    postgres::Database,
    statements::statements_of,
    story::{DEPARTED, form_with},
};

const HEADER: &str = "customer_number,customer_name,country,domains,sen,entitlement_number,site,product,hosting,renews_on,\
    technical_name,technical_email,technical_phone,billing_name,billing_email,billing_phone,primary";
/// Everything as it should be.
const NORDLICHT: &str = "K-1,Nordlicht Maschinenbau GmbH,DE,nordlicht.example,SEN-10000001,,,Jira,data_center,2026-06-20,\
    Petra Abend,petra.abend@nordlicht.example,+49 30 23125 101,Jonas Reuter,jonas.reuter@nordlicht.example,,technical";
/// One person for both roles, who can't be called.
const SCRIPT: &str = "K-2,<script>alert(1)</script> GmbH,DE,skript.example,SEN-10000002,,,Jira,data_center,2026-07-15,\
    Uwe Lang,uwe@skript.example,,Uwe Lang,UWE@skript.example,,technical";
/// Nobody primary, and a mailbox that anybody can have.
const FORMULA: &str = "K-3,=cmd(),AT,xn--mller-kva.example,,E-3W8-NHD-V5E-GM7,mueller.atlassian.net,Jira,cloud,2027-05-01,\
    Ida Kurz,ida.kurz@gmx.de,+43 1 234567,Karl Otto,karl@xn--mller-kva.example,+43 1 234568,";
/// An outside administrator for both.
const AHORN: &str = "K-4,Ahorn AG,CH,ahorn.example,SEN-10000004,,,Jira,data_center,2027-05-01,\
    Extern,admin@extern.example,+41 44 1234567,Ursina,ursina@ahorn.example,,billing";
const BUCHE: &str = "K-5,Buche KG,DE,buche.example,SEN-10000005,,,Jira,data_center,2026-08-25,\
    Extern,Admin@Extern.example,+41 44 1234567,Till,till@buche.example,,technical";

const PATHS: [&str; 10] = [
    "/desk/administration",
    "/desk/administration/register",
    "/desk/administration/register?text=nordlicht",
    "/desk/administration/health",
    "/desk/administration/health.csv",
    "/desk/administration/imports",
    "/desk/administration/policy",
    "/desk/administration/retention",
    "/desk/administration/mail",
    "/desk/administration/calendar",
];

pub async fn import_rows(desk: &Desk, rows: &[&str], dry_run: bool) -> Report {
    let file = format!("{HEADER}\n{}\n", rows.join("\n"));
    let mapping = Mapping::load(&MappingChoice::default()).unwrap();
    let (pool, shared) = (&desk.casework.app.pool, &desk.casework.rules.shared_domains);
    import::import(pool, desk.now(), file.as_bytes(), &mapping, shared, dry_run).await.unwrap()
}

async fn small_register(desk: &Desk) {
    let report = import_rows(desk, &[NORDLICHT, SCRIPT, FORMULA, AHORN, BUCHE], false).await;
    assert!(report.refused.is_empty(), "{report:?}");
}

async fn sql(desk: &Desk, statement: &'static str) {
    sqlx::raw_sql(statement).execute(&desk.owner).await.unwrap();
}

/// The customer numbers in the order of the page.
fn numbers(page: &Answer) -> String {
    let html = scraper::Html::parse_document(&page.text);
    let selector = scraper::Selector::parse(".queue__link").unwrap();
    html.select(&selector).map(|link| link.text().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The address of the link whose text begins so.
fn href(page: &Answer, beginning: &str) -> String {
    let html = scraper::Html::parse_document(&page.text);
    let selector = scraper::Selector::parse("main a").unwrap();
    let text = |link: &scraper::ElementRef<'_>| {
        link.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let found = html.select(&selector).find(|link| text(link).starts_with(beginning));
    found.unwrap_or_else(|| panic!("no link {beginning}")).attr("href").unwrap().to_owned()
}

async fn look_for(who: &StaffVisitor, text: &str) -> String {
    #[derive(serde::Serialize)]
    struct Asked<'a> {
        text: &'a str,
    }
    let query = serde_html_form::to_string(Asked { text }).unwrap();
    numbers(&who.get(&format!("/desk/administration/register?{query}")).await.is(200))
}

#[actix_web::test]
async fn a_customer_is_found_by_anything_on_record_however_it_is_written() {
    let desk = Desk::start().await;
    small_register(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    for (text, found) in [
        ("", "K-2 K-3 K-4 K-5 K-1"),
        ("nordlicht", "K-1"),
        ("NORDLICHT maschinen", "K-1"),
        ("SEN-10000001", "K-1"),
        ("sen 10000001", "K-1"),
        ("10000001", "K-1"),
        ("E-3W8-NHD-V5E-GM7", "K-3"),
        ("e3w8nhdv5egm7", "K-3"),
        ("3w8 nhd v5e gm7", "K-3"),
        ("https://mueller.atlassian.net", "K-3"),
        ("müller.example", "K-3"),
        ("xn--mller-kva.example", "K-3"),
        ("petra.abend@nordlicht.example", "K-1"),
        ("Abend, Petra", "K-1"),
        ("030 / 23125-101", "K-1"),
        ("+49 30 23125 101", "K-1"),
        ("admin@extern.example", "K-4 K-5"),
        // Spelt a little otherwise.
        ("nordlihct", "K-1"),
        ("ursinna", "K-4"),
        ("script", "K-2"),
        ("<script>", "K-2"),
        ("=cmd()", "K-3"),
        // Copied with a mark for the direction of writing, and with what PostgreSQL does not take.
        ("\u{200f}Nordlicht\u{202c}", "K-1"),
        ("nord\0licht", "K-1"),
        ("zzzz", ""),
    ] {
        assert_eq!(look_for(&ann, text).await, found, "{text:?}");
    }
    for hostile in
        ["%", "_", "'", "\"", "\\", "';--", "':*", "&|!()<->", "\0", "💥", "%' or 1=1 --", "\u{202e}"]
    {
        let _ = look_for(&ann, hostile).await;
    }
    // Longer than an address may be, or nearly.
    assert_eq!(look_for(&ann, &"ä".repeat(10_000)).await, "");
    let page = ann.get("/desk/administration/register?after=e30&text=nordlicht").await.is(200);
    assert_eq!(numbers(&page), "K-1", "a cursor that is none begins at the beginning");

    let page =
        ann.get("/desk/administration/register?text=till").await.says("Contact: Till · till@buche.example");
    assert!(!page.text.contains("<script>alert"), "names are text");
    let page = ann.get("/desk/administration/register?text=nordlihct").await;
    page.says("Nothing in the register is written like that.");
    desk.staff_reading("eva", Role::Auditor, "de")
        .await
        .get("/desk/administration/register?text=nordlihct")
        .await
        .is(200)
        .says("So geschrieben steht es nirgends im Register.")
        .says("Eine Lizenz, 2 Kontaktadressen");
    desk.finish().await;
}

/// What an import moves or takes away is found where it is now, and nowhere else.
#[actix_web::test]
async fn the_search_follows_the_register() {
    let desk = Desk::start().await;
    small_register(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let moved = NORDLICHT
        .replace("K-1,Nordlicht Maschinenbau GmbH,DE,nordlicht.example", "K-4,Ahorn AG,CH,ahorn.example");
    import_rows(&desk, &[&moved], false).await;
    assert_eq!(look_for(&ann, "SEN-10000001").await, "K-4");
    assert_eq!(look_for(&ann, "jonas reuter").await, "K-4");
    assert_eq!(look_for(&ann, "petra.abend").await, "K-4");
    let replaced = AHORN
        .replace("Ursina,ursina@ahorn.example", "Gian,gian@ahorn.example")
        .replace("Ahorn AG", "Esche AG");
    import_rows(&desk, &[&replaced], false).await;
    assert_eq!(look_for(&ann, "ursina").await, "", "nor what is spelt alike");
    assert_eq!(look_for(&ann, "gian").await, "K-4");
    assert_eq!(look_for(&ann, "esche").await, "K-4");
    // The index says what the tables say.
    let stray: i64 = sqlx::query_scalar(
        "select count(*) from (
             select customer_id, 'contact' as source, k.id::text as source_id from contacts k join entitlements e on e.id = k.entitlement_id
             union all select customer_id, 'entitlement', id::text from entitlements
             union all select customer_id, 'domain', domain from customer_domains
             union all select id, 'customer', id::text from customers) t
         full join customer_search s using (customer_id, source, source_id)
         where s.words is null or t.source is null",
    )
    .fetch_one(&desk.owner)
    .await
    .unwrap();
    assert_eq!(stray, 0);
    let before: i64 = count(&desk, "select count(*) from customer_search").await;
    sql(&desk, "delete from customers where number = 'K-2'").await;
    let after = count(&desk, "select count(*) from customer_search").await;
    assert_eq!(before - after, 5, "the customer, a domain, an entitlement, two contacts");
    desk.finish().await;
}

async fn count(desk: &Desk, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&desk.casework.app.pool).await.unwrap()
}

/// A letter to Petra comes back, one domain lapses, another moves.
async fn things_happen(desk: &Desk) -> String {
    let fields = form_with(&[("entitlements", "SEN-10000001")]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    let notice = desk.take_letter(DEPARTED);
    desk.receives(&bounce(&notice.return_path, DEPARTED, None)).await.is_filed_from("mail_server");
    desk.work_until_idle().await;
    desk.take_all_letters();
    sql(
        desk,
        "insert into watched_domains (domain, first_seen_at, answered_at, asked_at, due_at, is_there, name_servers, mail_servers)
         select d, '2026-05-20', '2026-05-20', '2026-05-20', '2027-01-01', d <> 'buche.example', array['ns.' || d], array['mx.' || d]
         from unnest(array['ahorn.example', 'buche.example', 'skript.example']) d
         on conflict (domain) do update set first_seen_at = excluded.first_seen_at, answered_at = excluded.answered_at,
             is_there = excluded.is_there, name_servers = excluded.name_servers, mail_servers = excluded.mail_servers;
         insert into domain_changes (domain, at, what, before, after) values
             ('ahorn.example', '2026-05-10', 'mail_servers', '{a.example}', '{b.example}'),
             ('skript.example', '2025-05-10', 'name_servers', '{a.example}', '{b.example}'),
             ('buche.example', '2026-05-20', 'vanished', '{a.example}', '{}');",
    )
    .await;
    number
}

#[actix_web::test]
async fn what_is_weak_about_the_register_is_found_exactly() {
    let desk = Desk::start().await;
    small_register(&desk).await;
    things_happen(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let list =
        async |query: &str| numbers(&ann.get(&format!("/desk/administration/health?{query}")).await.is(200));
    // Renewals ahead first, then by name.
    assert_eq!(list("").await, "K-1 K-2 K-5 K-3 K-4");
    for (finding, customers) in [
        ("bounced", "K-1"),
        ("domain_gone", "K-5"),
        ("domain_moved", "K-4"),
        ("single_contact", "K-2"),
        ("same_person", "K-2"),
        ("no_primary", "K-3"),
        ("no_phone", "K-2"),
        ("public_mail", "K-3"),
        ("shared_contact", "K-5 K-4"),
    ] {
        assert_eq!(list(&format!("finding={finding}")).await, customers, "{finding}");
        // The number beside it, which is how many its page lists.
        let page = ann.get("/desk/administration/health").await;
        let html = scraper::Html::parse_document(&page.text);
        let beside =
            scraper::Selector::parse(&format!(".views a[href$='finding={finding}'] .count")).unwrap();
        let beside: String = html.select(&beside).next().unwrap().text().collect();
        assert_eq!(beside, customers.split(' ').count().to_string(), "{finding}");
    }
    assert_eq!(list("renewal=30").await, "K-1");
    assert_eq!(list("renewal=60").await, "K-1 K-2");
    assert_eq!(list("renewal=90").await, "K-1 K-2 K-5");
    assert_eq!(list("finding=shared_contact&renewal=90").await, "K-5");
    assert_eq!(list("finding=luck&renewal=31&after=%00").await, "K-1 K-2 K-5 K-3 K-4", "nonsense is ignored");

    let page = ann
        .get("/desk/administration/health?finding=same_person")
        .await
        .says("Both roles with one person : SEN-10000002");
    page.says("so both leave at once").says("One contact only : uwe@skript.example");
    let eva = desk.staff_reading("eva", Role::Auditor, "de").await;
    eva.get("/desk/administration/health?finding=bounced")
        .await
        .is(200)
        .says("E-Mail kam zurück : petra.abend@nordlicht.example")
        .says("Wahrscheinlich ist er schon ausgeschieden")
        .says("20.6.2026");
    eva.get("/desk/administration")
        .await
        .says("5 Kunden, einer davon mit Verlängerung in den nächsten 30 Tagen");
    ann.get("/desk/administration").await.says("5 customers, one of them with a renewal within 30 days");
    desk.finish().await;
}

#[actix_web::test]
async fn the_list_as_a_file_reckons_nothing() {
    let desk = Desk::start().await;
    small_register(&desk).await;
    // What leaves the house is for those who oversee it, and leaves a line.
    let agent = desk.staff("bea", Role::Agent).await;
    let page = agent.get("/desk/administration/health?finding=no_primary").await;
    assert!(!page.text.contains("health.csv"));
    agent.get("/desk/administration/health.csv").await.is(403);
    let ann = desk.staff("ann", Role::Admin).await;
    let page = ann.get("/desk/administration/health?finding=no_primary").await;
    let file = ann.visitor.fetch(&href(&page, "List as CSV")).await;
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers()["cache-control"], "no-store");
    let body = file.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(body.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0].iter().take(5).collect::<Vec<_>>(),
        ["K-3", "'=cmd()", "", "No primary contact", "E-3W8-NHD-V5E-GM7"]
    );
    let german = desk.staff_reading("eva", Role::Auditor, "de").await;
    let body = german.get("/desk/administration/health.csv").await.is(200).text;
    assert!(body.starts_with("\u{feff}Kundennr.") || body.starts_with("\u{feff}Kunden"), "{body}");
    assert_eq!(body.lines().count(), 1 + 3 + 2 + 2, "a line for each finding: {body}");
    german.get("/desk/administration/trail").await.says("hat eine Liste von einem Kunden gespeichert");
    desk.finish().await;
}

#[actix_web::test]
async fn a_customers_page_tells_what_is_on_record_and_what_happened() {
    let desk = Desk::start().await;
    small_register(&desk).await;
    let number = things_happen(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let list = ann.get("/desk/administration/register").await.is(200);
    let page = ann.get(&href(&list, "K-1")).await.is(200);
    let page = page
        .says("Nordlicht Maschinenbau GmbH K-1 · DE")
        .says("SEN-10000001 · Jira Renewal 20 Jun 2026")
        .says("technical contact primary contact Petra Abend petra.abend@nordlicht.example · +49 30 23125 101 mail came back 1 Jun 2026")
        .says("billing contact Jonas Reuter jonas.reuter@nordlicht.example · no telephone number")
        .says("Mail came back : petra.abend@nordlicht.example")
        .says("Ask the customer who follows");
    assert_eq!(href(&page, &number), format!("/desk/cases/{number}"));
    let import = href(&page, "1 Jun 2026");
    ann.get(&import).await.is(200).says("K-1 Nordlicht Maschinenbau GmbH");

    let page = ann.get(&href(&list, "K-5")).await.is(200);
    page.says("Does not exist looked at on 20 May 2026").says("Vanished 20 May 2026").says("No case");
    let eva = desk.staff_reading("eva", Role::Auditor, "de").await;
    let page = eva.get(&href(&list, "K-4")).await.is(200);
    page.says("Vorhanden, nachgesehen am 20.5.2026")
        .says("Andere Mailserver seit 10.5.2026")
        .says("Mailserver: mx.ahorn.example");
    let page = eva.get(&href(&list, "K-3")).await.is(200);
    page.says("müller.example xn--mller-kva.example").says("E-3W8-NHD-V5E-GM7 · Jira").says("=cmd()");
    let page = eva.get(&href(&list, "K-2")).await.is(200).says("<script>alert(1)</script> GmbH");
    assert!(!page.text.contains("<script>alert"));
    for nowhere in ["0", "00000000-0000-0000-0000-000000000000", "..%2F", "%00"] {
        ann.get(&format!("/desk/administration/register/{nowhere}")).await.is(404);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn the_history_says_what_each_import_did_and_why_lines_were_refused() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    ann.get("/desk/administration/imports").await.is(200).says("No import is on record yet.");
    import_rows(&desk, &[NORDLICHT], true).await;
    ann.get("/desk/administration/imports").await.says("No import is on record yet.");
    small_register(&desk).await;
    small_register(&desk).await;

    // Another file, by an account: Petra is followed by somebody, one line is wrong about a number, one about an address.
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("june.csv");
    let followed = NORDLICHT.replace("Petra Abend,petra.abend@", "Nora Berg,nora.berg@");
    let rows =
        [followed.as_str(), &SCRIPT.replace("SEN-10000002", "SEN-secret"), &AHORN.replace("ursina@", "")];
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    std::fs::write(&file, &text).unwrap();
    let options = ImportOptions {
        file,
        mapping: MappingChoice::default(),
        dry_run: false,
        ran_by: "deploy".to_owned(),
    };
    let app = &desk.casework.app;
    let clock = Clock::stopped(desk.now());
    import::run(&app.pool, &clock, &desk.casework.rules.shared_domains, options, &mut |_| {}).await.unwrap();

    let list = ann.get("/desk/administration/imports").await.is(200);
    let list = list
        .says("june.csv deploy Licences: 0 added, 1 changed · Customers: 0 added · Contacts: 1 added, 0 changed, 1 removed 2")
        .says("Name not known Licences: 0 added, 0 changed · Customers: 0 added · Contacts: 0 added, 0 changed, 0 removed")
        .says("Name not known Licences: 5 added, 0 changed · Customers: 5 added · Contacts: 10 added, 0 changed, 0 removed");
    let page = ann.get(&href(&list, "1 Jun 2026")).await.is(200);
    let digest: String = handover_digest(text.as_bytes());
    page.says(&digest)
        .says("Run by deploy")
        .says("Contacts 1 added, 0 changed, 1 removed")
        .says("line 3 sen: “…” is not a SEN")
        .says("line 4 billing_email: “…” is not an e-mail address")
        .says("K-1 Nordlicht Maschinenbau GmbH")
        .never_says("SEN-secret")
        .never_says("K-4");
    let eva = desk.staff_reading("eva", Role::Auditor, "de").await;
    let page = eva.get(&href(&list, "1 Jun 2026")).await.is(200);
    page.says("Zeile 3 sen: „…“ ist keine SEN").says("Was in der Zeile stand, wird nicht aufbewahrt");
    let kept: String = sqlx::query_scalar("select string_agg(r::text, '') from import_reports r")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert!(!kept.contains("SEN-secret") && !kept.contains("nordlicht.example"), "{kept}");
    for change in ["delete from import_reports", "update import_reports set ran_by = 'nobody'"] {
        assert!(sqlx::raw_sql(change).execute(&desk.owner).await.is_err(), "{change}");
    }
    for nowhere in ["0", "99", "-1", "9223372036854775807", "x"] {
        ann.get(&format!("/desk/administration/imports/{nowhere}")).await.is(404);
    }
    ann.get("/desk/administration/imports?before=x").await.is(200);
    desk.finish().await;
}

/// The account is the system's word: the environment says what it is told.
#[actix_web::test]
async fn the_command_says_who_ran_it_with_which_file() {
    let (database, data) = (Database::create().await, tempfile::TempDir::new().unwrap());
    let file = data.path().join("july.csv");
    std::fs::write(&file, format!("{HEADER}\n{NORDLICHT}\n")).unwrap();
    let mut importing = command::handover(data.path());
    importing.args(["register", "import"]).arg(&file).env("DATABASE_URL", database.url());
    let done = importing.env("USER", "mallory").env("LOGNAME", "mallory").output().unwrap();
    assert!(done.status.success(), "{}", command::text(&done));
    let (ran_by, name): (String, String) = sqlx::query_as("select ran_by, file_name from import_reports")
        .fetch_one(&database.pool().await)
        .await
        .unwrap();
    let account = nix::unistd::User::from_uid(nix::unistd::getuid()).unwrap().unwrap().name;
    assert_eq!((ran_by, name.as_str()), (account, "july.csv"));
}

fn handover_digest(bytes: &[u8]) -> String {
    handover::token::sha256(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[actix_web::test]
async fn two_imports_at_once_are_two_in_the_history() {
    let desk = Desk::start().await;
    let (one, other) = tokio::join!(
        import_rows(&desk, &[NORDLICHT, SCRIPT], false),
        import_rows(&desk, &[NORDLICHT, AHORN], false)
    );
    let mut added = [one.customers.added, other.customers.added];
    added.sort_unstable();
    assert_eq!(added, [1, 2], "who comes second finds Nordlicht there");
    let kept: Vec<i32> = sqlx::query_scalar("select customers_added from import_reports order by id")
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(kept, [2, 1]);
    assert_eq!(count(&desk, "select count(*) from import_customers").await, 3);
    desk.finish().await;
}

#[actix_web::test]
async fn the_rules_in_force_are_told_in_words_and_secrets_never() {
    let secret = "k".repeat(40);
    let settings = format!(
        "policy.distinct_roots = 3\npolicy.ask_voucher = true\ndeadlines.reminders = 1\nmetrics.token = {secret:?}\n\
         mail.smtp.username = \"account-at-the-mail-server\""
    );
    let desk = Desk::start_with(&settings).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let page = ann.get("/desk/administration/policy").await.is(200);
    page.says("somebody would have to own at least 3 different things")
        .says("Always needed: Requester’s mailbox Licence in the register Contact on record")
        .says("At least one proof must not rest on a domain.")
        .says("Another contact on record is asked to confirm without anybody’s doing.")
        .says("A contact who is notified has 5 business days to object.")
        .says("We remind of the same thing once.")
        .says("DNS record counts for 30 days proof Rests on any of: the customer’s domain")
        .says("Callback counts for 90 days proof blocks by us Rests on any of: the telephone line of that contact")
        .says("policy.distinct_roots 3 instead of 2")
        .says("deadlines.reminders 1 instead of 2")
        .says("mail.smtp.username set; not shown here")
        .never_says("account-at-the-mail-server")
        .never_says(&secret)
        .never_says("metrics.token");
    let eva = desk.staff_reading("eva", Role::Auditor, "de").await;
    eva.get("/desk/administration/policy")
        .await
        .is(200)
        .says("müsste jemand mindestens 3 voneinander unabhängige Quellen in der Hand haben")
        .says("Der benachrichtigte Kontakt hat 5 Arbeitstage für einen Einspruch.")
        .says("An dasselbe erinnern wir einmal.")
        .says("policy.distinct_roots 3 statt 2");
    desk.finish().await;

    let weak = "policy.distinct_roots = 1\npolicy.outside_domain = 0\npolicy.from_others = 0\npolicy.one_root_may_suffice = true";
    let desk = Desk::start_with(weak).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let page = ann.get("/desk/administration/policy").await.is(200).says("A single thing suffices");
    page.says("can fake all proofs").says("All proofs may rest on a domain.");
    desk.finish().await;
}

#[test]
fn every_setting_of_the_rules_has_its_sentence() {
    for section in ["deadlines", "limits", "retention"] {
        let lines =
            handover::config::DEFAULT.lines().skip_while(|line| *line != format!("[{section}]")).skip(1);
        let mut keys = 0;
        for line in lines.take_while(|line| !line.starts_with('[')) {
            let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#')) else {
                continue;
            };
            keys += 1;
            for language in Language::ALL {
                let key = format!("policy-{section}-{key}");
                assert!(language.find_text(&key, &[("count".into(), 3.into())].into()).is_some(), "{key}");
            }
        }
        assert!(keys > 0, "{section}");
    }
}

#[actix_web::test]
async fn mail_is_told_by_figures_and_by_how_it_is_set_up() {
    let desk = Desk::start_with("mail.inbound.authserv_id = \"mx.reseller.example\"").await;
    small_register(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let page = ann.get("/desk/administration/mail").await.is(200);
    page.says("Waiting to go out 0 ")
        .says("Sent today 0")
        .says("Last came back never")
        .says("E-mails go out through a mail server (SMTP).")
        .says("Handover does not sign e-mails.")
        .says("No mailbox is collected.")
        .says("Your mail server says in each message whether its author is genuine.")
        .says("handover mail test");
    things_happen(&desk).await;
    let sent = count(&desk, "select count(*) from deliveries where outcome = 'sent'").await;
    assert!(sent > 2);
    let page = ann.get("/desk/administration/mail").await.is(200);
    page.says(&format!("Sent today {sent}"))
        .says("Came back today 1")
        .says("Last came back 1 Jun 2026, 10:00");
    desk.smtp.answer(
        crate::helpers::smtp::Stage::Recipient,
        crate::helpers::smtp::Answer::Say("451 4.7.1 come back later"),
    );
    desk.visitor("de").escalates(&form_with(&[("requester_email", "m@ahorn.example")])).await.went_well();
    desk.work_until_idle().await;
    let eva = desk.staff_reading("eva", Role::Auditor, "de").await;
    let page = eva.get("/desk/administration/mail").await.is(200);
    page.says("Im Ausgang 1, davon 1 schon vergeblich versucht")
        .says("Heute aufgeschoben 1")
        .says("451 4.7.1 come back later");
    desk.later(24).await;
    desk.take_all_letters();
    eva.get("/desk/administration/mail").await.says("Heute zurückgekommen 0");
    desk.finish().await;
}

#[actix_web::test]
async fn the_calendar_tells_what_counts_and_when_a_deadline_would_end() {
    assert!(BEGINNING.starts_with("2026-06-01"), "a Monday");
    let desk = Desk::start_with("calendar.regions = [\"DE-BY\", \"AT\"]").await;
    let ann = desk.staff("ann", Role::Agent).await;
    let page = ann.get("/desk/administration/calendar").await.is(200);
    page.says("Somebody is there now")
        .says("09:00 to 17:00")
        .says("Europe/Berlin")
        .says("If it begins now, 1 Jun 2026, 10:00")
        .says("Our next step 8 business hours: 2 Jun 2026, 10:00")
        // Corpus Christi lies between.
        .says("Time to object 5 business days: 9 Jun 2026, 10:00")
        .says("Thursday, 4 June 2026 Corpus Christi DE-BY, AT")
        .says("Monday, 26 October 2026 Austrian National Day AT")
        .says("Holidays 2027")
        .says("Friday, 26 March 2027 Good Friday DE-BY");
    let eva = desk.staff_reading("eva", Role::Auditor, "de").await;
    let page = eva.get("/desk/administration/calendar").await.is(200);
    page.says("Donnerstag, 4. Juni 2026 Fronleichnam DE-BY, AT")
        .says("Unser nächster Schritt 8 Arbeitsstunden: 2.6.2026, 10:00");
    desk.later(12).await;
    ann.get("/desk/administration/calendar").await.says("Nobody is there now");
    desk.finish().await;
}

#[actix_web::test]
async fn staff_read_the_administration_and_nobody_changes_anything_there() {
    for entry in routes::table().iter().filter(|entry| entry.path.starts_with("/desk/administration")) {
        assert!(matches!(entry.who, Who::Staff(_) | Who::Overseers), "{}", entry.path);
        let reads = entry.method == actix_web::http::Method::GET;
        assert!(reads || entry.who == Who::Staff(Role::Admin), "{} {}", entry.method, entry.path);
    }
    let desk = Desk::start().await;
    small_register(&desk).await;
    let nobody = desk.visitor("de");
    for path in PATHS {
        let sent_on = nobody.get(path).await;
        assert!(sent_on.location.is_some_and(|to| to.starts_with("/desk/sign-in")), "{path}");
    }
    for role in [Role::Auditor, Role::Agent, Role::Admin] {
        let name: &'static str = role.into();
        let who = desk.staff(name, role).await;
        for path in PATHS {
            let only_overseers = path.ends_with(".csv") && role == Role::Agent;
            who.get(path).await.is(if only_overseers { 403 } else { 200 });
            let answer = who.visitor.post(path.split('?').next().unwrap(), &[]).await;
            assert!(answer.status.is_client_error(), "{path} {}", answer.status);
        }
    }
    desk.finish().await;
}

/// Customers without end: every page of a list is short, and each customer stands on one of them.
async fn plenty(desk: &Desk, from: i32, to: i32) {
    let statement = "with made as (
             insert into customers (id, number, name, created_at, updated_at)
             select gen_random_uuid(), 'N-' || i, 'Firma ' || i % 7, now(), now() from generate_series($1::int, $2::int) i returning id, number),
           licences as (
             insert into entitlements (id, customer_id, sen, product, hosting, renews_on, created_at, updated_at)
             select gen_random_uuid(), id, 'SEN-5' || lpad(substr(number, 3), 7, '0'), 'Jira', 'data_center',
                 case when substr(number, 3)::int % 3 = 0 then date '2026-06-10' + substr(number, 3)::int % 5 end, now(), now()
             from made returning id, sen)
         insert into contacts (id, entitlement_id, role, name, email, updated_at)
         select gen_random_uuid(), id, 'technical', 'Erika', 'erika@' || lower(sen) || '.example', now() from licences";
    sqlx::query(statement).bind(from).bind(to).execute(&desk.casework.app.pool).await.unwrap();
    sql(desk, "analyze").await;
}

#[actix_web::test]
async fn a_long_list_is_walked_page_by_page_and_everybody_stands_in_it_once() {
    let desk = Desk::start().await;
    plenty(&desk, 1, 230).await;
    let ann = desk.staff("ann", Role::Agent).await;
    for start in [
        "/desk/administration/register",
        "/desk/administration/register?text=firma",
        "/desk/administration/health",
        "/desk/administration/health?finding=single_contact",
    ] {
        let (mut path, mut seen) = (start.to_owned(), Vec::new());
        loop {
            let page = ann.get(&path).await.is(200);
            let on_page = numbers(&page);
            assert!(on_page.split(' ').count() <= 50, "{path}");
            seen.extend(on_page.split(' ').map(str::to_owned));
            if !page.text.contains("rel=\"next\"") {
                break;
            }
            path = href(&page, "More");
        }
        assert_eq!(seen.len(), 230, "{start}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 230, "{start}");
    }
    desk.finish().await;
}

#[actix_web::test]
async fn pages_of_the_administration_take_as_many_statements_for_a_thousand_as_for_one() {
    let desk = Desk::start().await;
    desk.staff("ann", Role::Auditor).await;
    let service = init_service(Site::new(desk.casework.clone()).service()).await;
    let request = TestRequest::post().uri("/desk/sign-in").insert_header(("sec-fetch-site", "same-origin"));
    let request = request.set_form([("email", "ann@reseller.example"), ("password", PASSWORD)]).to_request();
    let signed_in = call_service(&service, request).await;
    let cookies = signed_in.headers().get_all("set-cookie").map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ");
    small_register(&desk).await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from customers where number = 'K-1'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let customer = format!("/desk/administration/register/{id}");
    let paths: Vec<&str> =
        PATHS.into_iter().chain([customer.as_str(), "/desk/administration/imports/1"]).collect();
    let statements = async || {
        let mut counted = Vec::new();
        for path in &paths {
            let request =
                TestRequest::get().uri(path).insert_header(("cookie", cookie.as_str())).to_request();
            let (statements, response) = statements_of(call_service(&service, request)).await;
            assert_eq!(response.status().as_u16(), 200, "{path}");
            counted.push(statements);
        }
        counted
    };
    statements().await;
    let few = statements().await;
    plenty(&desk, 1, 1000).await;
    for _ in 0..3 {
        import_rows(&desk, &[NORDLICHT, BUCHE], false).await;
    }
    // A customer with more than a page holds.
    sqlx::query(
        "with more as (
             insert into entitlements (id, customer_id, sen, product, hosting, created_at, updated_at)
             select gen_random_uuid(), $1, 'SEN-7' || lpad(i::text, 7, '0'), 'Jira', 'data_center', now(), now()
             from generate_series(1, 300) i returning id)
         insert into contacts (id, entitlement_id, role, name, email, updated_at)
         select gen_random_uuid(), id, 'billing', 'B', 'b' || i || '@x.example', now() from more, generate_series(1, 30) i",
    )
    .bind(id)
    .execute(&desk.casework.app.pool)
    .await
    .unwrap();
    let many = statements().await;
    for ((path, few), many) in paths.iter().zip(few).zip(many) {
        assert!(few.len() <= 16, "{path}: {few:#?}");
        assert_eq!(few, many, "{path}");
    }
    let ann = desk.staff("ben", Role::Agent).await;
    let page = ann.get(&customer).await.is(200).says("and 10 more").says("Licences 301");
    ann.get(&href(&page, "More")).await.is(200).says("SEN-7");
    desk.finish().await;
}

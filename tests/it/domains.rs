//! Domains as proof: what of a requester's address counts against what the register holds; and what became of those on
//! record.

use handover::{
    app::{App, Step},
    case::{
        actor::Role,
        check::{CheckKind, Evidence, Verdict},
    },
    casework::Casework,
    clock::Clock,
    config::Settings,
    register::import::{Mapping, MappingChoice, import},
    verification::{
        self,
        domain_watch::{self, Watch},
        mail_servers,
    },
};

use crate::helpers::{desk::Desk, story::form_with};

const HEADER: &str =
    "customer_number,customer_name,domains,sen,product,hosting,technical_name,technical_email";

/// A register in which Nordlicht has two domains, one of them with an umlaut, and shares a third with its sister.
async fn import_domains(desk: &Desk) {
    let rows = [
        "K-1,Nordlicht,nordlicht.example Nordbüro.example konzern.example,SEN-10000001,Jira,data_center,Petra,petra.abend@nordlicht.example",
        "K-2,Südlicht,suedlicht.example konzern.example,SEN-10000009,Jira,data_center,Paul,paul@suedlicht.example",
    ];
    import_rows(desk, &rows).await;
}

async fn import_rows(desk: &Desk, rows: &[&str]) {
    let file = format!("{HEADER}\n{}\n", rows.join("\n"));
    let mapping = Mapping::load(&MappingChoice::default()).unwrap();
    let pool = &desk.casework.app.pool;
    let report =
        import(pool, desk.now(), file.as_bytes(), &mapping, &desk.casework.rules.shared_domains, false)
            .await
            .unwrap();
    assert!(report.refused.is_empty(), "{report:?}");
}

#[actix_web::test]
async fn a_domain_counts_as_a_whole_in_either_form_and_for_one_customer_alone() {
    let desk = Desk::start().await;
    import_domains(&desk).await;
    let table = [
        ("m@nordlicht.example", Verdict::Passed, Evidence::DomainMatches),
        ("m@mail.berlin.NORDLICHT.example", Verdict::Passed, Evidence::DomainMatches),
        ("m@nordbüro.example", Verdict::Passed, Evidence::DomainMatches),
        ("m@xn--nordbro-r2a.example", Verdict::Passed, Evidence::DomainMatches),
        ("m@konzern.example", Verdict::Inconclusive, Evidence::DomainShared),
        ("m@suedlicht.example", Verdict::Failed, Evidence::DomainDiffers),
        ("m@nordlicht.example.elsewhere.example", Verdict::Failed, Evidence::DomainDiffers),
        ("m@nordlicht-gmbh.example", Verdict::Failed, Evidence::DomainDiffers),
        ("m@gmx.de", Verdict::Inconclusive, Evidence::FreeMailDomain),
        ("m@inbox.mailinator.com", Verdict::Inconclusive, Evidence::DisposableDomain),
    ];
    for (requester, verdict, evidence) in table {
        assert_eq!(domain_register(&desk, requester).await, (verdict, evidence), "{requester}");
    }
    desk.finish().await;
}

/// What the check says of a requester who asks about K-1's entitlement.
async fn domain_register(desk: &Desk, requester: &str) -> (Verdict, Evidence) {
    let requester_in_ascii: handover::case::address::EmailAddress = requester.parse().unwrap();
    let fields = form_with(&[("entitlements", "SEN-10000001"), ("requester_email", requester)]);
    desk.visitor("de").escalates(&fields).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(requester_in_ascii.as_str()).link("confirmations");
    desk.visitor("de").post(&link, &[]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let loaded = desk.load(&desk.newest().await).await;
    let check = loaded.case.check(CheckKind::DomainRegister).unwrap();
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(1)));
    (check.verdict, check.evidence.clone())
}

/// The attacker has a mailbox in another tenant of the customer's provider, or in another office of the same state.
#[actix_web::test]
async fn neighbours_below_a_shared_parent_are_strangers() {
    let desk = Desk::start_with("register.shared_domains = [\"State.example\"]\n").await;
    import_rows(
        &desk,
        &[
            "K-1,Contoso,contoso.onmicrosoft.com bmk.bund.de bureau.state.example,SEN-10000001,Jira,data_center,Petra,petra.abend@contoso.onmicrosoft.com",
            "K-2,Fabrikam,fabrikam.onmicrosoft.com branch.bureau.state.example,SEN-10000009,Jira,data_center,Paul,paul@fabrikam.onmicrosoft.com",
        ],
    )
    .await;
    let passed = (Verdict::Passed, Evidence::DomainMatches);
    let differs = (Verdict::Failed, Evidence::DomainDiffers);
    for (requester, expected) in [
        ("m@contoso.onmicrosoft.com", &passed),
        ("m@mail.contoso.onmicrosoft.com", &passed),
        ("m@evil.onmicrosoft.com", &differs),
        ("m@fabrikam.onmicrosoft.com", &differs),
        ("m@onmicrosoft.com", &differs),
        ("m@contoso.mail.onmicrosoft.com", &differs),
        ("m@bmk.bund.de", &passed),
        ("m@referat.bmk.bund.de", &passed),
        ("m@amt.bund.de", &differs),
        ("m@bund.de", &differs),
        ("m@bureau.state.example", &passed),
        ("m@treasury.state.example", &differs),
        ("m@state.example", &differs),
    ] {
        assert_eq!(&domain_register(&desk, requester).await, expected, "{requester}");
    }
    // A name above it is the one customer's, it itself another's.
    let shared = (Verdict::Inconclusive, Evidence::DomainShared);
    assert_eq!(domain_register(&desk, "m@branch.bureau.state.example").await, shared);
    desk.finish().await;
}

/// What a register held before a parent was known to be shared.
#[actix_web::test]
async fn a_shared_parent_or_a_suffix_on_record_matches_nobody() {
    let desk = Desk::start().await;
    import_domains(&desk).await;
    sqlx::query(
        "insert into customer_domains select id, d from customers,
             unnest(array['onmicrosoft.com', 'bund.de', 'co.uk', 'github.io']) d where number = 'K-1'",
    )
    .execute(&desk.casework.app.pool)
    .await
    .unwrap();
    for requester in
        ["m@evil.onmicrosoft.com", "m@onmicrosoft.com", "m@amt.bund.de", "m@evil.co.uk", "m@evil.github.io"]
    {
        let expected = (Verdict::Failed, Evidence::DomainDiffers);
        assert_eq!(domain_register(&desk, requester).await, expected, "{requester}");
    }
    desk.finish().await;
}

/// A name on record speaks for itself and what is below it, not for all that the owner holds.
#[actix_web::test]
async fn a_name_below_a_registered_one_stays_as_it_is_written() {
    let desk = Desk::start().await;
    import_rows(
        &desk,
        &["K-1,Nordlicht,mail.nordlicht.example,SEN-10000001,Jira,data_center,Petra,petra.abend@nordlicht.example"],
    )
    .await;
    for (requester, verdict) in [
        ("m@mail.nordlicht.example", Verdict::Passed),
        ("m@berlin.mail.nordlicht.example", Verdict::Passed),
        ("m@nordlicht.example", Verdict::Failed),
        ("m@gast.nordlicht.example", Verdict::Failed),
        ("m@xmail.nordlicht.example", Verdict::Failed),
    ] {
        assert_eq!(domain_register(&desk, requester).await.0, verdict, "{requester}");
    }
    desk.finish().await;
}

/// Somebody found out that a parent is shared, and said so in the configuration.
#[actix_web::test]
async fn a_parent_that_turns_out_to_be_shared_ends_what_rested_on_it() {
    let desk = Desk::start().await;
    import_rows(
        &desk,
        &["K-1,Nordlicht,nordlicht.example,SEN-10000001,Jira,data_center,Petra,petra.abend@nordlicht.example"],
    )
    .await;
    let passed = (Verdict::Passed, Evidence::DomainMatches);
    assert_eq!(domain_register(&desk, "m@berlin.nordlicht.example").await, passed);
    let number = desk.newest().await;
    let restarted = |more: &str| {
        let app = &desk.casework.app;
        let text = format!("http.public_url = \"{}\"\nregister.shared_domains = [{more}]\n", desk.address);
        let settings = Settings::with(&text).unwrap();
        let app =
            App::try_new(app.pool.clone(), settings, app.clock.clone(), &"k".repeat(40).into()).unwrap();
        Casework::try_new(app).unwrap()
    };
    let followed = async |casework: Casework| {
        casework.follow_shared_domains().await.unwrap();
        while verification::step(&casework).await.unwrap() == Step::Did {}
        let loaded = desk.load(&number).await;
        loaded.case.check(CheckKind::DomainRegister).unwrap().verdict
    };
    assert_eq!(followed(restarted("\"elsewhere.example\"")).await, Verdict::Passed);
    assert_eq!(followed(restarted("\"nordlicht.example\"")).await, Verdict::Failed);
    assert_eq!(followed(restarted("")).await, Verdict::Passed);
    desk.take_all_letters();
    desk.finish().await;
}

/// A register may name such a domain all the same: written by hand, or before the list knew it.
#[actix_web::test]
async fn a_public_provider_counts_not_even_where_it_is_on_record() {
    let desk = Desk::start().await;
    desk.import_register().await;
    sqlx::query(
        "insert into customer_domains select id, 'mailinator.com' from customers where number = 'K-1'",
    )
    .execute(&desk.casework.app.pool)
    .await
    .unwrap();
    let fields =
        form_with(&[("requester_email", "m@mailinator.com"), ("departed_email", "petra@mailinator.com")]);
    let number = desk.confirmed_case(&desk.visitor("en"), &fields).await;
    let loaded = desk.load(&number).await;
    let check = loaded.case.check(CheckKind::DomainRegister).unwrap();
    assert_eq!((check.verdict, &check.evidence), (Verdict::Inconclusive, &Evidence::DisposableDomain));
    assert_eq!(loaded.escalation.challenge_domain(), None, "its name servers speak for nobody either");
    desk.take_all_letters();
    desk.finish().await;
}

// ── What becomes of domains on record ────────────────────────────────────────────────────────────────────────────

const DAY: i64 = 24;

/// Both name servers say that the domain has these servers.
fn has_servers(desk: &Desk, domain: &str, name_server: &str, mail_server: &str) {
    for server in &desk.dns {
        server.has_name_servers(domain, &[name_server]);
        server.has_mail_servers(domain, &[mail_server]);
    }
}

/// What was noticed so far, as `nordlicht.example name_servers ns.old.example → ns.new.example`.
async fn noticed(desk: &Desk) -> Vec<String> {
    sqlx::query_scalar(
        "select rtrim(concat_ws(' ', domain, what, array_to_string(before, ','), '→', array_to_string(after, ',')))
         from domain_changes order by id",
    )
    .fetch_all(&desk.casework.app.pool)
    .await
    .unwrap()
}

/// Every domain on record has had its turn at least once.
async fn look_at_all(desk: &Desk) {
    for _ in 0..15 {
        desk.later(DAY).await;
    }
}

/// A register with two domains, of which the worker has seen the servers.
async fn watched(settings: &str) -> Desk {
    let desk = Desk::start_with(settings).await;
    import_rows(
        &desk,
        &[
            "K-1,Nordlicht,nordlicht.example,SEN-10000001,Jira,data_center,Petra,petra.abend@nordlicht.example",
            "K-2,Contoso,contoso.onmicrosoft.com,SEN-10000009,Jira,data_center,Paul,paul@contoso.onmicrosoft.com",
        ],
    )
    .await;
    has_servers(&desk, "nordlicht.example", "NS1.old.example.", "mx.old.example.");
    has_servers(&desk, "contoso.onmicrosoft.com", "ns.provider.example.", "mx.provider.example.");
    look_at_all(&desk).await;
    desk
}

/// The attacker waits until a domain of the customer lapses, registers it, and receives its mail.
#[actix_web::test]
async fn a_domain_that_lapsed_and_came_back_elsewhere_is_told_to_staff() {
    let desk = watched("signals.domain_change_days = 60\n").await;
    let ann = desk.staff("ann", Role::Agent).await;
    assert_eq!(noticed(&desk).await, [""; 0], "the first look is no change");
    let number =
        desk.confirmed_case(&desk.visitor("en"), &form_with(&[("entitlements", "SEN-10000001")])).await;
    desk.take_all_letters();
    let page = format!("/desk/cases/{number}");
    let quiet = ann.get(&page).await.is(200).words();
    assert!(!quiet.contains("Domain on record"), "{quiet}");

    for server in &desk.dns {
        server.forgets("nordlicht.example");
    }
    look_at_all(&desk).await;
    desk.take_all_letters();
    assert_eq!(noticed(&desk).await, ["nordlicht.example vanished ns1.old.example →"]);
    let told = ann.get(&page).await.is(200);
    told.says("Domain on record lapsed").says("It does not exist any more, seen");

    has_servers(&desk, "nordlicht.example", "ns.thief.example.", "mx.old.example.");
    look_at_all(&desk).await;
    desk.take_all_letters();
    let expected = [
        "nordlicht.example vanished ns1.old.example →",
        "nordlicht.example appeared ns1.old.example → ns.thief.example",
        "nordlicht.example name_servers ns1.old.example → ns.thief.example",
    ];
    assert_eq!(noticed(&desk).await, expected);
    let told = ann.get(&page).await.is(200);
    let told = told.says("It had ceased to exist and is there again, seen").says("Domain on record moved");
    told.says("Other name servers answer for it than before");
    let german = desk.staff_reading("eva", Role::Auditor, "de").await;
    german.get(&page).await.is(200).says("Für sie antworten andere Nameserver als früher, bemerkt vor");

    // Lately is not for ever; nothing was decided by it.
    desk.later(61 * DAY).await;
    desk.take_all_letters();
    assert!(!ann.get(&page).await.is(200).words().contains("Domain on record"));
    desk.finish().await;
}

#[actix_web::test]
async fn other_mail_servers_are_told_with_whose_domain_it_is() {
    let desk = watched("").await;
    let ann = desk.staff("ann", Role::Agent).await;
    for server in &desk.dns {
        server.has_mail_servers("nordlicht.example", &["mx2.new.example.", "mx1.new.example."]);
    }
    look_at_all(&desk).await;
    assert_eq!(
        noticed(&desk).await,
        ["nordlicht.example mail_servers mx.old.example → mx1.new.example,mx2.new.example"]
    );
    // The same set in another order is no change.
    for server in &desk.dns {
        server.has_mail_servers("nordlicht.example", &["MX1.new.example.", "mx2.new.example."]);
    }
    look_at_all(&desk).await;
    assert_eq!(noticed(&desk).await.len(), 1);

    let customer = desk.visitor("en");
    let fields =
        form_with(&[("requester_email", "m@berlin.nordlicht.example"), ("entitlements", "SEN-10000001")]);
    let number = desk.confirmed_case(&customer, &fields).await;
    let page = ann.get(&format!("/desk/cases/{number}")).await.is(200);
    page.says("Domain on record moved")
        .says("Other servers take its mail than before")
        .says("Requester nordlicht.example");
    // Of a customer whose domain nobody of the request uses, nothing is told.
    let fields = form_with(&[
        ("requester_email", "m@elsewhere.example"),
        ("entitlements", "SEN-10000009"),
        ("successor_email", "t@elsewhere.example"),
        ("departed_email", "paul@contoso.onmicrosoft.com"),
    ]);
    let number = desk.confirmed_case(&customer, &fields).await;
    assert!(!ann.get(&format!("/desk/cases/{number}")).await.is(200).words().contains("Domain on record"));
    desk.take_all_letters();
    desk.finish().await;
}

/// A resolver that lies, fails or keeps silent neither raises an alarm nor makes us forget.
#[actix_web::test]
async fn an_unclear_answer_changes_nothing_and_is_asked_again() {
    let desk = watched("dns.timeout_seconds = 1\n").await;
    let [one, other] = &desk.dns;
    let clear = async || {
        sqlx::query_scalar::<_, String>(
            "select concat_ws(' ', is_there, name_servers[1], mail_servers[1], attempts > 0) from watched_domains
             where domain = 'nordlicht.example'",
        )
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap()
    };
    let (rested, unclear) = ("t ns1.old.example mx.old.example f", "t ns1.old.example mx.old.example t");
    assert_eq!(clear().await, rested);

    // One says that the domain moved, or that it is gone.
    other.has_name_servers("nordlicht.example", &["ns.liar.example."]);
    look_at_all(&desk).await;
    assert_eq!(clear().await, unclear);
    other.forgets("nordlicht.example");
    look_at_all(&desk).await;
    assert_eq!(clear().await, unclear);
    // One can't say; and one never answers.
    other.has_name_servers("nordlicht.example", &["ns1.old.example."]);
    other.has_mail_servers("nordlicht.example", &["mx.old.example."]);
    one.fails(true);
    look_at_all(&desk).await;
    assert_eq!(clear().await, unclear);
    one.fails(false);
    other.keeps_silent(true);
    for _ in 0..3 {
        desk.later(14 * DAY).await;
    }
    assert_eq!(clear().await, unclear);
    other.keeps_silent(false);
    assert_eq!(noticed(&desk).await, [""; 0]);
    for server in &desk.dns {
        server.forgets("contoso.onmicrosoft.com");
    }

    // They agree again: nothing had changed, but for what was truly gone.
    look_at_all(&desk).await;
    assert_eq!(clear().await, rested);
    assert_eq!(noticed(&desk).await, ["contoso.onmicrosoft.com vanished ns.provider.example →"]);
    desk.finish().await;
}

/// The wait after an unclear answer grows, so that a broken zone is no burden.
#[actix_web::test]
async fn a_domain_whose_servers_are_broken_is_asked_seldom() {
    let desk = watched("").await;
    for server in &desk.dns {
        server.fails(true);
    }
    for _ in 0..28 * 4 {
        desk.later(6).await;
    }
    let tries: i32 = sqlx::query_scalar("select max(attempts) from watched_domains")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert!((7..=13).contains(&tries), "{tries} tries in four weeks");
    // That nothing can be learned is no silent end.
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    assert_eq!(domain_watch::count_unclear(&mut connection).await.unwrap(), 2);
    for server in &desk.dns {
        server.fails(false);
    }
    look_at_all(&desk).await;
    assert_eq!(domain_watch::count_unclear(&mut connection).await.unwrap(), 0);
    assert_eq!(noticed(&desk).await, [""; 0]);
    desk.finish().await;
}

#[actix_web::test]
async fn looks_are_spread_out_bounded_and_only_at_what_is_on_record_and_somebodys_own() {
    let desk = Desk::start().await;
    let rows: Vec<String> = (0..300)
        .map(|n| format!("K-{n},Company {n},company-{n}.example,SEN-2000{n:04},Jira,data_center,,"))
        .collect();
    import_rows(&desk, &rows.iter().map(String::as_str).collect::<Vec<_>>()).await;
    sqlx::query(
        "insert into customer_domains select id, unnest(array['onmicrosoft.com', 'co.uk', 'mailinator.com',
             'mail.tenant.onmicrosoft.com', 'mail.nordlicht.example']) from customers where number = 'K-1'",
    )
    .execute(&desk.casework.app.pool)
    .await
    .unwrap();
    desk.work_until_idle().await;
    let questions = || desk.dns[0].questions();
    assert_eq!(questions().len(), 0, "nobody is asked about all of them at once");
    let mut asked_on_a_day = Vec::new();
    for _ in 0..14 {
        let before = questions().len();
        desk.later(DAY).await;
        asked_on_a_day.push(questions().len() - before);
    }
    assert!(asked_on_a_day.iter().all(|count| (10..=100).contains(count)), "{asked_on_a_day:?}");
    let asked = questions();
    assert_eq!(asked.len(), 2 * 302, "each once, for name servers and for mail servers");
    for (question, times) in [
        ("NS tenant.onmicrosoft.com", 1),
        ("MX mail.tenant.onmicrosoft.com", 1),
        ("NS nordlicht.example", 1),
        ("MX mail.nordlicht.example", 1),
        ("NS onmicrosoft.com", 0),
        ("MX onmicrosoft.com", 0),
        ("NS co.uk", 0),
        ("MX mailinator.com", 0),
    ] {
        assert_eq!(asked.iter().filter(|asked| *asked == question).count(), times, "{question}");
    }

    // What is taken off the register is no longer asked about.
    let file = "customer_number,customer_name,domains,sen,product,hosting\n\
        K-1,Company 1,company-one.example,SEN-20000001,Jira,data_center\n";
    let mapping = Mapping::load(&MappingChoice::default()).unwrap();
    let (pool, shared) = (&desk.casework.app.pool, &desk.casework.rules.shared_domains);
    import(pool, desk.now(), file.as_bytes(), &mapping, shared, false).await.unwrap();
    // After a standstill, when all are due, an hour brings only so many.
    let before = questions().len();
    desk.later(30 * DAY).await;
    assert_eq!(questions().len() - before, 2 * 120);
    for _ in 0..5 {
        desk.later(2).await;
    }
    let later = questions().split_off(before);
    let asked = |name: &str| later.iter().any(|question| question == &format!("NS {name}"));
    assert!(asked("company-2.example") && !asked("company-1.example") && !asked("nordlicht.example"));
    desk.finish().await;
}

/// What can't be true together is no answer: below a name that does not exist there is nothing (RFC 8020).
#[actix_web::test]
async fn answers_that_contradict_each_other_are_none() {
    let desk = Desk::start().await;
    import_rows(
        &desk,
        &["K-1,Nordlicht,mail.nordlicht.example,SEN-10000001,Jira,data_center,Petra,petra.abend@nordlicht.example"],
    )
    .await;
    for server in &desk.dns {
        server.has_mail_servers("mail.nordlicht.example", &["mx.old.example."]);
    }
    look_at_all(&desk).await;
    let seen = async || {
        sqlx::query_as::<_, (Option<bool>, i32)>("select is_there, attempts from watched_domains")
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap()
    };
    let (is_there, attempts) = seen().await;
    assert!(is_there.is_none() && attempts > 1, "asked again, and nothing believed: {attempts}");
    for server in &desk.dns {
        server.has_name_servers("nordlicht.example", &["ns1.old.example."]);
    }
    look_at_all(&desk).await;
    assert_eq!(seen().await, (Some(true), 0));
    assert_eq!(noticed(&desk).await, [""; 0]);
    // A name below that is gone, while its owner's is there, has no mail servers any more.
    for server in &desk.dns {
        server.forgets("mail.nordlicht.example");
    }
    look_at_all(&desk).await;
    assert_eq!(noticed(&desk).await, ["mail.nordlicht.example mail_servers mx.old.example →"]);
    desk.finish().await;
}

#[actix_web::test]
async fn no_domain_is_watched_where_the_settings_say_so() {
    let desk = watched("dns.watch_domains = false\n").await;
    assert_eq!(desk.dns[0].questions(), [""; 0]);
    let watched: i64 = sqlx::query_scalar("select count(*) from watched_domains")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(watched, 0);
    desk.finish().await;
}

/// For a worker whose machine runs ahead: it took the domain that another one was asking about, and asked once more.
#[actix_web::test]
async fn a_worker_whose_clock_is_ahead_asks_about_no_domain_that_another_one_asks_about() {
    let desk = Desk::start().await;
    let at = |minutes: i64| {
        let app = &desk.casework.app;
        let clock = Clock::wall_ahead_by(jiff::SignedDuration::from_mins(minutes));
        let mut app = App { clock, ..app.clone() };
        let mut settings = (*app.settings).clone();
        settings.dns.timeout_seconds = 60;
        app.settings = std::sync::Arc::new(settings);
        Casework::try_new(app).unwrap()
    };
    let (ours, ahead) = (at(0), at(5));
    let pool = &desk.casework.app.pool;
    let due =
        "insert into mail_servers (domain, due_at) values ('nordlicht.example', now() - interval '1 hour')";
    sqlx::query(due).execute(pool).await.unwrap();
    import_domains(&desk).await;
    sqlx::query("delete from customer_domains where domain <> 'nordlicht.example'")
        .execute(pool)
        .await
        .unwrap();
    assert_eq!(domain_watch::step(&ours, &Watch::default()).await.unwrap(), Step::Did, "it becomes watched");
    sqlx::query("update watched_domains set due_at = now() - interval '1 hour'").execute(pool).await.unwrap();

    desk.dns.iter().for_each(|server| server.keeps_silent(true));
    let asking: Vec<_> = [false, true]
        .map(|watches| {
            let ours = ours.clone();
            actix_web::rt::spawn(async move {
                match watches {
                    true => domain_watch::step(&ours, &Watch::default()).await,
                    false => mail_servers::step(&ours).await,
                }
            })
        })
        .into();
    let claimed = "select (select count(*) from mail_servers where attempts = 1) + (select count(*) from watched_domains where attempts = 1)";
    while sqlx::query_scalar::<_, i64>(claimed).fetch_one(pool).await.unwrap() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(
        mail_servers::step(&ahead).await.unwrap(),
        Step::Idle,
        "the lease runs by the clock of the database"
    );
    assert_eq!(
        domain_watch::step(&ahead, &Watch::default()).await.unwrap(),
        Step::Idle,
        "the lease runs by the clock of the database"
    );
    // Whoever held it is gone.
    asking.iter().for_each(|one| one.abort());
    for table in ["mail_servers", "watched_domains"] {
        let over = format!("update {table} set claimed_until = now() - interval '1 second'");
        sqlx::query(sqlx::AssertSqlSafe(over)).execute(pool).await.unwrap();
    }
    desk.dns.iter().for_each(|server| server.keeps_silent(false));
    let behind = at(-5);
    assert_eq!(mail_servers::step(&behind).await.unwrap(), Step::Did);
    assert_eq!(domain_watch::step(&behind, &Watch::default()).await.unwrap(), Step::Did);
    let held = "select (select count(*) from mail_servers where claimed_until is not null)
         + (select count(*) from watched_domains where claimed_until is not null)";
    assert_eq!(sqlx::query_scalar::<_, i64>(held).fetch_one(pool).await.unwrap(), 0, "given back");
    desk.finish().await;
}

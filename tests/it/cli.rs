//! The program as somebody starts it: the demo on nothing configured, the commands beside it, and what production refuses.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Client, StatusCode, redirect::Policy};
use tempfile::TempDir;

use crate::helpers::{
    command::{free_port, handover, production, stop, text, until_ready},
    dns::NameServer,
    postgres::Database,
};

#[actix_web::test]
async fn started_on_nothing_it_is_a_demo_one_can_sign_in_to() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let data = TempDir::new().unwrap();
    let (port, figures) = (free_port(), free_port());
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let address = format!("http://127.0.0.1:{port}");
    let start = || {
        let mut command = handover(data.path());
        command.env("HANDOVER__METRICS__PORT", figures.to_string());
        command.env("HANDOVER__HTTP__PORT", port.to_string()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut demo = start();
    until_ready(&mut demo, &client, &address).await;

    // The sign-ins stand in the file; each works.
    let file = std::fs::read_to_string(data.path().join("demo-credentials.json")).unwrap();
    let people: Vec<serde_json::Value> = serde_json::from_str(&file).unwrap();
    let roles: Vec<&str> = people.iter().map(|person| person["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["agent", "approver", "approver", "admin"]);
    for person in &people {
        let fields = [
            ("email", person["email"].as_str().unwrap()),
            ("password", person["password"].as_str().unwrap()),
        ];
        let signed_in = client.post(format!("{address}/desk/sign-in")).form(&fields).send().await.unwrap();
        assert_eq!(signed_in.status(), StatusCode::SEE_OTHER);
        let cookie =
            signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let queue =
            client.get(format!("{address}/desk/cases")).header("cookie", cookie).send().await.unwrap();
        assert!(queue.text().await.unwrap().contains("Wattwerk Energie eG"));
    }

    // Mail lies in the folder and on its page.
    let mails = std::fs::read_dir(data.path().join("mail")).unwrap();
    let count = mails
        .filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "eml"))
        .count();
    assert!(count > 15, "{count} e-mails");
    let mailbox = client.get(format!("{address}/dev/mail")).send().await.unwrap().text().await.unwrap();
    assert!(mailbox.contains("licensing@atlassian.example"));

    // Figures on a port of their own, and only there.
    let metrics = async |port| client.get(format!("http://127.0.0.1:{port}/metrics")).send().await.unwrap();
    assert!(metrics(figures).await.text().await.unwrap().contains("handover_build_info{"));
    assert_eq!(metrics(port).await.status(), StatusCode::NOT_FOUND);

    // Commands work beside it, on the database it started.
    let mut doctor = handover(data.path());
    let resolvers = [NameServer::start().await, NameServer::start().await];
    resolvers.iter().for_each(|server| server.has_name_servers("", &["a.root-servers.example"]));
    let addresses = format!("[\"{}\", \"{}\"]", resolvers[0].address, resolvers[1].address);
    doctor.env("HANDOVER__DNS__RESOLVERS", addresses).arg("doctor");
    // The name servers live in this thread.
    let doctor = actix_web::web::block(move || doctor.output().unwrap()).await.unwrap();
    assert_eq!(doctor.status.code(), Some(0), "{}", text(&doctor));
    let doctor = text(&doctor);
    assert!(doctor.contains("All is well."), "{doctor}");
    for line in [
        "smtp      none",
        "imap      none",
        "resolvers 2 of 2 answer",
        "secret    is the one",
        "sending   0 queued",
        "letters   0 did not arrive",
        "mailbox   none is collected",
        "incoming  0 in",
        "0 of them stand for nobody",
    ] {
        assert!(doctor.contains(line), "{line} is not in {doctor}");
    }
    let verified = handover(data.path()).args(["audit", "verify"]).output().unwrap();
    assert!(
        verified.status.success() && text(&verified).contains("9 cases verified, 0 faults"),
        "{}",
        text(&verified)
    );
    let add = ["staff", "add", "--name", "Eva Ernst", "--email", "eva@reseller.example", "--role", "auditor"];
    let added = handover(data.path()).args(add).output().unwrap();
    assert!(added.status.success() && text(&added).contains("Password: "), "{}", text(&added));
    let again = handover(data.path()).args(add).output().unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again).contains("there already"), "{}", text(&again));
    let eva = |what| {
        handover(data.path()).args(["staff", what, "--email", "Eva@reseller.example"]).output().unwrap()
    };
    let changed = eva("password");
    assert!(changed.status.success() && text(&changed).contains("Password: "), "{}", text(&changed));
    let disabled = eva("disable");
    assert!(disabled.status.success() && !text(&disabled).contains("Password"), "{}", text(&disabled));
    for what in ["disable", "password"] {
        let nobody = eva(what);
        assert_eq!(nobody.status.code(), Some(1));
        assert!(text(&nobody).contains("there is no such account in this state"), "{}", text(&nobody));
    }
    let listed = handover(data.path()).args(["staff", "list"]).output().unwrap();
    assert!(
        text(&listed).contains("eva@reseller.example\tauditor\tdeactivated\tnever\tEva Ernst"),
        "{}",
        text(&listed)
    );

    // A second one on the same data is refused, and the first goes on.
    let second = handover(data.path()).env("HANDOVER__HTTP__PORT", free_port().to_string()).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(text(&second).contains("another Handover is running"), "{}", text(&second));
    stop(demo);

    // Started again it keeps what there is.
    let mut demo = start();
    until_ready(&mut demo, &client, &address).await;
    assert_eq!(std::fs::read_to_string(data.path().join("demo-credentials.json")).unwrap(), file);
    let ann = &people[0];
    let fields = [("email", ann["email"].as_str().unwrap()), ("password", ann["password"].as_str().unwrap())];
    let signed_in = client.post(format!("{address}/desk/sign-in")).form(&fields).send().await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    time_passes(&client, &address, &cookie).await;
    stop(demo);

    // The clock stays where it was put.
    let mut demo = start();
    until_ready(&mut demo, &client, &address).await;
    let page =
        client.get(format!("{address}/dev/time")).header("accept-language", "en").send().await.unwrap();
    assert!(page.text().await.unwrap().contains("14 days ahead"));
    stop(demo);
}

/// Two weeks in two presses: what is due happens by itself, and whoever pressed stays signed in.
async fn time_passes(client: &Client, address: &str, cookie: &str) {
    let get = async |path: &str| {
        let request = client.get(format!("{address}{path}")).header("cookie", cookie);
        request.header("accept-language", "en").send().await.unwrap().text().await.unwrap()
    };
    let closed = "/desk/cases?view=closed";
    assert!(!get(closed).await.contains("Expired"));
    for _ in 0..2 {
        let post = client.post(format!("{address}/dev/time")).header("cookie", cookie);
        let passed =
            post.header("sec-fetch-site", "same-origin").form(&[("by", "week")]).send().await.unwrap();
        assert_eq!(passed.status(), StatusCode::SEE_OTHER);
    }
    let deadline = Instant::now() + Duration::from_secs(60);
    while !get(closed).await.contains("Expired") {
        assert!(Instant::now() < deadline, "nothing expired: {}", get(closed).await);
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

#[test]
fn production_refuses_to_start_on_defaults_and_says_all_that_is_missing() {
    let data = TempDir::new().unwrap();
    let refused = handover(data.path()).env("HANDOVER__MODE", "production").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let words = text(&refused);
    for key in [
        "database.url",
        "secrets.key",
        "http.public_url",
        "mail.transport",
        "mail.from_address",
        "mail.from_name",
        "mail.imprint",
        "http.privacy_url",
        "http.imprint_url",
        "reseller.name",
        "partner_name",
        "partner_id",
    ] {
        assert!(words.contains(key), "{key} is not in {words}");
    }
    assert!(!data.path().join("postgres").exists(), "nothing was started");
}

#[actix_web::test]
async fn production_seeds_nothing() {
    let database = Database::create().await;
    let data = TempDir::new().unwrap();
    let url = database.url();
    let demo = production(data.path(), &url).arg("demo").output().unwrap();
    assert_eq!(demo.status.code(), Some(1));
    assert!(text(&demo).contains("the demo is not for production"), "{}", text(&demo));
    let customers: i64 =
        sqlx::query_scalar("select count(*) from customers").fetch_one(&database.pool().await).await.unwrap();
    assert_eq!(customers, 0);
}

/// A superuser switches off what keeps the trail; the passwords of a demo were printed.
#[actix_web::test]
async fn production_refuses_a_superuser_and_the_demos_database() {
    let database = Database::create().await;
    let data = TempDir::new().unwrap();
    let ordinary = database.url();
    let audit = |url: &str| production(data.path(), url).args(["audit", "verify"]).output().unwrap();
    assert!(audit(&ordinary).status.success(), "{}", text(&audit(&ordinary)));

    let refused = audit(&database.owner_url());
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused).contains("a superuser"), "{}", text(&refused));
    assert!(!text(&refused).contains("holds the demo"), "{}", text(&refused));

    let seeded = handover(data.path()).env("DATABASE_URL", database.url()).arg("demo").output().unwrap();
    assert!(seeded.status.success(), "{}", text(&seeded));
    let refused = audit(&ordinary);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused).contains("holds the demo"), "{}", text(&refused));

    // All at once: what the settings lack, and what only the database knows.
    let mut all = production(data.path(), &database.owner_url());
    let refused = all.env("HANDOVER__ATLASSIAN__PARTNER_ID", "P-000000").arg("work").output().unwrap();
    for complaint in ["atlassian.partner_id", "a superuser", "holds the demo"] {
        assert!(text(&refused).contains(complaint), "{complaint} is not in {}", text(&refused));
    }
}

/// Whose domain on record could be anybody's below it: from before, or since the configuration says so.
#[actix_web::test]
async fn doctor_lists_customers_whose_domain_stands_for_nobody() {
    let database = Database::create().await;
    sqlx::raw_sql(
        "insert into customers (id, number, name, created_at, updated_at)
             select gen_random_uuid(), 'K-' || n, 'Company', now(), now() from generate_series(1, 4) n;
         insert into customer_domains select id, domain from customers join (values
             ('K-1', 'onmicrosoft.com'), ('K-1', 'contoso.onmicrosoft.com'), ('K-2', 'co.uk'), ('K-3', 'state.example'),
             ('K-4', 'nordlicht.example')) as d (customer, domain) on number = customer",
    )
    .execute(&database.pool().await)
    .await
    .unwrap();
    let data = TempDir::new().unwrap();
    let mut doctor = handover(data.path());
    doctor
        .env("DATABASE_URL", database.url())
        .env("HANDOVER__REGISTER__SHARED_DOMAINS", "[\"state.example\"]");
    let said = text(&doctor.arg("doctor").output().unwrap());
    for line in [
        "domains   5 on record, 3 of them stand for nobody",
        "- customer K-2: co.uk: anybody can register a name below it",
        "- customer K-1: onmicrosoft.com: names below it belong to different owners",
        "- customer K-3: state.example: names below it belong to different owners",
        "- give these customers' own domains in a domains column and import it",
    ] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    assert!(!said.contains("K-4"), "{said}");
}

#[test]
fn a_wrong_configuration_is_named_and_never_shown() {
    let data = TempDir::new().unwrap();
    let unknown = handover(data.path()).env("HANDOVER__HTTP__PROT", "1").arg("doctor").output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown).to_lowercase().contains("prot"), "{}", text(&unknown));
    let missing = handover(data.path()).args(["--config", "/nowhere.toml", "doctor"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    let secret = handover(data.path())
        .env("HANDOVER__DATABASE__URL", "postgres://u:hunter2@")
        .arg("doctor")
        .output()
        .unwrap();
    assert!(!secret.status.success() && !text(&secret).contains("hunter2"), "{}", text(&secret));
}

/// Every command that needs settings, as whoever starts it by a timer or a service tells what happened.
#[test]
fn refused_settings_end_every_command_with_the_same_code() {
    let data = TempDir::new().unwrap();
    let email = ["--email", "eva@reseller.example"];
    let commands: [&[&str]; 14] = [
        &[],
        &["serve", "--without-worker"],
        &["work"],
        &["migrate"],
        &["demo"],
        &["doctor"],
        &["audit", "verify"],
        &["evidence", "rekey"],
        &["staff", "add", "--name", "Eva Ernst", "--role", "auditor", email[0], email[1]],
        &["staff", "disable", email[0], email[1]],
        &["staff", "password", email[0], email[1]],
        &["register", "import", "/dev/null"],
        &["mail", "ingest"],
        &["mail", "test", email[1]],
    ];
    for (settings, said) in [
        // Missing altogether, in production.
        (
            &[("HANDOVER__MODE", "production")][..],
            &["database.url", "secrets.key", "atlassian.partner_id"][..],
        ),
        // Nothing that could ever work, in the demo; all of it at once.
        (
            &[
                ("HANDOVER__POLICY__REQUIRED", "[]"),
                ("HANDOVER__MAIL__TRANSPORT", "smtp"),
                ("HANDOVER__EVIDENCE__CLAMD", "somewhere"),
                ("HANDOVER__MAIL__IMAP__HOST", "mail.reseller.example"),
                ("DATABASE_URL", "mysql://127.0.0.1"),
            ],
            &["policy.required", "mail.smtp.host", "evidence.clamd", "mail.imap.username", "database.url"],
        ),
        // Not even to be read.
        (&[("HANDOVER__HTTP__PROT", "1")], &["prot"]),
    ] {
        for command in commands {
            let mut started = handover(data.path());
            started.args(command).envs(settings.iter().copied()).stdin(Stdio::piped());
            let mut child = started.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"Subject: x\r\n\r\n").ok();
            let ended = child.wait_with_output().unwrap();
            // A mail server gives a message back to its sender on any other code.
            let code = if command == ["mail", "ingest"] { 75 } else { 2 };
            assert_eq!(ended.status.code(), Some(code), "{command:?} {}", text(&ended));
            for key in said {
                assert!(text(&ended).contains(key), "{command:?}: {key} is not in {}", text(&ended));
            }
        }
    }
    assert!(!data.path().join("postgres").exists(), "nothing was started");
}

#[test]
fn help_reads_well() {
    let help = Command::new(env!("CARGO_BIN_EXE_handover")).arg("--help").output().unwrap();
    insta::assert_snapshot!(text(&help));
}

/// A desk of any size: told by the rules, so every trail holds, and going on where it was left.
#[actix_web::test]
async fn the_demo_grows_to_as_many_cases_as_are_wanted() {
    let data = TempDir::new().unwrap();
    for wanted in ["20", "24"] {
        let demo =
            handover(data.path()).env("RUST_LOG", "info").args(["demo", "--cases", wanted]).output().unwrap();
        assert!(
            demo.status.success() && text(&demo).contains(&format!("{wanted} of {wanted} cases")),
            "{}",
            text(&demo)
        );
        // It writes to nobody's terminal here.
        assert!(text(&demo).contains("INFO") && !text(&demo).contains('\x1b'), "{}", text(&demo));
    }
    let verified = handover(data.path()).args(["audit", "verify"]).output().unwrap();
    assert!(text(&verified).contains("24 cases verified, 0 faults"), "{}", text(&verified));

    // Never in a database that holds anybody's data.
    let database = Database::create().await;
    let pool = database.pool().await;
    let email = "eva@reseller.example".parse().unwrap();
    let now = handover::clock::Clock::wall().now();
    let password = "long enough for anybody".to_owned().into();
    handover::staff::members::add(&pool, "Eva", &email, handover::case::actor::Role::Admin, password, now)
        .await
        .unwrap();
    let refused = handover(data.path())
        .env("DATABASE_URL", database.url())
        .args(["demo", "--cases", "20"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused).contains("not one that the demo made"), "{}", text(&refused));
}

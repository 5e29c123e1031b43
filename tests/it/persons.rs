//! What is kept of somebody: every column is judged, every spelling found, everybody else left out; and who may have somebody erased.

use std::collections::BTreeMap;

use handover::{
    administration::persons::{
        columns::{NOBODY_IN, TABLES},
        requests::{self, RequestError},
    },
    administration::trail::Doer,
    case::{actor::Role, address::EmailAddress},
    work::erasure::carry_out,
};
use uuid::Uuid;

use crate::helpers::{
    command,
    desk::{Desk, PASSWORD, StaffVisitor},
    inbound::Mail,
    postgres::Database,
    story::{DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form},
};

pub const PAGE: &str = "/desk/administration/persons";

/// A column that nobody judged is one that nobody would look at for whoever asks what is kept of them.
#[actix_web::test]
async fn every_column_that_could_hold_somebody_is_judged() {
    let database = Database::create().await;
    let there: Vec<(String, String)> = sqlx::query_as(
        "select c.table_name::text, c.column_name::text from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
         where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
             and (c.data_type in ('text', 'json', 'jsonb', 'bytea', 'tsvector', 'character varying', 'xml', 'inet')
                 or c.data_type = 'ARRAY' and c.udt_name in ('_text', '_varchar', '_jsonb', '_bytea'))",
    )
    .fetch_all(&database.pool().await)
    .await
    .unwrap();
    let judged: BTreeMap<(&str, &str), ()> = TABLES
        .iter()
        .map(|table| (table.name, table.columns))
        .chain(NOBODY_IN.iter().copied())
        .flat_map(|(table, columns)| columns.iter().map(move |(column, _)| ((table, *column), ())))
        .collect();
    let missing: Vec<&(String, String)> = there
        .iter()
        .filter(|(table, column)| !judged.contains_key(&(table.as_str(), column.as_str())))
        .collect();
    assert!(missing.is_empty(), "say in src/administration/persons/columns.rs what they hold: {missing:?}");
    let gone: Vec<_> = judged
        .keys()
        .filter(|(table, column)| !there.contains(&((*table).to_owned(), (*column).to_owned())))
        .collect();
    assert!(gone.is_empty(), "not there: {gone:?}");
}

#[test]
fn the_periods_of_the_document_are_those_of_the_settings() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    let (settings, document) = (read("config/default.toml"), read("docs/PRIVACY.md"));
    let section = settings.split("\n[retention]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let periods: Vec<(&str, &str)> = section
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .collect();
    assert!(periods.len() > 2);
    for (key, value) in periods {
        let said = format!("`retention.{key}` ({value})");
        assert!(document.contains(&said), "docs/PRIVACY.md does not say {said}");
    }
}

#[actix_web::test]
async fn the_database_folds_mailboxes_as_the_program_does() {
    let database = Database::create().await;
    let pool = database.pool().await;
    for text in [
        " Susanne.Weiss+it@NORDLICHT.example",
        "susanneweiss@nordlicht.example",
        "+it@nordlicht.example",
        "a.b.c+d+e@x.example",
        "EVA@xn--mller-idn-q9a.example",
    ] {
        let folded: String =
            sqlx::query_scalar("select fold_mailbox($1)").bind(text).fetch_one(&pool).await.unwrap();
        assert_eq!(folded, text.parse::<EmailAddress>().unwrap().mailbox(), "{text}");
    }
}

impl StaffVisitor {
    /// As JSON, read.
    pub async fn copy_of(&self, address: &str) -> serde_json::Value {
        let fields = [("email", address), ("format", "json"), ("current_password", PASSWORD)];
        let answer = self.visitor.post(&format!("{PAGE}/copy"), &fields).await.is(200);
        serde_json::from_str(&answer.text).unwrap()
    }

    pub async fn asks_to_erase(&self, address: &str) {
        let fields = [("email", address), ("reason", "Asked by letter."), ("current_password", PASSWORD)];
        self.visitor.post(&format!("{PAGE}/requests"), &fields).await.went_well();
    }
}

pub async fn open_request(desk: &Desk) -> Uuid {
    let open = "select id from erasure_requests where state = 'asked'";
    sqlx::query_scalar(open).fetch_one(&desk.casework.app.pool).await.unwrap()
}

#[actix_web::test]
async fn a_copy_holds_every_spelling_and_nobody_else() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, eva) = (desk.staff("Annika", Role::Agent).await, desk.staff("Evelyn", Role::Admin).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let note = "Annika talked to Petra.Abend+home@NORDLICHT.example and to Tobias Rauch, tobias.rauch@nordlicht.example, \
                +49 30 23125 999. Jonas Reuter was not in.";
    ann.does(&number, "notes", &[("note", note)]).await.went_well();
    // Only in a part that is encoded, and only in a header.
    let hidden = data_encoding::BASE64.encode(format!("Ask {DEPARTED} about it.").as_bytes());
    let encoded = Mail::unauthentic("x@stranger.example", "handover@reseller.example")
        .with("Content-Type", "text/html")
        .with("Content-Transfer-Encoding", "base64")
        .saying(&hidden);
    desk.receives(&encoded.raw()).await;
    let copied = Mail::unauthentic("y@stranger.example", "handover@reseller.example")
        .with("Cc", "Petra <petraabend@nordlicht.example>");
    desk.receives(&copied.raw()).await;
    // Somebody else of nearly the same name.
    let other = Mail::unauthentic("x.petra.abend@nordlicht.example", "handover@reseller.example");
    desk.receives(&other.raw()).await;
    desk.take_all_letters();

    let page = eva.visitor.post(PAGE, &[("email", "PETRA.abend@nordlicht.example")]).await.is(200);
    let page =
        page.says("petra.abend+home@nordlicht.example").says("Petra Abend").says("Requests by the form");
    page.says("petraabend@nordlicht.example").never_says("x.petra.abend");
    eva.visitor.post(PAGE, &[("email", "no address")]).await.is(422).says("whole e-mail address");
    eva.visitor.post(PAGE, &[("email", "nobody@stranger.example")]).await.is(200).says("Nothing is kept");

    let copy = eva.copy_of(DEPARTED).await;
    let data = copy["data"].as_object().unwrap();
    assert_eq!(data["inbound_emails"].as_array().unwrap().len(), 2, "{copy:#}");
    // The case is open: what others wrote of it, and how it stands, would tell more than is hers.
    assert!(data.get("case_notes").is_none() && data["cases"][0].get("state").is_none(), "{copy:#}");
    assert_eq!(copy["has_open_case"], true);
    let text = copy.to_string();
    for own in [DEPARTED, "Petra Abend", "+49 30 23125 101", &number] {
        assert!(text.contains(own), "{own} is not in {copy:#}");
    }
    for other in [
        REQUESTER,
        SUCCESSOR,
        VOUCHER,
        "Kessler",
        "Rauch",
        "Reuter",
        "Annika",
        "23125 110",
        "23125 999",
        "stranger.example",
    ] {
        assert!(!text.contains(other), "{other} is in {copy:#}");
    }
    // To read, too; and the trail says it without saying whose.
    for (format, words) in [("de", "Auskunft über gespeicherte Daten"), ("en", "What is kept of you")] {
        let fields = [("email", DEPARTED), ("format", format), ("current_password", PASSWORD)];
        let page = eva.visitor.post(&format!("{PAGE}/copy"), &fields).await.is(200).says(words);
        page.says("Petra Abend").never_says("Tobias");
    }
    let trail =
        eva.get("/desk/administration/trail").await.is(200).says("made a copy of what is kept of a person");
    trail.never_says(DEPARTED);
    // Not without showing who sits there; and for administrators alone.
    let fields = [("email", DEPARTED), ("format", "json")];
    eva.visitor.post(&format!("{PAGE}/copy"), &fields).await.is(403).never_says("Petra Abend");
    for path in [PAGE.to_owned(), format!("{PAGE}/copy"), format!("{PAGE}/requests")] {
        ann.visitor.post(&path, &fields).await.is(403);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn the_command_line_writes_a_copy_into_a_folder_of_its_own() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("copy");
    let url = desk.database.url();
    let run = |arguments: &[&str]| {
        let mut program = command::production(place.path(), &url);
        program.args(arguments).output().unwrap()
    };
    let folder_text = folder.to_str().unwrap();
    let export = run(&["person", "export", VOUCHER, "--output", folder_text]);
    assert!(export.status.success(), "{}", command::text(&export));
    for file in ["person.json", "person.de.html", "person.en.html"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains("Jonas Reuter") && !text.contains("Petra"), "{file}: {text}");
    }
    let again = run(&["person", "export", VOUCHER, "--output", folder_text]);
    assert!(!again.status.success(), "nothing is written over");

    // It asks, and can't consent; two administrators have to.
    let asked = run(&["person", "erase", VOUCHER, "--reason", "Asked by letter."]);
    assert_eq!(asked.status.code(), Some(1), "{}", command::text(&asked));
    let asked = run(&["person", "erase", VOUCHER, "--reason", "Asked by letter."]);
    assert!(
        command::text(&asked).contains("two administrators have to consent"),
        "{}",
        command::text(&asked)
    );
    let request = open_request(&desk).await;
    let (eva, fay) = (desk.staff("eva", Role::Admin).await, desk.staff("fay", Role::Admin).await);
    let app = &desk.casework.app;
    requests::consent(app, eva.id, request).await.unwrap();
    let asked = run(&["person", "erase", VOUCHER, "--reason", "Asked by letter."]);
    assert_eq!(asked.status.code(), Some(1), "one is not enough: {}", command::text(&asked));
    requests::consent(app, fay.id, request).await.unwrap();
    let done = run(&["person", "erase", VOUCHER, "--reason", "Asked by letter."]);
    assert!(done.status.success(), "{}", command::text(&done));
    assert!(command::text(&done).contains("erased\tcontacts\t2"), "{}", command::text(&done));
    assert!(!command::text(&done).contains("jonas"), "{}", command::text(&done));
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_is_erased_on_the_word_of_one() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (eva, fay) = (desk.staff("eva", Role::Admin).await, desk.staff("fay", Role::Admin).await);
    let ben = desk.staff("ben", Role::Approver).await;
    let app = &desk.casework.app;
    let contacts = || async {
        let count = "select count(*) from contacts where email = 'jonas.reuter@nordlicht.example'";
        sqlx::query_scalar::<_, i64>(count).fetch_one(&app.pool).await.unwrap()
    };
    let fields = [("email", VOUCHER), ("reason", ""), ("current_password", PASSWORD)];
    eva.visitor.post(&format!("{PAGE}/requests"), &fields).await.is(422).says("Please give a reason");
    eva.asks_to_erase(VOUCHER).await;
    let request = open_request(&desk).await;
    let consent = format!("{PAGE}/requests/{request}/consent");
    let yes = [("current_password", PASSWORD)];
    // Whoever asked, twice; another spelling; who is no administrator; who does not show who they are.
    eva.get(PAGE).await.says("Somebody else has to consent").says(VOUCHER);
    eva.visitor.post(&consent, &yes).await.is(403).says("Somebody else has to consent");
    let again =
        [("email", "Jonas.Reuter+x@nordlicht.example"), ("reason", "x"), ("current_password", PASSWORD)];
    fay.visitor.post(&format!("{PAGE}/requests"), &again).await.is(422).says("There is an open request");
    ben.visitor.post(&consent, &yes).await.is(403);
    fay.visitor.post(&consent, &[]).await.is(403);
    assert!(matches!(requests::consent(app, ben.id, request).await, Err(RequestError::NotAdministrator)));
    assert!(carry_out(&desk.casework, Some(request), Doer::CommandLine).await.unwrap().is_none());
    // The database says so again.
    let forced = "update erasure_requests set state = 'done', address = null, reason = null, ended_at = now(),
        salt = decode(repeat('00', 16), 'hex'), address_hash = decode(repeat('00', 32), 'hex'), outcome = '{}'";
    let error = sqlx::query(forced).execute(&app.pool).await.unwrap_err();
    assert!(error.to_string().contains("on the word of one"), "{error}");
    desk.work_until_idle().await;
    assert_eq!(contacts().await, 2);

    // Both said yes, and one of them was barred before it was done: that is one.
    requests::consent(app, fay.id, request).await.unwrap();
    desk.bars("eva@reseller.example").await.unwrap();
    desk.work_until_idle().await;
    assert_eq!(contacts().await, 2);
    let gil = desk.staff("gil", Role::Admin).await;
    gil.visitor.post(&consent, &yes).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(contacts().await, 0);
    gil.get(PAGE).await.is(200).says("done").never_says(VOUCHER).never_says("Asked by letter");
    gil.visitor.post(&consent, &yes).await.is(404);

    // An import that brings the person again is said; and one without, no longer.
    desk.import_register().await;
    desk.work_until_idle().await;
    gil.get(PAGE).await.says("In the register again").says("has to erase them, too");

    // What nobody consents to ends, and forgets whom it was about; what is withdrawn, too.
    gil.asks_to_erase(VOUCHER).await;
    let request = open_request(&desk).await;
    fay.visitor.post(&format!("{PAGE}/requests/{request}/withdrawal"), &[]).await.went_well();
    gil.asks_to_erase(VOUCHER).await;
    desk.later(31 * 24).await;
    let left: i64 = sqlx::query_scalar("select count(*) from erasure_requests where address is not null")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
    desk.take_all_letters();
    desk.finish().await;
}

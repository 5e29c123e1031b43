//! Evidence files: what is taken and what is not, how it lies in the database, who gets it back, how it ends; and the
//! document check that rests on it.

use handover::{
    app::App,
    case::actor::Role,
    casework::Casework,
    evidence::{files, rotation, vault},
    mail::outgoing::transport::Transport,
    work::Worker,
};
use sqlx::ConnectOptions as _;
use uuid::Uuid;

use crate::helpers::{
    browser::Browser,
    clamd::{Clamd, MARK},
    desk::{Desk, PASSWORD, StaffVisitor, Visitor},
    story::{REQUESTER, form, letter_as_pdf},
};

/// A confirmed case: the requester, the address of the status page, the case's number.
async fn confirmed(desk: &Desk) -> (Visitor, String, String) {
    desk.import_register().await;
    let visitor = desk.visitor("en");
    let number = desk.confirmed_case(&visitor, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();
    (visitor, status, number)
}

/// Ends the story. Of the receipts that its files brought, `tests/it/mails.rs` tells.
async fn finish(desk: Desk) {
    desk.work_until_idle().await;
    for letter in desk.take_letters(REQUESTER) {
        assert!(letter.subject.starts_with("Ihre Datei ist angekommen"), "{}", letter.subject);
    }
    desk.finish().await;
}

async fn stored(desk: &Desk, number: &str) -> Vec<files::StoredFile> {
    let case = desk.find_case(number).await;
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    files::list(&mut connection, case).await.unwrap()
}

async fn number_of(desk: &Desk, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

/// The program as it would be after a restart with these keys.
fn restarted(desk: &Desk, keys: &[&str]) -> Casework {
    let app = &desk.casework.app;
    let mut settings = (*app.settings).clone();
    settings.evidence.keys = keys.iter().map(|key| (*key).into()).collect();
    let app = App::try_new(app.pool.clone(), settings, app.clock.clone(), &"k".repeat(40).into()).unwrap();
    Casework::try_new(app).unwrap()
}

#[actix_web::test]
async fn a_file_goes_from_the_customer_to_the_desk_and_into_the_check() {
    let desk = Desk::start().await;
    let (visitor, status, number) = confirmed(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    ann.open(&number).await.says("There is nothing to review until there is a file");
    let letter = letter_as_pdf("Vollmacht");
    visitor.get(&status).await.is(200).says("Upload files");
    let sent =
        visitor.uploads(&format!("{status}/evidence"), "Vollmacht Müller.pdf", &letter).await.went_well();
    visitor
        .get(&sent.location.unwrap())
        .await
        .says("The file has arrived.")
        .says("Vollmacht Müller.pdf")
        .says("received");

    // No scanner is configured, and the page says so.
    let page = ann.open(&number).await.says("not scanned for viruses").says("Vollmacht Müller.pdf");
    let id = stored(&desk, &number).await[0].id;
    assert!(page.text.contains(&format!("/desk/cases/{number}/evidence/{id}")));

    ann.decides_document(&number, "passed", &[("date", "no")]).await.is(422).says("every item of the list");
    let fields = [("verdict", "passed"), ("note", "Seen.")];
    ann.does(&number, "checks/document", &fields).await.is(422).says("at least one file of this case");
    ann.decides_document(&number, "passed", &[]).await.went_well();
    let decided = ann.open(&number).await;
    decided.says("ann reviewed one file. True: letterhead, signature").says("basis of the review");

    // A file that comes later changes nothing of it.
    let before = desk.load(&number).await.case.checks;
    visitor.uploads(&format!("{status}/evidence"), "more.pdf", &letter_as_pdf("more")).await.went_well();
    assert_eq!(desk.load(&number).await.case.checks, before);
    let named: serde_json::Value =
        sqlx::query_scalar("select data -> 'files' -> 0 from case_events where kind = 'check_decided'")
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
    assert_eq!(named["file"], id.to_string());
    assert!(!named.to_string().contains("Vollmacht"), "{named}");
    finish(desk).await;
}

#[actix_web::test]
async fn a_download_can_only_be_saved_and_leaves_a_line() {
    let desk = Desk::start().await;
    let (visitor, status, number) = confirmed(&desk).await;
    let letter = letter_as_pdf("secret words of the letter");
    visitor.uploads(&format!("{status}/evidence"), "../../letter.pdf.exe", &letter).await.went_well();
    let id = stored(&desk, &number).await[0].id;
    let path = format!("/desk/cases/{number}/evidence/{id}");

    // The requester can't have it back, by whatever address, nor anybody who is not signed in.
    assert_eq!(visitor.fetch(&format!("{status}/evidence/{id}")).await.status(), 404);
    assert_eq!(visitor.get(&path).await.status, 303);

    let ann = desk.staff("ann", Role::Auditor).await;
    let answer = ann.visitor.fetch(&path).await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"letter.pdf.exe.pdf\"; filename*=UTF-8''letter.pdf.exe.pdf"
    );
    assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(answer.bytes().await.unwrap(), letter);
    let who: Uuid = sqlx::query_scalar("select staff_id from evidence_downloads where file_id = $1")
        .bind(id)
        .fetch_one(&desk.owner)
        .await
        .unwrap();
    assert_eq!(who, ann.id.0);
    ann.open(&number).await.says("Opened: ann,");
    let denied = sqlx::query("delete from evidence_downloads").execute(&desk.owner).await;
    assert!(denied.unwrap_err().to_string().contains("append-only"));

    // An auditor adds nothing; another case's address opens nothing.
    ann.visitor.uploads(&format!("/desk/cases/{number}/evidence"), "x.pdf", &letter).await.is(403);
    desk.work_until_idle().await;
    desk.take_letters(REQUESTER);
    let other = desk.confirmed_case(&visitor, &form()).await;
    desk.take_all_letters();
    assert_eq!(ann.visitor.fetch(&format!("/desk/cases/{other}/evidence/{id}")).await.status(), 404);
    finish(desk).await;
}

#[actix_web::test]
async fn what_is_no_whole_document_is_refused_with_how_to_mend_it() {
    let desk = Desk::start_with(
        "evidence.file_bytes = 60000\nevidence.files_per_case = 2\nevidence.case_bytes = 59900",
    )
    .await;
    let (visitor, status, number) = confirmed(&desk).await;
    let path = format!("{status}/evidence");
    let refused = async |name: &str, file: &[u8], words: &str| {
        visitor.uploads(&path, name, file).await.is(422).says(words).says("Please check one answer");
    };
    refused("page.pdf", b"<!doctype html><script>alert(1)</script>", "This file is not a PDF, JPEG or PNG.")
        .await;
    refused(
        "logo.png",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        "This file is not a PDF, JPEG or PNG.",
    )
    .await;
    refused("letter.docm", b"PK\x03\x04vbaProject.bin", "save a Word document as a PDF").await;
    refused("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a photo in HEIC format").await;
    refused("empty.pdf", b"", "choose a file that is not empty").await;
    refused("cut.pdf", &letter_as_pdf("x")[..40], "damaged or incomplete").await;
    refused("runs.pdf", &letter_as_pdf("\n/S /JavaScript"), "scripts, programs").await;
    refused("locked.pdf", &letter_as_pdf("\n/Encrypt 3 0 R"), "protected by a password").await;
    let mut archive = letter_as_pdf("x");
    archive.splice(20..20, *b"PK\x05\x06");
    refused("both.pdf", &archive, "something else inside").await;
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0crc.".to_vec();
    bomb.extend(b"\0\0\0\x01IDATxcrc.\0\0\0\0IENDcrc.");
    refused("bomb.png", &bomb, "too many pixels").await;
    refused("large.pdf", &letter_as_pdf(&"x".repeat(60_000)), "larger than 59 KB").await;
    // Far too large: not read to its end, and answered all the same or cut off, but never kept.
    let endless = visitor.uploads(&path, "endless.pdf", &letter_as_pdf(&"x".repeat(390_000))).await;
    assert_eq!(endless.status, 422);
    assert_eq!(stored(&desk, &number).await.len(), 0);

    visitor.uploads(&path, "a.pdf", &letter_as_pdf("a")).await.went_well();
    refused("b.pdf", &letter_as_pdf("a"), "We have this file already").await;
    refused("c.pdf", &letter_as_pdf(&"c".repeat(59_800)), "59 KB together").await;
    visitor.uploads(&path, "d.pdf", &letter_as_pdf("d")).await.went_well();
    refused("e.pdf", &letter_as_pdf("e"), "already has 2 files").await;
    assert_eq!(stored(&desk, &number).await.len(), 2);
    finish(desk).await;
}

/// A form with these files, as browsers send it.
fn several(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    body.extend(b"--edge--\r\n");
    body
}

const FORM: &str = "multipart/form-data; boundary=edge";

#[actix_web::test]
async fn of_several_files_each_has_its_own_answer_and_none_is_lost() {
    let desk = Desk::start_with("evidence.file_bytes = 60000\nevidence.files_per_case = 30").await;
    let (visitor, status, number) = confirmed(&desk).await;
    let path = format!("{status}/evidence");
    let names = async || -> Vec<String> {
        stored(&desk, &number).await.into_iter().filter_map(|file| file.name).collect()
    };
    let (one, two) = (letter_as_pdf("one"), letter_as_pdf("two"));
    let large = letter_as_pdf(&"x".repeat(60_000));
    let mixed: [(&str, &[u8]); 7] = [
        ("one.pdf", &one),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("again.pdf", &one),
        ("large.pdf", &large),
        ("empty.pdf", b""),
        ("<b>page</b>.html", b"<!doctype html>"),
        ("two.pdf", &two),
    ];
    let page = visitor.post_body(&path, FORM, several(&mixed)).await.is(422);
    let page =
        page.says("2 files have arrived").says("a photo in HEIC format").says("We have this file already");
    let page = page.says("larger than 59 KB").says("choose a file that is not empty");
    let page = page.says("This file is not a PDF, JPEG or PNG.").says("Please check one answer");
    for (name, _) in mixed {
        assert!(page.words().contains(name.rsplit('/').next().unwrap()), "{name} has no answer");
    }
    assert!(!page.text.contains("<b>page</b>"));
    assert_eq!(names().await, ["one.pdf", "two.pdf"]);

    // All of them good: on to the page.
    let (three, four) = (letter_as_pdf("three"), letter_as_pdf("four"));
    let good: [(&str, &[u8]); 2] = [("three.pdf", &three), ("four.pdf", &four)];
    visitor.post_body(&path, FORM, several(&good)).await.went_well();
    visitor.get(&status).await.says("All files have arrived.");

    // It breaks off in the second one: the first is there, and is said to be.
    let five = letter_as_pdf("five");
    let mut cut = several(&[("five.pdf", &five), ("six.pdf", &letter_as_pdf("six"))]);
    cut.truncate(cut.len() - 40);
    let page = visitor.post_body(&path, FORM, cut).await.is(422);
    page.says("One file has arrived").says("five.pdf").says("six.pdf").says("broke off");
    assert_eq!(names().await.len(), 5);

    // No more than so many are read of one form, and those that are not are said not to be.
    let letters: Vec<(String, Vec<u8>)> =
        (0..22).map(|n| (format!("many-{n}.pdf"), letter_as_pdf(&format!("many {n}")))).collect();
    let many: Vec<(&str, &[u8])> =
        letters.iter().map(|(name, file)| (name.as_str(), file.as_slice())).collect();
    let page = visitor.post_body(&path, FORM, several(&many)).await.is(422);
    page.says("20 files have arrived").says("What is not listed here as received has not arrived");
    assert_eq!(names().await.len(), 25);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// What the script of the page reads.
#[actix_web::test]
async fn a_script_reads_what_became_of_each_file() {
    let desk = Desk::start().await;
    let (_, status, number) = confirmed(&desk).await;
    let send = async |files: &[(&str, &[u8])]| {
        let request = reqwest::Client::new().post(format!("{}{status}/evidence", desk.address));
        let request = request.header("accept", "application/json").header("accept-language", "en");
        let request = request.header("sec-fetch-site", "same-origin").header("content-type", FORM);
        let answer = request.body(several(files)).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
    };
    let letter = letter_as_pdf("a");
    let (code, answer) = send(&[("a.pdf", &letter)]).await;
    assert_eq!((code, &answer["files"][0]["name"]), (201, &"a.pdf".into()));
    let (code, problem) = send(&[("a.pdf", &letter)]).await;
    assert_eq!((code, problem["errors"].as_array().unwrap().len()), (422, 1));
    assert_eq!(
        problem["errors"][0]["message"],
        "We have this file already. You do not need to upload it again."
    );
    let (_, problem) = send(&[("b.pdf", b"x"), ("c.heic", b"\0\0\0\x18ftypmif1")]).await;
    assert!(
        problem["errors"][1]["message"].as_str().unwrap().starts_with("c.heic: This is a photo"),
        "{problem}"
    );
    assert_eq!(stored(&desk, &number).await.len(), 1);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn many_cases_fill_no_more_than_all_files_may_take() {
    let letter = letter_as_pdf("a");
    let most = letter.len() * 3 / 2;
    let desk = Desk::start_with(&format!("evidence.total_bytes = {most}")).await;
    let (visitor, status, number) = confirmed(&desk).await;
    let other = desk.confirmed_case(&visitor, &form()).await;
    let of_the_other = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();
    visitor.uploads(&format!("{status}/evidence"), "a.pdf", &letter).await.went_well();
    let path = format!("{of_the_other}/evidence");
    visitor.uploads(&path, "a.pdf", &letter).await.is(422).says("we have no room for more files");
    assert_eq!((stored(&desk, &number).await.len(), stored(&desk, &other).await.len()), (1, 0));

    // What is deleted makes room.
    let file = stored(&desk, &number).await[0].id;
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    assert!(files::forget(&mut connection, file, desk.now()).await.unwrap());
    visitor.uploads(&path, "a.pdf", &letter).await.went_well();
    desk.take_all_letters();
    finish(desk).await;
}

#[actix_web::test]
async fn forms_that_no_browser_sends_change_nothing() {
    let desk = Desk::start().await;
    let (visitor, status, number) = confirmed(&desk).await;
    let path = format!("{status}/evidence");
    let kind = "multipart/form-data; boundary=edge";
    let part = |name: &str, file: &str, content: &str| {
        format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n{content}\r\n"
        )
    };
    let letter = String::from_utf8(letter_as_pdf("x")).unwrap();
    let send = async |body: String| visitor.post_body(&path, kind, body.into_bytes()).await;
    let two =
        [part("file", "a.pdf", &letter), part("file", "b.pdf", &letter), "--edge--\r\n".into()].concat();
    // The same twice: the first is taken, the second one has its answer.
    send(two).await.is(422).says("One file has arrived").says("We have this file already");
    assert_eq!(stored(&desk, &number).await.len(), 1);
    send(part("file", "a.pdf", &letter)).await.is(422).says("broke off");
    send("--edge\r\n".to_owned()).await.is(422).says("broke off");
    send(format!("--edge\r\nContent-Disposition: form-data; name=\"{}\r\n", "x".repeat(200_000)))
        .await
        .is(422);
    send(part("other", "a.pdf", &letter) + "--edge--\r\n").await.is(422).says("choose a file");
    visitor.post(&path, &[("file", "letter")]).await.is(422);
    visitor.post_body(&path, "text/plain", letter.clone().into_bytes()).await.is(422);
    // From another site's page, or with a token that opens nothing.
    visitor
        .uploads("/cases/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/evidence", "a.pdf", letter.as_bytes())
        .await
        .is(404);
    let foreign =
        reqwest::Client::new().post(format!("{}{path}", desk.address)).header("sec-fetch-site", "cross-site");
    let foreign = foreign.header("content-type", kind).body(part("file", "a.pdf", &letter) + "--edge--\r\n");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    assert_eq!(stored(&desk, &number).await.len(), 1);

    // Nothing is taken once the case is closed.
    visitor.post(&format!("{status}/withdrawal"), &[]).await.went_well();
    visitor.uploads(&path, "a.pdf", letter.as_bytes()).await.is(409);
    assert!(!visitor.get(&status).await.is(200).text.contains("multipart/form-data"));
    assert_eq!(stored(&desk, &number).await.len(), 1);
    desk.work_until_idle().await;
    desk.take_all_letters();
    finish(desk).await;
}

#[actix_web::test]
async fn the_database_alone_gives_nothing_away() {
    let desk = Desk::start().await;
    let (visitor, status, number) = confirmed(&desk).await;
    for words in
        ["first letter, long enough to be found again", "other letter, long enough to be found again"]
    {
        visitor.uploads(&format!("{status}/evidence"), "a.pdf", &letter_as_pdf(words)).await.went_well();
    }
    let pool = &desk.owner;
    let plain = "select count(*) from evidence_files where position('%PDF-1.7'::bytea in content) > 0
         or position('letter, long'::bytea in content) > 0";
    assert_eq!(number_of(&desk, plain).await, 0);
    assert_eq!(number_of(&desk, "select count(distinct nonce) from evidence_files").await, 2);

    // The bytes of one row do not open in another, changed ones nowhere.
    let ann = desk.staff("ann", Role::Agent).await;
    let ids: Vec<Uuid> = stored(&desk, &number).await.iter().map(|file| file.id).collect();
    let path = |id: Uuid| format!("/desk/cases/{number}/evidence/{id}");
    assert_eq!(ann.visitor.fetch(&path(ids[1])).await.status(), 200);
    sqlx::query("update evidence_files a set content = b.content, nonce = b.nonce from evidence_files b where a.id = $1 and b.id = $2")
        .bind(ids[1])
        .bind(ids[0])
        .execute(pool)
        .await
        .unwrap();
    assert_eq!(ann.visitor.fetch(&path(ids[1])).await.status(), 500);
    assert_eq!(ann.visitor.fetch(&path(ids[0])).await.status(), 200);

    // What a file is can't be rewritten, nor the file made to have never been.
    for sql in [
        "update evidence_files set sha256 = sha256(''::bytea)",
        "update evidence_files set name = 'x.pdf'",
        "delete from evidence_files",
    ] {
        let denied = sqlx::query(sql).execute(pool).await.unwrap_err().to_string();
        assert!(denied.contains("kept as it came") || denied.contains("append-only"), "{denied}");
    }
    finish(desk).await;
}

#[actix_web::test]
async fn keys_can_be_changed_and_old_ones_put_away() {
    let desk = Desk::start().await;
    let (visitor, status, number) = confirmed(&desk).await;
    for words in ["a", "b", "c"] {
        visitor.uploads(&format!("{status}/evidence"), "a.pdf", &letter_as_pdf(words)).await.went_well();
    }
    let pool = &desk.casework.app.pool;
    let old = crate::helpers::desk::EVIDENCE_KEY;
    let new = vault::make_key("new");

    // Without the old key nothing opens, and that is said.
    let forgetful = restarted(&desk, &[&new]);
    let keys = rotation::list_keys(pool, &forgetful.cabinet).await.unwrap();
    assert_eq!(
        keys.iter().map(|key| (key.id.as_str(), key.files, key.opens)).collect::<Vec<_>>(),
        [("test", 3, false)]
    );
    let turned = rotation::turn_next(pool, &forgetful.cabinet, Uuid::nil()).await.unwrap().unwrap();
    assert!(turned.failed.unwrap().to_string().contains("\"test\""));

    // One file, then the process is stopped; the command goes on where it was.
    let both = restarted(&desk, &[&new, old]);
    let first = rotation::turn_next(pool, &both.cabinet, Uuid::nil()).await.unwrap().unwrap();
    assert!(first.failed.is_none());
    assert_eq!(rotation::count_others(pool, &both.cabinet).await.unwrap(), 2);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_handover"));
    command.env_clear().env("HANDOVER__DATABASE__URL", pool.connect_options().to_url_lossy().as_str());
    let data = tempfile::TempDir::new().unwrap();
    command
        .env("HANDOVER__DATA_DIR", data.path())
        .env("HANDOVER__EVIDENCE__KEYS", format!("[\"{new}\", \"{old}\"]"));
    let output =
        actix_web::rt::task::spawn_blocking(move || command.args(["evidence", "rekey"]).output().unwrap())
            .await
            .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("2 files are under \"new\" now, 0 could not be opened"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(rotation::turn_next(pool, &both.cabinet, Uuid::nil()).await.unwrap().is_none());

    // From here on the new key is enough.
    let only_new = restarted(&desk, &[&new]);
    let keys = rotation::list_keys(pool, &only_new.cabinet).await.unwrap();
    assert_eq!(
        keys.iter().map(|key| (key.id.as_str(), key.files, key.opens)).collect::<Vec<_>>(),
        [("new", 3, true)]
    );
    let case = desk.find_case(&number).await;
    for file in stored(&desk, &number).await {
        let owner = vault::Owner { file: file.id, case };
        let opened = only_new
            .open_evidence(owner, handover::case::digest::Digest(file.sha256))
            .await
            .unwrap()
            .unwrap();
        assert!(opened.starts_with(b"%PDF-1.7"));
    }
    finish(desk).await;
}

#[actix_web::test]
async fn a_scanner_has_its_say_before_anybody_opens_a_file() {
    let clamd = actix_web::rt::task::spawn_blocking(Clamd::start).await.unwrap();
    let desk = Desk::start_with(&format!("evidence.clamd = \"{}\"", clamd.address())).await;
    let (visitor, status, number) = confirmed(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    visitor.uploads(&format!("{status}/evidence"), "good.pdf", &letter_as_pdf("good")).await.went_well();
    visitor.uploads(&format!("{status}/evidence"), "bad.pdf", &letter_as_pdf(MARK)).await.went_well();
    let [good, bad] = [0, 1].map(|at| async_id(&desk, &number, at));
    let (good, bad) = (good.await, bad.await);
    let path = |id: Uuid| format!("/desk/cases/{number}/evidence/{id}");

    // Nobody has looked yet: it can't be opened, and no document be decided on it.
    assert_eq!(ann.visitor.fetch(&path(good)).await.status(), 409);
    ann.open(&number).await.says("being scanned for viruses").says("There is nothing to review");
    visitor.get(&status).await.says("being checked");
    decide_on(&ann, &number, good).await.is(422).says("that can be opened");

    desk.work_until_idle().await;
    assert_eq!(ann.visitor.fetch(&path(good)).await.status(), 200);
    assert_eq!(ann.visitor.fetch(&path(bad)).await.status(), 404);
    ann.open(&number)
        .await
        .says("no virus found")
        .says("malware, deleted")
        .says("Handover.Test.Harmless")
        .says("scanned a file for viruses: malware, deleted");
    visitor.get(&status).await.says("malware, deleted").never_says("Handover.Test");
    decide_on(&ann, &number, bad).await.is(422).says("that can be opened");
    decide_on(&ann, &number, good).await.went_well();
    let gone = "select count(*) from evidence_files where scan = 'infected' and content is null and name = 'bad.pdf'";
    assert_eq!(number_of(&desk, gone).await, 1);

    // The scanner is away: files wait, are tried ever more rarely, and are looked at when it is back.
    drop(clamd);
    visitor.uploads(&format!("{status}/evidence"), "late.pdf", &letter_as_pdf("late")).await.went_well();
    desk.work_until_idle().await;
    let waits = "select count(*) from evidence_files where scan = 'waiting' and scan_attempts = 1";
    assert_eq!(number_of(&desk, waits).await, 1);
    desk.work_until_idle().await;
    assert_eq!(number_of(&desk, waits).await, 1, "not at once again");
    desk.later(1).await;
    assert_eq!(
        number_of(&desk, "select scan_attempts::bigint from evidence_files where scan = 'waiting'").await,
        2
    );
    finish(desk).await;
}

#[actix_web::test]
async fn a_scanner_that_comes_later_looks_at_what_came_before_it() {
    let desk = Desk::start().await;
    let (visitor, status, number) = confirmed(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    visitor.uploads(&format!("{status}/evidence"), "good.pdf", &letter_as_pdf("good")).await.went_well();
    visitor.uploads(&format!("{status}/evidence"), "bad.pdf", &letter_as_pdf(MARK)).await.went_well();
    desk.work_until_idle().await;
    let bad = async_id(&desk, &number, 1).await;
    ann.open(&number).await.says("not scanned for viruses");
    decide_on(&ann, &number, bad).await.went_well();
    let decided = desk.load(&number).await.case.checks;

    let clamd = actix_web::rt::task::spawn_blocking(Clamd::start).await.unwrap();
    let app = &desk.casework.app;
    let mut settings = (*app.settings).clone();
    settings.evidence.clamd = clamd.address();
    let app = App::try_new(app.pool.clone(), settings, app.clock.clone(), &"k".repeat(40).into()).unwrap();
    let transport = Transport::try_new(&app.settings.mail, &app.settings.data_dir).unwrap();
    let casework = Casework::try_new(app).unwrap();

    // From then on nobody opens them unseen.
    casework.follow_scanner().await.unwrap();
    ann.open(&number).await.says("being scanned for viruses").never_says("not scanned for viruses");
    assert_eq!(ann.visitor.fetch(&format!("/desk/cases/{number}/evidence/{bad}")).await.status(), 409);

    Worker::new(casework, transport).run_until_idle().await;
    ann.open(&number).await.says("no virus found").says("malware, deleted");
    assert_eq!(desk.load(&number).await.case.checks, decided);
    // Once looked at is looked at, also where the next worker starts.
    let again = "update evidence_files set scan = 'waiting', scanned_at = null, scan_due_at = now() where scan = 'clean'";
    let refused = sqlx::query(again).execute(&desk.casework.app.pool).await.unwrap_err().to_string();
    assert!(refused.contains("kept as it came"), "{refused}");
    desk.take_all_letters();
    finish(desk).await;
}

async fn async_id(desk: &Desk, number: &str, at: usize) -> Uuid {
    stored(desk, number).await[at].id
}

/// Sends the form for a document with everything in order, whatever the page offers.
async fn decide_on(staff: &StaffVisitor, number: &str, file: Uuid) -> crate::helpers::desk::Answer {
    let file = format!("file-{file}");
    let mut fields = vec![(file.as_str(), "true"), ("verdict", "passed"), ("note", "Looked at it.")];
    for criterion in ["letterhead", "signature", "names", "date", "register"] {
        let name: &'static str = format!("criterion-{criterion}").leak();
        fields.push((name, "yes"));
    }
    staff.does(number, "checks/document", &fields).await
}

#[actix_web::test]
async fn files_end_with_their_time_and_what_was_decided_stays() {
    let desk = Desk::start_with("retention.evidence_days = 30").await;
    let (visitor, status, number) = confirmed(&desk).await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    visitor.uploads(&format!("{status}/evidence"), "a.pdf", &letter_as_pdf("a")).await.went_well();
    ann.decides_document(&number, "passed", &[]).await.went_well();
    let check = desk.load(&number).await.case.checks;

    let close = async || {
        ann.does(&number, "closing", &[("outcome", "self_service")]).await.went_well();
    };
    close().await;
    desk.later(29 * 24).await;
    desk.take_all_letters();
    assert!(stored(&desk, &number).await[0].is_readable());
    // Taken up again, it keeps its files, and the time begins anew with the next end. A note prolongs nothing.
    ben.does(&number, "reopening", &[("reason", "Something was forgotten.")]).await.went_well();
    desk.later(40 * 24).await;
    assert!(stored(&desk, &number).await[0].is_readable());
    close().await;
    desk.later(20 * 24).await;
    ann.does(&number, "notes", &[("note", "The customer called.")]).await.went_well();
    assert!(stored(&desk, &number).await[0].is_readable());
    desk.later(11 * 24).await;

    let file = stored(&desk, &number).await.remove(0);
    assert!(!file.is_readable() && file.name.is_none() && file.deleted_at.is_some());
    assert_eq!(
        number_of(
            &desk,
            "select count(*) from evidence_files where content is not null or key_id is not null"
        )
        .await,
        0
    );
    assert_eq!(file.sha256, handover::token::sha256(&letter_as_pdf("a")));
    let document = |checks: &[handover::case::check::Check]| {
        let kind = handover::case::check::CheckKind::Document;
        checks.iter().find(|check| check.kind == kind).unwrap().clone()
    };
    assert_eq!(document(&desk.load(&number).await.case.checks), document(&check));
    ann.open(&number).await.says("because its retention period ended").says("File without a name");
    assert_eq!(ann.visitor.fetch(&format!("/desk/cases/{number}/evidence/{}", file.id)).await.status(), 404);
    desk.take_all_letters();
    finish(desk).await;
}

#[actix_web::test]
async fn without_a_key_no_file_is_taken() {
    let desk = Desk::start_with("evidence.keys = []").await;
    let (visitor, status, number) = confirmed(&desk).await;
    visitor.get(&status).await.is(200).never_says("Upload files");
    visitor.uploads(&format!("{status}/evidence"), "a.pdf", &letter_as_pdf("a")).await.is(422);
    assert_eq!(stored(&desk, &number).await.len(), 0);
    finish(desk).await;
}

#[actix_web::test]
async fn one_upload_waits_for_another_and_none_for_ever() {
    let desk = Desk::start_with("evidence.uploads_at_once = 1\nevidence.upload_seconds = 1").await;
    let (visitor, status, number) = confirmed(&desk).await;
    // A sender who never goes on holds the only place, until the time is over.
    let (path, address) = (status.clone(), desk.address.clone());
    let stuck = actix_web::rt::task::spawn_blocking(move || {
        use std::io::{Read as _, Write as _};
        let path = path.strip_prefix(&address).unwrap_or(&path).to_owned();
        let mut stream = std::net::TcpStream::connect(address.trim_start_matches("http://")).unwrap();
        let head = format!(
            "POST {path}/evidence HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=edge\r\n\
             Content-Length: 5000\r\n\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n%PDF"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    });
    assert_eq!(stuck.await.unwrap(), "HTTP/1.1 422");
    visitor.uploads(&format!("{status}/evidence"), "a.pdf", &letter_as_pdf("a")).await.went_well();
    assert_eq!(stored(&desk, &number).await.len(), 1);
    finish(desk).await;
}

#[actix_web::test]
async fn a_file_is_uploaded_and_reviewed_in_a_browser() {
    let desk = Desk::start().await;
    let (_, status, number) = confirmed(&desk).await;
    desk.staff("ann", Role::Agent).await;
    let browser = Browser::start(&desk.address, "de").await;
    browser.open(&status).await;
    browser.judge("status-evidence").await;
    browser.submit("#evidence form button").await;
    browser.judge("status-evidence-mistake").await;
    let folder = tempfile::TempDir::new().unwrap();
    let letter = folder.path().join("Vollmacht.pdf");
    std::fs::write(&letter, letter_as_pdf("browser")).unwrap();
    // Two at once, of which a browser like this one can't convert the photo; and how far they are shows.
    let photo = folder.path().join("IMG_0042.HEIC");
    std::fs::write(&photo, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap();
    let watched = "window.bars = 0; new MutationObserver(() => { window.bars += document.querySelectorAll('#evidence progress').length; }).observe(document.body, {childList: true, subtree: true})";
    browser.script(watched, vec![]).await;
    let both = format!("{}\n{}", photo.display(), letter.display());
    browser.find("#file").await.send_keys(both).await.unwrap();
    browser.click("#evidence form[data-upload] button").await;
    browser.until_it_says("Fertig: 1 angekommen, 1 nicht angenommen.").await;
    browser.until_it_says("Das ist ein Foto im Format HEIC").await;
    assert_ne!(browser.script("return window.bars", vec![]).await, 0, "the progress shows");
    let kept: Vec<_> = stored(&desk, &number).await.into_iter().filter_map(|file| file.name).collect();
    assert_eq!(kept, ["Vollmacht.pdf"], "what is known to be refused is not sent");
    let listed = browser.find("[data-upload-files]").await.text().await.unwrap();
    assert!(listed.contains("Vollmacht.pdf") && listed.contains("Versehentlich hochgeladen?"), "{listed}");

    // Dropped; one is refused by the server, and the browser says what it said.
    let drop = "const files = new DataTransfer();
        files.items.add(new File([arguments[0]], 'Auszug.pdf', {type: 'application/pdf'}));
        files.items.add(new File(['<svg/>'], 'Logo.png', {type: 'image/png'}));
        document.querySelector('[data-drop]').dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}))";
    let extract = String::from_utf8(letter_as_pdf("dropped")).unwrap();
    browser.script(drop, vec![extract.into()]).await;
    browser.until_it_says("Auszug.pdf").await;
    browser.until_it_says("Diese Datei ist kein PDF, JPEG oder PNG.").await;
    browser.until_it_says("Fertig: 1 angekommen, 1 nicht angenommen.").await;
    assert_eq!(stored(&desk, &number).await.len(), 2);
    browser.judge("status-evidence-sent").await;

    // Without JavaScript, the form sends all of them at once.
    browser.without_javascript().await;
    browser.open(&status).await;
    let second = folder.path().join("Register.pdf");
    std::fs::write(&second, letter_as_pdf("second")).unwrap();
    browser
        .find("#file")
        .await
        .send_keys(format!("{}\n{}", second.display(), photo.display()))
        .await
        .unwrap();
    browser.submit("#evidence form[data-upload] button").await;
    let words = browser.words().await;
    assert!(
        words.contains("Eine Datei ist angekommen") && words.contains("Das ist ein Foto im Format HEIC"),
        "{words}"
    );
    browser.with_javascript().await;
    browser.judge("status-evidence-some-refused").await;

    browser.open(&format!("/desk/cases/{number}")).await;
    browser.fill("email", "ann@reseller.example").await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form button").await;
    browser.open(&format!("/desk/cases/{number}")).await;
    browser
        .driver
        .execute("document.querySelector('#check-document-files').closest('details').open = true", vec![])
        .await
        .unwrap();
    browser.judge("case-document").await;
    browser.quit().await;
    finish(desk).await;
}

#[actix_web::test]
async fn a_file_sent_by_mistake_is_taken_out_by_who_sent_it() {
    let desk = Desk::start().await;
    let (visitor, status, number) = confirmed(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let path = format!("{status}/evidence");
    visitor.uploads(&path, "payslip.pdf", &letter_as_pdf("wrong")).await.went_well();
    let wrong = async_id(&desk, &number, 0).await;
    desk.work_until_idle().await;
    desk.take_letters(REQUESTER);
    let other = desk.confirmed_case(&visitor, &form()).await;
    let of_another = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();

    // Somebody who may read another case, knows the id and more than that.
    visitor.post(&format!("{of_another}/evidence/{wrong}/removal"), &[]).await.is(404);
    visitor.post(&format!("{status}/evidence/{}/removal", Uuid::nil()), &[]).await.is(404);
    visitor.post(&format!("{status}/evidence/x/removal"), &[]).await.is(404);
    visitor.get(&format!("{status}/evidence/{wrong}/removal")).await.is(405);
    assert!(stored(&desk, &number).await[0].is_readable());
    ann.does(&other, "evidence-removal", &[("file", &wrong.to_string()), ("reason", "Wrong.")]).await.is(404);
    // Nor a file of the desk's, which the page never names.
    let by_post = letter_as_pdf("by post");
    ann.visitor.uploads(&format!("/desk/cases/{number}/evidence"), "post.pdf", &by_post).await.went_well();
    let by_post = async_id(&desk, &number, 1).await;
    visitor.post(&format!("{path}/{by_post}/removal"), &[]).await.is(403);
    assert!(stored(&desk, &number).await[1].is_readable());

    visitor.get(&status).await.says("Uploaded by mistake?");
    let version = desk.load(&number).await.version;
    let gone = visitor.submit(&format!("{path}/{wrong}/removal"), &[]).await;
    gone.says("The file is removed.").says("payslip.pdf").says("deleted").never_says("Uploaded by mistake?");
    // Pressed twice: nothing more happens.
    visitor.post(&format!("{path}/{wrong}/removal"), &[]).await.went_well();
    assert_eq!(desk.load(&number).await.version, version + 1);
    let kept = "select count(*) from evidence_files where name = 'payslip.pdf' and content is null and key_id is null";
    assert_eq!(number_of(&desk, kept).await, 1);
    assert_eq!(ann.visitor.fetch(&format!("/desk/cases/{number}/evidence/{wrong}")).await.status(), 404);
    ann.open(&number).await.says("removed a file").says("payslip.pdf");
    decide_on(&ann, &number, wrong).await.is(422).says("that can be opened");
    // The right one takes its place, and so does the same once more.
    visitor.uploads(&path, "payslip.pdf", &letter_as_pdf("wrong")).await.went_well();

    visitor.post(&format!("{status}/withdrawal"), &[]).await.went_well();
    let last = async_id(&desk, &number, 2).await;
    visitor.post(&format!("{path}/{last}/removal"), &[]).await.is(409);
    assert!(stored(&desk, &number).await[2].is_readable());
    desk.work_until_idle().await;
    desk.take_all_letters();
    finish(desk).await;
}

#[actix_web::test]
async fn a_file_that_a_decision_was_made_on_stays_for_good() {
    let desk = Desk::start_with("retention.evidence_days = 30").await;
    let (visitor, status, number) = confirmed(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let path = format!("{status}/evidence");
    visitor.uploads(&path, "forged.pdf", &letter_as_pdf("forged")).await.went_well();
    ann.decides_document(&number, "passed", &[]).await.went_well();
    let forged = async_id(&desk, &number, 0).await;
    visitor.uploads(&path, "true.pdf", &letter_as_pdf("true")).await.went_well();
    let honest = async_id(&desk, &number, 1).await;
    // Another verdict on another file: the first was believed once all the same.
    decide_on(&ann, &number, honest).await.went_well();
    visitor.uploads(&path, "more.pdf", &letter_as_pdf("more")).await.went_well();
    let more = async_id(&desk, &number, 2).await;

    visitor.get(&status).await.says("Uploaded by mistake?");
    for file in [forged, honest] {
        visitor
            .post(&format!("{path}/{file}/removal"), &[])
            .await
            .is(409)
            .says("A decision rests on this file");
        let fields = [("file", file.to_string()), ("reason", "Forged.".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ann.does(&number, "evidence-removal", &fields).await.is(422).says("A decision rests").says("Forged.");
    }
    assert!(stored(&desk, &number).await.iter().all(files::StoredFile::is_readable));
    // The database alone keeps it, too.
    let pool = &desk.casework.app.pool;
    let mut connection = pool.acquire().await.unwrap();
    let denied = files::remove(&mut connection, forged, desk.now()).await.unwrap_err();
    assert!(format!("{denied:#}").contains("a decision rests on this evidence file"), "{denied:#}");
    drop(connection);

    // Staff take out the third, and say why; the name stays until the time of all files is over.
    ann.does(&number, "evidence-removal", &[("file", &more.to_string())]).await.is(422);
    let fields = [("file", more.to_string()), ("reason", "Of another customer.".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ann.does(&number, "evidence-removal", &fields).await.went_well();
    ann.open(&number).await.says("removed a file").says("Of another customer.").says("more.pdf");
    visitor.get(&status).await.never_says("Of another customer.").never_says("Uploaded by mistake?");
    let auditor = desk.staff("eve", Role::Auditor).await;
    auditor.does(&number, "evidence-removal", &fields).await.is(403);
    ann.does(&number, "closing", &[("outcome", "self_service")]).await.went_well();
    desk.later(31 * 24).await;
    assert_eq!(
        number_of(&desk, "select count(*) from evidence_files where name is null and content is null").await,
        3
    );
    desk.take_all_letters();
    finish(desk).await;
}

/// A decision and a removal wait for each other: whoever comes second finds what the first one did.
#[actix_web::test]
async fn a_removal_and_a_decision_never_both_happen() {
    let desk = Desk::start().await;
    let (visitor, status, number) = confirmed(&desk).await;
    let ann = desk.staff("ann", Role::Agent).await;
    for round in 0..4 {
        let letter = letter_as_pdf(&format!("round {round}"));
        visitor.uploads(&format!("{status}/evidence"), "a.pdf", &letter).await.went_well();
        let file = async_id(&desk, &number, round).await;
        let path = format!("{status}/evidence/{file}/removal");
        let (removed, _) =
            futures_util::future::join(visitor.post(&path, &[]), decide_on(&ann, &number, file)).await;
        let rests = format!(
            "select count(*) from case_events where kind = 'check_decided' and data -> 'files' -> 0 ->> 'file' = '{file}'"
        );
        let rests: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(rests)).fetch_one(&desk.casework.app.pool).await.unwrap();
        let there = stored(&desk, &number).await[round].is_readable();
        assert_eq!((there, removed.status == 303), (rests == 1, rests == 0), "round {round}");
    }
    finish(desk).await;
}

#[actix_web::test]
async fn a_file_is_taken_out_while_the_scanner_works() {
    let clamd = actix_web::rt::task::spawn_blocking(Clamd::start).await.unwrap();
    let desk = Desk::start_with(&format!("evidence.clamd = \"{}\"", clamd.address())).await;
    let (visitor, status, number) = confirmed(&desk).await;
    let path = format!("{status}/evidence");
    visitor.uploads(&path, "bad.pdf", &letter_as_pdf(MARK)).await.went_well();
    let file = async_id(&desk, &number, 0).await;
    // Claimed by a worker, who has not said anything yet.
    let app = &desk.casework.app;
    let claimed = handover::evidence::scan::claim(&app.pool, 60.0, &app.clock).await.unwrap().unwrap();
    assert_eq!(claimed.owner.file, file);
    visitor.post(&format!("{path}/{file}/removal"), &[]).await.went_well();
    let mut connection = app.pool.acquire().await.unwrap();
    let finding = handover::evidence::scanner::Finding::Infected("Found".to_owned());
    assert!(!handover::evidence::scan::settle(&mut connection, file, &finding, desk.now()).await.unwrap());
    handover::evidence::scan::give_back(&app.pool, file, &app.clock).await.unwrap();
    drop(connection);
    // Nothing is left to be scanned, by whomever.
    desk.later(5).await;
    let due = "select count(*) from evidence_files where scan_due_at is not null";
    assert_eq!(number_of(&desk, due).await, 0);
    visitor.get(&status).await.says("deleted").never_says("malware");
    assert!(stored(&desk, &number).await[0].deleted_at.is_some());
    finish(desk).await;
}

//! Evidence packs: what is in one, who may have it, and that both verifiers, ours and the one in Python that knows nothing but
//! docs/EVIDENCE.md, take every true one and no changed one.

mod earlier;
mod hostile;
mod remade;
mod taken;

use std::{io::Cursor, process::Command};

use ed25519_dalek::SigningKey;
use handover::{
    case::{actor::Role, digest::Digest},
    pack::check::{Report, check},
    transparency::keys,
};
use serde_json::Value;
use uuid::Uuid;

use self::remade::{Remade, each_field_changed};
use crate::helpers::{
    command,
    desk::{Desk, EVIDENCE_KEY, LOG_KEY, StaffVisitor, Visitor},
    inbound::{BELIEVING, Mail},
    story::{DEPARTED, REQUESTER, SUCCESSOR, form, form_with, letter_as_pdf},
};

/// Of whoever has no key of ours.
fn stranger() -> SigningKey {
    SigningKey::from_bytes(&[66; 32])
}

fn ours() -> SigningKey {
    let bytes = data_encoding::BASE64.decode(LOG_KEY.as_bytes()).unwrap();
    SigningKey::from_bytes(&bytes.try_into().unwrap())
}

fn checked(pack: &[u8]) -> Report {
    check(Cursor::new(pack), &[]).unwrap()
}

/// Whether ours refuses it, however.
fn is_refused(pack: &[u8]) -> bool {
    check(Cursor::new(pack), &[]).map_or(true, |report| !report.is_sound())
}

#[track_caller]
fn holds(pack: &[u8]) -> Report {
    let report = checked(pack);
    assert!(report.is_sound(), "{report:#?}");
    assert!(python(&[pack.to_vec()])[0].starts_with("holds"), "{:?}", python(&[pack.to_vec()]));
    report
}

/// What the verifier in Python says of each.
fn python(packs: &[Vec<u8>]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..packs.len()).map(|at| folder.path().join(format!("{at}.zip"))).collect();
    for (path, pack) in paths.iter().zip(packs) {
        std::fs::write(path, pack).unwrap();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/evidence_pack/check_pack.py");
    let output = Command::new("python3").arg(script).args(&paths).output().unwrap();
    let said: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(said.len(), packs.len(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.success(), said.iter().all(|line| line.starts_with("holds")));
    said
}

/// No changed pack is taken by either; each is told by what was changed.
#[track_caller]
fn all_are_refused(changed: &[(String, Vec<u8>)]) {
    let taken: Vec<&str> =
        changed.iter().filter(|(_, pack)| !is_refused(pack)).map(|(what, _)| what.as_str()).collect();
    assert!(taken.is_empty(), "ours takes {taken:?}");
    let said = python(&changed.iter().map(|(_, pack)| pack.clone()).collect::<Vec<_>>());
    let taken: Vec<&str> = said
        .iter()
        .zip(changed)
        .filter(|(said, _)| said.starts_with("holds"))
        .map(|(_, (what, _))| what.as_str())
        .collect();
    assert!(taken.is_empty(), "the other takes {taken:?}");
}

async fn pack_of(auditor: &StaffVisitor, number: &str, what: &str) -> Vec<u8> {
    let answer = auditor.visitor.fetch(&format!("/desk/cases/{number}/pack?what={what}")).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

/// A case that went all the way: with a file, an answer by mail, a delivery and the new contact's word.
async fn completed_case(desk: &Desk, customer: &Visitor) -> String {
    let (agent, approver) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(customer, &form()).await;
    let asked = desk.take_letter(REQUESTER);
    let status = asked.link("cases");
    let letter = letter_as_pdf("signed by hand");
    customer.uploads(&format!("{status}/evidence"), "Vollmacht Kessler.pdf", &letter).await.went_well();
    desk.receives(&Mail::authentic(REQUESTER, &asked.return_path).saying("Gibt es Neues?").raw())
        .await
        .is_filed_from("requester");
    let link = desk.take_letter(SUCCESSOR).link("successors");
    customer.post(&link, &[("decision", "accept")]).await.went_well();
    agent.calls_back(&number).await;
    desk.later(8 * 24).await;
    agent.drafts(&number).await;
    approver.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    agent.does(&number, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
    desk.work_until_idle().await;
    desk.new_contact_says(customer, "yes").await;
    desk.later(1).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "closed");
    number
}

#[actix_web::test]
async fn a_completed_case_holds_whole_and_redacted_and_no_change_of_it_does() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let number = completed_case(&desk, &customer).await;
    let auditor = desk.staff("otto", Role::Auditor).await;

    let whole = pack_of(&auditor, &number, "whole").await;
    let report = holds(&whole);
    let told = report.holds.join("\n");
    for said in [
        "is in the log",
        "the policy in the pack was met, by",
        "neither wrote nor decided",
        "3 messages and files",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let entries = Remade::of(&whole);
    let html = entries.text("case.html");
    for said in
        ["Miriam Kessler", "ann", "Vollmacht Kessler.pdf", "Rests on", "Closed, Completed", "Approved by ben"]
    {
        assert!(html.contains(said), "{said} is not in {html}");
    }
    assert!(!html.contains("<script") && !html.contains("http-equiv=\"refresh\""));
    assert!(entries.text("case.pdf").starts_with("%PDF-"));
    // No link that works is in it, by law 6.
    for name in entries.names() {
        for path in ["/cases/", "/successors/", "/confirmations/", "/objections/"] {
            let text = entries.text(name);
            assert!(!text.contains(&format!("{}{path}", desk.address)), "{path} in {name}");
        }
    }
    // The same rows make the same bytes, but for who took the one before.
    let lean = pack_of(&auditor, &number, "without-files").await;
    assert!(holds(&lean).open.iter().any(|what| what.contains("NotWanted")), "{:?}", checked(&lean));
    let noted: Vec<(Option<Uuid>, bool, bool)> =
        sqlx::query_as("select staff_id, redacted, with_files from case_exports order by id")
            .fetch_all(&desk.owner)
            .await
            .unwrap();
    assert_eq!(noted, [(Some(auditor.id.0), false, true), (Some(auditor.id.0), false, false)]);

    let redacted = pack_of(&auditor, &number, "redacted").await;
    let report = holds(&redacted);
    assert!(report.open.iter().any(|what| what.contains("policy can't be evaluated")), "{report:#?}");
    nothing_that_was_typed_is_in(&Remade::of(&redacted), &["Vollmacht", "Gibt es Neues?", "ann@", "ben@"]);
    let names: Vec<&str> = ["ann", "ben", "otto"].to_vec();
    let html = Remade::of(&redacted).text("case.html");
    for name in names {
        assert!(
            !html.split(|c: char| !c.is_alphabetic()).any(|word| word == name),
            "{name} in the case file"
        );
    }

    // Another case's trail, and what is between both.
    let second =
        form_with(&[("entitlements", "SEN-10000002"), ("requester_email", "zwei@nordlicht.example")]);
    customer.escalates(&second).await.went_well();
    // Also logged.
    desk.later(1).await;
    desk.take_all_letters();
    let other = Remade::of(&pack_of(&auditor, &desk.newest().await, "whole").await);
    let chain = other.json("chain.json");
    all_are_refused(&[
        ("chain".to_owned(), entries.with_json("chain.json", &chain).signed_by(&ours()).zip()),
        (
            "proof".to_owned(),
            entries.with_json("proof.json", &other.json("proof.json")).signed_by(&ours()).zip(),
        ),
    ]);

    // From here on nobody asks the server any more, which waits on this thread.
    every_entry_counts(&entries);
    what_the_chain_binds_can_not_be_signed_anew(&entries, &Remade::of(&redacted));
    swapped_and_cut(&entries);
    keys_are_told_apart(&whole, &entries);
    the_command_says_the_same(&whole, &entries);
}

fn nothing_that_was_typed_is_in(pack: &Remade, more: &[&str]) {
    // Chosen, not typed; and of no person.
    let chosen =
        ["hosting", "contact_role", "authority", "privacy", "language", "request_id", "entitlements"];
    let typed = form().into_iter().filter(|(name, _)| !chosen.contains(name)).map(|(_, value)| value);
    let words = [
        "SEN-10000001",
        "SEN-10000002",
        "10000001",
        "nordlicht",
        "Kessler",
        "Rauch",
        "Abend",
        SUCCESSOR,
        DEPARTED,
    ];
    for name in pack.names() {
        let text = pack.text(name);
        for word in typed.clone().chain(words.iter().chain(more).map(|word| (*word).to_owned())) {
            assert!(!text.contains(&word), "{word:?} is in {name}");
        }
    }
}

/// One byte of each entry, in the middle; an entry taken out; one put in.
fn every_entry_counts(pack: &Remade) {
    let mut changed = Vec::new();
    for at in 0..pack.0.len() {
        let mut other = pack.clone();
        let middle = other.0[at].1.len() / 2;
        other.0[at].1[middle] ^= 1;
        changed.push((format!("a byte of {}", pack.0[at].0), other.zip()));
        let mut less = pack.clone();
        less.0.remove(at);
        changed.push((format!("without {}", pack.0[at].0), less.zip()));
    }
    let mut more = pack.clone();
    more.0.insert(7, ("files/0.pdf".to_owned(), b"%PDF-".to_vec()));
    changed.push(("one more".to_owned(), more.zip()));
    all_are_refused(&changed);
}

/// Signed by a key of their own, and without the log: what the chain binds shows alone.
fn what_the_chain_binds_can_not_be_signed_anew(whole: &Remade, redacted: &Remade) {
    let mut changed = Vec::new();
    for (word, pack) in [("whole", whole), ("redacted", redacted)] {
        let without = pack.with_json("proof.json", &Value::Null);
        for name in ["chain.json", "records.json"] {
            let json = pack.json(name);
            for (path, value) in each_field_changed(&json, |path| is_first_of_its_kind(&json, path)) {
                changed.push((
                    format!("{word} {name} {path}"),
                    without.with_json(name, &value).signed_by(&stranger()).zip(),
                ));
            }
        }
        for name in ["case.json", "case.html", "case.pdf"] {
            let mut other = without.clone();
            other.entry(name).push(b' ');
            assert!(is_refused(&other.signed_by(&stranger()).zip()), "{name} says something else");
        }
    }
    // What waits for a line lies under none: there, the signature alone tells.
    assert!(changed.len() > 200, "{}", changed.len());
    all_are_refused(&changed);
}

/// Of the records and lines, the first of each kind: every one of them is tried with a smaller pack.
fn is_first_of_its_kind(json: &Value, path: &str) -> bool {
    let mut steps = path.split('/').skip(1).filter_map(|step| step.parse::<usize>().ok());
    let Some(at) = steps.next() else { return true };
    let all = json.as_array().or_else(|| json["lines"].as_array()).unwrap();
    let kind =
        |value: &Value| value["subject"].as_str().or_else(|| value["kind"].as_str()).map(str::to_owned);
    all.iter().position(|one| kind(one) == kind(&all[at])) == Some(at)
}

fn swapped_and_cut(pack: &Remade) {
    let mails: Vec<String> =
        pack.names().into_iter().filter(|name| name.starts_with("mails/")).map(str::to_owned).collect();
    let mut swapped = pack.clone();
    let (one, other) = (pack.text(&mails[0]), pack.text(&mails[1]));
    *swapped.entry(&mails[0]) = other.into_bytes();
    *swapped.entry(&mails[1]) = one.into_bytes();
    let mut cut = pack.json("chain.json");
    cut["lines"].as_array_mut().unwrap().pop();
    let mut without_record = pack.json("records.json");
    without_record.as_array_mut().unwrap().remove(1);
    all_are_refused(&[
        ("mails".to_owned(), swapped.signed_by(&ours()).zip()),
        ("tail".to_owned(), pack.with_json("chain.json", &cut).signed_by(&ours()).zip()),
        ("record".to_owned(), pack.with_json("records.json", &without_record).signed_by(&ours()).zip()),
    ]);
}

fn keys_are_told_apart(whole: &[u8], entries: &Remade) {
    let id = |key: &SigningKey| Digest(keys::id(&key.verifying_key()));
    let with = |pack: &[u8], key: &SigningKey| check(Cursor::new(pack), &[id(key)]).unwrap();
    assert_eq!(checked(whole).signed_by, Some(id(&ours())));
    assert!(with(whole, &ours()).is_sound());
    assert!(!with(whole, &stranger()).is_sound());
    // Without the log, and signed by a stranger, a true pack holds and says whose it is.
    let foreign = entries.with_json("proof.json", &Value::Null).signed_by(&stranger()).zip();
    assert!(!with(&foreign, &ours()).is_sound());
    // With a head of ours and a manifest of theirs, not even that.
    assert!(is_refused(&entries.signed_by(&stranger()).zip()));
}

fn the_command_says_the_same(whole: &[u8], entries: &Remade) {
    let folder = tempfile::tempdir().unwrap();
    let run = |pack: &[u8], key: &[&str]| {
        let path = folder.path().join("pack.zip");
        std::fs::write(&path, pack).unwrap();
        let mut command = command::handover(folder.path());
        // Settings that nobody could start with: none are read.
        command.env("HANDOVER__HTTP__PORT", "none").arg("audit").arg("check").arg(&path).args(key);
        let output = command.output().unwrap();
        (output.status.code(), command::text(&output))
    };
    let pem = folder.path().join("key.pem");
    std::fs::write(&pem, keys::pem(&ours().verifying_key())).unwrap();
    let (code, said) = run(whole, &["--key", pem.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("holds: every signature is by a key that was named"), "{said}");
    assert!(said.contains("can't be told: "), "{said}");
    let mut broken = entries.clone();
    broken.entry("chain.json")[300] ^= 1;
    let (code, said) = run(&broken.zip(), &[]);
    assert!(code == Some(1) && said.contains("DOES NOT HOLD"), "{said}");
    let (code, said) = run(b"PK", &[]);
    assert!(code == Some(1) && said.contains("is no pack"), "{said}");
    let (code, said) = run(whole, &["--key", "nonsense"]);
    assert!(code == Some(1) && said.contains("--key"), "{said}");
}

#[actix_web::test]
async fn open_rejected_old_and_erased_cases_hold_and_say_what_they_can_not() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let auditor = desk.staff("otto", Role::Auditor).await;
    let approver = desk.staff("ben", Role::Approver).await;
    let number = desk.confirmed_case(&customer, &form()).await;
    let objection = desk.take_letter(DEPARTED).link("objections");
    desk.take_all_letters();
    let open = pack_of(&auditor, &number, "whole").await;
    holds(&open);

    // Rejected, since somebody objected and was right.
    customer.submit(&objection, &[("note", "Ich arbeite noch hier.")]).await;
    let ruling = [("ruling", "upheld"), ("reason", "Confirmed by phone: still there.")];
    approver.does(&number, "objection", &ruling).await.went_well();
    desk.later(1).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "closed");
    let rejected = pack_of(&auditor, &number, "whole").await;
    holds(&rejected);
    let html = Remade::of(&rejected).text("case.html");
    for said in ["Ich arbeite noch hier.", "Confirmed by phone: still there.", "Closed, Rejected"] {
        assert!(html.contains(said), "{said}: {html}");
    }
    holds(&pack_of(&auditor, &number, "redacted").await);

    // The words of the customer go, with a line that says so: what the lines before rested on is nobody's to tell any more.
    earlier::erase(&desk, &number).await;
    let erased = pack_of(&auditor, &number, "whole").await;
    holds(&erased);
    nothing_that_was_typed_is_in_the_request(&Remade::of(&erased));

    // From before lines rested on anything.
    earlier::make_old(&desk, &number).await;
    let old = pack_of(&auditor, &number, "whole").await;
    let report = holds(&old);
    assert!(
        report.open.iter().any(|what| what.contains("from before its trail rested on anything")),
        "{report:#?}"
    );
    // Its log is another's by now.
    assert!(report.open.iter().any(|what| what.contains("nothing of the case was logged")), "{report:#?}");

    every_field_of_every_record_and_line_counts(&Remade::of(&open));
}

/// As whoever has no key of ours changes it, with what the log says taken out.
fn every_field_of_every_record_and_line_counts(pack: &Remade) {
    let without = pack.with_json("proof.json", &Value::Null);
    let mut changed = Vec::new();
    for name in ["chain.json", "records.json"] {
        for (path, value) in each_field_changed(&pack.json(name), |_| true) {
            changed.push((
                format!("{name} {path}"),
                without.with_json(name, &value).signed_by(&stranger()).zip(),
            ));
        }
    }
    all_are_refused(&changed);
}

fn nothing_that_was_typed_is_in_the_request(pack: &Remade) {
    let records = pack.json("records.json");
    let request =
        records.as_array().unwrap().iter().find(|record| record["subject"] == "escalations").unwrap();
    assert!(!request.to_string().contains("Kessler"), "{request}");
}

#[actix_web::test]
async fn auditors_and_administrators_alone_take_a_case_out_and_each_time_is_noted() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    customer.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let number = desk.newest().await;
    let path = format!("/desk/cases/{number}/pack");
    assert_eq!(customer.fetch(&path).await.status(), 303);
    for (name, role, may) in [
        ("ann", Role::Agent, false),
        ("ben", Role::Approver, false),
        ("otto", Role::Auditor, true),
        ("david", Role::Admin, true),
    ] {
        let staff = desk.staff(name, role).await;
        let page = staff.open(&number).await;
        assert_eq!(page.text.contains(&path), may, "{name}");
        let answer = staff.visitor.fetch(&path).await;
        assert_eq!(answer.status(), if may { 200 } else { 403 }, "{name}");
        if may {
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(header("content-type"), "application/zip");
            assert_eq!(header("content-disposition"), format!("attachment; filename=\"{number}.zip\""));
            assert_eq!(header("cache-control"), "no-store");
            holds(&answer.bytes().await.unwrap());
        }
        assert_eq!(
            staff.visitor.fetch("/desk/cases/HO-2026-09999/pack").await.status(),
            if may { 404 } else { 403 }
        );
    }
    let pool = &desk.owner;
    let noted: i64 = sqlx::query_scalar("select count(*) from case_exports").fetch_one(pool).await.unwrap();
    assert_eq!(noted, 2);
    let denied = sqlx::query("delete from case_exports").execute(pool).await;
    assert!(denied.unwrap_err().to_string().contains("append-only"));
    // After a day, a line of the trail takes the notes, too.
    let later = "update case_digests set since = since - interval '2 days' where seq is null";
    sqlx::query(later).execute(pool).await.unwrap();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let report = holds(&pack_of(&desk.staff("otto", Role::Auditor).await, &number, "whole").await);
    assert!(report.open.iter().any(|what| what.starts_with("1 records changed since")), "{report:#?}");
}

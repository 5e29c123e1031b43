//! Taking a pack out: by programs, by the command line, many at once, and a large one.

use std::time::{Duration, Instant};

use reqwest::Method;

use super::*;

/// By the command line, of 50 MB of files: the program is small while it writes, and what it wrote is checked by its exit code.
#[actix_web::test]
async fn the_command_line_writes_a_large_pack_in_little_memory_and_checks_it() {
    const FILES: usize = 20;
    const BYTES: usize = 2_500_000;
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    for at in 0..FILES {
        // Noise, so that nothing of it can be packed.
        let mut seed = 88_172_645_463_325_252_u64 + at as u64;
        let noise = std::iter::repeat_with(|| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed.to_le_bytes()
        });
        let mut letter = b"%PDF-1.7\n".to_vec();
        letter.extend(noise.take(BYTES / 8).flatten());
        letter.extend(b"\nstartxref\n9\n%%EOF\n");
        let path = format!("/desk/cases/{number}/evidence");
        ann.visitor.uploads(&path, &format!("letter-{at}.pdf"), &letter).await.went_well();
    }
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("pack.zip");
    let begin = |arguments: &[&str]| {
        let mut command = command::handover(folder.path());
        command.args(arguments).env("DATABASE_URL", desk.database.url());
        command.env("HANDOVER__EVIDENCE__KEYS", format!("[\"{EVIDENCE_KEY}\"]"));
        command.env("HANDOVER__LOG__SIGNING_KEYS", format!("[\"{LOG_KEY}\"]"));
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command
    };
    let mut export = begin(&["case", "export", &number, "--output", pack.to_str().unwrap()]).spawn().unwrap();
    let (mut most, begun) = (0, Instant::now());
    let status = format!("/proc/{}/status", export.id());
    while export.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(120), "it does not end");
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or(" 0 kB");
        most = most.max(line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let output = export.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", command::text(&output));
    let bytes = std::fs::read(&pack).unwrap();
    assert!(bytes.len() > FILES * BYTES && most > 0, "{} bytes", bytes.len());
    assert!(most < 64, "{most} MB for a pack of {} MB", bytes.len() / 1_000_000);

    let checked = |what: &str| {
        let output = begin(&["audit", "check", what]).output().unwrap();
        (output.status.code(), command::text(&output))
    };
    let (code, said) = checked(pack.to_str().unwrap());
    assert!(code == Some(0) && !said.contains("DOES NOT HOLD"), "{said}");
    assert!(said.contains(&number) && said.contains("20 messages and files"), "{said}");
    // Once more is no overwriting; of what is not there nothing is left.
    let again = begin(&["case", "export", &number, "--output", pack.to_str().unwrap()]).output().unwrap();
    assert!(!again.status.success() && std::fs::read(&pack).unwrap() == bytes);
    let none = folder.path().join("none.zip");
    let missing = begin(&["case", "export", "HO-2026-09999", "--output", none.to_str().unwrap()]).output();
    assert!(!missing.unwrap().status.success() && !none.exists());
    // One byte of a file, of the directory, of the manifest; and less.
    for at in [bytes.len() / 2, bytes.len() - 30, bytes.len() - 2_000, 40] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        std::fs::write(&none, changed).unwrap();
        let (code, said) = checked(none.to_str().unwrap());
        assert_eq!(code, Some(1), "the byte at {at}: {said}");
    }
    std::fs::write(&none, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(checked(none.to_str().unwrap()).0, Some(1));
    assert_eq!(checked("not/there.zip").0, Some(1));
}

/// The very bytes of the page's, for the same people, with a scope that nothing else needs.
#[actix_web::test]
async fn a_program_takes_a_case_out_with_a_scope_of_its_own() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let path = format!("/api/v1/cases/{number}/pack");
    let david = desk.staff("david", Role::Admin).await;
    desk.script(&david, &["cases:read", "cases:write"]).await.get(&path).await.tells(403, "scope-missing");
    for (name, role, may) in [
        ("ann", Role::Agent, false),
        ("ben", Role::Approver, false),
        ("otto", Role::Auditor, true),
        ("dora", Role::Admin, true),
    ] {
        let staff = desk.staff(name, role).await;
        let script = desk.script(&staff, &["cases:export"]).await;
        let answer = script.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), if may { 200 } else { 403 }, "{name}");
        if may {
            assert_eq!(answer.headers()["content-type"], "application/zip");
            holds(&answer.bytes().await.unwrap());
            // What is misspelt is not everything.
            script.get(&format!("{path}?what=redactd")).await.tells(400, "parameters");
            script.get(&format!("{path}?redacted")).await.tells(400, "parameters");
            script.get("/api/v1/cases/HO-2026-09999/pack").await.tells(404, "error-404");
            let redacted =
                script.request(Method::GET, &format!("{path}?what=redacted")).send().await.unwrap();
            let redacted = redacted.bytes().await.unwrap();
            nothing_that_was_typed_is_in(&Remade::of(&redacted), &["Kessler"]);
            holds(&redacted);
        }
    }
    let service = desk.service(&david, "auditor", &["cases:export"]).await;
    assert_eq!(service.request(Method::GET, &path).send().await.unwrap().status(), 200);
    let noted = "select count(*) from case_exports";
    assert_eq!(sqlx::query_scalar::<_, i64>(noted).fetch_one(&desk.owner).await.unwrap(), 5);
    // Their owners are told of new tokens.
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Somebody asks for pack after pack and takes none: the desk works on, and whoever comes then is told to come again.
#[actix_web::test]
async fn so_many_are_made_at_once_and_no_more() {
    let desk = Desk::start_with("evidence.packs_at_once = 1\n").await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let otto = desk.staff("otto", Role::Auditor).await;
    let packs = desk.casework.cabinet.packs.clone();
    let taken = packs.acquire().await.unwrap();
    let path = format!("/desk/cases/{number}/pack");
    otto.get(&path).await.is(503).says("Please try again in a minute");
    desk.script(&otto, &["cases:export"])
        .await
        .get(&format!("/api/v1{}", &path[5..]))
        .await
        .tells(503, "error-503");
    otto.open(&number).await;
    let noted = "select count(*) from case_exports";
    assert_eq!(
        sqlx::query_scalar::<_, i64>(noted).fetch_one(&desk.owner).await.unwrap(),
        0,
        "nobody got any"
    );
    drop(taken);
    // One after the other; the place comes back with the last piece, or when somebody goes away in the middle.
    for _ in 0..2 {
        holds(&pack_of(&otto, &number, "whole").await);
        let begun = otto.visitor.fetch(&path).await;
        assert_eq!(begun.status(), 200);
        drop(begun);
        drop(tokio::time::timeout(Duration::from_secs(20), packs.acquire()).await.expect("a place").unwrap());
    }
    desk.finish().await;
}

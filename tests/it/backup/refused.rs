//! What is not restored, and what is not touched then: files that are not whole or not ours, and databases that somebody needs.

use sqlx::postgres::PgConnectOptions;

use super::*;

/// The file with these bytes in place of those, which are as many.
fn changed(file: &Path, name: &str, old: &str, new: &str) -> PathBuf {
    assert_eq!(old.len(), new.len());
    let mut bytes = fs::read(file).unwrap();
    let at = bytes.windows(old.len()).rposition(|window| window == old.as_bytes()).unwrap();
    bytes[at..at + old.len()].copy_from_slice(new.as_bytes());
    let path = file.with_file_name(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[actix_web::test]
async fn what_is_not_whole_or_not_ours_touches_nothing() {
    let (place, source, target) = (Place::new(), Database::create().await, empty().await);
    let file = place.backs_up(&source, "backup.tar");
    let tables = "select count(*) from pg_tables where schemaname = 'public'";
    let restore = |file: &Path| place.command(&target, &["restore", file.to_str().unwrap()]);

    let whole = fs::read(&file).unwrap();
    let cut = place.file("cut");
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let mut damaged = whole.clone();
    damaged[9000] ^= 1;
    let flipped = place.file("flipped");
    fs::write(&flipped, damaged).unwrap();
    let none = place.file("none");
    fs::write(&none, "PGDMP").unwrap();
    let forged = changed(&file, "forged", "\"cases\": 0", "\"cases\": 7");
    let schema = handover::migrations::latest().to_string();
    let later = changed(&file, "later", &format!("\"schema\": {schema}"), "\"schema\": 20991201040000");
    for (file, words) in [
        (&cut, "no whole backup: it ends within the dump"),
        (&flipped, "is damaged"),
        (&none, "no whole backup"),
        (&forged, "somebody changed the backup"),
        (&later, "somebody changed the backup"),
        (&place.file("nowhere"), "could not open"),
    ] {
        let refused = restore(file).output().unwrap();
        assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
        says(&refused, &[words]);
        let checked = place.run(&target, &["backup", "--check", file.to_str().unwrap()]);
        assert_eq!(checked.status.code(), Some(1), "{}", text(&checked));
    }
    // Under another key nobody can tell; who says that they know it restores it, and is told what is missing.
    let other = |arguments: &[&str]| {
        let mut command = place.command(&target, arguments);
        command.env("HANDOVER__SECRETS__KEY", "another secret that is long enough to be one");
        command.output().unwrap()
    };
    let path = |file: &Path| file.to_str().unwrap().to_owned();
    let refused = other(&["restore", &path(&file)]);
    says(&refused, &["another secrets.key", "--accept-unproven"]);
    let refused = other(&["restore", "--accept-unproven", &path(&later)]);
    says(&refused, &["does not know", "or a newer one"]);
    assert_eq!(count(&target, tables).await, 0, "something was touched");
    // It says seven cases and holds none: found once it is there, and then nobody is served.
    let lies = other(&["restore", "--accept-unproven", &path(&forged)]);
    assert_eq!(lies.status.code(), Some(1));
    says(&lies, &["0 cases are in it, and the backup says 7"]);
    says(&place.run(&target, &["audit", "verify"]), &["it is not whole"]);
    let accepted = other(&["restore", "--accept-unproven", &path(&file)]);
    assert!(accepted.status.success(), "{}", text(&accepted));
    says(&accepted, &["Missing: secrets.key is another one"]);
}

#[actix_web::test]
async fn a_database_that_somebody_needs_is_replaced_only_when_told_and_unused() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &story::form()).await;
    let place = Place::new();
    let file = place.backs_up(&desk.database, "backup.tar");
    let path = file.to_str().unwrap();
    // Afterwards somebody is erased, as far as the request tells it.
    let mut owner = PgConnection::connect_with(&desk.database.connect_options()).await.unwrap();
    sqlx::raw_sql(
        "set session_replication_role = replica;
         insert into erasure_requests (id, state, asked_at, expires_at, ended_at, salt, address_hash, outcome)
         select '01980000-0000-7000-8000-0000000000e1', 'done', now(), now(), now() + interval '1 hour', salt,
             sha256(salt || convert_to(fold_mailbox(requester_email), 'UTF8')), '{}'
         from escalations, decode(repeat('01', 16), 'hex') as salt limit 1;
         set session_replication_role = origin",
    )
    .execute(&mut owner)
    .await
    .unwrap();

    let refused = place.run(&desk.database, &["restore", path]);
    assert_eq!(refused.status.code(), Some(1));
    says(&refused, &["not empty", "--replace"]);
    let busy = desk.database.connect_options().application_name("handover").connect().await.unwrap();
    let refused = place.run(&desk.database, &["restore", "--replace", path]);
    says(&refused, &["Handover is connected to this database (1 connections): stop it first"]);
    drop(busy);
    assert_eq!(count(&desk.database, "select count(*) from erasure_requests").await, 1);
    // A second one that goes on at the same time.
    sqlx::raw_sql("select pg_advisory_lock(hashtextextended('handover restore', 0))")
        .execute(&mut owner)
        .await
        .unwrap();
    says(
        &place.run(&desk.database, &["restore", "--replace", path]),
        &["another restore into this database goes on"],
    );
    drop(owner);

    // The connections of the test go on, as monitoring does.
    let replaced = loop {
        let replaced = place.run(&desk.database, &["restore", "--replace", path]);
        if !text(&replaced).contains("goes on") && !text(&replaced).contains("is connected") {
            break replaced;
        }
    };
    assert!(replaced.status.success(), "{}", text(&replaced));
    says(&replaced, &["request 01980000-0000-7000-8000-0000000000e1", &format!("they are in {number}")]);
    assert_eq!(count(&desk.database, "select count(*) from erasure_requests").await, 0);
    desk.take_all_letters();
}

/// A key that is not there any more is missed by its name, and one that was exchanged by its mark.
#[actix_web::test]
async fn keys_that_are_missing_are_named() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &story::form()).await;
    desk.staff("ann", Role::Agent).await.reviews_a_letter(&number).await.went_well();
    let (place, target) = (Place::new(), empty().await);
    let file = place.backs_up(&desk.database, "backup.tar");
    for (keys, words) in [
        (
            "[\"other:9DdHBx0B1PTaEFUeIJlvZZkWZ9r8wLnl0d3DYdTuJrk=\"]",
            "no key called \"test\": 1 evidence files",
        ),
        (
            "[\"test:9DdHBx0B1PTaEFUeIJlvZZkWZ9r8wLnl0d3DYdTuJrk=\"]",
            "the key \"test\" in evidence.keys is another one",
        ),
    ] {
        let mut restore = place.command(&target, &["restore", "--replace", file.to_str().unwrap()]);
        restore.env("HANDOVER__EVIDENCE__KEYS", keys);
        restore.env("HANDOVER__LOG__SIGNING_KEYS", "[\"bXMRBAK9nLdlhDEHVHdSyP2XfGBIlCmgxPoSXaWIbxo=\"]");
        let restored = restore.output().unwrap();
        assert!(restored.status.success(), "{}", text(&restored));
        says(&restored, &[words]);
    }
    desk.take_all_letters();
}

#[test]
fn a_password_stands_on_no_command_line_and_in_no_error() {
    let place = Place::new();
    let programs = place.programs("echo \"arguments: $*, $PGPASSWORD\" >&2; exit 1", TRUE_RESTORE);
    let database = tokio::runtime::Runtime::new().unwrap().block_on(Database::create());
    let address: PgConnectOptions = database.connect_options().password("s3cret/of the%owner");
    let mut command = place.command(&database, &["backup", place.file("backup").to_str().unwrap()]);
    command.env("HANDOVER__DATABASE__OWNER_URL", address.to_url_lossy().as_str());
    let failed = command.env("HANDOVER__DATABASE__BIN_DIR", programs).output().unwrap();
    says(&failed, &["pg_dump failed", "arguments: --format=custom", ", …"]);
    assert!(!text(&failed).contains("s3cret"), "{}", text(&failed));
}

//! The document for programs against the program: another one, which reads the document alone, asks everything it can think of.
//! Every answer has to be one that the document tells of, and none may be our fault.

use std::{path::Path, process::Command};

use handover::{case::actor::Role, desk::api::operations};

use crate::helpers::{
    desk::Desk,
    inbound::BELIEVING,
    script::{ALL, Script},
    story::form,
};

/// What `bin/setup` installs below `target`.
fn schemathesis() -> Option<std::path::PathBuf> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/schemathesis/bin/schemathesis");
    program.exists().then_some(program)
}

#[actix_web::test]
async fn every_answer_is_one_that_the_document_tells_of() {
    let program = schemathesis().expect("schemathesis is missing: bin/setup installs it");
    let desk = Desk::start_with(&format!(
        "{BELIEVING}http.api_per_minute = 1000000\nhttp.api_burst = 1000000\nlimits.form_letters_per_mailbox = 100000",
    ))
    .await;
    desk.import_register().await;
    let eve = desk.staff("Eve", Role::Admin).await;
    let script: Script = desk.script(&eve, &ALL).await;
    // Something to read and to decide about for each of them.
    desk.strangers_write(1).await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let folder = tempfile::TempDir::new().unwrap();
    let (address, token, at) = (desk.address.clone(), script.token.clone(), folder.path().to_owned());
    let run = tokio::task::spawn_blocking(move || {
        Command::new(program)
            .current_dir(at)
            .arg("run")
            .arg(format!("{address}/api/v1/openapi.json"))
            .args(["--url", &address, "--header", &format!("Authorization: Bearer {token}")])
            .args(["--phases", "coverage,fuzzing", "--max-examples", "4", "--seed", "1", "--workers", "2"])
            .args(["--suppress-health-check", "all", "--no-color", "--generation-database", "none"])
            .args(["--checks", CHECKS])
            .output()
            .unwrap()
    });
    let output = run.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    // None was left out for want of time.
    let told = operations::all().count();
    assert!(said.contains(&format!("Tested: {told}")), "not all {told} operations were tried\n{said}");
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// All but those that a second account or a deletion would be needed for, and `missing_required_header`, which does not know 428
/// (RFC 6585): `tests/it/api.rs` asks for that.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,negative_data_rejection,unsupported_method,ignored_auth";

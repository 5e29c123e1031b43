//! Whoever has the database, and perhaps the key: what they do shows in `audit verify`, or, where nothing inside can show it, by a
//! head that somebody kept elsewhere.

use std::{fs, process::Output};

use data_encoding::BASE64;
use handover::transparency::{keys, leaves, proofs};
use tempfile::TempDir;

use super::*;
use crate::helpers::command;

/// What an attacker writes to.
const TABLES: [&str; 16] = [
    "administration_chain",
    "administration_events",
    "case_tombstones",
    "cases",
    "case_events",
    "case_numbers",
    "emails",
    "reserved_numbers",
    "log_keys",
    "log_leaves",
    "log_nodes",
    "log_heads",
    "log_stamps",
    "log_end",
    "log_outlets",
    "log_pending",
];

pub(super) async fn keep(pool: &PgPool) {
    for table in TABLES {
        overwrite(pool, &format!("create table kept_{table} as select * from {table}")).await;
    }
}

pub(super) async fn put_back(pool: &PgPool) {
    for table in TABLES {
        // What the database makes itself can't be written.
        let columns: String = sqlx::query_scalar(
            "select string_agg(column_name, ', ') from information_schema.columns
             where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'",
        )
        .bind(table)
        .fetch_one(pool)
        .await
        .unwrap();
        let sql = format!(
            "delete from {table}; insert into {table} ({columns}) overriding system value select {columns} from kept_{table}"
        );
        overwrite(pool, &sql).await;
    }
}

/// A word for each kind of finding, each once.
pub(super) fn kinds(findings: &[Finding]) -> Vec<String> {
    let mut kinds: Vec<String> = findings
        .iter()
        .map(|finding| format!("{finding:?}").split([' ', '(', '{']).next().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

/// The last line of the second case goes, and its row says so.
const CUT: &str = "delete from case_events e using cases c where c.id = e.case_id and c.number = '{two}' and e.seq = c.event_count;
    update cases c set event_count = c.event_count - 1, event_hash = e.hash from case_events e
        where c.number = '{two}' and e.case_id = c.id and e.seq = c.event_count - 1";
/// Every line of the second case gets another hash, chained: as if the trail had been written anew.
const REWRITTEN: &str = "update case_events e set hash = sha256(hash || 'x') from cases c where c.id = e.case_id and c.number = '{two}';
    update cases c set event_hash = e.hash from case_events e where c.number = '{two}' and e.case_id = c.id and e.seq = c.event_count";
const REMOVED: &str = "delete from case_events e using cases c where c.id = e.case_id and c.number = '{two}';
    delete from cases where number = '{two}'";
/// The number of the second case was never more than reserved.
const RESERVED: &str = "insert into reserved_numbers (year, running, request_id)
    select substr('{two}', 4, 4)::integer, substr('{two}', 9)::integer, gen_random_uuid()";
const LOG_GONE: &str =
    "delete from log_stamps; delete from log_heads; delete from log_nodes; delete from log_leaves;
    update log_end set tree_size = 0; delete from log_pending;
    insert into log_pending (kind, subject) select 'case', number from cases;
    insert into log_pending (kind, subject) values ('administration', '-')";

/// Without the key.
#[actix_web::test]
async fn what_is_done_to_the_database_shows() {
    let (desk, [_, two]) = desk_with_cases("").await;
    let pool = &desk.owner;
    note(&desk, &two).await;
    desk.work_until_idle().await;
    keep(pool).await;
    assert_eq!(findings(pool, &[]).await, []);
    let last = head(&desk).await.head.size;
    let lowered = format!("{REMOVED}; update case_numbers set last = last - 1");
    // A leaf as it should be, beside a tree that knows another one.
    let exchanged = "update log_leaves set event_hash = sha256(event_hash),
        leaf_hash = sha256('\\x00'::bytea || convert_to('handover-log-leaf-v1' || chr(10) || kind || chr(10) || subject || chr(10)
            || event_count || chr(10) || encode(sha256(event_hash), 'hex') || chr(10), 'UTF8')) where index = 2";
    let shorter = format!(
        "delete from log_heads where tree_size = {last}; delete from log_leaves where index >= (select max(tree_size) from log_heads)"
    );
    for (what, attack, shown) in [
        ("a case is gone with its trail", REMOVED, &["Gone", "NoCase"][..]),
        ("and the count of numbers lowered", lowered.as_str(), &["Gone"]),
        ("and its number said to be only reserved", &format!("{REMOVED}; {RESERVED}"), &["Gone", "NoCase"]),
        ("a case is said to be only reserved, to be gone later", RESERVED, &["StillReserved"]),
        (
            "a number is reserved before its time",
            "insert into reserved_numbers (year, running, request_id) select year, last + 1, gen_random_uuid() from case_numbers",
            &["NoNumber"],
        ),
        ("a tail is cut, the row adjusted", CUT, &["Chain", "NotLogged"]),
        ("a trail is written anew", REWRITTEN, &["Chain", "NotLogged"]),
        (
            "a leaf is changed",
            "update log_leaves set event_count = event_count + 1 where index = 2",
            &["Chain", "LeafChanged", "Node", "Root"],
        ),
        ("a leaf is exchanged", exchanged, &["Chain", "Node", "Root"]),
        ("a leaf is gone", "delete from log_leaves where index = 1", &["End", "HeadBeyond", "LeafMissing"]),
        (
            "a subtree is another one",
            "update log_nodes set hash = sha256(hash) where level = 1 and position = 0",
            &["Node"],
        ),
        ("subtrees are gone", "delete from log_nodes", &["Node"]),
        ("the last head is gone", &format!("delete from log_heads where tree_size = {last}"), &["End"]),
        ("with the last leaves", &shorter, &["End", "NotLogged"]),
        ("a head says another time", "update log_heads set at = at + interval '1 hour'", &["Signature"]),
        (
            "a head says another root",
            &format!("update log_heads set root_hash = sha256(root_hash) where tree_size = {last}"),
            &["Root", "Signature"],
        ),
        (
            "a case does not wait",
            "update cases set event_count = event_count, number = 'HO-2026-00077' where number = '{two}'; delete from log_pending",
            &["Gone", "NoCase", "NoNumber", "NotLogged"],
        ),
    ] {
        overwrite(pool, &attack.replace("{two}", &two)).await;
        assert_eq!(kinds(&findings(pool, &[]).await), shown, "{what}");
        put_back(pool).await;
        assert_eq!(findings(pool, &[]).await, [], "{what}: put back");
    }
    desk.finish().await;
}

/// Before the log has taken a case, its letter tells of it; without that, its number stays among those that are named.
#[actix_web::test]
async fn a_case_that_is_removed_before_it_was_logged_is_no_number_that_was_only_reserved() {
    let (desk, _) = desk_with_cases("").await;
    let pool = &desk.owner;
    desk.visitor("en").escalates(&form_with(&[("entitlements", "SEN-10000003")])).await.went_well();
    let newest = desk.newest().await;
    // And one after it: it can't be as if no number had been given out.
    desk.visitor("en").escalates(&form_with(&[("entitlements", "SEN-10000004")])).await.went_well();
    keep(pool).await;
    let attack = |more: &str| format!("{REMOVED}; {RESERVED}; {more}").replace("{two}", &newest);
    let waits = format!("delete from log_pending where subject = '{newest}'");
    let letters = "delete from emails e where correlation_id is not null and not exists (select from cases where id = correlation_id)";
    overwrite(pool, &attack("select 1")).await;
    assert_eq!(findings(pool, &[]).await, [Finding::NoCase(newest.clone())], "it waits for the log");
    put_back(pool).await;
    overwrite(pool, &attack(&waits)).await;
    assert_eq!(findings(pool, &[]).await, [Finding::NoCase(newest.clone())], "somebody was written to");
    put_back(pool).await;
    // A crowd of others hides none.
    let crowd = "insert into reserved_numbers (year, running, request_id) select 2025, n, gen_random_uuid() from generate_series(1, 2000) n;
        insert into case_numbers (year, last) values (2025, 2000)";
    overwrite(pool, &attack(&format!("{waits}; {crowd}"))).await;
    assert_eq!(findings(pool, &[]).await, [Finding::NoCase(newest.clone())], "among many");
    assert_eq!(verified(pool, &[]).await.unused.count, 2000);
    put_back(pool).await;
    overwrite(pool, &attack(&format!("{waits}; {letters}"))).await;
    let rest = verified(pool, &[]).await;
    assert_eq!((rest.findings.as_slice(), rest.unused.numbers), (&[][..], vec![newest.clone()]));
    desk.work_until_idle().await;
    assert_eq!(verified(pool, &[]).await.unused.numbers, [newest], "for good");
    put_back(pool).await;
    assert_eq!(findings(pool, &[]).await, []);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// With the key, or with one of their own, an attacker makes a log that holds. What was kept elsewhere does not fit it.
#[actix_web::test]
async fn who_has_the_key_too_is_shown_by_a_head_that_was_kept() {
    let (desk, [one, two]) = desk_with_cases("").await;
    let app = &desk.casework.app;
    let pool = &app.pool;
    let kept = head(&desk).await;
    note(&desk, &two).await;
    desk.work_until_idle().await;
    keep(pool).await;
    let all = head(&desk).await;
    assert_eq!(findings(pool, &[kept.clone(), all.clone()]).await, []);
    let own_key = with_settings(&desk, &format!("log.signing_keys = [{:?}]\n", BASE64.encode(&[6; 32])));
    let lowered = format!("{REMOVED}; update case_numbers set last = last - 1");
    for (what, attack, key, shown) in [
        ("a trail is written anew, and the log", REWRITTEN, app, &["Inconsistent", "Rewritten"][..]),
        ("a case is gone", &lowered, app, &["Inconsistent", "Rewritten"]),
        ("with a key of their own", REWRITTEN, &own_key, &["Foreign"]),
        ("nothing but the log", "select 1", app, &["Inconsistent", "Rewritten"]),
    ] {
        overwrite(pool, &attack.replace("{two}", &two)).await;
        let keys = if std::ptr::eq(key, app) { "" } else { "delete from log_keys;" };
        overwrite(pool, &format!("{LOG_GONE}; {keys} select 1")).await;
        // Until it is as large as what they hide.
        log_all(key).await;
        while head(&desk).await.head.size <= all.head.size {
            note(&desk, &one).await;
            log_all(key).await;
        }
        assert_eq!(findings(pool, &[]).await, [], "{what}: the new log holds");
        assert_eq!(kinds(&findings(pool, &[kept.clone(), all.clone()]).await), shown, "{what}");
        put_back(pool).await;
    }
    // The end is cut off, with all that speaks of it.
    let size = kept.head.size;
    let cut = format!(
        "{CUT}; delete from log_heads where tree_size > {size}; delete from log_leaves where index >= {size};
         delete from log_nodes where ((position + 1) << level) > {size}; update log_end set tree_size = {size}"
    );
    overwrite(pool, &cut.replace("{two}", &two)).await;
    assert_eq!(findings(pool, std::slice::from_ref(&kept)).await, [], "the log is what it was");
    assert_eq!(
        findings(pool, &[kept.clone(), all.clone()]).await,
        [Finding::Shrunk { kept: all.head.size, leaves: size }]
    );
    put_back(pool).await;
    // Another head of the same size, of another time: one of the two was made later.
    let again = heads::Head { at: all.head.at.after(jiff::SignedDuration::from_secs(1)), ..all.head.clone() };
    let other = again.sign(&keys::Keys::find(&app.settings).unwrap().current);
    assert_eq!(findings(pool, &[other]).await, [Finding::HeadGone(all.head.size)]);
    assert_eq!(findings(pool, &[kept, all]).await, []);
    desk.take_all_letters();
}

/// Verifying by the command line, as an auditor does.
#[actix_web::test]
async fn an_auditor_verifies_by_the_command_line() {
    let (desk, [one, two]) = desk_with_cases("").await;
    let pool = &desk.owner;
    let data = TempDir::new().unwrap();
    let run = |arguments: &[&str]| -> Output {
        let mut started = command::handover(data.path());
        started.args(arguments).env("DATABASE_URL", desk.database.url()).output().unwrap()
    };
    let printed = run(&["audit", "head"]);
    let text = command::text(&printed);
    assert_eq!(text, head(&desk).await.text());
    let file = data.path().join("head.txt");
    fs::write(&file, &text).unwrap();
    note(&desk, &two).await;
    desk.work_until_idle().await;
    for kept in [file.to_str().unwrap(), text.as_str()] {
        let verified = run(&["audit", "verify", "--since", kept]);
        let said = command::text(&verified);
        assert!(verified.status.success(), "{said}");
        assert!(said.contains("0 findings") && said.contains("nothing before was changed"), "{said}");
    }
    // A form that failed is named, and holds.
    let failed = "update case_numbers set last = last + 1;
        insert into reserved_numbers (year, running, request_id) select year, last, gen_random_uuid() from case_numbers";
    overwrite(pool, failed).await;
    let verified = run(&["audit", "verify"]);
    let said = command::text(&verified);
    assert!(verified.status.success(), "{said}");
    assert!(said.contains("1 numbers were reserved") && said.contains("HO-2026-00003"), "{said}");
    let proved = run(&["audit", "prove", &one.to_lowercase()]);
    let proof: serde_json::Value = serde_json::from_slice(&proved.stdout).unwrap();
    assert!(proof["leaf"].as_str().unwrap().contains(&one), "{proof}");
    assert_eq!(proof["head"], head(&desk).await.text());
    for nonsense in [
        &["audit", "prove", "HO-2026-99999"][..],
        &["audit", "prove", "x"],
        &["audit", "verify", "--since", "x"],
        &["audit", "verify", "--accept-key", "x"],
    ] {
        assert!(!run(nonsense).status.success(), "{nonsense:?}");
    }
    assert!(run(&["audit", "prove", "administration"]).status.success());
    // Keys are nothing that reading makes.
    assert!(!data.path().join("log-key").exists());

    // A lost key is replaced by a word that stays: in the trail, and in what whoever verifies reads.
    assert!(run(&["audit", "replace-lost-key"]).status.success());
    assert!(command::text(&run(&["audit", "replace-lost-key"])).contains("already"));
    let replaced = "select count(*) from administration_events where kind = 'log_key_replaced'";
    assert_eq!(sqlx::query_scalar::<_, i64>(replaced).fetch_one(pool).await.unwrap(), 1);

    keep(pool).await;
    overwrite(pool, &format!("{REWRITTEN}; {LOG_GONE}").replace("{two}", &two)).await;
    log_all(&desk.casework.app).await;
    let found = run(&["audit", "verify", "--since", file.to_str().unwrap()]);
    let said = command::text(&found);
    assert!(found.status.code() == Some(1) && said.contains("the kept head of size"), "{said}");
    put_back(pool).await;
    desk.finish().await;
}

/// `openssl` verifies what we sign, without us.
#[actix_web::test]
async fn openssl_verifies_a_head() {
    let (desk, [one, _]) = desk_with_cases("").await;
    let mut connection = desk.owner.acquire().await.unwrap();
    let found = proofs::inclusion(&mut connection, leaves::Kind::Case, &one).await.unwrap().unwrap();
    drop(connection);
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    // As docs/OPERATIONS.md has it: the first five lines, and what stands behind "signature".
    let text = found.head.text();
    let (signed, signature) = text.split_once("signature ").unwrap();
    fs::write(at("head"), signed).unwrap();
    fs::write(at("signature"), BASE64.decode(signature.trim().as_bytes()).unwrap()).unwrap();
    fs::write(at("key"), keys::pem(&found.public_key)).unwrap();
    let openssl = || {
        let mut command = std::process::Command::new("openssl");
        command.args([
            "pkeyutl",
            "-verify",
            "-rawin",
            "-pubin",
            "-inkey",
            "key",
            "-in",
            "head",
            "-sigfile",
            "signature",
        ]);
        command.current_dir(folder.path()).output().unwrap()
    };
    assert!(openssl().status.success(), "{}", command::text(&openssl()));
    fs::write(at("head"), signed.replace("size ", "size 1")).unwrap();
    assert!(!openssl().status.success());
    desk.finish().await;
}

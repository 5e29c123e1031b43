//! Backups and what comes back of them: whole, ours, or not at all. The programs underneath lie, die and hang; files are cut, made and
//! changed; somebody works on the database.

mod broken_off;
mod refused;

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use handover::{case::actor::Role, postgres::find_clients};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use tempfile::TempDir;

use crate::helpers::{
    command::{handover, text},
    desk::{Desk, EVIDENCE_KEY, LOG_KEY},
    postgres::Database,
    story,
};

const SECRET: &str = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

/// A folder for backups, and for the programs that make them.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The command as a desk's own, with its keys; as the services and, besides, as the owner.
    fn command(&self, database: &Database, arguments: &[&str]) -> Command {
        let mut command = handover(self.0.path());
        command.args(arguments).env("DATABASE_URL", database.url());
        command.env("HANDOVER__DATABASE__OWNER_URL", database.owner_url());
        command.env("HANDOVER__SECRETS__KEY", SECRET);
        command.env("HANDOVER__EVIDENCE__KEYS", format!("[\"{EVIDENCE_KEY}\"]"));
        command.env("HANDOVER__LOG__SIGNING_KEYS", format!("[\"{LOG_KEY}\"]"));
        command
    }

    fn run(&self, database: &Database, arguments: &[&str]) -> Output {
        self.command(database, arguments).output().unwrap()
    }

    fn backs_up(&self, database: &Database, name: &str) -> PathBuf {
        let file = self.file(name);
        let made = self.run(database, &["backup", file.to_str().unwrap()]);
        assert!(made.status.success(), "{}", text(&made));
        file
    }

    /// Programs that do what `dump` and `restore` say, in a shell; `$real` is the folder of the true ones.
    fn programs(&self, dump: &str, restore: &str) -> PathBuf {
        let folder = self.file("programs");
        fs::create_dir_all(&folder).unwrap();
        let clients = find_clients(None, 15).unwrap();
        for (name, script) in [("pg_dump", dump), ("pg_restore", restore)] {
            let text = format!(
                "#!/bin/sh\nreal={}\ncase \"$*\" in *--version*) exec \"$real/{name}\" --version;; esac\n{script}\n",
                clients.folder.display()
            );
            fs::write(folder.join(name), text).unwrap();
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    /// What lies in the folder and looks like a backup, whole or not.
    fn backups(&self) -> Vec<String> {
        let names = fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.retain(|name| name.contains("backup"));
        names.sort();
        names
    }
}

const TRUE_DUMP: &str = "exec \"$real/pg_dump\" \"$@\"";
const TRUE_RESTORE: &str = "exec \"$real/pg_restore\" \"$@\"";

/// A database that nothing was ever in.
async fn empty() -> Database {
    let database = Database::create().await;
    let mut connection = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    sqlx::raw_sql("drop schema public cascade; create schema public").execute(&mut connection).await.unwrap();
    database
}

async fn count(database: &Database, sql: &'static str) -> i64 {
    let mut connection = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
}

#[track_caller]
fn says(output: &Output, words: &[&str]) {
    let said = text(output);
    for words in words {
        assert!(said.contains(words), "{words:?} is not in: {said}");
    }
}

#[actix_web::test]
async fn what_was_kept_comes_back_whole() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let (number, agent, _) = desk.submitted_case(&visitor).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    let second = desk.confirmed_case(&visitor, &story::form_with(&[("entitlements", "SEN-10000099")])).await;
    agent.reviews_a_letter(&second).await.went_well();
    desk.later(1).await;
    let place = Place::new();

    // As a role that reads all and changes nothing: a nightly timer needs no more. The services read less.
    let file = place.file("backup.tar");
    let mut services = place.command(&desk.database, &["backup", file.to_str().unwrap()]);
    let refused = services.env_remove("HANDOVER__DATABASE__OWNER_URL").output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    says(&refused, &["permission denied"]);
    let reader = "drop role if exists handover_reader; create role handover_reader login; grant pg_read_all_data to handover_reader";
    sqlx::raw_sql(reader).execute(&desk.owner).await.unwrap();
    let reader = desk.database.connect_options().username("handover_reader").to_url_lossy();
    let mut made = place.command(&desk.database, &["backup", file.to_str().unwrap()]);
    let made = made.env("HANDOVER__DATABASE__OWNER_URL", reader.as_str()).output().unwrap();
    sqlx::raw_sql("drop role handover_reader").execute(&desk.owner).await.unwrap();
    assert!(made.status.success(), "{}", text(&made));
    says(&made, &["2 cases as of", "evidence.keys: test (1 files)", "secrets.key"]);
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    assert_eq!(place.backups(), ["backup.tar"]);
    let bytes = fs::read(&file).unwrap();
    for key in [SECRET, EVIDENCE_KEY.split_once(':').unwrap().1, LOG_KEY] {
        assert!(!bytes.windows(key.len()).any(|window| window == key.as_bytes()), "a key is in the backup");
    }
    let again = place.run(&desk.database, &["backup", file.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(1));
    says(&again, &["is there already"]);
    assert_eq!(fs::read(&file).unwrap(), bytes);
    let mut checked = place.command(&desk.database, &["backup", "--check", file.to_str().unwrap()]);
    let checked = checked.env_remove("DATABASE_URL").output().unwrap();
    assert!(checked.status.success(), "{}", text(&checked));
    says(&checked, &["whole. 2 cases", "made under the secrets.key that is configured here"]);

    // What happens after it is not in it.
    let note = [("note", "Written after the backup.")];
    agent.does(&number, "notes", &note).await.went_well();
    desk.later(1).await;
    let head = place.run(&desk.database, &["audit", "head"]);
    let after = place.file("after.txt");
    fs::write(&after, head.stdout).unwrap();
    desk.take_all_letters();

    let restored = empty().await;
    let came = place.run(&restored, &["restore", file.to_str().unwrap()]);
    assert!(came.status.success(), "{}", text(&came));
    says(
        &came,
        &[
            "Restored: 2 cases",
            "2 cases verified, 0 faults",
            "0 findings",
            "services were granted",
            "Whoever was erased after",
        ],
    );
    assert!(!text(&came).contains("Missing"), "{}", text(&came));
    // Twice is not what anybody wants.
    let twice = place.run(&restored, &["restore", file.to_str().unwrap()]);
    says(&twice, &["not empty"]);
    // A head from after it says that the log was set back.
    let since = ["audit", "verify", "--since", after.to_str().unwrap()];
    let set_back = place.run(&restored, &since);
    assert_eq!(set_back.status.code(), Some(1));
    says(&set_back, &["the log was set back"]);
    assert!(place.run(&desk.database, &since).status.success());

    let next = Desk::start_upon(restored).await;
    next.clock.set(desk.now());
    let agent = next.staff("ann", Role::Agent).await;
    let page = agent.open(&number).await;
    assert!(!page.text.contains("Written after the backup."));
    agent.does(&number, "notes", &[("note", "Goes on.")]).await.went_well();
    // Its evidence file opens under the key that was named.
    agent.decides_document(&second, "failed", &[]).await.went_well();
    next.later(1).await;
    let verified = place.run(&next.database, &["audit", "verify"]);
    assert!(verified.status.success(), "{}", text(&verified));
    next.take_all_letters();
    next.finish().await;
    desk.finish().await;
}

fn alive(pid: &Path) -> bool {
    let pid: i32 = fs::read_to_string(pid).unwrap().trim().parse().unwrap();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None).is_ok()
}

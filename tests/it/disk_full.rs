//! The disk of the database is really full: a small one of its own, in memory, that is filled to the last page. Where nobody may
//! mount one, it says so and leaves the matter to `work::a_database_that_takes_no_writes_is_not_ready`, which pretends.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use handover::postgres::{Keeper, Server};
use nix::unistd::geteuid;
use reqwest::{RequestBuilder, StatusCode};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::helpers::{program::Program, story};

const COMPANY: &str = "Kranbau Wendt GmbH";
const UNLIMITED: [(&str, &str); 4] = [
    ("HTTP__FORMS_PER_MINUTE", "1000000"),
    ("HTTP__FORMS_BURST", "1000000"),
    ("LIMITS__FORM_LETTERS_PER_DOMAIN", "1000000"),
    ("LIMITS__FORM_LETTERS_PER_NETWORK", "1000000"),
];

/// A file system in memory with room for a database and little else; gone when dropped.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// Of so many MiB; `None`, with the reason, where this account may not mount.
    pub fn mount(mebibytes: u32) -> Option<Self> {
        if !geteuid().is_root() {
            return left_out("only root may mount a disk to fill");
        }
        let place = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m,mode=0755"), "handover-test"])
            .arg(place.path())
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(place)),
            Ok(output) => left_out(String::from_utf8_lossy(&output.stderr).trim()),
            Err(error) => left_out(&error.to_string()),
        }
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    fn filler(&self) -> PathBuf {
        self.0.path().join("filler")
    }

    /// Until not one byte more is taken.
    fn fill(&self) {
        let mut filler = File::options().append(true).create(true).open(self.filler()).unwrap();
        let mut piece = vec![b'.'; 1 << 20];
        while !piece.is_empty() {
            if filler.write_all(&piece).is_err() {
                piece.truncate(piece.len() / 2);
            }
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }
}

/// Where everybody sees it, also of a test that goes well.
fn left_out(why: &str) -> Option<SmallDisk> {
    let said = format!("the test of a full disk is left out: {why}\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    None
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What still has a file open there keeps it a little longer.
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

fn start(place: &Path) -> (Keeper, PgConnectOptions) {
    let keeper = Keeper::try_new(
        Server::start(place, None).unwrap(),
        &CancellationToken::new(),
        Duration::from_secs(8),
    );
    let keeper = keeper.unwrap();
    let options = keeper.connect_options();
    (keeper, options)
}

fn escalation(program: &Program) -> RequestBuilder {
    let form = story::form_with(&[("company", COMPANY)]);
    program.client.post(program.url("/escalations")).form(&form).header("accept", "text/html")
}

#[actix_web::test]
async fn a_full_disk_loses_nothing_and_everything_goes_on_when_there_is_room_again() {
    let Some(disk) = SmallDisk::mount(160) else { return };
    let (keeper, options) = start(&disk.0.path().join("data"));
    let mut program = Program::serve(options.to_url_lossy().as_str(), &UNLIMITED).await;
    assert_eq!(escalation(&program).send().await.unwrap().status(), StatusCode::SEE_OTHER);
    let mut acknowledged: i64 = 1;

    disk.fill();
    // What the database has room for in files that it has, it may still take; then it takes nothing.
    let returned = loop {
        disk.fill();
        let answer = escalation(&program).send().await.unwrap();
        match answer.status() {
            StatusCode::SEE_OTHER => acknowledged += 1,
            StatusCode::SERVICE_UNAVAILABLE => break answer,
            other => panic!("{other}: {}", answer.text().await.unwrap()),
        }
        assert!(acknowledged < 2000, "the disk is not full");
    };
    assert!(returned.headers().contains_key("retry-after"));
    let text = returned.text().await.unwrap();
    assert!(text.contains(COMPANY) && text.contains(story::REQUESTER), "what was typed is lost: {text}");
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let ready = program.client.get(program.url("/health/ready")).send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    // The log could not grow, and the database may have fallen over it: then it does not answer.
    let why = ready.text().await.unwrap();
    assert!(why.contains("disk of the database is full") || why.contains("does not answer"), "{why}");

    disk.free();
    program.until_ready().await;
    let answer = escalation(&program).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    acknowledged += 1;
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let kept: i64 = sqlx::query_scalar("select count(*) from escalations where company = $1")
        .bind(COMPANY)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!((acknowledged..=acknowledged + 1).contains(&kept), "{kept} of {acknowledged}");
    connection.close().await.unwrap();
    assert!(!program.log().contains("panicked"), "{}", program.log());
    drop(program);
    keeper.stop(Duration::from_secs(8)).unwrap();
}

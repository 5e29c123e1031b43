//! The private PostgreSQL: started, stopped, killed, and found in the state that accidents leave behind; for root,
//! who has to step down, as well as for an ordinary user.

use std::env;
use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use handover::postgres::Server;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid, getpgid};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::helpers::postgres::{Database, memory};

/// The process that runs a server for a test finds its data directory here.
const DATA_DIR: &str = "HANDOVER_TEST_DATA_DIR";

#[tokio::test]
async fn data_outlives_the_server() {
    let place = place();
    let data_dir = place.path().join("made/on/the/way");

    let server = Server::start(&data_dir, None).unwrap();
    write(&server, "kept").await;
    server.stop().unwrap();

    let server = Server::start(&data_dir, None).unwrap();
    assert_eq!(read(&server).await, "kept");
}

#[tokio::test]
async fn the_server_is_durable_private_and_speaks_of_no_data_in_its_log() {
    let place = place();
    let server = Server::start(place.path(), None).unwrap();

    for (setting, value) in [("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on")] {
        assert_eq!(ask(&server, &format!("show {setting}")).await, value, "{setting}");
    }
    assert_eq!(ask(&server, "show listen_addresses").await, "");
    assert_eq!(ask(&server, "select upper('größe') || lower('ÉCOLE')").await, "GRÖßEécole");
    assert_eq!(mode(&place.path().join("postgres")), 0o700);
    assert_eq!(mode(&place.path().join("postgres.log")), 0o600);

    let mut connection = connect(&server).await;
    for sql in ["create table t (a text unique)", "insert into t values ('ada@customer.example')"] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    let again = "insert into t values ('ada@customer.example')";
    sqlx::query(again).execute(&mut connection).await.unwrap_err();
    let log = fs::read_to_string(place.path().join("postgres.log")).unwrap();
    assert!(log.contains("duplicate key"), "{log}");
    assert!(!log.contains("ada@"), "{log}");
}

#[tokio::test]
async fn ctrl_c_at_the_terminal_does_not_reach_the_server_before_the_application() {
    let place = place();
    let _server = Server::start(place.path(), None).unwrap();
    let postgres = postmaster(place.path()).unwrap();
    assert_ne!(getpgid(Some(postgres)), getpgid(None));
}

#[tokio::test]
async fn a_second_application_is_refused_and_the_first_goes_on() {
    let place = place();
    let first = Server::start(place.path(), None).unwrap();

    let refusal = format!("{:#}", Server::start(place.path(), None).unwrap_err());
    assert!(refusal.contains("another Handover is running on the data directory"), "{refusal}");

    write(&first, "still there").await;
    assert_eq!(read(&first).await, "still there");
}

#[tokio::test]
async fn data_may_lie_where_only_its_owner_may_enter() {
    let place = place();
    fs::set_permissions(place.path(), Permissions::from_mode(0o700)).unwrap();
    let data_dir = place.path().join("data");

    let server = Server::start(&data_dir, None).unwrap();
    write(&server, "behind a closed door").await;

    assert_eq!(mode(place.path()), 0o700, "no door was opened for it");
    let owner = fs::metadata(data_dir.join("postgres")).unwrap().uid();
    assert_ne!(owner, 0, "PostgreSQL does not run as root");
    assert_eq!(geteuid().is_root(), owner != geteuid().as_raw());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn paths_may_be_longer_than_that_of_a_socket() {
    let place = place();
    let data_dir = place.path().join("a-long-name-".repeat(8)).join("a-long-name-".repeat(8));

    let server = Server::start(&data_dir, None).unwrap();
    write(&server, "far away").await;
    server.stop().unwrap();
    let server = Server::start(&data_dir, None).unwrap();
    assert_eq!(read(&server).await, "far away");
}

#[tokio::test]
async fn root_and_an_ordinary_user_take_turns_on_one_data_directory() {
    let place = place_for(ordinary_user());
    Application::start(place.path(), ordinary_user()).stop();

    let server = Server::start(place.path(), None).unwrap();
    write(&server, "ours").await;
    server.stop().unwrap();

    Application::start(place.path(), ordinary_user()).stop();
    let server = Server::start(place.path(), None).unwrap();
    assert_eq!(read(&server).await, "ours");
}

#[tokio::test]
async fn the_server_stops_in_order_when_its_application_is_killed() {
    for user in both_users() {
        let place = place_for(user);
        Application::start(place.path(), user).kill();
        // It removes the file last.
        until(|| postmaster(place.path()).is_none());

        let server = Server::start(place.path(), None).unwrap();
        write(&server, "a new life").await;
        let log = fs::read_to_string(place.path().join("postgres.log")).unwrap();
        assert!(!log.contains("not properly shut down"), "{log}");
    }
}

#[tokio::test]
async fn a_killed_application_can_be_started_again_at_once() {
    for user in both_users() {
        let place = place_for(user);
        for _ in 0..3 {
            Application::start(place.path(), user).kill();
        }
        Application::start(place.path(), user).stop();
    }
}

/// Also its watchdog may be killed, as by an operator who clears away whatever belongs to Handover.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_server_that_outlived_its_application_is_ended_by_the_next() {
    for user in both_users() {
        let place = place_for(user);
        let application = Application::start(place.path(), user);
        let postgres = postmaster(place.path()).unwrap();
        for child in application.children().into_iter().filter(|child| *child != postgres) {
            kill(child, Signal::SIGKILL).unwrap();
        }
        application.kill();

        let server = Server::start(place.path(), None).unwrap();
        write(&server, "taken over").await;
        assert_ne!(postmaster(place.path()), Some(postgres));
    }
}

#[tokio::test]
async fn a_killed_server_recovers_what_was_committed() {
    for user in both_users() {
        let place = place_for(user);
        let server = Server::start(place.path(), None).unwrap();
        write(&server, "committed").await;
        server.stop().unwrap();

        let application = Application::start(place.path(), user);
        let postgres = postmaster(place.path()).unwrap();
        kill(postgres, Signal::SIGKILL).unwrap();
        application.kill();

        let server = Server::start(place.path(), None).unwrap();
        assert_eq!(read(&server).await, "committed");
        let log = fs::read_to_string(place.path().join("postgres.log")).unwrap();
        assert!(log.contains("not properly shut down"), "the accident did not happen: {log}");
    }
}

/// Process ids are few in a container: after a restart another process has the one in the file. Or it is still the
/// killed server's, whose parent has not asked for its end.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_process_id_of_a_killed_server_may_be_in_use() {
    for ended in [false, true] {
        let place = place();
        let server = Server::start(place.path(), None).unwrap();
        let pid_file = place.path().join("postgres/postmaster.pid");
        let lines = fs::read_to_string(&pid_file).unwrap();
        let postgres = postmaster(place.path()).unwrap().to_string();
        server.stop().unwrap();

        let owner = fs::metadata(place.path().join("postgres")).unwrap().uid();
        let mut other = Command::new("sleep").arg("1000").uid(owner).current_dir("/").spawn().unwrap();
        if ended {
            other.kill().unwrap();
        }
        fs::write(&pid_file, lines.replacen(&postgres, &other.id().to_string(), 1)).unwrap();
        chown(&pid_file, Some(owner), None).unwrap();

        let started = Server::start(place.path(), None);
        other.kill().unwrap();
        other.wait().unwrap();
        write(&started.unwrap(), "not mistaken").await;
    }
}

#[tokio::test]
async fn an_interrupted_first_start_is_begun_again() {
    let place = place();
    let interrupted = place.path().join("postgres.new-4711");
    fs::create_dir(&interrupted).unwrap();
    fs::write(interrupted.join("PG_VERSION"), "15\n").unwrap();

    let server = Server::start(place.path(), None).unwrap();
    write(&server, "whole").await;
    assert!(!interrupted.exists());
}

#[test]
fn without_postgresql_the_message_says_what_to_install() {
    let place = place();
    let nothing = place.path().join("nothing");
    let refusal = format!("{:#}", Server::start(&place.path().join("data"), Some(&nothing)).unwrap_err());
    assert!(refusal.contains("`apt install postgresql`"), "{refusal}");
    assert!(refusal.contains("`dnf install postgresql-server`"), "{refusal}");
    assert!(refusal.contains("`brew install postgresql@17`"), "{refusal}");
    assert!(!place.path().join("data/postgres").exists());
}

#[test]
fn data_of_another_version_is_refused_untouched() {
    let place = place();
    let version = place.path().join("postgres/PG_VERSION");
    fs::create_dir(place.path().join("postgres")).unwrap();
    fs::write(&version, "99\n").unwrap();

    let refusal = format!("{:#}", Server::start(place.path(), None).unwrap_err());
    assert!(refusal.contains("PostgreSQL 99, which wrote the data, is not on this machine"), "{refusal}");
    assert_eq!(fs::read_to_string(version).unwrap(), "99\n");
}

#[tokio::test]
async fn when_postgresql_ends_at_once_its_log_is_in_the_message() {
    let place = place();
    let refusal =
        format!("{:#}", Server::start_with(place.path(), None, &["no_such_setting=1"]).unwrap_err());
    assert!(refusal.contains("unrecognized configuration parameter \"no_such_setting\""), "{refusal}");
}

#[tokio::test]
async fn tests_get_a_migrated_database_each() {
    let (one, other) = (Database::create().await, Database::create().await);
    let pool = one.pool().await;
    sqlx::query("create table only_here (a int)").execute(&pool).await.unwrap();

    let tables = "select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'";
    let there: String = sqlx::query_scalar(tables).fetch_one(&other.pool().await).await.unwrap();
    assert!(there.contains("_sqlx_migrations"), "{there}");
    assert!(!there.contains("only_here"), "{there}");

    let url = one.url();
    drop(one);
    let refusal = PgConnection::connect(&url).await.unwrap_err().to_string();
    assert!(refusal.contains("does not exist"), "{refusal}");
}

async fn connect(server: &Server) -> PgConnection {
    PgConnection::connect_with(&server.connect_options()).await.unwrap()
}

async fn ask(server: &Server, sql: &str) -> String {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    sqlx::query_scalar(sql).fetch_one(&mut connect(server).await).await.unwrap()
}

async fn write(server: &Server, text: &str) {
    let mut connection = connect(server).await;
    sqlx::query("create table note (text text)").execute(&mut connection).await.unwrap();
    sqlx::query("insert into note values ($1)").bind(text).execute(&mut connection).await.unwrap();
}

async fn read(server: &Server) -> String {
    ask(server, "select text from note").await
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

/// The process id in the file that PostgreSQL keeps while it runs.
fn postmaster(data_dir: &Path) -> Option<Pid> {
    let file = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).ok()?;
    Some(Pid::from_raw(file.lines().next()?.trim().parse().unwrap()))
}

fn until(mut happened: impl FnMut() -> bool) {
    for _ in 0..6000 {
        if happened() {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("it did not happen within a minute");
}

/// Somebody else than root; `None`, for ourselves, unless we are root.
fn ordinary_user() -> Option<u32> {
    geteuid().is_root().then(|| User::from_name("nobody").unwrap().unwrap().uid.as_raw())
}

fn both_users() -> Vec<Option<u32>> {
    if geteuid().is_root() { vec![None, ordinary_user()] } else { vec![None] }
}

/// Where there is room in memory: several of these tests wait for every file of a database to be on the disk.
fn place() -> TempDir {
    TempDir::new_in(memory().map_or_else(env::temp_dir, Path::to_owned)).unwrap()
}

fn place_for(user: Option<u32>) -> TempDir {
    let place = place();
    chown(place.path(), user, None).unwrap();
    place
}

/// A process of its own that runs a private server, as Handover does, until its input ends or it is killed.
struct Application {
    process: Child,
    input: Option<ChildStdin>,
}

impl Application {
    fn start(data_dir: &Path, user: Option<u32>) -> Application {
        let started = data_dir.join("started");
        let _ = fs::remove_file(&started);
        // The user may not be allowed to walk to the program, but can run it when it is open.
        let program = File::open(env::current_exe().unwrap()).unwrap();
        let path = match user {
            Some(_) => PathBuf::from(format!("/proc/self/fd/{}", program.as_raw_fd())),
            None => env::current_exe().unwrap(),
        };
        let mut command = Command::new(path);
        command.args(["--ignored", "--exact", "--nocapture", "postgres::application"]);
        // Somebody's settings for other databases mean nothing here.
        command.env(DATA_DIR, data_dir).env("PGPORT", "1").env("PGDATA", "/nowhere").env("PGHOST", "nowhere");
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null());
        if let Some(user) = user {
            command.uid(user).gid(user);
        }
        let mut process = command.spawn().unwrap();
        until(|| {
            assert_eq!(process.try_wait().unwrap(), None, "the application ended");
            started.exists()
        });
        Application { input: process.stdin.take(), process }
    }

    #[cfg(target_os = "linux")]
    fn children(&self) -> Vec<Pid> {
        let parent = format!("PPid:\t{}\n", self.process.id());
        let is_child = |pid: &i32| {
            fs::read_to_string(format!("/proc/{pid}/status")).is_ok_and(|status| status.contains(&parent))
        };
        let names = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name());
        let pids = names.filter_map(|name| name.to_str()?.parse().ok());
        pids.filter(is_child).map(Pid::from_raw).collect()
    }

    fn stop(mut self) {
        drop(self.input.take());
        assert!(self.process.wait().unwrap().success());
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[tokio::test]
#[ignore = "no test, but the process that tests start and kill"]
#[expect(
    clippy::disallowed_methods,
    reason = "a process that tests start is told its task by its environment"
)]
async fn application() {
    let Some(data_dir) = env::var_os(DATA_DIR).map(PathBuf::from) else { return };
    let server = Server::start(&data_dir, None).unwrap();
    assert_eq!(ask(&server, "select current_database()::text").await, "handover");
    fs::write(data_dir.join("started"), "").unwrap();
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    server.stop().unwrap();
}

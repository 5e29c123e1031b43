//! A migrated database of its own for every test, in a PostgreSQL that all tests of one run share.
//!
//! The server belongs to the run: to `cargo test` or `cargo nextest`, the parent of all its test processes. The
//! first test that asks starts a keeper, which starts the server and migrates its database `handover`, the template
//! of all others. When the run ends, however it ends, the keeper stops the server and removes its files. What a
//! killed keeper left is removed by the keeper of a later run.
//!
//! The program works on it as the role of the services, as it does everywhere; tests that stage rows, or play somebody who got
//! that far, have the owner's connections.
//!
//! Tests share no connections: each has its own runtime.

use std::env;
use std::fs::{self, DirBuilder, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, sleep};
use std::time::Duration;

use handover::migrations::MIGRATIONS;
use handover::postgres::{SERVICE_ROLE, Server};
use handover::privileges;
use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::sys::statvfs::statvfs;
use nix::unistd::{Pid, geteuid};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};
use uuid::Uuid;

/// The keeper finds its folder here.
const KEEPS: &str = "HANDOVER_TEST_KEEPS";
/// Speed for safety, and room for many tests with a pool each.
const SETTINGS: [&str; 5] =
    ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=300"];
const GIBIBYTE: u64 = 1 << 30;
const POLL: Duration = Duration::from_millis(20);

/// Lets a test stage rows that decide something, and change notes, without a line of the trail. Its database then verifies no
/// longer.
pub async fn let_rows_be_staged(pool: &PgPool) {
    let owner = pool.connect_options().as_ref().clone().username("postgres");
    let mut connection = PgConnection::connect_with(&owner).await.unwrap();
    for off in [
        "alter table case_digests disable trigger case_digests_rest_on_a_line",
        "alter table case_notes disable trigger case_notes_never_change",
    ] {
        sqlx::query(off).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// A database with all migrations applied and nothing else in it. Dropping it removes it from the server.
pub struct Database {
    name: String,
    server: PgConnectOptions,
    /// On a server that a test keeps for itself, and ends.
    is_kept: bool,
}

impl Database {
    /// A fresh clone; the first of a run takes some seconds, any other some hundredths of one.
    pub async fn create() -> Database {
        let server = server_of_this_run();
        let name = format!("test_{}", Uuid::new_v4().simple());
        // Copying files beats writing them through the log, most of all on tmpfs. What a database as a whole allows is not copied.
        let create = format!("create database {name} template handover strategy file_copy");
        let close = format!("revoke temporary, create on database {name} from public");
        execute(&server, [create, close]).await;
        Database { name, server, is_kept: false }
    }

    /// One that is in use, so that a process which begins on it invents no demo. The demo's cases are as old as it is made, and by
    /// the clock of a process something of theirs may be due on one day of the week and not on another.
    pub async fn in_use() -> Database {
        let database = Database::create().await;
        let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
        let somebody = "insert into staff (id, email, name, role, password_hash, created_at)
             values (gen_random_uuid(), 'nobody@reseller.example', 'Nobody', 'agent', '$argon2id$nobody', now())";
        sqlx::query(somebody).execute(&mut owner).await.unwrap();
        owner.close().await.unwrap();
        database
    }

    /// That of a private server which the test started itself, with all migrations, for the services. It stays when this is dropped.
    pub async fn on(server: PgConnectOptions) -> Database {
        migrate(&server).await;
        Database { name: server.get_database().unwrap().to_owned(), server, is_kept: true }
    }

    /// As the owner of the tables, a superuser.
    pub fn connect_options(&self) -> PgConnectOptions {
        self.server.clone().database(&self.name)
    }

    /// As the services.
    pub fn service_options(&self) -> PgConnectOptions {
        self.connect_options().username(SERVICE_ROLE)
    }

    /// For processes that tests start, which are services.
    pub fn url(&self) -> String {
        self.service_options().to_url_lossy().into()
    }

    /// For those that migrate, and for attackers.
    pub fn owner_url(&self) -> String {
        self.connect_options().to_url_lossy().into()
    }

    /// The owner's, for the runtime of the calling test.
    pub async fn pool(&self) -> PgPool {
        Self::pool_of(self.connect_options()).await
    }

    /// The services': room for all loops of a worker, which keep a connection each, and a site.
    pub async fn service_pool(&self) -> PgPool {
        Self::pool_of(self.service_options()).await
    }

    /// The owner's for once in a while, without a connection until then.
    pub fn owner(&self) -> PgPool {
        PgPoolOptions::new().max_connections(4).connect_lazy_with(self.connect_options())
    }

    async fn pool_of(options: PgConnectOptions) -> PgPool {
        PgPoolOptions::new().max_connections(12).connect_with(options).await.unwrap()
    }

    /// Grants the services what they need, as `migrate` does: where a test has made the schema anew.
    pub async fn grant(&self) {
        let mut connection = PgConnection::connect_with(&self.connect_options()).await.unwrap();
        privileges::grant(&mut connection, SERVICE_ROLE).await.unwrap();
        connection.close().await.unwrap();
    }

    /// A single connection of the services, for which nobody waits long: whoever holds it and asks for another one fails. It remembers
    /// all statements, so that PostgreSQL can be asked how it plans each.
    pub async fn pool_of_one(&self) -> PgPool {
        let options = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(2));
        options.connect_with(self.service_options().statement_cache_capacity(1000)).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let server = self.server.clone();
        let sql = format!("drop database {} with (force)", self.name);
        // The runtime of the test may be ending, and nothing can be awaited here.
        let dropped = thread::spawn(move || runtime().block_on(execute(&server, [sql]))).join();
        assert!(dropped.is_ok() || thread::panicking(), "the database {} could not be dropped", self.name);
    }
}

async fn execute<const N: usize>(server: &PgConnectOptions, statements: [String; N]) {
    let mut connection = PgConnection::connect_with(&server.clone().database("postgres")).await.unwrap();
    for sql in statements {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn server_of_this_run() -> PgConnectOptions {
    let folder = base().join(format!("{}-{:016x}", runner(), checksum_of_migrations()));
    if let Some(server) = ready(&folder) {
        return server;
    }
    make_private(&folder);
    // One process at a time, so that not every test starts a keeper.
    let queue = File::create(folder.join("queue.lock")).unwrap();
    queue.lock().unwrap();
    let mut keeper: Option<Child> = None;
    loop {
        if let Some(server) = ready(&folder) {
            return server;
        }
        match keeper.as_mut().map(|keeper| keeper.try_wait().unwrap()) {
            None => keeper = Some(spawn_keeper(&folder)),
            Some(None) => sleep(POLL),
            // Another keeper was started by a test that is gone.
            Some(Some(status)) if status.success() => {
                sleep(POLL);
                keeper = None;
            }
            Some(Some(_)) => {
                panic!("no test server: {}", fs::read_to_string(folder.join("keeper.log")).unwrap())
            }
        }
    }
}

/// The process whose end is the end of the run: cargo or nextest, or the shell when a test binary is run by hand.
fn runner() -> u32 {
    match parent_id() {
        0 | 1 => std::process::id(),
        parent => parent,
    }
}

/// The parent of all runs' folders. In memory where there is room, because cloning a database writes some hundred files.
fn base() -> PathBuf {
    let base = match memory() {
        Some(memory) => memory.join(format!("handover-tests-{}", geteuid())),
        None => Path::new(env!("CARGO_TARGET_TMPDIR")).join("postgres"),
    };
    make_private(&base);
    base
}

/// A file system in memory, when there is one with room for databases.
pub fn memory() -> Option<&'static Path> {
    let memory = Path::new("/dev/shm");
    let found = statvfs(memory).ok()?;
    let room = found.blocks_available() as u64 * found.fragment_size() as u64;
    (room >= GIBIBYTE).then_some(memory)
}

fn make_private(folder: &Path) {
    DirBuilder::new().mode(0o700).recursive(true).create(folder).unwrap();
    let owner = fs::symlink_metadata(folder).unwrap().uid();
    assert_eq!(owner, geteuid().as_raw(), "{} belongs to somebody else", folder.display());
}

fn checksum_of_migrations() -> u64 {
    let mut hasher = DefaultHasher::new();
    MIGRATIONS.iter().for_each(|migration| migration.checksum.hash(&mut hasher));
    hasher.finish()
}

/// How to connect, once the keeper has said that the server is whole, and while it runs.
fn ready(folder: &Path) -> Option<PgConnectOptions> {
    let url = fs::read_to_string(folder.join("ready")).ok()?;
    let server: PgConnectOptions = url.parse().unwrap();
    let socket = server.get_socket()?.join(format!(".s.PGSQL.{}", server.get_port()));
    std::os::unix::net::UnixStream::connect(socket).ok()?;
    Some(server)
}

fn spawn_keeper(folder: &Path) -> Child {
    let log = File::create(folder.join("keeper.log")).unwrap();
    Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "helpers::postgres::keeper"])
        .env(KEEPS, folder)
        .env("HANDOVER_TEST_RUNNER", runner().to_string())
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "no test, but the process that keeps the server of a run"]
#[expect(
    clippy::disallowed_methods,
    reason = "a process that tests start is told its task by its environment"
)]
fn keeper() {
    if let Some(folder) = env::var_os(KEEPS) {
        let runner = env::var("HANDOVER_TEST_RUNNER").unwrap().parse().unwrap();
        keep(Path::new(&folder), Pid::from_raw(runner));
    }
}

fn keep(folder: &Path, runner: Pid) {
    let kept = File::create(folder.join("keeper.lock")).unwrap();
    if kept.try_lock().is_err() {
        return;
    }
    sweep(folder.parent().unwrap());
    let _ = fs::remove_file(folder.join("ready"));
    let data_dir = folder.join("data");
    let _ = fs::remove_dir_all(&data_dir);

    let server = Server::start_with(&data_dir, None, &SETTINGS).unwrap();
    runtime().block_on(migrate(&server.connect_options()));
    fs::write(folder.join("ready.new"), server.connect_options().to_url_lossy().as_str()).unwrap();
    fs::rename(folder.join("ready.new"), folder.join("ready")).unwrap();

    while is_alive(runner) {
        sleep(10 * POLL);
    }
    drop(server);
    fs::remove_dir_all(folder).unwrap();
}

async fn migrate(server: &PgConnectOptions) {
    let mut connection = PgConnection::connect_with(server).await.unwrap();
    MIGRATIONS.run(&mut connection).await.unwrap();
    privileges::make_role(&mut connection, SERVICE_ROLE).await.unwrap();
    privileges::grant(&mut connection, SERVICE_ROLE).await.unwrap();
    connection.close().await.unwrap();
}

/// Removes the folders of runs whose keeper was killed.
fn sweep(base: &Path) {
    for entry in fs::read_dir(base).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        let runner = name.split_once('-').and_then(|(runner, _)| runner.parse().ok());
        if runner.is_some_and(|runner| !is_alive(Pid::from_raw(runner))) {
            let keeper = File::open(entry.path().join("keeper.lock"));
            if keeper.is_ok_and(|keeper| keeper.try_lock().is_ok()) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

fn is_alive(process: Pid) -> bool {
    kill(process, None) != Err(Errno::ESRCH)
}

/// Waits until a session of this database waits for a lock.
pub async fn until_somebody_waits_for_a_lock(pool: &PgPool) {
    for _ in 0..3000 {
        let waiting = sqlx::query_scalar!(
            r#"select exists(select from pg_stat_activity where datname = current_database()
                 and wait_event_type = 'Lock') as "waiting!""#
        );
        if waiting.fetch_one(pool).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody waits for a lock");
}

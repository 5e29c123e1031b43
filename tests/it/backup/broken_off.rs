//! Programs that die, lie or hang, disks that fill, and operators who lose patience: no half backup lies about, and no half restore serves.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::*;

fn until(what: &str, mut it: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !it() {
        assert!(Instant::now() < deadline, "still not: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Asks the command to end once its child has left its process id, and says how it ended.
fn interrupted(command: &mut Command, signal: Signal, pid: &Path) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("its child runs", || fs::read_to_string(pid).is_ok_and(|text| text.ends_with('\n')));
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
    let output = child.wait_with_output().unwrap();
    until("its child ends with it", || !alive(pid));
    output
}

#[actix_web::test]
async fn a_dump_that_fails_lies_or_hangs_leaves_no_backup() {
    let (place, database) = (Place::new(), Database::create().await);
    let (file, pid) = (place.file("backup.tar"), place.file("pid"));
    let backup = |dump: &str, restore: &str| {
        let programs = place.programs(dump, restore);
        let mut command = place.command(&database, &["backup", file.to_str().unwrap()]);
        command.env("HANDOVER__DATABASE__BIN_DIR", programs);
        command
    };
    for (dump, words) in [
        (
            "\"$real/pg_dump\" \"$@\" | head -c 20000; echo 'server closed the connection' >&2; exit 1",
            "server closed the connection",
        ),
        ("kill -9 $$", "pg_dump failed (signal: 9 (SIGKILL))"),
        // It says that all is well.
        ("\"$real/pg_dump\" \"$@\" 2> /dev/null | head -c 20000; exit 0", "the dump does not read back"),
        ("exit 0", "the dump does not read back"),
        ("cat /dev/urandom | head -c 100000", "the dump does not read back"),
        // More words than anybody reads.
        ("yes word | head -c 1000000 >&2; exit 3", "word"),
    ] {
        let failed = backup(dump, TRUE_RESTORE).output().unwrap();
        assert_eq!(failed.status.code(), Some(1), "{dump}: {}", text(&failed));
        says(&failed, &[words]);
        assert!(text(&failed).len() < 6000);
        assert_eq!(place.backups(), [""; 0], "{dump}");
    }
    let hangs = format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 600", pid.display());
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let stopped = interrupted(&mut backup(&hangs, TRUE_RESTORE), signal, &pid);
        assert_eq!(stopped.status.code(), Some(1), "{}", text(&stopped));
        says(&stopped, &["stopped: there is no backup"]);
        assert_eq!(place.backups(), [""; 0]);
        fs::remove_file(&pid).unwrap();
    }
    let warns = backup("echo 'warning: something odd' >&2; exec \"$real/pg_dump\" \"$@\"", TRUE_RESTORE)
        .output()
        .unwrap();
    assert!(warns.status.success(), "{}", text(&warns));
    says(&warns, &["PostgreSQL says: warning: something odd"]);
    assert_eq!(place.backups(), ["backup.tar"]);
}

#[actix_web::test]
async fn a_full_disk_is_said_before_it_is_full() {
    let (place, database) = (Place::new(), Database::create().await);
    let backup = |disk: &Path, dump: &str| {
        let programs = place.programs(dump, TRUE_RESTORE);
        let mut command = place.command(&database, &["backup", disk.join("backup.tar").to_str().unwrap()]);
        command.env("HANDOVER__DATABASE__BIN_DIR", programs).output().unwrap()
    };
    for (size, dump, words) in [
        (100, TRUE_DUMP, "MiB free, and a backup of tables of"),
        (220, "cat /dev/zero", "is nearly full: there is no backup"),
    ] {
        let Some(disk) = crate::disk_full::SmallDisk::mount(size) else { return };
        let refused = backup(disk.path(), dump);
        assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
        says(&refused, &[words]);
        assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
    }
}

#[actix_web::test]
async fn a_restore_that_was_broken_off_serves_nobody_until_it_is_done_again() {
    let (place, source, target) = (Place::new(), Database::create().await, empty().await);
    let (file, pid) = (place.backs_up(&source, "backup.tar"), place.file("pid"));
    let restore = |script: &str| {
        let programs = place.programs(TRUE_DUMP, script);
        let mut command = place.command(&target, &["restore", file.to_str().unwrap()]);
        command.env("HANDOVER__DATABASE__BIN_DIR", programs);
        command
    };
    let other = place.file("other.tar");
    let backup = ["backup", other.to_str().unwrap()];
    let serves_nobody = || {
        for arguments in [&["serve"][..], &["work"], &["audit", "verify"], &["migrate"], &["doctor"], &backup]
        {
            let refused = place.run(&target, arguments);
            assert!(matches!(refused.status.code(), Some(3)), "{arguments:?}: {}", text(&refused));
            says(&refused, &["it is not whole: run `handover restore` again"]);
        }
    };
    // What came half is taken back by its transaction; the mark stays.
    let dies = restore("head -c 60000 | \"$real/pg_restore\" \"$@\"").output().unwrap();
    assert_eq!(dies.status.code(), Some(1), "{}", text(&dies));
    says(&dies, &["pg_restore failed", "says so to whoever would serve it"]);
    serves_nobody();
    let tables = "select count(*) from pg_tables where schemaname = 'public'";
    assert_eq!(count(&target, tables).await, 1);
    // All is well, it says, and nothing is there.
    let lies = restore("cat > /dev/null").output().unwrap();
    assert_eq!(lies.status.code(), Some(1), "{}", text(&lies));
    let hangs = format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 600", pid.display());
    let stopped = interrupted(&mut restore(&hangs), Signal::SIGINT, &pid);
    says(&stopped, &["stopped:", "restore again"]);
    serves_nobody();

    let again =
        restore("echo 'warning: something odd' >&2; exec \"$real/pg_restore\" \"$@\"").output().unwrap();
    assert!(again.status.success(), "{}", text(&again));
    says(&again, &["PostgreSQL says: warning: something odd"]);
    assert!(place.run(&target, &["audit", "verify"]).status.success());
}

//! The ground under the program: the database with its clock and our role in it, and the disk of the data directory.

use std::{os::unix::fs::MetadataExt as _, path::Path};

use anyhow::Context as _;
use nix::sys::statvfs::statvfs;
use sqlx::PgConnection;

use super::report::{Grade, Section};
use crate::{
    boot::Database,
    clock::{Clock, Timestamp},
    config::Settings,
    evidence::files,
};

const MEBIBYTE: u128 = 1 << 20;

/// How far the clocks may be apart, in seconds. Deadlines and sessions are judged by ours, some constraints by theirs.
const CLOCK_WARNING: f64 = 2.0;
const CLOCK_FAILURE: f64 = 60.0;

pub(super) async fn look_at_clock(connection: &mut PgConnection, clock: &Clock) -> anyhow::Result<Section> {
    let before = clock.now();
    let theirs = sqlx::query_scalar!(r#"select clock_timestamp() as "now!: Timestamp""#)
        .fetch_one(connection)
        .await
        .context("could not ask the database for the time")?;
    let apart = apart(before, theirs, clock.now());
    let mut section = Section::new("clock", format!("{apart:.1} s from that of the database"));
    if let Some(grade) = judge_clock(apart) {
        section.add(grade, "let both machines follow the same time (NTP)");
    }
    Ok(section)
}

/// Seconds between what they say and the time that the question took.
fn apart(before: Timestamp, theirs: Timestamp, after: Timestamp) -> f64 {
    let early = before.duration_since(*theirs).as_secs_f64();
    let late = theirs.duration_since(*after).as_secs_f64();
    early.max(late).max(0.0)
}

fn judge_clock(apart: f64) -> Option<Grade> {
    match apart {
        far if far > CLOCK_FAILURE => Some(Grade::Failure),
        far if far > CLOCK_WARNING => Some(Grade::Warning),
        _ => None,
    }
}

/// What our role may, and what it lacks.
pub(super) async fn look_at_role(database: &Database, settings: &Settings) -> anyhow::Result<Section> {
    let found = sqlx::query!(
        r#"select current_user::text as "name!",
             (select rolsuper from pg_roles where rolname = current_user) as "is_superuser!",
             coalesce((select bool_or(pg_has_role(current_user, tableowner, 'usage')) from pg_tables
                 where schemaname = current_schema()), false) as "is_owner!",
             array(select tablename::text from pg_tables where schemaname = current_schema()
                 and tablename <> '_sqlx_migrations'
                 and not (has_table_privilege(format('%I.%I', schemaname, tablename), 'select')
                     and has_table_privilege(format('%I.%I', schemaname, tablename), 'insert')
                     and has_table_privilege(format('%I.%I', schemaname, tablename), 'update')
                     and has_table_privilege(format('%I.%I', schemaname, tablename), 'delete'))
                 order by tablename) as "lacking!: Vec<String>""#
    )
    .fetch_one(&database.pool)
    .await
    .context("could not look at the role of the database")?;
    let mut section = Section::new("role", found.name);
    if !settings.is_demo() && found.is_superuser {
        section.add(Grade::Settings, "it is a superuser, which production refuses (docs/OPERATIONS.md)");
    } else if !settings.is_demo() && found.is_owner {
        section.add(
            Grade::Warning,
            "it owns tables and could switch off what keeps the trail: sign in as a role that owns none",
        );
    }
    if !found.lacking.is_empty() {
        let tables = found.lacking.join(", ");
        section.add(
            Grade::Failure,
            format!("it may not read and write {tables}: grant select, insert, update, delete"),
        );
    }
    Ok(section)
}

/// Whether the database has what the search of the desk needs. Without them nothing that is found can be written.
pub(super) async fn look_at_extensions(connection: &mut PgConnection) -> anyhow::Result<Section> {
    let wanted = sqlx::query!(
        r#"select wanted as "name!", exists (select from pg_extension where extname = wanted) as "is_there!",
             exists (select from pg_available_extensions where name = wanted) as "is_available!"
         from unnest(array['pg_trgm', 'unaccent']) wanted"#
    )
    .fetch_all(connection)
    .await
    .context("could not look at the extensions of the database")?;
    let there: Vec<&str> = wanted
        .iter()
        .filter(|extension| extension.is_there)
        .map(|extension| extension.name.as_str())
        .collect();
    let summary = if there.is_empty() { "none that the search needs".to_owned() } else { there.join(", ") };
    let mut section = Section::new("extensions", summary);
    for extension in wanted.iter().filter(|extension| !extension.is_there) {
        let name = &extension.name;
        section.add(
            Grade::Failure,
            if extension.is_available {
                format!(
                    "{name} is missing: `handover migrate` creates it as the owner of the database; else a superuser does: create extension {name}"
                )
            } else {
                format!(
                    "{name} is missing on the server: install PostgreSQL's contrib modules there, then run `handover migrate`"
                )
            },
        );
    }
    Ok(section)
}

/// How much of the room for evidence files is taken.
pub(super) async fn look_at_files(
    connection: &mut PgConnection,
    settings: &Settings,
) -> anyhow::Result<Section> {
    let (kept, most) = (files::count_bytes(connection).await?, settings.evidence.total_bytes);
    let mut section = Section::new("files", format!("{kept} of {most} bytes for evidence files are taken"));
    match judge_files(kept, most) {
        Some(Grade::Failure) => section.add(Grade::Failure, "no more are taken: raise evidence.total_bytes"),
        Some(grade) => section.add(grade, "soon no more are taken: see to evidence.total_bytes and the disk"),
        None => {}
    }
    Ok(section)
}

/// A warning from four fifths on.
fn judge_files(kept: u64, most: u64) -> Option<Grade> {
    if kept >= most {
        Some(Grade::Failure)
    } else {
        (u128::from(kept).saturating_mul(5) >= u128::from(most).saturating_mul(4)).then_some(Grade::Warning)
    }
}

/// Room where the data directory is or would be, and who may read the secrets in it.
pub(super) fn look_at_disk(data_dir: &Path) -> Section {
    let there = data_dir.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let mut section = match statvfs(there) {
        Ok(found) => {
            let free =
                u128::from(found.blocks_available()).saturating_mul(found.fragment_size().into()) / MEBIBYTE;
            let mut section =
                Section::new("disk", format!("{free} MiB are free below {}", data_dir.display()));
            if let Some(grade) = judge_disk(free) {
                section.add(grade, "make room");
            }
            section
        }
        Err(error) => {
            Section::failed("disk", &anyhow::Error::new(error).context("could not look at the disk"))
        }
    };
    for name in ["secret", "evidence-key", "log-key"] {
        let is_open = data_dir.join(name).metadata().is_ok_and(|file| file.mode() & 0o077 != 0);
        if is_open {
            section
                .add(Grade::Warning, format!("others may read {}: chmod 600", data_dir.join(name).display()));
        }
    }
    section
}

fn judge_disk(free: u128) -> Option<Grade> {
    match free {
        0..=127 => Some(Grade::Failure),
        128..=1023 => Some(Grade::Warning),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_compared_with_the_time_that_the_question_took() {
        let at = |second: i64| Timestamp::from(jiff::Timestamp::from_second(1_800_000_000 + second).unwrap());
        assert_eq!(apart(at(0), at(3), at(5)), 0.0);
        assert_eq!(apart(at(0), at(8), at(5)), 3.0);
        assert_eq!(apart(at(0), at(-61), at(5)), 61.0);
        let judged = [1.9, 2.1, 60.0, 60.1].map(judge_clock);
        assert_eq!(judged, [None, Some(Grade::Warning), Some(Grade::Warning), Some(Grade::Failure)]);
    }

    #[test]
    fn room_for_files_is_asked_for_before_there_is_none() {
        let judged = [79, 80, 99, 100, 101].map(|kept| judge_files(kept, 100));
        let (warning, failure) = (Some(Grade::Warning), Some(Grade::Failure));
        assert_eq!(judged, [None, warning, warning, failure, failure]);
    }

    #[test]
    fn a_full_disk_is_a_failure_before_it_is_full() {
        assert_eq!([127, 128, 1024].map(judge_disk), [Some(Grade::Failure), Some(Grade::Warning), None]);
    }
}

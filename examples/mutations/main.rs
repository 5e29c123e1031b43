//! Removes one guard of the rules after the other, in a copy, and writes into `docs/PROOF.md` which test notices and by
//! which path.
//!
//! `cargo run --example mutations [-- DIR]`; DIR holds the copy and what is built of it, `target/mutations` if not given.
//! The copy is the package `rules` alone, so that each removal takes seconds; a guard that only shows with a database
//! is removed in a second copy, of everything, and one test of the rooms is run there. It never touches the sources, and
//! fails where nobody notices a removal.

#![expect(clippy::print_stdout, reason = "whoever waits wants to see how far it is")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail, ensure};
use guards::Guard;

mod guards;

/// What `rules` is made of. `casework` is read as text by a test.
const READ: [&str; 10] = [
    "src",
    "rules",
    // Messages that tests of `message` read.
    "tests/mails",
    "config",
    "docs",
    "locales",
    "migrations",
    "Cargo.lock",
    "clippy.toml",
    "sqlx.toml",
];
/// What everything is built of and tested with.
const WHOLE: [&str; 19] = [
    ".sqlx",
    "src",
    "rules",
    "tests",
    "examples",
    "config",
    "demo",
    "docs",
    "fonts",
    "locales",
    "migrations",
    "static",
    "templates",
    "build.rs",
    "Cargo.lock",
    "Cargo.toml",
    "clippy.toml",
    "sqlx.toml",
    "rustfmt.toml",
];
const BEGIN: &str = "<!-- mutations: begin -->\n";
const END: &str = "<!-- mutations: end -->";

fn main() -> Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let work = env::args().nth(1).map_or_else(|| root.join("target/mutations"), PathBuf::from);
    let copy = Copy { tree: work.join("tree"), target: work.join("build") };
    let guards = guards::read(&fs::read_to_string(root.join("examples/mutations/guards.txt"))?);
    copy.make(&root)?;
    let whole = Copy { tree: work.join("whole"), target: work.join("build-whole") };
    whole.make_whole(&root)?;

    let (sound, output) = copy.test("case::decide::proof")?;
    ensure!(sound, "the proof fails already:\n{output}");
    let sizes: Vec<&str> = output.lines().filter(|line| line.starts_with("lens ")).collect();
    let mut text = format!("```\n{}\n```\n\n", sizes.join("\n"));
    text.push_str("| the guard demands | where | its removal is noticed by | how |\n|---|---|---|---|\n");
    let mut unnoticed = Vec::new();
    for guard in &guards {
        let source = fs::read_to_string(root.join(&guard.file))?;
        let noticed = match &guard.room {
            None => copy.without(guard, &source)?,
            Some(room) => whole.without_in(room, guard, &source)?,
        };
        let (by, how) = noticed.unwrap_or_else(|| {
            unnoticed.push(guard.demands.as_str());
            ("**nothing**".to_owned(), String::new())
        });
        println!("{} — {by}", guard.demands);
        let (file, line) = (&guard.file, guard.line(&source));
        text.push_str(&format!("| {} | `{file}:{line}` | {by} | {how} |\n", guard.demands));
        write_down(&root.join("docs/PROOF.md"), &text)?;
    }
    if !unnoticed.is_empty() {
        bail!("nobody notices the removal of: {}", unnoticed.join("; "));
    }
    Ok(())
}

/// Puts `text` between the marks of the document.
fn write_down(document: &Path, text: &str) -> Result<()> {
    let before = fs::read_to_string(document)?;
    let (head, rest) =
        before.split_once(BEGIN).context("docs/PROOF.md has no mark where the table begins")?;
    let (_, tail) = rest.split_once(END).context("docs/PROOF.md has no mark where the table ends")?;
    fs::write(document, format!("{head}{BEGIN}{text}{END}{tail}"))?;
    Ok(())
}

struct Copy {
    tree: PathBuf,
    target: PathBuf,
}

impl Copy {
    fn make(&self, root: &Path) -> Result<()> {
        if self.tree.exists() {
            fs::remove_dir_all(&self.tree)?;
        }
        for name in READ {
            copy_all(&root.join(name), &self.tree.join(name))
                .with_context(|| format!("could not copy {name}"))?;
        }
        let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
        let (_, shared) =
            manifest.split_once("[workspace.lints.rust]").context("Cargo.toml shares no lints")?;
        let workspace = "[workspace]\nmembers = [\"rules\"]\nresolver = \"3\"\n\n[workspace.lints.rust]";
        fs::write(self.tree.join("Cargo.toml"), format!("{workspace}{shared}"))?;
        Ok(())
    }

    fn make_whole(&self, root: &Path) -> Result<()> {
        if self.tree.exists() {
            fs::remove_dir_all(&self.tree)?;
        }
        for name in WHOLE {
            copy_all(&root.join(name), &self.tree.join(name))
                .with_context(|| format!("could not copy {name}"))?;
        }
        Ok(())
    }

    /// As [`Copy::without`], for a guard that one test of the rooms is to notice.
    fn without_in(&self, room: &str, guard: &Guard, source: &str) -> Result<Option<(String, String)>> {
        ensure!(guard.times(source) == 1, "{}: does not stand once in {}", guard.demands, guard.file);
        let file = self.tree.join(&guard.file);
        fs::write(&file, source.replace(&guard.stands, &guard.instead))?;
        let done = Command::new("cargo")
            .args(["test", "--offline", "--test", "it", "--target-dir"])
            .arg(&self.target)
            .args(["--", "--exact", room])
            .env("SQLX_OFFLINE", "true")
            .env("RUST_BACKTRACE", "0")
            .current_dir(&self.tree)
            .output()
            .context("could not run cargo")?;
        fs::write(&file, source)?;
        let output = String::from_utf8_lossy(&done.stdout);
        // One that does not compile shows nothing.
        let failed = output.contains(&format!("test {room} ... FAILED"));
        Ok(failed.then(|| (format!("`it {room}`"), "with a database".to_owned())))
    }

    /// Which test notices that the guard is gone, and how; `None` where none does.
    fn without(&self, guard: &Guard, source: &str) -> Result<Option<(String, String)>> {
        ensure!(guard.times(source) == 1, "{}: does not stand once in {}", guard.demands, guard.file);
        let file = self.tree.join(&guard.file);
        fs::write(&file, source.replace(&guard.stands, &guard.instead))?;
        let mut noticed = None;
        for tests in ["case::decide::proof", "case::"] {
            let (sound, output) = self.test(tests)?;
            if !sound {
                noticed = Some(notice(&output).with_context(|| format!("{}:\n{output}", guard.demands))?);
                break;
            }
        }
        fs::write(&file, source)?;
        Ok(noticed)
    }

    /// Whether these tests pass, and what they say.
    fn test(&self, tests: &str) -> Result<(bool, String)> {
        let done = Command::new("cargo")
            .args(["test", "--offline", "--package", "handover-rules", "--target-dir"])
            .arg(&self.target)
            .args([tests, "--", "--nocapture"])
            // A snapshot that differs is a failure, and nothing to be written down.
            .env("INSTA_UPDATE", "no")
            .env("RUST_BACKTRACE", "0")
            .current_dir(&self.tree)
            .output()
            .context("could not run cargo")?;
        let output =
            String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        Ok((done.status.success(), output))
    }
}

/// The failed tests, and the shortest of the paths or, where there is none, what the first one says.
fn notice(output: &str) -> Option<(String, String)> {
    let failed = |line: &str| {
        line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED")).map(str::to_owned)
    };
    let mut tests: Vec<String> = output.lines().filter_map(failed).collect();
    if tests.is_empty() {
        // With what they print, a failed test's name stands at the end alone.
        let (_, list) = output.rsplit_once("failures:\n")?;
        tests =
            list.lines().take_while(|line| line.starts_with("    ")).map(|l| l.trim().to_owned()).collect();
    }
    tests.sort();
    let names: Vec<String> =
        tests.iter().map(|test| format!("`{}`", test.trim_start_matches("case::"))).collect();
    let paths = output.split("\nlens \"").skip(1).filter_map(|part| {
        let (name, rest) = part.split_once("\": ")?;
        let mut lines = rest.lines();
        let wrong = lines.next()?.strip_suffix(':')?;
        let steps: Vec<&str> = lines.take_while(|line| line.starts_with("  ")).map(str::trim).collect();
        Some((steps.len(), format!("{wrong}: {} *({})*", steps.join(" → "), name.split(':').next()?)))
    });
    let shortest = paths.min_by_key(|path| path.0).map(|path| path.1);
    (!names.is_empty()).then(|| (names.join(", "), shortest.unwrap_or_else(|| first_words(output))))
}

/// What the first failed assertion says, in one line.
fn first_words(output: &str) -> String {
    let words =
        output.split("panicked at ").nth(1).and_then(|rest| rest.split_once(":\n")).map(|parts| parts.1);
    let line = words.and_then(|words| words.lines().next()).unwrap_or_default().replace('|', "/");
    line.chars().take(120).collect()
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if from.is_symlink() {
        std::os::unix::fs::symlink(fs::read_link(from)?, to)?;
    } else if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy_all(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(from, to)?;
    }
    Ok(())
}

//! What is shipped for Prometheus and Grafana (`packaging/monitoring`), held against the figures of a program that runs, against
//! Prometheus's own tool and against the manual. Needs the Debian package prometheus.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use handover::case::actor::Role;
use reqwest::Client;
use serde_json::Value;

use crate::helpers::{desk::Desk, inbound::Mail, story::form};

const TOKEN: &str = "a token of thirty-two characters";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/monitoring")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

fn manual() -> String {
    let whole = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/OPERATIONS.md")).unwrap();
    let (_, chapter) = whole.split_once("\n## Monitoring\n").unwrap();
    chapter.split_once("\n## ").unwrap().0.to_owned()
}

fn promtool(arguments: &[&str]) {
    let output = Command::new("/usr/bin/promtool").args(arguments).current_dir(folder()).output();
    let output = output.unwrap_or_else(|_| panic!("promtool is missing: run bin/setup"));
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
    assert!(output.status.success(), "{arguments:?}: {said}");
}

/// The names of figures in a text.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
    words.filter(|word| word.starts_with("handover_")).map(str::to_owned).collect()
}

#[test]
fn prometheus_takes_what_is_shipped_and_each_alert_fires_when_it_should() {
    promtool(&["check", "config", "prometheus.yml"]);
    promtool(&["check", "rules", "handover.rules.yml"]);
    promtool(&["test", "rules", "handover.rules.test.yml"]);
}

#[test]
fn each_alert_says_what_is_wrong_is_tested_and_has_its_section_in_the_manual() {
    let (rules, tests, manual) = (read("handover.rules.yml"), read("handover.rules.test.yml"), manual());
    let alerts: Vec<(&str, &str)> =
        rules.split("- alert: ").skip(1).map(|alert| alert.split_once('\n').unwrap()).collect();
    assert!(alerts.len() > 20);
    let mut headings: BTreeSet<&str> = manual.lines().filter_map(|line| line.strip_prefix("#### ")).collect();
    for (name, alert) in &alerts {
        let value = |key: &str| {
            let line = alert.lines().find_map(|line| line.trim().strip_prefix(key));
            line.map(|line| line.trim_matches([' ', '"']).to_owned()).unwrap_or_default()
        };
        assert!(value("summary:").len() > 10 && value("description:").len() > 20, "{name}");
        assert!(["critical", "warning", "info"].contains(&value("severity:").as_str()), "{name}");
        // Once where all is well, and once where it fires.
        assert_eq!(tests.matches(&format!("alertname: {name}\n")).count(), 2, "{name}");
        assert!(tests.contains(&format!("alertname: {name}\n        exp_alerts:\n")), "{name}");
        assert!(headings.remove(name), "{name} has no section in the manual");
        let section = manual.split_once(&format!("#### {name}\n")).unwrap().1;
        let section = section.split("\n#").next().unwrap();
        assert!(section.split_whitespace().count() > 15, "{name}: {section}");
    }
    assert_eq!(headings, BTreeSet::new(), "sections about no alert");
}

/// A desk that has done a bit of everything, so that each figure is there.
async fn busy_desk(folder: &Path) -> Desk {
    let head = folder.join("heads");
    let desk = Desk::start_with(&format!(
        "metrics.token = {TOKEN:?}\nmail.imap.host = \"imap.reseller.example\"\nlog.file = {head:?}"
    ))
    .await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.staff("ann", Role::Agent).await;
    desk.receives(
        &Mail::authentic("someone@else.example", "handover@reseller.example").saying("Hello").raw(),
    )
    .await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk
}

async fn figures(desk: &Desk) -> String {
    let asked = Client::new().get(format!("{}/metrics", desk.address));
    let answer = asked.header("authorization", format!("Bearer {TOKEN}")).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    answer.text().await.unwrap()
}

#[actix_web::test]
async fn rules_and_dashboard_ask_for_figures_that_are_there_and_the_manual_names_all() {
    let data = tempfile::tempdir().unwrap();
    let desk = busy_desk(data.path()).await;
    // A histogram of requests is there after the first, so the second time.
    figures(&desk).await;
    let text = figures(&desk).await;
    let mut told: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("# ") else { continue };
        let mut words = rest.split(' ');
        let (kind, name) = (words.next().unwrap(), words.next().unwrap());
        assert!(words.next().is_some(), "{line}");
        let seen = told.entry(name.to_owned()).or_default();
        let seen = &mut seen[usize::from(kind == "TYPE")];
        assert!(!*seen, "{name} is told twice");
        *seen = true;
    }
    let mut samples = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        let whole = ["_bucket", "_sum", "_count"].into_iter().find_map(|end| name.strip_suffix(end));
        let whole = whole.filter(|whole| told.contains_key(*whole)).unwrap_or(name);
        assert_eq!(told.get(whole), Some(&[true, true]), "{name} has no HELP and TYPE");
        samples.insert(name.to_owned());
    }
    let mut linted = Command::new("/usr/bin/promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("promtool is missing: run bin/setup");
    linted.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let linted = linted.wait_with_output().unwrap();
    let said = String::from_utf8([linted.stdout, linted.stderr].concat()).unwrap();
    assert!(linted.status.success(), "{said}\n{text}");

    let dashboard: Value = serde_json::from_str(&read("handover.dashboard.json")).unwrap();
    let mut asked = Vec::new();
    list_expressions(&dashboard, &mut asked);
    assert!(asked.len() > 40);
    for (what, text) in [
        ("rules", read("handover.rules.yml")),
        ("tests", read("handover.rules.test.yml")),
        ("dashboard", asked.join("\n")),
    ] {
        for name in names(&text) {
            assert!(samples.contains(&name), "the {what} ask for {name}");
        }
    }
    let manual = manual();
    let documented: BTreeSet<String> = manual
        .lines()
        .filter_map(|line| line.strip_prefix("| `handover_"))
        .map(|line| format!("handover_{}", line.split('`').next().unwrap()))
        .collect();
    assert_eq!(documented, told.into_keys().collect(), "the table of the manual");
    desk.finish().await;
}

fn list_expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str() {
                    Some(text) if key == "expr" => found.push(text.to_owned()),
                    _ => list_expressions(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| list_expressions(value, found)),
        _ => {}
    }
}

/// What Prometheus itself makes of each question of the dashboard: as rules, they are read by its own tool.
#[test]
fn each_question_of_the_dashboard_can_be_asked() {
    let dashboard: Value = serde_json::from_str(&read("handover.dashboard.json")).unwrap();
    let mut asked = Vec::new();
    list_expressions(&dashboard, &mut asked);
    let mut rules = "groups:\n  - name: dashboard\n    rules:\n".to_owned();
    for (at, question) in asked.iter().enumerate() {
        rules += &format!("      - record: question:{at}\n        expr: {question:?}\n");
    }
    let file = tempfile::Builder::new().suffix(".yml").tempfile().unwrap();
    fs::write(file.path(), rules).unwrap();
    promtool(&["check", "rules", file.path().to_str().unwrap()]);
    let mut ids = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(ids.insert(panel["id"].as_u64().unwrap()) && !panel["title"].as_str().unwrap().is_empty());
    }
}

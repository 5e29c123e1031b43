//! What the program is built from, held against `deny.toml`: licences, sources, bans. Advisories need the internet; how they
//! are asked for stands in docs/SECURITY.md.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use serde_json::Value;

/// `deny.toml`, as far as it is enforced here.
fn rules() -> Value {
    Figment::from(Toml::file_exact(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")))
        .extract()
        .unwrap()
}

fn texts<'v>(value: &'v Value, key: &str) -> BTreeSet<&'v str> {
    let named = |one: &'v Value| one.as_str().or_else(|| one[key].as_str()).unwrap();
    value.as_array().unwrap().iter().map(named).collect()
}

/// The crates of the tree, with all that their manifests say. One that is for another system only is not among them.
fn crates(target: &str) -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version=1", "--filter-platform", target])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether an SPDX expression can be met with licences that are allowed. Older crates write `/` for `OR`.
fn is_allowed(expression: &str, allowed: &BTreeSet<&str>, used: &mut BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let found = either(&mut words, allowed, used);
    assert_eq!(words.next(), None, "not understood: {expression}");
    found
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn either(words: &mut Words<'_>, allowed: &BTreeSet<&str>, used: &mut BTreeSet<String>) -> bool {
    let mut found = both(words, allowed, used);
    while words.next_if_eq(&"OR").is_some() {
        found |= both(words, allowed, used);
    }
    found
}

fn both(words: &mut Words<'_>, allowed: &BTreeSet<&str>, used: &mut BTreeSet<String>) -> bool {
    let mut found = one(words, allowed, used);
    while words.next_if_eq(&"AND").is_some() {
        found &= one(words, allowed, used);
    }
    found
}

fn one(words: &mut Words<'_>, allowed: &BTreeSet<&str>, used: &mut BTreeSet<String>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let found = either(words, allowed, used);
        assert_eq!(words.next(), Some(")"));
        return found;
    }
    let mut licence = words.next().expect("a licence").to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        licence = format!("{licence} WITH {}", words.next().expect("an exception"));
    }
    let found = allowed.contains(licence.as_str());
    if found {
        used.insert(licence);
    }
    found
}

#[test]
fn expressions_of_licences_are_read() {
    let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT/GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("(GPL-2.0-only OR MIT) AND ISC", true),
        ("GPL-2.0-only OR MIT AND Zlib", false),
        ("Apache-2.0", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true),
    ] {
        assert_eq!(is_allowed(expression, &allowed, &mut BTreeSet::new()), expected, "{expression}");
    }
}

#[test]
fn every_crate_is_of_an_allowed_licence_and_none_is_banned() {
    let rules = rules();
    let allowed = texts(&rules["licenses"]["allow"], "");
    let banned = texts(&rules["bans"]["deny"], "crate");
    assert!(rules["bans"]["deny"].as_array().unwrap().iter().all(|ban| ban["reason"].is_string()));
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for target in texts(&rules["graph"]["targets"], "") {
        for package in crates(target) {
            let (name, licence) =
                (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default());
            if licence.is_empty() || !is_allowed(licence, &allowed, &mut used) {
                wrong.push(format!("{name}: {licence:?} is not allowed"));
            }
            if banned.contains(name) {
                wrong.push(format!("{name} is banned"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let needless: Vec<&&str> = allowed.iter().filter(|licence| !used.contains(**licence)).collect();
    assert!(needless.is_empty(), "deny.toml allows what no crate is under: {needless:?}");
}

/// Cargo compares the checksum with what it gets. A source or checksum that is missing is a folder or a repository.
#[test]
fn every_crate_comes_from_the_one_registry_with_its_checksum() {
    let rules = rules();
    for key in ["unknown-registry", "unknown-git"] {
        assert_eq!(rules["sources"][key], "deny", "{key}");
    }
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let mut sources = BTreeSet::new();
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
            line.map(|text| text.trim_matches('"').to_owned())
        };
        let name = value("name").unwrap();
        if [env!("CARGO_PKG_NAME"), "handover-rules"].contains(&name.as_str()) {
            continue;
        }
        assert_eq!(value("checksum").map(|sum| sum.len()), Some(64), "{name} has no checksum");
        sources.insert(value("source").unwrap_or_else(|| panic!("{name} comes from a folder")));
    }
    let sources: Vec<String> = sources.into_iter().collect();
    assert!(
        matches!(sources.as_slice(), [one] if one.starts_with("registry+") && one.ends_with("/crates.io-index")),
        "{sources:?}"
    );
}

/// `*` would take whatever comes next.
#[test]
fn every_dependency_says_its_version() {
    assert_eq!(rules()["bans"]["wildcards"], "deny");
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let manifest: Value = Figment::from(Toml::string(&manifest)).extract().unwrap();
    for group in ["dependencies", "dev-dependencies"] {
        for (name, dependency) in manifest[group].as_object().unwrap() {
            let version = dependency.as_str().or_else(|| dependency["version"].as_str()).unwrap_or("*");
            assert!(!version.contains('*'), "{name} = {version:?}");
        }
    }
}

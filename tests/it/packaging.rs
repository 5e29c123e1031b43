//! What stands beside the program and would otherwise rot: the example settings, the composition, the manual.

use figment::{
    Figment, Provider,
    providers::{Format as _, Toml},
    value::{Dict, Value},
};
use handover::config::{DEFAULT, Settings};

fn read(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Each key of `config/default.toml`, with its section; the top has the section "".
fn keys() -> Vec<(String, String)> {
    let defaults = Figment::from(Toml::string(DEFAULT)).data().unwrap().into_values().next().unwrap();
    let mut found = Vec::new();
    collect_keys("", &defaults, &mut found);
    found
}

fn collect_keys(section: &str, dict: &Dict, found: &mut Vec<(String, String)>) {
    for (key, value) in dict {
        match value {
            Value::Dict(_, inner) => collect_keys(format!("{section}.{key}").trim_matches('.'), inner, found),
            _ => found.push((section.to_owned(), key.clone())),
        }
    }
}

#[test]
fn production_refuses_the_example_until_it_is_filled_in() {
    let settings = Settings::with(&read("config/production.example.toml")).unwrap();
    assert!(!settings.is_demo());
    insta::assert_snapshot!(settings.production_problems().join("\n"), @r#"
    secrets.key needs at least 32 characters (openssl rand -base64 32)
    database.url is not set: production needs its own PostgreSQL
    http.public_url needs a host of your own
    evidence.keys is not set: files of customers must be encrypted (or set evidence.uploads = false)
    http.privacy_url is not set: people must be able to read how their data is handled (privacy_url = "https://www.your-company…/privacy")
    http.imprint_url is not set: people must be able to see who runs this (imprint_url = "https://www.your-company…/imprint")
    mail.from_address is still the example
    a recipient in [atlassian] is still an example
    atlassian.partner_id is still the example
    "#);
}

#[test]
fn the_manual_explains_every_key_under_its_section_and_no_other() {
    let manual = read("docs/OPERATIONS.md");
    let (_, chapter) = manual.split_once("\n## Configuration\n").unwrap();
    let (chapter, _) = chapter.split_once("\n## ").unwrap();
    let mut explained = Vec::new();
    let mut section = String::new();
    for line in chapter.lines() {
        if let Some(rest) = line.strip_prefix("**`[") {
            section = rest.split_once("]`").unwrap().0.to_owned();
        }
        let Some(cell) = line.strip_prefix("| `").and_then(|row| row.split(" | ").next()) else { continue };
        let names = cell.split(", ").map(|name| (section.clone(), name.trim_matches(['`', ' ']).to_owned()));
        explained.extend(names);
    }
    let mut expected = keys();
    expected.sort();
    explained.sort();
    assert_eq!(explained, expected);
}

#[test]
fn the_composition_sets_keys_that_exist() {
    let mut overrides = String::new();
    for line in read("docker-compose.yml").lines() {
        let Some((name, value)) =
            line.trim().strip_prefix("HANDOVER__").and_then(|rest| rest.split_once(": "))
        else {
            continue;
        };
        let key = name.to_lowercase().replace("__", ".");
        let number = value.trim_matches('"');
        let value = if number.parse::<u16>().is_ok() { number.to_owned() } else { format!("{value:?}") };
        overrides += &format!("{key} = {value}\n");
    }
    let settings = Settings::with(&overrides).unwrap();
    assert!(overrides.contains("mode = \"demo\""), "the image alone is in production mode");
    assert!(settings.is_demo(), "it is for trying out");
    assert_eq!((settings.mail.smtp.host.as_str(), settings.mail.smtp.port), ("mailpit", 1025));
}

#[test]
fn the_image_is_in_production_mode_and_refuses_to_start_without_settings() {
    let dockerfile = read("Dockerfile");
    let image = dockerfile.rsplit_once("\nFROM ").unwrap().1;
    let mode = image.split_whitespace().find_map(|word| word.strip_prefix("HANDOVER__MODE="));
    let settings = Settings::with(&format!("mode = {:?}", mode.unwrap())).unwrap();
    assert!(!settings.is_demo() && !settings.production_problems().is_empty());
}

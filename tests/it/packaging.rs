//! What stands beside the program and would otherwise rot: the composition, the image, the units and files of the package, the manual.

use std::{collections::BTreeSet, process::Command};

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

/// It has no shell, so nothing may need one; and of libraries only those that are put there.
#[test]
fn the_image_has_all_that_the_program_loads_and_starts_it_without_a_shell() {
    let dockerfile = read("Dockerfile");
    let (build, image) = dockerfile.rsplit_once("\nFROM ").unwrap();
    assert!(
        image.starts_with("gcr.io/distroless/base-nossl-debian12\n"),
        "what has a shell, or no C library?"
    );
    assert!(!image.contains("\nRUN "), "no shell runs it");
    let healthcheck = image.lines().find(|line| line.starts_with("HEALTHCHECK ")).unwrap();
    let commands = ["HEALTHCHECK", "ENTRYPOINT"].map(|word| {
        let line = image.lines().find(|line| line.starts_with(word)).unwrap();
        let (_, list) = line.split_once('[').unwrap();
        serde_json::from_str::<Vec<String>>(&format!("[{list}")).unwrap()
    });
    assert_eq!(commands[1], ["/usr/local/bin/handover"]);
    assert_eq!(commands[0], ["/usr/local/bin/handover", "health"], "{healthcheck}");
    assert!(build.contains("/image/usr/local/bin/ \\\n"));

    let loaded = Command::new("ldd").arg(env!("CARGO_BIN_EXE_handover")).output().unwrap();
    let loaded = String::from_utf8(loaded.stdout).unwrap();
    let names: BTreeSet<&str> = loaded
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(|name| name.rsplit('/').next().unwrap())
        .filter(|name| !name.starts_with("linux-vdso") && !name.starts_with("ld-linux"))
        .collect();
    // The C library's own are in the base.
    for name in names {
        let is_there = ["libc.so.6", "libm.so.6"].contains(&name) || build.contains(name);
        assert!(is_there, "{name} is not in the image");
    }
}

const SERVICES: [&str; 6] =
    ["handover", "handover-serve", "handover-work", "handover-audit", "handover-doctor", "handover-migrate"];

fn unit(name: &str) -> String {
    read(&format!("packaging/systemd/{name}.service"))
}

fn values<'u>(unit: &'u str, key: &str) -> Vec<&'u str> {
    unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
}

/// systemd's own measure, from 0 to 10; units without anything have 9.6.
#[test]
fn no_service_of_the_package_is_more_exposed_than_it_must_be() {
    let folder = tempfile::tempdir().unwrap();
    let mut blocks = BTreeSet::new();
    for name in SERVICES {
        let file = folder.path().join(format!("{name}.service"));
        let text = unit(name);
        std::fs::write(&file, &text).unwrap();
        // A figure above the threshold, times ten, ends it with 1.
        let judged = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--no-pager", "--threshold=20"])
            .arg(&file)
            .output()
            .expect("systemd-analyze is missing: run bin/setup");
        let said = String::from_utf8_lossy(&judged.stdout).into_owned();
        assert!(judged.status.success(), "{name}: {said}");
        let figure = said.rsplit_once(&format!("{name}.service: ")).unwrap().1;
        let figure: f64 = figure.split_whitespace().next().unwrap().parse().unwrap();
        assert!(figure <= 2.0, "{name}: {figure}");
        let (_, block) = text.split_once("\nUMask=").unwrap();
        blocks.insert(block.split("\n\n").next().unwrap().trim().to_owned());
    }
    assert_eq!(blocks.len(), 1, "the same in every unit");
}

#[test]
fn services_come_back_for_ever_and_no_other_gets_the_owners_address() {
    for name in SERVICES {
        let text = unit(name);
        let command = values(&text, "ExecStart");
        assert_eq!(values(&text, "ConditionPathExists"), ["/etc/handover/handover.toml"]);
        assert!(values(&text, "Environment").contains(&"HANDOVER__MODE=production"), "{name}");
        assert!(values(&text, "LoadCredential").contains(&"credentials:/etc/handover/credentials"), "{name}");
        let owner = name == "handover-migrate";
        assert_eq!(text.contains("owner-database-url"), owner, "{name}");
        assert_eq!(values(&text, "DynamicUser") == ["yes"], owner, "{name}");
        assert_eq!(values(&text, "User") == ["handover"], !owner, "{name}");
        let runs = ["serve", "work"].iter().any(|word| command[0].split_whitespace().nth(1) == Some(word));
        if runs {
            let restart = ["Restart", "StartLimitIntervalSec", "RestartPreventExitStatus"];
            assert_eq!(restart.map(|key| values(&text, key).concat()), ["always", "0", "2 3"], "{name}");
        } else {
            assert_eq!(values(&text, "Type"), ["oneshot"], "{name}");
        }
        // It is a command that there is.
        let words: Vec<&str> = command[0].split_whitespace().skip(1).collect();
        let help = Command::new(env!("CARGO_BIN_EXE_handover")).args(&words).arg("--help").output().unwrap();
        assert!(help.status.success(), "{name}: {words:?}");
    }
    for name in ["handover-audit", "handover-doctor"] {
        let timer = read(&format!("packaging/systemd/{name}.timer"));
        assert_eq!(values(&timer, "Persistent"), ["yes"]);
        assert_eq!(values(&timer, "WantedBy"), ["timers.target"]);
    }
}

/// Made from the command line as it is, and read by those for whom they are.
#[test]
fn man_pages_and_completions_are_made_of_the_commands_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let made =
        Command::new(env!("CARGO_BIN_EXE_handover")).arg("manual").arg(folder.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let page = |name: &str| std::fs::read_to_string(folder.path().join("man").join(name)).unwrap();
    for (name, says) in [
        ("handover.1", "handover\\-doctor(1)"),
        ("handover-config-show.1", "Of a secret only whether it is set"),
        ("handover-staff-invite.1", "\\-\\-role"),
        ("handover-register-import.1", "\\-\\-dry\\-run"),
    ] {
        assert!(page(name).contains(says), "{name}: {}", page(name));
    }
    assert!(!page("handover.1").contains("handover\\-manual"), "it is hidden");
    let completions = folder.path().join("completions");
    for (name, says) in [
        ("handover.bash", "handover__subcmd__staff__subcmd__invite"),
        ("_handover", "#compdef handover"),
        ("handover.fish", "complete -c handover"),
    ] {
        let text = std::fs::read_to_string(completions.join(name)).unwrap();
        assert!(text.contains(says), "{name}");
    }
    let bash = Command::new("bash").arg("-n").arg(completions.join("handover.bash")).output().unwrap();
    assert!(bash.status.success(), "{}", String::from_utf8_lossy(&bash.stderr));
}

/// Whatever the package takes is there, or made by bin/package; and its settings are the example.
#[test]
fn the_package_takes_files_that_there_are() {
    let manifest: Value =
        Figment::from(Toml::string(&read("Cargo.toml"))).extract_inner("package.metadata.deb").unwrap();
    let package = manifest.as_dict().unwrap();
    let assets = package["assets"].as_array().unwrap();
    let files: Vec<(&str, &str)> = assets
        .iter()
        .map(|asset| {
            let asset = asset.as_array().unwrap();
            (asset[0].as_str().unwrap(), asset[1].as_str().unwrap())
        })
        .collect();
    assert!(files.contains(&("config/production.example.toml", "etc/handover/handover.toml")));
    for (from, _) in files.into_iter().filter(|(from, _)| !from.starts_with("target/")) {
        let folder = from.rsplit_once('/').unwrap().0;
        let there = std::fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let pattern = from.rsplit_once('/').unwrap().1.trim_start_matches('*');
        let found = there.flatten().any(|entry| entry.file_name().to_string_lossy().ends_with(pattern));
        assert!(found, "{from}");
    }
    assert_eq!(package["conf-files"].as_array().unwrap()[0].as_str(), Some("/etc/handover/handover.toml"));
    // What its scripts are for the shell.
    for script in [
        "packaging/debian/postinst",
        "packaging/debian/prerm",
        "packaging/debian/postrm",
        "packaging/try",
        "bin/package",
        "bin/cluster",
    ] {
        let read = Command::new("bash")
            .arg("-n")
            .arg(script)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(read.status.success(), "{script}: {}", String::from_utf8_lossy(&read.stderr));
    }
}

//! The house rules, held against the sources: floors, owners, roles, messages, documents.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use handover::{
    case::{actor::Role, refusal::Refusal},
    lang::{Arguments, Language},
    routes::{self, Who},
};
use strum::VariantArray as _;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` with this ending, with their text.
pub fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), ending, &mut found);
    found.sort();
    let name = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    found.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// A source file without its tests: each item under `#[cfg(test)]` goes, what stands below it stays. Sources are formatted, so
/// an item ends with its `;` or with a line of the same indentation that starts with `}`.
pub fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let closing = format!("{indent}}}");
        for line in lines.by_ref() {
            let single = line.ends_with(';') && !line.starts_with(&format!("{indent} "));
            if single || line.starts_with(&closing) {
                break;
            }
        }
    }
    kept
}

#[test]
fn what_stands_below_a_test_module_is_seen() {
    let text = "use a;\n#[cfg(test)]\nmod tests;\nuse crate::desk;\n#[cfg(test)]\nmod more {\n    use crate::cli;\n    fn f() {}\n}\nfn below() {}\n";
    assert_eq!(without_tests(text), "use a;\nuse crate::desk;\nfn below() {}\n");
}

/// Sources that are not tests themselves.
fn sources() -> Vec<(String, String)> {
    let is_test = |name: &str| name.ends_with("/tests.rs") || name.contains("/tests/");
    files("src", ".rs").into_iter().filter(|(name, _)| !is_test(name)).collect()
}

/// The module right below `src` that a file belongs to.
fn module(name: &str) -> String {
    let rest = name.strip_prefix("src/").unwrap();
    rest.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
}

/// From the ground up. Within the spine, `casework` stands on `case` and `mail`, which do not know each other.
const FLOORS: [(&str, &[&str]); 6] = [
    (
        "ground",
        &[
            "announcements",
            "listening",
            "app",
            "brand",
            "business_time",
            "calls",
            "characters",
            "clock",
            "config",
            "dns",
            "kept",
            "lang",
            "message",
            "meters",
            "migrations",
            "panics",
            "postgres",
            "privileges",
            "public_mail",
            "pulse",
            "sealing",
            "shared_domains",
            "stop",
            "telemetry",
            "token",
            "typeface",
            "version",
            "view",
            "web",
        ],
    ),
    ("rules, files, post office and log", &["case", "evidence", "mail", "transparency", "webhooks"]),
    ("door", &["administration", "casework"]),
    ("people and packs", &["pack", "staff"]),
    ("rooms", &["intake", "verification", "desk", "correspondence", "register", "yearly", "metrics"]),
    ("attic", &["backup", "boot", "cli", "demo", "routes", "serve", "site", "work"]),
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|(_, modules)| modules.contains(&module))
}

/// The modules of the crate that a source names.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let flat = without_tests(text).split_whitespace().collect::<Vec<_>>().join(" ");
    for (start, _) in flat.match_indices("crate::") {
        if flat[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &flat[start + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            found.extend(top_names(group));
        } else {
            found.insert(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned());
        }
    }
    found
}

/// The first names of each part of a use group, up to its closing brace.
fn top_names(group: &str) -> Vec<String> {
    let (mut depth, mut name, mut names, mut taken) = (0, String::new(), Vec::new(), false);
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(std::mem::take(&mut name));
                taken = false;
            }
            ':' if depth == 0 => taken = true,
            c if depth == 0 && !taken && (c.is_alphanumeric() || c == '_') => name.push(c),
            _ => {}
        }
    }
    names.push(name);
    names.into_iter().filter(|name| !name.is_empty()).collect()
}

#[test]
fn imports_go_down_and_rooms_do_not_know_each_other() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let own = module(&name);
        // The roots: of the library, the program, and the rules by themselves.
        if ["lib", "main", "rules"].contains(&own.as_str()) {
            continue;
        }
        let from = floor(&own)
            .unwrap_or_else(|| panic!("{name} is on no floor: say in tests/it/house.rs where it belongs"));
        for import in imports(&text) {
            let Some(to) = floor(&import) else { continue };
            let sideways_in_attic_or_ground = from == to && (from == 0 || from == FLOORS.len() - 1);
            if import != own && to >= from && !sideways_in_attic_or_ground {
                wrong.push(format!("{name} ({}) imports {import} ({})", FLOORS[from].0, FLOORS[to].0));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Who may write which table.
const OWNERS: [(&str, &[&str]); 16] = [
    ("migrations", &["schema_promise"]),
    ("pack", &["case_exports"]),
    (
        "administration",
        &[
            "administration_events",
            "administration_chain",
            "text_blocks",
            "text_block_versions",
            "erasure_requests",
            "erasure_consents",
            "retention_runs",
        ],
    ),
    (
        "casework",
        &[
            "case_numbers",
            "reserved_numbers",
            "form_letters",
            "cases",
            "escalations",
            "case_entitlements",
            "case_notes",
            "checks",
            "links",
            "confirmations",
            "prepared_requests",
            "returned_links",
            "prepared_letters",
            "form_answers",
            "drafts",
            "corrections",
            "address_corrections",
            "letter_texts",
            "approvals",
            "case_events",
            "case_erasures",
            "case_tombstones",
            // By triggers; the lines of the trail take them.
            "case_digests",
            "case_waits",
            "contact_changes",
            "upkeep",
            "staff_notices",
            // By triggers alone.
            "case_search",
        ],
    ),
    (
        "mail",
        &[
            "emails",
            "deliveries",
            "inbound_emails",
            "mailboxes",
            "unfetched_messages",
            "bounces",
            "inbound_downloads",
        ],
    ),
    ("intake", &["guide_answers"]),
    ("demo", &["invented_data", "demo_time"]),
    (
        "staff",
        &[
            "staff",
            "sessions",
            "staff_invitations",
            "password_resets",
            "sign_in_limits",
            "staff_tokens",
            "token_requests",
            "identities",
            "provider_sign_ins",
            "provider_sessions",
            "used_logout_tokens",
            "totp_devices",
            "passkeys",
            "passkey_ceremonies",
            "recovery_codes",
            "pending_sign_ins",
            "second_factor_tries",
        ],
    ),
    ("desk", &["staff_notice_settings", "saved_views", "case_watchers"]),
    (
        "register",
        &[
            "customers",
            "customer_domains",
            "entitlements",
            "contacts",
            "register_imports",
            "import_reports",
            "import_customers",
            "contact_change_verdicts",
            // By triggers alone.
            "customer_search",
        ],
    ),
    ("verification", &["challenges", "mail_servers", "watched_domains", "domain_changes"]),
    (
        "yearly",
        &[
            "contact_questions",
            "contact_question_entitlements",
            "contact_question_pace",
            "unsubscribed_mailboxes",
        ],
    ),
    ("evidence", &["evidence_files", "evidence_downloads"]),
    ("web", &["probes"]),
    ("webhooks", &["webhook_endpoints", "webhook_deliveries"]),
    (
        "transparency",
        &[
            "log_keys",
            "log_leaves",
            "log_nodes",
            "log_heads",
            "log_stamps",
            "log_end",
            "log_outlets",
            // By triggers, and taken out by the step.
            "log_pending",
        ],
    ),
];

#[test]
fn every_table_has_one_writer() {
    let owner =
        |table: &str| OWNERS.iter().find(|(_, tables)| tables.contains(&table)).map(|(owner, _)| *owner);
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let flat = without_tests(&text).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        for verb in ["insert into ", "delete from ", "update "] {
            for (start, _) in flat.match_indices(verb) {
                let rest = &flat[start + verb.len()..];
                let table: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let after = &rest[table.len()..];
                let is_statement = verb != "update " || after.starts_with(" set ") || after.contains(" set ");
                if let (Some(owner), true) = (owner(&table), is_statement)
                    && owner != module(&name)
                {
                    wrong.push(format!("{name} writes {table}, which is {owner}'s"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (name, sql) in files("migrations", ".sql") {
        for line in sql.lines().filter_map(|line| line.strip_prefix("create table ")) {
            let table: String = line.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            assert!(
                owner(&table).is_some(),
                "{table} in {name} has no owner: say in tests/it/house.rs whose it is"
            );
        }
        assert!(sql.starts_with("-- "), "{name} begins with why it is there");
    }
}

/// An approval that took the draft's own word for the facts would approve whatever it says.
#[test]
fn one_function_alone_approves_and_reads_the_facts_for_it() {
    let approvers: Vec<String> = sources()
        .into_iter()
        .filter(|(name, text)| {
            without_tests(text).contains("Action::Approve {") && !name.starts_with("src/case/")
        })
        .map(|(name, text)| {
            let text = without_tests(&text);
            let acts = ["act_in(", "act_loaded(", ".act("].iter().any(|call| text.contains(call));
            format!("{name} {}", if acts { "acts" } else { "asks" })
        })
        .collect();
    assert_eq!(
        approvers,
        [
            "src/casework/facts.rs acts",
            "src/desk/approval/mod.rs asks",
            "src/desk/case_page/approvals.rs asks"
        ]
    );
}

#[test]
fn one_function_alone_reaches_atlassian() {
    let callers: Vec<String> = sources()
        .into_iter()
        .filter(|(name, text)| {
            without_tests(text).contains("enqueue_approved(") && !name.starts_with("src/mail/")
        })
        .map(|(name, text)| format!("{name} × {}", without_tests(&text).matches("enqueue_approved(").count()))
        .collect();
    assert_eq!(callers, ["src/casework/submission.rs × 1"]);
}

/// That every desk route has a role is tested beside the table.
#[test]
fn auditors_change_nothing() {
    // What they are told by mail is theirs, and so is their own account, with tokens that do no more than they do.
    let allowed = [
        "/desk/sign-out",
        "/desk/sign-out-everywhere",
        "/desk/notifications",
        "/api/v1/notifications",
        "/desk/account/password",
        "/desk/account/language",
        "/desk/account/sessions/ending",
        "/desk/account/sessions/{id}/ending",
        "/desk/account/tokens",
        "/desk/account/tokens/{id}/end",
    ];
    for entry in routes::table() {
        let changes = entry.method != actix_web::http::Method::GET;
        let open = matches!(entry.who, Who::Staff(Role::Auditor) | Who::Token(_, Role::Auditor));
        // How they sign in is theirs, too.
        let own = allowed.contains(&entry.path) || entry.path.starts_with("/desk/account/second-factors");
        let wrong = changes && open && !own;
        assert!(!wrong, "an auditor changes nothing, but may {} {}", entry.method, entry.path);
    }
}

/// The message keys of a language, with the file each stands in.
fn keys(language: &str) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    for (name, text) in files(&format!("locales/{language}"), ".ftl") {
        for line in text.lines() {
            let key: String =
                line.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
            if key.starts_with(|c: char| c.is_ascii_lowercase())
                && line[key.len()..].trim_start().starts_with('=')
            {
                let before = keys.insert(key.clone(), name.clone());
                assert!(before.is_none(), "{key} stands in {} and in {name}", before.unwrap());
            }
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_messages() {
    let (german, english) = (keys("de"), keys("en"));
    let only = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<String> {
        one.keys().filter(|key| !other.contains_key(*key)).cloned().collect()
    };
    assert_eq!(only(&german, &english), [""; 0], "only in German");
    assert_eq!(only(&english, &german), [""; 0], "only in English");
}

/// Keys that are put together from a stored word: these beginnings are looked up in code.
fn begins_with_a_family(key: &str, families: &BTreeSet<&str>) -> bool {
    let ends = key.match_indices('-').map(|(at, dash)| at + dash.len());
    ends.into_iter().any(|end| families.contains(&key[..end]))
}

/// What keys begin with that are put together: what stands behind a quotation mark and is followed by a value or the end.
fn families(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('"').skip(1);
    quoted
        .filter_map(|piece| {
            let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
            let (name, rest) = piece.split_at(end.unwrap_or(piece.len()));
            (name.ends_with('-') && (rest.is_empty() || rest.starts_with('{'))).then_some(name)
        })
        .collect()
}

#[test]
fn no_message_is_unused_and_none_is_missing() {
    let mut text = String::new();
    for (_, source) in sources().into_iter().chain(files("templates", "")).chain(files("static", ".js")) {
        text.push_str(&source);
    }
    let keys = keys("en");
    let words: BTreeSet<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').collect();
    let families = families(&text);
    let unused: Vec<&String> = keys
        .keys()
        .filter(|key| !words.contains(key.as_str()) && !begins_with_a_family(key, &families))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:#?}");

    let mut missing = BTreeSet::new();
    for (name, template) in files("templates", "") {
        for (start, _) in template.match_indices("t(key=\"") {
            let key: String = template[start + 7..].chars().take_while(|c| *c != '"').collect();
            let is_whole = !template[start + 7 + key.len() + 1..].trim_start().starts_with('~');
            if is_whole && !keys.contains_key(&key) {
                missing.insert(format!("{key} in {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// In the diagram of every state, actor and action, or by a test that names it.
#[test]
fn every_refusal_is_given_by_a_test_and_explained() {
    let mut tests = String::new();
    for (name, text) in
        files("src", ".rs").into_iter().chain(files("tests", ".rs")).chain(files("src", ".snap"))
    {
        let is_test = name.starts_with("tests/") || name.ends_with("tests.rs") || name.ends_with(".snap");
        tests.push_str(if is_test { &text } else { text.split("#[cfg(test)]").nth(1).unwrap_or_default() });
    }
    for refusal in Refusal::VARIANTS {
        let named = format!("Refusal::{refusal:?}");
        assert!(
            tests.contains(&refusal.key()) || tests.contains(&named),
            "no test is refused with {refusal:?}"
        );
        for language in Language::ALL {
            assert!(language.find_text(&refusal.key(), &Arguments::new()).is_some(), "{}", refusal.key());
        }
    }
}

#[test]
fn sources_hold_no_german() {
    // Comments may name a German law or city.
    let is_german = |line: &str| {
        let code = line.split("//").next().unwrap();
        code.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü', 'ß'])
    };
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let text = without_tests(&text);
        let lines = text.lines().enumerate();
        wrong.extend(
            lines.filter(|(_, line)| is_german(line)).map(|(at, line)| format!("{name}:{}: {line}", at + 1)),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_says_what_it_is() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name} does not begin with what it is");
    }
}

/// `bin/explore` runs the tests below `properties`, and no others.
#[test]
fn every_property_is_explored() {
    for (name, text) in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        let properties = text.matches("proptest! {\n").count();
        assert_eq!(properties, text.matches("mod properties {\n").count(), "{name}");
    }
}

#[test]
fn the_architecture_document_is_true() {
    let document = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    for (_, modules) in FLOORS {
        for module in modules {
            let there = root().join(format!("src/{module}.rs")).exists()
                || root().join(format!("src/{module}")).exists();
            assert!(
                !there || document.contains(&format!("`{module}`")),
                "docs/ARCHITECTURE.md does not tell of `{module}`"
            );
        }
    }
    let is_path = |word: &str| {
        ["src/", "tests/", "migrations/", "templates/", "locales/", "config/", "static/", "docs/", "demo/"]
            .iter()
            .any(|folder| word.starts_with(folder))
    };
    for quoted in document.split('`').skip(1).step_by(2) {
        let path = quoted.split(|c: char| c == ':' || c == '#' || c.is_whitespace()).next().unwrap();
        if is_path(path) && !path.contains(['*', '<', '{']) {
            assert!(root().join(path).exists(), "docs/ARCHITECTURE.md names {path}, which is not there");
        }
    }
}

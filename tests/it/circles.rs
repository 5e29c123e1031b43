//! No file of the sources needs another that needs it: whoever reads one can read what it stands on first, and stop there.
//!
//! Held file by file, over the whole crate. What a file takes from the head of a folder that it stands in does not count:
//! `src/cli/audit.rs` may use a word of `src/cli/mod.rs`. A name that is handed on (`pub use`) counts as that of the
//! file that it comes from.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::{files, without_tests};

/// `a::b` as its names.
type Names = Vec<String>;

#[derive(Debug, Default)]
struct File {
    uses: Vec<Use>,
    /// Paths of at least two names in its code.
    paths: Vec<Names>,
}

/// One name that a `use` brings.
#[derive(Debug, PartialEq, Eq)]
struct Use {
    is_public: bool,
    name: String,
    path: Names,
}

#[test]
fn no_file_needs_one_that_needs_it() {
    let sources: Vec<(String, String)> =
        files("src", ".rs").into_iter().map(|(name, text)| (name.replacen("src/", "", 1), text)).collect();
    let found = circles(&sources);
    assert!(
        found.is_empty(),
        "break these by moving what both sides need into a file below them: {found:#?}"
    );
}

#[test]
fn a_made_up_circle_is_found() {
    let source = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let sources = [
        source("lib.rs", "pub mod room;"),
        source(
            "room/mod.rs",
            "mod a;\nmod b;\nmod c;\nmod d;\npub use a::{A, One as Other};\npub struct Head;",
        ),
        source("room/a.rs", "use super::b::{self, inner};\n/// crate::room::c::C\npub struct A(b::B);"),
        source(
            "room/b.rs",
            "#[cfg(test)]\nmod tests {\n    use super::super::d::D;\n}\nuse super::Head;\nfn f() { crate::room::c::g(); }",
        ),
        source(
            "room/c.rs",
            "const TEXT: &str = \"crate::room::d::D\";\npub fn g(_: char) -> super::Other { super::Other('\"') }",
        ),
        source("room/d.rs", "use super::a::A;\nuse crate::room::Head;"),
    ];
    assert_eq!(
        circles(&sources),
        ["room::a → room::b (B, inner), room::b → room::c (g), room::c → room::a (One)"]
    );

    let broken = sources.map(|(name, text)| (name, text.replace("crate::room::c::g();", "g();")));
    assert_eq!(circles(&broken), [""; 0]);
}

/// Each circle as its arrows, with the names that are taken.
fn circles(sources: &[(String, String)]) -> Vec<String> {
    let tests = test_modules(sources);
    let is_test = |path: &Names| tests.iter().any(|test| path.starts_with(test));
    let files: BTreeMap<Names, File> = sources
        .iter()
        .map(|(name, text)| (module_of(name), read(&without_tests(text))))
        .filter(|(path, _)| !is_test(path))
        .collect();
    let arrows = arrows(&files);
    let reached: BTreeMap<&Names, BTreeSet<&Names>> =
        files.keys().map(|file| (file, reached_from(file, &arrows))).collect();
    let mut circles: BTreeSet<BTreeSet<&Names>> = BTreeSet::new();
    for (file, others) in &reached {
        let circle: BTreeSet<&Names> =
            others.iter().copied().filter(|other| reached[other].contains(file)).collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    let in_words = |circle: BTreeSet<&Names>| {
        let inside = arrows.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
        let arrow = |((from, to), names): (&(Names, Names), &BTreeSet<String>)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("{} → {} ({})", from.join("::"), to.join("::"), names.join(", "))
        };
        inside.map(arrow).collect::<Vec<_>>().join(", ")
    };
    circles.into_iter().map(in_words).collect()
}

/// Modules that are compiled for tests alone.
fn test_modules(sources: &[(String, String)]) -> Vec<Names> {
    let mut found = Vec::new();
    for (name, text) in sources {
        let mut lines = text.lines().skip_while(|line| line.trim() != "#[cfg(test)]").skip(1);
        while let Some(line) = lines.next() {
            if let Some(module) = line.trim().strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
                found.push([module_of(name), vec![module.to_owned()]].concat());
            }
            lines.by_ref().find(|line| line.trim() == "#[cfg(test)]");
        }
    }
    found
}

/// `case/decide/mod.rs` is `case::decide`, and so is `case/decide.rs`; the crate itself has no name.
fn module_of(file: &str) -> Names {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// Which file takes which names from which other.
fn arrows(files: &BTreeMap<Names, File>) -> BTreeMap<(Names, Names), BTreeSet<String>> {
    let mut arrows: BTreeMap<(Names, Names), BTreeSet<String>> = BTreeMap::new();
    for (file, File { uses, paths }) in files {
        let brought: BTreeMap<&str, Names> = uses
            .iter()
            .filter_map(|one| Some((one.name.as_str(), absolute(file, &one.path, files)?)))
            .collect();
        let is_head = files.keys().any(|below| below != file && below.starts_with(file));
        let uses_itself = |one: &&Use| !(is_head && one.is_public);
        let used = uses.iter().filter(uses_itself).filter_map(|one| absolute(file, &one.path, files));
        let named = paths.iter().filter_map(|path| match brought.get(path[0].as_str()) {
            Some(start) => Some([start, &path[1..]].concat()),
            None => absolute(file, path, files),
        });
        for path in used.chain(named) {
            let Some((from, name)) = origin(&path, files, 0) else { continue };
            if !file.starts_with(&from) {
                arrows.entry((file.clone(), from)).or_default().insert(name);
            }
        }
    }
    arrows
}

/// From the crate on; `None` for what is not the crate's.
fn absolute(file: &Names, path: &[String], files: &BTreeMap<Names, File>) -> Option<Names> {
    let ups = path.iter().take_while(|name| *name == "super").count();
    let start = match path[0].as_str() {
        "crate" => return Some(path[1..].to_vec()),
        "self" => return Some([file, &path[1..]].concat()),
        "super" => file.get(..file.len().checked_sub(ups)?)?,
        _ if files.contains_key(&[file.as_slice(), &path[..1]].concat()) => file,
        _ => return None,
    };
    Some([start, &path[ups..]].concat())
}

/// The file in which the thing at `path` stands, and its name; `None` where it is but a module.
fn origin(path: &[String], files: &BTreeMap<Names, File>, depth: usize) -> Option<(Names, String)> {
    let depth_of_module = (1..=path.len()).take_while(|end| files.contains_key(&path[..*end])).count();
    let (module, rest) = path.split_at(depth_of_module);
    let name = rest.first()?;
    let handed_on = files.get(module).into_iter().flat_map(|file| &file.uses).find(|one| one.name == *name);
    // A circle of `pub use` would not compile.
    if let (Some(one), true) = (handed_on, depth < 8)
        && let Some(further) = absolute(&module.to_vec(), &one.path, files)
    {
        return origin(&[&further, &rest[1..]].concat(), files, depth + 1);
    }
    Some((module.to_vec(), name.clone()))
}

fn reached_from<'a>(
    file: &'a Names,
    arrows: &'a BTreeMap<(Names, Names), BTreeSet<String>>,
) -> BTreeSet<&'a Names> {
    let mut reached = BTreeSet::new();
    let mut open = vec![file];
    while let Some(at) = open.pop() {
        for (_, to) in arrows.keys().filter(|(from, _)| from == at) {
            if reached.insert(to) {
                open.push(to);
            }
        }
    }
    reached
}

/// What a source names, without its comments and the texts in it.
fn read(text: &str) -> File {
    let words = words(text);
    let mut file = File::default();
    let mut at = 0;
    while at < words.len() {
        if words[at] == "use" {
            let end = (at..words.len()).find(|end| words[*end] == ";").unwrap_or(words.len());
            let is_public = at > 0 && (words[at - 1] == "pub" || words[at - 1] == ")");
            bring(&words[at + 1..end], &[], is_public, &mut file.uses);
            at = end;
            continue;
        }
        let mut path = Vec::new();
        while is_name(&words[at]) {
            path.push(words[at].clone());
            match (words.get(at + 1), words.get(at + 2)) {
                (Some(colons), Some(next)) if colons == "::" && is_name(next) => at += 2,
                _ => break,
            }
        }
        if path.len() > 1 {
            file.paths.push(path);
        }
        at += 1;
    }
    file
}

/// The names of one tree of a `use`.
fn bring(words: &[String], before: &[String], is_public: bool, uses: &mut Vec<Use>) {
    let mut path = before.to_vec();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        match word.as_str() {
            "{" => {
                let inner = &words[at + 1..words.len() - 1];
                let mut depth = 0;
                let branches = inner.split(|word| {
                    depth += i32::from(word == "{") - i32::from(word == "}");
                    word == "," && depth == 0
                });
                branches
                    .filter(|branch| !branch.is_empty())
                    .for_each(|branch| bring(branch, &path, is_public, uses));
                return;
            }
            "as" => break,
            "::" => {}
            "self" if !path.is_empty() => {}
            name => path.push(name.to_owned()),
        }
        at += 1;
    }
    let name = words.get(at + 1).or(path.last()).cloned().unwrap_or_default();
    uses.push(Use { is_public, name, path });
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The words of a source: names, `::`, and single signs.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let raw_quotes = rest.strip_prefix('r').map(|rest| rest.len() - rest.trim_start_matches('#').len());
        let raw = raw_quotes.filter(|quotes| rest[1 + quotes..].starts_with('"'));
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(quotes) = raw {
            let end = format!("\"{}", "#".repeat(quotes));
            let start = 2 + quotes;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if first == '"' {
            quoted(rest)
        } else if first == '\'' {
            // `'a'` or `'\n'`, and not a lifetime.
            let is_sign = rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'');
            if is_sign { quoted(rest) } else { 1 }
        } else if is_name(&rest[..first.len_utf8()]) {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            words.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            words.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                words.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    words
}

/// How long the text or sign is that begins here, with its quotes.
fn quoted(text: &str) -> usize {
    let quote = text.chars().next();
    let mut signs = text.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        if sign == '\\' {
            signs.next();
        } else if Some(sign) == quote {
            return at + 1;
        }
    }
    text.len()
}

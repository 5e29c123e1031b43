//! docs/GUIDE.md against the program: the drawing of the tree, the leaves with what they say, and the sources with their age are made
//! from the code. `HANDOVER_WRITE_GUIDE=1 cargo test --test it guide_document` writes them.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::PathBuf};

use handover::{
    intake::guide::{
        advice::Statement,
        leaf::Leaf,
        pages::age,
        source::Source,
        tree::{Next, Place, Platform, Way},
    },
    lang::Language,
};
use strum::VariantArray as _;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/GUIDE.md")
}

fn say(key: &str) -> String {
    Language::En.find_text(key, &[].into()).unwrap_or_else(|| panic!("locales/en has no {key}"))
}

/// The name of a place in the drawing.
fn node(place: Place) -> String {
    let Place::Address(platform, way) = place else { return place.word().replace('-', "_") };
    let platform = match platform {
        Platform::DataCenter => "data_center",
        Platform::Cloud => "cloud",
    };
    let way = match way {
        Way::ManagedAccount => "account",
        Way::Request => "request",
    };
    format!("address_{platform}_{way}")
}

/// All places, as they are come to.
fn places() -> Vec<Place> {
    let mut found = vec![Place::START];
    let mut at = 0;
    while let Some(place) = found.get(at).copied() {
        for word in place.words() {
            if let Some(Next::Ask(next)) = place.take(word)
                && !found.contains(&next)
            {
                found.push(next);
            }
        }
        at += 1;
    }
    found
}

fn drawing() -> String {
    let mut text = "```mermaid\nflowchart LR\n".to_owned();
    for place in places() {
        writeln!(text, "  {}{{\"{}\"}}", node(place), say(&format!("guide-question-{}", place.word())))
            .unwrap();
    }
    for leaf in Leaf::VARIANTS {
        writeln!(text, "  {}[\"{}\"]", leaf.word(), leaf.word()).unwrap();
    }
    for place in places() {
        // Answers that lead to the same are one arrow.
        let mut arrows: Vec<(String, Vec<String>)> = Vec::new();
        for word in place.words() {
            let to = match place.take(word).unwrap() {
                Next::Ask(next) => node(next),
                Next::End(leaf) => leaf.word().to_owned(),
            };
            let label = say(&format!("guide-answer-{}-{word}", place.word()));
            match arrows.iter_mut().find(|(known, _)| *known == to) {
                Some((_, labels)) => labels.push(label),
                None => arrows.push((to, vec![label])),
            }
        }
        for (to, labels) in arrows {
            writeln!(text, "  {} -->|\"{}\"| {to}", node(place), labels.join(" / ")).unwrap();
        }
    }
    text.push_str("```\n");
    text
}

fn ways() -> BTreeMap<Leaf, Vec<String>> {
    fn walk(place: Place, before: &str, found: &mut BTreeMap<Leaf, Vec<String>>) {
        for word in place.words() {
            let path = format!("{before}{}={word}", place.question().word());
            match place.take(word).unwrap() {
                Next::Ask(next) => walk(next, &format!("{path}&"), found),
                Next::End(leaf) => found.entry(leaf).or_default().push(path),
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(Place::START, "", &mut found);
    found
}

fn leaves() -> String {
    let ways = ways();
    let mut text = String::new();
    for leaf in Leaf::VARIANTS {
        let kind: &str = leaf.kind().into();
        writeln!(text, "### `/guide/{}`\n", leaf.word()).unwrap();
        writeln!(text, "{}. Kind: {kind}.\n", say(&format!("guide-leaf-{}-title", leaf.word()))).unwrap();
        let here: Vec<String> = ways[leaf].iter().map(|way| format!("`{way}`")).collect();
        writeln!(text, "Reached by {}.\n", here.join(", ")).unwrap();
        let advice = leaf.advice();
        for (at, one) in advice.steps.iter().enumerate() {
            writeln!(text, "{}. {}", at + 1, line(one)).unwrap();
        }
        for (at, one) in advice.watch.iter().enumerate() {
            let before = if at == 0 { "\nTo watch:\n\n" } else { "" };
            writeln!(text, "{before}- {}", line(one)).unwrap();
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

fn line(one: &Statement) -> String {
    let link = one.link.map(|link| format!(" <{link}>")).unwrap_or_default();
    let (source, age) = (one.source.word(), age(one.source.age(), Language::En));
    format!("{}{link} (`{source}`, {age})", say(&format!("guide-say-{}", one.word)))
}

fn sources() -> String {
    let mut text = "| source | whose word | age | page | said in |\n|---|---|---|---|---|\n".to_owned();
    for source in Source::VARIANTS {
        let author: &str = source.author().into();
        let says = |one: &&Statement| one.source == *source;
        let mut words: Vec<String> = Leaf::VARIANTS
            .iter()
            .flat_map(|leaf| {
                leaf.advice().steps.iter().chain(leaf.advice().watch).filter(says).collect::<Vec<_>>()
            })
            .map(|one| format!("`{}`", one.word))
            .collect();
        words.sort();
        words.dedup();
        let page = source.address().map_or("–".to_owned(), |address| format!("<{address}>"));
        let (word, age) = (source.word(), age(source.age(), Language::En));
        let (author, words) = (say(&format!("guide-author-{author}")), words.join(" "));
        writeln!(text, "| `{word}` | {author} | {age} | {page} | {words} |").unwrap();
    }
    text
}

fn renewed(document: &str) -> String {
    let mut text = document.to_owned();
    for (part, made) in [("drawing", drawing()), ("leaves", leaves()), ("sources", sources())] {
        let (begin, end) = (format!("<!-- generated: {part} -->\n"), "<!-- end of what is generated -->");
        let start = text.find(&begin).unwrap_or_else(|| panic!("docs/GUIDE.md has no place for {part}"))
            + begin.len();
        let stop = start + text[start..].find(end).unwrap_or_else(|| panic!("{part} does not end"));
        text.replace_range(start..stop, &format!("\n{made}\n"));
    }
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test has no settings; this one can write what it compares")]
fn the_guide_is_drawn_as_it_is() {
    let document = fs::read_to_string(file()).unwrap();
    let renewed = renewed(&document);
    if std::env::var_os("HANDOVER_WRITE_GUIDE").is_some() {
        fs::write(file(), &renewed).unwrap();
        return;
    }
    let differs = document.lines().zip(renewed.lines()).find(|(there, made)| there != made);
    assert!(
        document == renewed,
        "docs/GUIDE.md is no longer what the program does, from {differs:?}; write it with\n\
         HANDOVER_WRITE_GUIDE=1 cargo test --test it guide_document\nand look at the prose beside it"
    );
}

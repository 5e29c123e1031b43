//! What every page is held to besides its words: an HTML validator finds nothing, and it weighs little. A missing validator fails
//! a test; `bin/setup` installs it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    process::Command,
};

use reqwest::{Client, header};
use scraper::{Html, Selector};
use serde_json::Value;
use tempfile::TempDir;

/// What a page may weigh in bytes with all that it asks for, as it is sent: of the desk, and of those for customers.
const HEAVIEST: usize = 110_000;
/// 60 kB with the largest logo that is taken.
const HEAVIEST_FOR_CUSTOMERS: usize = 60_000 - 8_192;

/// Fails unless the validator finds nothing in any of the pages. They are (name, HTML); `rules` is a file in
/// `tests`.
pub fn validate(rules: &str, pages: &[(String, String)]) {
    let folder = TempDir::new().unwrap();
    for (at, (name, html)) in pages.iter().enumerate() {
        let name = name.replace('/', "-");
        std::fs::write(folder.path().join(format!("{at:03}-{name}")), html).unwrap();
    }
    let answer = folder.path().join("judged.json");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let validator = root.join("target/browser/node_modules/html-validate/bin/html-validate.mjs");
    assert!(validator.exists(), "html-validate is missing: run bin/setup");
    let output = Command::new("node")
        .arg(validator)
        .arg("--config")
        .arg(root.join("tests").join(rules))
        .arg("--formatter")
        .arg(format!("json={}", answer.display()))
        .arg(folder.path())
        .output()
        .expect("node is missing: run bin/setup");
    let judged = std::fs::read(&answer).unwrap_or_else(|_| panic!("html-validate fails: {output:?}"));
    let judged: Value = serde_json::from_slice(&judged).unwrap();
    let mut found = Vec::new();
    for page in judged.as_array().unwrap() {
        for message in page["messages"].as_array().unwrap() {
            let [rule, words, place] = ["ruleId", "message", "selector"].map(|key| &message[key]);
            found.push(format!("{} {}: {rule} {words} {place}", page["filePath"], message["line"]));
        }
    }
    assert!(found.is_empty(), "{} findings: {found:#?}", found.len());
    // It names only pages that it finds something in, so that it looked at all is told by its exit code.
    assert!(output.status.success(), "{output:?}");
}

/// What the stylesheets, the scripts and the reseller's face weigh as a browser gets them, by their paths.
pub struct Assets {
    sizes: BTreeMap<String, usize>,
}

/// A QR code as lines, in bytes.
const LARGEST_CODE: usize = 20_000;

impl Assets {
    pub async fn weigh(address: &str) -> Self {
        let mut sizes = BTreeMap::new();
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("static");
        let mut paths = BTreeSet::new();
        for file in std::fs::read_dir(folder).unwrap() {
            paths.insert(format!("/static/{}", file.unwrap().file_name().to_str().unwrap()));
        }
        let page = Client::new().get(address).send().await.unwrap().text().await.unwrap();
        paths.extend(asked_for(&Html::parse_document(&page)));
        for path in paths {
            let asked = Client::new().get(format!("{address}{path}")).header(header::ACCEPT_ENCODING, "gzip");
            let sent = asked.send().await.unwrap();
            assert_eq!(sent.status().as_u16(), 200, "{path}");
            sizes.insert(path, sent.bytes().await.unwrap().len());
        }
        Self { sizes }
    }

    /// Fails if the page is too heavy, alone or with all that it asks for.
    #[track_caller]
    pub fn judge(&self, name: &str, html: &str) {
        // What draws the document for programs is as heavy as it is, and asked for by whoever tries something out; by no other page.
        if name == "desk/api/viewer.html" {
            return;
        }
        let page = Html::parse_document(html);
        let mut whole = html.len();
        for path in asked_for(&page) {
            // A picture for this reader alone, of an address that is 200 characters long at most.
            if path.ends_with("/code.svg") {
                whole += LARGEST_CODE;
                continue;
            }
            whole += self.sizes.get(&path).unwrap_or_else(|| panic!("{name} asks for {path}"));
        }
        let heaviest = if name.starts_with("intake/") { HEAVIEST_FOR_CUSTOMERS } else { HEAVIEST };
        assert!(whole < heaviest, "{name} weighs {} bytes, {whole} with all it asks for", html.len());
    }
}

/// What a browser loads with a page, each file once. Of a picture in two versions it takes one.
fn asked_for(page: &Html) -> BTreeSet<String> {
    let selector = Selector::parse("link[rel=stylesheet], link[rel=icon], script[src], img[src]").unwrap();
    page.select(&selector).map(|asked| asked.attr("href").or(asked.attr("src")).unwrap().to_owned()).collect()
}

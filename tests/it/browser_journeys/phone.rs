//! A phone, 360 pixels wide, that one person after the other holds; and what every page on it is held to.

use std::cell::{Cell, RefCell};

use serde_json::json;
use tempfile::TempDir;

use super::{
    hand::Hand,
    wire::{self, LOG},
};
use crate::helpers::{
    browser::{Browser, EVERY_RULE, RULES_OF_COLOUR},
    desk::Desk,
    letter::Letter,
    measure::validate,
};

/// What a customer's page may weigh with everything it asks for, as it comes over the wire to somebody who was never here.
const HEAVIEST: u64 = 60_000;

/// Who goes back gets the page anew: a browser keeps copies of pages only as long as it has room.
const NO_COPIES: &str = "--disable-features=BackForwardCache";

/// Somebody who holds the phone.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub who: &'static str,
    pub address: &'static str,
    pub language: &'static str,
    /// Whether their browser runs scripts.
    pub scripts: bool,
}

pub struct Phone<'a> {
    pub desk: &'a Desk,
    pub browser: Browser,
    pub hand: Hand,
    story: &'static str,
    holder: Cell<Option<Person>>,
    /// Every word that somebody typed.
    pub typed: RefCell<Vec<String>>,
    /// The pages as they were sent, with their names.
    pages: RefCell<Vec<(String, String)>>,
    /// The subjects of the letters that were looked at.
    read: RefCell<Vec<String>>,
    letters: TempDir,
    agent: String,
}

impl<'a> Phone<'a> {
    pub async fn start(desk: &'a Desk, story: &'static str, hand: Hand) -> Self {
        let browser = Browser::start_with(&desk.address, "en", &[NO_COPIES], &[LOG, "browser"]).await;
        let agent =
            browser.cdp("Browser.getVersion", json!({})).await["userAgent"].as_str().unwrap().to_owned();
        // Everybody comes for the first time, to every page.
        browser.cdp("Network.setCacheDisabled", json!({"cacheDisabled": true})).await;
        browser.phone().await;
        // The page that a browser begins with is none of ours.
        browser.open("about:blank").await;
        wire::read(&browser).await;
        Self {
            desk,
            browser,
            hand,
            story,
            holder: Cell::new(None),
            typed: RefCell::default(),
            pages: RefCell::default(),
            read: RefCell::default(),
            letters: TempDir::new().unwrap(),
            agent,
        }
    }

    pub fn holder(&self) -> Person {
        self.holder.get().unwrap()
    }

    /// Somebody else's phone from now on. What is left on it of whoever held it before must be nothing that they typed.
    pub async fn goes_to(&self, person: Person) {
        self.holds_nothing_typed().await;
        self.browser.driver.delete_all_cookies().await.unwrap();
        let all = json!({"origin": self.desk.address, "storageTypes": "all"});
        self.browser.cdp("Storage.clearDataForOrigin", all).await;
        let speaks = json!({"userAgent": self.agent, "acceptLanguage": person.language});
        self.browser.cdp("Network.setUserAgentOverride", speaks).await;
        self.holder.set(Some(person));
        self.scripts(person.scripts).await;
    }

    async fn scripts(&self, run: bool) {
        if run { self.browser.with_javascript().await } else { self.browser.without_javascript().await }
    }

    /// What a browser keeps (cookies, and what scripts can store) outlives the visit, on a phone that others may hold.
    pub async fn holds_nothing_typed(&self) {
        if self.holder.get().is_none() || !self.is_at_ours().await {
            return;
        }
        let stored = "return JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])";
        let stored = self.browser.script(stored, vec![]).await.as_str().unwrap().to_owned();
        let cookies = self.browser.driver.get_all_cookies().await.unwrap();
        let cookies = serde_json::to_string(&cookies).unwrap();
        for typed in self.typed.borrow().iter() {
            for part in typed.split_whitespace().filter(|part| part.len() > 3) {
                for kept in [&stored, &cookies] {
                    assert!(!kept.contains(part), "{} left {part:?} behind: {kept}", self.holder().who);
                }
            }
        }
    }

    async fn is_at_ours(&self) -> bool {
        self.browser.driver.current_url().await.unwrap().as_str().starts_with(&self.desk.address)
    }

    pub async fn opens(&self, path: &str) {
        self.browser.open(path).await;
    }

    /// Waits for the whole of the page: what comes last is a stylesheet or a script.
    pub async fn until_loaded(&self) {
        for _ in 0..400 {
            if self.browser.script("return document.readyState", vec![]).await == "complete" {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the page never comes to its end");
    }

    /// Waits for a page whose path begins so, which comes by itself.
    pub async fn until_at(&self, path: &str) {
        for _ in 0..200 {
            if self.browser.driver.current_url().await.unwrap().path().starts_with(path) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("{path} never comes: {}", self.browser.words().await);
    }

    /// Where the page is.
    pub async fn place(&self) -> String {
        self.browser.driver.current_url().await.unwrap().into()
    }

    /// Looks at the page that has just come.
    pub async fn sees(&self, name: &str) {
        let Person { who, language, scripts, .. } = self.holder();
        let name = format!("way-{}-{who}-{name}", self.story);
        self.until_loaded().await;
        let wire = wire::read(&self.browser).await;
        for url in &wire.asked {
            let ours =
                url.starts_with(&self.desk.address) || url.starts_with("file:") || url.starts_with("data:");
            assert!(ours, "{name}: asks {url}");
        }
        assert!(!wire.document.is_empty(), "{name}: no page has come");
        assert!(wire.page.iter().all(|(_, bytes)| *bytes > 0), "{name}: {:?}", wire.page);
        assert!(wire.bytes() < HEAVIEST, "{name} weighs {}: {:#?}", wire.bytes(), wire.page);
        self.expect_no_complaints(&name).await;
        let sent = self.browser.cdp("Network.getResponseBody", json!({"requestId": wire.document})).await;
        let html = sent["body"].as_str().unwrap().to_owned();
        self.pages.borrow_mut().push((format!("{name}.html"), html));
        let said = self.browser.script("return document.documentElement.lang", vec![]).await;
        assert_eq!(said, language, "{name}");

        self.scripts(true).await;
        self.browser.emulate(&[("prefers-color-scheme", "light")], "screen").await;
        self.axe(&format!("{name}, light"), EVERY_RULE).await;
        self.browser.keep_picture(&format!("{name}-light")).await;
        self.browser.measure(&name).await;
        // What is folded is part of the page, too.
        self.browser.emulate(&[("prefers-color-scheme", "dark")], "screen").await;
        let unfolds = self.browser.script(UNFOLD, vec![]).await != 0;
        self.axe(&format!("{name}, dark"), if unfolds { EVERY_RULE } else { RULES_OF_COLOUR }).await;
        self.browser.keep_picture(&format!("{name}-dark")).await;
        if unfolds {
            self.browser.measure(&format!("{name}, unfolded")).await;
            self.browser.script(FOLD, vec![]).await;
        }
        self.browser.emulate(&[("prefers-color-scheme", "light")], "screen").await;
        self.scripts(scripts).await;
        self.hand.walks(&self.browser, &name).await;
    }

    async fn axe(&self, name: &str, rules: &[&str]) {
        let found = self.browser.axe(rules).await;
        assert!(found.is_empty(), "{name}: {found:#?}");
    }

    /// Of our scripts and of our policy: what a browser says of either would be a mistake of ours.
    async fn expect_no_complaints(&self, name: &str) {
        let complaints = self.browser.driver.browser_log().await.unwrap();
        // That a form comes back with mistakes is an answer of 422, which it reports as a failure of the network.
        let ours: Vec<_> = complaints.iter().filter(|one| one.source.as_deref() != Some("network")).collect();
        assert!(ours.is_empty(), "{name}: {ours:#?}");
    }

    /// All that was sent to whoever holds the phone, each looked at once.
    pub async fn mail(&self) -> Vec<Letter> {
        self.desk.work_until_idle().await;
        let letters = self.desk.take_letters(self.holder().address);
        for letter in &letters {
            self.reads(letter).await;
        }
        letters
    }

    /// The letter that has the link, opened.
    pub async fn follows_from(&self, letters: &[Letter], folder: &str) {
        let link = |letter: &&Letter| letter.text.contains(&format!("/{folder}/"));
        let letter = letters.iter().rev().find(link).unwrap_or_else(|| {
            panic!(
                "no link to {folder} for {:?} in {:?}",
                self.holder(),
                letters.iter().map(|one| &one.subject).collect::<Vec<_>>()
            )
        });
        self.shows(letter).await;
        self.presses(&format!("a[href*=\"/{folder}/\"]")).await;
    }

    async fn shows(&self, letter: &Letter) {
        let file = self.letters.path().join("letter.html");
        std::fs::write(&file, letter.html.as_deref().unwrap()).unwrap();
        self.browser.open(&format!("file://{}", file.display())).await;
    }

    async fn reads(&self, letter: &Letter) {
        let Person { who, scripts, .. } = self.holder();
        if self.read.borrow().contains(&letter.subject) {
            return;
        }
        self.read.borrow_mut().push(letter.subject.clone());
        wire::read(&self.browser).await;
        self.browser.open("about:blank").await;
        self.shows(letter).await;
        let asked = wire::read(&self.browser).await.asked;
        assert!(asked.iter().all(|url| url.starts_with("file:")), "{}: asks {asked:?}", letter.subject);
        self.scripts(true).await;
        let name = format!("way-{}-{who}-letter-{}", self.story, self.read.borrow().len());
        self.browser.judge_letter_at(&name, 360, 800).await;
        self.browser.emulate(&[("prefers-color-scheme", "light")], "screen").await;
        self.scripts(scripts).await;
    }

    /// The words of the page, without those of its frame.
    pub async fn words(&self) -> String {
        self.browser.find("main").await.text().await.unwrap()
    }

    /// The story is over.
    pub async fn put_away(self) {
        self.holds_nothing_typed().await;
        self.browser.quit().await;
        validate("html-validate.json", &self.pages.into_inner());
    }
}

const UNFOLD: &str = "const folded = document.querySelectorAll('details:not([open])');
    for (const one of folded) { one.open = true; one.dataset.unfolded = ''; }
    return folded.length;";
const FOLD: &str = "for (const one of document.querySelectorAll('[data-unfolded]')) { one.open = false; delete one.dataset.unfolded; }";

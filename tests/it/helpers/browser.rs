//! A real Chromium, driven over WebDriver, with axe-core to judge each page. Missing programs fail a test; `bin/setup`
//! installs them.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    By, ChromiumLikeCapabilities as _, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver, WebElement,
};

/// Chromium with no windows around it, which takes a quarter less of the processor than one that draws them for nobody.
const CHROMIUM: &str = "/usr/lib/chromium/chromium-headless-shell";
/// What it needs to run as root, in a container, without a network.
const FLAGS: [&str; 8] = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// The rules of axe that a page is judged by, and those of them that another scheme can break.
pub const EVERY_RULE: &[&str] = &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const RULES_OF_LETTERS: &[&str] = &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
pub const RULES_OF_COLOUR: &[&str] = &["color-contrast", "link-in-text-block"];

/// Another font, wider than ours, and the spacing of WCAG 1.4.12. A sheet made by script is no inline style, which our policy forbids.
const SPACED: &str = "const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { font-family: monospace !important; line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet];";

/// What is wider than the page, cut off, or lies upon something else. Two pieces of text that share more than a third of the height
/// of the lower of them lie upon each other; what scrolls by itself, or is hidden from sight on purpose, is left out.
const MEASURED: &str = r"
    const found = [];
    // Not the inner width: a phone makes that as wide as what is too wide.
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth - width;
    if (wide > 0) found.push(`the page is ${wide} too wide`);
    const named = (node) => `${node.tagName.toLowerCase()}.${node.className} “${node.textContent.trim().slice(0, 40)}”`;
    const unseen = (node) => node.closest('.visually-hidden, .skip, option, svg, dialog:not([open])') || !node.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true});
    const modal = document.querySelector('dialog[open]');
    const pieces = [];
    const walker = document.createTreeWalker(modal || document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.textContent.trim() || unseen(node.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width < 2) continue;
        const scrolled = node.parentElement.closest('.bytes, .figure__scroll, .quoted, .dialog__list');
        if (!scrolled && (box.left < -1 || box.right > width + 1)) found.push(`beyond the page: ${named(node.parentElement)}`);
        pieces.push({node, box, scrolled});
      }
    }
    pieces.sort((a, b) => a.box.top - b.box.top);
    for (let i = 0; i < pieces.length; i += 1) {
      for (let j = i + 1; j < pieces.length && pieces[j].box.top < pieces[i].box.bottom; j += 1) {
        const [a, b] = [pieces[i], pieces[j]];
        if (a.node === b.node || a.scrolled || b.scrolled) continue;
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
        if (across > 2 && down > Math.min(a.box.height, b.box.height) / 3) found.push(`${named(a.node.parentElement)} lies upon ${named(b.node.parentElement)}`);
      }
    }
    for (const node of (modal || document.body).querySelectorAll('*')) {
      if (node.clientWidth === 0 || node.closest('svg, .visually-hidden, select, input, .bytes, .figure__scroll, textarea') || unseen(node)) continue;
      const style = getComputedStyle(node);
      if (style.overflowX !== 'visible' && node.scrollWidth > node.clientWidth + 1) found.push(`cut off: ${named(node)}`);
    }
    return [...new Set(found)].slice(0, 12);";

/// Controls that are left on paper.
const PRINTED_CONTROLS: &str = r"
    return [...document.querySelectorAll('button, .button, .link-button, .top__nav, .tabs, .pager')]
      .filter((node) => node.checkVisibility({contentVisibilityAuto: true})).map((node) => node.textContent.trim()).slice(0, 12);";

pub struct Browser {
    pub driver: WebDriver,
    address: String,
    chromedriver: Child,
    _profile: TempDir,
}

impl Browser {
    /// A browser of somebody who reads `language`, on the site at `address`.
    pub async fn start(address: &str, language: &str) -> Self {
        Self::start_with(address, language, &[], &[]).await
    }

    /// As [`Browser::start`], with these flags of Chromium, and with these logs kept until somebody reads them.
    pub async fn start_with(address: &str, language: &str, flags: &[&str], logs: &[&str]) -> Self {
        let profile = TempDir::new().unwrap();
        let mut chromedriver = Command::new("chromedriver")
            .args(["--port=0", "--allowed-ips="])
            .env("TMPDIR", profile.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: run bin/setup");
        let port = read_port(&mut chromedriver);
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(CHROMIUM).unwrap();
        for flag in FLAGS.iter().chain(flags) {
            capabilities.add_arg(flag).unwrap();
        }
        capabilities.add_arg(&format!("--accept-lang={language}")).unwrap();
        for log in logs {
            capabilities.set_logging_prefs(*log, LoggingPrefsLogLevel::All).unwrap();
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await.unwrap();
        let browser = Self { driver, address: address.to_owned(), chromedriver, _profile: profile };
        browser.resize(1280, 1000).await;
        browser
    }

    /// Whoever has JavaScript switched off from now on.
    pub async fn without_javascript(&self) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    pub async fn with_javascript(&self) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({"value": false})).await;
    }

    pub async fn open(&self, path: &str) {
        let url = if path.contains(":") && !path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{}{path}", self.address)
        };
        self.driver.goto(url).await.unwrap();
    }

    pub async fn find(&self, css: &str) -> WebElement {
        self.driver.find(By::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    pub async fn fill(&self, name: &str, value: &str) {
        let field = self.find(&format!("[name=\"{name}\"]")).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Chooses a radio button or ticks a box, by keyboard.
    pub async fn choose(&self, css: &str) {
        self.find(css).await.send_keys(" ").await.unwrap();
    }

    /// Presses the button that submits the form around `css`, and waits for the next page.
    pub async fn submit(&self, css: &str) {
        let page = self.find("html").await;
        self.click(css).await;
        self.until_left(&page, css).await;
    }

    /// Waits until `page`, the element of a whole page, is gone, as it is when the next page comes.
    pub async fn until_left(&self, page: &WebElement, by: &str) {
        for _ in 0..200 {
            if page.tag_name().await.is_err() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{by} led nowhere: {}", self.words().await);
    }

    pub async fn words(&self) -> String {
        // A page that is being left has words no more.
        for _ in 0..50 {
            if let Ok(body) = self.driver.find(By::Css("body")).await
                && let Ok(words) = body.text().await
            {
                return words;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        self.find("body").await.text().await.unwrap()
    }

    /// Waits until the page says so by itself.
    pub async fn until_it_says(&self, words: &str) {
        for _ in 0..400 {
            if self.words().await.contains(words) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the page never says {words:?}: {}", self.words().await);
    }

    pub async fn resize(&self, width: u32, height: u32) {
        self.driver.set_window_rect(0, 0, width, height).await.unwrap();
    }

    /// Looks at the present page as a desktop and a phone show it, light and dark: axe must find nothing (WCAG 2.2 AA). As those, a
    /// very large screen, a reader's own colours and paper show it, nothing may be wider than the page, cut off, or lie upon
    /// something else; also with another font and with the spacing that WCAG 1.4.12 has every page bear.
    pub async fn judge(&self, name: &str) {
        self.set_screen(3840, 2160).await;
        self.measure(&format!("{name}, 3840 wide")).await;
        for (width, height) in [(360, 800), (1280, 1000)] {
            self.set_screen(width, height).await;
            for (scheme, rules) in [("light", EVERY_RULE), ("dark", RULES_OF_COLOUR)] {
                self.emulate(&[("prefers-color-scheme", scheme)], "screen").await;
                let violations = self.axe(rules).await;
                assert!(violations.is_empty(), "{name}, {width} wide, {scheme}: {violations:#?}");
                self.keep_picture(&format!("{name}-{width}-{scheme}")).await;
            }
            self.measure(&format!("{name}, {width} wide")).await;
            self.script(SPACED, vec![]).await;
            self.measure(&format!("{name}, {width} wide, spaced")).await;
            self.script("document.adoptedStyleSheets = []", vec![]).await;
        }
        self.emulate(&[("forced-colors", "active")], "screen").await;
        self.keep_picture(&format!("{name}-1280-forced")).await;
        // A4 within the margins.
        self.set_screen(673, 970).await;
        self.emulate(&[], "print").await;
        self.measure(&format!("{name}, printed")).await;
        let controls = self.script(PRINTED_CONTROLS, vec![]).await;
        assert_eq!(controls, json!([]), "{name}: nobody can press them on paper");
        self.keep_picture(&format!("{name}-print")).await;
        self.emulate(&[("prefers-color-scheme", "light")], "screen").await;
        self.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    /// Which of these a phone does not show as the page is opened.
    pub async fn phone_shows(&self, parts: &[&str]) -> Value {
        self.set_screen(360, 800).await;
        let below = "scrollTo(0, 0); return arguments[0].filter(part => document.querySelector(part).getBoundingClientRect().bottom > innerHeight || document.querySelector(part).getBoundingClientRect().right > innerWidth)";
        let found = self.script(below, vec![json!(parts)]).await;
        self.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await;
        found
    }

    /// Looks at the present page, which is a letter, as a phone and a desktop show it, light and dark. What axe advises for whole
    /// pages, as landmarks, is no matter of letters.
    pub async fn judge_letter(&self, name: &str) {
        for (width, height) in [(360, 800), (1280, 1000)] {
            self.judge_letter_at(name, width, height).await;
        }
    }

    pub async fn judge_letter_at(&self, name: &str, width: u32, height: u32) {
        self.set_screen(width, height).await;
        for scheme in ["light", "dark"] {
            self.emulate(&[("prefers-color-scheme", scheme)], "screen").await;
            let violations = self.axe(RULES_OF_LETTERS).await;
            assert!(violations.is_empty(), "{name}, {width} wide, {scheme}: {violations:#?}");
            if width == 360 {
                self.keep_picture(&format!("{name}-{width}-{scheme}")).await;
            }
        }
        self.measure(&format!("{name}, {width} wide")).await;
    }

    pub async fn measure(&self, name: &str) {
        let found = self.script(MEASURED, vec![]).await;
        assert_eq!(found, json!([]), "{name}");
    }

    pub async fn axe(&self, rules: &[&str]) -> Vec<String> {
        let file =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/browser/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&file).expect("axe-core is missing: run bin/setup");
        if self.script("return typeof axe", vec![]).await == "undefined" {
            self.script(&axe, vec![]).await;
        }
        let run = "const done = arguments[arguments.length - 1]; axe.run(document, {runOnly: arguments[0]}).then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join(' | '))))";
        let found = self.driver.execute_async(run, vec![json!(rules)]).await.unwrap();
        found.convert().unwrap()
    }

    /// What a script comes to, run in the page.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.driver.execute(script, arguments).await.unwrap().json().clone()
    }

    /// From now on a phone, until [`Browser::desktop`].
    pub async fn phone(&self) {
        self.set_screen(360, 800).await;
    }

    pub async fn desktop(&self) {
        self.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    pub async fn set_screen(&self, width: u32, height: u32) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    pub async fn emulate(&self, features: &[(&str, &str)], media: &str) {
        // Without motion: in the middle of a transition colours are neither scheme's.
        let features = [("prefers-reduced-motion", "reduce")].iter().chain(features);
        let features: Vec<Value> =
            features.map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.cdp("Emulation.setEmulatedMedia", json!({"media": media, "features": features})).await;
    }

    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(command, parameters).await.unwrap()
    }

    /// The whole page as a picture below `target/pictures`, where somebody wants to look at it: HANDOVER_PICTURES is set. Drawing takes
    /// longer than judging.
    #[expect(
        clippy::disallowed_methods,
        reason = "the application reads its settings once; this is none of them"
    )]
    pub async fn keep_picture(&self, name: &str) {
        if std::env::var_os("HANDOVER_PICTURES").is_none() {
            return;
        }
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
        std::fs::create_dir_all(&folder).unwrap();
        let shot = self.cdp("Page.captureScreenshot", json!({"captureBeyondViewport": true})).await;
        let png = data_encoding::BASE64.decode(shot["data"].as_str().unwrap().as_bytes()).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
    }

    pub async fn quit(self) {
        self.driver.clone().quit().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Otherwise a test that has failed waits for minutes for a session that nobody answers for.
        let _ = self.driver.clone().leak();
        // Asked to end, it ends its browser, too.
        let _ = Command::new("kill").arg(self.chromedriver.id().to_string()).status();
        let _ = self.chromedriver.wait();
    }
}

fn read_port(chromedriver: &mut Child) -> u16 {
    let output = BufReader::new(chromedriver.stdout.take().unwrap());
    for line in output.lines() {
        let line = line.unwrap();
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
    panic!("chromedriver did not say its port");
}

//! A real Chromium, driven over WebDriver, with axe-core to judge each page. Missing programs fail a test; `bin/setup`
//! installs them.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{By, ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver, WebElement};

/// What Chromium needs to run as root, in a container, without a network.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

pub struct Browser {
    pub driver: WebDriver,
    address: String,
    chromedriver: Child,
    _profile: TempDir,
}

impl Browser {
    /// A browser of somebody who reads `language`, on the site at `address`.
    pub async fn start(address: &str, language: &str) -> Self {
        let mut chromedriver = Command::new("chromedriver")
            .args(["--port=0", "--allowed-ips="])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: run bin/setup");
        let port = read_port(&mut chromedriver);
        let profile = TempDir::new().unwrap();
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS {
            capabilities.add_arg(flag).unwrap();
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        capabilities.add_arg(&format!("--accept-lang={language}")).unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await.unwrap();
        let browser = Self { driver, address: address.to_owned(), chromedriver, _profile: profile };
        browser.resize(1280, 1000).await;
        browser
    }

    pub async fn open(&self, path: &str) {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.address) };
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
        // The old page is gone when its element is.
        for _ in 0..200 {
            if page.tag_name().await.is_err() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{css} led nowhere: {}", self.words().await);
    }

    pub async fn words(&self) -> String {
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

    /// Looks at the present page as a desktop and a phone show it, light and dark: axe must find nothing (WCAG 2.2 AA),
    /// nothing may be wider than the screen, and the browser must not have blocked anything of ours.
    pub async fn judge(&self, name: &str) {
        for (width, height) in [(1280, 1000), (390, 844)] {
            self.set_screen(width, height).await;
            for scheme in ["light", "dark"] {
                self.emulate_scheme(scheme).await;
                let violations = self.axe().await;
                assert!(violations.is_empty(), "{name}, {width} wide, {scheme}: {violations:#?}");
                self.keep_picture(&format!("{name}-{width}-{scheme}")).await;
            }
            let wide =
                self.script("return document.documentElement.scrollWidth - window.innerWidth", vec![]).await;
            assert!(wide.as_i64().unwrap() <= 0, "{name} is {wide} wider than a screen of {width}");
        }
        self.emulate_scheme("light").await;
        self.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    async fn axe(&self) -> Vec<String> {
        let file =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/browser/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&file).expect("axe-core is missing: run bin/setup");
        self.script(&axe, vec![]).await;
        let run = "const done = arguments[arguments.length - 1]; \
                   axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}) \
                   .then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join(' | '))))";
        let found = self.driver.execute_async(run, vec![]).await.unwrap();
        found.convert().unwrap()
    }

    /// What a script comes to, run in the page.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.driver.execute(script, arguments).await.unwrap().json().clone()
    }

    async fn set_screen(&self, width: u32, height: u32) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    async fn emulate_scheme(&self, scheme: &str) {
        // Without motion: in the middle of a transition colours are neither scheme's.
        let features = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    async fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(command, parameters).await.unwrap()
    }

    /// The whole page as a picture below `target/pictures`, for people to look at.
    async fn keep_picture(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
        std::fs::create_dir_all(&folder).unwrap();
        let shot = self.cdp("Page.captureScreenshot", json!({"captureBeyondViewport": true})).await;
        let png = data_encoding::BASE64.decode(shot["data"].as_str().unwrap().as_bytes()).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
    }

    pub async fn quit(mut self) {
        self.driver.clone().quit().await.unwrap();
        self.chromedriver.kill().unwrap();
        self.chromedriver.wait().unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.chromedriver.kill();
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

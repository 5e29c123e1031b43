//! How somebody goes from page to page: with a finger, or by keyboard alone. Whoever has the keyboard alone sees where they are at
//! every stop, reaches everything, and is held nowhere.

use serde_json::{Value, json};
use thirtyfour::{Key, TypingData};

use super::phone::Phone;
use crate::helpers::browser::Browser;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Finger,
    Keys,
}

/// More stops than any page has.
const STOPS: usize = 120;

/// Where the keyboard is: nothing where it is on no control; else which control, whether it is the wanted one, and what is wrong
/// with how it is shown. A ring may be drawn by what stands close around the control.
const HERE: &str = r"
    const node = document.activeElement;
    if (!node || node === document.body || node === document.documentElement) return null;
    const ring = (one) => { const style = getComputedStyle(one); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1; };
    const box = node.getBoundingClientRect();
    const wrong = [];
    if (!ring(node) && !ring(node.parentElement)) wrong.push('no ring');
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (left >= right || top >= bottom) wrong.push(`out of sight at ${box.top}`);
    else {
      // A text of several lines has a box of its own for each.
      const [line] = [...node.getClientRects()].filter((one) => one.width > 0 && one.bottom > 0 && one.top < innerHeight);
      const over = line && document.elementFromPoint((line.left + line.right) / 2, (Math.max(line.top, 0) + Math.min(line.bottom, innerHeight)) / 2);
      const named = over && [...(node.labels || [])].some((label) => label.contains(over));
      if (!over || !(node.contains(over) || over.contains(node) || named)) wrong.push(`covered by ${over && over.outerHTML.slice(0, 80)}`);
    }
    return {at: [...document.querySelectorAll('*')].indexOf(node), is: arguments[0] ? node.matches(arguments[0]) : false,
      name: node.name || '', kind: node.type || '', checked: !!node.checked, wrong, who: node.outerHTML.slice(0, 120)};";

/// All that the keyboard must reach. Of radio buttons with one name one is enough, the others are reached by arrows.
const REACHABLE: &str = r"
    const all = [...document.querySelectorAll('*')];
    const controls = [...document.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex]')]
      .filter((node) => node.tabIndex >= 0 && !node.disabled && node.type !== 'hidden' && node.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}));
    const groups = {};
    for (const node of controls) (groups[node.type === 'radio' ? `radio ${node.name}` : all.indexOf(node)] ||= []).push(all.indexOf(node));
    return Object.values(groups);";

impl Hand {
    /// Goes through the whole page: everything is reached, seen, and left again.
    pub async fn walks(self, browser: &Browser, name: &str) {
        if self == Self::Finger {
            return;
        }
        let reachable: Vec<Vec<usize>> =
            serde_json::from_value(browser.script(REACHABLE, vec![]).await).unwrap();
        let mut reached: Vec<usize> = Vec::new();
        // Past the last one the page begins anew, in some places with a stop at the page itself.
        for _ in 0..reachable.len() + 4 {
            let Some(here) = steps_on(browser, "", name).await else { continue };
            if reached.first() == Some(&here.at) {
                break;
            }
            assert_ne!(reached.last(), Some(&here.at), "{name}: no way on from {}", here.who);
            reached.push(here.at);
        }
        for group in &reachable {
            let found = group.iter().any(|one| reached.contains(one));
            let what = "return document.querySelectorAll('*')[arguments[0]].outerHTML.slice(0, 120)";
            assert!(found, "{name}: no key leads to {}", browser.script(what, vec![json!(group[0])]).await);
        }
    }
}

#[derive(serde::Deserialize)]
struct Stop {
    at: usize,
    is: bool,
    name: String,
    kind: String,
    checked: bool,
    wrong: Vec<String>,
    who: String,
}

async fn here(browser: &Browser, wanted: &str, page: &str) -> Option<Stop> {
    let here = browser.script(HERE, vec![json!(wanted)]).await;
    if here == Value::Null {
        return None;
    }
    let here: Stop = serde_json::from_value(here).unwrap();
    assert!(here.wrong.is_empty(), "{page}: the keyboard is on {}: {:?}", here.who, here.wrong);
    Some(here)
}

pub async fn keys(browser: &Browser, keys: impl Into<TypingData>) {
    browser.driver.action_chain().send_keys(keys).perform().await.unwrap();
}

async fn steps_on(browser: &Browser, wanted: &str, page: &str) -> Option<Stop> {
    keys(browser, Key::Tab).await;
    here(browser, wanted, page).await
}

impl Phone<'_> {
    /// Tab after tab until the keyboard is on the control.
    async fn tabs_to(&self, css: &str) -> Stop {
        for _ in 0..STOPS {
            match steps_on(&self.browser, css, css).await {
                Some(stop) if stop.is => return stop,
                _ => {}
            }
        }
        panic!("no key leads to {css}: {}", self.browser.words().await);
    }

    /// Types into the field, in the place of what stands there.
    pub async fn types(&self, name: &str, text: &str) {
        self.typed.borrow_mut().push(text.to_owned());
        if self.hand == Hand::Finger {
            return self.browser.fill(name, text).await;
        }
        self.tabs_to(&format!("[name=\"{name}\"]")).await;
        let all =
            self.browser.driver.action_chain().key_down(Key::Control).send_keys("a").key_up(Key::Control);
        all.perform().await.unwrap();
        keys(&self.browser, if text.is_empty() { TypingData::from(Key::Backspace) } else { text.into() })
            .await;
    }

    /// Chooses one of several, or ticks a box.
    pub async fn chooses(&self, name: &str, value: &str) {
        let css = format!("[name=\"{name}\"][value=\"{value}\"]");
        if self.hand == Hand::Finger {
            let id = self.browser.find(&css).await.attr("id").await.unwrap().unwrap();
            return self.browser.click(&format!("label[for=\"{id}\"]")).await;
        }
        let mut stop = self.tabs_to(&format!("[name=\"{name}\"]")).await;
        if stop.kind == "radio" {
            for _ in 0..9 {
                if stop.is && stop.checked {
                    return;
                }
                // The arrow chooses, too; where the first is the right one, the space bar does.
                let first = self.browser.script(IS_HERE, vec![json!(css)]).await == true;
                keys(&self.browser, if first { TypingData::from(" ") } else { TypingData::from(Key::Down) })
                    .await;
                stop = here(&self.browser, &css, &css).await.unwrap();
                assert_eq!(stop.name, name);
            }
            panic!("no arrow leads to {css}");
        }
        if !stop.checked {
            keys(&self.browser, " ").await;
        }
    }

    /// Presses what leads to another page.
    pub async fn presses(&self, css: &str) {
        if self.hand == Hand::Finger {
            return self.browser.submit(css).await;
        }
        let page = self.browser.find("html").await;
        self.tabs_to(css).await;
        keys(&self.browser, Key::Enter).await;
        self.browser.until_left(&page, css).await;
    }

    /// Presses what stays on the page: a link within it.
    pub async fn presses_here(&self, css: &str) {
        if self.hand == Hand::Finger {
            return self.browser.click(css).await;
        }
        self.tabs_to(css).await;
        keys(&self.browser, Key::Enter).await;
    }
}

const IS_HERE: &str = "return document.activeElement.matches(arguments[0])";

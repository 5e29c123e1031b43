//! A form that comes back with mistakes: the summary has the focus, and each of its links brings the label of its field into view.

use serde_json::{Value, json};

use super::phone::Phone;

/// The list of what is wrong, whatever it looks like.
const SUMMARY: &str = "[role=alert]:has(a[href^=\"#\"])";

/// Whether the field that the link leads to has the keyboard, and what is wrong with how its label is seen.
const SEEN: &str = r"
    const field = document.querySelector(arguments[0]);
    const label = (field.type === 'radio' && field.closest('fieldset').querySelector('legend')) || document.querySelector(`label[for='${field.id}']`)
      || field.querySelector('button');
    const box = label.getBoundingClientRect();
    const wrong = [];
    if (document.activeElement !== field && field.matches('input, textarea, select')) wrong.push(`the keyboard is on ${document.activeElement.outerHTML.slice(0, 80)}`);
    if (box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth) wrong.push(`out of sight: ${box.top} to ${box.bottom}`);
    for (const down of [box.top + 2, box.bottom - 2]) {
      const over = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), down);
      if (!over || !(label.contains(over) || over.contains(label))) wrong.push(`covered by ${over && over.outerHTML.slice(0, 80)}`);
    }
    return wrong;";

impl Phone<'_> {
    /// Sends the form as it stands, which is wrong, and looks at each mistake.
    pub async fn errs(&self, submit: &str, name: &str) {
        self.presses(submit).await;
        self.until_loaded().await;
        let at_the_summary = "return document.activeElement.matches(arguments[0])";
        assert_eq!(
            self.browser.script(at_the_summary, vec![json!(SUMMARY)]).await,
            true,
            "{name}: the focus"
        );
        self.sees(name).await;
        let links = "return [...document.querySelectorAll(arguments[0])].map((link) => link.hash)";
        let links = self.browser.script(links, vec![json!(format!("{SUMMARY} a"))]).await;
        let links: Vec<String> = serde_json::from_value(links).unwrap();
        assert!(!links.is_empty(), "{name}");
        for link in links {
            self.presses_here(&format!("{SUMMARY} a[href=\"{link}\"]")).await;
            let wrong = self.browser.script(SEEN, vec![Value::from(link.clone())]).await;
            assert_eq!(wrong, json!([]), "{name}: {link}");
        }
    }
}

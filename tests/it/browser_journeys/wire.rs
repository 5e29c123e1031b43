//! What a page fetched over the network, as Chromium's own log of it tells.

use serde_json::Value;

use crate::helpers::browser::Browser;

/// The log that [`read`] empties.
pub const LOG: &str = "performance";

/// What was asked for since the log was read before.
#[derive(Default)]
pub struct Wire {
    /// Every address that anything was asked of.
    pub asked: Vec<String>,
    /// What the page that is shown now fetched, and in how many bytes each came, head and body as transferred.
    pub page: Vec<(String, u64)>,
    /// By which the log knows the page itself.
    pub document: String,
}

impl Wire {
    pub fn bytes(&self) -> u64 {
        self.page.iter().map(|(_, bytes)| bytes).sum()
    }
}

pub async fn read(browser: &Browser) -> Wire {
    let mut wire = Wire::default();
    let mut fetched: Vec<(String, String, u64)> = Vec::new();
    for entry in browser.driver.get_log(LOG).await.unwrap() {
        let entry: Value = serde_json::from_str(&entry.message).unwrap();
        let (method, told) = (entry["message"]["method"].as_str().unwrap(), &entry["message"]["params"]);
        let id = told["requestId"].as_str().unwrap_or_default();
        match method {
            "Network.requestWillBeSent" => {
                let url = told["request"]["url"].as_str().unwrap().to_owned();
                wire.asked.push(url.clone());
                if told["type"] == "Document" {
                    // Another page begins.
                    fetched.clear();
                    id.clone_into(&mut wire.document);
                }
                // The icon comes when the browser likes; what stands in the page itself does not come over the wire.
                if told["type"] != "Other" && !url.starts_with("data:") {
                    fetched.push((id.to_owned(), url, 0));
                }
            }
            "Network.loadingFinished" => {
                let bytes = told["encodedDataLength"].as_f64().unwrap();
                if let Some(one) = fetched.iter_mut().find(|(one, ..)| one == id) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a whole number of bytes"
                    )]
                    {
                        one.2 = bytes as u64;
                    }
                }
            }
            _ => {}
        }
    }
    wire.page = fetched.into_iter().map(|(_, url, bytes)| (url, bytes)).collect();
    wire
}

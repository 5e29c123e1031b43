//! The requester: from the start page by the guide and the form to a request that is confirmed.

use super::phone::Phone;
use crate::helpers::story::{DEPARTED, REQUESTER, SUCCESSOR};

/// The fields of a step, and what is chosen in it.
type Answers =
    (&'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

const STEPS: [Answers; 5] = [
    (
        "you",
        &[
            ("requester_name", "Miriam Kessler"),
            ("requester_email", REQUESTER),
            ("requester_position", "Leiterin IT-Betrieb"),
            ("requester_phone", "+49 30 23125 110"),
        ],
        &[],
    ),
    (
        "company",
        &[("company", "Nordlicht Maschinenbau GmbH"), ("entitlements", "SEN-10000001")],
        &[("hosting", "data_center")],
    ),
    (
        "departed",
        &[("departed_name", "Petra Abend"), ("departed_email", DEPARTED), ("departed_on", "31.5.2026")],
        &[("contact_role", "technical")],
    ),
    ("successor", &[("successor_name", "Tobias Rauch"), ("successor_email", SUCCESSOR)], &[]),
    (
        "explanation",
        &[("explanation", "Frau Abend ist ausgeschieden, das Postfach ist abgeschaltet.")],
        &[("authority", "true"), ("privacy", "true")],
    ),
];

const NEXT: &str = "main form [name=go][value=next]";
const SEND: &str = "main form[action=\"/escalations\"] button:not([name])";

impl Phone<'_> {
    /// As far as the page that says that a letter is on its way.
    pub async fn files_a_request(&self) {
        self.opens("/").await;
        self.sees("home").await;
        self.presses("main a[href=\"/guide\"]").await;
        self.sees("guide-hosting").await;
        for (name, value) in [("hosting", "data_center"), ("acts", "nobody"), ("address", "company")] {
            self.chooses(name, value).await;
            self.presses("main form button").await;
            self.sees(&format!("guide-after-{name}")).await;
        }
        self.presses("main a[href^=\"/escalations/new\"]").await;
        self.sees("form").await;
        for (step, typed, chosen) in STEPS {
            if step == "explanation" {
                // The guide has put a hint there.
                self.types(step, "").await;
            }
            self.errs(NEXT, &format!("form-{step}-mistakes")).await;
            for (name, text) in typed {
                self.types(name, text).await;
            }
            for (name, value) in chosen {
                self.chooses(name, value).await;
            }
            self.presses(NEXT).await;
            self.sees(&format!("form-after-{step}")).await;
        }
        self.presses(SEND).await;
        self.sees("sent").await;
        assert_eq!(self.count_cases().await, 1);
    }

    /// Back in the browser after all was sent, and forth again. A browser with scripts has forgotten what was sent, and begins anew;
    /// without, it asks for the last page once more, and sending that leads to the request there is.
    pub async fn goes_back_and_forth(&self) {
        self.browser.driver.back().await.unwrap();
        if self.holder().scripts {
            self.until_at("/escalations/new").await;
            self.sees("form-anew").await;
            let values = "return [...document.querySelectorAll('main input:not([type=hidden]), main textarea')].map((field) => field.value).join('')";
            assert_eq!(self.browser.script(values, vec![]).await, "", "nothing of it is left");
            self.browser.driver.forward().await.unwrap();
        } else {
            self.until_at("/escalations/steps").await;
            self.sees("review-again").await;
            self.presses(SEND).await;
        }
        self.until_at("/escalations/sent/").await;
        self.sees("sent-again").await;
        assert_eq!(self.count_cases().await, 1);
    }

    async fn count_cases(&self) -> i64 {
        let pool = &self.desk.casework.app.pool;
        sqlx::query_scalar("select count(*) from cases").fetch_one(pool).await.unwrap()
    }

    /// From the letter to the page of the case.
    pub async fn confirms(&self) {
        self.follows_from(&self.mail().await, "confirmations").await;
        self.sees("confirmation").await;
        self.presses("main form[action^=\"/confirmations/\"] button").await;
        self.sees("confirmed").await;
        self.follows_from(&self.mail().await, "cases").await;
        self.sees("status").await;
    }
}

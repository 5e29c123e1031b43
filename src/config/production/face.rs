//! What production wants of the reseller's face: that it is there, and nobody else's. Whether it can be shown, `brand` judges.

use super::{host_of, is_https, is_reserved};
use crate::config::{Reseller, Settings, Words};

/// As in `config/default.toml`: of customers and of Atlassian, and the sender of e-mails.
pub const EXAMPLE_RESELLER: &str = "Beispiel Software Partner GmbH";
/// What its invented telephone number, address and particulars have in them.
const EXAMPLE_PHONE: &str = "+49 30 23125 100";
const EXAMPLE_HOURS: [&str; 2] = ["Mo–Fr 9:00–17:00 Uhr", "Mon–Fri 9:00–17:00"];
const EXAMPLE_ADDRESS: &str = "Beispielallee 1";

/// What customers would see that is nobody's, or miss. Each sentence has an example of what is wanted.
pub fn check(settings: &Settings) -> Vec<(bool, &'static str)> {
    let Reseller { name, phone, hours, address, .. } = &settings.reseller;
    let imprint = &settings.mail.imprint;
    let is_unset = |name: &str| name.trim().is_empty() || name.trim() == EXAMPLE_RESELLER;
    let hours = match hours {
        Words::Same(text) => [text, text],
        Words::Each(each) => [&each.de, &each.en],
    };
    vec![
        (
            is_unset(name),
            "reseller.name is not set: customers must know whom they deal with (name = \"Your Company GmbH\")",
        ),
        (
            phone == EXAMPLE_PHONE,
            "reseller.phone is still the example (phone = \"+49 30 …\", or \"\" where customers can't call)",
        ),
        (
            hours.iter().any(|text| EXAMPLE_HOURS.contains(&text.as_str())),
            "reseller.hours are still the example (hours = { de = \"Mo–Fr 8–16 Uhr\", en = \"Mon–Fri, 8 am to 4 pm\" }, or \"\")",
        ),
        (
            address.contains(EXAMPLE_ADDRESS),
            "reseller.address is still the example (address = \"Your Street 1, 10115 Berlin\", or \"\")",
        ),
        (
            !is_page(&settings.http.privacy_url),
            "http.privacy_url is not set: people must be able to read how their data is handled (privacy_url = \"https://www.your-company…/privacy\")",
        ),
        (
            !is_page(&settings.http.imprint_url),
            "http.imprint_url is not set: people must be able to see who runs this (imprint_url = \"https://www.your-company…/imprint\")",
        ),
        (
            is_unset(&settings.mail.from_name),
            "mail.from_name is not set: e-mails must say whom they are from (from_name = \"Your Company, Atlassian licences\")",
        ),
        (
            imprint.trim().is_empty() || imprint.contains(EXAMPLE_RESELLER),
            "mail.imprint is not set: the law wants it below business letters (GmbHG § 35a: imprint = \"Your Company GmbH, Berlin · register court, HRB 4711 · managing directors\")",
        ),
    ]
}

/// Whether `url` is such an address, and not an example.
fn is_page(url: &str) -> bool {
    let origin: String = url
        .chars()
        .enumerate()
        .take_while(|(at, c)| *at < 8 || !matches!(c, '/' | '?' | '#'))
        .map(|(_, c)| c)
        .collect();
    is_https(url) && !is_reserved(host_of(&origin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ByLanguage;

    fn told(lines: &str) -> Vec<String> {
        Settings::with(&format!("mode = \"production\"\n{lines}")).unwrap().production_problems()
    }

    #[test]
    fn the_examples_are_those_of_the_defaults() {
        let settings = Settings::with("").unwrap();
        assert_eq!(settings.atlassian.partner_name, EXAMPLE_RESELLER);
        assert_eq!(settings.reseller.name, EXAMPLE_RESELLER);
        assert_eq!(settings.mail.from_name, EXAMPLE_RESELLER);
        assert_eq!(settings.reseller.phone, EXAMPLE_PHONE);
        let [de, en] = EXAMPLE_HOURS.map(str::to_owned);
        assert_eq!(settings.reseller.hours, Words::Each(ByLanguage { de, en }));
        assert!(settings.reseller.address.contains(EXAMPLE_ADDRESS));
        assert!(settings.mail.imprint.contains(EXAMPLE_RESELLER));
    }

    /// Whoever starts production for the first time hears of the whole face at once, each key with an example.
    #[test]
    fn a_face_that_is_not_set_is_told_key_by_key() {
        let filled = told(
            "reseller.name = \"\"\nmail.from_name = \" \"\nmail.imprint = \"\"\nhttp.privacy_url = \"\"\nhttp.imprint_url = \"\"",
        );
        let defaults = told("");
        for key in ["reseller.name", "mail.from_name", "mail.imprint", "http.privacy_url", "http.imprint_url"]
        {
            for said in [&filled, &defaults] {
                let told: Vec<&String> = said.iter().filter(|sentence| sentence.starts_with(key)).collect();
                let example = format!("{} = \"", key.split_once('.').unwrap().1);
                assert!(matches!(&told[..], [one] if one.contains(&example)), "{key}: {said:#?}");
            }
        }
        // Nobody has to offer a telephone; but nobody may offer an invented one.
        let silent = told("reseller.phone = \"\"\nreseller.hours = \"\"\nreseller.address = \"\"");
        for key in ["reseller.phone", "reseller.hours", "reseller.address"] {
            let names = |said: &[String]| said.iter().any(|sentence| sentence.starts_with(key));
            assert!(names(&defaults) && !names(&silent), "{key}: {defaults:#?}");
        }
    }
}

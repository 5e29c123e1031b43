//! How a customer adds a second contact, so that nobody stands before a closed door the next time somebody leaves.
//!
//! In the guide's statements, with where each is from. By what the customer said of the hosting; both ways where they did not know.

use serde::Serialize;

use super::{
    advice::{
        ADD_BILLING, ADD_ON_MY, ALIAS, OPEN_BILLING, OPEN_MY, ORIGINAL_BILLING, PARTNER_ASSIGNS, Statement,
        TELL_US,
    },
    pages::{StatementView, statement},
};
use crate::{case::escalation::Hosting, lang::Language};

/// The steps for one hosting.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    hosting: Hosting,
    steps: Vec<StatementView>,
}

pub fn second_contact(hosting: Option<Hosting>, language: Language) -> Vec<Group> {
    let both = [Hosting::DataCenter, Hosting::Cloud];
    let hostings = hosting.as_ref().map_or(&both[..], std::slice::from_ref);
    let view = |one: &Statement| statement(*one, language);
    hostings
        .iter()
        .map(|hosting| Group { hosting: *hosting, steps: steps(*hosting).iter().map(view).collect() })
        .collect()
}

fn steps(hosting: Hosting) -> &'static [Statement] {
    match hosting {
        Hosting::DataCenter => const { &[OPEN_MY, ADD_ON_MY, ALIAS] },
        Hosting::Cloud => const { &[OPEN_BILLING, ADD_BILLING, ORIGINAL_BILLING] },
        Hosting::CloudPartnerManaged => const { &[PARTNER_ASSIGNS, TELL_US] },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_advice_in_both_languages_and_for_both_ways_where_nobody_knows() {
        for language in Language::ALL {
            for hosting in [Hosting::DataCenter, Hosting::Cloud, Hosting::CloudPartnerManaged] {
                for one in steps(hosting) {
                    let key = format!("guide-say-{}", one.word);
                    assert!(language.find_text(&key, &[].into()).is_some(), "{key} in {language:?}");
                }
                assert_eq!(second_contact(Some(hosting), language).len(), 1);
            }
            assert_eq!(second_contact(None, language).len(), 2);
        }
    }
}

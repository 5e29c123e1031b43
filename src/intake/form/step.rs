//! The steps of the form: which question is asked on which page, in which order.
//!
//! What was answered travels with the form from page to page; nothing of it is kept here before it is sent.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::web::Fields;

/// A page of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    You,
    Company,
    Departed,
    Successor,
    Explanation,
}

impl Step {
    pub const FIRST: Self = Self::You;
    pub const LAST: Self = Self::Explanation;

    /// The fields that are asked for on its page, in their order.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::You => &["requester_name", "requester_email", "requester_position", "requester_phone"],
            Self::Company => &["company", "customer_number", "hosting", "entitlements"],
            Self::Departed => {
                &["departed_name", "departed_email", "departed_email_unknown", "departed_on", "contact_role"]
            }
            Self::Successor => &["successor_is_requester", "successor_name", "successor_email"],
            Self::Explanation => &["explanation", "authority", "privacy"],
        }
    }

    /// From one, as people count.
    pub fn number(self) -> usize {
        Self::VARIANTS.iter().position(|step| *step == self).unwrap_or_default().saturating_add(1)
    }

    /// The page after it; `None` leads to the review.
    pub fn next(self) -> Option<Self> {
        Self::VARIANTS.get(self.number()).copied()
    }

    pub fn before(self) -> Option<Self> {
        Self::VARIANTS.get(self.number().checked_sub(2)?).copied()
    }

    /// Answers that go along unseen: the fields of all other pages that hold anything, in the order of the form. Nothing else that
    /// was sent travels on.
    pub fn carried(self, typed: &Fields) -> Vec<(&'static str, String)> {
        carried(typed, |step| step != self)
    }
}

pub fn in_order() -> impl Iterator<Item = Step> {
    Step::VARIANTS.iter().copied()
}

/// All answers, for the page that shows them.
pub fn all(typed: &Fields) -> Vec<(&'static str, String)> {
    carried(typed, |_| true)
}

fn carried(typed: &Fields, is_carried: impl Fn(Step) -> bool) -> Vec<(&'static str, String)> {
    let steps = Step::VARIANTS.iter().filter(|step| is_carried(**step));
    let names = steps.flat_map(|step| step.fields());
    names.map(|name| (*name, typed.get(name).to_owned())).filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::prepared::field_names;

    #[test]
    fn every_question_is_asked_once() {
        let mut asked: Vec<&str> = Step::VARIANTS.iter().flat_map(|step| step.fields()).copied().collect();
        let all = asked.len();
        asked.sort_unstable();
        asked.dedup();
        assert_eq!(asked.len(), all);
        for name in field_names() {
            assert!(asked.contains(&name) || name == "language", "{name}");
        }
    }

    #[test]
    fn the_steps_follow_each_other_both_ways() {
        let mut step = Step::FIRST;
        assert_eq!(step.before(), None);
        while let Some(next) = step.next() {
            assert_eq!(next.before(), Some(step));
            assert_eq!(next.number(), step.number() + 1);
            step = next;
        }
        assert_eq!(step, Step::LAST);
    }

    #[test]
    fn only_answers_travel() {
        let mut typed = Fields::default();
        for (name, value) in
            [("company", "Nordlicht"), ("hosting", ""), ("requester_name", "Jana"), ("evil", "x")]
        {
            typed.set(name, value);
        }
        assert_eq!(Step::You.carried(&typed), [("company", "Nordlicht".to_owned())]);
        assert_eq!(all(&typed).len(), 2);
    }
}

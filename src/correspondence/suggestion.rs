//! What an answer seems to say, to save staff a click: Atlassian's, or the machine's that answers for the departed contact.
//! A suggestion, never applied (law 5).

use strum::{EnumString, IntoStaticStr};

use crate::message::Said;

#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Suggestion {
    Done,
    Question,
    Declined,
    Other,
    /// The departed contact's mailbox says that they are no longer there.
    Left,
    /// It says that they are away, and so still there.
    Absent,
}

impl From<Said> for Suggestion {
    fn from(said: Said) -> Self {
        match said {
            Said::Left => Self::Left,
            Said::Absent => Self::Absent,
        }
    }
}

/// Atlassian answers in English. Sentences of courtesy say nothing.
const COURTESY: [&str; 6] =
    ["any question", "further question", "anything else", "let us know if", "let me know if", "feel free"];
const QUESTION: [&str; 9] = [
    "?",
    "please provide",
    "please confirm",
    "please send",
    "please share",
    "we need ",
    "we require",
    "we will need",
    "please reply with",
];
const DECLINED: [&str; 9] = [
    "unable to",
    "not able to",
    "cannot ",
    "can't ",
    "can not ",
    "not possible",
    "decline",
    "not permitted",
    "won't be able",
];
const DONE: [&str; 12] = [
    "has been updated",
    "have updated",
    "i've updated",
    "we've updated",
    "has been changed",
    "have changed",
    "has been added",
    "have added",
    "has been completed",
    "is now the",
    "are now the",
    "has been replaced",
];

/// What the visible text of an answer seems to say.
pub(super) fn of(text: &str) -> Suggestion {
    let lower = text.to_lowercase().replace('’', "'").split_whitespace().collect::<Vec<_>>().join(" ");
    let sentences: Vec<&str> = lower
        .split_inclusive(['.', '!', '?'])
        .filter(|sentence| !COURTESY.iter().any(|words| sentence.contains(words)))
        .collect();
    let says = |phrases: &[&str]| {
        sentences.iter().any(|sentence| phrases.iter().any(|phrase| sentence.contains(phrase)))
    };
    if says(&QUESTION) {
        Suggestion::Question
    } else if says(&DECLINED) {
        Suggestion::Declined
    } else if says(&DONE) {
        Suggestion::Done
    } else {
        Suggestion::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_for_what_they_say() {
        for (text, expected) in [
            (
                "Hi Ann,\n\nThe technical contact has been updated. Let us know if you have any questions?",
                Suggestion::Done,
            ),
            ("Tobias Rauch is now the primary\ncontact of SEN-10000001.", Suggestion::Done),
            ("Could you send us the invoice?", Suggestion::Question),
            ("We’re unable to verify the domain. Please provide the order number.", Suggestion::Question),
            ("Unfortunately we can’t make this change.", Suggestion::Declined),
            ("Thank you for contacting us. We have received your request.", Suggestion::Other),
            ("", Suggestion::Other),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}

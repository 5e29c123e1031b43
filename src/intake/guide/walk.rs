//! From an address to a place in the tree: what was answered, what is open, and what is kept for a later question.
//!
//! Only words that the tree knows get through. An answer that does not fit leaves its question open, whatever it was.

use super::tree::{Next, Place, Question};
use crate::{lang::Language, web::Fields};

/// An answer that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    pub place: Place,
    pub word: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// In the order of the tree.
    pub answered: Vec<Answered>,
    pub next: Next,
    /// Answers to questions that are not reached yet, as far as one could be meant.
    pub kept: Vec<(Question, &'static str)>,
    /// The language that the link named: in a frame of another site no cookie keeps it.
    pub language: Option<Language>,
}

/// What the answers of an address lead to.
pub fn read(query: &str) -> Walk {
    let fields = Fields::decode(query.as_bytes()).unwrap_or_default();
    let mut answered = Vec::new();
    let mut next = Next::Ask(Place::START);
    // Each question is asked once, so this ends.
    while let Next::Ask(place) = next {
        let typed = fields.get(place.question().word());
        let Some(word) = place.words().into_iter().find(|word| *word == typed) else { break };
        let Some(after) = place.take(word) else { break };
        answered.push(Answered { place, word });
        next = after;
    }
    let kept = match next {
        Next::Ask(place) => kept(&fields, place, &answered),
        Next::End(_) => Vec::new(),
    };
    Walk { answered, next, kept, language: Language::parse(fields.get("language")) }
}

fn kept(fields: &Fields, open: Place, answered: &[Answered]) -> Vec<(Question, &'static str)> {
    let later = |place: &Place| {
        let question = place.question();
        question != open.question() && answered.iter().all(|one| one.place.question() != question)
    };
    let mut kept: Vec<(Question, &'static str)> = Vec::new();
    for place in Place::ALL.into_iter().filter(later) {
        let question = place.question();
        let typed = fields.get(question.word());
        let word = place.words().into_iter().find(|word| *word == typed);
        if let Some(word) = word.filter(|_| kept.iter().all(|(before, _)| *before != question)) {
            kept.push((question, word));
        }
    }
    kept
}

impl Walk {
    /// All answers as an address writes them; the words need no escaping.
    pub fn query(&self) -> String {
        self.join(self.answered.iter())
    }

    fn join<'a>(&self, answers: impl Iterator<Item = &'a Answered>) -> String {
        let answers = join(answers.map(|one| (one.place.question(), one.word)));
        match self.language {
            Some(language) if answers.is_empty() => format!("language={}", language.as_str()),
            Some(language) => format!("{answers}&language={}", language.as_str()),
            None => answers,
        }
    }

    /// The address that asks the question of the `at`-th answer again and keeps the others.
    pub fn change(&self, at: usize) -> String {
        let others = self.answered.iter().enumerate().filter(|(n, _)| *n != at);
        address(&self.join(others.map(|(_, one)| one)))
    }

    /// The address of the question before the open one; the start page before the first.
    pub fn back(&self) -> String {
        match self.answered.split_last() {
            Some((_, before)) => address(&self.join(before.iter())),
            None => "/".to_owned(),
        }
    }
}

fn address(query: &str) -> String {
    if query.is_empty() { "/guide".to_owned() } else { format!("/guide?{query}") }
}

fn join(answers: impl Iterator<Item = (Question, &'static str)>) -> String {
    answers.map(|(question, word)| format!("{}={word}", question.word())).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::guide::leaf::Leaf;

    #[test]
    fn answers_lead_on() {
        for (query, next, kept) in [
            ("", Next::Ask(Place::Hosting), ""),
            ("hosting=cloud", Next::Ask(Place::Cloud), ""),
            ("hosting=cloud&acts=mailbox", Next::End(Leaf::CloudMailbox), ""),
            ("acts=mailbox&hosting=data_center", Next::End(Leaf::DataCenterMailbox), ""),
            // Answered ahead: kept, and taken as soon as its question comes.
            ("acts=contact", Next::Ask(Place::Hosting), "acts=contact"),
            ("hosting=unknown&acts=contact", Next::Ask(Place::Site), "acts=contact"),
            ("hosting=unknown&site=no&acts=contact", Next::End(Leaf::DataCenterContact), ""),
            // What was said contradicts itself: the question is asked again.
            ("hosting=data_center&acts=billing_admin", Next::Ask(Place::DataCenter), ""),
            (
                "hosting=free&acts=organisation_admin&address=private",
                Next::Ask(Place::Free),
                "address=private",
            ),
            ("hosting=mainframe&acts=%3Cscript%3E", Next::Ask(Place::Hosting), ""),
            ("hosting=cloud&hosting=free", Next::Ask(Place::Cloud), ""),
            ("hosting=%FF", Next::Ask(Place::Hosting), ""),
        ] {
            let walk = read(query);
            assert_eq!(walk.next, next, "{query}");
            assert_eq!(join(walk.kept.iter().copied()), kept, "{query}");
        }
        assert_eq!(read(&format!("hosting={}", "cloud".repeat(2000))).next, Next::Ask(Place::Hosting));
    }

    #[test]
    fn answers_can_be_changed_one_by_one() {
        let walk = read("hosting=cloud&acts=nobody&address=company");
        assert_eq!(walk.next, Next::End(Leaf::RequestCloud));
        assert_eq!(walk.query(), "hosting=cloud&acts=nobody&address=company");
        assert_eq!(walk.change(1), "/guide?hosting=cloud&address=company");
        assert_eq!(walk.back(), "/guide?hosting=cloud&acts=nobody");
        assert_eq!(read("").back(), "/");
        assert_eq!(read("hosting=free").back(), "/guide");
        let walk = read("hosting=cloud&acts=nobody&language=de");
        assert_eq!(walk.query(), "hosting=cloud&acts=nobody&language=de");
        assert_eq!(walk.change(1), "/guide?hosting=cloud&language=de");
        assert_eq!(read("hosting=cloud&language=de").back(), "/guide?language=de");
        assert_eq!(read("language=fr").language, None);
    }
}

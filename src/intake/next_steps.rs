//! What the customer's side can do so that checking goes on sooner. An open question stands on the page by itself.
//!
//! Made of the form, the policy and what the customer's side itself has done, and of nothing else: not of verdicts that
//! rest on the register, nor of what staff did. So it reads the same for a customer and for somebody who pretends.

use serde::Serialize;

use super::challenges::ChallengeView;
use crate::{
    case::{
        check::{CheckKind, Evidence, Verdict},
        policy::Policy,
        state::State,
    },
    casework::Loaded,
    lang::{Arguments, Language},
    public_mail::PublicMail,
};

/// What `intake/next_steps.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct NextSteps {
    /// What only the customer's side can do.
    yours: Vec<NextStep>,
    /// How many proofs of different kinds are needed; empty where none is.
    proofs: String,
    /// The ways to them that the customer's side can help along.
    ways: Vec<NextStep>,
    /// What takes its time whatever anybody does.
    waits: Vec<NextStep>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct NextStep {
    /// The name of an icon: `arrow` for what to do, `ok` for what is done, `warn`, `pending`.
    mark: &'static str,
    title: String,
    text: String,
    link: Option<Link>,
}

/// To another part of the same page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Link {
    href: &'static str,
    text: String,
}

impl NextSteps {
    /// `None` unless we are checking. `loaded` is the case as the customer is told of it.
    pub fn of(loaded: &Loaded, ways: &Ways<'_>, language: Language) -> Option<Self> {
        if !matches!(loaded.case.state, State::Verifying | State::AwaitingCustomer { .. }) {
            return None;
        }
        let policy = &loaded.case.rules.policy;
        let words = Words { loaded, language, ways };
        let yours = [words.successor(), words.public_mail()];
        let ways = [
            ways.challenge.filter(|_| policy.asks_for(CheckKind::DomainDns)).map(|shown| words.domain(shown)),
            words.way(CheckKind::Callback),
            words.way(CheckKind::Vouch),
            words.way(CheckKind::Document),
        ];
        let waits = [policy.asks_for(CheckKind::DepartedNotice).then(|| words.step("pending", "notice"))];
        Some(Self {
            yours: yours.into_iter().flatten().collect(),
            proofs: words.proofs(policy),
            ways: ways.into_iter().flatten().collect(),
            waits: waits.into_iter().flatten().collect(),
        })
    }
}

/// What else stands on the page.
pub struct Ways<'a> {
    pub challenge: Option<&'a ChallengeView>,
    /// An address can be set right, a file sent, somebody named who could confirm.
    pub correct: bool,
    pub send: bool,
    pub name: bool,
}

struct Words<'a> {
    loaded: &'a Loaded,
    language: Language,
    ways: &'a Ways<'a>,
}

impl Words<'_> {
    /// The new contact is the customer's own person, so the requester may know how that stands.
    fn successor(&self) -> Option<NextStep> {
        if self.loaded.escalation.successor.is_requester {
            return None;
        }
        let check = self.loaded.case.check(CheckKind::Successor)?;
        match (check.verdict, &check.evidence) {
            (Verdict::Pending, _) => Some(self.correctable("arrow", "successor")),
            (Verdict::Failed, Evidence::Declined) => Some(self.correctable("warn", "successor-declined")),
            (Verdict::Passed, _) => Some(self.step("ok", "successor-accepted")),
            _ => None,
        }
    }

    /// The address may be mistyped.
    fn correctable(&self, mark: &'static str, name: &str) -> NextStep {
        let link = self.ways.correct.then(|| self.link("#addresses", "address")).flatten();
        NextStep { link, ..self.step(mark, name) }
    }

    fn public_mail(&self) -> Option<NextStep> {
        let domain = self.loaded.escalation.requester.email.domain();
        PublicMail::of(domain).map(|_| self.step("arrow", "public-mail"))
    }

    fn domain(&self, challenge: &ChallengeView) -> NextStep {
        let (mark, name) = match challenge.stage {
            "seen" => ("ok", "domain-seen"),
            "waiting" => ("arrow", "domain-waiting"),
            _ => ("arrow", "domain-offered"),
        };
        NextStep { link: self.link("#domain", "domain"), ..self.step(mark, name) }
    }

    /// Whether it has been tried is not told: that would depend on what is on record.
    fn way(&self, kind: CheckKind) -> Option<NextStep> {
        let link = match kind {
            CheckKind::Vouch if self.ways.name => self.link("#claims", "vouch"),
            CheckKind::Document if self.ways.send => self.link("#evidence", "document"),
            _ => None,
        };
        let step = || NextStep { link, ..self.step("arrow", kind.as_str()) };
        self.loaded.case.rules.policy.asks_for(kind).then(step)
    }

    fn proofs(&self, policy: &Policy) -> String {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let (count, others) = policy.demands();
        if count == 0 {
            return String::new();
        }
        let arguments: Arguments<'_> =
            [("count".into(), number(count).into()), ("others".into(), number(others).into())].into();
        self.language.text_with("intake-next-proofs", &arguments)
    }

    fn step(&self, mark: &'static str, name: &str) -> NextStep {
        let escalation = &self.loaded.escalation;
        let arguments: Arguments<'_> = [
            ("successor".into(), escalation.successor.name.clone().into()),
            ("domain".into(), escalation.challenge_domain().unwrap_or_default().to_owned().into()),
            ("provider".into(), escalation.requester.email.domain().to_owned().into()),
        ]
        .into();
        NextStep {
            mark,
            title: self.language.text_with(&format!("intake-next-{name}"), &arguments),
            text: self.language.text_with(&format!("intake-next-{name}-text"), &arguments),
            link: None,
        }
    }

    fn link(&self, href: &'static str, name: &str) -> Option<Link> {
        Some(Link { href, text: self.language.text(&format!("intake-next-{name}-link")) })
    }
}

//! What staff should look at twice, in the reader's words. Shows and links, changes and decides nothing.

mod facts;
mod find;
mod look_alike;
mod signal;

use fluent_templates::fluent_bundle::FluentValue;
use serde::Serialize;
use sqlx::PgConnection;

use find::signals;
use look_alike::Likeness;
pub use look_alike::to_unicode;
use signal::{Change, OtherCase, Signal, Whose};

use crate::{
    app::App,
    case::facts::{Difference, Fact},
    casework::{Licences, Loaded},
    clock::Timestamp,
    lang::{Arguments, Language},
    view::{write_day, write_instant},
};

/// One signal for `desk/parts/signals.html`.
#[derive(Debug, Serialize)]
pub struct SignalView {
    /// `warn` for what is unusual, else `info`.
    tone: &'static str,
    title: String,
    text: String,
    /// The domains it is about, in both of their forms.
    domains: Vec<DomainView>,
    /// Further facts, a line each.
    lines: Vec<String>,
    cases: Vec<OtherCase>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct DomainView {
    whose: String,
    /// As people see it (U-label), in three parts: what it shares with the domain beside it, where it differs, the rest.
    shown: [String; 3],
    /// As the name servers know it (A-label), where that differs.
    ascii: Option<String>,
}

/// Since when changes of the register count as lately, and how many of a kind are listed: what [`list`] wants to know of the licences.
pub fn bounds(app: &App) -> (Timestamp, i64) {
    (facts::since(app, app.settings.signals.register_change_days), facts::MOST)
}

/// The signals of a case, the unusual ones first. Known by then: what the register has under its licences, the domains on record
/// of their customers, and where the letter's facts differ from the register. One query.
pub async fn list(
    connection: &mut PgConnection,
    app: &App,
    loaded: &Loaded,
    known: (&Licences, Vec<String>, &[Difference]),
    language: Language,
) -> anyhow::Result<Vec<SignalView>> {
    let facts = facts::gather(connection, loaded, known, app).await?;
    let words = Words { language, zone: &app.zone };
    Ok(signals(&facts).iter().map(|signal| words.view(signal)).collect())
}

struct Words<'a> {
    language: Language,
    zone: &'a jiff::tz::TimeZone,
}

impl Words<'_> {
    fn view(&self, signal: &Signal) -> SignalView {
        let key = format!("signal-{}", signal.as_str());
        let mut view = SignalView {
            tone: if signal.is_ordinary() { "info" } else { "warn" },
            title: self.language.text(&key),
            text: self.language.text_with(&format!("{key}-text"), &self.arguments(signal)),
            domains: Vec::new(),
            lines: Vec::new(),
            cases: Vec::new(),
        };
        match signal {
            Signal::LookAlike { whose, domain, like, on_record, how } => {
                let original = if *on_record { "record" } else { "departed" };
                view.domains = vec![self.domain((*whose).into(), domain), self.domain(original, like)];
                mark_difference(&mut view.domains);
                view.lines.push(self.likeness(*how));
            }
            Signal::OtherDomain { requester, departed } => {
                view.domains = vec![self.of(Whose::Requester, requester), self.of(Whose::Departed, departed)];
            }
            Signal::MixedScripts { whose, domain }
            | Signal::Internationalised { whose, domain }
            | Signal::PublicMail { whose, domain, .. }
            | Signal::NoMail { whose, domain, .. }
            | Signal::DomainMoved { whose, domain, .. }
            | Signal::DomainNew { whose, domain, .. }
            | Signal::MailUnknown { whose, domain } => view.domains.push(self.of(*whose, domain)),
            Signal::SuccessorElsewhere { domain } => view.domains.push(self.of(Whose::Successor, domain)),
            Signal::FirstContact { domain } => view.domains.push(self.of(Whose::Requester, domain)),
            Signal::RejectedBefore { cases }
            | Signal::OtherClaims { cases }
            | Signal::ContactChanged { cases, .. } => view.cases.clone_from(cases),
            Signal::RegisterChanged { changes } => {
                view.lines = changes.iter().map(|change| self.change(change)).collect();
            }
            Signal::DiffersFromRegister { what, form, register } => {
                let said = [("signal-differs-form", form), ("signal-differs-record", register)];
                view.lines = said.map(|(key, value)| self.said(key, *what, value)).into();
            }
            Signal::NoticeUnread
            | Signal::SaidAbsent
            | Signal::SaidLeft
            | Signal::RenewalNear { .. }
            | Signal::RequesterIsSuccessor
            | Signal::LikeMailbox { .. } => {}
        }
        view
    }

    /// What the sentences of all signals may name.
    fn arguments(&self, signal: &Signal) -> Arguments<'static> {
        match signal {
            Signal::PublicMail { kind, .. } => {
                let kind: &'static str = kind.into();
                [("kind".into(), kind.into())].into()
            }
            Signal::DiffersFromRegister { what, .. } => {
                [("what".into(), self.language.text(&format!("fact-{}", what.as_str())).into())].into()
            }
            Signal::NoMail { refused, .. } => {
                [("refused".into(), if *refused { "yes" } else { "no" }.into())].into()
            }
            Signal::RenewalNear { on, days } => [
                ("when".into(), if *days < 0 { "past" } else { "ahead" }.into()),
                ("days".into(), FluentValue::from(i64::from(days.unsigned_abs()))),
                ("on".into(), write_day(*on, self.language).into()),
            ]
            .into(),
            Signal::DomainMoved { what, on, days, .. } | Signal::DomainNew { what, on, days, .. } => [
                ("what".into(), what.as_str().into()),
                ("days".into(), FluentValue::from(i64::from(*days))),
                ("on".into(), write_day(*on, self.language).into()),
            ]
            .into(),
            Signal::OtherClaims { cases } | Signal::RejectedBefore { cases } => {
                [("count".into(), FluentValue::from(i64::try_from(cases.len()).unwrap_or(i64::MAX)))].into()
            }
            Signal::ContactChanged { named, .. } => {
                let named: &'static str = named.into();
                [("named".into(), named.into())].into()
            }
            Signal::LikeMailbox { one, other } => {
                [("one".into(), self.whose(*one).into()), ("other".into(), self.whose(*other).into())].into()
            }
            _ => Arguments::new(),
        }
    }

    fn whose(&self, whose: Whose) -> String {
        self.language.text(&format!("signal-whose-{}", <&str>::from(whose)))
    }

    fn of(&self, whose: Whose, domain: &str) -> DomainView {
        self.domain(whose.into(), domain)
    }

    /// `whose`: requester, successor, departed or record.
    fn domain(&self, whose: &str, domain: &str) -> DomainView {
        let shown = to_unicode(domain);
        DomainView {
            whose: self.language.text(&format!("signal-whose-{whose}")),
            ascii: (shown != domain).then(|| domain.to_owned()),
            shown: [shown, String::new(), String::new()],
        }
    }

    fn likeness(&self, how: Likeness) -> String {
        self.language.text(&format!("likeness-{}", how.as_str()))
    }

    /// What one side says of a fact, in words.
    fn said(&self, key: &str, what: Fact, value: &str) -> String {
        let hosting = |word: &str| self.language.text(&format!("hosting-{word}"));
        let value = match what {
            Fact::Hosting => value.split(' ').map(hosting).collect::<Vec<_>>().join(", "),
            _ => value.to_owned(),
        };
        self.language.text_with(key, &[("value".into(), value.into())].into())
    }

    fn change(&self, change: &Change) -> String {
        let what: &'static str = change.what.into();
        let arguments: Arguments<'_> = [
            ("entitlement".into(), change.entitlement.clone().into()),
            ("at".into(), write_instant(change.at, self.zone, self.language).into()),
        ]
        .into();
        self.language.text_with(&format!("signal-changed-{what}"), &arguments)
    }
}

/// Parts two domains at what they share in front and behind, so that the eye finds where they differ.
fn mark_difference(domains: &mut [DomainView]) {
    let [one, other] = domains else { return };
    let (a, b): (Vec<char>, Vec<char>) =
        (one.shown.concat().chars().collect(), other.shown.concat().chars().collect());
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let shorter = a.len().min(b.len());
    let behind = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let behind = behind.min(shorter.saturating_sub(front));
    for (view, letters) in [(one, a), (other, b)] {
        let end = letters.len().saturating_sub(behind);
        let part = |from: usize, to: usize| letters.iter().take(to).skip(from).collect();
        view.shown = [part(0, front), part(front, end), part(end, letters.len())];
    }
}

#[cfg(test)]
mod tests {
    use strum::{VariantArray as _, VariantNames as _};

    use super::*;

    /// The sentences whose keys are put together from words of the rules.
    #[test]
    fn every_signal_has_its_words() {
        let mut keys: Vec<String> = Vec::new();
        for word in Signal::VARIANTS {
            keys.extend([format!("signal-{word}"), format!("signal-{word}-text")]);
        }
        keys.extend(Likeness::VARIANTS.iter().map(|how| format!("likeness-{}", how.as_str())));
        keys.extend(
            ["requester", "successor", "departed", "record"].map(|who| format!("signal-whose-{who}")),
        );
        keys.extend(["domains", "contacts", "entitlement"].map(|what| format!("signal-changed-{what}")));
        keys.extend(Fact::VARIANTS.iter().map(|fact| format!("fact-{}", fact.as_str())));
        keys.extend(["signal-differs-form", "signal-differs-record"].map(str::to_owned));
        let mut arguments: Arguments<'_> =
            [("days".into(), FluentValue::from(2)), ("count".into(), FluentValue::from(2))].into();
        for name in
            ["kind", "refused", "what", "when", "on", "entitlement", "at", "value", "one", "other", "named"]
        {
            arguments.insert(name.into(), "given".into());
        }
        for key in keys {
            for language in Language::ALL {
                assert!(language.find_text(&key, &arguments).is_some(), "{key} in {language:?}");
            }
        }
    }

    #[test]
    fn a_domain_is_shown_in_both_forms_where_they_differ() {
        let zone = jiff::tz::TimeZone::UTC;
        let words = Words { language: Language::En, zone: &zone };
        let view = words.of(Whose::Requester, "xn--nrdlicht-nbh.example");
        assert_eq!(view.shown.concat(), "n\u{43e}rdlicht.example");
        assert_eq!(view.ascii.as_deref(), Some("xn--nrdlicht-nbh.example"));
        assert_eq!(words.of(Whose::Requester, "nordlicht.example").ascii, None);
    }

    #[test]
    fn the_difference_of_two_domains_is_marked() {
        let zone = jiff::tz::TimeZone::UTC;
        let words = Words { language: Language::En, zone: &zone };
        for (one, other, expected) in [
            (
                "nordlich.example",
                "nordlicht.example",
                [["nordlich", "", ".example"], ["nordlich", "t", ".example"]],
            ),
            (
                "norrdlicht.example",
                "nordlicht.example",
                [["nor", "r", "dlicht.example"], ["nor", "", "dlicht.example"]],
            ),
            ("n0rd.example", "nord.example", [["n", "0", "rd.example"], ["n", "o", "rd.example"]]),
        ] {
            let mut pair = [words.domain("record", one), words.domain("record", other)];
            mark_difference(&mut pair);
            assert_eq!(pair.map(|view| view.shown), expected.map(|parts| parts.map(str::to_owned)));
        }
    }
}

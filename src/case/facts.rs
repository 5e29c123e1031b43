//! The facts of the letter: what the customer entered, what the register says, and what staff set right.
//!
//! The register's word goes into the letter, unless somebody set it right by name and with a reason. Addresses are only
//! ever the customer's: nobody here can put another mailbox in their place. Where the customer does not know that of the
//! departed contact, staff can say it, and it is checked as if it had been entered. Pure; `casework` reads the register.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{
    actor::StaffId,
    address::EmailAddress,
    characters::find_hidden,
    escalation::{ContactRole, Escalation, Hosting},
    refusal::Refusal,
    text::Text,
};
use crate::clock::{Day, Timestamp};

/// What staff can set right; never an address that the customer stated.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Fact {
    Company,
    Hosting,
    DepartedName,
    DepartedEmail,
    DepartedRole,
}

impl Fact {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What staff set right at once: at least one fact, each in its own type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    pub company: Option<Line>,
    pub hosting: Option<Hosting>,
    pub departed_name: Option<Line>,
    /// Where the customer does not know it.
    pub departed_email: Option<EmailAddress>,
    pub departed_role: Option<ContactRole>,
}

impl Corrections {
    /// Each fact with its new value, as it is stored.
    pub fn values(&self) -> Vec<(Fact, &str)> {
        [
            (Fact::Company, self.company.as_ref().map(Line::as_str)),
            (Fact::Hosting, self.hosting.map(Into::into)),
            (Fact::DepartedName, self.departed_name.as_ref().map(Line::as_str)),
            (Fact::DepartedEmail, self.departed_email.as_ref().map(EmailAddress::as_str)),
            (Fact::DepartedRole, self.departed_role.map(Into::into)),
        ]
        .into_iter()
        .filter_map(|(fact, value)| Some((fact, value?)))
        .collect()
    }

    pub fn facts(&self) -> Vec<Fact> {
        self.values().into_iter().map(|(fact, _)| fact).collect()
    }

    /// Whether they may be set right in this request.
    ///
    /// # Errors
    /// [`Refusal::AddressStated`] for an address that the customer knows: a member of staff could put another in its place.
    /// [`Refusal::AddressInvolved`] for one that the form itself would not take.
    pub fn fit(&self, escalation: &Escalation) -> Result<(), Refusal> {
        let Some(address) = &self.departed_email else { return Ok(()) };
        if escalation.departed.email.stated().is_some() {
            return Err(Refusal::AddressStated);
        }
        let involved = [&escalation.requester.email, &escalation.successor.email];
        if involved.into_iter().any(|own| own.shares_mailbox(address)) {
            return Err(Refusal::AddressInvolved);
        }
        Ok(())
    }
}

/// A name in one line, in which nothing is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// Characters it may have.
    pub const MAX: usize = 200;

    /// `None` where it is empty, too long, of several lines, holds a secret or a character that nobody sees.
    pub fn parse(text: &str) -> Option<Self> {
        let text = Text::parse_within(text, Self::MAX).ok()?;
        let line = text.as_str();
        let fits = !line.contains(['\n', '\t']) && find_hidden(line).is_none();
        (fits && line.chars().any(char::is_alphanumeric)).then(|| Self(line.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody set right, and who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub fact: Fact,
    pub value: String,
    pub by: StaffId,
    pub at: Timestamp,
}

/// What the register says about a case whose entitlements belong to one customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnRecord {
    pub company: String,
    pub customer_number: String,
    /// Of the entitlements that were named, each once.
    pub hosting: Vec<Hosting>,
    /// Of the contact at the departed contact's mailbox.
    pub departed_name: Option<String>,
}

/// The facts that can come from more than one side, as they stand in the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFacts {
    pub company: String,
    /// `None`: nobody knows it.
    pub hosting: Option<Hosting>,
    pub departed_name: String,
    /// `None`: nobody knows it.
    pub departed_email: Option<String>,
    pub departed_role: ContactRole,
    pub customer_number: Option<String>,
    /// The earliest renewal on record of what was named.
    pub renews_on: Option<Day>,
    pub on_record: Option<OnRecord>,
    /// The latest of each fact.
    pub corrections: Vec<Correction>,
    pub differences: Vec<Difference>,
}

/// What the form says, or staff set right, is not what the register says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub what: Fact,
    pub form: String,
    pub register: String,
}

impl LetterFacts {
    /// `asked_role`: the role that is to change, as the case was loaded with it: what is checked and what the letter says must
    /// be the same. `corrections`: the latest of each fact.
    pub fn of(
        escalation: &Escalation,
        asked_role: ContactRole,
        on_record: Option<OnRecord>,
        corrections: Vec<Correction>,
    ) -> Self {
        let corrected = |fact: Fact| {
            corrections.iter().find(|correction| correction.fact == fact).map(|found| found.value.clone())
        };
        let mut differences = Vec::new();
        let mut name = |what: Fact, form: &str, register: Option<&str>| {
            let corrected = corrected(what);
            let said = corrected.as_deref().unwrap_or(form);
            if let Some(register) = register.filter(|register| folded(register) != folded(said)) {
                differences.push(Difference { what, form: said.to_owned(), register: register.to_owned() });
            }
            corrected.or(register.map(str::to_owned)).unwrap_or_else(|| form.to_owned())
        };
        let register = on_record.as_ref();
        let company =
            name(Fact::Company, &escalation.company, register.map(|register| register.company.as_str()));
        let departed_name = name(
            Fact::DepartedName,
            &escalation.departed.name,
            register.and_then(|register| register.departed_name.as_deref()),
        );
        let corrected_hosting: Option<Hosting> =
            corrected(Fact::Hosting).and_then(|value| value.parse().ok());
        let known = register.map_or(&[][..], |register| &register.hosting);
        if let Some(said) = corrected_hosting.or(escalation.hosting)
            && !known.is_empty()
            && known != [said]
        {
            let word = |hosting: &Hosting| <&str>::from(*hosting);
            differences.push(Difference {
                what: Fact::Hosting,
                form: word(&said).to_owned(),
                register: known.iter().map(word).collect::<Vec<_>>().join(" "),
            });
        }
        // Several at once are no word that a letter could have: staff say which.
        let hosting = match (corrected_hosting, known) {
            (Some(hosting), _) => Some(hosting),
            (None, [hosting]) => Some(*hosting),
            (None, _) => escalation.hosting,
        };
        Self {
            company,
            hosting,
            departed_name,
            departed_email: escalation.departed.email.known().map(ToString::to_string),
            departed_role: asked_role,
            customer_number: register
                .map(|register| register.customer_number.clone())
                .or_else(|| escalation.customer_number.clone()),
            renews_on: None,
            on_record,
            corrections,
            differences,
        }
    }

    /// What a letter would have to state and nobody knows: none can be written before.
    pub fn unknown(&self) -> Vec<Fact> {
        let hosting = self.hosting.is_none().then_some(Fact::Hosting);
        hosting.into_iter().chain(self.departed_email.is_none().then_some(Fact::DepartedEmail)).collect()
    }

    /// Who last set the fact right.
    pub fn correction(&self, fact: Fact) -> Option<&Correction> {
        self.corrections.iter().find(|correction| correction.fact == fact)
    }

    pub fn differs(&self, fact: Fact) -> bool {
        self.differences.iter().any(|difference| difference.what == fact)
    }
}

/// A name without what people write now one way, now another: case, punctuation, the spaces of "G m b H" and "GmbH & Co. KG",
/// umlauts written out.
fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.to_lowercase().replace(" und ", "&").replace(" and ", "&").chars() {
        match c {
            '\u{e4}' => folded.push_str("ae"),
            '\u{f6}' => folded.push_str("oe"),
            '\u{fc}' => folded.push_str("ue"),
            '\u{df}' => folded.push_str("ss"),
            '&' | '+' => folded.push('&'),
            c if c.is_alphanumeric() => folded.push(c),
            _ => {}
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::escalation::{Departed, DepartedAddress, Requester, Successor},
        lang::Language,
    };

    fn escalation() -> Escalation {
        Escalation {
            language: Language::De,
            requester: Requester {
                name: "Miriam Kessler".into(),
                email: "m@nordlicht.example".parse().unwrap(),
                phone: None,
                position: None,
            },
            company: "Nordlicht GmbH".into(),
            customer_number: Some("K-9".into()),
            hosting: Some(Hosting::Cloud),
            entitlements: Vec::new(),
            departed: Departed {
                name: "P. Abend".into(),
                email: DepartedAddress::Stated("p@nordlicht.example".parse().unwrap()),
                on: None,
                role: ContactRole::Both,
            },
            successor: Successor {
                name: "Tobias Rauch".into(),
                email: "t@nordlicht.example".parse().unwrap(),
                is_requester: false,
            },
            explanation: Text::parse("…").unwrap(),
        }
    }

    fn on_record() -> OnRecord {
        OnRecord {
            company: "Nordlicht Maschinenbau GmbH".into(),
            customer_number: "K-1".into(),
            hosting: vec![Hosting::DataCenter],
            departed_name: Some("Petra Abend".into()),
        }
    }

    fn correction(fact: Fact, value: &str) -> Correction {
        let at = jiff::Timestamp::UNIX_EPOCH.into();
        Correction { fact, value: value.into(), by: StaffId(uuid::Uuid::nil()), at }
    }

    fn differing(facts: &LetterFacts) -> Vec<Fact> {
        facts.differences.iter().map(|difference| difference.what).collect()
    }

    #[test]
    fn the_registers_word_goes_into_the_letter() {
        let facts = LetterFacts::of(&escalation(), ContactRole::Both, Some(on_record()), Vec::new());
        assert_eq!(facts.company, "Nordlicht Maschinenbau GmbH");
        assert_eq!(facts.departed_name, "Petra Abend");
        assert_eq!((facts.hosting, facts.departed_role), (Some(Hosting::DataCenter), ContactRole::Both));
        assert_eq!(facts.customer_number.as_deref(), Some("K-1"));
        assert_eq!(differing(&facts), [Fact::Company, Fact::DepartedName, Fact::Hosting]);
    }

    #[test]
    fn without_a_register_the_form_is_all_there_is() {
        let facts = LetterFacts::of(&escalation(), ContactRole::Both, None, Vec::new());
        assert_eq!((facts.company.as_str(), facts.hosting), ("Nordlicht GmbH", Some(Hosting::Cloud)));
        assert_eq!((differing(&facts), facts.customer_number.as_deref()), (vec![], Some("K-9")));
    }

    #[test]
    fn what_staff_set_right_stands_and_is_compared_with_the_register() {
        let set_right = vec![
            correction(Fact::Company, "Nordlicht Maschinenbau GmbH"),
            correction(Fact::DepartedName, "Petra Morgen"),
            correction(Fact::Hosting, "cloud_partner_managed"),
            correction(Fact::DepartedRole, "billing"),
        ];
        let facts = LetterFacts::of(&escalation(), ContactRole::Billing, Some(on_record()), set_right);
        assert_eq!(facts.company, "Nordlicht Maschinenbau GmbH");
        assert_eq!(facts.departed_name, "Petra Morgen");
        assert_eq!(
            (facts.hosting, facts.departed_role),
            (Some(Hosting::CloudPartnerManaged), ContactRole::Billing)
        );
        assert_eq!(differing(&facts), [Fact::DepartedName, Fact::Hosting], "against the register is told");
    }

    #[test]
    fn several_kinds_of_hosting_are_told_and_not_guessed() {
        let record = OnRecord { hosting: vec![Hosting::Cloud, Hosting::DataCenter], ..on_record() };
        let facts = LetterFacts::of(&escalation(), ContactRole::Both, Some(record), Vec::new());
        assert_eq!(facts.hosting, Some(Hosting::Cloud));
        assert!(facts.differs(Fact::Hosting));
    }

    #[test]
    fn what_nobody_knows_is_said_to_be_missing_and_never_guessed() {
        let mut asked = escalation();
        (asked.hosting, asked.departed.email) = (None, DepartedAddress::Unknown);
        let of = |asked: &Escalation, record: Option<OnRecord>, set_right: Vec<Correction>| {
            LetterFacts::of(asked, ContactRole::Both, record, set_right)
        };
        assert_eq!(of(&asked, None, Vec::new()).unknown(), [Fact::Hosting, Fact::DepartedEmail]);
        // The register's word is enough, and no difference to what nobody said.
        let facts = of(&asked, Some(on_record()), Vec::new());
        assert_eq!((facts.hosting, facts.unknown()), (Some(Hosting::DataCenter), vec![Fact::DepartedEmail]));
        assert!(!facts.differs(Fact::Hosting));
        let several = OnRecord { hosting: vec![Hosting::Cloud, Hosting::DataCenter], ..on_record() };
        assert_eq!(of(&asked, Some(several.clone()), Vec::new()).hosting, None);
        asked.departed.email = DepartedAddress::FoundOut("p@nordlicht.example".parse().unwrap());
        let facts = of(&asked, Some(several), vec![correction(Fact::Hosting, "cloud")]);
        assert_eq!((facts.hosting, facts.unknown()), (Some(Hosting::Cloud), vec![]));
        assert_eq!(facts.departed_email.as_deref(), Some("p@nordlicht.example"));
    }

    #[test]
    fn staff_say_only_an_address_that_the_customer_does_not_know() {
        let found =
            |address: &str| Corrections { departed_email: address.parse().ok(), ..Corrections::default() };
        let mut asked = escalation();
        assert_eq!(found("x@nordlicht.example").fit(&asked), Err(Refusal::AddressStated));
        assert_eq!(Corrections::default().fit(&asked), Ok(()));
        asked.departed.email = DepartedAddress::Unknown;
        assert_eq!(found("x@nordlicht.example").fit(&asked), Ok(()));
        for involved in ["M@nordlicht.example", "m+x@nordlicht.example", "t@nordlicht.example"] {
            assert_eq!(found(involved).fit(&asked), Err(Refusal::AddressInvolved), "{involved}");
        }
        // A slip of the fingers can be mended.
        asked.departed.email = DepartedAddress::FoundOut("x@nordlicht.example".parse().unwrap());
        assert_eq!(found("p@nordlicht.example").fit(&asked), Ok(()));
        assert_eq!(asked.as_sent().departed.email, DepartedAddress::Unknown);
    }

    #[test]
    fn spelling_is_no_difference() {
        for (one, other, same) in [
            ("Müller & Söhne GmbH & Co. KG", "Mueller und Soehne G.m.b.H. & Co KG", true),
            ("NORDLICHT Maschinenbau  GmbH", "Nordlicht Maschinenbau GmbH", true),
            ("Nordlicht-Maschinenbau AG", "Nordlicht Maschinenbau A. G.", true),
            ("Nordlicht GmbH", "Nordlicht AG", false),
            ("Nordlicht GmbH", "Nordlicht Maschinenbau GmbH", false),
        ] {
            assert_eq!(folded(one) == folded(other), same, "{one} and {other}");
        }
    }

    #[test]
    fn a_corrected_name_hides_nothing() {
        for wrong in ["", " ", "a\nb", "a\u{202e}b", "Passwort: geheim99!", "…", &"x".repeat(201)] {
            assert_eq!(Line::parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(Line::parse(" Nordlicht AG ").unwrap().as_str(), "Nordlicht AG");
    }
}

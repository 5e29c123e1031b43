//! The decision tree: which question comes next, and where the answers end. Pure.
//!
//! A place holds all that was answered on the way to it, and each place takes answers of a type of its own: a way that the tree does
//! not have can't be written. `unknown` is an answer everywhere.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::leaf::Leaf;

/// What is asked. The word is the name of the parameter in the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Question {
    /// Where Atlassian runs.
    Hosting,
    /// What the address ends with, where the hosting is not known.
    Site,
    /// Who can still act.
    Acts,
    /// Whose the old contact's e-mail address is.
    Address,
}

/// An open question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    Hosting,
    Site,
    /// Who can still act, for Data Center.
    DataCenter,
    /// For Cloud that is paid for.
    Cloud,
    /// For Cloud's free plan.
    Free,
    /// Which address it was, for the way that depends on it.
    Address(Platform, Way),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    DataCenter,
    Cloud,
}

/// What a private address would be in the way of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// An organisation admin opens the account.
    ManagedAccount,
    /// We ask Atlassian.
    Request,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Ask(Place),
    End(Leaf),
}

#[derive(Clone, Copy, Debug, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum HostingAnswer {
    DataCenter,
    Cloud,
    CloudPartnerManaged,
    Free,
    Unknown,
}

/// Whether the address ends on `.atlassian.net`.
#[derive(Clone, Copy, Debug, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SiteAnswer {
    Yes,
    No,
    Unknown,
}

#[derive(Clone, Copy, Debug, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum DataCenterAnswer {
    Contact,
    OtherContact,
    Mailbox,
    OrganisationAdmin,
    Nobody,
    Unknown,
}

#[derive(Clone, Copy, Debug, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CloudAnswer {
    Contact,
    BillingAdmin,
    Mailbox,
    OrganisationAdmin,
    Nobody,
    Unknown,
}

#[derive(Clone, Copy, Debug, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum FreeAnswer {
    Contact,
    Mailbox,
    Nobody,
    Unknown,
}

#[derive(Clone, Copy, Debug, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AddressAnswer {
    Company,
    Private,
    Unknown,
}

impl Question {
    pub fn word(self) -> &'static str {
        self.into()
    }
}

impl Place {
    /// Where everybody begins.
    pub const START: Self = Self::Hosting;

    /// Each place once, whatever led to it.
    pub const ALL: [Self; 6] = [
        Self::Hosting,
        Self::Site,
        Self::DataCenter,
        Self::Cloud,
        Self::Free,
        Self::Address(Platform::Cloud, Way::Request),
    ];

    pub fn question(self) -> Question {
        match self {
            Self::Hosting => Question::Hosting,
            Self::Site => Question::Site,
            Self::DataCenter | Self::Cloud | Self::Free => Question::Acts,
            Self::Address(..) => Question::Address,
        }
    }

    /// The name of its sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hosting => "hosting",
            Self::Site => "site",
            Self::DataCenter => "data-center",
            Self::Cloud => "cloud",
            Self::Free => "free",
            Self::Address(..) => "address",
        }
    }

    /// The words of the answers it takes, in the order in which they are shown.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Hosting => words_of::<HostingAnswer>(),
            Self::Site => words_of::<SiteAnswer>(),
            Self::DataCenter => words_of::<DataCenterAnswer>(),
            Self::Cloud => words_of::<CloudAnswer>(),
            Self::Free => words_of::<FreeAnswer>(),
            Self::Address(..) => words_of::<AddressAnswer>(),
        }
    }

    /// Where an answer leads; `None` for what is none here.
    pub fn take(self, word: &str) -> Option<Next> {
        match self {
            Self::Hosting => word.parse().ok().map(after_hosting),
            Self::Site => word.parse().ok().map(after_site),
            Self::DataCenter => word.parse().ok().map(after_data_center),
            Self::Cloud => word.parse().ok().map(after_cloud),
            Self::Free => word.parse().ok().map(after_free),
            Self::Address(platform, way) => {
                word.parse().ok().map(|answer| after_address(platform, way, answer))
            }
        }
    }
}

fn words_of<T: VariantArray + Copy + Into<&'static str>>() -> Vec<&'static str> {
    T::VARIANTS.iter().map(|answer| (*answer).into()).collect()
}

fn after_hosting(answer: HostingAnswer) -> Next {
    match answer {
        HostingAnswer::DataCenter => Next::Ask(Place::DataCenter),
        HostingAnswer::Cloud => Next::Ask(Place::Cloud),
        HostingAnswer::CloudPartnerManaged => Next::End(Leaf::PartnerManaged),
        HostingAnswer::Free => Next::Ask(Place::Free),
        HostingAnswer::Unknown => Next::Ask(Place::Site),
    }
}

fn after_site(answer: SiteAnswer) -> Next {
    match answer {
        SiteAnswer::Yes => Next::Ask(Place::Cloud),
        SiteAnswer::No => Next::Ask(Place::DataCenter),
        SiteAnswer::Unknown => Next::End(Leaf::FindHosting),
    }
}

fn after_data_center(answer: DataCenterAnswer) -> Next {
    match answer {
        DataCenterAnswer::Contact => Next::End(Leaf::DataCenterContact),
        DataCenterAnswer::OtherContact => Next::End(Leaf::DataCenterOtherContact),
        // IT can open only a mailbox of the company, so the address needs no question.
        DataCenterAnswer::Mailbox => Next::End(Leaf::DataCenterMailbox),
        DataCenterAnswer::OrganisationAdmin => {
            Next::Ask(Place::Address(Platform::DataCenter, Way::ManagedAccount))
        }
        DataCenterAnswer::Nobody => Next::Ask(Place::Address(Platform::DataCenter, Way::Request)),
        DataCenterAnswer::Unknown => Next::End(Leaf::FindDataCenter),
    }
}

fn after_cloud(answer: CloudAnswer) -> Next {
    match answer {
        CloudAnswer::Contact => Next::End(Leaf::CloudContact),
        CloudAnswer::BillingAdmin => Next::End(Leaf::CloudBillingAdmin),
        CloudAnswer::Mailbox => Next::End(Leaf::CloudMailbox),
        CloudAnswer::OrganisationAdmin => Next::Ask(Place::Address(Platform::Cloud, Way::ManagedAccount)),
        CloudAnswer::Nobody => Next::Ask(Place::Address(Platform::Cloud, Way::Request)),
        CloudAnswer::Unknown => Next::End(Leaf::FindCloud),
    }
}

fn after_free(answer: FreeAnswer) -> Next {
    match answer {
        FreeAnswer::Contact => Next::End(Leaf::FreeContact),
        FreeAnswer::Mailbox => Next::End(Leaf::CloudMailbox),
        FreeAnswer::Nobody => Next::End(Leaf::FreePlan),
        FreeAnswer::Unknown => Next::End(Leaf::FindCloud),
    }
}

fn after_address(platform: Platform, way: Way, answer: AddressAnswer) -> Next {
    Next::End(match (answer, way, platform) {
        // Nothing is known of private addresses in Data Center: there the request decides.
        (AddressAnswer::Private, Way::Request, Platform::DataCenter) => Leaf::RequestDataCenter,
        (AddressAnswer::Private, ..) => Leaf::PrivateAddress,
        // Who does not know goes the way of a company's address; the first step shows whether it is one.
        (AddressAnswer::Company | AddressAnswer::Unknown, Way::ManagedAccount, Platform::DataCenter) => {
            Leaf::DataCenterManagedAccount
        }
        (AddressAnswer::Company | AddressAnswer::Unknown, Way::ManagedAccount, Platform::Cloud) => {
            Leaf::CloudManagedAccount
        }
        (AddressAnswer::Company | AddressAnswer::Unknown, Way::Request, Platform::DataCenter) => {
            Leaf::RequestDataCenter
        }
        (AddressAnswer::Company | AddressAnswer::Unknown, Way::Request, Platform::Cloud) => {
            Leaf::RequestCloud
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    type Path = (Vec<(Place, &'static str)>, Leaf);

    /// Every way through the tree.
    fn walk(place: Place, before: &[(Place, &'static str)], found: &mut Vec<Path>) {
        assert!(before.len() < 10, "{before:?} does not end");
        for word in place.words() {
            let mut path = before.to_vec();
            path.push((place, word));
            match place.take(word).unwrap_or_else(|| panic!("{place:?} shows {word} and does not take it")) {
                Next::Ask(next) => walk(next, &path, found),
                Next::End(leaf) => found.push((path, leaf)),
            }
        }
    }

    fn paths() -> Vec<Path> {
        let mut found = Vec::new();
        walk(Place::START, &[], &mut found);
        found
    }

    #[test]
    fn every_way_ends_soon_and_asks_nothing_twice() {
        let paths = paths();
        assert!(paths.len() > 40, "{}", paths.len());
        for (path, leaf) in paths {
            assert!(path.len() <= 4, "{path:?} → {leaf:?}");
            let asked: BTreeSet<&str> = path.iter().map(|(place, _)| place.question().word()).collect();
            assert_eq!(asked.len(), path.len(), "{path:?} asks something twice");
        }
    }

    #[test]
    fn no_leaf_is_out_of_reach() {
        let reached: BTreeSet<Leaf> = paths().into_iter().map(|(_, leaf)| leaf).collect();
        assert_eq!(reached, Leaf::VARIANTS.iter().copied().collect());
    }

    #[test]
    fn not_knowing_is_an_answer_everywhere_and_nonsense_nowhere() {
        for (path, _) in paths() {
            for (place, _) in path {
                assert!(place.words().contains(&"unknown"), "{place:?}");
                for nonsense in ["", "Unknown", "unknown ", "<script>", "data-center"] {
                    assert_eq!(place.take(nonsense), None, "{place:?} takes {nonsense:?}");
                }
            }
        }
    }

    /// A leaf about one hosting is not reached by those who said another.
    #[test]
    fn what_the_form_begins_with_is_what_was_said() {
        for (path, leaf) in paths() {
            let Some(hosting) = leaf.hosting() else { continue };
            let expected: &[&str] = match hosting.into() {
                "data_center" => &["data_center", "unknown no"],
                "cloud" => &["cloud", "free", "unknown yes"],
                _ => &["cloud_partner_managed"],
            };
            let said: Vec<&str> = path
                .iter()
                .filter(|(place, _)| matches!(place, Place::Hosting | Place::Site))
                .map(|(_, word)| *word)
                .collect();
            assert!(expected.contains(&said.join(" ").as_str()), "{path:?} → {leaf:?}");
        }
    }
}

//! Where the guide ends. A leaf has a word of its own for its address, so that it can be linked and printed.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::case::escalation::Hosting;

/// One end of the guide. The word is part of an address that people keep: a leaf that goes leaves a 404 with a way on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, EnumString, VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Leaf {
    /// The contact on record can still log in.
    DataCenterContact,
    CloudContact,
    /// An organisation admin of a free site can.
    FreeContact,
    DataCenterOtherContact,
    CloudBillingAdmin,
    /// An organisation admin opens the account of the person who left.
    DataCenterManagedAccount,
    CloudManagedAccount,
    /// IT opens the old mailbox.
    DataCenterMailbox,
    CloudMailbox,
    /// We assign the contact ourselves.
    PartnerManaged,
    /// Atlassian does not transfer free sites.
    FreePlan,
    /// Nor, as is reported, what hangs on a private address.
    PrivateAddress,
    FindHosting,
    FindDataCenter,
    FindCloud,
    RequestDataCenter,
    RequestCloud,
}

/// What a leaf is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// Steps that the customer's side takes alone.
    Steps,
    /// What Atlassian will not do, and why.
    Refused,
    /// How to find out what was not known.
    FindOut,
    /// It is for us: the form.
    Request,
}

impl Leaf {
    pub fn word(self) -> &'static str {
        self.into()
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::DataCenterContact
            | Self::CloudContact
            | Self::FreeContact
            | Self::DataCenterOtherContact
            | Self::CloudBillingAdmin
            | Self::DataCenterManagedAccount
            | Self::CloudManagedAccount
            | Self::DataCenterMailbox
            | Self::CloudMailbox => Kind::Steps,
            Self::FreePlan | Self::PrivateAddress => Kind::Refused,
            Self::FindHosting | Self::FindDataCenter | Self::FindCloud => Kind::FindOut,
            Self::PartnerManaged | Self::RequestDataCenter | Self::RequestCloud => Kind::Request,
        }
    }

    /// The hosting that the form begins with, where the leaf is about one.
    pub fn hosting(self) -> Option<Hosting> {
        match self {
            Self::DataCenterContact
            | Self::DataCenterOtherContact
            | Self::DataCenterManagedAccount
            | Self::DataCenterMailbox
            | Self::FindDataCenter
            | Self::RequestDataCenter => Some(Hosting::DataCenter),
            Self::CloudContact
            | Self::FreeContact
            | Self::CloudBillingAdmin
            | Self::CloudManagedAccount
            | Self::CloudMailbox
            | Self::FreePlan
            | Self::FindCloud
            | Self::RequestCloud => Some(Hosting::Cloud),
            Self::PartnerManaged => Some(Hosting::CloudPartnerManaged),
            Self::PrivateAddress | Self::FindHosting => None,
        }
    }

    /// What the form's explanation begins with: what somebody told the guide, for staff a hint and no fact. They can change it. The
    /// sentence is `guide-hint-<word>`.
    pub fn hint(self) -> Option<&'static str> {
        match self {
            Self::DataCenterContact | Self::CloudContact | Self::FreeContact => Some("contact"),
            Self::DataCenterOtherContact | Self::CloudBillingAdmin => Some("other"),
            Self::DataCenterManagedAccount | Self::CloudManagedAccount => Some("managed"),
            Self::DataCenterMailbox | Self::CloudMailbox => Some("mailbox"),
            Self::PrivateAddress => Some("private"),
            Self::FreePlan => Some("free"),
            Self::RequestDataCenter | Self::RequestCloud => Some("nobody"),
            Self::PartnerManaged | Self::FindHosting | Self::FindDataCenter | Self::FindCloud => None,
        }
    }
}

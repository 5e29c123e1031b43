//! Where the guide has its statements from, and how old each is. Shown beside the statement, as Atlassian's pages change often.
//!
//! Whoever checks a page anew sets its age here, and the words in `locales/*/guide.ftl` where it says something else now
//! (docs/OPERATIONS.md, "The guide").

use strum::{IntoStaticStr, VariantArray};

/// Whose word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Author {
    /// Atlassian's documentation or licensing pages.
    Atlassian,
    /// Somebody of Atlassian's staff in its community.
    AtlassianStaff,
    /// Somebody else there.
    Community,
    /// A partner or consultant.
    Partner,
    /// We, from what the others say.
    Ours,
}

/// When it was so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    Day(i16, i8, i8),
    Month(i16, i8),
    /// The page has no date; its words are of these years.
    Years(i16, i16),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Source {
    AddContact,
    ChangeContacts,
    PromoteContact,
    OnePrimary,
    BillingAdmins,
    BillingPermissions,
    ImprovedBilling,
    OriginalContacts,
    BillingMigration,
    OrganisationAdmins,
    VerifyDomain,
    ManagedAccount,
    Reactivate,
    Deactivate,
    EnforcedTwoStep,
    AdminLeft,
    TwoStep,
    NoReset,
    IdentityCode,
    SiteAdminTicket,
    PartnerPortal,
    FreePlan,
    FreeData,
    SupportPlans,
    PrivateAddress,
    ProofOfOwnership,
    Unmanaged,
    Licence,
    EndOfLife,
    RenewWithoutContact,
    Ours,
}

impl Source {
    pub fn word(self) -> &'static str {
        self.into()
    }

    pub fn author(self) -> Author {
        match self {
            Self::SiteAdminTicket
            | Self::FreePlan
            | Self::NoReset
            | Self::IdentityCode
            | Self::ProofOfOwnership => Author::AtlassianStaff,
            Self::OrganisationAdmins | Self::PrivateAddress | Self::FreeData | Self::Unmanaged => {
                Author::Community
            }
            Self::OnePrimary | Self::EndOfLife => Author::Partner,
            Self::Ours => Author::Ours,
            _ => Author::Atlassian,
        }
    }

    pub fn age(self) -> Age {
        match self {
            Self::AddContact => Age::Day(2022, 11, 29),
            Self::ChangeContacts => Age::Day(2017, 9, 11),
            Self::PromoteContact => Age::Day(2017, 2, 22),
            Self::OnePrimary => Age::Day(2018, 12, 13),
            Self::BillingAdmins | Self::BillingPermissions | Self::Deactivate => Age::Years(2024, 2025),
            Self::ImprovedBilling | Self::VerifyDomain | Self::ManagedAccount | Self::EnforcedTwoStep => {
                Age::Years(2025, 2026)
            }
            Self::OriginalContacts | Self::BillingMigration => Age::Years(2023, 2025),
            Self::OrganisationAdmins => Age::Years(2021, 2024),
            Self::Reactivate | Self::TwoStep | Self::PartnerPortal => Age::Years(2024, 2026),
            Self::AdminLeft => Age::Day(2025, 9, 26),
            Self::NoReset => Age::Day(2026, 4, 28),
            Self::IdentityCode => Age::Day(2026, 3, 23),
            Self::SiteAdminTicket => Age::Day(2025, 10, 13),
            Self::FreePlan => Age::Month(2025, 8),
            Self::FreeData => Age::Day(2026, 6, 21),
            Self::SupportPlans => Age::Years(2024, 2024),
            Self::PrivateAddress => Age::Day(2025, 4, 16),
            Self::ProofOfOwnership => Age::Day(2020, 2, 11),
            Self::Unmanaged => Age::Day(2026, 5, 8),
            Self::Licence => Age::Years(2020, 2023),
            Self::EndOfLife => Age::Day(2026, 3, 31),
            Self::RenewWithoutContact => Age::Day(2016, 8, 1),
            Self::Ours => Age::Month(2026, 11),
        }
    }

    /// The page, where its whole address is known.
    pub fn address(self) -> Option<&'static str> {
        Some(match self {
            Self::AddContact => {
                "https://confluence.atlassian.com/jirakb/how-do-i-add-a-technical-or-billing-contact-to-my-account-432800062.html"
            }
            Self::ChangeContacts => {
                "https://confluence.atlassian.com/purchasing/how-can-i-change-the-billing-and-technical-contacts-for-my-atlassian-products-432802239.html"
            }
            Self::PromoteContact => {
                "https://confluence.atlassian.com/purchasing/adding-a-contact-to-existing-licenses-611813089.html"
            }
            Self::OnePrimary => {
                "https://valiantys.com/en/blog/atlassian-administration/atlassian-license-management-technical-contact/"
            }
            Self::BillingAdmins => {
                "https://support.atlassian.com/subscriptions-and-billing/docs/understand-billing-administration/"
            }
            Self::BillingPermissions => {
                "https://support.atlassian.com/subscriptions-and-billing/docs/billing-permissions-by-role/"
            }
            Self::ImprovedBilling => {
                "https://support.atlassian.com/subscriptions-and-billing/docs/understand-the-improved-atlassian-billing-experience/"
            }
            Self::OriginalContacts => {
                "https://support.atlassian.com/subscriptions-and-billing/docs/update-your-contact-address/"
            }
            Self::BillingMigration => {
                "https://support.atlassian.com/subscriptions-and-billing/docs/prepare-your-contacts-ahead-of-billing-migration/"
            }
            Self::VerifyDomain => {
                "https://support.atlassian.com/user-management/docs/verify-a-domain-to-manage-accounts/"
            }
            Self::ManagedAccount => {
                "https://support.atlassian.com/user-management/docs/make-changes-to-a-managed-user-account/"
            }
            Self::Reactivate => {
                "https://support.atlassian.com/atlassian-cloud/kb/enable-deactivated-account-to-provide-site-access/"
            }
            Self::Deactivate => {
                "https://support.atlassian.com/user-management/docs/deactivate-a-managed-account/"
            }
            Self::AdminLeft => {
                "https://support.atlassian.com/atlassian-cloud/kb/new-team-member-needs-admin-access-after-site-and-org-admin-leaves-company/"
            }
            Self::TwoStep => {
                "https://support.atlassian.com/atlassian-account/docs/login-issues-related-to-two-step-verification/"
            }
            Self::IdentityCode => {
                "https://community.atlassian.com/forums/Trello-questions/Locked-out-of-account-lost-MS-Authenticator-and-recovery-key/qaq-p/3210322"
            }
            Self::PartnerPortal => {
                "https://support.atlassian.com/subscriptions-and-billing/docs/understand-the-new-partner-managed-subscriptions-portal/"
            }
            Self::SupportPlans => {
                "https://confluence.atlassian.com/support/atlassian-support-offerings-193299636.html"
            }
            Self::Licence => {
                "https://confluence.atlassian.com/adminjiraserver0908/license-compatibility-1236935461.html"
            }
            Self::OrganisationAdmins
            | Self::EnforcedTwoStep
            | Self::NoReset
            | Self::SiteAdminTicket
            | Self::FreePlan
            | Self::FreeData
            | Self::PrivateAddress
            | Self::ProofOfOwnership
            | Self::Unmanaged
            | Self::EndOfLife
            | Self::RenewWithoutContact
            | Self::Ours => return None,
        })
    }
}

//! What each leaf says: its steps, and what to watch; each statement with the page to go to, where it is from and how old that is.
//!
//! Only names statements. Their words are `guide-say-<word>` in `locales/*/guide.ftl`.

use super::{
    leaf::Leaf,
    source::Source::{
        self, AddContact, AdminLeft, BillingAdmins, BillingMigration, BillingPermissions, ChangeContacts,
        Deactivate, EndOfLife, EnforcedTwoStep, FreeData, FreePlan, IdentityCode, ImprovedBilling, Licence,
        ManagedAccount, NoReset, OnePrimary, OrganisationAdmins, OriginalContacts, Ours, PartnerPortal,
        PrivateAddress, PromoteContact, ProofOfOwnership, Reactivate, RenewWithoutContact, SiteAdminTicket,
        SupportPlans, TwoStep, Unmanaged, VerifyDomain,
    },
};

/// One thing that the guide says.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    pub word: &'static str,
    /// Where it is done.
    pub link: Option<&'static str>,
    pub source: Source,
}

/// All that a leaf says.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// In this order.
    pub steps: &'static [Statement],
    /// What can go wrong, and where sources do not agree.
    pub watch: &'static [Statement],
}

const MY: &str = "https://my.atlassian.com/";
const BILLING: &str = "https://admin.atlassian.com/billing";
const ADMIN: &str = "https://admin.atlassian.com/";
const RESET: &str = "https://id.atlassian.com/login/resetpassword";
const PARTNER: &str = "https://admin.atlassian.com/partner-managed-subscriptions";

const fn say(word: &'static str, source: Source) -> Statement {
    Statement { word, link: None, source }
}

const fn go(word: &'static str, link: &'static str, source: Source) -> Statement {
    Statement { word, link: Some(link), source }
}

const KEEP_ACCOUNT: Statement = say("keep-account", Deactivate);
const EACH_LICENCE: Statement = say("each-licence", ChangeContacts);
pub(super) const ALIAS: Statement = say("alias", AddContact);
const MAKE_PRIMARY: Statement = say("make-primary", ChangeContacts);
pub(super) const ADD_ON_MY: Statement = say("my-add", AddContact);
const REMOVE_ON_MY: Statement = say("my-remove", PromoteContact);
pub(super) const OPEN_BILLING: Statement = go("billing-open", BILLING, BillingAdmins);
pub(super) const ADD_BILLING: Statement = say("billing-add", BillingAdmins);
const REMOVE_BILLING: Statement = say("billing-remove", BillingAdmins);
const WHICH_BILLING: Statement = say("billing-original", ImprovedBilling);
pub(super) const ORIGINAL_BILLING: Statement = say("billing-original-steps", OriginalContacts);
const ADD_ORGANISATION_ADMIN: Statement = go("organisation-add", ADMIN, OrganisationAdmins);
const WORKS_COUNCIL: Statement = say("works-council", Ours);
const TWO_STEP: Statement = say("two-step", TwoStep);
const NO_RESET: Statement = say("two-step-no-reset", NoReset);
const TWO_STEP_WAIT: Statement = say("two-step-wait", Unmanaged);
pub(super) const OPEN_MY: Statement = go("my-open", MY, AddContact);
pub(super) const PARTNER_ASSIGNS: Statement = say("partner-we", PartnerPortal);
/// Where we assign the contact.
pub(super) const TELL_US: Statement = say("second-tell-us", Ours);
const FINISH: Statement = say("finish", Deactivate);

const VERIFY: Statement = go("managed-verify", ADMIN, VerifyDomain);
const REACTIVATE: Statement = say("managed-reactivate", Reactivate);
const NEW_ADDRESS: Statement = say("managed-address", ManagedAccount);
const RESET_MANAGED: Statement = go("managed-reset", RESET, AdminLeft);
const MANAGED_TWO_STEP: Statement = say("managed-two-step", EnforcedTwoStep);
const MANAGED_CHAIN: Statement = say("managed-chain", Ours);
const SYNCED: Statement = say("managed-synced", ManagedAccount);

const ACT_ON_MY: Statement = go("act-my", MY, AddContact);
const ACT_ON_BILLING: Statement = go("act-billing", BILLING, BillingAdmins);

const DECIDE: Statement = say("mailbox-decide", Ours);
const OPEN_MAILBOX: Statement = say("mailbox-open", AdminLeft);
const RESET_PASSWORD: Statement = go("mailbox-reset", RESET, AdminLeft);
const CODE: Statement = say("mailbox-code", IdentityCode);
const NO_MAIL: Statement = say("mailbox-no-mail", Ours);
const SINGLE_SIGN_ON: Statement = say("mailbox-sso", Ours);

const INVOICE: Statement = say("find-invoice", Ours);
const ASK_IT: Statement = say("find-it", Ours);
const FORMER_CONTACTS: Statement = go("former-contacts", BILLING, BillingMigration);
const WHO_ADMIN: Statement = say("who-admin", BillingPermissions);
const SITE_ADMIN_TICKET: Statement = say("site-admin-ticket", SiteAdminTicket);

impl Leaf {
    pub fn advice(self) -> Advice {
        let (steps, watch): (&'static [Statement], &'static [Statement]) = match self {
            Self::DataCenterContact => (
                const { &[OPEN_MY, ADD_ON_MY, MAKE_PRIMARY, REMOVE_ON_MY] },
                const { &[EACH_LICENCE, ALIAS, KEEP_ACCOUNT] },
            ),
            Self::DataCenterOtherContact => (
                const {
                    &[
                        go("my-other-open", MY, AddContact),
                        say("my-promote", PromoteContact),
                        ADD_ON_MY,
                        EACH_LICENCE,
                    ]
                },
                const { &[say("my-promote-doubt", OnePrimary), say("my-primary-stays", PromoteContact), ALIAS] },
            ),
            Self::CloudContact => (
                const { &[OPEN_BILLING, ADD_BILLING, ADD_ORGANISATION_ADMIN, REMOVE_BILLING] },
                const { &[WHICH_BILLING, ORIGINAL_BILLING, KEEP_ACCOUNT] },
            ),
            Self::FreeContact => (
                const { &[ADD_ORGANISATION_ADMIN, say("organisation-check", OrganisationAdmins)] },
                const { &[KEEP_ACCOUNT] },
            ),
            Self::CloudBillingAdmin => (
                const { &[FORMER_CONTACTS, OPEN_BILLING, ADD_BILLING, REMOVE_BILLING] },
                const { &[WHO_ADMIN, WHICH_BILLING, ORIGINAL_BILLING] },
            ),
            Self::DataCenterManagedAccount => (
                const {
                    &[DECIDE, VERIFY, REACTIVATE, NEW_ADDRESS, RESET_MANAGED, ACT_ON_MY, MAKE_PRIMARY, FINISH]
                },
                const {
                    &[
                        MANAGED_TWO_STEP,
                        WORKS_COUNCIL,
                        SYNCED,
                        MANAGED_CHAIN,
                        say("managed-data-center-only", Ours),
                    ]
                },
            ),
            Self::CloudManagedAccount => (
                const { &[DECIDE, VERIFY, REACTIVATE, NEW_ADDRESS, RESET_MANAGED, ACT_ON_BILLING, FINISH] },
                const { &[MANAGED_TWO_STEP, WORKS_COUNCIL, SYNCED, MANAGED_CHAIN, WHO_ADMIN] },
            ),
            Self::DataCenterMailbox => (
                const { &[DECIDE, OPEN_MAILBOX, RESET_PASSWORD, CODE, ACT_ON_MY, MAKE_PRIMARY, FINISH] },
                const { &[TWO_STEP, TWO_STEP_WAIT, NO_RESET, WORKS_COUNCIL, NO_MAIL, SINGLE_SIGN_ON] },
            ),
            Self::CloudMailbox => (
                const {
                    &[
                        DECIDE,
                        OPEN_MAILBOX,
                        RESET_PASSWORD,
                        CODE,
                        ACT_ON_BILLING,
                        ADD_ORGANISATION_ADMIN,
                        FINISH,
                    ]
                },
                const { &[TWO_STEP, TWO_STEP_WAIT, NO_RESET, WORKS_COUNCIL, NO_MAIL, SINGLE_SIGN_ON] },
            ),
            Self::PartnerManaged => (
                const { &[PARTNER_ASSIGNS, say("partner-request", Ours)] },
                const { &[go("partner-cancel", PARTNER, PartnerPortal), say("partner-admin", Ours)] },
            ),
            Self::FreePlan => (
                const {
                    &[
                        say("free-why", FreePlan),
                        say("free-mailbox", FreePlan),
                        say("free-support", SupportPlans),
                    ]
                },
                const { &[say("free-data", FreeData), say("free-us", Ours)] },
            ),
            Self::PrivateAddress => (
                const {
                    &[
                        say("private-why", PrivateAddress),
                        say("private-managed", Unmanaged),
                        say("private-person", Ours),
                    ]
                },
                const { &[say("private-proof", ProofOfOwnership), say("private-password", Ours)] },
            ),
            Self::FindHosting => (const { &[say("find-address", Ours), INVOICE, ASK_IT] }, &[]),
            Self::FindDataCenter => (
                const { &[go("find-my", MY, AddContact), ASK_IT, say("find-sen", Licence), INVOICE] },
                const { &[say("find-nobody-told", Ours)] },
            ),
            Self::FindCloud => (
                const { &[FORMER_CONTACTS, WHO_ADMIN, ASK_IT, INVOICE] },
                const { &[say("find-nobody-told", Ours)] },
            ),
            Self::RequestDataCenter => (
                const { &[say("find-sen", Licence), say("request-form", Ours), say("request-checks", Ours)] },
                const {
                    &[
                        say("request-renewal", RenewWithoutContact),
                        say("request-end-of-life", EndOfLife),
                        KEEP_ACCOUNT,
                    ]
                },
            ),
            Self::RequestCloud => (
                const { &[say("request-site", Ours), say("request-form", Ours), say("request-checks", Ours)] },
                const { &[SITE_ADMIN_TICKET, say("request-mailbox", AdminLeft), KEEP_ACCOUNT] },
            ),
        };
        Advice { steps, watch }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::VariantArray as _;

    use super::*;
    use crate::lang::Language;

    fn all() -> Vec<Statement> {
        let advice = Leaf::VARIANTS.iter().map(|leaf| leaf.advice());
        advice.flat_map(|advice| advice.steps.iter().chain(advice.watch).copied()).collect()
    }

    #[test]
    fn every_leaf_says_something_in_both_languages() {
        for leaf in Leaf::VARIANTS {
            assert!(!leaf.advice().steps.is_empty(), "{leaf:?}");
            for language in Language::ALL {
                for key in
                    [format!("guide-leaf-{}-title", leaf.word()), format!("guide-leaf-{}-lead", leaf.word())]
                {
                    assert!(language.find_text(&key, &[].into()).is_some(), "{key} in {language:?}");
                }
            }
        }
        for statement in all() {
            for language in Language::ALL {
                let key = format!("guide-say-{}", statement.word);
                assert!(language.find_text(&key, &[].into()).is_some(), "{key} in {language:?}");
            }
        }
    }

    #[test]
    fn no_leaf_says_a_thing_twice_and_no_source_is_idle() {
        for leaf in Leaf::VARIANTS {
            let advice = leaf.advice();
            let words: Vec<&str> = advice.steps.iter().chain(advice.watch).map(|one| one.word).collect();
            assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len(), "{leaf:?}: {words:?}");
        }
        let used: HashSet<Source> = all().into_iter().map(|statement| statement.source).collect();
        assert_eq!(used, Source::VARIANTS.iter().copied().collect());
    }

    #[test]
    fn links_lead_to_atlassian_by_tls() {
        for link in all().into_iter().filter_map(|statement| statement.link) {
            let host = link.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap();
            assert!(host.ends_with(".atlassian.com"), "{link}");
        }
        for source in Source::VARIANTS {
            let address = source.address().unwrap_or("https://");
            assert!(address.starts_with("https://"), "{address}");
        }
    }
}

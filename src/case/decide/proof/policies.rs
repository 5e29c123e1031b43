//! The policies of the walks, in the judge's own words: small ones that show every kind of rule, and the one delivered.

use crate::case::check::CheckKind;
use CheckKind as K;

/// The policy as the judge reads it, from which the configuration for the rules is written.
pub struct PolicyInWords {
    pub required: &'static [CheckKind],
    pub proofs: &'static [CheckKind],
    /// How many different things one must own to fake them all; two at most in these worlds.
    pub roots: usize,
    pub outside_domain: usize,
    pub from_others: usize,
    pub blocking: &'static [CheckKind],
    pub days: i64,
    pub dns_days: i64,
}

impl PolicyInWords {
    pub fn configuration(&self) -> String {
        let list = |kinds: &[CheckKind]| {
            let words: Vec<String> = kinds.iter().map(|kind| format!("{:?}", kind.as_str())).collect();
            format!("[{}]", words.join(", "))
        };
        format!(
            "[policy]\nrequired = {}\nproofs = {}\ndistinct_roots = {}\noutside_domain = {}\nfrom_others = {}\n\
             blocking = {}\nexpires_after_days = {}\n[deadlines]\ndomain_proof_days = {}\n",
            list(self.required),
            list(self.proofs),
            self.roots,
            self.outside_domain,
            self.from_others,
            list(self.blocking),
            self.days,
            self.dns_days,
        )
    }
}

/// The least that shows every kind of rule: two required checks, one proof out of two.
pub const SMALL: PolicyInWords = PolicyInWords {
    required: &[K::RequesterEmail, K::Successor],
    proofs: &[K::Callback, K::Document],
    roots: 1,
    outside_domain: 0,
    from_others: 0,
    blocking: &[K::RequesterEmail, K::Successor, K::DepartedNotice, K::Vouch, K::Callback],
    days: 30,
    dns_days: 30,
};

/// As delivered in `config/default.toml`; a test holds the two against each other.
pub const DEFAULT: PolicyInWords = PolicyInWords {
    required: &[K::RequesterEmail, K::Entitlement, K::RecordedContact, K::DepartedNotice, K::Successor],
    proofs: &[K::DomainRegister, K::DomainDns, K::Vouch, K::Callback, K::Document],
    roots: 2,
    outside_domain: 1,
    from_others: 1,
    blocking: &[
        K::RequesterEmail,
        K::Entitlement,
        K::RecordedContact,
        K::DepartedNotice,
        K::Successor,
        K::Vouch,
        K::Callback,
    ],
    days: 90,
    dns_days: 90,
};

/// Nothing about objections: what stops the case then is the case's own place, not the policy.
pub const LAX: PolicyInWords = PolicyInWords {
    required: &[K::RequesterEmail],
    proofs: &[K::Document],
    roots: 1,
    outside_domain: 0,
    from_others: 0,
    blocking: &[],
    days: 30,
    dns_days: 10,
};

//! The policies of the walks, in the judge's own words: small ones that show every kind of rule, and the one delivered.

use crate::case::check::CheckKind;
use CheckKind as K;

/// The policy as the judge reads it, from which the configuration for the rules is written.
pub struct PolicyInWords {
    pub required: &'static [CheckKind],
    /// So many of these.
    pub independent: (usize, &'static [CheckKind]),
    pub outside: (usize, &'static [CheckKind]),
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
            "[policy]\nrequired = {}\nindependent_proofs = {}\nindependent = {}\noutside_mailbox_proofs = {}\n\
             outside_mailbox = {}\nblocking = {}\nexpires_after_days = {}\n[deadlines]\ndomain_proof_days = {}\n",
            list(self.required),
            self.independent.0,
            list(self.independent.1),
            self.outside.0,
            list(self.outside.1),
            list(self.blocking),
            self.days,
            self.dns_days,
        )
    }
}

/// The least that shows every kind of rule: two required checks, one proof out of two.
pub const SMALL: PolicyInWords = PolicyInWords {
    required: &[K::RequesterEmail, K::Successor],
    independent: (1, &[K::Callback, K::Document]),
    outside: (0, &[K::Callback]),
    blocking: &[K::RequesterEmail, K::Successor, K::DepartedNotice, K::Vouch, K::Callback],
    days: 30,
    dns_days: 30,
};

/// As delivered in `config/default.toml`; a test holds the two against each other.
pub const DEFAULT: PolicyInWords = PolicyInWords {
    required: &[K::RequesterEmail, K::Entitlement, K::RecordedContact, K::DepartedNotice, K::Successor],
    independent: (2, &[K::DomainRegister, K::DomainDns, K::Vouch, K::Callback, K::Document]),
    outside: (1, &[K::DomainDns, K::Vouch, K::Callback]),
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
    independent: (1, &[K::Document]),
    outside: (0, &[]),
    blocking: &[],
    days: 30,
    dns_days: 10,
};

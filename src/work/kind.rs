//! Which kinds of work there are, and which share a loop.

use strum::{IntoStaticStr, VariantArray};

/// One kind of work; each of its units is a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// Comparing the settings with those of the last start, once.
    Settings,
    Deadlines,
    Upkeep,
    Checks,
    DomainProofs,
    FollowUps,
    Reminders,
    Settlements,
    Retention,
    /// Of what belongs to no case.
    Forgetting,
    /// Of cases that are over altogether.
    Deletion,
    /// Lines for what came beside the trail.
    Chain,
    /// Requests to erase somebody that two administrators consented to.
    Erasure,
    StaffMail,
    /// The yearly question to contacts on record.
    ContactQuestions,
    PasswordResets,
    InboundEmails,
    Deliveries,
    MailServers,
    DomainsOnRecord,
    Scans,
    /// Messages to programs of the reseller's.
    Webhooks,
    WebhookUpkeep,
    /// Appending to the log over all cases.
    Log,
    /// Heads of the log that are taken elsewhere: into a file, to a time stamper, by mail.
    LogFile,
    TimeStamps,
    LogMail,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Kinds that take turns. Each loop is beside the others, so that a server which is silent holds up only what waits for it.
#[derive(Clone, Copy, Debug)]
pub struct Loop {
    pub name: &'static str,
    pub kinds: &'static [Kind],
}

/// In the order in which `run_until_idle` asks them.
pub const LOOPS: [Loop; 7] = [
    Loop {
        name: "cases",
        kinds: &[
            Kind::Settings,
            Kind::Deadlines,
            Kind::Upkeep,
            Kind::Checks,
            Kind::FollowUps,
            Kind::Reminders,
            Kind::Settlements,
            Kind::Retention,
            Kind::Forgetting,
            Kind::Deletion,
            Kind::Chain,
            Kind::Erasure,
            Kind::StaffMail,
            Kind::ContactQuestions,
            Kind::PasswordResets,
            Kind::Log,
            Kind::LogMail,
        ],
    },
    // Whoever asks for one chooses the name servers, and may choose silent ones.
    Loop { name: "domain proofs", kinds: &[Kind::DomainProofs] },
    // Their authors choose name servers that may be slow.
    Loop { name: "inbound e-mails", kinds: &[Kind::InboundEmails] },
    Loop { name: "deliveries", kinds: &[Kind::Deliveries] },
    // Name servers, a disk elsewhere and a time stamper: they may stall, and nothing waits for them.
    Loop {
        name: "look-ups",
        kinds: &[Kind::MailServers, Kind::DomainsOnRecord, Kind::LogFile, Kind::TimeStamps],
    },
    Loop { name: "scans", kinds: &[Kind::Scans] },
    // Receivers may stall.
    Loop { name: "webhooks", kinds: &[Kind::Webhooks, Kind::WebhookUpkeep] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_loop() {
        let mut shared: Vec<Kind> = LOOPS.iter().flat_map(|one| one.kinds).copied().collect();
        shared.sort();
        assert_eq!(shared, Kind::VARIANTS);
    }
}

//! What can be told. The words of the wire (`case.confirmed`) are a promise to programs of others: none is ever changed.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, IntoStaticStr, EnumString, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventKind {
    /// Somebody sent the form: anybody can.
    CaseOpened,
    CaseConfirmed,
    /// The case is in another state than before, whichever.
    CaseStateChanged,
    /// A draft waits for a second person.
    CaseApprovalWanted,
    /// Atlassian's mail server took the request.
    CaseSent,
    /// Staff recorded an answer of Atlassian.
    CaseAnswered,
    /// Something stands against the case.
    CaseContested,
    CaseClosed,
    /// Asked for by an administrator, about no case.
    WebhookTest,
}

impl EventKind {
    /// As it is stored, and in our own forms.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The `type` of a message, as Standard Webhooks writes it.
    pub fn on_the_wire(self) -> String {
        self.as_str().replacen('_', ".", 1)
    }

    /// What an endpoint can be told of; a test is for all.
    pub fn choices() -> impl Iterator<Item = Self> {
        Self::VARIANTS.iter().copied().filter(|kind| *kind != Self::WebhookTest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_writes_the_subject_before_the_dot() {
        assert_eq!(EventKind::CaseStateChanged.on_the_wire(), "case.state_changed");
        assert_eq!(EventKind::WebhookTest.on_the_wire(), "webhook.test");
    }
}

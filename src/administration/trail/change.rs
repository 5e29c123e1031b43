//! What administrators change, and what a line of their trail says of it: ids, versions, digests and counts, nothing personal.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use crate::case::{actor::Role, digest::Digest, second_factor::SecondFactor};

/// What was changed. Stored under its snake_case word with its data as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Change {
    /// `digest` is that of the words, so that they lie under the chain.
    BlockCreated {
        block: Uuid,
        version: i32,
        digest: Digest,
    },
    BlockChanged {
        block: Uuid,
        version: i32,
        digest: Digest,
    },
    BlockRetired {
        block: Uuid,
    },
    BlockRestored {
        block: Uuid,
    },
    StaffAdded {
        staff: Uuid,
        role: Role,
    },
    StaffDisabled {
        staff: Uuid,
    },
    StaffPasswordChanged {
        staff: Uuid,
    },
    /// By a link that was sent to their address.
    StaffPasswordReset {
        staff: Uuid,
    },
    StaffRoleChanged {
        staff: Uuid,
        from: Role,
        role: Role,
    },
    StaffReactivated {
        staff: Uuid,
        role: Role,
    },
    StaffSessionsEnded {
        staff: Uuid,
        sessions: u64,
    },
    /// Their open cases were given to somebody else, or to nobody.
    StaffCasesHandedOver {
        staff: Uuid,
        to: Option<Uuid>,
        cases: u64,
    },
    StaffInvited {
        invitation: Uuid,
        role: Role,
    },
    StaffInvitationSentAgain {
        invitation: Uuid,
    },
    StaffInvitationWithdrawn {
        invitation: Uuid,
    },
    /// Somebody took an invitation up, by the link in it.
    StaffJoined {
        staff: Uuid,
        invitation: Uuid,
        role: Role,
    },
    /// One that nobody signs in as.
    ServiceAdded {
        staff: Uuid,
        role: Role,
    },
    /// `staff` is its owner, `scopes` what it is for.
    TokenCreated {
        token: Uuid,
        staff: Uuid,
        scopes: Vec<String>,
    },
    TokenEnded {
        token: Uuid,
        staff: Uuid,
    },
    /// An account was made for somebody who came by an identity provider; `provider` is its word in the configuration.
    StaffJoinedByProvider {
        staff: Uuid,
        role: Role,
        provider: String,
    },
    /// The groups of an identity provider say another role than before.
    StaffRoleByProvider {
        staff: Uuid,
        role: Role,
        provider: String,
    },
    IdentityBound {
        staff: Uuid,
        provider: String,
    },
    IdentityUnbound {
        staff: Uuid,
        provider: String,
    },
    SecondFactorAdded {
        staff: Uuid,
        factor: SecondFactor,
    },
    SecondFactorRemoved {
        staff: Uuid,
        factor: SecondFactor,
    },
    /// A passkey's counter went back: there may be a copy of it.
    PasskeyRefused {
        staff: Uuid,
    },
    RecoveryCodesRenewed {
        staff: Uuid,
    },
    RecoveryCodeUsed {
        staff: Uuid,
    },
    /// All of somebody's second factors are gone, as after a lost telephone.
    SecondFactorsReset {
        staff: Uuid,
    },
    /// `file` is the digest of its bytes, `token` what it came with, if it did.
    RegisterImported {
        file: Digest,
        lines: u64,
        refused: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<Uuid>,
    },
    /// A list of customers with what is weak about them was saved as a file.
    CustomersSaved {
        customers: u64,
    },
    /// The key of the log was lost, and nothing signs the new one; `key` is its id.
    LogKeyReplaced {
        key: String,
    },
    /// Before the first file is touched; `key` is the name of the key, not the key.
    EvidenceRekeyBegun {
        key: String,
    },
    EvidenceRekeyEnded {
        key: String,
        files: u64,
        failures: u64,
    },
    /// `digest` is that of what was chosen: address, events, and whether people go along.
    WebhookCreated {
        endpoint: Uuid,
        personal: bool,
        digest: Digest,
    },
    /// Where the address was not `moved`, the digest is without it.
    WebhookChanged {
        endpoint: Uuid,
        personal: bool,
        moved: bool,
        digest: Digest,
    },
    WebhookSecretChanged {
        endpoint: Uuid,
    },
    WebhookEnabled {
        endpoint: Uuid,
    },
    /// By an administrator, or by the program, which says why.
    WebhookDisabled {
        endpoint: Uuid,
        why: String,
    },
    WebhookDeleted {
        endpoint: Uuid,
    },
    /// Somebody got a copy of what is kept of them: how many rows that were, not whose.
    PersonExported {
        export: Uuid,
        rows: u64,
    },
    ErasureAsked {
        request: Uuid,
    },
    ErasureConsented {
        request: Uuid,
    },
    ErasureWithdrawn {
        request: Uuid,
    },
    /// Nobody else consented in time.
    ErasureExpired {
        request: Uuid,
    },
    PersonErased {
        request: Uuid,
        rows: u64,
        kept: u64,
    },
    /// What belonged to no case and whose time was over: `class` is its word in the settings' terms.
    Forgotten {
        class: String,
        rows: u64,
    },
    /// The time of a case was over, and all of it is gone: where its trail ended, and by which rule of how many years.
    CaseDeleted {
        number: String,
        lines: i32,
        hash: String,
        rule: String,
        years: u32,
    },
}

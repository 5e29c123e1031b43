//! The identity providers that staff may sign in with, as written: `[[desk.providers]]`. What must hold between the keys is seen to
//! by `staff::identities`.

use std::{collections::BTreeMap, path::PathBuf};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProvider {
    /// The word in its addresses.
    pub name: String,
    /// What people call it.
    pub label: String,
    pub issuer: String,
    pub client_id: String,
    #[serde(default = "no_secret", skip_serializing)]
    pub client_secret: SecretString,
    #[serde(default)]
    pub client_secret_file: PathBuf,
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    #[serde(default = "groups_claim")]
    pub groups_claim: String,
    /// By group; of several the highest counts.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
    #[serde(default = "invited")]
    pub accounts: Accounts,
    #[serde(default)]
    pub email_domains: Vec<String>,
    /// Its addresses are believed without `email_verified`.
    #[serde(default)]
    pub trust_emails: bool,
    #[serde(default)]
    pub second_factor_amr: Vec<String>,
    #[serde(default)]
    pub second_factor_acr: Vec<String>,
    #[serde(default)]
    pub require_second_factor: bool,
    #[serde(default = "session_minutes")]
    pub session_minutes: u32,
    /// Besides the issuer's own.
    #[serde(default)]
    pub hosts: Vec<String>,
    #[serde(default)]
    pub ca_file: PathBuf,
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u32,
}

/// Who gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Accounts {
    /// Who has an account already.
    Invited,
    /// Whoever has a group with a role: the account is made at the first sign-in.
    JustInTime,
}

fn no_secret() -> SecretString {
    SecretString::from("")
}

fn scopes() -> Vec<String> {
    ["email", "profile"].map(str::to_owned).to_vec()
}

fn groups_claim() -> String {
    "groups".to_owned()
}

fn invited() -> Accounts {
    Accounts::Invited
}

fn session_minutes() -> u32 {
    60
}

fn timeout_seconds() -> u32 {
    5
}

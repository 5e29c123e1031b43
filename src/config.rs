//! Settings: every key of `config/default.toml`, and what kind of value it takes. Unknown keys are refused.
//!
//! Holds plain values; what they mean is up to their users. Secrets never appear in `Debug` or errors, nor where settings are
//! written out: a field that holds one can't be written, the compiler says.

mod listing;
mod load;
mod mail;
mod production;
mod providers;
mod reseller;
mod secret_files;
mod weak;

pub use listing::{Listed, Shown};
pub use load::{Reading, Source, Sources};
pub use mail::{Authentication, Dkim, Imap, Inbound, Mail, Smtp, Tls, TransportKind};
pub use production::EXAMPLE_RESELLER;
pub use providers::{Accounts, IdentityProvider};
pub use reseller::{ByLanguage, Reseller, Words};

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::lang::Language;

/// The default of every key, with its comment.
pub const DEFAULT: &str = include_str!("../config/default.toml");

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub mode: Mode,
    pub data_dir: PathBuf,
    pub time_zone: String,
    pub language: Language,
    pub stop_seconds: u32,
    pub reseller: Reseller,
    pub http: Http,
    pub database: Database,
    pub secrets: Secrets,
    pub mail: Mail,
    pub limits: Limits,
    pub atlassian: Atlassian,
    pub dns: Dns,
    pub register: Register,
    pub calendar: Calendar,
    pub deadlines: Deadlines,
    pub policy: PolicySettings,
    pub signals: Signals,
    pub evidence: Evidence,
    pub retention: Retention,
    pub yearly: Yearly,
    pub desk: Desk,
    pub webhooks: Webhooks,
    pub log: Log,
    pub metrics: Metrics,
    pub telemetry: Telemetry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Demo,
    Production,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub host: IpAddr,
    pub port: u16,
    pub public_url: String,
    pub privacy_url: String,
    pub imprint_url: String,
    pub embedded_by: Vec<String>,
    pub behind_proxy: bool,
    pub forms_per_minute: u32,
    pub forms_burst: u32,
    pub api_per_minute: u32,
    pub api_burst: u32,
    pub api_import_bytes: u32,
    pub header_seconds: u32,
    pub form_seconds: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    #[serde(skip_serializing)]
    pub url: SecretString,
    pub url_file: PathBuf,
    #[serde(skip_serializing)]
    pub owner_url: SecretString,
    pub owner_url_file: PathBuf,
    pub service_role: String,
    pub max_connections: u32,
    pub page_connections: u32,
    pub page_seconds: u32,
    pub migrate_at_start: bool,
    pub bin_dir: PathBuf,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    #[serde(skip_serializing)]
    pub key: SecretString,
    pub key_file: PathBuf,
}

/// Letters that strangers can have us write.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub form_letters_per_network: u32,
    pub form_letters_per_mailbox: u32,
    pub form_letters_per_domain: u32,
    pub confirmation_letters: u32,
    pub confirmation_minutes: u32,
    pub mended_addresses: u32,
    pub form_letters_alarm: u32,
    pub desk_letters_per_staff: u32,
    pub form_answer_days: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Atlassian {
    pub data_center: String,
    pub cloud: String,
    pub cloud_partner_managed: String,
    pub answer_domains: Vec<String>,
    pub follow_up_after_days: u32,
    pub follow_ups: u32,
    pub partner_name: String,
    pub partner_id: String,
}

impl Atlassian {
    /// Whether this is an address of Atlassian's. Whoever can give a member of staff one must not have us write there.
    pub fn owns(&self, address: &str) -> bool {
        let at =
            |domain: &str| address.rsplit_once('@').is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain));
        [&self.data_center, &self.cloud].iter().any(|recipient| recipient.eq_ignore_ascii_case(address))
            || self.answer_domains.iter().any(|domain| at(domain))
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dns {
    pub resolvers: Vec<SocketAddr>,
    pub timeout_seconds: u32,
    pub ask_for_mail_servers: bool,
    pub watch_domains: bool,
    pub watch_days: u32,
}

/// How the register is read.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub shared_domains: Vec<String>,
}

/// What staff are made to look at twice.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    pub renewal_days: u32,
    pub register_change_days: u32,
    pub domain_change_days: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    pub regions: Vec<String>,
    pub opens: String,
    pub closes: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    pub confirmation_days: u32,
    pub confirmation_reminder_days: u32,
    pub challenge_days: u32,
    pub domain_proof_days: u32,
    pub notice_business_days: u32,
    pub returned_notice_business_days: u32,
    pub notice_attempts: u32,
    pub notice_interval_business_days: u32,
    pub our_business_hours: u32,
    pub their_business_days: u32,
    pub reminders: u32,
}

/// Who on record hears of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// Whose role it would change.
    Affected,
    /// Every contact of the licences named.
    All,
}

/// The policy as written; `case::policy` turns the words into checks.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySettings {
    pub required: Vec<String>,
    pub proofs: Vec<String>,
    pub distinct_roots: usize,
    pub outside_domain: usize,
    pub from_others: usize,
    pub one_root_may_suffice: bool,
    pub notify: Notify,
    pub blocking: Vec<String>,
    pub expires_after_days: u32,
    pub ask_voucher: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub uploads: bool,
    #[serde(skip_serializing)]
    pub keys: Vec<SecretString>,
    pub keys_file: PathBuf,
    pub file_bytes: usize,
    pub files_per_case: u32,
    pub case_bytes: u64,
    pub total_bytes: u64,
    pub uploads_at_once: usize,
    pub packs_at_once: usize,
    pub upload_seconds: u32,
    pub upload_silence_seconds: u32,
    pub upload_bytes_per_second: u32,
    pub clamd: String,
    pub clamd_timeout_seconds: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub evidence_days: u32,
    pub prepared_days: u32,
    pub unconfirmed_days: u32,
    pub content_months: u32,
    pub letter_years: u32,
    pub trail_years: u32,
    pub set_aside_days: u32,
    pub other_letter_days: u32,
    pub staff_letter_days: u32,
    pub form_letter_days: u32,
    pub access_days: u32,
    pub look_up_days: u32,
}

/// The yearly question to whoever is on record.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Yearly {
    pub enabled: bool,
    pub letters_per_day: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    pub idle_minutes: u32,
    pub absolute_hours: u32,
    pub free_sign_in_tries: u32,
    pub providers: Vec<IdentityProvider>,
    pub digest_at: Vec<String>,
    pub due_soon_business_hours: u32,
    pub staff_mails_per_hour: u32,
    pub reference_url: String,
    pub second_factor: SecondFactorSettings,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    pub allowed_networks: Vec<String>,
    pub keep_days: u32,
    pub disable_after_days: u32,
}

/// The log over all cases: who signs its heads, and where they are taken to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    #[serde(skip_serializing)]
    pub signing_keys: Vec<SecretString>,
    pub signing_keys_file: PathBuf,
    pub every_seconds: u32,
    pub mail_to: Vec<String>,
    pub file: PathBuf,
    pub time_stamper: String,
    pub time_stamp_minutes: u32,
    pub time_stamper_seconds: u32,
    pub time_stamper_ca_file: PathBuf,
}

/// What staff show beside their password.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorSettings {
    pub required_for: Vec<String>,
    pub demand_in_demo: bool,
    pub grace_days: u32,
    pub fresh_minutes: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    #[serde(skip_serializing)]
    pub token: SecretString,
    pub token_file: PathBuf,
    pub port: u16,
    pub worker_port: u16,
}

/// Where traces go.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    pub endpoint: String,
    #[serde(skip_serializing)]
    pub headers: SecretString,
    pub headers_file: PathBuf,
    pub sample_ratio: f64,
    pub service_name: String,
    pub timeout_seconds: u32,
    pub ca_file: PathBuf,
}

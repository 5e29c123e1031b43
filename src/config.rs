//! Settings: `config/default.toml` ← a file ← the environment (`HANDOVER__SECTION__KEY`). Unknown keys are refused.
//!
//! Holds plain values; what they mean is up to their users. Secrets never appear in `Debug` or errors.

mod mail;
mod production;
mod weak;

pub use mail::{Authentication, Dkim, Imap, Inbound, Mail, Smtp, Tls, TransportKind};

use std::{
    collections::HashSet,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use figment::{
    Figment, Metadata, Profile, Provider,
    error::Kind,
    providers::{Env, Format as _, Toml},
    util::nest,
    value::{Dict, Map, Value},
};
use secrecy::SecretString;
use serde::Deserialize;

/// The default of every key, with its comment.
pub const DEFAULT: &str = include_str!("../config/default.toml");

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub mode: Mode,
    pub data_dir: PathBuf,
    pub time_zone: String,
    pub stop_seconds: u32,
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
    pub desk: Desk,
    pub metrics: Metrics,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Demo,
    Production,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub host: IpAddr,
    pub port: u16,
    pub public_url: String,
    pub privacy_url: String,
    pub imprint_url: String,
    pub behind_proxy: bool,
    pub forms_per_minute: u32,
    pub forms_burst: u32,
    pub header_seconds: u32,
    pub form_seconds: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: SecretString,
    pub max_connections: u32,
    pub migrate_at_start: bool,
    pub bin_dir: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    pub key: SecretString,
}

/// Letters that strangers can have us write.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub form_letters_per_network: u32,
    pub form_letters_per_mailbox: u32,
    pub form_letters_per_domain: u32,
    pub form_letters_alarm: u32,
}

#[derive(Clone, Debug, Deserialize)]
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

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dns {
    pub resolvers: Vec<SocketAddr>,
    pub timeout_seconds: u32,
    pub ask_for_mail_servers: bool,
    pub watch_domains: bool,
    pub watch_days: u32,
}

/// How the register is read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub shared_domains: Vec<String>,
}

/// What staff are made to look at twice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    pub renewal_days: u32,
    pub register_change_days: u32,
    pub domain_change_days: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    pub regions: Vec<String>,
    pub opens: String,
    pub closes: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    pub confirmation_days: u32,
    pub challenge_days: u32,
    pub domain_proof_days: u32,
    pub notice_business_days: u32,
    pub returned_notice_business_days: u32,
    pub notice_attempts: u32,
    pub notice_interval_business_days: u32,
    pub our_business_hours: u32,
    pub their_business_days: u32,
}

/// Who on record hears of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// Whose role it would change.
    Affected,
    /// Every contact of the licences named.
    All,
}

/// The policy as written; `case::policy` turns the words into checks.
#[derive(Clone, Debug, Deserialize)]
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

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub uploads: bool,
    pub keys: Vec<SecretString>,
    pub file_bytes: usize,
    pub files_per_case: u32,
    pub case_bytes: u64,
    pub total_bytes: u64,
    pub uploads_at_once: usize,
    pub upload_seconds: u32,
    pub upload_silence_seconds: u32,
    pub upload_bytes_per_second: u32,
    pub clamd: String,
    pub clamd_timeout_seconds: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub evidence_days: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    pub idle_minutes: u32,
    pub absolute_hours: u32,
    pub sign_ins_per_minute: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    pub token: SecretString,
    pub port: u16,
}

impl Settings {
    /// Reads the settings. Errors name the key and where it was set, never a value of a secret.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Toml::string(DEFAULT));
        if let Some(file) = file {
            figment = figment.merge(Toml::file_exact(file));
        }
        Self::extract(variables().into_iter().fold(figment, Figment::merge))
    }

    /// The defaults alone, changed by `overrides` (TOML): for tests that must not depend on the environment.
    pub fn with(overrides: &str) -> anyhow::Result<Self> {
        Self::extract(Figment::from(Toml::string(DEFAULT)).merge(Toml::string(overrides)))
    }

    fn extract(figment: Figment) -> anyhow::Result<Self> {
        // Lossy: what stands in the environment is text, also where a number is wanted.
        let mut settings: Self = figment
            .extract_lossy()
            .map_err(|error| anyhow::anyhow!("the configuration is not valid: {}", discreet(error)))?;
        if settings.http.public_url.is_empty() {
            let host = SocketAddr::new(settings.http.host, settings.http.port);
            settings.http.public_url = format!("http://{host}");
        }
        let resolvers: HashSet<SocketAddr> = settings.dns.resolvers.iter().copied().collect();
        anyhow::ensure!(
            resolvers.len() > 1,
            "dns.resolvers must name at least two, so that they can disagree"
        );
        Ok(settings)
    }

    /// The time zone that dates are shown in and business days are counted in.
    pub fn zone(&self) -> anyhow::Result<jiff::tz::TimeZone> {
        jiff::tz::TimeZone::get(&self.time_zone)
            .with_context(|| format!("time_zone {:?} is not known", self.time_zone))
    }

    pub fn is_demo(&self) -> bool {
        self.mode == Mode::Demo
    }

    /// Whether people reach Handover over TLS.
    pub fn is_https(&self) -> bool {
        self.http.public_url.starts_with("https://")
    }
}

/// One variable of the environment as a setting.
struct Variable {
    name: String,
    /// With dots: `mail.smtp.password`.
    key: String,
    text: String,
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("the environment variable {}", self.name))
    }

    /// Text as it stands, so that a password of digits stays one; only a list in brackets is read as a list.
    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let list = self.text.starts_with('[').then(|| self.text.parse::<Value>().ok()).flatten();
        let value = list.unwrap_or_else(|| Value::from(self.text.as_str()));
        Ok(Profile::Default.collect(nest(&self.key, value).into_dict().unwrap_or_default()))
    }
}

/// `DATABASE_URL`, which hosting platforms set, as `database.url`; then every `HANDOVER__SECTION__KEY`.
#[expect(clippy::disallowed_methods, reason = "the environment is read here and nowhere else")]
fn variables() -> Vec<Variable> {
    let url = std::env::var("DATABASE_URL").ok();
    let url = url.map(|text| Variable { name: "DATABASE_URL".into(), key: "database.url".into(), text });
    let ours =
        Env::prefixed("HANDOVER__").split("__").iter().collect::<Vec<_>>().into_iter().map(|(key, text)| {
            let name = format!("HANDOVER__{}", key.as_str().to_uppercase().replace('.', "__"));
            Variable { name, key: key.to_string(), text }
        });
    url.into_iter().chain(ours).collect()
}

/// What is wrong, without the wrong value or the lines of the file around it: either may be a secret.
fn discreet(error: figment::Error) -> String {
    let lines: Vec<String> = error
        .into_iter()
        .map(|mut error| {
            if let Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) = error.kind {
                error.kind = Kind::Message(format!("the value is no {wanted}"));
            }
            let is_excerpt = |line: &str| {
                line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit()).starts_with('|')
            };
            let text = error.to_string();
            text.lines().filter(|line| !is_excerpt(line)).collect::<Vec<_>>().join("\n")
        })
        .collect();
    // Figment's profile, which we have no use for.
    lines.join("; ").replace("key \"default.", "key \"")
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn the_defaults_are_complete_and_not_for_production() {
        let settings = Settings::with("").unwrap();
        assert!(settings.is_demo());
        assert_eq!(settings.http.public_url, "http://127.0.0.1:8080");
        assert_eq!(settings.production_problems().len(), 11);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = Settings::with("[http]\nprot = 1").unwrap_err().to_string();
        assert!(error.contains("prot"), "{error}");
    }

    #[test]
    fn the_environment_is_text_that_becomes_what_is_wanted() {
        let load = |variables: &[(&str, &str)]| {
            let figment =
                variables.iter().fold(Figment::from(Toml::string(DEFAULT)), |figment, (key, text)| {
                    figment.merge(Variable {
                        name: (*key).to_owned(),
                        key: (*key).to_owned(),
                        text: (*text).to_owned(),
                    })
                });
            Settings::extract(figment)
        };
        let settings = load(&[
            ("mail.smtp.password", "12345678"),
            ("mail.from_name", "true"),
            ("http.port", "8081"),
            ("http.behind_proxy", "true"),
            ("policy.required", "[\"requester_email\"]"),
        ])
        .unwrap();
        assert_eq!(settings.mail.smtp.password.expose_secret(), "12345678");
        assert_eq!((settings.mail.from_name.as_str(), settings.http.port), ("true", 8081));
        assert!(settings.http.behind_proxy);
        assert_eq!(settings.policy.required, ["requester_email"]);
        let error = load(&[("http.port", "eighty")]).unwrap_err().to_string();
        assert!(error.contains("\"http.port\""), "{error}");
    }

    #[test]
    fn errors_never_show_a_secret() {
        for overrides in [
            "[mail.smtp]\npassword = 47114711",
            "[mail.smtp]\npassword = hunter47114711",
            "[database]\nurl = [\"47114711\"]",
            "[secrets]\nkey = { is = \"47114711\" }",
        ] {
            let error = Settings::with(overrides).unwrap_err().to_string();
            assert!(!error.contains("4711"), "{error}");
            assert!(error.len() > 40, "{error}");
        }
    }

    #[test]
    fn debug_never_shows_a_secret() {
        let settings = Settings::with("[secrets]\nkey = \"very secret words\"").unwrap();
        assert!(!format!("{settings:?}").contains("very secret words"));
    }
}

//! Where settings come from: `config/default.toml` ← a file ← the environment (`HANDOVER__SECTION__KEY`).
//!
//! Errors name the key and where it was set, never a value: it may be a secret.

use std::{collections::HashSet, net::SocketAddr, path::Path};

use anyhow::Context as _;
use figment::{
    Figment, Metadata, Profile, Provider,
    error::Kind,
    providers::{Env, Format as _, Toml},
    util::nest,
    value::{Dict, Map, Value},
};

use super::{DEFAULT, Mode, Settings};

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
        // It goes into a header: whatever is no origin would be another rule of it.
        let stranger = settings.http.embedded_by.iter().find(|site| !is_origin(site));
        anyhow::ensure!(
            stranger.is_none(),
            "http.embedded_by must name sites as https://host or https://host:port, without a slash at the end"
        );
        // Where a fresh factor could be a day old, it would be the sign-in once more, which the database refuses, too.
        anyhow::ensure!(
            (1..=60).contains(&settings.desk.second_factor.fresh_minutes),
            "desk.second_factor.fresh_minutes must be between 1 and 60"
        );
        // A misspelt role would demand nothing of anybody.
        let roles = ["auditor", "agent", "approver", "admin"];
        anyhow::ensure!(
            settings.desk.second_factor.required_for.iter().all(|role| roles.contains(&role.as_str())),
            "desk.second_factor.required_for may name \"auditor\", \"agent\", \"approver\" and \"admin\""
        );
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

/// `https://host` or `https://host:port`, and nothing else.
fn is_origin(site: &str) -> bool {
    let host = site.strip_prefix("https://").unwrap_or_default();
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.chars().all(is_host)
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
        assert_eq!(settings.production_problems().len(), 17);
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

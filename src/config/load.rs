//! Where settings come from: `config/default.toml` ← a file ← the environment (`HANDOVER__SECTION__KEY`) ← files of secrets.
//!
//! All that is wrong is said at once. Complaints name the key and where it was set, never a value: it may be a secret.

mod layers;
mod sources;

use std::{collections::HashSet, net::SocketAddr, path::Path};

use anyhow::Context as _;
use figment::{Error, Figment, error::Kind, value::Dict};

use self::layers::{DEFAULTS, Layer, variables, whence};
pub use self::sources::{Source, Sources};
use super::{
    Mode, Settings,
    secret_files::{self, Folders},
};

/// What was read, with all that is wrong about it. Where something is, `settings` has the default instead, so that the rest can be
/// looked at, too; nothing starts on it.
#[derive(Debug)]
pub struct Reading {
    pub settings: Settings,
    /// Each begins with its key.
    pub complaints: Vec<String>,
    pub sources: Sources,
}

impl Settings {
    /// Reads as much of the settings as can be read.
    ///
    /// # Errors
    /// Where the file is none, or no TOML.
    pub fn read(file: Option<&Path>) -> anyhow::Result<Reading> {
        let mut layers = Vec::new();
        if let Some(file) = file {
            layers.push(Layer::file(file)?);
        }
        layers.extend(variables());
        Self::put_together(layers, &Folders::of_process(file))
    }

    /// The defaults alone, changed by `overrides` (TOML): for tests that must not depend on the environment.
    ///
    /// # Errors
    /// All that is wrong, and never a value of a secret.
    pub fn with(overrides: &str) -> anyhow::Result<Self> {
        Self::put_together(vec![Layer::text(overrides)?], &Folders::default())?.into_settings()
    }

    fn put_together(layers: Vec<Layer>, folders: &Folders) -> anyhow::Result<Reading> {
        let mut complaints = Vec::new();
        let defaults = Layer::defaults()?;
        let known = defaults.dict().clone();
        let mut figment = Figment::from(defaults);
        for layer in layers {
            figment = layer.merge_into(figment, &known, &mut complaints);
        }
        let layers = figment.clone();
        let mut settings = extract(figment, &known, &mut complaints)?;
        let is_url_made = settings.http.public_url.is_empty();
        if is_url_made {
            let host = SocketAddr::new(settings.http.host, settings.http.port);
            settings.http.public_url = format!("http://{host}");
        }
        let secret_files = secret_files::take(&mut settings, folders, &mut complaints);
        complaints.extend(check(&settings));
        let sources = Sources { layers, secret_files, is_url_made };
        Ok(Reading { settings, complaints, sources })
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

impl Reading {
    fn into_settings(self) -> anyhow::Result<Settings> {
        anyhow::ensure!(
            self.complaints.is_empty(),
            "the configuration is not valid:\n  - {}",
            self.complaints.join("\n  - ")
        );
        Ok(self.settings)
    }
}

/// Each value that is of no use is said and replaced by its default, until the rest can be read.
fn extract(mut figment: Figment, known: &Dict, complaints: &mut Vec<String>) -> anyhow::Result<Settings> {
    let mut replaced = HashSet::new();
    loop {
        // Lossy: what stands in the environment is text, also where a number is wanted.
        let error = match figment.extract_lossy() {
            Ok(settings) => return Ok(settings),
            Err(error) => error,
        };
        let key = error.path.join(".");
        let said = sentence(error);
        let mut ends: Vec<usize> = key.match_indices('.').map(|(at, _)| at).chain([key.len()]).collect();
        let found = std::iter::from_fn(|| ends.pop()).find_map(|end| {
            let part = key.get(..end)?;
            Some((part.to_owned(), find(known, part)?))
        });
        match found {
            Some((part, value)) if replaced.insert(part.clone()) => {
                complaints.push(said);
                figment = figment.merge(Layer::default_of(&part, value));
            }
            _ => anyhow::bail!("the configuration is not valid: {said}"),
        }
    }
}

fn find(known: &Dict, key: &str) -> Option<figment::value::Value> {
    let (section, rest) = key.split_once('.').map_or((key, None), |(section, rest)| (section, Some(rest)));
    let value = known.get(section)?;
    match rest {
        Some(rest) => find(value.as_dict()?, rest),
        None => Some(value.clone()),
    }
}

/// What is wrong, without the wrong value: it may be a secret.
fn sentence(error: Error) -> String {
    let whence = error.metadata.as_ref().map_or_else(|| format!("in {DEFAULTS}"), whence);
    let key = error.path.join(".");
    match error.kind {
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => {
            format!("{key}: the value is no {wanted} ({whence})")
        }
        Kind::UnknownVariant(word, wanted) => {
            format!("{key}: {word:?} is none of {} ({whence})", wanted.join(", "))
        }
        kind => format!("{key}: {kind} ({whence})"),
    }
}

/// What a file says that is no TOML, without the lines around it: one may hold a secret.
fn discreet(error: Error) -> String {
    let is_excerpt =
        |line: &str| line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit()).starts_with('|');
    let texts = error.into_iter().map(|error| error.kind.to_string());
    let lines: Vec<String> = texts
        .map(|text| text.lines().filter(|line| !is_excerpt(line)).collect::<Vec<_>>().join(" "))
        .collect();
    lines.join("; ")
}

/// What is wrong about values that can be read, and would be to the harm of others in the demo, too.
fn check(settings: &Settings) -> Vec<String> {
    let factor = &settings.desk.second_factor;
    // It goes into a header: whatever is no origin would be another rule of it.
    let has_stranger = settings.http.embedded_by.iter().any(|site| !is_origin(site));
    // A misspelt role would demand nothing of anybody.
    let is_role = |role: &String| ["auditor", "agent", "approver", "admin"].contains(&role.as_str());
    let resolvers: HashSet<SocketAddr> = settings.dns.resolvers.iter().copied().collect();
    let found = [
        (
            has_stranger,
            "http.embedded_by must name sites as https://host or https://host:port, without a slash at the end",
        ),
        // Where a fresh factor could be a day old, it would be the sign-in once more, which the database refuses, too.
        (
            !(1..=60).contains(&factor.fresh_minutes),
            "desk.second_factor.fresh_minutes must be between 1 and 60",
        ),
        (
            !factor.required_for.iter().all(is_role),
            "desk.second_factor.required_for may name \"auditor\", \"agent\", \"approver\" and \"admin\"",
        ),
        (
            !(0.0..=1.0).contains(&settings.telemetry.sample_ratio),
            "telemetry.sample_ratio must be between 0.0 and 1.0",
        ),
        (
            !(1..=60).contains(&settings.telemetry.timeout_seconds),
            "telemetry.timeout_seconds must be between 1 and 60",
        ),
        (settings.telemetry.service_name.trim().is_empty(), "telemetry.service_name is empty"),
        (resolvers.len() < 2, "dns.resolvers must name at least two, so that they can disagree"),
    ];
    found.into_iter().filter(|(wrong, _)| *wrong).map(|(_, sentence)| sentence.to_owned()).collect()
}

/// `https://host` or `https://host:port`, and nothing else.
fn is_origin(site: &str) -> bool {
    let host = site.strip_prefix("https://").unwrap_or_default();
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.chars().all(is_host)
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
        let load = |variables: &[(&'static str, &str)]| {
            let layers = variables.iter().map(|(key, text)| Layer::variable(*key, key, text)).collect();
            Settings::put_together(layers, &Folders::default()).unwrap().into_settings()
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
        assert!(
            error.contains("http.port: the value is no u16 (in the environment variable http.port)"),
            "{error}"
        );
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
    fn all_that_is_wrong_is_said_at_once_with_where_it_was_set() {
        let file = "colour = 1\nmode = \"try\"\n[http]\nport = \"eighty\"\nprot = 1\n[dns]\nresolvers = []\n[mail.smtp]\ntls = 5\n";
        let layers = vec![
            Layer::text(file).unwrap(),
            Layer::variable("HANDOVER__MAIL__SMPT__HOST", "mail.smpt.host", "x"),
            Layer::variable("HANDOVER__STOP_SECONDS", "stop_seconds", "soon"),
        ];
        let reading = Settings::put_together(layers, &Folders::default()).unwrap();
        let mut said = reading.complaints.clone();
        said.sort();
        insta::assert_snapshot!(said.join("\n"), @r#"
        colour is no setting (in the text given)
        dns.resolvers must name at least two, so that they can disagree
        http.port: the value is no u16 (in the text given)
        http.prot is no setting (in the text given)
        mail.smpt is no setting (in the environment variable HANDOVER__MAIL__SMPT__HOST)
        mail.smtp.tls: the value is no enum Tls (in the text given)
        mode: "try" is none of demo, production (in the text given)
        stop_seconds: the value is no u32 (in the environment variable HANDOVER__STOP_SECONDS)
        "#);
        // The rest can be looked at.
        assert_eq!(reading.settings.http.port, 8080);
        assert_eq!(reading.sources.find("mail.smtp.port"), Source::Default);
    }

    #[test]
    fn of_each_value_it_is_known_where_it_comes_from() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("handover.toml");
        let providers = "[[desk.providers]]\nname = \"a\"\nlabel = \"A\"\nissuer = \"https://a.example\"\nclient_id = \"c\"\n";
        std::fs::write(&file, format!("stop_seconds = 9\n[http]\nport = 1\nhost = \"::1\"\n{providers}"))
            .unwrap();
        let layers = vec![
            Layer::file(&file).unwrap(),
            Layer::variable("HANDOVER__HTTP__PORT", "http.port", "2"),
            Layer::variable("DATABASE_URL", "database.url", "postgres://u:hunter2@h/d"),
        ];
        let reading = Settings::put_together(layers, &Folders::default()).unwrap();
        assert_eq!(reading.complaints, [""; 0]);
        let find = |key| reading.sources.find(key);
        assert_eq!(find("stop_seconds"), Source::File(file.clone()));
        assert_eq!(find("http.host"), Source::File(file.clone()));
        assert_eq!(find("http.port"), Source::Variable("HANDOVER__HTTP__PORT".to_owned()));
        assert_eq!(find("http.public_url"), Source::Made);
        assert_eq!(find("database.url"), Source::Variable("DATABASE_URL".to_owned()));
        assert_eq!(find("desk.providers.a.issuer"), Source::File(file));
        assert_eq!(find("reseller.hours.de"), Source::Default);
        let listed = serde_json::to_string(&reading.list().unwrap()).unwrap();
        assert!(!listed.contains("hunter2"), "{listed}");
        assert!(listed.contains("\"key\":\"database.url\",\"secret\":true,\"is_set\":true"), "{listed}");
    }

    #[test]
    fn debug_never_shows_a_secret() {
        let settings = Settings::with("[secrets]\nkey = \"very secret words\"").unwrap();
        assert!(!format!("{settings:?}").contains("very secret words"));
    }
}

//! Which settings are other than the defaults. Secrets are not among them: they can't be written out (`config`), and what leads to
//! them, names of accounts and files, is only said to be set.

use serde::Serialize;
use serde_json::Value;

use crate::config::Settings;

/// Keys whose value is nobody's business at the desk, by their last word.
const PRIVATE: [&str; 11] = [
    "username",
    "service_role",
    "client_id",
    "client_secret_file",
    "token_command",
    "ca_file",
    "ed25519_key_file",
    "rsa_key_file",
    "data_dir",
    "bin_dir",
    "clamd",
];

/// A setting that is not as it comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub key: String,
    pub default: String,
    /// `None` where it is not shown.
    pub value: Option<String>,
}

/// In the order of their keys.
pub fn changed(settings: &Settings) -> anyhow::Result<Vec<Changed>> {
    let (mut now, mut defaults) = (Vec::new(), Vec::new());
    flatten(String::new(), &serde_json::to_value(settings)?, &mut now);
    flatten(String::new(), &serde_json::to_value(Settings::with("")?)?, &mut defaults);
    let default = |key: &str| defaults.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    let mut changed: Vec<Changed> = now
        .into_iter()
        .filter_map(|(key, value)| {
            let default = default(&key).unwrap_or_default();
            let is_private = PRIVATE.iter().any(|word| key.rsplit('.').next() == Some(*word));
            (default != value).then(|| Changed { default, value: (!is_private).then_some(value), key })
        })
        .collect();
    changed.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(changed)
}

fn flatten(key: String, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let below = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(below, value, found);
            }
        }
        // Tables in a row have names of their own: desk.providers.entra.issuer.
        Value::Array(tables) if tables.iter().any(Value::is_object) => {
            for (at, table) in tables.iter().enumerate() {
                let name = table.get("name").and_then(Value::as_str);
                let name = name.map_or_else(|| at.to_string(), str::to_owned);
                flatten(format!("{key}.{name}"), table, found);
            }
        }
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(plain).collect();
            found.push((key, values.join(", ")));
        }
        value => found.push((key, plain(value))),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_told_and_no_secret_with_it() {
        let secret = "a-secret-that-nobody-may-see-on-any-page";
        let settings = format!(
            "deadlines.reminders = 5\ncalendar.regions = [\"DE-BY\", \"AT\"]\nsecrets.key = \"{secret}\"\n\
             database.url = \"postgres://u:{secret}@h/d\"\nevidence.keys = [\"one:{secret}\"]\n\
             mail.smtp.password = \"{secret}\"\nmail.smtp.username = \"{secret}\"\nmail.imap.password = \"{secret}\"\n\
             mail.imap.token_command = [\"print\", \"{secret}\"]\nmetrics.token = \"{secret}\"\n\
             [[desk.providers]]\nname = \"entra\"\nlabel = \"Entra\"\nissuer = \"https://id.example\"\n\
             client_id = \"{secret}\"\nclient_secret = \"{secret}\"\nclient_secret_file = \"/run/{secret}\""
        );
        let changed = changed(&Settings::with(&settings).unwrap()).unwrap();
        let (providers, changed): (Vec<_>, Vec<_>) =
            changed.into_iter().partition(|one| one.key.starts_with("desk.providers."));
        assert!(providers.iter().all(|one| !format!("{one:?}").contains(secret)), "{providers:?}");
        let issuer = providers.iter().find(|one| one.key == "desk.providers.entra.issuer").unwrap();
        assert_eq!(issuer.value.as_deref(), Some("https://id.example"));
        let keys: Vec<&str> = changed.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(
            keys,
            ["calendar.regions", "deadlines.reminders", "mail.imap.token_command", "mail.smtp.username"]
        );
        assert_eq!((changed[0].default.as_str(), changed[0].value.as_deref()), ("DE", Some("DE-BY, AT")));
        assert_eq!((changed[1].default.as_str(), changed[1].value.as_deref()), ("2", Some("5")));
        assert!(changed.iter().all(|one| !format!("{one:?}").contains(secret)), "{changed:?}");
        assert!(super::changed(&Settings::with("").unwrap()).unwrap().is_empty());
    }
}

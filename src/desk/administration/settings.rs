//! Which settings are other than the defaults. Secrets are not among them: they can't be written out (`config`), and what leads to
//! them, names of accounts and files, is only said to be set.

use serde::Serialize;
use serde_json::Value;

use crate::config::Settings;

/// Keys whose value is nobody's business at the desk, by their last word; besides those that name a file.
const PRIVATE: [&str; 7] =
    ["username", "service_role", "client_id", "token_command", "data_dir", "bin_dir", "clamd"];

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
    let defaults = Settings::with("")?.flatten()?;
    let default = |key: &str| defaults.iter().find(|(known, _)| known == key).map(|(_, value)| plain(value));
    let mut changed: Vec<Changed> = settings
        .flatten()?
        .into_iter()
        .filter_map(|(key, value)| {
            let (default, value) = (default(&key).unwrap_or_default(), plain(&value));
            let word = key.rsplit('.').next().unwrap_or_default();
            let is_private = PRIVATE.contains(&word) || word.ends_with("_file");
            (default != value).then(|| Changed { default, value: (!is_private).then_some(value), key })
        })
        .collect();
    changed.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(changed)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
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
             client_id = \"{secret}\"\nclient_secret = \"{secret}\""
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

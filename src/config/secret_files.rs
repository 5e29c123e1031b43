//! Secrets from files: whatever is secret may be named by `<key>_file` instead, which is how systemd and containers hand secrets
//! over. The last newline is not part of it.
//!
//! Two attackers are other accounts of the machine: one reads a file that is open to all, one puts a key of their own into a file
//! that others may write. Neither file is taken. Who owns the folders above is not looked at.

use std::{
    fs::OpenOptions,
    io::Read as _,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Component, Path, PathBuf},
};

use nix::fcntl::OFlag;
use secrecy::{ExposeSecret as _, SecretString};

use super::Settings;

/// No secret is nearly as long.
const LARGEST: u64 = 65_536;
/// For others nothing; for the group, reading.
const CLOSED_TO: u32 = 0o027;

/// Where a file lies that is named without a folder from the root on.
#[derive(Debug, Default)]
pub struct Folders {
    /// Where systemd puts what `LoadCredential=` names: flat, `secrets/key` as `secrets_key`.
    credentials: Option<PathBuf>,
    /// That of the settings file.
    settings: Option<PathBuf>,
}

impl Folders {
    #[expect(clippy::disallowed_methods, reason = "the environment is read by `config` and nowhere else")]
    pub fn of_process(file: Option<&Path>) -> Self {
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty());
        let settings = file.and_then(Path::parent).map(Path::to_owned);
        Self { credentials: credentials.map(PathBuf::from), settings }
    }

    /// A credential where systemd gave one; else beside the settings file.
    fn find(&self, file: &Path) -> PathBuf {
        if file.is_absolute() {
            return file.to_owned();
        }
        let names: Vec<&str> = file
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => name.to_str(),
                _ => None,
            })
            .collect();
        let credential = self.credentials.as_ref().map(|folder| folder.join(names.join("_")));
        match (credential.filter(|file| file.exists()), &self.settings) {
            (Some(credential), _) => credential,
            (None, Some(folder)) => folder.join(file),
            (None, None) => file.to_owned(),
        }
    }
}

/// A secret and the setting that may name its file.
struct Place<'s> {
    key: String,
    held: Held<'s>,
    file: &'s mut PathBuf,
}

enum Held<'s> {
    One(&'s mut SecretString),
    /// In a file one on each line.
    Many(&'s mut Vec<SecretString>),
}

impl Held<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Self::One(secret) => secret.expose_secret().is_empty(),
            Self::Many(secrets) => secrets.is_empty(),
        }
    }
}

/// All that is secret. A test holds it against the settings.
fn places(settings: &mut Settings) -> Vec<Place<'_>> {
    let Settings { database, secrets, mail, evidence, desk, log, metrics, telemetry, .. } = settings;
    let one = |key: &str, secret, file| Place { key: key.to_owned(), held: Held::One(secret), file };
    let many = |key: &str, secrets, file| Place { key: key.to_owned(), held: Held::Many(secrets), file };
    let mut places = vec![
        one("database.url", &mut database.url, &mut database.url_file),
        one("database.owner_url", &mut database.owner_url, &mut database.owner_url_file),
        one("secrets.key", &mut secrets.key, &mut secrets.key_file),
        one("mail.smtp.password", &mut mail.smtp.password, &mut mail.smtp.password_file),
        one("mail.imap.password", &mut mail.imap.password, &mut mail.imap.password_file),
        many("evidence.keys", &mut evidence.keys, &mut evidence.keys_file),
        many("log.signing_keys", &mut log.signing_keys, &mut log.signing_keys_file),
        one("metrics.token", &mut metrics.token, &mut metrics.token_file),
        one("telemetry.headers", &mut telemetry.headers, &mut telemetry.headers_file),
    ];
    places.extend(desk.providers.iter_mut().map(|provider| Place {
        key: format!("desk.providers.{}.client_secret", provider.name),
        held: Held::One(&mut provider.client_secret),
        file: &mut provider.client_secret_file,
    }));
    places
}

/// The key of each secret, and whether it is set.
pub fn list(settings: &Settings) -> Vec<(String, bool)> {
    let mut settings = settings.clone();
    places(&mut settings).into_iter().map(|place| (place.key, !place.held.is_empty())).collect()
}

/// Takes each secret from the file that is named for it. What was taken, by key; what can't be, as a complaint. Keys that are
/// files by nature (`mail.dkim`) are only found and looked at.
pub(super) fn take(
    settings: &mut Settings,
    folders: &Folders,
    complaints: &mut Vec<String>,
) -> Vec<(String, PathBuf)> {
    let mut taken = Vec::new();
    for place in places(settings).into_iter().filter(|place| !place.file.as_os_str().is_empty()) {
        let Place { key, held, file } = place;
        *file = folders.find(file);
        if !held.is_empty() {
            complaints.push(format!("{key} and {key}_file are both set: one of the two only"));
            continue;
        }
        match read(file).and_then(|text| put(held, &text)) {
            Ok(()) => taken.push((key, file.clone())),
            Err(why) => complaints.push(format!("{key}_file: {} {why}", file.display())),
        }
    }
    let dkim = &mut settings.mail.dkim;
    for (key, file) in [("ed25519", &mut dkim.ed25519_key_file), ("rsa", &mut dkim.rsa_key_file)] {
        if file.as_os_str().is_empty() {
            continue;
        }
        *file = folders.find(file);
        if let Err(why) = read(file) {
            complaints.push(format!("mail.dkim.{key}_key_file: {} {why}", file.display()));
        }
    }
    taken
}

fn put(held: Held<'_>, text: &str) -> Result<(), &'static str> {
    match held {
        Held::Many(secrets) => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            *secrets = lines.map(SecretString::from).collect();
        }
        Held::One(secret) => {
            let line = text.strip_suffix('\n').unwrap_or(text);
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.contains(['\n', '\r']) {
                return Err("has more than one line");
            }
            *secret = SecretString::from(line);
        }
    }
    Ok(())
}

/// What is in a file of secrets, or why it is not taken, to be put behind its name. Never says what is in it.
fn read(file: &Path) -> Result<String, &'static str> {
    // A pipe that nobody writes into would hold up the start for ever.
    let opened = OpenOptions::new().read(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(file);
    let mut opened = opened.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "is not there",
        std::io::ErrorKind::PermissionDenied => "may not be read by this account",
        _ => "can't be read",
    })?;
    let metadata = opened.metadata().map_err(|_| "can't be read")?;
    if !metadata.is_file() {
        return Err("is no file");
    }
    if metadata.mode() & CLOSED_TO != 0 {
        return Err("can be read or changed by others: chmod 600, or 640 for a group");
    }
    if metadata.len() > LARGEST {
        return Err("is larger than any secret");
    }
    let mut text = String::new();
    opened.by_ref().take(LARGEST).read_to_string(&mut text).map_err(|_| "is no text")?;
    if text.trim().is_empty() {
        return Err("is empty");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _};

    use figment::{
        Figment, Provider as _,
        providers::{Format as _, Toml},
        value::{Dict, Value},
    };

    use super::*;
    use crate::config::DEFAULT;

    fn write(file: &Path, text: impl AsRef<[u8]>, mode: u32) {
        fs::write(file, text).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn keys(section: &str, dict: &Dict, found: &mut BTreeSet<String>) {
        for (name, value) in dict {
            let key = format!("{section}.{name}").trim_matches('.').to_owned();
            match value {
                Value::Dict(_, below) => keys(&key, below, found),
                _ => drop(found.insert(key)),
            }
        }
    }

    /// What can't be written out is a secret, and each can come from a file.
    #[test]
    fn every_secret_has_its_file() {
        let settings = Settings::with("").unwrap();
        let defaults = Figment::from(Toml::string(DEFAULT)).data().unwrap().into_values().next().unwrap();
        let mut secret = BTreeSet::new();
        keys("", &defaults, &mut secret);
        for (key, _) in settings.flatten().unwrap() {
            secret.remove(&key);
        }
        secret.remove("desk.providers");
        let listed: BTreeSet<String> = list(&settings).into_iter().map(|(key, _)| key).collect();
        assert_eq!(listed, secret);
    }

    #[test]
    fn a_secret_is_the_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        for (text, mode, expected) in [
            ("hunter 2\n", 0o600, "hunter 2"),
            ("hunter2", 0o400, "hunter2"),
            (" kept as it is \r\n", 0o440, " kept as it is "),
        ] {
            let _ = fs::remove_file(&file);
            write(&file, text, mode);
            let settings = Settings::with(&format!("mail.smtp.password_file = {file:?}")).unwrap();
            assert_eq!(settings.mail.smtp.password.expose_secret(), expected);
        }
        let _ = fs::remove_file(&file);
        write(&file, "\none:4711\n\ntwo:4712\n", 0o640);
        let settings = Settings::with(&format!("evidence.keys_file = {file:?}")).unwrap();
        let keys: Vec<&str> = settings.evidence.keys.iter().map(|key| key.expose_secret()).collect();
        assert_eq!(keys, ["one:4711", "two:4712"]);
        let provider = format!(
            "[[desk.providers]]\nname = \"a\"\nlabel = \"A\"\nissuer = \"https://a.example\"\nclient_id = \"c\"\nclient_secret_file = {file:?}"
        );
        write(&file, "s3cret\n", 0o600);
        let settings = Settings::with(&provider).unwrap();
        assert_eq!(settings.desk.providers[0].client_secret.expose_secret(), "s3cret");
    }

    #[test]
    fn a_file_that_others_could_know_or_that_says_nothing_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        let refused = |more: &str| {
            let error = Settings::with(&format!("mail.smtp.password_file = {file:?}\n{more}")).unwrap_err();
            let said = error.to_string();
            assert!(!said.contains("4711"), "{said}");
            said
        };
        assert!(refused("").contains("mail.smtp.password_file: ") && refused("").contains("is not there"));
        for (text, mode, why) in [
            (&b"4711\n"[..], 0o604, "can be read or changed by others"),
            (b"4711\n", 0o620, "can be read or changed by others"),
            (b"4711\n", 0o602, "can be read or changed by others"),
            (b"", 0o600, "is empty"),
            (b"\n \n", 0o600, "is empty"),
            (b"4711\n4711\n", 0o600, "more than one line"),
            (b"4711\xff\xfe", 0o600, "is no text"),
            (&[b'4'; 70_000], 0o600, "is larger"),
        ] {
            write(&file, text, mode);
            let said = refused("");
            assert!(said.contains(why), "{mode:o}: {said}");
        }
        write(&file, "4711\n", 0o600);
        assert!(refused("mail.smtp.password = \"4711\"").contains("are both set"));
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        assert!(refused("").contains("is no file") || refused("").contains("can't be read"));
        fs::remove_dir(&file).unwrap();
        // A pipe that nobody writes into is no reason to wait.
        nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(refused("").contains("is no file"));
    }

    #[test]
    fn a_relative_path_leads_to_the_credential_and_then_beside_the_settings_file() {
        let (credentials, settings) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folders = Folders {
            credentials: Some(credentials.path().to_owned()),
            settings: Some(settings.path().to_owned()),
        };
        let beside = settings.path().join("secrets/smtp-password");
        assert_eq!(folders.find(Path::new("secrets/smtp-password")), beside);
        let credential = credentials.path().join("secrets_smtp-password");
        write(&credential, "x", 0o400);
        assert_eq!(folders.find(Path::new("secrets/smtp-password")), credential);
        assert_eq!(folders.find(&beside), beside);
        assert_eq!(folders.find(Path::new("../secrets/smtp-password")), credential);
    }
}

//! The keys that a backup is worth little without: their marks in the manifest, and which of them the configuration lacks.

use anyhow::{Context as _, ensure};
use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgConnection;

use super::{
    manifest::{EvidenceKey, Keys},
    stretched::Stretched,
};
use crate::{
    boot,
    config::Settings,
    transparency::keys::{self as log_keys, Keys as LogKeys},
};

/// Those that are configured here, or kept below the data directory.
#[derive(Clone)]
pub struct Own {
    pub secret: SecretString,
    /// With their names in front.
    evidence: Vec<SecretString>,
    log: Option<String>,
}

impl Own {
    /// Makes those that a demo has not made yet.
    ///
    /// # Errors
    /// Where one can't be read.
    pub fn find(settings: &Settings) -> anyhow::Result<Self> {
        let mut settings = settings.clone();
        boot::find_evidence_key(&mut settings)?;
        let log = if settings.is_demo() {
            Some(LogKeys::find(&settings)?)
        } else {
            LogKeys::configured(&settings)?
        };
        let id = |keys: LogKeys| HEXLOWER.encode(&log_keys::id(&keys.current.verifying_key()));
        Ok(Self { secret: boot::find_secret(&settings)?, evidence: settings.evidence.keys, log: log.map(id) })
    }

    fn evidence(&self, name: &str) -> Option<&SecretString> {
        let named = |key: &&SecretString| {
            key.expose_secret().trim().split_once(':').is_some_and(|(id, _)| id == name)
        };
        self.evidence.iter().find(named)
    }
}

/// What the manifest says of them, and what the manifest is proven with.
pub async fn describe(
    connection: &mut PgConnection,
    own: &Own,
    has_log: bool,
) -> anyhow::Result<(Keys, Stretched)> {
    let salt = rand::random::<[u8; 16]>();
    let used = sqlx::query!(
        r#"select key_id as "name!", count(*) as "files!" from evidence_files where content is not null
         group by key_id order by key_id"#
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not list the keys of evidence files")?;
    let mut evidence = Vec::new();
    for key in used {
        let mark = own.evidence(&key.name).map(|own| Stretched::new(own, &salt)).transpose()?;
        evidence.push(EvidenceKey { name: key.name, files: key.files, mark: mark.map(|key| key.mark()) });
    }
    let log = if has_log { log_keys::list(connection).await? } else { Vec::new() };
    let secret = Stretched::new(&own.secret, &salt)?;
    let keys = Keys {
        salt: HEXLOWER.encode(&salt),
        secret: secret.mark(),
        evidence,
        log: log.iter().map(|key| HEXLOWER.encode(&key.id())).collect(),
    };
    Ok((keys, secret))
}

/// What is missing here that the backup needs, a sentence each.
pub fn list_missing(keys: &Keys, own: &Own) -> anyhow::Result<Vec<String>> {
    let salt = read_salt(keys)?;
    let mut missing = Vec::new();
    for EvidenceKey { name, files, mark } in &keys.evidence {
        match own.evidence(name) {
            None => missing.push(format!(
                "evidence.keys has no key called {name:?}: {files} evidence files do not open without it"
            )),
            Some(key) => {
                if mark
                    .as_ref()
                    .is_some_and(|mark| Stretched::new(key, &salt).is_ok_and(|own| own.mark() != *mark))
                {
                    missing.push(format!(
                        "the key {name:?} in evidence.keys is another one than that of the backup: {files} evidence files do not open with it"
                    ));
                }
            }
        }
    }
    if Stretched::new(&own.secret, &salt)?.mark() != keys.secret {
        missing.push(
            "secrets.key is another one than that of the backup: replies and bounces to e-mails from before are not recognised, authenticator apps and webhooks have to be set up again"
                .to_owned(),
        );
    }
    if let Some(last) = keys.log.last()
        && own.log.as_ref().is_none_or(|own| own != last)
    {
        missing.push(format!(
            "the key of the log, {last}, is not the one that is configured: heads from now on need it, or its successor (docs/OPERATIONS.md, Heads of the log)"
        ));
    }
    Ok(missing)
}

pub fn read_salt(keys: &Keys) -> anyhow::Result<Vec<u8>> {
    let salt = HEXLOWER.decode(keys.salt.as_bytes()).context("the salt of the backup is none")?;
    ensure!(salt.len() == 16, "the salt of the backup is none");
    Ok(salt)
}

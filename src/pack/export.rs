//! Makes the pack of a case and hands it out piece by piece: in memory are the case's rows, one file and one batch of messages.
//!
//! Who takes it out is noted first. No connection to the database is held while somebody reads slowly. A pack that could not be
//! made to its end has none: whoever opens it sees that it is torn.

use std::{collections::BTreeMap, ops::ControlFlow, time::Duration};

use anyhow::Context as _;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};
use uuid::Uuid;

use super::{
    archive::Archive,
    case_file::{self, Sources},
    format::{
        CASE_HTML, CASE_JSON, CASE_PDF, CHAIN, FILES, FORMAT, LeftOut, MAILS, MANIFEST, Manifest, PROOF,
        RECORDS, Record, SETTINGS, SIGNATURE, Settings, Variant, write,
    },
    rows::{self, Rows, StoredMail},
    signature,
};
use crate::{
    case::digest::Digest,
    casework::Casework,
    evidence::{files::StoredFile, scanner::Finding, vault::Owner},
    lang::Language,
    transparency::keys::{self, Keys},
};

/// Bytes of messages that are in memory at once, but for a single larger one.
const BATCH: i64 = 8 * 1024 * 1024;
/// Pieces that wait to be read.
const AHEAD: usize = 2;
/// For how long one may: who takes nothing for longer gives up the place for somebody else.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub variant: Variant,
    pub with_files: bool,
    pub language: Language,
}

/// A pack that is begun: what could fail early has not.
pub struct Pack {
    pub number: String,
    casework: Casework,
    wanted: Wanted,
    rows: Rows,
    archive: Archive,
    keys: Keys,
    /// Among those that are made at once; free again when the last piece was taken, or nobody takes any more.
    place: Option<OwnedSemaphorePermit>,
}

/// Notes who takes the case out, reads it and writes the case file.
///
/// # Errors
/// Where the case can't be read, or there is no key to sign with.
pub async fn begin(
    casework: &Casework,
    case: Uuid,
    staff: Option<Uuid>,
    wanted: Wanted,
) -> anyhow::Result<Pack> {
    let app = &casework.app;
    let keys = Keys::find(&app.settings)?;
    let redacted = wanted.variant == Variant::Redacted;
    let with_files = wanted.with_files && !redacted;
    let wanted = Wanted { with_files, ..wanted };
    rows::note_export(app, case, staff, (redacted, with_files)).await?;
    let mut rows = rows::read(app, case).await?;
    if redacted {
        rows.records = rows.records.iter().map(Record::redacted).collect();
        rows.people.clear();
        rows.mails.clear();
        rows.files.clear();
    }
    let settings = Settings {
        format: FORMAT.to_owned(),
        variant: wanted.variant,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        exported_at: app.clock.now(),
        with_files,
        language: wanted.language,
        zone: app.settings.time_zone.clone(),
        policy: app.settings.policy.clone(),
        shared_domains: app.settings.register.shared_domains.clone(),
        people: rows.people.clone(),
    };
    let writing = tokio::task::spawn_blocking(move || -> anyhow::Result<(Rows, Archive)> {
        let sources = Sources {
            chain: &rows.chain,
            records: &rows.records,
            settings: &settings,
            proof: rows.proof.as_ref(),
        };
        let file = case_file::make(sources)?;
        let mut archive = Archive::begin();
        archive.add(CHAIN, &write(&rows.chain)?)?;
        archive.add(RECORDS, &write(&rows.records)?)?;
        archive.add(SETTINGS, &write(&settings)?)?;
        archive.add(PROOF, &write(&rows.proof)?)?;
        archive.add(CASE_JSON, &file.json)?;
        archive.add(CASE_HTML, &file.html)?;
        archive.add(CASE_PDF, &file.pdf)?;
        rows.records = Vec::new();
        Ok((rows, archive))
    });
    let (rows, archive) = writing.await.context("the case file was interrupted")??;
    let number = rows.chain.number.clone();
    Ok(Pack { number, casework: casework.clone(), wanted, rows, archive, keys, place: None })
}

impl Pack {
    /// Keeps a place among those that are made at once, as long as it is made.
    #[must_use]
    pub fn at(self, place: OwnedSemaphorePermit) -> Self {
        Self { place: Some(place), ..self }
    }

    /// What it is to be called.
    pub fn file_name(&self) -> String {
        let ending = if self.wanted.variant == Variant::Redacted { "-redacted" } else { "" };
        format!("{}{ending}.zip", self.number)
    }

    /// The bytes, piece by piece. Ends early where nobody takes them any more; with an error, the pack is torn.
    pub fn pieces(self) -> mpsc::Receiver<anyhow::Result<Vec<u8>>> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let number = self.number.clone();
            if let Err(error) = self.write(&sender).await {
                tracing::error!(case = number, error = format!("{error:#}"), "an evidence pack broke off");
                let _ = sender.send(Err(error)).await;
            }
        });
        receiver
    }

    async fn write(mut self, sender: &mpsc::Sender<anyhow::Result<Vec<u8>>>) -> anyhow::Result<()> {
        let mut left_out = BTreeMap::new();
        if send(sender, self.archive.take()).await?.is_break() {
            return Ok(());
        }
        for batch in batches(std::mem::take(&mut self.rows.mails)) {
            let mut bytes = rows::read_mails(&self.casework.app, &batch).await?;
            for mail in batch {
                let Some(raw) = bytes.remove(&mail.id) else { continue };
                let name = mail_name(&self.casework, &mail, &raw).await;
                self.archive = add(self.archive, name, raw).await?;
                if send(sender, self.archive.take()).await?.is_break() {
                    return Ok(());
                }
            }
        }
        for file in std::mem::take(&mut self.rows.files) {
            let name = format!("{FILES}{}{}", file.id, file.kind.ending());
            match self.open(&file).await {
                Ok(bytes) => self.archive = add(self.archive, name, bytes).await?,
                Err(why) => drop(left_out.insert(name, why)),
            }
            if send(sender, self.archive.take()).await?.is_break() {
                return Ok(());
            }
        }
        let key = &self.keys.current;
        let manifest = write(&Manifest {
            format: FORMAT.to_owned(),
            number: self.number.clone(),
            variant: self.wanted.variant,
            public_key: keys::pem(&key.verifying_key()),
            entries: self.archive.entries.clone(),
            left_out,
        })?;
        let signed = signature::sign(&manifest, key);
        self.archive.add(MANIFEST, &manifest)?;
        self.archive.add(SIGNATURE, signed.as_bytes())?;
        let _ = send(sender, self.archive.finish()?).await?;
        drop(self.place);
        Ok(())
    }

    async fn open(&self, file: &StoredFile) -> Result<Vec<u8>, LeftOut> {
        if !self.wanted.with_files {
            return Err(LeftOut::NotWanted);
        }
        if file.deleted_at.is_some() {
            return Err(LeftOut::Deleted);
        }
        if !file.is_readable() {
            return Err(LeftOut::NotClean);
        }
        let owner = Owner { file: file.id, case: self.rows.case };
        match self.casework.open_evidence(owner, Digest(file.sha256)).await {
            Ok(bytes) => bytes.ok_or(LeftOut::Deleted),
            Err(error) => {
                tracing::error!(file = %file.id, error = format!("{error:#}"), "an evidence pack goes without a file");
                Err(LeftOut::Unreadable)
            }
        }
    }
}

/// Broken off where nobody wants more; an error where somebody may, and takes nothing.
async fn send(
    sender: &mpsc::Sender<anyhow::Result<Vec<u8>>>,
    piece: Vec<u8>,
) -> anyhow::Result<ControlFlow<()>> {
    let sent =
        timeout(PATIENCE, sender.send(Ok(piece))).await.context("nobody took the next piece of a pack")?;
    Ok(if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
}

/// Away from the threads that answer requests.
async fn add(mut archive: Archive, name: String, bytes: Vec<u8>) -> anyhow::Result<Archive> {
    let adding = tokio::task::spawn_blocking(move || archive.add(&name, &bytes).map(|()| archive));
    adding.await.context("an entry was interrupted")?
}

/// What somebody sent us is an e-mail where the scanner has nothing against it; else a plain text, which no program takes its
/// attachments out of.
async fn mail_name(casework: &Casework, mail: &StoredMail, raw: &[u8]) -> String {
    if !mail.is_inbound {
        return format!("{MAILS}out-{}.eml", mail.id);
    }
    let found = casework.cabinet.scanner.scan(raw).await;
    let is_harmless = matches!(found, Ok(Finding::Clean | Finding::Unscanned));
    format!("{MAILS}in-{}.{}", mail.id, if is_harmless { "eml" } else { "txt" })
}

/// In their order, so many together as may be in memory at once.
fn batches(mails: Vec<StoredMail>) -> Vec<Vec<StoredMail>> {
    let mut batches: Vec<Vec<StoredMail>> = Vec::new();
    let mut room = 0;
    for mail in mails {
        match batches.last_mut() {
            Some(batch) if mail.size <= room => {
                room = room.saturating_sub(mail.size);
                batch.push(mail);
            }
            _ => {
                room = BATCH.saturating_sub(mail.size);
                batches.push(vec![mail]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_in_their_order_and_never_too_many_at_once() {
        let mail = |number: u128, size| StoredMail { id: Uuid::from_u128(number), is_inbound: false, size };
        let sizes = [5, 3, 1, 20, 7, 1, 1];
        let mails = sizes.iter().zip(1..).map(|(size, number)| mail(number, size * 1024 * 1024)).collect();
        let batches = batches(mails);
        let numbers: Vec<Vec<u128>> =
            batches.iter().map(|batch| batch.iter().map(|mail| mail.id.as_u128()).collect()).collect();
        assert_eq!(numbers, [vec![1, 2], vec![3], vec![4], vec![5, 6], vec![7]]);
    }
}

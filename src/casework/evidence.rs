//! Evidence files on a case: taken in, opened, reviewed. Scanning and forgetting them are `unattended`.
//!
//! Bytes are handled by `evidence`; here is what makes each of these steps one change of a case.

use std::collections::BTreeMap;

use anyhow::Context as _;
use uuid::Uuid;

use super::{ActError, Acted, Casework, trail};
use crate::{
    case::{
        action::Action,
        actor::Actor,
        check::Verdict,
        digest::Digest,
        document::{Criterion, FileRef, Review},
        text::Note,
    },
    evidence::{
        Rejection, content,
        files::{self, NewFile},
        name,
        vault::Owner,
    },
    token::sha256,
};

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error("the file is not taken: {0:?}")]
    Rejected(Rejection),
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<anyhow::Error> for AddError {
    fn from(error: anyhow::Error) -> Self {
        Self::Act(error.into())
    }
}

impl Casework {
    /// Puts a file to the case, under the name that its sender gave it.
    ///
    /// # Errors
    /// [`AddError::Rejected`] for a file that is not taken; nothing has changed then.
    pub async fn add_evidence(
        &self,
        case: Uuid,
        actor: Actor,
        sent_name: &str,
        bytes: Vec<u8>,
    ) -> Result<Acted, AddError> {
        if !self.cabinet.takes_files() {
            return Err(AddError::Rejected(Rejection::Off));
        }
        let limits = self.cabinet.limits;
        if bytes.len() > limits.file_bytes {
            return Err(AddError::Rejected(Rejection::TooLarge));
        }
        let owner = Owner { file: Uuid::now_v7(), case };
        let name = name::clean(sent_name).unwrap_or_else(|| "evidence".to_owned());
        let file = self.seal(owner, actor, name, bytes).await?.map_err(AddError::Rejected)?;
        let action = Action::AddEvidence { file: FileRef { file: owner.file, sha256: Digest(file.sha256) } };
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        self.lock(&mut transaction, case).await?;
        let (now, leases) = (self.app.clock.now(), self.app.clock.for_leases());
        let inserted = files::insert(&mut transaction, &file, limits, now, leases).await?;
        // What the rules say comes before what is wrong with the file.
        let acted = self.act_in(&mut transaction, case, actor, &action, None).await?;
        inserted.map_err(AddError::Rejected)?;
        transaction.commit().await.context("could not commit an evidence file")?;
        Ok(acted)
    }

    /// Recognises and encrypts, away from the threads that answer requests.
    async fn seal(
        &self,
        owner: Owner,
        actor: Actor,
        name: String,
        bytes: Vec<u8>,
    ) -> anyhow::Result<Result<NewFile, Rejection>> {
        let cabinet = self.cabinet.clone();
        tokio::task::spawn_blocking(move || {
            let kind = match content::recognise(&bytes) {
                Ok(kind) => kind,
                Err(rejection) => return Ok(Err(rejection)),
            };
            Ok(Ok(NewFile {
                owner,
                uploaded_by: actor.staff_id().map(|staff| staff.0),
                name,
                kind,
                size: bytes.len(),
                sha256: sha256(&bytes),
                sealed: cabinet.keyring.seal(owner, bytes)?,
                is_scanned: cabinet.scanner.is_configured(),
            }))
        })
        .await
        .context("the encryption was interrupted")?
    }

    /// Records what a review of the files `chosen` showed.
    ///
    /// # Errors
    /// [`crate::case::refusal::Refusal::NoEvidenceFile`] when one of them can't be opened, or none is named;
    /// [`ActError`] as `act`.
    pub async fn decide_document(
        &self,
        case: Uuid,
        actor: Actor,
        (chosen, answers): (&[Uuid], &BTreeMap<Criterion, bool>),
        (verdict, note): (Verdict, &Note),
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        self.load_in(&mut transaction, case, true).await?.ok_or(ActError::NotFound)?;
        let files = files::list(&mut transaction, case).await?;
        let readable: Vec<FileRef> = files
            .iter()
            .filter(|file| file.is_readable())
            .map(|file| FileRef { file: file.id, sha256: Digest(file.sha256) })
            .collect();
        let review = Review::of(chosen, &readable, answers.clone())?;
        let action = Action::DecideDocument { review, verdict, note: note.clone() };
        let acted = self.act_in(&mut transaction, case, actor, &action, expected).await?;
        transaction.commit().await.context("could not commit a change of a case")?;
        Ok(acted)
    }

    /// Takes out a file that was put to the case by mistake. Where its bytes are gone already, as after a button that was
    /// pressed twice, there is nothing to do.
    ///
    /// # Errors
    /// [`ActError::NotFound`] for a file of another case; [`ActError`] as `act`.
    pub async fn remove_evidence(
        &self,
        case: Uuid,
        actor: Actor,
        file: Uuid,
        reason: Option<Note>,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        // From here on nobody decides on it.
        let loaded = self.load_in(&mut transaction, case, true).await?.ok_or(ActError::NotFound)?;
        let files = files::list(&mut transaction, case).await?;
        let stored = files.into_iter().find(|stored| stored.id == file).ok_or(ActError::NotFound)?;
        if stored.deleted_at.is_some() {
            return Ok(Acted {
                number: loaded.case.number,
                version: loaded.version,
                state: loaded.case.state,
            });
        }
        let own = stored.uploaded_by == actor.staff_id().map(|staff| staff.0);
        let decided_on = trail::list_decided_on(&mut transaction, case).await?.contains(&file);
        let action = Action::RemoveEvidence { file, own, decided_on, reason };
        let acted = self.act_in(&mut transaction, case, actor, &action, expected).await?;
        files::remove(&mut transaction, file, self.app.clock.now()).await?;
        transaction.commit().await.context("could not commit the removal of a file")?;
        Ok(acted)
    }

    /// The plain bytes of a file; `None` where they are deleted.
    ///
    /// # Errors
    /// When no configured key opens it, or its bytes are not those that were put in.
    pub async fn open_evidence(&self, owner: Owner, expected: Digest) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(sealed) = files::find_sealed(&self.app.pool, owner).await? else { return Ok(None) };
        let cabinet = self.cabinet.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let plain = cabinet.keyring.open(owner, sealed)?;
            anyhow::ensure!(sha256(&plain) == expected.0, "the bytes are not those that were put in");
            Ok(plain)
        });
        opened
            .await
            .context("the decryption was interrupted")?
            .map(Some)
            .with_context(|| format!("could not open the evidence file {}", owner.file))
    }
}

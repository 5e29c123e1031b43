//! Where e-mails are handed over: a mail server, or, in the default mode, a folder.
//!
//! Does not decide what becomes of an e-mail; the receipt says what happened and [`super::deliver`] settles it.

use std::path::Path;

use anyhow::Context as _;

use super::receipt::{ClaimedEmail, Receipt};
pub use super::{
    folder::Folder,
    smtp::{Smtp, Step},
};
use crate::{
    config::{Mail, TransportKind},
    mail::address::check_from_address,
};

/// A disk writes several files down as fast as one.
const FOLDER_PLACES: usize = 4;

/// Fails on settings that could never work. Opens no connection and makes no folder.
pub fn check(settings: &Mail) -> anyhow::Result<()> {
    check_from_address(&settings.from_address)
        .with_context(|| format!("mail.from_address {:?}", settings.from_address))?;
    match settings.transport {
        TransportKind::Smtp => Smtp::try_new(settings).map(drop),
        TransportKind::Folder => Ok(()),
    }
}

#[derive(Debug)]
pub enum Transport {
    Smtp(Box<Smtp>),
    Folder(Folder),
}

impl Transport {
    /// The transport that the settings name. Opens no connection; fails on settings that could never work.
    pub fn try_new(settings: &Mail, data_dir: &Path) -> anyhow::Result<Self> {
        check_from_address(&settings.from_address)
            .with_context(|| format!("mail.from_address {:?}", settings.from_address))?;
        Ok(match settings.transport {
            TransportKind::Smtp => Self::Smtp(Box::new(Smtp::try_new(settings)?)),
            TransportKind::Folder => Self::Folder(Folder::try_new(data_dir.join("mail"))?),
        })
    }

    /// So many e-mails are handed over at once.
    pub fn places(&self) -> usize {
        match self {
            Self::Smtp(smtp) => smtp.places(),
            Self::Folder(_) => FOLDER_PLACES,
        }
    }

    /// As [`Transport::send`], while somebody watches each step of it.
    pub async fn send_watched(&self, email: &ClaimedEmail, watch: &mut (dyn FnMut(Step) + Send)) -> Receipt {
        match self {
            Self::Smtp(smtp) => smtp.send_watched(email, watch).await,
            Self::Folder(folder) => folder.send(email).await,
        }
    }

    /// Hands `email` over. Never fails: whatever goes wrong is a receipt too.
    pub async fn send(&self, email: &ClaimedEmail) -> Receipt {
        match self {
            Self::Smtp(smtp) => smtp.send(email).await,
            Self::Folder(folder) => folder.send(email).await,
        }
    }
}

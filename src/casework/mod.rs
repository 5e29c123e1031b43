//! The one door for change: load under lock → `decide` → record (row, event, outgoing e-mails) → commit.
//!
//! The only writer of cases, escalations, notes, checks, drafts, approvals, links and events, and of what staff prepare
//! for callers. Knows no page and no room; decides nothing itself. Everything of one change happens in one transaction or not
//! at all (law 4).

mod act;
mod addresses;
pub mod caseless_erasure;
mod changed_contacts;
mod claims;
mod confirmations;
mod contacts;
pub mod copies;
mod digests;
mod drafts;
mod effects;
mod erasure;
mod evidence;
mod expectations;
mod facts;
mod foreign;
mod form_answers;
mod letters;
mod licences;
mod load;
mod next_case;
mod next_steps;
mod notes;
mod numbers;
mod open;
mod own_claims;
mod prepared;
mod record;
mod rehearsal;
mod returned_links;
mod second_factor;
mod submission;
mod suggestion;
mod told_staff;
mod tombstones;
mod trail;
mod unattended;
pub mod verification;
mod waits;
mod webhooks;

use std::sync::Arc;

use anyhow::Context as _;
use jiff::civil::Time;

use crate::{
    app::App,
    case::{Rules, number::CaseNumber, reference::Pattern, refusal::Refusal, state::State},
    evidence::Cabinet,
    mail::outgoing::dkim::Dkim,
    web::WebError,
    webhooks::Webhooks,
};

pub use confirmations::{Asked, Pause, SentForm};
pub use contacts::{find_customer, list_contacts};
pub use digests::{Record, SUBJECTS, Subject};
pub use drafts::{LiveDraft, StoredDraft, Written, find_live_draft};
pub use erasure::Rows as ErasedRows;
pub use erasure::person::Standing;
pub use evidence::AddError;
pub use expectations::{Ahead, Expectations, Figure};
pub use facts::read_facts;
pub use foreign::foreign_domains;
pub use form_answers::{
    Answered, ListedAnswer, NotAnswered, forget_answered_mailboxes, list_answers, recipient_of,
};
pub use letters::{
    Noticed,
    caseless::{ContactQuestion, caseless_letters, is_caseless},
    links, quiet_letters,
    quota::{Wave, forget_form_letters},
    rendering,
    staff::ToStaff,
    texts::{SentLetter, list_sent},
};
pub use licences::{ChangeRow, ContactChangeRow, Licence, Licences, OnLicence, read_licences};
pub use load::{Loaded, find_by_number, find_numbers};
pub use notes::{StoredNote, list_notes};
pub use open::Opened;
pub use own_claims::{OwnCase, find_own_case};
pub use prepared::{
    Found as FoundPrepared, ListedPrepared, NewPrepared, PrepareError, Sent, find_own as find_own_prepared,
    is_prepared, list_prepared,
};

pub use record::{CaseRecord, read_record};
pub use rehearsal::{Rehearsal, Rehearsed};
pub use returned_links::{OurLinks, Returned};
pub use suggestion::DraftText;
pub use tombstones::{
    Deleted, LEAST_YEARS, RULE as DELETION_RULE, Tombstone, find_tombstone, list_tombstones,
};
pub use trail::{
    TrailLine, Via,
    fault::{Broken, Fault},
    list_decided_on, list_events,
    verify::{Findings, verify_trail, verify_trail_after, verify_trails_of},
};

/// The door. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Casework {
    pub app: App,
    pub rules: Arc<Rules>,
    /// Keys, scanner and limits of evidence files.
    pub cabinet: Arc<Cabinet>,
    /// What programs of the reseller's are told, and how it is sealed and sent.
    pub webhooks: Arc<Webhooks>,
    /// Where the reseller's own references lead.
    pub reference_pattern: Option<Pattern>,
    dkim: Arc<Dkim>,
    /// When staff get their summary.
    digest_at: Arc<[Time]>,
    /// Cases that lists showed.
    known: next_steps::Known,
    /// How long it took others, as of a while ago.
    expected: expectations::Cache,
    /// The token that staff act by, for the trail.
    via: Option<Via>,
}

impl Casework {
    /// The same on another ground.
    #[must_use]
    pub fn with_app(self, app: App) -> Self {
        Self { app, ..self }
    }

    /// # Errors
    /// When the configured policy makes no sense, or a key can't be read.
    pub fn try_new(app: App) -> anyhow::Result<Self> {
        let rules = Arc::new(Rules::try_new(&app.settings)?);
        let dkim = Arc::new(Dkim::try_new(&app.settings.mail)?);
        let cabinet = Arc::new(Cabinet::try_new(&app.settings)?);
        let digest_at =
            rules.calendar.times_within(&app.settings.desk.digest_at).context("desk.digest_at")?;
        let reference_url = &app.settings.desk.reference_url;
        let reference_pattern = Some(reference_url)
            .filter(|url| !url.is_empty())
            .map(|url| url.parse().context("desk.reference_url is no address with {reference} in its path"))
            .transpose()?;
        let webhooks = Arc::new(Webhooks::try_new(&app)?);
        let expected = expectations::Cache::default();
        Ok(Self {
            app,
            rules,
            cabinet,
            webhooks,
            reference_pattern,
            dkim,
            digest_at: digest_at.into(),
            known: next_steps::Known::default(),
            expected,
            via: None,
        })
    }

    /// The same door, for a script: whatever staff do through it stands in the trail as done by that token.
    #[must_use]
    pub fn by_token(&self, via: Via) -> Self {
        Self { via: Some(via), ..self.clone() }
    }
}

/// What an action led to.
#[derive(Clone, Debug)]
pub struct Acted {
    pub number: CaseNumber,
    pub version: i32,
    pub state: State,
}

/// Why an action led to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("there is no such case")]
    NotFound,
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody else changed the case since the page was built.
    #[error("the case is at version {current} by now")]
    Stale { current: i32 },
    #[error(transparent)]
    Other(anyhow::Error),
}

/// A refusal that only shows when the decision is carried out, as when a worker was faster, stays one.
impl From<anyhow::Error> for ActError {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Refusal>() {
            Ok(refusal) => Self::Refused(refusal),
            Err(error) => Self::Other(error),
        }
    }
}

impl From<ActError> for WebError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Self::NotFound,
            ActError::Refused(refusal) => {
                Self::Refused { key: refusal.key(), about_rights: refusal.is_about_rights() }
            }
            ActError::Stale { current } => Self::Stale { current },
            ActError::Other(error) => error.into(),
        }
    }
}

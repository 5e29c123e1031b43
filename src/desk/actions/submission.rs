//! One form of a case page that was sent, and what a form can ask for.

use std::collections::BTreeMap;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use uuid::Uuid;

use crate::{
    administration::{blocks, variables::Kind},
    case::{
        action::{Action, ActionKind},
        check::Verdict,
        digest::Digest,
        document::Criterion,
        text::{Note, Text},
    },
    casework::Casework,
    desk::{case_page, door::Door},
    staff::{session::SignedIn, tokens::ByToken},
    web::{Fields, Reader, WebError},
};

/// Who sent what about which case.
#[derive(Debug)]
pub struct Submission {
    pub reader: Reader,
    pub casework: web::Data<Casework>,
    pub staff: SignedIn,
    pub case: Uuid,
    /// The address the form was sent to.
    pub path: String,
    pub fields: Fields,
    /// The version of the case that the form was made from. A script that looked at nothing sends none and takes the
    /// case as it is.
    pub version: Option<i32>,
    /// Where the browser goes after success; `None` for the case.
    pub leads_to: Option<String>,
    /// A program sent it, with this token.
    pub by_token: Option<ByToken>,
}

/// What a form asks for.
#[derive(Debug)]
pub enum Request {
    Act(Action),
    SaveDraft {
        subject: Text,
        opening: Text,
        closing: Text,
    },
    /// These bytes were looked at and are right.
    Approve {
        digest: Digest,
    },
    /// Staff called this number.
    DecideCallback {
        number: Text,
        verdict: Verdict,
        note: Note,
    },
    /// Staff looked at these files and answered the checklist.
    DecideDocument {
        files: Vec<Uuid>,
        answers: BTreeMap<Criterion, bool>,
        verdict: Verdict,
        note: Note,
    },
    /// This file of the case was put there by mistake.
    RemoveEvidence {
        file: Uuid,
        reason: Note,
    },
    /// This contact on record is to be asked.
    AskForVouch {
        contact: Uuid,
    },
}

impl Request {
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Act(action) => ActionKind::from(action),
            Self::SaveDraft { .. } => ActionKind::SaveDraft,
            Self::Approve { .. } => ActionKind::Approve,
            Self::DecideCallback { .. } => ActionKind::DecideCallback,
            Self::DecideDocument { .. } => ActionKind::DecideDocument,
            Self::RemoveEvidence { .. } => ActionKind::RemoveEvidence,
            Self::AskForVouch { .. } => ActionKind::RequestVouch,
        }
    }
}

impl FromRequest for Submission {
    type Error = WebError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let fields = Fields::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let fields = fields.await?;
            let number = request.match_info().get("number").unwrap_or_default();
            let door = Door::extract(&request).await?;
            Ok(Self {
                case: case_page::find(&door, number).await?,
                reader: Reader::of(&request)?.at(&format!("/desk/cases/{}", number.to_uppercase())),
                staff: SignedIn::extract(&request).await?,
                path: request.path().to_owned(),
                version: fields.get("version").parse().ok(),
                leads_to: None,
                by_token: door.by_token.clone(),
                casework: web::Data::clone(&door),
                fields,
            })
        })
    }
}

impl Submission {
    /// The version of a text block of this kind that the form began with; anything else is none.
    pub async fn find_block(&self, kind: Kind) -> Result<Option<Uuid>, WebError> {
        let Ok(version) = self.fields.get("block").parse() else { return Ok(None) };
        let mut connection = self.casework.app.pool.acquire().await?;
        Ok(blocks::is_version(&mut connection, version, kind).await?.then_some(version))
    }
}

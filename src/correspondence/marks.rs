//! What ties a message to a case: signed addresses it was sent to, and our Message-IDs it refers to. Believes nothing.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    app::App,
    case::{
        correspondence::{TicketKey, Writer},
        number::CaseNumber,
    },
    casework::{find_by_number, is_caseless},
    mail::{
        address::verify_signed_address,
        incoming::answered::{self, OurEmail},
    },
    message::Understanding,
};

/// To whom a letter of ours went, by the letter in the tag of its signed address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Party {
    Requester,
    Successor,
    DepartedContact,
    Voucher,
    Atlassian,
}

impl Party {
    fn in_tag(tag: &str) -> Option<Self> {
        let mut party = tag.rsplit_once('.')?.1.chars();
        // What follows says whose mailbox it was, where several have the part.
        Some(match party.next()? {
            'r' => Self::Requester,
            's' => Self::Successor,
            'd' => Self::DepartedContact,
            'v' => Self::Voucher,
            'a' => Self::Atlassian,
            _ => return None,
        })
    }

    /// Whether `writer` honestly comes to answer a letter that went to this party. The requester and the new contact pass
    /// each other's letters on, and Atlassian answers both together. Everybody else has letters of their own: what comes to
    /// another's address shows only that somebody handed it out.
    pub(super) fn is_answered_by(self, writer: Writer) -> bool {
        match writer {
            Writer::Requester | Writer::Successor => {
                matches!(self, Self::Requester | Self::Successor | Self::Atlassian)
            }
            Writer::DepartedContact => self == Self::DepartedContact,
            Writer::RegisteredContact => self == Self::Voucher,
            Writer::Atlassian => self == Self::Atlassian,
            Writer::MailServer | Writer::Other => false,
        }
    }
}

/// The marks of ours on a message.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The signed addresses of ours among those it was sent to.
    pub addresses: Vec<String>,
    /// The cases that the signed addresses name.
    pub cases: Vec<Uuid>,
    /// Whose letters they were, or those it refers to: it shows who may have got hold of them.
    pub parties: Vec<Party>,
    /// Our e-mails that it refers to, newest first.
    pub referred: Vec<OurEmail>,
}

impl Marks {
    pub(super) async fn find(
        app: &App,
        connection: &mut PgConnection,
        message: &Understanding,
    ) -> anyhow::Result<Self> {
        let mut marks = Self::default();
        for address in &message.delivered_to {
            let Some(tag) = verify_signed_address(address, &app.reply_signer) else { continue };
            if is_caseless(&tag) {
                // Its bounce tells which letter it was; it names no case.
                marks.addresses.push(address.clone());
                continue;
            }
            let Some(case) = case_of(connection, &tag).await? else { continue };
            marks.addresses.push(address.clone());
            push(&mut marks.cases, case);
            marks.parties.extend(Party::in_tag(&tag));
        }
        let ids: Vec<String> = match &message.bounce {
            Some(bounce) => bounce.original_message_id.iter().cloned().collect(),
            None => message.in_reply_to.iter().chain(&message.references).cloned().collect(),
        };
        marks.referred = answered::list_by_message_id(connection, &ids).await?;
        for email in &marks.referred {
            let tag = verify_signed_address(&email.envelope_from, &app.reply_signer);
            marks.parties.extend(tag.as_deref().and_then(Party::in_tag));
        }
        Ok(marks)
    }

    /// All cases that any mark names.
    pub(super) fn all_cases(&self) -> Vec<Uuid> {
        let mut cases = self.cases.clone();
        self.referred.iter().filter_map(|email| email.correlation).for_each(|case| push(&mut cases, case));
        cases
    }
}

fn push(cases: &mut Vec<Uuid>, case: Uuid) {
    if !cases.contains(&case) {
        cases.push(case);
    }
}

/// The case in the tag of a signed address: `ho-2026-00042.a`.
async fn case_of(connection: &mut PgConnection, tag: &str) -> anyhow::Result<Option<Uuid>> {
    let number = tag.rsplit_once('.').and_then(|(number, _party)| number.parse::<CaseNumber>().ok());
    match number {
        Some(number) => find_by_number(connection, &number).await,
        None => Ok(None),
    }
}

/// The case that a subject names, by our number or Atlassian's key. Anybody can write a number: a hint for staff.
pub(super) async fn guess(connection: &mut PgConnection, subject: &str) -> anyhow::Result<Option<Uuid>> {
    let words = subject.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    for number in words.filter_map(|word| word.parse::<CaseNumber>().ok()).take(3) {
        if let Some(case) = find_by_number(connection, &number).await? {
            return Ok(Some(case));
        }
    }
    let Some(key) = TicketKey::find_in(subject) else { return Ok(None) };
    let cases = sqlx::query_scalar!("select id from cases where atlassian_ticket = $1 limit 2", key.as_str())
        .fetch_all(connection)
        .await?;
    Ok(match cases.as_slice() {
        [case] => Some(*case),
        _ => None,
    })
}

//! Letters about no case: to a caller, with what was prepared, to the author of a message that belongs to none, and, once a year,
//! to a contact on record.
//!
//! Written for somebody who may be a stranger: an address is mistyped, or forged. So they hold nothing that anybody typed or
//! sent, and nothing about whether a customer exists.

use anyhow::Context as _;
use data_encoding::BASE32_NOPAD;
use serde::Serialize;
use sqlx::PgConnection;
use strum::IntoStaticStr;
use uuid::Uuid;

use super::rendering::{self, Seal};
use crate::{
    case::address::EmailAddress,
    casework::Casework,
    clock::{Day, Timestamp},
    lang::Language,
    mail::{
        address::signed_address,
        outgoing::{
            code::Stamp,
            compose::{Letter, Profile, Sender, compose},
            outbox,
        },
    },
};

/// What the tag of their return addresses begins with; no number of a case does.
const TAG: &str = "out-";

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(in crate::casework) enum Kind {
    /// What staff wrote down, to be completed and sent.
    PreparedRequest,
    /// The way to the form, in answer to a message.
    FormLink,
    /// Once a year, to a contact on record: whether they still are the right one.
    ContactQuestion,
}

/// The stored words of all of them.
pub fn caseless_letters() -> [&'static str; 3] {
    [Kind::PreparedRequest.into(), Kind::FormLink.into(), Kind::ContactQuestion.into()]
}

/// Whether a verified tag is that of such a letter's return address.
pub fn is_caseless(tag: &str) -> bool {
    tag.starts_with(TAG)
}

pub(in crate::casework) struct Caseless<'a> {
    pub kind: Kind,
    pub to: &'a EmailAddress,
    pub language: Language,
    /// The path that it leads to.
    pub path: &'a str,
    pub expires_on: Option<Day>,
    /// It takes the place of one whose link came back to us.
    pub replaces: bool,
    /// Of the message that it answers.
    pub thread: &'a [String],
}

/// The yearly question to a contact on record.
#[derive(Clone, Copy, Debug)]
pub struct ContactQuestion<'a> {
    pub to: &'a EmailAddress,
    /// The page with the question, and where one POST ends all of them.
    pub path: &'a str,
    pub unsubscribe_path: &'a str,
    /// What they are on record for.
    pub licences: &'a [String],
}

/// What its templates know.
#[derive(Serialize)]
struct View<'a> {
    /// Nobody knows whether the name that was typed is the reader's.
    recipient_name: &'a str,
    number: &'a str,
    reseller: &'a str,
    link: String,
    replaces: bool,
    expires_on: Option<Day>,
    desk_address: &'a str,
    /// What the reader is on record for, as many as are named, and how many more there are.
    licences: &'a [String],
    more_licences: usize,
    unsubscribe_link: Option<String>,
}

/// So many licences are named in one letter.
const MOST_LICENCES: usize = 30;

impl Casework {
    pub(in crate::casework) async fn enqueue_caseless(
        &self,
        connection: &mut PgConnection,
        about: &Caseless<'_>,
        now: Timestamp,
    ) -> anyhow::Result<Uuid> {
        let settings = &self.app.settings;
        let from = settings.mail.from_address.as_str();
        let view = View {
            recipient_name: "",
            number: "",
            reseller: &settings.reseller.name,
            link: self.app.link(about.path),
            replaces: about.replaces,
            expires_on: about.expires_on,
            desk_address: from,
            licences: &[],
            more_licences: 0,
            unsubscribe_link: None,
        };
        let profile = if about.kind == Kind::FormLink { Profile::Answer } else { Profile::Automatic };
        let (languages, to) = ([about.language], (about.to, about.thread));
        self.enqueue_view(connection, about.kind, &view, &languages, to, profile, now).await
    }

    /// Puts the yearly question to a contact on record into the outbox. Nobody knows what its reader reads, so it is in both languages.
    pub async fn enqueue_contact_question(
        &self,
        connection: &mut PgConnection,
        question: &ContactQuestion<'_>,
        now: Timestamp,
    ) -> anyhow::Result<Uuid> {
        let settings = &self.app.settings;
        let named = question.licences.len().min(MOST_LICENCES);
        let view = View {
            recipient_name: "",
            number: "",
            reseller: &settings.reseller.name,
            link: self.app.link(question.path),
            replaces: false,
            expires_on: None,
            desk_address: &settings.mail.from_address,
            licences: question.licences.get(..named).unwrap_or_default(),
            more_licences: question.licences.len().saturating_sub(named),
            unsubscribe_link: Some(self.app.link(question.unsubscribe_path)),
        };
        let (kind, to) = (Kind::ContactQuestion, (question.to, &[][..]));
        self.enqueue_view(connection, kind, &view, &Language::ALL, to, Profile::Automatic, now).await
    }

    #[expect(clippy::too_many_arguments, reason = "each says another thing about the letter")]
    async fn enqueue_view(
        &self,
        connection: &mut PgConnection,
        kind: Kind,
        view: &View<'_>,
        languages: &[Language],
        (to, thread): (&EmailAddress, &[String]),
        profile: Profile,
        now: Timestamp,
    ) -> anyhow::Result<Uuid> {
        let (word, mail): (&str, _) = (kind.into(), &self.app.settings.mail);
        let from = mail.from_address.as_str();
        let stamp = Stamp::new(&self.app.code_signer);
        let seal = Seal::new(&self.app, &stamp.code);
        let words = rendering::render(&self.app.views, word, languages, view, &seal)?;
        // Of its own: a bounce without a Message-ID tells which letter it was.
        let tag = format!("{TAG}{}", BASE32_NOPAD.encode(&rand::random::<[u8; 10]>()).to_lowercase());
        let return_address = signed_address(from, &self.app.reply_signer, &tag);
        let letter = Letter {
            to_name: "",
            to_address: to.as_str(),
            reply_to: &return_address,
            return_path: &return_address,
            subject: words.subject.trim(),
            text: words.text.trim_end(),
            html: Some(&words.html),
            languages,
            thread,
            unsubscribe: view.unsubscribe_link.as_deref(),
        };
        let sender = Sender { name: &mail.from_name, address: from };
        let email = self.dkim.sign(compose(sender, &letter, profile, now)?)?;
        let queued = outbox::enqueue_to_customer(connection, &stamp, word, None, &email, now).await;
        queued.context("could not put a letter about no case into the outbox")
    }
}

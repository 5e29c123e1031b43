//! The letters to the customer's side: who gets which, what it knows, and the link it carries.
//!
//! Words stand in `templates/emails`; sending is the post office's. The request to Atlassian is not a letter of this
//! kind: it comes from a draft.

pub(in crate::casework) mod caseless;
pub mod links;
mod notices;
mod occasion;
mod outcomes;
mod quiet;
pub(in crate::casework) mod quota;
pub(in crate::casework) mod receipts;
pub mod rendering;
pub(in crate::casework) mod resending;
pub mod staff;
pub mod texts;
pub(in crate::casework) mod thread;
mod view;

pub use notices::Noticed;
use occasion::REQUESTER;
pub(in crate::casework) use occasion::{Occasion, Recipient};
pub use quiet::quiet_letters;

use anyhow::{Context as _, bail};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::{
        check::{CheckKind, Evidence},
        outcome::Notification,
        state::State,
    },
    casework::{Casework, contacts, load::Loaded},
    clock::{Day, Timestamp},
    mail::{
        address::signed_address,
        outgoing::{
            code::Stamp,
            compose::{Letter, Profile, Sender, compose},
            handling, outbox,
        },
    },
};
use links::Purpose;
use rendering::Seal;
use view::LetterView;

/// Days that a link into a case works; each letter brings a fresh one.
pub(in crate::casework) const LINK_DAYS: i64 = 90;

/// A letter in the outbox.
pub(in crate::casework) struct Queued {
    pub id: Uuid,
    /// What the page of a requester shows of it.
    pub words: Option<String>,
}

impl Casework {
    /// As [`Casework::write_letter`]; held back where its receiver gets too many.
    pub(in crate::casework) async fn write_limited(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        occasion: &Occasion<'_>,
        cause: quota::Cause,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let (email, to) = self.write_letter(connection, loaded, occasion, now).await?;
        self.count(connection, (email, occasion.notification, &to), cause, now).await
    }

    /// Counts a letter that strangers can cause, and holds it back if it is one too many.
    pub(in crate::casework) async fn count(
        &self,
        connection: &mut PgConnection,
        (email, notification, to): (Uuid, Notification, &str),
        cause: quota::Cause,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        // An address on record that is none can't be sent to either.
        let Some(address) = to.parse().ok().filter(|_| quota::counts(notification)) else { return Ok(()) };
        if !quota::take(connection, &self.app, (notification, &address), cause, now).await? {
            handling::cancel(connection, email, quota::TOO_MANY, now, self.app.clock.for_leases()).await?;
        }
        Ok(())
    }

    /// Puts the letter into the outbox. Returns its id and whom it goes to.
    pub(in crate::casework) async fn write_letter(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        occasion: &Occasion<'_>,
        now: Timestamp,
    ) -> anyhow::Result<(Uuid, String)> {
        let voucher = match occasion.voucher {
            Some(contact) => Some(contacts::find_contact(connection, contact).await?),
            None => None,
        };
        self.write_letter_to(connection, loaded, occasion, voucher.as_ref(), now).await
    }

    /// To a contact on record, or, without one, to whom a letter of this kind goes.
    pub(in crate::casework) async fn write_letter_to(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        occasion: &Occasion<'_>,
        on_record: Option<&contacts::Addressee>,
        now: Timestamp,
    ) -> anyhow::Result<(Uuid, String)> {
        let escalation = &loaded.escalation;
        let purpose = match occasion.notification {
            Notification::LinkReplaced => occasion.replaces.context("a link is replaced by none")?,
            Notification::ConfirmationRequest
            | Notification::ConfirmationReminder
            | Notification::ConfirmationRenewal => Purpose::Confirmation,
            Notification::SuccessorInvitation
            | Notification::SuccessorBriefing
            | Notification::SuccessorAccessRequest
            | Notification::SuccessorOutcome => Purpose::Successor,
            Notification::DepartedNotice
            | Notification::ContactNotice
            | Notification::ObjectionReceived
            | Notification::ObjectionAnswered
            | Notification::ContactOutcome => Purpose::Objection,
            Notification::VouchRequest => Purpose::Voucher,
            Notification::AtlassianRequest | Notification::AtlassianFollowUp => {
                bail!("what goes to Atlassian comes from an approved draft")
            }
            _ => Purpose::Status,
        };
        let days = |days: i64| now.after(jiff::SignedDuration::from_hours(days.saturating_mul(24)));
        let expires_at = match (purpose, &loaded.case.state) {
            (Purpose::Confirmation, State::Unconfirmed { expires_at }) => *expires_at,
            (Purpose::Confirmation, _) => {
                // The mailbox must be read now: an older letter shows nothing.
                links::end(connection, loaded.case.id, purpose, now).await?;
                days(i64::from(self.rules.deadlines.confirmation_days))
            }
            _ => days(LINK_DAYS),
        };
        let contact = on_record.map(|contact| contact.id);
        let token = links::issue(connection, loaded.case.id, (purpose, contact), now, expires_at).await?;
        let to = match on_record {
            Some(contact) => Recipient::on_record(&contact.name, contact.email.trim()),
            None => Recipient::of(occasion, escalation)?,
        };
        let mut view = self.letter_view(&loaded.case.number, escalation, &links::path(purpose, &token));
        to.name.clone_into(&mut view.recipient_name);
        view.window_ends_on = self.window_end(loaded);
        view.attempt = attempt(loaded);
        view.expires_on = (purpose == Purpose::Confirmation).then(|| expires_at.day_in(&self.app.zone));
        view.text.clone_from(&occasion.text);
        // A letter of its own says by itself that it reminds.
        view.reminds = occasion.reminds && occasion.notification != Notification::ConfirmationReminder;
        view.replaces = occasion.replaces;
        view.asked_atlassian = loaded.case.delivered_at.is_some();
        view.outcome = match occasion.next.told() {
            State::Closed { outcome } => Some(outcome),
            _ => None,
        };
        if matches!((purpose, &loaded.case.state), (Purpose::Confirmation, State::Unconfirmed { .. })) {
            // It goes to that very mailbox: whoever typed the address into a form sees nothing of it.
            view = view.naming(self.find_own_number(connection, loaded.case.id).await?);
        }
        if !is_to_confirmed(occasion.notification) {
            view = view.without_typed();
        }
        let kind = occasion.notification;
        let email = self.enqueue_letter(connection, loaded.case.id, (kind, &to), &view, now).await?;
        Ok((email, to.address.to_owned()))
    }

    async fn enqueue_letter(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        about: (Notification, &Recipient<'_>),
        view: &LetterView,
        now: Timestamp,
    ) -> anyhow::Result<Uuid> {
        let conversation = thread::with_mailbox(connection, case, about.1.address).await?;
        let queued = self.queue_letter(connection, case, about, view, &conversation, now).await?;
        if let Some(words) = queued.words {
            texts::keep(connection, queued.id, &words).await?;
        }
        Ok(queued.id)
    }

    /// The letter alone, which continues this `conversation`. Its words are for whoever calls to keep.
    pub(in crate::casework) async fn queue_letter(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        (notification, to): (Notification, &Recipient<'_>),
        view: &LetterView,
        conversation: &[String],
        now: Timestamp,
    ) -> anyhow::Result<Queued> {
        let stamp = Stamp::new(&self.app.code_signer);
        let (own, both) = ([view.language], self.app.settings.language.and_the_other());
        // By whom it goes to: of everybody but the requester, nobody knows what they read.
        let languages = if to.party == REQUESTER { &own[..] } else { &both[..] };
        let seal = Seal::new(&self.app, &stamp.code);
        let words = rendering::render(&self.app.views, notification.as_str(), languages, view, &seal)?;
        let settings = &self.app.settings.mail;
        let tag = format!("{}.{}", view.number.to_lowercase(), to.party);
        let return_address = signed_address(&settings.from_address, &self.app.reply_signer, &tag);
        let letter = Letter {
            // A mailbox that has confirmed nothing gets no words from the form, in the header either.
            to_name: if is_to_confirmed(notification) { to.name } else { "" },
            to_address: to.address,
            reply_to: &return_address,
            return_path: &return_address,
            subject: words.subject.trim(),
            text: words.text.trim_end(),
            html: Some(&words.html),
            languages,
            thread: conversation,
            unsubscribe: None,
        };
        let sender = Sender { name: &settings.from_name, address: &settings.from_address };
        let email = self.dkim.sign(compose(sender, &letter, Profile::Automatic, now)?)?;
        let id =
            outbox::enqueue_to_customer(connection, &stamp, notification.as_str(), Some(case), &email, now)
                .await?;
        let words = (to.party == REQUESTER).then(|| texts::without_links(&words.text, &self.app.link("/")));
        Ok(Queued { id, words })
    }

    fn window_end(&self, loaded: &Loaded) -> Option<Day> {
        match loaded.case.check(CheckKind::DepartedNotice)?.evidence {
            Evidence::NoticeSent { window_ends_at, .. } => Some(window_ends_at.day_in(&self.app.zone)),
            _ => None,
        }
    }
}

/// Whether a letter goes to a mailbox that has confirmed that it asked for something. All others are written for somebody
/// who may be a stranger's target, and hold no words of the sender's.
fn is_to_confirmed(notification: Notification) -> bool {
    !quota::counts(notification)
}

/// Which notice to the departed contact it is, from 1.
fn attempt(loaded: &Loaded) -> usize {
    match loaded.case.check(CheckKind::DepartedNotice).map(|check| &check.evidence) {
        Some(Evidence::NoticeSent { reminded_at, .. }) => reminded_at.len().saturating_add(1),
        _ => 1,
    }
}

//! Our e-mails on pages: what became of each, and what the reader can do about it. Part of the case page and of `mail`.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    case::{Case, action::Action, actor::Actor, outcome::Notification},
    clock::Timestamp,
    mail::outgoing::{
        listed::{Happening, ListedEmail, Quiet},
        outbox::EmailState,
    },
};

/// Days after which the links in a letter may be over: then a new one is better than the same bytes.
const STALE: jiff::SignedDuration = jiff::SignedDuration::from_hours(60 * 24);

#[derive(Debug, Serialize)]
pub struct LetterView {
    #[serde(flatten)]
    email: ListedEmail,
    tone: &'static str,
    /// The word for where it is: one of the outbox, or `deferred`, `leased`, `bounced`, `unreadable`.
    fate: &'static str,
    happenings: Vec<Happening>,
    /// It did not arrive, and somebody has to look.
    pub open: bool,
    may: May,
}

/// What the reader could do with it now.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct May {
    /// The same bytes again.
    retry: bool,
    /// A new letter in its place.
    resend: bool,
    cancel: bool,
    /// Say that it is known.
    settle: bool,
}

impl LetterView {
    pub fn new(
        case: &Case,
        actor: Actor,
        email: ListedEmail,
        happenings: &[Happening],
        quiet: &Quiet,
        now: Timestamp,
    ) -> Self {
        let (fate, tone) = fate_of(&email);
        let quiet = if email.state == Some(EmailState::Failed) { &quiet.failed } else { &quiet.returned };
        let quiet = quiet.contains(&email.notification);
        Self {
            tone,
            fate,
            happenings: happenings.iter().filter(|happening| happening.email == email.id).cloned().collect(),
            open: (email.is_dead() || email.state.is_none()) && email.seen_at.is_none() && !quiet,
            may: May::of(case, actor, &email, now),
            email,
        }
    }

    /// What the reader could do with it, by its id and the end of the address.
    pub fn offers(&self) -> impl Iterator<Item = (Uuid, &'static str)> {
        let May { retry, resend, cancel, settle } = self.may;
        let all =
            [(retry, "retry"), (resend, "replacement"), (cancel, "cancellation"), (settle, "settlement")];
        let id = self.email.id;
        all.into_iter().filter(|(offered, _)| *offered).map(move |(_, what)| (id, what))
    }

    /// When it was written, or went out.
    pub fn at(&self) -> Timestamp {
        self.email.settled_at.unwrap_or(self.email.created_at)
    }

    /// Of a case that can't be read: there is nothing to be done with it here.
    pub fn without_case(email: ListedEmail, happenings: &[Happening]) -> Self {
        let (fate, tone) = fate_of(&email);
        let happenings = happenings.iter().filter(|happening| happening.email == email.id).cloned().collect();
        Self { tone, fate, happenings, open: false, may: May::default(), email }
    }
}

fn fate_of(email: &ListedEmail) -> (&'static str, &'static str) {
    let Some(state) = email.state else { return ("unreadable", "bad") };
    match state {
        EmailState::Queued if email.leased => ("leased", "info"),
        EmailState::Queued if email.attempts > 0 => ("deferred", "warn"),
        EmailState::Queued => ("queued", "info"),
        EmailState::Sent if email.bounced => ("bounced", "bad"),
        EmailState::Sent => ("sent", "ok"),
        EmailState::Failed => ("failed", "bad"),
        EmailState::Cancelled => ("cancelled", "warn"),
    }
}

impl May {
    fn of(case: &Case, actor: Actor, email: &ListedEmail, now: Timestamp) -> Self {
        if email.state.is_none() {
            return Self::default();
        }
        let allows = |action: &Action| case.decide(actor, action, now).is_ok();
        let stale = !email.atlassian && email.created_at.after(STALE) < now;
        let failed = email.state == Some(EmailState::Failed);
        let id = email.id;
        let letter = Letter::of(email);
        Self {
            retry: failed
                && !stale
                && !email.replaced
                && allows(&Action::RetryEmail { email: id, to_atlassian: email.atlassian }),
            resend: letter.is_some_and(|letter| {
                let again = Action::ResendLetter { email: id, notification: letter.0 };
                (!failed || stale) && may_be_replaced(email) && allows(&again)
            }),
            cancel: letter.is_some_and(|letter| {
                let cancel = Action::CancelLetter { email: id, notification: letter.0 };
                email.state == Some(EmailState::Queued) && !email.leased && allows(&cancel)
            }),
            settle: email.is_dead() && email.seen_at.is_none() && allows(&Action::SettleLetter { email: id }),
        }
    }
}

/// A letter to the customer's side, by its kind.
#[derive(Clone, Copy, Debug)]
pub struct Letter(pub Notification);

impl Letter {
    /// `None` for what goes to Atlassian.
    pub fn of(email: &ListedEmail) -> Option<Self> {
        email.notification.parse().ok().filter(|_| !email.atlassian).map(Self)
    }
}

/// Whether another letter could be written in its place: it did not arrive, or was held back.
pub fn may_be_replaced(email: &ListedEmail) -> bool {
    !email.replaced && (email.is_dead() || email.state == Some(EmailState::Cancelled))
}

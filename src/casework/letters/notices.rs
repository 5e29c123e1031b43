//! Who on record hears of a request, and by which letter: the contact who is said to have left, and everybody else whose role
//! it would change. Each letter has a link of its own to object.
//!
//! The attacker this stops names a contact who will not object: the one whose role he wants would never hear of it. When the
//! letters go out is for the rules; whether silence counts, for `verification`.

use sqlx::PgConnection;

use crate::{
    case::{
        check::{CheckKind, Verdict},
        contact::RegisterContact,
        outcome::Notification,
    },
    casework::{
        Casework,
        contacts::{Addressee, list_contacts},
        letters::{Occasion, quota},
        load::Loaded,
    },
    clock::Timestamp,
    config::Notify,
};

/// Who gets a notice.
#[derive(Clone, Debug)]
pub struct Noticed {
    /// The contact who is said to have left, if the register has them: the form may name a mailbox of the requester's own.
    pub departed: bool,
    /// The others whose role the request would change.
    pub others: Vec<RegisterContact>,
}

impl Noticed {
    pub fn is_nobody(&self) -> bool {
        !self.departed && self.others.is_empty()
    }
}

impl Casework {
    /// Who is to hear of the request, by the register as it is now.
    pub async fn list_noticed(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
    ) -> anyhow::Result<Noticed> {
        let recorded = loaded.case.check(CheckKind::RecordedContact);
        let is_right = recorded.is_some_and(|check| check.verdict == Verdict::Passed);
        let all = self.app.settings.policy.notify == Notify::All;
        let escalation = &loaded.escalation;
        let mut others = list_contacts(connection, loaded).await?;
        others.retain(|contact| all || contact.is_affected_by(loaded.asked_role));
        let is_named = |contact: &RegisterContact| escalation.departed.email.same_mailbox(&contact.email);
        let departed = is_right || others.iter().any(is_named);
        // The requester withdraws, the new contact declines; both are written to anyway.
        // By the very mailbox: one that differs by a dot may be a stranger's, and the contact would never hear of it.
        let (requester, successor) = (&escalation.requester.email, &escalation.successor.email);
        others.retain(|contact| {
            !is_named(contact)
                && !requester.same_mailbox(&contact.email)
                && !successor.same_mailbox(&contact.email)
        });
        Ok(Noticed { departed, others })
    }

    pub(in crate::casework) async fn write_notice(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        occasion: &Occasion<'_>,
        cause: quota::Cause,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let noticed = self.list_noticed(connection, loaded).await?;
        if occasion.notification == Notification::DepartedNotice {
            if noticed.departed {
                self.write_limited(connection, loaded, occasion, cause, now).await?;
            }
            return Ok(());
        }
        for contact in noticed.others {
            let to = Addressee { id: contact.id, name: contact.name, email: contact.email };
            let (email, address) = self.write_letter_to(connection, loaded, occasion, Some(&to), now).await?;
            self.count(connection, (email, occasion.notification, &address), cause, now).await?;
        }
        Ok(())
    }
}

//! Mail to staff about their accounts: put together and queued in the caller's transaction. Plain text, about no case; what it
//! says is for `staff`.
//!
//! It may carry a link that lets somebody in. One that comes back in a message ends there, as a customer's does.

use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::rendering::Seal;
use crate::{
    casework::Casework,
    clock::Timestamp,
    lang::Language,
    mail::outgoing::{
        code::Stamp,
        compose::{Letter, Profile, Sender, compose},
        outbox,
    },
};

/// Who gets it, and which folder below `templates/emails` has its words.
#[derive(Clone, Copy, Debug)]
pub struct ToStaff<'a> {
    pub folder: &'static str,
    /// Empty, where nobody knows it yet.
    pub name: &'a str,
    pub address: &'a str,
    pub language: Language,
}

#[derive(Serialize)]
struct View<'a, V> {
    #[serde(flatten)]
    words: &'a V,
    name: &'a str,
    reseller: &'a str,
    #[serde(flatten)]
    seal: Seal,
}

impl Casework {
    /// `None` where the address is Atlassian's: nothing but approved messages goes there.
    pub async fn enqueue_to_staff<V: Serialize>(
        &self,
        connection: &mut PgConnection,
        to: &ToStaff<'_>,
        words: &V,
        now: Timestamp,
    ) -> anyhow::Result<Option<Uuid>> {
        let settings = &self.app.settings;
        if settings.atlassian.owns(to.address) {
            tracing::warn!(mail = to.folder, "nothing but approved messages goes to Atlassian");
            return Ok(None);
        }
        let stamp = Stamp::new(&self.app.code_signer);
        let view = View {
            words,
            name: to.name,
            reseller: &settings.reseller.name,
            seal: Seal::new(&self.app, &stamp.code),
        };
        let render = |part: &str| {
            let template = format!("emails/{}/{}.{part}", to.folder, to.language.as_str());
            self.app.views.render(&template, to.language, &view)
        };
        let (subject, text) = (render("subject")?, render("txt")?);
        let from = settings.mail.from_address.as_str();
        let letter = Letter {
            to_name: to.name,
            to_address: to.address,
            reply_to: from,
            return_path: from,
            subject: subject.trim(),
            text: text.trim_end(),
            html: None,
            languages: &[to.language],
            thread: &[],
            unsubscribe: None,
        };
        let sender = Sender { name: &settings.mail.from_name, address: from };
        let email = self.dkim.sign(compose(sender, &letter, Profile::Automatic, now)?)?;
        Ok(Some(outbox::enqueue_to_staff(connection, &stamp, to.folder, &email, now).await?))
    }
}

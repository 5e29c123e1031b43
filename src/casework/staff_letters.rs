//! Letters to a member of staff about their own account, written in the transaction of what they tell of.
//!
//! They can't be switched off: whoever took over an account would do that first. They hold no link that does anything, and
//! nothing of a case.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use super::{Casework, letters::rendering::Seal, unattended::is_atlassians};
use crate::{
    case::actor::StaffId,
    clock::Timestamp,
    lang::Language,
    mail::outgoing::{
        code::Stamp,
        compose::{Letter, Profile, Sender, compose},
        outbox,
    },
};

/// What the templates know, beside the letter's own.
#[derive(Serialize)]
struct View<'a, V> {
    name: &'a str,
    at: Timestamp,
    imprint: &'a str,
    #[serde(flatten)]
    letter: &'a V,
    #[serde(flatten)]
    seal: Seal,
}

impl Casework {
    /// Writes the letter of `folder` below `templates/emails` to `staff`, in their language.
    pub async fn write_about_account<V: Serialize>(
        &self,
        connection: &mut PgConnection,
        staff: StaffId,
        (folder, letter): (&'static str, &V),
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let person = sqlx::query!("select name, email, language from staff where id = $1", staff.0)
            .fetch_one(&mut *connection)
            .await
            .context("could not look up a member of staff")?;
        let settings = &self.app.settings;
        if is_atlassians(&settings.atlassian, &person.email) {
            tracing::warn!(%staff, "nothing but approved messages goes to Atlassian: this member of staff is told nothing");
            return Ok(());
        }
        let language = Language::parse(&person.language).context("somebody reads an unknown language")?;
        let stamp = Stamp::new(&self.app.code_signer);
        let imprint = settings.mail.imprint.trim();
        let seal = Seal::new(&self.app, &stamp.code);
        let view = View { name: &person.name, at: now, imprint, letter, seal };
        let render = |part: &str| {
            let template = format!("emails/{folder}/{}.{part}", language.as_str());
            self.app.views.render(&template, language, &view)
        };
        let (subject, text) = (render("subject")?, render("txt")?);
        let from = settings.mail.from_address.as_str();
        let letter = Letter {
            to_name: &person.name,
            to_address: &person.email,
            reply_to: from,
            return_path: from,
            subject: subject.trim(),
            text: text.trim_end(),
            html: None,
            languages: &[language],
            thread: &[],
        };
        let sender = Sender { name: &settings.mail.from_name, address: from };
        let email = self.dkim.sign(compose(sender, &letter, Profile::Automatic, now)?)?;
        outbox::enqueue_about_account(connection, &stamp, folder, &email, now).await?;
        Ok(())
    }
}

//! What we wrote to whoever asks, for the page of their case: subject, when, whether it arrived, and the words without links.
//!
//! The bytes themselves are forgotten once they are sent. A link is a key: whoever looks over a shoulder, or prints the page, must
//! not find one there, so none is kept.

use anyhow::Context as _;
use sqlx::PgConnection;
use strum::VariantArray as _;
use uuid::Uuid;

use crate::{case::outcome::Notification, clock::Timestamp, mail::outgoing::outbox::EmailState};

/// So many letters are shown, the newest.
const MOST_SHOWN: i64 = 12;
/// What stands in place of a link.
const LEFT_OUT: &str = "[…]";

/// A letter to whoever asks, as they may see it.
#[derive(Clone, Debug)]
pub struct SentLetter {
    pub subject: String,
    pub at: Timestamp,
    /// `None` where that can't be read.
    pub state: Option<EmailState>,
    /// A mail server sent it back for good.
    pub bounced: bool,
    /// `None` for letters from before texts were kept.
    pub body: Option<String>,
}

/// The newest letters to the requester, newest first.
pub async fn list_sent(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<SentLetter>> {
    let to_requester = Notification::VARIANTS.iter().filter(|letter| letter.is_to_requester());
    let names: Vec<String> = to_requester.map(|letter| letter.as_str().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select e.subject, e.state, e.created_at as "created_at: Timestamp",
             exists (select from bounces where email_id = e.id and not temporary) as "bounced!", t.body as "body?"
         from emails e left join letter_texts t on t.email_id = e.id
         where e.correlation_id = $1 and e.audience = 'customer'
             and (e.notification = any($2) or t.email_id is not null)
         order by e.created_at desc, e.id desc limit $3"#,
        case,
        &names,
        MOST_SHOWN,
    )
    .fetch_all(connection)
    .await
    .context("could not list the letters to a requester")?;
    let letters = rows.into_iter().map(|row| SentLetter {
        subject: row.subject,
        at: row.created_at,
        state: EmailState::parse(&row.state).ok(),
        bounced: row.bounced,
        body: row.body,
    });
    Ok(letters.collect())
}

pub(super) async fn keep(connection: &mut PgConnection, email: Uuid, body: &str) -> anyhow::Result<()> {
    sqlx::query!("insert into letter_texts (email_id, body) values ($1, $2)", email, body)
        .execute(connection)
        .await
        .context("could not keep the words of a letter")?;
    Ok(())
}

/// The text with every address below `home`, which ends with a slash, left out.
pub(super) fn without_links(text: &str, home: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(home) {
        let (before, from) = rest.split_at(start);
        left.push_str(before);
        left.push_str(LEFT_OUT);
        rest = from.find(char::is_whitespace).and_then(|end| from.get(end..)).unwrap_or_default();
    }
    left.push_str(rest);
    left
}

#[cfg(test)]
mod tests {
    use super::without_links;

    #[test]
    fn no_link_of_ours_is_kept() {
        let home = "https://handover.reseller.example/";
        let text = "Hello,\nhttps://handover.reseller.example/cases/AbC-12_x\n(https://handover.reseller.example/confirmations/zz)\nend https://handover.reseller.example/";
        assert_eq!(without_links(text, home), "Hello,\n[…]\n([…]\nend […]");
        assert_eq!(without_links("See my.atlassian.com.", home), "See my.atlassian.com.");
    }
}

//! Links that come back in a message: quoted under an answer, or whole in what a mail server returned. The only writer of
//! `returned_links`.
//!
//! Stops staff who read such a message and act as the customer, the new contact or a colleague (law 13): the link ends in the
//! transaction in which the message becomes readable, and whom it was for gets another one. What was found in a message is
//! looked up by its hash; where a message can't be searched, the letter that it answers counts as come back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Casework, PrepareError, prepared};
use crate::{
    case::{action::Action, actor::Actor, link::Purpose, outcome::Notification},
    clock::Timestamp,
    mail::incoming::answered::OurEmail,
    token::{Sha256Bytes, Token},
};

/// How many links in place of one that came back somebody gets within a day. A mailbox that sends back everything gets no
/// more: staff see it, and the customer has to take another one.
const MOST_REPLACED: i64 = 3;

/// A message, as far as it gives links away.
#[derive(Clone, Debug)]
pub struct Returned {
    pub message: Uuid,
    /// What stands in it that may be the secret of a link.
    pub tokens: Vec<Token>,
    /// The letter of ours that counts as come back as a whole.
    pub letter: Option<OurEmail>,
    /// A mail server returned it for good: nobody is there who could use another link.
    pub undeliverable: bool,
}

/// What of it is ours, with the rows locked.
#[derive(Debug, Default)]
pub struct OurLinks {
    prepared: BTreeSet<Uuid>,
    cases: BTreeSet<Uuid>,
    hashes: Vec<Vec<u8>>,
    /// The secrets themselves, so that they are not shown.
    pub secrets: Vec<Token>,
}

impl Casework {
    /// Locks what the message may end: first what was prepared, then the cases with `case`, in the order of their ids, as
    /// everybody does.
    pub async fn lock_returned(
        &self,
        connection: &mut PgConnection,
        returned: &Returned,
        case: Option<Uuid>,
    ) -> anyhow::Result<OurLinks> {
        let by_hash: BTreeMap<Sha256Bytes, &Token> =
            returned.tokens.iter().map(|token| (token.hash(), token)).collect();
        let asked: Vec<Vec<u8>> = by_hash.keys().map(|hash| hash.to_vec()).collect();
        let letter = returned.letter.as_ref().map(|letter| letter.id);
        let mut ours = OurLinks::default();
        let letters = sqlx::query!(
            "select token_hash, prepared_id from prepared_letters where token_hash = any($1) or email_id = $2",
            &asked,
            letter,
        )
        .fetch_all(&mut *connection)
        .await
        .context("could not look for letters that came back")?;
        for row in letters {
            ours.hashes.push(row.token_hash);
            ours.prepared.insert(row.prepared_id);
        }
        let links = sqlx::query!("select token_hash, case_id from links where token_hash = any($1)", &asked)
            .fetch_all(&mut *connection)
            .await
            .context("could not look for links that came back")?;
        for row in links {
            ours.hashes.push(row.token_hash);
            ours.cases.insert(row.case_id);
        }
        ours.cases.extend(case);
        ours.cases.extend(returned.letter.as_ref().and_then(|letter| letter.correlation));
        let is_ours = |hash: &Sha256Bytes| ours.hashes.iter().any(|ours| ours.as_slice() == hash.as_slice());
        ours.secrets =
            by_hash.iter().filter(|(hash, _)| is_ours(hash)).map(|(_, token)| (*token).clone()).collect();
        for id in &ours.prepared {
            prepared::lock(connection, *id).await?;
        }
        for case in &ours.cases {
            self.lock(connection, *case).await?;
        }
        Ok(ours)
    }

    /// Ends what came back, and writes to whom it was for.
    pub async fn end_returned(
        &self,
        connection: &mut PgConnection,
        returned: &Returned,
        ours: &OurLinks,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let proves = returned.letter.as_ref().and_then(|letter| {
            let purposes = letter.notification.parse::<Notification>().ok()?.proving();
            let words = purposes.iter().map(|purpose| <&str>::from(purpose).to_owned());
            Some((letter.correlation?, words.collect::<Vec<_>>()))
        });
        let ended = sqlx::query!(
            r#"update links set expires_at = $1
             where expires_at > $1 and (token_hash = any($2) or case_id = $3 and purpose = any($4))
                 -- Whoever got a notice at an address that was set right since can be heard by this link alone: nobody could
                 -- send them another one. It only stops a case.
                 and not (purpose = 'objection' and contact_id is null and exists (select from address_corrections a
                     where a.case_id = links.case_id and a.whose = 'departed'))
             returning token_hash, case_id, purpose, contact_id"#,
            now as Timestamp,
            &ours.hashes,
            proves.as_ref().map(|(case, _)| *case),
            proves.as_ref().map(|(_, purposes)| purposes.as_slice()),
        )
        .fetch_all(&mut *connection)
        .await
        .context("could not end links that came back")?;
        let hashes: Vec<Vec<u8>> =
            ended.iter().map(|row| row.token_hash.clone()).chain(ours.hashes.iter().cloned()).collect();
        sqlx::query!(
            "insert into returned_links (token_hash, inbound_email_id, at)
             select distinct hash, $2::uuid, $3::timestamptz from unnest($1::bytea[]) hash
             on conflict (token_hash) do nothing",
            &hashes,
            returned.message,
            now as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not note links that came back")?;
        let links: BTreeSet<(Uuid, String, Option<Uuid>)> =
            ended.into_iter().map(|row| (row.case_id, row.purpose, row.contact_id)).collect();
        for (case, word, contact) in links {
            let purpose: Purpose = word.parse().context("unknown purpose of a link")?;
            let replace =
                !returned.undeliverable && self.may_replace(connection, case, &word, contact, now).await?;
            let action = Action::EndLink { purpose, contact, replace };
            let ended = self.act_in(connection, case, Actor::System, &action, None).await;
            ended.map_err(anyhow::Error::from).context("could not replace a link")?;
        }
        for id in &ours.prepared {
            if !returned.undeliverable {
                self.replace_prepared(connection, *id, now).await?;
            }
        }
        Ok(())
    }

    async fn may_replace(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        purpose: &str,
        contact: Option<Uuid>,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        let came_back = sqlx::query_scalar!(
            r#"select count(distinct r.inbound_email_id) as "count!" from links l
             join returned_links r on r.token_hash = l.token_hash
             where l.case_id = $1 and l.purpose = $2 and l.contact_id is not distinct from $3 and r.at > $4"#,
            case,
            purpose,
            contact,
            now.after(jiff::SignedDuration::from_hours(-24)) as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not count links that came back")?;
        Ok(came_back <= MOST_REPLACED)
    }

    /// Another letter to the same mailbox, unless it is over, came back too often, or is one too many.
    async fn replace_prepared(
        &self,
        connection: &mut PgConnection,
        id: Uuid,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let came_back = sqlx::query_scalar!(
            r#"select count(distinct r.inbound_email_id) as "count!" from prepared_letters l
             join returned_links r on r.token_hash = l.token_hash where l.prepared_id = $1 and r.at > $2"#,
            id,
            now.after(jiff::SignedDuration::from_hours(-24)) as Timestamp,
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not count letters that came back")?;
        if came_back > MOST_REPLACED {
            return Ok(());
        }
        match self.write_anew(connection, id, None, now).await {
            // Staff see in the list that it came back.
            Ok(()) | Err(PrepareError::Over | PrepareError::TooMany | PrepareError::MailboxFull) => Ok(()),
            Err(error) => Err(anyhow::Error::from(error).context("could not send what was prepared anew")),
        }
    }
}

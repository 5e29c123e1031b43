//! Collects a mailbox: every message in it is stored once, in the order of arrival.
//!
//! Goes by UIDVALIDITY and UID, kept in the database, never by "unseen" or "recent": nothing that other readers do can
//! hide a message, and weeks of downtime lose none. Understands nothing; [`super::inbound`] keeps the bytes.
//!
//! A message and the cursor behind it are stored in one transaction. Whoever collects twice, or again after a change of
//! UIDVALIDITY, stores nothing twice: the same bytes are the same message.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use async_imap::extensions::idle::IdleResponse;
use sqlx::{PgConnection, PgPool};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{
    fetch::{Fetched, fetch},
    imap::{Account, Session},
    inbound::{self, Source},
    mailboxes::{self, Cursor},
    unfetched,
};
use crate::{clock::Clock, config};

/// Times in a row that one message may break the collecting before its place is taken by a note, so that the others come.
const MAX_FAILURES: i32 = 5;
/// The rest after a failure doubles up to this.
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);
/// Why a message is parked that the mail server would not give us.
pub const UNFETCHABLE: &str = "inbound-unfetchable";
/// Why a message is parked of which there is only the header.
pub const TOO_LARGE: &str = "inbound-too-large";

/// Fails on settings that could never work. Opens no connection.
pub fn check(settings: &config::Mail) -> anyhow::Result<()> {
    if settings.imap.host.is_empty() { Ok(()) } else { Account::try_new(&settings.imap).map(drop) }
}

/// Signs in and opens the folder as for collecting, and leaves. Returns how many messages lie in it.
pub async fn sign_in(settings: &config::Imap) -> anyhow::Result<u32> {
    let account = Account::try_new(settings)?;
    let (mut session, mailbox) = account.open().await?;
    ensure!(mailbox.uid_validity.is_some(), "the mail server knows no UIDVALIDITY");
    // That it answered is enough, however it says goodbye.
    let _ = timeout(Duration::from_secs(2), session.logout()).await;
    Ok(mailbox.exists)
}

#[derive(Clone, Debug)]
pub struct Collector {
    pool: PgPool,
    clock: Clock,
    account: Account,
    max_bytes: usize,
    patience: Duration,
    poll: Duration,
}

impl Collector {
    /// `None` where no mailbox is configured. Fails on settings that could never work.
    pub fn try_new(pool: PgPool, clock: Clock, settings: &config::Mail) -> anyhow::Result<Option<Self>> {
        let imap = &settings.imap;
        if imap.host.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            pool,
            clock,
            account: Account::try_new(imap)?,
            max_bytes: settings.inbound.max_bytes,
            patience: Duration::from_secs(imap.timeout_seconds.into()),
            poll: Duration::from_secs(imap.poll_seconds.max(1).into()),
        }))
    }

    /// Collects until `stop`: told by the server where it can (IDLE, RFC 2177), else by asking from time to time. After
    /// a failure it rests and begins anew.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut rest = self.poll;
        while !stop.is_cancelled() {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                failed = self.stay_connected(&mut rest) => {
                    if let Err(error) = failed {
                        self.note_failure(&error).await;
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(rest) => {}
            }
            rest = (rest * 2).min(LONGEST_REST);
        }
    }

    /// Connects, stores all that is new, and leaves. Returns how many messages were new to us.
    pub async fn collect(&self) -> anyhow::Result<usize> {
        let (mut session, validity) = self.open().await?;
        let stored = self.collect_in(&mut session, validity).await?;
        // What counts is stored; how the server takes its leave does not.
        let _ = timeout(self.patience, session.logout()).await;
        Ok(stored)
    }

    async fn stay_connected(&self, rest: &mut Duration) -> anyhow::Result<()> {
        let (mut session, validity) = self.open().await?;
        let capabilities = self.within(session.capabilities()).await?;
        let can_idle = capabilities.has_str("IDLE");
        loop {
            self.collect_in(&mut session, validity).await?;
            *rest = self.poll;
            if can_idle {
                session = self.idle(session).await?;
            } else {
                tokio::time::sleep(self.poll).await;
            }
        }
    }

    /// Waits for news; asks all the same after a while, for a connection may die without a word.
    async fn idle(&self, session: Session) -> anyhow::Result<Session> {
        let mut handle = session.idle();
        self.within(handle.init()).await?;
        let (news, _interrupt) = handle.wait_with_timeout(self.poll);
        // A server that keeps talking about other things must not keep us from asking.
        match timeout(self.poll, news).await {
            Ok(Err(error)) => return Err(error).context("waiting for news failed"),
            Ok(Ok(IdleResponse::NewData(_) | IdleResponse::Timeout | IdleResponse::ManualInterrupt))
            | Err(_) => {}
        }
        self.within(handle.done()).await
    }

    async fn open(&self) -> anyhow::Result<(Session, u32)> {
        let (session, mailbox) = self.account.open().await?;
        // Without it there is no way to know what is new (RFC 3501 §2.3.1.1 demands it).
        let validity = mailbox.uid_validity.context("the mail server knows no UIDVALIDITY")?;
        Ok((session, validity))
    }

    async fn collect_in(&self, session: &mut Session, validity: u32) -> anyhow::Result<usize> {
        let mut cursor = mailboxes::load(&self.pool, &self.account.name(), validity).await?;
        let mut stored = 0;
        for (uid, size) in self.list_after(session, cursor.last_uid).await? {
            let message = if cursor.failing_uid == Some(uid) && cursor.failures >= MAX_FAILURES {
                Message::Unfetchable
            } else {
                mailboxes::announce(&self.pool, &self.account.name(), &mut cursor, uid).await?;
                self.fetch(session, uid, size).await?
            };
            stored += usize::from(self.keep(&mut cursor, uid, message).await?);
        }
        stored = stored.saturating_add(self.ask_again(session, validity).await?);
        mailboxes::note_success(&self.pool, &self.account.name(), self.clock.now()).await?;
        Ok(stored)
    }

    /// UIDs and sizes of the messages behind `last_uid`, in order of arrival.
    async fn list_after(&self, session: &mut Session, last_uid: u32) -> anyhow::Result<Vec<(u32, usize)>> {
        let range = format!("{}:*", last_uid.saturating_add(1));
        let fetches =
            self.ask(session, &range, "(UID RFC822.SIZE)").await.context("could not list messages")?;
        let mut found: Vec<(u32, usize)> = fetches
            .iter()
            .map(|fetch| (fetch.uid, fetch.size))
            // `n:*` always names the last message, even if its UID is below n (RFC 3501 §6.4.8).
            .filter(|(uid, _)| *uid > last_uid)
            .collect();
        found.sort_unstable();
        found.dedup_by_key(|(uid, _)| *uid);
        Ok(found)
    }

    async fn fetch(&self, session: &mut Session, uid: u32, size: usize) -> anyhow::Result<Message> {
        if size <= self.max_bytes {
            // Bounded all the same: what a server says about sizes is only nearly true.
            let query = format!("(UID BODY.PEEK[]<0.{}>)", self.max_bytes.saturating_add(1));
            match self.fetch_one(session, uid, &query, |fetched| fetched.body).await? {
                None => return Ok(Message::Gone),
                Some(raw) if raw.len() <= self.max_bytes => return Ok(Message::Whole(raw)),
                Some(_) => {}
            }
        }
        let header =
            self.fetch_one(session, uid, "(UID BODY.PEEK[HEADER])", |fetched| fetched.header).await?;
        Ok(header.map_or(Message::Gone, |mut header| {
            header.truncate(self.max_bytes);
            Message::TooLarge { header, size }
        }))
    }

    /// `None` where the message is no longer there: the server had nothing to say of it, and no longer lists it.
    async fn fetch_one(
        &self,
        session: &mut Session,
        uid: u32,
        query: &str,
        pick: fn(Fetched) -> Option<Vec<u8>>,
    ) -> anyhow::Result<Option<Vec<u8>>> {
        let context = || format!("could not fetch UID {uid}");
        let fetched = self.ask(session, &uid.to_string(), query).await.with_context(context)?;
        let found = fetched.into_iter().filter(|fetched| fetched.uid == uid).find_map(pick);
        if found.is_none() {
            let listed = self.ask(session, &uid.to_string(), "(UID)").await.with_context(context)?;
            let is_there = listed.iter().any(|listed| listed.uid == uid);
            ensure!(!is_there, "the mail server lists UID {uid} and gives nothing of it");
        }
        Ok(found)
    }

    async fn ask(&self, session: &mut Session, set: &str, what: &str) -> anyhow::Result<Vec<Fetched>> {
        timeout(self.patience * 10, fetch(session, set, what)).await.context("the mail server is silent")?
    }

    /// Messages whose place was taken by a note, once more: a server that refused may give them by now. Returns how many
    /// were new to us.
    async fn ask_again(&self, session: &mut Session, validity: u32) -> anyhow::Result<usize> {
        let (pool, name, now) = (&self.pool, self.account.name(), self.clock.now());
        let mut stored = 0;
        for uid in unfetched::list_due(pool, &name, validity, now).await? {
            unfetched::put_off(pool, &name, validity, uid, now).await?;
            let size = self.ask(session, &uid.to_string(), "(UID RFC822.SIZE)").await?;
            let size = size.iter().find(|listed| listed.uid == uid).map_or(0, |listed| listed.size);
            let message = self.fetch(session, uid, size).await?;
            let mut transaction = pool.begin().await.context("could not begin a transaction")?;
            stored += usize::from(self.store(&mut transaction, validity, uid, message).await?);
            unfetched::remove(&mut transaction, &name, validity, uid).await?;
            transaction.commit().await.context("could not store an inbound e-mail")?;
        }
        Ok(stored)
    }

    async fn within<T>(
        &self,
        conversation: impl Future<Output = async_imap::error::Result<T>>,
    ) -> anyhow::Result<T> {
        match timeout(self.patience, conversation).await {
            Ok(said) => said.context("the mail server did not do as asked"),
            Err(_elapsed) => bail!("the mail server is silent"),
        }
    }

    /// Stores the message and moves the cursor behind it, both or neither.
    async fn keep(&self, cursor: &mut Cursor, uid: u32, message: Message) -> anyhow::Result<bool> {
        let now = self.clock.now();
        let mut transaction = self.pool.begin().await.context("could not begin a transaction")?;
        let is_unfetchable = matches!(message, Message::Unfetchable);
        let is_new = self.store(&mut transaction, cursor.uid_validity, uid, message).await?;
        let connection: &mut PgConnection = &mut transaction;
        if is_unfetchable {
            unfetched::remember(connection, &self.account.name(), cursor.uid_validity, uid, now).await?;
        }
        mailboxes::advance(connection, &self.account.name(), *cursor, uid).await?;
        transaction.commit().await.context("could not store an inbound e-mail")?;
        *cursor = Cursor { last_uid: uid, failing_uid: None, failures: 0, ..*cursor };
        Ok(is_new)
    }

    /// Stores what came of fetching a message; whether it was new to us.
    async fn store(
        &self,
        connection: &mut PgConnection,
        validity: u32,
        uid: u32,
        message: Message,
    ) -> anyhow::Result<bool> {
        let now = self.clock.now();
        match message {
            Message::Gone => Ok(false),
            Message::Whole(raw) => inbound::store(connection, Source::Imap, &raw, now).await,
            Message::TooLarge { header, size } => {
                inbound::store_parked(connection, Source::Imap, &header, size, TOO_LARGE, now).await
            }
            Message::Unfetchable => {
                let note = format!("UID {uid} (UIDVALIDITY {validity}) of {}", self.account.name());
                inbound::store_parked(connection, Source::Imap, note.as_bytes(), 0, UNFETCHABLE, now).await
            }
        }
    }

    /// For the desk to show. Without a database there is only the log.
    async fn note_failure(&self, error: &anyhow::Error) {
        let words = format!("{error:#}");
        tracing::warn!(error = words, "collecting mail failed");
        let noted = mailboxes::note_failure(&self.pool, &self.account.name(), &words, self.clock.now()).await;
        if let Err(error) = noted {
            tracing::error!(error = format!("{error:#}"), "could not note that collecting mail failed");
        }
    }
}

/// What came of fetching one message.
enum Message {
    Whole(Vec<u8>),
    TooLarge {
        header: Vec<u8>,
        size: usize,
    },
    Unfetchable,
    /// Somebody removed it in between.
    Gone,
}

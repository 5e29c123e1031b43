//! What administrators change about webhooks, each with its line in the trail; and how the program switches an endpoint off by
//! itself that takes nothing. Who is told of that is for `staff::switched_off`, which calls it.
//!
//! The trail holds no address: a digest over what was chosen, so that whoever sends messages elsewhere for an hour and back is
//! found. The attacker is whoever took over an administrator's account.

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::trail::{Change, Doer, append};
use crate::{
    case::digest::Digest,
    clock::Timestamp,
    token::sha256,
    webhooks::{
        EventKind, Secret, Target, Webhooks,
        endpoints::{self, Chosen, Why},
        outbox,
    },
};

/// The older secret signs beside the new one for so long.
pub const OVERLAP: jiff::SignedDuration = jiff::SignedDuration::from_hours(48);

/// What an administrator wrote.
#[derive(Clone, Debug)]
pub struct Written {
    pub name: String,
    /// `None` where the one that is kept stays.
    pub target: Option<Target>,
    pub kinds: Vec<EventKind>,
    pub personal: bool,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    Saved,
    /// Somebody was faster.
    Stale,
    NotFound,
}

impl Written {
    fn words(&self) -> Vec<String> {
        self.kinds.iter().map(|kind| kind.as_str().to_owned()).collect()
    }

    /// Over address, kinds and whether people go along. Secrets in addresses are long: nobody finds them by trying.
    fn digest(&self, address: &str) -> Digest {
        let text = format!("{address}\n{}\n{}", self.words().join(","), self.personal);
        Digest(sha256(text.as_bytes()))
    }
}

/// The id of the new endpoint with its secret, which nobody is shown again; `None` where there are as many as there can be.
pub async fn create(
    pool: &PgPool,
    webhooks: &Webhooks,
    doer: Doer,
    written: &Written,
    now: Timestamp,
) -> anyhow::Result<Option<(Uuid, Secret)>> {
    let target = written.target.as_ref().context("an endpoint without an address")?;
    let (id, secret) = (Uuid::now_v7(), Secret::random());
    let address = webhooks.sealer.seal_address(id, target.as_str())?;
    let sealed = webhooks.sealer.seal_secret(id, &secret)?;
    let (host, words) = (target.host(), written.words());
    let chosen = Chosen { name: &written.name, host: &host, kinds: &words, personal: written.personal };
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    if !endpoints::insert(&mut transaction, id, &chosen, (&address, &sealed), now).await? {
        return Ok(None);
    }
    let digest = written.digest(target.as_str());
    let change = Change::WebhookCreated { endpoint: id, personal: written.personal, digest };
    append(&mut transaction, doer, &change, now).await?;
    transaction.commit().await.context("could not commit an endpoint")?;
    Ok(Some((id, secret)))
}

/// Saves what was chosen, if the endpoint is still at that version.
pub async fn change(
    pool: &PgPool,
    webhooks: &Webhooks,
    doer: Doer,
    (id, version): (Uuid, i32),
    written: &Written,
    now: Timestamp,
) -> anyhow::Result<Saved> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    let Some(before) = endpoints::find(&mut transaction, id).await? else { return Ok(Saved::NotFound) };
    let address = written.target.as_ref().map(|target| webhooks.sealer.seal_address(id, target.as_str()));
    let (address, words) = (address.transpose()?, written.words());
    let host = written.target.as_ref().map_or(before.host, Target::host);
    let chosen = Chosen { name: &written.name, host: &host, kinds: &words, personal: written.personal };
    if !endpoints::update(&mut transaction, (id, version), &chosen, address.as_ref()).await? {
        return Ok(Saved::Stale);
    }
    // Of an address that stays, the digest holds nothing: the line before tells of it.
    let digest = written.digest(written.target.as_ref().map_or("", Target::as_str));
    let moved = written.target.is_some();
    let change = Change::WebhookChanged { endpoint: id, personal: written.personal, moved, digest };
    append(&mut transaction, doer, &change, now).await?;
    transaction.commit().await.context("could not commit an endpoint")?;
    Ok(Saved::Saved)
}

/// A new secret; `None` where there is no such endpoint.
pub async fn rotate(
    pool: &PgPool,
    webhooks: &Webhooks,
    doer: Doer,
    id: Uuid,
    now: Timestamp,
) -> anyhow::Result<Option<Secret>> {
    let secret = Secret::random();
    let sealed = webhooks.sealer.seal_secret(id, &secret)?;
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    if !endpoints::rotate(&mut transaction, id, &sealed, now.after(OVERLAP)).await? {
        return Ok(None);
    }
    append(&mut transaction, doer, &Change::WebhookSecretChanged { endpoint: id }, now).await?;
    transaction.commit().await.context("could not commit a secret")?;
    Ok(Some(secret))
}

/// Switches an endpoint on or off. Twice is as once; `None` where there is none.
pub async fn switch(
    pool: &PgPool,
    doer: Doer,
    (id, on): (Uuid, bool),
    now: Timestamp,
) -> anyhow::Result<Option<()>> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    if endpoints::find(&mut transaction, id).await?.is_none() {
        return Ok(None);
    }
    let (changed, change) = if on {
        (endpoints::enable(&mut transaction, id).await?, Change::WebhookEnabled { endpoint: id })
    } else {
        disable(&mut transaction, id, Why::Administrator, now).await?
    };
    if changed {
        append(&mut transaction, doer, &change, now).await?;
    }
    transaction.commit().await.context("could not commit an endpoint")?;
    Ok(Some(()))
}

async fn disable(
    connection: &mut PgConnection,
    id: Uuid,
    why: Why,
    now: Timestamp,
) -> anyhow::Result<(bool, Change)> {
    let word: &str = why.into();
    let change = Change::WebhookDisabled { endpoint: id, why: word.to_owned() };
    Ok((endpoints::disable(connection, id, why, now).await?, change))
}

/// Deletes an endpoint with its messages. `None` where there is none.
pub async fn delete(pool: &PgPool, doer: Doer, id: Uuid, now: Timestamp) -> anyhow::Result<Option<()>> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    if !endpoints::delete(&mut transaction, id).await? {
        return Ok(None);
    }
    append(&mut transaction, doer, &Change::WebhookDeleted { endpoint: id }, now).await?;
    transaction.commit().await.context("could not commit the end of an endpoint")?;
    Ok(Some(()))
}

/// An endpoint that takes nothing, and why it is switched off.
#[derive(Debug)]
pub struct SwitchedOff {
    pub id: Uuid,
    pub name: String,
    pub host: String,
    pub why: Why,
}

/// The next one that is to be switched off, locked.
pub async fn find_hopeless(connection: &mut PgConnection, days: u32) -> anyhow::Result<Option<SwitchedOff>> {
    let Some((id, why)) = endpoints::find_hopeless(connection, days).await? else { return Ok(None) };
    let found = endpoints::find(connection, id).await?;
    Ok(found.map(|endpoint| SwitchedOff { id, name: endpoint.name, host: endpoint.host, why }))
}

/// Switches it off, the last of its transaction.
pub async fn switch_off(
    connection: &mut PgConnection,
    off: &SwitchedOff,
    now: Timestamp,
) -> anyhow::Result<()> {
    let (_, change) = disable(connection, off.id, off.why, now).await?;
    append(connection, Doer::Program, &change, now).await
}

/// Forgets messages that were settled before that; how many.
pub async fn forget(connection: &mut PgConnection, before: Timestamp) -> anyhow::Result<u64> {
    outbox::forget(connection, before).await
}

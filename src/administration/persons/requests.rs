//! Requests to erase somebody: asked with a reason, consented to by two administrators who are not the same, carried out by `work`.
//!
//! Whoever asks at the desk has consented with it; what was asked by the command line names nobody, so two others have to. A token
//! consents to nothing: there is no operation for it. The attackers: one administrator who would have a case's people gone; a
//! session left open (the pages ask for a fresh factor); an account that was closed in between (its consent does not count, the
//! database says so again). The request keeps the address and the reason until it ends, then neither.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    administration::trail::{Change, Doer, append},
    app::App,
    calls::{self, Topic},
    case::{actor::StaffId, address::EmailAddress},
    clock::Timestamp,
    token::sha256,
};

/// A request that nobody else consents to ends after these days.
pub const OPEN_DAYS: i64 = 30;
pub const LONGEST_REASON: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("there is an open request for this mailbox")]
    Open,
    #[error("a reason is needed, of at most {LONGEST_REASON} characters")]
    Reason,
    /// Nor to be told from one that never was.
    #[error("there is no such open request")]
    Gone,
    #[error("whoever asked, or has consented, can't consent once more")]
    Yours,
    #[error("only an administrator consents")]
    NotAdministrator,
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<sqlx::Error> for RequestError {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

/// What came of a request. Holds nothing about whom it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Rows by table.
    pub erased: std::collections::BTreeMap<String, u64>,
    pub kept: Vec<Kept>,
}

/// What stays, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Kept {
    pub table: String,
    /// The case's number, where it is one's.
    pub number: Option<String>,
    pub why: String,
    pub rows: u64,
}

/// A request as the page lists it.
#[derive(Debug, Serialize)]
pub struct Listed {
    pub id: Uuid,
    pub state: String,
    pub address: Option<String>,
    pub reason: Option<String>,
    pub asked_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub returned_at: Option<Timestamp>,
    /// Who consented, whoever asked at the desk first.
    pub consents: Vec<String>,
    pub outcome: Option<Outcome>,
    /// The reader has consented already.
    pub is_mine: bool,
}

/// Asks that whoever has `address` is erased.
///
/// # Errors
/// [`RequestError::Open`], [`RequestError::Reason`].
pub async fn ask(app: &App, doer: Doer, address: &EmailAddress, reason: &str) -> Result<Uuid, RequestError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(RequestError::Reason);
    }
    let (now, id) = (app.clock.now(), Uuid::now_v7());
    let mut transaction = app.pool.begin().await?;
    let added = sqlx::query!(
        "insert into erasure_requests (id, state, address, reason, asked_at, expires_at)
         values ($1, 'asked', $2, $3, $4, $5) on conflict do nothing",
        id,
        address.as_str(),
        reason,
        now as Timestamp,
        now.after(jiff::SignedDuration::from_hours(OPEN_DAYS.saturating_mul(24))) as Timestamp,
    )
    .execute(&mut *transaction)
    .await?;
    if added.rows_affected() == 0 {
        return Err(RequestError::Open);
    }
    if let Some(staff) = doer.staff_id() {
        add_consent(&mut transaction, id, staff, now).await?;
    }
    append(&mut transaction, doer, &Change::ErasureAsked { request: id }, now).await?;
    transaction.commit().await?;
    Ok(id)
}

/// A second administrator says yes. The worker carries it out.
///
/// # Errors
/// [`RequestError::Yours`] for whoever asked or has consented already, [`RequestError::Gone`].
pub async fn consent(app: &App, staff: StaffId, id: Uuid) -> Result<(), RequestError> {
    let now = app.clock.now();
    let mut transaction = app.pool.begin().await?;
    lock_open(&mut transaction, id, now).await?;
    add_consent(&mut transaction, id, staff, now).await?;
    append(&mut transaction, Doer::Staff(staff), &Change::ErasureConsented { request: id }, now).await?;
    transaction.commit().await?;
    let mut connection = app.pool.acquire().await?;
    calls::call(&mut connection, Topic::Erasure).await?;
    Ok(())
}

async fn add_consent(
    connection: &mut PgConnection,
    id: Uuid,
    staff: StaffId,
    now: Timestamp,
) -> Result<(), RequestError> {
    let added = sqlx::query!(
        "insert into erasure_consents (request_id, staff_id, at) values ($1, $2, $3) on conflict do nothing",
        id,
        staff.0,
        now as Timestamp,
    )
    .execute(connection)
    .await;
    match added {
        Ok(added) if added.rows_affected() == 0 => Err(RequestError::Yours),
        Ok(_) => Ok(()),
        Err(error)
            if error.as_database_error().and_then(|error| error.constraint())
                == Some("erasure_consents_by_administrators") =>
        {
            Err(RequestError::NotAdministrator)
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a request back: any administrator may, as long as nothing is erased.
///
/// # Errors
/// [`RequestError::Gone`].
pub async fn withdraw(app: &App, doer: Doer, id: Uuid) -> Result<(), RequestError> {
    let now = app.clock.now();
    let mut transaction = app.pool.begin().await?;
    lock_open(&mut transaction, id, now).await?;
    end(&mut transaction, id, "withdrawn", now).await?;
    append(&mut transaction, doer, &Change::ErasureWithdrawn { request: id }, now).await?;
    transaction.commit().await?;
    Ok(())
}

async fn lock_open(connection: &mut PgConnection, id: Uuid, now: Timestamp) -> Result<(), RequestError> {
    let open = sqlx::query_scalar!(
        "select id from erasure_requests where id = $1 and state = 'asked' and expires_at > $2 for update",
        id,
        now as Timestamp,
    )
    .fetch_optional(connection)
    .await?;
    open.map(|_| ()).ok_or(RequestError::Gone)
}

async fn end(connection: &mut PgConnection, id: Uuid, state: &str, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "update erasure_requests set state = $2, address = null, reason = null, ended_at = $3 where id = $1",
        id,
        state,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not end a request to erase somebody")?;
    Ok(())
}

/// Ends requests that nobody else consented to in time. How many.
pub async fn expire(app: &App) -> anyhow::Result<usize> {
    let now = app.clock.now();
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    let over = sqlx::query_scalar!(
        "select id from erasure_requests where state = 'asked' and expires_at <= $1 limit 20 for update skip locked",
        now as Timestamp,
    )
    .fetch_all(&mut *transaction)
    .await
    .context("could not look for requests whose time is over")?;
    for id in &over {
        end(&mut transaction, *id, "expired", now).await?;
        append(&mut transaction, Doer::Program, &Change::ErasureExpired { request: *id }, now).await?;
    }
    transaction.commit().await.context("could not commit the end of requests")?;
    Ok(over.len())
}

/// One that two consented to, locked, and whom it is about. `wanted`, if given, alone.
pub async fn take_due(
    connection: &mut PgConnection,
    wanted: Option<Uuid>,
    now: Timestamp,
) -> anyhow::Result<Option<(Uuid, EmailAddress)>> {
    let due = sqlx::query!(
        r#"select id, address as "address!" from erasure_requests
           where state = 'asked' and expires_at > $1 and ($2::uuid is null or id = $2) and erasure_consents_that_count(id) >= 2
           order by asked_at limit 1 for update skip locked"#,
        now as Timestamp,
        wanted,
    )
    .fetch_optional(connection)
    .await
    .context("could not look for a request to carry out")?;
    due.map(|due| Ok((due.id, due.address.parse().context("a request is about no address")?))).transpose()
}

/// The open request for a mailbox.
pub async fn find_open(pool: &PgPool, address: &EmailAddress) -> anyhow::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from erasure_requests where state = 'asked' and fold_mailbox(address) = $1",
        address.mailbox(),
    )
    .fetch_optional(pool)
    .await
    .context("could not look for a request")
}

/// It is done: the request forgets whom it was about, and keeps a hash by which an import is noticed that brings them again.
pub async fn finish(
    connection: &mut PgConnection,
    id: Uuid,
    address: &EmailAddress,
    outcome: &Outcome,
    (doer, now): (Doer, Timestamp),
) -> anyhow::Result<()> {
    let salt: [u8; 16] = *Uuid::new_v4().as_bytes();
    let hash = sha256(&[salt.as_slice(), address.mailbox().as_bytes()].concat());
    sqlx::query!(
        "update erasure_requests set state = 'done', address = null, reason = null, ended_at = $2, salt = $3,
             address_hash = $4, outcome = $5, looked_at_import = (select max(id) from register_imports)
         where id = $1",
        id,
        now as Timestamp,
        salt.as_slice(),
        hash.as_slice(),
        serde_json::to_value(outcome)?,
    )
    .execute(&mut *connection)
    .await
    .context("could not keep that somebody is erased")?;
    let rows = outcome.erased.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
    let kept = outcome.kept.iter().fold(0_u64, |sum, kept| sum.saturating_add(kept.rows));
    append(connection, doer, &Change::PersonErased { request: id, rows, kept }, now).await
}

/// The latest requests first, one more than a page holds.
pub async fn list(
    connection: &mut PgConnection,
    reader: StaffId,
    before: Option<Uuid>,
    limit: i64,
) -> anyhow::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select r.id, r.state, r.address, r.reason, r.asked_at as "asked_at: Timestamp", r.expires_at as "expires_at: Timestamp",
             r.ended_at as "ended_at: Timestamp", r.returned_at as "returned_at: Timestamp", r.outcome,
             array(select s.name from erasure_consents c join staff s on s.id = c.staff_id where c.request_id = r.id
                 order by c.at) as "consents!: Vec<String>",
             exists (select from erasure_consents c where c.request_id = r.id and c.staff_id = $1) as "is_mine!"
           from erasure_requests r
           where $2::uuid is null or (r.asked_at, r.id) < (select b.asked_at, b.id from erasure_requests b where b.id = $2)
           order by r.asked_at desc, r.id desc limit $3"#,
        reader.0,
        before,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not list the requests to erase somebody")?;
    rows.into_iter()
        .map(|row| {
            Ok(Listed {
                id: row.id,
                state: row.state,
                address: row.address,
                reason: row.reason,
                asked_at: row.asked_at,
                expires_at: row.expires_at,
                ended_at: row.ended_at,
                returned_at: row.returned_at,
                consents: row.consents,
                is_mine: row.is_mine,
                outcome: row
                    .outcome
                    .map(serde_json::from_value::<Outcome>)
                    .transpose()
                    .context("an outcome is not one")?,
            })
        })
        .collect()
}

//! What a token asked under a key of its own, and what it was answered. Asked again within a day, the same is answered and
//! nothing is done a second time.
//!
//! Stops a script that tries again because the answer got lost, and whoever makes it: two at once, a process that died between
//! doing and answering, a key that comes with another body. What was done stands in the trail under the id of the request, in the
//! transaction of the change itself, so what a lost process left is told from what it never did. The table is bounded: by age,
//! and for each token.

use std::collections::HashMap;

use anyhow::Context as _;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{clock::Timestamp, token::Sha256Bytes};

/// So long the same is answered.
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
/// So long one who began may take; then they are taken for lost.
pub const LEASE_SECONDS: u32 = 60;
/// So many are kept for one token.
const MOST: i64 = 5000;

/// One request, as it is told from others.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub token: Uuid,
    pub key: Sha256Bytes,
    pub digest: Sha256Bytes,
}

/// An answer that is given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: i16,
    pub content_type: Option<String>,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

/// How a request stands when it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is new, or was never done: to be done now, under this id.
    Do(Uuid),
    /// Whoever did it was lost before the answer was kept: the version of the case, and the state, that it led to.
    Done {
        id: Uuid,
        number: String,
        version: i32,
        state: String,
    },
    Answered(Answered),
    UnderWay,
    /// The key was used for something else.
    Other,
    TooMany,
}

/// `leases`: the time that leases run by, where it is not the database's own.
pub async fn begin(
    pool: &PgPool,
    asked: Asked,
    now: Timestamp,
    leases: Option<Timestamp>,
) -> anyhow::Result<Begun> {
    let old = now.after(-KEPT);
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    // One's own first, while nothing else is held; of the others only those that nobody else holds. So no two wait for each other.
    sqlx::query!(
        "delete from token_requests where token_id = $2 and key_hash = $3 and begun_at < $1",
        old as Timestamp,
        asked.token,
        &asked.key,
    )
    .execute(&mut *transaction)
    .await
    .context("could not forget an old request")?;
    sqlx::query!(
        "with old as (select id from token_requests where begun_at < $1 order by begun_at limit 100 for update skip locked)
         delete from token_requests where id in (select id from old)",
        old as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not forget old requests")?;
    let id = Uuid::now_v7();
    // Waits for another transaction that puts the same key in.
    let put_in = sqlx::query!(
        "insert into token_requests (id, token_id, key_hash, digest, begun_at, leased_until)
         values ($1, $2, $3, $4, $5, coalesce($6, clock_timestamp()) + make_interval(secs => $7))
         on conflict (token_id, key_hash) do nothing",
        id,
        asked.token,
        &asked.key,
        &asked.digest,
        now as Timestamp,
        leases as Option<Timestamp>,
        f64::from(LEASE_SECONDS),
    )
    .execute(&mut *transaction)
    .await
    .context("could not keep a request")?;
    if put_in.rows_affected() == 1 {
        let kept = sqlx::query_scalar!(
            r#"select count(*) as "count!" from (select from token_requests where token_id = $1 limit $2) as some_of_it"#,
            asked.token,
            MOST.saturating_add(1),
        )
        .fetch_one(&mut *transaction)
        .await
        .context("could not count a token's requests")?;
        if kept > MOST {
            transaction.rollback().await.context("could not give a request up")?;
            return Ok(Begun::TooMany);
        }
        transaction.commit().await.context("could not commit a request")?;
        return Ok(Begun::Do(id));
    }
    let row = sqlx::query!(
        r#"select id, digest, status, content_type, etag, location, body,
             leased_until <= coalesce($3, clock_timestamp()) as "is_lost!"
         from token_requests where token_id = $1 and key_hash = $2 for update"#,
        asked.token,
        &asked.key,
        leases as Option<Timestamp>,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not read a request")?;
    // It was taken back a moment ago.
    let Some(row) = row else { return Ok(Begun::UnderWay) };
    if row.digest != asked.digest {
        return Ok(Begun::Other);
    }
    if let (Some(status), Some(body)) = (row.status, row.body) {
        let (content_type, etag, location) = (row.content_type, row.etag, row.location);
        return Ok(Begun::Answered(Answered { status, content_type, etag, location, body }));
    }
    if !row.is_lost {
        return Ok(Begun::UnderWay);
    }
    sqlx::query!(
        "update token_requests set leased_until = coalesce($2, clock_timestamp()) + make_interval(secs => $3) where id = $1",
        row.id,
        leases as Option<Timestamp>,
        f64::from(LEASE_SECONDS),
    )
    .execute(&mut *transaction)
    .await
    .context("could not take a request over")?;
    let done = sqlx::query!(
        r#"select c.number, e.version, e.data ->> 'to' as "state!" from case_events e join cases c on c.id = e.case_id
         where e.data ->> 'request' = $1 and e.data ? 'request' limit 1"#,
        row.id.to_string(),
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look what a request led to")?;
    transaction.commit().await.context("could not commit that a request is taken over")?;
    Ok(match done {
        Some(done) => {
            Begun::Done { id: row.id, number: done.number, version: done.version, state: done.state }
        }
        None => Begun::Do(row.id),
    })
}

/// The cases whose trail says that this request was done to them, with the version that each got.
pub async fn list_done(pool: &PgPool, id: Uuid) -> anyhow::Result<HashMap<Uuid, i32>> {
    let rows = sqlx::query!(
        "select case_id, version from case_events where data ->> 'request' = $1 and data ? 'request' limit 1000",
        id.to_string(),
    )
    .fetch_all(pool)
    .await
    .context("could not list what a request did")?;
    Ok(rows.into_iter().map(|row| (row.case_id, row.version)).collect())
}

/// Keeps the answer.
pub async fn keep(pool: &PgPool, id: Uuid, answer: &Answered) -> anyhow::Result<()> {
    sqlx::query!(
        "update token_requests set status = $2, content_type = $3, etag = $4, location = $5, body = $6 where id = $1",
        id,
        answer.status,
        answer.content_type,
        answer.etag,
        answer.location,
        answer.body,
    )
    .execute(pool)
    .await
    .context("could not keep an answer")?;
    Ok(())
}

/// Nothing came of it: it may be asked again at once.
pub async fn take_back(pool: &PgPool, id: Uuid) -> anyhow::Result<()> {
    sqlx::query!("delete from token_requests where id = $1 and status is null", id)
        .execute(pool)
        .await
        .context("could not take a request back")?;
    Ok(())
}

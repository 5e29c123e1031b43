//! The links in letters: random tokens, stored as hashes, each for one purpose and case, with an end.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{clock::Timestamp, token::Token};

pub use crate::case::link::Purpose;

/// The path of the page that the link opens.
pub fn path(purpose: Purpose, token: &Token) -> String {
    format!("/{}/{}", purpose.folder(), token.reveal())
}

/// The case that `token` opens for `purpose`; `None` for an unknown, expired or other purpose's token alike.
pub async fn find_link(
    connection: &mut PgConnection,
    token: &Token,
    purpose: Purpose,
    now: Timestamp,
) -> anyhow::Result<Option<Uuid>> {
    let purpose: &str = purpose.into();
    let hash = token.hash();
    sqlx::query_scalar!(
        "select case_id from links where token_hash = $1 and purpose = $2 and expires_at > $3",
        hash.as_slice(),
        purpose,
        now as Timestamp,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up a link")
}

/// What a link led to, and whom on record it was for: also one that has ended, or whose contact is no longer asked. Whoever holds
/// a token of 256 bits got a letter, and may be told what concerns them; a token that nobody knows opens nothing.
pub async fn find_any_link(
    connection: &mut PgConnection,
    token: &Token,
    purpose: Purpose,
) -> anyhow::Result<Option<(Uuid, Option<Uuid>, bool)>> {
    let purpose: &str = purpose.into();
    let hash = token.hash();
    let row = sqlx::query!(
        r#"select case_id, contact_id,
             exists (select from returned_links r where r.token_hash = l.token_hash) as "came_back!"
         from links l where token_hash = $1 and purpose = $2"#,
        hash.as_slice(),
        purpose,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up where a link led")?;
    Ok(row.map(|row| (row.case_id, row.contact_id, row.came_back)))
}

/// The case that `token` opens for the contact on record whose word is asked for; `None` too where the contact is no
/// longer on record, or another was asked since.
pub async fn find_voucher_link(
    connection: &mut PgConnection,
    token: &Token,
    now: Timestamp,
) -> anyhow::Result<Option<Uuid>> {
    let purpose: &str = Purpose::Voucher.into();
    let hash = token.hash();
    sqlx::query_scalar!(
        "select l.case_id from links l
         join contacts c on c.id = l.contact_id
         join checks k on k.case_id = l.case_id and k.kind = 'vouch' and k.evidence ->> 'contact' = c.id::text
         where l.token_hash = $1 and l.purpose = $2 and l.expires_at > $3",
        hash.as_slice(),
        purpose,
        now as Timestamp,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up a voucher's link")
}

/// The case that `token` opens for somebody who got a notice, and the contact on record who that is; `None` for the contact
/// who is said to have left. Nothing where that contact is no longer on record.
pub async fn find_objection_link(
    connection: &mut PgConnection,
    token: &Token,
    now: Timestamp,
) -> anyhow::Result<Option<(Uuid, Option<Uuid>)>> {
    let purpose: &str = Purpose::Objection.into();
    let hash = token.hash();
    let row = sqlx::query!(
        "select case_id, contact_id from links l
         where token_hash = $1 and purpose = $2 and expires_at > $3
             and (contact_id is null or exists (select from contacts where id = l.contact_id))",
        hash.as_slice(),
        purpose,
        now as Timestamp,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up a link to object")?;
    Ok(row.map(|row| (row.case_id, row.contact_id)))
}

/// Whether `address` is that of a contact on record who was asked for their word on the case, or got a notice of it.
pub async fn was_asked(connection: &mut PgConnection, case: Uuid, address: &str) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(select from links l join contacts c on c.id = l.contact_id
             where l.case_id = $1 and lower(trim(c.email)) = lower($2)) as "asked!""#,
        case,
        address,
    )
    .fetch_one(connection)
    .await
    .context("could not look up who was asked to vouch")
}

/// Ends the links of this purpose into the case.
pub(in crate::casework) async fn end(
    connection: &mut PgConnection,
    case: Uuid,
    purpose: Purpose,
    now: Timestamp,
) -> anyhow::Result<()> {
    let word: &str = purpose.into();
    sqlx::query!(
        "update links set expires_at = $3 where case_id = $1 and purpose = $2 and expires_at > $3",
        case,
        word,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not end links")?;
    Ok(())
}

/// Makes a new link. One to a contact on record names the `contact`. The token is returned once, for the letter, and is not
/// stored.
pub(in crate::casework) async fn issue(
    connection: &mut PgConnection,
    case: Uuid,
    (purpose, contact): (Purpose, Option<Uuid>),
    now: Timestamp,
    expires_at: Timestamp,
) -> anyhow::Result<Token> {
    let token = Token::random();
    admit(connection, case, (purpose, contact), &token, now, expires_at).await?;
    Ok(token)
}

/// The links of this purpose into one case lead into the `other` from now on.
pub(in crate::casework) async fn redirect(
    connection: &mut PgConnection,
    case: Uuid,
    other: Uuid,
    purpose: Purpose,
) -> anyhow::Result<()> {
    let word: &str = purpose.into();
    sqlx::query!("update links set case_id = $2 where case_id = $1 and purpose = $3", case, other, word,)
        .execute(connection)
        .await
        .context("could not redirect links")?;
    Ok(())
}

/// Makes a link of a token that a letter carried already.
pub(in crate::casework) async fn admit(
    connection: &mut PgConnection,
    case: Uuid,
    (purpose, contact): (Purpose, Option<Uuid>),
    token: &Token,
    now: Timestamp,
    expires_at: Timestamp,
) -> anyhow::Result<()> {
    let word: &str = purpose.into();
    let hash = token.hash();
    sqlx::query!(
        "insert into links (token_hash, case_id, purpose, contact_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        hash.as_slice(),
        case,
        word,
        contact,
        now as Timestamp,
        expires_at as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not store a link")?;
    Ok(())
}

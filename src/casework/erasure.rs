//! The one door by which personal content of a case is forgotten: fixed words come in place of what was said, in one transaction
//! with a line of the trail that says by which rule.
//!
//! What stands in place of what: `erased_columns` of migrations/20261130050000_open_guards_for_erasing.sql; the database lets
//! nothing else happen to those rows, and nothing to cases that are open or held. The salts of the old digests are overwritten
//! with the change, so that nothing tells any more what the words were, and the chain holds. Whether something is due is not asked
//! here.

pub(super) mod person;

use anyhow::{Context as _, ensure};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Casework, load::Loaded, trail, trail::Via};
use crate::{
    case::{
        actor::Actor,
        erasure::{Rule, Scope},
        event::Event,
    },
    clock::Timestamp,
    evidence::files,
    webhooks,
};

/// Rows of a case that are to be erased.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// One that `erased_columns` knows.
    pub table: &'a str,
    /// Their keys as `digests` names them; `None`: all of the case.
    pub keys: Option<&'a [String]>,
}

impl Rows<'_> {
    const fn all(table: &'static str) -> Self {
        Self { table, keys: None }
    }
}

/// What is erased with the content. Of the notes, those that nobody outside was told or told us.
const CONTENT: [Rows<'static>; 5] = [
    Rows::all("escalations"),
    Rows::all("checks"),
    Rows::all("corrections"),
    Rows::all("address_corrections"),
    Rows::all("contact_changes"),
];
/// What is erased with the correspondence: commercial letters, to the customer's side, to Atlassian and from both, in whatever form.
const CORRESPONDENCE: [Rows<'static>; 6] = [
    Rows::all("case_notes"),
    Rows::all("drafts"),
    Rows::all("emails"),
    Rows::all("letter_texts"),
    Rows::all("deliveries"),
    Rows::all("inbound_emails"),
];

impl Casework {
    /// Whether the content of a case is erased that the caller has locked.
    pub async fn is_erased(&self, connection: &mut PgConnection, case: Uuid) -> anyhow::Result<bool> {
        sqlx::query_scalar!(
            r#"select coalesce(erased in ('content', 'everything'), false) as "erased!" from cases where id = $1"#,
            case,
        )
        .fetch_one(connection)
        .await
        .context("could not ask whether a case is erased")
    }

    /// Erases these rows of a closed case, in the caller's transaction.
    ///
    /// # Errors
    /// Also where there is no such case, or it is open or held.
    pub async fn erase_rows(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        (rule, actor): (Rule, Actor),
        rows: &[Rows<'_>],
    ) -> anyhow::Result<u64> {
        let mut loaded = self.load_in(connection, case, true).await?.context("there is no such case")?;
        let now = self.app.clock.now();
        erase_rows(connection, &mut loaded, (rule, (actor, self.via)), rows, now).await
    }

    /// As [`Casework::erase_rows`], the whole case. `false` while something of it is still under way.
    ///
    /// # Errors
    /// Also where there is no such case, or it is open or held.
    pub async fn erase_case(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        (rule, actor): (Rule, Actor),
        scope: Scope,
    ) -> anyhow::Result<bool> {
        let mut loaded = self.load_in(connection, case, true).await?.context("there is no such case")?;
        let now = self.app.clock.now();
        erase_case(connection, &mut loaded, (rule, (actor, self.via)), scope, now).await
    }
}

/// Erases these rows of a closed case that the caller has loaded under its lock. How many they were.
///
/// # Errors
/// Also where the case is open or held: the database refuses it.
pub(super) async fn erase_rows(
    connection: &mut PgConnection,
    loaded: &mut Loaded,
    (rule, by): (Rule, (Actor, Option<Via>)),
    rows: &[Rows<'_>],
    now: Timestamp,
) -> anyhow::Result<u64> {
    begin(connection, loaded, (rule, Scope::Part), now).await?;
    let erased = put_erased(connection, loaded.case.id, rows).await?;
    end(connection, loaded, (rule, Scope::Part), by, now).await?;
    Ok(erased)
}

/// Erases the content of a closed case that the caller has loaded under its lock, or, with `Scope::Everything`, its correspondence,
/// too. `false` while something of it is still under way: a letter that waits, a message that nobody has looked at.
///
/// # Errors
/// Also where the case is open or held: the database refuses it.
pub(super) async fn erase_case(
    connection: &mut PgConnection,
    loaded: &mut Loaded,
    (rule, by): (Rule, (Actor, Option<Via>)),
    scope: Scope,
    now: Timestamp,
) -> anyhow::Result<bool> {
    ensure!(scope != Scope::Part, "a part of a case is erased row by row");
    let case = loaded.case.id;
    if is_under_way(connection, case).await? {
        return Ok(false);
    }
    begin(connection, loaded, (rule, scope), now).await?;
    put_erased(connection, case, &CONTENT).await?;
    if scope == Scope::Everything {
        put_erased(connection, case, &CORRESPONDENCE).await?;
    } else {
        let own = list_internal_notes(connection, case).await?;
        put_erased(connection, case, &[Rows { table: "case_notes", keys: Some(&own) }]).await?;
    }
    forget_files(connection, case, now).await?;
    forget_around(connection, case, scope, now).await?;
    end(connection, loaded, (rule, scope), by, now).await?;
    Ok(true)
}

/// Opens the guards for the rest of the transaction. The line that this names has to come.
async fn begin(
    connection: &mut PgConnection,
    loaded: &Loaded,
    (rule, scope): (Rule, Scope),
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into case_erasures (case_id, seq, scope, rule, at) values ($1, $2, $3, $4, $5)",
        loaded.case.id,
        loaded.event_count.saturating_add(1),
        scope.as_str(),
        rule.as_str(),
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not begin to erase content")?;
    Ok(())
}

async fn put_erased(connection: &mut PgConnection, case: Uuid, rows: &[Rows<'_>]) -> anyhow::Result<u64> {
    let mut erased = 0_u64;
    for Rows { table, keys } in rows {
        let changed = sqlx::query_scalar!(
            r#"select erase_rows($1, $2, $3) as "changed!""#,
            *table,
            case,
            *keys as Option<&[String]>,
        )
        .fetch_one(&mut *connection)
        .await
        .with_context(|| format!("could not erase {table}"))?;
        erased = erased.saturating_add(u64::try_from(changed)?);
    }
    Ok(erased)
}

/// A new version, so that a page from before can't act on it, and the line.
async fn end(
    connection: &mut PgConnection,
    loaded: &mut Loaded,
    (rule, scope): (Rule, Scope),
    by: (Actor, Option<Via>),
    now: Timestamp,
) -> anyhow::Result<()> {
    loaded.version = loaded.version.saturating_add(1);
    sqlx::query!("update cases set version = $2 where id = $1", loaded.case.id, loaded.version)
        .execute(&mut *connection)
        .await
        .context("could not store that content was erased")?;
    loaded.case.erased = loaded.case.erased.max(Some(scope));
    let state = loaded.case.state.clone();
    trail::append(connection, loaded, by, (&Event::ContentErased { rule, scope }, &state), now).await
}

async fn is_under_way(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from emails where correlation_id = $1 and state = 'queued')
             or exists (select from inbound_emails where correlation_id = $1 and state = 'stored') as "under_way!""#,
        case,
    )
    .fetch_one(connection)
    .await
    .context("could not ask whether letters of a case are under way")
}

async fn list_internal_notes(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select id::text as "id!" from case_notes
         where case_id = $1 and kind not in ('question', 'answer', 'told', 'atlassian_answer')"#,
        case,
    )
    .fetch_all(connection)
    .await
    .context("could not list the notes among staff")
}

async fn forget_files(connection: &mut PgConnection, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
    for file in files::list(connection, case).await? {
        files::forget(connection, file.id, now).await?;
    }
    Ok(())
}

/// What is no content, but holds some of it or leads to it.
async fn forget_around(
    connection: &mut PgConnection,
    case: Uuid,
    scope: Scope,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update prepared_requests set fields = null, requester_email = null, erased_at = $2
         where case_id = $1 and erased_at is null",
        case,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not forget what was prepared for a case")?;
    sqlx::query!(
        "update links set expires_at = $2 where case_id = $1 and expires_at > $2",
        case,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not end the links to a case")?;
    // Nobody finds it by the words that stand there now.
    sqlx::query!(
        "delete from case_search s where s.case_id = $1 and (s.source in ('customer', 'people', 'correction')
             or s.source = 'note' and not exists (select from case_notes n where n.id = s.source_id and n.body <> '—')
             or $2 and s.source in ('letter', 'inbound'))",
        case,
        scope == Scope::Everything,
    )
    .execute(&mut *connection)
    .await
    .context("could not forget by which words a case is found")?;
    webhooks::outbox::forget_case(connection, case).await
}

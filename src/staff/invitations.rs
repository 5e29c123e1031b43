//! Invitations: an administrator names an address and a role; whoever has the mailbox opens the link, writes their name and
//! chooses a password, once, within a week. The account exists from then on.
//!
//! The mail may be passed on to somebody else: so the account keeps the address that was invited, and everybody who oversees is
//! told that it was taken up. Not invited are: whoever has an account, also under another spelling of their mailbox, so that
//! nobody is two colleagues; addresses on record at a customer's, and Atlassian's. An address at a domain where no colleague is
//! has to be confirmed: it may only look like ours.

mod acceptance;

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    changes::{AccountError, begin},
    letters::{self, Happened, InvitationView},
    password::PasswordError,
};
use crate::{
    administration::trail::{Change, Doer, append},
    case::{actor::Role, address::EmailAddress},
    casework::{Casework, ToStaff},
    clock::Timestamp,
    lang::Language,
    token::Token,
    web::WebError,
};

pub use acceptance::{Found, accept, find};

/// How long an invitation stands.
const LASTS: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);
/// Open ones at a time.
const MOST_OPEN: i64 = 100;
/// None is sent again sooner.
const PAUSE: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

/// Why nobody is invited, or an invitation leads to nothing.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    #[error("somebody with this mailbox has an account already")]
    Known,
    #[error("somebody with this address is invited already")]
    Invited,
    #[error("the address is on record at a customer, or Atlassian's")]
    Foreign,
    #[error("no colleague has an address at this domain; it has to be confirmed")]
    OtherDomain,
    #[error("there are too many open invitations")]
    TooMany,
    #[error("it was sent a moment ago")]
    TooSoon,
    #[error("the name is empty, too long, or none")]
    NoName,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<InviteError> for WebError {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::Account(error) => error.into(),
            InviteError::Other(error) => error.into(),
            // Pages say these beside the field.
            _ => Self::Invalid(Vec::new()),
        }
    }
}

/// Who is to be invited.
#[derive(Clone, Debug)]
pub struct New {
    pub email: EmailAddress,
    pub role: Role,
    /// Of the mail, and of the account at first.
    pub language: Language,
    /// The domain is right, though no colleague is there.
    pub other_domain: bool,
}

/// Invites somebody. The id of the invitation.
pub async fn invite(casework: &Casework, doer: Doer, new: &New) -> Result<Uuid, InviteError> {
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    look_at(casework, &mut transaction, new).await?;
    let (id, email) = (Uuid::now_v7(), new.email.as_str().to_lowercase());
    let role: &str = new.role.into();
    let added = sqlx::query!(
        "insert into staff_invitations (id, email, role, language, token_hash, invited_by, created_at, sent_at, expires_at)
         select $1, $2, $3, $4, $5, $6, $7, $7, $7 where (select count(*) from staff_invitations where ended_at is null) < $8
         on conflict (email) where ended_at is null do nothing",
        id,
        email,
        role,
        new.language.as_str(),
        &Token::random().hash(),
        doer.staff_id().map(|id| id.0),
        now as Timestamp,
        MOST_OPEN,
    )
    .execute(&mut *transaction)
    .await
    .context("could not invite somebody")?;
    if added.rows_affected() == 0 {
        let is_open = sqlx::query_scalar!(
            r#"select exists (select from staff_invitations where email = $1 and ended_at is null) as "is_open!""#,
            email,
        )
        .fetch_one(&mut *transaction)
        .await
        .context("could not look for an invitation")?;
        return Err(if is_open { InviteError::Invited } else { InviteError::TooMany });
    }
    write(casework, &mut transaction, id, now).await?;
    let happened = Happened::Invited { address: email, role: new.role };
    letters::tell_overseers(casework, &mut transaction, (doer, None), &happened, now).await?;
    append(&mut transaction, doer, &Change::StaffInvited { invitation: id, role: new.role }, now).await?;
    transaction.commit().await.context("could not commit an invitation")?;
    Ok(id)
}

async fn look_at(casework: &Casework, connection: &mut PgConnection, new: &New) -> Result<(), InviteError> {
    let people =
        sqlx::query!("select email, disabled_at is null as \"is_active!\" from staff where kind = 'person'")
            .fetch_all(&mut *connection)
            .await
            .context("could not list addresses of staff")?;
    if people.iter().any(|person| new.email.same_person(&person.email)) {
        return Err(InviteError::Known);
    }
    let domain = new.email.registrable_domain().unwrap_or(new.email.domain());
    let on_record = sqlx::query_scalar!(
        r#"select exists (select from contacts where lower(email) = $1)
             or exists (select from customer_domains where domain in ($2, $3)) as "on_record!""#,
        new.email.as_str().to_lowercase(),
        domain,
        new.email.domain(),
    )
    .fetch_one(connection)
    .await
    .context("could not look for an address in the register")?;
    if on_record || casework.app.settings.atlassian.owns(new.email.as_str()) {
        return Err(InviteError::Foreign);
    }
    let mut active = people.iter().filter(|person| person.is_active).peekable();
    let at =
        |address: &str| address.parse::<EmailAddress>().is_ok_and(|own| own.domain() == new.email.domain());
    let is_ours = active.peek().is_none() || active.any(|person| at(&person.email));
    if is_ours || new.other_domain { Ok(()) } else { Err(InviteError::OtherDomain) }
}

/// Sends it with a fresh link; the one before opens nothing any more.
async fn write(
    casework: &Casework,
    connection: &mut PgConnection,
    id: Uuid,
    now: Timestamp,
) -> anyhow::Result<()> {
    let token = Token::random();
    let expires_at = now.after(LASTS);
    let row = sqlx::query!(
        r#"update staff_invitations i set token_hash = $2, sent_at = $3, expires_at = $4 where id = $1
         returning email, role, language, (select name from staff where id = i.invited_by) as who"#,
        id,
        &token.hash(),
        now as Timestamp,
        expires_at as Timestamp,
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not renew the link of an invitation")?;
    let to = ToStaff {
        folder: "staff_invitation",
        name: "",
        address: &row.email,
        language: Language::parse(&row.language).context("an invitation in an unknown language")?,
    };
    let view = InvitationView {
        link: casework.app.link(&format!("/desk/invitations/{}", token.reveal())),
        who: row.who.as_deref().unwrap_or_default(),
        role: row.role.parse().context("an invitation to an unknown role")?,
        expires_at,
    };
    let email = casework.enqueue_to_staff(connection, &to, &view, now).await?;
    sqlx::query!("update staff_invitations set email_id = $2 where id = $1", id, email)
        .execute(connection)
        .await
        .context("could not keep the mail of an invitation")?;
    Ok(())
}

pub async fn send_again(casework: &Casework, doer: Doer, id: Uuid) -> Result<(), InviteError> {
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    let sent_at = sqlx::query_scalar!(
        r#"select sent_at as "sent_at: Timestamp" from staff_invitations where id = $1 and ended_at is null"#,
        id,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look up an invitation")?
    .ok_or(AccountError::NotFound)?;
    if sent_at.after(PAUSE) > now {
        return Err(InviteError::TooSoon);
    }
    write(casework, &mut transaction, id, now).await?;
    append(&mut transaction, doer, &Change::StaffInvitationSentAgain { invitation: id }, now).await?;
    transaction.commit().await.context("could not commit an invitation")?;
    Ok(())
}

pub async fn withdraw(casework: &Casework, doer: Doer, id: Uuid) -> Result<(), InviteError> {
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    let withdrawn = sqlx::query!(
        "update staff_invitations set ended_at = $2 where id = $1 and ended_at is null",
        id,
        now as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not withdraw an invitation")?;
    if withdrawn.rows_affected() == 0 {
        return Err(AccountError::NotFound.into());
    }
    append(&mut transaction, doer, &Change::StaffInvitationWithdrawn { invitation: id }, now).await?;
    transaction.commit().await.context("could not commit that an invitation is withdrawn")?;
    Ok(())
}

/// An invitation that nobody has taken up.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Listed {
    pub id: Uuid,
    pub email: String,
    pub role: String,
    pub invited_by: Option<String>,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
    pub is_expired: bool,
    /// The mail did not arrive.
    pub is_undelivered: bool,
}

/// All that are open; there are never more than a hundred.
pub async fn list_open(pool: &PgPool, now: Timestamp) -> anyhow::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select i.id, i.email, i.role, s.name as "invited_by?", i.sent_at as "sent_at: Timestamp",
             i.expires_at as "expires_at: Timestamp", i.expires_at <= $1 as "is_expired!",
             coalesce(e.state = 'failed', i.email_id is null) as "is_undelivered!"
         from staff_invitations i left join staff s on s.id = i.invited_by left join emails e on e.id = i.email_id
         where i.ended_at is null order by i.created_at, i.id limit 100"#,
        now as Timestamp,
    )
    .fetch_all(pool)
    .await
    .context("could not list invitations")
}

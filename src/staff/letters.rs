//! What staff are told by mail about accounts, each in their language: links to set a password, that one was changed, and to
//! those who oversee, what became of an account.
//!
//! Names no case. Queued in the transaction of the change, so that none happens without a word.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use strum::IntoStaticStr;
use uuid::Uuid;

use crate::{
    administration::trail::Doer,
    case::actor::{Role, StaffId},
    casework::{Casework, ToStaff},
    clock::Timestamp,
    lang::Language,
};

/// To one member of staff, about their own account.
#[derive(Clone, Debug)]
pub enum Letter {
    /// The way to a password: asked for, or because they are let in again.
    PasswordLink {
        link: String,
        expires_at: Timestamp,
        reactivated: bool,
    },
    PasswordChanged,
}

/// What became of an account.
#[derive(Clone, Debug, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Happened {
    Invited {
        address: String,
        role: Role,
    },
    Joined {
        role: Role,
    },
    /// An account was made for somebody who came by an identity provider.
    JoinedByProvider {
        role: Role,
    },
    RoleChanged {
        role: Role,
    },
    Deactivated,
    Reactivated {
        role: Role,
    },
    /// An identity at a provider opens the account from now on.
    IdentityBound,
    IdentityUnbound,
    /// An account that nobody signs in as.
    ServiceAdded {
        role: Role,
    },
}

/// Who made something of an account, as letters say it.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    Doer(Doer),
    /// What an identity provider said of somebody; its label.
    Provider(&'a str),
}

impl From<Doer> for By<'_> {
    fn from(doer: Doer) -> Self {
        Self::Doer(doer)
    }
}

impl Happened {
    fn role(&self) -> Option<Role> {
        match self {
            Self::Invited { role, .. }
            | Self::Joined { role }
            | Self::JoinedByProvider { role }
            | Self::RoleChanged { role }
            | Self::ServiceAdded { role }
            | Self::Reactivated { role } => Some(*role),
            Self::Deactivated | Self::IdentityBound | Self::IdentityUnbound => None,
        }
    }
}

/// `emails/password_link` and `emails/password_changed`.
#[derive(Serialize)]
struct OwnView<'a> {
    link: String,
    expires_at: Option<Timestamp>,
    reactivated: bool,
    at: Timestamp,
    address: &'a str,
}

/// `emails/account_changed`.
#[derive(Serialize)]
struct ChangedView<'a> {
    what: &'static str,
    /// Empty for the command line, and for a provider.
    who: &'a str,
    /// The provider that said so; empty for everybody else.
    provider: &'a str,
    about: &'a str,
    /// Empty for a service account.
    address: &'a str,
    role: Option<Role>,
    /// It is about whoever reads it.
    own: bool,
    link: String,
}

/// `emails/staff_invitation`.
#[derive(Serialize)]
pub(super) struct InvitationView<'a> {
    pub link: String,
    pub who: &'a str,
    pub role: Role,
    pub expires_at: Timestamp,
}

struct Person {
    id: Uuid,
    name: String,
    email: String,
    language: String,
    is_person: bool,
    is_told: bool,
}

fn language(word: &str) -> anyhow::Result<Language> {
    Language::parse(word).context("a member of staff reads an unknown language")
}

/// Whom a letter about an account goes to.
pub(super) struct Owner {
    name: String,
    address: String,
    language: Language,
}

impl Owner {
    /// The words are in `folder` below `templates/emails`.
    pub(super) fn to(&self, folder: &'static str) -> ToStaff<'_> {
        ToStaff { folder, name: &self.name, address: &self.address, language: self.language }
    }
}

/// Nobody, where the account is not active.
pub(super) async fn find_person(
    connection: &mut PgConnection,
    staff: StaffId,
) -> anyhow::Result<Option<Owner>> {
    let person = sqlx::query!(
        "select name, email, language from staff where id = $1 and disabled_at is null",
        staff.0
    )
    .fetch_optional(connection)
    .await
    .context("could not look up whom to write to")?;
    person
        .map(|person| {
            Ok(Owner { name: person.name, address: person.email, language: language(&person.language)? })
        })
        .transpose()
}

/// Writes to whoever has this account, if it is active.
pub(super) async fn write(
    casework: &Casework,
    connection: &mut PgConnection,
    staff: StaffId,
    letter: &Letter,
    now: Timestamp,
) -> anyhow::Result<()> {
    let Some(person) = find_person(connection, staff).await? else { return Ok(()) };
    let (folder, link, expires_at, reactivated) = match letter {
        Letter::PasswordLink { link, expires_at, reactivated } => {
            ("password_link", link.clone(), Some(*expires_at), *reactivated)
        }
        Letter::PasswordChanged => {
            ("password_changed", casework.app.link("/desk/password-resets"), None, false)
        }
    };
    let view = OwnView { link, expires_at, reactivated, at: now, address: &person.address };
    casework.enqueue_to_staff(connection, &person.to(folder), &view, now).await?;
    Ok(())
}

/// Tells all other administrators and auditors, and whom it is about, what was made of an account. An administrator whose
/// account was taken over, or who makes a second one for themself, does so under the eyes of the others; so does whoever
/// administers an identity provider.
pub(super) async fn tell_overseers<'a>(
    casework: &Casework,
    connection: &mut PgConnection,
    (by, about): (impl Into<By<'a>>, impl Into<Option<StaffId>>),
    happened: &Happened,
    now: Timestamp,
) -> anyhow::Result<()> {
    let (doer, provider) = match by.into() {
        By::Doer(doer) => (doer.staff_id().map(|id| id.0), ""),
        By::Provider(label) => (None, label),
    };
    let about = about.into().map(|id| id.0);
    let people = sqlx::query_as!(
        Person,
        r#"select id, name, email, language, kind = 'person' as "is_person!",
             coalesce(kind = 'person' and disabled_at is null and id is distinct from $1
                 and (role in ('admin', 'auditor') or id = $2), false) as "is_told!"
         from staff where id = $1 or id = $2 or (kind = 'person' and role in ('admin', 'auditor')) order by id"#,
        doer,
        about,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not look up who oversees")?;
    let find = |id: Option<Uuid>| people.iter().find(|person| Some(person.id) == id);
    let (who, whom) = (find(doer), find(about));
    let address = match happened {
        Happened::Invited { address, .. } => address.as_str(),
        _ => whom.filter(|whom| whom.is_person).map_or("", |whom| whom.email.as_str()),
    };
    for person in people.iter().filter(|person| person.is_told) {
        let view = ChangedView {
            what: happened.into(),
            who: who.map_or("", |who| &who.name),
            provider,
            about: whom.map_or("", |whom| &whom.name),
            address,
            role: happened.role(),
            own: Some(person.id) == about,
            link: casework.app.link("/desk/administration/staff"),
        };
        let to = ToStaff {
            folder: "account_changed",
            name: &person.name,
            address: &person.email,
            language: language(&person.language)?,
        };
        casework.enqueue_to_staff(connection, &to, &view, now).await?;
    }
    Ok(())
}

//! What the owner of an account is told by mail about their second factors, in the transaction of what happened.
//!
//! Always by mail, whatever they chose: who has taken over the account would choose silence first.

use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    administration::trail::{Change, Doer, append},
    case::actor::StaffId,
    casework::Casework,
    clock::Timestamp,
    staff::letters,
};

/// The folder of the words.
const FOLDER: &str = "second_factor_news";

/// What happened; `second-factor-news-<what>` is its sentence.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum News<'a> {
    TotpAdded {
        device: &'a str,
    },
    PasskeyAdded {
        device: &'a str,
    },
    TotpRemoved {
        device: &'a str,
    },
    PasskeyRemoved {
        device: &'a str,
    },
    PasskeyRefused {
        device: &'a str,
    },
    RecoveryCodeUsed {
        left: i64,
    },
    RecoveryCodesRenewed,
    /// Somebody has the password and tries codes.
    WrongCodes,
    Reset,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    news: &'a News<'a>,
    page: String,
    at: Timestamp,
}

/// Tells `staff` and, where there is a `change`, the trail; the last of its transaction.
pub(super) async fn tell(
    casework: &Casework,
    connection: &mut PgConnection,
    staff: StaffId,
    news: &News<'_>,
    change: Option<(Doer, &Change)>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let view = View { news, page: casework.app.link("/desk/account/second-factors"), at: now };
    if let Some(person) = letters::find_person(connection, staff).await? {
        casework.enqueue_to_staff(connection, &person.to(FOLDER), &view, now).await?;
    }
    if let Some((doer, change)) = change {
        append(connection, doer, change, now).await?;
    }
    Ok(())
}

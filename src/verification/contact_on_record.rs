//! Is the contact on whose word a check rests still on record? Asked when the register has changed.

use anyhow::Context as _;
use uuid::Uuid;

use crate::{
    case::{action::Action, actor::Actor, check::CheckKind},
    casework::{ActError, Casework, Loaded, list_contacts},
};

pub(super) async fn run(
    casework: &Casework,
    loaded: &Loaded,
    kind: CheckKind,
    contact: Uuid,
) -> anyhow::Result<()> {
    let case = loaded.case.id;
    let mut connection = casework.app.pool.acquire().await.context("no connection")?;
    let contacts = list_contacts(&mut connection, loaded).await?;
    drop(connection);
    if contacts.iter().any(|on_record| on_record.ids.contains(&contact)) {
        return casework.rest_check(case, kind, None).await;
    }
    let action = Action::RecordContactGone { kind };
    match casework.act(case, Actor::System, &action, Some(loaded.version)).await {
        Ok(_) | Err(ActError::Stale { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

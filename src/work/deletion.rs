//! Deletes the next case whose time is over altogether: the door is casework's, the line that says so is the administrators'. One
//! case in one transaction; one that can't be deleted holds up no other.

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use uuid::Uuid;

use crate::{
    administration::trail::{self, Change, Doer},
    app::Step,
    casework::{Casework, DELETION_RULE},
    clock::Timestamp,
    panics::caught_in,
};

pub(super) async fn step(casework: &Casework) -> anyhow::Result<Step> {
    let before = casework.deleted_before(casework.app.clock.now())?;
    let mut failed = None;
    for case in casework.list_due_for_deleting(before).await? {
        match caught_in(delete(casework, case, before)).await {
            Ok(()) => return Ok(Step::Did),
            Err(error) => {
                tracing::error!(%case, error = format!("{error:#}"), "could not delete a case");
                failed = Some(error);
            }
        }
    }
    failed.map_or(Ok(Step::Idle), Err)
}

async fn delete(casework: &Casework, case: Uuid, before: Timestamp) -> anyhow::Result<()> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let Some(deleted) = casework.delete(&mut transaction, case, before).await? else { return Ok(()) };
    let change = Change::CaseDeleted {
        number: deleted.number,
        lines: deleted.lines,
        hash: HEXLOWER.encode(&deleted.hash),
        rule: DELETION_RULE.to_owned(),
        years: deleted.years,
    };
    // The same moment: the database compares them.
    trail::append(&mut transaction, Doer::Program, &change, deleted.at).await?;
    transaction.commit().await.context("could not commit that a case is deleted")
}

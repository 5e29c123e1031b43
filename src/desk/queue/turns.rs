//! Searches take turns: however many people search at once, a few of them have a connection to the database, and whoever opens a case
//! does not wait behind them. Stops a colleague's script, or one word in eight windows, from taking the desk down for everybody.

use std::time::Duration;

use tokio::{sync::SemaphorePermit, time::timeout};

use super::filter::Filter;
use crate::{
    app::App,
    web::{WebError, error::Overloaded},
};

/// How long a search waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// The turn of a list that looks for words, to be taken before a connection; none is needed for other lists.
///
/// # Errors
/// 503 where too many wait already.
pub async fn take<'a>(app: &'a App, filter: &Filter) -> Result<Option<SemaphorePermit<'a>>, WebError> {
    if filter.text.is_empty() && filter.customer.is_empty() {
        return Ok(None);
    }
    match timeout(PATIENCE, app.searches.acquire()).await {
        Ok(Ok(turn)) => Ok(Some(turn)),
        _ => Err(WebError::Unavailable(Overloaded.into())),
    }
}

//! The way between a case and the list that it was opened from: back to it, and to the cases before and after it there.
//!
//! `?from=` holds the list's own query. It is read as any filter is and written anew: whoever sends a colleague a link leads
//! them to a list of ours, and nowhere else.

use serde::Serialize;
use sqlx::PgConnection;

use super::{
    asked::{Asked, Asking},
    case_address,
    cursor::Cursor,
    filter::{Filter, Query},
    list::{self, Total},
};
use crate::{app::App, staff::session::SignedIn};

/// So far into a list a case is looked for; beyond, only the way back is shown.
const SEEN: i64 = 200;

/// `desk/parts/case_nav.html`.
#[derive(Debug, Default, Serialize)]
pub struct CaseNav {
    /// The list; the whole queue where none is known.
    back: String,
    /// Its place in the list, and how many are there; `null` where that is not known.
    position: Option<usize>,
    total: Option<i64>,
    previous: Option<String>,
    next: Option<String>,
}

impl CaseNav {
    /// Two queries, three for a search; none where the case was not opened from a list.
    pub async fn read(
        connection: &mut PgConnection,
        app: &App,
        staff: &SignedIn,
        from: &str,
        number: &str,
    ) -> anyhow::Result<Self> {
        let query = Query::parse(from);
        let filter = Filter::read(&query);
        let after = Cursor::read(query.after.as_deref().unwrap_or_default(), filter.order());
        let back = filter.query(after.as_ref());
        let mut nav = Self {
            back: filter.address(after.as_ref()),
            position: None,
            total: None,
            previous: None,
            next: None,
        };
        if from.is_empty() {
            return Ok(nav);
        }
        let asking = Asking::new(app, staff, app.clock.now());
        let asked = Asked::read(connection, &filter, &asking).await?;
        let (rows, counted) = list::list(connection, &asked, after.as_ref(), SEEN).await?;
        let Some(at) = rows.iter().position(|row| row.number == number) else { return Ok(nav) };
        let link = |at: usize| rows.get(at).map(|row| case_address(&row.number, &back));
        nav.previous = at.checked_sub(1).and_then(link);
        nav.next = at.checked_add(1).and_then(link);
        // On later pages, how many come before is not known.
        if after.is_none() {
            nav.position = at.checked_add(1);
            let total = if rows.len() < usize::try_from(SEEN).unwrap_or(usize::MAX) {
                Total::of(&rows, asking.now)
            } else {
                match counted {
                    Some(counted) => counted,
                    None => list::count(connection, &asked).await?,
                }
            };
            nav.total = Some(total.cases).filter(|_| !total.is_more);
        }
        Ok(nav)
    }
}

//! What comes next in the cases of a list. Everybody looks at the same fifty, and most of them are as they were the last time.
//!
//! Each is judged anew, since time passes; it is read anew where its version is another. What the rules go by is kept for that, no
//! more than [`KEPT`] cases for [`GOOD_FOR`], so that what is erased is soon forgotten here as well. When a check is due is not
//! part of a version, so nothing that depends on it may be asked here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::SignedDuration;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Casework;
use crate::{
    case::{Case, path::Next},
    clock::Timestamp,
};

const KEPT: usize = 500;
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);

#[derive(Clone, Debug, Default)]
pub(super) struct Known(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// With the version that they were read with.
    cases: HashMap<Uuid, (i32, Arc<Case>)>,
    since: Option<Timestamp>,
}

impl Kept {
    /// Begins anew where there are too many, or some are too old.
    fn make_room(&mut self, more: usize, now: Timestamp) {
        let is_old = self.since.is_none_or(|since| since > now || since.after(GOOD_FOR) <= now);
        if is_old || self.cases.len().saturating_add(more) > KEPT {
            self.cases.clear();
            self.since = Some(now);
        }
    }
}

impl Casework {
    /// What comes next in each of these, of which the versions are known. One query, or none where all were read before. One that
    /// can't be read is missing.
    pub async fn next_steps(
        &self,
        connection: &mut PgConnection,
        cases: &[(Uuid, i32)],
        now: Timestamp,
    ) -> anyhow::Result<HashMap<Uuid, Next>> {
        let mut found = self.known(cases, now);
        let others = cases.iter().map(|(id, _)| *id).filter(|id| !found.contains_key(id));
        let others: Vec<Uuid> = others.collect();
        if !others.is_empty() {
            let read = self.load_these(connection, &others).await?;
            let read: Vec<_> =
                read.into_iter().map(|(id, loaded)| (id, loaded.version, Arc::new(loaded.case))).collect();
            self.keep(&read, now);
            found.extend(read.into_iter().map(|(id, _, case)| (id, case)));
        }
        Ok(found.into_iter().map(|(id, case)| (id, case.next(now))).collect())
    }

    fn known(&self, cases: &[(Uuid, i32)], now: Timestamp) -> HashMap<Uuid, Arc<Case>> {
        let mut kept = self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.make_room(0, now);
        let known = |(id, version): &(Uuid, i32)| {
            let (read, case) = kept.cases.get(id)?;
            (read == version).then(|| (*id, Arc::clone(case)))
        };
        cases.iter().filter_map(known).collect()
    }

    fn keep(&self, read: &[(Uuid, i32, Arc<Case>)], now: Timestamp) {
        let mut kept = self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.make_room(read.len(), now);
        let room = read.iter().take(KEPT);
        kept.cases.extend(room.map(|(id, version, case)| (*id, (*version, Arc::clone(case)))));
    }
}

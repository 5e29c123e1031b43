//! The lines of a case that was copied (`casework::copies`): the model's, with what the copy has in their place, hashed anew.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{BEGINNING, Line, RESTS_ON, stored::list_lines};
use crate::{clock::Timestamp, token::Sha256Bytes};

/// A line without its hash. What it rests on is beside its other data.
#[derive(Clone, Debug)]
pub(in crate::casework) struct Unhashed {
    pub seq: i32,
    pub version: i32,
    pub at: Timestamp,
    pub actor: String,
    pub staff: Option<Uuid>,
    pub kind: String,
    pub data: BTreeMap<String, Value>,
    pub rests_on: Vec<String>,
}

/// The same with its place on the chain.
pub(in crate::casework) struct Hashed {
    pub data: BTreeMap<String, Value>,
    pub previous: Sha256Bytes,
    pub hash: Sha256Bytes,
}

/// The lines of a case.
pub(in crate::casework) async fn read(
    connection: &mut PgConnection,
    case: Uuid,
) -> anyhow::Result<Vec<Unhashed>> {
    let lines = list_lines(connection, &[case]).await?.remove(&case).unwrap_or_default();
    lines
        .into_iter()
        .map(|line| {
            let mut data: BTreeMap<String, Value> =
                serde_json::from_value(line.data).context("a line holds no data")?;
            let rests_on = match data.remove(RESTS_ON) {
                None => Vec::new(),
                Some(named) => serde_json::from_value(named).context("what a line rests on")?,
            };
            Ok(Unhashed {
                seq: line.seq,
                version: line.version,
                at: line.at,
                actor: line.actor,
                staff: line.staff_id,
                kind: line.kind,
                data,
                rests_on,
            })
        })
        .collect()
}

/// Hashes them one after the other, as [`super::append`] does.
pub(in crate::casework) fn chain(case: Uuid, lines: &mut [Unhashed]) -> anyhow::Result<Vec<Hashed>> {
    let mut previous = BEGINNING;
    lines
        .iter_mut()
        .map(|line| {
            let mut data = std::mem::take(&mut line.data);
            if !line.rests_on.is_empty() {
                data.insert(RESTS_ON.to_owned(), serde_json::to_value(&line.rests_on)?);
            }
            let hash = Line {
                case,
                seq: line.seq,
                version: line.version,
                at: line.at,
                actor: &line.actor,
                staff: line.staff,
                kind: &line.kind,
                data: &mut data,
                previous,
            }
            .hash()?;
            Ok(Hashed { data, previous: std::mem::replace(&mut previous, hash), hash })
        })
        .collect()
}

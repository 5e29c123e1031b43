//! Whether a leaf helped: counted by day, and that is all that is kept of whoever answered. So one person who presses again counts again.
//!
//! The only table of the customer's room, and the only one that it asks itself.

use anyhow::Context as _;
use sqlx::PgPool;
use strum::{EnumString, IntoStaticStr};

use super::leaf::Leaf;
use crate::clock::Day;

#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Answer {
    Solved,
    Unsolved,
}

/// Counts one answer.
pub async fn count(pool: &PgPool, day: Day, leaf: Leaf, answer: Answer) -> anyhow::Result<()> {
    let answer: &str = answer.into();
    sqlx::query!(
        "insert into guide_answers as known (day, leaf, answer, times) values ($1, $2, $3, 1)
         on conflict (day, leaf, answer) do update set times = known.times + 1",
        day as Day,
        leaf.word(),
        answer,
    )
    .execute(pool)
    .await
    .context("could not count an answer to the guide")?;
    Ok(())
}

//! One unit of the worker's delivery: claim a due e-mail, hand it over, settle it.
//!
//! Three parts, so that no transaction is open while a mail server is spoken to. Whatever kills the worker in between,
//! the lease runs out and the next try sends the same bytes: at least once, always under one Message-ID.

use sqlx::PgPool;

use super::transport::Transport;
use crate::{app::Step, clock::Clock, config};

/// Delivers the e-mail that has waited longest, if one is due.
pub async fn step(
    _pool: &PgPool,
    _transport: &Transport,
    _clock: &Clock,
    _settings: &config::Mail,
) -> anyhow::Result<Step> {
    Ok(Step::Idle)
}

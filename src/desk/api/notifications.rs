//! What a person at the desk is told by mail, as programs read it. `desk::notifications` reads and keeps it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;

/// What you are told by mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notifications {
    /// By the word of each kind that there is for your role: `immediate`, `digest` or `off`.
    pub kinds: BTreeMap<&'static str, String>,
    pub language: String,
    /// Where it goes.
    pub address: String,
    /// The last one did not arrive.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub failed_at: Option<Timestamp>,
}

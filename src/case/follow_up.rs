//! From where a message to Atlassian follows up an earlier one.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// Where a follow-up was begun: the request is still with Atlassian, and the case goes back there if nothing comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follows {
    pub since: Timestamp,
    pub no_access: bool,
    pub silent: bool,
}

//! What is done to several cases at once, as programs are answered. `desk::bulk` does it.

use serde::Serialize;
use utoipa::ToSchema;

/// What was done to each, or would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bulk {
    /// It was done; otherwise this is what would happen.
    pub done: bool,
    /// How many it was done to, or could be.
    pub count: usize,
    pub cases: Vec<BulkCase>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BulkCase {
    pub number: String,
    pub ok: bool,
    /// The version that it has now.
    pub version: Option<i32>,
    /// Why not: a word that stays, and a sentence.
    pub code: Option<String>,
    pub reason: Option<String>,
    /// What would go out.
    pub letters: Vec<BulkLetter>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BulkLetter {
    pub notification: &'static str,
    pub to: String,
    pub subject: String,
}

//! Saved views of the queue, as programs read them. `queue` keeps, lists and deletes them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Saved views, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Views {
    pub views: Vec<View>,
}

/// A filter of the queue under a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct View {
    pub id: Uuid,
    pub name: String,
    /// What stands behind the `?` of the list of cases.
    pub query: String,
    /// The list itself.
    pub href: String,
    /// Whose it is, where everybody sees it.
    pub shared_by: Option<String>,
    pub may_delete: bool,
}

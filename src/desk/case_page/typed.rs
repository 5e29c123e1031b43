//! What somebody typed into one of the page's forms that could not be taken, so that nothing is lost.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::web::Fields;

#[derive(Clone, Debug, Default, Serialize)]
pub struct Typed {
    /// Which form; empty for none.
    pub form: String,
    pub values: Fields,
    /// What is wrong, by field.
    pub errors: BTreeMap<&'static str, String>,
    /// The same as the summary on top of the page wants it: where to go, and the sentence.
    pub error_list: Vec<Mistake>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Mistake {
    /// The id of the control on the page.
    pub field: String,
    pub message: String,
}

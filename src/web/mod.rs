//! HTTP manners, the same for every room: who reads, how a page or an error is answered, which requests are refused
//! before anybody looks at them, what the log may hold.
//!
//! Knows no route, no case and no session; `routes` puts the parts in their order.

pub mod answer;
pub mod assets;
pub mod cookies;
pub mod error;
pub mod face;
pub mod fields;
pub mod headers;
pub mod health;
pub mod held;
pub mod json;
pub mod language;
pub mod limit;
pub mod log;
pub mod measured;
pub mod origin;
pub mod pace;
pub mod page;
pub mod problem;
pub mod reader;
pub mod upload;

pub use error::WebError;
pub use fields::Fields;
pub use json::Body;
pub use page::see_other;
pub use problem::Problem;
pub use reader::Reader;

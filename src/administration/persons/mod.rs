//! The rights of somebody who is in the database (GDPR articles 15, 17 and 20): what is kept of them, in a copy; and that it is erased,
//! which two administrators say.
//!
//! Finds, copies, and keeps the requests. Erases nothing itself: each table has its writer, and `work` goes round them.

pub mod columns;
pub mod copy;
mod decoded;
pub mod find;
mod masks;
mod person;
pub mod requests;
pub mod returned;

pub use decoded::decoded;
pub use person::Person;

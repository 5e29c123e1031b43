//! Once a year, where the reseller wants it: "are you still the right contact?", to whoever is on record. The question, its
//! answers, and whoever does not want to be asked.
//!
//! An answer is a hint for staff. No check and no case reads it: the link is in a mailbox that may have been left behind, and can be
//! forwarded. Changes no register and knows no case but that there is one.

mod answers;
mod due;
pub mod erasure;
mod forgetting;
pub mod pages;
mod step;

pub use forgetting::forget_mailboxes;
pub use step::step;

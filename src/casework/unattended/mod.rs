//! What happens to cases while nobody acts: deadlines that end one, mail that was settled, the reminder to follow up, what an
//! import or another policy means for open ones, files scanned and forgotten when their time is over, mail to staff.
//!
//! Finds what is due and asks the rules like everybody else; decides nothing.

mod access;
mod confirmation_reminders;
mod deadlines;
mod deferral;
mod erasing;
pub(super) mod follow_up;
mod reminders;
mod retention;
mod scanning;
mod settlement;
mod staff_mail;
mod upkeep;

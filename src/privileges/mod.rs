//! What the services may do in the database, and nothing besides: the list of it ([`TABLES`]), granting just that to their
//! role ([`grant`]), and what a role can do beyond it or lacks of it ([`look`]).
//!
//! The attacker is whoever takes over `serve` or `work`, or gets a statement of theirs past a query. The triggers that keep the
//! trail stop no owner of the tables, who switches them off; so the services own nothing. Whose password is whose, and who
//! gets to the server at all, is PostgreSQL's (`pg_hba.conf`): no role of a server is altered here, except that the private
//! one gets its own.

mod found;
mod granting;
mod list;
mod right;

pub use self::{
    found::{Standing, look},
    granting::{grant, make_role},
    list::{Columns, DOORS, TABLES, Writes},
};

//! The doors of the desk: a request acts with the role of the moment it is done, what matters wants a fresh factor, and service
//! accounts end when somebody says so.

mod factors;
mod now;
mod services;

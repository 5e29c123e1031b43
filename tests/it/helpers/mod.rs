//! What tests of several rooms need.

pub mod browser;
pub mod clamd;
pub mod command;
pub mod desk;
pub mod dns;
pub mod dovecot;
pub mod dump;
pub mod gate;
pub mod inbound;
pub mod letter;
pub mod liar;
pub mod listening;
pub mod measure;
pub mod persons_story;
pub mod post_office;
pub mod postgres;
pub mod program;
pub mod receiver;
pub mod script;
pub mod smtp;
pub mod stamper;
pub mod statements;
pub mod story;
pub mod tap;

pub mod app;
pub mod clock;
pub mod config;
pub mod lang;
pub mod mail;
pub mod postgres;
pub mod token;
pub mod view;

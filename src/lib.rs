//! Handover: the service desk for cases in which a customer's primary Atlassian contact has left the company.
//!
//! The house, from the attic down; imports go downward only. docs/ARCHITECTURE.md walks through it.
//!
//! | floor | modules |
//! |---|---|
//! | attic | `cli`, `backup`, `demo`, `boot`, `serve`, `work`, `site`, `routes` |
//! | rooms, which never import each other | `intake`, `verification`, `desk`, `correspondence`, `register`, `yearly`, `metrics` |
//! | spine | `casework`, `administration`, `staff` and `pack` above `case`, `evidence`, `mail`, `transparency` and `webhooks` |
//! | ground | `announcements`, `app`, `web`, `view`, `brand`, `lang`, `calls`, `characters`, `clock`, `business_time`, `config`, `dns`, `kept`, `token`, `typeface`, `message`, `meters`, `public_mail`, `migrations`, `panics`, `postgres`, `pulse`, `sealing`, `stop`, `telemetry`, `version` |

// Attic
mod backup;
pub mod boot;
pub mod cli;
pub mod demo;
pub mod routes;
mod serve;
pub mod site;
pub mod work;

// Rooms
pub mod correspondence;
pub mod desk;
pub mod intake;
mod metrics;
pub mod register;
pub mod verification;
mod yearly;

// Spine
pub mod administration;
pub mod case;
pub mod casework;
pub mod evidence;
pub mod mail;
pub mod pack;
pub mod staff;
pub mod transparency;
pub mod webhooks;

// Ground
pub mod announcements;
pub mod app;
pub mod brand;
mod business_time;
pub mod calls;
mod characters;
pub mod clock;
pub mod config;
mod dns;
mod kept;
pub mod lang;
mod listening;
pub mod message;
pub mod meters;
pub mod migrations;
mod panics;
pub mod postgres;
pub mod privileges;
mod public_mail;
mod pulse;
mod sealing;
pub mod shared_domains;
pub mod stop;
pub mod telemetry;
pub mod token;
mod typeface;
mod version;
pub mod view;
pub mod web;

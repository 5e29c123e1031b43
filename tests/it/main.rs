//! All integration tests, in one binary: linking it once is most of what building the tests costs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

/// Where checked queries look for the types of times.
use handover::clock;

mod accounts;
mod administration;
mod administration_pages;
mod api;
mod api_attacks;
mod api_blocks;
mod api_document;
mod api_others;
mod api_rounds;
mod api_viewer;
mod audit;
mod authorisation;
mod away;
mod browser;
mod browser_journeys;
mod circles;
mod claims;
mod cli;
mod closing;
mod confirmations;
mod copies;
mod correspondence;
mod dependencies;
mod desk;
mod disk_full;
mod doctor;
mod domains;
mod doors;
mod evidence;
mod evidence_pack;
mod external_reference;
mod face;
mod first_command;
mod follow_up;
mod form_steps;
mod grants;
mod guards;
mod guide;
mod guide_document;
mod helpers;
mod house;
mod identities;
mod inbound_letters;
mod intake;
mod journeys;
mod laws;
mod letter_facts;
mod letters;
mod live;
mod locks;
mod log;
mod mail_authenticity;
mod mail_checks;
mod mail_collect;
mod mail_delivery;
mod mail_dkim;
mod mail_end_to_end;
mod mail_form;
mod mail_kills;
mod mail_oauth;
mod mail_outbox;
mod mail_refused;
mod mail_test;
mod mail_tls;
mod mail_wake;
mod mails;
mod mails_document;
mod memory;
mod metrics;
mod migrations;
mod mutations;
mod news;
mod next_steps;
mod notices;
mod one_connection;
mod overview;
mod packaging;
mod pages;
mod passkeys;
mod persons;
mod persons_erased;
mod policy_document;
mod postgres;
mod prepared;
mod private_database;
mod privileges;
mod probing;
mod queries;
mod queue;
mod register;
mod reminders;
mod renewal;
mod retention;
mod returned_links;
mod review;
mod schema;
mod search;
mod second_factors;
mod sending;
mod service_role;
mod sign_in_limits;
mod signals;
mod slow;
mod status;
mod stop;
mod text_blocks;
mod unknown;
mod verification;
mod web;
mod webhooks;
mod webhooks_delivered;
mod webhooks_refused;
mod work;
mod yearly;

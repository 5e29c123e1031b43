//! The register: the reseller's own customers, what they are licensed for, and whom Atlassian knows as their contacts.
//!
//! Sole writer of `customers`, `customer_domains`, `entitlements` and `contacts`. Comes from files ([`import`]); other
//! rooms read its tables. It never asks Atlassian, and nothing a stranger typed gets into it.

pub mod erasure;
pub mod import;
pub mod upload;

//! Whose domains no customer writes from. Asks nobody.

use crate::{config::Settings, shared_domains::SharedDomains};

/// Atlassian's own domains, and those that requests go to or letters come from. A case "for" one of these would
/// have us write to ourselves, or to Atlassian without four eyes.
pub fn foreign_domains(settings: &Settings) -> Vec<String> {
    let atlassian = &settings.atlassian;
    let configured = [
        &atlassian.data_center,
        &atlassian.cloud,
        &atlassian.cloud_partner_managed,
        &settings.mail.from_address,
    ];
    // Not the parent that strangers share: our own tenant's name must not shut out all other tenants.
    let shared = SharedDomains::new(&settings.register.shared_domains);
    let own = configured.into_iter().filter_map(|address| {
        let (_, domain) = address.rsplit_once('@')?;
        let domain = domain.to_ascii_lowercase();
        Some(shared.controlled(&domain).map(str::to_owned).unwrap_or(domain))
    });
    ["atlassian.com", "atlassian.net"].map(str::to_owned).into_iter().chain(own).collect()
}

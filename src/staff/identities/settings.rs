//! What no process starts with: providers that could not work, or that would let in whom nobody meant.

use std::net::IpAddr;

use anyhow::{Context as _, ensure};
use openidconnect::url::{Host, Url};
use secrecy::ExposeSecret as _;

use super::peer::Peer;
use crate::{
    case::actor::Role,
    config::{Accounts, IdentityProvider, Settings},
};

/// A sentence for each provider that is refused, with its key. Never shows a secret.
pub fn check(settings: &Settings) -> Vec<String> {
    let providers = &settings.desk.providers;
    let mut complaints = Vec::new();
    for (at, provider) in providers.iter().enumerate() {
        if let Err(error) = check_one(provider, settings.is_demo()) {
            complaints.push(format!("desk.providers ({:?}): {error:#}", provider.name));
        }
        let before = providers.iter().take(at);
        if before.clone().any(|other| other.name == provider.name) {
            complaints.push(format!("desk.providers ({:?}): name stands twice", provider.name));
        }
        if before.clone().any(|other| other.issuer == provider.issuer) {
            complaints
                .push(format!("desk.providers ({:?}): issuer is another provider's, too", provider.name));
        }
    }
    complaints
}

fn check_one(provider: &IdentityProvider, is_demo: bool) -> anyhow::Result<()> {
    let is_word = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.len() <= 40
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    ensure!(is_word(&provider.name), "name must be a word of small letters, digits and hyphens");
    ensure!(!provider.label.trim().is_empty(), "label is empty");
    check_issuer(&provider.issuer, is_demo)?;
    ensure!(!provider.client_id.is_empty(), "client_id is empty");
    ensure!(
        !provider.client_secret.expose_secret().is_empty(),
        "client_secret or client_secret_file must be set"
    );
    for role in provider.roles.values() {
        ensure!(
            role.parse::<Role>().is_ok(),
            "roles names a role that is none (auditor, agent, approver, admin)"
        );
    }
    ensure!(provider.roles.is_empty() || !provider.groups_claim.is_empty(), "groups_claim is empty");
    ensure!(
        provider.accounts == Accounts::Invited || !provider.roles.is_empty(),
        "accounts is \"just_in_time\" without roles: nobody would know what a new account may do"
    );
    ensure!(
        !provider.trust_emails || !provider.email_domains.is_empty(),
        "trust_emails needs email_domains: whoever can set an address there could take any account here"
    );
    let is_domain = |domain: &String| domain.contains('.') && !domain.contains(['@', '/', ' ']);
    ensure!(provider.email_domains.iter().all(is_domain), "email_domains must list domains, without @");
    ensure!(
        !provider.require_second_factor
            || !provider.second_factor_amr.is_empty()
            || !provider.second_factor_acr.is_empty(),
        "require_second_factor needs second_factor_amr or second_factor_acr: nobody would get in"
    );
    ensure!((1..=1440).contains(&provider.session_minutes), "session_minutes must be 1 to 1440");
    ensure!((1..=30).contains(&provider.timeout_seconds), "timeout_seconds must be 1 to 30");
    let is_host =
        |host: &String| Url::parse(&format!("https://{host}/")).is_ok_and(|url| url.host_str() == Some(host));
    ensure!(provider.hosts.iter().all(is_host), "hosts must list names of hosts alone, in small letters");
    Peer::try_new(provider).map(drop)
}

fn check_issuer(issuer: &str, is_demo: bool) -> anyhow::Result<()> {
    let url = Url::parse(issuer).ok().context("issuer is no address")?;
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    ensure!(plain && url.host().is_some(), "issuer must be an address without user, query and fragment");
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    };
    ensure!(
        url.scheme() == "https" || (url.scheme() == "http" && is_demo && is_here),
        "issuer must start with https://"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [[desk.providers]]
        name = "entra"
        label = "Entra"
        issuer = "https://id.reseller.example/tenant/v2.0"
        client_id = "handover"
        client_secret = "hunter4711"
        roles = { desk = "agent" }
        email_domains = ["reseller.example"]
    "#;

    fn complaints(text: &str) -> Vec<String> {
        check(&Settings::with(text).unwrap())
    }

    #[test]
    fn what_is_filled_in_well_may_start() {
        for more in [
            "",
            "accounts = \"just_in_time\"",
            "trust_emails = true",
            "second_factor_amr = [\"mfa\"]\nrequire_second_factor = true",
            "hosts = [\"www.keys.example\"]",
        ] {
            assert_eq!(complaints(&format!("{GOOD}\n{more}")), [""; 0], "{more}");
        }
        assert_eq!(
            complaints(&GOOD.replace("https://id.reseller.example", "http://127.0.0.1:4711")),
            [""; 0]
        );
    }

    #[test]
    fn each_mistake_is_named_by_its_key_and_no_secret_is_shown() {
        for (from, to, says) in [
            ("\"entra\"", "\"Entra/..\"", "name must"),
            ("label = \"Entra\"", "label = \" \"", "label"),
            ("https://id", "http://id", "issuer must start with https"),
            ("https://id", "ftp://id", "issuer must start with https"),
            ("tenant/v2.0", "tenant?a=b", "issuer must be an address"),
            ("https://id", "https://user:hunter4711@id", "issuer must be an address"),
            ("\"https://id.reseller.example/tenant/v2.0\"", "\"entra\"", "issuer is no address"),
            ("client_id = \"handover\"", "client_id = \"\"", "client_id"),
            ("hunter4711", "", "client_secret or client_secret_file"),
            ("\"agent\"", "\"root\"", "roles names"),
            ("roles = { desk = \"agent\" }", "accounts = \"just_in_time\"", "accounts is"),
            ("email_domains = [\"reseller.example\"]", "trust_emails = true", "trust_emails needs"),
            ("[\"reseller.example\"]", "[\"@reseller.example\"]", "email_domains must"),
            ("client_id", "require_second_factor = true\nclient_id", "require_second_factor needs"),
            ("client_id", "session_minutes = 0\nclient_id", "session_minutes"),
            ("client_id", "timeout_seconds = 31\nclient_id", "timeout_seconds"),
            ("client_id", "hosts = [\"a.example/b\"]\nclient_id", "hosts must"),
            ("client_id", "ca_file = \"/nowhere\"\nclient_id", "ca_file"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let said = complaints(&GOOD.replacen(from, to, 1));
            let [one] = &said[..] else { panic!("{to}: {said:?}") };
            assert!(one.starts_with("desk.providers (") && one.contains(says), "{to}: {one}");
            assert!(!one.contains("4711"), "{one}");
        }
        assert_eq!(complaints(&format!("{GOOD}{GOOD}")).len(), 2, "name and issuer twice");
        // In production no loopback either.
        let settings = Settings::with(&GOOD.replace("https://id.reseller.example", "http://127.0.0.1:1"));
        let mut settings = settings.unwrap();
        settings.mode = crate::config::Mode::Production;
        assert!(check(&settings)[0].contains("https://"));
    }
}

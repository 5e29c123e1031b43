//! One look at a domain: what name servers say of it now, and what is different from the last time. Remembers nothing.

use crate::{
    config::Dns,
    dns::{self, DomainEvent, Hosts},
};

/// What was seen in one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) is_there: bool,
    /// Of the zone; empty where the name has none of its own.
    pub(super) name_servers: Vec<String>,
    pub(super) mail_servers: Vec<String>,
}

/// What is remembered of the last look; `None`: there was none, or it never existed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) is_there: Option<bool>,
    pub(super) name_servers: Option<Vec<String>>,
    pub(super) mail_servers: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) what: DomainEvent,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
}

/// `zone`: the name that the domain's owner holds whole, where its name servers stand.
pub(super) async fn look(settings: &Dns, zone: &str, domain: &str) -> Option<Look> {
    let name_servers = dns::find_name_servers(settings, zone).await?;
    let mail_servers = dns::find_mail_exchanges(settings, domain).await?;
    let (is_there, name_servers, mail_servers) = match (name_servers, mail_servers) {
        (Hosts::Named(name_servers), Hosts::Named(mail_servers)) => (true, name_servers, mail_servers),
        (Hosts::NoSuchName, Hosts::NoSuchName) => (false, Vec::new(), Vec::new()),
        (Hosts::Named(name_servers), Hosts::NoSuchName) if zone != domain => (true, name_servers, Vec::new()),
        // It is there and it is not, or it is not and something below it is: somebody lies.
        (Hosts::Named(_), Hosts::NoSuchName) | (Hosts::NoSuchName, Hosts::Named(_)) => return None,
    };
    Some(Look { is_there, name_servers, mail_servers })
}

/// What is different. The first look is no change, and of one that is gone the servers are no news.
pub(super) fn changes(known: &Known, look: &Look) -> Vec<Change> {
    let mut found = Vec::new();
    let last = known.name_servers.clone().unwrap_or_default();
    match (known.is_there, look.is_there) {
        (Some(true), false) => {
            found.push(Change { what: DomainEvent::Vanished, before: last, after: Vec::new() });
        }
        (Some(false), true) => {
            let after = look.name_servers.clone();
            found.push(Change { what: DomainEvent::Appeared, before: last, after });
        }
        _ => {}
    }
    if look.is_there {
        let servers = [
            (DomainEvent::NameServers, &known.name_servers, &look.name_servers),
            (DomainEvent::MailServers, &known.mail_servers, &look.mail_servers),
        ];
        for (what, before, after) in servers {
            if let Some(before) = before.as_ref().filter(|before| *before != after) {
                found.push(Change { what, before: before.clone(), after: after.clone() });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn there(name_servers: &[&str], mail_servers: &[&str]) -> Look {
        Look { is_there: true, name_servers: servers(name_servers), mail_servers: servers(mail_servers) }
    }

    fn known(is_there: bool, name_servers: &[&str], mail_servers: &[&str]) -> Known {
        Known {
            is_there: Some(is_there),
            name_servers: Some(servers(name_servers)),
            mail_servers: Some(servers(mail_servers)),
        }
    }

    #[test]
    fn what_is_different_is_a_change_and_the_first_look_is_none() {
        use DomainEvent::{Appeared, MailServers, NameServers, Vanished};
        let gone = Look { is_there: false, name_servers: Vec::new(), mail_servers: Vec::new() };
        let never = Known { is_there: Some(false), ..Known::default() };
        for (before, now, expected) in [
            (Known::default(), there(&["a"], &["m"]), vec![]),
            (Known::default(), gone.clone(), vec![]),
            (known(true, &["a"], &["m"]), there(&["a"], &["m"]), vec![]),
            (known(true, &["a"], &["m"]), there(&["b"], &["m"]), vec![NameServers]),
            (known(true, &["a"], &["m"]), there(&["a"], &["n"]), vec![MailServers]),
            (known(true, &["a"], &["m"]), there(&["b"], &["."]), vec![NameServers, MailServers]),
            (known(true, &["a"], &["m"]), there(&["a"], &[]), vec![MailServers]),
            (known(true, &["a"], &["m"]), gone.clone(), vec![Vanished]),
            (known(false, &["a"], &["m"]), gone.clone(), vec![]),
            (known(false, &["a"], &["m"]), there(&["a"], &["m"]), vec![Appeared]),
            (known(false, &["a"], &["m"]), there(&["b"], &["m"]), vec![Appeared, NameServers]),
            (never.clone(), there(&["a"], &["m"]), vec![Appeared]),
            (never, gone, vec![]),
        ] {
            let found: Vec<DomainEvent> = changes(&before, &now).iter().map(|change| change.what).collect();
            assert_eq!(found, expected, "{before:?} → {now:?}");
        }
        let moved = changes(&known(true, &["a"], &["m"]), &there(&["b"], &["m"]));
        assert_eq!((&moved[0].before, &moved[0].after), (&servers(&["a"]), &servers(&["b"])));
    }
}

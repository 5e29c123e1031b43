//! The address of an endpoint as an administrator writes it: what may stand there at all.
//!
//! Judges what is written; what a name leads to is judged when the connection is made (`send`), each time anew.

use std::{net::IpAddr, sync::Arc};

use reqwest::Url;

use super::networks::{Network, is_public};

/// The most characters of an address.
pub const LONGEST: usize = 2000;

/// Where messages may go.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Besides the public internet.
    pub allowed: Arc<[Network]>,
    pub only_https: bool,
}

impl Reach {
    pub fn reaches(&self, address: IpAddr) -> bool {
        is_public(address) || self.allowed.iter().any(|network| network.holds(address))
    }
}

/// An address that may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(Url);

/// Why an address is none for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongTarget {
    /// It can't be read, or is too long.
    Unreadable,
    /// Not `https://`.
    Scheme,
    /// It names a user or a password: they would be sent in every request, and mislead who reads the address.
    UserInfo,
    /// A port that is no web server's.
    Port,
    /// A number that stands for an address, written so that nobody sees for which, or a name that no public name server knows.
    Host,
    /// An address that is not on the public internet.
    Inside,
}

/// Ports below 1024 that web servers have; all others there belong to something else, which might take our words for commands.
const WEB_PORTS: [u16; 2] = [80, 443];
/// Of the higher ones those of databases and the like, which speak another language: what browsers block, and the best known.
const NOT_WEB_PORTS: [u16; 12] = [1433, 1521, 2049, 3306, 3389, 5060, 5061, 5432, 6379, 6667, 11211, 27017];

impl Target {
    /// # Errors
    /// [`WrongTarget`].
    pub fn parse(text: &str, reach: &Reach) -> Result<Self, WrongTarget> {
        let text = text.trim();
        if text.is_empty()
            || text.len() > LONGEST
            || text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\')
        {
            return Err(WrongTarget::Unreadable);
        }
        let mut url = Url::parse(text).map_err(|_| WrongTarget::Unreadable)?;
        match url.scheme() {
            "https" => {}
            "http" if !reach.only_https => {}
            _ => return Err(WrongTarget::Scheme),
        }
        let authority = text
            .split_once("://")
            .map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
        if authority.contains('@') || !url.username().is_empty() || url.password().is_some() {
            return Err(WrongTarget::UserInfo);
        }
        let host = url.host_str().ok_or(WrongTarget::Unreadable)?.to_owned();
        if let Some(port) = url.port()
            && (port == 0 || (port < 1024 && !WEB_PORTS.contains(&port)) || NOT_WEB_PORTS.contains(&port))
        {
            return Err(WrongTarget::Port);
        }
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            // What was read as an address must have been written as that very one: not 2130706433, 0x7f.1 or 127.1.
            Ok(_) if written_host(authority).to_ascii_lowercase() != host => return Err(WrongTarget::Host),
            Ok(address) if !reach.reaches(address) => return Err(WrongTarget::Inside),
            Ok(_) => {}
            Err(_) if !is_name(&host) => return Err(WrongTarget::Host),
            Err(_) => {}
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// As it was kept; judged again, for the settings may have become stricter.
    pub fn restore(text: &str, reach: &Reach) -> Option<Self> {
        Self::parse(text, reach).ok()
    }

    /// The host with its port, which is no secret.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }
}

/// The host as it was written, without the port.
fn written_host(authority: &str) -> &str {
    match authority.find(']') {
        Some(end) => authority.get(..=end).unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// A name of several labels, none of which belongs to a single machine or network.
fn is_name(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.')
        && !["localhost", "local", "internal", "localdomain", "home", "lan", "arpa", "onion"].contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(allowed: &[&str], only_https: bool) -> Reach {
        Reach { allowed: allowed.iter().map(|text| text.parse().unwrap()).collect(), only_https }
    }

    #[test]
    fn what_only_this_machine_reaches_is_refused_however_it_is_written() {
        use WrongTarget::{Host, Inside, Port, Scheme, Unreadable, UserInfo};
        for (text, wrong) in [
            ("", Unreadable),
            ("hooks.reseller.example/x", Unreadable),
            ("https://hooks.reseller.example/a b", Unreadable),
            ("https:\\\\hooks.reseller.example", Unreadable),
            ("http://hooks.reseller.example/", Scheme),
            ("file:///etc/passwd", Scheme),
            ("gopher://hooks.reseller.example/", Scheme),
            ("https://user@hooks.reseller.example/", UserInfo),
            ("https://user:word@hooks.reseller.example/", UserInfo),
            ("https://@127.0.0.1/", UserInfo),
            ("https://hooks.reseller.example:22/", Port),
            ("https://hooks.reseller.example:25/", Port),
            ("https://hooks.reseller.example:6379/", Port),
            ("https://hooks.reseller.example:0/", Port),
            ("https://2130706433/", Host),
            ("https://0x7f000001/", Host),
            ("https://0177.0.0.1/", Host),
            ("https://127.1/", Host),
            ("https://127.0.0.1./", Host),
            ("https://%31%32%37.0.0.1/", Host),
            ("https://１２７.0.0.1/", Host),
            ("https://[0:0:0:0:0:0:0:1]/", Host),
            ("https://[::ffff:127.0.0.1]/", Host),
            ("https://localhost/", Host),
            ("https://intranet/", Host),
            ("https://metadata.google.internal/", Host),
            ("https://printer.local/", Host),
            ("https://127.0.0.1/", Inside),
            ("https://10.0.0.1:8443/", Inside),
            ("https://169.254.169.254/latest/meta-data/", Inside),
            ("https://[::1]/", Inside),
            ("https://[::ffff:7f00:1]/", Inside),
            ("https://[fd00:ec2::254]/", Inside),
        ] {
            assert_eq!(Target::parse(text, &reach(&[], true)), Err(wrong), "{text}");
        }
    }

    #[test]
    fn what_may_be_asked_keeps_its_path_and_loses_what_stays_in_browsers() {
        let target =
            Target::parse(" https://Hooks.Reseller.example:8443/a?b=c#d ", &reach(&[], true)).unwrap();
        assert_eq!(target.as_str(), "https://hooks.reseller.example:8443/a?b=c");
        assert_eq!(target.host(), "hooks.reseller.example:8443");
        let inside = reach(&["10.1.0.0/16"], true);
        assert!(Target::parse("https://10.1.2.3/x", &inside).is_ok());
        assert_eq!(Target::parse("https://10.2.2.3/x", &inside), Err(WrongTarget::Inside));
        assert!(Target::parse("http://127.0.0.1:8080/", &reach(&["127.0.0.0/8"], false)).is_ok());
    }
}

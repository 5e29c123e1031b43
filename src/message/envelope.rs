//! Who handed a message to our mail server: its address, its name, and the sender it named (RFC 5321 §4.1.1).
//!
//! Told by the mail server, or read from the `Received` field that it wrote itself; what other servers wrote counts for
//! nothing. Judges nobody: The post office does.

use std::net::IpAddr;

/// What is known of the SMTP conversation in which a message came. Fields that nobody knows are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    pub client_ip: Option<IpAddr>,
    pub helo: Option<String>,
    /// Empty for the null sender of bounces.
    pub mail_from: Option<String>,
}

impl Envelope {
    /// As a mail server tells it on a command line; words like "unknown" in place of an address say nothing.
    pub fn told(client_ip: Option<&str>, helo: Option<&str>, mail_from: Option<&str>) -> Self {
        Self {
            client_ip: client_ip.and_then(address),
            helo: helo.map(|name| name.trim().to_owned()),
            mail_from: mail_from.map(|sender| sender.trim().trim_matches(['<', '>']).to_owned()),
        }
    }

    /// As the server `host` wrote it: the topmost `Received` by that name, but for those of its own local delivery
    /// (LMTP). Nothing where that one, or one above it, can't be read, whatever stands below: a client whose name reads
    /// like a part of the field must not make our server's own look like another's. `fields` are name and raw value.
    pub fn of_received<'a>(fields: impl Iterator<Item = (&'a [u8], &'a [u8])>, host: &str) -> Self {
        let (mut mail_from, mut seen) = (None, None);
        for (name, value) in fields {
            let value = String::from_utf8_lossy(value);
            // Whose it is does not matter: SPF says whether the client may use it.
            if mail_from.is_none() && name.eq_ignore_ascii_case(b"return-path") {
                mail_from = Some(value.trim().trim_matches(['<', '>']).to_owned());
            }
            if seen.is_none() && name.eq_ignore_ascii_case(b"received") {
                seen = match Hop::read(&value) {
                    Some(hop) => hop.is_entrance_of(host).then(|| hop.client()),
                    None => Some((None, None)),
                };
            }
        }
        seen.map(|(client_ip, helo)| Self { client_ip, helo, mail_from }).unwrap_or_default()
    }
}

/// One `Received` field: `from helo (name [192.0.2.1]) by host (program) with protocol …; date` (RFC 5321 §4.4).
#[derive(Default)]
struct Hop {
    /// What stands between `from` and `by`: words, and the comments behind them.
    from: String,
    comments: Vec<String>,
    by: String,
    with: String,
}

impl Hop {
    /// `None` where it could be read in two ways: a bracket stays open, `by` stands there twice, or not behind `from`.
    fn read(value: &str) -> Option<Self> {
        let (plain, comments) = apart(value)?;
        let mut hop = Self::default();
        let mut words = plain.split(';').next().unwrap_or_default().split_whitespace();
        let mut clause = "";
        while let Some(word) = words.next() {
            match word.to_ascii_lowercase().as_str() {
                "from" if clause.is_empty() => clause = "from",
                "by" if clause == "by" => return None,
                "by" => clause = "by",
                "with" if clause == "by" => hop.with = words.next().unwrap_or_default().to_owned(),
                _ if clause == "from" => match comment_of(word, &comments) {
                    Some(comment) => hop.comments.push(comment.to_owned()),
                    None if hop.from.is_empty() => word.clone_into(&mut hop.from),
                    None => {}
                },
                _ if clause == "by" && hop.by.is_empty() => word.clone_into(&mut hop.by),
                _ => {}
            }
        }
        let is_whole = clause.is_empty() || !hop.by.is_empty();
        is_whole.then_some(hop)
    }

    /// Whether it is how the message came to the server `host` from elsewhere.
    fn is_entrance_of(&self, host: &str) -> bool {
        self.by.eq_ignore_ascii_case(host) && !self.with.to_ascii_uppercase().starts_with("LMTP")
    }

    /// The address that the server saw, and the name that the client gave itself. No address where more than one could
    /// be meant: a name may look like an address.
    fn client(&self) -> (Option<IpAddr>, Option<String>) {
        let in_comments = self.comments.iter().flat_map(|comment| literals(comment));
        let mut seen: Vec<Option<IpAddr>> = in_comments.map(address).collect();
        let told = !seen.is_empty();
        seen.extend(literals(&self.from).map(address));
        seen.dedup();
        let named = self.comments.iter().flat_map(|comment| comment.split_whitespace());
        let named = named.filter_map(|word| word.strip_prefix("helo=")).next();
        // Exim, where the address has no name: `from [192.0.2.1] (helo=mail.example)`.
        let ip = match seen.as_slice() {
            [one] if told || named.is_some() => *one,
            _ => None,
        };
        let helo = named.unwrap_or(&self.from);
        (ip, (!helo.is_empty()).then(|| helo.to_owned()))
    }
}

/// The text without comments, each replaced by a control character and its number; and the comments. `None` where one
/// never ends.
fn apart(value: &str) -> Option<(String, Vec<String>)> {
    let (mut plain, mut comments, mut depth) = (String::new(), Vec::new(), 0_usize);
    for character in value.chars().filter(|character| *character != MARK) {
        match character {
            '(' => {
                if depth == 0 {
                    plain.push_str(&format!(" {MARK}{} ", comments.len()));
                    comments.push(String::new());
                } else if let Some(comment) = comments.last_mut() {
                    comment.push(character);
                }
                depth = depth.saturating_add(1);
            }
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(character),
            _ => {
                if let Some(comment) = comments.last_mut() {
                    comment.push(character);
                }
            }
        }
    }
    (depth == 0).then_some((plain, comments))
}

const MARK: char = '\u{1}';

fn comment_of<'a>(word: &str, comments: &'a [String]) -> Option<&'a str> {
    comments.get(word.strip_prefix(MARK)?.parse::<usize>().ok()?).map(String::as_str)
}

/// What stands in square brackets.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(literal, _)| literal)
}

fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let tagged = text.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("ipv6:"));
    let bare = if tagged { text.get(5..)? } else { text };
    bare.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "mx.reseller.example";

    fn of(fields: &[(&str, &str)]) -> Envelope {
        Envelope::of_received(fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())), HOST)
    }

    fn client(received: &str) -> (Option<String>, Option<String>) {
        let envelope = of(&[("Received", received)]);
        (envelope.client_ip.map(|ip| ip.to_string()), envelope.helo)
    }

    #[test]
    fn the_client_is_read_as_common_servers_write_it() {
        for (received, ip, helo) in [
            (
                " from mail.customer.example (out.customer.example [192.0.2.7])\r\n\tby mx.reseller.example (Postfix) with ESMTPS id 4711\r\n\tfor <x@reseller.example>; Mon, 1 Jun 2026 08:00:00 +0000",
                "192.0.2.7",
                "mail.customer.example",
            ),
            (
                " from mail.customer.example (unknown [IPv6:2001:db8::7])\r\n\tby MX.reseller.example with ESMTP; x",
                "2001:db8::7",
                "mail.customer.example",
            ),
            (
                " from [192.0.2.7] (helo=mail.customer.example)\r\n\tby mx.reseller.example with esmtps (Exim 4.96) id 1; x",
                "192.0.2.7",
                "mail.customer.example",
            ),
            (
                " from out.customer.example ([192.0.2.7] helo=mail.customer.example)\r\n\tby mx.reseller.example with esmtp; x",
                "192.0.2.7",
                "mail.customer.example",
            ),
        ] {
            assert_eq!(client(received), (Some(ip.to_owned()), Some(helo.to_owned())), "{received}");
        }
    }

    #[test]
    fn what_could_mean_two_addresses_or_another_server_means_none() {
        for received in [
            " from x ([192.0.2.1]) (evil [192.0.2.2]) by mx.reseller.example with ESMTP; x",
            " from out ([192.0.2.1] helo=[192.0.2.2]) by mx.reseller.example with esmtp; x",
            " from [192.0.2.1] (helo=[192.0.2.2]) by mx.reseller.example with esmtp; x",
            " from [192.0.2.2] (unknown [192.0.2.1]) by mx.reseller.example with ESMTP; x",
            " from [192.0.2.1] by mx.reseller.example with ESMTP; x",
            " from mail.customer.example (out [not an address]) by mx.reseller.example; x",
            " from mail.customer.example ([192.0.2.1]) by mx.evil.example (by mx.reseller.example) with ESMTP; x",
            " by mx.reseller.example; from mail.customer.example ([192.0.2.1])",
            " from (by mx.reseller.example",
            "",
        ] {
            assert_eq!(client(received).0, None, "{received}");
        }
    }

    #[test]
    fn the_topmost_of_our_server_counts_below_its_local_delivery() {
        let genuine = " from a.example (a.example [192.0.2.1]) by mx.reseller.example with ESMTP; x";
        let forged = " from b.example (b.example [192.0.2.2]) by mx.reseller.example with ESMTP; x";
        let local = " from mx.reseller.example ([127.0.0.1]) by mx.reseller.example with LMTP id 1; x";
        let expected = Envelope::told(Some("192.0.2.1"), Some("a.example"), Some("eva@customer.example"));
        let fields = [
            ("Return-Path", " <eva@customer.example>"),
            ("Received", local),
            ("Received", genuine),
            ("Received", forged),
            ("Return-Path", " <mallory@evil.example>"),
        ];
        assert_eq!(of(&fields), expected);
        assert_eq!(of(&[("Received", " by mx.reseller.example; x"), ("Received", forged)]).client_ip, None);
    }

    #[test]
    fn a_clients_name_does_not_hide_the_field_of_our_server() {
        let forged = " from mail.customer.example (x [192.0.2.7]) by mx.reseller.example with ESMTP; x";
        for name in ["by", "BY", "a(", "(", "a;", ";", "from", "with", "by;", "a(by", "\u{1}0", "[192.0.2.7]"]
        {
            let genuine = format!(" from {name} (x [192.0.2.1]) by mx.reseller.example with ESMTP; x");
            let ip = of(&[("Received", &genuine), ("Received", forged)]).client_ip;
            assert_ne!(ip, Some("192.0.2.7".parse().unwrap()), "{name}");
        }
        // One that names no server stands above ours where mail is handed on within one machine.
        let within = " (qmail 4711 invoked by uid 89); x";
        let ip = of(&[("Received", within), ("Received", forged)]).client_ip;
        assert_eq!(ip, Some("192.0.2.7".parse().unwrap()));
    }

    #[test]
    fn a_command_line_says_what_it_knows() {
        let told = Envelope::told(Some("::ffff:192.0.2.7"), Some(" mail.example "), Some("<>"));
        assert_eq!(told.client_ip, Some("192.0.2.7".parse().unwrap()));
        assert_eq!((told.helo.as_deref(), told.mail_from.as_deref()), (Some("mail.example"), Some("")));
        assert_eq!(Envelope::told(Some("unknown"), None, None), Envelope::default());
    }
}

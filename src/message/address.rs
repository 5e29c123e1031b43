//! Mail addresses inside running text (RFC 5321 section 4.1.2, RFC 6531 for other scripts).
//!
//! Finds what looks like an address; whether it exists or is well formed in every detail is not its business.

/// Longest local part or domain that is considered.
const MAX_SIDE: usize = 255;

/// An address and where it stands in the text (byte offsets).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub address: &'a str,
    pub start: usize,
    pub end: usize,
}

/// All addresses in a text, in order, lower-casing nothing.
pub(super) fn in_text(text: &str) -> Vec<String> {
    find(text).map(|found| found.address.to_owned()).collect()
}

/// All addresses in a text with their places.
pub(super) fn find(text: &str) -> impl Iterator<Item = Found<'_>> {
    text.match_indices('@').filter_map(|(at, _)| around(text, at))
}

fn around(text: &str, at: usize) -> Option<Found<'_>> {
    let before = text.get(..at)?;
    let after = text.get(at + 1..)?;
    let local = local_part(before)?;
    let length: usize = after.chars().take_while(|c| is_domain(*c)).take(MAX_SIDE).map(char::len_utf8).sum();
    let domain = after.get(..length)?.trim_end_matches(['.', '-']);
    let is_host = domain.contains('.') || domain.eq_ignore_ascii_case("localhost");
    if local.is_empty() || domain.is_empty() || !is_host || domain.starts_with(['.', '-']) {
        return None;
    }
    let (start, end) = (at - local.len(), at + 1 + domain.len());
    Some(Found { address: text.get(start..end)?, start, end })
}

fn local_part(before: &str) -> Option<&str> {
    if before.ends_with('"') {
        // A quoted local part (RFC 5321): everything back to the opening quote on the same line.
        let inner = before.get(..before.len() - 1)?;
        let length: usize =
            inner.chars().rev().take(64).take_while(|c| *c != '"' && *c != '\n').map(char::len_utf8).sum();
        let open = inner.len().checked_sub(length + 1)?;
        return (inner.get(open..open + 1)? == "\"").then(|| before.get(open..)).flatten();
    }
    let length: usize =
        before.chars().rev().take(MAX_SIDE).take_while(|c| is_local(*c)).map(char::len_utf8).sum();
    let local = before.get(before.len() - length..)?;
    // Typing in front of an address in reports and X.400 names: `SMTP=user@host`, `rfc822=user@host`.
    let local = match local.split_once('=') {
        Some((kind, rest)) if matches!(kind.to_ascii_lowercase().as_str(), "smtp" | "rfc822" | "mailto") => {
            rest
        }
        _ => local,
    };
    Some(local.trim_start_matches(['.', '\'', '*', '|', '`', '/', '-', '=', '{', '}', '#', '&']))
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || is_other_script(c)
}

fn is_domain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || is_other_script(c)
}

/// Alphabets beyond ASCII and pictographs. Not the scripts that write without spaces: there the prose would
/// run into the address.
fn is_other_script(c: char) -> bool {
    let code = u32::from(c);
    !c.is_ascii() && ((c.is_alphanumeric() && code < 0x0E00) || code >= 0x1F000)
}

/// An address with its domain as it stands in the name servers: in lower case, umlauts as A-labels (RFC 5890 section 2.3.2.1).
/// What is no domain stays as it is. The one form in which addresses of messages and cases are compared and kept.
#[must_use]
pub fn canonical(address: &str) -> String {
    let address = address.trim();
    let Some((local, domain)) = address.rsplit_once('@') else { return address.to_owned() };
    format!("{local}@{}", canonical_domain(domain))
}

/// As [`canonical`], of a domain alone.
#[must_use]
pub fn canonical_domain(domain: &str) -> String {
    // Not strictly: domains with an underscore are found in real mail.
    idna::domain_to_ascii(domain).ok().filter(|ascii| !ascii.is_empty()).unwrap_or_else(|| domain.to_owned())
}

/// Whether the two are the same mailbox for our purposes: host names and local parts without regard to case.
pub fn same(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    let local = |address: &str| address.rsplit_once('@').map(|(local, _)| local.to_lowercase());
    local(one) == local(other) && canonical(one).to_lowercase() == canonical(other).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{canonical, in_text, same};

    #[test]
    fn a_domain_with_umlauts_is_the_one_in_the_name_servers() {
        for (written, kept) in [
            ("joerg@müller-idn.example", "joerg@xn--mller-idn-q9a.example"),
            ("Joerg@MÜLLER-IDN.EXAMPLE", "Joerg@xn--mller-idn-q9a.example"),
            ("Joerg@Customer.Example", "Joerg@customer.example"),
            ("no address", "no address"),
            ("a@", "a@"),
        ] {
            assert_eq!(canonical(written), kept);
        }
        assert!(same("Joerg@müller-idn.example", "joerg@XN--MLLER-IDN-Q9A.example"));
        assert!(!same("joerg@müller.example", "joerg@muller.example"));
    }

    #[test]
    fn addresses_are_found_in_prose() {
        let text = "<eva@customer.example>: unknown, see 'tom+x@a-b.customer.example'. dda:SMTP=max@CUSTOMER.EXAMPLE; \
                    user@ @host @ two@@signs \"odd name\"@customer.example";
        let found = in_text(text);
        let expected = [
            "eva@customer.example",
            "tom+x@a-b.customer.example",
            "max@CUSTOMER.EXAMPLE",
            "\"odd name\"@customer.example",
        ];
        assert_eq!(found, expected);
    }
}

//! Mailboxes that nobody reads, by their name: those of machines and of lists (RFC 2142, RFC 3834 section 2, and habit).

/// Whole local parts, without what follows a plus sign, dots, hyphens and underscores.
const NAMES: [&str; 14] = [
    "noreply",
    "donotreply",
    "dontreply",
    "neverreply",
    "mailerdaemon",
    "mailer",
    "postmaster",
    "bounce",
    "bounces",
    "majordomo",
    "listserv",
    "autoreply",
    "notification",
    "notifications",
];
/// Beginnings and ends that say the same.
const BEGINNINGS: [&str; 5] = ["noreply", "donotreply", "owner-", "bounce-", "bounces-"];
const ENDS: [&str; 5] = ["noreply", "-request", "-bounces", "-owner", "-admin"];

/// Whether nobody reads what is sent to `address`, as far as its name tells.
#[must_use]
pub fn nobody_reads(address: &str) -> bool {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_lowercase();
    let base = local.split('+').next().unwrap_or_default();
    let bare: String = base.chars().filter(|c| !matches!(c, '.' | '-' | '_')).collect();
    NAMES.contains(&bare.as_str())
        || BEGINNINGS.iter().any(|beginning| base.starts_with(beginning) || bare.starts_with(beginning))
        || ENDS.iter().any(|end| base.ends_with(end) || bare.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_and_lists_are_known_by_name() {
        for address in [
            "no-reply@shop.example",
            "No.Reply+x@shop.example",
            "do_not_reply@shop.example",
            "noreply-orders@shop.example",
            "orders-noreply@shop.example",
            "MAILER-DAEMON@mx.example",
            "bounces+12=x@list.example",
            "users-request@list.example",
            "owner-users@list.example",
        ] {
            assert!(nobody_reads(address), "{address}");
        }
        for address in ["miriam@nordlicht.example", "reply@firm.example", "it-admins@firm.example"] {
            assert!(!nobody_reads(address), "{address}");
        }
    }
}

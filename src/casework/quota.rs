//! How many letters the public form may cause to one mailbox within a day.
//!
//! Two limits: one for each network that the form is sent from, so that nobody can use up what is somebody else's, and a
//! generous one for the mailbox, so that many networks together can't flood it. What is counted are keyed hashes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::{case::address::EmailAddress, clock::Timestamp, token::Signer};

/// Letters a day to one mailbox that forms from one network cause.
const FROM_ONE_NETWORK: i64 = 5;
/// Letters a day to one mailbox that forms cause at all.
const FROM_ALL: i64 = 20;

/// Whether one more letter may go to `address` for a form from `client`, and counts it if so.
pub(super) async fn take(
    connection: &mut PgConnection,
    signer: &Signer,
    address: &EmailAddress,
    client: IpAddr,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let day_ago = now.after(jiff::SignedDuration::from_hours(-24));
    let mailbox = signer.sign(&format!("mailbox {}", address.mailbox()));
    let network = signer.sign(&format!("network {}", network(client)));
    sqlx::query!("delete from form_letters where at <= $1", day_ago as Timestamp)
        .execute(&mut *connection)
        .await
        .context("could not forget old letters")?;
    let taken = sqlx::query!(
        "insert into form_letters (mailbox, network, at)
         select $1, $2, $3
         where (select count(*) from form_letters where mailbox = $1) < $4
             and (select count(*) from form_letters where mailbox = $1 and network = $2) < $5",
        mailbox,
        network,
        now as Timestamp,
        FROM_ALL,
        FROM_ONE_NETWORK,
    )
    .execute(connection)
    .await
    .context("could not count a letter")?;
    Ok(taken.rows_affected() == 1)
}

/// What one party easily has for itself: a /24 of IPv4, a /48 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << 8)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 80)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_network() {
        for (one, other, same) in [
            ("192.0.2.1", "192.0.2.254", true),
            ("192.0.2.1", "::ffff:192.0.2.9", true),
            ("192.0.2.1", "192.0.3.1", false),
            ("2001:db8:1:2::3", "2001:db8:1:ffff::1", true),
            ("2001:db8:1::1", "2001:db8:2::1", false),
        ] {
            let network = |text: &str| network(text.parse().unwrap());
            assert_eq!(network(one) == network(other), same, "{one} {other}");
        }
    }
}

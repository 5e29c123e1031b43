//! Which addresses of the internet protocol a webhook may be sent to: those of the public internet, and networks that the
//! configuration names.
//!
//! Stops who may write an address and wants this machine to ask what only it can reach: itself, its neighbours, the metadata
//! service of a cloud. IPv6 has many ways to write an address of IPv4; each is judged by the one inside.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// An address and how many of its bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: u128,
    bits: u32,
    is_v4: bool,
}

/// Not a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNetwork;

fn as_number(address: IpAddr) -> (u128, bool) {
    match address {
        IpAddr::V4(address) => (u32::from(address).into(), true),
        IpAddr::V6(address) => (address.into(), false),
    }
}

impl FromStr for Network {
    type Err = NoNetwork;

    /// `10.1.2.0/24`, or an address alone.
    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let (first, is_v4) = as_number(address.parse().map_err(|_| NoNetwork)?);
        let width = if is_v4 { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| NoNetwork))?;
        let network = Self { first, bits, is_v4 };
        // With bits set behind the mask somebody meant another one.
        if bits > width || network.prefix(first) != Some(first) { Err(NoNetwork) } else { Ok(network) }
    }
}

impl Network {
    fn prefix(self, number: u128) -> Option<u128> {
        let width: u32 = if self.is_v4 { 32 } else { 128 };
        let behind = width.checked_sub(self.bits)?;
        Some(number.checked_shr(behind).unwrap_or(0).checked_shl(behind).unwrap_or(0))
    }

    pub fn holds(self, address: IpAddr) -> bool {
        let (number, is_v4) = as_number(address.to_canonical());
        is_v4 == self.is_v4 && self.prefix(number) == Some(self.first)
    }
}

/// What is not the public internet, by IANA's registries of special-purpose addresses (RFC 6890 and its updates).
const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Carriers' (RFC 6598); Alibaba's metadata service lies here, too.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local; the metadata service of most clouds.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, what is reserved, and broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    // Azure's, public by its number alone.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// Whether it lies on the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => NOT_PUBLIC_V4.iter().all(|(first, bits)| {
            !Network { first: u32::from(*first).into(), bits: *bits, is_v4: true }.holds(address.into())
        }),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, ..] = address.segments();
    let number = u128::from(address);
    let last = Ipv4Addr::from(u32::try_from(number & 0xffff_ffff).unwrap_or_default());
    // Mapped (::ffff:a.b.c.d), compatible (::a.b.c.d, with them :: and ::1), and translated (64:ff9b::/96, RFC 6052).
    if number >> 32 == 0xffff || (a, b, number >> 32 & 0xffff_ffff_ffff_ffff) == (0x64, 0xff9b, 0) {
        return is_public(last.into());
    }
    // 6to4 (RFC 3056): the address of IPv4 stands behind 2002.
    if a == 0x2002 {
        return is_public(Ipv4Addr::from(u32::from(b) << 16 | u32::from(c)).into());
    }
    // Only 2000::/3 is given out; in it, not: Teredo and what else is for protocols (2001::/23), documentation (2001:db8::/32,
    // 3fff::/20).
    a & 0xe000 == 0x2000
        && !(a == 0x2001 && b < 0x0200)
        && !(a == 0x2001 && b == 0x0db8)
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for public in [
            "1.1.1.1",
            "100.63.0.1",
            "172.15.0.1",
            "2606:4700::1",
            "2001:470::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for inside in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "192.88.99.1",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "4000::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
    }

    #[test]
    fn a_network_holds_its_own_and_nothing_else() {
        let network: Network = "10.1.2.0/23".parse().unwrap();
        for (address, held) in [
            ("10.1.2.0", true),
            ("10.1.3.255", true),
            ("::ffff:10.1.2.9", true),
            ("10.1.4.0", false),
            ("::a01:200", false),
        ] {
            assert_eq!(network.holds(address.parse().unwrap()), held, "{address}");
        }
        assert!("0.0.0.0/0".parse::<Network>().unwrap().holds("9.9.9.9".parse().unwrap()));
        assert!("fd12::/16".parse::<Network>().unwrap().holds("fd12::7".parse().unwrap()));
        assert!("127.0.0.1".parse::<Network>().unwrap().holds("127.0.0.1".parse().unwrap()));
        for wrong in
            ["", "10.1.2.3/23", "10.0.0.0/33", "10.0.0/8", "localhost", "::/129", "10.0.0.0/", "10.0.0.0/-1"]
        {
            assert_eq!(wrong.parse::<Network>(), Err(NoNetwork), "{wrong}");
        }
    }
}

//! Makes up one customer with its people and entitlements.

use super::{Country, NamedContact, NamedCustomer, NamedEntitlement, Names, chance::Chance};
use crate::case::escalation::Hosting;

/// Characters of a company's name that `templates/emails/atlassian_request/en.subject` shows.
const WHOLE_IN_A_SUBJECT: usize = 32;

/// The customer at position `at`: its numbers follow from the position, so that no two share one.
pub fn customer(names: &Names, chance: &mut Chance, at: usize) -> NamedCustomer {
    let country = country(names, chance);
    let mut base = format!("{} {}", chance.pick(&names.stems), chance.pick(&names.trades));
    // There are not names enough for all of them.
    if at > names.stems.len() * names.trades.len() / 2 {
        base = format!("{base} {at}");
    }
    let form = country.map_or("", |country| chance.pick(&country.forms));
    let code = country.map_or("", |country| country.code.as_str());
    let slug = slug(&base);
    let domain = format!("{slug}.example");
    // The ranges for invented numbers are German ones; some registers have no number at all.
    let has_phone = code == "DE" && chance.below(8) > 0;
    let technical = contact(names, chance, &domain, has_phone);
    let billing =
        if chance.below(5) == 0 { technical.clone() } else { contact(names, chance, &domain, has_phone) };
    NamedCustomer {
        number: format!("K-{}", 10_001 + at),
        name: format!("{base} {form}"),
        country: code.to_owned(),
        domains: vec![domain],
        technical,
        billing,
        primary: if chance.below(4) == 0 { "billing" } else { "technical" }.to_owned(),
        entitlements: entitlements(names, chance, at, &slug),
    }
}

/// One like `pattern`: in its country, with as many licences for the same products, and with numbers where that has some.
pub fn like(names: &Names, chance: &mut Chance, at: usize, pattern: &NamedCustomer) -> NamedCustomer {
    let country = names.countries.iter().find(|country| country.code == pattern.country);
    let (mut base, mut form) = (String::new(), "");
    // A longer name is cut in the subject of the request to Atlassian, where nobody finds it again.
    for _ in 0..100 {
        base = format!("{} {} {at}", chance.pick(&names.stems), chance.pick(&names.trades));
        form = country.map_or("", |country| chance.pick(&country.forms));
        if base.chars().count() + 1 + form.chars().count() <= WHOLE_IN_A_SUBJECT {
            break;
        }
    }
    let slug = slug(&base);
    let domain = format!("{slug}.example");
    let technical = contact(names, chance, &domain, !pattern.technical.phone.is_empty());
    let mut billing = contact(names, chance, &domain, !pattern.billing.phone.is_empty());
    while billing.email == technical.email {
        billing = contact(names, chance, &domain, !pattern.billing.phone.is_empty());
    }
    let entitlements = pattern.entitlements.iter().enumerate().map(|(nth, entitlement)| {
        let number = at * 10 + nth;
        let own = |theirs: &str, own: String| if theirs.is_empty() { String::new() } else { own };
        NamedEntitlement {
            sen: own(&entitlement.sen, format!("SEN-{}", 20_000_000 + number)),
            entitlement_number: own(&entitlement.entitlement_number, entitlement_number(number)),
            site: own(&entitlement.site, format!("{slug}.atlassian.net")),
            ..entitlement.clone()
        }
    });
    NamedCustomer {
        number: format!("K-{}", 10_001 + at),
        name: format!("{base} {form}"),
        country: pattern.country.clone(),
        domains: vec![domain],
        entitlements: entitlements.collect(),
        technical,
        billing,
        primary: pattern.primary.clone(),
    }
}

fn country<'a>(names: &'a Names, chance: &mut Chance) -> Option<&'a Country> {
    let mut lot = chance.below(names.countries.iter().map(|country| country.share).sum());
    names.countries.iter().find(|country| {
        let is_it = lot < country.share;
        lot = lot.saturating_sub(country.share);
        is_it
    })
}

fn contact(names: &Names, chance: &mut Chance, domain: &str, has_phone: bool) -> NamedContact {
    let given = chance.pick(&names.people.given);
    let family = chance.pick(&names.people.family);
    let phone = format!("{} {:03}", chance.pick(&names.phones), chance.below(1000));
    NamedContact {
        name: format!("{given} {family}"),
        email: format!("{}.{}@{domain}", slug(given), slug(family)),
        phone: if has_phone { phone } else { String::new() },
    }
}

/// One to three entitlements of one hosting, renewed on the same day, as resellers arrange it.
fn entitlements(names: &Names, chance: &mut Chance, at: usize, slug: &str) -> Vec<NamedEntitlement> {
    let hosting = match chance.below(10) {
        0..=4 => Hosting::DataCenter,
        5..=8 => Hosting::Cloud,
        _ => Hosting::CloudPartnerManaged,
    };
    let is_cloud = hosting != Hosting::DataCenter;
    let (products, tiers) = if is_cloud {
        (&names.products.cloud, &names.products.cloud_tiers)
    } else {
        (&names.products.data_center, &names.products.data_center_tiers)
    };
    let tier = chance.pick(tiers).to_owned();
    let renews_in_days = i64::try_from(chance.below(395)).unwrap_or_default() - 30;
    let first = chance.below(products.len());
    let count = 1 + chance.below(3);
    (0..count)
        .zip(products.iter().cycle().skip(first))
        .map(|(nth, product)| NamedEntitlement {
            sen: if is_cloud { String::new() } else { format!("SEN-{}", 20_000_000 + at * 10 + nth) },
            entitlement_number: if is_cloud { entitlement_number(at * 10 + nth) } else { String::new() },
            site: if is_cloud { format!("{slug}.atlassian.net") } else { String::new() },
            product: product.clone(),
            hosting,
            tier: tier.clone(),
            renews_in_days,
        })
        .collect()
}

/// `E-4…` and eleven characters that are different for every `n`.
fn entitlement_number(n: usize) -> String {
    const CHARACTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    // An odd factor makes this a permutation of 55 bits: no two numbers meet.
    let mut rest = n.wrapping_mul(0x2545_F491_4F6C_DD1D);
    let mut digits = String::from("4");
    for _ in 0..11 {
        digits.push(char::from(CHARACTERS.get(rest % 32).copied().unwrap_or(b'A')));
        rest /= 32;
    }
    let group = |from: usize| digits.get(from..from + 3).unwrap_or_default();
    format!("E-{}-{}-{}-{}", group(0), group(3), group(6), group(9))
}

/// A name as it stands in domains and addresses.
pub(in crate::demo) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.to_lowercase().chars() {
        match character {
            '\u{e4}' => slug.push_str("ae"),
            '\u{f6}' => slug.push_str("oe"),
            '\u{fc}' => slug.push_str("ue"),
            '\u{df}' => slug.push_str("ss"),
            'a'..='z' | '0'..='9' => slug.push(character),
            _ => slug.push('-'),
        }
    }
    slug
}

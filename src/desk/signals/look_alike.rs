//! Domains that a reader could take for another one. Pure, and a matter of looks alone: says in which way two names are
//! alike, never whether somebody means harm.
//!
//! Compared are the names that one owner holds whole, without what stands above them (a public suffix, or a parent that
//! strangers share), as people see them (U-labels, RFC 5890).
//! The tables of scripts and confusable characters are Unicode's (UTS #39).

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use unicode_security::{MixedScript as _, confusable_detection::skeleton};

use crate::shared_domains::SharedDomains;

/// In which way one domain is like another. The first that fits is the one that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Likeness {
    /// The same name below another public suffix or shared parent.
    OtherSuffix,
    /// Characters of another script that look the same.
    Characters,
    /// `rn` for `m`, `vv` for `w`, `0` for `o`, `1` for `l`.
    Shapes,
    /// The same but for accents, or for how an umlaut is written.
    Spelling,
    /// The same but for hyphens.
    Hyphens,
    /// One letter more, less, other, or two that changed places.
    OneLetter,
    /// The other name stands in front of a foreign domain.
    InFront,
    /// The same name with something before or behind it.
    ExtraWord,
}

impl Likeness {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Names shorter than this are too often alike by chance.
const SHORTEST: usize = 4;
/// From this length on a name is told within another one without a hyphen between them.
const SHORTEST_WITHIN: usize = 6;

/// In which way the host `domain` could be taken for `original`; both in lower-case ASCII. `None` where one owner holds
/// both, or they are not alike.
pub fn likeness(shared: &SharedDomains, domain: &str, original: &str) -> Option<Likeness> {
    let (whole, original) = (shared.controlled(domain)?, shared.controlled(original)?);
    if whole == original {
        return None;
    }
    let (name, other) = (name_of(whole)?, name_of(original)?);
    let fits = |likeness: &Likeness| match likeness {
        Likeness::OtherSuffix => name == other,
        Likeness::Characters => !(name.is_ascii() && other.is_ascii()) && shape(&name) == shape(&other),
        Likeness::Shapes => shape(&name) == shape(&other),
        Likeness::Spelling => spellings(&name).iter().any(|spelling| spellings(&other).contains(spelling)),
        Likeness::Hyphens => name.replace('-', "") == other.replace('-', ""),
        Likeness::OneLetter => {
            let long_enough = name.chars().count().min(other.chars().count()) >= SHORTEST;
            long_enough && is_one_letter_off(&name, &other)
        }
        Likeness::InFront => stands_in_front(domain, whole, original, &other),
        Likeness::ExtraWord => is_within(&other, &name) || is_within(&name, &other),
    };
    Likeness::VARIANTS.iter().copied().find(fits)
}

/// Whether a label of `domain` mixes scripts that no language mixes (UTS #39 §5.1).
pub fn mixes_scripts(domain: &str) -> bool {
    to_unicode(domain).split('.').any(|label| !label.is_single_script())
}

/// The domain as people see it; the same text where it has no other form, or none that is legal.
pub fn to_unicode(domain: &str) -> String {
    match idna::domain_to_unicode(domain) {
        (text, Ok(())) => text,
        (_, Err(_)) => domain.to_owned(),
    }
}

/// What its owner is called below the suffix or shared parent, as people see it: the first label.
fn name_of(whole: &str) -> Option<String> {
    Some(to_unicode(whole.split_once('.')?.0))
}

/// Two names of one shape look the same: the skeleton of UTS #39, with letters that it leaves apart drawn out.
fn shape(name: &str) -> String {
    let skeleton: String = skeleton(name).collect();
    skeleton.to_lowercase().replace('m', "rn").replace('w', "vv").replace('0', "o").replace('1', "l")
}

/// The name without its accents, and with umlauts written out.
fn spellings(name: &str) -> [String; 2] {
    let plain = |text: &str| text.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>();
    let written_out = name
        .nfc()
        .map(|c| match c {
            '\u{e4}' => "ae".to_owned(),
            '\u{f6}' => "oe".to_owned(),
            '\u{fc}' => "ue".to_owned(),
            '\u{df}' => "ss".to_owned(),
            c => c.to_string(),
        })
        .collect::<String>();
    [plain(name), plain(&written_out)]
}

/// One insertion, deletion, substitution, or exchange of neighbours.
fn is_one_letter_off(one: &str, other: &str) -> bool {
    let (mut a, mut b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same_front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    a.drain(..same_front);
    b.drain(..same_front);
    let same_back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    a.truncate(a.len().saturating_sub(same_back));
    b.truncate(b.len().saturating_sub(same_back));
    match (a.as_slice(), b.as_slice()) {
        ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([w, x], [y, z]) => w == z && x == y,
        _ => false,
    }
}

/// `nordlicht.example.elsewhere.example`, or `nordlicht.elsewhere.example`.
fn stands_in_front(domain: &str, whole: &str, original: &str, name: &str) -> bool {
    let front = domain.strip_suffix(whole).unwrap_or_default().trim_end_matches('.');
    let all_of_it = format!(".{front}.").contains(&format!(".{original}."));
    let long_enough = name.chars().count() >= SHORTEST;
    all_of_it || (long_enough && to_unicode(front).split('.').any(|label| label == name))
}

/// Whether `name` stands at the beginning or end of `longer`, or as words of it.
fn is_within(name: &str, longer: &str) -> bool {
    let length = name.chars().count();
    let as_words = format!("-{longer}-").contains(&format!("-{name}-"));
    let at_an_end = longer.starts_with(name) || longer.ends_with(name);
    (length >= SHORTEST && as_words) || (length >= SHORTEST_WITHIN && at_an_end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ascii(domain: &str) -> String {
        idna::domain_to_ascii(domain).unwrap()
    }

    fn likeness(domain: &str, original: &str) -> Option<Likeness> {
        super::likeness(&SharedDomains::new(&["state.example".to_owned()]), domain, original)
    }

    #[test]
    fn what_looks_alike_and_why() {
        use Likeness::{Characters, ExtraWord, Hyphens, InFront, OneLetter, OtherSuffix, Shapes, Spelling};
        for (domain, original, expected) in [
            // The same in any form is no look-alike.
            ("nordlicht.example", "nordlicht.example", None),
            ("mail.nordlicht.example", "nordlicht.example", None),
            ("müller-bau.example", "xn--mller-bau-q9a.example", None),
            ("nordlicht.test", "nordlicht.example", Some(OtherSuffix)),
            ("nordlicht.co.uk", "nordlicht.example", Some(OtherSuffix)),
            ("nordlicht.github.io", "nordlicht.example", Some(OtherSuffix)),
            // Cyrillic о; Greek ο; a whole word in Cyrillic.
            ("n\u{43e}rdlicht.example", "nordlicht.example", Some(Characters)),
            ("n\u{3bf}rdlicht.example", "nordlicht.example", Some(Characters)),
            ("\u{440}\u{430}\u{443}\u{440}\u{430}\u{4cf}.example", "paypal.example", Some(Characters)),
            ("rnaier.example", "maier.example", Some(Shapes)),
            ("schvveiz.example", "schweiz.example", Some(Shapes)),
            ("n0rdlicht.example", "nordlicht.example", Some(Shapes)),
            ("nord1icht.test", "nordlicht.example", Some(Shapes)),
            ("mueller.example", "xn--mller-kva.example", Some(Spelling)),
            ("muller.example", "xn--mller-kva.example", Some(Spelling)),
            ("müller.example", "mueller.example", Some(Spelling)),
            ("strasse.example", "xn--strae-oqa.example", Some(Spelling)),
            ("nord-licht.example", "nordlicht.example", Some(Hyphens)),
            ("nordlichts.example", "nordlicht.example", Some(OneLetter)),
            ("nordlich.example", "nordlicht.example", Some(OneLetter)),
            ("nordlecht.example", "nordlicht.example", Some(OneLetter)),
            ("nordlihct.example", "nordlicht.example", Some(OneLetter)),
            ("nordlicht.example.elsewhere.example", "nordlicht.example", Some(InFront)),
            ("nordlicht.elsewhere.example", "nordlicht.example", Some(InFront)),
            ("nordlicht-gmbh.example", "nordlicht.example", Some(ExtraWord)),
            ("my-nordlicht-portal.example", "nordlicht.example", Some(ExtraWord)),
            ("nordlichtgroup.example", "nordlicht.example", Some(ExtraWord)),
            ("nordlicht.example", "nordlicht-maschinenbau.example", Some(ExtraWord)),
            // The domain on record may lie below what somebody registered; its owner holds all of it.
            ("nordlicht.example", "mail.nordlicht.example", None),
            ("n0rdlicht.example", "mail.nordlicht.example", Some(Shapes)),
            ("mail.nordlicht.test", "mail.nordlicht.example", Some(OtherSuffix)),
            ("mail.suedlicht.example", "mail.nordlicht.example", None),
            // Tenants of one parent are strangers.
            ("nordlicht.onmicrosoft.com", "nordlicht.onmicrosoft.com", None),
            ("n0rdlicht.onmicrosoft.com", "nordlicht.onmicrosoft.com", Some(Shapes)),
            ("nordlicht.onmicrosoft.com", "nordlicht.example", Some(OtherSuffix)),
            ("suedlicht.onmicrosoft.com", "nordlicht.onmicrosoft.com", None),
            ("burgamt.state.example", "buergamt.state.example", Some(OneLetter)),
            ("state.example", "buergamt.state.example", None),
            ("onmicrosoft.com", "onmicrosoft.com", None),
            // Not alike, or too short to say.
            ("suedlicht.example", "nordlicht.example", None),
            ("abb.example", "abc.example", None),
            ("hr-abc.example", "abc.example", None),
            ("bahnhof.example", "bahn.example", None),
            ("example", "nordlicht.example", None),
        ] {
            assert_eq!(likeness(&ascii(domain), original), expected, "{domain} for {original}");
        }
    }

    #[test]
    fn scripts_are_mixed_where_no_language_does() {
        for (domain, mixed) in [
            ("nordlicht.example", false),
            ("müller-24.example", false),
            ("n\u{43e}rdlicht.example", true),
            ("\u{440}\u{430}\u{443}\u{440}\u{430}\u{4cf}.example", false),
            ("\u{65e5}\u{672c}\u{3054}.example", false),
        ] {
            assert_eq!(mixes_scripts(&ascii(domain)), mixed, "{domain}");
        }
    }

    fn host(name: &str) -> String {
        format!("{name}.example")
    }

    mod properties {
        use super::*;

        proptest! {
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

            #[test]
            fn nothing_looks_like_itself(name in "[a-z][a-z0-9]{0,14}", below in "([a-z]{1,8}\\.){0,2}") {
                prop_assert_eq!(likeness(&format!("{below}{name}.example"), &host(&name)), None);
            }

            #[test]
            fn one_letter_off_is_seen(name in "[a-z]{5,14}", at in 0_usize..5, letter in "[a-z]") {
                let mut changed: Vec<String> = name.chars().map(String::from).collect();
                changed[at] = letter;
                let changed = changed.concat();
                prop_assert_eq!(likeness(&host(&changed), &host(&name)).is_some(), changed != name);
            }

            #[test]
            fn other_shapes_are_seen(before in "[a-z]{0,6}", after in "[a-z]{1,6}", pair in 0_usize..4) {
                let (real, forged) = [("m", "rn"), ("w", "vv"), ("o", "0"), ("l", "1")][pair];
                let (real, forged) = (format!("{before}{real}{after}"), format!("{before}{forged}{after}"));
                prop_assert_eq!(likeness(&host(&forged), &host(&real)), Some(Likeness::Shapes));
            }

            #[test]
            fn who_looks_like_whom_makes_no_difference(one in "[a-dä-é]{1,8}", other in "[a-dä-é]{1,8}") {
                let (one, other) = (ascii(&host(&one)), ascii(&host(&other)));
                prop_assert_eq!(likeness(&one, &other), likeness(&other, &one));
            }

            #[test]
            fn names_without_a_common_letter_are_not_alike(one in "[abc]{3,12}", other in "[xyz]{3,12}") {
                prop_assert_eq!(likeness(&host(&one), &host(&other)), None);
            }

            #[test]
            fn anything_can_be_asked(one in "\\PC{0,30}", other in "\\PC{0,30}") {
                let _ = (likeness(&one, &other), mixes_scripts(&one), to_unicode(&other));
            }
        }
    }
}

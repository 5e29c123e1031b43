//! Return addresses that prove themselves: `<local>+<tag>.<signature>@<domain>` (sub-addressing, RFC 5233).
//!
//! Replies and bounces come back to them. Says only that we issued the address, not who wrote to it.

use anyhow::Context as _;

use crate::token::Signer;

/// What a tag and its signature add to the local part at most: two separators, 20 and 16 characters.
const LONGEST_ADDITION: usize = 38;
/// RFC 5321 §4.5.3.1.1.
const LONGEST_LOCAL_PART: usize = 64;

/// An address below `from_address` that carries `tag` (lower-case letters, digits, `-` and `.`) and our signature.
///
/// A tag of up to 20 characters fits below every address that [`check_from_address`] lets through. What has no `@`
/// comes back as it is.
pub fn signed_address(from_address: &str, signer: &Signer, tag: &str) -> String {
    let Some((local, domain)) = from_address.rsplit_once('@') else { return from_address.to_owned() };
    let tag = tag.to_ascii_lowercase();
    let signature = signer.sign(&tag);
    format!("{local}+{tag}.{signature}@{domain}")
}

/// The tag of an address that [`signed_address`] made, whatever case mail servers turned it to; `None` for any other.
pub fn verify_signed_address(address: &str, signer: &Signer) -> Option<String> {
    let (local, _domain) = address.rsplit_once('@')?;
    let (_base, signed) = local.rsplit_once('+')?;
    let (tag, signature) = signed.rsplit_once('.')?;
    let tag = tag.to_ascii_lowercase();
    signer.verify(&tag, signature).then_some(tag)
}

/// Whether signed addresses can be made from `from_address`; the error says why not.
pub fn check_from_address(from_address: &str) -> anyhow::Result<()> {
    let address: lettre::Address = from_address.parse().context("is not an e-mail address")?;
    anyhow::ensure!(from_address.is_ascii(), "has characters beyond ASCII");
    anyhow::ensure!(
        address.user().len() + LONGEST_ADDITION <= LONGEST_LOCAL_PART,
        "has more than {} characters before the @: return addresses would get too long",
        LONGEST_LOCAL_PART - LONGEST_ADDITION
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn signer() -> Signer {
        Signer::new(&SecretString::from("a secret that is long enough to be one"), "reply addresses")
    }

    #[test]
    fn a_signed_address_gives_its_tag_back_in_any_case() {
        let address = signed_address("handover@reseller.example", &signer(), "ho-2026-00042.a");
        assert!(address.starts_with("handover+ho-2026-00042.a."), "{address}");
        assert!(address.ends_with("@reseller.example"), "{address}");
        assert!(address.split('@').next().unwrap().len() <= 64, "{address}");
        for seen in [address.clone(), address.to_uppercase()] {
            assert_eq!(verify_signed_address(&seen, &signer()).as_deref(), Some("ho-2026-00042.a"), "{seen}");
        }
    }

    #[test]
    fn a_local_part_with_a_plus_of_its_own_works() {
        let address = signed_address("desk+handover@reseller.example", &signer(), "ho-2026-00042.c");
        assert_eq!(verify_signed_address(&address, &signer()).as_deref(), Some("ho-2026-00042.c"));
    }

    #[test]
    fn a_from_address_must_leave_room_for_tags() {
        check_from_address("handover@reseller.example").unwrap();
        let longest = "a".repeat(26);
        check_from_address(&format!("{longest}@reseller.example")).unwrap();
        let signed =
            signed_address(&format!("{longest}@reseller.example"), &signer(), "ho-2026-000000042.ab");
        assert_eq!(signed.split('@').next().unwrap().len(), 64);
        for bad in ["", "handover", "désk@reseller.example", &format!("{longest}a@reseller.example")] {
            assert!(check_from_address(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn anything_else_is_not_ours() {
        let address = signed_address("handover@reseller.example", &signer(), "ho-2026-00042.a");
        let other =
            Signer::new(&SecretString::from("another secret, just as long as that"), "reply addresses");
        assert_eq!(verify_signed_address(&address, &other), None);
        for forged in [
            address.replace("00042", "00043"),
            address.replace(".a.", ".c."),
            "handover@reseller.example".to_owned(),
            "handover+ho-2026-00042.a@reseller.example".to_owned(),
            "handover+ho-2026-00042.a.@reseller.example".to_owned(),
            "handover+.@reseller.example".to_owned(),
            "+@".to_owned(),
            String::new(),
        ] {
            assert_eq!(verify_signed_address(&forged, &signer()), None, "{forged}");
        }
    }
}

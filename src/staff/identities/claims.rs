//! What a verified ID token says of somebody, in our words: which address is believed, which role the groups give, whether a
//! second factor was shown. Pure; that the token is the provider's was seen to in `token`.

use serde_json::{Map, Value};

use super::{Denied, SignInError};
use crate::{
    case::{actor::Role, address::EmailAddress},
    characters::is_hidden,
    clock::Timestamp,
    config::IdentityProvider,
};

/// Somebody, as their provider knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claimed {
    /// The provider's name for them, for ever.
    pub subject: String,
    /// An address that the provider vouches for and that is let in; else why there is none. Needed to find an account the first
    /// time, and never again.
    pub email: Result<EmailAddress, Denied>,
    pub name: Option<String>,
    /// `None` where roles are given here; `Some(None)` where no group has one.
    pub role: Option<Option<Role>>,
    pub second_factor: bool,
    /// What the provider calls its session.
    pub session: Option<String>,
    pub issued_at: Timestamp,
    /// When the provider last asked them who they are (`auth_time`), rather than knew them from before.
    pub authenticated_at: Option<Timestamp>,
}

/// The longest subject (OpenID Connect Core 1.0 §2), and the longest name of a session that is kept.
const LONGEST: usize = 255;
/// The longest name that a new account gets.
const LONGEST_NAME: usize = 200;

pub(super) fn read(
    provider: &IdentityProvider,
    claims: &Map<String, Value>,
    issued_at: Timestamp,
) -> Result<Claimed, SignInError> {
    let text =
        |name: &str| claims.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let subject = text("sub").filter(|subject| subject.len() <= LONGEST && !subject.contains('\0'));
    let subject = subject.ok_or_else(|| Denied::Unproved.because("no subject that can be kept"))?;
    let session = text("sid").filter(|session| session.len() <= LONGEST && !session.contains('\0'));
    Ok(Claimed {
        subject: subject.to_owned(),
        email: email(provider, claims),
        name: text("name")
            .map(|name| plain(name).chars().take(LONGEST_NAME).collect())
            .filter(|name: &String| !name.is_empty()),
        role: role(provider, claims),
        second_factor: has_second_factor(provider, claims),
        session: session.map(str::to_owned),
        issued_at,
        authenticated_at: claims
            .get("auth_time")
            .and_then(Value::as_i64)
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .map(Timestamp::from),
    })
}

fn email(provider: &IdentityProvider, claims: &Map<String, Value>) -> Result<EmailAddress, Denied> {
    let email =
        claims.get("email").and_then(Value::as_str).and_then(|email| email.parse::<EmailAddress>().ok());
    let email = email.ok_or(Denied::Unverified)?;
    // Some write the truth as a text.
    let is_verified = match claims.get("email_verified") {
        Some(Value::Bool(verified)) => *verified,
        Some(Value::String(word)) => word == "true",
        // What says that it is not verified is never believed.
        Some(_) => false,
        None => provider.trust_emails,
    };
    if !is_verified {
        return Err(Denied::Unverified);
    }
    let domain = email.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
    let let_in = provider.email_domains.is_empty()
        || provider.email_domains.iter().any(|known| known.eq_ignore_ascii_case(domain));
    if let_in { Ok(email) } else { Err(Denied::Domain) }
}

/// The highest that one of the groups gives.
fn role(provider: &IdentityProvider, claims: &Map<String, Value>) -> Option<Option<Role>> {
    if provider.roles.is_empty() {
        return None;
    }
    let groups = match claims.get(&provider.groups_claim) {
        Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(group)) => vec![group.as_str()],
        _ => Vec::new(),
    };
    let roles = groups.into_iter().filter_map(|group| provider.roles.get(group)?.parse().ok());
    Some(roles.max())
}

fn has_second_factor(provider: &IdentityProvider, claims: &Map<String, Value>) -> bool {
    let shown = |value: Option<&Value>, wanted: &[String]| match value {
        Some(Value::Array(words)) => {
            words.iter().filter_map(Value::as_str).any(|word| wanted.iter().any(|one| one == word))
        }
        Some(Value::String(word)) => wanted.contains(word),
        _ => false,
    };
    shown(claims.get("amr"), &provider.second_factor_amr)
        || shown(claims.get("acr"), &provider.second_factor_acr)
}

/// Without what would break a line or a header, or hide.
fn plain(name: &str) -> String {
    let shown = name.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    shown.filter(|c| !c.is_control() && !is_hidden(*c)).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn provider(more: &str) -> IdentityProvider {
        let text = format!(
            "[[desk.providers]]\nname = \"a\"\nlabel = \"A\"\nissuer = \"https://a.example\"\nclient_id = \"c\"\n\
             roles = {{ clerks = \"agent\", chiefs = \"admin\", watch = \"auditor\" }}\n{more}"
        );
        Settings::with(&text).unwrap().desk.providers.remove(0)
    }

    fn claimed(provider: &IdentityProvider, claims: Value) -> Result<Claimed, SignInError> {
        let now = jiff::Timestamp::from_second(1_800_000_000).unwrap().into();
        read(provider, claims.as_object().unwrap(), now)
    }

    #[test]
    fn an_address_counts_only_where_the_provider_vouches_for_it() {
        use serde_json::json;
        let (strict, trusting) =
            (provider("email_domains = [\"reseller.example\"]"), provider("trust_emails = true"));
        for (provider, claims, expected) in [
            (&strict, json!({"email": "Ann@Reseller.example", "email_verified": true}), None),
            (&strict, json!({"email": "ann@reseller.example", "email_verified": "true"}), None),
            (
                &strict,
                json!({"email": "ann@reseller.example", "email_verified": false}),
                Some(Denied::Unverified),
            ),
            (
                &strict,
                json!({"email": "ann@reseller.example", "email_verified": "false"}),
                Some(Denied::Unverified),
            ),
            (
                &strict,
                json!({"email": "ann@reseller.example", "email_verified": 1}),
                Some(Denied::Unverified),
            ),
            (&strict, json!({"email": "ann@reseller.example"}), Some(Denied::Unverified)),
            (&strict, json!({"email_verified": true}), Some(Denied::Unverified)),
            (&strict, json!({"email": "ann", "email_verified": true}), Some(Denied::Unverified)),
            (&strict, json!({"email": "ann@evil.example", "email_verified": true}), Some(Denied::Domain)),
            (
                &strict,
                json!({"email": "ann@sub.reseller.example", "email_verified": true}),
                Some(Denied::Domain),
            ),
            (&trusting, json!({"email": "ann@reseller.example"}), None),
            (
                &trusting,
                json!({"email": "ann@reseller.example", "email_verified": false}),
                Some(Denied::Unverified),
            ),
        ] {
            let mut with_subject = claims.clone();
            with_subject["sub"] = "1".into();
            assert_eq!(claimed(provider, with_subject).unwrap().email.err(), expected, "{claims}");
        }
    }

    #[test]
    fn the_highest_group_gives_the_role_and_no_group_none() {
        use serde_json::json;
        let known = provider("");
        for (groups, expected) in [
            (json!(["clerks", "chiefs", "others"]), Some(Role::Admin)),
            (json!(["watch", "clerks"]), Some(Role::Agent)),
            (json!("watch"), Some(Role::Auditor)),
            (json!(["Chiefs"]), None),
            (json!([]), None),
            (json!(null), None),
            (json!([["chiefs"]]), None),
            (json!({"chiefs": true}), None),
        ] {
            let said = claimed(&known, json!({"sub": "1", "groups": groups})).unwrap();
            assert_eq!(said.role, Some(expected), "{groups}");
        }
        let by_hand = IdentityProvider { roles: [].into(), ..known };
        assert_eq!(claimed(&by_hand, json!({"sub": "1", "groups": ["chiefs"]})).unwrap().role, None);
    }

    #[test]
    fn a_second_factor_is_what_the_configuration_calls_one() {
        use serde_json::json;
        let known = provider("second_factor_amr = [\"mfa\"]\nsecond_factor_acr = [\"gold\"]");
        for (claims, expected) in [
            (json!({"sub": "1", "amr": ["pwd", "mfa"]}), true),
            (json!({"sub": "1", "acr": "gold"}), true),
            (json!({"sub": "1", "amr": ["pwd"]}), false),
            (json!({"sub": "1", "amr": ["gold"], "acr": "mfa"}), false),
            (json!({"sub": "1"}), false),
        ] {
            assert_eq!(claimed(&known, claims.clone()).unwrap().second_factor, expected, "{claims}");
        }
        assert!(!claimed(&provider(""), json!({"sub": "1", "amr": ["mfa"]})).unwrap().second_factor);
    }

    #[test]
    fn without_a_subject_that_can_be_kept_there_is_nobody() {
        use serde_json::json;
        for subject in [json!(""), json!(" "), json!(7), json!(null), json!("x".repeat(256)), json!("a\0b")] {
            assert!(claimed(&provider(""), json!({"sub": subject})).is_err(), "{subject}");
        }
        let said =
            claimed(&provider(""), json!({"sub": "1", "name": " Ann\r\nBcc: \u{202e}x\u{7}", "sid": "s"}))
                .unwrap();
        assert_eq!((said.name.as_deref(), said.session.as_deref()), (Some("Ann  Bcc: x"), Some("s")));
    }
}

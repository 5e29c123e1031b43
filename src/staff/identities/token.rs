//! Whether a token is the provider's, for us and of now: ID tokens by the library, logout tokens, which it does not know, with its
//! keys.
//!
//! The attackers forge tokens: unsigned ones, signed with a public key as if it were a secret, by another issuer, for another
//! client, of yesterday, of another sign-in.

use data_encoding::BASE64URL_NOPAD;
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, IdTokenVerifier, IssuerUrl,
    JsonWebKey as _, Nonce, SignatureVerificationError,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Denied, SignInError};
use crate::clock::Timestamp;

/// Signatures with a key of which we know the public half alone: whoever reads our settings forges none.
const ALLOWED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// How far the clocks of both machines may differ.
const LEEWAY: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
/// A token that was issued longer ago was not issued for this sign-in.
const OLDEST: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);
/// The most a token may weigh.
const LARGEST: usize = 64 * 1024;

/// Whose tokens, for whom, with which keys.
#[derive(Clone, Copy)]
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub keys: &'a CoreJsonWebKeySet,
}

/// Why a token is not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenError {
    /// Other keys may help.
    #[error("no key of the provider's fits")]
    UnknownKey,
    #[error("{0}")]
    Refused(&'static str),
}

impl From<TokenError> for SignInError {
    fn from(error: TokenError) -> Self {
        Denied::Unproved.because(format!("the token is refused: {error}"))
    }
}

/// The claims of an ID token, and when it was issued.
pub(super) fn verify(
    expected: Expected<'_>,
    token: &CoreIdToken,
    access_token: &AccessToken,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<(Map<String, Value>, Timestamp), TokenError> {
    let issuer = IssuerUrl::new(expected.issuer.to_owned()).map_err(|_| TokenError::Refused("odd issuer"))?;
    let client = ClientId::new(expected.client_id.to_owned());
    let at = seconds(now.after(-LEEWAY))?;
    let verifier: CoreIdTokenVerifier<'_> =
        IdTokenVerifier::new_public_client(client.clone(), issuer, expected.keys.clone())
            .set_allowed_algs(ALLOWED)
            .set_time_fn(move || at)
            .set_issue_time_verifier_fn(move |issued_at| {
                is_of_now(issued_at.timestamp(), now).map_err(str::to_owned)
            });
    let claims = token.claims(&verifier, nonce).map_err(said)?;
    if claims.authorized_party().is_some_and(|party| *party != client) {
        return Err(TokenError::Refused("issued to another client"));
    }
    if let Some(hash) = claims.access_token_hash() {
        let (algorithm, key) = (token.signing_alg(), token.signing_key(&verifier));
        let (Ok(algorithm), Ok(key)) = (algorithm, key) else { return Err(TokenError::UnknownKey) };
        if AccessTokenHash::from_token(access_token, algorithm, key).ok().as_ref() != Some(hash) {
            return Err(TokenError::Refused("the access token is another's"));
        }
    }
    let issued_at = timestamp(claims.issue_time().timestamp())?;
    // The same bytes, read once more: the library keeps no claims that it does not know.
    let token = token.to_string();
    let payload = token.split('.').nth(1).and_then(decode).ok_or(TokenError::Refused("no claims"))?;
    Ok((serde_json::from_slice(&payload).map_err(|_| TokenError::Refused("no claims"))?, issued_at))
}

/// Without a word of the token.
fn said(error: ClaimsVerificationError) -> TokenError {
    use ClaimsVerificationError as E;
    TokenError::Refused(match error {
        E::SignatureVerification(SignatureVerificationError::NoMatchingKey) => return TokenError::UnknownKey,
        E::SignatureVerification(SignatureVerificationError::DisallowedAlg(_)) => {
            "its algorithm is not allowed"
        }
        E::SignatureVerification(SignatureVerificationError::NoSignature) => "it is not signed",
        E::SignatureVerification(SignatureVerificationError::AmbiguousKeyId(_)) => "several keys fit",
        E::SignatureVerification(_) => "its signature is wrong",
        E::Expired(_) => "it has expired",
        E::InvalidAudience(_) => "it is for somebody else",
        E::InvalidIssuer(_) => "it is another issuer's",
        E::InvalidNonce(_) => "it is of another sign-in",
        E::Other(_) => "it was not issued now",
        _ => "it is of another kind",
    })
}

fn is_of_now(issued_at: i64, now: Timestamp) -> Result<(), &'static str> {
    let issued_at = timestamp(issued_at).map_err(|_| "odd time")?;
    if issued_at > now.after(LEEWAY) {
        return Err("issued in the future");
    }
    if issued_at.after(OLDEST) < now {
        return Err("issued long ago");
    }
    Ok(())
}

fn timestamp(seconds: i64) -> Result<Timestamp, TokenError> {
    jiff::Timestamp::from_second(seconds).map(Into::into).map_err(|_| TokenError::Refused("odd time"))
}

fn seconds(at: Timestamp) -> Result<chrono::DateTime<chrono::Utc>, TokenError> {
    chrono::DateTime::from_timestamp(at.as_second(), 0).ok_or(TokenError::Refused("odd time"))
}

fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(part.as_bytes()).ok()
}

/// What a logout token ends (Back-Channel Logout 1.0 §2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ended {
    pub subject: Option<String>,
    pub session: Option<String>,
    /// Names the token, so that it counts once.
    pub id: String,
    pub issued_at: Timestamp,
    /// Until then it would be believed.
    pub believed_until: Timestamp,
}

const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

/// Reads a logout token as §2.6 says.
pub(super) fn verify_logout(
    expected: Expected<'_>,
    token: &str,
    now: Timestamp,
) -> Result<Ended, TokenError> {
    let refused = TokenError::Refused;
    if token.len() > LARGEST {
        return Err(refused("it is too large"));
    }
    let claims = verified_claims(expected, token)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err(refused("it is another issuer's"));
    }
    let is_ours = match claims.get("aud") {
        Some(Value::String(one)) => one == expected.client_id,
        Some(Value::Array(all)) => {
            !all.is_empty() && all.iter().all(|one| one.as_str() == Some(expected.client_id))
        }
        _ => false,
    };
    if !is_ours {
        return Err(refused("it is for somebody else"));
    }
    let issued_at =
        claims.get("iat").and_then(Value::as_i64).ok_or(refused("it does not say when it was issued"))?;
    is_of_now(issued_at, now).map_err(refused)?;
    let issued_at = timestamp(issued_at)?;
    // Older providers leave the end out; that of the age holds for all.
    if let Some(end) = claims.get("exp") {
        let end = end.as_i64().ok_or(refused("odd time"))?;
        if timestamp(end)?.after(LEEWAY) <= now {
            return Err(refused("it has expired"));
        }
    }
    // An ID token must not pass for a logout token, nor the other way round.
    let is_logout =
        claims.get("events").and_then(|events| events.get(LOGOUT_EVENT)).is_some_and(Value::is_object);
    if !is_logout || claims.contains_key("nonce") {
        return Err(refused("it is no logout token"));
    }
    let kept = |name| {
        text(name)
            .filter(|text| !text.is_empty() && text.len() <= 255 && !text.contains('\0'))
            .map(str::to_owned)
    };
    let (subject, session) = (kept("sub"), kept("sid"));
    if subject.is_none() && session.is_none() {
        return Err(refused("it names nobody"));
    }
    let id = kept("jti").ok_or(refused("it has no name of its own"))?;
    let believed_until = issued_at.after(OLDEST).after(LEEWAY);
    Ok(Ended { subject, session, id, issued_at, believed_until })
}

/// The claims, if one of the keys signed them.
fn verified_claims(expected: Expected<'_>, token: &str) -> Result<Map<String, Value>, TokenError> {
    let refused = TokenError::Refused;
    let parts: Vec<&str> = token.split('.').collect();
    let [head, payload, signature] = parts[..] else { return Err(refused("it is no signed token")) };
    let read = |part| decode(part).ok_or(refused("it can't be read"));
    let header: Header =
        serde_json::from_slice(&read(head)?).map_err(|_| refused("its algorithm is not allowed"))?;
    if !ALLOWED.contains(&header.alg) {
        return Err(refused("its algorithm is not allowed"));
    }
    let kind = header.typ.map(|kind| kind.to_ascii_lowercase());
    let kind = kind.as_deref().map(|kind| kind.strip_prefix("application/").unwrap_or(kind));
    if header.crit.is_some() || !matches!(kind, None | Some("jwt" | "logout+jwt")) {
        return Err(refused("it is of another kind"));
    }
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    let signature = read(signature)?;
    let mut fit = expected
        .keys
        .keys()
        .iter()
        .filter(|key| header.kid.is_none() || key.key_id().map(|kid| kid.as_str()) == header.kid.as_deref())
        .peekable();
    if fit.peek().is_none() {
        return Err(TokenError::UnknownKey);
    }
    // A key of another kind, for another algorithm or another use says so by itself.
    if !fit.any(|key| key.verify_signature(&header.alg, signed.as_bytes(), &signature).is_ok()) {
        return Err(refused("its signature is wrong"));
    }
    serde_json::from_slice(&read(payload)?).map_err(|_| refused("it can't be read"))
}

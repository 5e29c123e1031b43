//! The way to a provider and back: the authorization code flow with PKCE, a state and a nonce.
//!
//! What was begun is kept here and comes back once, in the browser that began it: a callback that somebody else prepared signs
//! nobody in. No connection to the database is held while a provider is spoken to.

use anyhow::Context as _;
use openidconnect::{
    AuthType, AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _,
    core::{CoreAuthPrompt, CoreClient, CoreClientAuthMethod, CoreResponseType},
};
use secrecy::ExposeSecret as _;

use super::{
    Denied, Provider, SignInError, accounts,
    claims::{self, Claimed},
    discovery::{Metadata, Want},
    peer::PeerError,
    token::{self, Expected, TokenError},
};
use crate::{
    app::App,
    case::actor::StaffId,
    casework::Casework,
    clock::Timestamp,
    staff::session::{self, FirstFactor, Opening, SecondFactor},
    token::Token,
};

/// How long somebody may take at the provider.
const TIME: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);
/// So much may the provider's clock be behind, where it says when it asked somebody.
const CLOCKS: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
/// What it is asked for otherwise: nothing anew, but the token says when they were last asked (OpenID Connect Core 1.0 §3.1.2.1).
const ANY_AGE: std::time::Duration = std::time::Duration::from_secs(365 * 24 * 60 * 60);

/// Where a sign-in leads, and how it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// A path of the desk.
    pub return_to: &'a str,
    /// The provider has to ask them now who they are, whomever it knows already.
    pub anew: bool,
}

/// What a browser brings back.
#[derive(Clone, Copy, Debug)]
pub struct Returned<'a> {
    pub state: &'a str,
    pub code: &'a str,
    pub error: &'a str,
    /// Who says so (RFC 9207); empty where nobody does.
    pub issuer: &'a str,
}

/// A session that was opened.
#[derive(Debug)]
pub struct SignedInThere {
    pub token: Token,
    pub staff: StaffId,
    /// A path of the desk.
    pub return_to: String,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Where the browser that holds `browser` goes to sign in.
pub async fn begin(
    app: &App,
    provider: &Provider,
    browser: &Token,
    wish: Wish<'_>,
) -> Result<String, SignInError> {
    let now = app.clock.now();
    let metadata = provider.metadata(Want::Any, now).await?;
    let client = client(app, provider, &metadata)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (state, nonce) = (Token::random(), Token::random());
    let (sent_state, sent_nonce) = (state.reveal().to_owned(), nonce.reveal().to_owned());
    let mut request = client
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            move || CsrfToken::new(sent_state),
            move || Nonce::new(sent_nonce),
        )
        .set_pkce_challenge(challenge)
        .set_max_age(if wish.anew { std::time::Duration::ZERO } else { ANY_AGE });
    if wish.anew {
        request = request.add_prompt(CoreAuthPrompt::Login);
    }
    for scope in &provider.settings.scopes {
        request = request.add_scope(Scope::new(scope.clone()));
    }
    for class in &provider.settings.second_factor_acr {
        request = request.add_auth_context_value(AuthenticationContextClass::new(class.clone()));
    }
    let (url, ..) = request.url();
    sqlx::query!(
        "with over as (delete from provider_sign_ins where expires_at <= $7)
         insert into provider_sign_ins (state_hash, browser_hash, provider, nonce, verifier, return_to, expires_at, asked_anew_at)
         values ($1, $2, $3, $4, $5, left($6, 2000), $8, case when $9 then $7::timestamptz end)",
        &state.hash(),
        &browser.hash(),
        provider.settings.name,
        nonce.reveal(),
        verifier.secret(),
        wish.return_to,
        now as Timestamp,
        now.after(TIME) as Timestamp,
        wish.anew,
    )
    .execute(&app.pool)
    .await
    .context("could not keep that a sign-in was begun")?;
    Ok(url.into())
}

/// Opens a session for whoever comes back, if all is as it must be.
pub async fn finish(
    casework: &Casework,
    provider: &Provider,
    browser: Option<&Token>,
    returned: Returned<'_>,
    user_agent: &str,
) -> Result<SignedInThere, SignInError> {
    let app = &casework.app;
    let now = app.clock.now();
    let begun = take(app, provider, browser, returned.state, now).await?;
    let metadata = provider.metadata(Want::Any, now).await?;
    let announced =
        metadata.additional_metadata().authorization_response_iss_parameter_supported == Some(true);
    let is_named = returned.issuer == provider.settings.issuer;
    if !is_named && (announced || !returned.issuer.is_empty()) {
        return Err(Denied::Unproved.because("what came back does not name this provider"));
    }
    if !returned.error.is_empty() {
        let word: String = returned.error.chars().filter(char::is_ascii_graphic).take(60).collect();
        let there = matches!(
            word.as_str(),
            "server_error" | "temporarily_unavailable" | "invalid_request" | "invalid_client"
        );
        let denied = if there { Denied::Away } else { Denied::Declined };
        return Err(denied.because(format!("it says {word}")));
    }
    let claimed = ask(app, provider, &metadata, &begun, returned.code, now).await?;
    if provider.settings.require_second_factor && !claimed.second_factor {
        return Err(Denied::SecondFactor.because("no second factor was shown there"));
    }
    // Many leave out what they do not support; then nothing says that whoever sits there was asked.
    if let Some(since) = begun.asked_anew_at
        && claimed.authenticated_at.is_none_or(|at| at.after(CLOCKS) < since)
    {
        return Err(Denied::NotAnew.because("it was asked to have them sign in anew, and did not"));
    }
    let admitted = accounts::admit(casework, provider, &claimed, now).await?;
    let second_factor = claimed.second_factor.then_some(SecondFactor::Provider);
    let opening = Opening { with: FirstFactor::Provider, second_factor, user_agent };
    let token = session::open(app, admitted.staff, &opening, now).await?;
    bind_session(app, provider, &token, admitted.identity, &claimed, now).await?;
    Ok(SignedInThere { token, staff: admitted.staff, return_to: begun.return_to })
}

struct Begun {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    return_to: String,
    /// Where the provider had to ask anew: since when.
    asked_anew_at: Option<Timestamp>,
}

/// What was begun under this state in this browser; it is gone afterwards, whatever comes of it.
async fn take(
    app: &App,
    provider: &Provider,
    browser: Option<&Token>,
    state: &str,
    now: Timestamp,
) -> Result<Begun, SignInError> {
    let stale = |reason| Denied::Stale.because(reason);
    let browser = browser.ok_or_else(|| stale("this browser began nothing"))?;
    let state = Token::parse(state).ok_or_else(|| stale("no state of ours"))?;
    let row = sqlx::query!(
        r#"delete from provider_sign_ins where state_hash = $1 and browser_hash = $2 and expires_at > $3
         returning provider, nonce, verifier, return_to, asked_anew_at as "asked_anew_at: Timestamp""#,
        &state.hash(),
        &browser.hash(),
        now as Timestamp,
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not find what was begun")?
    .ok_or_else(|| stale("begun in another browser, too long ago, or finished already"))?;
    if row.provider != provider.settings.name {
        return Err(stale("begun with another provider"));
    }
    Ok(Begun {
        nonce: Nonce::new(row.nonce),
        verifier: PkceCodeVerifier::new(row.verifier),
        return_to: row.return_to,
        asked_anew_at: row.asked_anew_at,
    })
}

fn client(app: &App, provider: &Provider, metadata: &Metadata) -> anyhow::Result<Client> {
    let id = ClientId::new(provider.settings.client_id.clone());
    let secret = ClientSecret::new(provider.peer.secret.expose_secret().to_owned());
    let back = app.link(&format!("/desk/sign-in/with/{}/callback", provider.settings.name));
    // Basic where it is taken, as RFC 6749 §2.3.1 wants it.
    let ways = metadata.token_endpoint_auth_methods_supported();
    let takes = |way| ways.is_none_or(|ways| ways.contains(&way));
    let in_body =
        !takes(CoreClientAuthMethod::ClientSecretBasic) && takes(CoreClientAuthMethod::ClientSecretPost);
    Ok(CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret))
        .set_auth_type(if in_body { AuthType::RequestBody } else { AuthType::BasicAuth })
        .set_redirect_uri(RedirectUrl::new(back).context("http.public_url is no address")?))
}

/// Exchanges the code, and reads what the provider says.
async fn ask(
    app: &App,
    provider: &Provider,
    metadata: &Metadata,
    begun: &Begun,
    code: &str,
    now: Timestamp,
) -> Result<Claimed, SignInError> {
    if code.is_empty() {
        return Err(Denied::Unproved.because("no code came back"));
    }
    let client = client(app, provider, metadata)?;
    let send = |request: HttpRequest| async move { provider.peer.call(request).await };
    let answer = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .context("the provider announces no address for tokens")?
        .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.secret().clone()))
        .request_async(&send)
        .await
        .map_err(told)?;
    let id_token = answer.id_token().ok_or_else(|| Denied::Unproved.because("it sent no ID token"))?;
    let verify = |metadata: &Metadata| {
        let expected = Expected {
            issuer: &provider.settings.issuer,
            client_id: &provider.settings.client_id,
            keys: metadata.jwks(),
        };
        token::verify(expected, id_token, answer.access_token(), &begun.nonce, now)
    };
    let verified = match verify(metadata) {
        Err(TokenError::UnknownKey) => verify(&*provider.metadata(Want::OtherKeys, now).await?),
        verified => verified,
    };
    let (claims, issued_at) = verified?;
    claims::read(&provider.settings, &claims, issued_at)
}

/// Without what the provider wrote: it may repeat the code.
fn told<E: openidconnect::ErrorResponse>(error: RequestTokenError<PeerError, E>) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(_) => Denied::Unproved.because("it does not take the code"),
        RequestTokenError::Request(error) => Denied::Away.because(error.to_string()),
        RequestTokenError::Parse(error, _) => {
            Denied::Away.because(format!("its answer can't be read at {}", error.path()))
        }
        RequestTokenError::Other(_) => Denied::Away.because("its answer can't be used"),
    }
}

/// Bounds the session, and keeps what ends it from there.
async fn bind_session(
    app: &App,
    provider: &Provider,
    token: &Token,
    identity: uuid::Uuid,
    claimed: &Claimed,
    now: Timestamp,
) -> anyhow::Result<()> {
    let end = now.after(jiff::SignedDuration::from_mins(provider.settings.session_minutes.into()));
    let bound = sqlx::query!(
        "with bounded as (
             update sessions set expires_at = least(expires_at, $2), authenticated_at = $6,
                 second_factor_at = case when second_factor is not null then coalesce($6, created_at - interval '1 year') end
             where token_hash = $1 returning id
         )
         insert into provider_sessions (session_id, identity_id, provider_session)
         select b.id, i.id, $4 from bounded b join identities i on i.id = $3 and coalesce(i.signed_out_at <= $5, true)",
        &token.hash(),
        end as Timestamp,
        identity,
        claimed.session,
        claimed.issued_at as Timestamp,
        // Never later than now: a clock that is ahead there makes nothing fresh here.
        claimed.authenticated_at.map(|at| at.min(now)) as Option<Timestamp>,
    )
    .execute(&app.pool)
    .await
    .context("could not bind a session to its identity")?;
    // Unbound, or signed out there, while the session was opened.
    if bound.rows_affected() == 0 {
        session::end(&app.pool, token).await?;
        anyhow::bail!("the identity was ended while somebody signed in");
    }
    Ok(())
}

//! Passkeys (WebAuthn), by `webauthn-rs`: made for our address alone, so no page that looks like ours gets anything out of one.
//!
//! Always discoverable, so nobody types who they are; always with a finger, a face or a PIN, so one is both factors. A counter
//! that goes back means that there may be a copy: the passkey counts no more and its owner is told.

use anyhow::Context as _;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::{
    MOST,
    ceremonies::{self, Purpose},
    news::{News, tell},
    recovery_codes,
    totp::after_removal,
};
use crate::{
    administration::trail::{Change, Doer},
    app::App,
    case::{actor::StaffId, second_factor::SecondFactor},
    casework::Casework,
    clock::Timestamp,
    config::Settings,
    staff::session::{self, SignedIn},
    token::Token,
};

/// Why a passkey was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Nothing was asked, or too long ago, or in another browser.
    Over,
    /// It is nobody's, or of somebody else than asked.
    Unknown,
    /// What was signed is not what was asked.
    Wrong,
    /// Its counter went back.
    Copied,
    /// There are enough, or it is there already.
    TooMany,
}

impl NotTaken {
    /// The message key of the sentence that explains it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Over => "second-factor-passkey-over",
            Self::Unknown => "second-factor-passkey-unknown",
            Self::Wrong => "second-factor-passkey-wrong",
            Self::Copied => "second-factor-passkey-copied",
            Self::TooMany => "second-factor-too-many",
        }
    }
}

/// Whom passkeys are made for: `http.public_url`. `None` where that is a bare IP address, for which no browser makes any.
pub fn relying_party(settings: &Settings) -> Option<Webauthn> {
    let origin = Url::parse(&settings.http.public_url).ok()?;
    let host = origin.domain()?;
    WebauthnBuilder::new(host, &origin).ok()?.rp_name("Handover").build().ok()
}

fn demand_party(settings: &Settings) -> anyhow::Result<Webauthn> {
    relying_party(settings).context("http.public_url is an address that passkeys can't be made for")
}

/// What the browser is to be asked to make a passkey, as JSON for its script, and the token of the ceremony.
pub async fn begin_enrolment(app: &App, staff: &SignedIn, now: Timestamp) -> anyhow::Result<(Value, Token)> {
    let known = sqlx::query_scalar!("select credential_id from passkeys where staff_id = $1", staff.id.0)
        .fetch_all(&app.pool)
        .await
        .context("could not look up passkeys")?;
    let email = sqlx::query_scalar!("select email from staff where id = $1", staff.id.0)
        .fetch_one(&app.pool)
        .await
        .context("could not look up a member of staff")?;
    let (challenge, state) = demand_party(&app.settings)?.start_passkey_registration(
        staff.id.0,
        &email,
        &staff.name,
        Some(known),
    )?;
    let token = ceremonies::begin(&app.pool, Purpose::Enrolment(staff.session), &state, now).await?;
    let mut options = serde_json::to_value(challenge)?;
    // The library leaves that to chance; without it nobody could sign in by it without saying who they are.
    if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
        selection["residentKey"] = json!("required");
        selection["requireResidentKey"] = json!(true);
    }
    Ok((options, token))
}

/// Keeps the passkey that the browser made. All other sessions end. The first recovery codes, where there are none.
pub async fn finish_enrolment(
    casework: &Casework,
    staff: &SignedIn,
    token: &Token,
    (name, made): (&str, &str),
    now: Timestamp,
) -> anyhow::Result<Result<Vec<String>, NotTaken>> {
    let app = &casework.app;
    let purpose = Purpose::Enrolment(staff.session);
    let Some(state) = ceremonies::take::<PasskeyRegistration>(&app.pool, token, purpose, now).await? else {
        return Ok(Err(NotTaken::Over));
    };
    let Ok(made) = serde_json::from_str::<RegisterPublicKeyCredential>(made) else {
        return Ok(Err(NotTaken::Wrong));
    };
    let passkey = match demand_party(&app.settings)?.finish_passkey_registration(&made, &state) {
        Ok(passkey) => passkey,
        Err(error) => {
            tracing::warn!(staff = %staff.id, %error, "a passkey was not taken");
            return Ok(Err(NotTaken::Wrong));
        }
    };
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    // The session may have ended while the request came in: whoever was signed out by then adds no way in.
    let stands = sqlx::query_scalar!(
        "select id from sessions where id = $1 and staff_id = $2 for update",
        staff.session,
        staff.id.0
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look whether a session stands")?;
    if stands.is_none() {
        return Ok(Err(NotTaken::Over));
    }
    let kept = sqlx::query!(
        "insert into passkeys (id, staff_id, name, credential_id, credential, created_at) select $1, $2, $3, $4, $5, $6
         where (select count(*) from passkeys where staff_id = $2) < $7 on conflict (credential_id) do nothing",
        Uuid::now_v7(),
        staff.id.0,
        name,
        passkey.cred_id().as_ref() as &[u8],
        serde_json::to_value(&passkey)?,
        now as Timestamp,
        MOST,
    )
    .execute(&mut *transaction)
    .await
    .context("could not keep a passkey")?;
    if kept.rows_affected() != 1 {
        return Ok(Err(NotTaken::TooMany));
    }
    session::end_others(&mut transaction, staff.id, Some(staff.session)).await?;
    let codes = recovery_codes::make_first(&mut transaction, app, staff.id, now).await?;
    let change = Change::SecondFactorAdded { staff: staff.id.0, factor: SecondFactor::Passkey };
    let news = News::PasskeyAdded { device: name };
    let doer = Doer::Staff(staff.id);
    tell(casework, &mut transaction, staff.id, &news, Some((doer, &change)), now).await?;
    transaction.commit().await.context("could not commit a passkey")?;
    Ok(Ok(codes))
}

/// What the browser is to be asked to sign.
pub async fn begin(app: &App, purpose: Purpose, now: Timestamp) -> anyhow::Result<(Value, Token)> {
    let (challenge, state) = demand_party(&app.settings)?.start_discoverable_authentication()?;
    let token = ceremonies::begin(&app.pool, purpose, &state, now).await?;
    let mut options = serde_json::to_value(challenge)?;
    // Somebody pressed a button: the browser asks at once.
    if let Some(options) = options.as_object_mut() {
        options.remove("mediation");
    }
    Ok((options, token))
}

/// Takes what was signed: whose passkey it is. In a session it must be that of `expected`.
pub async fn finish(
    casework: &Casework,
    token: &Token,
    (purpose, expected): (Purpose, Option<StaffId>),
    signed: &str,
    now: Timestamp,
) -> anyhow::Result<Result<StaffId, NotTaken>> {
    let app = &casework.app;
    let state = ceremonies::take::<DiscoverableAuthentication>(&app.pool, token, purpose, now).await?;
    let Some(state) = state else { return Ok(Err(NotTaken::Over)) };
    let Ok(signed) = serde_json::from_str::<PublicKeyCredential>(signed) else {
        return Ok(Err(NotTaken::Wrong));
    };
    let party = demand_party(&app.settings)?;
    let Ok((owner, credential_id)) = party.identify_discoverable_authentication(&signed) else {
        return Ok(Err(NotTaken::Wrong));
    };
    if expected.is_some_and(|expected| expected.0 != owner) {
        return Ok(Err(NotTaken::Unknown));
    }
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    // Locked, so that of two with the same counter one is refused.
    let row = sqlx::query!(
        "select p.id, p.name, p.credential from passkeys p join staff s on s.id = p.staff_id
         where p.credential_id = $1 and p.staff_id = $2 and p.refused_at is null and s.disabled_at is null
         for update of p",
        credential_id,
        owner,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look up a passkey")?;
    let Some(row) = row else { return Ok(Err(NotTaken::Unknown)) };
    let mut passkey: Passkey = serde_json::from_value(row.credential).context("a passkey can't be read")?;
    let key = DiscoverableKey::from(&passkey);
    match party.finish_discoverable_authentication_v2(&signed, state, &key) {
        Ok(result) => {
            passkey.update_credential(&result);
            store_use(&mut transaction, row.id, &passkey, now).await?;
            transaction.commit().await.context("could not commit the use of a passkey")?;
            Ok(Ok(StaffId(owner)))
        }
        Err(WebauthnError::CredentialPossibleCompromise) => {
            refuse(casework, &mut transaction, (row.id, StaffId(owner), &row.name), now).await?;
            transaction.commit().await.context("could not commit that a passkey is refused")?;
            Ok(Err(NotTaken::Copied))
        }
        Err(error) => {
            tracing::warn!(staff = %owner, %error, "a passkey was not taken");
            Ok(Err(NotTaken::Wrong))
        }
    }
}

async fn store_use(
    connection: &mut PgConnection,
    id: Uuid,
    passkey: &Passkey,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update passkeys set credential = $2, last_used_at = $3 where id = $1",
        id,
        serde_json::to_value(passkey)?,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not keep the use of a passkey")?;
    Ok(())
}

/// There may be a copy of it. Sessions end, too: one of them may be the copy's.
async fn refuse(
    casework: &Casework,
    connection: &mut PgConnection,
    (id, owner, name): (Uuid, StaffId, &str),
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query!("update passkeys set refused_at = $2 where id = $1", id, now as Timestamp)
        .execute(&mut *connection)
        .await
        .context("could not refuse a passkey")?;
    session::end_others(connection, owner, None).await?;
    let change = Change::PasskeyRefused { staff: owner.0 };
    let news = News::PasskeyRefused { device: name };
    tell(casework, connection, owner, &news, Some((Doer::Program, &change)), now).await
}

/// Takes one away, also one that was refused. `false` where there is none of this person.
pub async fn remove(
    casework: &Casework,
    staff: &SignedIn,
    passkey: Uuid,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let removed = sqlx::query_scalar!(
        "delete from passkeys where id = $1 and staff_id = $2 returning name",
        passkey,
        staff.id.0
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not remove a passkey")?;
    let Some(name) = removed else { return Ok(false) };
    after_removal(&mut transaction, staff).await?;
    let change = Change::SecondFactorRemoved { staff: staff.id.0, factor: SecondFactor::Passkey };
    let news = News::PasskeyRemoved { device: &name };
    let doer = Doer::Staff(staff.id);
    tell(casework, &mut transaction, staff.id, &news, Some((doer, &change)), now).await?;
    transaction.commit().await.context("could not commit that a passkey is removed")?;
    Ok(true)
}

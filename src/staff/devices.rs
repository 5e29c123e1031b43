//! Browsers that somebody has signed in with: a signed cookie, for one account.
//!
//! It opens nothing. Whoever brings it is counted by itself when they mistype ([`super::attempts`]), so that guessing at an
//! account from elsewhere does not slow its owner. Who steals it gets as many guesses as anybody.

use actix_web::{HttpRequest, cookie::Cookie, cookie::time};
use data_encoding::BASE32_NOPAD;

use crate::{app::App, clock::Timestamp, web::cookies};

/// Whoever signs in once in half a year stays known.
const LASTS: jiff::SignedDuration = jiff::SignedDuration::from_hours(180 * 24);

/// The name of the browser, where the request brings one that is signed for `account`, as typed. Looks nothing up, so it tells
/// nobody whether there is such an account.
pub fn known<'a>(request: &'a HttpRequest, app: &App, account: &str, now: Timestamp) -> Option<&'a str> {
    let value = cookies::read(request.headers(), cookies::device_name(&app.settings))?;
    let (signed, signature) = value.rsplit_once('.')?;
    let (device, since) = signed.split_once('.')?;
    let since: i64 = since.parse().ok()?;
    let lasts = now.as_second().checked_sub(since).is_some_and(|age| (0..LASTS.as_secs()).contains(&age));
    (lasts && app.sign_in_signer.verify(&text(account, device, since), signature)).then_some(device)
}

/// The cookie that makes this browser known for `account`, under the name that it has or a fresh one.
pub fn remember(request: &HttpRequest, app: &App, account: &str, now: Timestamp) -> Cookie<'static> {
    let device = known(request, app, account, now)
        .map_or_else(|| BASE32_NOPAD.encode(&rand::random::<[u8; 10]>()).to_lowercase(), str::to_owned);
    let since = now.as_second();
    let value = format!("{device}.{since}.{}", app.sign_in_signer.sign(&text(account, &device, since)));
    let name = cookies::device_name(&app.settings);
    cookies::cookie(&app.settings, name, value, time::Duration::seconds(LASTS.as_secs()))
}

fn text(account: &str, device: &str, since: i64) -> String {
    format!("known device\n{}\n{device}\n{since}", account.trim().to_lowercase())
}

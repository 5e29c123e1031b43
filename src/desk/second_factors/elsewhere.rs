//! Whoever came by an identity provider is asked there once more who they are, where they know no password of ours: before they set
//! up their first second factor, and where one that they showed there is too old.
//!
//! The attacker sits at a machine that was left open, whose provider knows the browser: what is asked for is that it asks anew
//! (`staff::identities`, `Wish::anew`), and what it says of when it did counts for minutes.

use actix_web::{HttpRequest, web};
use serde::Serialize;

use crate::{
    app::App,
    desk::entrance,
    staff::{
        identities::{self, Providers},
        session::SignedIn,
    },
    web::WebError,
};

/// Where to sign in anew.
#[derive(Clone, Debug, Serialize)]
pub struct Elsewhere {
    pub label: String,
    pub link: String,
}

/// The provider that this session came by, if it is one still; with the way there and back to `back`.
pub async fn find(
    app: &App,
    request: &HttpRequest,
    staff: &SignedIn,
    back: &str,
) -> Result<Option<Elsewhere>, WebError> {
    let Some(name) = identities::provider_of(&app.pool, staff.session).await? else { return Ok(None) };
    let providers = request.app_data::<web::Data<Providers>>();
    let provider = providers.and_then(|providers| providers.find(&name));
    Ok(provider.map(|provider| Elsewhere {
        label: provider.settings.label.clone(),
        link: entrance::anew_at(&name, back),
    }))
}

//! Where one signs in, what is offered there, and where it leads. Signs nobody in: `sign_in` and `identities` do.

use serde::Serialize;

use crate::{
    app::App,
    staff::identities::{Provider, Providers},
    web::language::own_path,
};

/// Where to sign in.
pub const PATH: &str = "/desk/sign-in";
const FIRST_PAGE: &str = "/desk/cases";

/// What the page for signing in offers besides a password.
#[derive(Debug, Default, Serialize)]
pub struct Ways {
    providers: Vec<Way>,
    /// Where to sign out, for somebody who just did so here: the name, and the address.
    left: Option<Way>,
}

#[derive(Debug, Serialize)]
struct Way {
    label: String,
    link: String,
}

impl Ways {
    pub(super) fn of(app: &App, providers: &Providers, return_to: &str, left: &str) -> Self {
        let query = serde_html_form::to_string([("return_to", return_to)]).unwrap_or_default();
        let way = |provider: &Provider| Way {
            label: provider.settings.label.clone(),
            link: format!("{}/with/{}?{query}", PATH, provider.settings.name),
        };
        let left = providers.find(left).and_then(|provider| {
            let link = provider.sign_out_link(&app.link(PATH))?;
            Some(Way { label: provider.settings.label.clone(), link })
        });
        Self { providers: providers.iter().map(way).collect(), left }
    }
}

/// The parameter that has a provider ask anew.
pub(super) const ANEW: &str = "anew";

/// The address where somebody is asked at the provider once more who they are, whomever it knows already.
pub(super) fn anew_at(provider: &str, return_to: &str) -> String {
    let query = serde_html_form::to_string([(ANEW, "true"), ("return_to", return_to)]).unwrap_or_default();
    format!("{PATH}/with/{provider}?{query}")
}

/// Only pages of the desk are gone on to; anything else leads to the queue.
pub(super) fn desk_path(path: &str) -> &str {
    own_path(path).filter(|path| path.starts_with("/desk/")).unwrap_or(FIRST_PAGE)
}

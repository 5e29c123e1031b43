//! Asks for a fresh second factor before what matters: approving, one's own factors and password, the accounts of others.
//!
//! The page that asks holds what was typed and sends it to where it was going, with the code: nothing has to be typed twice, and
//! the step itself looks again whether the factor is fresh. The attacker sits at a machine that was left open.

use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode, web};
use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};

use super::{
    FRESH, PATH,
    cookies::{ceremony_name, strengthened, token_in},
    elsewhere::{self, Elsewhere},
};
use crate::{
    administration::trail::Doer,
    case::second_factor::fresh_for,
    casework::Casework,
    lang::Arguments,
    staff::{
        members,
        second_factors::{
            ceremonies::Purpose,
            passkeys::{self, relying_party},
            show::{Verdict, knows_password, show},
        },
        session::{SecondFactor, SignedIn},
    },
    web::{Fields, Reader, WebError, error::FieldError, limit::whole_seconds},
};

/// The fields that this page adds to a form.
const CODE: &str = "second_factor_code";
const CREDENTIAL: &str = "passkey_credential";
const PASSWORD: &str = "current_password";

/// A form that changes what matters: all that its handler needs, and who is asked before it does anything.
pub struct Asking {
    pub reader: Reader,
    pub casework: web::Data<Casework>,
    pub request: HttpRequest,
    pub staff: SignedIn,
    pub fields: Fields,
}

impl FromRequest for Asking {
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parts =
            <(Reader, web::Data<Casework>, HttpRequest, SignedIn, Fields)>::from_request(request, payload);
        Box::pin(async move {
            let (reader, casework, request, staff, fields) = parts.await?;
            Ok(Self { reader, casework, request, staff, fields })
        })
    }
}

/// `desk/second_factors/step_up.html`
#[derive(Debug, Serialize)]
struct StepUpView {
    /// The address of the form, and what was sent to it.
    path: String,
    fields: Vec<(String, String)>,
    back: String,
    /// `code` of a second factor, `password`, or to sign in anew at a `provider`.
    asks: &'static str,
    /// As `asks`, or `before` where nothing that was typed is kept.
    says: &'static str,
    elsewhere: Option<Elsewhere>,
    passkeys: bool,
    /// Where the script gets what a passkey is to sign.
    challenge: String,
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
}

/// What the page asks for.
enum Asks {
    Code,
    /// A code, and what the form held is not kept.
    Before,
    Password,
    /// To sign in anew there.
    Provider(Elsewhere),
}

enum Taken {
    Nothing,
    Factor(SecondFactor),
    Password,
    Wrong(&'static str),
    TooMany(Duration),
}

impl Asking {
    /// Who does it, for the trail of administration.
    pub fn doer(&self) -> Doer {
        Doer::Staff(self.staff.id)
    }

    /// As [`Self::demand`], of who has a second factor; whoever has none and may do without goes on.
    pub async fn demand_where_there_is_one(&self, back: &str) -> Result<Option<HttpResponse>, WebError> {
        let staff = &self.staff;
        if staff.has_second_factor {
            return self.demand(back).await;
        }
        // What a provider asked for long ago is asked for again there.
        if staff.second_factor.is_some()
            && !staff.is_fresh(&self.casework.app.settings, self.casework.app.clock.now())
        {
            if let Some(elsewhere) = self.find_elsewhere(back).await? {
                return self.ask(back, Asks::Provider(elsewhere), None).map(Some);
            }
            let key = "refusal-second-factor-not-fresh".to_owned();
            return Err(WebError::Refused { key, about_rights: true });
        }
        Ok(None)
    }

    /// As [`Self::demand_where_there_is_one`], for a form that holds what must stand on no page, as passwords do: the factor comes
    /// first, and the form is filled in after that.
    pub async fn demand_before(&self, back: &str) -> Result<Option<HttpResponse>, WebError> {
        let app = &self.casework.app;
        if !self.staff.has_second_factor || self.staff.is_fresh(&app.settings, app.clock.now()) {
            return Ok(None);
        }
        self.ask(back, Asks::Before, None).map(Some)
    }

    /// A fresh second factor; of who has none, the password. The page that asks, where it is not there: the handler answers with it.
    /// `back` is where somebody goes who would rather not.
    pub async fn demand(&self, back: &str) -> Result<Option<HttpResponse>, WebError> {
        let (app, staff) = (&self.casework.app, &self.staff);
        let now = app.clock.now();
        if staff.is_fresh(&app.settings, now) {
            return Ok(None);
        }
        let has_just_come = staff.opened_at.after(fresh_for(&app.settings)) > now;
        match self.take().await? {
            Taken::Factor(factor) => {
                strengthened(app, &self.request, factor).await?;
                Ok(None)
            }
            Taken::Password => Ok(None),
            // An identity provider has asked them just now, and they may know no password of ours.
            Taken::Nothing
                if !staff.has_second_factor && has_just_come && self.signed_in_elsewhere().await? =>
            {
                Ok(None)
            }
            Taken::Nothing => {
                let asks = self.what_to_ask(back).await?;
                self.ask(back, asks, None).map(Some)
            }
            Taken::Wrong(key) => self.ask(back, self.usual(), Some((key, None))).map(Some),
            Taken::TooMany(wait) => {
                self.ask(back, self.usual(), Some(("second-factor-too-often", Some(wait)))).map(Some)
            }
        }
    }

    fn usual(&self) -> Asks {
        if self.staff.has_second_factor { Asks::Code } else { Asks::Password }
    }

    /// Whoever knows no password of ours is asked where they came from.
    async fn what_to_ask(&self, back: &str) -> Result<Asks, WebError> {
        if self.staff.has_second_factor || self.has_password().await? {
            return Ok(self.usual());
        }
        Ok(self.find_elsewhere(back).await?.map_or(Asks::Password, Asks::Provider))
    }

    async fn has_password(&self) -> Result<bool, WebError> {
        let mut connection = self.casework.app.pool.acquire().await?;
        Ok(members::find_own(&mut connection, self.staff.id).await?.has_password)
    }

    async fn find_elsewhere(&self, back: &str) -> Result<Option<Elsewhere>, WebError> {
        elsewhere::find(&self.casework.app, &self.request, &self.staff, back).await
    }

    async fn take(&self) -> Result<Taken, WebError> {
        let (app, staff, fields) = (&self.casework.app, &self.staff, &self.fields);
        let now = app.clock.now();
        if let Some(signed) = fields.find(CREDENTIAL) {
            let Some(token) = token_in(&self.request, ceremony_name(&app.settings)) else {
                return Ok(Taken::Wrong("second-factor-passkey-over"));
            };
            let asked = (Purpose::StepUp(staff.session), Some(staff.id));
            return Ok(match passkeys::finish(&self.casework, &token, asked, signed, now).await? {
                Ok(_) => Taken::Factor(SecondFactor::Passkey),
                Err(why) => Taken::Wrong(why.key()),
            });
        }
        if staff.has_second_factor {
            let Some(code) = fields.find(CODE) else { return Ok(Taken::Nothing) };
            return Ok(match show(&self.casework, staff.id, code, now).await? {
                Verdict::Right(factor) => Taken::Factor(factor),
                Verdict::Wrong => Taken::Wrong("second-factor-wrong"),
                Verdict::TooMany(wait) => Taken::TooMany(wait),
            });
        }
        let Some(password) = fields.0.get(PASSWORD).filter(|typed| !typed.is_empty()) else {
            return Ok(Taken::Nothing);
        };
        Ok(match knows_password(&self.casework, staff.id, password, now).await? {
            Ok(true) => Taken::Password,
            Ok(false) => Taken::Wrong("second-factor-password-wrong"),
            Err(wait) => Taken::TooMany(wait),
        })
    }

    async fn signed_in_elsewhere(&self) -> Result<bool, WebError> {
        let app = &self.casework.app;
        let since = app.clock.now().after(-fresh_for(&app.settings));
        Ok(crate::staff::session::began_elsewhere(&app.pool, self.staff.session, since).await?)
    }

    /// The page that asks, with all of the form.
    fn ask(
        &self,
        back: &str,
        asks: Asks,
        mistake: Option<(&'static str, Option<Duration>)>,
    ) -> Result<HttpResponse, WebError> {
        let (reader, staff) = (&self.reader, &self.staff);
        let wait = mistake.and_then(|(_, wait)| wait);
        if let (true, Some(retry_after)) = (reader.wants_json, wait) {
            return Err(WebError::TooMany { retry_after });
        }
        if reader.wants_json {
            let asked = match asks {
                Asks::Code | Asks::Before => "refusal-second-factor-not-fresh",
                Asks::Password => "step-up-title-password",
                Asks::Provider(_) => "step-up-title-provider",
            };
            let key = mistake.map_or(asked, |(key, _)| key).to_owned();
            return Err(WebError::Refused { key, about_rights: true });
        }
        let field = if staff.has_second_factor { CODE } else { PASSWORD };
        let message = mistake.map(|(key, wait)| {
            let minutes = wait.map_or(0, |wait| whole_seconds(wait).div_ceil(60));
            let arguments: Arguments<'_> = [("minutes".into(), minutes.into())].into();
            reader.language.text_with(key, &arguments)
        });
        let own = [CODE, CREDENTIAL, PASSWORD];
        let says = match asks {
            Asks::Code => "code",
            Asks::Before => "before",
            Asks::Password => "password",
            Asks::Provider(_) => "provider",
        };
        let (path, fields) = match asks {
            Asks::Before => (FRESH.to_owned(), vec![("return_to".to_owned(), back.to_owned())]),
            _ => {
                let kept = self.fields.0.iter().filter(|(name, _)| !own.contains(&name.as_str()));
                let fields = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
                (self.request.path().to_owned(), fields)
            }
        };
        let view = StepUpView {
            path,
            fields,
            back: back.to_owned(),
            asks: match says {
                "before" => "code",
                other => other,
            },
            says,
            elsewhere: if let Asks::Provider(elsewhere) = asks { Some(elsewhere) } else { None },
            passkeys: staff.has_second_factor && relying_party(&reader.app.settings).is_some(),
            challenge: format!("{PATH}/challenge"),
            values: BTreeMap::new(),
            errors: message.iter().map(|message| (field, message.clone())).collect(),
            error_list: message
                .into_iter()
                .map(|message| FieldError { field: field.to_owned(), message })
                .collect(),
        };
        let status = match mistake {
            None => StatusCode::FORBIDDEN,
            Some((_, None)) => StatusCode::UNPROCESSABLE_ENTITY,
            Some((_, Some(_))) => StatusCode::TOO_MANY_REQUESTS,
        };
        reader.clone().at(back).page(status, "desk/second_factors/step_up.html", &view)
    }
}

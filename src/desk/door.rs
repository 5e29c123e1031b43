//! The way to `casework` for whoever sent a request: for people the one that everybody has, for a program one that writes down by
//! which token it was done. What page and program share takes this, so that it can't forget by whom.

use std::{future::ready, ops::Deref};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, web};
use uuid::Uuid;

use crate::{
    administration::trail::Doer,
    case::actor::StaffId,
    casework::{Casework, Via},
    staff::tokens::ByToken,
    web::WebError,
};

#[derive(Clone, Debug)]
pub struct Door {
    casework: web::Data<Casework>,
    /// A program sent it, with this token.
    pub by_token: Option<ByToken>,
}

impl Door {
    /// Who of the staff, and by what, as the trail of administration names them.
    pub fn doer(&self, staff: StaffId) -> Doer {
        match &self.by_token {
            Some(by) => Doer::ByToken(staff, by.id),
            None => Doer::Staff(staff),
        }
    }

    pub fn token(&self) -> Option<Uuid> {
        self.by_token.as_ref().map(|by| by.id)
    }

    /// The request that is answered once, where its sender asked for that. What is made under this id is made once.
    pub fn request(&self) -> Option<Uuid> {
        self.by_token.as_ref().and_then(|by| by.request)
    }
}

impl Deref for Door {
    type Target = web::Data<Casework>;

    fn deref(&self) -> &Self::Target {
        &self.casework
    }
}

impl FromRequest for Door {
    type Error = WebError;
    type Future = std::future::Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let missing = || anyhow::anyhow!("the web application was put together without casework").into();
        let by_token = request.extensions().get::<ByToken>().cloned();
        let casework = request.app_data::<web::Data<Casework>>().cloned();
        ready(casework.ok_or_else(missing).map(|casework| {
            let casework = match &by_token {
                Some(by) => web::Data::new(casework.by_token(Via { token: by.id, request: by.request })),
                None => casework,
            };
            Self { casework, by_token }
        }))
    }
}

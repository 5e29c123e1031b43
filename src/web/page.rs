//! Answers that work: pages in the frame, redirects with a sentence for the next page, JSON for scripts.

use actix_web::{
    HttpResponse,
    cookie::time,
    http::{StatusCode, header},
};
use serde::Serialize;

use super::{cookies, error::WebError, reader::Reader};

/// How long a notice may wait for the page that shows it.
const NOTICE_AGE: time::Duration = time::Duration::minutes(1);

impl Reader {
    /// The page `template` filled with `view`, in the frame and in the reader's language.
    pub fn page(
        &self,
        status: StatusCode,
        template: &str,
        view: &impl Serialize,
    ) -> Result<HttpResponse, WebError> {
        let html = self.app.views.render_in(template, self.language, &self.frame, view)?;
        let mut answer = HttpResponse::build(status);
        answer.content_type("text/html; charset=utf-8");
        answer.insert_header((header::CONTENT_LANGUAGE, self.language.as_str()));
        answer.append_header((header::VARY, "Accept-Language, Cookie"));
        if self.language_named {
            answer.cookie(cookies::language(&self.app.settings, self.language));
        }
        if self.frame.notice.is_some() {
            answer.cookie(cookies::removal(&self.app.settings, cookies::NOTICE));
        }
        Ok(answer.body(html))
    }

    /// The page with status 200.
    pub fn ok(&self, template: &str, view: &impl Serialize) -> Result<HttpResponse, WebError> {
        self.page(StatusCode::OK, template, view)
    }

    /// Goes on to `location` (a path of this site), where the sentence `notice` (`notice-…`) is shown once.
    pub fn see_other(&self, location: &str, notice: &'static str) -> HttpResponse {
        let cookie = cookies::cookie(&self.app.settings, cookies::NOTICE, notice.to_owned(), NOTICE_AGE);
        HttpResponse::SeeOther().insert_header((header::LOCATION, location)).cookie(cookie).finish()
    }
}

/// Goes on to `location`, a path of this site.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

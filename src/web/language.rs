//! `POST /language`: remembers the language somebody chose.

use actix_web::{HttpResponse, cookie::time};

use super::{Fields, Reader, WebError, cookies, see_other};
use crate::lang::Language;

/// Fields: `language` (`de` | `en`), `return_to` (a path of this site).
pub async fn choose(reader: Reader, fields: Fields) -> Result<HttpResponse, WebError> {
    let language = Language::parse(fields.get("language")).ok_or(WebError::NotAForm)?;
    let mut answer = see_other(own_path(fields.get("return_to")).unwrap_or("/"));
    let value = language.as_str().to_owned();
    let cookie = cookies::cookie(&reader.app.settings, cookies::LANGUAGE, value, time::Duration::days(365));
    answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// The path, if it leads to a page of this site: browsers take `//host` and `/\host` for other sites.
pub fn own_path(path: &str) -> Option<&str> {
    let stays = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    stays.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        assert_eq!(own_path("/desk/cases?state=verifying"), Some("/desk/cases?state=verifying"));
        for elsewhere in
            ["", "https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil", "desk"]
        {
            assert_eq!(own_path(elsewhere), None, "{elsewhere:?}");
        }
    }
}
